// What is laid over the tracks, from Python's numbers for each bin.

/**
 * What carried a change, summed over the marks of each bin, and the largest absolute sum.
 * @param {Float32Array} scores  (bins, marks)
 * @param {number} marks
 */
export function sumsOf(scores, marks) {
  const bins = new Float32Array(scores.length / marks);
  scores.forEach((v, i) => (bins[Math.floor(i / marks)] += v));
  return { bins, most: bins.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9) };
}

/**
 * Attention of each bin, and what counts as high: few bins have more.
 * @param {Float32Array} level  (bins,)
 */
export function attentionOf(level) {
  const sorted = level.filter(Number.isFinite).sort();
  return { level, high: sorted[Math.floor(0.98 * (sorted.length - 1))] || 1 };
}
