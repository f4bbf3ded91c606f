"""The child process that draws reads and writes the bigWigs of one cell type of a teaching genome.

Its requests and answers, by the rules of `processes`:

    parent: {"parameters": {...}, "cell": 0, "patterns": "0.npz", "folder": "tracks"}
    child:  {"written": true}       after each track
    child:  {"finished": true}
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from chromolab.data.processes import read_requests, say
from chromolab.data.write_bigwig import write_bigwig
from chromolab.defaults import MARKS
from chromolab.world.assays import PC1_BIN, depth_runs, expected_depth, mappability, read_starts
from chromolab.world.parameters import BIN, Parameters
from chromolab.world.patterns import GenomeBins


def write(p: Parameters, patterns: dict[str, np.ndarray], cell: int, folder: Path) -> None:
    """Write one bigWig per mark, of CTCF and of PC1 of a cell type into `folder`.

    `patterns` is {mark or "CTCF": (bins,), "PC1": (its bins,)}.
    """
    bins = GenomeBins(p)
    visible = mappability(p, bins.total)
    name = p.cell_type_names[cell]
    for mark in (*MARKS, "CTCF"):
        rng = p.own_rng(f"reads {mark} {cell}")
        depth = visible * expected_depth(p, patterns, mark, cell)
        write_bigwig(folder / f"{name}-{mark}.bigwig", p.chrom_sizes, _covered(p, bins, rng, depth))
        say(written=True)
    write_bigwig(folder / f"{name}-PC1.bigwig", p.chrom_sizes, _component(p, patterns["PC1"]))
    say(written=True)


def _covered(p: Parameters, bins: GenomeBins, rng: np.random.Generator, depth: np.ndarray) -> Iterator[tuple]:
    """Each chromosome's runs of equal depth: chrom, starts, ends, values; reads are drawn around `depth` (bins,)."""
    for chrom, first in bins.first.items():
        size = p.chrom_sizes[chrom]
        yield chrom, *depth_runs(read_starts(rng, depth[first : first + size // BIN]), size)


def _component(p: Parameters, values: np.ndarray) -> Iterator[tuple]:
    """Each chromosome's runs of PC1: chrom, starts, ends, values."""
    for chrom, size in p.chrom_sizes.items():
        starts = np.arange(0, size, PC1_BIN)
        yield chrom, starts, np.minimum(starts + PC1_BIN, size), values[: len(starts)]
        values = values[len(starts) :]


def main() -> None:
    """Write the tracks of one cell type per request."""
    for order in read_requests():
        with np.load(order["patterns"], allow_pickle=False) as arrays:
            patterns = {mark: arrays[mark] for mark in arrays.files}
        write(Parameters(**order["parameters"]), patterns, order["cell"], Path(order["folder"]))
        say(finished=True)


if __name__ == "__main__":
    main()
