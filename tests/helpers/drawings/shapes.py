"""What several drawings share: the colours of kinds, the shapes of marks, a gene, a bracket, a token."""

import numpy as np

from chromolab.defaults import MARK_COLOURS
from chromolab.show.figures.contact_arcs import CAUSE
from chromolab.show.figures.style import LINES
from helpers.drawings.pen import Sheet

EMBEDDING, REGULATION, PAIRWISE = LINES[:3]  # as the glass box colours its steps
HEAD = "#8C5A9E"
PROMOTER, ELEMENT = EMBEDDING, CAUSE
TRAIN, TEST = LINES[0], LINES[1]
MARK = MARK_COLOURS


def hill(at: np.ndarray, centre: float, wide: float, high: float = 1.0) -> np.ndarray:
    """A peak of a track: `high` at `centre`, fallen to 0.61 of it `wide` to each side. `at` is where the bins lie."""
    return high * np.exp(-(((at - centre) / wide) ** 2) / 2)


def plateau(at: np.ndarray, start: float, end: float, high: float = 1.0, edge: float = 0.012) -> np.ndarray:
    """A broad domain of a track from `start` to `end`, with soft edges."""
    return high / (1 + np.exp(-(at - start) / edge)) / (1 + np.exp((at - end) / edge))


def rough(values: np.ndarray, seed: int, noise: float = 0.06) -> np.ndarray:
    """A track with the unrest of counts; between 0 and 1."""
    rng = np.random.default_rng(seed)
    return np.clip(values * (1 + noise * rng.standard_normal(len(values))) + noise * rng.random(len(values)), 0, 1)


def gene(sheet: Sheet, x: float, end: float, y: float, colour: str = "ink") -> None:
    """A gene on the line y: its body from x to `end`, and the arrow at its TSS that points the way it is read."""
    sheet.box(x, y - 5, end - x, 10, fill=colour, round=1.5)
    sheet.arrow([(x, y), (x, y - 20), (x + 22, y - 20)], colour)


def bracket(sheet: Sheet, x: float, end: float, y: float, text: str, tall: float = 6) -> None:
    """A bracket under what lies from x to `end`, and what it is called."""
    sheet.line([(x, y - tall), (x, y), (end, y), (end, y - tall)], "quiet", 1.2)
    sheet.text((x + end) / 2, y + 18, text, "quiet", "middle")


def token(sheet: Sheet, x: float, y: float, r: float, colour: str, text: str = "") -> None:
    """A token of a set: a disc with its letter."""
    sheet.disc(x, y, r, line=colour, fill=colour, tint=0.18, width=2)
    if text:
        sheet.text(x, y + 5, text, "head", "middle")
