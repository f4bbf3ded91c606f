"""Annotation and expression into the gene table: one row per gene and cell type, with TSS, label and fold.

`annotation.py` reads the genes and chooses each one's TSS, `expression.py` reads the expression table and `folds.py`
assigns the folds; this module joins them.
"""

import logging
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from chromolab.data.genes.annotation import ANNOTATION_COLUMNS
from chromolab.data.genes.folds import assign_folds, region_of
from chromolab.data.genes.ids import strip_version, why_no_match
from chromolab.data.genes.loci import one_gene_of_each_name
from chromolab.data.genes.units import COUNTS, doubts
from chromolab.data.intervals import GENE_COLUMNS, check_genes, check_regions, first_bad, require_columns
from chromolab.data.report import Report
from chromolab.defaults import FOLDS_HUMAN, WINDOW
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")


def gene_table(
    annotation: pd.DataFrame,
    expression: pd.DataFrame | None,
    cell_types: str | Sequence[str] | None = None,
    folds: Mapping[int, Sequence[str]] | int | str | pd.DataFrame | pd.Series = FOLDS_HUMAN,
    within: pd.DataFrame | None = None,
    *,
    window: int = WINDOW,
    n_folds: int = 4,
    on: str = "gene_id",
) -> tuple[pd.DataFrame, Report]:
    """Join annotation and expression into the gene table (`intervals.check_genes` defines it).

    Parameters
    ----------
    annotation : as `read_annotation` returns it.
    expression : as `read_expression` returns it, in RPKM or TPM; log2(x + 1) is added as a column. None if expression
        was not measured: every gene is kept with label -1, so that models can predict it but not learn from it.
    cell_types : the columns of `expression` to use (default: all).
    folds, n_folds : see `assign_folds`. By default the published human folds.
    within : regions; only genes whose whole window lies inside one of them are kept. For tracks that cover parts of a
        genome.
    window : bp around the TSS.
    on : "gene_id", or "gene_name" if the expression table lists genes by name.

    Returns
    -------
    genes : DataFrame, one row per gene and cell type: cell types in the order given, genes in the annotation's order.
        `label` is 1 where expression >= the cell type's median over ALL genes in the expression table, kept or not
        (the published definition). If that median is 0, `label` is 1 where expression > 0.
    report : `Report` of the genes left out, with reasons.

    Raises
    ------
    ChromolabError
        No gene in common (with examples from both tables), a duplicated gene, an unknown cell type, invalid values,
        or no gene in any fold.
    """
    if on not in ("gene_id", "gene_name"):
        raise ChromolabError(f"on: {on!r}; expected 'gene_id' or 'gene_name'.")
    read = [table.attrs.get("report", ()) for table in (annotation, expression) if table is not None]
    report = Report(line for lines in read for line in lines)
    annotation = _checked_annotation(annotation)
    report.known("genes in the annotation", count=len(annotation))
    if expression is None:
        cell_types, genes = [cell_types] if isinstance(cell_types, str) else list(cell_types or ["cells"]), annotation
        report.known("genes have no expression: label -1", count=len(genes))
    else:
        if (unit := expression.attrs.get("unit")) == COUNTS:
            raise ChromolabError(
                "expression: raw counts, which grow with gene length and sequencing depth; normalise them to "
                "RPKM or TPM first: "
                "cl.data.normalise_expression(expression, 'RPKM', cl.data.exon_lengths('genes.gtf'))."
            )
        expression = _checked_expression(expression)
        report.known(f"genes have expression in {unit}", count=len(expression) if unit else 0)
        cell_types = _checked_cell_types(cell_types, expression)
        for cell_type in cell_types if unit else ():
            if doubt := doubts(expression[cell_type], unit):
                report.known(f"genes of {cell_type}, said to be in {unit}: {doubt}", count=len(expression))
        genes = _with_expression(annotation, expression, on, report)
    if within is not None:
        inside = region_of(genes, check_regions(within, "within"), window) >= 0
        report.lost(f"left out: the {window:,} bp window is not inside one region", genes["gene_id"][~inside])
        genes = genes[inside]
    genes, folded = assign_folds(genes, folds, n_folds=n_folds, window=window)
    report = Report([*report, *folded])
    columns = {c: None if expression is None else expression[c] for c in cell_types}
    key = expression_key(genes, on)
    genes.attrs = {}  # its report is in ours
    table = pd.concat([_of_cell_type(genes, x, c, key, report) for c, x in columns.items()], ignore_index=True)
    report.kept(f"genes kept, in {len(cell_types)} cell type(s)", count=len(genes))
    others = [c for c in table.columns if c not in GENE_COLUMNS]
    return check_genes(table[[*GENE_COLUMNS, *others]]), report


def _with_expression(annotation: pd.DataFrame, expression: pd.DataFrame, on: str, report: Report) -> pd.DataFrame:
    """The annotated genes that are in the expression table."""
    key = expression_key(annotation, on)
    report.known("genes in the expression table", count=len(expression))
    alone = one_gene_of_each_name(annotation, key.rename(on), expression_key(annotation, "gene_id"), report)
    unknown = expression.index.difference(pd.Index(key), sort=False)
    report.known("of the expression table are not in the annotation", unknown)
    report.lost("left out: no expression", key[~key.isin(expression.index)])
    genes = annotation[key.isin(expression.index) & alone]
    if genes.empty:
        raise ChromolabError(_nothing_in_common(annotation, expression, on))
    return genes


def expression_key(annotation: pd.DataFrame, on: str = "gene_id") -> pd.Series:
    """The name by which the expression table lists each row's gene, (rows,); `of_gene` if genes have a row per TSS."""
    return annotation["of_gene" if on == "gene_id" and "of_gene" in annotation else on]


def _of_cell_type(genes, expression: pd.Series | None, cell_type: str, key: pd.Series, report: Report) -> pd.DataFrame:
    if expression is None:
        return genes.assign(cell_type=cell_type, expression=np.nan, log2_expression=np.nan, label=-1)
    x, median = expression.reindex(key).to_numpy(), expression.median()
    if median == 0:
        zeros = (expression == 0).sum()
        report.changed(f"genes of {cell_type} have expression 0 (half or more): label 1 is > 0", count=zeros)
    label = x > 0 if median == 0 else x >= median
    return genes.assign(cell_type=cell_type, expression=x, log2_expression=np.log2(x + 1), label=label.astype(int))


def _checked_annotation(annotation: pd.DataFrame) -> pd.DataFrame:
    require_columns(annotation, ANNOTATION_COLUMNS, "annotation")
    annotation = check_regions(annotation, "annotation").assign(gene_id=lambda d: strip_version(d["gene_id"]))
    first_bad(annotation, annotation["gene_id"].duplicated(), "annotation", ["gene_id", "chrom"], "each gene once")
    return annotation


def _checked_expression(expression: pd.DataFrame) -> pd.DataFrame:
    expression = expression.set_axis(pd.Index(strip_version(expression.index), name="gene_id"), axis=0)
    if (repeated := expression.index.duplicated()).any():
        gene = expression.index[repeated][0]
        raise ChromolabError(f"expression: gene {gene} has two rows (versions ignored). Keep one.")
    for name, column in expression.items():
        values = pd.to_numeric(column, errors="coerce")
        bad = ~(np.isfinite(values) & (values >= 0))
        shown = pd.DataFrame({"gene_id": expression.index, str(name): column.to_numpy()})
        first_bad(shown, bad, "expression", shown.columns, "a number >= 0 (RPKM or TPM)")
    return expression.astype(np.float64)


def _checked_cell_types(cell_types, expression: pd.DataFrame) -> list[str]:
    cell_types = [cell_types] if isinstance(cell_types, str) else list(expression if cell_types is None else cell_types)
    if unknown := [c for c in cell_types if c not in expression.columns]:
        raise ChromolabError(
            f"cell_types: {', '.join(unknown)} missing from the expression table, which has "
            f"{', '.join(map(str, expression.columns[:10]))} ..."
        )
    return cell_types


def _nothing_in_common(annotation: pd.DataFrame, expression: pd.DataFrame, on: str) -> str:
    other = "gene_name" if on == "gene_id" else "gene_id"
    matches = annotation[other].isin(expression.index).sum()
    same = "Do both use the same species and the same kind of gene id?"
    why = why_no_match(list(expression.index), list(annotation[on]))
    hint = f"{matches} genes match by {other}: pass on={other!r}." if matches else why or same
    return (
        f"no gene in common by {on}: the annotation has {', '.join(annotation[on].head(3))} ..., the expression table "
        f"{', '.join(map(str, expression.index[:3]))} .... {hint}"
    )
