"""What is kept of promoter windows to measure the signal: sums per example, alike for simulated and real datasets."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from scipy.special import gammainc

from chromolab.data.dataset.dataset import Dataset
from chromolab.defaults import MARKS, WINDOW
from chromolab.errors import ChromolabError

LAGS = (100, 200, 1000)  # bp: 1, 2 and 10 bins of 100 bp
FINE = 100  # bp: the bins of the teaching genome and of read depth
MOST = 6000  # examples that are looked at; of more, as many are drawn
MOST_CONVERTED = 1500  # and of those whose depth is first converted
NEAR = np.arange(-1000, 1001, 200)  # bp from the TSS: ends of the pieces that a window of 2 kb is cut into
FAR = np.array([1000, 2000, 5000, 10_000, 20_000])  # and of those that a window of 40 kb has besides, on both sides
DEPTH, P_VALUE, CALLS, SCORES = "depth", "-log10 p", "calls", "scores"  # what values are
BACKGROUND = 0.35  # mean depth of the 30 million reads of 36 bp that Roadmap's p values are made of
FRAGMENTS = 200 / 36  # fragments of 200 bp that cover a base, per read of 36 bp that does
CALL = 4  # -log10 p at which ChromHMM calls a bin


@dataclass(frozen=True)
class Windows:
    """Sums over the promoter windows of each example, from which every figure follows for any choice of examples.

    The signal is ln(1 + value) in bins of `step` bp, minus the mean of its mark in its cell type; bins without data in
    any mark are left out. N examples, M marks, L lags, P pieces of a window.

    Attributes
    ----------
    marks : tuple of str
    scale : str
        What the values are: "depth", "-log10 p", "calls" (0 or 1) or "scores".
    examples : DataFrame (N rows)
        cell_type, log2_expression, label, fold, and `place`, by which intervals are drawn.
    bins : float array (N, L + 1)
        Bins with data, and pairs of them at each lag.
    total : float array (N, M)
    products : float array (N, M, M)
        Over bins, of two marks.
    lagged : float array (N, L, M)
        Over pairs of bins, of one mark with itself; NaN at a lag shorter than a bin.
    power : float array (N, 2, M)
        At a period of 200 bp, and the mean of the ten next longer periods; NaN where bins are not 100 bp, and where
        the TSS lies on their grid.
    body, behind, tss : float array (N, M)
        Mean value over the 20 kb downstream of the TSS, over its part from 2 kb on, and within 1 kb of the TSS.
    pieces : float array (N, P, M)
        ln(1 + mean) of the pieces of the window: those within 1 kb of the TSS first.
    mean, empty : float array (N, M)
        Mean value over the window, and share of its bins with value 0.
    """

    marks: tuple[str, ...]
    scale: str
    examples: pd.DataFrame
    bins: np.ndarray
    total: np.ndarray
    products: np.ndarray
    lagged: np.ndarray
    power: np.ndarray
    body: np.ndarray
    behind: np.ndarray
    tss: np.ndarray
    pieces: np.ndarray
    mean: np.ndarray
    empty: np.ndarray

    def take(self, rows: np.ndarray) -> "Windows":
        """The examples where `rows` (N,) is true."""
        arrays = {f.name: getattr(self, f.name)[rows] for f in fields(self)[2:]}
        return Windows(self.marks, self.scale, **arrays)


def look(dataset: Dataset, place: np.ndarray, scale: str = DEPTH, *, convert: bool = False, seed: int = 0) -> Windows:
    """Look at the promoter windows of a dataset.

    Parameters
    ----------
    dataset : Dataset
        With windows of 40 kb; of its marks, the published seven are looked at.
    place : int array (examples,)
        The part of the genome in which each example lies.
    scale : str
        What the values are; calls and scores are looked at in bins of 200 bp, others in bins of 100 bp.
    convert : bool
        The values are depth, and are first made into -log10 p or into calls, so that they compare with tracks of these.
    seed : int
        Of the draw of 6,000 examples where there are more, or of 1,500 whose values are converted.

    Raises
    ------
    ChromolabError
        For windows of another length, or none of the published marks.
    """
    marks = [m for m in MARKS if m in dataset.marks]
    if dataset.window != WINDOW or not marks:
        raise ChromolabError(
            f"a dataset of {dataset.window:,} bp windows and the marks {', '.join(dataset.marks)}; expected windows of "
            f"{WINDOW:,} bp and some of {', '.join(MARKS)}, of which the real figures are; build it with these"
        )
    most = MOST_CONVERTED if convert else MOST
    if len(dataset) > most:
        rows = np.sort(np.random.default_rng(seed).choice(len(dataset), most, replace=False))
        dataset, place = dataset.select(rows), place[rows]
    dataset = dataset.with_marks(marks)
    columns = ["cell_type", "log2_expression", "label", "fold", "tss"]
    examples = dataset.genes[columns].assign(place=place)
    step = FINE if scale in (DEPTH, P_VALUE) else 2 * FINE
    depth = dataset.promoter_depth(step)
    if convert:
        depth = as_p_values(depth) if scale == P_VALUE else (neg_log10_p(depth * FRAGMENTS) > CALL).astype(np.float32)
    cells = examples["cell_type"].to_numpy()
    parts = [_sums(depth[cells == c], examples[cells == c], step) for c in dict.fromkeys(cells)]
    back = np.argsort(np.concatenate([np.flatnonzero(cells == c) for c in dict.fromkeys(cells)]))
    joined = {name: np.concatenate([part[name] for part in parts])[back] for name in parts[0]}
    return Windows(dataset.marks, scale, examples.reset_index(drop=True), **joined)


def _sums(depth: np.ndarray, examples: pd.DataFrame, step: int) -> dict[str, np.ndarray]:
    """The sums of `Windows` for the examples of one cell type; `depth` is (n, T, M)."""
    n, bins, marks = depth.shape
    seen = np.isfinite(depth).all(2)  # (n, T)
    x = np.where(seen[:, :, None], np.log1p(depth), 0)
    x -= np.where(seen[:, :, None], x.sum((0, 1)) / seen.sum(), 0)
    lags = [lag // step if lag % step == 0 else 0 for lag in LAGS]
    lagged = np.full((n, len(lags), marks), np.nan)
    counts = np.zeros((n, len(lags) + 1))
    counts[:, 0] = seen.sum(1)
    for i, lag in enumerate(lags):
        if lag:
            lagged[:, i] = np.einsum("ntm,ntm->nm", x[:, lag:], x[:, :-lag])
            counts[:, i + 1] = (seen[:, lag:] & seen[:, :-lag]).sum(1)
    return {
        "bins": counts,
        "total": x.sum(1),
        "products": x.transpose(0, 2, 1) @ x,
        "lagged": lagged,
        "power": _power(x, examples["tss"].to_numpy() % FINE > 0, step),
        "body": _mean(depth, 0, 20_000, step),
        "behind": _mean(depth, 2000, 20_000, step),
        "tss": _mean(depth, -1000, 1000, step),
        "pieces": np.log1p(np.stack([_mean(depth, a, b, step) for a, b in _pieces()], 1)),
        "mean": _mean(depth, -20_000, 20_000, step),
        "empty": (depth == 0).sum(1) / np.maximum(seen.sum(1), 1)[:, None],
    }


def _pieces() -> list[tuple[int, int]]:
    """(start, end) of each piece of a window, bp from the TSS."""
    near, far = list(zip(NEAR[:-1], NEAR[1:], strict=True)), list(zip(FAR[:-1], FAR[1:], strict=True))
    return near + far + [(-b, -a) for a, b in far]


def _mean(depth: np.ndarray, start: int, end: int, step: int) -> np.ndarray:
    """Mean value from `start` to `end` bp of the TSS, (n, M); 0 without data."""
    middle = depth.shape[1] // 2
    part = depth[:, middle + start // step : middle + end // step].astype(np.float64)
    seen = np.isfinite(part)
    return np.where(seen, part, 0).sum(1) / np.maximum(seen.sum(1), 1)


def _power(x: np.ndarray, off_grid: np.ndarray, step: int) -> np.ndarray:
    """Power at a period of 200 bp, and of its ten neighbours, (n, 2, M)."""
    power = np.full((len(x), 2, x.shape[2]), np.nan)
    if step == FINE and off_grid.any():
        spectrum = np.abs(np.fft.rfft(x[off_grid] * np.hanning(x.shape[1])[:, None], axis=1)) ** 2
        power[off_grid, 0], power[off_grid, 1] = spectrum[:, -1], spectrum[:, -11:-1].mean(1)
    return power


# ----- depth as the other scales would show it ------------------------------------------------------------------------


def as_p_values(depth: np.ndarray) -> np.ndarray:
    """Depth of 36 bp reads in bins of 100 bp, (n, T, M), as -log10 p of fragments of 200 bp, which MACS counts."""
    padded = np.pad(depth, ((0, 0), (1, 1), (0, 0)), mode="edge")
    return neg_log10_p((padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4 * FRAGMENTS)


def neg_log10_p(fragments: np.ndarray) -> np.ndarray:
    """-log10 of the Poisson probability of as many fragments or more, where 30 million reads would put them by chance.

    `fragments` may be fractions (the gamma function continues the sum); the result ends at 300.
    """
    some = np.maximum(fragments, 1e-6)
    return np.where(fragments > 0, -np.log10(np.maximum(gammainc(some, BACKGROUND * FRAGMENTS), 1e-300)), 0)
