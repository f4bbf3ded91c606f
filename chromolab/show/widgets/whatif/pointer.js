// Mouse, pen and fingers on the tracks. A mouse or a pen paints; fingers move the view, and paint only where the reader
// has said so. Painting begins with the first movement: a click alone moves the cursor.

import { pointOn } from "../shared/sheet.js";

const STILL = 3; // px that a press may move and still be a click

export class Pointer {
  /**
   * @param {import("./lab.js").Lab} lab
   * @param {HTMLCanvasElement} canvas
   */
  constructor(lab, canvas) {
    this.lab = lab;
    this.canvas = canvas;
    /** What a press is doing: "press" (nothing yet), "stroke", "select", "pan". @type {string | null} */
    this.doing = null;
    /** @type {import("./layout.js").Hit & {x: number, y: number, id: number}} */
    this.from = null;
    /** Fingers on the canvas. @type {Map<number, {x: number, y: number}>} */
    this.fingers = new Map();
    const on = (name, f, more = {}) => canvas.addEventListener(name, f, more);
    on("pointerdown", (e) => this.down(e));
    on("pointermove", (e) => this.move(e));
    on("pointerup", (e) => this.up(e));
    on("pointercancel", (e) => this.cancel(e));
    on("pointerleave", () => !this.doing && lab.hoverOver({ on: null }, null));
    on("wheel", (e) => this.wheel(e), { passive: false });
  }

  /** @returns {import("./layout.js").Hit & {x: number, y: number}} */
  hit(event) {
    const p = pointOn(this.canvas, event);
    return { ...this.lab.layout.hit(p.x, p.y), ...p };
  }

  /** Whether this press may paint. */
  paints(event) {
    const { lab } = this;
    return lab.mayEdit() && (event.pointerType !== "touch" || lab.fingers.value);
  }

  down(event) {
    const { lab } = this;
    if (event.button !== 0 || !lab.state) return;
    const hit = this.hit(event);
    if (event.pointerType === "touch") {
      this.fingers.set(event.pointerId, { x: hit.x, y: hit.y });
      if (this.fingers.size === 2) {
        if (lab.stroke) lab.dropStroke();
        this.doing = "pinch";
        return;
      }
    }
    this.canvas.focus({ preventScroll: true }); // so that keys work after a stroke
    lab.byKeys(false);
    this.from = { ...hit, id: event.pointerId };
    this.doing = "press";
    if (hit.on === "track" && event.pointerType !== "touch") this.canvas.setPointerCapture(event.pointerId);
  }

  move(event) {
    const { lab } = this;
    if (!lab.state) return;
    if (this.fingers.has(event.pointerId)) {
      if (this.doing === "pinch") return this.pinch(event);
      this.fingers.set(event.pointerId, pointOn(this.canvas, event));
    }
    if (!this.doing) return lab.hoverOver(this.hit(event), event);
    const p = pointOn(this.canvas, event);
    if (this.doing === "press") {
      if (Math.hypot(p.x - this.from.x, p.y - this.from.y) < STILL) return;
      this.begin(event);
    }
    if (this.doing === "pan") this.pan(p.x);
    else if (this.doing === "stroke" || this.doing === "select") this.draw(event);
  }

  /** The press has become a movement: what does it do? */
  begin(event) {
    const { lab } = this,
      { x, y } = this.from;
    const from = (this.from = { ...this.from, ...lab.layout.hit(x, y) }); // another gene may have come meanwhile
    const moves = event.shiftKey || lab.tool.value === "move" || from.on === "ruler" || from.on === "head";
    if (moves || from.on !== "track" || !this.paints(event)) {
      this.doing = from.column && from.column.index === lab.wide ? "pan" : "none";
      if (this.doing === "pan") this.canvas.setPointerCapture(event.pointerId);
      return;
    }
    this.canvas.setPointerCapture(event.pointerId);
    this.doing = lab.tool.value === "select" ? "select" : "stroke";
    lab.cursor = { region: from.column.index, mark: from.mark, bin: from.bin, anchor: from.bin };
    if (this.doing === "stroke") {
      lab.beginStroke(from);
      this.paintAt(from, from.column, from.mark);
    }
    lab.hoverOver({ on: null }, null);
  }

  paintAt(point, column, mark) {
    const { layout, stroke } = this.lab,
      box = layout.cell(column, mark);
    stroke.to(layout.bin(column, point.x), 1 - (point.y - box.y) / box.h);
  }

  draw(event) {
    const { lab } = this,
      { mark } = this.from,
      column = lab.layout.column(this.from.column.index);
    if (!column || (this.doing === "stroke" && !lab.stroke)) {
      this.doing = "none"; // given up with Escape, or another gene has come
      return;
    }
    const events = event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event];
    for (const e of events) {
      const p = pointOn(this.canvas, e);
      if (lab.stroke) this.paintAt(p, column, mark);
      lab.cursor.bin = lab.layout.bin(column, p.x);
    }
    if (lab.stroke) lab.draft(event.timeStamp);
    lab.tracks.redraw(lab.layout.row(mark));
  }

  up(event) {
    const { lab, doing, from } = this;
    this.fingers.delete(event.pointerId);
    if (doing === "pinch") {
      if (!this.fingers.size) this.doing = null;
      return;
    }
    this.doing = null;
    if (doing === "press") this.click(event, from);
    else if (doing === "stroke" && lab.stroke) lab.endStroke(event.timeStamp);
    else if (doing === "select") lab.moved();
  }

  click(event, hit) {
    const { lab } = this;
    if (hit.on === "arc" && lab.mayEdit()) {
      lab.presses.toggleContact(hit.column.index);
      lab.pointed.value = null; // what it says is no longer so
    } else if (hit.on === "head") lab.widen(hit.column.index);
    else if (hit.on === "ruler" && hit.gene && !hit.gene.own) lab.goTo(hit.gene);
    else if (hit.on === "track") {
      lab.moveTo({ region: hit.column.index, mark: hit.mark, bin: hit.bin }, event.shiftKey);
      lab.hoverOver(hit, event);
      if (lab.mayEdit() && ["paint", "erase", "scale"].includes(lab.tool.value))
        lab.say("Drag over a track to change it: a click only puts the cursor there.");
    }
  }

  cancel(event) {
    this.fingers.delete(event.pointerId);
    if (this.doing === "stroke") this.lab.dropStroke();
    this.doing = null;
  }

  pan(x) {
    const { lab } = this,
      column = lab.layout.column(lab.wide);
    lab.pan(((this.from.x - x) / column.w) * (column.to - column.from));
    this.from.x = x;
  }

  /** Two fingers: the place under each stays under it. */
  pinch(event) {
    const { lab } = this,
      column = lab.layout.column(lab.wide);
    const before = [...this.fingers.values()];
    this.fingers.set(event.pointerId, pointOn(this.canvas, event));
    const after = [...this.fingers.values()];
    if (after.length < 2) return;
    const middle = (points) => (points[0].x + points[1].x) / 2;
    const apart = (points) => Math.max(20, Math.hypot(points[0].x - points[1].x, points[0].y - points[1].y));
    lab.pan(((middle(before) - middle(after)) / column.w) * (column.to - column.from));
    lab.zoom(apart(after) / apart(before), lab.layout.bp(lab.layout.column(lab.wide), middle(after)));
  }

  /** Ctrl (or a pinch on a touchpad) zooms, Shift or a sideways wheel moves; on the ruler the plain wheel zooms. */
  wheel(event) {
    const { lab } = this;
    if (!lab.state) return;
    const hit = this.hit(event),
      column = lab.layout.column(lab.wide);
    const sideways = event.shiftKey
      ? event.deltaY || event.deltaX
      : Math.abs(event.deltaX) > Math.abs(event.deltaY)
        ? event.deltaX
        : 0;
    const own = hit.column && hit.column.index === lab.wide;
    const unit = event.deltaMode === 1 ? 16 : 1;
    if (sideways && !event.ctrlKey) {
      if (!lab.view) return; // all is in view: the page scrolls
      lab.pan(((sideways * unit) / column.w) * (column.to - column.from));
    } else if (event.ctrlKey || event.metaKey || (own && (hit.on === "ruler" || hit.on === "head"))) {
      const about = own ? lab.layout.bp(column, hit.x) : (column.from + column.to) / 2;
      lab.zoom(Math.exp(-Math.max(-60, Math.min(60, event.deltaY * unit)) / 200), about);
    } else return;
    event.preventDefault();
  }
}
