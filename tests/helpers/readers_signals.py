"""Every reader of signals, annotation and expression with a small good file of its format: for tests with damaged ones.

`READERS[name]` has `make(path)`, which writes the file, and `read(path)`, which reads all of it; what comes back
compares with `same`. `in_child` says that reading starts a process, which is slow.
"""

import bz2
import gzip
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyBigWig

from chromolab.data.chromosomes import read_chrom_sizes
from chromolab.data.dataset.dataset import load_dataset
from chromolab.data.dataset.recalibration import Quantiles, read_quantiles
from chromolab.data.genes.annotation import exon_lengths, read_annotation
from chromolab.data.genes.expression import read_expression
from chromolab.data.intervals import read_regions
from chromolab.data.tracks.bin_means import bin_means
from chromolab.data.tracks.child_collect import load_bedgraph, load_reads
from chromolab.data.tracks.reads import BedGraph, Reads, source_of

SIZES = {"chr1": 20_000, "chr2": 9_000}
WHOLE = pd.DataFrame([(c, 0, n) for c, n in SIZES.items()], columns=["chrom", "start", "end"])


class Reader(NamedTuple):
    make: Callable
    read: Callable
    in_child: bool = False


def same(a, b) -> bool:
    """Whether two results of one reader are equal."""
    if isinstance(a, pd.DataFrame | pd.Series):
        return a.equals(b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    return a == b


def text(*lines: str, opener=open) -> Callable:
    def make(path):
        with opener(path, "wb") as f:
            f.write("".join(f"{line}\n" for line in lines).encode())
        return path

    return make


def _tagalign() -> list[str]:
    starts = np.random.default_rng(0).integers(0, 8_900, 60)
    return [f"chr{1 + i % 2}\t{s}\t{s + 36}\tN\t1000\t{'+-'[i % 3 % 2]}" for i, s in enumerate(starts)]


def _bedgraph() -> list[str]:
    values = np.random.default_rng(1).normal(3, 1, 80).round(3).tolist()
    return ["track type=bedGraph", *(f"chr{1 + i % 2}\t{i * 100}\t{i * 100 + 90}\t{v}" for i, v in enumerate(values))]


def _gtf(kind: str = "exon") -> list[str]:
    places = [f"{100 * i + 1}\t{100 * i + 90}\t.\t{'+-'[i % 2]}" for i in range(30)]
    return [f'chr1\tx\t{kind}\t{p}\t.\tgene_id "G{i}"; gene_name "n{i}";' for i, p in enumerate(places)]


def make_bigwig(path):
    rng = np.random.default_rng(2)
    with pyBigWig.open(str(path), "w") as f:
        f.addHeader(list(SIZES.items()))
        for chrom, size in SIZES.items():
            edges = np.unique(rng.integers(0, size, size // 60))
            f.addEntries(
                [chrom] * (len(edges) - 1),
                edges[:-1].tolist(),
                ends=edges[1:].tolist(),
                values=rng.poisson(3, len(edges) - 1).astype(float).tolist(),
            )
    return path


def make_bam(path):
    import pysam

    header = {"HD": {"VN": "1.6"}, "SQ": [{"SN": c, "LN": n} for c, n in SIZES.items()]}
    with pysam.AlignmentFile(str(path), "wb", header=header) as f:
        for i, line in enumerate(_tagalign()):
            chrom, start, _, _, _, strand = line.split("\t")
            read = pysam.AlignedSegment(f.header)
            read.query_name, read.query_sequence, read.flag = f"r{i}", "A" * 36, 16 * (strand == "-")
            read.reference_id, read.reference_start, read.cigartuples = int(chrom[3:]) - 1, int(start), [(0, 36)]
            f.write(read)
    return path


def make_dataset(path):
    from helpers.toys import toy_dataset

    return toy_dataset(genes=8).save(path)


def make_quantiles(path):
    return Quantiles(np.array([0, 0.5, 1]), {"A": np.array([0, 1.5, 9.0])}, {"A": "depth"}, 100).save(path)


def read_reads(path):
    return load_reads(source_of(Reads(path, extend=50), SIZES), lambda share: None)


def read_bedgraph(path):
    return load_bedgraph(source_of(BedGraph(path), SIZES), lambda share: None)


def read_track(path):
    result = bin_means(path, WHOLE, 50, progress=False)
    return result.mean, result.covered


def read_saved(path):
    ds = load_dataset(path)
    return [ds.genes, ds.signal.regions, np.array(ds.signal.depth), np.array(ds.pcre), np.array(ds.frequency), ds.marks]


EXPRESSION = ["gene_id\tA\tB", *(f"G{i}\t{i}.5\t{i * i}" for i in range(30))]
BED12 = [f"chr1\t{100 * i}\t{100 * i + 90}\tG{i}\t0\t{'+-'[i % 2]}\t0\t0\t0\t1\t90,\t0," for i in range(30)]
GENE_INFO = [f"G{i}\tX\t{100 * i + 1}\t{100 * i + 90}\t{(1, -1)[i % 2]}\tcoding\tN{i}\tabout it" for i in range(30)]

READERS = {
    "tagAlign": Reader(text(*_tagalign()), read_reads),
    "tagAlign.gz": Reader(text(*_tagalign(), opener=gzip.open), read_reads),
    "bedGraph": Reader(text(*_bedgraph()), read_bedgraph),
    "bedGraph.bz2": Reader(text(*_bedgraph(), opener=bz2.open), read_bedgraph),
    "bigWig": Reader(make_bigwig, read_track, in_child=True),
    "BAM": Reader(make_bam, read_track, in_child=True),
    "GTF": Reader(text(*_gtf("gene")), read_annotation),
    "GTF exons": Reader(text(*_gtf()), exon_lengths),
    "BED12": Reader(text(*BED12), lambda path: read_annotation(path, tss="all")),
    "gene_info": Reader(text(*GENE_INFO), read_annotation),
    "expression": Reader(text(*EXPRESSION), read_expression),
    "expression.gz": Reader(text(*EXPRESSION, opener=gzip.open), read_expression),
    "chrom.sizes": Reader(text(*(f"{c}\t{n}" for c, n in SIZES.items())), read_chrom_sizes),
    "regions": Reader(text("chr1\t5\t9\ta", "chr2\t50\t90\tb"), read_regions),
    "dataset": Reader(make_dataset, read_saved),
    "quantiles": Reader(make_quantiles, read_quantiles),
}


def mutate(content: bytes, rng: np.random.Generator) -> tuple[bytes, str]:
    """A file's content with something done to it, and what: bytes changed, cut off, lines moved, doubled or dropped."""
    how = str(rng.choice(["bytes", "cut", "shuffled", "doubled", "dropped", "junk"]))
    changed = bytearray(content)
    if how == "bytes":
        for at in rng.integers(0, len(content), rng.integers(1, 9)):
            changed[at] = rng.integers(256)
    elif how == "cut":
        changed = changed[: int(rng.integers(0, len(content)))]
    elif how == "junk":
        at = int(rng.integers(0, len(content)))
        changed[at:at] = rng.integers(0, 256, rng.integers(1, 40), dtype=np.uint8).tobytes()
    else:
        lines = content.splitlines(keepends=True)
        i = int(rng.integers(0, len(lines)))
        if how == "shuffled":
            lines = [lines[j] for j in rng.permutation(len(lines))]
        else:
            lines[i : i + 1] = [lines[i]] * 2 if how == "doubled" else []
        changed = b"".join(lines)
    return bytes(changed), how
