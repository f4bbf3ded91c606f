"""Aligned reads for tests: made by a seed, and written as tagAlign or BAM."""

import numpy as np

SIZES = {"chr1": 3_000, "chr2": 1_500, "chr10": 700}


def some_reads(seed=0, n=400, length=36, sizes=SIZES):
    """(chrom, start, end, strand) in any order; some run past their chromosome's end."""
    rng = np.random.default_rng(seed)
    chroms = rng.choice(list(sizes), n)
    starts = [int(rng.integers(0, sizes[c] - 5)) for c in chroms]
    return [(str(c), s, s + length, "+-"[rng.integers(2)]) for c, s in zip(chroms, starts, strict=True)]


def write_tagalign(path, reads, opener=open):
    with opener(path, "wt") as f:
        f.writelines(f"{c}\t{s}\t{e}\tN\t1000\t{strand}\n" for c, s, e, strand in reads)
    return path


def write_bam(path, reads, sizes=SIZES, flags=()):
    import pysam

    header = {"HD": {"VN": "1.6"}, "SQ": [{"SN": c, "LN": n} for c, n in sizes.items()]}
    with pysam.AlignmentFile(str(path), "wb", header=header) as f:
        for i, (chrom, start, end, strand) in enumerate(reads):
            read = pysam.AlignedSegment(f.header)
            read.query_name, read.query_sequence = f"r{i}", "A" * (end - start)
            read.flag = (16 if strand == "-" else 0) | (flags[i] if i < len(flags) else 0)
            read.reference_id, read.reference_start = list(sizes).index(chrom), start
            read.cigartuples = [(0, end - start)]
            f.write(read)
    return path
