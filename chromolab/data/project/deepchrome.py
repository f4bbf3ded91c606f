"""Read counts in the format of DeepChrome's data: a row per gene and bin, as they were shipped for 56 cell types.

Singh et al. 2016 (Bioinformatics 10.1093/bioinformatics/btw427) cut 10 kb around each TSS into 100 bins and counted the
reads of five marks in each; AttentiveChrome and DeepDiff ship the same. Rows follow the chromosome: genes on the minus
strand are *not* turned. With an annotation they are, here, as in every other dataset.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.signal import Signal
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.intervals import check_genes, tss_windows
from chromolab.data.text import text_lines
from chromolab.data.tracks.scales import COUNTS
from chromolab.errors import ChromolabError

MARKS = ("H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3")  # the published columns, in their order
BIN = 100  # bp
EXPECTED = "expected gene,bin,a count for each mark,label (or gene_bin in the place of gene,bin)"
Paths = str | PathLike[str] | Sequence[str | PathLike[str]]


def read_deepchrome(
    files: Paths | Mapping[str, Paths],
    *,
    marks: Sequence[str] | None = None,
    annotation: str | PathLike[str] | pd.DataFrame | None = None,
    bin_size: int = BIN,
    dtype: str = "float32",
    origin: str = "",
) -> Dataset:
    """Read cell types in the format of DeepChrome's data.

    Parameters
    ----------
    files : path, list of paths, or {cell type: path or list of paths}
        CSV, compressed or not, with or without a header. A row is a bin of a gene: gene, bin (from 1 or 0, upstream to
        downstream on the chromosome), a count for each mark, and last the gene's label (0 or 1) or its expression,
        the same in all its rows; "gene_bin" may stand in the place of gene and bin, and before bin. All genes have the
        same bins. Each file is a fold: the published train, valid and test become folds 1, 2 and 3. A cell type
        without a name is called "cell".
    marks : sequence of str, optional
        Names of the columns of counts; default those of the header, else the published five, `MARKS`.
    annotation : path or DataFrame, optional
        Of the same gene ids (`cl.data.read_annotation`): chromosome, TSS and strand. Genes that it lacks are left out;
        genes on the minus strand are then read from their own upstream side. Without one, each gene lies on a
        chromosome of its own, unturned, as the published models read it.
    bin_size : int
        bp per bin.
    dtype, origin : as in `cl.build_dataset`

    Returns
    -------
    Dataset
        Without contacts; the scale of every mark is "counts". Where files give labels alone, these stand in the place
        of expression, for classification; the report says so. Of expression, the label is 1 at or above the cell type's
        median.

    Raises
    ------
    ChromolabError
        With file and line: a row of another form, a count that is no number or below 0, a bin that is missing or there
        twice, a gene that comes again or has other bins or two labels. For an annotation without any of the genes.
    """
    of_cell = files if isinstance(files, Mapping) else {"cell": files}
    place = read_annotation(annotation) if isinstance(annotation, str | PathLike) else annotation
    if place is not None:
        place = place.drop_duplicates("gene_id").set_index("gene_id")
    tables, depth, report = [], [], []
    names = None if marks is None else tuple(marks)
    for cell, given in of_cell.items():
        paths = [given] if isinstance(given, str | PathLike) else list(given)
        read = _Rows(names, given=marks is not None)
        for fold, path in enumerate(paths, 1):
            read.add(str(path), fold)
        names, genes, counts = read.done(cell)
        known = genes["gene_id"].isin(place.index).to_numpy() if place is not None else np.ones(len(genes), bool)
        if not known.any():
            raise ChromolabError(
                f"annotation: has none of the {len(genes):,} genes of {cell}, such as {genes['gene_id'].iloc[0]}; "
                "expected the same gene ids"
            )
        if not known.all():
            report.append(f"genes of {cell} left out, which the annotation lacks: {(~known).sum():,}")
        if read.only_labels:
            report.append(f"expression of {cell}: none in the file; its labels stand in its place")
        tables.append(genes[known])
        depth.append(counts[known])
    bins = {counts.shape[1] for counts in depth}
    if len(bins) > 1:
        raise ChromolabError(f"cell types of {' and '.join(map(str, sorted(bins)))} bins a gene; expected one number")
    if not tables or names is None:
        raise ChromolabError("files: none is given; expected the path of one, or a list, or {cell type: paths}")
    genes = _placed(pd.concat(tables, ignore_index=True), place, bins.pop() * bin_size)
    window = tss_windows(genes, counts.shape[1] * bin_size)
    regions = pd.DataFrame({"cell_type": genes["cell_type"], **{c: window[c] for c in ("chrom", "start", "end")}})
    signal = np.concatenate(depth).astype(dtype)
    n, shape = len(genes), signal.shape[1]
    return Dataset(
        genes,
        names,
        Signal(regions, signal.reshape(n * shape, -1), np.arange(n + 1) * shape, bin_size),
        np.arange(n),
        np.zeros((n, 0), np.int64),
        np.zeros((n, 0), np.float32),
        shape * bin_size,
        tuple(report),
        dict.fromkeys(names, COUNTS),
        origin,
    )


def _placed(genes: pd.DataFrame, place: pd.DataFrame | None, window: int) -> pd.DataFrame:
    """The gene table with each gene's chromosome, TSS and strand; without an annotation, a chromosome of its own."""
    name = genes["gene_id"]
    if place is None:
        genes = genes.assign(chrom=name, tss=window // 2, strand="+", gene_name=name)
    else:
        columns = ["chrom", "tss", "strand", "gene_name"]
        genes = genes.join(place.loc[name, columns].reset_index(drop=True))
    return check_genes(genes.assign(start=genes["tss"], end=genes["tss"] + 1))


@dataclass
class _Rows:
    """The rows of one cell type's files, and what they have in common; `marks` None: not known yet."""

    marks: tuple[str, ...] | None
    given: bool  # whether the caller named the marks, whatever a header says
    bins: int = 0  # of each gene; 0: not known yet
    genes: dict[str, tuple[float, int]] = field(default_factory=dict)  # gene: label or expression, fold
    counts: array = field(default_factory=lambda: array("d"))

    def add(self, path: str, fold: int) -> None:
        """Read one file, gene by gene: a gene's rows stand together."""
        gene, value, first, before = None, 0.0, True, len(self.genes)
        seen: dict[int, list[float]] = {}
        for number, line in text_lines(path, "DeepChrome's rows"):
            if not line.strip():
                continue
            fields = [part.strip().strip('"') for part in line.split(",")]
            if first and _number(fields[-1]) < 0:
                self._header(fields, f"{path}, line {number}")
                first = False
                continue
            first = False
            where = f"{path}, line {number}"
            name, position, row, last = self._row(fields, where)
            if name != gene:
                self._finish(gene, seen, value, fold, f"{path}, before line {number}")
                if name in self.genes:
                    raise ChromolabError(f"{where}: gene {name} again; expected the rows of a gene once and together")
                gene, seen, value = name, {}, last
            if position in seen:
                raise ChromolabError(f"{where}: bin {position} of gene {name} again; expected each bin once")
            if last != value:
                raise ChromolabError(f"{where}: gene {name} has the label {last:g}, and {value:g} above; expected one")
            seen[position] = row
        self._finish(gene, seen, value, fold, f"{path}, at its end")
        if len(self.genes) == before:
            raise ChromolabError(f"{path}: no gene in it; {EXPECTED}. Was it cut off? Copy it again")

    def _header(self, fields: list[str], where: str) -> None:
        names = tuple(fields[2:-1])
        if not names or any(_number(name) >= 0 for name in names):
            raise ChromolabError(f"{where}: {','.join(fields)[:80]!r}; {EXPECTED}")
        if not self.given and self.marks not in (None, names):
            raise ChromolabError(f"{where}: marks {', '.join(names)}; above they are {', '.join(self.marks)}")
        self.marks = self.marks or names

    def _row(self, fields: list[str], where: str) -> tuple[str, int, list[float], float]:
        """Gene, bin, counts, and the label or expression of a row."""
        self.marks = self.marks or MARKS
        apart = len(fields) == len(self.marks) + 3
        gene, _, position = (fields[0], "", fields[1]) if apart else fields[0].rpartition("_")
        numbers = [_number(part) for part in fields[2 if apart else 1 :]]
        if len(numbers) != len(self.marks) + 1 or not gene or not position.isdecimal() or len(position) > 9:
            found = f"{where}: {','.join(fields)[:80]!r}"
            raise ChromolabError(f"{found}; {EXPECTED}, for {', '.join(self.marks)}. Other marks: marks=[...]")
        for name, number, text in zip((*self.marks, "label"), numbers, fields[-len(numbers) :], strict=True):
            if number < 0:
                raise ChromolabError(f"{where}: {name} is {text[:40]!r}; expected a number of 0 or more")
        return gene.removesuffix(f"_{position}"), int(position), numbers[:-1], numbers[-1]

    def _finish(self, gene: str | None, seen: dict[int, list[float]], value: float, fold: int, where: str) -> None:
        """Keep a gene whose rows are complete."""
        if gene is None:
            return
        first = 0 if 0 in seen else 1
        self.bins = self.bins or len(seen)
        wanted = range(first, first + self.bins)
        if missing := [n for n in wanted if n not in seen]:
            raise ChromolabError(f"{where}: gene {gene} has no bin {missing[0]}; expected bins {first} to {wanted[-1]}")
        if len(seen) > self.bins:
            raise ChromolabError(f"{where}: gene {gene} has {len(seen)} bins; expected {self.bins}, as the genes above")
        for n in wanted:
            self.counts.extend(seen[n])
        self.genes[gene] = value, fold

    @property
    def only_labels(self) -> bool:
        """Whether the last column holds labels and no expression."""
        return {value for value, _ in self.genes.values()} <= {0.0, 1.0}

    def done(self, cell: str) -> tuple[tuple[str, ...], pd.DataFrame, np.ndarray]:
        """The marks, the genes of the cell type and their counts, (genes, bins, marks)."""
        if not self.genes or self.marks is None:
            raise ChromolabError(f"files: {cell} has none; expected the path of one, or a list of paths")
        value, fold = (np.array(column) for column in zip(*self.genes.values(), strict=True))
        label = value if self.only_labels else value >= np.median(value)
        genes = pd.DataFrame({"gene_id": list(self.genes), "cell_type": cell, "expression": value, "fold": fold})
        genes = genes.assign(log2_expression=np.log2(value + 1), label=label.astype(int))
        return self.marks, genes, np.array(self.counts).reshape(len(genes), self.bins, len(self.marks))


def _number(text: str) -> float:
    """A finite number of 0 or more; -1 for anything else."""
    try:
        value = float(text)
    except ValueError:
        return -1.0
    return value if 0 <= value < np.inf else -1.0
