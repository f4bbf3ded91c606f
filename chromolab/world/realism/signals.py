"""Figures of the signal in promoter windows: texture, correlation of marks, what one mark or one place tells."""

import numpy as np
import pandas as pd
from sklearn.linear_model import RidgeCV
from sklearn.metrics import roc_auc_score

from chromolab.defaults import MARKS
from chromolab.world.realism.windows import DEPTH, LAGS, NEAR, Windows

Figures = dict[tuple[str, str], float]
PAIRS = [(a, b) for i, a in enumerate(MARKS) for b in MARKS[i + 1 :]]  # the 21 pairs of marks
PENALTIES = np.logspace(1, 4, 7)


def signal_figures(windows: Windows) -> Figures:
    """{(figure, detail): value}: means over the cell types; the two ridge regressions are of all of them together."""
    cells = windows.examples["cell_type"].to_numpy()
    tables = [_of_cell_type(windows.take(cells == c)) for c in dict.fromkeys(cells)]
    table = pd.DataFrame(tables).mean().to_dict() if tables else {}
    return table | _ridge(windows)


def texture(windows: Windows) -> Figures:
    """The figures whose names say the scale: autocorrelation and correlations of marks, means over the cell types."""
    cells = windows.examples["cell_type"].to_numpy()
    return pd.DataFrame([_texture(windows.take(cells == c)) for c in dict.fromkeys(cells)]).mean().to_dict()


def _texture(w: Windows) -> Figures:
    table: Figures = {}
    count = w.bins.sum(0)
    mean = w.total.sum(0) / count[0]
    cov = w.products.sum(0) / count[0] - np.outer(mean, mean)
    variance = np.diag(cov)
    with np.errstate(invalid="ignore", divide="ignore"):
        auto = (w.lagged.sum(0) / count[1:, None] - mean**2) / variance
        r = cov / np.sqrt(np.outer(variance, variance))
    for lag, values in zip(LAGS, auto, strict=True):
        table |= {
            (f"autocorrelation at {lag} bp, {w.scale}", m): float(v) for m, v in zip(w.marks, values, strict=True)
        }
    for a, b in PAIRS:
        if a in w.marks and b in w.marks:
            value = r[w.marks.index(a), w.marks.index(b)]
            table[f"correlation of marks, {w.scale}", f"{a}, {b}"] = float(value)
    return table


def _of_cell_type(w: Windows) -> Figures:
    table = _texture(w)
    seen = np.isfinite(w.power).all((1, 2))
    for i, mark in enumerate(w.marks):
        if seen.any():
            at, beside = w.power[seen, :, i].sum(0)
            table["power at 200 bp over its neighbours", mark] = float(at / beside)
        if w.scale == DEPTH:
            table["mean depth", mark] = float(w.mean[:, i].mean())
            table["bins without a read", mark] = float(w.empty[:, i].mean())
    return table | _aucs(w)


def _aucs(w: Windows) -> Figures:
    """How well one mark at one place tells expressed genes from others."""
    known = w.examples["label"].to_numpy() >= 0
    labels, table = w.examples["label"].to_numpy()[known], {}
    if len(set(labels)) == 2:
        for i, mark in enumerate(w.marks):
            for name, value in (("at the TSS", w.tss), ("2 to 20 kb behind the TSS", w.behind)):
                table[f"AUC of one mark {name}", mark] = roc_auc_score(labels, value[known, i])
        if "H3K36me3" in w.marks:
            i = w.marks.index("H3K36me3")
            table["AUC of one mark over 20 kb of the body", "H3K36me3"] = roc_auc_score(labels, w.body[known, i])
    return table


def _ridge(w: Windows) -> Figures:
    """r of held-out genes for linear models of a window of 2 kb and of 40 kb, the far parts in larger pieces."""
    level = w.examples["log2_expression"].to_numpy()
    fold, rows = w.examples["fold"].to_numpy(), np.isfinite(level)
    if len(set(fold[rows])) < 2 or rows.sum() < 100:
        return {}
    r = {}
    for window, pieces in (("2 kb", len(NEAR) - 1), ("40 kb", w.pieces.shape[1])):
        x = w.pieces[rows, :pieces].reshape(rows.sum(), -1)
        cells = w.examples["cell_type"][rows].to_numpy()
        for cell in set(cells):  # tracks of different depth: each cell type has a scale of its own
            of = cells == cell
            x[of] = (x[of] - x[of].mean(0)) / np.maximum(x[of].std(0), 1e-9)
        guess = np.empty(len(x))
        for held in set(fold[rows]):
            out = fold[rows] == held
            guess[out] = RidgeCV(PENALTIES).fit(x[~out], level[rows][~out]).predict(x[out])
        r[window] = float(np.corrcoef(guess, level[rows])[0, 1])
    return {
        ("linear model, r", "2 kb"): r["2 kb"],
        ("linear model, r", "40 kb"): r["40 kb"],
        ("linear model, r", "40 kb minus 2 kb"): r["40 kb"] - r["2 kb"],
    }
