// Canvases.

import { make } from "./dom.js";

/**
 * A canvas as wide as its parent and sharp on any screen. draw(ctx, width, height, part) in CSS pixels; `redraw()` draws
 * in the next frame (many calls, one drawing), `now()` at once. `height` is a number or a function of the width. With a
 * part {x, y, w, h}, `redraw` draws this part only, unless another call before the frame asks for more.
 */
export class Sheet {
  constructor(parent, height, draw, attributes = {}) {
    this.canvas = make("canvas", { class: "cl-sheet", ...attributes });
    this.parent = parent;
    this.height = height;
    this.draw = draw;
    this.frame = 0;
    this.width = 0;
    this.part = null;
    parent.append(this.canvas);
    this.watch = new ResizeObserver(([entry]) => {
      this.width = Math.floor(entry.contentRect.width);
      this.now();
    });
    this.watch.observe(parent);
  }

  redraw(part = null) {
    if (!this.frame) {
      this.part = part;
      this.frame = requestAnimationFrame(() => this.now(this.part));
    } else if (!part || !this.part || part.y !== this.part.y) this.part = null;
  }

  now(part = null) {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { width } = this;
    if (width <= 0) return; // not on the page yet
    const ratio = window.devicePixelRatio || 1;
    const height = typeof this.height === "function" ? this.height(width) : this.height;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h) {
      Object.assign(this.canvas, { width: w, height: h });
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
      part = null; // resizing clears all pixels
    }
    const ctx = this.canvas.getContext("2d"),
      box = part || { x: 0, y: 0, w: width, h: height };
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y, box.w, box.h);
    ctx.clip();
    ctx.clearRect(box.x, box.y, box.w, box.h);
    this.draw(ctx, width, height, part);
    ctx.restore();
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.watch.disconnect();
    this.canvas.width = this.canvas.height = 0; // frees the pixels now, not at the next garbage collection
    this.canvas.remove();
  }
}

/** Where a pointer is on a canvas, in CSS pixels. */
export function pointOn(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}
