"""Genes x tracks x contacts as labelled arrays: saved whole, loaded memory-mapped, split, batched on a device."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from chromolab.data.dataset.saved import read_saved, write_saved
from chromolab.data.dataset.signal import Signal
from chromolab.data.genes.ids import rows_of
from chromolab.data.tracks.scales import SIGNED
from chromolab.errors import ChromolabError

SIMULATED = "simulated"  # the origin of the teaching genome's datasets


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples for a model: each is one gene in one cell type.

    The depth is kept before the logarithm and before padding, once per distinct region; coarser resolutions, strand
    flips, padding and masks are derived when a batch is cut (`chromolab.data.dataset.batches`).

    Attributes
    ----------
    genes : DataFrame
        A row per example: gene_id, gene_name, cell_type, chrom, tss, strand, expression, log2_expression, label, fold.
    marks : tuple of str
        Names of the columns of `signal.depth`.
    signal : Signal
        Mean depth of every distinct region.
    promoter : int64 array (examples,)
        Each example's promoter window, as a row of `signal.regions`.
    pcre : int64 array (examples, K)
        Its pCREs by falling frequency, as rows of `signal.regions`; -1 where an example has fewer than K.
    frequency : float array (examples, K)
        Their interaction frequencies; 0 where there is no pCRE.
    window : int
        Length of the promoter window in bp, and of the longest possible pCRE.
    report : tuple of str
        What was left out or noticed when the dataset was built.
    scales : {mark: scale}
        The scale of each mark's values: one of `chromolab.data.tracks.scales.SCALES`.
    origin : str
        Where the data come from, as every figure and widget says it: "simulated" (the teaching genome), "measured" or
        any other words of yours, "" (own files, nothing said) or "origin unknown" (loaded from an older file). It is
        given when a dataset is built, never guessed; `concat` joins it: "partly simulated", "simulated and measured".
    transforms : {mark: transform}
        What models read of a mark in place of ln(1 + mean depth), "log1p": "none" or "asinh"
        (`chromolab.data.tracks.scales.TRANSFORMS`). Marks that are not listed are log1p.
    body : int64 array (examples,) or None
        Each example's whole gene with its flanks, as a row of `signal.regions`; None until `cl.data.whole_genes` has
        read it.
    exons : DataFrame or None
        gene_id, start, end (0-based, half-open) of the exons, merged per gene; a gene without a row has none that are
        known. None where nobody gave them.
    motifs : DataFrame or None
        cell_type, chrom, start, end of windows and pCREs, and what each motif scores there, from 0 (no site) to 1. None
        until `cl.data.with_motifs` has read them.
    """

    genes: pd.DataFrame
    marks: tuple[str, ...]
    signal: Signal
    promoter: np.ndarray
    pcre: np.ndarray
    frequency: np.ndarray
    window: int
    report: tuple[str, ...] = field(default=(), repr=False)
    scales: dict[str, str] = field(default_factory=dict, repr=False)
    origin: str = ""
    transforms: dict[str, str] = field(default_factory=dict, repr=False)
    body: np.ndarray | None = field(default=None, repr=False)
    exons: pd.DataFrame | None = field(default=None, repr=False)
    motifs: pd.DataFrame | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.genes)

    def __repr__(self) -> str:
        cells = self.genes["cell_type"].nunique()
        contacts = (self.pcre >= 0).sum(1)
        origin = f" ({self.origin})" if self.origin else ""
        return (
            f"Dataset{origin}: {len(self):,} examples ({self.genes['gene_id'].nunique():,} genes, {cells} cell type"
            f"{'s' * (cells != 1)}), {len(self.marks)} marks, {self.window:,} bp windows in {self.bin_size} bp bins, "
            f"{contacts.mean() if len(self) else 0:.1f} pCREs a gene, {len(self.signal.regions):,} distinct regions"
        )

    @property
    def bin_size(self) -> int:
        """Base pairs per stored bin: the finest resolution this dataset can serve."""
        return self.signal.bin_size

    def may_fall_below_zero(self, mark: str) -> bool:
        """Whether values of a mark below 0 have a meaning: a signed track, such as PC1 or a log ratio."""
        return mark in self.transforms or self.scales.get(mark) == SIGNED

    @property
    def n_pcres(self) -> int:
        """K: the most pCREs an example has room for."""
        return self.pcre.shape[1]

    @property
    def labels(self) -> np.ndarray:
        """int array (examples,): 1 at or above the cell type's median expression; -1 where it was not measured."""
        return self.genes["label"].to_numpy(np.int64)

    @property
    def log2_expression(self) -> np.ndarray:
        """float array (examples,): log2(expression + 1)."""
        return self.genes["log2_expression"].to_numpy(np.float64)

    @property
    def folds(self) -> list[int]:
        """The fold numbers that occur, sorted."""
        return sorted(int(f) for f in self.genes["fold"].unique())

    def mark_columns(self, marks: Iterable[str]) -> list[int]:
        """The column of each of `marks` in `signal.depth`; ChromolabError if one is missing."""
        missing = [m for m in marks if m not in self.marks]
        if missing:
            raise ChromolabError(
                f"the model reads {', '.join(missing)}, which this dataset lacks; it has {', '.join(self.marks)}. "
                "Build the dataset with those tracks, or train a model with marks=ds.marks"
            )
        return [self.marks.index(m) for m in marks]

    # ----- choosing examples ------------------------------------------------------------------------------------------

    def with_marks(self, marks: Sequence[str]) -> "Dataset":
        """The same examples with only these marks, in this order, for a model that reads fewer marks."""
        if tuple(marks) == self.marks:
            return self
        columns, signal = self.mark_columns(marks), self.signal
        covered = None if signal.covered is None else signal.covered[:, columns]
        signal = replace(signal, depth=signal.depth[:, columns], covered=covered, cache={})
        kept = ({m: s for m, s in of.items() if m in marks} for of in (self.scales, self.transforms))
        scales, transforms = kept
        return replace(self, marks=tuple(marks), signal=signal, scales=scales, transforms=transforms)

    def select(self, rows: ArrayLike) -> "Dataset":
        """The examples where `rows` (examples,) is true, or whose numbers it lists; the depth is shared, not copied."""
        rows = np.asarray(rows)
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.int64)
        genes = self.genes.iloc[rows].reset_index(drop=True)
        body = None if self.body is None else self.body[rows]
        pcre, frequency = self.pcre[rows], self.frequency[rows]
        return replace(self, genes=genes, promoter=self.promoter[rows], pcre=pcre, frequency=frequency, body=body)

    def gene(self, gene: str, cell_type: str | None = None) -> "Dataset":
        """One gene in one cell type, by id or name, as a dataset of its own that holds only its regions.

        Case and an id's version do not matter. `cell_type` may be left out if the gene has one example. Raises
        ChromolabError if there is no such gene, if several have this name, or several examples and no `cell_type`.
        """
        matches = rows_of(self.genes, gene)
        cells = self.genes["cell_type"][matches]
        if cell_type is not None:
            matches = matches & (self.genes["cell_type"] == cell_type).to_numpy()
        if matches.sum() != 1:
            raise ChromolabError(
                f"gene {gene!r} has {matches.sum()} examples for cell_type={cell_type!r}; name one of "
                f"{', '.join(cells)}"
            )
        return self.select(matches).compact()

    def compact(self) -> "Dataset":
        """The same examples with only the regions they use, copied; `save` and edits work on this form."""
        body = np.zeros(0, np.int64) if self.body is None else self.body
        used = np.unique(np.concatenate([self.promoter, self.pcre[self.pcre >= 0], body]))
        renumber = np.full(len(self.signal.regions) + 1, -1, np.int64)  # the last entry serves -1
        renumber[used] = np.arange(len(used))
        promoter, pcre = renumber[self.promoter], renumber[self.pcre]
        whole, exons, motifs = None if self.body is None else renumber[self.body], self.exons, self.motifs
        signal, place = self.signal.take(used), ["cell_type", "chrom", "start", "end"]
        if exons is not None:
            exons = exons[exons["gene_id"].isin(self.genes["gene_id"])].reset_index(drop=True)
        if motifs is not None:
            kept = pd.MultiIndex.from_frame(motifs[place]).isin(pd.MultiIndex.from_frame(signal.regions[place]))
            motifs = motifs[kept].reset_index(drop=True)
        own = {"promoter": promoter, "pcre": pcre, "body": whole, "exons": exons, "motifs": motifs}
        return replace(self, signal=signal, **own)

    def without_contacts(self) -> "Dataset":
        """The same genes without pCREs, for a model that reads promoters only."""
        return replace(self, pcre=self.pcre[:, :0], frequency=self.frequency[:, :0])

    def without_frequencies(self) -> "Dataset":
        """The same pCREs with every frequency 0, so that a model does not know how often they touch."""
        return replace(self, frequency=np.zeros_like(self.frequency))

    def shuffled_contacts(self, seed: int = 0) -> "Dataset":
        """The same genes with the pCREs of other genes; each keeps its number of pCREs and their frequencies.

        Within each cell type and fold, the pCREs of all genes are listed in a random order of genes, and each is
        replaced by the one `n_pcres` places further on. No gene keeps a place of its own in the list, although a
        fragment that touches many genes can come back. The same `seed` gives the same dataset. Raises ChromolabError if
        a cell type and fold has too few pCREs.
        """
        rng, pcre = np.random.default_rng(seed), self.pcre.copy()
        for group in self.genes.groupby(["cell_type", "fold"]).indices.values():
            cell, fold = self.genes.loc[group[0], ["cell_type", "fold"]]
            rows = rng.permutation(group)
            present = self.pcre[rows] >= 0
            if 0 < present.sum() < 2 * self.n_pcres:
                raise ChromolabError(
                    f"{cell}, fold {fold}: {present.sum()} pCREs are too few to shuffle; expected {2 * self.n_pcres} "
                    "or more, so that each gene gets others. Take more genes, or ds.without_contacts()"
                )
            moved = self.pcre[rows]
            moved[present] = np.roll(moved[present], -self.n_pcres)
            pcre[rows] = moved
        return replace(self, pcre=pcre)

    def cropped(self, window: int) -> "Dataset":
        """The middle `window` bp of every promoter window, and of every longer pCRE, without whole genes and motifs.

        Raises ChromolabError if `window` is wider than the present one, or would cut through a stored bin.
        """
        step = 2 * self.bin_size
        if not 0 < window <= self.window or (self.window - window) % step:
            raise ChromolabError(
                f"window {window}: expected {self.window:,} bp minus a multiple of {step} bp, so that the TSS stays in "
                f"the middle and bins of {self.bin_size} bp stay whole"
            )
        kept = self if self.body is None else replace(self, body=None).compact()
        return replace(kept, signal=kept.signal.cropped(window), window=window, motifs=None)

    def in_fold(self, *folds: int) -> "Dataset":
        """The examples of these folds; ChromolabError if the dataset lacks one of them."""
        unknown = set(folds) - set(self.folds)
        if unknown:
            raise ChromolabError(f"no fold {sorted(unknown)} in this dataset; it has {self.folds}")
        return self.select(self.genes["fold"].isin(folds).to_numpy())

    def split(
        self, test_fold: int | None = None, validation_fold: int | None = None
    ) -> tuple["Dataset", "Dataset", "Dataset"]:
        """Split by fold.

        Parameters
        ----------
        test_fold : int, optional
            Without it, nothing is held out for testing: the third dataset is empty.
        validation_fold : int, optional
            Default the fold after `test_fold`; it cannot be the test fold.

        Returns
        -------
        (Dataset, Dataset, Dataset)
            Training, validation and test examples.

        Raises
        ------
        ChromolabError
            If there are fewer folds than the split needs, or validation and test are the same fold.
        """
        folds = self.folds
        if validation_fold is None:
            at = folds.index(test_fold) if test_fold in folds else len(folds) - 2
            validation_fold = folds[(at + 1) % len(folds)]
        if validation_fold == test_fold or len(folds) < 2 + (test_fold is not None):
            raise ChromolabError(
                f"folds {folds} cannot give training, validation (fold {validation_fold}) and test (fold {test_fold}) "
                "sets that share nothing; assign more folds (chromolab.data.genes.folds.assign_folds)"
            )
        self.in_fold(*(f for f in (test_fold, validation_fold) if f is not None))  # raises on an unknown fold
        fold = self.genes["fold"].to_numpy()
        held_out = (validation_fold, test_fold)
        training = self.select(~np.isin(fold, [f for f in held_out if f is not None]))
        return training, self.select(fold == validation_fold), self.select(fold == test_fold)

    # ----- looking inside ---------------------------------------------------------------------------------------------

    def promoter_depth(self, resolution: int | None = None) -> np.ndarray:
        """Mean depth over the promoter windows, (examples, T, marks), 5' to 3', NaN where there is no data.

        `resolution` is in bp per bin, a multiple of the stored bin, which is the default.
        """
        depth, offsets = self.signal.at(resolution or self.bin_size)
        bins = self.window // (resolution or self.bin_size)
        out = depth[offsets[self.promoter][:, None] + np.arange(bins)]
        reverse = (self.genes["strand"] == "-").to_numpy()
        out[reverse] = out[reverse, ::-1]
        return out

    def pcres(self, example: int = 0) -> pd.DataFrame:
        """The pCREs of one example: chrom, start, end, frequency and `region`, the row in `signal.regions`."""
        rows = self.pcre[example][self.pcre[example] >= 0]
        table = self.signal.regions.iloc[rows][["chrom", "start", "end"]].reset_index(drop=True)
        return table.assign(frequency=self.frequency[example, : len(rows)], region=rows)

    def region_depth(self, region: int) -> np.ndarray:
        """Mean depth of one region in stored bins, (bins, marks), by genomic coordinate."""
        return self.signal.depth[self.signal.offsets[region] : self.signal.offsets[region + 1]]

    # ----- on disk ----------------------------------------------------------------------------------------------------

    def save(self, path: str | PathLike[str]) -> Path:
        """Write one file (safetensors: a JSON header, then the arrays); returns its path.

        The file appears only when it is complete. The gene and region tables are stored as CSV text.
        """
        write_saved(Path(path), self.compact())
        return Path(path)


def load_dataset(path: str | PathLike[str]) -> Dataset:
    """Open the dataset that `Dataset.save` wrote to `path`.

    Parameters
    ----------
    path : path
        A signal of more than `chromolab.data.dataset.arrays.MAPPED` bytes stays on disk until it is used; do not write
        over such a file while the dataset is in use.

    Returns
    -------
    Dataset

    Raises
    ------
    ChromolabError
        If the file is missing, is not a dataset, is shorter or longer than its header says, or a part of it was
        changed. Of a signal that stays on disk the bytes are not checked; when the file gets shorter, using it raises.
    """
    return Dataset(**read_saved(path))
