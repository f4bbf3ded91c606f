"""learn/compare/pcres: each way's pCREs are those that it ranks first, and the runs differ in nothing else."""

import numpy as np
import pandas as pd
import pytest
from helpers.toys import SMALL
from helpers.training import few_epochs

import chromolab as cl
from chromolab.learn.compare.pcres import compare_pcres, foretold_contacts, pcre_datasets, shares


@pytest.fixture(scope="module")
def made(tiny_world):
    return tiny_world.dataset(progress=False)


@pytest.fixture(scope="module")
def table(tiny_world, made):
    counts = tiny_world.capture_counts(tiny_world.cell_types[0])[["chrom2", "start2", "end2"]]
    fragments = counts.set_axis(["chrom", "start", "end"], axis=1).drop_duplicates(ignore_index=True)
    return cl.data.candidates(
        made.genes, fragments, tiny_world.tracks, contacts=tiny_world.contacts, farthest=200_000, progress=False
    )


@pytest.fixture(scope="module")
def contact(table):
    return np.random.default_rng(0).uniform(0.5, 2, len(table))


@pytest.fixture(scope="module")
def datasets(tiny_world, made, table, contact):
    ways = ["none", "activity x distance", "sequence", "measured x activity", "measured"]
    return pcre_datasets(made, table, tiny_world.tracks, contact, ways=ways, k=3, progress=False)


def test_each_way_has_the_candidates_that_it_ranks_first(made, table, contact, datasets):
    ranked = cl.data.rankings(table, contact)
    known = {"activity x distance": cl.data.contact_at(table["distance"]), "sequence": contact}
    known["measured x activity"] = table["measured"]
    for way, frequency in known.items():
        of = table.assign(score=ranked[way], frequency=np.asarray(frequency))
        for i in (0, 11, len(made) - 1):
            gene = made.genes.iloc[i]
            own = of[(of["gene_id"] == gene["gene_id"]) & (of["cell_type"] == gene["cell_type"])]
            first = own.nlargest(3, "score")
            found = datasets[way].pcres(i)
            assert set(found["start"]) == set(first["start"])
            assert found["frequency"].to_list() == pytest.approx(sorted(first["frequency"], reverse=True))
    assert datasets["measured"] is made and datasets["none"].n_pcres == 0


@few_epochs
def test_runs_and_what_each_way_brings(tiny_world, datasets):
    told = {name: datasets[name] for name in ("none", "sequence", "measured")}
    told["measured, motifs"] = cl.data.with_motifs(told["measured"], tiny_world.fasta, tiny_world.motifs)
    folds = told["none"].folds[:2]
    arguments = dict(folds=folds, seeds=[0], epochs=1, options=SMALL | {"resolutions": (2000,)})
    runs = pd.DataFrame(compare_pcres(told, **arguments))
    assert runs["model"].tolist() == np.repeat(list(told), 2).tolist() and runs["r2"].notna().all()
    parameters = runs.groupby("model")["parameters"].first()
    assert parameters["none"] == parameters["measured"] < parameters["measured, motifs"]
    again = pd.DataFrame(compare_pcres(told, done=runs.iloc[:-1], **arguments))
    assert again["model"].tolist() == ["measured, motifs"]
    assert again["r2"].iloc[0] == runs["r2"].iloc[-1]


def test_contacts_are_foretold_by_a_head_that_has_not_seen_the_chromosome(strong_world):
    genes, cell = strong_world.genes(), strong_world.cell_types[0]
    counts = strong_world.capture_counts(cell)
    fragments = counts[["chrom2", "start2", "end2"]].set_axis(["chrom", "start", "end"], axis=1)
    table = cl.data.candidates(
        genes[genes["cell_type"] == cell], fragments.drop_duplicates(), strong_world.tracks, progress=False
    )
    motif = {m.name: m for m in cl.data.read_motifs(strong_world.motifs).values()}["CTCF"]
    given = strong_world.fasta, motif, strong_world.folds
    told = foretold_contacts(table, genes, counts, *given, steps=20)
    held = list(strong_world.folds[1])
    rows = table["chrom"].isin(held).to_numpy()
    assert (told > 0).all() and told[rows].std() > 0
    scrambled = counts.assign(count=counts["count"].where(~counts["chrom1"].isin(held), 7))
    again = foretold_contacts(table, genes, scrambled, *given, steps=20)
    np.testing.assert_array_equal(again[rows], told[rows])
    assert (again[~rows] != told[~rows]).any()
    with pytest.raises(cl.ChromolabError, match="lies in no fold"):
        foretold_contacts(table, genes, counts, strong_world.fasta, motif, {1: held})


def test_shares_are_parts_of_what_measured_contacts_bring():
    rng = np.random.default_rng(0)
    rows = [
        {"model": name, "fold": fold, "seed": seed, "r2": 0.5 + 0.01 * fold + gain + 0.001 * rng.standard_normal()}
        for name, gain in (("none", 0), ("sequence", 0.05), ("measured", 0.1))
        for fold in (1, 2, 3, 4)
        for seed in (0, 1)
    ]
    runs = pd.DataFrame(rows)
    found = shares(runs).set_index("name")
    assert found.loc["sequence", "share"] == pytest.approx(0.5, abs=0.02) and found.loc["measured", "share"] == 1
    assert found.loc["sequence", "low"] < found.loc["sequence", "value"] < found.loc["sequence", "high"]
    noise = runs.assign(r2=rng.standard_normal(len(runs)))
    assert shares(noise)["share"].isna().all()
    with pytest.raises(cl.ChromolabError, match="no runs of 'measured'; there are none, sequence"):
        shares(runs[runs["model"] != "measured"])


def test_what_cannot_be_compared_is_said(tiny_world, made, table, datasets):
    with pytest.raises(cl.ChromolabError, match="no way 'sequence' to find pCREs; there are none, measured, distance"):
        pcre_datasets(made, table, tiny_world.tracks, ways=["sequence"])
    with pytest.raises(cl.ChromolabError, match="fewer: other genes or folds than none has"):
        next(compare_pcres({"none": datasets["none"], "fewer": made.select([0, 1])}))
