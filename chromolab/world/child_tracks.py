"""The child process that draws reads and writes the bigWigs of one cell type of a teaching genome.

Its requests and answers, by the rules of `processes`:

    parent: {"parameters": {...}, "cell": 0, "patterns": "0.npz", "folder": "tracks"}
    child:  {"written": true}       after each track
    child:  {"finished": true}
"""

from pathlib import Path

import numpy as np
import pyBigWig

from chromolab.data.processes import read_requests, say
from chromolab.defaults import MARKS
from chromolab.world.assays import covered_bases, depth_runs, expected_depth, mappability
from chromolab.world.parameters import BIN, Parameters
from chromolab.world.patterns import GenomeBins


def write(p: Parameters, patterns: dict[str, np.ndarray], cell: int, folder: Path) -> None:
    """Write one bigWig per mark of a cell type into `folder`; `patterns` is {mark: (bins,)}."""
    bins = GenomeBins(p)
    visible = mappability(p, bins.total)
    name = p.cell_type_names[cell]
    for mark in MARKS:
        bases = covered_bases(p, visible * expected_depth(p, patterns, mark, cell), mark, cell)
        with pyBigWig.open(str(folder / f"{name}-{mark}.bigwig"), "w") as file:
            file.addHeader(list(p.chrom_sizes.items()))
            for chrom, first in bins.first.items():
                starts, ends, depth = depth_runs(bases[first : first + p.chrom_sizes[chrom] // BIN])
                file.addEntries([chrom] * len(starts), starts, ends=ends, values=depth.astype(np.float64))
        say(written=True)


def main() -> None:
    """Write the tracks of one cell type per request."""
    for order in read_requests():
        with np.load(order["patterns"], allow_pickle=False) as arrays:
            patterns = {mark: arrays[mark] for mark in arrays.files}
        write(Parameters(**order["parameters"]), patterns, order["cell"], Path(order["folder"]))
        say(finished=True)


if __name__ == "__main__":
    main()
