"""learn/letters/contacts: contacts foretold from letters, and edits of letters asked of them."""

import numpy as np
import pandas as pd
import pytest
import torch

import chromolab as cl
from chromolab.data.sequence.sites import motif_sites
from chromolab.errors import ChromolabError
from chromolab.learn.compare.sequence import (
    compare_contacts,
    control_sites,
    deviance_explained,
    partial_r,
    score_contacts,
)
from chromolab.learn.letters.contacts import fit_contacts
from chromolab.world.answers.contacts import contact_rates


@pytest.fixture(scope="module")
def ctcf(strong_world):
    return cl.data.read_motifs(strong_world.motifs)["CTCF"]


@pytest.fixture(scope="module")
def counts(strong_world):
    return strong_world.capture_counts(strong_world.cell_types[0])


@pytest.fixture(scope="module")
def model(strong_world, ctcf, counts):
    chroms = list(strong_world.parameters.chrom_sizes)
    return fit_contacts(counts, strong_world.fasta, ctcf, chroms[:-1], steps=150)


def test_convergent_sites_are_found_to_make_loops(model):
    facing = model.head.orientation
    assert facing["> <"] > 2 * max(v for k, v in facing.items() if k != "> <")


def test_contacts_of_a_chromosome_never_seen_are_foretold_beyond_distance(strong_world, model, counts, causes):
    held = (counts["chrom1"] == list(strong_world.parameters.chrom_sizes)[-1]).to_numpy()
    rates = contact_rates(causes)
    assert len(rates) == len(counts)
    found = score_contacts(model, counts[held], **{k: v[held] for k, v in rates.items()})
    assert 0.1 < found["partial_r"] < found["partial_r rate"]
    assert found["partial_r letters"] <= found["partial_r causes"] + 0.02
    assert found["deviance"] > 0


def test_an_edit_changes_the_sites_that_it_touches_and_no_others(strong_world, model, ctcf):
    site = model.sites.sort_values("score").iloc[-1]
    region = f"{site['chrom']}:{site['start']}-{site['end']}"
    there = ["chrom", "start", "end"]
    key = [*there, "strand"]
    old = set(model.sites[key].itertuples(index=False, name=None))

    def after(*edits):
        return set(model.edited_sites(edits)[key].itertuples(index=False, name=None))

    own = tuple(site[c] for c in key)
    assert old - after(cl.edits.motif("break", region)) == {own}
    turned = after(cl.edits.motif("flip", region))
    assert old - turned == {own} and (*own[:3], "-" if own[3] == "+" else "+") in turned
    assert after(cl.edits.motif("flip", region), cl.edits.motif("flip", region)) == old
    free = f"{site['chrom']}:{site['start'] + 3000}-{site['end'] + 3000}"
    new = after(cl.edits.motif("insert", free, ctcf.site("-")))
    assert (site["chrom"], site["start"] + 3000, site["end"] + 3000, "-") in new and old <= new
    assert after() == old


def test_a_broken_site_lowers_the_loops_that_it_holds(strong_world, model, counts):
    near = counts[counts["chrom1"] == model.sites.iloc[0]["chrom"]].reset_index(drop=True)
    pairs, score = model.pairs(near), model.sites["score"].to_numpy()
    best = np.array(
        [max((score[k], k) for k in of if k >= 0)[1] if (of >= 0).any() else -1 for of in pairs.near[:, 0].numpy()]
    )
    loops = (best[pairs.left.numpy()] >= 0) & (pairs.near[pairs.right, 1].numpy() >= 0).any(1)
    row = int(np.flatnonzero(loops)[0])
    site = model.sites.sort_values(["chrom", "start"], ignore_index=True).iloc[best[pairs.left[row]]]
    edit = cl.edits.motif("break", f"{site['chrom']}:{site['start']}-{site['end']}")
    change = model.predict(near, [edit]) - model.predict(near)
    assert change[row] < 0 and (change > 0).any()  # the loop is lost; what the wall held apart may touch


def test_the_truth_of_motif_edits_is_met(strong_world, model, causes):
    edits = cl.truth.sample_motif_edits(strong_world, model, 6, seed=1)
    assert [e.kind for e in edits] == ["break", "flip", "insert"] * 2
    found = cl.truth.score_motif_edits(strong_world, model, edits, causes, draws=20)
    whole = found.scores.iloc[0]
    assert whole["kind"] == "all kinds" and whole["contacts"] == len(found.contacts) > 20
    assert whole["pearson_r"] > 0.5 and whole["sign"] > 0.8
    assert whole["elsewhere"] < 0.3 * found.contacts["true"].abs().mean()


def test_controls_by_lot_keep_how_many_sites_there_are(model):
    sites = model.sites
    turned, moved = control_sites(sites, "strand"), control_sites(sites, "place")
    assert sorted(turned["strand"]) == sorted(sites["strand"]) and turned["start"].equals(sites["start"])
    assert len(moved) == len(sites) and not moved["start"].equals(sites["start"])
    assert moved.groupby("chrom").size().equals(sites.groupby("chrom").size())
    with pytest.raises(ChromolabError, match="expected 'strand' or 'place'"):
        control_sites(sites, "score")


def test_variants_are_compared_on_chromosomes_held_out(strong_world, ctcf, counts):
    folds = dict(list(strong_world.folds.items())[:2])
    asked = dict(seeds=[0], steps=20)
    rows = pd.DataFrame(
        compare_contacts(counts, strong_world.fasta, ctcf, folds, ["distance", "CTCF", "CTCF and G+C"], **asked)
    )
    assert rows.groupby("model").size().tolist() == [2, 2, 2]
    assert rows.loc[rows["model"] == "distance", "convergent"].isna().all()
    again = compare_contacts(counts, strong_world.fasta, ctcf, folds, ["CTCF"], done=rows, **asked)
    assert not list(again)
    with pytest.raises(ChromolabError, match="no variant 'marks'"):
        next(compare_contacts(counts, strong_world.fasta, ctcf, folds, ["marks"]))


def test_distance_alone_needs_no_training_and_any_constant_scores_the_same(strong_world, counts, ctcf, monkeypatch):
    with monkeypatch.context() as m:
        m.setattr(torch.optim, "AdamW", lambda *_, **__: pytest.fail("something was trained"))
        nothing = motif_sites(strong_world.fasta, ctcf).iloc[:0]
        alone = fit_contacts(counts, strong_world.fasta, ctcf, ["chr1"], sites=nothing)
    near = counts[counts["chrom1"] == "chr1"].reset_index(drop=True)
    plain = score_contacts(alone, near, same=near["count"] + 1.0)
    assert (alone.predict(near) == 0).all() and np.isnan(plain["partial_r"]) and abs(plain["deviance"]) < 1e-12
    with torch.no_grad():
        alone.head.base.fill_(0.3)  # all that training could reach
    assert score_contacts(alone, near, same=near["count"] + 1.0) == pytest.approx(plain, nan_ok=True, abs=1e-12)


def test_scores_see_beyond_distance():
    rng = np.random.default_rng(0)
    distance, rate = 10 ** rng.uniform(4.3, 5.9, 4_000), rng.lognormal(0, 0.3, 4_000)
    expected = 3e7 / distance
    count = rng.poisson(expected * rate)
    assert partial_r(np.log(rate), np.log(count / expected + 1e-3), distance) > 0.9
    assert abs(partial_r(np.log(distance) + rng.normal(0, 1, 4_000), np.log(count / expected + 1e-3), distance)) < 0.1
    assert np.isnan(partial_r(np.zeros(4_000), rate, distance))
    assert deviance_explained(np.zeros(4_000), count, expected) == pytest.approx(0)
    assert deviance_explained(np.log(rate), count, expected) > 0.9


def test_counts_that_cannot_train_are_refused(strong_world, ctcf, counts):
    with pytest.raises(ChromolabError, match="no pair with counts on chrQ"):
        fit_contacts(counts, strong_world.fasta, ctcf, ["chrQ"])
    with pytest.raises(ChromolabError, match="count"):
        fit_contacts(counts.drop(columns="count"), strong_world.fasta, ctcf, ["chr1"])


def test_letters_may_be_given_with_their_regions(strong_world, ctcf):
    place = pd.DataFrame({"chrom": ["chr1"], "start": [1_000], "end": [1_100]})
    text = "A" * 40 + ctcf.site("-") + "A" * (60 - len(ctcf))
    (found,) = motif_sites(strong_world.fasta, ctcf, place, 1e-7, letters=[text]).to_dict("records")
    assert (found["start"], found["strand"]) == (1_040, "-")
    with pytest.raises(ChromolabError, match="1 texts for 1 regions, or of another length"):
        motif_sites(strong_world.fasta, ctcf, place, letters=["ACGT"])
    with pytest.raises(ChromolabError, match="given without regions"):
        motif_sites(strong_world.fasta, ctcf, letters=[text])
