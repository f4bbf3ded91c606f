"""Train a model of letters on tracks: which regions, which targets, and the loop itself."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch.nn import functional

from chromolab.data.tracks.bin_means import bin_means
from chromolab.errors import ChromolabError
from chromolab.models.sequence.letters import SequenceModel

SIZE, STEP = 1_000, 500  # bp of a region, and between the regions that are looked at
SHARE = 0.03  # of regions that a track's peaks may be
LEAST = 1e-6  # spread of a track that is taken for constant


def track_regions(
    tracks: Mapping[str, Any],
    chrom_sizes: Mapping[str, int],
    *,
    size: int = SIZE,
    step: int = STEP,
    share: float = SHARE,
    quiet: float = 1.0,
    seed: int = 0,
) -> pd.DataFrame:
    """Regions to learn from: where some track has a peak, and as many at random where none has.

    Parameters
    ----------
    tracks : {name: track}
        Such as {"CTCF simA1": "...bigwig"}, anything that `cl.data.bin_means` reads.
    chrom_sizes : {chromosome: bp}
    size, step : int
        bp of a region, and between the starts of those that are looked at.
    share : float
        The strongest share of regions of each track may be peaks, if they are above their neighbours.
    quiet : float
        Regions without a peak, for each one with.
    seed : int
        Of the random draw.

    Returns
    -------
    DataFrame
        chrom, start, end (bp), along the genome, and ln(1 + mean depth) in each track, a column of its name. Bases
        without data count as depth 0.

    Raises
    ------
    ChromolabError
        If there is no track, or no chromosome holds a region; and as `cl.data.bin_means` does.
    """
    rows = [(c, a, a + size) for c, n in chrom_sizes.items() for a in range(0, int(n) - size + 1, step)]
    if not tracks or not rows:
        raise ChromolabError(
            f"{len(tracks)} tracks, {len(rows)} regions of {size} bp; expected at least one track and one region"
        )
    regions = pd.DataFrame(rows, columns=["chrom", "start", "end"])
    depth = np.stack([bin_means(t, regions, size, progress=False).mean for t in tracks.values()], 1)
    value = np.log1p(np.maximum(np.nan_to_num(depth), 0))
    chrom = regions["chrom"].to_numpy()
    peak = np.zeros(len(regions), bool)
    for column in value.T:
        beside = [np.r_[-np.inf, column[:-1]], np.r_[column[1:], -np.inf]]
        beside[0][1:][chrom[1:] != chrom[:-1]] = beside[1][:-1][chrom[1:] != chrom[:-1]] = -np.inf
        peak |= (column > np.quantile(column, 1 - share)) & (column >= beside[0]) & (column > beside[1])
    near = peak | np.r_[peak[1:], False] | np.r_[False, peak[:-1]]
    rng, others = np.random.default_rng(seed), np.flatnonzero(~near)
    drawn = rng.choice(others, min(len(others), round(quiet * peak.sum())), replace=False)
    kept = np.sort(np.r_[np.flatnonzero(peak), drawn])
    return pd.concat([regions, pd.DataFrame(value, columns=list(tracks))], axis=1).iloc[kept].reset_index(drop=True)


def fit_sequence(
    model: SequenceModel,
    letters: np.ndarray,
    values: np.ndarray,
    *,
    validation: tuple[np.ndarray, np.ndarray] | None = None,
    epochs: int = 12,
    batch_size: int = 32,
    lr: float = 4e-3,
    weight_decay: float = 1e-3,
    seed: int = 0,
) -> pd.DataFrame:
    """Train a model of letters.

    Parameters
    ----------
    model : SequenceModel
        Trained in place, on the CPU.
    letters : array (regions, 4, bp)
        From `cl.data.one_hot`.
    values : array (regions, tracks)
        ln(1 + mean depth), in the order of `model.tracks`: the columns of `track_regions`.
    validation : letters and values, optional
        Their r is told after each epoch; the last epoch is kept whatever it says.
    epochs, batch_size, lr, weight_decay : of AdamW, whose rate rises and falls once (one cycle)
    seed : int
        Of the order of regions.

    Returns
    -------
    DataFrame
        A row per epoch: epoch, loss (mean square, tracks brought to a spread of 1), and r of each track where there is
        `validation`.

    Raises
    ------
    ChromolabError
        If shapes do not fit, or there are fewer regions than a batch.
    """
    if len(letters) != len(values) or values.shape[1:] != (len(model.tracks),) or len(letters) < batch_size:
        raise ChromolabError(
            f"letters {letters.shape}, values {values.shape}; expected {batch_size} or more regions, and a value of "
            f"each for {', '.join(model.tracks)}"
        )
    rng, x = np.random.default_rng(seed), torch.from_numpy(letters)
    x = model.scan(x) if model.names else x  # known motifs stay as they are: scanned once
    mean, spread = values.mean(0), np.maximum(values.std(0), LEAST)
    y = torch.from_numpy(((values - mean) / spread).astype(np.float32))
    optimizer = torch.optim.AdamW(model.parameters(), lr, weight_decay=weight_decay)
    steps = len(x) // batch_size
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=epochs * steps)
    told = []
    for epoch in range(epochs):
        model.train()
        order, loss_sum = torch.from_numpy(rng.permutation(len(x))), 0.0
        for step in range(steps):
            at = order[step * batch_size : (step + 1) * batch_size]
            guess = model.read(x[at]) if model.names else model(x[at])
            loss = functional.mse_loss(guess, y[at])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            loss_sum += loss.item()
        row = {"epoch": epoch + 1, "loss": loss_sum / steps}
        if validation is not None:
            row |= dict(zip(model.tracks, track_r(predict_tracks(model, validation[0]), validation[1]), strict=True))
        told.append(row)
    with torch.no_grad():  # back to the tracks' own mean and spread
        model.out.weight *= torch.from_numpy(spread.astype(np.float32))[:, None]
        model.out.bias.mul_(torch.from_numpy(spread.astype(np.float32))).add_(torch.from_numpy(mean.astype(np.float32)))
    model.eval()
    return pd.DataFrame(told)


@torch.no_grad()
def predict_tracks(model: SequenceModel, letters: np.ndarray, batch_size: int = 512) -> np.ndarray:
    """ln(1 + mean depth) of each track, (regions, tracks), predicted from one-hot letters (regions, 4, bp)."""
    model.eval()
    parts = [model(torch.from_numpy(letters[i : i + batch_size])) for i in range(0, len(letters), batch_size)]
    return torch.cat(parts).numpy() if parts else np.zeros((0, len(model.tracks)), np.float32)


def track_r(guess: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Pearson's r of each track over regions, (tracks,)."""
    a, b = guess - guess.mean(0), truth - truth.mean(0)
    size = np.sqrt((a**2).sum(0) * (b**2).sum(0))
    return np.divide((a * b).sum(0), size, out=np.full(a.shape[1], np.nan), where=size > 0)


def strongest_filter(model: SequenceModel, letters: np.ndarray, track: str) -> int:
    """The filter without whose matches a track's prediction changes most, over regions (mean square).

    Raises ChromolabError for a track that the model does not predict.
    """
    if track not in model.tracks:
        raise ChromolabError(f"no track {track!r}; the model predicts {', '.join(model.tracks)}")
    column = model.tracks.index(track)
    with torch.no_grad():
        model.eval()
        matches = model.scan(torch.from_numpy(letters))
        whole, mean = model.read(matches)[:, column], matches.mean(0)
        change = []
        for f in range(matches.shape[1]):
            without = matches.clone()
            without[:, f] = mean[f]
            change.append(float(((model.read(without)[:, column] - whole) ** 2).mean()))
    return int(np.argmax(change))
