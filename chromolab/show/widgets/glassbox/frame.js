// The glass box: what stands above the map: gene, prediction, resolutions, the sides of an edit, play.

import { signal } from "@preact/signals";

import { tabKeys } from "./walk.js";
import { make } from "../shared/dom.js";
import { grouped, short } from "../shared/numbers.js";
import { geneBox } from "../shared/genebox.jsx";
import { GeneSearch } from "../shared/genes.js";

const SIDES = ["before", "after", "difference"];
const PACES = { slow: 1.6, calm: 1, quick: 0.5 };
let frames = 0;

export class Frame {
  /** @param {any} glass */
  constructor(glass) {
    this.glass = glass;
    this.id = `glass-${++frames}`;
    this.title = make("div", { class: "glass-title" });
    this.search = new GeneSearch(
      (text) => glass.wire.ask({ kind: "search", text }),
      (gene) => this.choose(gene.gene_id),
    );
    this.shown = signal("");
    this.genes = geneBox(this.search, "Gene", this.shown);
    this.cells = make("select", {
      "aria-label": "cell type",
      onchange: () => this.choose(glass.about.gene_id, this.cells.value),
    });
    this.finder = make("div", { class: "glass-group" }, this.genes.node, this.cells);
    this.verdict = make("div", { class: "glass-verdict", role: "status" });
    this.tabs = make("div", { class: "glass-tabs", role: "tablist", "aria-label": "bins of" });
    tabKeys(this.tabs);
    this.sides = make("div", { class: "glass-sides", role: "group", "aria-label": "which numbers" });
    this.playButton = this.button("▶ Play", "Step through all boxes (space)", () => glass.play(!glass.timer));
    this.counter = make("span", { class: "cl-quiet glass-counter" });
    this.pace = make(
      "select",
      { "aria-label": "pace of play", title: "Pace of play" },
      ...Object.keys(PACES).map((pace) => make("option", { selected: pace === "calm" }, pace)),
    );
    this.all = this.button("Open all", "Open or close all steps", () => glass.openAll());
    this.status = make("div", { class: "cl-error", role: "alert" });
    this.node = make(
      "div",
      { class: "glass-frame" },
      make("div", { class: "glass-top" }, this.title, this.finder, this.verdict),
      make(
        "div",
        { class: "glass-bar" },
        make("span", { class: "cl-quiet" }, "bins of"),
        this.tabs,
        this.sides,
        make("span", { class: "glass-space" }),
        this.all,
        make(
          "span",
          { class: "glass-group" },
          this.button("◀", "Previous box (←)", () => glass.walk(-1), "previous box"),
          this.playButton,
          this.button("▶", "Next box (→)", () => glass.walk(1), "next box"),
          this.pace,
          this.counter,
        ),
      ),
      this.status,
    );
  }

  button(text, title, onclick, label = null) {
    return make("button", { type: "button", title, onclick, "aria-label": label }, text);
  }

  choose(gene, cell = "") {
    this.glass.wire.ask({ kind: "choose", gene, cell_type: cell });
  }

  /** How many times longer than calm a box is shown. */
  get slowness() {
    return PACES[this.pace.value];
  }

  /** Say what holds now. */
  update(about, view) {
    const where = [about.origin, about.cell, `${about.chrom}:${grouped(about.start)}-${grouped(about.end)}`];
    where.push(about.strand === "-" ? "minus strand, bins flipped" : "plus strand");
    if (about.follows) where.push(about.edits ? `follows the lab: ${edits(about.edits)}` : "follows the lab: no edits");
    this.title.replaceChildren(
      make("h2", {}, about.gene),
      make("span", { class: "cl-quiet" }, where.filter(Boolean).join(" · ")),
    );
    this.shown.value = about.gene;
    this.finder.classList.toggle("cl-hidden", !about.many);
    this.cells.classList.toggle("cl-hidden", about.cells.length < 2);
    this.cells.replaceChildren(...about.cells.map((cell) => make("option", { selected: cell === about.cell }, cell)));
    this.verdict.replaceChildren(...verdict(about));
    this.tabs.replaceChildren(
      ...about.resolutions.map((r) => {
        const chosen = r === view.resolution,
          id = `${this.id}-${r}`;
        const tab = this.button(`${grouped(r)} bp`, `Bins of ${r} bp`, () => this.glass.choose({ resolution: r }));
        for (const [name, value] of Object.entries({
          id,
          role: "tab",
          "aria-selected": String(chosen),
          "aria-controls": `${this.id}-map`,
          tabindex: chosen ? "0" : "-1",
          "data-resolution": r,
        }))
          tab.setAttribute(name, String(value));
        return tab;
      }),
    );
    this.sides.classList.toggle("cl-hidden", !about.edited);
    this.sides.replaceChildren(
      ...SIDES.map((side) => {
        const button = this.button(side, `Show all numbers ${side}`, () => this.glass.choose({ side }));
        button.setAttribute("aria-pressed", String(side === view.side));
        return button;
      }),
    );
  }
}

const edits = (n) => (n === 1 ? "1 edit" : `${n} edits`);

function verdict(about) {
  const percent = about.task === "classification",
    said = (of) => (percent ? `${(100 * of.probability).toFixed(1)} %` : short(of.output[0]));
  const unit = percent ? "predicted: at or above the median" : "predicted: log2(expression + 1)";
  const level = about.label < 0 ? "" : about.label ? "at or above it, " : "below it, ";
  const was =
    about.measured === null
      ? "not measured"
      : `measured: ${percent ? level : ""}log2(expression + 1) = ${short(about.measured)}`;
  return [
    about.edited ? make("span", { class: "glass-was", title: "before the edits" }, `${said(about.before)} →`) : "",
    make("b", {}, said(about)),
    make("span", {}, unit, make("br"), make("span", { class: "cl-quiet" }, was)),
  ];
}
