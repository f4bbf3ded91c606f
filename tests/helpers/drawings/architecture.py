"""The model in one picture: window and elements, three transformers, head; some parts lit, the rest quiet."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from helpers.drawings.pen import Sheet
from helpers.drawings.shapes import (
    ELEMENT,
    EMBEDDING,
    HEAD,
    MARK,
    PAIRWISE,
    PROMOTER,
    REGULATION,
    gene,
    hill,
    plateau,
    rough,
    token,
)

PARTS = ("window", "elements", "embedding", "pairwise", "regulation", "head")
LIT = {  # name of the drawing -> the parts that are lit
    "architecture": PARTS,
    "architecture-embedding": ("embedding",),
    "architecture-pairwise": ("pairwise",),
    "architecture-regulation": ("regulation",),
    "architecture-head": ("head",),
    "architecture-tracks": ("window", "elements"),
    "architecture-transformers": ("embedding", "pairwise", "regulation"),
    "architecture-attention": ("embedding", "regulation"),
    "architecture-whole-gene": ("window", "embedding"),
    "architecture-contacts": ("elements", "regulation"),
}
SAYS = (
    "Chromoformer. The promoter's window, bins by marks, goes through the embedding transformer. Its bin at the TSS "
    "asks each element in the pairwise transformer. Promoter and answers meet as a set in the regulation transformer, "
    "where contact frequencies are added to the scores. This is done at three resolutions; a head makes the prediction."
)


@dataclass(frozen=True)
class Frame:
    """A part's frame on the sheet: its corner and size in pixels, its colour, whether it is lit."""

    x: float
    y: float
    w: float
    h: float
    colour: str
    lit: bool

    def shade(self, colour: str) -> str:
        """A colour where the part is lit, else a quiet one."""
        return colour if self.lit else "faint"

    def draw(self, sheet: Sheet, title: str) -> None:
        """The frame and its title."""
        paint = {"fill": self.colour, "tint": 0.1, "width": 2.6} if self.lit else {"width": 1.2}
        sheet.box(self.x, self.y, self.w, self.h, line=self.colour if self.lit else "faint", **paint)
        sheet.text(self.x + self.w / 2, self.y + 24, title, "head", "middle", ink="ink" if self.lit else "quiet")


def architecture(lit: Collection[str]) -> Sheet:
    """The drawing with these of `PARTS` lit."""
    named = "" if set(lit) == set(PARTS) else f" Lit: {', '.join(lit)}."
    sheet = Sheet(SAYS + named, 486)
    frames = {
        "window": Frame(14, 44, 204, 176, PROMOTER, "window" in lit),
        "elements": Frame(14, 260, 204, 150, ELEMENT, "elements" in lit),
        "embedding": Frame(262, 44, 170, 176, EMBEDDING, "embedding" in lit),
        "pairwise": Frame(262, 260, 170, 150, PAIRWISE, "pairwise" in lit),
        "regulation": Frame(502, 44, 140, 366, REGULATION, "regulation" in lit),
        "head": Frame(678, 96, 74, 176, HEAD, "head" in lit),
    }
    for part, frame in frames.items():
        DRAWN[part](sheet, frame)
    _ways(sheet)
    return sheet


def _window(sheet: Sheet, frame: Frame) -> None:
    frame.draw(sheet, "Promoter window")
    at = (np.arange(32) + 0.5) / 32
    tracks = {
        "H3K4me3": hill(at, 0.52, 0.05, 0.95),
        "H3K27ac": hill(at, 0.53, 0.06, 0.8) + hill(at, 0.17, 0.04, 0.6),
        "H3K36me3": plateau(at, 0.58, 0.92, 0.7, 0.03),
    }
    for i, (mark, values) in enumerate(tracks.items()):
        sheet.bars(frame.x + 12, 106 + 28 * i, 180, 25, rough(values, i), frame.shade(MARK[mark]))
    gene(sheet, frame.x + 102, frame.x + 178, 188, frame.shade("ink"))
    sheet.text(frame.x + 12, 192, "7 marks", "quiet")
    sheet.text(frame.x + frame.w / 2, 212, "bins × marks, 40 kb", "quiet", "middle")


def _elements(sheet: Sheet, frame: Frame) -> None:
    frame.draw(sheet, "Up to 8 elements")
    for i, (bins, frequency) in enumerate(((4, 4.2), (8, 2.6), (3, 1.7))):
        left = (10 - bins + 1) // 2
        colours = [frame.shade(ELEMENT) if left <= k < left + bins else "" for k in range(10)]
        sheet.cells(frame.x + 14, 298 + 22 * i, 10, colours)
        sheet.text(frame.x + frame.w - 14, 308 + 22 * i, f"f = {frequency}", "quiet", "end")
    sheet.text(frame.x + frame.w / 2, 381, "pCREs × bins × marks,", "quiet", "middle")
    sheet.text(frame.x + frame.w / 2, 399, "and frequencies f", "quiet", "middle")


def _embedding(sheet: Sheet, frame: Frame) -> None:
    frame.draw(sheet, "1 Embedding")
    colours = [frame.shade(EMBEDDING)] * 11
    x, y = frame.x + 14, 172
    for i in (0, 1, 3, 4, 6, 7, 9, 10):
        ends = x + 13 * i + 5.5, x + 13 * 5 + 5.5
        high = y - 12 - 10 * abs(i - 5)
        sheet.path(
            f"M{ends[0]} {y - 3}C{ends[0]} {high} {ends[1]} {high} {ends[1]} {y - 3}", line=colours[0], width=1.3
        )
    sheet.cells(x, y, 11, [*[""] * 5, colours[0], *[""] * 5])
    sheet.text(frame.x + frame.w / 2, 206, "bins look at bins", "quiet", "middle")


def _pairwise(sheet: Sheet, frame: Frame) -> None:
    frame.draw(sheet, "2 Pairwise")
    middle = frame.x + frame.w / 2
    for i in range(7):
        sheet.line([(middle, 312), (middle + 14 * (i - 3), 352)], frame.shade(PAIRWISE), 3.2 if i == 4 else 1.1)
    sheet.cells(middle - 5.5, 302, 11, [frame.shade(PROMOTER)])
    sheet.cells(middle - 3 * 14 - 6, 354, 12, [frame.shade(ELEMENT)] * 7)
    sheet.text(middle, 395, "it asks an element", "quiet", "middle")


def _regulation(sheet: Sheet, frame: Frame) -> None:
    frame.draw(sheet, "3 Regulation")
    middle = frame.x + frame.w / 2
    for x, y, wide in ((-44, 236, 5), (-16, 258, 3), (16, 258, 1.8), (44, 236, 1.2)):
        sheet.line([(middle, 140), (middle + x, y)], frame.shade(REGULATION), wide)
    for x, y in ((-44, 236), (-16, 258), (16, 258), (44, 236)):
        sheet.disc(middle + x, y, 12, fill="ground")
        token(sheet, middle + x, y, 12, frame.shade(ELEMENT))
    sheet.disc(middle, 140, 17, fill="ground")
    token(sheet, middle, 140, 17, frame.shade(PROMOTER), "P")
    for i, line in enumerate(("a set: promoter", "and elements,", "frequencies f", "in the scores")):
        sheet.text(middle, 308 + 18 * i, line, "quiet", "middle")


def _head(sheet: Sheet, frame: Frame) -> None:
    frame.draw(sheet, "4 Head")
    x, colour = frame.x + frame.w / 2, frame.shade(HEAD)
    for a in (-18, 0, 18):
        for b in (-18, 0, 18):
            sheet.line([(x + a, 148), (x + b, 190)], colour, 1)
        sheet.line([(x + a, 190), (x, 232)], colour, 1)
    for a, y in [(a, y) for y in (148, 190) for a in (-18, 0, 18)] + [(0, 232)]:
        sheet.disc(x + a, y, 5, fill=colour)


DRAWN = dict(zip(PARTS, (_window, _elements, _embedding, _pairwise, _regulation, _head), strict=True))


def _ways(sheet: Sheet) -> None:
    """What goes from part to part, and what comes out."""
    for points in (
        [(218, 132), (262, 132)],
        [(218, 335), (262, 335)],
        [(347, 220), (347, 260)],
        [(432, 132), (502, 132)],
        [(432, 335), (502, 335)],
        [(642, 184), (678, 184)],
        [(347, 44), (347, 26), (715, 26), (715, 96)],
        [(116, 410), (116, 439), (572, 439), (572, 410)],
        [(715, 272), (715, 306)],
    ):
        sheet.arrow(points)
    sheet.text(467, 122, "TSS bin", "quiet", "middle")
    sheet.text(467, 325, "answers", "quiet", "middle")
    sheet.text(357, 245, "queries", "quiet")
    sheet.text(530, 19, "the promoter's own vector is added", "quiet", "middle")
    sheet.text(262, 431, "contact frequencies", "quiet")
    for i, (line, kind) in enumerate((("expression", "head"), ("a level, or", "quiet"), ("high or low", "quiet"))):
        sheet.text(746, 328 + 19 * i, line, kind, "end")
    sheet.line([(262, 450), (262, 456), (642, 456), (642, 450)], "quiet", 1.2)
    sheet.text(452, 474, "1 to 3 once at each resolution: bins of 2000, 500, 100 bp", "quiet", "middle")
