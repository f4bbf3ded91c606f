"""learn/explain/change: what carried an edit's change, against slow sums; the scores sum to the change."""

import copy

import numpy as np
import pytest
from helpers.toys import SMALL, Squares, toy_dataset

import chromolab as cl
from chromolab.learn.explain.change import path, path_scores
from chromolab.learn.metrics import log_odds_or_expression

MARKS = ("A", "B", "C")


def place(gene, region, begin, end):
    """Part of a region, counted from its start, as "chrom:start-end"."""
    r = gene.signal.regions.iloc[region]
    return f"{r['chrom']}:{r['start'] + begin}-{min(r['start'] + end, r['end'])}"


def slowly(before, after, model):
    """Bin by bin: weight x (square after - square before), divided by how many reads' bases came or went; in loops."""
    scores = np.zeros(after.signal.depth.shape)
    regions = [after.promoter[0], *after.pcre[0][after.pcre[0] >= 0]]
    for region, weight_of_region in zip(regions, [1.0, *after.frequency[0]], strict=False):
        first, last = after.signal.offsets[region : region + 2]
        bases = after.signal.bases()[first:last]
        for m, weight in zip(model.marks, model.weight.tolist(), strict=True):
            column = after.marks.index(m)
            old, new = (d.signal.depth[first:last, column] * bases for d in (before, after))
            for number, r in enumerate(model.resolutions, 1):
                for begin in range(0, last - first, r // 100):
                    bins = [b for b in range(begin, min(begin + r // 100, last - first)) if not np.isnan(new[b])]
                    if not bins:
                        continue
                    x, y = (np.log1p(sum(d[b] for b in bins) / sum(bases[b] for b in bins)) for d in (old, new))
                    moved = sum(abs(new[b] - old[b]) for b in bins)
                    for b in bins:
                        if moved:
                            share = abs(new[b] - old[b]) / moved
                            scores[first + b, column] += number * weight_of_region * weight * (y**2 - x**2) * share
    return scores


@pytest.mark.parametrize("task", ["regression", "classification"])
@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("gene", ["G1", "G2", "G3"])
def test_scores_along_a_path_are_what_a_slow_sum_gives(task, missing, gene):
    """The integral of 2 w x along the path is w (after^2 - before^2): written down, no gradient and no path."""
    model, before = Squares(("C", "A"), (400, 100), task), toy_dataset(missing=missing).gene(gene)
    window, *pcres = [before.promoter[0], *before.pcre[0][before.pcre[0] >= 0]]
    edits = [cl.scale("A", place(before, window, 300, 1_500), 3.0), cl.erase("C", place(before, window, 900, 1_000))]
    edits += [cl.scale("C", place(before, region, 0, 700), 0.2) for region in pcres]
    edits += [cl.erase("B", place(before, window, 0, 4_000))]  # the model does not read it
    after = cl.edit(before, edits)
    got, expected = path_scores(model, before, after, 2, "cpu"), slowly(before, after, model)
    np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-9)
    assert (got != 0).any(0).tolist() == [True, False, True]
    change = np.subtract(*(log_odds_or_expression(cl.predict(model, d, device="cpu"))[0] for d in (after, before)))
    assert got.sum() == pytest.approx(change, rel=1e-6)


def test_a_path_sums_to_the_change_and_only_changed_bins_have_scores():
    gene, model = toy_dataset().gene("G1"), cl.Chromoformer(MARKS, "regression", seed=0, **SMALL).double()
    region = gene.signal.regions.iloc[gene.promoter[0]]
    edited = cl.edit(gene, [cl.erase("A", f"chr1:{region['start'] + 300}-{region['start'] + 2900}")])
    table = path(model, gene, edited, steps=200, device="cpu")
    change = cl.predict(model, edited, device="cpu")[0, 0] - cl.predict(model, gene, device="cpu")[0, 0]
    assert table["score"].sum() == pytest.approx(change, rel=2e-3)
    assert table["mark"].unique().tolist() == ["A"]
    assert table["position"].between(region["start"] + 300, region["start"] + 2800).all()


def test_a_path_needs_one_gene_and_the_same_contacts():
    ds = toy_dataset()
    gene, model = ds.gene("G1"), cl.Chromoformer(MARKS, "regression", seed=0, **SMALL)
    with pytest.raises(cl.ChromolabError, match="different contacts"):
        path_scores(model, gene, gene.without_contacts())
    with pytest.raises(cl.ChromolabError, match="got 24 and 24 examples"):
        path_scores(model, ds, ds)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_what_carried_a_change_sums_to_it(task):
    gene = toy_dataset().gene("G1")
    models = [copy.deepcopy(cl.Chromoformer(MARKS, task, seed=s, **SMALL)).double() for s in (0, 1)]
    window, cut = place(gene, gene.promoter[0], 0, 4_000), place(gene, gene.pcre[0, 0], 0, 4_000)
    edits = [cl.erase("A", window), cl.drop_pcre(cut)]
    table = cl.explain.carried(models, gene, edits, steps=100)
    before, after = (
        np.mean([log_odds_or_expression(cl.predict(m, d, device="cpu"))[0] for m in models])
        for d in (gene, cl.edit(gene, edits))
    )
    assert table["score"].sum() == pytest.approx(after - before, rel=0.03)
    contact = table[table["mark"] == ""]
    assert contact["region"].tolist() == [cut] and contact["score"].item() != 0
    assert set(table["mark"]) == {"", "A"}  # nothing was done to the others
    assert set(cl.explain.by_region(table)["region"]) == {window, cut}
    assert cl.explain.carried(models, gene, []).empty


def test_an_added_element_has_a_share_for_its_contact_and_for_each_of_its_marks():
    """Its data come from paint alone: first an empty element is touched, then its marks rise from nothing."""
    ds = toy_dataset(2)
    gene, at = ds.gene("G2"), "chr1:60000000-60002000"
    model = cl.Chromoformer(ds.marks, "regression", seed=3, resolutions=(500, 100), **SMALL)
    added = cl.add_pcre(at, 3.0)
    edits = [added, *(cl.set_depth(m, at, d) for m, d in zip(ds.marks, (6.0, 0.0, 2.0), strict=True))]
    empty = [added, *(cl.set_depth(m, at, 0.0) for m in ds.marks)]
    levels = [
        log_odds_or_expression(cl.predict(model, d))[0] for d in (gene, cl.edit(gene, empty), cl.edit(gene, edits))
    ]
    rows = cl.explain.carried(model, gene, edits, steps=32)
    here = rows[rows["region"] == at].groupby("mark")["score"].sum()
    assert here[""] == pytest.approx(levels[1] - levels[0], abs=1e-5)
    assert here["A"] + here["C"] == pytest.approx(levels[2] - levels[1], abs=1e-4) and here["A"] != 0 != here["C"]
    assert rows["score"].sum() == pytest.approx(levels[2] - levels[0], abs=1e-4) and "B" not in here
