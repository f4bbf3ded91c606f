// What is laid over the tracks, from Python's numbers for each bin.

const LEAST = 0.02; // log-odds or log2 a bin of a full bar, at least: what is next to nothing looks like it

/**
 * What carried a change, summed over the marks of each bin, and what a bar of full height stands for.
 * @param {Float32Array} scores  (bins, marks)
 * @param {number} marks
 */
export function sumsOf(scores, marks) {
  const bins = new Float32Array(scores.length / marks);
  scores.forEach((v, i) => (bins[Math.floor(i / marks)] += v));
  return { bins, most: bins.reduce((a, b) => Math.max(a, Math.abs(b)), LEAST) };
}

/**
 * The highest of each `by` values, NaN where none is a number.
 * @param {ArrayLike<number>} values
 * @param {number} by
 */
export function highest(values, by) {
  const found = new Float32Array(Math.ceil(values.length / by)).fill(NaN);
  for (let i = 0; i < values.length; i++) {
    const at = Math.floor(i / by);
    if (!(values[i] <= found[at]) && Number.isFinite(values[i])) found[at] = values[i];
  }
  return found;
}

/**
 * The mean of some values, NaN where none is a number.
 * @param {ArrayLike<number>} values
 * @param {number} from
 * @param {number} to  One after the last.
 */
export function meanOf(values, from, to) {
  let sum = 0,
    count = 0;
  for (let i = from; i < to; i++) if (Number.isFinite(values[i])) [sum, count] = [sum + values[i], count + 1];
  return sum / count;
}

/**
 * Attention of each bin, and what counts as high: few bins have more.
 * @param {Float32Array} level  (bins,)
 */
export function attentionOf(level) {
  const sorted = level.filter(Number.isFinite).sort();
  return { level, high: sorted[Math.floor(0.98 * (sorted.length - 1))] || 1 };
}
