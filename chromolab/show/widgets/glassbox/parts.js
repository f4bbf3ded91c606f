// The glass box: drawing one tensor, with its axes, its masks and the number under the pointer.

import { drawPart } from "./draw.js";
import { EXONS, GENOME_AXIS, genomeOf, nameOf, planOf, scaleOf, shapeInWords, subscripts } from "./plan.js";
import { make } from "../shared/dom.js";
import { short } from "../shared/numbers.js";
import { Sheet, pointOn } from "../shared/sheet.js";

/** "+0.06", with a true minus sign. */
const change = (value) => (value > 0 ? "+" : "") + short(value, 4);

/** A tensor with its name, shape, picture, colour scale and the number under the pointer or the keys. */
export class Part {
  /**
   * @param {HTMLElement} parent
   * @param {any} part
   * @param {{after: any, before?: any, difference?: any}} sides  Its numbers: as the gene stands, and with edits before
   *   them and the difference.
   * @param {any} about
   * @param {{resolution: number, pcre: number, side: string, onHover: (part: Part, at: any) => void}} more
   */
  constructor(parent, part, sides, about, { resolution, pcre, side, onHover }) {
    this.part = part;
    this.sides = sides;
    this.about = about;
    this.onHover = onHover;
    this.link = {};
    this.boxes = [];
    this.focus = null;
    this.plan = planOf(part);
    this.genome =
      this.plan.columns === "bin" && part.place
        ? genomeOf(part.place, this.plan.nColumns, resolution, about, pcre)
        : null;
    this.read = make("div", { class: "glass-read", "aria-live": "off" });
    this.holder = make("div", { class: "glass-canvas" });
    const symbol = make("b", {}, ...(part.role === "weight" ? subscripts(part.label) : [part.label])),
      role = part.role === "weight" ? "weights " : "";
    parent.append(
      make(
        "div",
        { class: `glass-part glass-${part.role}` },
        make(
          "div",
          { class: "glass-caption" },
          role,
          symbol,
          make("span", { class: "glass-shape" }, shapeInWords(part.shape, part.axes)),
          make(
            "span",
            { class: "glass-name" },
            ...part.name.split(".").flatMap((word, i) => (i ? [".", make("wbr"), word] : [word])),
          ),
        ),
        this.holder,
        this.read,
      ),
    );
    this.picture = null;
    this.sheet = new Sheet(
      this.holder,
      (w) => this.layout(w),
      (ctx) => drawPart(this, ctx),
      {
        role: "application", // arrow keys walk over the numbers
        tabindex: "0",
        "aria-label": `${part.label}, ${shapeInWords(part.shape, part.axes)}: arrow keys walk over the numbers`,
      },
    );
    const canvas = this.sheet.canvas;
    canvas.addEventListener("pointermove", (e) => this.hover(this.hit(pointOn(canvas, e))));
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("keydown", (e) => this.key(e));
    canvas.addEventListener("blur", () => this.hover(null));
    this.select(side);
    this.sheet.width = Math.floor(this.holder.getBoundingClientRect().width); // its height stands at once: nothing below it moves later
    this.sheet.now();
  }

  close() {
    this.sides = this.values = this.picture = null; // before its canvas goes, which loses the focus then
    this.sheet.close();
  }

  /** Show the numbers "after" the edits, "before" them, or their "difference"; weights are the same on all sides. */
  select(side) {
    this.side = this.sides[side] ? side : "after";
    this.values = this.sides[this.side];
    this.scale = scaleOf(this.values);
    this.picture = null;
    this.scaleSaid?.parentElement.remove();
    this.scaleSaid = null;
    this.sheet.redraw();
  }

  // Boxes of the panels for a width; returns the height.
  layout(width) {
    const { plan, part, genome } = this,
      wordy = ["token", "asking", "resolution", "mark", "head", "part", "edge", "ln"].includes(plan.rows);
    const left =
        plan.n > 1 && plan.perRow > 1 ? 0 : wordy ? (plan.style === "area" && plan.rows !== "mark" ? 84 : 74) : 8,
      top = (genome && genome.tss !== undefined ? 16 : 6) + (genome?.uneven ? EXONS : 0);
    const gap = plan.columns === "token" && plan.n > 1 ? 20 : 8; // below such panels stand the tokens' numbers
    const perRow = Math.min(plan.perRow, plan.n);
    let room = (width - left - 10 - gap * (perRow - 1)) / perRow,
      height;
    const head = plan.n > 1 ? 15 : 0;
    if (plan.style === "area") height = plan.nRows * (plan.rows === "mark" ? 24 : plan.rows === "part" ? 34 : 58);
    else if (plan.style === "bars")
      height = plan.nColumns <= 10 ? plan.nColumns * 20 : part.role === "weight" ? 44 : 84;
    else if (genome) height = plan.n > 1 ? Math.max(64, plan.nRows) : Math.max(128, Math.min(plan.nRows, 200));
    else if (part.role === "weight") {
      const cell = Math.max(0.6, Math.min(12, room / plan.nColumns, 150 / plan.nRows));
      room = Math.max(Math.min(room, cell * plan.nColumns), Math.min(room, 60));
      height = Math.max(cell * plan.nRows, 24);
    } else if (plan.columns === "token") height = Math.min(room, plan.nRows * 15);
    else
      height =
        plan.nRows *
        (plan.rows === "token" || plan.rows === "resolution" ? (plan.n > 1 ? 9 : 16) : plan.n > 1 ? 10 : 14);
    if (plan.columns === "token" && plan.n > 1) room = height = Math.min(room, 118);
    this.boxes = [];
    for (let p = 0; p < plan.n; p++) {
      const [row, column] = [Math.floor(p / perRow), p % perRow];
      this.boxes.push({
        x: left + column * (room + gap),
        y: top + head + row * (height + head + gap),
        w: room,
        h: height,
      });
    }
    const last = this.boxes[plan.n - 1];
    return (
      (last ? last.y + last.h : 20) +
      (genome ? GENOME_AXIS : plan.style === "area" ? 4 : plan.columns === "token" && plan.n > 1 ? 30 : 18)
    );
  }

  hidden(column) {
    return this.part.seen !== null && !this.part.seen[column];
  }

  // Where genome coordinates are below the picture, the scale is given in words.
  sideLegend() {
    const { scale } = this;
    if (!this.scaleSaid) {
      this.scaleSaid = make("span", { class: `glass-scale glass-scale-${scale.kind}` });
      const [low, high] = scale.signed ? [-scale.top, scale.top] : [0, scale.top];
      this.holder.before(make("div", { class: "glass-legend" }, short(low), this.scaleSaid, short(high)));
    }
  }

  // ----- the number under the pointer ----------------------------------------------------------------------------------

  hit({ x, y }) {
    const { plan } = this,
      p = this.boxes.findIndex((b) => x >= b.x && x < b.x + b.w && y >= b.y && y < b.y + b.h);
    if (p < 0) return null;
    const box = this.boxes[p],
      lying = plan.style === "bars" && plan.nColumns <= 10;
    const column = Math.floor(lying ? ((y - box.y) / box.h) * plan.nColumns : ((x - box.x) / box.w) * plan.nColumns);
    const at = { [plan.columns]: Math.max(0, Math.min(plan.nColumns - 1, column)) };
    if (plan.rows)
      at[plan.rows] = Math.max(0, Math.min(plan.nRows - 1, Math.floor(((y - box.y) / box.h) * plan.nRows)));
    if (plan.panels) at[plan.panels] = p;
    return at;
  }

  value(at) {
    return this.values[this.plan.at(at)];
  }

  /** "head 2 · bin 203 · +0.3 kb from the TSS · chr1:100-200: 0.0341" */
  describe(at) {
    const words = [];
    for (const axis of this.part.axes) {
      words.push(nameOf(axis, at[axis], this.about));
      if (axis === "bin" && this.genome) words.push(...this.genome.said(at.bin));
    }
    const place = this.part.axes.includes("bin") ? at.bin : at.token;
    const hidden = place !== undefined && this.hidden(place) ? " (hidden from the model)" : "";
    return `${words.join(" · ")}:  ${this.said(at)}${hidden}`;
  }

  /** "0.31", or with edits "0.31 (before 0.25, difference +0.06)". */
  said(at) {
    const here = this.plan.at(at),
      { after, before, difference } = this.sides;
    if (!before) return short(after[here], 5);
    return `${short(after[here], 5)} (before ${short(before[here], 5)}, difference ${change(difference[here])})`;
  }

  /** Arrow keys walk over columns and rows, Page keys from panel to panel, Home and End to the ends of a row. */
  key(event) {
    const { plan } = this,
      lying = plan.style === "bars" && plan.nColumns <= 10;
    const along = { ArrowLeft: -1, ArrowRight: 1, Home: -plan.nColumns, End: plan.nColumns }[event.key];
    const across = { ArrowUp: -1, ArrowDown: 1 }[event.key],
      over = { PageUp: -1, PageDown: 1 }[event.key];
    if (along === undefined && across === undefined && over === undefined) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = { ...this.focus },
      new_ = !this.focus;
    const step = (axis, n, by) => {
      if (axis) at[axis] = new_ ? 0 : Math.max(0, Math.min(n - 1, at[axis] + (by || 0)));
    };
    step(plan.columns, plan.nColumns, lying ? (along ?? across) : along);
    step(plan.rows, plan.nRows, across);
    step(plan.panels, plan.n, over);
    this.read.setAttribute("aria-live", "polite");
    this.hover(at);
  }

  hover(at) {
    if (!this.values) return;
    this.focus = at;
    this.read.textContent = at ? this.describe(at) : "";
    this.onHover(this, at);
    this.sheet.redraw();
  }

  /** The place under another part's pointer, in this part's axes. */
  linked(at) {
    this.link = at || {};
    this.sheet.redraw();
  }
}
