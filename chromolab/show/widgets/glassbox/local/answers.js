// What stands in the place of anywidget's model: Python's own answers about the genes of the page, kept when it was made
// (chromolab/show/widgets/glassbox/export.py). An answer is a JSON text and the numbers of its buffers; equal ones are kept once.

import { found } from "../../shared/found.js";

/**
 * @typedef {{about: any, answers: Record<string, [any, number[]]>}} Example  `answers` by `keyOf`: reply and blobs
 * @typedef {{examples: Example[], blobs: [number, number][], first: number}} Held  `blobs`: [first byte, length]
 */

const VIEW = { resolution: 0, pairwise: 0, regulation: 0, pcre: 0 };

/** The name under which the answer to a request is kept. */
export function keyOf(request, about) {
  const pcre = Math.min(request.pcre, Math.max(0, about.pcres.length - 1));
  return request.kind === "stage"
    ? `stage ${request.name} ${pcre}`
    : `map ${request.resolution} ${request.pairwise} ${request.regulation} ${pcre}`;
}

export class Model {
  /** @param {Held} held @param {Uint8Array} bytes */
  constructor(held, bytes) {
    this.held = held;
    this.bytes = bytes;
    this.at = held.first;
    /** @type {Set<(reply: any, buffers?: DataView[]) => void>} */
    this.listeners = new Set();
  }

  get example() {
    return this.held.examples[this.at];
  }
  get(name) {
    return { about: this.example.about, alone: true }[name];
  }
  on(name, listener) {
    if (name === "msg:custom") this.listeners.add(listener);
  }
  off(_, listener) {
    this.listeners.delete(listener);
  }

  send(request) {
    setTimeout(() => {
      const [reply, buffers] = this.reply(request);
      for (const listener of [...this.listeners]) listener({ ...reply, seq: request.seq }, buffers);
      if (reply.kind === "choose") for (const listener of [...this.listeners]) listener({ changed: true }, []);
    });
  }

  /** @returns {[any, DataView[]]} */
  reply(request) {
    const { examples } = this.held;
    if (request.kind === "search") {
      const all = examples.map(({ about }) => ({ ...about, gene_name: about.gene, cell_type: about.cell }));
      return [{ kind: "search", found: found(all, request.text) }, []];
    }
    if (request.kind === "choose") {
      const { cell } = this.example.about,
        own = examples.flatMap(({ about }, i) => ([about.gene_id, about.gene].includes(request.gene) ? [i] : []));
      const wanted = request.cell_type || cell;
      const at = own.find((i) => examples[i].about.cell === wanted) ?? (request.cell_type ? undefined : own[0]);
      if (at === undefined) return [{ error: `this page has no gene ${request.gene} in ${wanted}` }, []];
      this.at = at;
      return [{ kind: "choose" }, []];
    }
    const kept = this.example.answers[keyOf({ ...VIEW, ...request }, this.example.about)];
    if (!kept) return [{ error: "this page does not hold that box" }, []];
    const [reply, blobs] = kept;
    const whole = reply.kind === "map" ? [this.joined(blobs)] : blobs.map((blob) => this.blob(blob));
    return [{ ...reply, ...(reply.kind === "map" ? { about: this.example.about } : {}) }, whole];
  }

  blob(number) {
    const [at, length] = this.held.blobs[number];
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + at, length);
  }

  /** The small pictures of a map, one after another. */
  joined(blobs) {
    const parts = blobs.map((number) => this.blob(number)),
      out = new Uint8Array(parts.reduce((n, { byteLength }) => n + byteLength, 0));
    let at = 0;
    for (const { buffer, byteOffset, byteLength } of parts) {
      out.set(new Uint8Array(buffer, byteOffset, byteLength), at);
      at += byteLength;
    }
    return new DataView(out.buffer);
  }
}
