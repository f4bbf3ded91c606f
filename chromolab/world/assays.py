"""The experiments that measure a world, as files: ChIP-seq depth (bigWig), annotation (GTF), expression (RPKM)."""

import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
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
SHARED = 0.25  # spread (log) over 500 bp of what all experiments of a cell type share (open chromatin, input)


def smooth_noise(rng: np.random.Generator, n: int, width: float) -> np.ndarray:
    """Unit-variance Gaussian noise, correlated over `width` bins."""
    spectrum = np.fft.rfft(rng.standard_normal(n).astype(np.float32))
    spectrum *= np.exp(-2 * (np.pi * width * np.fft.rfftfreq(n)) ** 2)
    noise = np.fft.irfft(spectrum, n)
    return noise / noise.std()


def mappability(p: Parameters, n: int) -> np.ndarray:
    """Share of reads that can be mapped, (bins,): low over repeats, the same in every experiment."""
    rng = p.rng("mappability")
    short, long = smooth_noise(rng, n, 6), smooth_noise(rng, n, 120)
    return np.where((short > 1.9) | (long > 2.5), 0.12, 1.0) * np.exp(0.12 * smooth_noise(rng, n, 3))


def expected_depth(p: Parameters, patterns: dict[str, np.ndarray], mark: str, cell: int) -> np.ndarray:
    """Expected mean depth of one experiment, (bins,): background plus pattern, each scaled by the experiment.

    `patterns` is {mark: (bins,)}; the experiment measures `mark` in the cell type of number `cell`.
    """
    rng, common = p.rng(f"depth {mark} {cell}"), p.rng(f"input {cell}")
    pattern = patterns[SCRAMBLED[mark] if p.scrambled else mark]
    n = len(pattern)
    scale, noise = rng.lognormal(0, [0.12, 0.15])
    field = SLOW * smooth_noise(rng, n, 200) + FAST * smooth_noise(rng, n, 5) + SHARED * smooth_noise(common, n, 5)
    field = np.exp(field - field.var() / 2)
    wobble = np.exp(0.22 * smooth_noise(rng, n, 4))
    return scale * (noise * BACKGROUND[mark] * field + HEIGHT[mark] * pattern * wobble)


def covered_bases(p: Parameters, depth: np.ndarray, mark: str, cell: int) -> np.ndarray:
    """Bases covered by reads in each bin, (bins,); read counts are negative binomial around the expected depth.

    A read that starts near the end of a bin extends into the next one.
    """
    rng = p.rng(f"reads {mark} {cell}")
    rate = rng.standard_gamma(OVERDISPERSION, len(depth)) / OVERDISPERSION * depth * (BIN / READ)
    reads = rng.poisson(rate)
    over = rng.binomial(reads, READ / BIN) * rng.integers(READ // 4, 3 * READ // 4, len(depth))
    over[p.chromosome_length // BIN - 1 :: p.chromosome_length // BIN] = 0  # the last bin of a chromosome
    return reads * READ - over + np.roll(over, 1)


def depth_runs(bases: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Turn covered bases per bin into runs of integer depth: starts, ends, depth.

    The bases are spread over each bin as evenly as whole numbers allow. The remainder lies at the end of even bins and
    at the start of odd ones, so that neighbouring runs merge. The mean of each bin is exact.
    """
    deep, over = np.divmod(bases, BIN)
    odd = np.arange(len(bases)) % 2 == 1
    cut = np.where(odd, over, BIN - over)
    starts = np.arange(len(bases), dtype=np.int64) * BIN
    edges = np.stack([starts, starts + cut], 1).ravel()
    depth = np.stack([deep + odd * (over > 0), deep + ~odd * (over > 0)], 1).ravel()
    not_empty = np.append(edges[1:], len(bases) * BIN) > edges
    edges, depth = edges[not_empty], depth[not_empty]
    changes = np.append(True, depth[1:] != depth[:-1])
    edges, depth = edges[changes], depth[changes]
    return edges, np.append(edges[1:], len(bases) * BIN), depth


def write_tracks(
    p: Parameters, patterns: Iterable[dict[str, np.ndarray]], folder: Path, advance: Callable[[], object]
) -> None:
    """Write every cell type's bigWigs into `folder`, in child processes; `advance` is called once per track.

    `patterns` gives each cell type's expected patterns in turn ({mark: (bins,)}); a cell type's child starts while the
    next one's patterns are computed.
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
