"""world/answers/causes: drawn again from the seed they are those of the world; each edit does what its words say."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from chromolab.errors import ChromolabError
from chromolab.world.answers.causes import make_causes
from chromolab.world.folding import fall


@pytest.fixture(scope="module")
def best(strong_world):
    """The row of the key's effects of the enhancer that does most."""
    effects = strong_world.key.effects.query("kind == 'enhancer'")
    return effects.loc[effects["effect"].idxmin()]


def at(causes, row, values):
    """The entry of (genes, cell types) arrays that a row of the key means."""
    (gene,), (cell,) = causes.places(pd.DataFrame([row[["gene_id", "cell_type"]]]))
    return [v[gene, cell] for v in values]


def same(first, second):
    np.testing.assert_allclose(first.regulation.transcription, second.regulation.transcription, atol=1e-9)


def test_with_nothing_changed_expression_is_the_tables_up_to_counting(causes, ds):
    told = causes.log2_expression(ds.genes)
    off = told - ds.log2_expression
    assert np.abs(off.mean()) < 0.02 and off.std() < 0.15
    high = ds.log2_expression > 5
    assert np.abs(off[high]).max() < 0.2
    np.testing.assert_array_equal(told, causes.log2_expression(ds.genes, causes.total(ds.genes)))
    silencers = causes.total(ds.genes, "silencer")
    np.testing.assert_array_equal(told, causes.log2_expression(ds.genes, silencers=silencers))


def test_they_are_drawn_again_from_the_seed(causes, strong_world):
    again = make_causes(strong_world.parameters)
    same(causes, again)
    key = strong_world.key.genes
    np.testing.assert_allclose(key["transcription"], again.regulation.transcription.ravel(), rtol=1e-4)


def test_silencing_an_element_does_what_the_key_says(causes, strong_world, best):
    for row in (best, strong_world.key.effects.query("kind == 'silencer'").iloc[0]):
        told = at(causes, row, causes.changes(causes.silenced(row["element_id"])))
        np.testing.assert_allclose(told, row[["effect", "change"]].astype(float), rtol=1e-3)
    same(causes, causes.silenced(best["element_id"], 1.0))
    half, whole, more = (
        at(causes, best, causes.changes(causes.silenced(best["element_id"], f)))[0] for f in (0.5, 0.0, 2.0)
    )
    assert whole < half < 0 < more


def test_where_ctcf_acts_its_loss_at_a_promoter_takes_what_it_gathered(causes):
    acting = make_causes(replace(causes.genome.parameters, ctcf=1.0))
    gene, cell = np.unravel_index(acting.regulation.gathered.argmax(), acting.regulation.gathered.shape)
    elements, tss = acting.genome.elements, acting.genome.genes["tss"].iloc[gene]
    at_home = (elements["kind"] == "anchor") & (elements["chrom"] == acting.genome.genes["chrom"].iloc[gene])
    near = elements["element_id"][at_home & ((elements["position"] - tss).abs() <= 200)]
    lost = acting.unbound(list(near))
    assert lost.regulation.gathered[gene, cell] == 0 < acting.regulation.gathered[gene, cell]
    others = np.arange(len(lost.regulation.gathered)) != gene
    assert (lost.regulation.gathered[others] != acting.regulation.gathered[others]).any(1).sum() < 5  # that share it


def test_an_activity_can_be_set(causes, best):
    element = int(np.flatnonzero(causes.genome.elements["element_id"] == best["element_id"])[0])
    changed = causes.activated(best["element_id"], 0.7)
    assert (changed.regulation.activity[element] == 0.7).all()
    rest = np.delete(changed.regulation.activity, element, 0)
    np.testing.assert_array_equal(rest, np.delete(causes.regulation.activity, element, 0))
    same(causes.activated(best["element_id"], 0), causes.silenced(best["element_id"]))


def test_a_cut_contact_takes_the_element_from_one_gene_only(causes, best):
    cut = causes.cut(best["gene_id"], best["chrom"], best["start"], best["end"])
    np.testing.assert_allclose(
        at(causes, best, causes.changes(cut)), best[["effect", "change"]].astype(float), rtol=1e-3
    )
    effect = causes.changes(cut)[0]
    (gene,), _ = causes.places(pd.DataFrame([best[["gene_id", "cell_type"]]]))
    assert not np.delete(effect, gene, 0).any()
    same(causes, causes.cut(best["gene_id"], best["chrom"], best["start"], best["end"], 1.0))
    touching = causes.touching(best["gene_id"], best["chrom"], best["start"], best["end"], best["rate"])
    assert at(causes, best, causes.changes(touching))[0] == pytest.approx(0, abs=1e-3)
    links = causes.folding.links
    rows = np.flatnonzero(np.abs(touching.regulation.contact - causes.regulation.contact).max(1) > 1e-12)
    expected = best["rate"] * fall(links["distance"].to_numpy()[rows])[:, None]
    np.testing.assert_allclose(touching.regulation.contact[rows], np.broadcast_to(expected, (len(rows), 2)))


def test_a_lost_anchor_changes_contacts_and_only_near_it(causes):
    elements, links = causes.genome.elements, causes.folding.links
    bound = np.where(elements["kind"] == "anchor", causes.bound.max(1), 0)
    row = int(bound.argmax())
    lost = causes.unbound(elements["element_id"].iloc[row])
    ratio = lost.regulation.contact / causes.regulation.contact
    chrom = causes.genome.genes["chrom"].to_numpy()[links["gene"]]
    np.testing.assert_allclose(ratio[chrom != elements["chrom"].iloc[row]], 1)
    assert np.abs(ratio - 1).max() > 0.05
    tss = causes.genome.genes["tss"].to_numpy()[links["gene"]]
    place = elements["position"].to_numpy()[links["element"]]
    left, right = np.minimum(tss, place), np.maximum(tss, place)
    here = elements["position"].iloc[row]
    apart = (right < here - 30_000) | (left > here + 30_000)
    np.testing.assert_allclose(ratio[apart & (chrom == elements["chrom"].iloc[row])], 1)
    assert lost.bound[row].max() == 0 and np.abs(causes.changes(lost)[0]).max() > 0
    again = causes.unbound(elements["element_id"].iloc[row], 1.0)
    np.testing.assert_allclose(again.regulation.contact, causes.regulation.contact)


def test_a_motif_makes_what_its_factor_makes(causes, best):
    factors, elements = causes.genome.factors, causes.genome.elements
    row = int(np.flatnonzero(elements["element_id"] == best["element_id"])[0])
    motif = causes.genome.element_motif[row]
    broken = causes
    for number in np.flatnonzero(motif):
        same(causes, causes.motif(best["element_id"], factors.name[number], motif[number]))
        broken = broken.motif(best["element_id"], factors.name[number], 0.0)
    assert not broken.regulation.activity[row].any()
    np.testing.assert_allclose(
        at(causes, best, causes.changes(broken)), best[["effect", "change"]].astype(float), rtol=1e-3
    )
    anchor = elements["element_id"][elements["kind"] == "anchor"].iloc[3]
    same(causes.motif(anchor, "CTCF", 0.0), causes.unbound(anchor))
    same(causes, causes.motif(anchor, "CTCF", causes.genome.element_motif[elements["element_id"] == anchor].max()))
    with pytest.raises(ChromolabError, match="no factor 'F99'"):
        causes.motif(anchor, "F99", 1.0)


def test_promoters_close_and_polycomb_lets_go_by_shares(causes):
    r = causes.regulation
    closed = causes.closed().regulation.transcription
    assert (closed <= r.transcription + 1e-9).all() and (closed < r.transcription).mean() > 0.3
    same(causes, causes.closed(share=0.0))
    gene = int(causes.changes(causes.freed())[0].max(1).argmax())
    name = causes.genome.genes["gene_id"].iloc[gene]
    half, whole = (causes.changes(causes.freed(name, share))[0] for share in (0.5, 1.0))
    assert (whole[gene] >= half[gene]).all() and whole[gene].max() > max(half[gene].max(), 1)
    assert not np.delete(whole, gene, 0).any()
    twice = causes.freed(name, 0.5).freed(name, 0.5)
    same(twice, causes.freed(name, 0.75))


def test_of_one_gene_the_answers_are_the_same(causes, best):
    one = causes.of_gene(best["gene_id"])
    (gene,), _ = causes.places(pd.DataFrame([best[["gene_id", "cell_type"]]]))
    anchor = causes.genome.elements["element_id"][causes.genome.elements["kind"] == "anchor"].iloc[5]
    for edit in (
        lambda c: c,
        lambda c: c.silenced(best["element_id"], 0.4),
        lambda c: c.cut(best["gene_id"], best["chrom"], best["start"], best["end"]),
        lambda c: c.unbound(anchor),
        lambda c: c.closed(best["gene_id"], 0.5).freed(best["gene_id"]),
    ):
        whole, alone = causes.changes(edit(causes)), one.changes(edit(one))
        for a, b in zip(whole, alone, strict=True):
            np.testing.assert_allclose(a[[gene]], b, atol=1e-12)
    np.testing.assert_array_equal(one.regulation.transcription[0], causes.regulation.transcription[gene])


def test_states_can_be_set(causes, ds):
    told = {state: causes.log2_expression(ds.genes, state=state) for state in ("active", "closed", "bivalent")}
    assert (told["active"] >= told["closed"] - 1e-9).all() and (told["active"] >= told["bivalent"] - 1e-9).all()
    assert (told["bivalent"] < told["active"] - 0.5).mean() > 0.5
    with pytest.raises(ChromolabError, match="no state 'open'"):
        causes.log2_expression(ds.genes, state="open")


def test_pcres_are_those_of_the_key(causes, ds, strong_world):
    table = causes.pcres(ds)
    assert len(table) == (ds.pcre >= 0).sum() > 100
    np.testing.assert_array_equal(ds.pcre[table["example"], table["slot"]], table["region"])
    place = ds.signal.regions.iloc[table["region"]].reset_index(drop=True)[["chrom", "start", "end"]]
    names = ds.genes.iloc[table["example"]].reset_index(drop=True)[["gene_id", "cell_type"]]
    mine = pd.concat([names, place, table[["element_id", "kind", "weight"]]], axis=1)
    on = ["gene_id", "cell_type", "chrom", "start", "end"]
    both = mine.merge(strong_world.key.pcres, on=on, suffixes=("", "_key"))
    assert len(both) == len(table)
    assert (both["kind"] == both["kind_key"]).all() and (both["element_id"] == both["element_id_key"]).all()
    assert (both["weight"] >= 0).all() and not both["weight"][both["kind"].isin(["", "anchor"])].any()


def test_pairs_hold_the_keys_causes(causes, strong_world):
    cell = strong_world.cell_types[1]
    pairs = causes.pairs(cell)
    key = strong_world.key.effects.query("cell_type == @cell")
    both = pairs[pairs["cause"]].merge(key, on=["gene_id", "element_id"], suffixes=("", "_key"))
    assert len(both) == len(key) > 50
    np.testing.assert_allclose(both["effect"], both["effect_key"], rtol=1e-3)
    np.testing.assert_array_equal(both["distance"], both["distance_key"])
    assert pairs.groupby("element_id")["nearest"].sum().max() >= 1 and (pairs["activity"] > 0.05).all()


def test_examples_of_another_world_are_refused(causes, ds):
    with pytest.raises(ChromolabError, match="simZ9"):
        causes.total(ds.genes.assign(cell_type="simZ9"))
    with pytest.raises(ChromolabError, match="'anchor' has no sum"):
        causes.total(ds.genes, "anchor")
    shifted = replace(ds.signal, regions=ds.signal.regions.assign(start=ds.signal.regions["start"] + 1))
    with pytest.raises(ChromolabError, match="not a fragment"):
        causes.pcres(replace(ds, signal=shifted))
    for wrong, told in (("E99999", "no element 'E99999'"), ("A00001", "is an? ")):
        with pytest.raises(ChromolabError, match=told):
            causes.silenced(wrong)
    with pytest.raises(ChromolabError, match="no gene 'X'"):
        causes.cut("X", "chr1", 0, 10)
