// The view as a picture to keep, PNG or SVG: what is drawn, under the gene, its predictions and their origin, over its edits.

import { download, themeOf } from "../shared/dom.js";
import { fixed, grouped } from "../shared/numbers.js";
import { Layout } from "./layout.js";
import { Multiples } from "./multiples.js";
import { SvgContext } from "./svg.js";
import { TracksPicture } from "./tracks.js";
import { settledNow } from "./fresh.js";

const [EDGE, HEAD, LINE] = [12, 64, 15];
const LISTED = 12; // edits under the picture, the last ones
const NAMES = { classification: "chance of being expressed", regression: "log2(RPKM + 1)" };
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;

/** @typedef {import("./lab.js").Lab} Lab */

/** Keep the view as a file. @param {Lab} lab @param {"png" | "svg"} kind */
export function savePicture(lab, kind) {
  const { gene } = lab.state,
    named = `${gene.gene_name || gene.gene_id}-${gene.cell_type}`.replace(/[^\w.-]+/g, "_");
  const canvas = document.createElement("canvas"),
    ctx = canvas.getContext("2d"),
    { width, height, draw } = pictureOf(lab);
  const said = () => lab.say(`Saved: ${named}.${kind}`);
  if (kind === "svg") {
    const svg = new SvgContext(width, height, ctx);
    draw(svg);
    download(`${named}.svg`, svg.text(`${titleOf(lab)}: ${predictions(lab).join("; ")}`), "image/svg+xml");
    said();
    return;
  }
  Object.assign(canvas, { width: 2 * width, height: 2 * height });
  ctx.scale(2, 2);
  draw(ctx);
  canvas.toBlob((blob) => {
    download(`${named}.png`, blob, "image/png");
    said();
  }, "image/png");
}

/** @param {Lab} lab */
function titleOf(lab) {
  const { gene } = lab.state,
    id = gene.gene_name && gene.gene_name !== gene.gene_id ? ` (${gene.gene_id})` : "";
  return `${gene.gene_name || gene.gene_id}${id} in ${gene.cell_type}`;
}

/** Predictions in words, one line a task. @param {Lab} lab */
function predictions(lab) {
  const { predicted, edits } = lab.state;
  return Object.entries(predicted).map(([task, { before, after }]) => {
    const change = edits ? `${fixed(mean(before))} → ${fixed(mean(after))}` : fixed(mean(before));
    const models =
      after.length > 1 ? ` (${after.length} models: ${fixed(Math.min(...after))} to ${fixed(Math.max(...after))})` : "";
    return `${NAMES[task]} ${change}${models}`;
  });
}

/** The edits, and what else has to be known, as lines. @param {Lab} lab */
function footer(lab) {
  const { state } = lab,
    told = settledNow(lab);
  const list = (told?.list || []).map(([words], i) => `${told.first + i + 1}. ${words}`),
    left = state.edits - Math.min(list.length, LISTED);
  const edits = list.length ? ["Edits", ...(left > 0 ? [`(${left} before these)`] : []), ...list.slice(-LISTED)] : [];
  return [...edits, ...state.notices];
}

/** Size of the picture, and what draws it. @param {Lab} lab */
function pictureOf(lab) {
  const inner = Math.max(560, (lab.beside.value ? lab.panels : lab.tracks).width),
    beside = lab.beside.value ? new Multiples(lab) : null,
    layout = new Layout(inner, lab.state, lab.wide, lab.view, lab.shown);
  const tall = beside ? beside.height : layout.height,
    lines = footer(lab);
  const [width, height] = [inner + 2 * EDGE, Math.ceil(HEAD + tall + 8 + LINE * lines.length + EDGE)];
  const draw = (ctx) => {
    const theme = themeOf(lab.node);
    ctx.fillStyle = theme.paper;
    ctx.fillRect(0, 0, width, height);
    ctx.save();
    ctx.translate(EDGE, EDGE);
    head(ctx, lab, theme, inner);
    ctx.translate(0, HEAD - EDGE);
    ctx.save();
    if (beside) beside.draw(ctx, inner);
    else new TracksPicture(lab, true).draw(ctx, layout, null);
    ctx.restore();
    Object.assign(ctx, { textAlign: "left", textBaseline: "top" });
    lines.forEach((words, i) => {
      Object.assign(ctx, { fillStyle: theme.ink, font: `${words === "Edits" ? "bold " : ""}11px ${theme.font}` });
      ctx.fillText(words, 0, tall + 8 + i * LINE, inner);
    });
    ctx.restore();
  };
  return { width, height, draw };
}

function head(ctx, lab, theme, width) {
  const { gene } = lab.state,
    strand = gene.strand === "-" ? "minus" : "plus";
  Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "top", font: `bold 14px ${theme.font}` });
  ctx.fillText(titleOf(lab), 0, 0);
  ctx.font = `12px ${theme.font}`;
  ctx.fillText(`predicted: ${predictions(lab).join("; ")}`, 0, 36, width);
  ctx.fillStyle = theme.quiet;
  ctx.fillText(`${gene.chrom}:${grouped(gene.tss)}, ${strand} strand`, 0, 19);
  if (!gene.origin) return;
  Object.assign(ctx, { textAlign: "right", fillStyle: theme.ink });
  ctx.fillText(gene.origin, width, 0);
}
