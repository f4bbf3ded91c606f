"""A small model and the genes that the tests of explanations ask about."""

import chromolab as cl
from helpers.toys import SMALL

RESOLUTIONS = (400, 200, 100)


def one_gene(dataset, strand, contacts=2):
    """The first gene on a strand with so many contacts."""
    found = (dataset.genes["strand"] == strand).to_numpy() & ((dataset.pcre >= 0).sum(1) >= contacts)
    return dataset.gene(dataset.genes["gene_id"][found].iloc[0])


def small_model():
    """An untrained Chromoformer of two marks, in another order than the toy dataset's three."""
    return cl.Chromoformer(marks=("C", "A"), resolutions=RESOLUTIONS, seed=0, **SMALL)


# The methods of `cl.explain` that give the one table, each asked on the CPU.
METHODS = {
    "attention": lambda m, d: cl.explain.attention(m, d, device="cpu"),
    "rollout": lambda m, d: cl.explain.rollout(m, d, device="cpu"),
    "gradient_input": lambda m, d: cl.explain.gradient_input(m, d, device="cpu"),
    "integrated_gradients": lambda m, d: cl.explain.integrated_gradients(m, d, steps=3, device="cpu"),
    "occlusion": lambda m, d: cl.explain.occlusion(m, d, size=1000, device="cpu"),
    "marks": lambda m, d: cl.explain.marks(m, d, device="cpu"),
    "elements": lambda m, d: cl.explain.elements(m, d, device="cpu"),
    "difference": lambda m, d: cl.explain.difference(m, d, d, device="cpu"),
}
