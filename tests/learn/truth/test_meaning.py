"""learn/truth/meaning: what edits of tracks and contacts do, against edits of the causes themselves."""

from types import SimpleNamespace

import numpy as np
import pytest

import chromolab as cl
from chromolab.defaults import BACKGROUND
from chromolab.learn.edit.recipes import RECIPES
from chromolab.world.assays import depth_of
from chromolab.world.patterns import SHOWN_BY, Shapes, limited

NEAR = pytest.approx


@pytest.fixture(scope="module", params=["enhancer", "silencer"])
def driven(request, strong_world, causes, ds):
    """A gene, and the element in one of its pCREs that drives it most."""
    key = strong_world.key.pcres
    row = key.loc[key.loc[(key["kind"] == request.param) & ~key["decoy"], "change"].abs().idxmax()]
    at = causes.genome.elements.set_index("element_id")["position"][row["element_id"]]
    element = int(np.flatnonzero(causes.genome.elements["element_id"] == row["element_id"])[0])
    cell = strong_world.cell_types.index(row["cell_type"])
    return SimpleNamespace(
        gene=ds.gene(row["gene_id"], row["cell_type"]),
        region=f"{row['chrom']}:{row['start']}-{row['end']}",
        activity=causes.regulation.activity[element, cell],
        **row[["gene_id", "chrom", "start", "end", "frequency", "element_id", "kind", "effect", "change"]],
        marks=SHOWN_BY[row["kind"]],
        at=at,
        row=element,
        cell=cell,
    )


def truth_of(causes, changed, gene):
    """(effect, change) of changed causes on the gene of a dataset."""
    (row,), (cell,) = causes.places(gene.genes)
    return [float(values[row, cell]) for values in causes.changes(changed)]


def same(true, causes, changed, gene, **within):
    assert [true.effect, true.change] == NEAR(truth_of(causes, changed, gene), **within), true
    assert not true.refused


# ---------------------------------------------------------------- elements


def test_erasing_any_of_its_marks_silences_an_element_as_the_key_says(causes, driven):
    assert abs(driven.effect) > 0.3 and (driven.effect < 0) == (driven.kind == "enhancer")
    for mark in driven.marks:
        true = cl.truth.true_effects(causes, driven.gene, [cl.erase(mark, driven.region)])
        assert [true.effect, true.change] == NEAR([driven.effect, driven.change], rel=1e-4)
        assert driven.element_id in true.parts[0]["what"] and len(true.parts) == 1


@pytest.mark.parametrize("factor", [0.3, 0.8, 1.1])
def test_scaled_marks_scale_the_activity_by_the_share_that_is_covered(causes, driven, factor):
    for mark in driven.marks:
        gains = 1 if (driven.kind, mark) == ("enhancer", "H3K4me1") and factor > 1 else factor  # primed, not active
        for covered, share in ((500, 1.0), (0, 0.5), (-250, 0.25), (-500, 0.0)):
            place = f"{driven.chrom}:{driven.at - 2_000}-{driven.at + covered}"
            true = cl.truth.true_effects(causes, driven.gene, [cl.scale(mark, place, factor)])
            times = min(1 + (gains - 1) * share, max(1, 1.2 / driven.activity))
            same(true, causes, causes.silenced(driven.element_id, times), driven.gene, rel=1e-9)


def test_of_several_marks_the_one_that_changes_most_counts(causes, driven):
    edits = [cl.scale(mark, driven.region, factor) for mark, factor in zip(driven.marks, (0.7, 0.4), strict=False)]
    true = cl.truth.true_effects(causes, driven.gene, edits)
    same(true, causes, causes.silenced(driven.element_id, 0.4), driven.gene, rel=1e-9)


def painted(causes, driven, activity):
    """Paint at the expected depth of the element with some activity, 100 bp by 100 bp."""
    p, bins = causes.genome.parameters, np.arange(-15, 16)
    shape = Shapes(causes.genome).of_elements(driven.kind, np.array([driven.row]), bins)[0]
    start = driven.at // 100 * 100 - 1_500
    return [
        cl.paint(
            mark,
            f"{driven.chrom}:{start}-{start + 3_100}",
            depth_of(p, mark, driven.cell, limited(s * activity * shape)),
        )
        for mark, s in driven.marks.items()
        if mark != "H3K4me1"
    ]


@pytest.mark.parametrize("activity", [0.2, 0.6, 1.0])
def test_painted_depth_is_read_as_the_activity_that_shows_it(causes, driven, activity):
    true = cl.truth.true_effects(causes, driven.gene, painted(causes, driven, activity))
    wanted = truth_of(causes, causes.activated(driven.element_id, activity), driven.gene)
    assert true.effect == NEAR(wanted[0], rel=1e-3, abs=1e-4)


def test_later_edits_change_what_earlier_ones_left(causes, driven):
    strokes = painted(causes, driven, 0.8)
    erased = [cl.erase(mark, driven.region) for mark in driven.marks if mark != "H3K4me1"]
    for edits, activity in (([*erased, *strokes], 0.8), ([*strokes, *erased], 0.0)):
        true = cl.truth.true_effects(causes, driven.gene, edits)
        wanted = truth_of(causes, causes.activated(driven.element_id, activity), driven.gene)
        assert true.effect == NEAR(wanted[0], rel=1e-3, abs=1e-4)


def test_no_paint_makes_an_element_more_active_than_elements_are(causes, driven):
    place = f"{driven.chrom}:{driven.at - 600}-{driven.at + 600}"
    mark = next(iter(driven.marks))
    true = cl.truth.true_effects(causes, driven.gene, [cl.set_depth(mark, place, 1e6)])
    most = causes.activated(driven.element_id, max(1.2, driven.activity))
    same(true, causes, most, driven.gene, rel=1e-9)


# ---------------------------------------------------------------- contacts


def test_contacts_are_cut_changed_and_added(causes, driven):
    where = driven.gene_id, driven.chrom, driven.start, driven.end
    for edit, factor in (
        (cl.drop_pcre(driven.region), 0.0),
        (cl.set_frequency(driven.region, driven.frequency / 2), 0.5),
        (cl.set_frequency(driven.region, driven.frequency * 3), 3.0),
    ):
        true = cl.truth.true_effects(causes, driven.gene, [edit])
        same(true, causes, causes.cut(*where, factor), driven.gene, rel=1e-3)
    again = [cl.drop_pcre(driven.region), cl.add_pcre(driven.region, 2.5)]  # no longer what it was
    true = cl.truth.true_effects(causes, driven.gene, again)
    same(true, causes, causes.cut(*where, 2.5 / driven.frequency), driven.gene, rel=1e-3)


def test_an_added_contact_brings_what_a_contact_of_that_rate_brings(causes, strong_world, ds):
    key, elements = strong_world.key, causes.genome.elements
    gene = ds.gene(*ds.genes.iloc[5][["gene_id", "cell_type"]])
    tss, chrom = int(gene.genes["tss"].iloc[0]), gene.genes["chrom"].iloc[0]
    known = set(key.pcres["element_id"][key.pcres["gene_id"] == gene.genes["gene_id"].iloc[0]])
    far = (elements["position"] - tss).abs().between(50_000, 700_000) & (elements["chrom"] == chrom)
    new = elements[far & (elements["kind"] == "enhancer") & ~elements["element_id"].isin(known)].iloc[0]
    start, end = new["position"] - 2_000, new["position"] + 2_000
    true = cl.truth.true_effects(causes, gene, [cl.add_pcre(f"{chrom}:{start}-{end}", 4.0)])
    same(true, causes, causes.touching(gene.genes["gene_id"].iloc[0], chrom, start, end, 4.0), gene, rel=1e-9)
    assert f"enhancer {new['element_id']}" in true.parts[0]["what"] and "added at 4" in true.parts[0]["what"]
    away = elements[(elements["chrom"] == chrom) & ((elements["position"] - tss).abs() > 850_000)].query(
        "kind == 'enhancer'"
    )
    at = away["position"].iloc[0]
    beyond = cl.truth.true_effects(causes, gene, [cl.add_pcre(f"{chrom}:{at - 500}-{at + 500}", 4.0)])
    assert (beyond.effect, beyond.change) == (None, None) and "no contacts over more than 800 kb" in beyond.refused[0]


def test_a_contact_with_an_empty_place_does_nothing(causes, strong_world, ds):
    key = strong_world.key.pcres
    row = key[key["kind"] == ""].iloc[0]
    gene = ds.gene(row["gene_id"], row["cell_type"])
    true = cl.truth.true_effects(causes, gene, [cl.drop_pcre(f"{row['chrom']}:{row['start']}-{row['end']}")])
    assert (true.effect, true.change) == (0, 0) and "an empty place" in true.parts[0]["what"]


# ---------------------------------------------------------------- the promoter


@pytest.fixture(scope="module")
def bivalent(strong_world, ds):
    """A gene with an open promoter that Polycomb holds, and no element of its own near the TSS."""
    genes, causes = strong_world.key.genes, strong_world.key.effects
    near = causes[causes["distance"] < 4_000]
    row = genes[(genes["state"] == "bivalent") & ~genes["gene_id"].isin(near["gene_id"])].iloc[0]
    return ds.gene(row["gene_id"], row["cell_type"])


def around(causes, gene, before, after):
    (row,), _ = causes.places(gene.genes)
    at = causes.genome.genes["promoter"].iloc[row]
    return f"{gene.genes['chrom'].iloc[0]}:{at - before}-{at + after}"


@pytest.mark.parametrize("mark", ["H3K4me3", "H3K9ac", "H3K27ac", "H3K27me3"])
def test_marks_of_the_promoter_undo_its_state_by_their_share(causes, bivalent, mark):
    undo = causes.freed if mark == "H3K27me3" else causes.closed
    name = bivalent.genes["gene_id"].iloc[0]
    for factor, after, share in ((0.0, 500, 1.0), (0.0, 0, 0.5), (0.4, 500, 0.6), (0.4, -500, 0.0)):
        edits = [cl.scale(mark, around(causes, bivalent, 500, after) if after > -500 else "chr1:0-10", factor)]
        same(cl.truth.true_effects(causes, bivalent, edits), causes, undo(name, share), bivalent, rel=1e-9)
    up = cl.truth.true_effects(causes, bivalent, [cl.scale(mark, around(causes, bivalent, 800, 800), 1.5)])
    if mark == "H3K27me3":
        assert up.effect < 0 and "Polycomb at the promoter takes" in up.parts[0]["what"] and not up.refused
    else:
        assert up.effect is up.change is None and f"{mark} raised at the promoter" in up.refused[0]
    gone = cl.truth.true_effects(causes, bivalent, [cl.set_depth(mark, around(causes, bivalent, 800, 800), 0.0)])
    same(gone, causes, undo(name), bivalent, rel=1e-6)


def test_recipes_are_answered_or_refused_in_words(causes, ds, strong_world):
    genes = strong_world.key.genes
    row = genes[genes["state"] == "active"].iloc[3]
    gene = ds.gene(row["gene_id"], row["cell_type"])
    shut = cl.truth.true_effects(causes, gene, RECIPES["silence the promoter"](gene))
    assert shut.effect == NEAR(truth_of(causes, causes.closed(row["gene_id"]), gene)[0], rel=0.05)
    told = cl.truth.true_effects(causes, gene, RECIPES["add an enhancer"](gene))
    assert told.effect is None and any("H3K27ac painted at" in r and "no element there" in r for r in told.refused)
    domain = cl.truth.true_effects(causes, gene, RECIPES["Polycomb domain"](gene))
    assert domain.effect == NEAR(shut.effect, rel=0.01) and not domain.refused  # shut is shut
    own = cl.edits.copy_from(gene, gene)
    unchanged = cl.truth.true_effects(causes, gene, own)
    assert not unchanged.refused or all("raised" not in r for r in unchanged.refused)


@pytest.mark.parametrize("state", ["active", "weak", "closed"])
def test_a_promoter_made_bivalent_is_what_the_genome_calls_bivalent(causes, ds, strong_world, state):
    genes = strong_world.key.genes
    found = 0
    for row in genes[genes["state"] == state].to_dict("records"):
        gene = ds.gene(row["gene_id"], row["cell_type"])
        if abs(gene.genes["tss"].iloc[0] - row["promoter"]) > 100 or found == 5:
            continue  # the annotation names another start than that of transcription
        found += 1
        true = cl.truth.true_effects(causes, gene, RECIPES["make it bivalent"](gene))
        assert not true.refused
        assert true.after == NEAR(causes.log2_expression(gene.genes, state="bivalent")[0], abs=0.05)
        assert true.before == NEAR(causes.log2_expression(gene.genes)[0])
    assert found == 5


def test_the_more_h3k27me3_the_harder_polycomb_pulls(causes, ds, strong_world):
    genes = strong_world.key.genes
    row = genes[(genes["state"] == "active") & (genes["transcription"] > 5)].iloc[0]
    gene, after = ds.gene(row["gene_id"], row["cell_type"]), []
    for depth in (1.0, 3.0, 6.0, 12.0):
        edits = [cl.set_depth("H3K27me3", around(causes, gene, 3_000, 3_000), depth)]
        after.append(cl.truth.true_effects(causes, gene, edits).after)
    assert after == sorted(after, reverse=True) and after[0] - after[-1] > 1


# ---------------------------------------------------------------- what drives nothing, and everything together


def test_consequences_and_empty_places_have_no_effect(causes, driven):
    gene, window = driven.gene, driven.gene.signal.regions.iloc[driven.gene.promoter[0]]
    place = f"{window['chrom']}:{window['start']}-{window['end']}"
    for mark in ("H3K36me3", "H3K9me3"):
        for edit in (cl.erase(mark, place), cl.scale(mark, place, 5.0), cl.set_depth(mark, place, 3.0)):
            true = cl.truth.true_effects(causes, gene, [edit])
            assert (true.effect, true.change) == (0, 0) and "drives nothing" in true.parts[0]["what"]
    elements = causes.genome.elements
    taken = elements["position"][elements["chrom"] == driven.chrom].to_numpy()
    empty = next(at for at in range(driven.start, driven.end) if np.abs(taken - at).min() > 700)
    low = cl.set_depth("H3K27ac", f"{driven.chrom}:{empty}-{empty + 100}", BACKGROUND["H3K27ac"])
    for edits in ([cl.erase("H3K27ac", f"{driven.chrom}:{empty}-{empty + 100}")], [low], []):
        true = cl.truth.true_effects(causes, gene, edits)
        assert (true.effect, true.change, true.parts, true.refused) == (0, 0, [], [])


def test_edits_act_together_and_not_as_a_sum(causes, strong_world, ds):
    key = strong_world.key.pcres
    many = key[(key["kind"] == "enhancer") & ~key["decoy"]].groupby(["gene_id", "cell_type"])
    rows = many.get_group(many["effect"].agg(lambda e: e.sum() if len(e) > 1 else 0).idxmin())
    first, second = rows.iloc[0], rows.iloc[1]
    gene = ds.gene(first["gene_id"], first["cell_type"])
    place = [f"{r['chrom']}:{r['start']}-{r['end']}" for r in (first, second)]
    edits = [cl.scale("H3K27ac", place[0], 0.5), cl.drop_pcre(place[1]), cl.erase("H3K36me3", place[0])]
    true = cl.truth.true_effects(causes, gene, edits)
    changed = causes.silenced(first["element_id"], 0.5).cut(first["gene_id"], *second[["chrom", "start", "end"]])
    same(true, causes, changed, gene, rel=1e-9)
    assert len(true.parts) == 3
    assert sum(part["effect"] for part in true.parts) != NEAR(true.effect, abs=1e-3)
    for part, alone in zip(true.parts[:2], edits[:2], strict=True):
        assert part["effect"] == cl.truth.true_effects(causes, gene, [alone]).effect
    refused = cl.truth.true_effects(causes, gene, [*edits, cl.scale("H3K4me3", around(causes, gene, 500, 500), 3.0)])
    assert refused.effect is None and refused.parts == true.parts and len(refused.refused) == 1


def test_other_worlds_and_several_genes_are_refused(causes, ds, driven):
    with pytest.raises(cl.ChromolabError, match="has 2 examples"):
        cl.truth.true_effects(causes, ds.select(np.arange(len(ds)) < 2), [])
    gene = driven.gene
    with pytest.raises(cl.ChromolabError, match="no gene 'other'"):
        cl.truth.true_effects(causes, gene.__class__(**vars(gene) | {"genes": gene.genes.assign(gene_id="other")}), [])
