"""learn/truth/edits: edits whose effect is known, and how well models predict it."""

import numpy as np
import pytest
from helpers.toys import SMALL

import chromolab as cl
from chromolab.learn.truth.edits import KINDS


def test_drawn_edits_have_the_truth_of_the_simulator(world):
    ds = world.dataset(progress=False)
    drawn = cl.truth.sample_edits(world, ds, 61, seed=3)
    assert drawn["kind"].value_counts().to_dict() == {k: 10 + (i < 1) for i, k in enumerate(KINDS)}
    assert drawn.equals(cl.truth.sample_edits(world, ds, 61, seed=3))
    causes = world.causes()
    pcres = causes.pcres(ds)
    for row in drawn[
        drawn["kind"].isin(["enhancer erased", "silencer erased", "contact cut", "decoy erased"])
    ].itertuples():
        example = int(
            np.flatnonzero((ds.genes["gene_id"] == row.gene_id) & (ds.genes["cell_type"] == row.cell_type))[0]
        )
        places = ds.signal.regions.iloc[pcres["region"]]
        names = (places["chrom"] + ":" + places["start"].astype(str) + "-" + places["end"].astype(str)).to_numpy()
        weight = pcres["weight"][(pcres["example"] == example) & (names == row.what)].sum()
        genes = ds.genes.iloc[[example]]
        before = causes.log2_expression(genes)
        after = causes.log2_expression(genes, causes.total(genes) - weight)
        assert row.true == pytest.approx((after - before)[0], abs=5e-3), row
        assert (row.kind == "decoy erased") <= (abs(row.effect) < 0.05)
    assert (drawn.loc[drawn["kind"] == "H3K36me3 erased", "true"] == 0).all()
    told = {"enhancer erased": -1, "silencer erased": 1, "H3K36me3 erased": -1}
    assert all((drawn.loc[drawn["kind"] == kind, "rule"] == sign).all() for kind, sign in told.items())
    promoter = drawn[drawn["kind"] == "promoter mark erased"]
    np.testing.assert_array_equal(promoter["rule"], np.where(promoter["what"] == "H3K27me3", 1, -1))
    key = ["gene_id", "cell_type", "what"]
    held = world.key.pcres.assign(what=lambda t: t["chrom"] + ":" + t["start"].astype(str) + "-" + t["end"].astype(str))
    cut = drawn[drawn["kind"].isin(["contact cut", "decoy erased"])].merge(
        held[[*key, "kind"]], on=key, suffixes=("", "_held")
    )
    assert len(cut) == 20 and set(cut["kind_held"]) > {"enhancer", "silencer"}
    assert all(row.rule == {"enhancer": -1, "silencer": 1}.get(row.kind_held, 0) for row in cut.itertuples())
    with pytest.raises(cl.ChromolabError, match="candidates for"):
        cl.truth.sample_edits(world, ds, 100_000)


def test_agreement_is_that_of_edits_one_by_one(world):
    ds = world.dataset(progress=False)
    drawn = cl.truth.sample_edits(world, ds, 18, seed=0)
    models = [cl.Chromoformer(ds.marks, "regression", seed=s, resolutions=(2000,), **SMALL) for s in (0, 1)]
    agreement = cl.truth.score_edits(models, ds, drawn, draws=20, device="cpu")
    for row in agreement.edits.iloc[::4].itertuples():
        effect = cl.effect(models, ds.gene(row.gene_id, row.cell_type), row.edits, device="cpu").table
        np.testing.assert_allclose(
            [row.predicted, row.spread], effect.loc[0, ["change", "spread"]].astype(float), atol=1e-5
        )
    scores = agreement.scores.set_index("kind")
    assert list(scores.index) == ["all kinds", *KINDS] and scores["edits"].tolist() == [18] + [3] * 6
    true, guess = agreement.edits["true"], agreement.edits["predicted"]
    assert scores.loc["all kinds", "pearson_r"] == pytest.approx(np.corrcoef(true, guess)[0, 1])
    felt = agreement.edits["effect"].abs() >= 0.05
    assert scores.loc["all kinds", "sign"] == pytest.approx((np.sign(true) == np.sign(guess))[felt].mean())
    for kind in ("all kinds", "contact cut"):
        some = agreement.edits[felt & ((agreement.edits["kind"] == kind) | (kind == "all kinds"))]
        assert scores.loc[kind, "rule_sign"] == pytest.approx(
            (np.sign(some["true"]) == some["rule"]).mean(), nan_ok=True
        )
    assert scores.loc[["enhancer erased", "silencer erased"], "rule_sign"].tolist() == [1, 1]
    assert np.isnan(scores.loc["H3K36me3 erased", ["pearson_r", "rule_sign"]].astype(float)).all()
    assert "<table" in agreement._repr_html_()
