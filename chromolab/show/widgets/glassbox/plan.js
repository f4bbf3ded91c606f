// The glass box: how a tensor is laid out on the page and on the genome, and the names of its axes.

import { ticks as ticksBetween } from "d3-array";

import { make } from "../shared/dom.js";
import { grouped, ramp, short } from "../shared/numbers.js";

/** Colours as a table of bytes: index 0..255 -> [r, g, b]. */
function byteRamp(kind) {
  const colour = ramp(kind);
  return Array.from({ length: 256 }, (_, i) =>
    colour(i / 255)
      .match(/\d+/g)
      .map(Number),
  );
}
export const GLASS_BYTES = { sequential: byteRamp("sequential"), diverging: byteRamp("diverging") };

/** Numbers of a part, unchanged: float32 or float64. */
export function numbersOf(view, dtype) {
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  return dtype === "float64" ? new Float64Array(bytes) : new Float32Array(bytes);
}

/** The largest and smallest number without NaN, and the colour scale for them. */
export function scaleOf(values) {
  let low = Infinity,
    high = -Infinity;
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (low > high) [low, high] = [0, 0];
  const signed = low < 0,
    top = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return {
    signed,
    low,
    high,
    top,
    kind: signed ? "diverging" : "sequential",
    level: signed ? (v) => 0.5 + (0.5 * v) / top : (v) => v / top,
  };
}

// ----- how a tensor lies on the page ---------------------------------------------------------------------------------

/**
 * Panels of a tensor: which axis is the columns, which the rows, and which one is split into panels.
 * style: "area" (a chart per row), "bars" (one row of bars) or "heat".
 */
export function planOf(part) {
  const axes = part.axes,
    size = Object.fromEntries(axes.map((a, i) => [a, part.shape[i]]));
  const stride = {};
  axes.reduceRight((step, a) => ((stride[a] = step), step * size[a]), 1);
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
    at: (at) => axes.reduce((sum, a) => sum + stride[a] * at[a], 0),
  });
  const rest = axes.filter((a) => a !== "bin");
  if (rest.length < axes.length) {
    if (rest.length === 1) return plan(["width", "number"].includes(rest[0]) ? "heat" : "area", "bin", rest[0]);
    return plan("heat", "bin", rest[1], rest[0]);
  }
  if (axes.length === 3) return plan("heat", axes[2], axes[1], axes[0], 4);
  if (axes.length === 2) return plan("heat", axes[1], axes[0]);
  return plan("bars", axes[0], null);
}

const GLASS_ONE = {
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
  in: "column",
  edge: "edge",
  part: "part",
  number: "number",
  numbers: "number",
  ln: "logarithm",
};
const GLASS_MANY = {
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
  in: "in",
  edge: "edges",
  part: "parts",
  number: "numbers",
  numbers: "wide",
  ln: "logarithms",
};
const PARTS = ["upstream", "exon", "intron", "inside", "downstream"];

/** "2 heads × 400 bins" */
export function shapeInWords(shape, axes) {
  return shape.map((n, i) => `${n} ${n === 1 ? GLASS_ONE[axes[i]] : GLASS_MANY[axes[i]] || axes[i]}`).join(" × ");
}

/** The name of place `i` on an axis. */
export function nameOf(axis, i, about) {
  if (axis === "mark") return about.marks[i].name;
  if (axis === "token" || axis === "asking") return i === 0 ? "promoter" : `pCRE ${i}`;
  if (axis === "resolution") return `${grouped(about.resolutions[i])} bp`;
  if (axis === "edge") return ["start", "end"][i];
  if (axis === "part") return PARTS[i];
  if (axis === "ln") return "ln bases";
  if (axis === "class") return ["below median", "at or above"][i];
  if (axis === "output") return about.task === "classification" ? `logit ${i}` : "log2(expression + 1)";
  if (axis === "head") return `head ${i + 1}`;
  return `${GLASS_ONE[axis] || axis} ${i}`;
}

// ----- places on the genome ------------------------------------------------------------------------------------------

/**
 * The bins of a part on the genome. Everything "from the TSS" is in kb along the gene, downstream positive, whichever way
 * the bins run. `bases(i)` are start and end of bin i (bp, 0-based, half open), null in padding, which has no place;
 * `said(i)` says the place in words.
 */
export function genomeOf(place, bins, resolution, about, pcre) {
  const minus = about.strand === "-",
    own = about.pcres[pcre];
  if (place === "pcre") return own ? elementOf(own, bins, resolution) : null;
  if (place === "gene") return wholeOf(about);
  const along = place === "chromosome" || !minus; // bins run as the chromosome does
  const genome = {
    title: along && minus ? "kb from the TSS (the gene runs to the left)" : "kb from the TSS, 5′ to 3′ of the gene",
    first: 0,
    count: bins,
    tss: bins / 2,
    chrom: about.chrom,
    start: about.start,
    end: about.end,
    direction: minus && along ? -1 : 1,
    kb: (i) => ((i - bins / 2) * resolution * (minus && along ? -1 : 1)) / 1000,
    bases: (i) =>
      along
        ? [about.start + i * resolution, about.start + (i + 1) * resolution]
        : [about.end - (i + 1) * resolution, about.end - i * resolution],
    said: (i) => [`${signed(genome.kb(i + 0.5))} kb from the TSS`, spanOf(about.chrom, ...genome.bases(i))],
  };
  return genome;
}

/** The bins of the whole gene, 5' to 3', drawn equally wide, although they grow; `exon(i)` is the share that is exon. */
function wholeOf(about) {
  const { kb, places, exon, tss } = about.bins,
    last = kb.length - 1;
  return {
    title: "kb from the TSS, 5′ to 3′ of the gene; every bin is drawn equally wide",
    first: 0,
    count: kb.length,
    tss,
    chrom: about.chrom,
    start: Math.min(places[0][0], places[last][0]),
    end: Math.max(places[0][1], places[last][1]),
    direction: 1,
    uneven: true,
    kb: (i) => (i > last ? kb[last][1] : kb[i][0]),
    bases: (i) => places[i],
    share: (i) => kb[i][1] - kb[i][0],
    exon: (i) => exon[i],
    said: (i) => [
      `${signed(kb[i][0])} to ${signed(kb[i][1])} kb from the TSS`,
      ...(exon[i] ? [`${Math.round(100 * exon[i])} % exon`] : []),
      spanOf(about.chrom, ...places[i]),
    ],
  };
}

/** An element's own bins, in the middle of a window whose other bins are padding. */
function elementOf(own, bins, resolution) {
  const count = Math.ceil((own.end - own.start) / resolution),
    first = Math.ceil((bins - count) / 2);
  const genome = {
    title: "kb from the element's start",
    first,
    count,
    chrom: own.chrom,
    start: own.start,
    end: own.end,
    direction: 1,
    kb: (i) => ((i - first) * resolution) / 1000,
    bases: (i) =>
      i < first || i >= first + count
        ? null
        : [own.start + (i - first) * resolution, Math.min(own.end, own.start + (i - first + 1) * resolution)],
    said: (i) => {
      const bases = genome.bases(i);
      return bases ? [`${short(genome.kb(i))} kb from its start`, spanOf(own.chrom, ...bases)] : ["padding: no place"];
    },
  };
  return genome;
}

const signed = (kb) => (kb > 0 ? "+" : "") + short(kb);
const spanOf = (chrom, start, end) => `${chrom}:${grouped(start)}-${grouped(end)}`;

/**
 * What an axis in kb says, in pixels: it runs from `from` to `to`, which is the element alone and never its padding, with
 * ticks {x, text} and `span`, the region's coordinates.
 */
export function axisOf(box, bins, genome) {
  const x = (i) => box.x + (i * box.w) / bins,
    [a, b] = [genome.first, genome.first + genome.count];
  const [low, high] = [genome.kb(a), genome.kb(b)].sort((p, q) => p - q);
  const span = spanOf(genome.chrom, genome.start, genome.end);
  if (genome.uneven) {
    const step = Math.max(1, Math.ceil(55 / (box.w / bins))),
      ticks = [];
    for (let i = genome.tss % step; i <= bins; i += step) ticks.push({ x: x(i), text: signed(genome.kb(i)) });
    return { from: x(a), to: x(b), ticks, span };
  }
  const at = (kb) => x(a + ((kb - genome.kb(a)) / (genome.kb(b) - genome.kb(a))) * (b - a));
  const ticks = ticksBetween(low, high, Math.max(1, Math.min(8, (x(b) - x(a)) / 55)));
  return {
    from: x(a),
    to: x(b),
    ticks: ticks
      .map((kb) => ({ x: at(kb), text: genome.tss === undefined ? short(kb) : signed(kb) }))
      .sort((p, q) => p.x - q.x),
    span,
  };
}

/** An axis in kb below a box, and under it the coordinates of what lies above. */
export function drawGenomeAxis(ctx, box, bins, genome, theme) {
  const axis = axisOf(box, bins, genome),
    y = box.y + box.h;
  Object.assign(ctx, {
    strokeStyle: theme.quiet,
    fillStyle: theme.ink,
    lineWidth: 1,
    textBaseline: "top",
    font: `11px ${theme.font}`,
    textAlign: "center",
  });
  ctx.beginPath();
  ctx.moveTo(axis.from, y + 0.5);
  ctx.lineTo(axis.to, y + 0.5);
  let taken = -Infinity;
  for (const tick of axis.ticks) {
    const half = ctx.measureText(tick.text).width / 2,
      middle = Math.max(box.x + half, Math.min(box.x + box.w - half, tick.x));
    ctx.moveTo(Math.round(tick.x) + 0.5, y);
    ctx.lineTo(Math.round(tick.x) + 0.5, y + 4);
    if (middle - half < taken + 6) continue;
    ctx.fillText(tick.text, middle, y + 6);
    taken = middle + half;
  }
  ctx.stroke();
  ctx.fillStyle = theme.quiet;
  for (const [line, text] of [genome.title, axis.span].entries()) {
    const half = Math.min(box.w, ctx.measureText(text).width) / 2,
      middle = Math.max(box.x + half, Math.min(box.x + box.w - half, (axis.from + axis.to) / 2));
    ctx.fillText(text, middle, y + 20 + 14 * line, box.w);
  }
}
export const GENOME_AXIS = 50;

export const EXONS = 14; // px above a picture of the whole gene

/** The exons of the whole gene above a picture: a line, and a bar as wide as a bin's share of exon is tall. */
export function drawExons(ctx, box, genome, bins, theme) {
  const y = box.y - 18,
    w = box.w / bins;
  const inside = [...Array(bins).keys()].filter((i) => genome.exon(i) > 0);
  if (!inside.length) return; // they are not known
  Object.assign(ctx, { fillStyle: theme.ink, font: `11px ${theme.font}`, textAlign: "right", textBaseline: "middle" });
  if (box.x > 40) ctx.fillText("exons", box.x - 6, y);
  ctx.fillRect(box.x + genome.tss * w, y - 0.5, (inside.at(-1) + 1 - genome.tss) * w, 1);
  for (const i of inside) {
    const tall = 2 + 8 * genome.exon(i);
    ctx.fillRect(box.x + i * w, y - tall / 2, Math.max(1, w), tall);
  }
}

/** An arrow at the TSS, in the direction of transcription. */
export function drawTss(ctx, box, genome, bins, theme) {
  if (genome.tss === undefined) return;
  const x = Math.round(box.x + (genome.tss * box.w) / bins) + 0.5,
    d = genome.direction * 12;
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

/** "W_q x" as nodes, q set lower. */
export function subscripts(text) {
  return text.split(/_(\w)/).map((part, i) => (i % 2 ? make("sub", {}, part) : part));
}
