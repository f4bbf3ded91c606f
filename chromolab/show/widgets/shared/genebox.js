// A box to find a gene in.

import { make } from "./dom.js";

/** A box to find a gene in: type, arrow keys, Enter. onChoose({gene_id, cell_type}). */
export class GeneBox {
  constructor(lab, label, onChoose) {
    this.lab = lab;
    this.onChoose = onChoose;
    this.found = [];
    this.at = 0;
    this.input = make("input", {
      type: "search",
      placeholder: "name or id",
      "aria-label": label,
      autocomplete: "off",
      spellcheck: "false",
      role: "combobox",
      oninput: () => this.look(),
      onfocus: () => this.look(),
      onblur: () => setTimeout(() => this.show([]), 150),
      onkeydown: (e) => this.key(e),
    });
    this.list = make("div", { class: "cl-found cl-hidden", role: "listbox" });
    this.node = make("label", { class: "cl-genebox" }, make("span", {}, label), this.input, this.list);
  }

  look() {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => this.lab.wire.ask({ kind: "search", text: this.input.value, box: this.lab.boxes.indexOf(this) }),
      120,
    );
  }

  show(found) {
    this.found = found;
    this.at = 0;
    this.list.replaceChildren(
      ...found.map((gene, i) =>
        make(
          "div",
          {
            role: "option",
            "aria-selected": i === 0 ? "true" : "false",
            onpointerdown: (e) => {
              e.preventDefault();
              this.choose(gene);
            },
          },
          make("b", {}, gene.gene_name || gene.gene_id),
          ` ${gene.gene_name === gene.gene_id ? "" : gene.gene_id}`,
        ),
      ),
    );
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
