"""Read the genes, their expression and the contacts of a `my.yaml` from its files."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import (
    ASSEMBLY_CHR1,
    check_assembly,
    chromosome_sizes,
    find_chromosome,
    read_chrom_sizes,
)
from chromolab.data.contacts.formats import read_contacts
from chromolab.data.contacts.pcres import assign_pcres
from chromolab.data.dataset.build import DATASET_VERSION
from chromolab.data.genes.annotation import exon_lengths, read_annotation
from chromolab.data.genes.expression import normalise_expression, read_expression
from chromolab.data.genes.folds import assign_folds, region_of
from chromolab.data.genes.gene_table import expression_key, gene_table
from chromolab.data.intervals import read_regions, require_columns
from chromolab.data.project.config import Config, RnaSignal
from chromolab.data.project.inputs import Files
from chromolab.data.project.pieces import Fingerprint, Pieces, digest_of
from chromolab.data.report import Report
from chromolab.data.tracks.bin_means import bin_means_many, open_track
from chromolab.errors import ChromolabError

NOT_READ = {
    "file",
    "source",
    "of",
    "promoter_flank",
    "cis_only",
    "min_frequency",
}  # settings of contacts that `read_contacts` does not take


def common_marks(config: Config) -> tuple[str, ...]:
    """The marks, in the order of the first cell type; `ChromolabError` where another cell type has other marks."""
    first, *others = config.cell_types
    marks = tuple(config.tracks(first))
    for cell in others:
        if differ := set(marks) ^ set(config.tracks(cell)):
            raise ChromolabError(
                f"{config.where('cell_types', cell)}: only one of {first} and {cell} has {', '.join(sorted(differ))}; "
                "expected the same marks everywhere. Add the track, or leave the mark out of both."
            )
    return marks


def given_sizes(config: Config, files: Files) -> dict[str, int] | None:
    """Chromosome lengths (bp) from `chrom_sizes` or the assembly, for tracks without lengths; None without either."""
    if files.chrom_sizes is not None:
        with config.placed("chrom_sizes"):
            return read_chrom_sizes(files.chrom_sizes)
    return None if config.assembly is None else chromosome_sizes(config.assembly)


def track_sizes(config: Config, files: Files) -> dict[Path, dict[str, int]]:
    """{track: {chromosome: length in bp}}; each track is opened once."""
    sizes, given = {}, given_sizes(config, files)
    for path in dict.fromkeys(path for tracks in files.tracks.values() for path in tracks.values()):
        sizes[path] = open_track(path).chrom_sizes
        if not sizes[path]:  # text: bedGraph, tagAlign
            if given is None:
                raise ChromolabError(
                    f"{config.path}: {path} does not say how long its chromosomes are. Give assembly:, or chrom_sizes: "
                    "(lines of chromosome and length)."
                )
            sizes[path] = given
    return sizes


def expected_sizes(config: Config, files: Files) -> tuple[dict[str, int], str] | None:
    """Chromosome lengths (bp) of the assembly that the yaml names, and where they come from; None without one."""
    if files.chrom_sizes is not None:
        return given_sizes(config, files), str(files.chrom_sizes)
    if config.assembly is not None:
        return {"chr1": ASSEMBLY_CHR1[config.assembly]}, config.assembly
    return None


# ---------------------------------------------------------------- genes


def read_genes(
    config: Config, files: Files, before: Mapping[Path, Fingerprint], pieces: Pieces | None = None
) -> tuple[pd.DataFrame, dict[str, Report], set[str]]:
    """The gene table of all cell types, the report of each cell type, and the keys of the pieces that were used.

    Genes on chromosomes that a track lacks are left out: no data is not the same as no signal.
    """
    sizes = track_sizes(config, files)
    if (expected := expected_sizes(config, files)) is not None:
        for path, lengths in sizes.items():
            check_assembly(expected[0], lengths, expected[1], str(path))
    first, *others = sizes.items()
    for path, lengths in others:
        check_assembly(first[1], lengths, str(first[0]), str(path))
    annotation, notes = on_tracks(annotated(config, files), sizes)
    expression, keys = measured(config, files, annotation, before, pieces)
    within = regions_within(config, files)
    with config.placed("folds"):
        folds = _folds(config, files, annotation, expression, within)
    parts, reports = [], {}
    for cell, values in expression.items():
        table = None if values is None else values.to_frame(cell)
        on = config.expression.match if config.expression and cell not in files.rna else "gene_id"
        with config.placed("cell_types", cell):
            genes, report = gene_table(annotation, table, cell, folds, within, window=config.window, on=on)
        parts.append(genes)
        reports[cell] = Report([*notes, *report])
    return pd.concat(parts, ignore_index=True), reports, keys


def regions_within(config: Config, files: Files) -> pd.DataFrame | None:
    """The regions in which genes must lie; None where the yaml gives none."""
    if files.within is None:
        return None
    with config.placed("within"):
        return read_regions(files.within)


def annotated(config: Config, files: Files) -> pd.DataFrame:
    """The annotation, restricted to the gene types of the yaml."""
    given = config.annotation
    with config.placed("annotation", "feature" if given.feature != "auto" else "tss"):
        annotation = read_annotation(files.annotation, feature=given.feature, tss=given.tss)
    if given.gene_types is None:
        return annotation
    require_columns(annotation, ("gene_type",), str(files.annotation))
    kept = annotation["gene_type"].isin(given.gene_types)
    if not kept.any():
        has = ", ".join(annotation["gene_type"].value_counts().index[:6]) or "none"
        raise ChromolabError(
            f"{config.where('annotation', 'gene_types')}: no gene is of type {', '.join(given.gene_types)}; "
            f"{files.annotation} has {has}."
        )
    return annotation[kept].reset_index(drop=True)


def on_tracks(annotation: pd.DataFrame, sizes: Mapping[Path, Mapping[str, int]]) -> tuple[pd.DataFrame, Report]:
    """The genes on chromosomes that every track has, and a report of the others."""
    chromosomes = annotation["chrom"].unique()
    lacking = {c: [p.name for p, lengths in sizes.items() if not find_chromosome(c, lengths)] for c in chromosomes}
    gone = annotation["chrom"].map(lambda c: bool(lacking[c]))
    if gone.all():
        path, lengths = next(iter(sizes.items()))
        raise ChromolabError(
            f"no gene lies on a chromosome that every track has: the annotation has {', '.join(chromosomes[:4])}, "
            f"{path} has {', '.join(list(lengths)[:4])}. Are they of one species and assembly?"
        )
    report = Report()
    names = annotation["gene_id"] + " " + annotation["chrom"]
    report.add("left out: on a chromosome that a track lacks", names[gone])
    return annotation[~gone].reset_index(drop=True), report


def measured(
    config: Config, files: Files, annotation: pd.DataFrame, before, pieces: Pieces | None
) -> tuple[dict[str, pd.Series | None], set[str]]:
    """Expression by gene for each cell type (None where nothing was measured), and the keys of the pieces used."""
    found, keys, table = {}, set(), None
    if files.expression is not None:
        table = expression_table(config, files)
    for cell, described in config.cell_types.items():
        if cell in files.rna:
            found[cell], key = _from_rna(config, files, cell, annotation, before, pieces)
            keys.add(key)
        elif table is None:
            found[cell] = None
        else:
            name = described.expression or cell
            if name not in table.columns:
                at = config.where("cell_types", cell, *(["expression"] if described.expression else []))
                raise ChromolabError(
                    f"{at}: {files.expression} has no column {name!r} for it; it has "
                    f"{', '.join(map(str, table.columns[:8]))}. Name it: expression: <column>."
                )
            found[cell] = table[name]
    return found, keys


def expression_table(config: Config, files: Files) -> pd.DataFrame:
    """The expression table. Counts become RPKM, with exon lengths from the annotation."""
    unit = "RPKM" if config.expression.unit == "FPKM" else config.expression.unit
    with config.placed("expression", "id_column"):
        table = read_expression(files.expression, config.expression.id_column, unit)
    return normalise_expression(table, "RPKM", exon_lengths(files.annotation)) if unit == "counts" else table


def _from_rna(config, files: Files, cell: str, annotation, before, pieces) -> tuple[pd.Series, str]:
    """Mean RNA signal on each gene's own strand, over the gene or downstream of its TSS; and the key of its piece."""
    over, tracks = config.cell_types[cell].expression.over, files.rna[cell]
    regions = annotation[["chrom", "start", "end"]].copy()
    if over != "gene":
        plus, tss = annotation["strand"] == "+", annotation["tss"]
        regions["start"] = np.where(plus, tss, tss - over + 1)
        regions["end"] = regions["start"] + over
    prints = {strand: list(before[path]) for strand, path in tracks.items()}
    places = [regions[c].to_numpy(np.int64) for c in ("start", "end")]
    sizes = given_sizes(config, files)
    key = digest_of(
        "rna",
        DATASET_VERSION,
        prints,
        sizes,
        regions["chrom"].tolist(),
        *places,
        annotation["strand"].tolist(),
        config.missing,
    )
    kept = pieces.read(key) if pieces is not None else None
    if kept is None:
        longest = int((regions["end"] - regions["start"]).max())  # so that each gene is one bin
        binned = bin_means_many(tracks, regions, longest, progress=False, missing_chromosomes="nan", chrom_sizes=sizes)
        strand = annotation["strand"].map({"+": "forward", "-": "reverse"}) if "track" not in tracks else "track"
        value = np.full(len(regions), np.nan)
        for name, means in binned.items():
            on_strand = np.asarray(strand == name)
            covered = means.covered / (regions["end"] - regions["start"]).to_numpy()
            mean = np.nan_to_num(means.mean) * covered if config.missing == "zero" else means.mean
            value[on_strand] = mean[on_strand]
        kept = {"value": value}
        if pieces is not None:
            pieces.write(key, **kept)
    values = pd.Series(kept["value"], index=pd.Index(expression_key(annotation), name="gene_id"))
    if (negative := values < 0).any():
        raise ChromolabError(
            f"{config.where('cell_types', cell, 'expression')}: the mean RNA signal of {values[negative].index[0]} is "
            f"{values[negative].iloc[0]:.3g} ({negative.sum()} such genes); expected signal >= 0. If the track of the "
            "reverse strand holds negative values, write it again with the sign reversed."
        )
    return values.dropna().groupby(level=0, sort=False).mean(), key  # a gene with several TSSs: their mean


def _folds(config: Config, files: Files, annotation, expression: Mapping[str, pd.Series | None], within):
    """The folds, in a form that `gene_table` takes; chromosomes are assigned once for all cell types."""
    folds = config.folds
    if folds.chromosomes is not None:
        return folds.chromosomes
    if files.folds is not None:
        regions, n = read_regions(files.folds), folds.number or 4
        return regions.assign(fold=np.arange(len(regions)) % n + 1)
    known = [values for values in expression.values() if values is not None]
    key = config.expression.match if config.expression else "gene_id"
    some = (
        expression_key(annotation, key).isin({name for values in known for name in values.index})
        if known
        else slice(None)
    )
    genes = annotation[some]
    if within is not None:
        genes = genes[region_of(genes, within, config.window) >= 0]
    if genes.empty:
        return folds.number  # gene_table raises the error
    chosen = assign_folds(genes, folds.number, window=config.window)[0]
    return chosen.set_index("gene_id")["fold"]


# ---------------------------------------------------------------- contacts


def read_contact_tables(config: Config, files: Files, genes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Contacts of each cell type. A table that several name is read once; a matrix is read only near the genes."""
    read, found = {}, {}
    for cell, path in files.contacts.items():
        given = config.cell_types[cell].contacts
        options = given.model_dump(exclude=NOT_READ, exclude_defaults=True)
        key = (path, str(options))
        if key not in read:
            try:
                read[key] = read_contacts(path, genes=genes, progress=False, **options)
            except ChromolabError as e:
                raise ChromolabError(f"{config.where('cell_types', cell, 'contacts')}: {e}") from None
        found[cell] = read[key]
    return found


def pcres(config: Config, files: Files, genes: pd.DataFrame) -> tuple[list[pd.DataFrame], dict[str, Report]]:
    """The pCREs of each cell type (`assign_pcres`), and a report of what was left out.

    A table with no usable contact is only reported, unless no cell type keeps any pCRE: that is an error.
    """
    found, reports = [], {}
    tables = read_contact_tables(config, files, genes)
    for cell, table in tables.items():
        given = config.cell_types[cell].contacts
        least = config.min_frequency if given.min_frequency is None else given.min_frequency
        of_cell, reports[cell] = assign_pcres(
            genes[genes["cell_type"] == cell],
            table,
            config.n_pcres,
            least,
            config.window,
            given.promoter_flank,
            given.cis_only,
            "report" if len(tables) > 1 else "error",
        )
        found.append(of_cell)
    if found and not sum(map(len, found)):
        reasons = "\n".join(f"{cell}: {report}" for cell, report in reports.items())
        raise ChromolabError(f"{config.path}: no cell type has a usable contact.\n{reasons}")
    return found, reports


def remarks(config: Config) -> list[str]:
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
