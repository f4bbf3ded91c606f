// Shared by all widgets. No imports, no network: this file is joined with a widget's own and loaded as one module.
// Text from data enters the page only as textContent or on a canvas, never as HTML.

// ----- the page ----------------------------------------------------------------------------------------------------

/** Make an element: make("button", {class: "x", title: "y", onclick: f}, "text", child). Children are text or nodes. */
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined)); // strings become text nodes
  return node;
}

/** The widget's outermost element. JupyterLab's one-key commands do not act inside it. */
function root(el, name) {
  const node = make("div", { class: `cl-widget ${name}`, "data-lm-suppress-shortcuts": "true" });
  el.append(node);
  return node;
}

let themes = new WeakMap(); // kept, because every drawing needs it and the browser is slow to give it

/** Colours of the page's theme (JupyterLab light or dark, or plain), as text that a canvas understands. */
function themeOf(node) {
  const known = themes.get(node), now = performance.now();
  if (known && now - known.at < 1000) return known.theme;
  const theme = readTheme(node);
  themes.set(node, { theme, at: now });
  return theme;
}

function readTheme(node) {
  const style = getComputedStyle(node);
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  return {
    paper: read("--cl-paper", "#fff"), ink: read("--cl-ink", "#222"), quiet: read("--cl-quiet", "#666"),
    faint: read("--cl-faint", "#e4e4e4"), accent: read("--cl-accent", "#0072b2"), up: read("--cl-up", "#d55e00"),
    down: read("--cl-down", "#0072b2"), font: style.fontFamily || "sans-serif",
  };
}

/** Call `f` when the page's theme changes; returns a function that stops it. */
function onTheme(f) {
  const watch = new MutationObserver(() => {
    themes = new WeakMap();
    f();
  });
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  return () => watch.disconnect();
}

/** Let the reader save a text as a file. */
function download(name, text, type = "application/json") {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// ----- talking with Python -----------------------------------------------------------------------------------------

/** float32 numbers of a binary buffer (a DataView, which may not be aligned), copied. */
function floatsOf(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

const viewOf = (b) => (b instanceof DataView ? b : new DataView(b.buffer || b));

/**
 * Requests to Python, one under way at a time. Further requests wait in a queue, where `merge(last, next)` may replace
 * two by one: it returns the request to keep, or null to keep both.
 * onReply(reply, buffers, request), onIdle() after a reply when nothing waits.
 */
class Wire {
  constructor(model, { onReply, onIdle = () => {}, merge = () => null }) {
    Object.assign(this, { model, onReply, onIdle, merge, waiting: [], underWay: null, seq: 0 });
    this.id = Math.random().toString(36).slice(2, 8); // several views of one widget have a queue each
    this.receive = (reply, buffers) => {
      if (!this.underWay || reply.seq !== this.underWay.seq) return;
      const request = this.underWay;
      this.underWay = null;
      this.onReply(reply, (buffers || []).map(viewOf), request);
      this.pump();
      if (!this.underWay) this.onIdle();
    };
    model.on("msg:custom", this.receive);
  }

  /** Whether a reply answers this view of the widget; all views receive it. */
  mine(reply) { return String(reply.seq).startsWith(`${this.id}-`); }

  get busy() { return this.underWay !== null; }

  ask(request) {
    const last = this.waiting[this.waiting.length - 1];
    const both = last && this.merge(last, request);
    if (both) this.waiting[this.waiting.length - 1] = both;
    else this.waiting.push(request);
    this.pump();
  }

  pump() {
    if (this.underWay || !this.waiting.length) return;
    this.underWay = { ...this.waiting.shift(), seq: `${this.id}-${++this.seq}`, sent: performance.now() };
    try {
      this.model.send(this.underWay);
    } catch (error) { // the kernel is gone; the widget tells the reader when no answer comes
      console.warn(error);
    }
  }

  close() {
    this.model.off("msg:custom", this.receive);
    this.waiting = [];
    this.underWay = null;
  }
}

// ----- canvases ----------------------------------------------------------------------------------------------------

/**
 * A canvas as wide as its parent and sharp on any screen. draw(ctx, width, height, part) in CSS pixels; `redraw()` draws
 * in the next frame (many calls, one drawing), `now()` at once. `height` is a number or a function of the width. With a
 * part {x, y, w, h}, `redraw` draws this part only, unless another call before the frame asks for more.
 */
class Sheet {
  constructor(parent, height, draw, attributes = {}) {
    this.canvas = make("canvas", { class: "cl-sheet", ...attributes });
    Object.assign(this, { parent, height, draw, frame: 0, width: 0, part: null });
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
    const ctx = this.canvas.getContext("2d"), box = part || { x: 0, y: 0, w: width, h: height };
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
function pointOn(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

// ----- numbers -----------------------------------------------------------------------------------------------------

/** Round numbers between two ends, about `count` of them. */
function ticksBetween(low, high, count) {
  const rough = (high - low) / Math.max(count, 1);
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((m) => m * power >= rough * 0.999) || 10);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.push(i * step);
  return ticks;
}

/** A number for people: few digits, a true minus sign. */
function short(value, digits = 3) {
  if (!Number.isFinite(value)) return "no data";
  const text = Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
}

/** 1234567 -> "1,234,567". */
function grouped(value) { return Math.round(value).toLocaleString("en"); }

const CIVIDIS = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838"];
const BLUE_ORANGE = ["#0a3d62", "#0072b2", "#6fb1d9", "#c9dfee", "#f4f4f2", "#f8d9be", "#f0a35e", "#d55e00", "#7f3300"];

/** A colour scale as a function of 0..1: "sequential" (cividis) or "diverging" (blue, white, orange). */
function ramp(kind) {
  const stops = (kind === "diverging" ? BLUE_ORANGE : CIVIDIS).map((c) => [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16)));
  const table = Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (stops.length - 1), a = stops[Math.floor(at)], b = stops[Math.ceil(at)], t = at % 1;
    return `rgb(${a.map((x, c) => Math.round(x + (b[c] - x) * t)).join(",")})`;
  });
  return (value) => (Number.isFinite(value) ? table[Math.max(0, Math.min(255, Math.round(value * 255)))] : "transparent");
}

// ----- drawing -----------------------------------------------------------------------------------------------------
// A box is {x, y, w, h} in CSS pixels; values run from its left to its right edge.

/** A track as a filled area of steps; `edges(i)` is the left edge of bin i in pixels, also for the bin after the last. */
function drawArea(ctx, box, values, top, colour, edges = (i) => box.x + (i * box.w) / values.length) {
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

/** The outline of steps where `where(i)` holds. */
function drawSteps(ctx, box, values, top, colour, { edges, where = () => true, dash = [], width = 1.2 } = {}) {
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

/** Values as a row of colours, low..high; bins that are not numbers are hatched. */
function drawHeat(ctx, box, values, { low = 0, high = 1, colour = ramp("sequential"), hatch = "#999" } = {}) {
  const w = box.w / values.length;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    ctx.fillStyle = colour((values[i] - low) / (high - low || 1));
    ctx.fillRect(box.x + i * w, box.y, w + 0.5, box.h); // no seams between neighbours
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) drawHatch(ctx, { x: box.x + i * w, y: box.y, w, h: box.h }, hatch);
  }
}

/** A matrix (rows, columns) in C order as a heat map. */
function drawMatrix(ctx, box, values, rows, columns, options = {}) {
  const h = box.h / rows;
  for (let r = 0; r < rows; r++) {
    drawHeat(ctx, { x: box.x, y: box.y + r * h, w: box.w, h: h + 0.5 }, values.subarray(r * columns, (r + 1) * columns), options);
  }
}

/** Diagonal lines: padding, masked, without data. */
function drawHatch(ctx, box, colour, gap = 5) {
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

/** An axis in kb under a box: `start`, `end` in bp; relative to `zero` (the TSS) when that is given. */
function drawAxis(ctx, box, start, end, { ink = "#222", zero = null, title = "", count = 5, font = "sans-serif" } = {}) {
  const shift = zero ?? 0, x = (bp) => box.x + ((bp - start) / (end - start)) * box.w;
  Object.assign(ctx, { strokeStyle: ink, fillStyle: ink, lineWidth: 1, textAlign: "center", textBaseline: "top" });
  ctx.font = `11px ${font}`;
  ctx.beginPath();
  ctx.moveTo(box.x, box.y + 0.5);
  ctx.lineTo(box.x + box.w, box.y + 0.5);
  for (const tick of ticksBetween((start - shift) / 1000, (end - shift) / 1000, count)) {
    const at = Math.round(x(tick * 1000 + shift)) + 0.5;
    ctx.moveTo(at, box.y);
    ctx.lineTo(at, box.y + 4);
    const text = (zero !== null && tick > 0 ? "+" : "") + tick.toLocaleString("en").replace("-", "−");
    const half = ctx.measureText(text).width / 2; // ends stay inside the box
    ctx.fillText(text, Math.max(box.x + half, Math.min(box.x + box.w - half, at)), box.y + 6);
  }
  ctx.stroke();
  if (title) ctx.fillText(title, box.x + box.w / 2, box.y + 20);
}
