// Sliders, cards and reasons.

import { make, themeOf } from "../shared/dom.js";
import { short, ticksBetween } from "../shared/numbers.js";
import { Sheet } from "../shared/sheet.js";
import { drawGauge } from "./draw.js";

/** A slider with its name and its value. onTurn(value, draft). */
export function slider({ name, colour, title, max, step, value, said, onTurn }) {
  const output = make("output", {}, said(value));
  const range = make("input", {
    type: "range",
    min: 0,
    max,
    step,
    value,
    title,
    "aria-label": title,
    oninput: () => {
      output.textContent = said(+range.value);
      onTurn(+range.value, true);
    },
    onchange: () => onTurn(+range.value, false),
  });
  const dot = colour ? make("i", { style: `background:${colour}` }) : null;
  const node = make("div", { class: "cl-slider" }, make("span", { title: name }, dot, name), range, output);
  const set = (v) => {
    // not while the reader moves it
    if (document.activeElement === range && range.matches(":active")) return;
    range.value = v;
    output.textContent = said(v);
  };
  return { node, set };
}

/** A probability or an expression level before and after: numbers, gauge, spread over models. */
export class Card {
  constructor(lab, task) {
    this.lab = lab;
    this.task = task;
    this.said = make("div", { class: "cl-said" });
    this.spread = make("div", { class: "cl-quiet" });
    this.gauge = make("div", { class: "cl-gauge" });
    const title = task === "classification" ? "Chance of being expressed" : "Expression, log2(RPKM + 1)";
    const about =
      task === "classification"
        ? "The models' probability that this gene is at or above its cell type's median"
        : "The expression that the models predict";
    this.node = make(
      "section",
      { class: "cl-card", title: about },
      make("h4", {}, title),
      this.said,
      this.gauge,
      this.spread,
    );
    this.sheet = new Sheet(this.gauge, 44, (ctx, w, h) => this.draw(ctx, w, h));
  }

  draw(ctx, width, height) {
    const { state } = this.lab,
      own = state && state.predicted[this.task];
    if (!own) return;
    const level = this.task === "regression",
      top = Math.max(8, ...own.before, ...own.after, state.gene.measured.regression || 0);
    const high = level ? Math.ceil(top) : 1,
      ticks = level ? ticksBetween(0, high, 4) : [0, 0.5, 1];
    const measured = level ? state.gene.measured.regression : null;
    drawGauge(ctx, width, height, {
      low: 0,
      high,
      ...own,
      changed: state.edits > 0,
      measured,
      ticks,
      theme: themeOf(this.lab.node),
    });
  }

  update() {
    const own = this.lab.state.predicted[this.task],
      mean = (l) => l.reduce((a, b) => a + b, 0) / l.length;
    const edited = this.lab.state.edits > 0,
      [before, after] = [mean(own.before), mean(own.after)];
    const change = after - before,
      shown = (v) => v.toFixed(2).replace("-", "−");
    this.said.replaceChildren(make("span", { class: edited ? "cl-before" : "" }, shown(before)));
    if (edited) {
      const way = Math.abs(change) < 0.005 ? "" : change > 0 ? "▲ " : "▼ ";
      this.said.append(
        " → ",
        make("b", {}, shown(after)),
        make("small", {}, ` ${way}${change > 0 ? "+" : ""}${shown(change)}`),
      );
    }
    const n = own.after.length,
      ends = [Math.min(...own.after), Math.max(...own.after)].map(shown);
    const { measured } = this.lab.state.gene;
    const said =
      this.task === "regression"
        ? measured.regression === null
          ? ""
          : ` · measured ▾ ${shown(measured.regression)}`
        : measured.classification === null || measured.classification < 0
          ? ""
          : ` · measured: ${measured.classification ? "yes" : "no"}`;
    this.spread.textContent = `${n > 1 ? `${n} models: ${ends[0]} to ${ends[1]}` : "one model"}${said}`;
    this.sheet.redraw();
  }
}

/** Bars of the panels that carried most of a change. */
export function reasons(lab, list) {
  const most = Math.max(...list.map((r) => Math.abs(r.score)), 1e-9);
  return list.map((r) =>
    make(
      "div",
      { class: `cl-reason ${r.score > 0 ? "up" : "down"}` },
      make("span", {}, make("i", { style: `background:${r.colour}` }), `${r.mark}, ${r.where}`),
      make("em", { style: `width:${(96 * Math.abs(r.score)) / most}%` }),
      make("output", {}, `${r.score > 0 ? "▲ +" : "▼ "}${short(r.score, 2)}`),
    ),
  );
}
