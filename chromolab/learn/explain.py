"""What a model looked at, its attention; and what matters to it, by edits."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import torch

from chromolab.data.batches import Loader, pick_device
from chromolab.data.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.edit import Edit, edit_each, scale
from chromolab.learn.prediction import predict

COLUMNS = ("gene", "region", "position", "resolution", "layer", "head", "step", "score")


@torch.no_grad()
def attention(model, dataset: Dataset, device=None) -> pd.DataFrame:
    """The attention that a prediction rests on, for one gene: the rows of the one trained query, the TSS bin.

    The prediction reads only bin T // 2 of the embedding and pairwise steps and token 0 of the regulation step, so only
    those rows of the maps were ever trained; the other rows of a full map mean nothing and are not given.

    Parameters
    ----------
    model : Chromoformer
    dataset : Dataset
        One example: `ds.gene("...")`.
    device : str, optional

    Returns
    -------
    DataFrame
        gene : gene_id. region : "chrom:start-end" of what is looked at. position : its first base (0-based, genomic):
        of the bin for "embedding" and "pairwise", of the region for "regulation". resolution : bp per bin. layer,
        head : from 0. step : "embedding" (the promoter's own bins), "pairwise" (a pCRE's bins) or "regulation" (the
        promoter and each pCRE as a whole). score : sums to 1 over a region's bins, or over regions in "regulation".
        Bins without data are left out: they are hidden from the model.

    Raises
    ------
    ChromolabError
        When the dataset holds more or less than one example, or lacks the model's marks.
    """
    if len(dataset) != 1:
        raise ChromolabError(f"attention is read for one gene in one cell type, not {len(dataset)}; pass ds.gene(...)")
    device, was_training = pick_device(device), model.training
    model = model.to(device).eval()
    loader = Loader(dataset, model.marks, model.resolutions, device, next(model.parameters()).dtype)
    batch = loader.batch([0])
    maps = model(batch, return_maps=True)[1]
    model.train(was_training)
    parts = []
    for resolution, steps in maps.items():
        parts += _window_rows(dataset, batch, resolution, steps["embedding"])
        parts += _pcre_rows(dataset, batch, resolution, steps["pairwise"])
        parts += _token_rows(dataset, resolution, steps["regulation"])
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def _window_rows(dataset: Dataset, batch, resolution: int, row: torch.Tensor) -> list[pd.DataFrame]:
    """row (1, H, T): bins run 5' to 3'."""
    region, bins = _regions(dataset)[0], dataset.window // resolution
    position = region.start + np.arange(bins) * resolution
    if dataset.genes["strand"].iloc[0] == "-":
        position = position[::-1]
    seen = batch.promoter_seen[resolution][0].cpu().numpy()
    return [_table(dataset, region, position[seen], resolution, 0, row[0, :, seen], "embedding")]


def _pcre_rows(dataset: Dataset, batch, resolution: int, rows: list[torch.Tensor]) -> list[pd.DataFrame]:
    """rows: per layer (P, H, T); a pCRE's own bins lie in the middle of T."""
    tables = []
    for place, slot in enumerate(batch.slot.tolist()):  # the batch holds them by length
        region = next(dataset.signal.regions.iloc[[dataset.pcre[0, slot]]].itertuples())
        seen, count = batch.pcre_seen[resolution][place].cpu().numpy(), -(-(region.end - region.start) // resolution)
        first = -(-(len(seen) - count) // 2)  # as in the published model, the odd padding bin comes first
        position = region.start + (np.flatnonzero(seen) - first) * resolution
        for layer, weights in enumerate(rows):
            tables.append(_table(dataset, region, position, resolution, layer, weights[place][:, seen], "pairwise"))
    return tables


def _token_rows(dataset: Dataset, resolution: int, maps: list[torch.Tensor]) -> list[pd.DataFrame]:
    """maps: per layer (1, H, S, S); token 0, the promoter, asks."""
    return [
        _table(dataset, region, np.array([region.start]), resolution, layer, weights[0, :, 0, token : token + 1],
               "regulation")
        for layer, weights in enumerate(maps)
        for token, region in enumerate(_regions(dataset))
    ]  # fmt: skip


def _regions(dataset: Dataset) -> list:
    """The window, then the pCREs in the order of the model's tokens."""
    rows = [dataset.promoter[0], *dataset.pcre[0][dataset.pcre[0] >= 0]]
    return list(dataset.signal.regions.iloc[rows].itertuples())


def _table(dataset: Dataset, region, position, resolution: int, layer: int, score, step: str) -> pd.DataFrame:
    """score (H, positions) as rows."""
    heads, count = score.shape
    return pd.DataFrame({
        "gene": dataset.genes["gene_id"].iloc[0], "region": f"{region.chrom}:{region.start}-{region.end}",
        "position": np.tile(position, heads), "resolution": resolution, "layer": layer,
        "head": np.repeat(np.arange(heads), count), "step": step,
        "score": score.double().cpu().numpy().ravel(),
    })  # fmt: skip


def every_bin(dataset: Dataset, marks: Sequence[str] | None = None, size: int | None = None, factor: float = 0.0):
    """One edit for every bin of every mark in a gene's promoter window.

    Parameters
    ----------
    dataset : Dataset
        One example: `ds.gene("...")`.
    marks : sequence of str, optional
        Default: all. With seven marks and 100 bp that is 2,800 edits.
    size : int, optional
        Base pairs per bin; default the dataset's.
    factor : float
        What a bin's depth is multiplied by; 0 erases it.

    Returns
    -------
    list of Edit
        Mark by mark, along the chromosome.
    """
    region = _regions(dataset)[0]
    starts = range(region.start, region.end, size or dataset.bin_size)
    ends = [min(start + (size or dataset.bin_size), region.end) for start in starts]
    marks = dataset.marks if marks is None else marks
    return [scale(m, f"{region.chrom}:{a}-{b}", factor) for m in marks for a, b in zip(starts, ends, strict=True)]


def effects(model, dataset: Dataset, edits: Iterable[Edit | Iterable[Edit]], **prediction) -> np.ndarray:
    """How each of many edits changes what a model predicts for a gene.

    Parameters
    ----------
    model : nn.Module
    dataset : Dataset
        One example: `ds.gene("...")`.
    edits : list of Edit, or of lists of Edit
        Each is made on its own, on the gene as it is (`cl.edit_each`).
    **prediction
        Passed to `cl.predict`: batch_size, device, precision, progress.

    Returns
    -------
    float array (edits,)
        The change of log2(RPKM + 1), or of a classifier's log-odds (logit 1 less logit 0, natural logarithm).
    """
    before, after = (_value(predict(model, d, **prediction)) for d in (dataset, edit_each(dataset, edits)))
    return after - before


def occlusion(model, dataset: Dataset, marks=None, size=None, factor: float = 0.0, **prediction) -> pd.DataFrame:
    """What happens to a prediction when one bin of one mark is erased, for every bin of the promoter window.

    Parameters
    ----------
    marks, size, factor : see `every_bin`
    model, dataset, **prediction : see `effects`

    Returns
    -------
    DataFrame
        gene, region, position (first base, 0-based), mark, score: the change that `effects` gives. An edit changes all
        resolutions, and every pCRE that overlaps it.
    """
    edits = every_bin(dataset, marks, size, factor)
    region = _regions(dataset)[0]
    return pd.DataFrame({
        "gene": dataset.genes["gene_id"].iloc[0], "region": f"{region.chrom}:{region.start}-{region.end}",
        "position": [e.start for e in edits], "mark": [e.mark for e in edits],
        "score": effects(model, dataset, edits, **prediction),
    })  # fmt: skip


def _value(prediction: np.ndarray) -> np.ndarray:
    return prediction[:, 1] - prediction[:, 0] if prediction.shape[1] == 2 else prediction[:, 0]
