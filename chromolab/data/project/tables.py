"""What a `Project` makes of its tables: genes that every track covers, RNA signal over genes, the origin of labels."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import find_chromosome
from chromolab.data.genes.expression import ExpressionTable
from chromolab.data.intervals import require_columns
from chromolab.data.project.config import Config, RnaSignal
from chromolab.data.report import Report
from chromolab.data.tracks.bin_means import bin_means_many
from chromolab.errors import ChromolabError


def genes_of_types(annotation: pd.DataFrame, types: Sequence[str], source: Path) -> pd.DataFrame:
    """The genes whose `gene_type` is one of `types`; `ChromolabError`, naming `source`, where there is none."""
    require_columns(annotation, ("gene_type",), str(source))
    kept = annotation["gene_type"].isin(types)
    if not kept.any():
        has = ", ".join(annotation["gene_type"].value_counts().index[:6]) or "none"
        raise ChromolabError(f"no gene is of type {', '.join(types)}; {source} has {has}.")
    return annotation[kept].reset_index(drop=True)


def named_columns(config: Config, rows: ExpressionTable, columns: Mapping[str, str]) -> pd.DataFrame:
    """The columns of an expression table that cell types take, `columns` being {cell type: column}.

    Raises `ChromolabError`, with the line of the cell type, where the table has no such column of numbers.
    """
    for cell, column in columns.items():
        if column not in rows.names:
            at = ["expression"] if config.cell_types[cell].expression else []
            text = f" ({column} holds text)" if column in rows.of_text else ""
            raise ChromolabError(
                f"{config.where('cell_types', cell, *at)}: {rows.path} has no column {column!r} for it{text}; it has "
                f"{', '.join(rows.names[:8])}. Name it: expression: <column>."
            )
    with config.placed("expression"):
        return rows.frame(list(dict.fromkeys(columns.values())))


def genes_on_tracks(annotation: pd.DataFrame, sizes: Mapping[Path, Mapping[str, int]]) -> tuple[pd.DataFrame, Report]:
    """The genes on chromosomes that every track has, and a report of the others.

    `sizes` is {track: {chromosome: length in bp}}. Raises `ChromolabError` where no gene is left.
    """
    chromosomes = annotation["chrom"].unique()
    lacking = {c: [p.name for p, lengths in sizes.items() if not find_chromosome(c, lengths)] for c in chromosomes}
    lost = annotation["chrom"].map(lambda c: bool(lacking[c]))
    if lost.all():
        path, lengths = next(iter(sizes.items()))
        raise ChromolabError(
            f"no gene lies on a chromosome that every track has: the annotation has {', '.join(chromosomes[:4])}, "
            f"{path} has {', '.join(list(lengths)[:4])}. Are they of one species and assembly?"
        )
    report = Report()
    names = annotation["gene_id"] + " " + annotation["chrom"]
    report.lost("left out: on a chromosome that a track lacks", names[lost])
    return annotation[~lost].reset_index(drop=True), report


def rna_regions(annotation: pd.DataFrame, over: str | int) -> pd.DataFrame:
    """Where RNA is measured, a row per gene: the whole gene ("gene"), or `over` bp downstream from its TSS."""
    regions = annotation[["chrom", "start", "end", "strand"]].copy()
    if over != "gene":
        plus, tss = annotation["strand"] == "+", annotation["tss"]
        regions["start"] = np.where(plus, tss, tss - over + 1)
        regions["end"] = regions["start"] + over
    return regions


def rna_signal(tracks: Mapping[str, Path], regions: pd.DataFrame, sizes, missing: str) -> np.ndarray:
    """Mean RNA signal of each region on its own strand, (regions,); NaN without data, unless `missing` is "zero".

    `tracks` is {"track": path}, or {"forward": path, "reverse": path}; `sizes` as in `bin_means_many`.
    """
    length = (regions["end"] - regions["start"]).to_numpy()
    places = regions[["chrom", "start", "end"]]
    options = {"progress": False, "missing_chromosomes": "nan", "chrom_sizes": sizes}
    binned = bin_means_many(tracks, places, int(length.max()), **options)  # one bin per region
    strand = regions["strand"].map({"+": "forward", "-": "reverse"}) if "track" not in tracks else "track"
    value = np.full(len(regions), np.nan)
    for name, means in binned.items():
        on_strand = np.asarray(strand == name)
        mean = np.nan_to_num(means.mean) * means.covered / length if missing == "zero" else means.mean
        value[on_strand] = mean[on_strand]
    return value


def notes_on_labels(config: Config) -> list[str]:
    """Lines for the dataset's report: where the labels of each cell type come from."""
    lines = []
    for cell, described in config.cell_types.items():
        if isinstance(described.expression, RnaSignal):
            given = described.expression
            over = "the gene" if given.over == "gene" else f"{given.over:,} bp from the TSS on"
            names = " and ".join(Path(f).name for f in (given.track, given.forward, given.reverse) if f)
            lines.append(f"expression of {cell}: mean RNA signal ({names}) over {over}, not RPKM")
        elif config.expression is None:
            lines.append(f"expression of {cell}: none; every label is -1, for predictions only")
        else:
            lines.append(f"expression of {cell}: {config.expression.unit} from the table")
    return lines
