"""The experiments that measure a world, as files: depth of ChIP-seq (bigWig), PC1 of Hi-C, annotation, expression."""

import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.processes import Children, Program, cpus
from chromolab.defaults import BACKGROUND, HEIGHT
from chromolab.world.genome import Genome
from chromolab.world.parameters import BIN, Parameters
from chromolab.world.patterns import SCRAMBLED

WRITER = Program(
    "chromolab.world.child_tracks",
    "the child process that writes its tracks",
    "Is there enough free disk space and memory?",
)
READ = 36  # bp that one read covers, as in the consolidated Roadmap data
OVERDISPERSION = 7.0  # gamma shape of each bin's rate: counts are negative binomial
SLOW, FAST = 0.28, 0.28  # spread (log) of an experiment's background, over 20 kb and over 500 bp
SHARED = 0.35  # spread (log) of what all experiments of a cell type share (open chromatin, input)
WOBBLE = {
    "H3K4me3": 0.6,
    "H3K9me3": 1.0,
    "H3K27me3": 1.3,
    "H3K36me3": 0.6,
    "H3K4me1": 0.4,
}  # spread (log) of signal over 500 bp
EVEN = 0.22  # the same of the other marks
OTHER_DEPTH = 0.5  # spread (log) of the depths of species b
CTCF_DEPTH = 0.10, 9.0  # mean depth of CTCF's background, and at its strongest sites
PC1_BIN = 25_000  # bp
PC1_SPREAD = 1.5  # about the standard deviation of PC1, as tools that scale it write it


def smooth_noise(rng: np.random.Generator, n: int, width: float) -> np.ndarray:
    """Unit-variance Gaussian noise, correlated over `width` bins."""
    kept = min(n // 2 + 1, int(0.7 * n / width) + 2)  # higher frequencies are smoothed away
    size = np.exp(-2 * (np.pi * width * np.arange(kept) / n) ** 2).astype(np.float32)
    spectrum = np.zeros(n // 2 + 1, np.complex64)
    spectrum[:kept] = rng.standard_normal(2 * kept, np.float32).view(np.complex64) * size
    noise = np.fft.irfft(spectrum, n)
    return noise / noise.std()


def mappability(p: Parameters, n: int) -> np.ndarray:
    """Share of reads that can be mapped, (bins,): low over repeats, the same in every experiment."""
    rng = p.own_rng("mappability")
    short, long = smooth_noise(rng, n, 6), smooth_noise(rng, n, 120)
    return np.where((short > 1.9) | (long > 2.5), 0.12, 1.0) * np.exp(0.12 * smooth_noise(rng, n, 3))


def expected_depth(p: Parameters, patterns: dict[str, np.ndarray], mark: str, cell: int) -> np.ndarray:
    """Expected mean depth of one experiment, (bins,): background plus pattern, each scaled by the experiment.

    `patterns` is {mark: (bins,)}; the experiment measures `mark` in the cell type of number `cell`.
    """
    rng, background, height = _experiment(p, mark, cell)
    pattern = patterns[shown_by(p, mark)]
    n = len(pattern)
    field = SLOW * smooth_noise(rng, n, 200) + FAST * smooth_noise(rng, n, 5)
    field += SHARED * _shared(p, cell, n)
    field = np.exp(field - field.var() / 2)
    wobble = WOBBLE.get(mark, EVEN) * smooth_noise(rng, n, 4)
    wobble = np.exp(wobble - wobble.var() / 2)
    return background * field + height * pattern * wobble


def shown_by(p: Parameters, mark: str) -> str:
    """The mark whose pattern the track of `mark` shows: itself, unless the world is scrambled."""
    return SCRAMBLED.get(mark, mark) if p.scrambled else mark


def _experiment(p: Parameters, mark: str, cell: int) -> tuple[np.random.Generator, float, float]:
    """Of one experiment: its random numbers, and its mean depth without signal and over a strong one."""
    rng = p.own_rng(f"depth {mark} {cell}")
    scale, noise = rng.lognormal(0, [0.12, 0.15])
    scale *= p.depth * (1 if p.species == "a" else rng.lognormal(0, OTHER_DEPTH))
    scale *= p.by_lineage(f"scale {mark}", p.lineage_spread)[cell]
    background, height = CTCF_DEPTH if mark == "CTCF" else (BACKGROUND[mark], HEIGHT[mark])
    return rng, scale * noise * background, scale * height


def depth_of(p: Parameters, mark: str, cell: int, pattern: np.ndarray) -> np.ndarray:
    """Mean depth at which one experiment shows a pattern, field and wobble left out; same shape as `pattern`."""
    _, background, height = _experiment(p, mark, cell)
    return background + height * pattern


def pattern_of(p: Parameters, mark: str, cell: int, depth: np.ndarray) -> np.ndarray:
    """The pattern that a mean depth stands for in one experiment: the inverse of `depth_of`, at least 0."""
    _, background, height = _experiment(p, mark, cell)
    return np.maximum(depth - background, 0) / height


@lru_cache(maxsize=1)
def _shared(p: Parameters, cell: int, n: int) -> np.ndarray:
    """What all experiments of a cell type share, (bins,), unit variance."""
    rng = p.own_rng(f"input {cell}")
    return (smooth_noise(rng, n, 5) + smooth_noise(rng, n, 60)) / 2**0.5


def read_starts(rng: np.random.Generator, depth: np.ndarray) -> np.ndarray:
    """Places (bp, sorted) where reads start; their number in each bin is negative binomial around `depth` (bins,)."""
    rate = rng.standard_gamma(OVERDISPERSION, len(depth)) / OVERDISPERSION * depth * (BIN / READ)
    reads = rng.poisson(rate)
    starts = np.repeat(np.arange(len(depth), dtype=np.int64) * BIN, reads)
    return np.sort(starts + rng.integers(0, BIN, len(starts)))


def depth_runs(starts: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How many reads cover each base of a chromosome, as runs of equal depth: starts, ends, depth.

    `starts` (sorted): where reads start; each covers READ bases, cut off at the chromosome's end (`size` bp).
    """
    ends = np.minimum(starts + READ, size)
    place = np.sort(np.concatenate([starts * 4 + 2, ends * 4, [1, size * 4 + 1]]))  # the last digit says what happens
    depth = np.cumsum((place & 3) - 1)
    place >>= 2
    last = np.append(place[1:] != place[:-1], True)  # of all that happens at one place
    place, depth = place[last], depth[last]
    changes = np.append(True, depth[1:] != depth[:-1])
    changes[-1] = False
    return place[changes], np.append(place[changes][1:], size), depth[changes]


def first_component(genome: Genome, cell: int) -> np.ndarray:
    """PC1 as from a Hi-C matrix, (bins of PC1_BIN of all chromosomes,): about 1.5 in A, -1.5 in B, with noise."""
    rng, parts = genome.parameters.own_rng(f"PC1 {cell}"), []
    for chrom, size in genome.parameters.chrom_sizes.items():
        here = np.flatnonzero(genome.domains["chrom"] == chrom)
        middle = np.minimum(np.arange(0, size, PC1_BIN) + PC1_BIN // 2, size - 1)
        domain = np.searchsorted(genome.domains["end"].to_numpy()[here], middle, "right")
        clean = genome.compartment[here[domain], cell].astype(float)
        blurred = np.convolve(np.pad(clean, 4, "edge"), np.full(9, 1 / 9), "valid")
        parts.append(PC1_SPREAD * (blurred + 0.35 * rng.standard_normal(len(middle))))
    return np.concatenate(parts)


def write_tracks(
    p: Parameters, patterns: Iterable[dict[str, np.ndarray]], folder: Path, advance: Callable[[], object]
) -> None:
    """Write every cell type's bigWigs into `folder`, in child processes; `advance` is called once per track.

    `patterns` gives each cell type's expected patterns in turn ({mark or "CTCF": (bins,), "PC1": its values}); a cell
    type's child starts while the next one's patterns are computed.
    """

    def write(order: dict) -> None:
        name = p.cell_type_names[order["cell"]]
        with children.start(WRITER) as child:
            for message in child.ask(f"teaching genome, {name}", **order):
                if "written" in message:
                    advance()

    with (
        tempfile.TemporaryDirectory(dir=folder.parent, prefix=".patterns-") as beside,
        ThreadPoolExecutor(cpus()) as pool,
        Children() as children,  # exits first: after an error or an interrupt the pool does not wait for a child
    ):
        jobs = []
        for cell, arrays in enumerate(patterns):
            place = Path(beside) / f"{cell}.npz"
            np.savez(place, **{mark: values.astype(np.float32) for mark, values in arrays.items()})
            order = {"parameters": asdict(p), "cell": cell, "patterns": str(place), "folder": str(folder)}
            jobs.append(pool.submit(write, order))
        for job in jobs:
            job.result()


def write_annotation(genome: Genome, path: Path) -> None:
    """Write the annotation, a GTF with gene, transcript and exon rows, to `path`."""
    genes = genome.genes.assign(sign=np.where(genome.genes["strand"] > 0, "+", "-"))
    exons = dict(tuple(genome.exons.groupby("gene")))
    lines = ["##description: simulated teaching genome of chromolab, not a real annotation"]
    for row in genes.itertuples():
        name = f'gene_id "{row.gene_id}"; gene_type "protein_coding"; gene_name "{row.gene_name}";'
        transcript = f'{name} transcript_id "{row.gene_id}.t1";'
        parts = [("gene", row.start, row.end, name), ("transcript", row.start, row.end, transcript)]
        parts += [("exon", a, b, transcript) for a, b in exons[row.Index][["start", "end"]].to_numpy()]
        lines += [
            f"{row.chrom}\tchromolab\t{what}\t{a + 1}\t{b}\t.\t{row.sign}\t.\t{text}" for what, a, b, text in parts
        ]
    path.write_text("\n".join(lines) + "\n")


def write_expression(genome: Genome, rpkm: np.ndarray, path: Path) -> None:
    """Write `rpkm` (genes, cell types) to `path` as a table with three decimals, formatted like Roadmap's."""
    table = pd.DataFrame(rpkm, pd.Index(genome.genes["gene_id"], name="gene_id"), genome.parameters.cell_type_names)
    table.to_csv(path, sep="\t", float_format="%.3f")
