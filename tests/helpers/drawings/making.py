"""Drawings of what is made: bins of a window or a whole gene, a dataset from files, runs from a grid."""

import numpy as np

from chromolab.data.bodies.growing_bins import growing_bins
from helpers.drawings.pen import Sheet
from helpers.drawings.shapes import HEAD, MARK, PROMOTER, TRAIN, bracket

KB = 1000
TINTS = {8000: 0.22, 2000: 0.42, 500: 0.9}  # of a bin's size: the finer, the stronger


def bins_that_grow() -> Sheet:
    """A gene of 62 kb in bins of 8 kb, 2 kb and 500 bp, to scale and one after another."""
    sheet = Sheet(
        "A gene of 62 kb runs out of the window of 40 kb. Its bins are 500 bp wide at the TSS, the end and the "
        "exons, and 2 kb or 8 kb wide in between. Below, one after another, the fine bins take most of the room.",
        390,
    )
    exons = np.array([[0, 400], [9_000, 9_200], [33_000, 33_150], [50_000, 50_300], [61_000, 62_000]])
    cut = growing_bins(24 * KB, 72 * KB, 62 * KB, exons)
    left, wide = 30, 700

    def at(place):
        return left + (np.asarray(place) / KB + 24) / 96 * wide

    def row(starts, ends, y):
        for size, tint in TINTS.items():
            chosen = (cut.end - cut.start) == size
            for a, b in zip(starts[chosen], ends[chosen], strict=True):
                sheet.box(
                    round(a, 1), y, round(b - a, 1), 30, line="ground", fill=PROMOTER, round=0, width=0.6, tint=tint
                )

    sheet.line([(left, 60), (left + wide, 60)], "quiet", 1.5)
    sheet.line([(float(at(0)), 60), (float(at(62 * KB)), 60)], "ink", 5)
    for a, b in exons:
        sheet.box(float(at(a)), 51, max(3, float(at(b) - at(a))), 18, fill="ink", round=1)
    sheet.arrow([(float(at(0)), 51), (float(at(0)), 30), (float(at(0)) + 22, 30)], "ink")
    sheet.text(float(at(0)) + 30, 35, "TSS", "quiet")
    sheet.text(float(at(62 * KB)), 40, "its end", "quiet", "middle")
    sheet.text(float(at(41.5 * KB)), 50, "exons are boxes", "quiet", "middle")
    bracket(sheet, float(at(-20 * KB)), float(at(20 * KB)), 88, "the window, 40 kb")
    row(at(cut.start), at(cut.end), 132)
    sheet.text(left, 182, "to scale", "head")
    edges = left + np.arange(len(cut.start) + 1) / len(cut.start) * wide
    row(edges[:-1], edges[1:], 266)
    for place, edge in zip(at(np.append(cut.start, cut.end[-1]))[::4], edges[::4], strict=True):
        sheet.line([(round(place, 1), 196), (round(edge, 1), 258)], "faint", 1)
    exon = np.flatnonzero(cut.parts[:, 1] > 0)
    for i in exon:
        sheet.box(round(edges[i], 1), 300, round(edges[i + 1] - edges[i], 1), 7, fill="ink", round=0)
    sheet.text(left, 328, f"as a model meets it: {len(cut.start)} bins, where bins of 100 bp would be 960", "head")
    for i, (size, tint) in enumerate(TINTS.items()):
        sheet.box(left + 120 * i, 352, 22, 16, fill=PROMOTER, tint=tint, round=2)
        sheet.text(left + 30 + 120 * i, 365, f"{size / KB:g} kb" if size >= KB else f"{size} bp", "quiet")
    sheet.text(left + 360, 365, "the feet are exons", "quiet")
    return sheet


def files() -> Sheet:
    """Five kinds of files, what looks at them, and the dataset that is built from them."""
    sheet = Sheet(
        "Five kinds of files are named in one file, my.yaml. The doctor looks at what is in them before anything "
        "is built. The build makes one dataset of genes: a window in bins by marks, elements and frequencies, a "
        "level of expression.",
        316,
    )
    kinds = ("signal", "genes", "expression", "contacts", "chromosomes")
    formats = ("bigWig, reads", "GTF, BED", "a table", "a table, .cool", "names, lengths")
    for i, (kind, form) in enumerate(zip(kinds, formats, strict=True)):
        y = 20 + 56 * i
        sheet.path(f"M20 {y}h170l12 12v32h-182z", line="quiet", width=1.4)
        sheet.text(30, y + 19, kind, "plain")
        sheet.text(30, y + 37, form, "quiet")
        sheet.line([(202, y + 22), (226, y + 22)], "quiet", 1.5)
    sheet.line([(226, 42), (226, 266)], "quiet", 1.5)
    sheet.arrow([(226, 154), (258, 154)])
    sheet.box(258, 122, 100, 64, line=TRAIN, fill=TRAIN, tint=0.12, width=2)
    sheet.text(308, 150, "my.yaml", "head", "middle")
    sheet.text(308, 170, "names them", "quiet", "middle")
    sheet.box(258, 232, 100, 58, line="quiet", width=1.6, dash="5 4")
    sheet.text(308, 257, "doctor", "head", "middle")
    sheet.text(308, 276, "looks first", "quiet", "middle")
    sheet.arrow([(308, 186), (308, 232)])
    sheet.arrow([(358, 154), (446, 154)])
    sheet.text(402, 144, "build", "plain", "middle")
    sheet.box(446, 20, 294, 270, line=HEAD, width=2)
    sheet.text(593, 46, "dataset: for each gene", "head", "middle")
    for i, colour in enumerate((MARK["H3K4me3"], MARK["H3K27ac"], MARK["H3K36me3"])):
        sheet.cells(466, 66 + 16 * i, 13, [colour] * 16, gap=1.5, tint=0.75)
    sheet.text(466, 134, "the window: bins × marks", "quiet")
    for i, (count, width) in enumerate(((7, 4), (4, 2.6), (5, 1.7))):
        sheet.cells(466, 152 + 18 * i, 13, [MARK["H3K27ac"]] * count, gap=1.5, tint=0.75)
        sheet.line([(610, 158 + 18 * i), (700, 158 + 18 * i)], "quiet", 1.6 * width)
    sheet.text(466, 224, "its elements", "quiet")
    sheet.text(610, 224, "frequencies", "quiet")
    sheet.bars(466, 272, 16, 30, [0.9], TRAIN, gap=0)
    sheet.text(492, 268, "expression: a level, and high or low", "quiet")
    return sheet


def grid() -> Sheet:
    """A notebook and a grid of settings, a run for each, and a table with an interval over folds."""
    sheet = Sheet(
        "One notebook and a grid of two windows by four folds make eight runs, each a whole notebook. What was "
        "run is found again and not run twice. The table compares the windows fold by fold.",
        292,
    )
    for i, window in enumerate(("2 kb", "10 kb")):
        for fold in range(4):
            x, y = 236 + 62 * fold, 76 + 82 * i
            sheet.path(f"M{x} {y}h36l10 10v44h-46z", line=(TRAIN, MARK["H3K4me3"])[i], width=1.8)
            for line in range(3):
                sheet.line([(x + 8, y + 18 + 11 * line), (x + 38 - 6 * (line == 2), y + 18 + 11 * line)], "quiet", 1.5)
        sheet.text(224, 108 + 82 * i, window, "plain", "end")
    for fold in range(4):
        sheet.text(259 + 62 * fold, 58, f"fold {fold + 1}", "quiet", "middle")
    sheet.text(352, 26, "eight settings, eight runs", "head", "middle")
    sheet.path("M22 92h104l18 18v82h-122z", line="ink", width=1.8)
    sheet.text(83, 134, "notebook", "head", "middle")
    sheet.text(83, 154, "parameters:", "quiet", "middle")
    sheet.text(83, 172, "window, fold", "quiet", "middle")
    sheet.arrow([(144, 146), (176, 146)])
    sheet.text(352, 256, "a run that was made is found again by its key", "quiet", "middle")
    sheet.arrow([(484, 146), (520, 146)])
    left, right = 540, 738
    sheet.text(left, 26, "table: fold by fold", "head")
    score = np.array([[0.1, 0.34, 0.52, 0.7], [0.28, 0.44, 0.68, 0.82]])
    for y in (103, 185):
        sheet.line([(left, y), (right, y)], "faint", 1)
    for fold in range(4):
        ends = [(round(left + (right - left) * score[i, fold], 1), 103 + 82 * i) for i in (0, 1)]
        sheet.line(ends, "quiet", 1.4)
        for end, colour in zip(ends, (TRAIN, MARK["H3K4me3"]), strict=True):
            sheet.disc(*end, 6, fill=colour)
    sheet.arrow([(left, 222), (right, 222)], "quiet", 1.2)
    sheet.text(right, 244, "better", "quiet", "end")
    sheet.text(left, 270, "a line joins one fold", "quiet")
    return sheet


def window_shapes() -> Sheet:
    """A window described by one mean on each side, by equal bins, and fine near and coarse far."""
    sheet = Sheet(
        "One window of 40 kb around a TSS, described in three ways: by one mean on each side of the TSS; by forty bins "
        "of 1 kb; and by bins that are 1 kb wide at the TSS and grow to 10 kb at the window's ends.",
        300,
    )
    left, wide, middle = 190, 550, 190 + 275
    halves = {
        "one mean on each side": [0, 20],
        "bins of 1 kb": list(range(21)),
        "fine near, coarse far": [0, 1, 2, 5, 10, 20],
    }
    at = np.linspace(-20, 20, 600)
    depth = np.exp(-(((at - 0.5) / 1.1) ** 2) / 2) + 0.25 / (1 + np.exp(-(at - 3) * 3)) / (1 + np.exp((at - 16) * 3))
    sheet.bars(left, 74, wide, 56, depth / depth.max(), "quiet", gap=0)
    sheet.line([(left, 74), (left + wide, 74)], "quiet", 1)
    sheet.text(left - 14, 66, "depth", "plain", "end")
    for i, (name, edges) in enumerate(halves.items()):
        y = 108 + 56 * i
        sheet.text(left - 14, y + 20, name, "plain", "end")
        for a, b in zip(edges[:-1], edges[1:], strict=True):
            size = (b - a) * wide / 40
            for x in (middle + a * wide / 40, middle - b * wide / 40):
                sheet.box(x, y, size, 30, line="ground", fill=PROMOTER, round=0, tint=round(0.85 / (b - a) ** 0.4, 2))
    sheet.line([(middle, 12), (middle, 258)], "ink", 1.2, "4 3")
    for x, text in ((left + 20, "−20 kb"), (middle, "TSS"), (left + wide - 20, "+20 kb")):
        sheet.text(x, 282, text, "quiet", "middle")
    return sheet
