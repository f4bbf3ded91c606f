// Questions whose answers take seconds: the smallest edit, doses, a replay, other genes. They are asked by a click, and
// an answer is shown as long as the gene is as it was when it was asked: after an edit it goes, and undo brings it back.

import { signal } from "@preact/signals";

export const SLOW = ["smallest", "dose", "replay", "others"];
export const PATIENCE = 120_000; // ms until what answers a slow question is taken for gone

/** @typedef {import("../shared/wire.js").Message} Message */

export class Questions {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    /** The question that is not answered yet. @type {import("@preact/signals").Signal<Message | null>} */
    this.asked = signal(null);
    /** The last answer of each kind. @type {import("@preact/signals").Signal<{[kind: string]: {request: Message, reply: Message, print: string}}>} */
    this.told = signal({});
    /** Name of the edit of the list that is open. @type {import("@preact/signals").Signal<string | null>} */
    this.edit = signal(null);
  }

  /** @param {string} kind  @param {{[name: string]: any}} [more] */
  ask(kind, more = {}) {
    const request = { kind, task: this.lab.task.value, ...more };
    this.told.value = { ...this.told.value, [kind]: null };
    this.asked.value = request;
    this.lab.ask(request);
  }

  /** @param {Message} reply @param {Message} request */
  took(reply, request) {
    const { print } = this.lab.state;
    this.told.value = { ...this.told.value, [request.kind]: { request, reply, print } };
    this.asked.value = null;
  }

  /** The answer to a question about the gene as it is now, or null. @param {string} kind */
  answer(kind) {
    const told = this.told.value[kind];
    return told && told.print === this.lab.state.print ? told : null;
  }

  /** Whether there was an answer, and the gene has changed since. @param {string} kind */
  stale(kind) {
    return Boolean(this.told.value[kind]) && !this.answer(kind);
  }

  newGene() {
    this.told.value = {};
    this.edit.value = null;
  }
}
