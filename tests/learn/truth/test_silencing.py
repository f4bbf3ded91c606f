"""learn/truth/silencing and ranking: CRISPRi pairs become edits, and rankings are scored against what was measured."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from helpers.toys import toy_dataset
from sklearn.metrics import average_precision_score

import chromolab as cl
from chromolab.learn.truth.ranking import precision
from chromolab.learn.truth.silencing import BENCHMARK

HEAD = ["chrom", "start", "end", "gene_id", "tss", "effect", "regulated", "distance", "h3k27ac", "dhs"]


def pairs_of(ds, places):
    """Tested pairs {gene: [(start, end), ...]} of a toy dataset."""
    tss = ds.genes.set_index("gene_id")["tss"]
    rows = [("chr1", a, b, g, tss[g], -0.2, True, abs(a - tss[g]), 1.0, 1.0) for g, at in places.items() for a, b in at]
    return pd.DataFrame(rows, columns=HEAD)


def writable(tmp_path, rows, head=HEAD):
    path = tmp_path / "pairs.tsv"
    path.write_text("\n".join("\t".join(map(str, row)) for row in [head, *rows]) + "\n")
    return path


def test_both_forms_of_the_table_are_read_alike(tmp_path):
    row = ["chr1", 10, 20, "G1", 500, -0.3, "TRUE", -485, 2.5, "NA"]
    ours = cl.truth.read_crispri(writable(tmp_path, [row]))
    assert ours.loc[0, ["start", "distance", "regulated"]].tolist() == [10, 485, True] and np.isnan(ours["dhs"][0])
    names = {ours: theirs for theirs, ours in BENCHMARK.items()}
    theirs = [*(names.get(c, c) for c in HEAD), "ValidConnection"]
    again = cl.truth.read_crispri(writable(tmp_path, [[*row, "TRUE"], [*row, "FALSE"]], theirs))
    pd.testing.assert_frame_equal(again[HEAD], ours[HEAD])


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("start", "x", "line 2: 'x'; expected a number"),
        ("effect", "NA", "line 2: .*expected a effect"),
        ("regulated", "maybe", "line 2: 'maybe'; expected TRUE or FALSE"),
        ("end", "5", "line 2: '5'; expected start < end"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(tmp_path, column, value, expected):
    row = dict(zip(HEAD, ["chr1", 10, 20, "G1", 500, -0.3, "TRUE", 485, 2.5, 1], strict=True)) | {column: value}
    with pytest.raises(cl.ChromolabError, match=expected):
        cl.truth.read_crispri(writable(tmp_path, [row.values()]))


def test_a_table_of_something_else_is_refused(tmp_path):
    with pytest.raises(cl.ChromolabError, match="no column regulated, effect"):
        cl.truth.read_crispri(writable(tmp_path, [], [c for c in HEAD if c not in ("effect", "regulated")]))
    with pytest.raises(cl.ChromolabError, match="no pairs under the header"):
        cl.truth.read_crispri(writable(tmp_path, []))


def toy_model(ds, seed):
    return cl.Chromoformer(ds.marks, "regression", (500, 100), seed=seed, width=8, embed_hidden=8, pairwise_hidden=8)


def test_models_that_answer_saw_neither_the_gene_nor_its_fold(monkeypatch):
    ds, seen = toy_dataset(0, marks=("H3K27ac", "X")), []

    def kept(model, train, validation, seed, **training):
        seen.append((set(train.genes["gene_id"]), set(validation.genes["gene_id"]), set(train.genes["fold"])))

    monkeypatch.setattr("chromolab.learn.truth.silencing.fit", kept)
    pairs = pairs_of(ds, {"G1": [(0, 10)], "G2": [(0, 10)], "G9": [(0, 10)]})
    models = cl.truth.held_out(ds, pairs, lambda seed: toy_model(ds, seed), seeds=[0, 1])
    assert {f: len(m) for f, m in models.items()} == {2: 2, 3: 2}  # the folds of G1 and G9, and of G2
    for train, validation, _ in seen:
        assert not {"G1", "G2", "G9"} & (train | validation)
    assert [2 in folds for *_, folds in seen] == [False, False, True, True]
    with pytest.raises(cl.ChromolabError, match="none of the 1 tested genes"):
        cl.truth.held_out(ds, pairs.assign(gene_id="Z"), lambda seed: toy_model(ds, seed))


def test_an_answer_is_the_change_that_the_edit_makes():
    """Window, pCRE and unseen elements; fold by fold; equal to edits by hand."""
    ds = toy_dataset(0, marks=("H3K27ac", "X"), k=3)
    far = ds.gene("G1").pcres()
    tss = int(ds.genes["tss"][1])
    places = {
        "G1": [(tss + 300, tss + 400), (int(far["start"][0]), int(far["start"][0]) + 50), (77_000_000, 77_000_100)]
    }
    places["G4"] = [(int(ds.genes["tss"][4]) - 200, int(ds.genes["tss"][4]))]
    pairs, models = pairs_of(ds, places), [toy_model(ds, 0), toy_model(ds, 1)]
    by_fold = {2: models[:1], 1: models}
    found = cl.truth.crispri(by_fold, ds, pairs, flank=100, progress=False)
    assert found["seen"].tolist() == ["window", "pCRE", "not seen", "window"]
    assert found["change"][2] == found["gradient"][2] == found["attention"][2] == 0 != found["change"][0]
    for i, row in found.iterrows():
        if row["seen"] == "not seen":
            continue
        gene = ds.gene(row["gene_id"])
        after = cl.edit(gene, [cl.erase("H3K27ac", f"chr1:{row['start'] - 100}-{row['end'] + 100}")])
        change = [
            (cl.predict(m, after, progress=False) - cl.predict(m, gene, progress=False))[0, 0]
            for m in by_fold[row["fold"]]
        ]
        assert row["change"] == pytest.approx(np.mean(change), abs=1e-5)
        slope = cl.explain.gradient_input(by_fold[row["fold"]][0], gene)
        near = slope["position"].between(row["start"] - 100, row["end"] + 99)
        near &= slope["mark"] == "H3K27ac"
        if i < 3:
            assert row["gradient"] == pytest.approx(slope["score"][near].sum(), abs=1e-5)
    with pytest.raises(cl.ChromolabError, match="no model for the genes of fold 1"):
        cl.truth.crispri({2: models}, ds, pairs, progress=False)
    with pytest.raises(cl.ChromolabError, match="none of H3K27ac.* is in this dataset"):
        cl.truth.crispri(models, ds.with_marks(["X"]), pairs, progress=False)
    two = replace(ds, genes=ds.genes.assign(cell_type=["a", "b"] * (len(ds) // 2)))
    with pytest.raises(cl.ChromolabError, match="one cell type, found a, b"):
        cl.truth.crispri(models, two, pairs, progress=False)


def test_precision_is_that_of_scikit_learn_also_with_ties():
    rng = np.random.default_rng(0)
    for levels in (1, 3, 1000):
        truth, score = rng.random(200) < 0.1, rng.integers(0, levels, 200).astype(float)
        truth[0] = True
        assert precision(truth, score)[0] == pytest.approx(average_precision_score(truth, score))
    assert precision(np.array([True, False, True, False]), np.array([4.0, 3.0, 2.0, 1.0]))[1] == 1.0
    assert precision(np.array([False, True, True, False]), np.array([4.0, 3.0, 2.0, 1.0]))[1] == 0.5


def test_scores_by_place_with_intervals_over_genes():
    rng = np.random.default_rng(1)
    n = 300
    pairs = pd.DataFrame({"gene_id": rng.integers(0, 40, n).astype(str), "distance": rng.uniform(1e3, 1e5, n)})
    pairs["regulated"] = rng.random(n) < 2e3 / pairs["distance"]
    pairs = pairs.assign(effect=np.where(pairs["regulated"], -0.3, 0.0), h3k27ac=rng.random(n), dhs=np.nan)
    table = cl.truth.score_crispri(pairs, cl.truth.cues(pairs), draws=50).set_index(["where", "ranking"])
    every = table.loc["all", "distance"]
    assert (
        every["pairs"] == n
        and every["difference"] == every["difference_low"] == 0
        and every["low"] < every["average_precision"]
    )
    assert table.loc[("inside 20 kb", "distance"), "pairs"] + table.loc[("outside 20 kb", "distance"), "pairs"] == n
    assert table.loc[("all", "H3K27ac"), "difference_high"] < 0 < every["r_effect"]
    exact = average_precision_score(pairs["regulated"], pairs["h3k27ac"])
    assert table.loc[("all", "H3K27ac"), "average_precision"] == pytest.approx(exact)
    with pytest.raises(cl.ChromolabError, match="expected a finite number for each of the 300 pairs"):
        cl.truth.score_crispri(pairs, {"distance": [1.0]})
    with pytest.raises(cl.ChromolabError, match="0 of 300 pairs are regulated"):
        cl.truth.score_crispri(pairs.assign(regulated=False), cl.truth.cues(pairs))
    with pytest.raises(cl.ChromolabError, match="against='x'"):
        cl.truth.score_crispri(pairs, cl.truth.cues(pairs), against="x")


def test_simulated_pairs_hold_the_answers_of_the_key(world):
    cell = world.cell_types[0]
    pairs = cl.truth.simulated_crispri(world, cell, genes=20)
    assert pairs["gene_id"].nunique() <= 20 and (pairs["distance"] <= 500_000).all() and (pairs["h3k27ac"] >= 0).all()
    causes = world.key.effects[world.key.effects["cell_type"] == cell].set_index(["gene_id", "element_id"])["effect"]
    strong = pairs[pairs["regulated"]]
    truth = causes.reindex(pd.MultiIndex.from_frame(strong[["gene_id", "element_id"]])).to_numpy()
    np.testing.assert_allclose(strong["effect"], 2**truth - 1)
    assert len(strong) and (strong["effect"] <= -0.1).all()
    with pytest.raises(cl.ChromolabError, match="no expressed gene"):
        cl.truth.simulated_crispri(world, "nowhere")


@pytest.mark.real
def test_the_real_key_ranks_as_it_was_measured(real):
    pairs = cl.truth.read_crispri(real / "crispri" / "K562.chr11.hg18.tsv")
    assert (len(pairs), pairs["regulated"].sum(), pairs["gene_id"].nunique()) == (1401, 66, 178)
    table = cl.truth.score_crispri(pairs, cl.truth.cues(pairs), places=["all"], draws=20).set_index("ranking")
    ap = table["average_precision"]
    assert ap["distance"] == pytest.approx(0.448, abs=0.002) and ap["H3K27ac / distance"] == pytest.approx(
        0.422, abs=0.002
    )
    every = cl.truth.read_crispri(next((real / "crispri").glob("EPCrispr*.tsv.gz")))
    assert len(every) > 9_000 and every["regulated"].sum() > 400
