// The what-if lab. Python (or what answers in its place) holds the list of edits. The page sends actions, draws strokes
// into its own copy of the depth, and takes Python's copy when the answer comes. One request is under way at a time; of a
// stroke's drafts only the newest waits. After a pause the page asks the slower questions, until the reader acts again.

import { computed, signal } from "@preact/signals";
import { h, render as draw } from "preact";

import { onTheme, root } from "../shared/dom.js";
import { GeneSearch } from "../shared/genes.js";
import { Wire, floatsOf, viewOf } from "../shared/wire.js";
import { Keeper } from "./kept.js";
import { keyInLab } from "./keys.js";
import { Layout } from "./layout.js";
import { Letters } from "./letters.js";
import { Missions } from "./missions.js";
import { attentionOf, sumsOf } from "./overlays.js";
import { Presses } from "./presses.js";
import { PATIENCE, Questions, SLOW } from "./questions.js";
import { State, mergeRequests } from "./state.js";
import { Stroke } from "./strokes.js";
import { Timing } from "./timing.js";
import { App } from "./ui/app.jsx";
import { panned, showing, zoomed } from "./view.js";

const REST = 600; // ms without a new edit until the slower questions are asked
const CHORES = ["settle", "carried", "attention", "keep"];
const WAITING = 1500,
  STOPPED = 8000; // ms without an answer until the page says so, and until it takes Python for gone

/** @typedef {import("../shared/wire.js").Message} Message */

export class Lab {
  /**
   * @param {import("../shared/wire.js").Model} model
   * @param {HTMLElement} el
   */
  constructor(model, el) {
    this.model = model;
    this.marks = model.get("marks");
    this.signals();
    this.state = null;
    /** @type {Layout | null} */
    this.layout = null;
    /** @type {import("../shared/sheet.js").Sheet | null} */
    this.tracks = null;
    /** @type {import("../shared/sheet.js").Sheet | null} */
    this.panels = null;
    this.wide = 0;
    /** @type {import("./view.js").View | null} */
    this.view = null;
    /** @type {Stroke | null} */
    this.stroke = null;
    this.presses = new Presses(this);
    this.cursor = { region: 0, mark: 0, bin: 0, anchor: 0 };
    this.hover = { arc: null, head: null };
    this.focused = false;
    /** What carried the change. @type {ReturnType<typeof sumsOf> | null} */
    this.sums = null;
    /** @type {ReturnType<typeof attentionOf> | null} */
    this.looked = null;
    /** @type {string[]} */
    this.chores = [];
    this.turn = 0; // counts what Python said of the edits; slower answers belong to one of these
    this.keeper = new Keeper(this);
    this.missions = new Missions(this);
    this.questions = new Questions(this);
    this.letters = new Letters(this);
    this.timing = new Timing();
    this.timer = 0;
    this.node = root(el, "cl-whatif");
    this.node.lab = this;
    this.wire = new Wire(model, {
      onReply: (...a) => this.take(...a),
      onIdle: () => this.rest(),
      merge: mergeRequests,
    });
    const box = (number, choose) =>
      new GeneSearch((text) => this.wire.ask({ kind: "search", text, box: number }), choose);
    this.boxes = [
      box(0, (gene) => this.choose(gene, this.state.gene.cell_type)),
      box(1, (gene) => this.compare(gene, this.state.gene.cell_type)),
    ];
    this.changed = (message, buffers) => {
      if (message && message.changed) {
        this.keeper.lost(this.state?.key);
        this.ask({ kind: "hello" });
      } else if (message && message.kind === "state" && !this.wire.mine(message)) this.follow(message, buffers);
    };
    model.on("msg:custom", this.changed);
    this.node.addEventListener("keydown", (e) => keyInLab(this, e));
    this.stopTheme = onTheme(() => [this.tracks, this.panels].forEach((sheet) => sheet?.redraw()));
    draw(h(App, { lab: this }), this.node);
    this.ask({ kind: "hello" });
    this.slow = window.setInterval(() => this.listen(), 500);
  }

  /** What the parts of the page show; each draws itself anew when what it read changes. */
  signals() {
    this.answers = signal(0); // counts states taken
    this.places = signal(0); // counts moves of cursor, selection and view
    this.tool = signal("paint");
    this.brush = signal(500);
    this.factor = signal(0.5);
    this.fingers = signal(false);
    this.task = signal("");
    this.carriedShown = signal(true);
    this.attentionShown = signal(false);
    /** @type {import("@preact/signals").Signal<Message | null>} */
    this.settled = signal(null);
    /** @type {import("@preact/signals").Signal<Message | null>} */
    this.reasons = signal(null);
    /** @type {import("@preact/signals").Signal<any>} */
    this.other = signal(null);
    this.beside = signal(false); // whether panels side by side stand in the place of the tracks
    this.message = signal({ text: "", wrong: false });
    this.silence = signal(0); // ms without an answer
    this.stopped = computed(() => this.silence.value > STOPPED);
    /** @type {import("@preact/signals").Signal<import("./kept.js").Record | null>} */
    this.offered = signal(null);
    this.help = signal(false);
    this.tab = signal("marks");
    this.code = signal("");
    this.width = signal(0);
    this.mode = computed(() => (this.width.value < 480 ? "reading" : this.width.value < 760 ? "stacked" : "wide"));
    this.spoken = signal("");
    /** @type {import("@preact/signals").Signal<{word: string, text: string, at: DOMRect, node: HTMLElement} | null>} */
    this.glossed = signal(null);
    /** @type {import("@preact/signals").Signal<{hit: import("./layout.js").Hit, x: number, y: number} | null>} */
    this.pointed = signal(null);
  }

  /** Python's last answer; a part of the page that reads it is drawn anew with every further one. */
  get state() {
    return this.answers.value < 0 ? null : this.held;
  }

  set state(state) {
    /** @type {State | null} */
    this.held = state;
  }

  get shown() {
    return { carried: this.carriedShown.value, attention: this.attentionShown.value };
  }

  /** The gene that is compared, or null. */
  get compared() {
    return this.other.value;
  }

  close() {
    this.wire.close();
    this.letters.close();
    this.model.off("msg:custom", this.changed);
    clearInterval(this.slow);
    clearTimeout(this.timer);
    this.stopTheme();
    draw(null, this.node);
    this.node.lab = null;
    this.node.remove();
    if (this.held) this.held.before = this.held.after = null; // whatever still knows of the state, its arrays are free
    this.state = this.layout = this.looked = this.sums = this.stroke = this.tracks = null;
    this.other.value = this.settled.value = this.reasons.value = this.pointed.value = null;
  }

  // ----- talking -----------------------------------------------------------------------------------------------------

  ask(request) {
    clearTimeout(this.timer);
    if (["hello", "gene", "act", "open"].includes(request.kind)) {
      this.chores = [...CHORES];
      this.keeper.turned();
      this.say("");
    }
    this.wire.ask(request);
  }

  act(action, born = performance.now()) {
    this.presses.before(action);
    this.ask({ kind: "act", actions: [action], born });
  }

  /** No request is under way: after a pause, ask the next slower question. */
  rest() {
    this.silence.value = 0;
    this.presses.rest();
    clearTimeout(this.timer);
    const wait = this.chores[0] === "settle" ? REST : 1;
    this.timer = window.setTimeout(() => {
      const chore = this.chores.shift();
      if (!chore || !this.state) return;
      if (this.stroke) this.chores.unshift(chore);
      else if (chore === "keep" && this.state.edits) this.wire.ask({ kind: "text", as: "keep" });
      else if (
        chore === "settle" ||
        (chore === "carried" && this.state.edits) ||
        (chore === "attention" && this.shown.attention)
      )
        this.wire.ask({ kind: chore, task: this.task.value });
      else this.rest();
    }, wait);
  }

  take(reply, buffers, request) {
    this.silence.value = 0;
    if (SLOW.includes(request.kind)) return this.questions.took(reply, request);
    if (request.kind === "letters") return this.letters.took(reply, request);
    const file = request.file || (request.actions || []).find((a) => a.file)?.file;
    if (reply.error) this.say(file ? `${file}: ${reply.error}` : reply.error, true);
    if (reply.error && reply.kind !== "state") return;
    const takes = {
      settle: () => this.settledBy(reply),
      carried: () => {
        this.sums = sumsOf(floatsOf(buffers[0]), this.marks.length);
        this.reasons.value = { ...reply, turn: this.turn };
      },
      attention: () => (this.looked = attentionOf(floatsOf(buffers[0]))),
      search: () => this.boxes[request.box].answered(request.text, reply.found),
      compare: () => (this.other.value = { ...reply, depth: floatsOf(buffers[0]) }),
      text: () => this.keeper.tookText(reply, request.as),
    };
    if (reply.kind === "state") return this.takeState(reply, buffers, request);
    takes[request.kind]();
    this.tracks?.redraw();
  }

  /** Take over what another view of this lab asked for. */
  follow(reply, buffers) {
    if (!this.state && !reply.gene) return;
    this.keeper.lost(this.state?.key);
    this.takeState(reply, buffers.map(viewOf), {});
    this.chores = [...CHORES];
    this.keeper.turned();
    if (!this.wire.busy) this.rest();
  }

  takeState(reply, buffers, request) {
    const first = !this.state,
      was = this.state?.key;
    this.state = this.state || new State(this.marks);
    this.state.take(reply, buffers);
    this.turn++;
    if (reply.gene && this.state.key !== was) this.newGene();
    if (request.kind === "act" && !reply.error) this.keeper.took(this.state.key, request.actions);
    else if (reply.gene) this.keeper.shown(this.state);
    if (first) {
      this.missions.begin();
      this.keeper.offer();
    }
    if (!this.state.regions[this.cursor.region]) this.cursor = { region: 0, mark: 0, bin: 0, anchor: 0 };
    if (!this.state.edits) {
      this.sums = null;
      this.reasons.value = null;
    }
    if (this.stroke) {
      this.stroke.state = this.state;
      this.stroke.apply(); // the pen has moved meanwhile
    }
    if (reply.note) this.say(reply.note);
    const drawing = this.stroke && (request.actions || []).length && request.actions.every((a) => a.draft);
    this.answers.value++;
    this.tracks?.redraw(drawing && this.stroke.answered ? this.layout.row(this.stroke.mark) : null);
    if (drawing) this.stroke.answered = true; // with its first answer, what was carried before is wiped away
    if (request.born) this.timing.note("prediction", request.born);
  }

  newGene() {
    this.stroke = this.view = this.sums = this.looked = null;
    this.keeper.newGene();
    this.wide = 0;
    this.other.value = this.reasons.value = this.settled.value = null;
    this.questions.newGene();
    this.beside.value = false;
    this.code.value = "";
    if (!this.task.value) this.task.value = Object.keys(this.state.predicted)[0];
    this.toTss();
  }

  /** The slower answers: exact numbers, the list, warnings, true values. */
  settledBy(reply) {
    this.state.predicted = reply.predicted;
    if (reply.recipes) this.state.recipes = reply.recipes;
    this.settled.value = { ...reply, turn: this.turn };
    const solved = this.missions.take(reply.solved || []);
    if (solved.length) this.say(`✓ Mission solved: ${solved.join(", ")}`);
    this.answers.value++;
    const mean = (list) => (list.reduce((a, b) => a + b, 0) / list.length).toFixed(2);
    const said = Object.entries(reply.predicted).map(([task, p]) => `${task}: ${mean(p.after)}`);
    this.spoken.value = [...said, ...reply.warnings].join(", ");
  }

  /** No answer for a while: say so, and in the end take Python for gone. */
  listen() {
    const { underWay } = this.wire,
      since = underWay ? performance.now() - underWay.sent : 0;
    this.silence.value = since > (SLOW.includes(underWay?.kind) ? PATIENCE : WAITING) ? since : 0;
  }

  /** A line for the reader; it stays until the next action. */
  say(text, wrong = false) {
    this.message.value = { text, wrong };
  }

  // ----- genes -------------------------------------------------------------------------------------------------------

  /** Show a gene: in this cell type if it is known there, else in its first. */
  choose({ gene_id, cell_types }, cell) {
    this.ask({ kind: "gene", gene_id, cell_type: cell_types.includes(cell) ? cell : cell_types[0] });
  }

  goTo(gene) {
    this.ask({ kind: "gene", gene_id: gene.gene_id, cell_type: this.state.gene.cell_type });
  }

  compare({ gene_id, cell_types }, cell) {
    this.wire.ask({ kind: "compare", gene_id, cell_type: cell_types.includes(cell) ? cell : cell_types[0] });
  }

  stopComparing() {
    this.other.value = null;
    this.beside.value = false;
    this.boxes[1].rest("");
    this.tracks.redraw();
  }

  explain(task) {
    this.task.value = task;
    this.chores.push("carried", "attention");
    if (!this.wire.busy) this.rest();
  }

  toggle(overlay) {
    overlay.value = !overlay.value;
    this.chores.push("carried", "attention");
    if (!this.wire.busy) this.rest();
    this.tracks.redraw();
  }

  // ----- painting ----------------------------------------------------------------------------------------------------

  /** Whether strokes count: not on a page that only reads, and not while nobody takes them. */
  mayEdit() {
    return this.mode.value !== "reading" && !this.stopped.value;
  }

  beginStroke(hit) {
    const reach = Math.max(1, Math.round(this.brush.value / this.state.gene.bin_size));
    const pen = { tool: this.tool.value, reach, factor: this.factor.value };
    this.stroke = new Stroke(this.state, pen, hit.column.region, hit.mark, hit.bin);
  }

  draft(at) {
    this.timing.note("picture", at);
    this.act({ do: "add", edits: [this.stroke.edit()], draft: true }, at);
  }

  endStroke(at) {
    const edit = this.stroke.edit();
    this.cursor.anchor = this.cursor.bin;
    this.stroke = null;
    this.act({ do: "add", edits: [edit] }, at);
    this.moved();
  }

  dropStroke() {
    if (this.stroke) this.act({ do: "cancel" });
    this.stroke = null;
    this.cursor.anchor = this.cursor.bin;
    this.moved();
  }

  // ----- places ------------------------------------------------------------------------------------------------------

  /** @returns {Layout} */
  laidOut(width) {
    this.layout = new Layout(width, this.state, this.wide, this.view, this.shown);
    return this.layout;
  }

  /** Whether the tracks are being used by keyboard: then the cursor and a frame are shown. */
  byKeys(on) {
    this.focused = on;
    this.tracks?.parent.classList.toggle("cl-keys", on);
    this.tracks?.redraw();
  }

  selection() {
    const { region, mark, bin, anchor } = this.cursor;
    if (bin === anchor || this.stroke || !this.state.regions[region]) return null;
    return { region: this.state.regions[region], mark, low: Math.min(bin, anchor), high: Math.max(bin, anchor) };
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

  /** The cursor, the selection or the view has changed. */
  moved() {
    this.presses.raising = null;
    this.places.value++;
    this.tracks?.redraw();
  }

  moveTo(change, keepAnchor) {
    Object.assign(this.cursor, change);
    if (!keepAnchor) this.cursor.anchor = this.cursor.bin;
    if (this.cursor.region === this.wide) {
      const region = this.state.regions[this.wide],
        size = this.state.gene.bin_size;
      this.view = showing(this.view, region, region.start + (this.cursor.bin + 0.5) * size);
    }
    this.moved();
    this.pointed.value = null;
    if (this.focused) this.spoken.value = this.state.inWords(this.cursor);
  }

  toTss() {
    const { gene, regions } = this.state,
      bin = Math.floor((gene.tss - regions[0].start) / gene.bin_size);
    this.moveTo({ region: 0, bin }, false);
  }

  nextRegion(by) {
    const order = this.layout.columns.map((c) => c.index),
      at = order.indexOf(this.cursor.region) + by;
    if (at < 0 || at >= order.length) return;
    this.moveTo({ region: order[at], bin: Math.floor(this.state.regions[order[at]].bins / 2) }, false);
  }

  /** Show a region wide, all of it; the one that is wide gives way to the window. */
  widen(index) {
    this.wide = index === this.wide ? 0 : index;
    this.view = null;
    this.moved();
  }

  /** Show less or more of the wide region, about a place or the cursor. */
  zoom(by, about = null) {
    const r = this.state.regions[this.wide],
      size = this.state.gene.bin_size;
    const now = this.view || { from: r.start, to: r.end },
      own = r.start + (this.cursor.bin + 0.5) * size;
    const seen = this.cursor.region === this.wide && own >= now.from && own < now.to;
    this.view = zoomed(this.view, r, by, about ?? (seen ? own : (now.from + now.to) / 2), 20 * size);
    this.moved();
  }

  /** Move the view of the wide region by some bp. */
  pan(bp) {
    this.view = panned(this.view, this.state.regions[this.wide], bp);
    this.moved();
  }

  hoverOver(hit, event) {
    const arc = hit.on === "arc" ? hit.column.index : null,
      head = hit.on === "head" ? hit.column.index : null;
    const changed = arc !== this.hover.arc || head !== this.hover.head;
    this.hover = { arc, head };
    const paints = this.tool.value === "move" || !this.mayEdit() ? "grab" : "crosshair";
    const over = {
      label: "help",
      arc: "pointer",
      head: "zoom-in",
      track: paints,
      ruler: hit.gene ? "pointer" : "grab",
    }[hit.on];
    this.tracks.canvas.style.cursor = over || "default";
    if (changed) this.tracks.redraw();
    this.letters.over(event ? hit : { on: null });
    this.pointed.value = hit.on && event ? { hit, x: event.clientX, y: event.clientY } : null;
  }
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
