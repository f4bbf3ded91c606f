// ----- mouse, pen and keyboard -------------------------------------------------------------------------------------

import { pointOn } from "../shared/sheet.js";

export const round2 = (v) => Number(v.toFixed(2));

/** One movement of the pen over one track. It is an edit at any time, and a draft until the pen is lifted. */
class Stroke {
  constructor(lab, tool, hit, top) {
    this.lab = lab;
    this.tool = tool;
    this.column = hit.column;
    this.mark = hit.mark;
    this.top = top;
    this.values = new Map();
    this.low = hit.bin;
    this.high = hit.bin;
    this.last = null;
    this.base = lab.state.track(lab.state.after, hit.column.region, hit.mark); // the track when the pen came down
  }

  /** The pen is over a bin, at a height (0..1 of the panel). */
  to(bin, height) {
    const value = round2(Math.max(0, Math.min(1, height)) * this.top),
      from = this.last || { bin, value };
    const steps = Math.max(1, Math.abs(bin - from.bin)),
      reach = this.lab.brushBins();
    for (let s = 0; s <= steps; s++) {
      // no gaps where the pen moved fast
      const middle = Math.round(from.bin + ((bin - from.bin) * s) / steps);
      const v = round2(from.value + ((value - from.value) * s) / steps);
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
    const { state } = this.lab,
      factor = this.tool === "scale" ? this.lab.factor : 0;
    for (let b = this.low; b <= this.high; b++) {
      const old = this.base[b];
      const v = this.tool === "paint" ? this.values.get(b) : Number.isFinite(old) ? old * factor : old;
      state.set(this.column.region, b, this.mark, v);
    }
  }

  /** The edit, as in a file of edits. */
  edit() {
    const { state } = this.lab,
      mark = state.marks[this.mark].name,
      size = state.gene.bin_size;
    const region = state.place(this.column.region, this.low, this.high);
    if (this.tool === "erase") return { kind: "erase", mark, region };
    if (this.tool === "scale") return { kind: "scale", mark, region, factor: this.lab.factor };
    const values = [];
    for (let b = this.low; b <= this.high; b++) values.push(this.values.get(b));
    return { kind: "paint", mark, region, values, step: size };
  }
}

/** Pointer events on the canvas. */
export class Pointer {
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
    const { lab } = this,
      hit = this.hit(event);
    if (event.button !== 0 || !lab.state) return;
    this.canvas.focus({ preventScroll: true }); // so that keys work after a stroke
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
    const { column, mark } = lab.stroke || this.selecting,
      box = lab.layout.cell(column, mark);
    for (const e of event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event]) {
      const p = pointOn(this.canvas, e),
        bin = lab.layout.bin(column, p.x);
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
}

export const HELP = [
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
  ["Escape", "give up the stroke being drawn"],
];
const TOOL_KEYS = { p: "paint", e: "erase", s: "scale", r: "select" };

/** All that the mouse can do, from the keyboard; returns whether the key did something. */
export function keyOnTracks(lab, event) {
  const key = event.key,
    { cursor, state } = lab,
    far = event.ctrlKey || event.metaKey ? 10 : 1;
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
    Escape: () => lab.dropStroke(),
  };
  const does =
    moves[key] || (!event.ctrlKey && !event.metaKey && TOOL_KEYS[key] && (() => lab.useTool(TOOL_KEYS[key])));
  if (!does || (key === "c" && (event.ctrlKey || event.metaKey))) return false;
  lab.byKeys(true);
  does();
  return true;
}
