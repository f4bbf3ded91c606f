// ----- pictures ----------------------------------------------------------------------------------------------------

import { themeOf } from "../shared/dom.js";
import { drawArea, drawAxis, drawHatch, drawSteps } from "../shared/drawing.js";
import { ramp, short } from "../shared/numbers.js";
import { SIZE } from "./layout.js";

/** Everything between the toolbar and the status line, on one canvas. */
export class TracksPicture {
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
    const { lab, theme } = this,
      columns = layout.columns.filter((c) => c.index !== 0);
    this.text(ctx, 12);
    Object.assign(ctx, { fillStyle: theme.quiet, textAlign: "left", textBaseline: "top" });
    if (!columns.length) return ctx.fillText("no contacts", 0, SIZE.arcs - 20);
    ctx.fillText("contacts", 0, SIZE.arcs - 34);
    this.text(ctx, 10.5);
    ctx.fillText("click one to cut it", 0, SIZE.arcs - 18);
    const strongest = Math.max(...columns.map((c) => Math.max(c.region.frequency || 0, c.region.now || 0)));
    for (const column of columns) {
      const a = layout.arc(column),
        { now, frequency } = column.region,
        cut = now === null,
        hot = lab.hover.arc === column.index;
      ctx.beginPath();
      ctx.ellipse(a.x, a.y, a.rx, a.ry, 0, Math.PI, 2 * Math.PI);
      Object.assign(ctx, {
        strokeStyle: hot ? theme.accent : cut ? theme.quiet : theme.ink,
        globalAlpha: cut ? 0.6 : 0.85,
      });
      ctx.lineWidth = cut ? 1 : 1 + 4.5 * ((now || 0) / strongest);
      ctx.setLineDash(cut ? [3, 5] : []);
      ctx.stroke();
      Object.assign(ctx, { globalAlpha: 1 });
      ctx.setLineDash([]);
      this.arcLabel(
        ctx,
        a,
        cut
          ? "cut"
          : now !== frequency && frequency !== null
            ? `${short(frequency, 2)} → ${short(now, 2)}`
            : short(now, 2),
        hot,
      );
    }
  }

  arcLabel(ctx, a, said, hot) {
    const { theme } = this;
    this.text(ctx, 11, hot || said === "cut" ? "bold" : "");
    const x = a.foot + (a.x - a.foot) * 0.3,
      t = (x - a.x) / a.rx,
      y = a.y - a.ry * Math.sqrt(Math.max(0, 1 - t * t));
    const w = ctx.measureText(said).width + 6;
    Object.assign(ctx, { fillStyle: theme.paper, textAlign: "center", textBaseline: "middle" });
    ctx.fillRect(x - w / 2, y - 8, w, 15);
    ctx.fillStyle = hot ? theme.accent : theme.ink;
    ctx.fillText(said, x, y);
  }

  head(ctx, layout, column) {
    const { lab, theme } = this,
      middle = column.x + column.w / 2,
      y = SIZE.arcs + 4;
    const hot = lab.hover.head === column.index,
      wide = column.index === layout.wide;
    Object.assign(ctx, { fillStyle: hot ? theme.accent : theme.ink, textAlign: "center", textBaseline: "top" });
    this.text(ctx, 12, "bold");
    const name =
      column.index === 0
        ? column.w > 90
          ? "promoter window"
          : "window"
        : column.w > 52
          ? `pCRE ${column.region.rank}`
          : String(column.region.rank);
    ctx.fillText(column.region.added ? `${name} +` : name, middle, y);
    this.text(ctx, 10.5);
    ctx.fillStyle = theme.quiet;
    const length = (column.region.end - column.region.start) / 1000;
    const away = (layout.middle(column.index) - lab.state.gene.tss) / 1000;
    const place = `${away > 0 ? "+" : "−"}${short(Math.abs(away))}`;
    ctx.fillText(
      column.index === 0
        ? `${short(length)} kb`
        : wide
          ? `${place} kb away, ${short(length)} kb long`
          : column.w > 48
            ? `${place} kb`
            : place,
      middle,
      y + 15,
    );
    if (!wide && hot) ctx.strokeRect(column.x - 3, SIZE.arcs + 1, column.w + 6, SIZE.head - 4);
  }

  label(ctx, layout, mark, m) {
    const { lab, theme } = this,
      y = layout.top + m * SIZE.row;
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
    const { lab, theme } = this,
      box = layout.cell(column, m),
      top = lab.state.tops[m];
    const now = lab.state.track(lab.state.after, column.region, m),
      was = lab.state.track(lab.state.before, column.region, m);
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
    const { lab, theme } = this,
      y = layout.carriedY,
      half = (SIZE.carried - 8) / 2;
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
        const x = layout.edge(column, i),
          h = Math.abs(share) * half;
        ctx.fillStyle = share > 0 ? theme.up : theme.down;
        ctx.fillRect(x, share > 0 ? y + half - h : y + half + 1, Math.max(1, layout.edge(column, i + 1) - x), h);
      }
    }
    if (!sums) {
      Object.assign(ctx, { fillStyle: theme.quiet, textAlign: "center" });
      ctx.fillText(
        "nothing has changed yet",
        layout.column(layout.wide).x + layout.column(layout.wide).w / 2,
        y + half - 7,
      );
    }
  }

  attention(ctx, layout) {
    const { lab, theme } = this,
      y = layout.attentionY;
    Object.assign(ctx, { fillStyle: theme.ink, textAlign: "left", textBaseline: "middle" });
    this.text(ctx, 11);
    ctx.fillText("attention", 8, y + SIZE.attention / 2);
    if (!lab.looked) return;
    const colour = ramp("sequential");
    for (const column of layout.columns) {
      const [first, last] = layout.visible(column);
      for (let i = first; i <= last; i++) {
        const level = lab.looked.level[column.region.offset + i],
          x = layout.edge(column, i);
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
      const level = lab.looked.level[column.region.offset + i],
        x = layout.edge(column, i);
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
    const { lab, theme } = this,
      { gene } = lab.state,
      y = layout.bottom + 8,
      forward = gene.strand !== "-";
    Object.assign(ctx, { strokeStyle: theme.ink, fillStyle: theme.quiet, lineWidth: 1.6 });
    if (gene.start !== null && gene.end !== null) {
      const [a, b] = [
        Math.max(layout.x(column, gene.start), column.x),
        Math.min(layout.x(column, gene.end), column.x + column.w),
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
    const { lab, theme } = this,
      lines = [];
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
        textBaseline: "middle",
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
    const { lab, theme } = this,
      y = layout.bottom + SIZE.gene;
    if (column.index === layout.wide) {
      const title =
        column.index === 0
          ? "kb from the transcription start"
          : `${column.region.chrom}, kb from the transcription start`;
      const count = Math.max(2, Math.round(column.w / 80));
      drawAxis(ctx, { x: column.x, y, w: column.w }, column.from, column.to, {
        ink: theme.quiet,
        zero: lab.state.gene.tss,
        title,
        count,
        font: theme.font,
      });
      return;
    }
    ctx.fillStyle = theme.quiet;
    ctx.fillRect(column.x, y, column.w, 1);
    this.text(ctx, 10.5);
    Object.assign(ctx, { textAlign: "center", textBaseline: "top" });
    ctx.fillText(`${short((column.region.end - column.region.start) / 1000, 2)} kb`, column.x + column.w / 2, y + 6);
  }

  cursor(ctx, layout) {
    const { lab, theme } = this,
      { region, mark, bin, anchor } = lab.cursor,
      column = layout.column(region);
    if (!column || !(lab.focused || lab.selection())) return;
    const box = layout.cell(column, mark),
      low = Math.min(bin, anchor),
      high = Math.max(bin, anchor);
    const a = Math.max(box.x, layout.edge(column, low)),
      b = Math.min(box.x + box.w, layout.edge(column, high + 1));
    if (b < box.x || a > box.x + box.w) return;
    Object.assign(ctx, { fillStyle: theme.accent, strokeStyle: theme.accent, lineWidth: 1.5, globalAlpha: 0.18 });
    ctx.fillRect(a, box.y - 2, Math.max(b - a, 2), box.h + 2); // with its line within the row
    ctx.globalAlpha = 1;
    ctx.strokeRect(a, box.y - 2, Math.max(b - a, 2), box.h + 2);
  }
}

/** A prediction before and after, every model as a tick: hollow is before, filled is after. */
export function drawGauge(ctx, width, height, { low, high, before, after, changed, measured, theme, ticks }) {
  const x = (v) => 8 + Math.max(0, Math.min(1, (v - low) / (high - low))) * (width - 16),
    y = 20;
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
    textBaseline: "top",
  });
  for (const t of ticks) ctx.fillText(String(t), x(t), y + 10);
  if (measured !== null) {
    ctx.beginPath();
    ctx.moveTo(x(measured), y - 8);
    ctx.lineTo(x(measured) - 4, y - 15);
    ctx.lineTo(x(measured) + 4, y - 15);
    ctx.fill();
  }
  const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
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
