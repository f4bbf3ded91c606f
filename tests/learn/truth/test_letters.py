"""learn/truth/letters: breaking, flipping and inserting motifs, against the causes that the key is made of."""

import numpy as np
import pandas as pd
import pytest

import chromolab as cl
from chromolab.errors import ChromolabError
from chromolab.world.folding import ANCHOR_REACH


def region(site) -> str:
    return f"{site['chrom']}:{site['start']}-{site['end']}"


@pytest.fixture(scope="module")
def ctcf(strong_world, causes):
    """CTCF sites of anchors that are bound somewhere, with the row of their element: 16 on each strand."""
    elements = causes.genome.elements
    sites = strong_world.sites[strong_world.sites["owner"].isin(elements["element_id"])]
    sites = sites[sites["factor"] == "CTCF"].assign(
        row=lambda d: pd.Index(elements["element_id"]).get_indexer(d["owner"])
    )
    bound = sites[causes.bound[sites["row"]].any(1)]
    return pd.concat([bound[bound["strand"] == s].head(16) for s in (1, -1)]).to_dict("records")


def rates(table):
    return table.set_index(["gene_id", "element_id", "cell_type"])


def test_there_are_sites_on_both_strands(ctcf):
    assert len(ctcf) >= 30 and {s["strand"] for s in ctcf} == {1, -1}


def test_a_broken_ctcf_site_is_an_anchor_lost(strong_world, causes, ctcf):
    for site in ctcf:
        effect = cl.truth.motif_effects(strong_world, [cl.edits.motif("break", region(site))], causes)
        lost = causes.unbound(site["owner"])
        (motif,) = effect.motifs.to_dict("records")
        assert (motif["element_id"], motif["before"], motif["after"]) == (site["owner"], site["match"], 0)
        links = causes.folding.links["pair"]
        moved = np.abs(lost.folding.rate[links] - causes.folding.rate[links]) > 1e-9
        assert len(effect.contacts) == moved.sum() > 0
        np.testing.assert_allclose(effect.contacts["after"], lost.folding.rate[links][moved])
        expected = causes.changes(lost)[1]
        row, cell = causes.places(effect.genes)
        np.testing.assert_allclose(effect.genes["change"], expected[row, cell], atol=1e-9)
        assert np.abs(expected).sum() == pytest.approx(np.abs(effect.genes["change"]).sum(), abs=1e-6)
        assert not effect.silent


def test_a_flipped_ctcf_site_opens_loops_on_one_side_and_makes_them_on_the_other(strong_world, causes, ctcf):
    """Insulation stays. An anchor that faced right loses contacts to its right and wins some to its left."""
    fragments = causes.genome.fragments
    centre = ((fragments["start"] + fragments["end"]) // 2).to_numpy()
    pairs = causes.folding.pairs
    left, right = (centre[side] for side in (pairs.min(axis=1), pairs.max(axis=1)))
    links, genes = causes.folding.links, pd.Index(causes.genome.genes["gene_id"])
    key = pd.MultiIndex.from_arrays([links["gene"], links["element"]])
    names = pd.Index(causes.genome.elements["element_id"])
    lost = won = 0
    for site in ctcf:
        effect = cl.truth.motif_effects(strong_world, [cl.edits.motif("flip", region(site))], causes)
        (motif,) = effect.motifs.to_dict("records")
        assert (motif["strand_before"], motif["strand_after"]) == (site["strand"], -site["strand"])
        assert motif["before"] == motif["after"] == site["match"]
        table, at = effect.contacts, causes.genome.elements["position"].iloc[site["row"]]
        link = key.get_indexer(
            pd.MultiIndex.from_arrays([genes.get_indexer(table["gene_id"]), names.get_indexer(table["element_id"])])
        )
        pair = links["pair"].to_numpy()[link]
        starts, ends = (np.abs(side[pair] - at) <= ANCHOR_REACH for side in (left, right))
        assert (starts | ends).all()
        change = (table["after"] - table["before"]).to_numpy()
        had, gets = (starts, ends) if site["strand"] == 1 else (ends, starts)
        assert (change[had & ~gets] < 0).all() and (change[gets & ~had] > 0).all()
        lost, won = lost + (change[had & ~gets] < 0).sum(), won + (change[gets & ~had] > 0).sum()
        weaker = rates(table)["after"] < rates(table)["before"]
        for (gene, cell), fell in weaker.groupby(["gene_id", "cell_type"]):
            kinds = set(table.loc[(table["gene_id"] == gene) & (table["cell_type"] == cell), "kind"]) - {"anchor"}
            moved = effect.genes[(effect.genes["gene_id"] == gene) & (effect.genes["cell_type"] == cell)]["change"]
            if kinds <= {"enhancer"} and len(moved):  # fewer contacts with enhancers: less expression; more: more
                assert (fell.any() and not fell.all()) or (moved < 0).all() == fell.all()
        twice = [cl.edits.motif("flip", region(site))] * 2
        again = cl.truth.motif_effects(strong_world, twice, causes)
        assert again.genes.empty and again.contacts.empty and again.motifs.empty
    assert lost > 20 and won > 20


def test_an_inserted_site_binds_as_a_perfect_motif_does(strong_world, causes, ctcf):
    consensus = cl.data.read_motifs(strong_world.motifs)["CTCF"]
    weak = [s for s in ctcf if s["match"] < 1]
    assert {s["strand"] for s in weak} == {1, -1}
    for site in weak:
        letters = consensus.site("+" if site["strand"] == 1 else "-")
        edit = cl.edits.motif("insert", region(site), letters)
        effect = cl.truth.motif_effects(strong_world, [edit], causes)
        (motif,) = effect.motifs.to_dict("records")
        assert (motif["before"], motif["after"], motif["strand_after"]) == (site["match"], 1, site["strand"])
        stronger = causes.motif(site["owner"], "CTCF", 1.0)
        expected = causes.changes(stronger)[1]
        row, cell = causes.places(effect.genes)
        np.testing.assert_allclose(effect.genes["change"], expected[row, cell], atol=1e-9)


def test_a_broken_site_of_an_enhancer_takes_its_activity(strong_world, causes):
    key = strong_world.key.effects
    row = key.loc[key.loc[key["kind"] == "enhancer", "change"].abs().idxmax()]
    sites = strong_world.sites[strong_world.sites["owner"] == row["element_id"]].to_dict("records")
    edits = [cl.edits.motif("break", region(site)) for site in sites]
    effect = cl.truth.motif_effects(strong_world, edits, causes)
    motifs, genes = effect.motifs.set_index("factor"), effect.genes
    own = motifs.loc[[site["factor"] for site in sites]]
    assert effect.contacts.empty and (own["before"] > own["after"]).all() and (own["strand_after"] == 0).all()
    by_hand = causes  # new letters may make a weak site by chance: it counts as well
    for factor, match in motifs["after"].items():
        by_hand = by_hand.motif(row["element_id"], factor, match)
    gene, cell = causes.places(genes)
    np.testing.assert_allclose(genes["effect"], causes.changes(by_hand)[0][gene, cell], atol=1e-9)
    of_gene = genes[(genes["gene_id"] == row["gene_id"]) & (genes["cell_type"] == row["cell_type"])]
    assert 0.3 < of_gene["change"].item() / row["change"] < 1.001
    np.testing.assert_allclose(genes["after"] - genes["before"], genes["change"])


def test_an_edit_that_touches_no_site_says_so(strong_world, causes, ctcf):
    site = ctcf[0]
    beside = f"{site['chrom']}:{site['end'] + 1}-{site['end'] + 4}"
    enhancer = causes.genome.elements[causes.genome.elements["kind"] == "enhancer"].iloc[0]
    at = f"{enhancer['chrom']}:{enhancer['position'] + 400}-{enhancer['position'] + 419}"
    ctcf_site = cl.data.read_motifs(strong_world.motifs)["CTCF"].site()
    edits = [cl.edits.motif("flip", beside), cl.edits.motif("insert", at, ctcf_site)]
    effect = cl.truth.motif_effects(strong_world, edits, causes)
    assert effect.silent == [f"{e.kind} at {e.region}: no element reads a site there" for e in edits]
    assert effect.genes.empty and effect.contacts.empty and effect.motifs.empty
    both = cl.truth.motif_effects(strong_world, [edits[0], cl.edits.motif("break", region(site))], causes)
    assert len(both.silent) == 1 and len(both.motifs) == 1


def test_what_has_no_answer_is_refused(strong_world, causes, ds):
    sites = strong_world.sites
    own = sites[sites["owner"].isin(causes.genome.genes["gene_id"])].iloc[0]
    with pytest.raises(ChromolabError, match=f"of the promoter of {own['owner']}"):
        cl.truth.motif_effects(strong_world, [cl.edits.motif("break", region(own))], causes)
    with pytest.raises(ChromolabError, match="expected edits from cl.edits.motif"):
        cl.truth.motif_effects(strong_world, [cl.erase("H3K27ac", "chr1:1-100")], causes)
    gene = ds.gene(ds.genes["gene_id"][0], ds.genes["cell_type"][0])
    told = cl.truth.true_effects(causes, gene, [cl.edits.motif("flip", region(own))])
    assert told.change is None and "ask cl.truth.motif_effects" in told.refused[0]
