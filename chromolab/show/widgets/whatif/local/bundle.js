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
  redraw(part2 = null) {
    if (!this.frame) {
      this.part = part2;
      this.frame = requestAnimationFrame(() => this.now(this.part));
    } else if (!part2 || !this.part || part2.y !== this.part.y) this.part = null;
  }
  now(part2 = null) {
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
      part2 = null;
    }
    const ctx = this.canvas.getContext("2d"), box = part2 || { x: 0, y: 0, w: width, h: height };
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y, box.w, box.h);
    ctx.clip();
    ctx.clearRect(box.x, box.y, box.w, box.h);
    this.draw(ctx, width, height, part2);
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
  for (let i = 0, open2 = false; i <= values.length; i++) {
    const v = values[i];
    if (i === values.length || !Number.isFinite(v)) {
      if (open2) ctx.lineTo(edges(i), box.y + box.h);
      open2 = false;
      continue;
    }
    if (!open2) ctx.moveTo(edges(i), box.y + box.h);
    open2 = true;
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
  for (let i = 0, open2 = false; i < values.length; i++) {
    const shown2 = where(i) && Number.isFinite(values[i]);
    if (shown2) {
      if (open2) ctx.lineTo(at(i), y(values[i]));
      else ctx.moveTo(at(i), y(values[i]));
      ctx.lineTo(at(i + 1), y(values[i]));
    }
    open2 = shown2;
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
    const half2 = ctx.measureText(text).width / 2;
    ctx.fillText(text, Math.max(box.x + half2, Math.min(box.x + box.w - half2, at)), box.y + 6);
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
  constructor(width, state, wide, view, shown2) {
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
    this.attentionY = this.carriedY + (shown2.carried ? SIZE.carried : 0);
    this.top = this.attentionY + (shown2.attention ? SIZE.attention + 8 : 0) + 4;
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
  draw(ctx, layout, part2) {
    this.theme = themeOf(this.lab.node);
    if (!part2) this.above(ctx, layout);
    this.lab.state.marks.forEach((mark, m) => (!part2 || part2.mark === m) && this.row(ctx, layout, mark, m));
    if (this.lab.shown.attention) layout.columns.forEach((column) => this.veil(ctx, layout, column));
    this.start(ctx, layout);
    this.cursor(ctx, layout);
    if (part2) return;
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
      const changed2 = (i) => now[i] !== was[i] && (Number.isFinite(now[i]) || Number.isFinite(was[i]));
      drawSteps(ctx, box, was, top, theme.ink, { edges, where: changed2, dash: [2, 2] });
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
    const { lab, theme } = this, y = layout.carriedY, half2 = (SIZE.carried - 8) / 2;
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "middle" });
    this.text(ctx, 11);
    ctx.fillText("what carried", 8, y + half2 - 3);
    ctx.fillText("the change", 8, y + half2 + 10);
    const sums = lab.carriedSums();
    for (const column of layout.columns) {
      ctx.fillStyle = theme.faint;
      ctx.fillRect(column.x, y + half2, column.w, 1);
      if (!sums) continue;
      const [first, last] = layout.visible(column);
      for (let i = first; i <= last; i++) {
        const share = sums.bins[column.region.offset + i] / sums.most;
        if (!share) continue;
        const x = layout.edge(column, i), h = Math.abs(share) * half2;
        ctx.fillStyle = share > 0 ? theme.up : theme.down;
        ctx.fillRect(x, share > 0 ? y + half2 - h : y + half2 + 1, Math.max(1, layout.edge(column, i + 1) - x), h);
      }
    }
    if (!sums) {
      Object.assign(ctx, { fillStyle: theme.quiet, textAlign: "center" });
      ctx.fillText(
        "nothing has changed yet",
        layout.column(layout.wide).x + layout.column(layout.wide).w / 2,
        y + half2 - 7
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
        const level2 = lab.looked.level[column.region.offset + i], x = layout.edge(column, i);
        if (!Number.isFinite(level2)) continue;
        ctx.fillStyle = colour(level2 / lab.looked.high);
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
      const level2 = lab.looked.level[column.region.offset + i], x = layout.edge(column, i);
      ctx.globalAlpha = 0.72 * (1 - Math.min(1, (Number.isFinite(level2) ? level2 : 0) / lab.looked.high));
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
function drawGauge(ctx, width, height, { low, high, before, after, changed: changed2, measured, theme, ticks }) {
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
  const mean3 = (list) => list.reduce((a2, b2) => a2 + b2, 0) / list.length;
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
    ctx.arc(x(mean3(list)), y, 6, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  };
  whisker(before, theme.quiet, !changed2);
  if (!changed2) return;
  const [a, b] = [x(mean3(before)), x(mean3(after))];
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
    const level2 = this.task === "regression", top = Math.max(8, ...own.before, ...own.after, state.gene.measured.regression || 0);
    const high = level2 ? Math.ceil(top) : 1, ticks = level2 ? ticksBetween(0, high, 4) : [0, 0.5, 1];
    const measured = level2 ? state.gene.measured.regression : null;
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
    const own = this.lab.state.predicted[this.task], mean3 = (l) => l.reduce((a, b) => a + b, 0) / l.length;
    const edited2 = this.lab.state.edits > 0, [before, after] = [mean3(own.before), mean3(own.after)];
    const change2 = after - before, shown2 = (v) => v.toFixed(2).replace("-", "−");
    this.said.replaceChildren(make("span", { class: edited2 ? "cl-before" : "" }, shown2(before)));
    if (edited2) {
      const way = Math.abs(change2) < 5e-3 ? "" : change2 > 0 ? "▲ " : "▼ ";
      this.said.append(
        " → ",
        make("b", {}, shown2(after)),
        make("small", {}, ` ${way}${change2 > 0 ? "+" : ""}${shown2(change2)}`)
      );
    }
    const n = own.after.length, ends = [Math.min(...own.after), Math.max(...own.after)].map(shown2);
    const { measured } = this.lab.state.gene;
    const said = this.task === "regression" ? measured.regression === null ? "" : ` · measured ▾ ${shown2(measured.regression)}` : measured.classification === null || measured.classification < 0 ? "" : ` · measured: ${measured.classification ? "yes" : "no"}`;
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
      (ctx, w, h, part2) => this.state && this.picture.draw(ctx, this.layout, part2),
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
    const { compared } = this, mean3 = (l) => (l.reduce((a, b) => a + b, 0) / l.length).toFixed(2);
    const said = Object.entries(compared.predicted).map(([task, p]) => `${task === "classification" ? "chance" : "level"} ${mean3(p)}`).join(", ");
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
    const level2 = make("input", {
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
        level2,
        " ",
        make(
          "button",
          {
            title: "The same depth everywhere in the selection",
            onclick: () => this.act({ do: "add", edits: [{ kind: "set_depth", ...place, depth: Math.max(0, +level2.value || 0) }] })
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
  moveTo(change2, keepAnchor) {
    Object.assign(this.cursor, change2);
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
    const changed2 = arc !== this.hover.arc || head !== this.hover.head;
    this.hover = { arc, head };
    this.tracks.canvas.style.cursor = { arc: "pointer", head: "zoom-in", track: "crosshair" }[hit.on] || "default";
    if (changed2) this.tracks.redraw();
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
    const changed2 = was !== void 0 && was !== at && (Number.isFinite(at) || Number.isFinite(was)) ? ` (was ${short(was)})` : "";
    return `${state.marks[hit.mark].name}, ${r.chrom}:${grouped(r.start + hit.bin * state.gene.bin_size)}: ${short(at)} reads per base${changed2}`;
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
  attended(level2, shares) {
    const sorted = level2.filter(Number.isFinite).sort();
    this.looked = { level: level2, shares, high: sorted[Math.floor(0.98 * (sorted.length - 1))] || 1 };
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

// whatif/local/numbers.js
function pairwise(values, from, n) {
  if (n < 8) {
    let sum2 = 0;
    for (let i = from; i < from + n; i++) sum2 += values[i];
    return sum2;
  }
  if (n <= 128) {
    const r = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => values[from + i]), whole = n - n % 8;
    for (let i = 8; i < whole; i += 8) for (let j = 0; j < 8; j++) r[j] += values[from + i + j];
    let sum2 = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
    for (let i = whole; i < n; i++) sum2 += values[from + i];
    return sum2;
  }
  let half2 = Math.floor(n / 2);
  half2 -= half2 % 8;
  return pairwise(values, from, half2) + pairwise(values, from + half2, n - half2);
}
function segment(values, from, n) {
  return n > 1 ? values[from] + pairwise(values, from + 1, n - 1) : values[from];
}
function half(value) {
  if (!Number.isFinite(value) || value === 0) return value;
  const size = Math.abs(value), exponent = Math.max(Math.floor(Math.log2(size)), -14), step = 2 ** (exponent - 10);
  const units = size / step, low = Math.floor(units), over = units - low;
  const rounded2 = (low + (over > 0.5 || over === 0.5 && low % 2 ? 1 : 0)) * step;
  return Math.sign(value) * (rounded2 > 65504 ? Infinity : rounded2);
}
function halves(bytes) {
  const words = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1), table = new Float32Array(65536);
  for (let i = 0; i < 65536; i++) {
    const exponent = i >> 10 & 31, mantissa = i & 1023;
    const size = exponent ? (1 + mantissa / 1024) * 2 ** (exponent - 15) : mantissa * 2 ** -24;
    table[i] = (i & 32768 ? -1 : 1) * (exponent < 31 ? size : mantissa ? NaN : Infinity);
  }
  return Float32Array.from(words, (word) => table[word]);
}
var STORED = { float16: half, float32: Math.fround, float64: (value) => value };
var LARGEST = { float16: 65504, float32: 34028234663852886e22, float64: 34028234663852886e22 };
function fingerprint(values, name = 0) {
  const words = new Int32Array(values.buffer, values.byteOffset, values.byteLength >> 2);
  let a = 3735928559 ^ name, b = 1103547991 ^ name;
  for (let i = 0; i < words.length; i++) {
    a = Math.imul(a ^ words[i], 2654435761);
    b = Math.imul(b ^ words[i], 1597334677);
    a = a << 13 | a >>> 19;
    b = b << 17 | b >>> 15;
  }
  a = Math.imul(a ^ a >>> 16, 2246822507) ^ Math.imul(b ^ b >>> 13, 3266489909);
  b = Math.imul(b ^ b >>> 16, 2246822507) ^ Math.imul(a ^ a >>> 13, 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
var padded = (exponent) => `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
function float(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits, exponent] = value.toExponential().split("e"), power = Number(exponent);
  if (power < -4 || power >= 16) return `${digits}e${padded(power)}`;
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}
function exponential(value, digits) {
  const text = value.toExponential(digits - 1), exact = value.toExponential(60).split("e")[0].replace(/[-.]/g, "");
  if (!/^50*$/.test(exact.slice(digits)) || Number(exact[digits - 1]) % 2) return text;
  return `${value < 0 ? "-" : ""}${exact[0]}.${exact.slice(1, digits)}e${value.toExponential(60).split("e")[1]}`;
}
function general(value, digits = 6) {
  if (!Number.isFinite(value)) return float(value);
  if (value === 0) return "0";
  const [mantissa, exponent] = exponential(value, digits).split("e"), power = Number(exponent);
  const trimmed = (text) => text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  if (power < -4 || power >= digits) return `${trimmed(mantissa)}e${padded(power)}`;
  return trimmed(Number(`${mantissa}e${exponent}`).toFixed(digits - 1 - power));
}
var grouped2 = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
function quoted(text) {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "	": "\\t", [mark]: `\\${mark}` };
  return mark + [...text].map((letter) => escaped[letter] ?? letter).join("") + mark;
}
function shortest(value, dtype) {
  if (dtype === "float64") return value;
  for (let digits = 1; digits < 17; digits++) {
    const found = Number(value.toPrecision(digits));
    if (STORED[dtype](found) === value) return found;
  }
  return value;
}

// whatif/local/edits.js
var Refusal = class extends Error {
};
var FORMAT = "chromolab-edits-1";
var STEP = 100;
var ARGUMENTS = {
  // of the functions that make edits, in order
  scale: ["mark", "region", "factor"],
  erase: ["mark", "region"],
  set_depth: ["mark", "region", "depth"],
  paint: ["mark", "region", "values", "step"],
  drop_pcre: ["region"],
  add_pcre: ["region", "frequency"],
  set_frequency: ["region", "frequency"]
};
var CONTACTS = ["AddPcre", "DropPcre", "SetFrequency"];
var regionOf = (e) => `${e.chrom}:${e.start}-${e.end}`;
var samePlace = (a, b) => a.chrom === b.chrom && a.start === b.start && a.end === b.end;
var isContact = (e) => CONTACTS.includes(e.type);
var named = (e) => JSON.stringify(e);
var sameEdits = (a, b) => a.length === b.length && a.every((e, i) => named(e) === named(b[i]));
function parseRegion(text) {
  const match = typeof text === "string" ? /^(\S+):([\d,_]+)-([\d,_]+)$/.exec(text) : null;
  const [start, end] = match ? [match[2], match[3]].map((digits) => Number(digits.replace(/[,_]/g, "") || NaN)) : [NaN];
  if (!match || !Number.isSafeInteger(start) || !Number.isSafeInteger(end)) {
    throw new Refusal(`region ${shown(text)}; expected 'chrom:start-end', 0-based and half open`);
  }
  if (start >= end) throw new Refusal(`region ${shown(text)} is empty or reversed; expected start < end`);
  return { chrom: match[1], start, end };
}
function shown(value) {
  if (typeof value === "string") return quoted(value);
  if (value === null || value === void 0) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : float(value);
  return `{${Object.entries(value).map(([k, v]) => `${quoted(k)}: ${shown(v)}`).join(", ")}}`;
}
function numberOf(name, value) {
  if (typeof value !== "number") throw new Refusal(`${name} is ${shown(value)}; expected a number`);
  if (!(Number.isFinite(value) && value >= 0)) {
    throw new Refusal(`${name} is ${shown(value).slice(0, 40)}; it cannot be negative or infinite`);
  }
  return value;
}
var MADE = {
  scale: (e) => ({ type: "Scale", ...parseRegion(e.region), mark: e.mark, factor: numberOf("factor", e.factor) }),
  erase: (e) => MADE.scale({ ...e, factor: 0 }),
  set_depth: (e) => {
    const place = parseRegion(e.region);
    return {
      type: "Paint",
      ...place,
      mark: e.mark,
      depths: [numberOf("depth", e.depth)],
      step: place.end - place.start
    };
  },
  paint: (e) => {
    const place = parseRegion(e.region);
    if (!Number.isInteger(e.step) || e.step < 1) {
      throw new Refusal(`step is ${shown(e.step)}; expected a whole number of base pairs, at least 1`);
    }
    const depths = e.values.map((v) => v === null ? null : numberOf("value", v));
    const steps = Math.ceil((place.end - place.start) / e.step);
    if (depths.length !== steps) {
      throw new Refusal(
        `${depths.length} values for ${e.region}, which has ${steps} steps of ${e.step} bp; give one value per step`
      );
    }
    return { type: "Paint", ...place, mark: e.mark, depths, step: e.step };
  },
  drop_pcre: (e) => ({ type: "DropPcre", ...parseRegion(e.region) }),
  add_pcre: (e) => ({ type: "AddPcre", ...parseRegion(e.region), frequency: numberOf("frequency", e.frequency) }),
  set_frequency: (e) => ({
    type: "SetFrequency",
    ...parseRegion(e.region),
    frequency: numberOf("frequency", e.frequency)
  })
};
function editsOf(entries2, source = "the edits") {
  return entries2.map((entry, i) => {
    const where = `${source}, edit ${i + 1}`, plain = entry && typeof entry === "object" && !Array.isArray(entry);
    const name = plain ? entry.kind : null;
    if (typeof name !== "string" || !Object.hasOwn(ARGUMENTS, name)) {
      throw new Refusal(`${where}: kind is ${shown(name)}; expected one of ${Object.keys(ARGUMENTS).join(", ")}`);
    }
    const given = Object.keys(entry).filter((key) => key !== "kind").sort();
    if (given.join() !== [...ARGUMENTS[name]].sort().join()) {
      throw new Refusal(`${where} (${name}): has ${shown(given)}; expected ${ARGUMENTS[name].join(", ")}`);
    }
    if (typeof (entry.mark ?? "") !== "string" || !Array.isArray(entry.values ?? [])) {
      throw new Refusal(`${where} (${name}): expected mark as a string and values as a list`);
    }
    try {
      return MADE[name](entry);
    } catch (error) {
      if (error instanceof Refusal) error.message = `${where} (${name}): ${error.message}`;
      throw error;
    }
  });
}
function call(e) {
  const region = regionOf(e);
  switch (e.type) {
    case "Scale":
      return e.factor === 0 ? ["erase", { mark: e.mark, region }] : ["scale", { mark: e.mark, region, factor: e.factor }];
    case "Paint": {
      const [depth] = e.depths;
      if (e.depths.length === 1 && depth !== null && e.step === e.end - e.start)
        return ["set_depth", { mark: e.mark, region, depth }];
      return ["paint", { mark: e.mark, region, values: e.depths, step: e.step }];
    }
    case "DropPcre":
      return ["drop_pcre", { region }];
    default:
      return [e.type === "AddPcre" ? "add_pcre" : "set_frequency", { region, frequency: e.frequency }];
  }
}
function dumped(value, key = "") {
  if (typeof value === "number")
    return key === "step" || key === "start" || key === "end" ? String(value) : float(value);
  if (Array.isArray(value)) return `[${value.map((v) => dumped(v, key)).join(", ")}]`;
  if (value && typeof value === "object") {
    return `{${Object.entries(value).map(([k, v]) => `${dumped(k)}: ${dumped(v, k)}`).join(", ")}}`;
  }
  const escape = (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, escape);
}
var entries = (edits) => edits.map(call).map(([kind, given]) => dumped({ kind, ...given }));
function calls(edits) {
  const argument = (name, value) => {
    if (Array.isArray(value)) return `[${value.map((v) => argument(name, v)).join(", ")}]`;
    if (value === null) return "None";
    if (typeof value === "number") return name === "step" ? String(value) : float(value);
    return inQuotes(value);
  };
  return edits.map(call).map(([name, given]) => {
    const listed = Object.entries(given).filter(([key, value]) => key !== "step" || value !== STEP);
    return `cl.${name}(${listed.map(([key, value]) => argument(key, value)).join(", ")})`;
  });
}
function inQuotes(text) {
  const plain = quoted(text);
  return plain[0] === "'" && !plain.includes('"') && !plain.includes("\\") ? `"${plain.slice(1, -1)}"` : plain;
}
function inWords(e) {
  const place = `${e.chrom}:${grouped2(e.start)}-${grouped2(e.end)}`;
  switch (e.type) {
    case "Scale":
      return `${e.mark} ${e.factor === 0 ? "erased" : `× ${general(e.factor)}`}, ${place}`;
    case "Paint": {
      const [depth] = e.depths;
      return `${e.mark} ${e.depths.length === 1 && depth !== null ? `set to ${general(depth)}` : "painted"}, ${place}`;
    }
    case "DropPcre":
      return `contact cut, ${place}`;
    default:
      return `${e.type === "AddPcre" ? "contact added" : "contact"}, frequency ${general(e.frequency)}, ${place}`;
  }
}

// whatif/local/depth.js
function strokeOf(e, region) {
  const begin = Math.max(e.start, region.start), end = Math.min(e.end, region.end);
  if (e.type === "Scale") return { begin: begin - region.start, end: end - region.start, change: e.factor };
  const change2 = new Float64Array(end - begin);
  for (let base = begin; base < end; base++)
    change2[base - begin] = e.depths[Math.floor((base - e.start) / e.step)] ?? NaN;
  return { begin: begin - region.start, end: end - region.start, change: change2 };
}
function cutThrough(length, size, strokes) {
  const bins = Math.ceil(length / size), cut = /* @__PURE__ */ new Set();
  for (const { begin, end, change: change2 } of strokes) {
    if (typeof change2 === "number") {
      for (const at of [begin, end]) if (at % size && at !== length) cut.add(Math.floor(at / size));
      continue;
    }
    const painted2 = new Int32Array(bins);
    for (let i = 0; i < change2.length; i++) if (!Number.isNaN(change2[i])) painted2[Math.floor((begin + i) / size)]++;
    painted2.forEach((count, b) => {
      if (count > 0 && count < Math.min(size, length - b * size)) cut.add(b);
    });
  }
  return [...cut].sort((a, b) => a - b);
}
function evenly(mean3, count, bases, size) {
  const fine = new Float64Array(size).fill(NaN);
  for (let i = 0; i < count; i++) fine[Math.floor(i * bases / count)] = mean3;
  return fine;
}
function changeBins({ mean: oldMean, covered: oldCovered }, length, size, strokes) {
  const mean3 = oldMean.slice(), covered = oldCovered.slice(), bins = mean3.length;
  const basesOf = (b) => Math.min(size, length - b * size), cut = cutThrough(length, size, strokes);
  const fine = new Map(cut.map((b) => [b, evenly(mean3[b], covered[b], basesOf(b), size)]));
  for (const { begin, end, change: change2 } of strokes) {
    const first = Math.min(Math.ceil(begin / size), bins), last = end === length ? bins : Math.floor(end / size);
    const factor = typeof change2 === "number" ? change2 : null;
    for (let b = first; b < last; b++) {
      if (factor !== null) {
        mean3[b] *= factor;
        continue;
      }
      const from = b * size - begin, value = meanPainted(
        /** @type {Float64Array} */
        change2,
        from,
        basesOf(b)
      );
      if (!Number.isNaN(value)) {
        mean3[b] = value;
        covered[b] = basesOf(b);
      }
    }
    for (const [b, bases] of fine) {
      for (let i = Math.max(0, begin - b * size); i < Math.min(size, end - b * size); i++) {
        if (factor !== null) bases[i] *= factor;
        else if (!Number.isNaN(change2[b * size + i - begin])) bases[i] = change2[b * size + i - begin];
      }
    }
  }
  for (const [b, bases] of fine) {
    const seen = bases.reduce((n, v) => n + (Number.isNaN(v) ? 0 : 1), 0);
    covered[b] = seen;
    mean3[b] = seen ? pairwise(
      bases.map((v) => Number.isNaN(v) ? 0 : v),
      0,
      size
    ) / seen : NaN;
  }
  return { mean: mean3, covered };
}
function meanPainted(change2, from, bases) {
  let low = change2[from], high = low;
  for (let i = from + 1; i < from + bases; i++) {
    if (Number.isNaN(change2[i])) return NaN;
    if (change2[i] < low) low = change2[i];
    if (change2[i] > high) high = change2[i];
  }
  return low === high ? low : segment(change2, from, bases) / bases;
}
function changed(column, region, size, edits, dtype) {
  const strokes = edits.map((e2) => strokeOf(e2, region)), most = LARGEST[dtype];
  const after = (count) => {
    const result2 = changeBins(column, region.end - region.start, size, strokes.slice(0, count));
    const large = result2.mean.some((v, b) => !(Math.abs(v) <= most) && result2.covered[b] > 0);
    return large ? null : result2;
  };
  const result = after(strokes.length);
  if (result) return result;
  const at = edits.findLastIndex((_, i) => after(i)), e = edits[Math.max(at, 0)];
  const what = e.type === "Scale" ? `times ${general(e.factor)}` : `painted up to ${general(Math.max(...e.depths.map((d) => d ?? 0)))}`;
  throw new Refusal(
    `${e.mark} at ${regionOf(e)}, ${what}: with the depth there this gives more than ${general(most, 3)} reads per base, which ${dtype === "float16" ? "does not fit float16" : "no model can read"}`
  );
}
function strip(region, columns, resolution, { size, window: window2, marks, dtype, turned }) {
  const { depth, covered, start, end } = region, per = resolution / size, fine = depth.length / marks, m = columns.length;
  const count = Math.ceil((end - start) / resolution), bins = window2 / resolution, round = STORED[dtype];
  const features = new Float32Array(count * m);
  let seen = null;
  for (let j = 0; j < count; j++) {
    const to = turned ? count - 1 - j : j, last = Math.min((j + 1) * per, fine);
    let whole = true;
    columns.forEach((column, k) => {
      let mean3 = depth[j * per * marks + column];
      if (per > 1) {
        let sum2 = 0, bases = 0;
        for (let b = j * per; b < last; b++) {
          const value = depth[b * marks + column], weight = covered ? covered[b * marks + column] : Math.min(size, end - start - b * size);
          if (!Number.isNaN(value)) sum2 += value * weight;
          bases += weight;
        }
        mean3 = bases > 0 ? round(sum2 / bases) : NaN;
      }
      mean3 = Math.fround(mean3);
      if (Number.isNaN(mean3)) whole = false;
      features[to * m + k] = Math.log(Math.fround(1 + Math.abs(mean3))) * (mean3 < 0 ? -1 : 1);
    });
    if (!whole) {
      seen = seen || new Array(count).fill(true);
      seen[to] = false;
      features.fill(0, to * m, (to + 1) * m);
    }
  }
  return { features, seen, first: bins - count + 1 >> 1, bins };
}
var contentOf = (region) => fingerprint(region.depth, region.covered ? fingerprint(region.covered) : 0);

// whatif/local/gene.js
var Gene = class {
  /**
   * @param {{marks: string[], size: number, window: number, dtype: string}} shared
   * @param {{promoter: number, pcre: number[], frequency: number[]}} contacts rows of `regions`, by falling frequency
   * @param {Region[]} regions
   */
  constructor(shared, row, regions, contacts) {
    this.shared = shared;
    this.row = row;
    this.regions = regions;
    this.promoter = contacts.promoter;
    this.pcre = contacts.pcre;
    this.frequency = contacts.frequency;
  }
  get turned() {
    return this.row.strand === "-";
  }
  /** The rows of its pCREs and of its window, as the models read them. */
  pcres() {
    return this.pcre.map((row, i) => ({ ...this.regions[row], row, frequency: this.frequency[i] }));
  }
  /** Depth of all regions, one after another, as the page draws it: float32 (bins, marks). */
  flat() {
    const out = new Float32Array(this.regions.reduce((n, r) => n + r.depth.length, 0));
    let at = 0;
    for (const { depth } of this.regions) {
      out.set(depth, at);
      at += depth.length;
    }
    return out;
  }
  /** The first bin of each region in `flat`, and the number of all bins. */
  offsets() {
    const offsets = [0];
    for (const { depth } of this.regions)
      offsets.push(offsets[offsets.length - 1] + depth.length / this.shared.marks.length);
    return offsets;
  }
  /** Depth of the window (bins, marks) 5' to 3'. */
  promoterDepth() {
    const { depth } = this.regions[this.promoter], m = this.shared.marks.length, bins = depth.length / m;
    if (!this.turned) return depth;
    const out = depth.slice();
    for (let b = 0; b < bins; b++) out.set(depth.subarray((bins - 1 - b) * m, (bins - b) * m), b * m);
    return out;
  }
};
function regionWith(place, depth, covered) {
  const region = { chrom: place.chrom, start: place.start, end: place.end, depth, covered, content: 0 };
  region.content = contentOf(region);
  return region;
}
function edited(gene, edits, known = /* @__PURE__ */ new Map()) {
  const { shared } = gene, { gene: touched, added: added2 } = withContacts(gene, edits.filter(isContact));
  const tracks = edits.filter((e) => !isContact(e)), within = added2.length ? touched.regions.length : gene.regions.length;
  const reaching = reachingOf(touched, tracks, within), used = /* @__PURE__ */ new Map();
  const regions = touched.regions.slice();
  for (const row of [.../* @__PURE__ */ new Set([...reaching.keys(), ...added2])].sort((a, b) => a - b)) {
    const region = touched.regions[row], m = shared.marks.length, depth = region.depth.slice();
    const covered = region.covered ? region.covered.slice() : null;
    for (const [column, here] of reaching.get(row) || []) {
      const key = `${row} ${here.map(named)}`, stored = row < gene.regions.length;
      const result = stored && known.get(key) || changed(columnOf(region, column, shared), region, shared.size, here, shared.dtype);
      used.set(key, result);
      for (let b = 0; b < result.mean.length; b++) {
        depth[b * m + column] = STORED[shared.dtype](result.mean[b]);
        if (covered) covered[b * m + column] = result.covered[b];
      }
    }
    regions[row] = regionWith(region, depth, covered);
  }
  known.clear();
  for (const [key, result] of used) known.set(key, result);
  for (const row of added2) refuseDataless(touched, regions[row]);
  return new Gene(shared, gene.row, regions, touched);
}
function columnOf({ depth, covered, start, end }, column, { marks, size }) {
  const m = marks.length, bins = depth.length / m, mean3 = new Float64Array(bins), count = new Int32Array(bins);
  for (let b = 0; b < bins; b++) {
    mean3[b] = depth[b * m + column];
    count[b] = covered ? covered[b * m + column] : Math.min(size, end - start - b * size);
  }
  return { mean: mean3, covered: count };
}
function reachingOf(gene, edits, within) {
  const reaching = /* @__PURE__ */ new Map(), { marks } = gene.shared;
  for (const e of edits) {
    const column = marks.indexOf(e.mark);
    if (column < 0)
      throw new Refusal(
        `the edit of ${regionOf(e)} names the mark ${e.mark}, which this dataset lacks; it has ${marks.join(", ")}`
      );
    let touches = false;
    gene.regions.forEach((r, row) => {
      if (row >= within || r.chrom !== e.chrom || r.start >= e.end || r.end <= e.start) return;
      touches = true;
      if (!reaching.has(row)) reaching.set(row, /* @__PURE__ */ new Map());
      const columns = reaching.get(row);
      columns.set(column, [...columns.get(column) || [], e]);
    });
    if (!touches) {
      const examples = gene.regions.slice(0, 3).map(regionOf).join(", ");
      throw new Refusal(
        `${regionOf(e)} overlaps no region of this dataset (such as ${examples}); edits are in genomic coordinates`
      );
    }
  }
  return reaching;
}
function withContacts(gene, edits) {
  let regions = gene.regions, contacts = gene.pcre.map((row, i) => ({ row, frequency: gene.frequency[i] }));
  for (const e of edits) {
    if (e.type !== "DropPcre" && e.frequency > LARGEST.float32) {
      throw new Refusal(
        `contact with ${regionOf(e)}: a frequency of ${general(e.frequency)} is more than a model can read (${general(LARGEST.float32, 3)})`
      );
    }
    const rows = regions.flatMap((r, row) => samePlace(r, e) ? [row] : []), held = contacts.filter((c) => rows.includes(c.row));
    if (e.type === "AddPcre") {
      if (e.end - e.start > gene.shared.window) {
        throw new Refusal(
          `add_pcre ${regionOf(e)}: ${grouped2(e.end - e.start)} bp; a pCRE is at most ${grouped2(gene.shared.window)} bp`
        );
      }
      if (held.length) throw new Refusal(`add_pcre ${regionOf(e)}: it is a pCRE already; use cl.set_frequency`);
      if (!rows.length) regions = [...regions.map(withBases(gene.shared)), dataless(e, gene.shared)];
      contacts = [...contacts, { row: rows.length ? rows[0] : regions.length - 1, frequency: e.frequency }];
      continue;
    }
    if (!held.length) throw new Refusal(`no contact with ${regionOf(e)} to edit; ${contactsOf(regions, contacts)}`);
    if (e.type === "DropPcre") contacts = contacts.filter((c) => !held.includes(c));
    else contacts = contacts.map((c) => held.includes(c) ? { ...c, frequency: e.frequency } : c);
  }
  contacts = edits.length ? [...contacts].sort((a, b) => b.frequency - a.frequency) : contacts;
  const added2 = contacts.map((c) => c.row).filter((row) => row >= gene.regions.length);
  const now = {
    promoter: gene.promoter,
    pcre: contacts.map((c) => c.row),
    frequency: contacts.map((c) => c.frequency)
  };
  return { gene: new Gene(gene.shared, gene.row, regions, now), added: added2 };
}
var withBases = ({ marks, size }) => (r) => {
  if (r.covered) return r;
  const bases = new Int32Array(r.depth.length).map(
    (_, i) => Math.min(size, r.end - r.start - Math.floor(i / marks.length) * size)
  );
  return regionWith(r, r.depth, bases);
};
function dataless(e, { marks, size, dtype }) {
  const bins = Math.ceil((e.end - e.start) / size) * marks.length;
  const depth = (dtype === "float64" ? new Float64Array(bins) : new Float32Array(bins)).fill(NaN);
  return regionWith(e, depth, new Int32Array(bins));
}
function refuseDataless({ shared: { marks } }, region) {
  const m = marks.length;
  for (let b = 0; b < region.depth.length / m; b++)
    if (!region.depth.subarray(b * m, (b + 1) * m).some(Number.isNaN)) return;
  throw new Refusal(
    `add_pcre ${regionOf(region)}: the marks' depth there is not known. Paint every mark over it (cl.paint, cl.set_depth), give source= (the tracks), or edit a dataset that holds the region`
  );
}
function contactsOf(regions, contacts) {
  const rows = [...new Set(contacts.map((c) => c.row))].sort((a, b) => a - b).slice(0, 8);
  return rows.length ? `the contacts are ${rows.map((row) => regionOf(regions[row])).join(", ")}` : "there is no contact";
}
var Reader = class {
  constructor(shared) {
    this.shared = shared;
    this.kept = /* @__PURE__ */ new Map();
  }
  /**
   * @param {Gene} gene
   * @param {import("./chromoformer.js").Chromoformer} model
   * @returns {import("./chromoformer.js").Gene}
   */
  read(gene, model) {
    const { marks, resolutions } = model.config, columns = this.columns(marks);
    const cut = (region, turned) => {
      const key = `${regionOf(region)} ${region.content} ${turned} ${columns} ${resolutions}`;
      if (!this.kept.has(key)) {
        const how = { ...this.shared, marks: this.shared.marks.length, turned };
        this.kept.set(key, {
          key,
          strips: Object.fromEntries(resolutions.map((r) => [r, strip(region, columns, r, how)]))
        });
      }
      return this.kept.get(key);
    };
    if (this.kept.size > 400) this.kept.clear();
    const pcres = gene.pcre.map((row) => cut(gene.regions[row], false));
    return { window: cut(gene.regions[gene.promoter], gene.turned), pcres, frequency: gene.frequency.map(Math.fround) };
  }
  /** The column of each of a model's marks. */
  columns(marks) {
    return marks.map((mark) => this.shared.marks.indexOf(mark));
  }
};

// whatif/local/explain.js
var NODES = [0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970262];
var WEIGHTS = [0.17392742256872684, 0.3260725774312731, 0.3260725774312731, 0.17392742256872684];
function carriedBy(model, gene, edits, reader) {
  const after = edited(gene, edits), contacts = edits.filter(isContact), byContact = /* @__PURE__ */ new Map();
  const level2 = (g) => model.level(reader.read(g, model)), scores = new Float64Array(after.flat().length);
  const rowOf = (e) => after.regions.findIndex((r) => samePlace(r, e));
  let now = level2(gene), stage = gene;
  const stages = stagesOf(gene, contacts);
  contacts.forEach((e, n) => {
    stage = stages[n];
    const next = level2(stage), row = rowOf(e);
    byContact.set(row, (byContact.get(row) ?? 0) + next - now);
    now = next;
  });
  along(model, stage, after, reader, scores);
  return { scores, byContact };
}
function stagesOf(gene, contacts) {
  try {
    return contacts.map((_, n) => edited(gene, contacts.slice(0, n + 1)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  const empty = ({ type, chrom, start, end }) => type === "AddPcre" ? gene.shared.marks.map((mark) => ({ type: "Paint", chrom, start, end, mark, depths: [0], step: end - start })) : [];
  return contacts.map((_, n) => {
    const first = contacts.slice(0, n + 1);
    return edited(gene, [...first, ...first.flatMap(empty)]);
  });
}
function along(model, before, after, reader, scores) {
  const start = reader.read(before, model), end = reader.read(after, model), { resolutions } = model.config;
  const sums = resolutions.map(() => ({ window: null, pcres: end.pcres.map(() => null) }));
  NODES.forEach((node, i) => {
    model.gradients(between(start, end, node, resolutions)).forEach((slopes, n) => {
      sums[n].window = added(sums[n].window, slopes.window, WEIGHTS[i]);
      slopes.pcres.forEach((slope, p) => {
        sums[n].pcres[p] = added(sums[n].pcres[p], slope, WEIGHTS[i]);
      });
    });
  });
  const columns = reader.columns(model.config.marks), offsets = after.offsets();
  resolutions.forEach((r, n) => {
    const share = (row, slope, from, to, turned) => {
      const change2 = slope.map((v, j) => v * (to.strips[r].features[j] - from.strips[r].features[j]));
      divided(change2, r, columns, before.regions[row], after.regions[row], turned, after.shared, scores, offsets[row]);
    };
    share(after.promoter, sums[n].window, start.window, end.window, after.turned);
    after.pcre.forEach((row, p) => share(row, sums[n].pcres[p], start.pcres[p], end.pcres[p], false));
  });
}
function between(start, end, node, resolutions) {
  const mixed = (a, b) => ({
    key: "",
    strips: Object.fromEntries(
      resolutions.map((r) => {
        const from = a.strips[r].features, to = b.strips[r];
        return [r, { ...to, features: to.features.map((v, j) => from[j] + node * (v - from[j])) }];
      })
    )
  });
  const pcres = end.pcres.map((pcre, i) => mixed(start.pcres[i], pcre));
  return { window: mixed(start.window, end.window), pcres, frequency: end.frequency };
}
function added(sum2, slope, weight) {
  const out = sum2 || new Float32Array(slope.length);
  for (let j = 0; j < slope.length; j++) out[j] += weight * slope[j];
  return out;
}
function divided(scores, resolution, columns, from, to, turned, { size, marks }, out, offset) {
  const m = marks.length, per = resolution / size, count = scores.length / columns.length, fine = to.depth.length / m;
  const read = (r, b, column) => {
    const depth = r.depth[b * m + column], bases = r.covered ? r.covered[b * m + column] : Math.min(size, r.end - r.start - b * size);
    return Number.isNaN(depth) ? 0 : depth * bases;
  };
  columns.forEach((column, k) => {
    for (let j = 0; j < count; j++) {
      const score = scores[(turned ? count - 1 - j : j) * columns.length + k], last = Math.min((j + 1) * per, fine);
      if (!score) continue;
      const moved = [];
      for (let b = j * per; b < last; b++) moved.push(Math.abs(read(to, b, column) - read(from, b, column)));
      const total = moved.reduce((a, b) => a + b, 0);
      if (total > 0)
        moved.forEach((by, i) => {
          out[(offset + j * per + i) * m + column] += score * by / total;
        });
    }
  });
}
function lookedAt(model, gene, reader) {
  const { shared } = gene, m = shared.marks.length, offsets = gene.offsets(), read = reader.read(gene, model), { config } = model;
  const total = new Float64Array(offsets[offsets.length - 1]), count = new Int32Array(total.length), shares = /* @__PURE__ */ new Map();
  const maps = model.maps(read);
  const add = (row, map, strip2, heads, resolution, turned) => {
    if (!map) return;
    const bins = map.length / heads, per = resolution / shared.size, fine = gene.regions[row].depth.length / m;
    const seen = strip2.seen ? strip2.seen.filter(Boolean).length : bins;
    for (let j = 0; j < bins; j++) {
      if (strip2.seen && !strip2.seen[j]) continue;
      let share = 0;
      for (let h = 0; h < heads; h++) share += map[h * bins + j] / heads;
      const at = turned ? bins - 1 - j : j;
      for (let b = at * per; b < Math.min((at + 1) * per, fine); b++) {
        total[offsets[row] + b] += share * seen;
        count[offsets[row] + b]++;
      }
    }
  };
  const rows = [gene.promoter, ...gene.pcre];
  for (const { resolution, window: window2, pcres, regions } of maps) {
    add(gene.promoter, window2, read.window.strips[resolution], config.embed_heads, resolution, gene.turned);
    gene.pcre.forEach(
      (row, i) => add(row, pcres[i], read.pcres[i].strips[resolution], config.pairwise_heads, resolution, false)
    );
    if (!regions) continue;
    const heads = config.regulation_heads;
    rows.forEach((row, j) => {
      let share = shares.get(row) ?? 0;
      for (let h = 0; h < heads; h++) share += regions[h * rows.length + j] / heads / maps.length;
      shares.set(row, share);
    });
  }
  return { level: Float32Array.from(total, (sum2, b) => count[b] ? sum2 / count[b] : NaN), shares };
}

// whatif/local/files.js
function written(edits, about = null) {
  const lines = entries(edits), listed = lines.length ? `
  ${lines.join(",\n  ")}
` : "";
  return `{"format": "${FORMAT}", ${about ? `"about": ${dumped(about)},
 ` : ""}"edits": [${listed}]}
`;
}
function readFile(text) {
  if (!text.trimStart().startsWith("{"))
    throw new Refusal("this is not a file of edits; write one with Save, or cl.edits.to_json");
  let found;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new Refusal(`the edits: not JSON (${error.message}); write it with cl.edits.to_json`);
  }
  const { about = {}, ...rest } = found, plain = about && typeof about === "object" && !Array.isArray(about);
  if (!plain || Object.keys(rest).sort().join() !== "edits,format" || !Array.isArray(rest.edits)) {
    throw new Refusal(`the edits: expected {"format": "${FORMAT}", "edits": [...]}, and nothing else`);
  }
  if (rest.format !== FORMAT) {
    throw new Refusal(
      `the edits: its format is ${quoted(String(rest.format))}; this version of chromolab reads '${FORMAT}'`
    );
  }
  return { edits: editsOf(rest.edits), about };
}
function noteOn(about, row) {
  if ((about.gene_id ?? row.gene_id) !== row.gene_id) {
    throw new Refusal(
      `this file holds edits of ${called(about)}, and the lab shows ${called(row)}: choose the file's gene first, then load it again`
    );
  }
  const cell = about.cell_type ?? row.cell_type;
  return cell === row.cell_type ? null : `The file's edits were made in ${cell}; here they are applied to ${row.cell_type}.`;
}
function called(gene) {
  const names = [...new Set([String(gene.gene_name || ""), String(gene.gene_id)].filter(Boolean))];
  return `${names.join(" ")} in ${gene.cell_type ?? "some cell type"}`;
}
function script(template, row, edits) {
  const lines = calls(edits).map((line2) => `    ${line2},
`), listed = lines.length ? `
${lines.join("")}` : "";
  const line = (text) => String(text).trim().split(/\s+/).join(" "), name = nameOf(row);
  return template.replace(
    /^# 0 edits of .*, made in/,
    () => `# ${edits.length} edits of ${line(name)} in ${line(row.cell_type)}, made in`
  ).replace(
    /^gene = dataset\.gene\(.*\)$/m,
    () => `gene = dataset.gene(${inQuotes(row.gene_id)}, ${inQuotes(row.cell_type)})`
  ).replace("edits = []\n", () => `edits = [${listed}]
`);
}
function nameOf(row) {
  const name = String(row.gene_name || row.gene_id);
  return name === row.gene_id ? name : `${name} (${row.gene_id})`;
}

// whatif/local/missions.js
var mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
var chance = (session) => mean(session.predicted(session.edited).classification);
var change = (session) => mean(session.predicted(session.edited).regression) - mean(session.before.regression);
var CHECKS = {
  "one stroke": (session) => session.edits.length === 1 && ["Scale", "Paint"].includes(session.edits[0].type) && chance(session) < 0.5,
  "wake a silent gene": (session) => session.edits.every((e) => session.about.heights.active.includes(e.mark)) && chance(session) > 0.7,
  "the right contact": (session) => session.edits.length === 1 && session.edits[0].type === "DropPcre" && change(session) <= -0.05
};
function offered({ about, solved }) {
  return about.missions.map((mission) => ({ ...mission, solved: solved.has(mission.name) }));
}
function solvedBy(session) {
  const { gene_id, cell_type } = session.gene.row;
  for (const mission of session.edits.length ? session.about.missions : []) {
    const here = mission.gene_id === gene_id && mission.cell_type === cell_type;
    if (here && CHECKS[mission.name](session)) session.solved.add(mission.name);
  }
  return session.about.missions.map(({ name }) => name).filter((name) => session.solved.has(name));
}

// whatif/local/answers.js
var LISTED = 200;
var UNITS = { classification: "log-odds", regression: "log2(RPKM + 1)" };
var UNKNOWN = "This page alone cannot simulate the gene again; in a notebook the lab can: cl.WhatIf(world=world).";
var ALONE = "this page works without Python, and only Python can answer that; open the lab in a notebook: cl.WhatIf(...)";
var floats = (values) => values instanceof Float32Array ? values : Float32Array.from(values);
var sum = (values) => values.reduce((a, b) => a + b, 0);
var mean2 = (values) => sum(values) / values.length;
function agreeing(values) {
  const score = mean2(values);
  const agree = mean2(values.map((v) => Math.sign(v) === Math.sign(score) ? 1 : 0));
  return { score, low: Math.min(...values), high: Math.max(...values), agree };
}
var Answers = class {
  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
  }
  /** @returns {[Record<string, any>, Float32Array[]]} */
  reply(request) {
    const { session } = this, known = Object.hasOwn(session.models, request.task);
    switch (request.kind) {
      case "hello":
        return this.state({ gene: true });
      case "gene":
        session.choose(request.gene_id, request.cell_type);
        return this.state({ gene: true });
      case "act":
        return this.state({ error: this.acted(request.actions) });
      case "settle":
        return [this.settled(), []];
      case "carried":
        if (known) return this.carried(request.task);
        break;
      case "attention":
        if (known) return this.attention(request.task);
        break;
      case "search":
        return [{ found: session.search(request.text) }, []];
      case "compare":
        return this.compared(request.gene_id, request.cell_type);
      case "text":
        return [this.text(), []];
      case "open":
        session.open(request.text);
        return this.state({ gene: true });
      default:
    }
    throw new Refusal(ALONE);
  }
  /** Carry out the actions, or return why not; the page gets the current state either way. */
  acted(actions) {
    try {
      this.session.act(actions);
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
    return null;
  }
  /** @returns {[Record<string, any>, Float32Array[]]} */
  state({ gene = false, error = null }) {
    const { session } = this, { before, edits, history } = session;
    const after = edits.length ? session.predicted(session.edited) : before;
    const state = {
      kind: "state",
      regions: session.regions(),
      edits: edits.length,
      error,
      note: session.note,
      undo: history.past.length > 1,
      redo: history.future.length > 0,
      predicted: bothTimes(before, after)
    };
    if (!gene) return [state, [session.edited.flat()]];
    const { about } = session, own = about.examples[session.index];
    Object.assign(state, {
      gene: own.gene,
      recipes: session.recipes(),
      notices: about.notices,
      missions: offered(session),
      words: about.words,
      neighbours: own.neighbours
    });
    return [state, [session.edited.flat(), session.gene.flat()]];
  }
  /** What is computed after a pause. */
  settled() {
    const { session } = this, { edits } = session, after = session.predicted(session.edited);
    return {
      predicted: bothTimes(session.before, after),
      list: edits.slice(-LISTED).map((e) => [inWords(e), named(e)]),
      first: Math.max(0, edits.length - LISTED),
      warnings: session.warnings(),
      recipes: session.recipes(),
      solved: solvedBy(session),
      true: this.true(),
      truth: [],
      factors: edits.filter((e) => e.type === "Scale").map(({ mark, chrom, start, end, factor }) => ({ mark, chrom, start, end, factor }))
    };
  }
  /** True values: what was packed for these edits, else what is known without any, and that the rest is not known here. */
  true() {
    const { about, index, edits } = this.session, packed = about.examples[index].true;
    if (!packed) return null;
    const known = packed[written(edits)];
    if (known) return known;
    const none = packed[written([])], tasks = Object.entries(none.tasks).map(([task, told]) => {
      const after = "change" in told ? { after: null, change: null } : { after: null, words: told.words };
      return [task, { ...told, ...after }];
    });
    return { tasks: Object.fromEntries(tasks), parts: [], refused: [UNKNOWN] };
  }
  /** @returns {[Record<string, any>, Float32Array[]]} */
  carried(task) {
    const { session } = this, {
      models,
      reader,
      gene,
      edits,
      shared: { marks }
    } = session, m = marks.length;
    const each = models[task].map((model) => carriedBy(model, gene, edits, reader)), regions = session.regions();
    const contacts = new Map(
      [...each[0].byContact.keys()].map((row) => [row, each.map((own) => own.byContact.get(row))])
    );
    const reasons2 = [...contacts].map(([row, values]) => ({ row, mark: null, ...agreeing(values) }));
    for (const { row, offset, bins } of regions) {
      marks.forEach((mark, k) => {
        const values = each.map(({ scores }) => {
          let total = 0;
          for (let b = offset; b < offset + bins; b++) total += scores[b * m + k];
          return total;
        });
        if (values.some(Boolean)) reasons2.push({ row, mark, ...agreeing(values) });
      });
    }
    const { score: change2, ...range } = agreeing(
      each.map(({ scores, byContact }) => sum(scores) + sum([...byContact.values()]))
    );
    const average = new Float64Array(each[0].scores.length), agree = new Float32Array(average.length);
    for (const { scores } of each) for (let i = 0; i < average.length; i++) average[i] += scores[i] / each.length;
    for (let i = 0; i < average.length; i++) {
      if (average[i])
        agree[i] = mean2(each.map(({ scores }) => Math.sign(scores[i]) === Math.sign(average[i]) ? 1 : 0));
    }
    return [
      {
        unit: UNITS[task],
        models: each.length,
        change: change2,
        ...range,
        contacts: regions.map(({ row }) => contacts.has(row) ? mean2(contacts.get(row)) : null),
        reasons: reasons2.sort((a, b) => Math.abs(b.score) - Math.abs(a.score))
      },
      [floats(average), agree]
    ];
  }
  /** @returns {[Record<string, any>, Float32Array[]]} */
  attention(task) {
    const { session } = this, each = session.models[task].map((model) => lookedAt(model, session.edited, session.reader));
    const rows = session.regions().map(({ row }) => row);
    const told = each.map((own) => own.shares).filter((own) => own.size);
    const shares = (f) => rows.map((row) => told[0]?.has(row) ? f(told.map((own) => own.get(row))) : null);
    const level2 = each[0].level.map((_, b) => mean2(each.map((own) => own.level[b])));
    return [{ shares: shares(mean2), low: shares((v) => Math.min(...v)), high: shares((v) => Math.max(...v)) }, [level2]];
  }
  /** @returns {[Record<string, any>, Float32Array[]]} */
  compared(geneId, cellType) {
    const { session } = this, index = session.find(geneId, cellType), other = session.example(index), { row } = other;
    const depth = floats(other.promoterDepth()), m = session.shared.marks.length, bins = depth.length / m;
    const along2 = depth.slice();
    if (session.gene.turned)
      for (let b = 0; b < bins; b++) along2.set(depth.subarray((bins - 1 - b) * m, (bins - b) * m), b * m);
    return [
      {
        name: nameOf(row),
        gene_id: row.gene_id,
        cell_type: row.cell_type,
        cell_types: row.cell_types,
        predicted: session.predicted(other),
        measured: row.measured,
        contacts: other.pcres().map(({ chrom, start, end, frequency }) => ({ chrom, start, end, frequency }))
      },
      [along2]
    ];
  }
  text() {
    const { about, index, edits, gene } = this.session, { file } = about.examples[index];
    return { python: script(about.script, gene.row, edits), json: written(edits, file) };
  }
};
var bothTimes = (before, after) => Object.fromEntries(Object.keys(before).map((task) => [task, { before: before[task], after: after[task] }]));
var Model = class {
  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.answers = new Answers(session);
    this.listeners = /* @__PURE__ */ new Set();
    this.times = [];
  }
  get(name) {
    return { marks: this.answers.session.about.marks, alone: true }[name];
  }
  on(name, listener) {
    if (name === "msg:custom") this.listeners.add(listener);
  }
  off(name, listener) {
    this.listeners.delete(listener);
  }
  send(request) {
    setTimeout(() => {
      const began = performance.now(), [reply, buffers] = this.answered(request);
      this.times = [...this.times.slice(-999), { kind: request.kind, ms: performance.now() - began }];
      const views = buffers.map((b) => new DataView(b.buffer, b.byteOffset, b.byteLength));
      for (const listener of this.listeners) listener({ ...reply, seq: request.seq }, views);
    });
  }
  /** @returns {[Record<string, any>, Float32Array[]]} */
  answered(request) {
    try {
      return this.answers.reply(request);
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(error);
      return [{ error: error.message }, []];
    }
  }
};

// whatif/local/products_wasm.js
var WASM = "AGFzbQEAAAABCQFgBX9/f39/AAMDAgAABQMBAAEHFwMGbWVtb3J5AgAEcm93cwAAA21peAABCugCAvsBAgN/AnsCQANAIANFDQH9DAAAAAAAAAAAAAAAAAAAAAAhCP0MAAAAAAAAAAAAAAAAAAAAACEJIAEhByAAIARBAnRqIQYCQANAIABBIGogBksNASAIIAD9AAQAIAf9AAQA/eYB/eQBIQggCSAA/QAEECAH/QAEEP3mAf3kASEJIABBIGohACAHQSBqIQcMAAsLAkADQCAAIAZPDQEgCCAA/QAEACAH/QAEAP3mAf3kASEIIABBEGohACAHQRBqIQcMAAsLIAggCf3kASEIIAIgCP0fACAI/R8BkiAI/R8CIAj9HwOSkjgCACACQQRqIQIgA0EBayEDDAALCwtpAgJ/AXsCQANAIANFDQEgAf0JAgAhByACIQUgACAEQQJ0aiEGA0AgBSAF/QAEACAHIAD9AAQA/eYB/eQB/QsEACAAQRBqIQAgBUEQaiEFIAAgBkkNAAsgAUEEaiEBIANBAWshAwwACwsL";

// whatif/local/products.js
var PAGE = 65536;
function compiled() {
  try {
    const bytes = Uint8Array.from(atob(WASM), (letter) => letter.charCodeAt(0));
    return (
      /** @type {any} */
      new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports
    );
  } catch {
    return null;
  }
}
var Arena = class {
  /** @param {boolean} plain without WebAssembly, even where there is one */
  constructor(plain = false) {
    this.wasm = plain ? null : compiled();
    this.numbers = this.wasm ? new Float32Array(this.wasm.memory.buffer) : new Float32Array(1 << 14);
    this.top = 0;
    this.longest = 0;
    this.vector = this.result = 0;
    this.reserve(4096);
    this.spare = { at: this.room(4 * 4096), room: 4 * 4096 };
  }
  /** The place of `count` numbers that were not in use. */
  room(count) {
    const at = this.top;
    this.top += Math.ceil(count / 4) * 4;
    if (this.top <= this.numbers.length) return at;
    if (this.wasm) {
      this.wasm.memory.grow(Math.ceil((this.top - this.numbers.length) * 4 / PAGE) + 16);
      this.numbers = new Float32Array(this.wasm.memory.buffer);
    } else {
      const more = new Float32Array(2 * this.top);
      more.set(this.numbers);
      this.numbers = more;
    }
    return at;
  }
  /**
   * Keep a matrix, given row by row, for good.
   * @returns {Matrix}
   */
  keep(values, columns) {
    this.reserve(Math.max(columns + 4, values.length / columns));
    const stride = Math.ceil(columns / 4) * 4, rows = values.length / columns;
    return this.fill({ at: this.room(rows * stride), rows, columns, stride }, values);
  }
  /**
   * Hold a matrix until the next one is lent.
   * @returns {Matrix}
   */
  lend(values, columns) {
    const stride = Math.ceil(columns / 4) * 4, rows = values.length / columns, { spare } = this;
    if (rows * stride > spare.room) Object.assign(spare, { at: this.room(rows * stride), room: rows * stride });
    return this.fill({ at: spare.at, rows, columns, stride }, values);
  }
  fill(matrix, values) {
    const { at, rows, columns, stride } = matrix, { numbers: numbers2 } = this;
    if (stride === columns) {
      numbers2.set(values, at);
      return matrix;
    }
    for (let row = 0; row < rows; row++) {
      const start = at + row * stride;
      for (let c = 0; c < columns; c++) numbers2[start + c] = values[row * columns + c];
      for (let c = columns; c < stride; c++) numbers2[start + c] = 0;
    }
    return matrix;
  }
  /** Copy a vector in, followed by zeros up to a multiple of 4. */
  put(x) {
    const { numbers: numbers2, vector } = this;
    numbers2.set(x, vector);
    for (let i = vector + x.length; i & 3; i++) numbers2[i] = 0;
  }
  /** Room for vectors of `count` numbers. */
  reserve(count) {
    if (count <= this.longest) return;
    this.longest = count;
    this.vector = this.room(count);
    this.result = this.room(count);
  }
  /** W x for `rows` rows of W from the row `from` on: Float32Array (rows). */
  times(matrix, x, from = 0, rows = matrix.rows - from) {
    const { at, stride } = matrix, start = at + from * stride, { result, vector } = this;
    this.put(x);
    if (this.wasm) this.wasm.rows(start * 4, vector * 4, result * 4, rows, stride);
    else plainRows(this.numbers, start, vector, result, rows, stride);
    return this.numbers.slice(result, result + rows);
  }
  /** W' x: the sum of x[i] times row `from` + i of W, Float32Array (columns). */
  mixed(matrix, x, from = 0) {
    const { at, stride, columns } = matrix, start = at + from * stride, { result, vector } = this;
    this.put(x);
    this.numbers.fill(0, result, result + stride);
    if (this.wasm) this.wasm.mix(start * 4, vector * 4, result * 4, x.length, stride);
    else plainMix(this.numbers, start, vector, result, x.length, stride);
    return this.numbers.slice(result, result + columns);
  }
  /** A copy of one row. */
  row(matrix, index) {
    const start = matrix.at + index * matrix.stride;
    return this.numbers.slice(start, start + matrix.columns);
  }
};
function plainRows(numbers2, w, x, y, rows, n) {
  for (let row = 0; row < rows; row++, w += n) {
    let a = 0, b = 0, c = 0, d = 0;
    for (let i = 0; i < n; i += 4) {
      a += numbers2[w + i] * numbers2[x + i];
      b += numbers2[w + i + 1] * numbers2[x + i + 1];
      c += numbers2[w + i + 2] * numbers2[x + i + 2];
      d += numbers2[w + i + 3] * numbers2[x + i + 3];
    }
    numbers2[y + row] = a + b + (c + d);
  }
}
function plainMix(numbers2, w, x, y, rows, n) {
  for (let row = 0; row < rows; row++, w += n) {
    const by = numbers2[x + row];
    for (let i = 0; i < n; i++) numbers2[y + i] += by * numbers2[w + i];
  }
}

// whatif/local/chromoformer.js
var HIDDEN = -34028235e31;
var MOST = 500;
function addNorm(x, y, norm) {
  const n = x.length, scaled = new Float32Array(n), out = new Float32Array(n);
  let mean3 = 0, square = 0;
  for (let i = 0; i < n; i++) mean3 += y[i] += x[i];
  mean3 /= n;
  for (let i = 0; i < n; i++) square += (y[i] - mean3) ** 2;
  const by = 1 / Math.sqrt(square / n + 1e-5);
  for (let i = 0; i < n; i++) {
    scaled[i] = (y[i] - mean3) * by;
    out[i] = scaled[i] * norm.weight[i] + norm.bias[i];
  }
  const back = (slope) => {
    const d = new Float32Array(n);
    let sum2 = 0, along2 = 0;
    for (let i = 0; i < n; i++) {
      d[i] = slope[i] * norm.weight[i];
      sum2 += d[i];
      along2 += d[i] * scaled[i];
    }
    for (let i = 0; i < n; i++) d[i] = by * (d[i] - sum2 / n - scaled[i] * along2 / n);
    return d;
  };
  return { x: out, back };
}
function softmax(x, at, n) {
  let top = -Infinity, sum2 = 0;
  for (let i = at; i < at + n; i++) if (x[i] > top) top = x[i];
  for (let i = at; i < at + n; i++) sum2 += x[i] = Math.exp(x[i] - top);
  for (let i = at; i < at + n; i++) x[i] /= sum2;
}
function plus(a, b) {
  for (let i = 0; i < a.length; i++) a[i] += b[i];
  return a;
}
var Models = class {
  constructor(arena) {
    this.arena = arena;
    this.tables = /* @__PURE__ */ new Map();
  }
  /** Sinusoidal positions (T, D), rounded as chromolab/models/attention.py rounds them. */
  positions(bins, width) {
    const key = `${bins},${width}`;
    if (!this.tables.has(key)) {
      const table = new Float32Array(bins * width), f = Math.fround;
      for (let i = 0; i < width; i += 2) {
        const rate = f(Math.exp(f(i * f(-Math.log(1e4) / width))));
        for (let t = 0; t < bins; t++) {
          table[t * width + i] = Math.sin(f(t * rate));
          if (i + 1 < width) table[t * width + i + 1] = Math.cos(f(t * rate));
        }
      }
      this.tables.set(key, this.arena.keep(table, width));
    }
    return this.tables.get(key);
  }
  /** @returns {Chromoformer} */
  add(config, tensors) {
    return new Chromoformer(this, config, tensors);
  }
};
var Chromoformer = class {
  /** @param {Models} models */
  constructor(models, config, tensors) {
    this.models = models;
    this.arena = models.arena;
    this.config = config;
    this.task = config.task;
    this.key = null;
    this.promoter = {};
    this.answers = /* @__PURE__ */ new Map();
    const matrix = (name) => this.arena.keep(tensors[name].values, tensors[name].shape[1]);
    const vector = (name) => tensors[name].values;
    const linear = (name) => ({ weight: matrix(`${name}.weight`), bias: vector(`${name}.bias`) });
    const norm = (name) => ({ weight: vector(`${name}.weight`), bias: vector(`${name}.bias`) });
    const block = (name) => ({
      ff: linear(`${name}.self_att.ff`),
      ln: norm(`${name}.self_att.ln`),
      l1: linear(`${name}.ff.l1`),
      l2: linear(`${name}.ff.l2`),
      ln2: norm(`${name}.ff.ln`)
    });
    const layers = (part2, r, count) => Array.from({ length: count }, (_, i) => `${part2}.${r}.transformer.layers.${i}`);
    this.at = {};
    for (const r of config.resolutions) {
      const embed = `embed.${r}`, pairwise2 = `pairwise_interaction.${r}`, [first] = layers("embed", r, 1);
      this.at[r] = {
        embed: {
          project: matrix(`${embed}.lin_proj.weight`),
          att: matrix(`${first}.self_att.att.weight`),
          ...block(first)
        },
        promoter: matrix(`${pairwise2}.lin_proj_p.weight`),
        pcre: matrix(`${pairwise2}.lin_proj_pcre.weight`),
        pairwise: layers("pairwise_interaction", r, config.pairwise_layers).map((l) => ({
          query: matrix(`${l}.self_att.p_att.weight`),
          att: matrix(`${l}.self_att.c_att.weight`),
          ...block(l)
        })),
        regulation: layers("regulation", r, config.regulation_layers).map((l) => ({
          att: matrix(`${l}.self_att.att.weight`),
          gamma: vector(`${l}.self_att.gamma_f`),
          ...block(l)
        }))
      };
    }
    this.head = [linear("fc_head.0"), linear("fc_head.2")];
  }
  // ----- the parts ------------------------------------------------------------------------------------------------
  linear({ weight, bias }, x) {
    return plus(this.arena.times(weight, x), bias);
  }
  /** The end of an attention block, and the feed-forward block: x, attended -> x; back -> [by x, by attended]. */
  block(layer, x, attended) {
    const { arena } = this, first = addNorm(x, this.linear(layer.ff, attended), layer.ln);
    const hidden = this.linear(layer.l1, first.x);
    for (let i = 0; i < hidden.length; i++) if (hidden[i] < 0) hidden[i] = 0;
    const last = addNorm(first.x, this.linear(layer.l2, hidden), layer.ln2);
    const back = (slope) => {
      const summed = last.back(slope), inner = arena.mixed(layer.l2.weight, summed);
      for (let i = 0; i < inner.length; i++) if (hidden[i] === 0) inner[i] = 0;
      const both = first.back(plus(arena.mixed(layer.l1.weight, inner), summed));
      return [both, arena.mixed(layer.ff.weight, both)];
    };
    return { x: last.x, back };
  }
  /**
   * One query (H * E) against the bins of a strip: values (H * E), map (H, W); back -> [by query, by features].
   * `att` holds the keys' weights from the row `keys` on, the values' from `values` on.
   */
  attend(query, strip2, heads, project, att, keys, values) {
    const { arena } = this, width = project.rows, marks = project.columns, count = strip2.features.length / marks;
    const each = query.length / heads, scale = 1 / Math.sqrt(each), { first, seen } = strip2;
    const place = this.models.positions(strip2.bins, width), x = new Float32Array(query.length);
    const map = new Float32Array(heads * count), kept = [];
    let bins = arena.lend(strip2.features, marks);
    for (let h = 0; h < heads; h++) {
      const asked = query.slice(h * each, (h + 1) * each).map((v) => v * scale);
      const token = arena.mixed(att, asked, keys + h * each), short2 = arena.mixed(project, token);
      const scores = plus(arena.times(place, token, first, count), arena.times(bins, short2));
      if (seen) {
        for (let j = 0; j < count; j++) if (!seen[j]) scores[j] = HIDDEN;
      }
      softmax(scores, 0, count);
      map.set(scores, h * count);
      const pooled = plus(arena.times(project, arena.mixed(bins, scores)), arena.mixed(place, scores, first));
      x.set(arena.times(att, pooled, values + h * each, each), h * each);
      kept.push({ short: short2, scores });
    }
    const back = (slope) => {
      const byQuery = new Float32Array(query.length), byFeatures = new Float32Array(strip2.features.length);
      bins = arena.lend(strip2.features, marks);
      for (let h = 0; h < heads; h++) {
        const { short: short2, scores } = kept[h];
        const pooled = arena.mixed(att, slope.subarray(h * each, (h + 1) * each), values + h * each);
        const mean3 = arena.mixed(project, pooled);
        const byScore = plus(arena.times(place, pooled, first, count), arena.times(bins, mean3));
        let along2 = 0;
        for (let j = 0; j < count; j++) along2 += scores[j] * byScore[j];
        for (let j = 0; j < count; j++) byScore[j] = scores[j] * (byScore[j] - along2);
        for (let j = 0, at = 0; j < count; j++) {
          for (let k = 0; k < marks; k++, at++) byFeatures[at] += scores[j] * mean3[k] + byScore[j] * short2[k];
        }
        const token = plus(arena.mixed(place, byScore, first), arena.times(project, arena.mixed(bins, byScore)));
        byQuery.set(
          arena.times(att, token, keys + h * each, each).map((v) => v * scale),
          h * each
        );
      }
      return [byQuery, byFeatures];
    };
    return { x, map, back };
  }
  /** The promoter's TSS bin among its window's bins; back -> by features. */
  embed(r, strip2) {
    const { arena, config } = this, own = this.at[r].embed, width = config.width, marks = own.project.columns;
    const middle = strip2.bins >> 1, place = this.models.positions(strip2.bins, width);
    const here = strip2.features.subarray(middle * marks, (middle + 1) * marks);
    const token = plus(arena.times(own.project, here), arena.row(place, middle));
    const query = arena.times(own.att, token, 0, width);
    const attended = this.attend(query, strip2, config.embed_heads, own.project, own.att, width, 2 * width);
    const { x, back: blockBack } = this.block(own, token, attended.x);
    const back = (slope) => {
      const [byToken, byAttended] = blockBack(slope), [byQuery, features] = attended.back(byAttended);
      const own_ = arena.mixed(own.project, plus(arena.mixed(own.att, byQuery), byToken));
      for (let k = 0; k < marks; k++) features[middle * marks + k] += own_[k];
      return features;
    };
    return { x, map: attended.map, back };
  }
  /** What one pCRE answers to the promoter; back -> [by promoter, by features]. */
  ask(r, promoter, strip2) {
    const { arena, config } = this, own = this.at[r], steps = [];
    let x = arena.times(own.promoter, promoter), map = null;
    for (const layer of own.pairwise) {
      const query = arena.times(layer.query, x);
      const attended = this.attend(query, strip2, config.pairwise_heads, own.pcre, layer.att, 0, config.width);
      const block = this.block(layer, x, attended.x);
      steps.push({ layer, attended, block });
      ({ map } = attended);
      ({ x } = block);
    }
    const back = (slope) => {
      const features = new Float32Array(strip2.features.length);
      for (const { layer, attended, block } of [...steps].reverse()) {
        const [byX, byAttended] = block.back(slope), [byQuery, more] = attended.back(byAttended);
        plus(features, more);
        slope = plus(arena.mixed(layer.query, byQuery), byX);
      }
      return [arena.mixed(own.promoter, slope), features];
    };
    return { x, map, back };
  }
  /** The promoter's token among all tokens [promoter, answers...]: token 0; back -> by all tokens. */
  regulate(r, tokens, frequency) {
    const { regulation } = this.at[r], steps = [];
    let x = tokens, map = null;
    regulation.forEach((layer, n) => {
      const step = this.regulationLayer(layer, x, frequency, n === regulation.length - 1 ? 1 : x.length);
      steps.push(step);
      ({ x, map } = step);
    });
    if (!regulation.length) return meanOf(tokens);
    const back = (slope) => steps.reduceRight((slopes, step) => step.back(slopes), [slope]);
    return { x: x[0], map, back };
  }
  /** One layer for the first `asking` of the tokens; the map (H, S) is the promoter's row. */
  regulationLayer(layer, tokens, frequency, asking) {
    const { arena, config } = this, heads = config.regulation_heads, wide = config.regulation_width;
    const each = wide / heads, count = tokens.length, scale = 1 / Math.sqrt(each);
    const answers = tokens.map((token) => arena.times(layer.att, token, wide, 2 * wide));
    const each_ = tokens.slice(0, asking).map((token, i) => {
      const query = arena.times(layer.att, token, 0, wide), gate = arena.times(layer.att, token, 3 * wide, wide);
      const map = new Float32Array(heads * count), mixed = new Float32Array(wide), out = new Float32Array(wide);
      for (let h = 0; h < heads; h++) {
        for (let j = 0; j < count; j++) {
          let score = 0;
          for (let e = h * each; e < (h + 1) * each; e++) score += query[e] * answers[j][e];
          map[h * count + j] = score * scale + (i === 0 && j > 0 ? layer.gamma[h] * frequency[j - 1] : 0);
        }
        softmax(map, h * count, count);
        for (let j = 0; j < count; j++) {
          const share = map[h * count + j];
          for (let e = h * each; e < (h + 1) * each; e++) mixed[e] += share * answers[j][wide + e];
        }
      }
      for (let e = 0; e < wide; e++) {
        gate[e] = 1 / (1 + Math.exp(-gate[e]));
        out[e] = mixed[e] * gate[e];
      }
      return { query, gate, map, mixed, block: this.block(layer, token, out) };
    });
    const back = (slopes) => {
      const byTokens = tokens.map((token) => new Float32Array(token.length));
      const byAnswers = answers.map(() => new Float32Array(2 * wide));
      each_.forEach(({ query, gate, map, mixed, block }, i) => {
        const [byToken, byOut] = block.back(slopes[i]), byQuery = new Float32Array(wide), byGate = new Float32Array(wide);
        for (let e = 0; e < wide; e++) {
          byGate[e] = byOut[e] * mixed[e] * gate[e] * (1 - gate[e]);
          byOut[e] *= gate[e];
        }
        for (let h = 0; h < heads; h++) {
          const byShare = new Float32Array(count);
          let along2 = 0;
          for (let j = 0; j < count; j++) {
            const share = map[h * count + j];
            for (let e = h * each; e < (h + 1) * each; e++) {
              byShare[j] += byOut[e] * answers[j][wide + e];
              byAnswers[j][wide + e] += share * byOut[e];
            }
            along2 += share * byShare[j];
          }
          for (let j = 0; j < count; j++) {
            const byScore = map[h * count + j] * (byShare[j] - along2) * scale;
            for (let e = h * each; e < (h + 1) * each; e++) {
              byQuery[e] += byScore * answers[j][e];
              byAnswers[j][e] += byScore * query[e];
            }
          }
        }
        plus(plus(byTokens[i], byToken), arena.mixed(layer.att, byQuery));
        plus(byTokens[i], arena.mixed(layer.att, byGate, 3 * wide));
      });
      byAnswers.forEach((by, j) => plus(byTokens[j], arena.mixed(layer.att, by, wide)));
      return byTokens;
    };
    return { x: each_.map(({ block }) => block.x), map: each_[0].map, back };
  }
  // ----- the model ------------------------------------------------------------------------------------------------
  /**
   * One resolution of a gene. What was embedded and answered is kept by its key: after an edit of one pCRE that pCRE
   * alone is asked again.
   */
  resolution(r, gene, keep) {
    const own = keep && this.promoter[r] || this.embed(r, gene.window.strips[r]);
    if (keep) this.promoter[r] = own;
    const answers = gene.pcres.map((pcre) => {
      const key = `${r} ${pcre.key}`, known = keep && this.answers.get(key);
      if (known) return known;
      const answer = this.ask(r, own.x, pcre.strips[r]);
      if (keep) this.answers.set(key, { x: answer.x, map: answer.map, back: null });
      return answer;
    });
    return { own, answers, regulated: this.regulate(r, [own.x, ...answers.map((a) => a.x)], gene.frequency) };
  }
  /**
   * Outputs (2 logits, or one value), the steps of each resolution, and the head's hidden numbers.
   * @param {Gene} gene
   */
  run(gene, keep = true) {
    const { config } = this, width = config.width, together = new Float32Array(config.resolutions.length * width);
    if (keep && this.key !== gene.window.key)
      Object.assign(this, { key: gene.window.key, promoter: {}, answers: /* @__PURE__ */ new Map() });
    const steps = config.resolutions.map((r, n) => {
      const step = this.resolution(r, gene, keep);
      for (let d = 0; d < width; d++) together[n * width + d] = step.own.x[d] + step.regulated.x[d];
      return step;
    });
    if (this.answers.size > MOST) this.answers = /* @__PURE__ */ new Map();
    const hidden = this.linear(this.head[0], together);
    for (let i = 0; i < hidden.length; i++) if (hidden[i] < 0) hidden[i] = 0;
    return { out: this.linear(this.head[1], hidden), steps, hidden };
  }
  /** The probability of class 1, or log2(RPKM + 1). */
  value(gene) {
    const { out } = this.run(gene);
    return out.length === 2 ? 1 / (1 + Math.exp(Math.max(-700, Math.min(700, out[0] - out[1])))) : out[0];
  }
  /** Log-odds, or log2(RPKM + 1): the scale on which changes add. */
  level(gene) {
    const { out } = this.run(gene);
    return out.length === 2 ? Math.fround(out[1] - out[0]) : out[0];
  }
  /**
   * The attention maps that `level` rests on: of each resolution the window's (H, T), each pCRE's in the last layer
   * (H, W) and the regions' (H, S).
   */
  maps(gene) {
    const { steps } = this.run(gene);
    return this.config.resolutions.map((r, n) => ({
      resolution: r,
      window: steps[n].own.map,
      pcres: steps[n].answers.map((a) => a.map),
      regions: steps[n].regulated.map
    }));
  }
  /** Gradients of `level` by the features: of each resolution, the window's and each pCRE's (W, M). */
  gradients(gene) {
    const { arena, config } = this, { out, steps, hidden } = this.run(gene, false), [first, last] = this.head;
    const inner = arena.mixed(last.weight, out.length === 2 ? [-1, 1] : [1]);
    for (let i = 0; i < inner.length; i++) if (hidden[i] === 0) inner[i] = 0;
    const together = arena.mixed(first.weight, inner), width = config.width;
    return config.resolutions.map((r, n) => {
      const { own, answers, regulated } = steps[n], slope = together.slice(n * width, (n + 1) * width);
      const [byPromoter, ...byAnswers] = regulated.back(slope), promoter = plus(byPromoter, slope);
      const pcres = answers.map((answer, i) => {
        const [by, features] = answer.back(byAnswers[i]);
        plus(promoter, by);
        return features;
      });
      return { resolution: r, window: own.back(promoter), pcres };
    });
  }
};
function meanOf(tokens) {
  const x = new Float32Array(tokens[0].length);
  for (const token of tokens) for (let d = 0; d < x.length; d++) x[d] += token[d] / tokens.length;
  return { x, map: null, back: (slope) => tokens.map(() => slope.map((v) => v / tokens.length)) };
}

// whatif/local/payload.js
function bytesOf(base64) {
  const text = atob(base64), out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}
async function unzipped(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
function unplaned(bytes, size) {
  const out = new Uint8Array(bytes.length), count = bytes.length / size;
  for (let p = 0; p < size; p++) for (let i = 0; i < count; i++) out[i * size + p] = bytes[p * count + i];
  return out;
}
var READ = {
  // numbers of each kind, from bytes in their usual order
  hundredths: (bytes) => Float64Array.from(new Uint16Array(bytes.buffer), (v) => v / 100),
  float16: halves,
  float32: (bytes) => new Float32Array(bytes.buffer),
  float64: (bytes) => new Float64Array(bytes.buffer),
  uint32: (bytes) => new Uint32Array(bytes.buffer)
};
var SIZE2 = { hundredths: 2, float16: 2, float32: 4, float64: 8, uint32: 4 };
var numbers = (bytes, kind) => READ[kind](unplaned(bytes, SIZE2[kind]));
function transposed(values, marks, out) {
  const bins = values.length / marks;
  for (let k = 0; k < marks; k++) for (let b = 0; b < bins; b++) out[b * marks + k] = values[k * bins + b];
  return out;
}
function regionsOf(about, depth, covered) {
  const marks = about.marks.length, values = numbers(depth, about.depth.as);
  const Kind = about.depth.stored === "float64" ? Float64Array : Float32Array;
  const all = transposed(values, marks, new Kind(values.length));
  const bases = covered ? transposed(numbers(covered, "uint32"), marks, new Int32Array(values.length)) : null;
  let at = 0;
  return about.regions.map(([chrom, start, end]) => {
    const to = at + Math.ceil((end - start) / about.size) * marks, place = { chrom, start, end };
    const region = regionWith(place, all.slice(at, to), bases ? bases.slice(at, to) : null);
    at = to;
    return region;
  });
}
function modelsOf(listed, precision, bytes, plain = false) {
  const models = new Models(new Arena(plain)), size = (shape) => shape.reduce((a, b) => a * b, 1);
  const kind = precision === "float16" ? "float16" : "float32", all = listed.flatMap(({ tensors }) => tensors);
  const count = all.reduce((n, [, shape, isWhole]) => n + (isWhole ? shape[0] : size(shape)), 0);
  const real = numbers(bytes.subarray(0, count * SIZE2[kind]), kind), rows = new Int8Array(bytes.buffer, bytes.byteOffset + count * SIZE2[kind]);
  let at = 0, from = 0;
  const next = (n) => real.slice(at, at += n);
  return listed.map(
    ({ config, tensors }) => models.add(
      config,
      Object.fromEntries(
        tensors.map(([name, shape, isWhole]) => {
          if (!isWhole) return [name, { shape, values: next(size(shape)) }];
          const scale = next(shape[0]), whole = rows.subarray(from, from += size(shape));
          return [name, { shape, values: Float32Array.from(whole, (v, i) => v * scale[Math.floor(i / shape[1])]) }];
        })
      )
    )
  );
}

// whatif/local/history.js
var KEPT = 500;
var History = class {
  constructor() {
    this.past = [[]];
    this.future = [];
  }
  get now() {
    return this.past[this.past.length - 1];
  }
  push(edits) {
    if (sameEdits(edits, this.now)) return;
    this.past = [...this.past.slice(-KEPT), edits];
    this.future = [];
  }
  undo() {
    if (this.past.length < 2) return;
    this.future = [...this.future, this.now];
    this.past = this.past.slice(0, -1);
  }
  redo() {
    if (!this.future.length) return;
    this.past = [...this.past, this.future[this.future.length - 1]];
    this.future = this.future.slice(0, -1);
  }
};
function position(edits, index, name) {
  const at = edits.flatMap((e, i) => named(e) === name ? [i] : []);
  if (!at.length) return null;
  return at.includes(index) ? index : at[at.length - 1];
}
function takenOut(gene, edits, index) {
  const rest = edits.filter((_, i) => i !== index), kept = [];
  let contacts = gene.pcre.map((row) => gene.regions[row]);
  const places = [...gene.regions, ...rest.filter((e) => e.type === "AddPcre")];
  for (const e of rest) {
    if (e.type === "Scale" || e.type === "Paint") {
      if (!places.some((p) => p.chrom === e.chrom && p.start < e.end && p.end > e.start)) continue;
    } else if (e.type === "AddPcre") contacts = [...contacts, e];
    else if (!contacts.some((c) => samePlace(c, e))) continue;
    else if (e.type === "DropPcre") contacts = contacts.filter((c) => !samePlace(c, e));
    kept.push(e);
  }
  return kept;
}
var slot = (e) => `${e.type} ${e.mark ?? ""} ${e.chrom}:${e.start}-${e.end}`;
function put(gene, now, more) {
  let edits = [...now];
  for (const e of more) {
    if (e.type === "SetFrequency") edits = edits.filter((old) => !(old.type === "DropPcre" && samePlace(old, e)));
    let same = edits.flatMap((old, i) => slot(old) === slot(e) ? [i] : []);
    if (e.type === "Paint" && same.length) {
      edits = edits.filter((_, i) => !same.includes(i));
      same = [];
    }
    const own = e.type === "SetFrequency" ? gene.pcres().find((p) => samePlace(p, e)) : null;
    const idle = e.type === "Scale" && e.factor === 1 || own && own.frequency === e.frequency;
    const gone = idle ? same : same.slice(1);
    if (same.length && !idle) edits[same[0]] = e;
    else if (!idle) edits.push(e);
    edits = edits.filter((_, i) => !gone.includes(i));
  }
  return edits;
}
function toggled(gene, now, cut) {
  const added2 = now.findLastIndex((e) => e.type === "AddPcre" && samePlace(e, cut));
  if (added2 >= 0) return takenOut(gene, now, added2);
  const at = now.findIndex((e) => named(e) === named(cut));
  return at >= 0 ? takenOut(gene, now, at) : [...now, cut];
}

// whatif/local/recipes.js
var USABLE = ["depth", "unknown"];
var bell = (x, centre, width) => Math.exp(-0.5 * ((x - centre) / width) ** 2);
function rounded(value) {
  const scaled = value * 1e3, low = Math.floor(scaled), over = scaled - low;
  return (low + (over > 0.5 || over === 0.5 && low % 2 ? 1 : 0)) / 1e3;
}
var painted = (mark, place, depths, step = STEP) => ({ type: "Paint", ...place, mark, depths, step });
var level = (mark, place, depth) => painted(mark, place, [depth], place.end - place.start);
function around({ row }, width) {
  const half2 = Math.floor(width / 2);
  return { chrom: row.chrom, start: Math.max(0, row.tss - half2), end: row.tss + half2 };
}
function checkScale(mark, { scales }) {
  const scale = scales[mark] ?? "unknown";
  if (USABLE.includes(scale)) return;
  throw new Refusal(
    `recipes are in read depth, but ${mark} is ${scale} in this dataset: recalibrate it (cl.data.recalibrate), or write the edits yourself (cl.paint, cl.set_depth)`
  );
}
function available(gene, marks, heights) {
  const own = gene.shared.marks, found = marks.filter((mark) => own.includes(mark));
  if (!found.length) {
    throw new Refusal(
      `this recipe changes ${marks.join(", ")}, the dataset has ${own.join(", ")}; write the edits yourself (cl.paint, cl.set_depth)`
    );
  }
  for (const mark of found) checkScale(mark, heights);
  return found;
}
function silence(gene, heights) {
  return available(gene, heights.active, heights).map(
    (mark) => level(mark, around(gene, 4e3), heights.background[mark])
  );
}
function peak(gene, heights, mark, share, width) {
  available(gene, [mark], heights);
  const place = around(gene, 2 * STEP * Math.floor(3 * width / STEP));
  const depths = Array.from({ length: Math.ceil((place.end - place.start) / STEP) }, (_, i) => {
    const x = place.start + i * STEP + STEP / 2 - gene.row.tss;
    return rounded(heights.background[mark] + share * heights.height[mark] * bell(x, 0, width));
  });
  return painted(mark, place, depths);
}
function raised(gene, e) {
  const { depth, start } = gene.regions[gene.promoter], { marks, size } = gene.shared;
  const depths = e.depths.map((now, i) => {
    const bin = Math.floor((e.start + i * e.step - start) / size);
    return depth[bin * marks.length + marks.indexOf(e.mark)] >= now ? null : now;
  });
  return depths.some((d) => d !== null) ? [{ ...e, depths }] : [];
}
function bivalent(gene, heights) {
  const marks = available(gene, ["H3K9ac", "H3K27ac"], heights);
  const flat = marks.map((mark) => level(mark, around(gene, 4e3), heights.background[mark]));
  const low = peak(gene, heights, "H3K4me3", 0.23, 700);
  return [...flat, low, ...raised(gene, peak(gene, heights, "H3K27me3", 0.8, 3e3))];
}
function polycomb(gene, heights) {
  const [mark] = available(gene, ["H3K27me3"], heights), place = around(gene, 2e4);
  const depths = new Array(Math.ceil((place.end - place.start) / STEP)).fill(rounded(0.54 * heights.height[mark]));
  return [...silence(gene, heights), ...raised(gene, painted(mark, place, depths))];
}
function enhancer(gene, heights) {
  available(gene, ["H3K27ac", "H3K4me1"], heights);
  const place = freePlace(gene), bins = Math.ceil((place.end - place.start) / STEP), { marks } = gene.shared;
  for (const mark of marks) if (mark in heights.height) checkScale(mark, heights);
  const paint = marks.map(
    (mark) => painted(
      mark,
      place,
      Array.from({ length: bins }, (_, i) => {
        const x = i - bins / 2 + 0.5, nucleosomes = bell(x, -4, 3) + bell(x, 4, 3);
        return rounded(
          (heights.background[mark] ?? 0) + (heights.enhancer[mark] ?? 0) * (heights.height[mark] ?? 0) * nucleosomes
        );
      })
    )
  );
  return [{ type: "AddPcre", ...place, frequency: 3 }, ...paint];
}
function freePlace({ row, regions, shared }) {
  const length = Math.min(5e3, shared.window);
  for (let away = 6e4; away < 2e6; away += length) {
    for (const side of row.strand === "+" ? [-1, 1] : [1, -1]) {
      const start = Math.floor((row.tss + side * away) / STEP) * STEP;
      const apart = regions.every((r) => r.chrom !== row.chrom || r.start >= start + length || r.end <= start);
      if (start >= 0 && apart) return parseRegion(`${row.chrom}:${start}-${start + length}`);
    }
  }
  throw new Refusal("found no free place for an enhancer within 2 Mb; name one: add_enhancer(gene, 'chrom:start-end')");
}
var RECIPES = {
  "silence the promoter": silence,
  "make it bivalent": bivalent,
  "add an enhancer": enhancer,
  "Polycomb domain": polycomb
};
function copyFrom(gene, other) {
  const { marks, size, window: window2, dtype } = gene.shared, depth = other.promoterDepth(), m = marks.length, bins = window2 / size;
  const first = gene.row.tss - Math.floor(window2 / 2), before = first < 0 ? Math.floor(-first / size) : 0;
  return marks.map((mark, k) => {
    const along2 = Array.from({ length: bins }, (_, b) => depth[b * m + k]);
    if (gene.turned) along2.reverse();
    const depths = along2.slice(before).map((v) => Number.isNaN(v) ? null : shortest(v, dtype));
    const start = first + before * size;
    return painted(mark, { chrom: gene.row.chrom, start, end: start + depths.length * size }, depths, size);
  });
}

// whatif/local/session.js
var MOST2 = 2e3;
var FOUND = 12;
var Session = class {
  /**
   * @param {any} about what packed.py says of the page
   * @param {import("./gene.js").Region[]} regions of all its genes
   * @param {import("./chromoformer.js").Chromoformer[]} models
   */
  constructor(about, regions, models) {
    this.about = about;
    this.regions_ = regions;
    this.shared = {
      marks: about.marks.map((mark) => mark.name),
      size: about.size,
      window: about.window,
      dtype: about.depth.stored
    };
    this.reader = new Reader(this.shared);
    this.models = {};
    for (const model of models) (this.models[model.task] ||= []).push(model);
    this.histories = /* @__PURE__ */ new Map();
    this.solved = /* @__PURE__ */ new Set();
    this.note = null;
    this.show(about.first);
  }
  // ----- the gene -------------------------------------------------------------------------------------------------
  /** The number of an example among those of the page. */
  find(geneId, cellType) {
    const index = this.about.examples.findIndex(({ gene }) => gene.gene_id === geneId && gene.cell_type === cellType);
    if (index >= 0) return index;
    throw new Refusal(
      `this page has no gene ${geneId} in ${cellType}; it holds ${this.about.examples.length} genes in their cell types`
    );
  }
  /** An example without edits. */
  example(index) {
    const { gene: row, promoter, pcre, frequency } = this.about.examples[index], rows = [promoter, ...pcre].sort((a, b) => a - b);
    const place = (r) => rows.indexOf(r), regions = rows.map((r) => this.regions_[r]);
    return new Gene(this.shared, row, regions, { promoter: place(promoter), pcre: pcre.map(place), frequency });
  }
  choose(geneId, cellType) {
    this.show(this.find(geneId, cellType));
  }
  /** Show an example. Each keeps its edits while another one is shown. */
  show(index) {
    this.index = index;
    this.gene = this.example(index);
    if (!this.histories.has(index)) this.histories.set(index, new History());
    this.history = this.histories.get(index);
    this.draft = null;
    this.known = /* @__PURE__ */ new Map();
    this.edited = edited(this.gene, this.edits, this.known);
    this.before = this.predicted(this.gene);
  }
  /** Genes whose name or id holds a text, those that begin with it first. */
  search(text) {
    const asked = text.trim().toLowerCase(), found = /* @__PURE__ */ new Map();
    const names = (gene) => [gene.gene_id.toLowerCase(), String(gene.gene_name).toLowerCase()];
    const hits = this.about.examples.map(({ gene }) => gene).filter((gene) => names(gene).some((name) => name.includes(asked)));
    const begins = (gene) => names(gene).some((name) => name.startsWith(asked));
    for (const gene of [...hits.filter(begins), ...hits.filter((g) => !begins(g))]) {
      if (!found.has(gene.gene_id))
        found.set(gene.gene_id, { gene_id: gene.gene_id, gene_name: gene.gene_name, cell_types: [] });
      found.get(gene.gene_id).cell_types.push(gene.cell_type);
      if (found.size > FOUND) break;
    }
    return [...found.values()].slice(0, FOUND);
  }
  // ----- edits ----------------------------------------------------------------------------------------------------
  /** The current edits, including a draft. */
  get edits() {
    return this.draft || this.history.now;
  }
  /** Carry out the page's actions in order; if one of them fails, nothing changes. */
  act(actions) {
    const { history } = this, { past, future } = history, { draft } = this;
    this.note = null;
    try {
      for (const action of actions) this.do(action);
      this.edited = edited(this.gene, this.edits, this.known);
    } catch (error) {
      Object.assign(history, { past, future });
      this.draft = draft;
      if (error instanceof Refusal && actions.length === 1 && actions[0].do === "remove") {
        throw new Refusal(`other edits need this one; take those out first. ${error.message}`);
      }
      throw error;
    }
  }
  do(action) {
    const { history } = this, { now } = history;
    this.draft = null;
    if (action.do === "cancel") return;
    if (action.do === "undo" || action.do === "redo") {
      history[action.do]();
      return;
    }
    const edits = this.after(action, now);
    if (action.draft) this.draft = edits;
    else history.push(edits);
  }
  /** All edits after an action that changes them. */
  after(action, now) {
    switch (action.do) {
      case "reset":
        return [];
      case "add":
        return [...now, ...editsOf(action.edits)];
      case "put":
        return put(this.gene, now, editsOf(action.edits));
      case "copy":
        return [...now, ...copyFrom(this.gene, this.example(this.find(action.gene_id, action.cell_type)))];
      case "recipe":
        if (!Object.hasOwn(RECIPES, action.name)) break;
        return [...now, ...RECIPES[action.name](edited(this.gene, now), this.about.heights)];
      case "remove": {
        const at = position(now, action.index, action.name);
        return at === null ? now : takenOut(this.gene, now, at);
      }
      case "toggle":
        return toggled(this.gene, now, { type: "DropPcre", ...parseRegion(action.region) });
      case "load": {
        const { edits, about } = readFile(action.text);
        this.note = noteOn(about, this.gene.row);
        if (edits.length > MOST2)
          throw new Refusal(`${grouped2(edits.length)} edits; the lab takes ${grouped2(MOST2)}, cl.edit any number`);
        return edits;
      }
      default:
    }
    throw new Refusal(`the lab does not know the action ${dumped(action).slice(0, 200)}`);
  }
  /** Choose the gene that a file of edits names, if it names one, and apply its edits. */
  open(text) {
    const shown2 = this.index, { about } = readFile(text);
    try {
      if ("gene_id" in about) this.choose(String(about.gene_id), String(about.cell_type ?? this.gene.row.cell_type));
      this.act([{ do: "load", text }]);
    } catch (error) {
      this.show(shown2);
      throw error;
    }
  }
  // ----- what the models say --------------------------------------------------------------------------------------
  /** {task: one number a model}: the probability that a gene is expressed, or log2(RPKM + 1). */
  predicted(gene) {
    return Object.fromEntries(
      Object.entries(this.models).map(([task, models]) => [
        task,
        models.map((model) => model.value(this.reader.read(gene, model)))
      ])
    );
  }
  /** The window, the pCREs by falling frequency, then added pCREs; see `Session.regions` in Python. */
  regions() {
    const { gene, edited: now } = this, offsets = now.offsets(), marks = this.shared.marks.length;
    const frequencyIn = (g, row) => g.frequency[g.pcre.indexOf(row)] ?? null;
    const rows = [gene.promoter, ...gene.pcre, ...now.pcre.filter((row) => !gene.pcre.includes(row))];
    return rows.map((row, rank) => {
      const { chrom, start, end, depth } = now.regions[row];
      return {
        row,
        offset: offsets[row],
        bins: depth.length / marks,
        chrom,
        start,
        end,
        rank,
        frequency: frequencyIn(gene, row),
        now: frequencyIn(now, row),
        added: row >= gene.regions.length
      };
    });
  }
  /** Marks that the edits raise beyond the range of the dataset, in words. */
  warnings() {
    const {
      gene,
      edited: now,
      shared: { marks }
    } = this, m = marks.length, old = gene.flat(), beyond = [];
    const depth = now.regions.flatMap((r) => [...r.depth]);
    marks.forEach((mark, k) => {
      const limit = this.about.limits[mark], bound = STORED[this.shared.dtype](limit);
      let highest = -Infinity;
      if (limit === void 0) return;
      for (let i = k; i < depth.length; i += m) {
        if (depth[i] > bound && Math.fround(depth[i]) !== old[i] && depth[i] > highest) highest = depth[i];
      }
      if (highest > -Infinity) {
        beyond.push(
          `${mark} reaches ${general(highest, 3)}, ${general(limit ? highest / limit : Infinity, 2)} times ${general(limit, 3)}`
        );
      }
    });
    return beyond.length ? [`Beyond the range of nearly all bins: ${beyond.join(", ")}. There a model guesses.`] : [];
  }
  /** [{name, what, why: null, or why it cannot be applied to the gene as it is now}]. */
  recipes() {
    return Object.keys(RECIPES).map((name) => ({ name, what: this.about.sentences[name], why: this.whyNot(name) }));
  }
  whyNot(name) {
    try {
      edited(this.edited, RECIPES[name](this.edited, this.about.heights));
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
    return null;
  }
};

// whatif/local/page.js
async function part(name) {
  const held = document.getElementById(`cl-${name}`);
  const bytes = held ? await unzipped(bytesOf(held.textContent)) : null;
  held?.remove();
  return bytes;
}
function follow(dark) {
  document.body.dataset.jpThemeLight = String(!dark.matches);
  dark.addEventListener("change", () => {
    document.body.dataset.jpThemeLight = String(!dark.matches);
  });
}
async function open() {
  follow(matchMedia("(prefers-color-scheme: dark)"));
  const [about, depth, covered, weights] = await Promise.all(["about", "depth", "covered", "weights"].map(part));
  const data = JSON.parse(new TextDecoder().decode(about));
  const regions = regionsOf({ ...data, marks: data.marks.map((mark) => mark.name) }, depth, covered);
  const session = new Session(data, regions, modelsOf(data.models, data.precision, weights)), model = new Model(session);
  if (data.edits) session.act([{ do: "load", text: data.edits }]);
  const place = document.getElementById("cl-lab");
  place.textContent = "";
  lab_default.render({ model, el: place });
  window.chromolab = model;
}
open().catch((error) => {
  console.error(error);
  const said = `The page could not be opened in this browser: ${error.message}. It needs Chromium 80, Firefox 113 or Safari 16.4.`;
  document.getElementById("cl-lab").textContent = said;
});
