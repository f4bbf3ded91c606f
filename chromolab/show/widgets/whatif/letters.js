// The letters under the pointer: asked for when it rests on a bin and nothing else is to be answered, and kept. A stroke
// is never kept waiting for them: while the pen is down, or an edit is not settled, they are not asked for.

import { signal } from "@preact/signals";

const REST = 250; // ms that the pointer rests
const KEPT = 500; // answers

/** @typedef {import("../shared/wire.js").Message} Message */

export class Letters {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    /** @type {Map<string, Message>} */
    this.kept = new Map();
    this.answers = signal(0); // counts answers taken
    this.timer = 0;
  }

  close() {
    clearTimeout(this.timer);
    this.kept.clear();
  }

  /** What a bin is asked for by; null where there are no letters to ask for. @param {import("./layout.js").Hit} hit */
  request(hit) {
    const { state } = this.lab;
    if (hit.on !== "track" || !state?.can.includes("letters")) return null;
    const { row } = hit.column.region;
    return { kind: "letters", row, bin: hit.bin, key: `${state.key}\n${row} ${hit.bin}` };
  }

  /** The pointer is over something. @param {import("./layout.js").Hit} hit */
  over(hit) {
    clearTimeout(this.timer);
    const request = this.request(hit);
    if (request && !this.kept.has(request.key)) this.timer = window.setTimeout(() => this.ask(request), REST);
  }

  ask(request) {
    const { lab } = this;
    if (lab.stroke || lab.wire.busy || lab.chores.length) this.timer = window.setTimeout(() => this.ask(request), REST);
    else lab.wire.ask(request);
  }

  took(reply, request) {
    if (this.kept.size >= KEPT) this.kept.clear();
    this.kept.set(request.key, reply);
    this.answers.value++;
  }

  /** What is known of a bin. @param {import("./layout.js").Hit} hit @returns {Message | undefined} */
  of(hit) {
    const request = this.answers.value >= 0 && this.request(hit);
    return request ? this.kept.get(request.key) : undefined;
  }
}
