// ----- boxes, sliders and lists ------------------------------------------------------------------------------------

/** A box to find a gene in: type, arrow keys, Enter. onChoose({gene_id, cell_type}). */
class GeneBox {
  constructor(lab, label, onChoose) {
    Object.assign(this, { lab, onChoose, found: [], at: 0 });
    this.input = make("input", {
      type: "search", placeholder: "name or id", "aria-label": label, autocomplete: "off", spellcheck: "false", role: "combobox",
      oninput: () => this.look(), onfocus: () => this.look(), onblur: () => setTimeout(() => this.show([]), 150), onkeydown: (e) => this.key(e),
    });
    this.list = make("div", { class: "cl-found cl-hidden", role: "listbox" });
    this.node = make("label", { class: "cl-genebox" }, make("span", {}, label), this.input, this.list);
  }

  look() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lab.wire.ask({ kind: "search", text: this.input.value, box: this.lab.boxes.indexOf(this) }), 120);
  }

  show(found) {
    Object.assign(this, { found, at: 0 });
    this.list.replaceChildren(...found.map((gene, i) => make("div", {
      role: "option", "aria-selected": i === 0 ? "true" : "false", onpointerdown: (e) => { e.preventDefault(); this.choose(gene); },
    }, make("b", {}, gene.gene_name || gene.gene_id), ` ${gene.gene_name === gene.gene_id ? "" : gene.gene_id}`)));
    this.list.classList.toggle("cl-hidden", !found.length || document.activeElement !== this.input);
  }

  key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && this.found[this.at]) this.choose(this.found[this.at]);
    else if (event.key === "Escape") this.show([]);
    else if (by && this.found.length) {
      this.at = (this.at + by + this.found.length) % this.found.length;
      [...this.list.children].forEach((node, i) => node.setAttribute("aria-selected", String(i === this.at)));
      this.list.children[this.at].scrollIntoView({ block: "nearest" });
    } else return;
    event.preventDefault();
  }

  choose(gene) {
    const cell = this.lab.state.gene.cell_type;
    this.input.value = gene.gene_name || gene.gene_id;
    this.show([]);
    this.onChoose({ gene_id: gene.gene_id, cell_type: gene.cell_types.includes(cell) ? cell : gene.cell_types[0] });
  }
}

/** A slider with its name and its value. onTurn(value, draft). */
function slider({ name, colour, title, max, step, value, said, onTurn }) {
  const output = make("output", {}, said(value));
  const range = make("input", {
    type: "range", min: 0, max, step, value, title, "aria-label": title,
    oninput: () => { output.textContent = said(+range.value); onTurn(+range.value, true); },
    onchange: () => onTurn(+range.value, false),
  });
  const dot = colour ? make("i", { style: `background:${colour}` }) : null;
  const node = make("div", { class: "cl-slider" }, make("span", { title: name }, dot, name), range, output);
  const set = (v) => { // not while the reader moves it
    if (document.activeElement === range && range.matches(":active")) return;
    range.value = v;
    output.textContent = said(v);
  };
  return { node, set };
}

/** A probability or an expression level before and after: numbers, gauge, spread over models. */
class Card {
  constructor(lab, task) {
    Object.assign(this, { lab, task });
    this.said = make("div", { class: "cl-said" });
    this.spread = make("div", { class: "cl-quiet" });
    this.gauge = make("div", { class: "cl-gauge" });
    const title = task === "classification" ? "Chance of being expressed" : "Expression, log2(RPKM + 1)";
    const about = task === "classification" ? "The models' probability that this gene is at or above its cell type's median" : "The expression that the models predict";
    this.node = make("section", { class: "cl-card", title: about }, make("h4", {}, title), this.said, this.gauge, this.spread);
    this.sheet = new Sheet(this.gauge, 44, (ctx, w, h) => this.draw(ctx, w, h));
  }

  draw(ctx, width, height) {
    const { state } = this.lab, own = state && state.predicted[this.task];
    if (!own) return;
    const level = this.task === "regression", top = Math.max(8, ...own.before, ...own.after, state.gene.measured.regression || 0);
    const high = level ? Math.ceil(top) : 1, ticks = level ? ticksBetween(0, high, 4) : [0, 0.5, 1];
    const measured = level ? state.gene.measured.regression : null;
    drawGauge(ctx, width, height, { low: 0, high, ...own, changed: state.edits > 0, measured, ticks, theme: themeOf(this.lab.node) });
  }

  update() {
    const own = this.lab.state.predicted[this.task], mean = (l) => l.reduce((a, b) => a + b, 0) / l.length;
    const edited = this.lab.state.edits > 0, [before, after] = [mean(own.before), mean(own.after)];
    const change = after - before, shown = (v) => v.toFixed(2).replace("-", "−");
    this.said.replaceChildren(make("span", { class: edited ? "cl-before" : "" }, shown(before)));
    if (edited) {
      const way = Math.abs(change) < 0.005 ? "" : change > 0 ? "▲ " : "▼ ";
      this.said.append(" → ", make("b", {}, shown(after)), make("small", {}, ` ${way}${change > 0 ? "+" : ""}${shown(change)}`));
    }
    const n = own.after.length, ends = [Math.min(...own.after), Math.max(...own.after)].map(shown);
    const { measured } = this.lab.state.gene;
    const said = this.task === "regression" ? (measured.regression === null ? "" : ` · measured ▾ ${shown(measured.regression)}`)
      : measured.classification === null || measured.classification < 0 ? "" : ` · measured: ${measured.classification ? "yes" : "no"}`;
    this.spread.textContent = `${n > 1 ? `${n} models: ${ends[0]} to ${ends[1]}` : "one model"}${said}`;
    this.sheet.redraw();
  }
}

/** Bars of the panels that carried most of a change. */
function reasons(lab, list) {
  const most = Math.max(...list.map((r) => Math.abs(r.score)), 1e-9);
  return list.map((r) => make("div", { class: `cl-reason ${r.score > 0 ? "up" : "down"}` },
    make("span", {}, make("i", { style: `background:${r.colour}` }), `${r.mark}, ${r.where}`),
    make("em", { style: `width:${(96 * Math.abs(r.score)) / most}%` }), make("output", {}, `${r.score > 0 ? "▲ +" : "▼ "}${short(r.score, 2)}`)));
}
