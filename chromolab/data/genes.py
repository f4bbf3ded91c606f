"""Annotation and expression into the gene table: one row per gene and cell type, with TSS, label and fold.

One gene has one TSS here: the 5' end of its gene row, or one chosen from its transcripts. The published Chromoformer
table used another annotation's TSSs (see `read_annotation`), so its genes' windows are not quite these.
"""

import logging
from collections.abc import Sequence

import numpy as np
import pandas as pd

from chromolab.data._text import strip_version, text_lines
from chromolab.data.expression import read_expression as read_expression
from chromolab.data.folds import assign_folds as assign_folds
from chromolab.data.folds import region_of
from chromolab.data.intervals import GENE_COLUMNS, check_genes, check_regions, first_bad, require_columns
from chromolab.data.report import Report
from chromolab.defaults import FOLDS_HUMAN, WINDOW
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

ANNOTATION_COLUMNS = ("gene_id", "gene_name", "chrom", "start", "end", "strand", "tss")


# ---------------------------------------------------------------- annotation


def read_annotation(gtf, feature: str = "auto", tss: str = "outermost") -> pd.DataFrame:
    """Read genes from a GTF (or a GFF3 with ``gene_id``), compressed or not.

    Parameters
    ----------
    gtf : path.
    feature : which rows (column 3) to read: "gene", "transcript", "exon" or any other; "auto" takes the first of these
        three that the file has. Rows other than genes are gathered by gene_id.
    tss : "outermost", the 5' end of the gene: its row's, or that of its most upstream transcript. "common", the 5' end
        that most of its transcripts share (reads transcript rows; of equals the most upstream one).

    Returns
    -------
    DataFrame, one row per gene in the file's order: `gene_id` (without version), `gene_name`, `chrom`, `start`, `end`
    (0-based, half-open), `strand`, `tss` (the first transcribed base, 0-based: `start` on the plus strand, `end` - 1 on
    the minus strand), `gene_type` ("" where the file has none).

    Raises
    ------
    ChromolabError
        A malformed row, named by line; no row of that feature; a gene_id in two gene rows.

    Notes
    -----
    The published Chromoformer genes carry TSSs of another annotation. Of 60 real ones, 1 has exactly the TSS of its
    GENCODE v10 gene row, 4 lie one base upstream of it, 55 differ by 4 bp to 139 kb, on both strands (our measurement).
    """
    if tss not in ("outermost", "common"):
        raise ChromolabError(f"tss: {tss!r}; expected 'outermost' or 'common'.")
    wanted = ["gene", "transcript", "exon"] if feature == "auto" else [feature]
    if tss == "common":
        if feature == "gene":
            raise ChromolabError("tss='common' needs the transcripts: give feature='transcript' or leave it out.")
        wanted = [f for f in wanted if f != "gene"]
    for name in wanted:
        if len(rows := _gtf_rows(gtf, name)):
            return _one_row_per_gene(rows, tss, str(gtf), unique=name == "gene")
    raise ChromolabError(f"{gtf}: no {' or '.join(wanted)} rows (column 3); give the feature that it does have.")


def _gtf_rows(path, feature: str) -> pd.DataFrame:
    """The rows of one feature: coordinates 0-based, attributes taken apart, `line` their number in the file."""
    rows = []
    for number, line in text_lines(path, "a GTF file"):
        if not line or line[0] == "#":
            continue
        fields = line.split("\t")
        if len(fields) != 9:
            raise ChromolabError(
                f"{path}, line {number}: {len(fields)} columns separated by tabs; expected a GTF's 9 ({line[:60]!r})."
            )
        if fields[2] == feature:
            chrom, _, _, start, end, _, strand, _, attributes = fields
            good = start.isdecimal() and end.isdecimal() and 1 <= int(start) <= int(end) and strand in "+-" and strand
            if not good:
                raise ChromolabError(
                    f"{path}, line {number}: {chrom}:{start}-{end} strand {strand!r}; expected 1 <= start <= end and "
                    "strand + or -. Correct or remove the row."
                )
            rows.append((number, chrom, int(start) - 1, int(end), strand, attributes))
    df = pd.DataFrame(rows, columns=["line", "chrom", "start", "end", "strand", "attributes"])
    for column, key in (("gene_id", "gene_id"), ("gene_name", "gene_name"), ("gene_type", "gene_(?:bio)?type")):
        df[column] = df["attributes"].str.extract(rf'(?:^|;)\s*{key}[ =]"?([^";]+)', expand=False)
    if df["gene_id"].isna().any():
        bad = df[df["gene_id"].isna()].iloc[0]
        raise ChromolabError(f"{path}, line {bad['line']}: no gene_id in the attributes ({bad['attributes'][:60]!r}).")
    df["gene_id"] = strip_version(df["gene_id"])
    return df.drop(columns="attributes")


def _one_row_per_gene(rows: pd.DataFrame, tss: str, source: str, unique: bool) -> pd.DataFrame:
    if unique and (again := rows["gene_id"].duplicated()).any():
        name = rows["gene_id"][again].iloc[0]
        lines = rows["line"][rows["gene_id"] == name].tolist()
        raise ChromolabError(
            f"{source}, lines {lines[0]} and {lines[1]}: {name} stands in two gene rows (versions are ignored); "
            f"{again.sum()} such row(s). Keep one row per gene."
        )
    places = rows.groupby("gene_id")[["chrom", "strand"]].transform("nunique").max(axis=1)
    if (places > 1).any():
        log.warning(
            "%s: %d gene(s) left out that stand on several chromosomes or both strands, such as %s.",
            source, rows["gene_id"][places > 1].nunique(), rows["gene_id"][places > 1].iloc[0],
        )  # fmt: skip
        rows = rows[places == 1]
    rows = rows.assign(tss=np.where(rows["strand"] == "+", rows["start"], rows["end"] - 1))
    genes = rows.groupby("gene_id", sort=False).agg(
        gene_name=("gene_name", "first"), chrom=("chrom", "first"), start=("start", "min"), end=("end", "max"),
        strand=("strand", "first"), gene_type=("gene_type", "first"),
    )  # fmt: skip
    genes["tss"] = np.where(genes["strand"] == "+", genes["start"], genes["end"] - 1)
    if tss == "common":
        upstream = rows["tss"].where(rows["strand"] == "+", -rows["tss"])  # the smallest is the most upstream
        votes = rows.assign(upstream=upstream).groupby(["gene_id", "upstream"], as_index=False).agg(n=("tss", "size"))
        votes = votes.sort_values(["n", "upstream"], ascending=[False, True]).drop_duplicates("gene_id")
        genes["tss"] = votes.set_index("gene_id")["upstream"].abs().reindex(genes.index)
    genes = genes.reset_index()
    genes["gene_name"] = genes["gene_name"].fillna(genes["gene_id"])
    return genes.fillna({"gene_type": ""})[[*ANNOTATION_COLUMNS, "gene_type"]]


# ---------------------------------------------------------------- the two together


def gene_table(
    annotation: pd.DataFrame,
    expression: pd.DataFrame | None,
    cell_types: str | Sequence[str] | None = None,
    folds=FOLDS_HUMAN,
    within: pd.DataFrame | None = None,
    *,
    window: int = WINDOW,
    n_folds: int = 4,
    on: str = "gene_id",
) -> tuple[pd.DataFrame, Report]:
    """Join annotation and expression into the gene table (`intervals.check_genes` says what that is).

    Parameters
    ----------
    annotation : as `read_annotation` returns it.
    expression : as `read_expression` returns it; RPKM or TPM. None where nothing was measured: every gene is kept with
        label -1, to be asked about and not learnt from.
    cell_types : the columns of `expression` to use (default: all).
    folds, n_folds : see `assign_folds`. By default the published human folds.
    within : regions; only genes whose whole window lies inside one of them are kept. For tracks of parts of a genome.
    window : bp around the TSS.
    on : "gene_id", or "gene_name" where the expression table is by names.

    Returns
    -------
    genes : DataFrame, one row per gene and cell type: cell types in the order given, genes in the annotation's order.
        `label` is 1 where expression >= the median over ALL genes that the expression table has for that cell type,
        whether they are kept or not (the published definition); where that median is 0, where expression > 0.
    report : `Report` of what was left out, and why.

    Raises
    ------
    ChromolabError
        No gene in common (with examples of both sides), a gene twice, an unknown cell type, bad values, empty folds.
    """
    if on not in ("gene_id", "gene_name"):
        raise ChromolabError(f"on: {on!r}; expected 'gene_id' or 'gene_name'.")
    annotation, report = _checked_annotation(annotation), Report()
    report.add("genes in the annotation", count=len(annotation))
    if expression is None:
        cell_types, genes = [cell_types] if isinstance(cell_types, str) else list(cell_types or ["cells"]), annotation
        report.add("genes have no expression: label -1", count=len(genes))
    else:
        expression = _checked_expression(expression)
        cell_types = _checked_cell_types(cell_types, expression)
        genes = _with_expression(annotation, expression, on, report)
    if within is not None:
        inside = region_of(genes, check_regions(within, "within"), window) >= 0
        report.add(f"left out: the {window:,} bp window is not inside one region", genes["gene_id"][~inside])
        genes = genes[inside]
    genes, folded = assign_folds(genes, folds, n_folds=n_folds, window=window)
    for line in folded:
        report.add(line.what, line.examples, line.count)
    columns = {c: None if expression is None else expression[c] for c in cell_types}
    table = pd.concat([_of_cell_type(genes, x, c, on, report) for c, x in columns.items()], ignore_index=True)
    report.add(f"genes kept, in {len(cell_types)} cell type(s)", count=len(genes))
    others = [c for c in table.columns if c not in GENE_COLUMNS]
    return check_genes(table[[*GENE_COLUMNS, *others]]), report


def _with_expression(annotation: pd.DataFrame, expression: pd.DataFrame, on: str, report: Report) -> pd.DataFrame:
    """The genes of the annotation that the expression table has."""
    key, again = annotation[on], annotation[on].duplicated(keep=False)
    report.add("genes in the expression table", count=len(expression))
    report.add(f"left out: the {on} stands for several genes of the annotation", annotation["gene_id"][again])
    report.add("of the expression table are not in the annotation", expression.index.difference(key, sort=False))
    report.add("left out: no expression", key[~key.isin(expression.index)])
    genes = annotation[key.isin(expression.index) & ~again]
    if genes.empty:
        raise ChromolabError(_nothing_in_common(annotation, expression, on))
    return genes


def _of_cell_type(genes, expression: pd.Series | None, cell_type: str, on: str, report: Report) -> pd.DataFrame:
    if expression is None:
        return genes.assign(cell_type=cell_type, expression=np.nan, log2_expression=np.nan, label=-1)
    x, median = expression.reindex(genes[on]).to_numpy(), expression.median()
    if median == 0:
        zeros = (expression == 0).sum()
        report.add(f"genes of {cell_type} have expression 0 (half or more): label 1 is > 0", count=zeros)
    label = x > 0 if median == 0 else x >= median
    return genes.assign(cell_type=cell_type, expression=x, log2_expression=np.log2(x + 1), label=label.astype(int))


def _checked_annotation(annotation: pd.DataFrame) -> pd.DataFrame:
    require_columns(annotation, ANNOTATION_COLUMNS, "annotation")
    annotation = check_regions(annotation, "annotation").assign(gene_id=lambda d: strip_version(d["gene_id"]))
    first_bad(annotation, annotation["gene_id"].duplicated(), "annotation", ["gene_id", "chrom"], "each gene once")
    return annotation


def _checked_expression(expression: pd.DataFrame) -> pd.DataFrame:
    expression = expression.set_axis(pd.Index(strip_version(expression.index), name="gene_id"), axis=0)
    if (again := expression.index.duplicated()).any():
        raise ChromolabError(f"expression: gene {expression.index[again][0]} twice (versions ignored). Keep one row.")
    for name, column in expression.items():
        values = pd.to_numeric(column, errors="coerce")
        bad = ~(np.isfinite(values) & (values >= 0))
        shown = pd.DataFrame({"gene_id": expression.index, str(name): column.to_numpy()})
        first_bad(shown, bad, "expression", shown.columns, "a number >= 0 (RPKM or TPM)")
    return expression.astype(np.float64)


def _checked_cell_types(cell_types, expression: pd.DataFrame) -> list[str]:
    cell_types = [cell_types] if isinstance(cell_types, str) else list(expression if cell_types is None else cell_types)
    if unknown := [c for c in cell_types if c not in expression.columns]:
        raise ChromolabError(f"cell_types: {', '.join(unknown)} not in the expression table, which has "
                             f"{', '.join(map(str, expression.columns[:10]))} ...")  # fmt: skip
    return cell_types


def _nothing_in_common(annotation: pd.DataFrame, expression: pd.DataFrame, on: str) -> str:
    other = "gene_name" if on == "gene_id" else "gene_id"
    matches = annotation[other].isin(expression.index).sum()
    hint = f"By {other} {matches} genes match: pass on={other!r}." if matches else "Are both of one species and source?"
    return (
        f"no gene in common by {on}: the annotation has {', '.join(annotation[on].head(3))} ..., the expression table "
        f"{', '.join(map(str, expression.index[:3]))} .... {hint}"
    )
