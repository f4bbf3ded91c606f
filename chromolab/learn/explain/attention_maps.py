"""Where a model looked: the rows of its attention maps that were trained, as they are or multiplied through."""

import numpy as np
import pandas as pd
import torch

from chromolab.data.batches import Batch, Loader, pick_device
from chromolab.data.dataset import Dataset
from chromolab.learn.explain.tables import COLUMNS, evaluating, name_of, regions_of, table

ORDER = [*COLUMNS, "resolution", "layer", "head", "step"]


def attention(model, dataset: Dataset, device=None) -> pd.DataFrame:
    """The attention that a prediction rests on: the rows of the one trained query, in every head and layer.

    The prediction reads only bin T // 2, the TSS's, of the embedding and pairwise steps, and token 0 of the regulation
    step. Only those rows of the maps were ever trained: the other rows of a full map mean nothing and are not given.

    Parameters
    ----------
    model : Chromoformer
    dataset : Dataset
        Usually one example, `ds.gene("...")`: a gene has some 7,000 rows with the shipped models.
    device : str, optional

    Returns
    -------
    DataFrame
        gene, cell_type, region, position (of the bin for "embedding" and "pairwise", of the region for "regulation"),
        mark (""), score: it sums to 1 over a region's bins, or over regions in "regulation". resolution : bp per bin.
        layer, head : from 0. step : "embedding" (the promoter's own bins), "pairwise" (a pCRE's bins) or "regulation"
        (the promoter and each pCRE as a whole). Bins without data are left out: they are hidden from the model.

    Raises
    ------
    ChromolabError
        When the dataset lacks the model's marks.
    """
    parts = []
    for example, batch, maps in _read(model, dataset, device):
        for resolution, steps in maps.items():
            parts += _window_rows(dataset, example, batch, resolution, steps["embedding"])
            parts += _pcre_rows(dataset, example, batch, resolution, steps["pairwise"])
            parts += _token_rows(dataset, example, resolution, steps["regulation"])
    return pd.concat(parts, ignore_index=True)[ORDER]


def rollout(model, dataset: Dataset, device=None) -> pd.DataFrame:
    """Attention multiplied through all steps and layers: which bins the prediction's token is mixed from.

    Every block adds what it attended to what it had, so each layer's map (mean over heads) counts half and "stay as you
    are" the other half. The promoter's token after the regulation layers is a mixture of tokens; the promoter's own
    comes half from the TSS bin, half from the bins it attended to; a pCRE's answer comes from the pCRE's bins and, for
    what the residual kept, from the promoter that asked. Values, gates and feed-forward blocks are left out of account:
    a summary of where information could have come from, not of what it did.

    Parameters
    ----------
    model, dataset, device : as in `attention`

    Returns
    -------
    DataFrame
        gene, cell_type, region, position, mark (""), score, resolution. Scores of a gene at one resolution sum to 1.

    Source: Abnar and Zuidema 2020, https://arxiv.org/abs/2005.00928, carried over to queries from one sequence and keys
    from another.
    """
    parts = []
    for example, batch, maps in _read(model, dataset, device):
        for resolution, steps in maps.items():
            parts += _rolled(dataset, example, batch, resolution, steps)
    return pd.concat(parts, ignore_index=True)


@torch.no_grad()
def _read(model, dataset: Dataset, device):
    """Example by example: its number, its batch of one, and its maps."""
    device, found = pick_device(device), []
    with evaluating(model, device):
        loader = Loader(dataset, model.marks, model.resolutions, device, next(model.parameters()).dtype)
        for example in range(len(dataset)):
            batch = loader.batch([example])
            found.append((example, batch, model(batch, return_maps=True)[1]))
    return found


def _window_places(dataset: Dataset, example: int, batch: Batch, resolution: int):
    """The window, the first base of each bin that is seen, 5' to 3', and which bins these are (T,)."""
    region, seen = regions_of(dataset, example)[0], batch.promoter_seen[resolution][0].cpu().numpy()
    position = region.start + np.arange(len(seen)) * resolution
    if dataset.genes["strand"].iloc[example] == "-":
        position = position[::-1]
    return region, position[seen], seen


def _pcre_places(dataset: Dataset, example: int, batch: Batch, resolution: int):
    """Of each pCRE in the batch's order (by length): its rank, region, positions of the bins seen, and which (T,)."""
    regions = regions_of(dataset, example)[1:]
    for place, slot in enumerate(batch.slot.tolist()):
        region, seen = regions[slot], batch.pcre_seen[resolution][place].cpu().numpy()
        count = -(-(region.end - region.start) // resolution)
        first = -(-(len(seen) - count) // 2)  # as in the published model, the odd padding bin comes first
        yield slot, region, region.start + (np.flatnonzero(seen) - first) * resolution, seen


def _window_rows(dataset, example, batch, resolution, row) -> list[pd.DataFrame]:
    """row (1, H, T): bins run 5' to 3'."""
    region, position, seen = _window_places(dataset, example, batch, resolution)
    return [_heads(dataset, example, region, position, resolution, 0, row[0][:, seen], "embedding")]


def _pcre_rows(dataset, example, batch, resolution, rows) -> list[pd.DataFrame]:
    """rows: per layer (P, H, T); a pCRE's own bins lie in the middle of T."""
    return [
        _heads(dataset, example, region, position, resolution, layer, weights[place][:, seen], "pairwise")
        for place, (_, region, position, seen) in enumerate(_pcre_places(dataset, example, batch, resolution))
        for layer, weights in enumerate(rows)
    ]


def _token_rows(dataset, example, resolution, maps) -> list[pd.DataFrame]:
    """maps: per layer (1, H, S, S); token 0, the promoter, asks."""
    regions = regions_of(dataset, example)
    return [
        _heads(dataset, example, region, np.array([region.start]), resolution, layer,
               weights[0, :, 0, token : token + 1], "regulation")
        for layer, weights in enumerate(maps)
        for token, region in enumerate(regions)
    ]  # fmt: skip


def _heads(dataset, example, region, position, resolution, layer, score, step) -> pd.DataFrame:
    """score (H, positions) as rows."""
    heads, count = score.shape
    return table(
        dataset, example, name_of(region), np.tile(position, heads), "", score.double().cpu().numpy().ravel(),
        resolution=resolution, layer=layer, head=np.repeat(np.arange(heads), count), step=step,
    )  # fmt: skip


def _rolled(dataset, example, batch, resolution, steps) -> list[pd.DataFrame]:
    """One resolution's maps multiplied through, as rows."""
    shares = _token_shares([m[0].double().mean(0) for m in steps["regulation"]])
    promoter, parts = shares[0], []
    for place, (slot, region, position, seen) in enumerate(_pcre_places(dataset, example, batch, resolution)):
        mixed, kept = torch.zeros(len(seen), dtype=torch.float64, device=shares.device), 1.0
        for weights in reversed(steps["pairwise"]):  # the last layer's half, then half of what it kept, ...
            kept /= 2
            mixed += kept * weights[place].double().mean(0)
        promoter = promoter + shares[1 + slot] * kept
        score = (shares[1 + slot] * mixed).cpu().numpy()[seen]
        parts.append(table(dataset, example, name_of(region), position, "", score, resolution=resolution))
    region, position, seen = _window_places(dataset, example, batch, resolution)
    row = steps["embedding"][0].double().mean(0) / 2
    row[len(row) // 2] += 0.5
    score = (promoter * row).cpu().numpy()[seen]
    return [table(dataset, example, name_of(region), position, "", score, resolution=resolution), *parts]


def _token_shares(maps: list[torch.Tensor]) -> torch.Tensor:
    """Maps (S, S) of the regulation layers, the last perhaps of token 0 alone (1, S) -> what token 0 is mixed from."""
    last = maps[-1][0] / 2
    last[0] += 0.5
    for weights in reversed(maps[:-1]):
        last = last / 2 + last @ weights / 2
    return last
