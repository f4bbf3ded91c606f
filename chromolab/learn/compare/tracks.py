"""Is one more track worth its room? A model with it, against the same model with that track shuffled, and without it.

A further track makes a model larger, and its noise can be learnt. So the track is held against itself, shuffled between
genes, and not only against nothing: what is left is what it tells about each gene. Training genes, folds, seeds and
setting are the same for all three: were each to choose its own, the luck of the choice would outweigh most tracks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.compare.controls import Linear
from chromolab.learn.compare.models import SMALL, compare_models
from chromolab.learn.metrics import paired
from chromolab.models.chromoformer import Chromoformer

NONE = "none"  # the variant without the track
READERS = ("linear", "embedding only", "whole model")
MOST_PAIRS = 100_000


def shuffled_track(dataset: Dataset, track: str, seed: int = 0) -> Dataset:
    """Give each promoter window the track of another gene's window, and each pCRE that of other pCREs.

    Parameters
    ----------
    dataset : Dataset
    track : str
        The mark to shuffle; all others stay.
    seed : int

    Returns
    -------
    Dataset
        Windows are exchanged whole, within a cell type, and turned so that 5' meets 5': the track's mean profile about
        the TSS stays. The bins of pCREs, which differ in length, are those of the cell type's pCREs in another order.

    Raises
    ------
    ChromolabError
        If the dataset has no such mark.
    """
    (column,), signal = dataset.mark_columns([track]), dataset.signal
    rng, source = np.random.default_rng(seed), np.arange(len(signal.depth))  # the bin that each bin's value comes from
    cell_of, count = signal.regions["cell_type"].to_numpy(), np.diff(signal.offsets)
    is_promoter, reverse = np.zeros((2, len(count)), bool)
    is_promoter[dataset.promoter] = True
    reverse[dataset.promoter] = dataset.genes["strand"] == "-"
    for cell in dict.fromkeys(cell_of):
        windows = np.flatnonzero(is_promoter & (cell_of == cell))
        givers = rng.permutation(windows)
        bins = np.arange(count[windows[0]]) if len(windows) else np.arange(0)
        taken = signal.offsets[givers][:, None] + bins  # (windows, bins)
        turned = reverse[givers] != reverse[windows]
        taken[turned] = taken[turned, ::-1]
        source[signal.offsets[windows][:, None] + bins] = taken
        others = np.flatnonzero(~is_promoter & (cell_of == cell))
        source[_bins_of(signal, others)] = _bins_of(signal, rng.permutation(others))
    depth, covered = signal.depth.copy(), signal.covered
    depth[:, column] = depth[source, column]
    if covered is not None:
        covered = covered.copy()
        covered[:, column] = np.minimum(covered[source, column], signal.bases())
    return replace(dataset, signal=replace(signal, depth=depth, covered=covered, cache={}))


def _bins_of(signal, regions: np.ndarray) -> np.ndarray:
    """The bins of some regions, one region after another."""
    return np.concatenate([np.arange(signal.offsets[r], signal.offsets[r + 1]) for r in regions] or [np.arange(0)])


def reader(name: str) -> tuple[Callable[[Dataset], Dataset], Callable[[Dataset], Callable]]:
    """How one of `READERS` sees a dataset, and what makes it for that dataset, a function(task, seed).

    "linear" reads window means (`cl.compare.controls.Linear`); "embedding only" is a small Chromoformer whose promoter
    embedding goes straight to the head, without contacts; "whole model" reads contacts, too.

    Raises ChromolabError for another name.
    """
    if name == "linear":
        return _same, lambda dataset: lambda task, seed: Linear(task)
    if name == "embedding only":
        return Dataset.without_contacts, lambda dataset: _made(dataset, {"regulation_layers": 0})
    if name == "whole model":
        return _same, lambda dataset: _made(dataset, {})
    raise ChromolabError(f"nothing reads tracks as {name!r}; expected one of {', '.join(READERS)}")


def _same(dataset: Dataset) -> Dataset:
    return dataset


def _made(dataset: Dataset, changed: dict) -> Callable:
    return lambda task, seed: Chromoformer(dataset.marks, task, seed=seed, **(SMALL | changed))


def added_track(
    dataset: Dataset,
    track: str,
    readers: Sequence[str] = READERS,
    task: str = "regression",
    *,
    folds: Sequence[int] | None = None,
    seeds: Sequence[int] = (0, 1, 2),
    done: pd.DataFrame | None = None,
    **recipe: Any,
) -> Iterator[dict]:
    """Train without a track, with it shuffled and with it, on every fold and with every seed, pair after pair.

    Parameters
    ----------
    dataset : Dataset
        With the track.
    track : str
        One of its marks.
    readers : of `READERS`
    task : {"regression", "classification"}
    folds : sequence of int, optional
        Test folds; default all.
    seeds : sequence of int
        Of the initial weights, the order of genes and the shuffle.
    done : DataFrame, optional
        Rows of an earlier call with the same arguments; they are not computed again.
    **recipe
        epochs, patience, batch_size and lrs of `cl.compare.models.compare_models`. Settings are tried without the
        track; the one that is best on the validation fold serves all three variants of that fold and seed.

    Yields
    ------
    dict
        track ("none", "shuffled ..." or the track), model, fold, seed, and what `compare_models` tells of a run.
        `cl.metrics.paired(rows of one model, score, "shuffled ...", name="track")` gives differences with intervals.

    Raises
    ------
    ChromolabError
        For an unknown track or reader.
    """
    dataset.mark_columns([track])
    without = dataset.with_marks([m for m in dataset.marks if m != track])
    for name in readers:
        reader(name)
    for seed in seeds:
        variants = {NONE: without, f"shuffled {track}": shuffled_track(dataset, track, seed), track: dataset}
        for name in readers:
            seen_as, maker = reader(name)
            seen = {variant: seen_as(whole) for variant, whole in variants.items()}
            for fold in dataset.folds if folds is None else folds:
                yield from _of_fold(seen, {name: maker}, task, fold, seed, done, recipe)


def _of_fold(
    seen: Mapping[str, Dataset], maker: Mapping, task: str, fold: int, seed: int, done: pd.DataFrame | None, recipe: Any
) -> Iterator[dict]:
    """The rows of every variant in one fold, with the setting that is best without the track."""
    settings: dict[tuple[str, int], float] = {}
    for variant, dataset in seen.items():
        known = None if done is None else done[(done["track"] == variant) & (done["seed"] == seed)]
        if variant == NONE and known is not None:
            settings |= {(r["model"], r["fold"]): r["setting"] for r in known.to_dict("records")}
        make = {name: of(dataset) for name, of in maker.items()}
        one: dict[str, Any] = {"folds": [fold], "seeds": [seed], "done": known, "settings": settings} | recipe
        for row in compare_models(dataset, make, task, **one):
            settings[row["model"], row["fold"]] = row["setting"]
            yield {"track": variant} | row


def pairs_needed(spread: float, gain: float, power: float = 0.8, level: float = 0.95) -> int:
    """How many independent pairs of runs it takes to see a gain.

    Parameters
    ----------
    spread : float
        Standard deviation of the differences between the runs of a pair.
    gain : float
        The true difference.
    power : float
        The chance that the t interval leaves out 0 on the side of the gain.
    level : float
        Level of the interval.

    Returns
    -------
    int
        By the noncentral t distribution. Pairs that share test genes, such as seeds of one fold, are not independent:
        their number is a lower bound.

    Raises
    ------
    ChromolabError
        If a number is out of range, or more than 100,000 pairs were needed.
    """
    if not (spread > 0 and gain > 0 and 0 < power < 1 and 0 < level < 1):
        raise ChromolabError(
            f"spread {spread}, gain {gain}, power {power}, level {level}; expected positive numbers, and power and "
            "level below 1"
        )
    low, high = 2, MOST_PAIRS
    if _power(high, spread, gain, level) < power:
        raise ChromolabError(f"a gain of {gain} in a spread of {spread} takes more than {MOST_PAIRS:,} pairs")
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _power(middle, spread, gain, level) >= power else (middle + 1, high)
    return low


def _power(pairs: int, spread: float, gain: float, level: float) -> float:
    """The chance that `pairs` pairs have a t interval above 0."""
    least = stats.t.ppf((1 + level) / 2, pairs - 1)
    return float(stats.nct.sf(least, pairs - 1, gain / spread * pairs**0.5))


def gains(runs: pd.DataFrame, track: str, score: str = "pearson_r") -> pd.DataFrame:
    """What a track brings each model, over its shuffled self and over nothing, pair by pair.

    Parameters
    ----------
    runs : DataFrame
        Rows of `added_track`, for one dataset and task.
    track : str
    score : str
        Higher is better.

    Returns
    -------
    DataFrame
        A row per model and variant: name (the model), group ("minus shuffled", "minus none"), value (mean over folds),
        low and high (95 % t interval over folds), p, higher (pairs in which the track scores higher), pairs, and spread
        (standard deviation of the pairs' differences); `cl.plot.compare` draws it.

    Raises
    ------
    ChromolabError
        As `cl.metrics.paired`.
    """
    rows = []
    for model, own in runs.groupby("model", sort=False):
        for variant, group in ((f"shuffled {track}", "minus shuffled"), (NONE, "minus none")):
            two = own[own["track"].isin([track, variant])]
            found = paired(two, score, variant, name="track", n=1).iloc[0]
            wide = two.set_index(["fold", "seed", "track"])[score].unstack("track")  # noqa: PD010  # one value each
            row = {"name": model, "group": group, "value": found["difference"], "low": found["low"]}
            row |= {"high": found["high"]} | {k: found[k] for k in ("p", "higher", "pairs")}
            rows.append(row | {"spread": (wide[track] - wide[variant]).std()})
    return pd.DataFrame(rows)


def all_gains(table: pd.DataFrame) -> pd.DataFrame:
    """`gains` over the shuffled track of every dataset, task and track in a table of several calls of `added_track`.

    Parameters
    ----------
    table : DataFrame
        Rows of `added_track`, with columns data and task: `cl.results("more_tracks")`.

    Returns
    -------
    DataFrame
        A row per dataset, task, track and model: data, task, track, group (the model), name (track, dataset and, where
        it is not r, the score), value, low, high, p, higher, pairs, spread. Regressions are scored by Pearson r, since
        R2 also punishes a level that is off; classifications by AUC.
    """
    found = []
    for (data, task), own in table.groupby(["data", "task"], sort=False):
        for track in own["track"].unique():
            if f"shuffled {track}" not in set(own["track"]):
                continue
            models = own.loc[own["track"] == track, "model"].unique()
            runs = own[own["model"].isin(models) & own["track"].isin([track, f"shuffled {track}", NONE])]
            rows = gains(runs, track, "pearson_r" if task == "regression" else "auc")
            rows = rows[rows["group"] == "minus shuffled"].rename(columns={"name": "group", "group": "name"})
            called = f"{track}, {data}{' (AUC)' if task == 'classification' else ''}"
            told = {"data": data, "task": task, "track": track, "name": called}
            found.append(rows.assign(**{column: [value] * len(rows) for column, value in told.items()}))
    return pd.concat(found, ignore_index=True)


def in_words(rows: pd.DataFrame) -> str:
    """Rows of `all_gains` as words: each model's gain, its interval and its number of pairs."""
    said = [f"{r.group} {r.value:+.4f} ({r.low:+.4f} to {r.high:+.4f}, {r.pairs} pairs)" for r in rows.itertuples()]
    return f"{'r' if (rows['task'] == 'regression').all() else 'AUC'} {', '.join(said)}"
