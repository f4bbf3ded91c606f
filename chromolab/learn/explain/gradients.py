"""What each bin of each mark adds to a prediction: gradient x input, and integrated gradients from an empty genome.

Scores are in the unit of the prediction. The model reads x = ln(1 + mean depth) of bins at several resolutions. The
score of such a bin is x times the gradient with respect to x (or the mean gradient between 0 and x). It is divided
among the stored bins that make up the bin, in proportion to their depth, and then summed over the resolutions. So each
score belongs to a place on the genome whatever the resolutions, and sums stay the same.
"""

import numpy as np
import pandas as pd
import torch

from chromolab.data.dataset.combine import concat
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.explain.inputs import Inputs, integrate, read_bases, to_stored_bins
from chromolab.learn.explain.tables import COLUMNS, name_of
from chromolab.learn.runtime import evaluating, pick_device
from chromolab.models.base import Model

AT_ONCE = 128  # examples in one pass; each gives some 6,000 rows


def gradient_input(model: Model, dataset: Dataset, device: str | torch.device | None = None) -> pd.DataFrame:
    """Gradient x input: what every bin of every mark adds to the prediction, to first order.

    Parameters
    ----------
    model : Model
    dataset : Dataset
        Any number of examples. The result has a row for every mark and stored bin with data, in each example's window
        and pCREs.
    device : str, optional

    Returns
    -------
    DataFrame
        gene, cell_type, region, position, mark, score, in log2(RPKM + 1) or log-odds. An example's scores sum to the
        slope of its prediction when every ln(1 + depth) is multiplied by the same factor, at factor 1. The contact
        frequency is also an input, but has no row.

    Raises
    ------
    ChromolabError
        If the dataset lacks a mark of the model.
    """
    return _slopes(model, dataset, device)[list(COLUMNS)]


def _slopes(model, dataset: Dataset, device) -> pd.DataFrame:
    """Gradient x input, with the number of the example in a further column."""

    def score(inputs: Inputs, _part: Dataset) -> dict:
        slopes = inputs.gradients(inputs.features)
        return {r: slopes[r] * x for r, x in inputs.features.items()}

    return _scored(model, dataset, device, score, AT_ONCE)


def integrated_gradients(
    model: Model, dataset: Dataset, steps: int = 50, device: str | torch.device | None = None
) -> pd.DataFrame:
    """Integrated gradients: what every bin of every mark adds, starting from a genome without any signal.

    The path is straight in ln(1 + depth): at fraction t, every bin of every resolution has t times its value. Bins that
    are hidden from the model stay hidden, and contacts and their frequencies do not change.

    Parameters
    ----------
    model, dataset, device : as in `gradient_input`
    steps : int
        Points on the path (Gauss-Legendre quadrature); the error of the sum falls quickly with more points.

    Returns
    -------
    DataFrame
        As `gradient_input`. Completeness: an example's scores sum to its prediction minus that without any signal.

    Raises
    ------
    ChromolabError
        If the dataset lacks a mark of the model.

    Source: Sundararajan, Taly and Yan 2017, https://arxiv.org/abs/1703.01365.
    """

    def score(inputs: Inputs, part: Dataset) -> dict:
        empty = {r: torch.zeros_like(x) for r, x in inputs.features.items()}
        return integrate(model, part, empty, inputs.features, steps, inputs.device)

    return _scored(model, dataset, device, score, max(1, AT_ONCE // steps))[list(COLUMNS)]


def _scored(model, dataset: Dataset, device, score, at_once: int) -> pd.DataFrame:
    """Rows for the scores of some examples after another; `score(inputs, part)` gives {resolution: (bins, marks)}."""
    device, tables = pick_device(device), []
    with evaluating(model, device):
        for first in range(0, len(dataset), at_once):
            part = dataset.select(np.arange(first, min(first + at_once, len(dataset))))
            inputs = Inputs(model, part, device)
            amount = np.abs(read_bases(inputs.dataset, inputs.columns))  # of a signed track, both signs have a share
            total = to_stored_bins(score(inputs, part), inputs.dataset.signal, amount)
            tables.append(_rows(inputs, total, first))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=[*COLUMNS, "example"])


def _rows(inputs: Inputs, total: np.ndarray, first_example: int) -> pd.DataFrame:
    """total (bins, marks) as rows, mark by mark within each region; a mark has no row where it has no data."""
    dataset = inputs.dataset
    signal, genes = dataset.signal, dataset.genes
    names = np.array([name_of(r) for r in signal.regions.itertuples()], object)
    region = np.repeat(np.arange(len(signal.regions)), np.diff(signal.offsets))  # of each stored bin
    within = np.arange(len(region)) - signal.offsets[region]
    regions_of_each = 1 + (dataset.pcre >= 0).sum(1) + (dataset.body is not None)
    example = np.repeat(np.arange(len(genes)), regions_of_each)[region]
    # per mark: the model may see a coarse bin although a stored bin in it lacks a mark
    keep, mark = np.nonzero(~np.isnan(signal.depth[:, inputs.columns]))
    order = np.lexsort((keep, mark, region[keep]))
    keep, mark = keep[order], mark[order]
    position = signal.regions["start"].to_numpy(np.int64)[region[keep]] + within[keep] * dataset.bin_size
    example = example[keep]
    gene, cell = (genes[c].to_numpy(object)[example] for c in ("gene_id", "cell_type"))
    marks = np.array(inputs.model.marks, object)[mark]
    values = (gene, cell, names[region[keep]], position, marks, total[keep, mark])
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)) | {"example": first_example + example})


def difference(model: Model, before: Dataset, after: Dataset, device: str | torch.device | None = None) -> pd.DataFrame:
    """Where an edit changed what bins and pCREs add: gradient x input after the edit, minus the same before it.

    Unedited bins have scores as well: an edit can change how much the model makes of them. Both datasets are computed
    in one pass, which costs little more than `gradient_input` of one.

    Parameters
    ----------
    model : Model
    before, after : Dataset
        The same examples in the same order: `ds.gene("...")` and `cl.edit(ds.gene("..."), edits)`. A region that only
        one of them has (a contact that was cut or added) counts as 0 in the other.
    device : str, optional

    Returns
    -------
    DataFrame
        gene, cell_type, region, position, mark, score, as in `gradient_input`.

    Raises
    ------
    ChromolabError
        If the two hold different examples.
    """
    key = ["gene_id", "cell_type"]
    if not before.genes[key].equals(after.genes[key]):
        raise ChromolabError(
            f"before has {len(before)} examples, after {len(after)}, and not the same genes in the same order; "
            "pass a dataset and the same dataset after cl.edit"
        )
    both, places = _slopes(model, concat([before, after]), device), list(COLUMNS[:-1])
    first = both["example"].to_numpy() < len(before)
    old, new = both[first][list(COLUMNS)], both[~first][list(COLUMNS)].reset_index(drop=True)
    if len(old) == len(new) and all(np.array_equal(old[c].to_numpy(), new[c].to_numpy()) for c in places[2:]):
        return new.assign(score=new["score"] - old["score"])
    old, new = (t.groupby(places, sort=False)[["score"]].sum() for t in (old, new))
    return new.sub(old, fill_value=0.0).reset_index()
