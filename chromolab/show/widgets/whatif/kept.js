// What the page keeps of the edits, so that Save, undo and what was drawn survive a kernel that stops.

import { download } from "../shared/dom.js";

const PLACE = "chromolab.whatif"; // in the tab's own storage, which ends with the tab
const LARGEST = 4e6; // bytes of a file of edits: Jupyter hangs up at 10 MB

/**
 * @typedef {{[name: string]: any}} Action
 * @typedef {{gene_id: string, cell_type: string, name: string, marks: string[], edits: number, actions: Action[]}} Record
 *   Steps that make the edits of a gene again, undo and all.
 */

export class Keeper {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    /** The steps of each gene as Python took them; null: not known. @type {Map<string, Action[] | null>} */
    this.steps = new Map();
    /** The texts of the current edits. @type {import("../shared/wire.js").Message | null} */
    this.now = null;
    /** The last that were told, also when later edits are not yet. @type {import("../shared/wire.js").Message | null} */
    this.last = null;
  }

  /** The edits change, and their texts are not yet told. */
  turned() {
    this.now = null;
  }

  newGene() {
    this.now = this.last = null;
  }

  /** Python took these actions for a gene. */
  took(key, actions) {
    const kept = this.steps.get(key);
    if (kept === null) return;
    this.steps.set(key, [...(kept || []), ...actions.filter((a) => !a.draft && a.do !== "cancel")]);
  }

  /** Code or another view made steps that this page did not see. */
  lost(key) {
    if (key) this.steps.set(key, null);
  }

  /** A gene is shown; does this page know how its edits came about? */
  shown(state) {
    if (state.edits && !this.steps.get(state.key)) this.lost(state.key);
  }

  /** The texts of the edits, for whom they were asked. */
  tookText(reply, as) {
    const { lab } = this,
      { state } = lab;
    this.now = this.last = reply;
    if (as === "json") this.saveFile(reply.json);
    if (as === "python") {
      lab.code.value = reply.python;
      const copied = () => lab.say("The script is on the clipboard.");
      navigator.clipboard?.writeText(reply.python).then(copied, () => {});
    }
    if (!state.edits) return;
    const { gene_id, cell_type, gene_name } = state.gene,
      { edits } = state;
    const actions = this.steps.get(state.key) || [{ do: "load", text: reply.json }];
    keep({ gene_id, cell_type, name: gene_name || gene_id, marks: lab.marks.map((m) => m.name), edits, actions });
  }

  /** The edits as a file; without Python the last that it told, and what was drawn since. */
  save() {
    const { wire, stopped } = this.lab;
    if (this.now) return this.saveFile(this.now.json);
    if (!stopped.value || !this.last) return this.lab.ask({ kind: "text", as: "json" });
    const open = [wire.underWay, ...wire.waiting].flatMap((request) => request?.actions || []);
    return this.saveFile(withUnanswered(this.last.json, open));
  }

  saveFile(text) {
    download(`edits-${this.lab.state.gene.gene_id.replace(/[^\w.-]+/g, "_")}.json`, text);
    this.lab.say("Saved.");
  }

  /** @param {HTMLInputElement} input */
  async load(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    if (file.size > LARGEST) this.lab.say(`${file.name}: ${Math.round(file.size / 1e6)} MB; the lab takes 4`, true);
    else this.lab.act({ do: "load", text: await file.text(), file: file.name });
  }

  /** A new lab without edits: were some made in this tab before? */
  offer() {
    const record = recalled(this.lab.marks.map((m) => m.name));
    if (record && !this.lab.state.edits) this.lab.offered.value = record;
  }

  bringBack() {
    const { gene_id, cell_type, actions } = this.lab.offered.value;
    this.lab.offered.value = null;
    this.lab.ask({ kind: "gene", gene_id, cell_type });
    this.lab.ask({ kind: "act", actions });
  }

  forget() {
    this.lab.offered.value = null;
    keep(null);
  }
}

/** Keep a record beyond this page's life; null forgets what was kept. @param {Record | null} record */
function keep(record) {
  try {
    if (record) sessionStorage.setItem(PLACE, JSON.stringify(record));
    else sessionStorage.removeItem(PLACE);
  } catch {
    // no storage here, or it is full: then nothing outlives the page
  }
}

/** What was kept for a lab of these marks. @param {string[]} marks @returns {Record | null} */
function recalled(marks) {
  try {
    const record = JSON.parse(sessionStorage.getItem(PLACE) || "null");
    return record && record.edits > 0 && record.marks.join() === marks.join() ? record : null;
  } catch {
    return null;
  }
}

/**
 * A file of edits without asking Python: its last text, with the edits of actions that it has not answered.
 * @param {string} text
 * @param {Action[]} actions
 */
export function withUnanswered(text, actions) {
  const file = JSON.parse(text);
  for (const action of actions) {
    if (!action.draft && (action.do === "add" || action.do === "put")) file.edits.push(...action.edits);
  }
  return `${JSON.stringify(file, null, 1)}\n`;
}
