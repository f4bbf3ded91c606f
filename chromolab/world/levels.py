"""Levels of marks at promoters and over gene bodies, as consequences of state, strength and transcription."""

from collections.abc import Callable

import numpy as np

from chromolab.world.parameters import Parameters
from chromolab.world.regulation import ACTIVE, CLOSED, LEVEL, WEAK, Levels, Regulation

ABSENT = -30.0  # log2: no signal
POISED = 0.12  # share of closed promoters that keep some H3K4me3, as CpG islands do
# log2 level of each mark in states active, weak, bivalent, closed, polycomb, heterochromatin
BASE = {
    "H3K4me3": (0.0, -1.6, -2.1, ABSENT, ABSENT, ABSENT),
    "H3K9ac": (-0.2, -1.9, -3.2, ABSENT, ABSENT, ABSENT),
    "H3K27ac": (-0.2, -1.9, -4.0, ABSENT, ABSENT, ABSENT),
    "H3K27me3": (ABSENT, ABSENT, -0.3, ABSENT, -0.9, ABSENT),
}
STRENGTH_SHOWN = {"H3K4me3": 0.35, "H3K9ac": 0.35, "H3K27ac": 0.35, "H3K27me3": 0.0}  # log2 per unit of strength
TRANSCRIPTION_SHOWN = {"H3K4me3": 0.0, "H3K9ac": 0.05, "H3K27ac": 0.05, "H3K27me3": 0.0}  # log2 per log2 RPKM
NOISE = {"H3K4me3": 0.45, "H3K9ac": 0.5, "H3K27ac": 0.6, "H3K27me3": 0.7}
SATURATION = 0.9  # log2 level at which promoter marks saturate
BODY_SHUT, BODY_FULL = 2.5, 1.4  # log2: subtracted where the promoter is shut; level at which H3K36me3 saturates
BODY_SLOPE, BODY_NOISE = 0.34, 1.2  # log2 H3K36me3 per log2 RPKM: the mark separates on from off, but tells little more


def level_maker(p: Parameters) -> Callable[[Regulation], Levels]:
    """Draw the noise once, and return the function from `Regulation` to `Levels`.

    Half of the variance of each level's noise belongs to the gene, half to the gene in one cell type.
    """
    rng = p.rng("levels")
    noise = {}
    for mark in (*BASE, "H3K36me3"):
        of_gene = rng.standard_normal((p.genes, 1))
        in_cell_type = rng.standard_normal((p.genes, p.cell_types))
        noise[mark] = (of_gene + in_cell_type) / 2**0.5
    poised = rng.random((p.genes, 1)) < POISED

    def levels(regulation: Regulation) -> Levels:
        state, above = regulation.state, regulation.transcription() - LEVEL[ACTIVE]
        is_open = state <= WEAK
        table = {}
        for mark, base in BASE.items():
            log = np.array(base)[state] + NOISE[mark] * noise[mark]
            log += is_open * (STRENGTH_SHOWN[mark] * regulation.strength + TRANSCRIPTION_SHOWN[mark] * above)
            table[mark] = 2 ** (SATURATION - np.logaddexp2(0, SATURATION - log))
        table["H3K4me3"] = np.where((state == CLOSED) & poised, 0.15 * 2 ** noise["H3K4me3"], table["H3K4me3"])
        body = BODY_SLOPE * above + BODY_NOISE * noise["H3K36me3"] - BODY_SHUT * ~is_open
        return Levels(**table, H3K36me3=2 ** (BODY_FULL - np.logaddexp2(0, BODY_FULL - body)))

    return levels
