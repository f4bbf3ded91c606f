"""The child process that reads .cool and .mcool: HDF5 is C code, which a damaged file can crash or make fill memory.

Run as a module by `matrices`, whose request is answered (`data/processes.py` has the rules) by

    {"bin_size": 10000, "chroms": 23}           what will be read
    {"chrom": "chr1", "part": path}             after each chromosome, its band of the matrix as an .npz
    {"finished": true}

Only pairs between two distances are kept, and if `at` is given, only those with a bin there. Pixels are read a few
million at a time.
"""

import contextlib
import re
from pathlib import Path

import numpy as np

from chromolab.data.chromosomes import find_chromosome, shortened
from chromolab.data.processes import read_requests, say

PIXELS = 2_000_000  # read at once
MEMORY = 8 << 30  # bytes of address space of this process
DIVIDING = (
    "KR",
    "SCALE",
    "VC_SQRT",
    "VC",
    "GW_KR",
    "GW_SCALE",
    "GW_VC",
    "INTER_KR",
    "INTER_SCALE",
    "INTER_VC",
)  # juicer's
WEIGHTS = ("weight", "KR", "SCALE", "ICE", *DIVIDING[2:])  # columns of balancing weights, the best first
FINE = 5_000  # bp: of several resolutions, the finest that is no finer than this is read


class Wrong(Exception):
    """The file is not as expected; the argument says what was found and what to do."""


def open_cool(path: str, bin_size: int | None):
    """The cooler at the requested resolution, or at the finest one of 5 kb or coarser."""
    import cooler

    file, _, group = path.partition("::")
    groups = cooler.fileops.list_coolers(file)
    if not groups:
        raise Wrong(_other_hdf5(file))
    if group:
        if f"/{group.strip('/')}" not in groups:
            raise Wrong(f"no matrix at {group}; it has {', '.join(groups[:6])}")
        return cooler.Cooler(path)
    coolers = {}
    for group in groups:
        matrix = cooler.Cooler(f"{file}::{group}")
        coolers.setdefault(matrix.binsize, []).append((group, matrix))
    if not coolers.keys() - {None}:
        raise Wrong("no matrix of fixed bins in it: its bins differ in size, such as fragments; expected a .cool")
    coolers.pop(None, None)
    if bin_size is None:
        bin_size = min((size for size in coolers if size >= FINE), default=max(coolers))
    if bin_size not in coolers:
        raise Wrong(f"no matrix of {bin_size:,} bp bins; it has {', '.join(f'{s:,}' for s in sorted(coolers))}")
    if len(coolers[bin_size]) > 1:
        names = [group for group, _ in coolers[bin_size]]
        raise Wrong(
            f"{len(names)} matrices of {bin_size:,} bp bins ({shortened(names)}), "
            f"as in single-cell files; name one, {Path(file).name}::{names[0]}, or merge them (cooler merge)"
        )
    return coolers[bin_size][0][1]


def _other_hdf5(path: str) -> str:
    """What an HDF5 file without a cooler is, and what to do."""
    import h5py

    with h5py.File(path, "r") as file:
        names = set(file)
    if "matrix" in names:
        name = Path(path)
        convert = f"hicConvertFormat -m {name.name} --inputFormat h5 --outputFormat cool -o {name.stem}.cool"
        return f"no cooler in it; it looks like HiCExplorer's .h5. Convert it: {convert}"
    if {"X", "obs", "var"} <= names:
        return "no cooler in it: an .h5ad, a table of cells and genes; expected contacts"
    return (
        f"no matrix of fixed bins in it (it has {', '.join(sorted(names)[:5]) or 'nothing'}); expected .cool or .mcool"
    )


def weights_of(matrix, bins, values: str) -> tuple[np.ndarray | None, str]:
    """Balancing weights of a chromosome's bins, to multiply by, NaN where a bin is masked; and their column's name.

    None and "" for raw values. Columns made by juicer divide, unless an old hic2cool (before 0.5) has turned them
    round; a column may say so itself (`divisive_weights`, as hictk writes).
    """
    name = next((n for n in WEIGHTS if n in bins), None)
    if values == "raw" or name is None:
        if values == "balanced":
            raise Wrong(
                "not balanced (no column 'weight', nor KR, SCALE or VC); balance it (cooler balance), or pass "
                "values='oe' or 'raw'"
            )
        return None, ""
    with matrix.open("r") as group:
        said = group["bins"][name].attrs.get("divisive_weights")
    turned = re.match(r"hic2cool-0\.[0-4]\b", str(matrix.info.get("generated-by", ""))) is not None
    divides = bool(said) if said is not None else name in DIVIDING and not turned
    weight = bins[name].to_numpy(np.float64)
    if divides:
        weight = 1 / np.where(weight > 0, weight, np.nan)
    return np.where(np.isfinite(weight), weight, np.nan), name


def read_chromosome(matrix, chrom: str, order: dict, wanted: np.ndarray | None) -> dict[str, np.ndarray]:
    """One chromosome's band of the matrix: its bins, the pixels kept, and the sum of every diagonal."""
    first, last = matrix.extent(chrom)
    bins = matrix.bins()[first:last]
    start, end = (bins[c].to_numpy(np.int64) for c in ("start", "end"))
    size, n = matrix.binsize, last - first
    if len(start) != n or (start != np.arange(n) * size).any() or (end <= start).any() or (end > start + size).any():
        raise Wrong(f"the bins of {chrom} are not {size:,} bp one after another: the file is damaged. Copy it again")
    weight, balanced = weights_of(matrix, bins, order["values"])
    low, high = (order["distances"][0] + size - 1) // size, order["distances"][1] // size
    valid = np.zeros(n, bool) if weight is None else np.isfinite(weight)
    total, kept = np.zeros(min(high, n - 1) + 1), []
    at = np.ones(n, bool) if wanted is None else np.isin(np.arange(n), wanted // size)
    for i, j, count in pixels(matrix, first, last):
        if weight is None:
            valid[i[count > 0]] = valid[j[count > 0]] = True
        else:
            count = count * weight[i] * weight[j]
        use = (j - i >= low) & (j - i <= high) & np.isfinite(count)
        i, j, count = i[use], j[use], count[use]
        total += np.bincount(j - i, count, len(total))[: len(total)]
        use = at[i] | at[j]
        kept.append((i[use], j[use], count[use]))
    i, j, value = (np.concatenate(parts) for parts in zip(*kept, strict=True)) if kept else (np.empty(0, int),) * 3
    return {
        "start": start,
        "end": end,
        "i": i,
        "j": j,
        "value": value,
        "total": total,
        "valid": valid,
        "balanced": np.array(balanced),
    }


def pixels(matrix, first: int, last: int):
    """Yield (i, j, count) of the pixels within one chromosome, numbered from its first bin."""
    with matrix.open("r") as group:
        low, high = (int(group["indexes/bin1_offset"][k]) for k in (first, last))
    nnz = int(matrix.info["nnz"])
    if not 0 <= low <= high <= nnz:
        raise Wrong("its index does not fit its pixels: the file is damaged. Copy it again")
    table = matrix.pixels()
    for a in range(low, high, PIXELS):
        part = table[a : min(a + PIXELS, high)]
        i, j = part["bin1_id"].to_numpy(np.int64), part["bin2_id"].to_numpy(np.int64)
        count = part["count"].to_numpy(np.float64)
        if len(part) != min(a + PIXELS, high) - a or (i < first).any() or (i >= last).any() or (j < i).any():
            raise Wrong("its pixels are out of order: the file is damaged. Copy it again")
        if not (np.isfinite(count) & (count >= 0)).all():
            raise Wrong("a pixel's count is negative or not a number: the file is damaged. Copy it again")
        inside = j < last
        yield i[inside] - first, j[inside] - first, count[inside]


def _by_chromosome(at: dict[str, list[int]], names: list[str]) -> dict[str, np.ndarray]:
    """The positions, keyed by the file's own chromosome names."""
    by_name: dict[str, list[int]] = {}
    for chrom, positions in at.items():
        if (name := find_chromosome(chrom, names)) is not None:
            by_name.setdefault(name, []).extend(positions)
    if not by_name:
        raise Wrong(f"no chromosome in common: it has {', '.join(names[:5])}, the genes {', '.join([*at][:5])}")
    return {chrom: np.array(positions, np.int64) for chrom, positions in by_name.items()}


def read(order: dict) -> None:
    """Check the matrix, and write the band of each chromosome that is asked for."""
    matrix = open_cool(order["path"], order["bin_size"])
    if matrix.binsize is None or matrix.info.get("storage-mode", "symmetric-upper") != "symmetric-upper":
        raise Wrong("its bins differ in size, or both halves are stored; expected a symmetric matrix of fixed bins")
    if order["bin_size"] is not None and order["bin_size"] != matrix.binsize:
        raise Wrong(f"no matrix of {order['bin_size']:,} bp bins; it has {matrix.binsize:,}")
    wanted = None if order["at"] is None else _by_chromosome(order["at"], matrix.chromnames)
    chroms = [c for c in matrix.chromnames if wanted is None or c in wanted]
    say(bin_size=int(matrix.binsize), chroms=len(chroms))
    for k, chrom in enumerate(chroms):
        band = read_chromosome(matrix, chrom, order, None if wanted is None else wanted[chrom])
        part = str(Path(order["folder"], f"{k}.npz"))
        np.savez(part, **band)
        say(chrom=chrom, part=part)


def answer(order: dict) -> None:
    """Read the file as ordered; whatever is wrong becomes an error message."""
    try:
        read(order)
        say(finished=True)
    except ModuleNotFoundError as error:
        say(error=f"needs the package {error.name}: pip install 'chromolab[formats]', or give another format")
    except Wrong as error:
        say(error=f"{error}.")
    except Exception as error:  # HDF5 and cooler can fail in any way on a damaged file
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        say(error=f"not a complete cooler file ({reason}). Copy or download it again.")


def main() -> None:
    """Limit the memory, then answer requests until there are no more."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows and some systems have no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for order in read_requests():
        answer(order)


if __name__ == "__main__":
    main()
