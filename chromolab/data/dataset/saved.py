"""A saved dataset: how its parts are written, and what they must be to be read.

One safetensors file (`arrays`): the arrays, the two tables as CSV text, and as metadata what a dataset says of itself
with a checksum of every part. A part that is not as expected is refused when the file is opened, so that a wrong index
is not first noticed when it is used, or never.
"""

import json
import struct
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.dataset.arrays import checksum, dtypes_of, map_arrays, read_table, table_bytes, write_arrays
from chromolab.data.dataset.signal import Signal
from chromolab.data.files import atomic_write
from chromolab.data.text import is_whole
from chromolab.data.tracks.scales import LOG1P, SCALES, TRANSFORMS
from chromolab.errors import ChromolabError

FORMAT = "chromolab-dataset-1"
UNKNOWN = "origin unknown"  # the origin of a file that was written before datasets kept their origin
LONGEST_WINDOW = 2**31 - 1  # bp
# The columns of the two tables, and the kinds of numbers (numpy's letters) or "str" that they hold.
GENES = {"gene_id": "str", "gene_name": "str", "cell_type": "str", "chrom": "str", "strand": "str", "tss": "iu"}
GENES |= {"expression": "iuf", "log2_expression": "iuf", "label": "iu", "fold": "iu"}
REGIONS = {"cell_type": "str", "chrom": "str", "start": "iu", "end": "iu"}
EXONS = {"gene_id": "str", "start": "iu", "end": "iu"}
MOTIFS = REGIONS  # and a column of numbers from 0 to 1 for each motif
# Dimensions and kind of number of each array; some may be absent.
ARRAYS = {"depth": (2, "f"), "offsets": (1, "i"), "promoter": (1, "i"), "pcre": (2, "i"), "frequency": (2, "f")}
ARRAYS |= {"genes": (1, "u"), "regions": (1, "u"), "covered": (2, "u"), "body": (1, "i")}
ARRAYS |= {"exons": (1, "u"), "motifs": (1, "u")}
MAY_BE_ABSENT = ("covered", "body", "exons", "motifs")
_WRONG = (ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, OverflowError, RecursionError)


def write_saved(path: Path, dataset: Any) -> None:
    """Write a dataset whose signal holds only the regions it uses, whole or not at all."""
    signal = dataset.signal
    arrays = {
        "depth": signal.depth,
        "offsets": signal.offsets,
        "promoter": dataset.promoter,
        "pcre": dataset.pcre,
        "frequency": dataset.frequency,
        "genes": table_bytes(dataset.genes),
        "regions": table_bytes(signal.regions),
    }
    if signal.covered is not None:
        arrays["covered"] = signal.covered
    about = {
        "marks": dataset.marks,
        "window": dataset.window,
        "bin_size": dataset.bin_size,
        "report": dataset.report,
        "scales": dataset.scales,
        "origin": dataset.origin,
        "transforms": dataset.transforms,
    }
    about["dtypes"] = {"genes": dtypes_of(dataset.genes), "regions": dtypes_of(signal.regions)}
    if dataset.body is not None:
        arrays["body"] = dataset.body
    for name in ("exons", "motifs"):
        if (table := getattr(dataset, name)) is not None:
            arrays[name] = table_bytes(table)
            about["dtypes"][name] = dtypes_of(table)
    about["checksums"] = {name: checksum(array) for name, array in arrays.items()}
    with atomic_write(path) as beside:
        write_arrays(beside, arrays, {"format": FORMAT, "about": json.dumps(about)})


def read_saved(path: str | PathLike[str]) -> dict[str, Any]:
    """What `write_saved` wrote, as the arguments of `Dataset`.

    Raises
    ------
    ChromolabError
        If the file is missing, is no dataset, or a part of it was changed or does not fit the others.
    """
    path = Path(path)
    if not path.exists():
        raise ChromolabError(f"{path}: no such file; a dataset is written by ds.save(path)")
    try:
        arrays, metadata = map_arrays(path)
        if metadata.get("format") != FORMAT:
            raise ValueError(f"its format is {str(metadata.get('format'))[:60]!r}, not {FORMAT!r}")
        about = _checked_about(json.loads(metadata["about"]))
        for name, array in arrays.items():
            expected = about["checksums"].get(name)  # older files have none, or none of the signal
            if expected is not None and not isinstance(array, np.memmap) and checksum(array) != expected:
                raise ValueError(f"its part {name!r} was changed after it was written")
        return _checked(about, arrays)
    except (*_WRONG, struct.error, MemoryError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise ChromolabError(f"{path}: not a complete chromolab dataset ({reason}); save or copy it again") from error


def _checked(about: dict, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The arguments of `Dataset`; raises one of `_WRONG` where parts do not fit each other."""
    for name, (dimensions, kind) in ARRAYS.items():
        if name not in arrays and name in MAY_BE_ABSENT:
            continue
        array = arrays[name]
        if array.ndim != dimensions or array.dtype.kind != kind:
            raise ValueError(f"its part {name!r} is {array.dtype} of shape {array.shape}")
    genes = _table(arrays["genes"], about["dtypes"]["genes"], GENES)
    regions = _table(arrays["regions"], about["dtypes"]["regions"], REGIONS)
    depth, offsets, promoter, pcre, frequency = (arrays[name] for name in list(ARRAYS)[:5])
    length = (regions["end"] - regions["start"]).to_numpy(np.int64)
    _all(abs(regions[["start", "end"]].to_numpy(np.int64)) < 2**40, "a region lies beyond any chromosome")
    _all(length > 0, "a region is empty")
    ends = np.concatenate([[0], np.cumsum(-(-length // about["bin_size"]))])
    _all(np.array_equal(offsets, ends), "its offsets are not those of its regions")
    _all(depth.shape == (ends[-1], len(about["marks"])), "its signal has another shape than its regions and marks")
    _all("covered" not in arrays or arrays["covered"].shape == depth.shape, "its part 'covered' has another shape")
    _all(len(promoter) == len(pcre) == len(genes) and pcre.shape == frequency.shape, "its tables differ in length")
    _all((promoter >= 0) & (promoter < len(regions)), "a gene has no promoter window")
    _all((pcre >= -1) & (pcre < len(regions)), "a pCRE lies in no region")
    _all(np.isfinite(frequency) & (frequency >= 0), "a frequency is below 0, or not finite")
    _all(length[promoter] == about["window"], "a promoter window has another length")
    _all(genes["strand"].isin(["+", "-"]), "a strand is neither + nor -")
    _all(genes["label"].isin([-1, 0, 1]), "a label is none of -1, 0 and 1")
    _all(~np.isinf(genes[["expression", "log2_expression"]].to_numpy(float)), "an expression is infinite")
    more: dict[str, Any] = {"body": arrays.get("body"), "exons": None, "motifs": None}
    if more["body"] is not None:
        _all(len(more["body"]) == len(genes), "its whole genes are of other genes")
        _all((more["body"] >= 0) & (more["body"] < len(regions)), "a whole gene lies in no region")
    if "exons" in arrays:
        more["exons"] = _table(arrays["exons"], about["dtypes"]["exons"], EXONS)
        _all(more["exons"]["start"] < more["exons"]["end"], "an exon is empty")
    if "motifs" in arrays:
        more["motifs"] = _table(arrays["motifs"], about["dtypes"]["motifs"], MOTIFS)
        scores = more["motifs"].drop(columns=list(MOTIFS)).to_numpy(float)
        _all((scores >= 0) & (scores <= 1), "what a motif scores is not between 0 and 1")
    signal = Signal(regions, depth, offsets, about["bin_size"], arrays.get("covered"))
    kept = {key: about[key] for key in ("window", "scales", "origin", "transforms")}
    tuples = {key: tuple(about[key]) for key in ("marks", "report")}
    return kept | tuples | more | dict(genes=genes, signal=signal, promoter=promoter, pcre=pcre, frequency=frequency)


def _all(fits: Any, otherwise: str) -> None:
    if not np.all(fits):
        raise ValueError(otherwise)


def _table(raw: np.ndarray, dtypes: Any, expected: dict[str, str]) -> pd.DataFrame:
    """A table with its dtypes; raises one of `_WRONG` unless it has the expected columns."""
    for name in dtypes.values():
        if not isinstance(name, str) or (name != "str" and np.dtype(name).kind not in "iufb"):
            raise ValueError(f"a column of {str(name)[:40]}")
    table = read_table(raw, dtypes)
    if list(table.columns) != list(dtypes):
        raise ValueError("a table has other columns than it says")
    for column, kinds in expected.items():
        if column not in table or (kinds == "str") != (dtypes[column] == "str"):
            raise ValueError(f"a table without {column!r} as expected")
        if kinds != "str" and table[column].dtype.kind not in kinds:
            raise ValueError(f"its column {column!r} is {table[column].dtype}")
    return table


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _checked_about(about: Any) -> dict[str, Any]:
    """What a dataset says of itself; raises ValueError where it is nothing that a dataset says."""
    about = {
        "scales": {},
        "origin": UNKNOWN,
        "checksums": {},
        "transforms": {},
        **about,
    }  # older files keep none of these
    if not (_texts(about["marks"]) and len(set(about["marks"])) == len(about["marks"]) > 0):
        raise ValueError(f"its marks are {str(about['marks'])[:60]}")
    for name in ("window", "bin_size"):
        if not is_whole(about[name]) or about[name] > LONGEST_WINDOW:
            raise ValueError(f"its {name} is {str(about[name])[:60]}")
    if about["window"] % 2 or about["window"] % about["bin_size"]:
        raise ValueError(f"its window of {about['window']} bp is no even number of bins of {about['bin_size']} bp")
    if not _texts(about["report"]) or not isinstance(about["origin"], str):
        raise ValueError("its report or origin is no text")
    scales = about["scales"]
    if not isinstance(scales, dict) or not all(m in about["marks"] and s in SCALES for m, s in scales.items()):
        raise ValueError(f"its scales are {str(scales)[:60]}")
    transforms = about["transforms"]
    if not isinstance(transforms, dict) or not all(
        m in about["marks"] and t in TRANSFORMS and t != LOG1P for m, t in transforms.items()
    ):
        raise ValueError(f"its transforms are {str(transforms)[:60]}")
    sums = about["checksums"]
    if not isinstance(sums, dict) or not all(name in ARRAYS and is_whole(n, 0) for name, n in sums.items()):
        raise ValueError("its checksums are no numbers of its parts")
    return about
