// The glass box: the panel of the box that is open, and where each of its numbers comes from.

import { Part } from "./parts.js";
import { numbersOf, subscripts } from "./plan.js";
import { sumOf } from "./sums.js";
import { make } from "../shared/dom.js";
import { short } from "../shared/numbers.js";

/** The numbers of a part: as the gene stands, and with edits before them and the difference. */
function sidesOf(part, buffers) {
  const after = numbersOf(buffers.shift(), part.dtype);
  if (part.sides < 2) return { after };
  const before = numbersOf(buffers.shift(), part.dtype);
  return { after, before, difference: after.map((value, i) => value - before[i]) };
}

export class Panel {
  /**
   * @param {any} reply  What Python answers for a box.
   * @param {DataView[]} buffers
   * @param {any} about
   * @param {{resolution: number, pcre: number, side: string}} view
   * @param {(Node | string)[]} controls  Buttons at its head.
   * @param {HTMLElement} place  The panel is put at the end of it.
   */
  constructor(reply, buffers, about, view, controls, place) {
    this.name = reply.name;
    this.about = about;
    this.side = view.side;
    const left = make("div", { class: "glass-left" }),
      right = make("div", { class: "glass-right" });
    this.why = make("div", { class: "glass-why" });
    this.node = make(
      "div",
      { class: "glass-panel", role: "region", "aria-label": reply.title },
      make(
        "div",
        { class: "glass-panel-head" },
        make("h4", {}, reply.title),
        make("span", { class: "glass-formula" }, ...subscripts(reply.formula)),
        make("span", { class: "glass-space" }),
        ...controls,
      ),
      make("p", { class: "glass-words" }, reply.words),
      make(
        "div",
        { class: "glass-panel-body" },
        left,
        make("div", { class: "glass-to", "aria-hidden": "true" }, "→"),
        right,
      ),
    );
    place.append(this.node);
    if (reply.parts.every((part) => part.role === "output")) this.node.classList.add("glass-source");
    const more = { ...view, onHover: (part, at) => this.hovered(part, at) },
      waiting = [...buffers];
    /** @type {Part[]} */
    this.parts = [];
    for (const part of reply.parts)
      this.parts.push(new Part(part.role === "output" ? right : left, part, sidesOf(part, waiting), about, more));
    right.append(this.why);
    this.rest();
  }

  close() {
    this.parts.forEach((p) => p.close());
    this.node.remove();
  }

  select(side) {
    this.side = side;
    this.parts.forEach((p) => p.select(side));
    this.rest();
  }

  /** Nothing is pointed at: the inputs that are read stay outlined. */
  rest() {
    this.why.textContent = "Point at a number, or walk there with the arrow keys: this line says where it comes from.";
    const [step, what] = [this.name.split(".")[0], this.name.split(".").pop()];
    for (const p of this.parts) {
      const one =
        p.part.role === "input" && p.plan.size.bin && step === "embedding" && (what === "q" || what === "normed");
      const asks = p.part.role === "input" && this.name === "gene.q";
      p.linked(
        asks
          ? { bin: this.about.bins.tss }
          : one
            ? { bin: p.plan.size.bin >> 1 }
            : this.name === "head.after" && p.plan.size.token
              ? { token: 0 }
              : null,
      );
    }
  }

  hovered(part, at) {
    const output = this.parts.find((p) => p.part.role === "output");
    if (!at) return this.rest();
    for (const other of this.parts) other.linked(other === part ? null : this.translated(part, other, at));
    const sum = part === output && this.side !== "difference" ? this.sum(at) : null;
    this.why.textContent = sum ? `${short(part.value(at), 5)}  =  ${sum.text}` : part.describe(at);
  }

  sum(at) {
    return sumOf(this.name, this.parts, at, this.about);
  }

  /** The same place in another part's axes: a row of the weights makes a number of the output. */
  translated(from, to, at) {
    const here = {};
    for (const axis of to.part.axes) if (at[axis] !== undefined && to.plan.size[axis] > at[axis]) here[axis] = at[axis];
    if (from.part.role === "output" && to.part.role === "weight") {
      const axes = from.part.axes,
        last = axes[axes.length - 1],
        E = from.plan.size["head width"];
      const row = last === "head width" ? at.head * E + at[last] : at[last];
      if (row < to.part.shape[0]) here.out = row;
    }
    if (
      this.name.startsWith("input.") &&
      this.name.endsWith(".features") &&
      this.about.strand === "-" &&
      here.bin !== undefined
    )
      here.bin = to.plan.size.bin - 1 - here.bin;
    if (from.part.axes.includes("asking") && !to.part.axes.includes("asking") && to.part.name.endsWith(".q"))
      here.token = at.asking;
    return here;
  }
}
