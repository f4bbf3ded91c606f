// The arithmetic of edits on the bins of a region, and what a model reads of it: the numbers of
// chromolab/learn/edit/bins.py and chromolab/data/dataset/signal.py, to the last bit.

import { Refusal, regionOf } from "./edits.js";
import { fingerprint, general, LARGEST, pairwise, segment, STORED } from "./numbers.js";

/**
 * One edit counted from a region's start: bases [begin, end) are multiplied by a number, or set to the values of an array
 * (NaN: left as they are).
 * @typedef {{begin: number, end: number, change: number | Float64Array}} Stroke
 *
 * The bins of one mark in one region: mean depth (NaN without data), and how many bases have data.
 * @typedef {{mean: Float64Array, covered: Int32Array}} Column
 */

/** An edit of a track in the coordinates of a region that it reaches. @returns {Stroke} */
function strokeOf(e, region) {
  const begin = Math.max(e.start, region.start),
    end = Math.min(e.end, region.end);
  if (e.type === "Scale") return { begin: begin - region.start, end: end - region.start, change: e.factor };
  const change = new Float64Array(end - begin);
  for (let base = begin; base < end; base++)
    change[base - begin] = e.depths[Math.floor((base - e.start) / e.step)] ?? NaN;
  return { begin: begin - region.start, end: end - region.start, change };
}

/** Which bins a stroke changes only in part. */
function cutThrough(length, size, strokes) {
  const bins = Math.ceil(length / size),
    cut = new Set();
  for (const { begin, end, change } of strokes) {
    if (typeof change === "number") {
      for (const at of [begin, end]) if (at % size && at !== length) cut.add(Math.floor(at / size));
      continue;
    }
    const painted = new Int32Array(bins);
    for (let i = 0; i < change.length; i++) if (!Number.isNaN(change[i])) painted[Math.floor((begin + i) / size)]++;
    painted.forEach((count, b) => {
      if (count > 0 && count < Math.min(size, length - b * size)) cut.add(b);
    });
  }
  return [...cut].sort((a, b) => a - b);
}

/** Depth at the bases of a bin, taken as even: its mean at each base with data, which are spread over the bin. */
function evenly(mean, count, bases, size) {
  const fine = new Float64Array(size).fill(NaN);
  for (let i = 0; i < count; i++) fine[Math.floor((i * bases) / count)] = mean;
  return fine;
}

/** Apply strokes, in order, to the bins of one mark in one region of `length` bp. @returns {Column} */
export function changeBins({ mean: oldMean, covered: oldCovered }, length, size, strokes) {
  const mean = oldMean.slice(),
    covered = oldCovered.slice(),
    bins = mean.length;
  const basesOf = (b) => Math.min(size, length - b * size),
    cut = cutThrough(length, size, strokes);
  const fine = new Map(cut.map((b) => [b, evenly(mean[b], covered[b], basesOf(b), size)]));
  for (const { begin, end, change } of strokes) {
    const first = Math.min(Math.ceil(begin / size), bins),
      last = end === length ? bins : Math.floor(end / size);
    const factor = typeof change === "number" ? change : null;
    for (let b = first; b < last; b++) {
      // whole bins
      if (factor !== null) {
        mean[b] *= factor;
        continue;
      }
      const from = b * size - begin,
        value = meanPainted(/** @type {Float64Array} */ (change), from, basesOf(b));
      if (!Number.isNaN(value)) {
        mean[b] = value;
        covered[b] = basesOf(b);
      }
    }
    for (const [b, bases] of fine) {
      for (let i = Math.max(0, begin - b * size); i < Math.min(size, end - b * size); i++) {
        if (factor !== null) bases[i] *= factor;
        else if (!Number.isNaN(change[b * size + i - begin])) bases[i] = change[b * size + i - begin];
      }
    }
  }
  for (const [b, bases] of fine) {
    const seen = bases.reduce((n, v) => n + (Number.isNaN(v) ? 0 : 1), 0);
    covered[b] = seen;
    mean[b] = seen
      ? pairwise(
          bases.map((v) => (Number.isNaN(v) ? 0 : v)),
          0,
          size,
        ) / seen
      : NaN;
  }
  return { mean, covered };
}

/** Mean of a whole bin, NaN unless every base is painted; one value over a bin is taken as it is. */
function meanPainted(change, from, bases) {
  let low = change[from],
    high = low;
  for (let i = from + 1; i < from + bases; i++) {
    if (Number.isNaN(change[i])) return NaN;
    if (change[i] < low) low = change[i];
    if (change[i] > high) high = change[i];
  }
  return low === high ? low : segment(change, from, bases) / bases;
}

/** Bins after the edits that reach a region; refuses the edit whose depth is too large for the dataset's type. */
export function changed(column, region, size, edits, dtype) {
  const strokes = edits.map((e) => strokeOf(e, region)),
    most = LARGEST[dtype];
  const after = (count) => {
    const result = changeBins(column, region.end - region.start, size, strokes.slice(0, count));
    const large = result.mean.some((v, b) => !(Math.abs(v) <= most) && result.covered[b] > 0);
    return large ? null : result;
  };
  const result = after(strokes.length);
  if (result) return result;
  const at = edits.findLastIndex((_, i) => after(i)),
    e = edits[Math.max(at, 0)];
  const what =
    e.type === "Scale"
      ? `times ${general(e.factor)}`
      : `painted up to ${general(Math.max(...e.depths.map((d) => d ?? 0)))}`;
  throw new Refusal(
    `${e.mark} at ${regionOf(e)}, ${what}: with the depth there this gives more than ${general(most, 3)} ` +
      `reads per base, which ${dtype === "float16" ? "does not fit float16" : "no model can read"}`,
  );
}

/**
 * What a model reads of a region at one resolution, chosen marks only: ln(1 + mean depth), in the middle of a window's bins.
 * @param {{start: number, end: number, depth: Float32Array | Float64Array, covered: Int32Array | null}} region
 * @returns {import("./chromoformer.js").Strip}
 */
export function strip(region, columns, resolution, { size, window, marks, dtype, turned }) {
  const { depth, covered, start, end } = region,
    per = resolution / size,
    fine = depth.length / marks,
    m = columns.length;
  const count = Math.ceil((end - start) / resolution),
    bins = window / resolution,
    round = STORED[dtype];
  const features = new Float32Array(count * m);
  let seen = null;
  for (let j = 0; j < count; j++) {
    const to = turned ? count - 1 - j : j,
      last = Math.min((j + 1) * per, fine);
    let whole = true;
    columns.forEach((column, k) => {
      let mean = depth[j * per * marks + column];
      if (per > 1) {
        let sum = 0,
          bases = 0;
        for (let b = j * per; b < last; b++) {
          const value = depth[b * marks + column],
            weight = covered ? covered[b * marks + column] : Math.min(size, end - start - b * size);
          if (!Number.isNaN(value)) sum += value * weight;
          bases += weight;
        }
        mean = bases > 0 ? round(sum / bases) : NaN;
      }
      mean = Math.fround(mean);
      if (Number.isNaN(mean)) whole = false;
      features[to * m + k] = Math.log(Math.fround(1 + Math.abs(mean))) * (mean < 0 ? -1 : 1);
    });
    if (!whole) {
      seen = seen || new Array(count).fill(true);
      seen[to] = false;
      features.fill(0, to * m, (to + 1) * m);
    }
  }
  return { features, seen, first: (bins - count + 1) >> 1, bins };
}

/** A name of a region's content. */
export const contentOf = (region) => fingerprint(region.depth, region.covered ? fingerprint(region.covered) : 0);
