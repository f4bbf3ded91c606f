"""The child process that reads AnnData (.h5ad): HDF5 is C code, which a damaged file can crash or make fill memory.

Run as a module by `workbooks`, whose request is answered (`data/processes.py` has the rules) by

    {"name": "gene_id", "cells": ["ENSG...", ...]}    the genes, then each column of text that describes them
    {"name": "sample", "cells": [1.5, ...]}           each sample's values
    {"finished": true}
"""

import numpy as np

from chromolab.data.processes import read_requests, say

MEMORY = 8 << 30  # bytes of address space of this process
MOST = 200  # samples; more are single cells
MOST_GENES = 1_000_000


class Wrong(Exception):
    """The file is not as expected; the argument says what was found and what to do."""


def texts(group, name: str) -> list[str] | None:
    """A column of text, or None where it is something else."""
    import h5py

    column = group[name]
    if isinstance(column, h5py.Group):  # categories
        if "codes" not in column or "categories" not in column:
            return None
        categories = [_text(x) for x in column["categories"][()]]
        return [categories[code] if code >= 0 else "" for code in column["codes"][()].tolist()]
    if column.ndim != 1 or column.dtype.kind not in "OSU":
        return None
    return [_text(x) for x in column[()]]


def _text(x) -> str:
    return x.decode() if isinstance(x, bytes) else str(x)


def index(group) -> str:
    """The name of the column that names the rows of `obs` or `var`."""
    name = group.attrs.get("_index", "_index")
    return _text(name)


def matrix(x, shape: tuple[int, int]) -> np.ndarray:
    """The values, (samples, genes), of a dense or a sparse matrix."""
    import h5py
    from scipy import sparse

    if isinstance(x, h5py.Dataset):
        if x.shape != shape:
            raise Wrong(f"its values are {x.shape}, its names {shape}: the file is damaged. Write it again")
        return x[()].astype(np.float64)
    kind = {"csr_matrix": sparse.csr_matrix, "csc_matrix": sparse.csc_matrix}.get(
        _text(x.attrs.get("encoding-type", x.attrs.get("h5sparse_format", "") + "_matrix"))
    )
    if kind is None:
        raise Wrong("its matrix is stored in an unknown way; expected a dense or a sparse one")
    parts = kind((x["data"][()], x["indices"][()], x["indptr"][()]), shape=shape)
    parts.check_format(full_check=True)
    return parts.toarray().astype(np.float64)


def read(order: dict) -> None:
    """Check the file, and say its columns."""
    import h5py

    with h5py.File(order["path"], "r") as f:
        if not {"X", "obs", "var"} <= set(f) or not all(isinstance(f[part], h5py.Group) for part in ("obs", "var")):
            raise Wrong(f"HDF5 with {', '.join(list(f)[:5]) or 'nothing'}; expected an AnnData with X, obs and var")
        samples, genes = texts(f["obs"], index(f["obs"])), texts(f["var"], index(f["var"]))
        if samples is None or genes is None or not samples or not 0 < len(genes) <= MOST_GENES:
            raise Wrong("it names no samples or no genes")
        if len(samples) > MOST:
            raise Wrong(
                f"{len(samples):,} cells: sum them by cell type first, with scanpy: "
                "b = scanpy.get.aggregate(anndata, by='cell_type', func='sum'); "
                "b.to_df(layer='sum').T.to_csv('sums.tsv', sep='\\t'); then give unit: counts"
            )
        values = matrix(f["X"], (len(samples), len(genes)))
        say(name="gene_id", cells=genes)
        for name in sorted(set(f["var"]) - {index(f["var"])}):
            cells = texts(f["var"], name)
            if cells is not None and len(cells) == len(genes) and name not in samples:
                say(name=name, cells=cells)
        for name, row in zip(samples, values, strict=True):
            say(name=name, cells=row.tolist())


def main() -> None:
    """Answer the requests."""
    import contextlib

    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for order in read_requests():
        try:
            read(order)
            say(finished=True)
        except Wrong as e:
            say(error=f"{order['path']}: {e}.")
        except Exception as e:  # whatever HDF5 makes of a damaged file
            say(error=f"{order['path']}: HDF5 that cannot be read ({type(e).__name__}: {e!s:.200}). Copy it again.")


if __name__ == "__main__":
    main()
