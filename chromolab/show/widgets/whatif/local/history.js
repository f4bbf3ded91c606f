// Undo and redo for lists of edits, and how one edit is put in or taken out: chromolab/show/widgets/whatif/history.py.

import { named, sameEdits, samePlace } from "./edits.js";

/** @typedef {import("./edits.js").Edit} Edit */

const KEPT = 500; // steps that can be undone; older ones are forgotten

/** The edits of one gene, step by step: each step is a list of all edits, and the first is empty. */
export class History {
  constructor() {
    /** @type {Edit[][]} */
    this.past = [[]];
    /** @type {Edit[][]} */
    this.future = [];
  }

  get now() {
    return this.past[this.past.length - 1];
  }

  push(edits) {
    if (sameEdits(edits, this.now)) return;
    this.past = [...this.past.slice(-KEPT), edits];
    this.future = [];
  }

  undo() {
    if (this.past.length < 2) return;
    this.future = [...this.future, this.now];
    this.past = this.past.slice(0, -1);
  }

  redo() {
    if (!this.future.length) return;
    this.past = [...this.past, this.future[this.future.length - 1]];
    this.future = this.future.slice(0, -1);
  }
}

/** Place of the edit `name` in `edits`, null when it is gone; `index` is its place in the page's list. */
export function position(edits, index, name) {
  const at = edits.flatMap((e, i) => (named(e) === name ? [i] : []));
  if (!at.length) return null;
  return at.includes(index) ? index : at[at.length - 1];
}

/** The edits without the one at `index`, and without those that no longer apply to any region. */
export function takenOut(gene, edits, index) {
  const rest = edits.filter((_, i) => i !== index),
    kept = [];
  let contacts = gene.pcre.map((row) => gene.regions[row]);
  const places = [...gene.regions, ...rest.filter((e) => e.type === "AddPcre")];
  for (const e of rest) {
    if (e.type === "Scale" || e.type === "Paint") {
      if (!places.some((p) => p.chrom === e.chrom && p.start < e.end && p.end > e.start)) continue;
    } else if (e.type === "AddPcre") contacts = [...contacts, e];
    else if (!contacts.some((c) => samePlace(c, e))) continue;
    else if (e.type === "DropPcre") contacts = contacts.filter((c) => !samePlace(c, e));
    kept.push(e);
  }
  return kept;
}

/** A key of an edit: a new edit replaces an old one with the same key. */
const slot = (e) => `${e.type} ${e.mark ?? ""} ${e.chrom}:${e.start}-${e.end}`;

/**
 * Replace edits of the same kind at the same place, or add them; an edit without effect takes the old one away. What is
 * painted goes last; setting a frequency restores a cut contact.
 */
export function put(gene, now, more) {
  let edits = [...now];
  for (const e of more) {
    if (e.type === "SetFrequency") edits = edits.filter((old) => !(old.type === "DropPcre" && samePlace(old, e)));
    let same = edits.flatMap((old, i) => (slot(old) === slot(e) ? [i] : []));
    if (e.type === "Paint" && same.length) {
      edits = edits.filter((_, i) => !same.includes(i));
      same = [];
    }
    const own = e.type === "SetFrequency" ? gene.pcres().find((p) => samePlace(p, e)) : null;
    const idle = (e.type === "Scale" && e.factor === 1) || (own && own.frequency === e.frequency);
    const gone = idle ? same : same.slice(1);
    if (same.length && !idle) edits[same[0]] = e;
    else if (!idle) edits.push(e);
    edits = edits.filter((_, i) => !gone.includes(i));
  }
  return edits;
}

/** Cut a contact, or restore it if it is cut; an added pCRE is taken out with all edits in it. */
export function toggled(gene, now, cut) {
  const added = now.findLastIndex((e) => e.type === "AddPcre" && samePlace(e, cut));
  if (added >= 0) return takenOut(gene, now, added);
  const at = now.findIndex((e) => named(e) === named(cut));
  return at >= 0 ? takenOut(gene, now, at) : [...now, cut];
}
