// Finding a gene by typing: what was asked, what was found for it, and what Enter chooses.

import { signal } from "@preact/signals";

/** @typedef {{gene_id: string, gene_name: string, cell_types: string[]}} Gene */

const PAUSE = 120; // ms after the last key until the search is asked

/** Enter chooses among what was found for the text as it stands, never for an older one. */
export class GeneSearch {
  /**
   * @param {(text: string) => void} ask  Asks for genes; the answer comes through `answered`.
   * @param {(gene: Gene) => void} choose
   * @param {(text: string) => boolean} elsewhere  Whether Enter went to what the text names, which is no gene.
   */
  constructor(ask, choose, elsewhere = () => false) {
    this.ask = ask;
    this.choose = choose;
    this.elsewhere = elsewhere;
    this.text = signal("");
    /** @type {import("@preact/signals").Signal<Gene[]>} */
    this.found = signal([]);
    this.at = signal(0);
    this.problem = signal("");
    /** @type {ReturnType<typeof setTimeout>} */
    this.timer = null;
    this.foundFor = null; // the text that `found` answers
    this.waiting = false; // Enter was pressed before the answer came
  }

  /** The reader has typed, or came back to the box. */
  type(text) {
    this.text.value = text;
    this.problem.value = "";
    this.waiting = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(text), PAUSE);
  }

  /** Genes found for a text. Those of an older text are not shown. */
  answered(text, found) {
    if (text !== this.text.value) return;
    this.foundFor = text;
    this.found.value = found;
    this.at.value = 0;
    if (this.waiting) this.enter();
  }

  /** Choose the gene of that very name or id, else the one marked; wait where the text is not yet answered. */
  enter() {
    const text = this.text.value,
      plain = text.trim().toLowerCase();
    clearTimeout(this.timer);
    if (!plain) return;
    if (this.elsewhere(text.trim())) {
      this.rest("");
      return;
    }
    if (this.foundFor !== text) {
      this.waiting = true;
      this.ask(text);
      return;
    }
    this.waiting = false;
    const found = this.found.value,
      moved = this.at.value > 0;
    const exact = found.find((g) => [g.gene_name, g.gene_id].some((name) => name.toLowerCase() === plain));
    const gene = (moved ? null : exact) || found[this.at.value];
    if (gene) this.pick(gene);
    else this.problem.value = `No gene has “${text.trim()}” in its name or id.`;
  }

  pick(gene) {
    this.rest(gene.gene_name || gene.gene_id);
    this.choose(gene);
  }

  /** The list closes; the box says `text`. */
  rest(text = this.text.value) {
    clearTimeout(this.timer);
    this.waiting = false;
    this.text.value = text;
    this.problem.value = "";
    this.found.value = [];
    this.foundFor = null;
  }

  move(by) {
    const n = this.found.value.length;
    if (n) this.at.value = (this.at.value + by + n) % n;
  }
}
