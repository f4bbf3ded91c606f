"""learn/truth/sampling: edits drawn at random, and their truth."""

import numpy as np
import pytest

import chromolab as cl
from chromolab.learn.truth.sampling import KINDS, PARTLY


@pytest.fixture(scope="module")
def drawn(strong_world, ds):
    return cl.truth.sample_edits(strong_world, ds, 45, seed=3)


def test_as_many_of_each_kind_and_the_same_for_the_same_seed(strong_world, ds, drawn):
    assert drawn["kind"].value_counts(sort=False).to_dict() == {k: 4 + (i < 1) for i, k in enumerate(KINDS)}
    assert list(drawn) == ["kind", "gene_id", "cell_type", "what", "edits", "effect", "true", "rule"]
    assert np.isfinite(drawn[["effect", "true"]]).all(axis=None)
    assert drawn.equals(cl.truth.sample_edits(strong_world, ds, 45, seed=3))
    assert not drawn["what"].equals(cl.truth.sample_edits(strong_world, ds, 45, seed=4)["what"])


def test_truth_is_that_of_the_edits_and_the_edits_can_be_made(strong_world, causes, ds, drawn):
    for row in drawn.itertuples():
        gene = ds.gene(row.gene_id, row.cell_type)
        assert len(cl.edit(gene, row.edits)) == 1
        if row.kind == "CTCF site lost":
            (place,), (cell,) = causes.places(gene.genes)
            effect, change = (values[place, cell] for values in causes.changes(causes.unbound(row.what)))
            assert [row.effect, row.true] == pytest.approx([effect, change], abs=1e-9)
        else:
            true = cl.truth.true_effects(causes, gene, row.edits)
            assert [row.effect, row.true] == [true.effect, true.change]


def test_kinds_are_what_they_say(strong_world, drawn):
    of = dict(iter(drawn.groupby("kind")))
    assert (of["enhancer erased"]["effect"] <= -0.09).all() and (of["enhancer erased"]["rule"] == -1).all()
    assert (of["silencer erased"]["effect"] >= 0.09).all() and (of["silencer erased"]["rule"] == 1).all()
    assert (of["enhancer painted up"]["effect"] >= 0).all() and (of["enhancer painted up"]["rule"] == 1).all()
    assert (of["decoy erased"]["true"].abs() < 0.15).all()
    assert (of["H3K36me3 erased"]["true"] == 0).all()
    partly = of["enhancer partly erased"]
    assert all(PARTLY[0] <= e.factor <= PARTLY[1] for edits in partly["edits"] for e in edits)
    assert (partly["effect"] < 0).all() and (of["enhancer partly erased"]["rule"] == -1).all()
    assert of["frequency changed"]["rule"].isin([-1, 1]).all()
    for row in of["CTCF site lost"].itertuples():
        assert row.what.startswith("A") and row.rule in (-1, 1) and len(row.edits)
    cut = strong_world.key.pcres.assign(
        what=lambda t: t["chrom"] + ":" + t["start"].astype(str) + "-" + t["end"].astype(str)
    )
    cut = of["contact cut"].merge(cut, on=["gene_id", "cell_type", "what"])
    told = cut["kind_y"].map({"enhancer": -1, "silencer": 1}).fillna(0)
    assert len(cut) == 4 and (cut["rule"] == told).all()
    np.testing.assert_allclose(cut["true"], cut["change"], atol=1e-4)


def test_frequencies_after_a_lost_anchor_are_those_of_the_world_without_it(strong_world, causes, ds, drawn):
    for row in drawn[drawn["kind"] == "CTCF site lost"].itertuples():
        gene = ds.gene(row.gene_id, row.cell_type)
        lost, cell = causes.unbound(row.what), strong_world.cell_types.index(row.cell_type)
        links, elements = causes.folding.links, causes.genome.elements
        ratio = lost.regulation.contact[:, cell] / causes.regulation.contact[:, cell]
        (number,) = causes.places(gene.genes)[0]
        for e in row.edits:
            was = gene.pcres(0).set_index("start")["frequency"][e.start]
            inside = (elements["chrom"] == e.chrom) & elements["position"].between(e.start, e.end - 1)
            link = np.flatnonzero((links["gene"] == number) & links["element"].isin(elements.index[inside]))
            assert e.frequency / was == pytest.approx(ratio[link][0], rel=1e-3) if len(link) else e.frequency > 0


def test_too_few_candidates_are_said_and_none_is_an_error(strong_world, world, ds):
    with pytest.warns(UserWarning, match="fewer candidates than asked for: .* for 'silencer erased'"):
        some = cl.truth.sample_edits(strong_world, ds, 1_100)
    assert (some["kind"] == "contact cut").sum() == 100 > (some["kind"] == "silencer erased").sum() > 0
    one = ds.gene(*ds.genes.iloc[0][["gene_id", "cell_type"]])
    with pytest.raises(cl.ChromolabError, match="no candidate for"):
        cl.truth.sample_edits(strong_world, one, 100)
