"""Levels of marks at promoters and over gene bodies, as consequences of what a promoter is and does."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from chromolab.world.parameters import Parameters
from chromolab.world.regulation import OPEN_LEVEL, POLYCOMB, PULL, Regulation

ABSENT = -30.0  # log2: no signal
POISED = 0.15  # share of closed promoters that keep some H3K4me3, as CpG islands do
# log2 level at an open promoter, what a weak promoter and what each log2 of Polycomb pull take from it
OPEN = {"H3K4me3": (0.0, -1.5, -0.30), "H3K9ac": (-0.2, -1.6, -0.55), "H3K27ac": (-0.2, -1.6, -0.65)}
STRENGTH_SHOWN = 0.35  # log2 per unit of strength
TRANSCRIPTION_SHOWN = {"H3K4me3": 0.0, "H3K9ac": 0.05, "H3K27ac": 0.05}  # log2 per log2 RPKM
PULLED, POLYCOMB_SHUT = (
    -0.2,
    -0.9,
)  # log2 H3K27me3 at full pull; at shut promoters that Polycomb holds without silencers
NOISE = {"H3K4me3": 0.8, "H3K9ac": 0.8, "H3K27ac": 0.9, "H3K27me3": 0.7}
SATURATION = 0.9  # log2 level at which promoter marks saturate
BODY_SHUT, BODY_FULL = 1.4, 1.4  # log2: subtracted where the promoter is shut; level at which H3K36me3 saturates
BODY_SLOPE, BODY_NOISE = 0.45, 0.6  # log2 H3K36me3 per log2 RPKM, and its noise


@dataclass(frozen=True)
class Levels:
    """Levels of marks at each promoter or gene body (genes, cell types); 1 is a strong signal. Models can see these."""

    H3K4me3: np.ndarray
    H3K9ac: np.ndarray
    H3K27ac: np.ndarray
    H3K27me3: np.ndarray
    H3K36me3: np.ndarray

    def items(self):
        """Pairs (mark, its levels)."""
        return vars(self).items()


def level_maker(p: Parameters) -> Callable[[Regulation], Levels]:
    """Draw the noise once, and return the function from `Regulation` to `Levels`.

    Half of the variance of each level's noise belongs to the gene, half to the gene in one cell type.
    """
    rng = p.own_rng("levels")
    noise = {}
    for mark in (*NOISE, "H3K36me3"):
        of_gene = rng.standard_normal((p.genes, 1))
        in_cell_type = rng.standard_normal((p.genes, p.cell_types))
        noise[mark] = (of_gene + in_cell_type) / 2**0.5
    poised = rng.random((p.genes, 1)) < POISED
    told_by = {mark: p.by_lineage(f"code {mark}", p.code_drift) for mark in (*OPEN, "H3K36me3")}

    def levels(regulation: Regulation) -> Levels:
        above = regulation.transcription - OPEN_LEVEL
        is_open, weak, pulled = regulation.opened > 0.5, regulation.draws.weak, regulation.pulled
        table = {}
        for mark, (full, less, per_pull) in OPEN.items():
            told = told_by[mark]
            log = full + told * less * weak + told * per_pull * pulled + NOISE[mark] * noise[mark]
            log = log + told * STRENGTH_SHOWN * regulation.draws.strength + told * TRANSCRIPTION_SHOWN[mark] * above
            table[mark] = _saturated(np.where(is_open, log, ABSENT), SATURATION)
        table["H3K4me3"] = np.where(~is_open & poised, 0.12 * 2 ** noise["H3K4me3"], table["H3K4me3"])
        held = np.log2(np.maximum(pulled / PULL, 2**ABSENT)) + PULLED
        held = np.where(regulation.state == POLYCOMB, np.maximum(held, POLYCOMB_SHUT), held)
        table["H3K27me3"] = _saturated(held + NOISE["H3K27me3"] * noise["H3K27me3"], SATURATION)
        of_body = told_by["H3K36me3"] * BODY_SLOPE * above - BODY_SHUT * ~is_open
        body = min(p.readout, 1) * of_body + BODY_NOISE / max(p.readout, 1) * noise["H3K36me3"]
        return Levels(**table, H3K36me3=_saturated(body, BODY_FULL))

    return levels


def _saturated(log: np.ndarray, most: float) -> np.ndarray:
    """2 to the `log`, limited smoothly to 2 to the `most`."""
    return 2 ** (most - np.logaddexp2(0, most - log))
