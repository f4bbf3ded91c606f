"""show/widgets/glassbox/story: on a model whose attention is known, the sentences are the right ones."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from helpers.toys import SMALL
from helpers.widgets import BOX_RESOLUTIONS, gene_with

import chromolab as cl

VIEW = {"kind": "map", "resolution": 1000}


def told(box, **view):
    return box.reply(VIEW | view)[0]["story"]


def with_depth(gene, bins):
    """The gene with no signal but that given: {(bin of 100 bp along the gene, mark): depth}."""
    depth = np.zeros_like(gene.signal.depth)
    offset = gene.signal.offsets[gene.promoter[0]]
    minus = gene.genes["strand"].iloc[0] == "-"
    for (at, mark), value in bins.items():
        depth[offset + (39 - at if minus else at), mark] = value
    return replace(gene, signal=replace(gene.signal, depth=depth, cache={}))


def attending_to(mark, marks):
    """A model whose embedding looks at the bin with most of one mark, and at nothing else."""
    model = cl.Chromoformer(marks, "classification", BOX_RESOLUTIONS, seed=0, **SMALL)
    with torch.no_grad():
        for r in BOX_RESOLUTIONS:
            part = model.embed[str(r)]
            part.lin_proj.weight.zero_()
            part.lin_proj.weight[0, mark] = 1000.0  # places, at most 1, do not matter beside it
            to_all = part.transformer["layers"][0].self_att.att.weight
            to_all.zero_()
            for block in (0, 1):  # queries and keys: each head passes on the first number
                rows = to_all[block * SMALL["width"] : (block + 1) * SMALL["width"]]
                rows[:: SMALL["width"] // 2, 0] = 1.0
    return model


@pytest.mark.parametrize("strand", ["+", "-"])
def test_the_bin_that_is_looked_at_is_named_with_its_mark(strand):
    gene = with_depth(gene_with(2, strand), {(20, 0): 6.0, (35, 0): 40.0, (36, 1): 30.0})
    box = cl.GlassBox(attending_to(0, gene.marks), gene, device="cpu")
    assert told(box)["embedding"] == (
        "In the bin at the TSS A is highest (0.6). The largest share of its attention, 1.00, goes to the bin 1.5 kb "
        "downstream of the TSS, where A is highest (4); evenly spread, each would get 0.25."
    )
    box.close()


def test_even_attention_and_bins_without_signal_are_called_so():
    gene = with_depth(gene_with(2), {})
    model = attending_to(0, gene.marks)
    with torch.no_grad():
        for p in model.embed.parameters():
            p.zero_()
    box = cl.GlassBox(model, gene, device="cpu")
    assert told(box)["embedding"] == (
        "In the bin at the TSS no mark has signal. It looks at all bins alike: each gets 0.25 of its attention."
    )
    box.close()


def test_what_the_contact_adds_is_told_apart_from_what_is_said():
    gene = replace(gene_with(2), frequency=np.array([[2.0, 1.0, 0.0]]))
    model = cl.Chromoformer(gene.marks, "regression", BOX_RESOLUTIONS, seed=0, **SMALL)
    with torch.no_grad():
        for layer in model.regulation["1000"].transformer["layers"]:
            layer.self_att.att.weight.zero_()  # nothing is said: only contacts count
            layer.self_att.gamma_f.fill_(1.0)
    box = cl.GlassBox(model, gene, device="cpu")
    e = np.exp([0.0, 2.0, 1.0])
    itself, first, _ = e / e.sum()
    assert told(box)["regulation"] == (
        f"The promoter keeps {itself:.2f} of its attention for itself and gives {first:.2f} to pCRE 1, the most of 2 "
        "elements. By what is said alone, without the contact frequency (2), pCRE 1 would get 0.33."
    )
    box.close()


def test_without_elements_nobody_is_asked():
    box = cl.GlassBox(
        cl.Chromoformer(("A", "B", "C"), resolutions=BOX_RESOLUTIONS, **SMALL), gene_with(0), device="cpu"
    )
    assert told(box)["pairwise"] == "This gene has no pCREs: there is nobody to ask."
    assert told(box)["regulation"] == "No element touches this promoter, so it can only look at itself."
    box.close()


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_the_head_says_the_models_own_prediction(task):
    gene = gene_with(2)
    model = cl.Chromoformer(gene.marks, task, BOX_RESOLUTIONS, seed=3, **SMALL)
    box = cl.GlassBox(model, gene, device="cpu")
    said, (prediction,) = told(box)["head"], cl.metrics.probability_or_expression(cl.predict(model, gene))
    number = f"{prediction:.1%}" if task == "classification" else f"{prediction:.3g}".replace("-", "−")
    assert number in said and "Before" not in said and "Measured: " in said
    box.close()
