"""A figure of each kind, for tests that hold for all of them."""

import numpy as np
import pandas as pd
import pyBigWig

import chromolab as cl
from helpers.toys import SMALL, with_bodies


def one_track(path):
    """A bigWig with one reading of 1 over the whole of chr1."""
    with pyBigWig.open(str(path), "w") as file:
        file.addHeader([("chr1", 30_000_000)])
        file.addEntries(["chr1"], [0], ends=[30_000_000], values=[1.0])
    return path


def figures(ds, track):
    """A figure of each kind, made as the notebooks make it, and what it is made from."""
    gene = ds.gene("G1")
    edited = cl.edit(gene, [cl.erase(ds.marks[0], "chr1:200000-200100")])
    model = cl.Chromoformer(marks=ds.marks, task="regression", resolutions=(200, 100), seed=0, **SMALL)
    scores = cl.explain.attention(model, gene, device="cpu")
    points = cl.explain.project(cl.explain.embeddings(model, ds, device="cpu", progress=False))
    points = pd.concat([points.assign(kind="a"), points.assign(kind="b")])
    points = points[points["layer"] >= 0].assign(level=1.0)
    quick = {"epochs": 1, "progress": False, "device": "cpu"}
    runs = cl.cross_validate(
        lambda: cl.Chromoformer(ds.marks, resolutions=(200,), seed=0, **SMALL), ds, folds=[1], **quick
    )
    table = pd.DataFrame(
        {"name": ["a", "b"], "value": [0.8, 0.9], "low": [0.7, 0.8], "high": [0.9, 1.0], "step": [0, 0]}
    )
    doses = table.assign(dose=[1, 2], kind="enhancers", predicted=1.0, true=1.0)
    scored = pd.DataFrame({"model": [*"aabb"], "fold": [1, 2] * 2, "seed": 0, "auc": [0.7, 0.8, 0.6, 0.9]})
    swept = pd.DataFrame({"lr": [0.1, 0.1, 0.2, 0.2], "seed": [0, 1] * 2, "AUC": [0.7, 0.8, 0.6, 0.9]})
    swept.attrs |= {"parameters": ["lr", "seed"], "figures": ["AUC"]}
    found = cl.metrics.paired(scored, "auc", "a", n=10).assign(kind="models", data="here")
    for made in (table, doses, scored, swept, found):
        made.attrs["origin"] = ds.origin
    return {
        "tracks": cl.plot.tracks(gene, edited=edited),
        "gene": cl.plot.gene(with_bodies(ds).gene("G1"), marks=ds.marks[:1]),
        "attention": cl.plot.attention(scores, gene),
        "heads": cl.plot.heads(scores, gene, resolution=200),
        "arcs": cl.plot.arcs(gene, track, weight=[0.2, 0.3, 0.5]),
        "profiles": cl.plot.profiles(ds),
        "roc": cl.plot.roc(ds, ds.log2_expression),
        "predicted": cl.plot.predicted(runs.predictions),
        "predicted of a dataset": cl.plot.predicted(ds, ds.log2_expression),
        "curves": cl.plot.curves(runs),
        "curves of one run": cl.plot.curves(runs.runs[1]),
        "trajectory": cl.plot.trajectory(points, "level", "kind", "kind"),
        "compare": cl.plot.compare(table, "AUC"),
        "points": cl.plot.points(table, "step", "value", by="name"),
        "wins": cl.plot.wins(scored, "auc", "a", n=10),
        "overview": cl.plot.overview(found, "data"),
        "logo": cl.plot.logo(np.eye(4), note=ds.origin),
        "sweep": cl.plot.sweep(swept),
        "lines": cl.plot.lines(table, "low", "high", by="name"),
        "bars": cl.plot.bars(table, "name", "value", panel="step"),
        "slider": cl.plot.slider(table, "name", "value", "step"),
        "doses": cl.plot.doses(doses, "name", x_title="dose", y_title="change", title="doses"),
        "heatmap": cl.plot.heatmap(table[["value"]].T, "model"),
    }
