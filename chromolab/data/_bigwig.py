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


def say(**message) -> None:
    print(json.dumps(message), flush=True)


def binned(values: np.ndarray, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean over the bases that have data, and their number, in each bin [left, right) of a stretch of bases.

    `values` is (bases,) with NaN where there is no data; bins may be in any order and overlap.
    Returns mean (bins,) float64, NaN where no base has data, and covered (bins,) int32.
    """
    # Sums from each left to its right, and from there to the next left, which nobody asked for; one base more, so that
    # a right may be the end.
    edges = np.stack([left, right], 1).ravel()
    has = ~np.isnan(values)
    whole = has.all()
    depth = np.append(values if whole else np.where(has, values, values.dtype.type(0)), values.dtype.type(0))
    total = np.add.reduceat(depth, edges, dtype=np.float64)[::2]
    covered = (right - left) if whole else np.add.reduceat(np.append(has, False), edges, dtype=np.int32)[::2]
    return total / np.where(covered, covered, np.nan), covered


def read_block(track, chrom: str | None, start: int, end: int, length: int) -> np.ndarray:
    """Values (end - start,) of one stretch; NaN where there is no data, and outside the chromosome."""
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
        to = slice(offsets[first] - here, offsets[last] - here)
        bins = np.diff(offsets[first : last + 1])
        nth = np.arange(bins.sum()) - np.repeat(np.cumsum(bins) - bins, bins)  # of its region, for every bin
        left = np.repeat(start[first:last] - low, bins) + nth * bin_size
        right = np.minimum(left + bin_size, np.repeat(end[first:last] - low, bins))
        mean[to], covered[to] = binned(values, left, right)
        infinite = ~np.isfinite(mean[to]) & (covered[to] > 0)
        if infinite.any():
            bad = int(np.argmax(infinite))
            base = low + left[bad] + int(np.argmax(np.isinf(values[left[bad] : right[bad]])))
            raise ValueError(f"the value at {chrom}:{base} is infinite; expected numbers. Write the file anew.")
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
