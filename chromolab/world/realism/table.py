"""How close the teaching genome comes to real cells: one table, a row per figure, a column per set of data."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from chromolab.errors import ChromolabError
from chromolab.world.realism.bands import bands, differences
from chromolab.world.realism.evidence import Evidence, of_dataset, of_world
from chromolab.world.realism.real import BLIND, OPEN
from chromolab.world.realism.signals import Figures, signal_figures, texture
from chromolab.world.realism.structure import structure_figures

LEVEL = 0.95


def realism(simulated: Any, real: Any = None, *, blind: bool = False) -> pd.DataFrame:
    """Figures of simulated genes beside those of real ones, and the band in which they should lie.

    Parameters
    ----------
    simulated : World, Dataset, or list of them
        For a world, all of its files are measured, in all cell types. Of several (seeds), the mean.
    real : path or DataFrame, optional
        The folder of real data, or what `real_figures` returned for it, so that it need not be measured again; default
        the environment variable CHROMOLAB_REAL_DATA. Without it, there are no real columns.
    blind : bool
        Add h1-demo and mouse-chr5. They are the tests of the teaching genome: its constants were set without them, and
        they are looked at once, after the constants are fixed. Whoever sets a constant leaves them out.

    Returns
    -------
    DataFrame, indexed by (figure, detail)
        - simulated, and "simulated ±": half the width of its 95 % interval. Each of at most ten parts of the genome is
          left out once (jackknife, Student's t); of several worlds, t over the worlds.
        - low, high: the band, from `bands`; inside: whether the simulated figure lies in it (NA without a band);
          constants from: the sets which the constants of that row were set by.
        - a column per real set and its "±": pilot, chr11, reads, contacts, crispri. NaN where a set cannot tell.

    Raises
    ------
    ChromolabError
        If `real` is a path without real data, or a dataset has other windows than 40 kb or none of the seven marks.

    Notes
    -----
    Values of a set are figures of all its genes and tracks, but that at most 6,000 windows are drawn. The real columns
    take about 45 s on one CPU.
    """
    worlds = list(simulated) if isinstance(simulated, Sequence) else [simulated]
    columns = [measured(_evidence(world)) for world in worlds]
    table = columns[0] if len(columns) == 1 else _over_worlds([c["value"] for c in columns])
    table = table.set_axis(["simulated", "simulated ±"], axis=1)
    known = bands()
    real = os.environ.get("CHROMOLAB_REAL_DATA") if real is None else real
    if real is not None and not isinstance(real, pd.DataFrame):
        real = real_figures(real, blind=blind)
    table = pd.concat([table, known] if real is None else [table, known, real], axis=1)
    inside = table["simulated"].between(table["low"], table["high"]).astype("boolean")
    inside[table["low"].isna() | table["simulated"].isna()] = pd.NA
    table.insert(4, "inside", inside)
    table.index.names = ["figure", "detail"]
    return table.loc[_order(table.index, known.index)]


def real_figures(real: str | os.PathLike[str], *, blind: bool = False) -> pd.DataFrame:
    """The real columns of `realism`: a column per set and its "±", indexed by (figure, detail).

    Parameters
    ----------
    real : path
        The folder of real data. A set whose folder is absent has no column.
    blind : bool
        Add h1-demo and mouse-chr5: see `realism`.

    Raises
    ------
    ChromolabError
        If the folder has none of the sets.
    """
    folder, columns = Path(real), []
    sets = OPEN | BLIND if blind else OPEN
    for name, (needed, read) in sets.items():
        if all((folder / n).is_dir() for n in needed):
            columns.append(measured(read(folder)).set_axis([name, f"{name} ±"], axis=1))
    if not columns:
        raise ChromolabError(
            f"{folder}: none of the real sets; expected the folder of real data, with "
            f"{', '.join(sorted({n for needed, _ in sets.values() for n in needed}))}. Name it, or set "
            "CHROMOLAB_REAL_DATA; without real data, leave both out"
        )
    return pd.concat(columns, axis=1)


def figures(evidence: Evidence) -> Figures:
    """{(figure, detail): value} of all that the evidence can tell."""
    table: Figures = {} if evidence.windows is None else signal_figures(evidence.windows)
    for other in (evidence.as_p_values, evidence.as_calls):
        table |= {} if other is None else texture(other)
    return table | structure_figures(evidence) | differences(table)


def measured(evidence: Evidence) -> pd.DataFrame:
    """The figures of the evidence and half the width of their 95 % intervals: columns value and half.

    Each part of the genome is left out once (delete-one-group jackknife; Student's t with one degree of freedom fewer
    than parts). NaN with a single part.
    """
    value = pd.Series(figures(evidence), dtype=np.float64)
    places = evidence.places()
    if len(places) < 2:
        return pd.DataFrame({"value": value, "half": np.nan})
    left = pd.DataFrame([figures(evidence.without(p)) for p in places]).reindex(columns=value.index)
    parts = left.notna().sum()
    spread = (left - left.mean()).pow(2).sum() * (parts - 1) / parts
    half = stdtrit((parts - 1).clip(lower=1), (1 + LEVEL) / 2) * np.sqrt(spread)
    return pd.DataFrame({"value": value, "half": half.where(parts > 1)})


def _evidence(simulated: Any) -> Evidence:
    return of_dataset(simulated) if hasattr(simulated, "promoter_depth") else of_world(simulated)


def _over_worlds(values: list[pd.Series]) -> pd.DataFrame:
    """Mean over worlds, and half the width of its t interval."""
    table = pd.concat(values, axis=1)
    n = table.notna().sum(axis=1)
    half = stdtrit((n - 1).clip(lower=1), (1 + LEVEL) / 2) * table.std(axis=1) / np.sqrt(n)
    return pd.DataFrame({"value": table.mean(axis=1), "half": half.where(n > 1)})


def _order(index: pd.Index, first: pd.Index) -> list:
    """The figures that have bands first, in their order, then the others; the rows of a figure stay together."""
    rows = list(first[first.isin(index)]) + list(index[~index.isin(first)])
    figure = {name: number for number, name in reversed(list(enumerate(row[0] for row in rows)))}
    return sorted(rows, key=lambda row: figure[row[0]])
