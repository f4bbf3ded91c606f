"""Drawings of what reaches what: four models over one window, and a promoter that asks a pCRE."""

import numpy as np

from helpers.drawings.attending import softmax
from helpers.drawings.pen import Sheet
from helpers.drawings.shapes import ELEMENT, EMBEDDING, PAIRWISE, PROMOTER, REGULATION, bracket, token

LEFT, STEP, BINS, TSS = 186, 21, 27, 13  # of the window in `how_far`


def middle(i: int) -> float:
    """Where bin i of the window lies."""
    return LEFT + STEP * i + 8.5


def how_far() -> Sheet:
    """Four models over one window with a switch at the TSS and a signal at its end."""
    sheet = Sheet(
        "A window with a switch at the TSS and a signal 19 kb downstream, and the ways of four models. The narrow CNN "
        "does not look there. The wide CNN has a weight for each place. The RNN hands on what it saw, bin by bin, and "
        "less of it arrives at each step. The transformer asks every bin at once.",
        478,
    )
    sheet.text(16, 58, "the window", "head")
    sheet.text(16, 77, "40 kb in bins", "quiet")
    noise = np.random.default_rng(4).random(BINS) * 0.22
    sheet.bars(LEFT - 2, 78, STEP * BINS, 40, np.where(np.arange(BINS) == BINS - 1, 0.95, noise), ELEMENT, gap=5)
    sheet.bars(middle(TSS) - 8, 78, 16, 40, [0.95], EMBEDDING, gap=0)
    sheet.line([(LEFT - 2, 78), (LEFT + STEP * BINS - 2, 78)], "quiet", 1)
    sheet.text(middle(TSS), 28, "switch at the TSS", "quiet", "middle")
    sheet.text(LEFT + STEP * BINS - 2, 28, "signal, 19 kb away", "quiet", "end")
    rows = (
        (168, "CNN, 10 kb", "a narrow window"),
        (262, "CNN, 40 kb", "a weight for each place"),
        (356, "RNN", "one step for each bin"),
        (450, "transformer", "one step to every bin"),
    )
    for y, name, what in rows:
        sheet.text(16, y - 14, name, "head")
        sheet.text(16, y + 5, what, "quiet")
    narrow = abs(np.arange(BINS) - TSS) <= 4
    for (y, *_), seen in zip(rows[:2], (narrow, narrow | True), strict=True):
        sheet.cells(LEFT, y - 8, 17, [PAIRWISE if s else "" for s in seen], gap=4, tint=0.75)
        for i in np.flatnonzero(seen)[1::3]:
            sheet.line([(middle(i), y - 10), (middle(TSS), y - 48)], PAIRWISE, 1.6)
    sheet.text(middle(BINS - 1) + 8, 150, "not seen", "quiet", "end")
    y = rows[2][0]
    for i in range(BINS):  # what is left at the TSS of what was seen there
        left = 0.72 ** abs(i - TSS)
        sheet.cells(LEFT + STEP * i, y - 8, 17, [REGULATION if left > 0.03 else ""], tint=round(max(left, 0.08), 2))
    for i in [i for i in range(BINS) if i != TSS]:
        towards = 1 if i < TSS else -1
        sheet.arrow([(middle(i), y - 20), (middle(i + towards), y - 20)], REGULATION, 1.4)
    y = rows[3][0]
    sheet.cells(LEFT, y - 8, 17, [EMBEDDING] * BINS, gap=4, tint=0.75)
    for i in [i for i in range(BINS) if i != TSS]:
        far = abs(i - TSS)
        high = y - 14 - 3.6 * far
        wide, colour = (3.2, ELEMENT) if i == BINS - 1 else (1, EMBEDDING)
        sheet.path(
            f"M{middle(TSS):g} {y - 9}C{middle(TSS):g} {high:g} {middle(i):g} {high:g} {middle(i):g} {y - 9}",
            colour,
            width=wide,
        )
    for y, *_ in rows:
        sheet.box(middle(TSS) - 10.5, y - 10, 21, 21, line="ink", width=2, round=2)
    for y, *_ in rows[:2]:
        sheet.disc(middle(TSS), y - 48, 5, fill="ink")
    return sheet


def two_sequences() -> Sheet:
    """The promoter's token asks the bins of one pCRE, twice: the token changes, and the bins do not."""
    sheet = Sheet(
        "Above, the promoter: the token of its TSS bin asks in layer 1, is changed by the answer, and asks again in "
        "layer 2. Below, the bins of one pCRE with padding on both sides. Both layers read the same bins; no line "
        "leads to padding, which the mask hides.",
        372,
    )
    sheet.text(16, 62, "promoter", "head")
    sheet.text(16, 81, "its bins", "quiet")
    for i in range(7):
        sheet.cells(112 + 24 * i, 46, 20, [PROMOTER if i == 3 else ""], tint=0.8)
    sheet.text(194, 36, "TSS", "quiet", "middle")
    sheet.arrow([(194, 68), (194, 92), (290, 92), (290, 56), (305, 56)], PROMOTER)
    sheet.text(112, 114, "notebook 03 made", "quiet")
    sheet.text(112, 132, "a token of it", "quiet")
    left, step, bins, first, y = 112, 31, 20, 6, 268
    data = (np.arange(bins) >= first) & (np.arange(bins) < first + 8)
    at = np.arange(bins)
    boxes = (384, 572)  # the left sides of the two layers
    for x, focus, sharp in zip(boxes, (10.5, 9.0), (1.8, 1.2), strict=True):
        shares = softmax(np.where(data, 2.4 * np.exp(-(((at - focus) / sharp) ** 2)), -np.inf))
        for i in np.flatnonzero(data):
            sheet.line([(left + step * i + 13, y - 3), (x + 40, 88)], ELEMENT, round(0.6 + 14 * shares[i], 2))
    for i, x in enumerate(boxes, 1):
        sheet.box(x, 24, 80, 64, fill="ground", round=6)
        sheet.box(x, 24, 80, 64, line=PAIRWISE, fill=PAIRWISE, tint=0.14, width=2)
        sheet.text(x + 40, 52, f"layer {i}", "head", "middle")
        sheet.text(x + 40, 72, "asks", "quiet", "middle")
    for x, name in ((324, "P"), (512, "P′"), (704, "P″")):
        token(sheet, x, 56, 19, PROMOTER, name)
    for start, end in ((343, 384), (464, 493), (531, 572), (652, 685)):
        sheet.arrow([(start, 56), (end, 56)], PROMOTER)
    sheet.text(704, 96, "the answer", "quiet", "middle")
    sheet.text(16, y + 4, "one pCRE", "head")
    sheet.text(16, y + 23, "its bins", "quiet")
    sheet.cells(left, y, 26, [ELEMENT if d else "" for d in data], gap=5, tint=0.8)
    for i in np.flatnonzero(~data):
        x = left + step * i + 13
        sheet.line([(x - 5, y + 8), (x + 5, y + 18)], "quiet", 1.6)
        sheet.line([(x - 5, y + 18), (x + 5, y + 8)], "quiet", 1.6)
    for start, stop, text in (
        (0, 6, "padding, hidden"),
        (6, 14, "read in both layers, and not changed"),
        (14, 20, "padding, hidden"),
    ):
        bracket(sheet, left + step * start, left + step * stop - 5, y + 44, text)
    sheet.text(112, 218, "keys: what a bin offers", "quiet")
    sheet.text(112, 237, "values: what it tells", "quiet")
    sheet.text(16, 356, "the thicker a line, the more of the bin's value is in the answer", "quiet")
    return sheet
