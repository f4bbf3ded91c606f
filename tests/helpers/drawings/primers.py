"""Drawings of the two primers: how a mark becomes a track, and an array with its axes."""

import numpy as np

from helpers.drawings.pen import Sheet
from helpers.drawings.shapes import ELEMENT, MARK, PROMOTER, bracket

H3K27AC = MARK["H3K27ac"]
ANTIBODY = MARK["PC1"]
MARKED = (False, True, True, False)  # of the four nucleosomes on the thread


def chip_seq() -> Sheet:
    """From chromatin to pieces, to the pieces with the mark, to reads, their depth and three bins."""
    sheet = Sheet(
        "Chromatin with a mark on two of four nucleosomes is cut into pieces. An antibody holds the two pieces that "
        "carry the mark; the others are washed away. Below, each read is a short bar at its place in the genome, the "
        "curve above counts the bars that cover each base, and three bins hold the mean of the curve.",
        430,
    )
    for i, text in enumerate(("1  chromatin", "2  cut into pieces", "3  an antibody holds")):
        sheet.text(16 + 254 * i, 30, text, "head")
    for panel, spread in ((0, 0), (254, 10), (508, 10)):
        for k, marked in enumerate(MARKED):
            gone = panel == 508 and not marked
            _piece(sheet, panel + 38 + k * (46 + spread), 96, marked, gone)
            if panel == 508 and marked:
                _antibody(sheet, panel + 38 + k * (46 + spread), 60)
    sheet.line([(4, 104), (198, 104)], "ink", 3)
    for x in (212, 494):
        sheet.arrow([(x, 96), (x + 22, 96)])
    sheet.text(744, 146, "what lacks the mark is washed away", "quiet", "end")
    left, wide, ground = 152, 588, 232
    sheet.text(16, 190, "4  reads", "head")
    starts = np.concatenate([[0.06, 0.19, 0.72, 0.9], np.random.default_rng(3).normal(0.45, 0.06, 22)])
    long, depth = 0.09, np.zeros(588)
    rows: list[list[float]] = []  # the starts of the reads in each
    for start in starts:
        row = next((r for r, taken in enumerate(rows) if all(abs(start - a) > long + 0.01 for a in taken)), len(rows))
        rows[row:] = [[*(rows[row] if row < len(rows) else []), start], *rows[row + 1 :]]
        sheet.box(left + wide * start, ground + 10 + 8 * row, wide * long, 5, fill=H3K27AC, round=1, tint=0.75)
        depth[int(wide * start) : int(wide * (start + long))] += 1
    tall = 52 / depth.max()
    sheet.text(left - 14, ground - 16, "depth", "plain", "end")
    sheet.line([(left + i, ground - tall * d) for i, d in enumerate(depth) if i % 2 == 0], PROMOTER, 2)
    sheet.line([(left, ground), (left + wide, ground)], "ink", 2)
    sheet.text(left - 14, ground + 30, "one bar, one read", "quiet", "end")
    means = depth.reshape(3, -1).mean(axis=1)
    sheet.bars(left, 400, wide, 52, means / depth.max(), PROMOTER, gap=3)
    sheet.line([(left, 400), (left + wide, 400)], "quiet", 1)
    sheet.text(left - 14, 392, "three bins", "plain", "end")
    sheet.text(left + wide, 420, "along the genome", "quiet", "end")
    return sheet


def _piece(sheet: Sheet, x: float, y: float, marked: bool, gone: bool) -> None:
    """A nucleosome with its DNA, and the mark on its tail; `gone` is pale."""
    line = "faint" if gone else "quiet"
    sheet.line([(x - 24, y + 8), (x + 24, y + 8)], "faint" if gone else "ink", 3)
    sheet.disc(x, y, 15, line=line, fill="pale", width=1.5)
    sheet.path(f"M{x - 15} {y + 6}Q{x} {y + 13} {x + 15} {y + 2}", line="faint" if gone else "ink", width=3)
    sheet.line([(x, y - 15), (x + 4, y - 24)], line, 1.5)
    if marked:
        sheet.disc(x + 5, y - 28, 5, fill=H3K27AC)


def _antibody(sheet: Sheet, x: float, y: float) -> None:
    """A Y that holds a mark from above."""
    sheet.line([(x + 5, y - 14), (x + 5, y - 2)], ANTIBODY, 3)
    for side in (-1, 1):
        sheet.line([(x + 5, y - 2), (x + 5 + 8 * side, y + 9)], ANTIBODY, 3)


WIDE, HIGH, BACK = 150, 70, (46, 34)  # px of the block: bins, marks, genes


def axes() -> Sheet:
    """An array as a block, and what a number, a number in the second place, a slice and a mean take of it."""
    sheet = Sheet(
        "An array of genes, bins and marks is a block with three directions. depth[0] is its front face, the first "
        "gene. depth[:, 10] is one upright cut through all genes. depth[:, 8:12] is a thick cut of four bins. A mean "
        "along axis 0 presses all genes into one face.",
        372,
    )
    parts = (
        ("depth", [(0, 20, 0, 1)]),
        ("depth[0]", [(0, 20, 0, 0.06)]),
        ("depth[:, 10]", [(10, 11, 0, 1)]),
        ("depth[:, 8:12]", [(8, 12, 0, 1)]),
        ("depth.mean(axis=0)", []),
    )
    for i, (name, lit) in enumerate(parts):
        x, y = 70 + 240 * (i % 3), 92 + 184 * (i // 3)
        sheet.text(x, y - 50, name, "head")
        _block(sheet, x, y, 0, 20, 0, 1, "quiet", 0.08)
        for first, last, near, far in lit:
            _block(sheet, x, y, first, last, near, far, PROMOTER, 0.5 if i else 0.12)
        if name.endswith("(axis=0)"):
            for at in (0.2, 0.5, 0.8):
                corner = x + WIDE * at
                sheet.arrow([(corner + BACK[0], y - BACK[1]), (corner + 6, y - 4)], ELEMENT)
            sheet.box(x, y, WIDE, HIGH, line=PROMOTER, fill=PROMOTER, round=0, tint=0.5)
    bracket(sheet, 70, 70 + WIDE, 92 + HIGH + 12, "axis 1: bins")
    sheet.text(62, 130, "axis 2:", "quiet", "end")
    sheet.text(62, 146, "marks", "quiet", "end")
    sheet.text(70 + WIDE + 28, 92 + HIGH, "axis 0:", "quiet")
    sheet.text(70 + WIDE + 28, 92 + HIGH + 16, "genes", "quiet")
    return sheet


def _block(
    sheet: Sheet, x: float, y: float, first: int, last: int, near: float, far: float, colour: str, tint: float
) -> None:
    """The bins `first` to `last` of 20, and the genes `near` to `far` of 0 to 1, as a block: front, top and side."""

    def at(b: float, g: float, down: float) -> str:
        return f"{x + WIDE * b / 20 + BACK[0] * g:g} {y + HIGH * down - BACK[1] * g:g}"

    faces = (
        [(first, near, 0), (last, near, 0), (last, near, 1), (first, near, 1)],
        [(first, near, 0), (last, near, 0), (last, far, 0), (first, far, 0)],
        [(last, near, 0), (last, far, 0), (last, far, 1), (last, near, 1)],
    )
    for face in faces:
        sheet.path("M" + "L".join(at(*corner) for corner in face) + "z", line=colour, fill=colour, width=1, tint=tint)


def strands() -> Sheet:
    """A gene on each strand: where it starts and ends in the file, and where it is begun to be read."""
    sheet = Sheet(
        "Two genes on one line. The gene on the plus strand has its TSS at start and is read to the right; the gene on "
        "the minus strand has its TSS at end and is read to the left.",
        150,
    )
    y = 84
    sheet.line([(20, y), (740, y)], "ink", 2)
    for x, end, name, forward in ((90, 310, "a gene with +", True), (450, 670, "a gene with −", False)):
        sheet.box(x, y - 6, end - x, 12, fill="quiet", round=1.5)
        tss, way = (x, 1) if forward else (end, -1)
        sheet.arrow([(tss, y), (tss, y - 30), (tss + 40 * way, y - 30)], PROMOTER, 2.2)
        sheet.text(tss + 48 * way, y - 25, "TSS", "head", "start" if forward else "end")
        sheet.text((x + end) / 2, y + 50, name, "plain", "middle")
        sheet.text(x, y + 28, "start", "quiet", "middle")
        sheet.text(end, y + 28, "end", "quiet", "middle")
    return sheet
