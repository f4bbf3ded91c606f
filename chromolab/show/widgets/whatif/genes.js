// Below the tracks: the gene and its neighbours, what other genes touch, the bins of a whole gene, axes, breaks, the legend of lines.

import { drawAxis } from "../shared/drawing.js";
import { short } from "../shared/numbers.js";
import { SIZE } from "./layout.js";

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("./layout.js").Layout} layout
 * @param {import("./lab.js").Lab} lab
 * @param {ReturnType<import("../shared/dom.js").themeOf>} theme
 */
export function drawBelow(ctx, layout, lab, theme) {
  Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "middle", font: `11px ${theme.font}` });
  ctx.fillText("genes", 0, layout.bottom + 20);
  for (const column of layout.columns) {
    drawFragments(ctx, layout, column, lab, theme);
    drawGenes(ctx, layout, column, lab, theme);
    if (column.region.rank === null) drawBins(ctx, layout, column, lab, theme);
    drawColumnAxis(ctx, layout, column, lab, theme);
    drawBreak(ctx, layout, column, theme);
  }
  drawLegend(ctx, layout, lab, theme);
}

/** Genes of a column: exons tall, the rest a line, an arrow at the TSS; the shown one in ink, others quiet. */
function drawGenes(ctx, layout, column, lab, theme) {
  const y = layout.bottom + 20,
    x = (bp) => layout.x(column, bp);
  let genes = layout.genes(column);
  if (!genes.length && column.index === 0) genes = [{ gene: ownGene(lab.state.gene), left: 0, right: 0 }];
  const taken = [];
  ctx.save();
  ctx.beginPath();
  ctx.rect(column.x - 1, layout.bottom, column.w + 2, SIZE.genes);
  ctx.clip();
  for (const { gene } of genes.reverse()) {
    // the shown gene first: it gets its name
    const colour = gene.own ? theme.ink : theme.quiet,
      forward = gene.strand !== "-";
    Object.assign(ctx, { fillStyle: colour, strokeStyle: colour, lineWidth: 1.4 });
    if (gene.start !== null && gene.end !== null) {
      const [a, b] = [x(gene.start), x(gene.end)];
      if (gene.exons) {
        ctx.fillRect(a, y - 0.7, b - a, 1.4);
        for (const [from, to] of gene.exons) ctx.fillRect(x(from), y - 4, Math.max(1, x(to) - x(from)), 8);
      } else ctx.fillRect(a, y - 3, Math.max(1, b - a), 6);
    }
    const tss = x(gene.tss),
      tip = tss + (forward ? 1 : -1) * (gene.own ? 16 : 10);
    ctx.beginPath();
    ctx.moveTo(tss, y);
    ctx.lineTo(tss, y - 13);
    ctx.lineTo(tip, y - 13);
    ctx.moveTo(tip - (forward ? 4 : -4), y - 16);
    ctx.lineTo(tip, y - 13);
    ctx.lineTo(tip - (forward ? 4 : -4), y - 10);
    ctx.stroke();
    if (column.w < 90) continue;
    ctx.font = `${gene.own ? "bold " : ""}10.5px ${theme.font}`;
    const w = ctx.measureText(gene.name).width,
      [first, other] = forward ? [tip + 4, tss - 4 - w] : [tip - 4 - w, tss + 4],
      left = first < column.x || first + w > column.x + column.w ? other : first; // else it would lie on the arrow
    const at = Math.max(column.x, Math.min(column.x + column.w - w, left));
    if (taken.some(([from, to]) => at < to + 6 && at + w > from - 6)) continue; // the name is a hover away
    taken.push([at, at + w]);
    Object.assign(ctx, { textAlign: "left", textBaseline: "middle" });
    ctx.fillText(gene.name, at, y - 13);
  }
  ctx.restore();
}

/** The shown gene where nobody told what lies around it. */
function ownGene({ gene_name, gene_id, strand, tss, start, end }) {
  return { own: true, name: gene_name || gene_id, strand, tss, start, end, exons: null };
}

/** Stretches that other genes touch, as thin bars under the genes. */
function drawFragments(ctx, layout, column, lab, theme) {
  const known = column.region.added ? [] : lab.state.neighbours[column.index]?.fragments || [];
  ctx.fillStyle = theme.quiet;
  ctx.globalAlpha = 0.55;
  for (const { start, end } of known) {
    const a = Math.max(column.x, layout.x(column, start)),
      b = Math.min(column.x + column.w, layout.x(column, end));
    if (b > a) ctx.fillRect(a, layout.bottom + 29, b - a, 3);
  }
  ctx.globalAlpha = 1;
  if (column.index === 0 && known.length && layout.left > 80) {
    Object.assign(ctx, {
      fillStyle: theme.quiet,
      font: `10px ${theme.font}`,
      textAlign: "left",
      textBaseline: "middle",
    });
    ctx.fillText("others’ pCREs", 0, layout.bottom + 32, layout.left - 4);
  }
}

/** The bins that a model reads of a whole gene, light and dark in turn: each is one number a mark. */
function drawBins(ctx, layout, column, lab, theme) {
  const y = layout.axis - 15,
    x = (bp) => Math.max(column.x, Math.min(column.x + column.w, layout.x(column, bp)));
  lab.state.gene.bins.forEach(([start, end], i) => {
    ctx.fillStyle = i % 2 ? theme.faint : theme.quiet;
    ctx.fillRect(x(start), y, x(end) - x(start), 7);
  });
  Object.assign(ctx, { fillStyle: theme.quiet, font: `10px ${theme.font}`, textAlign: "left", textBaseline: "middle" });
  ctx.fillText("bins it is read in", 0, y + 4, layout.left - 4);
}

function drawColumnAxis(ctx, layout, column, lab, theme) {
  const y = layout.axis,
    { state } = lab;
  if (column.index === layout.wide) {
    const away = column.region.chrom !== state.gene.chrom;
    const along = state.direction < 0 ? "kb from the TSS (the gene runs to the left)" : "kb from the TSS";
    const title = away ? `${column.region.chrom}, kb` : column.w > 300 ? along : "kb from the TSS";
    const more = away ? {} : { zero: state.gene.tss, direction: state.direction };
    const count = Math.max(2, Math.round(column.w / 80)),
      box = { x: column.x, y, w: column.w };
    drawAxis(ctx, box, column.from, column.to, { ink: theme.quiet, title, count, font: theme.font, ...more });
    return;
  }
  ctx.fillStyle = theme.quiet;
  ctx.fillRect(column.x, y, column.w, 1);
  Object.assign(ctx, { textAlign: "center", textBaseline: "top", font: `10px ${theme.font}` });
  const kb = short((column.region.end - column.region.start) / 1000, 2);
  if (column.w >= 20) ctx.fillText(column.w > 28 ? `${kb} kb` : kb, column.x + column.w / 2, y + 5);
}

/** Two strokes between columns: the genome goes on in between and is not shown. */
function drawBreak(ctx, layout, column, theme) {
  if (layout.leftOut(column) === 0) return;
  const x = column.x + column.w + SIZE.gap / 2,
    y = layout.axis + 0.5;
  Object.assign(ctx, { strokeStyle: theme.quiet, lineWidth: 1.2 });
  ctx.beginPath();
  for (const dx of [-2, 2]) {
    ctx.moveTo(x + dx - 2, y + 5);
    ctx.lineTo(x + dx + 2, y - 5);
  }
  ctx.stroke();
}

/** What the lines over the tracks are, under the tracks' names. */
function drawLegend(ctx, layout, lab, theme) {
  const lines = [];
  if (lab.state.edits) lines.push([[2, 2], "before"]);
  if (lab.compared)
    lines.push([[], lab.compared.cell_type === lab.state.gene.cell_type ? lab.compared.name : lab.compared.cell_type]);
  lines.forEach(([dash, said], i) => {
    const y = layout.height - 8 - 14 * (lines.length - 1 - i);
    Object.assign(ctx, { strokeStyle: theme.ink, fillStyle: theme.ink, lineWidth: 1.2, font: `10.5px ${theme.font}` });
    Object.assign(ctx, { textAlign: "left", textBaseline: "middle" });
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(0, y);
    ctx.lineTo(16, y);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.fillText(said, 20, y, layout.left - 24);
  });
}
