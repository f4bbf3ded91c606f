"""Where a model looked: the trained rows of its attention maps, as they are or multiplied through all layers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import ArrayLike

from chromolab.data.bodies.loader import places_seen
from chromolab.data.bodies.whole_genes import body_of
from chromolab.data.dataset.batches import Batch
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.explain.tables import COLUMNS, name_of, regions_of, table
from chromolab.learn.runtime import evaluating, few_threads, pick_device
from chromolab.models.base import Model
from chromolab.models.chromoformer import Chromoformer
from chromolab.models.wholegene import WholeGene

ORDER = [*COLUMNS, "resolution", "layer", "head", "step"]
STEPS = ("embedding", "pairwise", "regulation")
GENE = "gene"  # a step of a `WholeGene`
AT_ONCE = 64  # examples


def attention(
    model: Model, dataset: Dataset, steps: Sequence[str] = STEPS, device: str | torch.device | None = None
) -> pd.DataFrame:
    """The attention that a prediction rests on: the row of the one trained query, in every head and layer.

    The prediction reads only bin T // 2, the bin of the TSS, from the embedding and pairwise steps, and token 0 from
    the regulation step. Only these rows of the maps are trained; all other rows mean nothing and are left out.

    Parameters
    ----------
    model : Chromoformer or WholeGene
    dataset : Dataset
        Usually one example, `ds.gene("...")`: a gene has some 3,000 rows with the shipped models.
    steps : sequence of "embedding", "pairwise" and "regulation"
        For many genes, name only the steps you need. Of a `WholeGene` "gene", too.
    device : str, optional

    Returns
    -------
    DataFrame
        gene, cell_type, region, position (of the bin for "embedding" and "pairwise", of the region for "regulation"),
        mark (""), score (sums to 1 over a region's bins, or over regions in "regulation"), resolution (bp per bin),
        layer and head (from 0), step: "embedding" (the promoter's own bins), "pairwise" (a pCRE's bins), "regulation"
        (the promoter and each pCRE as a whole) or "gene" (the bins of the whole gene, whose `resolution` is the size of
        each; a wide bin has the attention of all its bases). Bins without data have no row: they are hidden.

    Raises
    ------
    ChromolabError
        If the dataset lacks a mark of the model, or for an unknown step. (A step without layers has no rows.)
    """
    parts: list[pd.DataFrame] = []
    rows: dict[str, Callable] = {"embedding": _window_rows, "pairwise": _pcre_rows, "regulation": _token_rows}
    known = (*STEPS, GENE) if isinstance(model, WholeGene) else STEPS
    if unknown := [step for step in steps if step not in known]:
        raise ChromolabError(
            f"steps: no step {unknown[0]!r} in a {type(model).__name__}; expected a list with any of {', '.join(known)}"
        )
    for one, maps in _read(model, dataset, device, (Chromoformer, WholeGene)):
        for resolution in model.resolutions:
            for step in steps:
                parts += [] if step == GENE else rows[step](one, resolution, maps[resolution][step])
        parts += _gene_rows(one, maps[GENE]) if GENE in steps else []
    return pd.concat(parts, ignore_index=True)[ORDER] if parts else pd.DataFrame(columns=ORDER)


def rollout(model: Model, dataset: Dataset, device: str | torch.device | None = None) -> pd.DataFrame:
    """Attention multiplied through all steps and layers: from which bins the promoter's final token is mixed.

    Each block adds what it attended to onto its input, so half of the output counts as the layer's map (mean over
    heads) and half as the unchanged input. The promoter's token after the regulation layers is a mixture of all tokens;
    its own token comes half from the TSS bin and half from the bins that this bin attended to; a pCRE's token comes
    from the pCRE's bins and, through the residual connection, from the promoter that asked. Values, gates and
    feed-forward blocks are ignored: the scores say where information could have come from, not what it did.

    Parameters
    ----------
    model, dataset, device : as in `attention`

    Returns
    -------
    DataFrame
        gene, cell_type, region, position, mark (""), score, resolution. Scores of a gene at one resolution sum to 1.

    Source: Abnar and Zuidema 2020, https://arxiv.org/abs/2005.00928, extended to queries from one sequence and keys
    from another.
    """
    parts = []
    for one, maps in _read(model, dataset, device, (Chromoformer,)):
        for resolution, steps in maps.items():
            parts += _rolled(one, resolution, steps)
    return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True)
class _One:
    """One example of a dataset, and its index in a batch."""

    dataset: Dataset
    example: int
    batch: Batch
    index: int

    def rows(self, region: Any, position: ArrayLike, score: torch.Tensor, **more: Any) -> pd.DataFrame:
        return table(self.dataset, self.example, region, position, "", score.cpu().numpy(), **more)


@torch.no_grad()
def _read(model: Any, dataset: Dataset, device, kinds: Any):
    """Yield each example with the maps of its batch."""
    if not isinstance(model, kinds):
        names = " or a ".join(kind.__name__ for kind in kinds)
        raise ChromolabError(f"attention is read from a {names}; a {type(model).__name__} has no such maps")
    device = pick_device(device)
    with evaluating(model, device):
        loader = model.loader(dataset, device)
        for first in range(0, len(dataset), AT_ONCE):
            examples = range(first, min(first + AT_ONCE, len(dataset)))
            batch = loader.batch(examples)
            maps = model(batch, return_maps=True)[1]
            yield from ((_One(dataset, example, batch, index), maps) for index, example in enumerate(examples))


def _window_places(one: _One, resolution: int):
    """The window, the first base of each bin that the model sees, 5' to 3', and which bins it sees, bool (T,)."""
    region = regions_of(one.dataset, one.example)[0]
    seen = one.batch.promoter_seen[resolution][one.index].cpu().numpy()
    position = region.start + np.arange(len(seen)) * resolution
    if one.dataset.genes["strand"].iloc[one.example] == "-":
        position = position[::-1]
    return region, position[seen], seen


def _pcre_places(one: _One, resolution: int):
    """For each pCRE, longest first: index in the batch, slot, region, positions of the bins seen, and which (T,)."""
    regions, is_own = regions_of(one.dataset, one.example)[1:], one.batch.owner == one.index
    for place in is_own.nonzero()[:, 0].tolist():
        slot = int(one.batch.slot[place])
        region, seen = regions[slot], one.batch.pcre_seen[resolution][place].cpu().numpy()
        count = -(-(region.end - region.start) // resolution)
        first = -(-(len(seen) - count) // 2)  # as in the published model, the odd padding bin comes first
        yield place, slot, region, region.start + (np.flatnonzero(seen) - first) * resolution, seen


def _window_rows(one: _One, resolution: int, row: torch.Tensor) -> list[pd.DataFrame]:
    """row (B, H, T): bins run 5' to 3'."""
    region, position, seen = _window_places(one, resolution)
    return [_heads(one, region, position, resolution, 0, row[one.index][:, seen], "embedding")]


def _pcre_rows(one: _One, resolution: int, rows: list[torch.Tensor]) -> list[pd.DataFrame]:
    """rows: one (P, H, T) per layer; a pCRE's bins lie in the middle of T."""
    return [
        _heads(one, region, position, resolution, layer, weights[place][:, seen], "pairwise")
        for place, _, region, position, seen in _pcre_places(one, resolution)
        for layer, weights in enumerate(rows)
    ]


def _gene_rows(one: _One, weights: torch.Tensor) -> list[pd.DataFrame]:
    """weights (B, H, L): bins of the whole gene, 5' to 3'."""
    start, end = places_seen(one.batch, one.index, one.dataset.genes.iloc[one.example])
    region = one.dataset.signal.regions.iloc[body_of(one.dataset)[one.example]]
    size, seen = np.tile(end - start, weights.shape[1]), one.batch.more["seen"][one.index]
    return [_heads(one, region, start, size, 0, weights[one.index][:, seen], GENE)]


def _heads(one: _One, region, position, resolution, layer: int, score: torch.Tensor, step: str) -> pd.DataFrame:
    """score (H, positions) as rows."""
    heads, count = score.shape
    position, head = np.tile(position, heads), np.repeat(np.arange(heads), count)
    return one.rows(
        name_of(region), position, score.double().ravel(), resolution=resolution, layer=layer, head=head, step=step
    )


def _token_rows(one: _One, resolution: int, maps: list[torch.Tensor]) -> list[pd.DataFrame]:
    """maps: one (B, H, S, S) per layer; token 0, the promoter, asks. Returns a row per layer, head and token."""
    if not maps:
        return []
    regions = regions_of(one.dataset, one.example)
    rows = torch.stack([m[one.index, :, 0, : len(regions)] for m in maps]).double()  # (layers, H, S)
    layer, head, token = (g.ravel() for g in np.indices(rows.shape))
    names, starts = np.array([name_of(r) for r in regions], object), np.array([r.start for r in regions])
    return [
        one.rows(
            names[token], starts[token], rows.ravel(), resolution=resolution, layer=layer, head=head, step="regulation"
        )
    ]


def _rolled(one: _One, resolution: int, steps: dict) -> list[pd.DataFrame]:
    """One resolution's maps multiplied through, as rows: the window, then the pCREs, longest first."""
    maps, device = [m[one.index].double().mean(0) for m in steps["regulation"]], one.batch.owner.device
    tokens = 1 + int((one.batch.owner == one.index).sum())
    even = torch.full(
        (tokens,), 1 / tokens, dtype=torch.float64, device=device
    )  # without regulation layers, a plain mean
    shares = _token_shares(maps) if maps else even
    promoter, parts = shares[0], []
    for place, slot, region, position, seen in _pcre_places(one, resolution):
        mixed, kept = torch.zeros(len(seen), dtype=torch.float64, device=shares.device), 1.0
        for weights in reversed(steps["pairwise"]):  # the last layer's half, then half of what it kept, ...
            kept /= 2
            mixed += kept * weights[place].double().mean(0)
        promoter = promoter + shares[1 + slot] * kept
        score = shares[1 + slot] * mixed[seen]
        parts.append(one.rows(name_of(region), position, score, resolution=resolution))
    region, position, seen = _window_places(one, resolution)
    row = steps["embedding"][one.index].double().mean(0) / 2
    row[len(row) // 2] += 0.5
    return [one.rows(name_of(region), position, promoter * row[seen], resolution=resolution), *parts]


def _token_shares(maps: list[torch.Tensor]) -> torch.Tensor:
    """From how much of each token the final token 0 is mixed, (S,), given each regulation layer's map.

    Maps are (S, S); the last may be (1, S), token 0 alone.
    """
    last = maps[-1][0] / 2
    last[0] += 0.5
    for weights in reversed(maps[:-1]):
        last = last / 2 + last @ weights / 2
    return last


@few_threads(1)  # one gene: more threads would only wait for busy cores
def looked_at(model: Model, edited: Dataset) -> tuple[np.ndarray, dict[int, float]]:
    """Attention of the TSS bin relative to even attention, and the promoter's share for each region.

    Returns
    -------
    (float32 array (bins,), {row of signal.regions: share})
        Attention of the embedding step in the window, of the last pairwise layer in each pCRE and of a `WholeGene` over
        its gene, mean over heads and resolutions, relative to even attention over the bases (1 = even); NaN in bins
        that the model does not see. The shares are those of the last regulation layer and sum to 1.
    """
    steps = (*STEPS, GENE) if isinstance(model, WholeGene) else STEPS
    scores, signal = attention(model, edited, steps), edited.signal
    scores = scores[scores["layer"] == scores.groupby("step")["layer"].transform("max")]
    bins = scores[scores["step"] != "regulation"]
    key = ["step", "region", "resolution", "position"]
    mean = bins.groupby(key, sort=False, as_index=False)[["score"]].mean()  # over heads
    map_of = mean["resolution"].where(mean["step"] != GENE, 0)  # bins of all sizes share the attention of a whole gene
    bases = mean.groupby(["region", map_of])["resolution"].transform("sum")
    mean["score"] *= bases / mean["resolution"]
    total, count = np.zeros(len(signal.depth)), np.zeros(len(signal.depth))
    for resolution in sorted(mean["resolution"].unique()):
        part = mean[mean["resolution"] == resolution]
        row, first = _places(part, signal)
        last = np.diff(signal.offsets)[row]
        for step in range(resolution // signal.bin_size):
            inside = (first + step >= 0) & (first + step < last)
            at = (signal.offsets[row] + first + step)[inside]
            total[at] += part["score"].to_numpy()[inside]
            count[at] += 1
    shares = scores[scores["step"] == "regulation"].groupby("region")["score"].mean()
    rows, _ = _places(shares.reset_index().assign(position=0), signal)
    level = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0).astype(np.float32)
    return level, dict(zip(rows.tolist(), shares.tolist(), strict=True))


def _places(scores: pd.DataFrame, signal) -> tuple[np.ndarray, np.ndarray]:
    """For each row of a table: its row in `signal.regions` (-1 if absent), and the stored bin within that region."""
    regions = signal.regions
    names = regions["chrom"].astype(str) + ":" + regions["start"].astype(str) + "-" + regions["end"].astype(str)
    row = pd.Index(names).get_indexer(scores["region"])
    start = regions["start"].to_numpy(np.int64)[row]
    return row, (scores["position"].to_numpy(np.int64) - start) // signal.bin_size
