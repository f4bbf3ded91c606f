"""The child process that reads bigWigs: run as a script by `jobs`, never imported into a notebook's kernel.

A damaged bigWig can crash the interpreter inside pyBigWig (measured: 4 of 50 files with a few changed bytes), so the
crash must happen here. This file imports only numpy and pyBigWig, to start fast. Its requests and answers, by the rules
in `data/processes.py`:

    parent: {"open": {"path": path, ...}}, the fields of a `TrackSource`
    child:  {"finished": true, "chroms": {"chr1": 249250621, ...}, "notes": []}
    parent: {"plan": path, "names": {region's: file's}, "first": 0, "last": 320, "out": path}
    child:  {"share": 0.12} from time to time, the share done; at the end {"finished": true, "looks": {...}}: what the
            values look like, for `evidence.Evidence`

Each bin's float32 values are summed in float64, without a running total that would lose digits: means of whole numbers
are exact. `header()` is never called: pyBigWig crashes if the minimum or maximum stored there is not finite.
"""

import json
import sys
import time

import numpy as np
import pyBigWig

NOTHING = -3.0e38  # stands for bases without a value where values are compared: NaN equals nothing, not even itself
MOST_VALUES = 2_000  # distinct values that are listed


def say(**message) -> None:
    """Send the parent a message (as `processes.say`, whose import would take longer than reading a small track)."""
    print(json.dumps(message), flush=True)


class Looks:
    """What the values of a track look like base by base, in the blocks that were read (`evidence.Evidence`)."""

    def __init__(self):
        self.counts = {"bases": {}, "covered": {}, "zeros": {}}
        self.low, self.high, self.whole, self.runs, self.touching, self.step = np.inf, -np.inf, True, 0, 0, 0
        self.distinct = np.empty(0)  # distinct values other than 0; None once there are too many

    def add(self, chrom: str, start: int, values: np.ndarray) -> None:
        """Add a block's values (bases,) from `start` on, none of them outside the chromosome."""
        filled = np.where(np.isnan(values), NOTHING, values) if np.isnan(values.sum()) else values
        change = np.flatnonzero(filled[1:] != filled[:-1]) + 1
        of_run = filled[np.append(0, change)]
        length = np.diff(change, prepend=0, append=len(filled))
        has_data = of_run > NOTHING / 2
        nonzero = has_data & (of_run != 0)
        bases = {"bases": len(filled), "covered": length[has_data].sum(), "zeros": length[of_run == 0].sum()}
        for name, number in bases.items():
            self.counts[name][chrom] = self.counts[name].get(chrom, 0) + int(number)
        if self.step != 1 and len(change):
            self.step = int(np.gcd(self.step, np.gcd.reduce(change + start)))
        seen = of_run[nonzero]
        self.runs += len(seen)
        self.touching += int((nonzero[1:] & nonzero[:-1]).sum())
        if has_data.any():
            self.low = min(self.low, float(of_run[has_data].min()))
            self.high = max(self.high, float(of_run[has_data].max()))
        self.whole = self.whole and bool((seen == np.rint(seen)).all())
        if self.distinct is not None:
            both = np.sort(np.append(self.distinct, seen))  # np.union1d would load numpy.ma, 0.1 s in every child
            both = both[np.append(True, both[1:] != both[:-1])[: len(both)]]
            self.distinct = both if len(both) <= MOST_VALUES else None

    def sent(self) -> dict:
        """As a message."""
        plain = {name: getattr(self, name) for name in ("low", "high", "whole", "runs", "touching", "step")}
        return {**self.counts, **plain, "distinct": None if self.distinct is None else self.distinct.tolist()}


def binned(values: np.ndarray, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean over the bases with data, and the number of these bases, in each bin [left, right) of `values`.

    `values` is (bases,), NaN where there is no data; bins may overlap and be in any order.
    Returns mean (bins,) float64, NaN where no base has data, and covered (bins,) int32.
    """
    # `reduceat` also sums the gaps between bins; [::2] keeps the bins. The extra base lets a bin end with the array.
    edges = np.stack([left, right], 1).ravel()
    has_data = ~np.isnan(values)
    zero = values.dtype.type(0)
    if has_data.all():
        depth, covered = values, right - left
    else:
        depth = np.where(has_data, values, zero)
        covered = np.add.reduceat(np.append(has_data, False), edges, dtype=np.int32)[::2]
    total = np.add.reduceat(np.append(depth, zero), edges, dtype=np.float64)[::2]
    return total / np.where(covered, covered, np.nan), covered


def read_block(track, chrom: str | None, start: int, end: int, length: int) -> np.ndarray:
    """Values (end - start,) of one block; NaN where there is no data and outside the chromosome."""
    low, high = max(start, 0), min(end, length)
    if chrom is None or low >= high:
        return np.full(end - start, np.nan, np.float32)
    values = track.values(chrom, low, high, numpy=True)
    if len(values) != high - low:
        raise RuntimeError(f"{len(values)} values for {high - low} bases")
    if (low, high) != (start, end):
        values = np.pad(values, (low - start, end - high), constant_values=np.nan)
    return values


def read(track, job: dict) -> None:
    """Write the bin means of the plan's regions `first` to `last` - 1, in the order of the plan."""
    plan = dict(np.load(job["plan"], allow_pickle=False))
    start, end, offsets, bin_size = plan["start"], plan["end"], plan["offsets"], int(plan["bin_size"])
    names = [job["names"].get(name) for name in plan["names"].tolist()]
    lengths = track.chroms()
    first_bin = offsets[job["first"]]
    mean = np.empty(offsets[job["last"]] - first_bin, np.float64)
    covered = np.empty(len(mean), np.int32)
    edges = plan["blocks"][(plan["blocks"] >= job["first"]) & (plan["blocks"] <= job["last"])]
    told_at, regions, looks = time.monotonic(), job["last"] - job["first"], Looks()
    for first, last in zip(edges[:-1], edges[1:], strict=True):
        chrom, low = names[plan["chrom"][first]], int(start[first])
        values = read_block(track, chrom, low, int(end[first:last].max()), lengths.get(chrom, 0))
        to = slice(offsets[first] - first_bin, offsets[last] - first_bin)
        bins = np.diff(offsets[first : last + 1])
        nth = np.arange(bins.sum()) - np.repeat(np.cumsum(bins) - bins, bins)  # each bin's number within its region
        left = np.repeat(start[first:last] - low, bins) + nth * bin_size
        right = np.minimum(left + bin_size, np.repeat(end[first:last] - low, bins))
        mean[to], covered[to] = binned(values, left, right)
        infinite = ~np.isfinite(mean[to]) & (covered[to] > 0)
        if infinite.any():
            bad = int(np.argmax(infinite))
            base = low + left[bad] + int(np.argmax(np.isinf(values[left[bad] : right[bad]])))
            raise ValueError(
                f"the value at {chrom}:{base} is infinite; expected a finite number. Write the file again."
            )
        inside = slice(max(0, -low), max(0, lengths.get(chrom, 0) - low))
        if len(values[inside]):
            looks.add(chrom, low + inside.start, values[inside])
        if time.monotonic() - told_at > 0.2:
            say(share=int(last - job["first"]) / regions)
            told_at = time.monotonic()
    np.savez(job["out"], mean=mean, covered=covered)
    say(finished=True, looks=looks.sent())


def open_track(path: str):
    """Open a bigWig and send its chromosomes."""
    track = pyBigWig.open(path)
    if not track.isBigWig():
        raise ValueError("it is not a bigWig (perhaps a bigBed). Give a bigWig file.")
    say(finished=True, chroms=dict(track.chroms()), notes=[])
    return track


def main() -> None:
    """Answer requests until there are no more."""
    track = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "open" in request:
                track = open_track(request["open"]["path"])
            else:
                read(track, request)
        except (RuntimeError, UnicodeDecodeError) as e:
            say(error=f"the reader cannot make sense of it ({e}): the file is damaged. Copy or download it again.")
        except ValueError as e:
            say(error=str(e))
        except OSError as e:
            say(error=f"the values read from it could not be written ({e.strerror}). Make room on the disk.")


if __name__ == "__main__":
    main()
