"""show/figures/attention_maps: attention relative to even, one head at a time, and as the width of arcs."""

import numpy as np
import pytest
from helpers.toys import SMALL, toy_dataset

import chromolab as cl


def test_attention_is_relative_to_even(gene):
    model = cl.Chromoformer(marks=gene.marks, resolutions=(200, 100), seed=0, **SMALL)
    scores = cl.explain.attention(model, gene, device="cpu")
    even = scores.assign(
        score=1 / scores.groupby(["step", "region", "resolution", "layer", "head"])["score"].transform("size")
    )
    lines = [t for t in cl.plot.attention(even, gene).data if str(t.name).startswith("head")]
    assert len(lines) == 2 * 2 * 4  # resolutions x heads x (window and three pCREs)
    for line in lines:
        np.testing.assert_allclose(line.y, 1)


def test_arcs_are_as_wide_as_their_attention(gene):
    """Of three pCREs the one with all the attention has the widest arc, one with none the thinnest."""
    model = cl.Chromoformer(marks=gene.marks, resolutions=(200, 100), seed=0, **SMALL)
    scores = cl.explain.attention(model, gene, device="cpu")
    places = [f"{p.chrom}:{p.start}-{p.end}" for p in gene.pcres(0).itertuples()]
    scores["score"] = scores["region"].map({places[1]: 1.0, places[2]: 0.5}).fillna(0.0)
    arcs = [t for t in cl.plot.attention(scores, gene).data if "frequency" in str(t.hovertemplate)]
    thin, wide, middle = (a.line.width for a in arcs)
    assert round(wide, 6) == 7 and thin < 1 and thin < middle < wide


def test_heads_show_one_head_at_a_time():
    ds = toy_dataset(3).select([1])
    scores = cl.explain.attention(cl.Chromoformer(ds.marks, resolutions=(200, 100), seed=0, **SMALL), ds)
    figure = cl.plot.heads(scores, ds, resolution=200)
    steps = {step.label: step.args[0]["visible"] for step in figure.layout.sliders[0].steps}
    lines = [i for i, t in enumerate(figure.data) if str(t.name).startswith("head ")]
    shown = {label: {figure.data[i].name for i in lines if seen[i]} for label, seen in steps.items()}
    heads = sorted(scores.loc[scores["step"] != "regulation", "head"].unique() + 1)
    assert shown["all heads"] == {f"head {h}" for h in heads}
    assert all(shown[f"layer 1, head {h}"] == {f"head {h}"} for h in heads)
    with pytest.raises(cl.ChromolabError, match="no attention at 2000"):
        cl.plot.heads(scores, ds, resolution=2000)


def test_without_the_regulation_step_its_row_is_left_out(gene):
    model = cl.Chromoformer(marks=gene.marks, resolutions=(200, 100), seed=0, **SMALL)
    scores = cl.explain.attention(model, gene, device="cpu")
    whole, part = (cl.plot.attention(s, gene) for s in (scores, scores[scores["step"] != "regulation"]))
    said = [{str(a.text) for a in figure.layout.annotations} for figure in (whole, part)]
    assert {text for text in said[0] - said[1]} == {t for t in said[0] if "regulation step" in t} != set()
    rows = [len([axis for axis in figure.select_yaxes(col=1)]) for figure in (whole, part)]
    assert rows[0] == rows[1] + 1
    lines = [t for t in part.data if str(t.name).startswith("head")]
    assert len(lines) == 2 * 2 * 4 and "%" not in {axis.title.text for axis in part.select_yaxes()}
