"""The table that every method of `explain` returns, and what all of them need to know about an example."""

from typing import Any

import pandas as pd
from numpy.typing import ArrayLike

from chromolab.data.dataset.dataset import Dataset

COLUMNS = ("gene", "cell_type", "region", "position", "mark", "score")


def regions_of(dataset: Dataset, example: int = 0) -> list:
    """The window, then the pCREs in the order of the model's tokens, as named tuples with chrom, start, end."""
    rows = [dataset.promoter[example], *dataset.pcre[example][dataset.pcre[example] >= 0]]
    return list(dataset.signal.regions.iloc[rows].itertuples())


def name_of(region: Any) -> str:
    """ "chrom:start-end"."""
    return f"{region.chrom}:{region.start}-{region.end}"


def table(
    dataset: Dataset, example: int, region: Any, position: ArrayLike, mark: Any, score: ArrayLike, **more: Any
) -> pd.DataFrame:
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
    return scores.groupby(list(COLUMNS[:3]), sort=False, as_index=False)[["score"]].sum()
