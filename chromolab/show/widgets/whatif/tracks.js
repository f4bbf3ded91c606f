// The picture of the tracks: contacts, heads, marks, and what lies over them. Genes and axes: genes.js.

import { drawArea, drawHatch, drawSteps } from "../shared/drawing.js";
import { themeOf } from "../shared/dom.js";
import { ramp, short } from "../shared/numbers.js";
import { drawBelow } from "./genes.js";
import { SIZE } from "./layout.js";
import { highest, meanOf } from "./overlays.js";
import { reasonsLag } from "./fresh.js";
import { isPcre } from "./state.js";

/** Everything on the canvas. */
export class TracksPicture {
  /**
   * @param {import("./lab.js").Lab} lab
   * @param {boolean} kept  For a file: without the cursor, and what only helps to use the page.
   */
  constructor(lab, kept = false) {
    this.lab = lab;
    this.kept = kept;
    /** @type {ReturnType<typeof themeOf>} */
    this.theme = null;
  }

  /** All of it, or one mark's row (`part`, from `Layout.row`). */
  draw(ctx, layout, part) {
    this.theme = themeOf(this.lab.node);
    if (!part) this.above(ctx, layout);
    this.lab.state.marks.forEach((mark, m) => (!part || part.mark === m) && this.row(ctx, layout, mark, m));
    if (this.lab.shown.attention) layout.columns.forEach((column) => this.veil(ctx, layout, column));
    this.start(ctx, layout);
    this.cursor(ctx, layout);
    if (!part) drawBelow(ctx, layout, this.lab, this.theme);
  }

  above(ctx, layout) {
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
    const { lab, theme } = this,
      columns = layout.columns.filter((c) => isPcre(c.region));
    if (!columns.length) return;
    this.text(ctx, 11.5);
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "top" });
    ctx.fillText("contacts", 0, layout.arcs - 30);
    this.text(ctx, 10.5);
    ctx.fillStyle = theme.quiet;
    if (layout.left > 80 && !this.kept) ctx.fillText("click: cut", 0, layout.arcs - 15);
    const strongest = Math.max(...columns.map((c) => Math.max(c.region.frequency || 0, c.region.now || 0)));
    for (const column of columns) {
      const a = layout.arc(column),
        { now } = column.region,
        cut = now === null,
        hot = lab.hover.arc === column.index;
      ctx.beginPath();
      ctx.ellipse(a.x, a.y, a.rx, a.ry, 0, Math.PI, 2 * Math.PI);
      Object.assign(ctx, { strokeStyle: hot ? theme.accent : theme.quiet, globalAlpha: cut && !hot ? 0.7 : 1 });
      ctx.lineWidth = (cut ? 0.8 : 0.8 + 2 * ((now || 0) / strongest)) + (hot ? 1 : 0);
      ctx.setLineDash(cut ? [3, 4] : []);
      ctx.stroke();
      ctx.globalAlpha = 1;
      ctx.setLineDash([]);
    }
    for (const column of columns) this.arcLabel(ctx, layout, column);
  }

  arcLabel(ctx, layout, column) {
    const { theme, lab } = this,
      a = layout.arc(column),
      { now, frequency } = column.region;
    const hot = lab.hover.arc === column.index,
      changed = now !== null && frequency !== null && now !== frequency;
    if (!hot && now !== null && !changed && column.w < 26) return; // the number is a hover away
    const said = now === null ? "cut" : changed ? `${short(frequency, 2)}→${short(now, 2)}` : short(now, 2);
    this.text(ctx, 10.5, hot || now === null || changed ? "bold" : "");
    const x = a.foot + (a.x - a.foot) * 0.25,
      t = (x - a.x) / a.rx;
    const y = Math.max(8, a.y - a.ry * Math.sqrt(Math.max(0, 1 - t * t))),
      w = ctx.measureText(said).width + 4;
    Object.assign(ctx, { fillStyle: theme.paper, textAlign: "center", textBaseline: "middle" });
    ctx.fillRect(x - w / 2, y - 7, w, 13);
    ctx.fillStyle = hot ? theme.accent : theme.ink;
    ctx.fillText(said, x, y);
  }

  head(ctx, layout, column) {
    const { lab, theme } = this,
      middle = column.x + column.w / 2,
      y = layout.arcs + 3;
    const hot = lab.hover.head === column.index,
      wide = column.index === layout.wide,
      { rank } = column.region;
    Object.assign(ctx, { fillStyle: hot ? theme.accent : theme.ink, textAlign: "center", textBaseline: "top" });
    this.text(ctx, 11.5, "bold");
    const own = rank === 0 ? ["promoter window", "TSS"] : ["whole gene", "gene"],
      pcre = isPcre(column.region);
    const name = pcre ? (column.w > 50 ? `pCRE ${rank}` : String(rank)) : own[column.w > 90 ? 0 : 1];
    ctx.fillText(column.region.added ? `${name}+` : name, middle, y);
    this.text(ctx, 10);
    ctx.fillStyle = theme.quiet;
    const length = (column.region.end - column.region.start) / 1000;
    const away = lab.state.kb(layout.middle(column.index)),
      place = `${away > 0 ? "+" : "−"}${short(Math.abs(away), 2)}`;
    const seen = (column.to - column.from) / 1000,
      long = seen < length ? `${short(seen)} of ${short(length)} kb` : `${short(length)} kb`;
    const there = wide
      ? `${place} kb from the TSS, ${long}${seen < length ? "" : " long"}`
      : column.w > 46
        ? `${place} kb`
        : "";
    ctx.fillText(!pcre ? long : there || (column.w >= 24 ? place : ""), middle, y + 14);
    if (!wide && hot) {
      Object.assign(ctx, { strokeStyle: theme.accent, lineWidth: 1.5 });
      ctx.strokeRect(column.x - 3, layout.arcs + 1, column.w + 6, SIZE.head - 3);
    }
  }

  label(ctx, layout, mark, m) {
    const { lab, theme } = this,
      y = layout.top + m * SIZE.row;
    if (lab.cursor.mark === m && lab.focused && !this.kept) {
      ctx.fillStyle = theme.accent;
      ctx.fillRect(0, y + 4, 3, SIZE.row - 6);
    }
    ctx.fillStyle = mark.colour;
    ctx.fillRect(6, y + 8, 9, 9);
    this.text(ctx, layout.left > 80 ? 12 : 10.5, "bold");
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "top" });
    ctx.fillText(mark.name, 19, y + 6, layout.left - 22);
    this.text(ctx, 10);
    ctx.fillStyle = theme.quiet;
    ctx.fillText(`0 to ${short(lab.state.tops[m], 2)}`, 19, y + 20, layout.left - 22);
  }

  track(ctx, layout, column, mark, m) {
    const { lab, theme } = this,
      box = layout.cell(column, m),
      top = lab.state.tops[m];
    const by = layout.pool(column),
      drawn = (depth) => {
        const all = lab.state.track(depth, column.region, m);
        return all && by > 1 ? highest(all, by) : all;
      };
    const now = drawn(lab.state.after),
      was = drawn(lab.state.before),
      edges = (i) => layout.edge(column, i * by);
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y - 1, box.w, box.h + 2);
    ctx.clip();
    ctx.globalAlpha = column.region.now === null && isPcre(column.region) ? 0.3 : 1;
    for (let i = 0; i < now.length; i++) {
      if (Number.isFinite(now[i])) continue;
      drawHatch(ctx, { x: edges(i), y: box.y, w: edges(i + 1) - edges(i), h: box.h }, theme.faint);
    }
    drawArea(ctx, box, now, top, mark.colour, edges);
    if (was) {
      const changed = (i) => now[i] !== was[i] && (Number.isFinite(now[i]) || Number.isFinite(was[i]));
      drawSteps(ctx, box, was, top, theme.ink, { edges, where: changed, dash: [2, 2] });
    }
    if (lab.compared && column.index === 0) this.other(ctx, layout, column, box, top, m);
    ctx.restore();
    ctx.fillStyle = theme.faint;
    ctx.fillRect(box.x, box.y + box.h, box.w, 1);
  }

  /** The compared gene's track: one quiet line with a border of paper, so that it reads over the area. */
  other(ctx, layout, column, box, top, m) {
    const marks = this.lab.state.marks.length,
      bins = this.lab.compared.depth.length / marks;
    const pooled = Math.max(1, Math.ceil((3 * bins) / column.w)),
      means = [];
    for (let i = 0; i < bins; i += pooled) {
      const part = [];
      for (let b = i; b < Math.min(bins, i + pooled); b++) part.push(this.lab.compared.depth[b * marks + m]);
      means.push(part.reduce((a, b) => a + b, 0) / part.length);
    }
    const edges = (i) => layout.edge(column, Math.min(bins, i * pooled));
    drawSteps(ctx, box, means, top, this.theme.paper, { edges, width: 2.8 });
    drawSteps(ctx, box, means, top, this.theme.ink, { edges, width: 1.2 });
  }

  /** Up and down bars of what carried the change, all marks of a bin together. */
  carried(ctx, layout) {
    const { lab, theme } = this,
      y = layout.carriedY,
      half = (SIZE.carried - 8) / 2;
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "middle" });
    this.text(ctx, 11);
    ctx.fillText("what carried", 0, y + half - 4, layout.left - 4);
    ctx.fillText("the change", 0, y + half + 9, layout.left - 4);
    const sums = reasonsLag(lab) ? null : lab.sums, // bars of an edit before would stand over other bins
      m = lab.state.marks.length,
      fits = sums && sums.bins.length * m === lab.state.after.length;
    for (const column of layout.columns) {
      ctx.fillStyle = theme.faint;
      ctx.fillRect(column.x, y + half, column.w, 1);
      if (!fits) continue;
      const [first, last] = layout.visible(column);
      for (let i = first; i <= last; i++) {
        const share = sums.bins[column.region.offset + i] / sums.most;
        if (!share) continue;
        const h = Math.abs(share) * half,
          left = Math.max(column.x, layout.edge(column, i));
        const right = Math.min(column.x + column.w, layout.edge(column, i + 1));
        ctx.fillStyle = share > 0 ? theme.up : theme.down;
        ctx.fillRect(left, share > 0 ? y + half - h : y + half + 1, Math.max(1, right - left), h);
      }
    }
    const wide = layout.column(layout.wide);
    Object.assign(ctx, { fillStyle: theme.quiet, textAlign: "left" });
    const said = sums ? `full bar: ${short(sums.most, 2)} a bin` : reasonsLag(lab) ? "…" : "nothing has changed yet";
    ctx.fillText(said, wide.x + 4, y + half - 7, wide.w - 8);
  }

  attention(ctx, layout) {
    const { lab, theme } = this,
      y = layout.attentionY,
      h = SIZE.attention - 6;
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "middle" });
    this.text(ctx, 11);
    ctx.fillText("attention", 0, y + h / 2, layout.left - 4);
    if (!lab.looked) return;
    const colour = ramp("sequential");
    for (const column of layout.columns) {
      this.inside(ctx, column, y, h, () => {
        this.eachLevel(layout, column, (level, x, w) => {
          if (!Number.isFinite(level)) return;
          ctx.fillStyle = colour(level / lab.looked.high);
          ctx.fillRect(x, y, w + 0.5, h);
        });
      });
    }
  }

  /** Attention over the tracks: bins with little attention fade. */
  veil(ctx, layout, column) {
    const { lab, theme } = this;
    if (!lab.looked) return;
    const tall = layout.bottom - layout.top - 1;
    this.inside(ctx, column, layout.top, tall, () => {
      ctx.fillStyle = theme.paper;
      this.eachLevel(layout, column, (level, x, w) => {
        ctx.globalAlpha = 0.72 * (1 - Math.min(1, (Number.isFinite(level) ? level : 0) / lab.looked.high));
        ctx.fillRect(x, layout.top, w, tall);
      });
    });
  }

  /** The attention of the bins in view, those of one pixel together: `draw(level, x, width)`. */
  eachLevel(layout, column, draw) {
    const { level } = this.lab.looked,
      { offset } = column.region,
      [first, last] = layout.visible(column),
      by = layout.pool(column);
    for (let i = first; i <= last; i += by) {
      const end = Math.min(last + 1, i + by),
        x = layout.edge(column, i);
      draw(meanOf(level, offset + i, offset + end), x, layout.edge(column, end) - x);
    }
  }

  /** Draw something, clipped to a column. */
  inside(ctx, column, y, h, something) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(column.x - 1, y, column.w + 2, h);
    ctx.clip();
    something();
    ctx.restore();
  }

  /** The TSS, through all tracks. */
  start(ctx, layout) {
    for (const column of layout.columns.filter((c) => !isPcre(c.region))) {
      const tss = layout.x(column, this.lab.state.gene.tss);
      this.inside(ctx, column, 0, layout.height, () => {
        Object.assign(ctx, { strokeStyle: this.theme.ink, lineWidth: 1.4, globalAlpha: 0.5 });
        ctx.setLineDash([2, 3]);
        ctx.beginPath();
        ctx.moveTo(tss, layout.top);
        ctx.lineTo(tss, layout.bottom);
        ctx.stroke();
      });
    }
  }

  cursor(ctx, layout) {
    const { lab, theme } = this,
      { region, mark, bin, anchor } = lab.cursor,
      column = layout.column(region);
    if (this.kept || !column || !(lab.focused || lab.selection())) return;
    const box = layout.cell(column, mark),
      low = Math.min(bin, anchor),
      high = Math.max(bin, anchor);
    const a = Math.max(box.x, layout.edge(column, low)),
      b = Math.min(box.x + box.w, layout.edge(column, high + 1));
    if (b < box.x || a > box.x + box.w) return;
    Object.assign(ctx, { fillStyle: theme.accent, strokeStyle: theme.accent, lineWidth: 1.5, globalAlpha: 0.18 });
    ctx.fillRect(a, box.y - 1, Math.max(b - a, 2), box.h + 2); // with its line within the row
    ctx.globalAlpha = 1;
    ctx.strokeRect(a, box.y - 1, Math.max(b - a, 2), box.h + 2);
  }
}
