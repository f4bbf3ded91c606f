// ----- the lab -----------------------------------------------------------------------------------------------------
// Python holds the list of edits. The page sends actions, draws strokes into its own copy of the depth, and takes
// Python's copy when the answer comes. One request is under way at a time; of a stroke's drafts only the newest waits.
// After a pause the page asks the slower questions one by one, until the reader acts again.

import { onTheme, root } from "../shared/dom.js";
import { grouped, short } from "../shared/numbers.js";
import { Wire, floatsOf, viewOf } from "../shared/wire.js";
import { round2 } from "./input.js";
import { Page } from "./page.js";

export const TOOLS = [
  ["paint", "✎ Paint", "Drag over a track to draw it with the pen (P)"],
  ["erase", "⌫ Erase", "Drag along a track to erase the mark there (E)"],
  ["scale", "↕ Scale", "Drag along a track to multiply it there (S)"],
  ["select", "▭ Select", "Drag along a track, then choose below what to do there (R)"],
];
export const HINTS = {
  paint: "Drag over any track to draw how much of a mark should be there. The prediction follows. Undo with Ctrl+Z.",
  erase: "Drag along a track to erase the mark there.",
  scale: "Drag along a track to multiply it by the factor beside the tools.",
  select: "Drag along a track; then scale, erase or set it with the bar under the tracks.",
};
const REST = 350; // ms without a new edit until the slower questions are asked

/** The current state, from Python's last answer. */
class State {
  constructor(marks) {
    this.marks = marks;
  }

  take(reply, buffers) {
    for (const key of ["regions", "predicted", "edits", "undo", "redo"]) this[key] = reply[key];
    this.after = floatsOf(buffers[0]);
    if (reply.gene) {
      this.gene = reply.gene;
      this.before = floatsOf(buffers[1]);
    }
    this.tops = this.gene.tops.slice();
    for (const depth of [this.before, this.after]) {
      for (let i = 0; i < depth.length; i++)
        if (depth[i] > this.tops[i % this.marks.length]) this.tops[i % this.marks.length] = depth[i];
    }
  }

  /** A copy of one mark's bins in a region; null for a region that this copy of the depth lacks. */
  track(depth, region, mark) {
    const m = this.marks.length;
    if ((region.offset + region.bins) * m > depth.length) return null;
    return Float32Array.from({ length: region.bins }, (_, i) => depth[(region.offset + i) * m + mark]);
  }

  set(region, bin, mark, value) {
    this.after[(region.offset + bin) * this.marks.length + mark] = value;
  }

  /** "chrom:start-end" of a region, or of some of its bins. */
  place(region, first = 0, last = region.bins - 1) {
    const size = this.gene.bin_size;
    return `${region.chrom}:${region.start + first * size}-${Math.min(region.start + (last + 1) * size, region.end)}`;
  }
}

class Lab extends Page {
  constructor(model, el) {
    super();
    this.model = model;
    this.state = null;
    this.tool = "paint";
    this.brush = 500;
    this.factor = 0.5;
    this.wide = 0;
    this.view = null;
    this.stroke = null;
    this.shown = { carried: true, attention: false };
    this.hover = {};
    this.task = "";
    this.focused = false;
    this.chores = [];
    this.timing = { picture: [], prediction: [] }; // ms from an input to the frame that shows it, the last 1,000: for benchmarks
    this.cursor = { region: 0, mark: 0, bin: 0, anchor: 0 };
    this.node = root(el, "cl-whatif");
    this.node.lab = this;
    this.wire = new Wire(model, {
      onReply: (...a) => this.take(...a),
      onIdle: () => this.rest(),
      merge: mergeRequests,
    });
    this.build();
    this.changed = (message, buffers) => {
      if (message && message.changed) this.ask({ kind: "hello" });
      else if (message && message.kind === "state" && !this.wire.mine(message)) this.follow(message, buffers);
    };
    model.on("msg:custom", this.changed);
    this.stopTheme = onTheme(() => this.state && this.update());
    this.ask({ kind: "hello" });
    this.slow = setInterval(() => this.sayWaiting(), 1000);
  }

  close() {
    this.wire.close();
    this.model.off("msg:custom", this.changed);
    clearInterval(this.slow);
    clearTimeout(this.timer);
    this.stopTheme();
    for (const sheet of [this.tracks, ...Object.values(this.cards || {}).map((c) => c.sheet)]) sheet && sheet.close();
    this.node.lab = null;
    this.node.remove();
    this.state = null;
    this.layout = null;
    this.looked = null;
    this.carriedBy = null;
    this.sums = null;
    this.compared = null;
    this.stroke = null;
  }

  // ----- talking ---------------------------------------------------------------------------------------------------

  ask(request) {
    clearTimeout(this.timer);
    if (["hello", "gene", "act"].includes(request.kind)) this.chores = ["settle", "carried", "attention"];
    this.wire.ask(request);
  }

  act(action, born = performance.now()) {
    this.ask({ kind: "act", actions: [action], born });
  }

  /** No request is under way: after a pause, ask the next slower question. */
  rest() {
    this.say(null);
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        const chore = this.chores.shift();
        if (!chore || !this.state) return;
        if (this.stroke) this.chores.unshift(chore);
        else if (chore === "settle" || (chore === "carried" ? this.state.edits > 0 : this.shown.attention))
          this.wire.ask({ kind: chore, task: this.task });
        else this.rest();
      },
      this.chores[0] === "settle" ? REST : 1,
    );
  }

  take(reply, buffers, request) {
    const file = (request.actions || []).find((a) => a.file);
    if (reply.error) this.say(file ? `${file.file}: ${reply.error}` : reply.error, true);
    if (reply.error && reply.kind !== "state") return;
    const takes = {
      settle: () => this.settled(reply),
      carried: () => {
        Object.assign(this, { carriedBy: floatsOf(buffers[0]), contactsBy: reply.contacts, sums: null });
        this.showReasons();
      },
      attention: () => this.attended(floatsOf(buffers[0]), reply.shares),
      search: () => this.boxes[request.box].show(reply.found),
      compare: () => {
        this.compared = { ...reply, depth: floatsOf(buffers[0]) };
        this.showCompared();
      },
      text: () => this.exportAs(request.as, reply),
    };
    if (reply.kind === "state") return this.takeState(reply, buffers, request);
    takes[request.kind]();
    this.tracks.redraw();
  }

  /** Take over what another view of this lab asked for. */
  follow(reply, buffers) {
    if (!this.state && !reply.gene) return;
    this.takeState(reply, buffers.map(viewOf), {});
    this.chores = ["settle", "carried", "attention"];
    if (!this.wire.busy) this.rest();
  }

  takeState(reply, buffers, request) {
    this.state = this.state || new State(this.model.get("marks"));
    const was = this.state.gene;
    this.state.take(reply, buffers);
    if (reply.gene && !(was && was.gene_id === reply.gene.gene_id && was.cell_type === reply.gene.cell_type))
      this.newGene();
    if (!this.state.regions[this.cursor.region]) this.cursor = { region: 0, mark: 0, bin: 0, anchor: 0 };
    if (!this.state.edits) this.carriedBy = this.sums = null;
    if (this.stroke) this.stroke.apply(); // the pen has moved meanwhile
    const drawing = this.stroke && (request.actions || []).length && request.actions.every((a) => a.draft);
    this.update(drawing ? this.layout.row(this.stroke.mark) : null);
    if (request.born) this.note("prediction", request.born);
  }

  newGene() {
    this.stroke = null;
    this.wide = 0;
    this.view = null;
    this.carriedBy = null;
    this.sums = null;
    this.looked = null;
    this.compared = null;
    if (!this.task) this.task = Object.keys(this.state.predicted)[0];
    this.toTss();
    this.fillGene();
  }

  /** Remember how long it took from an input to the frame that shows it. */
  note(what, since) {
    const { port1, port2 } = new MessageChannel();
    requestAnimationFrame(() => {
      port1.onmessage = () => {
        // after the frame was painted
        this.timing[what].push(performance.now() - since);
        if (this.timing[what].length > 1000) this.timing[what].shift();
        port1.close();
      };
      port2.postMessage(0);
    });
  }

  drawn(since) {
    this.note("picture", since);
  }

  // ----- tools -----------------------------------------------------------------------------------------------------

  brushBins() {
    return Math.max(1, Math.round(this.brush / this.state.gene.bin_size));
  }

  useTool(tool) {
    this.tool = tool;
    for (const [name, button] of Object.entries(this.toolButtons))
      button.setAttribute("aria-pressed", String(name === tool));
    this.brushBox.classList.toggle("cl-hidden", tool !== "paint");
    this.factorBox.classList.toggle("cl-hidden", tool !== "scale");
    this.hint.textContent = HINTS[tool];
  }

  dropStroke() {
    if (this.stroke) this.act({ do: "cancel" });
    this.stroke = null;
    this.cursor.anchor = this.cursor.bin;
    this.showSelection();
  }

  selection() {
    const { region, mark, bin, anchor } = this.cursor;
    return bin === anchor
      ? null
      : { region: this.state.regions[region], mark, low: Math.min(bin, anchor), high: Math.max(bin, anchor) };
  }

  /** The selection, or the one bin under the cursor. */
  target() {
    const { region, mark, bin } = this.cursor;
    return this.selection() || { region: this.state.regions[region], mark, low: bin, high: bin };
  }

  targetPlace() {
    const t = this.target();
    return { mark: this.state.marks[t.mark].name, region: this.state.place(t.region, t.low, t.high) };
  }

  moveTo(change, keepAnchor) {
    Object.assign(this.cursor, change);
    if (!keepAnchor) this.cursor.anchor = this.cursor.bin;
    const [first, last] = this.layout.visible(this.layout.column(this.cursor.region));
    if (this.cursor.region === this.wide && this.view && (this.cursor.bin < first || this.cursor.bin > last))
      this.zoom(1);
    this.showSelection();
  }

  toTss() {
    const { gene, regions } = this.state,
      bin = Math.floor((gene.tss - regions[0].start) / gene.bin_size);
    this.cursor = { region: 0, mark: this.cursor.mark, bin, anchor: bin };
    if (this.layout) this.showSelection();
  }

  nextRegion(by) {
    const order = this.layout.columns.map((c) => c.index),
      at = order.indexOf(this.cursor.region) + by;
    if (at < 0 || at >= order.length) return;
    const middle = Math.floor(this.state.regions[order[at]].bins / 2);
    this.moveTo({ region: order[at], bin: middle }, false);
  }

  /** Paint the selection higher or lower by twentieths of the panel. */
  raise(steps) {
    const t = this.target(),
      now = this.state.track(this.state.after, t.region, t.mark),
      by = (steps * this.state.tops[t.mark]) / 20;
    const values = Array.from(now.slice(t.low, t.high + 1), (v) =>
      round2(Math.max(0, (Number.isFinite(v) ? v : 0) + by)),
    );
    this.act({ do: "put", edits: [{ kind: "paint", ...this.targetPlace(), values, step: this.state.gene.bin_size }] });
  }

  eraseSelection() {
    this.act({ do: "add", edits: [{ kind: "erase", ...this.targetPlace() }] });
  }

  nudgeContact(index, factor) {
    const r = this.state.regions[index];
    if (!index || r.now === null) return;
    this.act({
      do: "put",
      edits: [
        { kind: "set_frequency", region: this.state.place(r), frequency: round2(Math.max(0.05, r.now * factor)) },
      ],
    });
  }

  widen(index) {
    this.wide = index === this.wide ? 0 : index;
    this.view = null;
    this.tracks.redraw();
  }

  /** Show less or more of the wide region, around the cursor if it is inside. */
  zoom(by) {
    const r = this.state.regions[this.wide],
      all = r.end - r.start,
      now = this.view ? this.view.to - this.view.from : all;
    const length = Math.max(20 * this.state.gene.bin_size, now / by);
    const bp =
      this.cursor.region === this.wide
        ? r.start + (this.cursor.bin + 0.5) * this.state.gene.bin_size
        : (r.start + r.end) / 2;
    const from = Math.max(r.start, Math.min(r.end - length, bp - length / 2));
    this.view = length >= all ? null : { from, to: from + length };
    this.tracks.redraw();
  }

  hoverOver(hit) {
    const arc = hit.on === "arc" ? hit.column.index : null,
      head = hit.on === "head" ? hit.column.index : null;
    const changed = arc !== this.hover.arc || head !== this.hover.head;
    this.hover = { arc, head };
    this.tracks.canvas.style.cursor = { arc: "pointer", head: "zoom-in", track: "crosshair" }[hit.on] || "default";
    if (changed) this.tracks.redraw();
    this.readout.textContent = this.said(hit);
  }

  /** What is under the pointer, in words. */
  said(hit) {
    const { state } = this;
    if (!state || !hit.on) return "";
    const r = hit.column.region;
    if (hit.on === "arc")
      return `pCRE ${r.rank}, ${state.place(r)}: ${r.now === null ? "contact cut; click to restore it" : `contact frequency ${short(r.now)}; click to cut it`}`;
    if (hit.on === "head")
      return hit.column.index === this.wide ? state.place(r) : `${state.place(r)}: click to see it wide`;
    const at = state.track(state.after, r, hit.mark)[hit.bin],
      was = (state.track(state.before, r, hit.mark) || [])[hit.bin];
    const changed =
      was !== undefined && was !== at && (Number.isFinite(at) || Number.isFinite(was)) ? ` (was ${short(was)})` : "";
    return `${state.marks[hit.mark].name}, ${r.chrom}:${grouped(r.start + hit.bin * state.gene.bin_size)}: ${short(at)} reads per base${changed}`;
  }

  // ----- what carried a change -------------------------------------------------------------------------------------

  /** The sum over marks in each bin, and the largest absolute sum. */
  carriedSums() {
    if (!this.carriedBy || this.carriedBy.length !== this.state.after.length) return null;
    if (!this.sums) {
      const m = this.state.marks.length,
        bins = new Float32Array(this.carriedBy.length / m);
      this.carriedBy.forEach((v, i) => {
        bins[Math.floor(i / m)] += v;
      });
      this.sums = { bins, most: bins.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9) };
    }
    return this.sums;
  }

  /** The panels that carried most. */
  topReasons(count = 5) {
    const { state } = this,
      m = state.marks.length,
      list = [];
    for (const r of state.regions) {
      const where = r.rank ? `pCRE ${r.rank}` : "window";
      state.marks.forEach((mark, k) => {
        let score = 0;
        for (let i = r.offset; i < r.offset + r.bins; i++) score += this.carriedBy[i * m + k];
        list.push({ mark: mark.name, colour: mark.colour, where, score });
      });
      // @ts-ignore
      const contact = this.contactsBy[state.regions.indexOf(r)];
      if (contact) list.push({ mark: "contact", colour: "currentColor", where, score: contact });
    }
    return list
      .sort((a, b) => Math.abs(b.score) - Math.abs(a.score))
      .slice(0, count)
      .filter((r) => Math.abs(r.score) > 1e-4);
  }

  attended(level, shares) {
    const sorted = level.filter(Number.isFinite).sort();
    this.looked = { level, shares, high: sorted[Math.floor(0.98 * (sorted.length - 1))] || 1 };
  }
}

/** Two waiting requests with actions become one, without drafts that a later action replaces. The newest search wins. */
function mergeRequests(last, next) {
  if (last.kind === "search" && next.kind === "search" && last.box === next.box) return next;
  if (last.kind !== "act" || next.kind !== "act") return null;
  return { ...next, actions: [...last.actions.filter((a) => !a.draft), ...next.actions] };
}

export default {
  render({ model, el }) {
    let lab = new Lab(model, el);
    return () => {
      lab.close();
      lab = null; // so that keeping this function does not keep the lab in memory
    };
  },
};
