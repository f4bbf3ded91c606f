"""Small models and genes for tests of the widgets, and of the notebooks that these open in a browser."""

import numpy as np

import chromolab as cl
from helpers.toys import SMALL, toy_dataset

HOSTILE = '<img src=x onerror="window.bad = 1">'  # a name that would run if it were taken for HTML
BOX_RESOLUTIONS = (1000, 500)


def toy_models(marks=("A", "B", "C"), seeds=2):
    """Untrained models of both tasks, `seeds` of each."""
    shape = dict(marks=marks, resolutions=(2000, 500, 100), **SMALL)
    return [cl.Chromoformer(task=t, seed=s, **shape) for t in ("classification", "regression") for s in range(seeds)]


def gene_with(count, strand="-", missing=False):
    """The first gene of a toy dataset with so many pCREs on this strand."""
    ds = toy_dataset(6, missing=missing)
    (first, *_) = np.flatnonzero(((ds.pcre >= 0).sum(1) == count) & (ds.genes["strand"] == strand).to_numpy())
    return ds.select([first]).compact()


def toy_box(gene, task="classification"):
    """The glass box of an untrained model and a gene."""
    return cl.GlassBox(cl.Chromoformer(gene.marks, task, BOX_RESOLUTIONS, seed=3, **SMALL), gene, device="cpu")


def act(lab, *actions):
    """Let the page of a lab ask for these actions; the lab's answer."""
    return lab.reply({"seq": 1, "kind": "act", "actions": list(actions)})


def add(lab, *entries, **more):
    """Let the page of a lab add edits; the lab's answer."""
    return act(lab, {"do": "add", "edits": list(entries), **more})


def erased(lab, mark="A", bins=(10, 20)):
    """An edit that erases some bins of the window, as the page sends it."""
    region = lab.session.regions()[0]
    start, end = (region["start"] + 100 * b for b in bins)
    return {"kind": "erase", "mark": mark, "region": f"{region['chrom']}:{start}-{end}"}
