// What the page knows of the gene shown: Python's last answer, and the page's own copy of the depth.

import { floatsOf } from "../shared/wire.js";

/**
 * @typedef {{chrom: string, start: number, end: number, offset: number, bins: number, row: number,
 *   rank: number | null, frequency: number | null, now: number | null, added: boolean}} Region  A stretch that models
 *   read; see `regions_of` in Python.
 * @typedef {{name: string, colour: string, unit?: string}} Mark
 * @typedef {{[task: string]: {before: number[], after: number[]}}} Predicted
 */

/** Whether a region is a pCRE: 0 is the window's rank, and a whole gene has none. @param {Region} region */
export const isPcre = (region) => region.rank > 0;

/** What a region is called within a sentence. @param {Region} region */
export const nameOf = (region) =>
  isPcre(region) ? `pCRE ${region.rank}` : region.rank === 0 ? "window" : "whole gene";

export class State {
  /** @param {Mark[]} marks */
  constructor(marks) {
    this.marks = marks;
    /** @type {Region[]} */
    this.regions = [];
    /** @type {Predicted} */
    this.predicted = {};
    this.edits = 0;
    this.undo = this.redo = false;
    /** @type {{[name: string]: any}} */
    this.gene = null;
    /** @type {Float32Array} */
    this.before = this.after = null;
    this.print = "";
    /** @type {number[]} */
    this.tops = [];
    /** @type {{genes: {[name: string]: any}[], fragments: {[name: string]: any}[]}[]} */
    this.neighbours = [];
    /** @type {{name: string, what: string, why: string | null}[]} */
    this.recipes = [];
    /** @type {string[]} */
    this.notices = [];
    /** @type {{name: string, text: string, hint: string, learnt: string, gene_id: string, cell_type: string, solved: boolean}[]} */
    this.missions = [];
    /** @type {{[word: string]: string}} */
    this.words = {};
    /** Slow questions that are answered here. @type {string[]} */
    this.can = [];
  }

  /**
   * Take over a state as Python sends it.
   * @param {import("../shared/wire.js").Message} reply
   * @param {DataView[]} buffers
   */
  take(reply, buffers) {
    for (const key of ["regions", "predicted", "edits", "undo", "redo"]) this[key] = reply[key];
    this.after = floatsOf(buffers[0]);
    this.print = printOf(this.after, this.regions);
    if (reply.gene) {
      this.gene = reply.gene;
      this.before = floatsOf(buffers[1]);
      for (const key of ["neighbours", "recipes", "notices", "missions", "can"]) this[key] = reply[key] || [];
      this.words = reply.words || {};
    }
    this.tops = this.gene.tops.slice();
    const m = this.marks.length;
    for (const depth of [this.before, this.after]) {
      for (let i = 0; i < depth.length; i++) if (depth[i] > this.tops[i % m]) this.tops[i % m] = depth[i];
    }
  }

  /** Which gene in which cell type, as one text. */
  get key() {
    return this.gene ? `${this.gene.gene_id}\n${this.gene.cell_type}` : "";
  }

  /** 1 where the gene is read along the chromosome, -1 against it. */
  get direction() {
    return this.gene.strand === "-" ? -1 : 1;
  }

  /** Distance of a place from the TSS in kb, downstream positive: as the gene is read, on either strand. */
  kb(bp) {
    return (this.direction * (bp - this.gene.tss)) / 1000;
  }

  /**
   * A copy of one mark's bins in a region; null for a region that this copy of the depth lacks.
   * @param {Float32Array} depth
   * @param {Region} region
   * @param {number} mark
   */
  track(depth, region, mark) {
    const m = this.marks.length;
    if ((region.offset + region.bins) * m > depth.length) return null;
    return Float32Array.from({ length: region.bins }, (_, i) => depth[(region.offset + i) * m + mark]);
  }

  set(region, bin, mark, value) {
    this.after[(region.offset + bin) * this.marks.length + mark] = value;
  }

  /** A bin in words. @param {{region: number, mark: number, bin: number}} at */
  inWords({ region, mark, bin }) {
    const r = this.regions[region],
      { name, unit } = this.marks[mark],
      value = this.track(this.after, r, mark)[bin],
      number = Number.isFinite(value) ? `${value.toFixed(2)} ${unit || ""}` : "no data";
    return `${name}, ${nameOf(r)}, ${this.kb(r.start + bin * this.gene.bin_size).toFixed(1)} kb from the TSS: ${number}`;
  }

  /** "chrom:start-end" of a region, or of some of its bins. */
  place(region, first = 0, last = region.bins - 1) {
    const size = this.gene.bin_size;
    return `${region.chrom}:${region.start + first * size}-${Math.min(region.start + (last + 1) * size, region.end)}`;
  }
}

/** A short text that differs between two states of a gene: its depth, and how often it touches what. */
function printOf(depth, regions) {
  let hash = 2166136261;
  const bits = new Int32Array(depth.buffer, depth.byteOffset, depth.length);
  for (let i = 0; i < bits.length; i++) hash = Math.imul(hash ^ bits[i], 16777619);
  return `${hash} ${regions.map((r) => r.now).join()}`;
}

/** Two waiting requests with actions become one, without drafts that a later action replaces. The newest search wins. */
export function mergeRequests(last, next) {
  if (last.kind === "letters" && next.kind === "letters") return next;
  if (last.kind === "search" && next.kind === "search" && last.box === next.box) return next;
  if (last.kind !== "act" || next.kind !== "act") return null;
  return { ...next, actions: [...last.actions.filter((a) => !a.draft), ...next.actions] };
}
