"""Write a bigWig quickly: whole chromosomes as arrays of runs, without summaries for other zooms.

pyBigWig's writer takes a microsecond a run, this one a quarter of that: it hands whole sections to zlib, at a quick
level. The layout is that of Kent et al. 2010, Bioinformatics 26:2204, version 4: header, chromosome tree (one leaf),
sections of runs, index.
"""

import struct
import zlib
from collections.abc import Iterable, Mapping
from os import PathLike

import numpy as np

MAGIC = 0x888FFC26
RUN = np.dtype([("start", "<u4"), ("end", "<u4"), ("value", "<f4")])
SECTION = 2_000  # runs
FANOUT = 256  # entries in a node of the index
LEVEL = 2  # of zlib: level 6 takes five times as long and saves a twentieth


def write_bigwig(
    path: str | PathLike[str],
    chroms: Mapping[str, int],
    runs: Iterable[tuple[str, np.ndarray, np.ndarray, np.ndarray]],
) -> None:
    """Write a bigWig.

    Parameters
    ----------
    path : path
    chroms : dict
        {chromosome: length in bp}.
    runs : iterable of (chrom, starts, ends, values)
        Each chromosome's runs of equal value, (runs,) each and in order, starts and ends in bp from 0; chromosomes in
        the order of `chroms`, each at most once and with at least one run.
    """
    ids = {chrom: i for i, chrom in enumerate(chroms)}
    tree = _chromosome_tree(chroms)
    data_at = 64 + 40 + len(tree)
    sections, moments = [], []  # sections: chromosome, start, end, place in the file, size
    with open(path, "wb") as file:
        file.write(bytes(64 + 40) + tree + bytes(8))
        for chrom, starts, ends, values in runs:
            table = np.empty(len(starts), RUN)
            table["start"], table["end"], table["value"] = starts, ends, values
            moments.append(_moments(table))
            for first in range(0, len(table), SECTION):
                part = table[first : first + SECTION]
                place = ids[chrom], int(part["start"][0]), int(part["end"][-1])
                packed = zlib.compress(struct.pack("<5I2BH", *place, 0, 0, 1, 0, len(part)) + part.tobytes(), LEVEL)
                sections.append((*place, file.tell(), len(packed)))
                file.write(packed)
        index_at = file.tell()
        file.write(_index(sections, index_at) + struct.pack("<I", MAGIC))  # a whole file ends as it begins
        file.seek(0)
        unpacked = 24 + SECTION * RUN.itemsize
        file.write(struct.pack("<I2H3Q2H2QIQ", MAGIC, 4, 0, 104, data_at, index_at, 0, 0, 0, 64, unpacked, 0))
        file.write(_summary(moments) + tree + struct.pack("<Q", len(sections)))


def _chromosome_tree(chroms: Mapping[str, int]) -> bytes:
    width = max(len(chrom.encode()) for chrom in chroms)
    head = struct.pack("<4I2Q", 0x78CA8C91, max(len(chroms), 2), width, 8, len(chroms), 0)
    leaf = [
        chrom.encode().ljust(width, b"\0") + struct.pack("<2I", i, n) for i, (chrom, n) in enumerate(chroms.items())
    ]
    return head + struct.pack("<2BH", 1, 0, len(chroms)) + b"".join(leaf)


def _moments(table: np.ndarray) -> tuple[int, float, float, float, float]:
    """Bases covered, least and largest value, sum and sum of squares over the bases."""
    length, value = (table["end"] - table["start"]).astype(np.float64), table["value"].astype(np.float64)
    return int(length.sum()), value.min(), value.max(), length @ value, length @ value**2


def _summary(moments: list[tuple]) -> bytes:
    covered, least, largest, total, squares = zip(*moments, strict=True)
    return struct.pack("<Q4d", sum(covered), min(least), max(largest), sum(total), sum(squares))


def _index(sections: list[tuple], at: int) -> bytes:
    """The R-tree over sections, for a place in the file: its head, then its nodes, from the root to the leaves."""
    spans = np.array([s[:3] for s in sections], np.int64).reshape(-1, 3)
    levels = [spans[:, [0, 1, 0, 2]]]  # of every entry: first chromosome, start, last chromosome, end
    while len(levels[-1]) > FANOUT:
        edges = np.arange(0, len(levels[-1]), FANOUT)
        last = np.append(edges[1:], len(levels[-1])) - 1
        levels.append(np.hstack([levels[-1][edges, :2], levels[-1][last, 2:]]))
    levels.reverse()
    whole = *levels[0][0, :2], *levels[0][-1, 2:]
    out = [struct.pack("<2IQ4IQ2I", 0x2468ACE0, FANOUT, len(sections), *whole, at, 1, 0)]
    place = at + 48
    for depth, entries in enumerate(levels):
        leaf = depth == len(levels) - 1
        nodes = -(-len(entries) // FANOUT)
        below = place + 4 * nodes + len(entries) * (32 if leaf else 24)
        size = 0 if leaf else 32 if depth == len(levels) - 2 else 24  # bytes an entry of the level below
        for first in range(0, len(entries), FANOUT):
            part = entries[first : first + FANOUT].tolist()
            out.append(struct.pack("<2BH", leaf, 0, len(part)))
            for n, span in enumerate(part, first):
                to = sections[n][3:] if leaf else (below + n * (4 + FANOUT * size),)
                out.append(struct.pack("<4I2Q" if leaf else "<4IQ", *span, *to))
        place = below
    return b"".join(out)
