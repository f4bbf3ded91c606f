// Tracks, heat maps and axes. A box is {x, y, w, h} in CSS pixels; values run from its left to its right edge.

import { ticks } from "d3-array";

/** @typedef {{x: number, y: number, w: number, h: number}} Box */

/** A track as a filled area of steps; `edges(i)` is the left edge of bin i in pixels, also for the bin after the last. */
export function drawArea(ctx, box, values, top, colour, edges = (i) => box.x + (i * box.w) / values.length) {
  const y = (v) => box.y + box.h - Math.min(v / top, 1) * box.h;
  ctx.beginPath();
  for (let i = 0, open = false; i <= values.length; i++) {
    const v = values[i];
    if (i === values.length || !Number.isFinite(v)) {
      if (open) ctx.lineTo(edges(i), box.y + box.h);
      open = false;
      continue;
    }
    if (!open) ctx.moveTo(edges(i), box.y + box.h);
    open = true;
    ctx.lineTo(edges(i), y(v));
    ctx.lineTo(edges(i + 1), y(v));
  }
  ctx.fillStyle = colour;
  ctx.fill();
}

/**
 * The outline of steps where `where(i)` holds.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Box} box
 * @param {ArrayLike<number>} values
 * @param {number} top
 * @param {string} colour
 * @param {{edges?: (i: number) => number, where?: (i: number) => boolean, dash?: number[], width?: number}} [options]
 */
export function drawSteps(ctx, box, values, top, colour, { edges, where = () => true, dash = [], width = 1.2 } = {}) {
  const at = edges || ((i) => box.x + (i * box.w) / values.length);
  const y = (v) => box.y + box.h - Math.min(v / top, 1) * box.h;
  ctx.beginPath();
  for (let i = 0, open = false; i < values.length; i++) {
    const shown = where(i) && Number.isFinite(values[i]);
    if (shown) {
      if (open) ctx.lineTo(at(i), y(values[i]));
      else ctx.moveTo(at(i), y(values[i]));
      ctx.lineTo(at(i + 1), y(values[i]));
    }
    open = shown;
  }
  Object.assign(ctx, { strokeStyle: colour, lineWidth: width });
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** Diagonal lines: padding, masked, without data. */
export function drawHatch(ctx, box, colour, gap = 5) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.x, box.y, box.w, box.h);
  ctx.clip();
  ctx.beginPath();
  for (let x = Math.floor((box.x - box.h) / gap) * gap; x < box.x + box.w; x += gap) {
    ctx.moveTo(x, box.y + box.h);
    ctx.lineTo(x + box.h, box.y);
  }
  Object.assign(ctx, { strokeStyle: colour, lineWidth: 0.8 });
  ctx.stroke();
  ctx.restore();
}

/**
 * An axis in kb under a box, from `start` to `end` in bp; relative to `zero` (the TSS) when that is given, and then with
 * `direction` -1 where the gene is read against the chromosome.
 */
export function drawAxis(
  ctx,
  box,
  start,
  end,
  { ink = "#222", zero = null, direction = 1, title = "", count = 5, font = "sans-serif" } = {},
) {
  const shift = zero ?? 0,
    x = (bp) => box.x + ((bp - start) / (end - start)) * box.w;
  Object.assign(ctx, { strokeStyle: ink, fillStyle: ink, lineWidth: 1, textAlign: "center", textBaseline: "top" });
  ctx.font = `11px ${font}`;
  ctx.beginPath();
  ctx.moveTo(box.x, box.y + 0.5);
  ctx.lineTo(box.x + box.w, box.y + 0.5);
  const ends = [start, end].map((bp) => (direction * (bp - shift)) / 1000).sort((a, b) => a - b);
  for (const tick of ticks(ends[0], ends[1], count)) {
    const at = Math.round(x(direction * tick * 1000 + shift)) + 0.5;
    ctx.moveTo(at, box.y);
    ctx.lineTo(at, box.y + 4);
    const text = (zero !== null && tick > 0 ? "+" : "") + tick.toLocaleString("en").replace("-", "−");
    const half = ctx.measureText(text).width / 2; // ends stay inside the box
    ctx.fillText(text, Math.max(box.x + half, Math.min(box.x + box.w - half, at)), box.y + 6);
  }
  ctx.stroke();
  if (title) ctx.fillText(title, box.x + box.w / 2, box.y + 20);
}
