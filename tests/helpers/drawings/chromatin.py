"""Drawings of what lies in the nucleus: nucleosomes and marks, bins, a loop, compartments."""

import numpy as np

from helpers.drawings.pen import Sheet
from helpers.drawings.shapes import ELEMENT, MARK, PROMOTER, gene, hill, plateau, rough, token

OPEN, CLOSED = MARK["PC1"], MARK["H3K9me3"]  # compartments


def nucleosome() -> Sheet:
    """DNA on histones, marks on their tails, and below where each mark lies along a genome."""
    sheet = Sheet(
        "Above: DNA is wound around histones, and a mark sits on the tail of a histone. Below: H3K4me3 and "
        "H3K27ac lie at the start of an active gene, H3K4me1 and H3K27ac at an enhancer, H3K36me3 along the "
        "active gene's body, H3K27me3 over a silent gene, H3K9me3 over repeats.",
        436,
    )
    _thread(sheet, 118)
    at = (np.arange(118) + 0.5) / 118
    tracks = {
        "H3K4me3": hill(at, 0.31, 0.018),
        "H3K27ac": hill(at, 0.315, 0.022, 0.8) + hill(at, 0.12, 0.022, 0.75),
        "H3K4me1": hill(at, 0.12, 0.035, 0.8) + hill(at, 0.24, 0.015, 0.45) + hill(at, 0.39, 0.015, 0.4),
        "H3K36me3": plateau(at, 0.37, 0.6, 0.75),
        "H3K27me3": plateau(at, 0.69, 0.86, 0.85),
        "H3K9me3": plateau(at, 0.91, 0.99, 0.8, 0.005),
    }
    for text, centre in (("enhancer", 0.12), ("active gene", 0.46), ("silent gene", 0.775), ("repeats", 0.945)):
        sheet.text(150 + 590 * centre, 218, text, "plain", "middle")
    for i, (mark, values) in enumerate(tracks.items()):
        y = 254 + 28 * i
        sheet.text(138, y - 4, mark, "plain", "end")
        sheet.line([(150, y), (740, y)], "faint", 1)
        sheet.bars(150, y, 590, 23, rough(values, i, 0.05), MARK[mark])
    sheet.line([(150, 424), (740, 424)], "ink", 2)
    gene(sheet, 150 + 590 * 0.3, 150 + 590 * 0.62, 424)
    gene(sheet, 150 + 590 * 0.71, 150 + 590 * 0.84, 424, "quiet")
    sheet.box(150 + 590 * 0.095, 418, 30, 12, fill=ELEMENT, round=2)
    return sheet


def _thread(sheet: Sheet, y: float) -> None:
    """Four nucleosomes on a thread of DNA, each with a mark on one tail."""
    marked = {128: "H3K4me3", 272: "H3K27ac", 416: "H3K36me3", 560: "H3K27me3"}
    for x, mark in marked.items():
        sheet.path(f"M{x - 8} {y - 30}C{x - 20} {y - 44} {x + 12} {y - 48} {x} {y - 64}", line="ink", width=2)
        sheet.disc(x, y, 34, line="quiet", fill="pale", width=1.5)
        sheet.disc(x, y - 70, 8, fill=MARK[mark])
        sheet.text(x, y - 86, mark, "plain", "middle")
    for x in marked:
        for low in (14, -6):
            sheet.path(f"M{x - 33} {y + low}Q{x - 4} {y + low + 16} {x + 33} {y + low - 10}", line="ink", width=3.5)
    ends = [(20, y + 4), *((x + 33 * side, y + (-16 if side > 0 else 14)) for x in marked for side in (-1, 1))]
    for (x0, y0), (x1, y1) in zip(ends[::2], [*ends[1::2], (690, y)], strict=True):
        middle = (x0 + x1) / 2
        sheet.path(f"M{x0} {y0}C{middle} {y0} {middle} {y1} {x1} {y1}", line="ink", width=3.5)
    sheet.text(20, y + 32, "DNA", "quiet")
    sheet.text(272, y + 56, "eight histones", "quiet", "middle")
    sheet.text(644, y - 66, "a mark", "quiet")
    sheet.text(644, y - 42, "a histone's tail", "quiet")
    sheet.line([(576, y - 70), (638, y - 70)], "quiet", 1)
    sheet.line([(570, y - 46), (638, y - 46)], "quiet", 1)


def bins() -> Sheet:
    """One track at each base, and its means in bins of three sizes."""
    sheet = Sheet(
        "The depth of a track in the 40 kb around a TSS, and its mean in 20 bins of 2000 bp, 80 bins of 500 bp "
        "and 400 bins of 100 bp. Coarse bins show the broad domain as one level; only fine bins show the dip at "
        "the TSS.",
        404,
    )
    left, wide = 152, 588
    kb = (np.arange(1600) + 0.5) / 40 - 20
    depth = (
        hill(kb, 0.5, 1.1, 0.8) - hill(kb, 0.0, 0.16, 0.6) + hill(kb, -11, 0.7, 0.45) + plateau(kb, 3, 16, 0.16, 0.5)
    )
    depth = np.clip(rough(np.clip(depth, 0, 1), 3, 0.1), 0, 1)
    rows = (
        ("depth", "at each base", 1600),
        ("2000 bp", "20 bins", 20),
        ("500 bp", "80 bins", 80),
        ("100 bp", "400 bins", 400),
    )
    for i, (name, count, parts) in enumerate(rows):
        y = 84 + 86 * i
        sheet.text(left - 14, y - 32, name, "head", "end")
        sheet.text(left - 14, y - 13, count, "quiet", "end")
        means = depth.reshape(parts, -1).mean(1)
        sheet.bars(left, y, wide, 64, means, PROMOTER if i else "quiet", gap={20: 2, 80: 1}.get(parts, 0))
        sheet.line([(left, y), (left + wide, y)], "quiet", 1)
    gene(sheet, left + wide / 2, left + wide * 0.9, 376)
    sheet.text(left, 380, "−20 kb", "quiet")
    sheet.text(left + wide / 2, 398, "TSS", "quiet", "middle")
    sheet.text(left + wide, 398, "+20 kb", "quiet", "end")
    return sheet


def loop() -> Sheet:
    """An element far along the thread that touches the promoter where the thread folds."""
    sheet = Sheet(
        "Above: along the thread an element lies 200 kb from a promoter, outside its window of 40 kb and behind "
        "another gene. Below: the thread folds, and promoter and element touch. Twelve read pairs join them where "
        "distance alone gives four, so the frequency is 3.",
        400,
    )
    p, other, e, y = 190, 400, 610, 74
    sheet.box(p - 42, y - 34, 84, 60, fill="pale")
    sheet.line([(24, y), (736, y)], "ink", 3)
    for cut in (60, 122, 232, 290, 345, 452, 520, 582, 638, 700):
        sheet.line([(cut, y - 8), (cut, y + 8)], "quiet", 1.5)
    sheet.line([(582, y), (638, y)], ELEMENT, 7)
    for x, colour in ((p, PROMOTER), (other, "quiet"), (e, ELEMENT)):
        sheet.disc(x, y, 12, fill="ground")
        token(sheet, x, y, 12, colour, "P" if x == p else "")
    for x, text in ((p, "promoter"), (other, "another gene"), (e, "element (pCRE)")):
        sheet.text(x, y - 42, text, "plain", "middle")
    sheet.text(p, y + 46, "window, 40 kb", "quiet", "middle")
    sheet.text(e, y + 32, "a fragment between two cuts", "quiet", "middle")
    sheet.line([(p, 140), (p, 146), (e, 146), (e, 140)], "quiet", 1.2)
    sheet.text((p + e) / 2, 165, "200 kb", "quiet", "middle")
    sheet.path(
        "M24 350H208C244 350 252 342 246 322C214 280 196 200 262 196"
        "C328 200 310 280 278 322C272 342 280 350 316 350H430",
        line="ink",
        width=3,
    )
    for x, y, colour in ((246, 324, PROMOTER), (278, 324, ELEMENT), (262, 196, "quiet")):
        sheet.disc(x, y, 13, fill="ground")
        token(sheet, x, y, 13, colour, "P" if x == 246 else "")
    sheet.text(180, 330, "promoter", "plain", "middle")
    sheet.text(345, 330, "element", "plain", "middle")
    sheet.text(262, 386, "where the thread folds, they touch", "quiet", "middle")
    for i, (text, kind) in enumerate(
        (("read pairs that join them", "quiet"), ("12 observed", "plain"), ("4 expected at 200 kb", "plain"))
    ):
        sheet.text(476, 246 + 26 * i, text, kind)
    sheet.text(476, 334, "frequency f = 12 / 4 = 3", "head")
    return sheet


def compartments() -> Sheet:
    """A nucleus with its open inside and closed rim, and beside it PC1 and CTCF along a chromosome."""
    sheet = Sheet(
        "Left: in a nucleus open chromatin (compartment A) lies inside, closed chromatin (B) at the rim. Right: "
        "along a chromosome PC1 is above 0 in A and below 0 in B, in blocks of megabases; CTCF stands in narrow "
        "peaks at the feet of loops.",
        372,
    )
    x, y = 152, 170
    sheet.disc(x, y, 128, line="quiet", width=2.5)
    turn = np.linspace(0, 2 * np.pi, 721)
    for start in (5, 245, 485):  # three closed stretches along the rim, folded close; one open one inside, folded wide
        a = turn[start : start + 190]
        r = 103 + 11 * np.sin(66 * a)
        sheet.line(
            [(round(x + i, 1), round(y + j, 1)) for i, j in zip(r * np.cos(a), r * np.sin(a), strict=True)], CLOSED, 3
        )
    r = 50 + 22 * np.cos(5 * turn[::3]) + 6 * np.cos(2 * turn[::3])
    inside = zip(r * np.cos(turn[::3]), r * np.sin(turn[::3]), strict=True)
    sheet.line([(round(x + i, 1), round(y + j, 1)) for i, j in inside], OPEN, 3)
    sheet.text(x, 326, "A inside: open, genes at work", "quiet", "middle")
    sheet.text(x, 348, "B at the rim: closed", "quiet", "middle")
    left, wide, zero = 380, 352, 118
    blocks = np.repeat([0.8, -0.7, 0.55, -0.9, 0.7], [14, 12, 9, 16, 13])
    rng = np.random.default_rng(4)
    values = blocks * (0.82 + 0.18 * rng.random(len(blocks)))
    sheet.bars(left, zero, wide, 56, np.where(values > 0, values, 0), OPEN)
    sheet.bars(left, zero, wide, 56, np.where(values < 0, values, 0), CLOSED)
    sheet.line([(left, zero), (left + wide, zero)], "ink", 1)
    sheet.text(left - 14, zero + 5, "PC1", "head", "end")
    step, start = wide / len(blocks), left
    for name, count in zip("ABABA", (14, 12, 9, 16, 13), strict=True):
        sheet.text(start + step * count / 2, 48, name, "plain", "middle")
        start += step * count
    sheet.text(left + wide, 198, "blocks of megabases: one value for many genes", "quiet", "end")
    feet = np.array([0.06, 0.3, 0.36, 0.47, 0.62, 0.93]) * wide + left
    for a, b in zip(feet[::2], feet[1::2], strict=True):
        sheet.path(f"M{a:.0f} 268Q{(a + b) / 2:.0f} {268 - 0.62 * (b - a):.0f} {b:.0f} 268", line="quiet", width=1.8)
    at = (np.arange(176) + 0.5) / 176 * wide + left
    sheet.bars(left, 316, wide, 40, sum(hill(at, foot, 1.6) for foot in feet), MARK["CTCF"], gap=0)
    sheet.line([(left, 316), (left + wide, 316)], "ink", 1)
    sheet.text(left - 14, 308, "CTCF", "head", "end")
    sheet.text(left + wide, 344, "narrow peaks, at the feet of loops", "quiet", "end")
    return sheet
