"""Drawings of what is done with a model: folds and leakage, ablation, an edit, transfer."""

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
    TEST,
    TRAIN,
    bracket,
    gene,
    hill,
    rough,
)


def folds() -> Sheet:
    """The same genes in two cell types, split in three ways."""
    sheet = Sheet(
        "Genes on four chromosomes, in two cell types, split into training and test in three ways. Split by "
        "random examples, a gene may be in training in one cell type and in the test in the other. Split by "
        "random genes, neighbours lie on both sides. Split by chromosome, nothing near a test gene is in "
        "training.",
        412,
    )
    rng = np.random.default_rng(7)
    count, chromosomes = 7, 4
    by_example = rng.random((2, chromosomes, count)) < 0.27
    by_gene = np.repeat(rng.random((1, chromosomes, count)) < 0.27, 2, axis=0)
    by_chromosome = np.zeros((2, chromosomes, count), bool)
    by_chromosome[:, 2] = True
    left, step, size = 158, 114, 12
    for k in range(chromosomes):
        sheet.text(left + step * k + 48, 28, f"chr{k + 1}", "plain", "middle")
    for i, (split, name, first, second) in enumerate(
        (
            (by_example, "random", "examples", "a gene itself is on both sides"),
            (by_gene, "random", "genes", "neighbours are on both sides"),
            (by_chromosome, "by", "chromosome", "nothing near is on both sides"),
        )
    ):
        y = 48 + 108 * i
        sheet.text(16, y + 32, name, "head")
        sheet.text(16, y + 52, first, "head")
        for cell_type in (0, 1):
            low = y + 14 + 34 * cell_type
            sheet.text(146, low + 11, "AB"[cell_type], "quiet", "end")
            for k in range(chromosomes):
                x = left + step * k
                sheet.line([(x - 3, low + 6), (x + 99, low + 6)], "faint", 1.5)
                colours = [TEST if test else TRAIN for test in split[cell_type, k]]
                sheet.cells(x, low, size, colours)
                if split is by_example and cell_type:
                    for g in np.flatnonzero(split[0, k] != split[1, k]):
                        sheet.line([(x + 14 * g + 6, low - 20), (x + 14 * g + 6, low - 2)], "ink", 1.8)
        for row, line in enumerate(_wrapped(second)):
            sheet.text(624, y + 34 + 19 * row, line, "quiet")
    for x, colour, name in ((158, TRAIN, "training"), (262, TEST, "test")):
        sheet.box(x, 380, 12, 12, fill=colour, round=1.5)
        sheet.text(x + 19, 391, name, "plain")
    sheet.line([(343, 376), (343, 394)], "ink", 1.8)
    sheet.text(352, 391, "one gene on both sides; A and B are cell types", "quiet")
    return sheet


def _wrapped(text: str, most: int = 16) -> list[str]:
    """A text in lines of at most so many letters."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def ablation() -> Sheet:
    """The whole model and three that lack a part, each trained anew; fold by fold the difference."""
    sheet = Sheet(
        "Four models in four rows: the whole one, and three that lack a part. Each is trained anew. On the right "
        "a score per fold: dots of one fold are joined, and the differences between joined dots are what counts.",
        330,
    )
    chips = (("1", EMBEDDING), ("2", PAIRWISE), ("3", REGULATION), ("head", HEAD))
    rows = (("whole", None), ("without 2", 1), ("without 3", 2), ("without 2, 3", (1, 2)))
    hard, spread = np.array([0.0, 0.34, 0.6, 0.86]), np.array([0.02, -0.03, 0.01, -0.02])
    lost = np.array([0.0, 0.07, 0.12, 0.13])
    left, right = 500, 730
    dots = np.empty((4, 4, 2))
    for i, (name, gone) in enumerate(rows):
        y = 66 + 58 * i
        sheet.text(16, y + 5, name, "head")
        absent = () if gone is None else np.atleast_1d(gone)
        sheet.line([(128, y), (452, y)], "quiet", 1.8)
        for k, (text, colour) in enumerate(chips):
            x = 146 + 78 * k
            if k in absent:
                sheet.box(x, y - 16, 58, 32, line="quiet", fill="ground", width=1.5, dash="4 4")
                continue
            sheet.box(x, y - 16, 58, 32, fill="ground")
            sheet.box(x, y - 16, 58, 32, line=colour, fill=colour, tint=0.14, width=2)
            sheet.text(x + 29, y + 5, text, "head", "middle")
        sheet.line([(left, y), (right, y)], "faint", 1)
        score = 0.16 + 0.8 * hard - lost[i] + spread * (i % 2)
        dots[i] = np.stack([left + (right - left) * score, np.full(4, y)], 1)
    for fold in range(4):
        sheet.line([(round(x, 1), y) for x, y in dots[:, fold]], "quiet", 1.3)
    for x, y in dots.reshape(-1, 2):
        sheet.disc(round(x, 1), y, 5.5, fill=TRAIN)
    sheet.text(146, 30, "each is trained anew", "quiet")
    sheet.text(left, 30, "score on four folds (a sketch)", "quiet")
    sheet.arrow([(left, 276), (right, 276)], "quiet", 1.2)
    sheet.text(right, 298, "better", "quiet", "end")
    sheet.text(left, 298, "a line joins one fold", "quiet")
    return sheet


def edit() -> Sheet:
    """One place changed once: what two genes read of it follows, at three resolutions."""
    sheet = Sheet(
        "A peak of H3K27ac is taken down to a tenth; the dotted line is what was there. The place lies in the "
        "window of gene A, and gene B reads it as a pCRE. In both, the bins over the place change at all three "
        "resolutions, a bin that is covered in part by its share.",
        430,
    )
    left, wide, y = 30, 700, 112
    at = (np.arange(140) + 0.5) / 140
    place, colour = (at > 0.36) & (at < 0.455), MARK["H3K27ac"]
    before = rough(hill(at, 0.22, 0.022, 0.95) + hill(at, 0.41, 0.02, 0.8) + hill(at, 0.86, 0.02, 0.9), 1, 0.04)
    after = np.where(place, 0.1 * before, before)
    sheet.bars(left, y, wide, 76, after, colour)
    xs = left + wide * at[place]
    outline = [(round(x, 1), round(y - 76 * v, 1)) for x, v in zip(xs, before[place], strict=True)]
    sheet.line([(outline[0][0], y), *outline, (outline[-1][0], y)], "ink", 1.6, "2 3")
    sheet.text(left, 32, "H3K27ac", "head")
    sheet.text(left + wide * 0.41, 32, "the edit: × 0.1", "head", "middle")
    sheet.line([(left, y), (left + wide, y)], "ink", 2)
    for x, name in ((0.2, "gene A"), (0.84, "gene B")):
        gene(sheet, left + wide * x, left + wide * (x + 0.12), 146)
        sheet.text(left + wide * (x + 0.06), 174, name, "plain", "middle")
    sheet.path(
        f"M{left + wide * 0.41:g} 128C{left + wide * 0.5:g} 196 {left + wide * 0.74:g} 196 {left + wide * 0.83:g} 148",
        line="quiet",
        width=1.8,
        dash="5 4",
    )
    sheet.text(left + wide * 0.625, 204, "contact", "quiet", "middle")
    columns = ((30, "A reads it in its window", PROMOTER, 24, 14, 19), (420, "B reads it as a pCRE", ELEMENT, 16, 4, 9))
    for x, title, lit, bins, first, last in columns:
        sheet.text(x, 246, title, "head")
        for i, (name, size) in enumerate((("coarse", 4), ("finer", 2), ("finest", 1))):
            low = 262 + 34 * i
            sheet.text(x, low + 14, name, "quiet")
            for k in range(bins // size):
                share = max(0, min(last, size * (k + 1)) - max(first, size * k)) / size
                width = 9.5 * size
                paint = {"fill": colour, "tint": share} if share else {"line": "faint", "width": 1}
                sheet.box(x + 74 + width * k + 1, low, width - 2, 20, round=1.5, **paint)
        sheet.arrow([(x + 74 + 9.5 * bins / 2, 362), (x + 74 + 9.5 * bins / 2, 388)], lit)
        sheet.text(x + 74 + 9.5 * bins / 2, 410, "another prediction", "plain", "middle")
    return sheet


def transfer() -> Sheet:
    """A model learns in one cell type and is asked about another; what its answer is held against."""
    sheet = Sheet(
        "A model is trained on tracks and RNA of cell type A, without the held-out genes, and asked about those "
        "genes with the tracks of cell type B. Its answer is held against the RNA of B, beside two rivals: B's "
        "own model, and a copy of the RNA of A.",
        366,
    )
    at = (np.arange(40) + 0.5) / 40
    shapes = {"A": (0.2, 0.55, 0.8), "B": (0.25, 0.5, 0.85)}
    for y, name in ((44, "A"), (210, "B")):
        sheet.text(16, y + 46, name, "head")
        sheet.box(40, y, 196, 96, line="faint", width=1.2)
        for i, mark in enumerate(("H3K4me3", "H3K27ac", "H3K36me3")):
            values = sum(hill(at, centre, 0.03 + 0.03 * (i == 2), 0.5 + 0.14 * i) for centre in shapes[name][: 3 - i])
            sheet.bars(50, y + 32 + 28 * i, 176, 24, rough(values, i + ord(name), 0.05), MARK[mark])
        sheet.text(138, y - 10, f"tracks of cell type {name}", "plain", "middle")
    sheet.box(308, 62, 120, 60, line=HEAD, fill=HEAD, tint=0.14, width=2)
    sheet.text(368, 97, "model", "head", "middle")
    sheet.arrow([(236, 92), (308, 92)])
    sheet.text(272, 82, "trains", "quiet", "middle")
    sheet.arrow([(500, 92), (428, 92)])
    sheet.text(464, 82, "trains", "quiet", "middle")
    sheet.arrow([(368, 122), (368, 224)], HEAD)
    sheet.text(380, 166, "the same weights", "quiet")
    sheet.text(380, 185, "are asked", "quiet")
    sheet.box(308, 226, 120, 60, line=HEAD, fill=HEAD, tint=0.14, width=2)
    sheet.text(368, 261, "model", "head", "middle")
    sheet.arrow([(236, 256), (308, 256)])
    sheet.arrow([(428, 256), (508, 256)])
    sheet.text(468, 246, "answers", "quiet", "middle")
    rng = np.random.default_rng(3)
    held = [k in (3, 7, 8) for k in range(12)]
    level = 0.25 + 0.75 * rng.random(12)
    sheet.text(616, 34, "RNA of A", "plain", "middle")
    sheet.text(616, 198, "held-out genes of B", "plain", "middle")
    for k in range(12):
        x = 508 + 18 * k
        sheet.bars(x, 112, 14, 60, [level[k]], "faint" if held[k] else TRAIN, gap=0)
        if held[k]:
            sheet.bars(x, 276, 14, 60, [min(1, level[k] * 0.9 + 0.1)], TEST, gap=0)
    for y in (112, 276):
        sheet.line([(504, y), (726, y)], "ink", 1)
    sheet.text(616, 136, "pale: genes that are held out", "quiet", "middle")
    sheet.text(616, 300, "compared with the RNA of B", "quiet", "middle")
    bracket(sheet, 40, 726, 326, "two rivals: B's own model, and a copy of the RNA of A")
    return sheet
