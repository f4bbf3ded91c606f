// The track browser shows the part `view` of the region that was fetched, `data`. Moving the view redraws at once from
// that data, and asks Python for a new region, three views wide.

import { signal } from "@preact/signals";

import { make, onTheme, root, themeOf } from "../shared/dom.js";
import { drawArea, drawAxis, drawHatch } from "../shared/drawing.js";
import { grouped, short } from "../shared/numbers.js";
import { Sheet, pointOn } from "../shared/sheet.js";
import { geneBox } from "../shared/genebox.jsx";
import { GeneSearch } from "../shared/genes.js";
import { Wire, floatsOf } from "../shared/wire.js";

const LABEL = 92,
  ROW = 46,
  GENES = 40,
  ARCS = 80,
  AXIS = 40,
  RIGHT = 10; // pixels

class Browser {
  constructor(model, el) {
    this.model = model;
    this.about = model.get("_about");
    this.data = null;
    this.node = root(el, "cl-browser");
    this.node.browser = this; // for tests
    this.wire = new Wire(model, {
      onReply: (reply, buffers, request) => this.take(reply, buffers, request),
      merge: (last, next) => (last.kind === next.kind ? next : null),
    });
    this.build();
    this.followed = () => this.look(model.get("region"));
    model.on("change:region", this.followed);
    this.stopTheme = onTheme(() => this.sheet.redraw());
    this.look(model.get("region"));
  }

  build() {
    const button = (text, title, onclick) => make("button", { title, "aria-label": title, onclick }, text);
    const go = (text) => this.wire.ask({ kind: "find", text });
    this.search = new GeneSearch(
      (text) => this.wire.ask({ kind: "search", text }),
      (gene) => go(gene.gene_id),
      (text) => {
        const region = text.includes(":");
        if (region) go(text);
        return region;
      },
    );
    this.genes = geneBox(this.search, "Go to", signal(""), "gene, or chrom:start-end");
    this.reading = make("span", { class: "cl-quiet cl-hidden", role: "status" }, "reading the tracks …");
    this.where = make("span", { class: "where", "aria-live": "polite" });
    this.problem = make("div", { class: "cl-error", role: "alert" });
    this.readout = make("div", { class: "read cl-quiet" });
    const bar = make(
      "div",
      { class: "bar" },
      this.genes.node,
      button("◀", "pan left (left arrow)", () => this.pan(-0.5)),
      button("▶", "pan right (right arrow)", () => this.pan(0.5)),
      button("+", "zoom in (+)", () => this.zoom(0.5)),
      button("−", "zoom out (-)", () => this.zoom(2)),
      this.reading,
      this.where,
    );
    const hint = `Drag, or the arrow keys, or Shift with the wheel: pan. + and −, or the wheel on the axis, or Ctrl with the wheel anywhere: zoom. ${this.about.unit}${this.about.origin ? `; ${this.about.origin}` : ""}.`;
    this.node.append(bar, this.problem);
    this.high = ARCS + GENES + this.about.tracks.length * ROW + AXIS;
    this.sheet = new Sheet(this.node, this.high, (ctx, w, h) => this.draw(ctx, w, h), {
      tabindex: "0",
      role: "img",
      "aria-label": "tracks, genes and contacts in view",
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
    canvas.addEventListener("wheel", (e) => this.wheel(e, pointOn(canvas, e)), { passive: false });
    canvas.addEventListener("keydown", (e) => {
      const act = {
        ArrowLeft: () => this.pan(-0.2),
        ArrowRight: () => this.pan(0.2),
        "+": () => this.zoom(0.5),
        "=": () => this.zoom(0.5),
        "-": () => this.zoom(2),
      }[e.key];
      if (!act) return;
      act();
      e.preventDefault();
    });
  }

  /** As in the lab: Ctrl, or the axis, zooms; Shift, or a sideways wheel, moves; else the page scrolls. */
  wheel(event, { x, y }) {
    const unit = event.deltaMode === 1 ? 16 : 1,
      { deltaX, deltaY } = event;
    const sideways = event.shiftKey ? deltaY || deltaX : Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : 0;
    if (sideways && !event.ctrlKey) this.move(this.view.start + sideways * unit * this.bpPerPixel());
    else if (event.ctrlKey || event.metaKey || y > this.high - AXIS)
      this.zoom(Math.exp(Math.max(-60, Math.min(60, deltaY * unit)) / 200), this.bpAt(x));
    else return;
    event.preventDefault();
  }

  // ----- moving -----

  bpPerPixel() {
    return (this.view.end - this.view.start) / Math.max(1, this.sheet.width - LABEL - RIGHT);
  }
  bpAt(x) {
    return this.view.start + (x - LABEL) * this.bpPerPixel();
  }

  look(region) {
    const cut = region.lastIndexOf(":"),
      [start, end] = region
        .slice(cut + 1)
        .split("-")
        .map(Number);
    this.view = { chrom: region.slice(0, cut), start, end };
    this.where.textContent = `${this.view.chrom}: ${grouped(start)} to ${grouped(end)} (${short((end - start) / 1000)} kb)`;
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
    const d = this.data,
      v = this.view,
      size = this.about.sizes[v.chrom];
    return (
      d &&
      d.chrom === v.chrom &&
      d.start <= Math.max(v.start, 0) &&
      d.end >= Math.min(v.end, size) &&
      d.end - d.start <= 4 * (v.end - v.start)
    );
  }

  ask() {
    const { chrom, start, end } = this.view,
      span = end - start;
    this.wire.ask({ kind: "view", chrom, start: Math.max(0, start - span), end: end + span });
  }

  take(reply, buffers, request) {
    this.problem.textContent = reply.error || "";
    if (reply.error) return;
    if (reply.found) {
      this.search.answered(request.text, reply.found);
      return;
    }
    if (reply.region) {
      this.model.set("region", reply.region);
      this.model.save_changes();
      return;
    }
    const values = floatsOf(buffers[0]);
    this.data = {
      ...reply,
      rows: this.about.tracks.map((_, i) => values.subarray(i * reply.bins, (i + 1) * reply.bins)),
    };
    this.sheet.redraw();
    if (!this.serves() && !this.wire.busy) this.ask();
    this.waits();
  }

  // ----- drawing -----

  draw(ctx, width, height) {
    const theme = themeOf(this.node),
      d = this.data,
      v = this.view;
    const box = { x: LABEL, w: width - LABEL - RIGHT },
      x = (bp) => box.x + ((bp - v.start) / (v.end - v.start)) * box.w;
    ctx.font = `12px ${theme.font}`;
    if (d && d.chrom === v.chrom) {
      ctx.save();
      ctx.beginPath();
      ctx.rect(box.x, 0, box.w, height);
      ctx.clip();
      this.drawArcs(ctx, x, theme);
      this.drawGenes(ctx, x, theme, box);
      this.about.tracks.forEach((track, i) =>
        this.drawTrack(ctx, x, { ...box, y: ARCS + GENES + i * ROW + 6, h: ROW - 10 }, i),
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
      font: theme.font,
    });
  }

  // What has not been read yet is not zero: it is hatched, from end to end of all tracks.
  drawUnread(ctx, x, theme, box) {
    const { data: d, view: v } = this,
      known = d && d.chrom === v.chrom ? [Math.max(d.start, v.start), Math.min(d.end, v.end)] : [v.end, v.end];
    this.unread = known[1] <= known[0] ? [[v.start, v.end]] : [[v.start, known[0]], [known[1], v.end]]; // prettier-ignore
    this.unread = this.unread.filter(([start, end]) => end > start);
    const high = this.about.tracks.length * ROW;
    for (const [start, end] of this.unread)
      drawHatch(ctx, { x: x(start), y: ARCS + GENES, w: x(end) - x(start), h: high }, theme.faint, 9);
  }

  /** The highest value in view of a track. */
  top(i) {
    const d = this.data,
      first = Math.max(0, Math.floor((this.view.start - d.start) / d.size));
    let top = 0;
    for (const value of d.rows[i].subarray(first, Math.ceil((this.view.end - d.start) / d.size)))
      if (value > top) top = value;
    return top || 1;
  }

  drawTrack(ctx, x, box, i) {
    const d = this.data;
    drawArea(ctx, box, d.rows[i], this.top(i), this.about.tracks[i].colour, (b) =>
      x(Math.min(d.start + b * d.size, d.end)),
    );
    for (let b = 0; b < d.bins; b++) {
      // no data is not zero
      if (Number.isFinite(d.rows[i][b])) continue;
      let last = b;
      while (last < d.bins && !Number.isFinite(d.rows[i][last])) last++;
      const [left, right] = [x(d.start + b * d.size), x(d.start + last * d.size)];
      if (right > box.x && left < box.x + box.w)
        drawHatch(
          ctx,
          { x: Math.max(left, box.x), y: box.y, w: Math.min(right, box.x + box.w) - Math.max(left, box.x), h: box.h },
          "#999",
        );
      b = last;
    }
  }

  drawArcs(ctx, x, theme) {
    const highest = this.data.arcs.reduce((h, arc) => Math.max(h, arc[2]), 0);
    for (const [a, b, frequency] of this.data.arcs) {
      const left = x(a),
        right = x(b),
        high = (ARCS - 18) * (frequency / highest);
      ctx.beginPath();
      ctx.moveTo(left, ARCS);
      ctx.bezierCurveTo(left, ARCS - (high * 4) / 3, right, ARCS - (high * 4) / 3, right, ARCS);
      Object.assign(ctx, {
        strokeStyle: theme.quiet,
        lineWidth: 0.5 + 1.5 * (frequency / highest),
        globalAlpha: 0.25 + 0.6 * (frequency / highest),
      });
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }

  drawGenes(ctx, x, theme, box) {
    const line = ARCS + 12,
      rightmost = [-Infinity, -Infinity];
    Object.assign(ctx, {
      fillStyle: theme.ink,
      strokeStyle: theme.ink,
      lineWidth: 1.2,
      textBaseline: "top",
      textAlign: "left",
    });
    for (const gene of [...this.data.genes].sort((a, b) => a.start - b.start)) {
      const left = x(gene.start),
        right = x(gene.end),
        tss = x(gene.tss),
        turn = gene.strand === "-" ? -1 : 1;
      if (right < box.x || left > box.x + box.w) continue;
      ctx.fillRect(left, line - 3, Math.max(1.5, right - left), 5);
      ctx.beginPath(); // the TSS: a flag that points in the direction of transcription
      ctx.moveTo(tss, line);
      ctx.lineTo(tss, line - 10);
      ctx.lineTo(tss + 7 * turn, line - 10);
      ctx.stroke();
      const at = Math.max(left, box.x + 2),
        row = rightmost.findIndex((r) => at > r + 6);
      if (row < 0) continue; // a name that does not fit is left out; the gene is still drawn
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
    const d = this.data,
      bp = this.bpAt(x),
      bin = d ? Math.floor((bp - d.start) / d.size) : -1;
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
    this.genes.close();
    this.wire.close();
    this.sheet.close();
    this.data = null;
  }
}

export default {
  render({ model, el }) {
    const browser = new Browser(model, el);
    return () => browser.close();
  },
};
