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
    up: read("--cl-up", "#d55e00"),
    down: read("--cl-down", "#0072b2"),
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
function download(name, text, type = "application/json") {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1e3);
}

// shared/numbers.js
function ticksBetween(low, high, count) {
  const rough = (high - low) / Math.max(count, 1);
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((m) => m * power >= rough * 0.999) || 10);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.push(i * step);
  return ticks;
}
function short(value, digits = 3) {
  if (!Number.isFinite(value)) return "no data";
  const text = Math.abs(value) >= 1e3 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
}
function grouped(value) {
  return Math.round(value).toLocaleString("en");
}
var CIVIDIS = [
  "#00224e",
  "#123570",
  "#3b496c",
  "#575d6d",
  "#707173",
  "#8a8678",
  "#a59c74",
  "#c3b369",
  "#e1cc55",
  "#fee838"
];
var BLUE_ORANGE = ["#0a3d62", "#0072b2", "#6fb1d9", "#c9dfee", "#f4f4f2", "#f8d9be", "#f0a35e", "#d55e00", "#7f3300"];
function ramp(kind) {
  const stops = (kind === "diverging" ? BLUE_ORANGE : CIVIDIS).map(
    (c) => [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16))
  );
  const table = Array.from({ length: 256 }, (_, i) => {
    const at = i / 255 * (stops.length - 1), a = stops[Math.floor(at)], b = stops[Math.ceil(at)], t = at % 1;
    return `rgb(${a.map((x, c) => Math.round(x + (b[c] - x) * t)).join(",")})`;
  });
  return (value) => Number.isFinite(value) ? table[Math.max(0, Math.min(255, Math.round(value * 255)))] : "transparent";
}

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

// whatif/input.js
var round2 = (v) => Number(v.toFixed(2));
var Stroke = class {
  constructor(lab, tool, hit, top) {
    this.lab = lab;
    this.tool = tool;
    this.column = hit.column;
    this.mark = hit.mark;
    this.top = top;
    this.values = /* @__PURE__ */ new Map();
    this.low = hit.bin;
    this.high = hit.bin;
    this.last = null;
    this.base = lab.state.track(lab.state.after, hit.column.region, hit.mark);
  }
  /** The pen is over a bin, at a height (0..1 of the panel). */
  to(bin, height) {
    const value = round2(Math.max(0, Math.min(1, height)) * this.top), from = this.last || { bin, value };
    const steps = Math.max(1, Math.abs(bin - from.bin)), reach = this.lab.brushBins();
    for (let s = 0; s <= steps; s++) {
      const middle = Math.round(from.bin + (bin - from.bin) * s / steps);
      const v = round2(from.value + (value - from.value) * s / steps);
      for (let b = middle - Math.floor((reach - 1) / 2); b <= middle + Math.ceil((reach - 1) / 2); b++) {
        if (b >= 0 && b < this.column.region.bins) this.values.set(b, v);
      }
    }
    this.last = { bin, value };
    this.low = this.tool === "paint" ? Math.min(...this.values.keys()) : Math.min(this.low, bin);
    this.high = this.tool === "paint" ? Math.max(...this.values.keys()) : Math.max(this.high, bin);
    this.apply();
  }
  /** Draw it into the page's own copy of the depth, until Python answers. */
  apply() {
    const { state } = this.lab, factor = this.tool === "scale" ? this.lab.factor : 0;
    for (let b = this.low; b <= this.high; b++) {
      const old = this.base[b];
      const v = this.tool === "paint" ? this.values.get(b) : Number.isFinite(old) ? old * factor : old;
      state.set(this.column.region, b, this.mark, v);
    }
  }
  /** The edit, as in a file of edits. */
  edit() {
    const { state } = this.lab, mark = state.marks[this.mark].name, size = state.gene.bin_size;
    const region = state.place(this.column.region, this.low, this.high);
    if (this.tool === "erase") return { kind: "erase", mark, region };
    if (this.tool === "scale") return { kind: "scale", mark, region, factor: this.lab.factor };
    const values = [];
    for (let b = this.low; b <= this.high; b++) values.push(this.values.get(b));
    return { kind: "paint", mark, region, values, step: size };
  }
};
var Pointer = class {
  constructor(lab, canvas) {
    this.lab = lab;
    const on = (name, f) => canvas.addEventListener(name, f);
    on("pointerdown", (e) => this.down(e));
    on("pointermove", (e) => this.move(e));
    on("pointerup", (e) => this.up(e));
    on("pointercancel", () => lab.dropStroke());
    on("pointerleave", () => lab.hoverOver({ on: null }));
    on("dblclick", (e) => {
      const hit = this.hit(e);
      if (hit.on === "head") lab.widen(hit.column.index);
    });
    this.canvas = canvas;
  }
  hit(event) {
    const p = pointOn(this.canvas, event);
    return { ...this.lab.layout.hit(p.x, p.y), ...p };
  }
  down(event) {
    const { lab } = this, hit = this.hit(event);
    if (event.button !== 0 || !lab.state) return;
    this.canvas.focus({ preventScroll: true });
    lab.byKeys(false);
    if (hit.on === "arc") return lab.act({ do: "toggle", region: lab.state.place(hit.column.region) });
    if (hit.on === "head") return lab.widen(hit.column.index);
    if (hit.on !== "track") return;
    this.canvas.setPointerCapture(event.pointerId);
    lab.cursor = { region: hit.column.index, mark: hit.mark, bin: hit.bin, anchor: hit.bin };
    if (lab.tool === "select") this.selecting = hit;
    else lab.stroke = new Stroke(lab, lab.tool, hit, lab.state.tops[hit.mark]);
    lab.tracks.redraw();
    this.move(event);
  }
  move(event) {
    const { lab } = this;
    if (!lab.stroke && !this.selecting) return lab.hoverOver(this.hit(event));
    const { column, mark } = lab.stroke || this.selecting, box = lab.layout.cell(column, mark);
    for (const e of event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event]) {
      const p = pointOn(this.canvas, e), bin = lab.layout.bin(column, p.x);
      if (lab.stroke) lab.stroke.to(bin, 1 - (p.y - box.y) / box.h);
      lab.cursor.bin = bin;
    }
    if (lab.stroke) {
      lab.drawn(event.timeStamp);
      lab.act({ do: "add", edits: [lab.stroke.edit()], draft: true }, event.timeStamp);
    }
    lab.hoverOver(this.hit(event));
    lab.tracks.redraw(lab.layout.row(mark));
  }
  up(event) {
    const { lab } = this;
    if (this.selecting) {
      this.selecting = null;
      lab.showSelection();
    }
    if (!lab.stroke) return;
    const edit = lab.stroke.edit();
    lab.cursor.anchor = lab.cursor.bin;
    lab.stroke = null;
    lab.act({ do: "add", edits: [edit] }, event.timeStamp);
    lab.showSelection();
  }
};
var HELP = [
  ["← → (Ctrl: ten bins)", "move along the track; with Shift, select"],
  ["Page Up, Page Down", "the mark above, below"],
  [", .", "the region to the left, to the right"],
  ["Home", "to the transcription start"],
  ["↑ ↓ (Shift: more)", "paint the selection higher, lower"],
  ["Delete", "erase the selection"],
  ["C", "cut the region's contact, or restore it"],
  ["[ ]", "lower, raise the contact's frequency"],
  ["P E S R", "paint, erase, scale, select with the mouse or pen"],
  ["+ −", "zoom in, out"],
  ["Ctrl+Z, Ctrl+Y", "undo, redo"],
  ["Escape", "give up the stroke being drawn"]
];
var TOOL_KEYS = { p: "paint", e: "erase", s: "scale", r: "select" };
function keyOnTracks(lab, event) {
  const key = event.key, { cursor, state } = lab, far = event.ctrlKey || event.metaKey ? 10 : 1;
  const bins = state.regions[cursor.region].bins;
  const moves = {
    ArrowLeft: () => lab.moveTo({ bin: Math.max(0, cursor.bin - far) }, event.shiftKey),
    ArrowRight: () => lab.moveTo({ bin: Math.min(bins - 1, cursor.bin + far) }, event.shiftKey),
    PageUp: () => lab.moveTo({ mark: Math.max(0, cursor.mark - 1) }, true),
    PageDown: () => lab.moveTo({ mark: Math.min(state.marks.length - 1, cursor.mark + 1) }, true),
    Home: () => lab.toTss(),
    ",": () => lab.nextRegion(-1),
    ".": () => lab.nextRegion(1),
    ArrowUp: () => lab.raise(event.shiftKey ? 5 : 1),
    ArrowDown: () => lab.raise(event.shiftKey ? -5 : -1),
    Delete: () => lab.eraseSelection(),
    Backspace: () => lab.eraseSelection(),
    c: () => cursor.region && lab.act({ do: "toggle", region: state.place(state.regions[cursor.region]) }),
    "[": () => lab.nudgeContact(cursor.region, 0.8),
    "]": () => lab.nudgeContact(cursor.region, 1.25),
    "+": () => lab.zoom(2),
    "-": () => lab.zoom(0.5),
    Escape: () => lab.dropStroke()
  };
  const does = moves[key] || !event.ctrlKey && !event.metaKey && TOOL_KEYS[key] && (() => lab.useTool(TOOL_KEYS[key]));
  if (!does || key === "c" && (event.ctrlKey || event.metaKey)) return false;
  lab.byKeys(true);
  does();
  return true;
}

// shared/genebox.js
var GeneBox = class {
  constructor(lab, label, onChoose) {
    this.lab = lab;
    this.onChoose = onChoose;
    this.found = [];
    this.at = 0;
    this.input = make("input", {
      type: "search",
      placeholder: "name or id",
      "aria-label": label,
      autocomplete: "off",
      spellcheck: "false",
      role: "combobox",
      oninput: () => this.look(),
      onfocus: () => this.look(),
      onblur: () => setTimeout(() => this.show([]), 150),
      onkeydown: (e) => this.key(e)
    });
    this.list = make("div", { class: "cl-found cl-hidden", role: "listbox" });
    this.node = make("label", { class: "cl-genebox" }, make("span", {}, label), this.input, this.list);
  }
  look() {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => this.lab.wire.ask({ kind: "search", text: this.input.value, box: this.lab.boxes.indexOf(this) }),
      120
    );
  }
  show(found) {
    this.found = found;
    this.at = 0;
    this.list.replaceChildren(
      ...found.map(
        (gene, i) => make(
          "div",
          {
            role: "option",
            "aria-selected": i === 0 ? "true" : "false",
            onpointerdown: (e) => {
              e.preventDefault();
              this.choose(gene);
            }
          },
          make("b", {}, gene.gene_name || gene.gene_id),
          ` ${gene.gene_name === gene.gene_id ? "" : gene.gene_id}`
        )
      )
    );
    this.list.classList.toggle("cl-hidden", !found.length || document.activeElement !== this.input);
  }
  key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && this.found[this.at]) this.choose(this.found[this.at]);
    else if (event.key === "Escape") this.show([]);
    else if (by && this.found.length) {
      this.at = (this.at + by + this.found.length) % this.found.length;
      [...this.list.children].forEach((node, i) => node.setAttribute("aria-selected", String(i === this.at)));
      this.list.children[this.at].scrollIntoView({ block: "nearest" });
    } else return;
    event.preventDefault();
  }
  choose(gene) {
    const cell = this.lab.state.gene.cell_type;
    this.input.value = gene.gene_name || gene.gene_id;
    this.show([]);
    this.onChoose({ gene_id: gene.gene_id, cell_type: gene.cell_types.includes(cell) ? cell : gene.cell_types[0] });
  }
};

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
function drawSteps(ctx, box, values, top, colour, { edges, where = () => true, dash = [], width = 1.2 } = {}) {
  const at = edges || ((i) => box.x + i * box.w / values.length);
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
function drawAxis(ctx, box, start, end, { ink = "#222", zero = null, title = "", count = 5, font = "sans-serif" } = {}) {
  const shift = zero ?? 0, x = (bp) => box.x + (bp - start) / (end - start) * box.w;
  Object.assign(ctx, { strokeStyle: ink, fillStyle: ink, lineWidth: 1, textAlign: "center", textBaseline: "top" });
  ctx.font = `11px ${font}`;
  ctx.beginPath();
  ctx.moveTo(box.x, box.y + 0.5);
  ctx.lineTo(box.x + box.w, box.y + 0.5);
  for (const tick of ticksBetween((start - shift) / 1e3, (end - shift) / 1e3, count)) {
    const at = Math.round(x(tick * 1e3 + shift)) + 0.5;
    ctx.moveTo(at, box.y);
    ctx.lineTo(at, box.y + 4);
    const text = (zero !== null && tick > 0 ? "+" : "") + tick.toLocaleString("en").replace("-", "−");
    const half = ctx.measureText(text).width / 2;
    ctx.fillText(text, Math.max(box.x + half, Math.min(box.x + box.w - half, at)), box.y + 6);
  }
  ctx.stroke();
  if (title) ctx.fillText(title, box.x + box.w / 2, box.y + 20);
}

// whatif/layout.js
var SIZE = {
  left: 104,
  right: 12,
  gap: 10,
  arcs: 92,
  head: 34,
  carried: 32,
  attention: 16,
  row: 42,
  gene: 36,
  axis: 34
};
var Layout = class {
  /** state: see Lab.take; wide: index of the wide region; view: {from, to} in bp of what it shows, or null for all. */
  constructor(width, state, wide, view, shown) {
    this.width = width;
    this.state = state;
    this.wide = wide;
    const order = state.regions.map((_, i) => i).sort((a, b) => this.middle(a) - this.middle(b));
    const room = width - SIZE.left - SIZE.right - SIZE.gap * (order.length - 1);
    const others = order.length - 1;
    const narrow = others ? Math.max(24, Math.min(84, room * Math.min(0.5, 0.2 + 0.05 * others) / others)) : 0;
    let x = SIZE.left;
    this.columns = order.map((index) => {
      const region = state.regions[index], w = index === wide ? room - narrow * others : narrow;
      const all = { from: region.start, to: region.end };
      const column = { index, region, x, w, ...index === wide && view ? view : all };
      x += w + SIZE.gap;
      return column;
    });
    this.carriedY = SIZE.arcs + SIZE.head;
    this.attentionY = this.carriedY + (shown.carried ? SIZE.carried : 0);
    this.top = this.attentionY + (shown.attention ? SIZE.attention + 8 : 0) + 4;
    this.bottom = this.top + SIZE.row * state.marks.length;
    this.height = this.bottom + SIZE.gene + SIZE.axis;
  }
  /** A region's position among the others, bp; for the window, that of the TSS. */
  middle(index) {
    const r = this.state.regions[index];
    return index === 0 ? this.state.gene.tss : (r.start + r.end) / 2;
  }
  column(index) {
    return this.columns.find((c) => c.index === index);
  }
  x(column, bp) {
    return column.x + (bp - column.from) / (column.to - column.from) * column.w;
  }
  /** The panel of one mark in one column. */
  cell(column, mark) {
    return { x: column.x, y: this.top + mark * SIZE.row + 4, w: column.w, h: SIZE.row - 5 };
  }
  /** The whole row of one mark with its name: what changes during a stroke. */
  row(mark) {
    return { x: 0, y: this.top + mark * SIZE.row, w: this.width, h: SIZE.row, mark };
  }
  /** Left edge of a bin, also of the one after the last. */
  edge(column, bin) {
    return this.x(column, Math.min(column.region.start + bin * this.state.gene.bin_size, column.region.end));
  }
  /** First and last visible bin of a column. */
  visible(column) {
    const size = this.state.gene.bin_size, start = column.region.start;
    return [
      Math.max(0, Math.floor((column.from - start) / size)),
      Math.min(column.region.bins, Math.ceil((column.to - start) / size)) - 1
    ];
  }
  /** The bin of a column under a pixel, kept within what is visible. */
  bin(column, x) {
    const bp = column.from + (x - column.x) / column.w * (column.to - column.from);
    const [first, last] = this.visible(column);
    return Math.max(first, Math.min(last, Math.floor((bp - column.region.start) / this.state.gene.bin_size)));
  }
  /** The arc of a contact as a half ellipse over the columns. */
  arc(column) {
    const own = this.column(0), tss = Math.max(own.x, Math.min(own.x + own.w, this.x(own, this.state.gene.tss)));
    const foot = column.x + column.w / 2, far = Math.max(...this.columns.map((c) => Math.abs(c.x + c.w / 2 - tss)));
    const height = 18 + (SIZE.arcs - 30) * (Math.abs(foot - tss) / far) ** 0.9;
    return { x: (tss + foot) / 2, rx: Math.max(1, Math.abs(foot - tss) / 2), ry: height, y: SIZE.arcs, foot, tss };
  }
  /** What is under a point: {on: "track" | "arc" | "head" | null, column, mark, bin}. */
  hit(x, y) {
    if (y < SIZE.arcs) return this.hitArc(x, y);
    const column = this.columns.find((c) => x >= c.x - SIZE.gap / 2 && x < c.x + c.w + SIZE.gap / 2);
    if (!column) return { on: null };
    if (y < this.carriedY) return { on: "head", column };
    const mark = Math.floor((y - this.top) / SIZE.row);
    if (y < this.top || mark >= this.state.marks.length) return { on: null, column };
    return { on: "track", column, mark, bin: this.bin(column, x) };
  }
  hitArc(x, y) {
    let best = { on: null }, nearest = 9;
    for (const column of this.columns.filter((c) => c.index !== 0)) {
      const a = this.arc(column), t = (x - a.x) / a.rx;
      if (Math.abs(t) > 1.02) continue;
      const away = Math.abs(y - (a.y - a.ry * Math.sqrt(Math.max(0, 1 - t * t))));
      if (away < nearest) [best, nearest] = [{ on: "arc", column }, away];
    }
    return best;
  }
};

// whatif/draw.js
var TracksPicture = class {
  constructor(lab) {
    this.lab = lab;
  }
  /** All of it, or one mark's row (`part`, from `Layout.row`). */
  draw(ctx, layout, part) {
    this.theme = themeOf(this.lab.node);
    if (!part) this.above(ctx, layout);
    this.lab.state.marks.forEach((mark, m) => (!part || part.mark === m) && this.row(ctx, layout, mark, m));
    if (this.lab.shown.attention) layout.columns.forEach((column) => this.veil(ctx, layout, column));
    this.start(ctx, layout);
    this.cursor(ctx, layout);
    if (part) return;
    this.gene(ctx, layout);
    this.legend(ctx, layout);
  }
  above(ctx, layout) {
    this.text(ctx, 11);
    this.arcs(ctx, layout);
    for (const column of layout.columns) this.head(ctx, layout, column);
    if (this.lab.shown.carried) this.carried(ctx, layout);
    if (this.lab.shown.attention) this.attention(ctx, layout);
  }
  row(ctx, layout, mark, m) {
    this.label(ctx, layout, mark, m);
    for (const column of layout.columns) this.track(ctx, layout, column, mark, m);
  }
  text(ctx, size, weight = "") {
    ctx.font = `${weight} ${size}px ${this.theme.font}`.trim();
  }
  arcs(ctx, layout) {
    const { lab, theme } = this, columns = layout.columns.filter((c) => c.index !== 0);
    this.text(ctx, 12);
    Object.assign(ctx, { fillStyle: theme.quiet, textAlign: "left", textBaseline: "top" });
    if (!columns.length) return ctx.fillText("no contacts", 0, SIZE.arcs - 20);
    ctx.fillText("contacts", 0, SIZE.arcs - 34);
    this.text(ctx, 10.5);
    ctx.fillText("click one to cut it", 0, SIZE.arcs - 18);
    const strongest = Math.max(...columns.map((c) => Math.max(c.region.frequency || 0, c.region.now || 0)));
    for (const column of columns) {
      const a = layout.arc(column), { now, frequency } = column.region, cut = now === null, hot = lab.hover.arc === column.index;
      ctx.beginPath();
      ctx.ellipse(a.x, a.y, a.rx, a.ry, 0, Math.PI, 2 * Math.PI);
      Object.assign(ctx, {
        strokeStyle: hot ? theme.accent : cut ? theme.quiet : theme.ink,
        globalAlpha: cut ? 0.6 : 0.85
      });
      ctx.lineWidth = cut ? 1 : 1 + 4.5 * ((now || 0) / strongest);
      ctx.setLineDash(cut ? [3, 5] : []);
      ctx.stroke();
      Object.assign(ctx, { globalAlpha: 1 });
      ctx.setLineDash([]);
      this.arcLabel(
        ctx,
        a,
        cut ? "cut" : now !== frequency && frequency !== null ? `${short(frequency, 2)} → ${short(now, 2)}` : short(now, 2),
        hot
      );
    }
  }
  arcLabel(ctx, a, said, hot) {
    const { theme } = this;
    this.text(ctx, 11, hot || said === "cut" ? "bold" : "");
    const x = a.foot + (a.x - a.foot) * 0.3, t = (x - a.x) / a.rx, y = a.y - a.ry * Math.sqrt(Math.max(0, 1 - t * t));
    const w = ctx.measureText(said).width + 6;
    Object.assign(ctx, { fillStyle: theme.paper, textAlign: "center", textBaseline: "middle" });
    ctx.fillRect(x - w / 2, y - 8, w, 15);
    ctx.fillStyle = hot ? theme.accent : theme.ink;
    ctx.fillText(said, x, y);
  }
  head(ctx, layout, column) {
    const { lab, theme } = this, middle = column.x + column.w / 2, y = SIZE.arcs + 4;
    const hot = lab.hover.head === column.index, wide = column.index === layout.wide;
    Object.assign(ctx, { fillStyle: hot ? theme.accent : theme.ink, textAlign: "center", textBaseline: "top" });
    this.text(ctx, 12, "bold");
    const name = column.index === 0 ? column.w > 90 ? "promoter window" : "window" : column.w > 52 ? `pCRE ${column.region.rank}` : String(column.region.rank);
    ctx.fillText(column.region.added ? `${name} +` : name, middle, y);
    this.text(ctx, 10.5);
    ctx.fillStyle = theme.quiet;
    const length = (column.region.end - column.region.start) / 1e3;
    const away = (layout.middle(column.index) - lab.state.gene.tss) / 1e3;
    const place = `${away > 0 ? "+" : "−"}${short(Math.abs(away))}`;
    ctx.fillText(
      column.index === 0 ? `${short(length)} kb` : wide ? `${place} kb away, ${short(length)} kb long` : column.w > 48 ? `${place} kb` : place,
      middle,
      y + 15
    );
    if (!wide && hot) ctx.strokeRect(column.x - 3, SIZE.arcs + 1, column.w + 6, SIZE.head - 4);
  }
  label(ctx, layout, mark, m) {
    const { lab, theme } = this, y = layout.top + m * SIZE.row;
    if (lab.cursor.mark === m && lab.focused) {
      ctx.fillStyle = theme.accent;
      ctx.fillRect(0, y + 6, 3, SIZE.row - 10);
    }
    ctx.fillStyle = mark.colour;
    ctx.fillRect(8, y + 10, 10, 10);
    this.text(ctx, 12, "bold");
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "top" });
    ctx.fillText(mark.name, 23, y + 9, SIZE.left - 26);
    this.text(ctx, 10);
    ctx.fillStyle = theme.quiet;
    ctx.fillText(`0 to ${short(lab.state.tops[m], 2)}`, 23, y + 24);
  }
  track(ctx, layout, column, mark, m) {
    const { lab, theme } = this, box = layout.cell(column, m), top = lab.state.tops[m];
    const now = lab.state.track(lab.state.after, column.region, m), was = lab.state.track(lab.state.before, column.region, m);
    const edges = (i) => layout.edge(column, i);
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y - 1, box.w, box.h + 2);
    ctx.clip();
    ctx.globalAlpha = column.region.now === null && column.index !== 0 ? 0.3 : 1;
    for (let i = 0; i < now.length; i++) {
      if (!Number.isFinite(now[i]))
        drawHatch(ctx, { x: edges(i), y: box.y, w: edges(i + 1) - edges(i), h: box.h }, theme.faint);
    }
    drawArea(ctx, box, now, top, mark.colour, edges);
    if (was) {
      const changed = (i) => now[i] !== was[i] && (Number.isFinite(now[i]) || Number.isFinite(was[i]));
      drawSteps(ctx, box, was, top, theme.ink, { edges, where: changed, dash: [2, 2] });
    }
    if (lab.compared && column.index === 0) {
      const other = lab.compared.depth.filter((_, i) => i % lab.state.marks.length === m);
      drawSteps(ctx, box, other, top, theme.ink, { edges, dash: [7, 2, 1.5, 2], width: 1 });
    }
    ctx.restore();
    ctx.fillStyle = theme.quiet;
    ctx.fillRect(box.x, box.y + box.h, box.w, 1);
  }
  /** Up and down bars of what carried the change, all marks of a bin together. */
  carried(ctx, layout) {
    const { lab, theme } = this, y = layout.carriedY, half = (SIZE.carried - 8) / 2;
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "middle" });
    this.text(ctx, 11);
    ctx.fillText("what carried", 8, y + half - 3);
    ctx.fillText("the change", 8, y + half + 10);
    const sums = lab.carriedSums();
    for (const column of layout.columns) {
      ctx.fillStyle = theme.faint;
      ctx.fillRect(column.x, y + half, column.w, 1);
      if (!sums) continue;
      const [first, last] = layout.visible(column);
      for (let i = first; i <= last; i++) {
        const share = sums.bins[column.region.offset + i] / sums.most;
        if (!share) continue;
        const x = layout.edge(column, i), h = Math.abs(share) * half;
        ctx.fillStyle = share > 0 ? theme.up : theme.down;
        ctx.fillRect(x, share > 0 ? y + half - h : y + half + 1, Math.max(1, layout.edge(column, i + 1) - x), h);
      }
    }
    if (!sums) {
      Object.assign(ctx, { fillStyle: theme.quiet, textAlign: "center" });
      ctx.fillText(
        "nothing has changed yet",
        layout.column(layout.wide).x + layout.column(layout.wide).w / 2,
        y + half - 7
      );
    }
  }
  attention(ctx, layout) {
    const { lab, theme } = this, y = layout.attentionY;
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "middle" });
    this.text(ctx, 11);
    ctx.fillText("attention", 8, y + SIZE.attention / 2);
    if (!lab.looked) return;
    const colour = ramp("sequential");
    for (const column of layout.columns) {
      const [first, last] = layout.visible(column);
      for (let i = first; i <= last; i++) {
        const level = lab.looked.level[column.region.offset + i], x = layout.edge(column, i);
        if (!Number.isFinite(level)) continue;
        ctx.fillStyle = colour(level / lab.looked.high);
        ctx.fillRect(x, y, layout.edge(column, i + 1) - x + 0.5, SIZE.attention);
      }
    }
  }
  /** Attention over the tracks: bins with little attention fade. */
  veil(ctx, layout, column) {
    const { lab, theme } = this;
    if (!lab.looked) return;
    ctx.fillStyle = theme.paper;
    const [first, last] = layout.visible(column);
    for (let i = first; i <= last; i++) {
      const level = lab.looked.level[column.region.offset + i], x = layout.edge(column, i);
      ctx.globalAlpha = 0.72 * (1 - Math.min(1, (Number.isFinite(level) ? level : 0) / lab.looked.high));
      ctx.fillRect(x, layout.top, layout.edge(column, i + 1) - x, layout.bottom - layout.top - 1);
    }
    ctx.globalAlpha = 1;
  }
  /** Draw something, clipped to the promoter's window. */
  within(ctx, layout, something) {
    const column = layout.column(0);
    ctx.save();
    ctx.beginPath();
    ctx.rect(column.x - 1, 0, column.w + 2, layout.height);
    ctx.clip();
    something(column, layout.x(column, this.lab.state.gene.tss));
    ctx.restore();
  }
  /** The TSS, through all tracks. */
  start(ctx, layout) {
    this.within(ctx, layout, (_, tss) => {
      Object.assign(ctx, { strokeStyle: this.theme.ink, lineWidth: 1.6, globalAlpha: 0.5 });
      ctx.setLineDash([2, 3]);
      ctx.beginPath();
      ctx.moveTo(tss, layout.carriedY);
      ctx.lineTo(tss, layout.bottom);
      ctx.stroke();
    });
  }
  /** The gene below its window: body, start, direction; and the axes. */
  gene(ctx, layout) {
    const { theme } = this;
    this.within(ctx, layout, (column, tss) => this.body(ctx, layout, column, tss));
    Object.assign(ctx, { fillStyle: theme.quiet, textAlign: "left", textBaseline: "middle" });
    this.text(ctx, 11);
    ctx.fillText("gene", 8, layout.bottom + 24);
    for (const one of layout.columns) this.axis(ctx, layout, one);
  }
  body(ctx, layout, column, tss) {
    const { lab, theme } = this, { gene } = lab.state, y = layout.bottom + 8, forward = gene.strand !== "-";
    Object.assign(ctx, { strokeStyle: theme.ink, fillStyle: theme.quiet, lineWidth: 1.6 });
    if (gene.start !== null && gene.end !== null) {
      const [a, b] = [
        Math.max(layout.x(column, gene.start), column.x),
        Math.min(layout.x(column, gene.end), column.x + column.w)
      ];
      if (b > a) ctx.fillRect(a, y + 16, b - a, 8);
    }
    const tip = tss + (forward ? 1 : -1) * Math.min(44, column.w * 0.16);
    ctx.beginPath();
    ctx.moveTo(tss, y + 24);
    ctx.lineTo(tss, y + 2);
    ctx.lineTo(tip, y + 2);
    ctx.moveTo(tip - (forward ? 6 : -6), y - 2);
    ctx.lineTo(tip, y + 2);
    ctx.lineTo(tip - (forward ? 6 : -6), y + 6);
    ctx.stroke();
    this.text(ctx, 11, "bold");
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: forward ? "left" : "right", textBaseline: "middle" });
    ctx.fillText(gene.gene_name || gene.gene_id, tip + (forward ? 6 : -6), y + 3, 160);
  }
  /** The legend of the lines over the tracks, beside the gene. */
  legend(ctx, layout) {
    const { lab, theme } = this, lines = [];
    if (lab.state.edits) lines.push([[2, 2], "before the edits"]);
    if (lab.compared) lines.push([[7, 2, 1.5, 2], lab.compared.name]);
    this.text(ctx, 11);
    let x = layout.columns[0].index === 0 ? layout.columns[0].x + layout.columns[0].w + SIZE.gap : SIZE.left;
    for (const [dash, said] of lines) {
      Object.assign(ctx, {
        strokeStyle: theme.ink,
        fillStyle: theme.ink,
        lineWidth: 1.2,
        textAlign: "left",
        textBaseline: "middle"
      });
      ctx.setLineDash(dash);
      ctx.beginPath();
      ctx.moveTo(x, layout.bottom + 16);
      ctx.lineTo(x + 22, layout.bottom + 16);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.fillText(said, x + 27, layout.bottom + 16, 170);
      x += 44 + ctx.measureText(said).width;
    }
  }
  axis(ctx, layout, column) {
    const { lab, theme } = this, y = layout.bottom + SIZE.gene;
    if (column.index === layout.wide) {
      const title = column.index === 0 ? "kb from the transcription start" : `${column.region.chrom}, kb from the transcription start`;
      const count = Math.max(2, Math.round(column.w / 80));
      drawAxis(ctx, { x: column.x, y, w: column.w }, column.from, column.to, {
        ink: theme.quiet,
        zero: lab.state.gene.tss,
        title,
        count,
        font: theme.font
      });
      return;
    }
    ctx.fillStyle = theme.quiet;
    ctx.fillRect(column.x, y, column.w, 1);
    this.text(ctx, 10.5);
    Object.assign(ctx, { textAlign: "center", textBaseline: "top" });
    ctx.fillText(`${short((column.region.end - column.region.start) / 1e3, 2)} kb`, column.x + column.w / 2, y + 6);
  }
  cursor(ctx, layout) {
    const { lab, theme } = this, { region, mark, bin, anchor } = lab.cursor, column = layout.column(region);
    if (!column || !(lab.focused || lab.selection())) return;
    const box = layout.cell(column, mark), low = Math.min(bin, anchor), high = Math.max(bin, anchor);
    const a = Math.max(box.x, layout.edge(column, low)), b = Math.min(box.x + box.w, layout.edge(column, high + 1));
    if (b < box.x || a > box.x + box.w) return;
    Object.assign(ctx, { fillStyle: theme.accent, strokeStyle: theme.accent, lineWidth: 1.5, globalAlpha: 0.18 });
    ctx.fillRect(a, box.y - 2, Math.max(b - a, 2), box.h + 2);
    ctx.globalAlpha = 1;
    ctx.strokeRect(a, box.y - 2, Math.max(b - a, 2), box.h + 2);
  }
};
function drawGauge(ctx, width, height, { low, high, before, after, changed, measured, theme, ticks }) {
  const x = (v) => 8 + Math.max(0, Math.min(1, (v - low) / (high - low))) * (width - 16), y = 20;
  Object.assign(ctx, { strokeStyle: theme.faint, lineWidth: 6, lineCap: "round" });
  ctx.beginPath();
  ctx.moveTo(x(low), y);
  ctx.lineTo(x(high), y);
  ctx.stroke();
  Object.assign(ctx, {
    lineCap: "butt",
    font: `10px ${theme.font}`,
    fillStyle: theme.quiet,
    textAlign: "center",
    textBaseline: "top"
  });
  for (const t of ticks) ctx.fillText(String(t), x(t), y + 10);
  if (measured !== null) {
    ctx.beginPath();
    ctx.moveTo(x(measured), y - 8);
    ctx.lineTo(x(measured) - 4, y - 15);
    ctx.lineTo(x(measured) + 4, y - 15);
    ctx.fill();
  }
  const mean = (list) => list.reduce((a2, b2) => a2 + b2, 0) / list.length;
  const whisker = (list, colour, filled) => {
    Object.assign(ctx, { strokeStyle: colour, fillStyle: filled ? colour : theme.paper, lineWidth: 2 });
    ctx.beginPath();
    ctx.moveTo(x(Math.min(...list)), y);
    ctx.lineTo(x(Math.max(...list)), y);
    for (const v of list) {
      ctx.moveTo(x(v), y - 5);
      ctx.lineTo(x(v), y + 5);
    }
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(x(mean(list)), y, 6, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  };
  whisker(before, theme.quiet, !changed);
  if (!changed) return;
  const [a, b] = [x(mean(before)), x(mean(after))];
  whisker(after, b >= a ? theme.up : theme.down, true);
}

// whatif/cards.js
function slider({ name, colour, title, max, step, value, said, onTurn }) {
  const output = make("output", {}, said(value));
  const range = make("input", {
    type: "range",
    min: 0,
    max,
    step,
    value,
    title,
    "aria-label": title,
    oninput: () => {
      output.textContent = said(+range.value);
      onTurn(+range.value, true);
    },
    onchange: () => onTurn(+range.value, false)
  });
  const dot = colour ? make("i", { style: `background:${colour}` }) : null;
  const node = make("div", { class: "cl-slider" }, make("span", { title: name }, dot, name), range, output);
  const set = (v) => {
    if (document.activeElement === range && range.matches(":active")) return;
    range.value = v;
    output.textContent = said(v);
  };
  return { node, set };
}
var Card = class {
  constructor(lab, task) {
    this.lab = lab;
    this.task = task;
    this.said = make("div", { class: "cl-said" });
    this.spread = make("div", { class: "cl-quiet" });
    this.gauge = make("div", { class: "cl-gauge" });
    const title = task === "classification" ? "Chance of being expressed" : "Expression, log2(RPKM + 1)";
    const about = task === "classification" ? "The models' probability that this gene is at or above its cell type's median" : "The expression that the models predict";
    this.node = make(
      "section",
      { class: "cl-card", title: about },
      make("h4", {}, title),
      this.said,
      this.gauge,
      this.spread
    );
    this.sheet = new Sheet(this.gauge, 44, (ctx, w, h) => this.draw(ctx, w, h));
  }
  draw(ctx, width, height) {
    const { state } = this.lab, own = state && state.predicted[this.task];
    if (!own) return;
    const level = this.task === "regression", top = Math.max(8, ...own.before, ...own.after, state.gene.measured.regression || 0);
    const high = level ? Math.ceil(top) : 1, ticks = level ? ticksBetween(0, high, 4) : [0, 0.5, 1];
    const measured = level ? state.gene.measured.regression : null;
    drawGauge(ctx, width, height, {
      low: 0,
      high,
      ...own,
      changed: state.edits > 0,
      measured,
      ticks,
      theme: themeOf(this.lab.node)
    });
  }
  update() {
    const own = this.lab.state.predicted[this.task], mean = (l) => l.reduce((a, b) => a + b, 0) / l.length;
    const edited = this.lab.state.edits > 0, [before, after] = [mean(own.before), mean(own.after)];
    const change = after - before, shown = (v) => v.toFixed(2).replace("-", "−");
    this.said.replaceChildren(make("span", { class: edited ? "cl-before" : "" }, shown(before)));
    if (edited) {
      const way = Math.abs(change) < 5e-3 ? "" : change > 0 ? "▲ " : "▼ ";
      this.said.append(
        " → ",
        make("b", {}, shown(after)),
        make("small", {}, ` ${way}${change > 0 ? "+" : ""}${shown(change)}`)
      );
    }
    const n = own.after.length, ends = [Math.min(...own.after), Math.max(...own.after)].map(shown);
    const { measured } = this.lab.state.gene;
    const said = this.task === "regression" ? measured.regression === null ? "" : ` · measured ▾ ${shown(measured.regression)}` : measured.classification === null || measured.classification < 0 ? "" : ` · measured: ${measured.classification ? "yes" : "no"}`;
    this.spread.textContent = `${n > 1 ? `${n} models: ${ends[0]} to ${ends[1]}` : "one model"}${said}`;
    this.sheet.redraw();
  }
};
function reasons(lab, list) {
  const most = Math.max(...list.map((r) => Math.abs(r.score)), 1e-9);
  return list.map(
    (r) => make(
      "div",
      { class: `cl-reason ${r.score > 0 ? "up" : "down"}` },
      make("span", {}, make("i", { style: `background:${r.colour}` }), `${r.mark}, ${r.where}`),
      make("em", { style: `width:${96 * Math.abs(r.score) / most}%` }),
      make("output", {}, `${r.score > 0 ? "▲ +" : "▼ "}${short(r.score, 2)}`)
    )
  );
}

// whatif/page.js
var Page = class {
  build() {
    this.boxes = [
      new GeneBox(this, "Gene", (gene) => this.ask({ kind: "gene", ...gene })),
      new GeneBox(this, "Compare with", (gene) => this.ask({ kind: "compare", ...gene }))
    ];
    this.cells = make("select", {
      "aria-label": "cell type",
      onchange: () => this.ask({ kind: "gene", gene_id: this.state.gene.gene_id, cell_type: this.cells.value })
    });
    this.about = make("span", { class: "cl-about cl-quiet" });
    this.hint = make("div", { class: "cl-hint" }, HINTS.paint);
    this.message = make("div", { class: "cl-message", role: "status" });
    this.readout = make("div", { class: "cl-readout cl-quiet" });
    this.live = make("div", { class: "cl-spoken", "aria-live": "polite" });
    this.cardsBox = make("div", { class: "cl-cards" });
    this.stage = make("div", { class: "cl-stage" });
    this.selectionBar = make("div", { class: "cl-selection cl-hidden" });
    this.panels = make("div", { class: "cl-panels" });
    this.node.append(
      make("div", { class: "cl-bar" }, this.boxes[0].node, this.cells, this.about, ...this.historyButtons()),
      this.cardsBox,
      make("div", { class: "cl-bar cl-tools" }, ...this.tools()),
      make("div", { class: "cl-lines" }, this.hint, this.message),
      this.stage,
      this.readout,
      this.live,
      this.selectionBar,
      this.panels
    );
    this.picture = new TracksPicture(this);
    this.tracks = new Sheet(
      this.stage,
      (w) => this.state ? this.laidOut(w).height : 300,
      (ctx, w, h, part) => this.state && this.picture.draw(ctx, this.layout, part),
      {
        tabindex: 0,
        role: "application",
        "aria-label": "Tracks to paint on. Press ? for the keys."
      }
    );
    this.pointer = new Pointer(this, this.tracks.canvas);
    for (const [name, is] of [
      ["focus", true],
      ["blur", false]
    ]) {
      this.tracks.canvas.addEventListener(name, () => this.byKeys(is && this.tracks.canvas.matches(":focus-visible")));
    }
    this.node.addEventListener("keydown", (e) => this.key(e));
  }
  /** Whether the tracks are being used by keyboard: then the cursor and a frame are shown. */
  byKeys(on) {
    this.focused = on;
    this.stage.classList.toggle("cl-keys", on);
    this.tracks.redraw();
  }
  laidOut(width) {
    this.layout = new Layout(width, this.state, this.wide, this.view, this.shown);
    return this.layout;
  }
  historyButtons() {
    const button = (name, text, title, f) => {
      this[name] = make("button", { title, onclick: f }, text);
      return this[name];
    };
    return [
      button("undoButton", "↶ Undo", "Undo the last step (Ctrl+Z)", () => this.act({ do: "undo" })),
      button("redoButton", "↷ Redo", "Redo the step that was undone (Ctrl+Y)", () => this.act({ do: "redo" })),
      button(
        "resetButton",
        "⟲ Reset",
        "Back to the gene as it was measured; undo brings the edits back",
        () => this.act({ do: "reset" })
      ),
      button("helpButton", "? Keys", "Everything also works from the keyboard", () => this.toggleHelp())
    ];
  }
  tools() {
    this.toolButtons = Object.fromEntries(
      TOOLS.map(([name, text, title]) => [
        name,
        make("button", { title, "aria-pressed": String(name === this.tool), onclick: () => this.useTool(name) }, text)
      ])
    );
    const choice = (label, title, values, now, f) => make(
      "label",
      { title },
      label,
      make(
        "select",
        { onchange: (e) => f(+e.target.value) },
        ...values.map(([v, text]) => make("option", { value: v, selected: v === now }, text))
      )
    );
    this.brushBox = choice(
      "pen",
      "How wide the pen is",
      [
        [100, "100 bp"],
        [500, "500 bp"],
        [1e3, "1 kb"],
        [2e3, "2 kb"]
      ],
      this.brush,
      (v) => {
        this.brush = v;
      }
    );
    this.factorBox = choice(
      "by",
      "What the track is multiplied by",
      [
        [0.1, "× 0.1"],
        [0.25, "× 0.25"],
        [0.5, "× 0.5"],
        [1.5, "× 1.5"],
        [2, "× 2"],
        [4, "× 4"]
      ],
      this.factor,
      (v) => {
        this.factor = v;
      }
    );
    this.factorBox.classList.add("cl-hidden");
    const tick = (name, text, title) => make(
      "label",
      { title },
      make("input", {
        type: "checkbox",
        ...this.shown[name] ? { checked: true } : {},
        onchange: (e) => this.toggle(name, e.target.checked)
      }),
      ` ${text}`
    );
    return [
      make("div", { class: "cl-group", role: "group", "aria-label": "tools" }, ...Object.values(this.toolButtons)),
      this.brushBox,
      this.factorBox,
      make("span", { class: "cl-space" }),
      tick(
        "carried",
        "what carried the change",
        "Bars over the tracks: up where a bin raised the prediction, down where it lowered it"
      ),
      tick("attention", "attention", "Bins that get little of the model's attention fade"),
      make(
        "div",
        { class: "cl-group", role: "group", "aria-label": "zoom" },
        make(
          "button",
          {
            title: "Zoom out: show more of the wide panel (−)",
            "aria-label": "zoom out",
            onclick: () => this.zoom(0.5)
          },
          "−"
        ),
        make(
          "button",
          {
            title: "Zoom in: show less of the wide panel, around the cursor (+)",
            "aria-label": "zoom in",
            onclick: () => this.zoom(2)
          },
          "+"
        )
      )
    ];
  }
  key(event) {
    const typing = event.target.matches("input:not([type=range]):not([type=checkbox]), textarea");
    const ctrl = (event.ctrlKey || event.metaKey) && !typing, key = event.key.toLowerCase();
    let ours = true;
    if (ctrl && key === "z") this.act({ do: event.shiftKey ? "redo" : "undo" });
    else if (ctrl && key === "y") this.act({ do: "redo" });
    else if (event.key === "?" && !typing) this.toggleHelp();
    else ours = Boolean(this.state) && event.target === this.tracks.canvas && keyOnTracks(this, event);
    if (!ours) return;
    event.preventDefault();
    event.stopPropagation();
  }
  toggleHelp() {
    if (this.help) {
      this.help.remove();
      this.help = null;
    } else {
      const rows = HELP.map(([keys, what]) => make("tr", {}, make("th", {}, keys), make("td", {}, what)));
      this.help = make(
        "div",
        { class: "cl-help" },
        make("b", {}, "Keys, once the tracks have the focus (click them, or Tab)"),
        make("table", {}, ...rows)
      );
      this.hint.parentNode.after(this.help);
    }
  }
  toggle(name, on) {
    this.shown[name] = on;
    if (name === "attention" && on) this.chores.push("attention");
    if (on && !this.wire.busy) this.rest();
    this.tracks.redraw();
  }
  // ----- what changes with the state -------------------------------------------------------------------------------
  /** Draw the current state; given the row of a stroke under way, only what follows the pen. */
  update(row = null) {
    this.tracks.redraw(row);
    for (const card of Object.values(this.cards)) card.update();
    this.undoButton.disabled = !this.state.undo;
    this.redoButton.disabled = !this.state.redo;
    this.resetButton.disabled = !this.state.edits;
    if (this.stroke) return;
    if (this.contactSliders.length !== this.state.regions.length)
      this.panels.children[1].replaceWith(this.contactPanel());
    this.state.regions.forEach((r, i) => {
      const own = this.contactSliders[i];
      if (!own) return;
      own.set(r.now ?? 0);
      own.node.classList.toggle("cl-cut", r.now === null);
      own.button.textContent = r.now === null ? "restore" : "cut";
    });
    if (!this.state.edits) this.showReasons();
  }
  /** All that depends on the gene: the head line, cards, panels. */
  fillGene() {
    const { gene, predicted } = this.state, { boxes, cells } = this;
    boxes[0].input.value = gene.gene_name || gene.gene_id;
    boxes[1].input.value = "";
    cells.replaceChildren(
      ...gene.cell_types.map((c) => make("option", { value: c, selected: c === gene.cell_type }, c))
    );
    const id = gene.gene_name && gene.gene_name !== gene.gene_id ? `${gene.gene_id} · ` : "";
    this.about.textContent = `${gene.origin ? `${gene.origin} · ` : ""}${id}${gene.chrom}:${grouped(gene.tss)}, ${gene.strand === "-" ? "−" : "+"} strand${gene.fold === null ? "" : ` · fold ${gene.fold}`}`;
    this.about.title = this.about.textContent;
    for (const card of Object.values(this.cards || {})) card.sheet.close();
    this.cards = Object.fromEntries(Object.keys(predicted).map((task) => [task, new Card(this, task)]));
    this.why = make("div", { class: "cl-why" });
    this.whyHead = make("h4", {}, "What carried it");
    const both = Object.keys(predicted).length > 1;
    this.whyTask = make(
      "select",
      { "aria-label": "of which prediction", onchange: () => this.explain(this.whyTask.value) },
      ...Object.keys(predicted).map(
        (task) => make(
          "option",
          { value: task, selected: task === this.task },
          task === "classification" ? "chance, log-odds" : "level, log2"
        )
      )
    );
    const why = make(
      "section",
      { class: "cl-card" },
      make("div", { class: "cl-row" }, this.whyHead, both ? this.whyTask : null),
      this.why
    );
    this.truthBox = make("div", { class: "cl-truth cl-hidden" });
    this.cardsBox.replaceChildren(...Object.values(this.cards).map((c) => c.node), why);
    this.panels.replaceChildren(this.markPanel(), this.contactPanel(), this.recipePanel(), this.listPanel());
    this.showSelection();
    this.showReasons();
  }
  explain(task) {
    this.task = task;
    this.chores.push("carried", "attention");
    if (!this.wire.busy) this.rest();
  }
  showReasons() {
    if (!this.why) return;
    if (!this.carriedBy || !this.state.edits) {
      this.why.replaceChildren(
        make(
          "p",
          { class: "cl-quiet" },
          "Paint on a track or cut a contact: here you see what changed the prediction."
        )
      );
      return;
    }
    this.why.replaceChildren(...reasons(this, this.topReasons()));
  }
  /** The slower answers: exact numbers, the list, warnings, true effects. */
  settled(reply) {
    this.state.predicted = reply.predicted;
    for (const card of Object.values(this.cards)) card.update();
    this.list.replaceChildren(
      ...reply.list.map(
        ([text, name], i) => make(
          "li",
          {},
          make("span", {}, text),
          make(
            "button",
            {
              class: "cl-small",
              title: "Remove this edit",
              onclick: () => this.act({ do: "remove", index: reply.first + i, name })
            },
            "×"
          )
        )
      ).reverse()
    );
    if (!reply.list.length) this.list.append(make("li", { class: "cl-quiet" }, "none yet"));
    if (reply.first) this.list.append(make("li", { class: "cl-quiet" }, `and ${reply.first} before these`));
    this.say(reply.warnings.join(" ") || null);
    this.truthBox.classList.toggle("cl-hidden", !reply.truth.length);
    this.truthBox.replaceChildren(
      make("b", {}, "True effect (simulated): log2(RPKM + 1), and log2 transcription"),
      ...reply.truth.map(
        (t) => make(
          "div",
          {},
          `${t.what}: ${t.effect === null ? "not known" : `${short(t.change, 2)}, ${short(t.effect, 2)}`}`
        )
      )
    );
    const { state } = this;
    state.marks.forEach((mark, m) => {
      const own = reply.factors.find(
        (f) => f.mark === mark.name && f.start === this.span[0].start && f.end === this.span[0].end && f.chrom === this.span[0].chrom
      );
      this.markSliders[m].set(own ? own.factor : 1);
    });
    this.live.textContent = Object.entries(reply.predicted).map(([task, p]) => `${task}: ${(p.after.reduce((a, b) => a + b, 0) / p.after.length).toFixed(2)}`).join(", ");
  }
  // ----- panels ----------------------------------------------------------------------------------------------------
  markPanel() {
    const spans = /* @__PURE__ */ new Map();
    for (const r of this.state.regions) {
      const s = spans.get(r.chrom) || { chrom: r.chrom, start: Math.max(0, r.start), end: r.end };
      spans.set(r.chrom, {
        chrom: r.chrom,
        start: Math.max(0, Math.min(s.start, r.start)),
        end: Math.max(s.end, r.end)
      });
    }
    this.span = [...spans.values()];
    const turn = (mark) => (factor, draft) => this.act({
      do: "put",
      draft,
      edits: this.span.map((s) => ({ kind: "scale", mark, region: `${s.chrom}:${s.start}-${s.end}`, factor }))
    });
    this.markSliders = this.state.marks.map(
      (mark) => slider({
        name: mark.name,
        colour: mark.colour,
        title: `${mark.name} everywhere, multiplied by`,
        max: 3,
        step: 0.05,
        value: 1,
        said: (v) => `× ${v.toFixed(2)}`,
        onTurn: turn(mark.name)
      })
    );
    return make("section", {}, make("h4", {}, "A whole mark"), ...this.markSliders.map((s) => s.node));
  }
  contactPanel() {
    const { regions } = this.state, most = Math.max(...regions.map((r) => Math.max(r.frequency || 0, r.now || 0)), 1);
    this.contactSliders = regions.map((r, i) => {
      if (!i) return null;
      const region = this.state.place(r);
      const own = slider({
        name: `pCRE ${r.rank}`,
        title: `How often the promoter touches pCRE ${r.rank}, ${region}`,
        max: Math.ceil(2 * most),
        step: 0.05,
        value: r.now ?? 0,
        said: (v) => v.toFixed(2),
        onTurn: (frequency, draft) => this.act({ do: "put", draft, edits: [{ kind: "set_frequency", region, frequency }] })
      });
      own.button = make(
        "button",
        {
          class: "cl-small",
          title: "Cut this contact, or restore it",
          onclick: () => this.act({ do: "toggle", region })
        },
        "cut"
      );
      own.node.append(own.button);
      return own;
    });
    const sliders = this.contactSliders.filter(Boolean).map((s) => s.node);
    return make(
      "section",
      {},
      make("h4", {}, "Contacts: how often they meet"),
      ...sliders.length ? sliders : [make("p", { class: "cl-quiet" }, "This gene has none.")]
    );
  }
  recipePanel() {
    const { recipes } = this.state.gene;
    const buttons = recipes.map(
      (r) => make(
        "button",
        { title: "Adds plain edits, which undo takes back", onclick: () => this.act({ do: "recipe", name: r }) },
        r
      )
    );
    this.comparedBox = make("div", { class: "cl-quiet" }, "Its tracks are drawn over these, aligned by the TSS.");
    return make(
      "section",
      {},
      make("h4", {}, "Recipes"),
      make("div", { class: "cl-buttons" }, ...buttons),
      make("h4", {}, "Another gene"),
      this.boxes[1].node,
      this.comparedBox
    );
  }
  listPanel() {
    this.list = make("ol", { class: "cl-list" });
    const load = make("input", {
      type: "file",
      accept: ".json,application/json",
      class: "cl-hidden",
      onchange: () => this.loadFile(load)
    });
    const button = (text, title, f) => make("button", { title, onclick: f }, text);
    this.code = make("textarea", {
      class: "cl-code cl-hidden",
      readonly: true,
      rows: 8,
      "aria-label": "the edits as Python"
    });
    return make(
      "section",
      {},
      make("h4", {}, "Edits so far"),
      this.truthBox,
      this.list,
      make(
        "div",
        { class: "cl-buttons" },
        button(
          "Python",
          "Show and copy the Python that makes the same edits",
          () => this.ask({ kind: "text", as: "python" })
        ),
        button("Save", "Keep the edits as a file (JSON)", () => this.ask({ kind: "text", as: "json" })),
        button("Load", "Read edits from a file (JSON), at most 2,000", () => load.click()),
        load
      ),
      this.code
    );
  }
  exportAs(as, reply) {
    if (as === "json") return download(`edits-${this.state.gene.gene_id.replace(/[^\w.-]+/g, "_")}.json`, reply.json);
    this.code.value = reply.python;
    this.code.classList.remove("cl-hidden");
    this.code.select();
    navigator.clipboard?.writeText(reply.python).then(
      () => this.say("The Python is on the clipboard."),
      () => {
      }
    );
  }
  async loadFile(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    if (file.size > 4e6)
      return this.say(
        `${file.name}: ${Math.round(file.size / 1e6)} MB is more than the lab takes (Jupyter hangs up at 10)`,
        true
      );
    this.act({ do: "load", text: await file.text(), file: file.name });
  }
  showCompared() {
    const { compared } = this, mean = (l) => (l.reduce((a, b) => a + b, 0) / l.length).toFixed(2);
    const said = Object.entries(compared.predicted).map(([task, p]) => `${task === "classification" ? "chance" : "level"} ${mean(p)}`).join(", ");
    this.comparedBox.replaceChildren(
      make("b", {}, compared.name),
      ` in ${compared.cell_type}: ${said}. Its tracks: dash-dotted lines. `,
      make(
        "button",
        {
          class: "cl-small",
          title: "Paint its whole window over this gene's",
          onclick: () => this.act({ do: "copy", gene_id: compared.gene_id, cell_type: compared.cell_type })
        },
        "Copy its promoter here"
      ),
      " ",
      make(
        "button",
        {
          class: "cl-small",
          onclick: () => {
            this.compared = null;
            this.boxes[1].input.value = "";
            this.comparedBox.textContent = "";
            this.tracks.redraw();
          }
        },
        "Stop comparing"
      )
    );
  }
  /** The bar under the tracks, with the tools for the selection. */
  showSelection() {
    this.tracks.redraw();
    const selection = this.selection();
    this.selectionBar.classList.toggle("cl-hidden", !selection);
    if (!this.state) return;
    const at = {
      on: "track",
      column: { region: this.state.regions[this.cursor.region], index: this.cursor.region },
      mark: this.cursor.mark,
      bin: this.cursor.bin
    };
    this.readout.textContent = this.said(at);
    if (this.focused) this.live.textContent = this.said(at);
    if (!selection) return;
    const place = this.targetPlace(), length = (selection.high - selection.low + 1) * this.state.gene.bin_size;
    const turn = slider({
      name: "scale",
      title: "The selection, multiplied by",
      max: 3,
      step: 0.05,
      value: 1,
      said: (v) => `× ${v.toFixed(2)}`,
      onTurn: (factor, draft) => this.act({ do: "put", draft, edits: [{ kind: "scale", ...place, factor }] })
    });
    const level = make("input", {
      type: "number",
      min: 0,
      step: 0.5,
      value: round2(this.state.tops[selection.mark] / 2),
      "aria-label": "depth, reads per base"
    });
    this.selectionBar.replaceChildren(
      make("b", {}, `${place.mark}, ${short(length / 1e3)} kb selected`),
      make("span", { class: "cl-quiet" }, place.region),
      turn.node,
      make("button", { title: "Take the mark away there (Delete)", onclick: () => this.eraseSelection() }, "Erase"),
      make(
        "label",
        {},
        level,
        " ",
        make(
          "button",
          {
            title: "The same depth everywhere in the selection",
            onclick: () => this.act({ do: "add", edits: [{ kind: "set_depth", ...place, depth: Math.max(0, +level.value || 0) }] })
          },
          "Set"
        )
      ),
      make(
        "button",
        { class: "cl-small", title: "Forget the selection (Escape)", onclick: () => this.dropStroke() },
        "×"
      )
    );
  }
  /** A line for the reader; an error stays until the next message. */
  say(text, wrong = false) {
    if (text === null && this.saidWrong && performance.now() - this.saidWrong < 4e3) return;
    this.saidWrong = wrong ? performance.now() : 0;
    this.message.textContent = text || "";
    this.message.classList.toggle("cl-error", wrong);
  }
  sayWaiting() {
    const since = this.wire.underWay ? performance.now() - this.wire.underWay.sent : 0;
    if (since > 1500) this.say("Waiting for Python: the kernel is busy, or has stopped; then run the cell again.");
  }
};

// whatif/lab.js
var TOOLS = [
  ["paint", "✎ Paint", "Drag over a track to draw it with the pen (P)"],
  ["erase", "⌫ Erase", "Drag along a track to erase the mark there (E)"],
  ["scale", "↕ Scale", "Drag along a track to multiply it there (S)"],
  ["select", "▭ Select", "Drag along a track, then choose below what to do there (R)"]
];
var HINTS = {
  paint: "Drag over any track to draw how much of a mark should be there. The prediction follows. Undo with Ctrl+Z.",
  erase: "Drag along a track to erase the mark there.",
  scale: "Drag along a track to multiply it by the factor beside the tools.",
  select: "Drag along a track; then scale, erase or set it with the bar under the tracks."
};
var REST = 350;
var State = class {
  constructor(marks) {
    this.marks = marks;
  }
  take(reply, buffers) {
    for (const key of ["regions", "predicted", "edits", "undo", "redo"]) this[key] = reply[key];
    this.after = floatsOf(buffers[0]);
    if (reply.gene) {
      this.gene = reply.gene;
      this.before = floatsOf(buffers[1]);
    }
    this.tops = this.gene.tops.slice();
    for (const depth of [this.before, this.after]) {
      for (let i = 0; i < depth.length; i++)
        if (depth[i] > this.tops[i % this.marks.length]) this.tops[i % this.marks.length] = depth[i];
    }
  }
  /** A copy of one mark's bins in a region; null for a region that this copy of the depth lacks. */
  track(depth, region, mark) {
    const m = this.marks.length;
    if ((region.offset + region.bins) * m > depth.length) return null;
    return Float32Array.from({ length: region.bins }, (_, i) => depth[(region.offset + i) * m + mark]);
  }
  set(region, bin, mark, value) {
    this.after[(region.offset + bin) * this.marks.length + mark] = value;
  }
  /** "chrom:start-end" of a region, or of some of its bins. */
  place(region, first = 0, last = region.bins - 1) {
    const size = this.gene.bin_size;
    return `${region.chrom}:${region.start + first * size}-${Math.min(region.start + (last + 1) * size, region.end)}`;
  }
};
var Lab = class extends Page {
  constructor(model, el) {
    super();
    this.model = model;
    this.state = null;
    this.tool = "paint";
    this.brush = 500;
    this.factor = 0.5;
    this.wide = 0;
    this.view = null;
    this.stroke = null;
    this.shown = { carried: true, attention: false };
    this.hover = {};
    this.task = "";
    this.focused = false;
    this.chores = [];
    this.timing = { picture: [], prediction: [] };
    this.cursor = { region: 0, mark: 0, bin: 0, anchor: 0 };
    this.node = root(el, "cl-whatif");
    this.node.lab = this;
    this.wire = new Wire(model, {
      onReply: (...a) => this.take(...a),
      onIdle: () => this.rest(),
      merge: mergeRequests
    });
    this.build();
    this.changed = (message, buffers) => {
      if (message && message.changed) this.ask({ kind: "hello" });
      else if (message && message.kind === "state" && !this.wire.mine(message)) this.follow(message, buffers);
    };
    model.on("msg:custom", this.changed);
    this.stopTheme = onTheme(() => this.state && this.update());
    this.ask({ kind: "hello" });
    this.slow = setInterval(() => this.sayWaiting(), 1e3);
  }
  close() {
    this.wire.close();
    this.model.off("msg:custom", this.changed);
    clearInterval(this.slow);
    clearTimeout(this.timer);
    this.stopTheme();
    for (const sheet of [this.tracks, ...Object.values(this.cards || {}).map((c) => c.sheet)]) sheet && sheet.close();
    this.node.lab = null;
    this.node.remove();
    this.state = null;
    this.layout = null;
    this.looked = null;
    this.carriedBy = null;
    this.sums = null;
    this.compared = null;
    this.stroke = null;
  }
  // ----- talking ---------------------------------------------------------------------------------------------------
  ask(request) {
    clearTimeout(this.timer);
    if (["hello", "gene", "act"].includes(request.kind)) this.chores = ["settle", "carried", "attention"];
    this.wire.ask(request);
  }
  act(action, born = performance.now()) {
    this.ask({ kind: "act", actions: [action], born });
  }
  /** No request is under way: after a pause, ask the next slower question. */
  rest() {
    this.say(null);
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        const chore = this.chores.shift();
        if (!chore || !this.state) return;
        if (this.stroke) this.chores.unshift(chore);
        else if (chore === "settle" || (chore === "carried" ? this.state.edits > 0 : this.shown.attention))
          this.wire.ask({ kind: chore, task: this.task });
        else this.rest();
      },
      this.chores[0] === "settle" ? REST : 1
    );
  }
  take(reply, buffers, request) {
    const file = (request.actions || []).find((a) => a.file);
    if (reply.error) this.say(file ? `${file.file}: ${reply.error}` : reply.error, true);
    if (reply.error && reply.kind !== "state") return;
    const takes = {
      settle: () => this.settled(reply),
      carried: () => {
        Object.assign(this, { carriedBy: floatsOf(buffers[0]), contactsBy: reply.contacts, sums: null });
        this.showReasons();
      },
      attention: () => this.attended(floatsOf(buffers[0]), reply.shares),
      search: () => this.boxes[request.box].show(reply.found),
      compare: () => {
        this.compared = { ...reply, depth: floatsOf(buffers[0]) };
        this.showCompared();
      },
      text: () => this.exportAs(request.as, reply)
    };
    if (reply.kind === "state") return this.takeState(reply, buffers, request);
    takes[request.kind]();
    this.tracks.redraw();
  }
  /** Take over what another view of this lab asked for. */
  follow(reply, buffers) {
    if (!this.state && !reply.gene) return;
    this.takeState(reply, buffers.map(viewOf), {});
    this.chores = ["settle", "carried", "attention"];
    if (!this.wire.busy) this.rest();
  }
  takeState(reply, buffers, request) {
    this.state = this.state || new State(this.model.get("marks"));
    const was = this.state.gene;
    this.state.take(reply, buffers);
    if (reply.gene && !(was && was.gene_id === reply.gene.gene_id && was.cell_type === reply.gene.cell_type))
      this.newGene();
    if (!this.state.regions[this.cursor.region]) this.cursor = { region: 0, mark: 0, bin: 0, anchor: 0 };
    if (!this.state.edits) this.carriedBy = this.sums = null;
    if (this.stroke) this.stroke.apply();
    const drawing = this.stroke && (request.actions || []).length && request.actions.every((a) => a.draft);
    this.update(drawing ? this.layout.row(this.stroke.mark) : null);
    if (request.born) this.note("prediction", request.born);
  }
  newGene() {
    this.stroke = null;
    this.wide = 0;
    this.view = null;
    this.carriedBy = null;
    this.sums = null;
    this.looked = null;
    this.compared = null;
    if (!this.task) this.task = Object.keys(this.state.predicted)[0];
    this.toTss();
    this.fillGene();
  }
  /** Remember how long it took from an input to the frame that shows it. */
  note(what, since) {
    const { port1, port2 } = new MessageChannel();
    requestAnimationFrame(() => {
      port1.onmessage = () => {
        this.timing[what].push(performance.now() - since);
        if (this.timing[what].length > 1e3) this.timing[what].shift();
        port1.close();
      };
      port2.postMessage(0);
    });
  }
  drawn(since) {
    this.note("picture", since);
  }
  // ----- tools -----------------------------------------------------------------------------------------------------
  brushBins() {
    return Math.max(1, Math.round(this.brush / this.state.gene.bin_size));
  }
  useTool(tool) {
    this.tool = tool;
    for (const [name, button] of Object.entries(this.toolButtons))
      button.setAttribute("aria-pressed", String(name === tool));
    this.brushBox.classList.toggle("cl-hidden", tool !== "paint");
    this.factorBox.classList.toggle("cl-hidden", tool !== "scale");
    this.hint.textContent = HINTS[tool];
  }
  dropStroke() {
    if (this.stroke) this.act({ do: "cancel" });
    this.stroke = null;
    this.cursor.anchor = this.cursor.bin;
    this.showSelection();
  }
  selection() {
    const { region, mark, bin, anchor } = this.cursor;
    return bin === anchor ? null : { region: this.state.regions[region], mark, low: Math.min(bin, anchor), high: Math.max(bin, anchor) };
  }
  /** The selection, or the one bin under the cursor. */
  target() {
    const { region, mark, bin } = this.cursor;
    return this.selection() || { region: this.state.regions[region], mark, low: bin, high: bin };
  }
  targetPlace() {
    const t = this.target();
    return { mark: this.state.marks[t.mark].name, region: this.state.place(t.region, t.low, t.high) };
  }
  moveTo(change, keepAnchor) {
    Object.assign(this.cursor, change);
    if (!keepAnchor) this.cursor.anchor = this.cursor.bin;
    const [first, last] = this.layout.visible(this.layout.column(this.cursor.region));
    if (this.cursor.region === this.wide && this.view && (this.cursor.bin < first || this.cursor.bin > last))
      this.zoom(1);
    this.showSelection();
  }
  toTss() {
    const { gene, regions } = this.state, bin = Math.floor((gene.tss - regions[0].start) / gene.bin_size);
    this.cursor = { region: 0, mark: this.cursor.mark, bin, anchor: bin };
    if (this.layout) this.showSelection();
  }
  nextRegion(by) {
    const order = this.layout.columns.map((c) => c.index), at = order.indexOf(this.cursor.region) + by;
    if (at < 0 || at >= order.length) return;
    const middle = Math.floor(this.state.regions[order[at]].bins / 2);
    this.moveTo({ region: order[at], bin: middle }, false);
  }
  /** Paint the selection higher or lower by twentieths of the panel. */
  raise(steps) {
    const t = this.target(), now = this.state.track(this.state.after, t.region, t.mark), by = steps * this.state.tops[t.mark] / 20;
    const values = Array.from(
      now.slice(t.low, t.high + 1),
      (v) => round2(Math.max(0, (Number.isFinite(v) ? v : 0) + by))
    );
    this.act({ do: "put", edits: [{ kind: "paint", ...this.targetPlace(), values, step: this.state.gene.bin_size }] });
  }
  eraseSelection() {
    this.act({ do: "add", edits: [{ kind: "erase", ...this.targetPlace() }] });
  }
  nudgeContact(index, factor) {
    const r = this.state.regions[index];
    if (!index || r.now === null) return;
    this.act({
      do: "put",
      edits: [
        { kind: "set_frequency", region: this.state.place(r), frequency: round2(Math.max(0.05, r.now * factor)) }
      ]
    });
  }
  widen(index) {
    this.wide = index === this.wide ? 0 : index;
    this.view = null;
    this.tracks.redraw();
  }
  /** Show less or more of the wide region, around the cursor if it is inside. */
  zoom(by) {
    const r = this.state.regions[this.wide], all = r.end - r.start, now = this.view ? this.view.to - this.view.from : all;
    const length = Math.max(20 * this.state.gene.bin_size, now / by);
    const bp = this.cursor.region === this.wide ? r.start + (this.cursor.bin + 0.5) * this.state.gene.bin_size : (r.start + r.end) / 2;
    const from = Math.max(r.start, Math.min(r.end - length, bp - length / 2));
    this.view = length >= all ? null : { from, to: from + length };
    this.tracks.redraw();
  }
  hoverOver(hit) {
    const arc = hit.on === "arc" ? hit.column.index : null, head = hit.on === "head" ? hit.column.index : null;
    const changed = arc !== this.hover.arc || head !== this.hover.head;
    this.hover = { arc, head };
    this.tracks.canvas.style.cursor = { arc: "pointer", head: "zoom-in", track: "crosshair" }[hit.on] || "default";
    if (changed) this.tracks.redraw();
    this.readout.textContent = this.said(hit);
  }
  /** What is under the pointer, in words. */
  said(hit) {
    const { state } = this;
    if (!state || !hit.on) return "";
    const r = hit.column.region;
    if (hit.on === "arc")
      return `pCRE ${r.rank}, ${state.place(r)}: ${r.now === null ? "contact cut; click to restore it" : `contact frequency ${short(r.now)}; click to cut it`}`;
    if (hit.on === "head")
      return hit.column.index === this.wide ? state.place(r) : `${state.place(r)}: click to see it wide`;
    const at = state.track(state.after, r, hit.mark)[hit.bin], was = (state.track(state.before, r, hit.mark) || [])[hit.bin];
    const changed = was !== void 0 && was !== at && (Number.isFinite(at) || Number.isFinite(was)) ? ` (was ${short(was)})` : "";
    return `${state.marks[hit.mark].name}, ${r.chrom}:${grouped(r.start + hit.bin * state.gene.bin_size)}: ${short(at)} reads per base${changed}`;
  }
  // ----- what carried a change -------------------------------------------------------------------------------------
  /** The sum over marks in each bin, and the largest absolute sum. */
  carriedSums() {
    if (!this.carriedBy || this.carriedBy.length !== this.state.after.length) return null;
    if (!this.sums) {
      const m = this.state.marks.length, bins = new Float32Array(this.carriedBy.length / m);
      this.carriedBy.forEach((v, i) => {
        bins[Math.floor(i / m)] += v;
      });
      this.sums = { bins, most: bins.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9) };
    }
    return this.sums;
  }
  /** The panels that carried most. */
  topReasons(count = 5) {
    const { state } = this, m = state.marks.length, list = [];
    for (const r of state.regions) {
      const where = r.rank ? `pCRE ${r.rank}` : "window";
      state.marks.forEach((mark, k) => {
        let score = 0;
        for (let i = r.offset; i < r.offset + r.bins; i++) score += this.carriedBy[i * m + k];
        list.push({ mark: mark.name, colour: mark.colour, where, score });
      });
      const contact = this.contactsBy[state.regions.indexOf(r)];
      if (contact) list.push({ mark: "contact", colour: "currentColor", where, score: contact });
    }
    return list.sort((a, b) => Math.abs(b.score) - Math.abs(a.score)).slice(0, count).filter((r) => Math.abs(r.score) > 1e-4);
  }
  attended(level, shares) {
    const sorted = level.filter(Number.isFinite).sort();
    this.looked = { level, shares, high: sorted[Math.floor(0.98 * (sorted.length - 1))] || 1 };
  }
};
function mergeRequests(last, next) {
  if (last.kind === "search" && next.kind === "search" && last.box === next.box) return next;
  if (last.kind !== "act" || next.kind !== "act") return null;
  return { ...next, actions: [...last.actions.filter((a) => !a.draft), ...next.actions] };
}
var lab_default = {
  render({ model, el }) {
    let lab = new Lab(model, el);
    return () => {
      lab.close();
      lab = null;
    };
  }
};
export {
  HINTS,
  TOOLS,
  lab_default as default
};
