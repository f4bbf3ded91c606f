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
 * Attention of each bin, and what counts as high: few bins have more.
 * @param {Float32Array} level  (bins,)
 */
export function attentionOf(level) {
  const sorted = level.filter(Number.isFinite).sort();
  return { level, high: sorted[Math.floor(0.98 * (sorted.length - 1))] || 1 };
}
