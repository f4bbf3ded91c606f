// Which part of the wide region is in view: panning and zooming, as plain arithmetic in bp.

/**
 * @typedef {{from: number, to: number}} View  In bp; null stands for the whole region.
 */

/**
 * The view after zooming; `by` > 1 shows less, and the place `about` stays under the pointer.
 * @param {View | null} view
 * @param {{start: number, end: number}} region
 * @param {number} by
 * @param {number} about
 * @param {number} least  Shortest view, bp.
 * @returns {View | null}
 */
export function zoomed(view, region, by, about, least) {
  const now = view || { from: region.start, to: region.end };
  const length = Math.max(Math.min(least, region.end - region.start), (now.to - now.from) / by);
  const share = (about - now.from) / (now.to - now.from);
  return kept({ from: about - share * length, to: about + (1 - share) * length }, region);
}

/**
 * The view moved by some bp, as far as the region goes.
 * @param {View | null} view
 * @param {{start: number, end: number}} region
 * @param {number} bp
 * @returns {View | null}
 */
export function panned(view, region, bp) {
  return view && kept({ from: view.from + bp, to: view.to + bp }, region);
}

/** A view moved into its region without changing its length; null where it would show all. */
function kept({ from, to }, { start, end }) {
  const length = to - from;
  if (length >= end - start) return null;
  const left = Math.max(start, Math.min(end - length, from));
  return { from: left, to: left + length };
}

/**
 * The view that lets a bp stay in sight, moved as little as needed.
 * @param {View | null} view
 * @param {{start: number, end: number}} region
 * @param {number} bp
 * @returns {View | null}
 */
export function showing(view, region, bp) {
  if (!view || (bp >= view.from && bp < view.to)) return view;
  const length = view.to - view.from;
  return kept({ from: bp - length / 2, to: bp + length / 2 }, region);
}
