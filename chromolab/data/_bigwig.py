"""The child process that reads bigWigs: run as a script by `_reader`, never imported into a notebook's kernel.

A damaged bigWig can crash the interpreter inside pyBigWig (measured: 4 of 50 files with a few changed bytes), so the
crash must happen here. This file imports numpy and pyBigWig only, to start fast, and talks in lines of JSON:

    parent: {"open": path, ...}, or nothing: then the child ends
    child:  {"chroms": {"chr1": 249250621, ...}}
    parent: {"plan": path, "names": {asked: here}, "first": 0, "last": 320, "out": path}, or the next {"open": path}
    child:  {"share": 0.12} now and then, how far it is; at the end {"finished": true}
    child:  {"error": "..."} in place of any of its messages

Sums are taken per bin in float64 from the file's float32 values: no running total loses digits, and means of whole
numbers are exact. `header()` is never called: pyBigWig crashes where the extremes in it are not finite.
"""

import json
import sys
import time

import numpy as np
import pyBigWig


class Infinite(Exception):
    """A value is infinite; the argument is its index in the values."""


def say(**message) -> None:
    print(json.dumps(message), flush=True)


def binned(values: np.ndarray, bin_size: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean over the bases that have data, and their number, in each bin of one region.

    `values` is (bases,) with NaN where there is no data; the last bin may be partial.
    Returns mean (bins,) float64, NaN where no base has data, and covered (bins,) int32.
    """
    full = len(values) // bin_size * bin_size
    has = ~np.isnan(values)
    depth = values if has.all() else np.where(has, values, np.float32(0))
    total = depth[:full].reshape(-1, bin_size).sum(axis=1, dtype=np.float64)  # (bases,) -> (full bins, bin size) -> sum
    covered = has[:full].reshape(-1, bin_size).sum(axis=1, dtype=np.int32)
    if full < len(values):
        total = np.append(total, depth[full:].sum(dtype=np.float64))
        covered = np.append(covered, has[full:].sum(dtype=np.int32))
    if not np.isfinite(total).all():
        raise Infinite(int(np.argmax(np.isinf(values))))
    return total / np.where(covered, covered, np.nan), covered


def read_block(track, chrom: str | None, start: int, end: int, length: int) -> np.ndarray:
    """Values (end - start,) float32 of one stretch; NaN where there is no data, and outside the chromosome."""
    low, high = max(start, 0), min(end, length)
    if chrom is None or low >= high:
        return np.full(end - start, np.nan, np.float32)
    values = track.values(chrom, low, high, numpy=True)
    if len(values) != high - low:
        raise RuntimeError(f"{len(values)} values came back for {high - low} bases")
    if (low, high) != (start, end):
        values = np.pad(values, (low - start, end - high), constant_values=np.nan)
    return values


def read(track, job: dict) -> None:
    """Write the bin means of the plan's regions `first`..`last`, in the plan's order."""
    plan = dict(np.load(job["plan"], allow_pickle=False))
    start, end, offsets, bin_size = plan["start"], plan["end"], plan["offsets"], int(plan["bin_size"])
    names = [job["names"].get(name) for name in plan["names"].tolist()]
    lengths = track.chroms()
    here = offsets[job["first"]]
    mean = np.empty(offsets[job["last"]] - here, np.float64)
    covered = np.empty(len(mean), np.int32)
    edges = plan["blocks"][(plan["blocks"] >= job["first"]) & (plan["blocks"] <= job["last"])]
    at, parts = time.monotonic(), job["last"] - job["first"]
    for first, last in zip(edges[:-1], edges[1:], strict=True):
        chrom, low = names[plan["chrom"][first]], int(start[first])
        values = read_block(track, chrom, low, int(end[first:last].max()), lengths.get(chrom, 0))
        for r in range(first, last):
            to = slice(offsets[r] - here, offsets[r + 1] - here)
            try:
                mean[to], covered[to] = binned(values[start[r] - low : end[r] - low], bin_size)
            except Infinite as e:
                base = f"{chrom}:{start[r] + e.args[0]}"
                raise ValueError(f"the value at {base} is infinite; expected numbers. Write the file anew.") from None
        if time.monotonic() - at > 0.2:
            say(share=int(last - job["first"]) / parts)
            at = time.monotonic()
    np.savez(job["out"], mean=mean, covered=covered)
    say(finished=True)


def open_track(path: str):
    track = pyBigWig.open(path)
    if not track.isBigWig():
        raise ValueError("it is not a bigWig (a bigBed, perhaps). Give a bigWig file.")
    say(chroms=dict(track.chroms()))
    return track


def main() -> None:
    track = None
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            if "open" in asked:
                track = open_track(asked["open"])
            else:
                read(track, asked)
        except (RuntimeError, UnicodeDecodeError) as e:
            say(error=f"the reader could not follow it ({e}): the file is damaged. Copy or download it again.")
        except ValueError as e:
            say(error=str(e))
        except OSError as e:
            say(error=f"what was read of it could not be written ({e.strerror}). Make room on the disk.")


if __name__ == "__main__":
    main()
