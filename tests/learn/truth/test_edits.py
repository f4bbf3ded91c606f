"""learn/truth/edits: how well models predict edits whose effect is known."""

import numpy as np
import pytest
from helpers.toys import SMALL

import chromolab as cl
from chromolab.learn.truth.sampling import KINDS


def test_agreement_is_that_of_edits_one_by_one(strong_world):
    ds = strong_world.dataset(progress=False)
    drawn = cl.truth.sample_edits(strong_world, ds, 33, seed=0)
    models = [cl.Chromoformer(ds.marks, "regression", seed=s, resolutions=(2000,), **SMALL) for s in (0, 1)]
    agreement = cl.truth.score_edits(models, ds, drawn, draws=20, device="cpu")
    for row in agreement.edits.iloc[::4].itertuples():
        effect = cl.effect(models, ds.gene(row.gene_id, row.cell_type), row.edits, device="cpu").table
        np.testing.assert_allclose(
            [row.predicted, row.spread], effect.loc[0, ["change", "spread"]].astype(float), atol=1e-5
        )
    scores = agreement.scores.set_index("kind")
    assert list(scores.index) == ["all kinds", *KINDS] and scores["edits"].tolist() == [33] + [3] * 11
    true, guess = agreement.edits["true"], agreement.edits["predicted"]
    assert scores.loc["all kinds", "pearson_r"] == pytest.approx(np.corrcoef(true, guess)[0, 1])
    felt = agreement.edits["effect"].abs() >= 0.1
    assert scores["felt"].iloc[0] == felt.sum()
    assert scores.loc["all kinds", "sign"] == pytest.approx((np.sign(true) == np.sign(guess))[felt].mean())
    for kind in ("all kinds", "contact cut", "frequency changed"):
        some = agreement.edits[felt & ((agreement.edits["kind"] == kind) | (kind == "all kinds"))]
        rule = (np.sign(some["true"]) == some["rule"]).mean()
        assert scores.loc[kind, "rule_sign"] == pytest.approx(rule, nan_ok=True)
    assert scores.loc[["enhancer erased", "silencer erased"], "rule_sign"].tolist() == [1, 1]
    assert np.isnan(scores.loc["H3K36me3 erased", ["pearson_r", "rule_sign"]].astype(float)).all()
    assert "<table" in agreement._repr_html_()
