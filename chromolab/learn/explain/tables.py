"""The table that every method of `explain` returns, and what all of them need to know about an example."""

from dataclasses import replace

import numpy as np
import pandas as pd
from torch import Tensor

from chromolab.data.dataset.dataset import Dataset

COLUMNS = ("gene", "cell_type", "region", "position", "mark", "score")


def regions_of(dataset: Dataset, example: int = 0) -> list:
    """The window, then the pCREs in the order of the model's tokens, as named tuples with chrom, start, end."""
    rows = [dataset.promoter[example], *dataset.pcre[example][dataset.pcre[example] >= 0]]
    return list(dataset.signal.regions.iloc[rows].itertuples())


def name_of(region) -> str:
    """ "chrom:start-end"."""
    return f"{region.chrom}:{region.start}-{region.end}"


def table(dataset: Dataset, example: int, region, position, mark, score, **more) -> pd.DataFrame:
    """Rows of one example; scalars are repeated in every row, arrays have shape (rows,)."""
    gene = dataset.genes.iloc[example]
    columns = dict(zip(COLUMNS, (gene["gene_id"], gene["cell_type"], region, position, mark, score), strict=True))
    return pd.DataFrame(columns | more)


def by_region(scores: pd.DataFrame) -> pd.DataFrame:
    """A method's scores summed over the bins and marks of each region, the window and each pCRE.

    Parameters
    ----------
    scores : DataFrame
        From any method of `explain`. Of attention, keep one layer, head and resolution first, or divide by their
        number.

    Returns
    -------
    DataFrame
        gene, cell_type, region, score, in the order of their first rows.
    """
    return scores.groupby(list(COLUMNS[:3]), sort=False, as_index=False)["score"].sum()


def value(output: Tensor | np.ndarray):
    """The explained value (examples,): log-odds of two logits (examples, 2), or the one output (examples, 1)."""
    return output[:, 1] - output[:, 0] if output.shape[1] == 2 else output[:, 0]


def unshared(dataset: Dataset) -> Dataset:
    """The same examples, each with its own copy of its regions, in order: window, pCREs, next example's window ..."""
    promoter, pcre = np.empty_like(dataset.promoter), np.full_like(dataset.pcre, -1)
    present = dataset.pcre >= 0
    first = np.concatenate([[0], np.cumsum(1 + present.sum(1))])
    promoter[:] = first[:-1]
    pcre[present] = (first[:-1, None] + np.cumsum(present, 1))[present]
    rows = np.concatenate([[p, *k[k >= 0]] for p, k in zip(dataset.promoter, dataset.pcre, strict=True)])
    return replace(dataset, signal=dataset.signal.take(rows.astype(np.int64)), promoter=promoter, pcre=pcre)
