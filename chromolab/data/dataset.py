"""Genes x tracks x contacts as labelled arrays: saved whole, loaded memory-mapped, split, batched on a device."""

import io
import json
import struct
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.files import whole
from chromolab.data.signal import Signal
from chromolab.errors import ChromolabError

FORMAT = "chromolab-dataset-1"


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples for a model: each is one gene in one cell type.

    The depth is kept before the logarithm and before padding, once per distinct region; coarser resolutions, strand
    flips, padding and masks are derived when a batch is cut (`chromolab.data.batches`).

    Attributes
    ----------
    genes : DataFrame
        A row per example: gene_id, gene_name, cell_type, chrom, tss, strand, expression, log2_expression, label, fold.
    marks : tuple of str
        The columns of `signal.depth`.
    signal : Signal
        Mean depth of every distinct region.
    promoter : int64 array (examples,)
        Each example's promoter window, as a row of `signal.regions`.
    pcre : int64 array (examples, K)
        Its pCREs by falling frequency, as rows of `signal.regions`; -1 where there are fewer than K.
    frequency : float array (examples, K)
        Their interaction frequencies; 0 where there is none.
    window : int
        Base pairs of the promoter window, and the longest pCRE.
    report : tuple of str
        What was dropped or noticed on the way in.
    scales : {mark: scale}
        What each mark's numbers are: one of `chromolab.data.scales.SCALES`.
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

    def __len__(self) -> int:
        return len(self.genes)

    def __repr__(self) -> str:
        cells = self.genes["cell_type"].nunique()
        contacts = (self.pcre >= 0).sum(1)
        return (
            f"Dataset: {len(self):,} examples ({self.genes['gene_id'].nunique():,} genes, {cells} cell type"
            f"{'s' * (cells != 1)}), {len(self.marks)} marks, {self.window:,} bp windows in {self.bin_size} bp bins, "
            f"{contacts.mean() if len(self) else 0:.1f} pCREs a gene, {len(self.signal.regions):,} distinct regions"
        )

    @property
    def bin_size(self) -> int:
        """Base pairs per stored bin: the finest resolution this dataset can serve."""
        return self.signal.bin_size

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

    def mark_columns(self, marks) -> list[int]:
        """Where each of `marks` stands in `signal.depth`; ChromolabError if one is missing."""
        missing = [m for m in marks if m not in self.marks]
        if missing:
            raise ChromolabError(
                f"the model reads {', '.join(missing)}, which this dataset lacks; it has {', '.join(self.marks)}. "
                "Build the dataset with those tracks, or train a model with marks=ds.marks"
            )
        return [self.marks.index(m) for m in marks]

    # ----- choosing examples ------------------------------------------------------------------------------------------

    def with_marks(self, marks) -> "Dataset":
        """The same examples with these marks alone, in this order: what a model of fewer marks reads."""
        if tuple(marks) == self.marks:
            return self
        columns, signal = self.mark_columns(marks), self.signal
        covered = None if signal.covered is None else signal.covered[:, columns]
        signal = replace(signal, depth=signal.depth[:, columns], covered=covered, cache={})
        scales = {m: s for m, s in self.scales.items() if m in marks}
        return replace(self, marks=tuple(marks), signal=signal, scales=scales)

    def select(self, rows) -> "Dataset":
        """The examples where `rows` is true, or those it numbers; the depth is shared, not copied."""
        rows = np.asarray(rows)
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.int64)
        genes = self.genes.iloc[rows].reset_index(drop=True)
        return replace(
            self, genes=genes, promoter=self.promoter[rows], pcre=self.pcre[rows], frequency=self.frequency[rows]
        )

    def gene(self, gene: str, cell_type: str | None = None) -> "Dataset":
        """One gene in one cell type, by id or name, as a dataset of its own that holds only its regions.

        Raises ChromolabError when it is not there, or in several cell types and none is named.
        """
        found = ((self.genes["gene_id"] == gene) | (self.genes["gene_name"] == gene)).to_numpy()
        if not found.any():
            example = self.genes["gene_id"].iloc[0] if len(self) else "nothing: it is empty"
            raise ChromolabError(f"no gene {gene!r} in this dataset; its ids look like {example}")
        cells = self.genes["cell_type"][found]
        if cell_type is not None:
            found = found & (self.genes["cell_type"] == cell_type).to_numpy()
        if found.sum() != 1:
            raise ChromolabError(
                f"gene {gene!r} has {found.sum()} examples for cell_type={cell_type!r}; name one of {', '.join(cells)}"
            )
        return self.select(found).compact()

    def compact(self) -> "Dataset":
        """The same examples with only the regions they use, copied: what is saved, and what an edit works on."""
        used = np.unique(np.concatenate([self.promoter, self.pcre[self.pcre >= 0]]))
        renumber = np.full(len(self.signal.regions) + 1, -1, np.int64)  # the last entry serves -1
        renumber[used] = np.arange(len(used))
        return replace(self, signal=self.signal.take(used), promoter=renumber[self.promoter], pcre=renumber[self.pcre])

    def without_contacts(self) -> "Dataset":
        """The same genes with no pCREs: what a promoter-only model sees."""
        return replace(self, pcre=self.pcre[:, :0], frequency=self.frequency[:, :0])

    def take_marks(self, marks) -> "Dataset":
        """The same examples with these marks alone, in this order, copied; ChromolabError if one is missing."""
        columns, signal = self.mark_columns(marks), self.signal
        covered = None if signal.covered is None else signal.covered[:, columns]
        signal = replace(signal, depth=signal.depth[:, columns], covered=covered, cache={})
        scales = {mark: scale for mark, scale in self.scales.items() if mark in marks}
        return replace(self, marks=tuple(marks), signal=signal, scales=scales)

    def in_fold(self, *folds: int) -> "Dataset":
        """The examples of these folds."""
        unknown = set(folds) - set(self.folds)
        if unknown:
            raise ChromolabError(f"no fold {sorted(unknown)} in this dataset; it has {self.folds}")
        return self.select(self.genes["fold"].isin(folds).to_numpy())

    def split(self, test_fold: int | None = None, validation_fold: int | None = None):
        """Split by fold.

        Returns
        -------
        (Dataset, Dataset, Dataset)
            Training, validation and test examples. The validation fold is the one after the test fold unless given;
            it is never the test fold. Without a test fold nothing is held out for testing (an empty dataset).

        Raises
        ------
        ChromolabError
            With fewer folds than the split needs, or when validation and test are the same fold.
        """
        folds = self.folds
        if validation_fold is None:
            at = folds.index(test_fold) if test_fold in folds else len(folds) - 2
            validation_fold = folds[(at + 1) % len(folds)]
        if validation_fold == test_fold or len(folds) < 2 + (test_fold is not None):
            raise ChromolabError(
                f"folds {folds} cannot give training, validation (fold {validation_fold}) and test (fold {test_fold}) "
                "sets that share nothing; assign more folds (chromolab.data.genes.assign_folds)"
            )
        self.in_fold(*(f for f in (test_fold, validation_fold) if f is not None))  # raises on an unknown fold
        fold = self.genes["fold"].to_numpy()
        held = (validation_fold, test_fold)
        return self.select(~np.isin(fold, [f for f in held if f is not None])), *(self.select(fold == f) for f in held)

    # ----- looking inside ---------------------------------------------------------------------------------------------

    def promoter_depth(self, resolution: int | None = None) -> np.ndarray:
        """Mean depth over the promoter windows, (examples, T, marks), 5' to 3', NaN where there is no data."""
        depth, offsets = self.signal.at(resolution or self.bin_size)
        bins = self.window // (resolution or self.bin_size)
        out = depth[offsets[self.promoter][:, None] + np.arange(bins)]
        reverse = (self.genes["strand"] == "-").to_numpy()
        out[reverse] = out[reverse, ::-1]
        return out

    def pcres(self, example: int = 0) -> pd.DataFrame:
        """The pCREs of one example: chrom, start, end, frequency and `region`, the row of `signal.regions`."""
        rows = self.pcre[example][self.pcre[example] >= 0]
        table = self.signal.regions.iloc[rows][["chrom", "start", "end"]].reset_index(drop=True)
        return table.assign(frequency=self.frequency[example, : len(rows)], region=rows)

    def region_depth(self, region: int) -> np.ndarray:
        """Mean depth of one region in stored bins, (bins, marks), in the chromosome's direction."""
        return self.signal.depth[self.signal.offsets[region] : self.signal.offsets[region + 1]]

    # ----- on disk ----------------------------------------------------------------------------------------------------

    def save(self, path) -> Path:
        """Write one file (safetensors: arrays one after another behind a JSON header), whole or not at all.

        `load_dataset` maps it instead of reading it. The gene and region tables are CSV text inside.
        """
        ds, path = self.compact(), Path(path)
        arrays = {
            "depth": ds.signal.depth, "offsets": ds.signal.offsets, "promoter": ds.promoter, "pcre": ds.pcre,
            "frequency": ds.frequency, "genes": _csv_bytes(ds.genes), "regions": _csv_bytes(ds.signal.regions),
        }  # fmt: skip
        if ds.signal.covered is not None:
            arrays["covered"] = ds.signal.covered
        about = {
            "marks": ds.marks,
            "window": ds.window,
            "bin_size": ds.bin_size,
            "report": ds.report,
            "scales": ds.scales,
        }
        about["dtypes"] = {"genes": _dtypes(ds.genes), "regions": _dtypes(ds.signal.regions)}
        about["checksums"] = {name: _checksum(array) for name, array in arrays.items() if name not in _UNCHECKED}
        with whole(path) as beside:
            _write_safetensors(beside, arrays, {"format": FORMAT, "about": json.dumps(about)})
        return path


def load_dataset(path) -> Dataset:
    """Open a dataset that `Dataset.save` wrote; the arrays stay on disk until they are read.

    Raises
    ------
    ChromolabError
        If the file is missing, is something else, is shorter or longer than its header says, or does not hold the
        tables and indices that were saved. The signal itself, nearly all of a file, is not read for this.
    """
    path = Path(path)
    try:
        arrays, metadata = _map_safetensors(path)
        if metadata.get("format") != FORMAT:
            raise ValueError(f"its format is {metadata.get('format')!r}, not {FORMAT!r}")
        about = json.loads(metadata["about"])
        for name, checksum in about.get("checksums", {}).items():  # older files have none
            if _checksum(arrays[name]) != checksum:
                raise ValueError(f"its part {name!r} was changed after it was written")
        genes, regions = (_read_csv(arrays[k], about["dtypes"][k]) for k in ("genes", "regions"))
    except FileNotFoundError:
        raise ChromolabError(f"{path}: no such file; a dataset is written by ds.save(path)") from None
    except (ValueError, KeyError, TypeError, OSError, OverflowError, struct.error) as error:
        raise ChromolabError(f"{path}: not a whole chromolab dataset ({error}); save or copy it again") from error
    signal = Signal(regions, arrays["depth"], arrays["offsets"], about["bin_size"], arrays.get("covered"))
    return Dataset(
        genes, tuple(about["marks"]), signal, arrays["promoter"], arrays["pcre"], arrays["frequency"],
        about["window"], tuple(about["report"]), about.get("scales", {}),  # older files keep no scales
    )  # fmt: skip


_UNCHECKED = ("depth", "covered")  # the signal, which stays on disk until it is read


def _checksum(array: np.ndarray) -> int:
    return zlib.crc32(np.ascontiguousarray(array).reshape(-1).view(np.uint8))


_DTYPES = {"F64": np.float64, "F32": np.float32, "F16": np.float16, "I64": np.int64, "I32": np.int32, "U8": np.uint8}
_DTYPES |= {"U16": np.uint16, "U32": np.uint32}
_NAMES = {np.dtype(dtype): name for name, dtype in _DTYPES.items()}


def _write_safetensors(path: Path, arrays: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    """Write a safetensors file: the same bytes for the same arrays, which the library's own writer does not promise."""
    header, at = {"__metadata__": metadata}, 0
    order = sorted(arrays, key=lambda name: (-arrays[name].itemsize, name))  # wide types first: all stay aligned
    for name in order:
        array = arrays[name]
        end = at + array.nbytes
        header[name] = {"dtype": _NAMES[array.dtype], "shape": list(array.shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in order:
            file.write(np.ascontiguousarray(arrays[name]).reshape(-1).view(np.uint8))


def _map_safetensors(path: Path) -> tuple[dict, dict]:
    """Arrays of a safetensors file as read-only memory maps (its own reader for NumPy copies), and its metadata."""
    size = path.stat().st_size
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if length > size:
            raise ValueError("the header runs past the end of the file")
        header = json.loads(file.read(length))
    metadata = header.pop("__metadata__", {})
    ends = [8 + length + entry["data_offsets"][1] for entry in header.values()]
    if size != max(ends, default=8 + length):
        raise ValueError(f"{size} bytes long where {max(ends, default=8 + length)} were expected")
    arrays = {}
    for name, entry in header.items():
        shape, begin = tuple(entry["shape"]), 8 + length + entry["data_offsets"][0]
        empty = 0 in shape  # an empty map is refused by the operating system
        dtype = np.dtype(_DTYPES[entry["dtype"]])
        arrays[name] = np.zeros(shape, dtype) if empty else np.memmap(path, dtype, "r", begin, shape)
    return arrays, metadata


def _csv_bytes(table: pd.DataFrame) -> np.ndarray:
    return np.frombuffer(table.to_csv(index=False).encode(), np.uint8)


def _dtypes(table: pd.DataFrame) -> dict[str, str]:
    return {c: "str" if not pd.api.types.is_numeric_dtype(t) else str(t) for c, t in table.dtypes.items()}


def _read_csv(raw: np.ndarray, dtypes: dict) -> pd.DataFrame:
    # Everything as text first: a gene may be called NA or nan, and Python's float() reads back the exact number.
    table = pd.read_csv(io.BytesIO(raw.tobytes()), dtype=str, keep_default_na=False)
    for column, dtype in dtypes.items():
        if dtype != "str":
            table[column] = np.array([_number(x) for x in table[column]], dtype)
    return table


def _number(text: str) -> int | float | bool:
    if text in ("True", "False", ""):
        return {"True": True, "False": False, "": float("nan")}[text]
    return int(text) if text.lstrip("-").isdigit() else float(text)
