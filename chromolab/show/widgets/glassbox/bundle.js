// Made by `make widgets` from the modules beside it; never edited by hand.

// glassbox/walk.js
function readingTime(letters, pace = 1) {
  return Math.round(pace * (3e3 + 60 * letters));
}
function nearest(direction, from, boxes) {
  const middle = (r) => [r.left + r.width / 2, r.top + r.height / 2], [x, y] = middle(from);
  const sign = direction === "Left" || direction === "Up" ? -1 : 1, level = direction === "Left" || direction === "Right";
  let best = null, least = Infinity;
  for (const [name, box] of boxes) {
    const [u, v] = middle(box), ahead = sign * (level ? u - x : v - y), aside = Math.abs(level ? v - y : u - x);
    if (ahead < 4 || ahead + 3 * aside >= least) continue;
    [best, least] = [name, ahead + 3 * aside];
  }
  return best;
}
function tabKeys(tabs) {
  tabs.addEventListener("keydown", (event) => {
    const all = (
      /** @type {HTMLElement[]} */
      [...tabs.children]
    ), at = all.indexOf(
      /** @type {HTMLElement} */
      document.activeElement
    );
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === void 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const tab = all[(to + all.length) % all.length];
    tab.focus();
    tab.click();
  });
}

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

// shared/numbers.js
function short(value, digits = 3) {
  if (!Number.isFinite(value)) return "no data";
  const text2 = Math.abs(value) >= 1e3 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(digits)));
  return text2.replace("-", "−");
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

// glassbox/frame.js
var SIDES = ["before", "after", "difference"];
var PACES = { slow: 1.6, calm: 1, quick: 0.5 };
var frames = 0;
var Frame = class {
  /** @param {any} glass */
  constructor(glass) {
    this.glass = glass;
    this.id = `glass-${++frames}`;
    this.title = make("div", { class: "glass-title" });
    this.genes = new Suggest(
      "gene",
      "another gene: name or id",
      (text2) => glass.wire.ask({ kind: "search", text: text2 }),
      (text2) => text2.trim() && this.choose(text2.trim())
    );
    this.cells = make("select", {
      "aria-label": "cell type",
      onchange: () => this.choose(glass.about.gene_id, this.cells.value)
    });
    this.finder = make("div", { class: "glass-group" }, this.genes.node, this.cells);
    this.verdict = make("div", { class: "glass-verdict", role: "status" });
    this.tabs = make("div", { class: "glass-tabs", role: "tablist", "aria-label": "bins of" });
    tabKeys(this.tabs);
    this.sides = make("div", { class: "glass-sides", role: "group", "aria-label": "which numbers" });
    this.playButton = this.button("▶ Play", "Step through all boxes (space)", () => glass.play(!glass.timer));
    this.counter = make("span", { class: "cl-quiet glass-counter" });
    this.pace = make(
      "select",
      { "aria-label": "pace of play", title: "Pace of play" },
      ...Object.keys(PACES).map((pace) => make("option", { selected: pace === "calm" }, pace))
    );
    this.all = this.button("Open all", "Open or close all four steps", () => glass.openAll());
    this.status = make("div", { class: "cl-error", role: "alert" });
    this.node = make(
      "div",
      { class: "glass-frame" },
      make("div", { class: "glass-top" }, this.title, this.finder, this.verdict),
      make(
        "div",
        { class: "glass-bar" },
        make("span", { class: "cl-quiet" }, "bins of"),
        this.tabs,
        this.sides,
        make("span", { class: "glass-space" }),
        this.all,
        make(
          "span",
          { class: "glass-group" },
          this.button("◀", "Previous box (←)", () => glass.walk(-1), "previous box"),
          this.playButton,
          this.button("▶", "Next box (→)", () => glass.walk(1), "next box"),
          this.pace,
          this.counter
        )
      ),
      this.status
    );
  }
  button(text2, title, onclick, label = null) {
    return make("button", { type: "button", title, onclick, "aria-label": label }, text2);
  }
  choose(gene, cell = "") {
    this.glass.wire.ask({ kind: "choose", gene, cell_type: cell });
    this.genes.input.value = "";
  }
  /** How many times longer than calm a box is shown. */
  get slowness() {
    return PACES[this.pace.value];
  }
  /** Say what holds now. */
  update(about, view) {
    const where = [about.origin, about.cell, `${about.chrom}:${grouped(about.start)}-${grouped(about.end)}`];
    where.push(about.strand === "-" ? "minus strand, bins flipped" : "plus strand");
    if (about.follows) where.push(about.edits ? `follows the lab: ${edits(about.edits)}` : "follows the lab: no edits");
    this.title.replaceChildren(
      make("h2", {}, about.gene),
      make("span", { class: "cl-quiet" }, where.filter(Boolean).join(" · "))
    );
    this.finder.classList.toggle("cl-hidden", !about.many);
    this.cells.classList.toggle("cl-hidden", about.cells.length < 2);
    this.cells.replaceChildren(...about.cells.map((cell) => make("option", { selected: cell === about.cell }, cell)));
    this.verdict.replaceChildren(...verdict(about));
    this.tabs.replaceChildren(
      ...about.resolutions.map((r) => {
        const chosen = r === view.resolution, id = `${this.id}-${r}`;
        const tab = this.button(`${grouped(r)} bp`, `Bins of ${r} bp`, () => this.glass.choose({ resolution: r }));
        for (const [name, value] of Object.entries({
          id,
          role: "tab",
          "aria-selected": String(chosen),
          "aria-controls": `${this.id}-map`,
          tabindex: chosen ? "0" : "-1",
          "data-resolution": r
        }))
          tab.setAttribute(name, String(value));
        return tab;
      })
    );
    this.sides.classList.toggle("cl-hidden", !about.edited);
    this.sides.replaceChildren(
      ...SIDES.map((side) => {
        const button = this.button(side, `Show all numbers ${side}`, () => this.glass.choose({ side }));
        button.setAttribute("aria-pressed", String(side === view.side));
        return button;
      })
    );
  }
};
var edits = (n) => n === 1 ? "1 edit" : `${n} edits`;
function verdict(about) {
  const percent = about.task === "classification", said = (of) => percent ? `${(100 * of.probability).toFixed(1)} %` : short(of.output[0]);
  const unit = percent ? "predicted: at or above the median" : "predicted: log2(expression + 1)";
  const level = about.label < 0 ? "" : about.label ? "at or above it, " : "below it, ";
  const was = about.measured === null ? "not measured" : `measured: ${percent ? level : ""}log2(expression + 1) = ${short(about.measured)}`;
  return [
    about.edited ? make("span", { class: "glass-was", title: "before the edits" }, `${said(about.before)} →`) : "",
    make("b", {}, said(about)),
    make("span", {}, unit, make("br"), make("span", { class: "cl-quiet" }, was))
  ];
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

// glassbox/plan.js
function byteRamp(kind) {
  const colour = ramp(kind);
  return Array.from(
    { length: 256 },
    (_, i) => colour(i / 255).match(/\d+/g).map(Number)
  );
}
var GLASS_BYTES = { sequential: byteRamp("sequential"), diverging: byteRamp("diverging") };
function numbersOf(view, dtype) {
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  return dtype === "float64" ? new Float64Array(bytes) : new Float32Array(bytes);
}
function scaleOf(values) {
  let low = Infinity, high = -Infinity;
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (low > high) [low, high] = [0, 0];
  const signed2 = low < 0, top = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return {
    signed: signed2,
    low,
    high,
    top,
    kind: signed2 ? "diverging" : "sequential",
    level: signed2 ? (v) => 0.5 + 0.5 * v / top : (v) => v / top
  };
}
function planOf(part) {
  const axes = part.axes, size = Object.fromEntries(axes.map((a, i) => [a, part.shape[i]]));
  const stride = {};
  axes.reduceRight((step, a) => (stride[a] = step, step * size[a]), 1);
  const plan = (style, columns, rows, panels = null, perRow = 1) => ({
    style,
    columns,
    rows,
    panels,
    perRow,
    size,
    n: panels ? size[panels] : 1,
    nRows: rows ? size[rows] : 1,
    nColumns: size[columns],
    at: (at) => axes.reduce((sum, a) => sum + stride[a] * at[a], 0)
  });
  const rest = axes.filter((a) => a !== "bin");
  if (rest.length < axes.length) {
    if (rest.length === 1) return plan(rest[0] === "width" ? "heat" : "area", "bin", rest[0]);
    return plan("heat", "bin", rest[1], rest[0]);
  }
  if (axes.length === 3) return plan("heat", axes[2], axes[1], axes[0], 4);
  if (axes.length === 2) return plan("heat", axes[1], axes[0]);
  return plan("bars", axes[0], null);
}
var GLASS_ONE = {
  bin: "bin",
  mark: "mark",
  head: "head",
  token: "token",
  width: "number",
  "head width": "number",
  "heads' width": "number",
  "resolutions' width": "number",
  hidden: "number",
  asking: "asking",
  resolution: "resolution",
  class: "class",
  output: "output",
  out: "row",
  in: "column"
};
var GLASS_MANY = {
  bin: "bins",
  mark: "marks",
  head: "heads",
  token: "tokens",
  width: "wide",
  "head width": "per head",
  "heads' width": "wide",
  "resolutions' width": "wide",
  hidden: "hidden",
  asking: "asking",
  resolution: "resolutions",
  class: "classes",
  output: "outputs",
  out: "out",
  in: "in"
};
function shapeInWords(shape, axes) {
  return shape.map((n, i) => `${n} ${n === 1 ? GLASS_ONE[axes[i]] : GLASS_MANY[axes[i]] || axes[i]}`).join(" × ");
}
function nameOf(axis, i, about) {
  if (axis === "mark") return about.marks[i].name;
  if (axis === "token" || axis === "asking") return i === 0 ? "promoter" : `pCRE ${i}`;
  if (axis === "resolution") return `${grouped(about.resolutions[i])} bp`;
  if (axis === "class") return ["below median", "at or above"][i];
  if (axis === "output") return about.task === "classification" ? `logit ${i}` : "log2(expression + 1)";
  if (axis === "head") return `head ${i + 1}`;
  return `${GLASS_ONE[axis] || axis} ${i}`;
}
function genomeOf(place, bins, resolution, about, pcre) {
  const minus = about.strand === "-", own = about.pcres[pcre];
  if (place === "pcre") return own ? elementOf(own, bins, resolution) : null;
  const along = place === "chromosome" || !minus;
  const genome = {
    title: along && minus ? "kb from the TSS (the gene runs to the left)" : "kb from the TSS, 5′ to 3′ of the gene",
    first: 0,
    count: bins,
    tss: bins / 2,
    chrom: about.chrom,
    start: about.start,
    end: about.end,
    direction: minus && along ? -1 : 1,
    kb: (i) => (i - bins / 2) * resolution * (minus && along ? -1 : 1) / 1e3,
    bases: (i) => along ? [about.start + i * resolution, about.start + (i + 1) * resolution] : [about.end - (i + 1) * resolution, about.end - i * resolution],
    said: (i) => [`${signed(genome.kb(i + 0.5))} kb from the TSS`, spanOf(about.chrom, ...genome.bases(i))]
  };
  return genome;
}
function elementOf(own, bins, resolution) {
  const count = Math.ceil((own.end - own.start) / resolution), first = Math.ceil((bins - count) / 2);
  const genome = {
    title: "kb from the element's start",
    first,
    count,
    chrom: own.chrom,
    start: own.start,
    end: own.end,
    direction: 1,
    kb: (i) => (i - first) * resolution / 1e3,
    bases: (i) => i < first || i >= first + count ? null : [own.start + (i - first) * resolution, Math.min(own.end, own.start + (i - first + 1) * resolution)],
    said: (i) => {
      const bases = genome.bases(i);
      return bases ? [`${short(genome.kb(i))} kb from its start`, spanOf(own.chrom, ...bases)] : ["padding: no place"];
    }
  };
  return genome;
}
var signed = (kb) => (kb > 0 ? "+" : "") + short(kb);
var spanOf = (chrom, start, end) => `${chrom}:${grouped(start)}-${grouped(end)}`;
function axisOf(box, bins, genome) {
  const x = (i) => box.x + i * box.w / bins, [a, b] = [genome.first, genome.first + genome.count];
  const [low, high] = [genome.kb(a), genome.kb(b)].sort((p, q) => p - q);
  const at = (kb) => x(a + (kb - genome.kb(a)) / (genome.kb(b) - genome.kb(a)) * (b - a));
  const ticks2 = ticks(low, high, Math.max(1, Math.min(8, (x(b) - x(a)) / 55)));
  return {
    from: x(a),
    to: x(b),
    ticks: ticks2.map((kb) => ({ x: at(kb), text: genome.tss === void 0 ? short(kb) : signed(kb) })).sort((p, q) => p.x - q.x),
    span: spanOf(genome.chrom, genome.start, genome.end)
  };
}
function drawGenomeAxis(ctx, box, bins, genome, theme) {
  const axis = axisOf(box, bins, genome), y = box.y + box.h;
  Object.assign(ctx, {
    strokeStyle: theme.quiet,
    fillStyle: theme.ink,
    lineWidth: 1,
    textBaseline: "top",
    font: `11px ${theme.font}`,
    textAlign: "center"
  });
  ctx.beginPath();
  ctx.moveTo(axis.from, y + 0.5);
  ctx.lineTo(axis.to, y + 0.5);
  let taken = -Infinity;
  for (const tick of axis.ticks) {
    const half = ctx.measureText(tick.text).width / 2, middle = Math.max(box.x + half, Math.min(box.x + box.w - half, tick.x));
    ctx.moveTo(Math.round(tick.x) + 0.5, y);
    ctx.lineTo(Math.round(tick.x) + 0.5, y + 4);
    if (middle - half < taken + 6) continue;
    ctx.fillText(tick.text, middle, y + 6);
    taken = middle + half;
  }
  ctx.stroke();
  ctx.fillStyle = theme.quiet;
  for (const [line, text2] of [genome.title, axis.span].entries()) {
    const half = Math.min(box.w, ctx.measureText(text2).width) / 2, middle = Math.max(box.x + half, Math.min(box.x + box.w - half, (axis.from + axis.to) / 2));
    ctx.fillText(text2, middle, y + 20 + 14 * line, box.w);
  }
}
var GENOME_AXIS = 50;
function drawTss(ctx, box, genome, bins, theme) {
  if (genome.tss === void 0) return;
  const x = Math.round(box.x + genome.tss * box.w / bins) + 0.5, d = genome.direction * 12;
  Object.assign(ctx, { strokeStyle: theme.ink, fillStyle: theme.ink, lineWidth: 1.5 });
  ctx.beginPath();
  ctx.moveTo(x, box.y);
  ctx.lineTo(x, box.y - 7);
  ctx.lineTo(x + d, box.y - 7);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(x + d + Math.sign(d) * 6, box.y - 7);
  ctx.lineTo(x + d, box.y - 10.5);
  ctx.lineTo(x + d, box.y - 3.5);
  ctx.fill();
  ctx.setLineDash([2, 3]);
  Object.assign(ctx, { lineWidth: 1, strokeStyle: theme.ink });
  ctx.globalAlpha = 0.55;
  ctx.beginPath();
  ctx.moveTo(x, box.y);
  ctx.lineTo(x, box.y + box.h);
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
}
function subscripts(text2) {
  return text2.split(/_(\w)/).map((part, i) => i % 2 ? make("sub", {}, part) : part);
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

// glassbox/draw.js
function drawPart(part, ctx) {
  const { plan, genome, about } = part, theme = themeOf(part.holder);
  part.boxes.forEach((box, p) => {
    const fixed = plan.panels ? { [plan.panels]: p } : {};
    ctx.font = `11px ${theme.font}`;
    if (plan.n > 1) text(ctx, nameOf(plan.panels, p, about), box.x, box.y - 3, theme.quiet, "left", "bottom");
    if (plan.style === "area") area(part, ctx, box, theme);
    else if (plan.style === "bars") bars(part, ctx, box, theme);
    else heat(part, ctx, box, fixed, theme, p);
    if (plan.columns === "bin") hatch(part, ctx, box, theme);
    if (plan.rows === "token" || plan.rows === "resolution" || plan.rows === "head") rowNames(part, ctx, box, theme);
    if (plan.columns === "token" && plan.n > 1) tokenNumbers(part, ctx, box, theme);
    if (genome && p === plan.n - 1) drawGenomeAxis(ctx, box, plan.nColumns, genome, theme);
    if (genome) drawTss(ctx, box, genome, plan.nColumns, theme);
    outline(part, ctx, box, fixed, theme);
  });
  if (plan.style === "heat" || plan.style === "bars" && plan.nColumns > 10) legend(part, ctx, theme);
}
function text(ctx, text2, x, y, colour, align = "left", baseline = "middle", room = void 0) {
  Object.assign(ctx, { fillStyle: colour, textAlign: align, textBaseline: baseline });
  ctx.fillText(text2, x, y, room);
}
function area(part, ctx, box, theme) {
  const { plan, values, about } = part, h = box.h / plan.nRows, T = plan.nColumns;
  const count = part.part.seen ? part.part.seen.filter(Boolean).length : T;
  for (let row = 0; row < plan.nRows; row++) {
    const line = Float64Array.from({ length: T }, (_, i) => values[plan.at({ [plan.rows]: row, [plan.columns]: i })]);
    const y = box.y + row * h + 3, tall = h - 5;
    const isMark = plan.rows === "mark", colour = isMark ? about.marks[row].colour : theme.down;
    const own = scaleOf(line), shown = line.map((v, i) => part.hidden(i) ? NaN : v);
    const high = Math.max(own.high, 0), share = own.signed ? high / (high - own.low) : 1;
    const zero = { x: box.x, y, w: box.w, h: tall * share }, below = { x: box.x, y: y + tall, w: box.w, h: tall * (share - 1) };
    const top = high || 1, cut = (sign) => shown.map((v) => Number.isNaN(v) ? NaN : Math.max(sign * v, 0));
    if (zero.h > 0) drawArea(ctx, zero, cut(1), top, own.signed ? theme.up : colour);
    if (own.signed) drawArea(ctx, below, cut(-1), -own.low, theme.down);
    ctx.fillStyle = theme.faint;
    ctx.fillRect(box.x, Math.round(zero.y + zero.h), box.w, 1);
    if (part.part.name.endsWith("weights") && own.high > 0 && part.side !== "difference")
      uniform(part, ctx, box, zero, 1 / count / top, theme, row);
    ctx.font = `11px ${theme.font}`;
    if (isMark) {
      ctx.fillStyle = colour;
      ctx.fillRect(0, y + tall / 2 - 4, 8, 8);
    }
    text(
      ctx,
      nameOf(plan.rows, row, about),
      isMark ? 12 : 0,
      y + tall / 2 - (isMark ? 0 : 7),
      theme.ink,
      "left",
      "middle",
      60
    );
    if (!isMark)
      text(
        ctx,
        `${own.signed ? `${short(own.low)} to ` : "max "}${short(own.high)}`,
        0,
        y + tall / 2 + 8,
        theme.quiet,
        "left",
        "middle",
        80
      );
    else {
      Object.assign(ctx, { strokeStyle: theme.paper, lineWidth: 3, textAlign: "right", textBaseline: "middle" });
      ctx.strokeText(short(own.high, 2), box.x + box.w - 2, y + 5);
      text(ctx, short(own.high, 2), box.x + box.w - 2, y + 5, theme.ink, "right");
    }
  }
}
function uniform(part, ctx, box, zero, share, theme, row) {
  const y = Math.round(zero.y + zero.h * (1 - share)) + 0.5;
  Object.assign(ctx, { strokeStyle: theme.ink, lineWidth: 1 });
  ctx.setLineDash([4, 3]);
  ctx.beginPath();
  ctx.moveTo(box.x, y);
  ctx.lineTo(box.x + box.w, y);
  ctx.stroke();
  ctx.setLineDash([]);
  if (row === 0) text(ctx, "dashed: all alike", box.x + box.w - 2, zero.y + 6, theme.quiet, "right");
}
function bars(part, ctx, box, theme) {
  const { plan, scale, values, about } = part, n = plan.nColumns;
  if (n <= 10) {
    const from = part.part.role === "weight" ? 56 : 130, room2 = box.w - from - 70, zero2 = scale.signed ? from + room2 / 2 : from;
    values.forEach((v, i) => {
      const y = box.y + i * 20, long = (scale.signed ? room2 / 2 : room2) * v / scale.top;
      text(ctx, nameOf(plan.columns, i, about), box.x, y + 10, theme.ink, "left", "middle", from - 8);
      ctx.fillStyle = v < 0 ? theme.down : theme.up;
      if (part.hidden(i)) drawHatch(ctx, { x: from, y: y + 3, w: room2, h: 14 }, theme.quiet);
      else {
        ctx.fillRect(Math.min(zero2, zero2 + long), y + 3, Math.max(1, Math.abs(long)), 14);
        text(ctx, short(v, 4), Math.max(zero2, zero2 + long) + 5, y + 10, theme.ink);
      }
    });
    return;
  }
  const w = box.w / n, room = scale.high - Math.min(scale.low, 0) || 1, zero = box.y + box.h * Math.max(scale.high, 0) / room;
  values.forEach((v, i) => {
    ctx.fillStyle = v < 0 ? theme.down : theme.up;
    const long = box.h * v / room;
    ctx.fillRect(box.x + i * w, Math.min(zero, zero - long), Math.max(w - (w > 3 ? 1 : 0), 0.7), Math.abs(long));
  });
  ctx.fillStyle = theme.quiet;
  ctx.fillRect(box.x, Math.round(zero), box.w, 1);
}
function heat(part, ctx, box, fixed, theme, p) {
  const { plan } = part;
  part.picture = part.picture || [];
  if (!part.picture[p]) part.picture[p] = pixels(part, fixed);
  const small = part.picture[p].width > box.w * (window.devicePixelRatio || 1) || part.picture[p].height > box.h;
  ctx.imageSmoothingEnabled = small;
  ctx.drawImage(part.picture[p], box.x, box.y, box.w, box.h);
  if (plan.columns === "token" || plan.rows === "token") hatchTokens(part, ctx, box, theme, plan.columns === "token");
  if (plan.rows === "asking") hatchTokens(part, ctx, box, theme, false);
  Object.assign(ctx, { strokeStyle: theme.faint, lineWidth: 1 });
  ctx.strokeRect(box.x - 0.5, box.y - 0.5, box.w + 1, box.h + 1);
  if (plan.rows === "asking") {
    Object.assign(ctx, { strokeStyle: theme.ink, lineWidth: 1.5 });
    ctx.strokeRect(box.x, box.y, box.w, box.h / plan.nRows);
  }
}
function pixels(part, fixed) {
  const { plan, scale, values } = part, bytes = GLASS_BYTES[scale.kind];
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: plan.nColumns, height: plan.nRows });
  const ctx = canvas.getContext("2d"), image = ctx.createImageData(plan.nColumns, plan.nRows), at = { ...fixed };
  for (let r = 0, to = 0; r < plan.nRows; r++) {
    if (plan.rows) at[plan.rows] = r;
    for (let c = 0; c < plan.nColumns; c++, to += 4) {
      at[plan.columns] = c;
      const v = values[plan.at(at)];
      if (Number.isNaN(v)) continue;
      const rgb = bytes[Math.max(0, Math.min(255, Math.round(scale.level(v) * 255)))];
      image.data[to] = rgb[0];
      image.data[to + 1] = rgb[1];
      image.data[to + 2] = rgb[2];
      image.data[to + 3] = 255;
    }
  }
  ctx.putImageData(image, 0, 0);
  return canvas;
}
function hatch(part, ctx, box, theme) {
  const w = box.w / part.plan.nColumns;
  for (let i = 0; i < part.plan.nColumns; i++) {
    if (!part.hidden(i)) continue;
    let end = i;
    while (end < part.plan.nColumns && part.hidden(end)) end++;
    const here = { x: box.x + i * w, y: box.y, w: (end - i) * w, h: box.h };
    ctx.fillStyle = theme.paper;
    ctx.fillRect(here.x, here.y, here.w, here.h);
    drawHatch(ctx, here, theme.quiet);
    if (here.w > 90 && part.part.place === "pcre") {
      ctx.font = `11px ${theme.font}`;
      ctx.fillStyle = theme.paper;
      ctx.fillRect(here.x + here.w / 2 - 30, here.y + here.h / 2 - 8, 60, 16);
      text(ctx, "padding", here.x + here.w / 2, here.y + here.h / 2, theme.quiet, "center");
    }
    i = end;
  }
}
function hatchTokens(part, ctx, box, theme, columns) {
  const n = columns ? part.plan.nColumns : part.plan.nRows;
  for (let i = 0; i < n; i++) {
    if (!part.hidden(i)) continue;
    let end = i;
    while (end < n && part.hidden(end)) end++;
    const [from, long] = [i / n, (end - i) / n];
    const here = columns ? { x: box.x + from * box.w, y: box.y, w: long * box.w, h: box.h } : { x: box.x, y: box.y + from * box.h, w: box.w, h: long * box.h };
    ctx.fillStyle = theme.paper;
    ctx.fillRect(here.x, here.y, here.w, here.h);
    drawHatch(ctx, here, theme.quiet);
    i = end;
  }
}
function tokenNumbers(part, ctx, box, theme) {
  const n = part.plan.nColumns, w = box.w / n;
  ctx.font = `${Math.min(10, Math.max(7, w))}px ${theme.font}`;
  if (w < 6) return;
  for (let i = 0; i < n; i++)
    text(ctx, i ? String(i) : "P", box.x + (i + 0.5) * w, box.y + box.h + 7, theme.quiet, "center");
}
function rowNames(part, ctx, box, theme) {
  const { plan, about } = part, h = box.h / plan.nRows;
  if (plan.n > 1 || plan.style !== "heat") return;
  ctx.font = `11px ${theme.font}`;
  for (let r = 0; r < plan.nRows; r++) {
    text(
      ctx,
      nameOf(plan.rows, r, about),
      0,
      box.y + (r + 0.5) * h,
      part.hidden(r) ? theme.quiet : theme.ink,
      "left",
      "middle",
      70
    );
  }
}
function legend(part, ctx, theme) {
  const { scale } = part, y = part.sheet.canvas.clientHeight - 12;
  if (part.genome) return part.sideLegend();
  ctx.font = `10px ${theme.font}`;
  if (part.plan.style === "bars")
    return text(ctx, `from ${short(scale.low)} to ${short(scale.high)}`, part.boxes[0].x, y + 4, theme.quiet);
  const [low, high] = scale.signed ? [-scale.top, scale.top] : [0, scale.top], from = part.boxes[0].x;
  const start = from + ctx.measureText(short(low)).width + 5;
  text(ctx, short(low), from, y + 4, theme.quiet);
  for (let i = 0; i < 60; i++) {
    ctx.fillStyle = `rgb(${GLASS_BYTES[scale.kind][Math.round(i / 59 * 255)].join(",")})`;
    ctx.fillRect(start + i, y, 1.5, 8);
  }
  text(ctx, short(high), start + 66, y + 4, theme.quiet);
}
function outline(part, ctx, box, fixed, theme) {
  const { plan } = part, at = part.focus || part.link, own = part.focus !== null;
  if (plan.panels && at[plan.panels] !== void 0 && at[plan.panels] !== fixed[plan.panels]) return;
  const [c, r] = [at[plan.columns], plan.rows ? at[plan.rows] : void 0];
  if (c === void 0 && r === void 0) return;
  const lying = plan.style === "bars" && plan.nColumns <= 10, w = box.w / plan.nColumns, h = box.h / plan.nRows;
  let here = {
    x: c === void 0 ? box.x : box.x + c * w,
    w: c === void 0 ? box.w : w,
    y: r === void 0 ? box.y : box.y + r * h,
    h: r === void 0 ? box.h : h
  };
  if (lying) here = { x: box.x, w: box.w, y: box.y + c * box.h / plan.nColumns, h: box.h / plan.nColumns };
  if (here.w < 3) here = { ...here, x: here.x + here.w / 2 - 1.5, w: 3 };
  if (here.h < 3) here = { ...here, y: here.y + here.h / 2 - 1.5, h: 3 };
  Object.assign(ctx, { strokeStyle: "#fff", lineWidth: 3 });
  ctx.strokeRect(here.x - 0.5, here.y - 0.5, here.w + 1, here.h + 1);
  Object.assign(ctx, { strokeStyle: own ? "#111" : theme.accent, lineWidth: 1.5 });
  ctx.strokeRect(here.x - 0.5, here.y - 0.5, here.w + 1, here.h + 1);
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

// glassbox/parts.js
var change = (value) => (value > 0 ? "+" : "") + short(value, 4);
var Part = class {
  /**
   * @param {HTMLElement} parent
   * @param {any} part
   * @param {{after: any, before?: any, difference?: any}} sides  Its numbers: as the gene stands, and with edits before
   *   them and the difference.
   * @param {any} about
   * @param {{resolution: number, pcre: number, side: string, onHover: (part: Part, at: any) => void}} more
   */
  constructor(parent, part, sides, about, { resolution, pcre, side, onHover }) {
    this.part = part;
    this.sides = sides;
    this.about = about;
    this.onHover = onHover;
    this.link = {};
    this.boxes = [];
    this.focus = null;
    this.plan = planOf(part);
    this.genome = this.plan.columns === "bin" && part.place ? genomeOf(part.place, this.plan.nColumns, resolution, about, pcre) : null;
    this.read = make("div", { class: "glass-read", "aria-live": "off" });
    this.holder = make("div", { class: "glass-canvas" });
    const symbol = make("b", {}, ...part.role === "weight" ? subscripts(part.label) : [part.label]), role = part.role === "weight" ? "weights " : "";
    parent.append(
      make(
        "div",
        { class: `glass-part glass-${part.role}` },
        make(
          "div",
          { class: "glass-caption" },
          role,
          symbol,
          make("span", { class: "glass-shape" }, shapeInWords(part.shape, part.axes)),
          make(
            "span",
            { class: "glass-name" },
            ...part.name.split(".").flatMap((word, i) => i ? [".", make("wbr"), word] : [word])
          )
        ),
        this.holder,
        this.read
      )
    );
    this.picture = null;
    this.sheet = new Sheet(
      this.holder,
      (w) => this.layout(w),
      (ctx) => drawPart(this, ctx),
      {
        role: "application",
        // arrow keys walk over the numbers
        tabindex: "0",
        "aria-label": `${part.label}, ${shapeInWords(part.shape, part.axes)}: arrow keys walk over the numbers`
      }
    );
    const canvas = this.sheet.canvas;
    canvas.addEventListener("pointermove", (e) => this.hover(this.hit(pointOn(canvas, e))));
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("keydown", (e) => this.key(e));
    canvas.addEventListener("blur", () => this.hover(null));
    this.select(side);
    this.sheet.width = Math.floor(this.holder.getBoundingClientRect().width);
    this.sheet.now();
  }
  close() {
    this.sides = this.values = this.picture = null;
    this.sheet.close();
  }
  /** Show the numbers "after" the edits, "before" them, or their "difference"; weights are the same on all sides. */
  select(side) {
    this.side = this.sides[side] ? side : "after";
    this.values = this.sides[this.side];
    this.scale = scaleOf(this.values);
    this.picture = null;
    this.scaleSaid?.parentElement.remove();
    this.scaleSaid = null;
    this.sheet.redraw();
  }
  // Boxes of the panels for a width; returns the height.
  layout(width) {
    const { plan, part, genome } = this, wordy = ["token", "asking", "resolution", "mark", "head"].includes(plan.rows);
    const left = plan.n > 1 && plan.perRow > 1 ? 0 : wordy ? plan.style === "area" && plan.rows === "head" ? 84 : 74 : 8, top = genome && genome.tss !== void 0 ? 16 : 6;
    const gap = plan.columns === "token" && plan.n > 1 ? 20 : 8;
    const perRow = Math.min(plan.perRow, plan.n);
    let room = (width - left - 10 - gap * (perRow - 1)) / perRow, height;
    const head = plan.n > 1 ? 15 : 0;
    if (plan.style === "area") height = plan.nRows * (plan.rows === "mark" ? 24 : 58);
    else if (plan.style === "bars")
      height = plan.nColumns <= 10 ? plan.nColumns * 20 : part.role === "weight" ? 44 : 84;
    else if (genome) height = plan.n > 1 ? Math.max(64, plan.nRows) : Math.max(128, Math.min(plan.nRows, 200));
    else if (part.role === "weight") {
      const cell = Math.max(0.6, Math.min(12, room / plan.nColumns, 150 / plan.nRows));
      room = Math.max(Math.min(room, cell * plan.nColumns), Math.min(room, 60));
      height = Math.max(cell * plan.nRows, 24);
    } else if (plan.columns === "token") height = Math.min(room, plan.nRows * 15);
    else
      height = plan.nRows * (plan.rows === "token" || plan.rows === "resolution" ? plan.n > 1 ? 9 : 16 : plan.n > 1 ? 10 : 14);
    if (plan.columns === "token" && plan.n > 1) room = height = Math.min(room, 118);
    this.boxes = [];
    for (let p = 0; p < plan.n; p++) {
      const [row, column] = [Math.floor(p / perRow), p % perRow];
      this.boxes.push({
        x: left + column * (room + gap),
        y: top + head + row * (height + head + gap),
        w: room,
        h: height
      });
    }
    const last = this.boxes[plan.n - 1];
    return (last ? last.y + last.h : 20) + (genome ? GENOME_AXIS : plan.style === "area" ? 4 : plan.columns === "token" && plan.n > 1 ? 30 : 18);
  }
  hidden(column) {
    return this.part.seen !== null && !this.part.seen[column];
  }
  // Where genome coordinates are below the picture, the scale is given in words.
  sideLegend() {
    const { scale } = this;
    if (!this.scaleSaid) {
      this.scaleSaid = make("span", { class: `glass-scale glass-scale-${scale.kind}` });
      const [low, high] = scale.signed ? [-scale.top, scale.top] : [0, scale.top];
      this.holder.before(make("div", { class: "glass-legend" }, short(low), this.scaleSaid, short(high)));
    }
  }
  // ----- the number under the pointer ----------------------------------------------------------------------------------
  hit({ x, y }) {
    const { plan } = this, p = this.boxes.findIndex((b) => x >= b.x && x < b.x + b.w && y >= b.y && y < b.y + b.h);
    if (p < 0) return null;
    const box = this.boxes[p], lying = plan.style === "bars" && plan.nColumns <= 10;
    const column = Math.floor(lying ? (y - box.y) / box.h * plan.nColumns : (x - box.x) / box.w * plan.nColumns);
    const at = { [plan.columns]: Math.max(0, Math.min(plan.nColumns - 1, column)) };
    if (plan.rows)
      at[plan.rows] = Math.max(0, Math.min(plan.nRows - 1, Math.floor((y - box.y) / box.h * plan.nRows)));
    if (plan.panels) at[plan.panels] = p;
    return at;
  }
  value(at) {
    return this.values[this.plan.at(at)];
  }
  /** "head 2 · bin 203 · +0.3 kb from the TSS · chr1:100-200: 0.0341" */
  describe(at) {
    const words = [];
    for (const axis of this.part.axes) {
      words.push(nameOf(axis, at[axis], this.about));
      if (axis === "bin" && this.genome) words.push(...this.genome.said(at.bin));
    }
    const place = this.part.axes.includes("bin") ? at.bin : at.token;
    const hidden = place !== void 0 && this.hidden(place) ? " (hidden from the model)" : "";
    return `${words.join(" · ")}:  ${this.said(at)}${hidden}`;
  }
  /** "0.31", or with edits "0.31 (before 0.25, difference +0.06)". */
  said(at) {
    const here = this.plan.at(at), { after, before, difference } = this.sides;
    if (!before) return short(after[here], 5);
    return `${short(after[here], 5)} (before ${short(before[here], 5)}, difference ${change(difference[here])})`;
  }
  /** Arrow keys walk over columns and rows, Page keys from panel to panel, Home and End to the ends of a row. */
  key(event) {
    const { plan } = this, lying = plan.style === "bars" && plan.nColumns <= 10;
    const along = { ArrowLeft: -1, ArrowRight: 1, Home: -plan.nColumns, End: plan.nColumns }[event.key];
    const across = { ArrowUp: -1, ArrowDown: 1 }[event.key], over = { PageUp: -1, PageDown: 1 }[event.key];
    if (along === void 0 && across === void 0 && over === void 0) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = { ...this.focus }, new_ = !this.focus;
    const step = (axis, n, by) => {
      if (axis) at[axis] = new_ ? 0 : Math.max(0, Math.min(n - 1, at[axis] + (by || 0)));
    };
    step(plan.columns, plan.nColumns, lying ? along ?? across : along);
    step(plan.rows, plan.nRows, across);
    step(plan.panels, plan.n, over);
    this.read.setAttribute("aria-live", "polite");
    this.hover(at);
  }
  hover(at) {
    if (!this.values) return;
    this.focus = at;
    this.read.textContent = at ? this.describe(at) : "";
    this.onHover(this, at);
    this.sheet.redraw();
  }
  /** The place under another part's pointer, in this part's axes. */
  linked(at) {
    this.link = at || {};
    this.sheet.redraw();
  }
};

// glassbox/sums.js
function products(n, a, b, names = null) {
  const terms = Array.from({ length: n }, (_, i) => ({ i, a: a(i), b: b(i) })).filter(
    (t) => Number.isFinite(t.a * t.b)
  );
  const value = terms.reduce((sum, t) => sum + t.a * t.b, 0);
  const shown = [...terms].sort((p, q) => Math.abs(q.a * q.b) - Math.abs(p.a * p.b)).slice(0, 3);
  const words = shown.map((t) => `${short(t.a)} × ${short(t.b)}${names ? ` (${names(t.i)})` : ""}`).join("  +  ");
  return { value, text: n > shown.length ? `${words}  +  … ${n} products in all, largest first` : words };
}
var Reckoning = class {
  constructor(name, parts, at, about) {
    const inputs = parts.filter((p) => p.part.role === "input"), output = parts.find((p) => p.part.role === "output");
    this.weights = Object.fromEntries(parts.filter((p) => p.part.role === "weight").map((p) => [p.part.label, p]));
    this.step = name.split(".")[0];
    this.at = at;
    this.about = about;
    this.a = inputs[0];
    this.b = inputs[1];
    this.output = output;
    this.last = output.part.axes[output.part.axes.length - 1];
  }
  size(part, axis) {
    return part.plan.size[axis];
  }
  lastOf(part) {
    return part.part.axes[part.part.axes.length - 1];
  }
  /** A vector of the weights: a bias, a gain. */
  vector(symbol, i) {
    return this.weights[symbol].values[i];
  }
  /** Row `row` of a matrix times the numbers of `part` along `axis`, at `place`. */
  linear(symbol, row, part, place, axis = this.lastOf(part), names = null) {
    const W = this.weights[symbol], wide = W.part.shape[1];
    return products(
      this.size(part, axis),
      (i) => W.values[row * wide + i],
      (i) => part.value({ ...place, [axis]: i }),
      names
    );
  }
  seen(i) {
    return !this.output.part.seen || this.output.part.seen[i];
  }
  /** The token of the promoter's own bin, or the asking token, among the numbers of an input. */
  own(part) {
    if (part.part.axes.includes("bin")) return { bin: this.size(part, "bin") >> 1 };
    return "token" in this.at ? { token: this.at.token } : {};
  }
};
var logOf = ({ a, at, output }, hidden) => {
  const d = a.value(at), value = Number.isNaN(d) || hidden ? output.value(at) : Math.log(1 + d);
  return { value, text: Number.isNaN(d) ? "no data or padding" : `ln(1 + ${short(d, 4)})` };
};
var headOf = (letter) => (c) => {
  const { a, at } = c, row = at.head * c.size(c.output, "head width") + at["head width"], place = {};
  if (a.part.axes.includes("bin")) place.bin = letter === "q" ? c.size(a, "bin") >> 1 : at.bin;
  if (a.part.axes.includes("token")) place.token = at.token;
  return c.linear(`W_${letter}`, row, a, place);
};
var dotOf = (c, place, key) => {
  const E = c.size(c.a, "head width");
  const dot = products(
    E,
    (i) => c.a.value({ ...place, "head width": i }),
    (i) => c.b.value({ ...key, "head width": i })
  );
  return { value: dot.value / Math.sqrt(E), text: `( ${dot.text} ) / √${E}` };
};
var sumOfTwo = (a, b, said = ["", ""]) => ({ value: a + b, text: `${short(a)}${said[0]}  +  ${short(b)}${said[1]}` });
var normOf = (symbol, offset) => (c) => {
  const D = c.size(c.output, "width"), x = c.own(c.a), y = "token" in c.at ? { token: c.at.token } : {}, i = c.at.width;
  const row = Array.from(
    { length: D },
    (_, j) => c.a.value({ ...x, width: j }) + c.vector(offset, j) + c.linear(symbol, j, c.b, y).value
  );
  const mean = row.reduce((s, v) => s + v, 0) / D, sd = Math.sqrt(row.reduce((s, v) => s + (v - mean) ** 2, 0) / D + 1e-5);
  const [g, o] = [c.vector("g", i), c.vector("c", i)];
  return {
    value: g * (row[i] - mean) / sd + o,
    text: `${short(g)} × (${short(row[i])} − mean ${short(mean)}) / sd ${short(sd)}  +  ${short(o)}`
  };
};
var SUMS = {
  log: (c) => logOf(c, false),
  pcre_features: (c) => logOf(c, !c.seen(c.at.bin)),
  features(c) {
    const { at, a } = c, from = c.about.strand === "-" ? c.size(c.output, "bin") - 1 - at.bin : at.bin, seen = c.seen(at.bin);
    const text2 = `bin ${from} along the chromosome${from === at.bin ? "" : ", flipped"}${seen ? "" : ": no data, so 0 and hidden"}`;
    return { value: seen ? a.value({ ...at, bin: from }) : 0, text: text2 };
  },
  projected: (c) => c.linear("P", c.at.width, c.a, { bin: c.at.bin }, "mark", (i) => c.about.marks[i].name),
  positions({ at, output }) {
    const j = at.width - at.width % 2, D = output.plan.size.width, angle = at.bin / 1e4 ** (j / D), odd = at.width % 2;
    return {
      value: odd ? Math.cos(angle) : Math.sin(angle),
      text: `${odd ? "cos" : "sin"}(${at.bin} / 10000^(${j}/${D}))`
    };
  },
  tokens(c) {
    if (c.step !== "regulation")
      return sumOfTwo(c.a.value(c.at), c.b.value(c.at), [" from the marks", " from the place"]);
    return null;
  },
  asking: (c) => c.linear("W", c.at.width, c.a, {}),
  q: headOf("q"),
  k: headOf("k"),
  v: headOf("v"),
  gate(c) {
    const sum = c.linear("W_g", c.at[c.last], c.a, { token: c.at.token });
    return { value: 1 / (1 + Math.exp(-sum.value)), text: `σ( ${sum.text} )` };
  },
  content: (c) => dotOf(c, { head: c.at.head, token: c.at.asking }, { head: c.at.head, token: c.at.token }),
  bias(c) {
    if (c.at.asking !== 0) return { value: 0, text: "0: frequencies are added only in the promoter's row" };
    const [g, f] = [c.vector("γ", c.at.head), c.a.value({ token: c.at.token })];
    return { value: g * f, text: `γ ${short(g)} × frequency ${short(f)}` };
  },
  scores(c) {
    if (c.step === "regulation") return sumOfTwo(c.a.value(c.at), c.b.value(c.at), [" said", " from the contact"]);
    return dotOf(c, { head: c.at.head }, { head: c.at.head, bin: c.at.bin });
  },
  weights(c) {
    const { at, a, last } = c, n = c.size(c.output, last), score = (i) => c.seen(i) ? a.value({ ...at, [last]: i }) : -Infinity;
    const scores = Array.from({ length: n }, (_, i) => score(i)), most = Math.max(...scores);
    if (most === -Infinity) return { value: c.output.value(at), text: "nothing may be seen" };
    const value = Math.exp(score(at[last]) - most) / scores.reduce((sum, s) => sum + Math.exp(s - most), 0);
    const text2 = c.seen(at[last]) ? `exp(${short(score(at[last]))}) / Σ exp, which is ${short(100 * value)} % of this head` : "hidden: 0";
    return { value, text: text2 };
  },
  attended(c) {
    const { at, a, b, about } = c, E = c.size(b, "head width"), head = Math.floor(at[c.last] / E), set = c.step === "regulation";
    const along = set ? "token" : "bin", share = (i) => a.value(set ? { head, asking: at.token, token: i } : { head, bin: i });
    const value = (i) => b.value({ head, [along]: i, "head width": at[c.last] % E });
    return products(c.size(b, along), share, value, (i) => nameOf(along, i, about));
  },
  gated: ({ at, a, b }) => ({
    value: a.value(at) * b.value(at),
    text: `${short(a.value(at))}  ×  ${short(b.value(at))}`
  }),
  normed: normOf("W", "b"),
  out: normOf("W₂", "b₂"),
  tss: normOf("W₂", "b₂"),
  hidden(c) {
    const sum = c.linear("W₁", c.at.hidden, c.a, "token" in c.at ? { token: c.at.token } : {}), b = c.vector("b₁", c.at.hidden);
    const all = sum.value + b;
    return {
      value: Math.max(0, all),
      text: `max(0,  ${sum.text}  +  ${short(b)} )${all < 0 ? ": negative, so 0" : ""}`
    };
  },
  joined(c) {
    const wide = c.size(c.a, "width"), i = c.at[c.last], place = { resolution: Math.floor(i / wide), width: i % wide };
    return sumOfTwo(c.a.value(place), c.b.value(place), [" before", " after"]);
  },
  output(c) {
    const sum = c.linear("W₂", c.at.output, c.a, {}), b = c.vector("b₂", c.at.output);
    return { value: sum.value + b, text: `${sum.text}  +  ${short(b)}` };
  },
  probability({ at, a }) {
    const total = Array.from(a.values).reduce((sum, z2) => sum + Math.exp(z2), 0), z = a.values[at.class];
    return { value: Math.exp(z) / total, text: `exp(${short(z)}) / ${short(total)}` };
  }
};
function sumOf(name, parts, at, about) {
  const rule = SUMS[name.split(".").pop()];
  return rule ? rule(new Reckoning(name, parts, at, about)) : null;
}

// glassbox/panel.js
function sidesOf(part, buffers) {
  const after = numbersOf(buffers.shift(), part.dtype);
  if (part.sides < 2) return { after };
  const before = numbersOf(buffers.shift(), part.dtype);
  return { after, before, difference: after.map((value, i) => value - before[i]) };
}
var Panel = class {
  /**
   * @param {any} reply  What Python answers for a box.
   * @param {DataView[]} buffers
   * @param {any} about
   * @param {{resolution: number, pcre: number, side: string}} view
   * @param {(Node | string)[]} controls  Buttons at its head.
   * @param {HTMLElement} place  The panel is put at the end of it.
   */
  constructor(reply, buffers, about, view, controls, place) {
    this.name = reply.name;
    this.about = about;
    this.side = view.side;
    const left = make("div", { class: "glass-left" }), right = make("div", { class: "glass-right" });
    this.why = make("div", { class: "glass-why" });
    this.node = make(
      "div",
      { class: "glass-panel", role: "region", "aria-label": reply.title },
      make(
        "div",
        { class: "glass-panel-head" },
        make("h4", {}, reply.title),
        make("span", { class: "glass-formula" }, ...subscripts(reply.formula)),
        make("span", { class: "glass-space" }),
        ...controls
      ),
      make("p", { class: "glass-words" }, reply.words),
      make(
        "div",
        { class: "glass-panel-body" },
        left,
        make("div", { class: "glass-to", "aria-hidden": "true" }, "→"),
        right
      )
    );
    place.append(this.node);
    if (reply.parts.every((part) => part.role === "output")) this.node.classList.add("glass-source");
    const more = { ...view, onHover: (part, at) => this.hovered(part, at) }, waiting = [...buffers];
    this.parts = [];
    for (const part of reply.parts)
      this.parts.push(new Part(part.role === "output" ? right : left, part, sidesOf(part, waiting), about, more));
    right.append(this.why);
    this.rest();
  }
  close() {
    this.parts.forEach((p) => p.close());
    this.node.remove();
  }
  select(side) {
    this.side = side;
    this.parts.forEach((p) => p.select(side));
    this.rest();
  }
  /** Nothing is pointed at: the inputs that are read stay outlined. */
  rest() {
    this.why.textContent = "Point at a number, or walk there with the arrow keys: this line says where it comes from.";
    const [step, what] = [this.name.split(".")[0], this.name.split(".").pop()];
    for (const p of this.parts) {
      const one = p.part.role === "input" && p.plan.size.bin && step === "embedding" && (what === "q" || what === "normed");
      p.linked(
        one ? { bin: p.plan.size.bin >> 1 } : this.name === "head.after" && p.plan.size.token ? { token: 0 } : null
      );
    }
  }
  hovered(part, at) {
    const output = this.parts.find((p) => p.part.role === "output");
    if (!at) return this.rest();
    for (const other of this.parts) other.linked(other === part ? null : this.translated(part, other, at));
    const sum = part === output && this.side !== "difference" ? this.sum(at) : null;
    this.why.textContent = sum ? `${short(part.value(at), 5)}  =  ${sum.text}` : part.describe(at);
  }
  sum(at) {
    return sumOf(this.name, this.parts, at, this.about);
  }
  /** The same place in another part's axes: a row of the weights makes a number of the output. */
  translated(from, to, at) {
    const here = {};
    for (const axis of to.part.axes) if (at[axis] !== void 0 && to.plan.size[axis] > at[axis]) here[axis] = at[axis];
    if (from.part.role === "output" && to.part.role === "weight") {
      const axes = from.part.axes, last = axes[axes.length - 1], E = from.plan.size["head width"];
      const row = last === "head width" ? at.head * E + at[last] : at[last];
      if (row < to.part.shape[0]) here.out = row;
    }
    if (this.name.endsWith(".features") && this.about.strand === "-" && here.bin !== void 0)
      here.bin = to.plan.size.bin - 1 - here.bin;
    if (from.part.axes.includes("asking") && !to.part.axes.includes("asking") && to.part.name.endsWith(".q"))
      here.token = at.asking;
    return here;
  }
};

// glassbox/map.js
function drawThumb(canvas, [w, h], info, pictures, marks, theme) {
  const [rows, columns, from] = info.picture, ratio = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: Math.round(w * ratio), height: Math.round(h * ratio) });
  const ctx = canvas.getContext("2d"), level = (r, c) => pictures[from + r * columns + c], x = w / columns, y = h / rows;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = theme.paper;
  ctx.fillRect(0, 0, w, h);
  const tracks = info.axes.includes("mark"), hidden = [];
  const rowsOfBars = !info.signed && (tracks || info.axes.join() === "head,bin");
  if (!rowsOfBars) thumbHeat(ctx, info, pictures, w, h);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const v = level(r, c);
      if (v === 255) hidden.push([c * x, r * y]);
      else if (rowsOfBars) {
        const tall = Math.min(1, v / 254) * (y - 1);
        ctx.fillStyle = tracks ? marks[r % marks.length].colour : theme.down;
        ctx.fillRect(c * x, (r + 1) * y - tall, x + 0.3, tall);
      }
    }
  }
  ctx.save();
  ctx.beginPath();
  hidden.forEach(([left, top]) => ctx.rect(left, top, x + 0.3, y + 0.3));
  ctx.clip();
  if (hidden.length) {
    ctx.fillStyle = theme.paper;
    ctx.fillRect(0, 0, w, h);
    drawHatch(ctx, { x: 0, y: 0, w, h }, theme.quiet, 4);
  }
  ctx.restore();
}
function thumbHeat(ctx, info, pictures, w, h) {
  const [rows, columns, from] = info.picture, bytes = GLASS_BYTES[info.signed ? "diverging" : "sequential"];
  const image = new ImageData(columns, rows), small = make("canvas", { width: columns, height: rows });
  for (let i = 0; i < rows * columns; i++) {
    image.data.set(bytes[Math.min(255, Math.round(pictures[from + i] / 254 * 255))], 4 * i);
    image.data[4 * i + 3] = 255;
  }
  small.getContext("2d").putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(small, 0, 0, w, h);
}
function arrowWithin(a, b, others, under) {
  if (Math.abs(a.mx - b.mx) < 8)
    return { path: `M${a.mx},${a.bottom} V${b.y - 2}`, tip: `M${b.mx},${b.y} l-3,-4 h6 z` };
  const between = (r) => r.x > a.x + 8 && r.right < b.right - 8;
  const free = Math.abs(a.my - b.my) < 3 && !others.some((r) => between(r) && r.y < a.my && r.bottom > a.my);
  if (b.x - a.right < 60 || free) {
    const bend = Math.min(20, (b.x - a.right) / 2);
    const path2 = `M${a.right},${a.my} C${a.right + bend},${a.my} ${b.x - bend},${b.my} ${b.x - 3},${b.my}`;
    return { path: path2, tip: `M${b.x},${b.my} l-5,-3 v6 z` };
  }
  const lane = others.filter((r) => r.right > a.x && r.x < b.right), low = Math.max(...lane.map((r) => r.bottom)) + 4 + 4 * under.n++;
  const [out, in_] = [a.right + 3 + 2 * under.n, b.x - 11 + 2 * under.n], my = b.my + 5;
  const path = `M${a.right},${a.my + 5} H${out} V${low - 3} Q${out},${low} ${out + 3},${low} H${in_ - 3} Q${in_},${low} ${in_},${low - 3} V${my} H${b.x - 3}`;
  return { path, tip: `M${b.x},${my} l-5,-3 v6 z` };
}
function arrowAcross(source, a, b, box, entries, name) {
  const what = source.split(".").pop(), x = { features: 20, pcre_features: 20, tss: 9, out: box.lane === "pairwise" ? 20 : 14 }[what];
  const lane = box.node.closest(".glass-lane"), gap = lane.offsetTop + lane.offsetHeight + (what === "features" ? 3 : 8);
  entries[name] = (entries[name] || 0) + 1;
  const y = b.my + (entries[name] - 1) * 8 - 4;
  const path = `M${a.mx},${a.bottom} V${gap - 4} Q${a.mx},${gap} ${a.mx - 4},${gap} H${x + 4} Q${x},${gap} ${x},${gap + 4} V${y - 4} Q${x},${y} ${x + 4},${y} H${b.x - 3}`;
  return { path, tip: `M${b.x},${y} l-5,-3 v6 z` };
}
function arrowNodes({ path, tip }, more, on) {
  return [
    ["glass-line", path],
    ["glass-tip", tip]
  ].map(([kind, d]) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", "path");
    node.setAttribute("d", d);
    node.setAttribute("class", `${kind}${more}${on ? " glass-on" : ""}`);
    return node;
  });
}

// glassbox/steps.js
var SVG = "http://www.w3.org/2000/svg";
var Steps = class {
  /** @param {any} glass */
  constructor(glass) {
    this.glass = glass;
    this.node = make("div", {
      class: "glass-map",
      id: `${glass.frame.id}-map`,
      role: "tabpanel",
      "aria-label": "the model's steps"
    });
    this.boxes = /* @__PURE__ */ new Map();
    this.order = [];
    this.cards = /* @__PURE__ */ new Map();
    this.painted = "";
    this.watch = new ResizeObserver(() => {
      this.paint();
      this.arrowsSoon();
    });
    this.watch.observe(this.node);
  }
  close() {
    cancelAnimationFrame(this.frame);
    this.watch.disconnect();
    this.boxes.clear();
    this.pictures = null;
  }
  /** @param {any} reply @param {DataView} buffer */
  fill(reply, buffer) {
    this.pictures = new Uint8Array(buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength));
    this.info = reply.boxes;
    this.boxes.clear();
    this.cards.clear();
    this.order = [];
    this.lines = document.createElementNS(SVG, "svg");
    this.lines.classList.add("glass-arrows");
    this.lines.setAttribute("aria-hidden", "true");
    this.node.replaceChildren(this.lines, ...reply.steps.map((step) => this.card(step, reply.story[step.key])));
    this.painted = null;
    this.node.setAttribute("aria-labelledby", `${this.glass.frame.id}-${this.glass.view.resolution}`);
    this.show();
  }
  card(step, sentence) {
    const id = `${this.glass.frame.id}-${step.key}`;
    const inside = make("div", { class: "glass-inside", id }, ...step.lanes.map((lane) => this.lane(lane)));
    const thumbs = step.pictures.map((name) => ({
      canvas: make("canvas", { class: "glass-thumb", "aria-hidden": "true" }),
      info: this.info[name]
    }));
    const head = make(
      "button",
      {
        type: "button",
        class: "glass-summary",
        "aria-expanded": "false",
        "aria-controls": id,
        onclick: () => this.glass.toggleStep(step.key)
      },
      make("span", { class: "glass-sign", "aria-hidden": "true" }),
      step.title
    );
    const node = make(
      "section",
      { class: `glass-step glass-${step.key}`, "aria-label": step.title },
      make("div", { class: "glass-step-head" }, make("h3", {}, head), make("span", { class: "cl-quiet" }, step.about)),
      make(
        "div",
        { class: "glass-told" },
        make("p", { class: "glass-story" }, sentence),
        make(
          "div",
          { class: "glass-pictures", "aria-hidden": "true" },
          ...thumbs.map(({ canvas, info }) => make("figure", {}, canvas, make("figcaption", {}, info.title)))
        )
      ),
      this.choices(step.key),
      inside
    );
    this.cards.set(step.key, { node, head, inside, thumbs });
    return node;
  }
  /** Layer and element, where a step has several. */
  choices(step) {
    const { about, view } = this.glass, chips = make("div", { class: "glass-choices" });
    if (about.layers[step] > 1)
      chips.append(this.chips("layer", about.layers[step], view[step], (i) => this.glass.choose({ [step]: i })));
    if (step === "pairwise" && about.pcres.length) chips.append(this.pcreChips());
    return chips;
  }
  lane(lane) {
    const row = make("div", { class: "glass-row" });
    for (const names of lane.columns)
      row.append(
        make(
          "div",
          { class: `glass-column ${names.length > 1 ? "glass-stack" : ""}` },
          ...names.map((name) => this.box(name, lane))
        )
      );
    const none = lane.step === "pairwise" && !this.glass.about.pcres.length;
    return make(
      "div",
      { class: `glass-lane glass-of-${lane.key}`, role: "group", "aria-label": lane.title },
      make(
        "div",
        { class: "glass-lane-head" },
        make("b", {}, lane.title),
        make("span", { class: "cl-quiet" }, lane.about)
      ),
      none ? make("div", { class: "cl-quiet glass-none" }, "This gene has no pCREs. The promoter goes on alone.") : row
    );
  }
  chips(what, n, chosen, pick, titles = null) {
    const chips = make(
      "span",
      { class: "glass-chips", role: "group", "aria-label": what },
      make("span", { class: "cl-quiet" }, what)
    );
    for (let i = 0; i < n; i++) {
      const said = titles ? titles[i] : `${what} ${i + 1} of ${n}`, number = String(titles ? this.glass.about.pcres[i].slot + 1 : i + 1);
      chips.append(
        make(
          "button",
          {
            type: "button",
            "aria-pressed": String(i === chosen),
            "aria-label": `${what} ${number}`,
            title: said,
            onclick: () => pick(i)
          },
          number
        )
      );
    }
    return chips;
  }
  pcreChips() {
    const { about, view } = this.glass;
    const met = ({ frequency, was }) => frequency === null ? "cut by an edit" : was === null ? `added by an edit, met with frequency ${short(frequency)}` : `met with frequency ${short(frequency)}${was === frequency ? "" : `, ${short(was)} before the edits`}`;
    const titles = about.pcres.map(
      (p) => `${p.chrom}:${grouped(p.start)}-${grouped(p.end)}, ${met(p)}` + (p.kb === null ? "" : `, ${short(Math.abs(p.kb))} kb ${p.kb < 0 ? "upstream" : "downstream"} of the TSS`)
    );
    return this.chips("pCRE", about.pcres.length, view.pcre, (i) => this.glass.choose({ pcre: i }), titles);
  }
  box(name, lane) {
    const info = this.info[name], canvas = make("canvas", { class: "glass-thumb", "aria-hidden": "true" });
    const shape = shapeInWords(info.shape, info.axes), flipped = name.endsWith(".features") && this.glass.about.strand === "-";
    const node = make(
      "button",
      {
        type: "button",
        class: "glass-box",
        "data-name": name,
        tabindex: "-1",
        "aria-expanded": "false",
        title: `${name}: ${shape}`,
        onclick: () => this.glass.toggle(name)
      },
      canvas,
      make("span", { class: "glass-box-title" }, info.title + (flipped ? "  ⇄" : "")),
      make("span", { class: "glass-box-shape" }, info.shape.join("×"))
    );
    this.boxes.set(name, { node, canvas, info, lane: lane.key, step: lane.step });
    this.order.push(name);
    return node;
  }
  /** The step that a box lies in. */
  stepOf(name) {
    return this.boxes.get(name)?.step;
  }
  /** Open and close the summary boxes as `glass.opened` says; mark the box that is open. */
  show() {
    const { opened, open, current } = this.glass;
    for (const [key, { node, head, inside }] of this.cards) {
      node.classList.toggle("glass-open", opened.has(key));
      head.setAttribute("aria-expanded", String(opened.has(key)));
      inside.hidden = !opened.has(key);
    }
    const first = this.order.find((name) => opened.has(this.stepOf(name)));
    for (const [name, { node }] of this.boxes) {
      node.setAttribute("aria-expanded", String(name === open));
      node.tabIndex = name === (opened.has(this.stepOf(current)) ? current : first) ? 0 : -1;
    }
    if (this.painted !== [...opened].join()) this.paint();
    this.arrowsSoon();
  }
  paint() {
    if (!this.pictures) return;
    this.painted = [...this.glass.opened].join();
    const theme = themeOf(this.node), all = [...this.boxes.values(), ...[...this.cards.values()].flatMap((card) => card.thumbs)];
    const shown = all.filter(({ canvas }) => canvas.clientWidth);
    const sizes = shown.map(({ canvas }) => [canvas.clientWidth, canvas.clientHeight]);
    shown.forEach(
      ({ canvas, info }, i) => drawThumb(canvas, sizes[i], info, this.pictures, this.glass.about.marks, theme)
    );
  }
  arrowsSoon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.arrows());
  }
  // From each box to those that read it: within a lane from side to side, from lane to lane along the left margin. Where
  // the page is narrow the boxes stand in several rows, and arrows would only tangle.
  arrows() {
    if (!this.lines || !this.node.clientWidth) return;
    const all = this.node.getBoundingClientRect(), lines = [], entries = {}, under = {}, lanes = {};
    const place = (node) => {
      const r = node.getBoundingClientRect(), [x, y] = [r.left - all.left, r.top - all.top];
      return {
        x,
        y,
        w: r.width,
        h: r.height,
        right: x + r.width,
        bottom: y + r.height,
        mx: x + r.width / 2,
        my: y + r.height / 2
      };
    };
    const visible = [...this.boxes].filter(([, box]) => box.node.clientWidth && this.node.clientWidth > 620), shown = new Map(visible);
    for (const { node, lane, step } of shown.values()) (lanes[`${step} ${lane}`] ||= []).push(place(node));
    for (const [name, { node, info, lane, step }] of shown) {
      const key = `${step} ${lane}`;
      under[key] ||= { n: 0 };
      for (const source of info.inputs) {
        const box = shown.get(source) || shown.get(this.stand(source));
        if (!box) continue;
        const [a, b] = [place(box.node), place(node)], on = this.glass.open === name || this.glass.open === source;
        const own = box.lane === lane && box.step === step, line = own ? arrowWithin(a, b, lanes[key], under[key]) : arrowAcross(source, a, b, box, entries, name);
        if (line) lines.push(...arrowNodes(line, own ? "" : ` glass-across glass-from-${box.lane}`, on));
      }
    }
    this.lines.replaceChildren(...lines);
  }
  // A source in a layer that the map does not show is represented by the last box of its lane.
  stand(source) {
    const [step, resolution, , what] = source.split(".");
    const { view } = this.glass;
    return what === "out" && Number(resolution) === view.resolution ? `${step}.${resolution}.${view[step]}.out` : "";
  }
};

// shared/wire.js
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

// glassbox/box.js
var STEPS = ["embedding", "pairwise", "regulation", "head"];
var GlassBox = class {
  constructor({ model, el }) {
    this.model = model;
    this.about = model.get("about");
    this.node = root(el, "cl-glass");
    this.node.glass = this;
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", "glass box");
    this.view = {
      resolution: Math.max(...this.about.resolutions),
      // the fewest bins: what can be read at once
      pairwise: 0,
      regulation: 0,
      pcre: 0,
      side: "after"
    };
    this.opened = /* @__PURE__ */ new Set();
    this.open = null;
    this.current = null;
    this.panel = null;
    this.timer = 0;
    this.frame = new Frame(this);
    this.steps = new Steps(this);
    this.node.append(
      this.frame.node,
      this.steps.node,
      make(
        "p",
        { class: "glass-hint cl-quiet" },
        "A step opens with a click, and so does each box in it: its input, weights and output. Point at a number to see where it comes from. Keys: arrows to move, Enter to open, Esc to close, space to play."
      )
    );
    this.wire = new Wire(model, {
      onReply: (reply, buffers) => this.answered(reply, buffers),
      merge: (last, next) => last.kind === next.kind ? next : null
      // the newest wins
    });
    this.heard = (reply) => reply.changed && this.ask();
    model.on("msg:custom", this.heard);
    this.stopTheme = onTheme(() => {
      this.steps.paint();
      this.parts.forEach((p) => p.sheet.redraw());
    });
    this.node.addEventListener("keydown", (e) => this.key(e));
    this.frame.update(this.about, this.view);
    this.ask();
  }
  get parts() {
    return this.panel ? this.panel.parts : [];
  }
  /** All boxes in the order of computation. */
  get order() {
    return this.steps.order;
  }
  close() {
    this.play(false);
    this.panel?.close();
    this.panel = null;
    this.wire.close();
    this.model.off("msg:custom", this.heard);
    this.steps.close();
    this.stopTheme();
    this.node.glass = null;
    this.node.remove();
  }
  // ----- asking and answering ------------------------------------------------------------------------------------------
  ask() {
    this.wire.ask({ kind: "map", ...this.view });
    if (this.open) this.request(this.open);
  }
  choose(change2) {
    const before = this.view;
    this.view = { ...this.view, ...change2 };
    if (this.open) this.open = this.renamed(this.open, before);
    if (this.current) this.current = this.renamed(this.current, before);
    if (Object.keys(change2).join() === "side" && this.panel) this.panel.select(this.view.side);
    this.ask();
  }
  // The same box at another resolution or in another layer.
  renamed(name, before) {
    const parts = name.split(".");
    if (parts[0] === "head") return name;
    parts[1] = String(this.view.resolution);
    if (parts.length === 4 && Number(parts[2]) === before[parts[0]]) parts[2] = String(this.view[parts[0]]);
    return parts.join(".");
  }
  request(name) {
    this.wire.ask({ kind: "stage", name, pcre: this.view.pcre });
  }
  answered(reply, buffers) {
    this.frame.status.textContent = reply.error || "";
    if (reply.error) return;
    if (reply.kind === "map") this.fill(reply, buffers[0]);
    else if (reply.kind === "search")
      this.frame.genes.answered(reply.found.map((g) => ({ value: g.gene_name || g.gene_id, label: g.gene_id })));
    else if (reply.kind === "stage" && reply.name === this.open) this.show(reply, buffers);
  }
  fill(reply, buffer) {
    const active = (
      /** @type {HTMLElement} */
      document.activeElement
    ), own = this.node.contains(active);
    const at = own && (active.dataset.name || active.dataset.resolution || active.getAttribute("aria-label"));
    this.about = reply.about;
    this.view.pcre = Math.min(this.view.pcre, Math.max(0, this.about.pcres.length - 1));
    if (!this.about.edited) this.view.side = "after";
    this.frame.update(this.about, this.view);
    this.steps.fill(reply, buffer);
    if (this.open && !this.steps.boxes.has(this.open)) this.shut();
    if (this.panel && this.open) this.home(this.open).append(this.panel.node);
    this.mark();
    if (at) this.refocus(active, at);
  }
  // What is drawn anew takes the focus that it had.
  refocus(active, at) {
    if (active.isConnected && this.node.contains(active)) return;
    const box = this.steps.boxes.get(at) || active.dataset.name && this.steps.boxes.get(this.current);
    const same = () => [...this.node.querySelectorAll("button")].find(
      (b) => b.dataset.resolution === at || b.getAttribute("aria-label") === at || b.textContent === active.textContent
    );
    (box ? box.node : same())?.focus({ preventScroll: true });
  }
  // ----- the four steps ------------------------------------------------------------------------------------------------
  toggleStep(step) {
    this.play(false);
    if (!this.opened.delete(step)) this.opened.add(step);
    else if (this.steps.stepOf(this.open) === step) this.shut();
    this.mark();
  }
  openAll() {
    this.play(false);
    const all = this.opened.size === STEPS.length;
    if (all) this.shut();
    this.opened = new Set(all ? [] : STEPS);
    this.mark();
  }
  // ----- one box -------------------------------------------------------------------------------------------------------
  toggle(name) {
    this.play(false);
    if (this.open === name) this.shut();
    else this.go(name);
  }
  go(name) {
    this.current = this.open = name;
    const step = this.steps.stepOf(name);
    if (this.timer)
      this.opened = /* @__PURE__ */ new Set([step]);
    else this.opened.add(step);
    this.mark();
    this.request(name);
  }
  // Where the panel of a box stands: at the end of its step.
  home(name) {
    return this.steps.cards.get(this.steps.stepOf(name)).inside;
  }
  show(reply, buffers) {
    const playing = this.timer !== 0, old = this.panel, home = this.home(reply.name), same = old?.node.parentElement === home;
    if (playing && same)
      home.style.minHeight = `${Math.ceil(home.getBoundingClientRect().height)}px`;
    else if (old) old.node.parentElement.style.minHeight = "";
    if (!playing) home.style.minHeight = "";
    old?.close();
    this.panel = new Panel(reply, buffers, this.about, this.view, this.controls(), home);
    const box = this.steps.boxes.get(reply.name).node;
    const middle = box.getBoundingClientRect().left + box.offsetWidth / 2 - home.getBoundingClientRect().left;
    this.panel.node.style.setProperty("--glass-notch", `${middle}px`);
    this.steps.arrowsSoon();
    if (!playing || !same) this.reveal(box, this.panel.node);
  }
  // The page moves only where the box or its panel would be out of sight, and never so far that the box leaves it.
  reveal(box, panel) {
    const [top, bottom] = [box.getBoundingClientRect().top, panel.getBoundingClientRect().bottom];
    if (top < 0) box.scrollIntoView({ block: "nearest" });
    else if (bottom > window.innerHeight)
      (bottom - top < window.innerHeight ? panel : box).scrollIntoView({
        block: bottom - top < window.innerHeight ? "nearest" : "start"
      });
  }
  controls() {
    const button = (text2, title, label, onclick) => make("button", { type: "button", title, "aria-label": label, onclick }, text2);
    this.pauseButton = button(
      this.timer ? "❚❚" : "▶",
      "Play and pause (space)",
      "play or pause",
      () => this.play(!this.timer)
    );
    const close = button("×", "Close (Esc)", "close", () => this.leave());
    close.classList.add("glass-close");
    return [this.pauseButton, close];
  }
  shut() {
    if (this.panel) this.panel.node.parentElement.style.minHeight = "";
    this.panel?.close();
    this.panel = this.open = null;
    this.mark();
  }
  leave() {
    const box = this.steps.boxes.get(this.open);
    this.play(false);
    this.shut();
    box?.node.focus({ preventScroll: true });
  }
  sum(at) {
    return this.panel.sum(at);
  }
  mark() {
    this.steps.show();
    const at = this.order.indexOf(this.current);
    this.frame.counter.textContent = `${at < 0 ? "–" : at + 1} of ${this.order.length}`;
    this.frame.all.textContent = this.opened.size === STEPS.length ? "Close all" : "Open all";
  }
  // ----- play and keyboard -----------------------------------------------------------------------------------------------
  walk(step, playing = false) {
    if (!playing) this.play(false);
    const at = this.order.indexOf(this.current), next = at < 0 ? 0 : at + step;
    if (next < 0 || next >= this.order.length) return false;
    this.go(this.order[next]);
    return true;
  }
  play(on) {
    clearTimeout(this.timer);
    this.timer = 0;
    if (on) {
      if (this.order.indexOf(this.current) === this.order.length - 1) this.current = null;
      this.next();
    }
    this.frame.playButton.textContent = on ? "❚❚ Pause" : "▶ Play";
    if (this.pauseButton) this.pauseButton.textContent = on ? "❚❚" : "▶";
  }
  // On to the next box, for as long as its words take to read.
  next() {
    this.timer = this.timer || -1;
    if (!this.walk(1, true)) return this.play(false);
    const { long } = this.steps.boxes.get(this.current).info;
    this.timer = window.setTimeout(() => this.next(), readingTime(long, this.frame.slowness));
  }
  key(event) {
    const { key, target } = event, onBox = target.classList.contains("glass-box");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "Escape" && (this.open || this.timer)) this.leave();
    else if (key === " " && (onBox || target.tagName === "CANVAS")) this.play(!this.timer);
    else if (key.startsWith("Arrow") && onBox) this.move(key.slice(5));
    else return;
    event.preventDefault();
  }
  move(direction) {
    const rects = [...this.steps.boxes].filter(([, { node }]) => node.clientWidth).map(([name, { node }]) => (
      /** @type {[string, DOMRect]} */
      [name, node.getBoundingClientRect()]
    ));
    const from = this.steps.boxes.get(this.current) || this.steps.boxes.get(rects[0][0]);
    const best = nearest(direction, from.node.getBoundingClientRect(), rects);
    if (!best) return;
    this.play(false);
    this.current = best;
    if (this.open) this.go(best);
    else this.mark();
    this.steps.boxes.get(best).node.focus({ preventScroll: true });
  }
};
var box_default = {
  render(context) {
    const box = new GlassBox(context);
    return () => box.close();
  }
};
export {
  box_default as default
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
