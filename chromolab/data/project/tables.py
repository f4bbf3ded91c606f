"""What a `Project` makes of its tables: genes that every track covers, RNA signal over genes, the origin of labels."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import find_chromosome, of_one_length
from chromolab.data.genes.annotation import read_exons
from chromolab.data.genes.expression import ExpressionTable
from chromolab.data.genes.gene_table import expression_key
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


def genes_on_tracks(
    annotation: pd.DataFrame, sizes: Mapping[Path, Mapping[str, int]], given: Mapping[str, int] | None = None
) -> tuple[pd.DataFrame, Report]:
    """The genes on chromosomes that every track has, and has with one length, and a report of the others.

    `sizes` is {track: {chromosome: length in bp}}, `given` the lengths of the assembly that is asked for. Only the
    mitochondrion may differ (`check_assembly`). Raises `ChromolabError` where no gene is left.
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
    every = [*sizes.values(), *([given] if given else [])]
    differs = ~lost & annotation["chrom"].map({c: not of_one_length(c, every) for c in chromosomes})
    report.lost("left out: on a mitochondrion that differs in length between the files", names[differs])
    return annotation[~lost & ~differs].reset_index(drop=True), report


def rna_regions(annotation: pd.DataFrame, over: str | int, file: Path) -> pd.DataFrame:
    """Where RNA is measured: `gene` (the row in `annotation`), `chrom`, `start`, `end`, `strand`; a gene's rows add up.

    `over` is "exons", "gene" (its introns, too), or a number: bp downstream from the TSS. Exons are those of the
    annotation's `file`; a gene without any is taken whole.
    """
    regions = annotation[["chrom", "start", "end", "strand"]].reset_index(drop=True).assign(gene=range(len(annotation)))
    if over == "exons" and len(exons := read_exons(file)):
        names = regions[["gene", "chrom", "strand"]].assign(gene_id=expression_key(annotation).to_numpy())
        pieces = names.merge(exons, on=["gene_id", "chrom"]).drop(columns="gene_id")
        regions = pd.concat([pieces, regions[~regions["gene"].isin(pieces["gene"])]])
        regions = regions.sort_values("gene", kind="stable", ignore_index=True)
    elif over not in ("exons", "gene"):
        plus, tss = (annotation["strand"] == "+").to_numpy(), annotation["tss"].to_numpy()
        regions["start"] = np.where(plus, tss, tss - over + 1)
        regions["end"] = regions["start"] + over
    return regions


def rna_signal(tracks: Mapping[str, Path], regions: pd.DataFrame, sizes) -> np.ndarray:
    """Mean RNA signal of each gene of `rna_regions` on its own strand, (genes,): what was sequenced, by all its bases.

    Nothing sequenced at a base is 0, whether or not the track writes it. NaN on a chromosome on which the track lacks
    all genes. `tracks` is {"track": path}, or {"forward": path, "reverse": path}; `sizes` as in `bin_means_many`.
    """
    length = (regions["end"] - regions["start"]).to_numpy()
    places = regions[["chrom", "start", "end"]]
    options = {"progress": False, "missing_chromosomes": "nan", "chrom_sizes": sizes}
    binned = bin_means_many(tracks, places, int(length.max()), **options)  # one bin per region
    strand = regions["strand"].map({"+": "forward", "-": "reverse"}) if "track" not in tracks else "track"
    total, measured = np.zeros(len(regions)), np.zeros(len(regions), bool)
    for name, means in binned.items():
        on_strand = np.asarray(strand == name)
        total[on_strand] = (np.nan_to_num(means.mean) * means.covered)[on_strand]
        measured |= means.covered > 0
    sums = pd.DataFrame({"total": total, "length": length}).groupby(regions["gene"].to_numpy()).sum()
    known = pd.Series(measured).groupby(regions["chrom"].to_numpy()).transform("any")
    known = known.groupby(regions["gene"].to_numpy()).any()
    return (sums["total"] / sums["length"]).where(known).to_numpy()


def notes_on_labels(config: Config) -> list[str]:
    """Lines for the dataset's report: where the labels of each cell type come from."""
    lines = []
    for cell, described in config.cell_types.items():
        if isinstance(described.expression, RnaSignal):
            given = described.expression
            places = {"exons": "the gene's exons, where they are annotated", "gene": "the whole gene"}
            over = places.get(given.over) or f"{given.over:,} bp from the TSS on"
            names = " and ".join(Path(f).name for f in (given.track, given.forward, given.reverse) if f)
            lines.append(f"expression of {cell}: mean RNA signal ({names}) over {over}, not RPKM")
        elif config.expression is None:
            lines.append(f"expression of {cell}: none; every label is -1, for predictions only")
        else:
            lines.append(f"expression of {cell}: {config.expression.unit} from the table")
    return lines
