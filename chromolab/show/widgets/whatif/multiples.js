// Side by side: the window as it was measured, as edited, and that of another gene or cell type, in equal panels.

import { drawArea, drawAxis, drawHatch, drawSteps } from "../shared/drawing.js";
import { themeOf } from "../shared/dom.js";
import { fixed, short } from "../shared/numbers.js";
import { isPcre } from "./state.js";

const [HEAD, ROW, CONTACTS, AXIS, GAP, RIGHT] = [40, 38, 40, 36, 16, 8];
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;

/**
 * @typedef {{title: string, depth: Float32Array, predicted: {[task: string]: number}, contacts: (number | null)[],
 *   edited: boolean}} Panel  Depth of its window, (bins, marks), and how often it touches each pCRE.
 */

/**
 * What stands side by side.
 * @param {import("./lab.js").Lab} lab
 * @returns {Panel[]}
 */
export function panelsOf(lab) {
  const { state, compared } = lab,
    [window] = state.regions,
    pcres = state.regions.filter(isPcre),
    m = state.marks.length;
  const own = (depth) => depth.subarray(window.offset * m, (window.offset + window.bins) * m);
  const of = (when) => Object.fromEntries(Object.entries(state.predicted).map(([task, p]) => [task, mean(p[when])]));
  const panels = [
    {
      title: `as measured, ${state.gene.cell_type}`,
      depth: own(state.before),
      predicted: of("before"),
      contacts: pcres.filter((r) => !r.added).map((r) => r.frequency),
      edited: false,
    },
  ];
  if (state.edits) {
    const contacts = pcres.map((r) => r.now);
    panels.push({ title: "edited", depth: own(state.after), predicted: of("after"), contacts, edited: true });
  }
  if (compared) {
    const same = compared.gene_id === state.gene.gene_id;
    panels.push({
      title: same ? compared.cell_type : `${compared.name}, ${compared.cell_type}`,
      depth: compared.depth,
      predicted: Object.fromEntries(Object.entries(compared.predicted).map(([task, list]) => [task, mean(list)])),
      contacts: compared.contacts.map((c) => c.frequency),
      edited: false,
    });
  }
  return panels;
}

/** A panel's predictions in words. @param {Panel} panel */
export function predictedWords({ predicted }) {
  const chance = "classification" in predicted ? `chance ${fixed(predicted.classification)}` : "";
  const level = "regression" in predicted ? `level ${fixed(predicted.regression)}` : "";
  return [chance, level].filter(Boolean).join(", ");
}

/** All panels. */
export class Multiples {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
  }

  get height() {
    const { state } = this.lab;
    return HEAD + ROW * state.marks.length + (state.regions.some(isPcre) ? CONTACTS : 0) + AXIS;
  }

  draw(ctx, width) {
    const { lab } = this,
      { state } = lab,
      theme = (this.theme = themeOf(lab.node)),
      panels = panelsOf(lab),
      left = width < 480 ? 66 : 92;
    const w = (width - left - RIGHT - GAP * (panels.length - 1)) / panels.length;
    const tops = state.marks.map((_, m) => {
      let top = state.tops[m];
      for (const { depth } of panels)
        for (let i = m; i < depth.length; i += state.marks.length) top = Math.max(top, depth[i] || 0);
      return top;
    });
    state.marks.forEach((mark, m) => this.label(ctx, mark, tops[m], HEAD + m * ROW, left));
    const most = Math.max(...panels.flatMap((p) => p.contacts.map((f) => f || 0)), 1e-9);
    panels.forEach((panel, i) => {
      const box = { x: left + i * (w + GAP), w };
      this.head(ctx, panel, box);
      state.marks.forEach((mark, m) => this.track(ctx, panel, panels[0], box, mark, m, tops[m]));
      if (state.regions.some(isPcre)) this.contacts(ctx, panel, box, most, i === 0);
      this.axis(ctx, box);
    });
    ctx.fillStyle = theme.ink;
  }

  label(ctx, mark, top, y, left) {
    const { theme } = this;
    ctx.fillStyle = mark.colour;
    ctx.fillRect(6, y + 8, 9, 9);
    Object.assign(ctx, {
      fillStyle: theme.ink,
      textAlign: "left",
      textBaseline: "top",
      font: `bold 12px ${theme.font}`,
    });
    ctx.fillText(mark.name, 19, y + 6, left - 22);
    Object.assign(ctx, { fillStyle: theme.quiet, font: `10px ${theme.font}` });
    ctx.fillText(`0 to ${short(top, 2)}`, 19, y + 20, left - 22);
  }

  head(ctx, panel, { x, w }) {
    const { theme } = this;
    Object.assign(ctx, {
      fillStyle: theme.ink,
      textAlign: "left",
      textBaseline: "top",
      font: `bold 12px ${theme.font}`,
    });
    ctx.fillText(panel.title, x, 4, w);
    Object.assign(ctx, { fillStyle: theme.quiet, font: `11px ${theme.font}` });
    ctx.fillText(predictedWords(panel), x, 20, w);
  }

  /** The stretch that is in view, bp: that of the lab where its window is the wide region. */
  get view() {
    const { lab } = this,
      [{ start, end }] = lab.state.regions;
    return lab.wide === 0 && lab.view ? lab.view : { from: start, to: end };
  }

  track(ctx, panel, first, { x, w }, mark, m, top) {
    const { state } = this.lab,
      { theme } = this,
      marks = state.marks.length,
      box = { x, y: HEAD + m * ROW + 3, w, h: ROW - 7 };
    const { from, to } = this.view,
      [{ start }] = state.regions,
      size = state.gene.bin_size;
    const edges = (i) => x + ((start + i * size - from) / (to - from)) * w;
    const of = ({ depth }) => Float32Array.from({ length: depth.length / marks }, (_, i) => depth[i * marks + m]);
    const values = of(panel);
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y - 1, box.w, box.h + 2);
    ctx.clip();
    for (let i = 0; i < values.length; i++) {
      if (Number.isFinite(values[i])) continue;
      drawHatch(ctx, { x: edges(i), y: box.y, w: edges(i + 1) - edges(i), h: box.h }, theme.faint);
    }
    drawArea(ctx, box, values, top, mark.colour, edges);
    if (panel.edited) {
      const was = of(first);
      drawSteps(ctx, box, was, top, theme.ink, { edges, where: (i) => values[i] !== was[i], dash: [2, 2] });
    }
    ctx.restore();
    ctx.fillStyle = theme.faint;
    ctx.fillRect(box.x, box.y + box.h, box.w, 1);
  }

  /** How often the promoter touches each pCRE, below the axis, by rank; a contact that is cut leaves a gap. */
  contacts(ctx, panel, { x, w }, most, first) {
    const { theme } = this,
      { marks } = this.lab.state,
      y = HEAD + marks.length * ROW + AXIS + 2,
      h = CONTACTS - 16,
      pitch = Math.min(24, w / Math.max(1, panel.contacts.length));
    if (first) {
      Object.assign(ctx, {
        fillStyle: theme.ink,
        textAlign: "left",
        textBaseline: "top",
        font: `bold 12px ${theme.font}`,
      });
      ctx.fillText("contacts", 0, y + 2);
      Object.assign(ctx, { fillStyle: theme.quiet, font: `10px ${theme.font}` });
      ctx.fillText(`pCREs, 0 to ${short(most, 2)}`, 0, y + 16);
    }
    panel.contacts.forEach((frequency, i) => {
      const tall = ((frequency || 0) / most) * h;
      ctx.fillStyle = theme.quiet;
      ctx.fillRect(x + i * pitch, y + h - tall, Math.max(2, pitch - 4), tall);
      if (pitch < 14) return;
      Object.assign(ctx, { textAlign: "center", textBaseline: "top", font: `10px ${theme.font}` });
      ctx.fillText(frequency === null ? "cut" : String(i + 1), x + i * pitch + pitch / 2 - 2, y + h + 3);
    });
    ctx.fillStyle = theme.faint;
    ctx.fillRect(x, y + h, w, 1);
  }

  axis(ctx, { x, w }) {
    const { gene, direction } = this.lab.state,
      { from, to } = this.view;
    const more = { ink: this.theme.quiet, font: this.theme.font, zero: gene.tss, direction };
    const title = w > 150 && direction < 0 ? "kb from the TSS (read to the left)" : "kb from the TSS";
    drawAxis(ctx, { x, y: HEAD + this.lab.state.marks.length * ROW + 2, w }, from, to, {
      count: Math.max(2, Math.round(w / 70)),
      title,
      ...more,
    });
  }
}
