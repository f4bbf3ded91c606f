// Made by `make widgets` from the modules beside it; never edited by hand.

// shared/dom.js
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== void 0) node.setAttribute(name, value);
  }
  node.append(...children.filter((c) => c !== null && c !== void 0));
  return node;
}
function root(el, name) {
  const node = make("div", { class: `cl-widget ${name}`, "data-lm-suppress-shortcuts": "true" });
  node.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  el.append(node);
  return node;
}
var themes = /* @__PURE__ */ new WeakMap();
function themeOf(node) {
  const known = themes.get(node), now = performance.now();
  if (known && now - known.at < 1e3) return known.theme;
  const theme = readTheme(node);
  themes.set(node, { theme, at: now });
  return theme;
}
function readTheme(node) {
  const style = getComputedStyle(node);
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  return {
    paper: read("--cl-paper", "#fff"),
    ink: read("--cl-ink", "#222"),
    quiet: read("--cl-quiet", "#666"),
    faint: read("--cl-faint", "#e4e4e4"),
    accent: read("--cl-accent", "#0072b2"),
    up: read("--cl-up", "#d1219b"),
    down: read("--cl-down", "#7c5ce0"),
    font: style.fontFamily || "sans-serif"
  };
}
function onTheme(f) {
  const watch = new MutationObserver(() => {
    themes = /* @__PURE__ */ new WeakMap();
    f();
  });
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  return () => watch.disconnect();
}

// ../../../node_modules/d3-array/src/ticks.js
var e10 = Math.sqrt(50);
var e5 = Math.sqrt(10);
var e2 = Math.sqrt(2);
function tickSpec(start, stop, count) {
  const step = (stop - start) / Math.max(0, count), power = Math.floor(Math.log10(step)), error = step / Math.pow(10, power), factor = error >= e10 ? 10 : error >= e5 ? 5 : error >= e2 ? 2 : 1;
  let i1, i2, inc;
  if (power < 0) {
    inc = Math.pow(10, -power) / factor;
    i1 = Math.round(start * inc);
    i2 = Math.round(stop * inc);
    if (i1 / inc < start) ++i1;
    if (i2 / inc > stop) --i2;
    inc = -inc;
  } else {
    inc = Math.pow(10, power) * factor;
    i1 = Math.round(start / inc);
    i2 = Math.round(stop / inc);
    if (i1 * inc < start) ++i1;
    if (i2 * inc > stop) --i2;
  }
  if (i2 < i1 && 0.5 <= count && count < 2) return tickSpec(start, stop, count * 2);
  return [i1, i2, inc];
}
function ticks(start, stop, count) {
  stop = +stop, start = +start, count = +count;
  if (!(count > 0)) return [];
  if (start === stop) return [start];
  const reverse = stop < start, [i1, i2, inc] = reverse ? tickSpec(stop, start, count) : tickSpec(start, stop, count);
  if (!(i2 >= i1)) return [];
  const n = i2 - i1 + 1, ticks2 = new Array(n);
  if (reverse) {
    if (inc < 0) for (let i = 0; i < n; ++i) ticks2[i] = (i2 - i) / -inc;
    else for (let i = 0; i < n; ++i) ticks2[i] = (i2 - i) * inc;
  } else {
    if (inc < 0) for (let i = 0; i < n; ++i) ticks2[i] = (i1 + i) / -inc;
    else for (let i = 0; i < n; ++i) ticks2[i] = (i1 + i) * inc;
  }
  return ticks2;
}

// shared/drawing.js
function drawArea(ctx, box, values, top, colour, edges = (i) => box.x + i * box.w / values.length) {
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
function drawAxis(ctx, box, start, end, { ink = "#222", zero = null, direction = 1, title = "", count = 5, font = "sans-serif" } = {}) {
  const shift = zero ?? 0, x = (bp) => box.x + (bp - start) / (end - start) * box.w;
  Object.assign(ctx, { strokeStyle: ink, fillStyle: ink, lineWidth: 1, textAlign: "center", textBaseline: "top" });
  ctx.font = `11px ${font}`;
  ctx.beginPath();
  ctx.moveTo(box.x, box.y + 0.5);
  ctx.lineTo(box.x + box.w, box.y + 0.5);
  const ends = [start, end].map((bp) => direction * (bp - shift) / 1e3).sort((a, b) => a - b);
  for (const tick of ticks(ends[0], ends[1], count)) {
    const at = Math.round(x(direction * tick * 1e3 + shift)) + 0.5;
    ctx.moveTo(at, box.y);
    ctx.lineTo(at, box.y + 4);
    const text = (zero !== null && tick > 0 ? "+" : "") + tick.toLocaleString("en").replace("-", "−");
    const half = ctx.measureText(text).width / 2;
    ctx.fillText(text, Math.max(box.x + half, Math.min(box.x + box.w - half, at)), box.y + 6);
  }
  ctx.stroke();
  if (title) ctx.fillText(title, box.x + box.w / 2, box.y + 20);
}

// shared/numbers.js
function short(value, digits = 3) {
  if (!Number.isFinite(value)) return "no data";
  const text = Math.abs(value) >= 1e3 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
}
function grouped(value) {
  return Math.round(value).toLocaleString("en");
}

// shared/sheet.js
var Sheet = class {
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
    if (width <= 0) return;
    const ratio = window.devicePixelRatio || 1;
    const height = typeof this.height === "function" ? this.height(width) : this.height;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h) {
      Object.assign(this.canvas, { width: w, height: h });
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
      part = null;
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
    this.canvas.width = this.canvas.height = 0;
    this.canvas.remove();
  }
};
function pointOn(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

// shared/suggest.js
var lists = 0;
var Suggest = class {
  /**
   * @param {string} label
   * @param {string} placeholder
   * @param {(text: string) => void} ask  Asks for suggestions; they come through `answered`.
   * @param {(text: string) => void} go  The reader has pressed Enter, or chosen a suggestion.
   */
  constructor(label, placeholder, ask, go) {
    const id = `cl-suggest-${++lists}`;
    this.list = make("datalist", { id });
    this.input = make("input", {
      type: "search",
      list: id,
      "aria-label": label,
      placeholder,
      autocomplete: "off",
      spellcheck: "false",
      oninput: (event) => {
        if (event.inputType === "insertReplacementText" || !event.inputType) go(this.input.value);
        else ask(this.input.value);
      },
      onkeydown: (event) => {
        if (event.key === "Enter") go(this.input.value);
      }
    });
    this.node = make("span", { class: "cl-suggest" }, this.input, this.list);
  }
  /** @param {{value: string, label: string}[]} found */
  answered(found) {
    this.list.replaceChildren(...found.map(({ value, label }) => make("option", { value, label })));
  }
};

// shared/wire.js
function floatsOf(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}
var viewOf = (b) => b instanceof DataView ? b : new DataView(b.buffer || b);
var Wire = class {
  /**
   * @param {Model} model
   * @param {{onReply: (reply: Message, buffers: DataView[], request: Message) => void, onIdle?: () => void,
   *   merge?: (last: Message, next: Message) => Message | null}} handlers
   */
  constructor(model, { onReply, onIdle = () => {
  }, merge = (_last, _next) => null }) {
    this.model = model;
    this.onReply = onReply;
    this.onIdle = onIdle;
    this.merge = merge;
    this.waiting = [];
    this.underWay = null;
    this.seq = 0;
    this.id = Math.random().toString(36).slice(2, 8);
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
  mine(reply) {
    return String(reply.seq).startsWith(`${this.id}-`);
  }
  get busy() {
    return this.underWay !== null;
  }
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
    } catch (error) {
      console.warn(error);
    }
  }
  close() {
    this.model.off("msg:custom", this.receive);
    this.waiting = [];
    this.underWay = null;
  }
};

// browser/browser.js
var LABEL = 92;
var ROW = 46;
var GENES = 40;
var ARCS = 80;
var AXIS = 40;
var RIGHT = 10;
var Browser = class {
  constructor(model, el) {
    this.model = model;
    this.about = model.get("_about");
    this.data = null;
    this.node = root(el, "cl-browser");
    this.node.browser = this;
    this.wire = new Wire(model, {
      onReply: (reply, buffers) => this.take(reply, buffers),
      merge: (last, next) => last.kind === next.kind ? next : null
    });
    this.build();
    this.followed = () => this.look(model.get("region"));
    model.on("change:region", this.followed);
    this.stopTheme = onTheme(() => this.sheet.redraw());
    this.look(model.get("region"));
  }
  build() {
    const button = (text, title, onclick) => make("button", { title, "aria-label": title, onclick }, text);
    const go = () => this.wire.ask({ kind: "find", text: this.genes.input.value });
    this.genes = new Suggest(
      "go to a gene or a region",
      "gene, or chrom:start-end",
      (text) => this.wire.ask({ kind: "suggest", text }),
      go
    );
    this.reading = make("span", { class: "cl-quiet cl-hidden", role: "status" }, "reading the tracks …");
    this.where = make("span", { class: "where", "aria-live": "polite" });
    this.problem = make("div", { class: "cl-error", role: "alert" });
    this.readout = make("div", { class: "read cl-quiet" });
    const bar = make(
      "div",
      { class: "bar" },
      this.genes.node,
      button("Go", "go there", go),
      button("◀", "pan left (left arrow)", () => this.pan(-0.5)),
      button("▶", "pan right (right arrow)", () => this.pan(0.5)),
      button("+", "zoom in (+)", () => this.zoom(0.5)),
      button("−", "zoom out (-)", () => this.zoom(2)),
      this.reading,
      this.where
    );
    const hint = `Drag or use the arrow keys to pan, + and − or Ctrl with the wheel to zoom. ${this.about.unit}${this.about.origin ? `; ${this.about.origin}` : ""}.`;
    this.node.append(bar, this.problem);
    const height = ARCS + GENES + this.about.tracks.length * ROW + AXIS;
    this.sheet = new Sheet(this.node, height, (ctx, w, h) => this.draw(ctx, w, h), {
      tabindex: "0",
      role: "img",
      "aria-label": "tracks, genes and contacts in view"
    });
    this.node.append(this.readout, make("div", { class: "cl-quiet" }, hint));
    this.listen(this.sheet.canvas);
  }
  listen(canvas) {
    canvas.addEventListener("pointerdown", (e) => {
      canvas.setPointerCapture(e.pointerId);
      canvas.classList.add("dragged");
      this.drag = { x: e.clientX, start: this.view.start };
    });
    canvas.addEventListener("pointermove", (e) => {
      if (this.drag) this.move(this.drag.start - (e.clientX - this.drag.x) * this.bpPerPixel());
      else this.read(pointOn(canvas, e));
    });
    const drop = () => {
      this.drag = null;
      canvas.classList.remove("dragged");
    };
    canvas.addEventListener("pointerup", drop);
    canvas.addEventListener("pointercancel", drop);
    canvas.addEventListener("pointerleave", () => {
      this.readout.textContent = "";
    });
    canvas.addEventListener("dblclick", (e) => this.zoom(0.5, this.bpAt(pointOn(canvas, e).x)));
    canvas.addEventListener(
      "wheel",
      (e) => {
        if (!e.ctrlKey && !e.metaKey) return;
        e.preventDefault();
        this.zoom(e.deltaY < 0 ? 0.8 : 1.25, this.bpAt(pointOn(canvas, e).x));
      },
      { passive: false }
    );
    canvas.addEventListener("keydown", (e) => {
      const act = {
        ArrowLeft: () => this.pan(-0.2),
        ArrowRight: () => this.pan(0.2),
        "+": () => this.zoom(0.5),
        "=": () => this.zoom(0.5),
        "-": () => this.zoom(2)
      }[e.key];
      if (!act) return;
      act();
      e.preventDefault();
    });
  }
  // ----- moving -----
  bpPerPixel() {
    return (this.view.end - this.view.start) / Math.max(1, this.sheet.width - LABEL - RIGHT);
  }
  bpAt(x) {
    return this.view.start + (x - LABEL) * this.bpPerPixel();
  }
  look(region) {
    const cut = region.lastIndexOf(":"), [start, end] = region.slice(cut + 1).split("-").map(Number);
    this.view = { chrom: region.slice(0, cut), start, end };
    this.where.textContent = `${this.view.chrom}: ${grouped(start)} to ${grouped(end)} (${short((end - start) / 1e3)} kb)`;
    this.sheet.redraw();
    if (!this.serves()) this.ask();
    this.waits();
  }
  /** Say that data are on their way, as long as they are. */
  waits() {
    this.reading.classList.toggle("cl-hidden", Boolean(this.serves()));
    this.node.setAttribute("aria-busy", String(!this.serves()));
  }
  move(start, span = this.view.end - this.view.start) {
    const size = this.about.sizes[this.view.chrom];
    span = Math.min(Math.max(Math.round(span), Math.min(this.about.shortest, size)), this.about.longest, size);
    start = Math.round(Math.min(Math.max(start, 0), size - span));
    this.model.set("region", `${this.view.chrom}:${start}-${start + span}`);
    this.model.save_changes();
  }
  pan(share) {
    this.move(this.view.start + share * (this.view.end - this.view.start));
  }
  zoom(factor, about = (this.view.start + this.view.end) / 2) {
    this.move(about - (about - this.view.start) * factor, (this.view.end - this.view.start) * factor);
  }
  /** Whether the fetched data cover the view, in bins that are small enough. */
  serves() {
    const d = this.data, v = this.view, size = this.about.sizes[v.chrom];
    return d && d.chrom === v.chrom && d.start <= Math.max(v.start, 0) && d.end >= Math.min(v.end, size) && d.end - d.start <= 4 * (v.end - v.start);
  }
  ask() {
    const { chrom, start, end } = this.view, span = end - start;
    this.wire.ask({ kind: "view", chrom, start: Math.max(0, start - span), end: end + span });
  }
  take(reply, buffers) {
    this.problem.textContent = reply.error || "";
    if (reply.error) return;
    if (reply.found) return this.genes.answered(reply.found.map((name) => ({ value: name, label: "" })));
    if (reply.region) {
      this.model.set("region", reply.region);
      this.model.save_changes();
      return;
    }
    const values = floatsOf(buffers[0]);
    this.data = {
      ...reply,
      rows: this.about.tracks.map((_, i) => values.subarray(i * reply.bins, (i + 1) * reply.bins))
    };
    this.sheet.redraw();
    if (!this.serves() && !this.wire.busy) this.ask();
    this.waits();
  }
  // ----- drawing -----
  draw(ctx, width, height) {
    const theme = themeOf(this.node), d = this.data, v = this.view;
    const box = { x: LABEL, w: width - LABEL - RIGHT }, x = (bp) => box.x + (bp - v.start) / (v.end - v.start) * box.w;
    ctx.font = `12px ${theme.font}`;
    if (d && d.chrom === v.chrom) {
      ctx.save();
      ctx.beginPath();
      ctx.rect(box.x, 0, box.w, height);
      ctx.clip();
      this.drawArcs(ctx, x, theme);
      this.drawGenes(ctx, x, theme, box);
      this.about.tracks.forEach(
        (track, i) => this.drawTrack(ctx, x, { ...box, y: ARCS + GENES + i * ROW + 6, h: ROW - 10 }, i)
      );
      ctx.restore();
    }
    this.drawUnread(ctx, x, theme, box);
    this.drawLabels(ctx, theme, box);
    const axis = { ...box, y: height - AXIS + 4 };
    drawAxis(ctx, axis, v.start, v.end, {
      ink: theme.ink,
      title: `${v.chrom} position (kb)`,
      count: 7,
      font: theme.font
    });
  }
  // What has not been read yet is not zero: it is hatched, from end to end of all tracks.
  drawUnread(ctx, x, theme, box) {
    const { data: d, view: v } = this, known = d && d.chrom === v.chrom ? [Math.max(d.start, v.start), Math.min(d.end, v.end)] : [v.end, v.end];
    this.unread = known[1] <= known[0] ? [[v.start, v.end]] : [[v.start, known[0]], [known[1], v.end]];
    this.unread = this.unread.filter(([start, end]) => end > start);
    const high = this.about.tracks.length * ROW;
    for (const [start, end] of this.unread)
      drawHatch(ctx, { x: x(start), y: ARCS + GENES, w: x(end) - x(start), h: high }, theme.faint, 9);
  }
  /** The highest value in view of a track. */
  top(i) {
    const d = this.data, first = Math.max(0, Math.floor((this.view.start - d.start) / d.size));
    let top = 0;
    for (const value of d.rows[i].subarray(first, Math.ceil((this.view.end - d.start) / d.size)))
      if (value > top) top = value;
    return top || 1;
  }
  drawTrack(ctx, x, box, i) {
    const d = this.data;
    drawArea(
      ctx,
      box,
      d.rows[i],
      this.top(i),
      this.about.tracks[i].colour,
      (b) => x(Math.min(d.start + b * d.size, d.end))
    );
    for (let b = 0; b < d.bins; b++) {
      if (Number.isFinite(d.rows[i][b])) continue;
      let last = b;
      while (last < d.bins && !Number.isFinite(d.rows[i][last])) last++;
      const [left, right] = [x(d.start + b * d.size), x(d.start + last * d.size)];
      if (right > box.x && left < box.x + box.w)
        drawHatch(
          ctx,
          { x: Math.max(left, box.x), y: box.y, w: Math.min(right, box.x + box.w) - Math.max(left, box.x), h: box.h },
          "#999"
        );
      b = last;
    }
  }
  drawArcs(ctx, x, theme) {
    const highest = this.data.arcs.reduce((h, arc) => Math.max(h, arc[2]), 0);
    for (const [a, b, frequency] of this.data.arcs) {
      const left = x(a), right = x(b), high = (ARCS - 18) * (frequency / highest);
      ctx.beginPath();
      ctx.moveTo(left, ARCS);
      ctx.bezierCurveTo(left, ARCS - high * 4 / 3, right, ARCS - high * 4 / 3, right, ARCS);
      Object.assign(ctx, {
        strokeStyle: theme.quiet,
        lineWidth: 0.5 + 1.5 * (frequency / highest),
        globalAlpha: 0.25 + 0.6 * (frequency / highest)
      });
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }
  drawGenes(ctx, x, theme, box) {
    const line = ARCS + 12, rightmost = [-Infinity, -Infinity];
    Object.assign(ctx, {
      fillStyle: theme.ink,
      strokeStyle: theme.ink,
      lineWidth: 1.2,
      textBaseline: "top",
      textAlign: "left"
    });
    for (const gene of [...this.data.genes].sort((a, b) => a.start - b.start)) {
      const left = x(gene.start), right = x(gene.end), tss = x(gene.tss), turn = gene.strand === "-" ? -1 : 1;
      if (right < box.x || left > box.x + box.w) continue;
      ctx.fillRect(left, line - 3, Math.max(1.5, right - left), 5);
      ctx.beginPath();
      ctx.moveTo(tss, line);
      ctx.lineTo(tss, line - 10);
      ctx.lineTo(tss + 7 * turn, line - 10);
      ctx.stroke();
      const at = Math.max(left, box.x + 2), row = rightmost.findIndex((r) => at > r + 6);
      if (row < 0) continue;
      ctx.fillText(gene.name, at, line + 4 + row * 12);
      rightmost[row] = at + ctx.measureText(gene.name).width;
    }
  }
  drawLabels(ctx, theme, box) {
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "right", textBaseline: "middle" });
    if (this.data?.arcs.length) ctx.fillText("contacts", box.x - 8, ARCS - 12);
    if (this.data?.genes.length) ctx.fillText("genes", box.x - 8, ARCS + 12);
    this.about.tracks.forEach((track, i) => {
      const y = ARCS + GENES + i * ROW;
      ctx.fillStyle = theme.ink;
      ctx.fillText(track.name, box.x - 8, y + ROW / 2 - 6, LABEL - 12);
      ctx.fillStyle = theme.quiet;
      if (this.data) ctx.fillText(`0 to ${short(this.top(i), 2)}`, box.x - 8, y + ROW / 2 + 8);
      ctx.fillStyle = theme.faint;
      ctx.fillRect(box.x, y + ROW - 4, box.w, 1);
    });
  }
  read({ x }) {
    const d = this.data, bp = this.bpAt(x), bin = d ? Math.floor((bp - d.start) / d.size) : -1;
    if (!d || x < LABEL || bin < 0 || bin >= d.bins) {
      this.readout.textContent = "";
      return;
    }
    const values = this.about.tracks.map((track, i) => `${track.name} ${short(d.rows[i][bin])}`);
    this.readout.textContent = `${d.chrom}:${grouped(bp)} · ${values.join(" · ")}`;
  }
  close() {
    this.model.off("change:region", this.followed);
    this.stopTheme();
    this.wire.close();
    this.sheet.close();
    this.data = null;
  }
};
var browser_default = {
  render({ model, el }) {
    const browser = new Browser(model, el);
    return () => browser.close();
  }
};
export {
  browser_default as default
};

/*! This file holds code of others:

d3-array 3.2.4 (ISC)

Copyright 2010-2023 Mike Bostock

Permission to use, copy, modify, and/or distribute this software for any purpose
with or without fee is hereby granted, provided that the above copyright notice
and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND
FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS
OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER
TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.

internmap 2.0.3 (ISC)

Copyright 2021 Mike Bostock

Permission to use, copy, modify, and/or distribute this software for any purpose
with or without fee is hereby granted, provided that the above copyright notice
and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND
FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS
OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER
TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.
*/
