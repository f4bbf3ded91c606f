// Questions that take longer than a stroke: an edit in doses, the list step by step, one edit on all genes of the page. As
// chromolab/show/widgets/whatif/questions.py and chromolab/learn/edit/course.py.

import { inWords, isContact, Refusal, regionOf, samePlace } from "./edits.js";
import { edited } from "./gene.js";
import { position } from "./history.js";

/** @typedef {import("./edits.js").Edit} Edit */
/** @typedef {import("./gene.js").Gene} Gene */
/** @typedef {import("./session.js").Session} Session */

const DOSES = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
const REPLAYED = 60; // edits, the last ones

/** One number a model: what a card shows of a task. */
const values = (session, task, gene) =>
  session.models[task].map((model) => model.value(session.reader.read(gene, model)));
const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

/** Place of an edit in the list. */
function placeOf(session, index, name) {
  const at = position(session.edits, index, name);
  if (at === null) throw new Refusal("this edit is not in the list any more; choose another");
  return at;
}

/**
 * The prediction with one edit of the list in doses.
 * @param {Session} session
 */
export function doses(session, task, index, name) {
  const { gene, edits } = session,
    at = placeOf(session, index, name),
    before = earlierOf(gene, edits, at);
  const variants = DOSES.map((dose) => edits.map((e, i) => (i === at ? dosed(e, dose, before) : e)));
  return { doses: DOSES, values: variants.map((variant) => values(session, task, edited(gene, variant))) };
}

/**
 * The prediction after each of the last edits.
 * @param {Session} session
 */
export function steps(session, task) {
  const earlier = session.edits.slice(0, -REPLAYED),
    last = session.edits.slice(-REPLAYED);
  const start = earlier.length ? edited(session.gene, earlier) : session.gene,
    found = [];
  edited(start, last);
  for (let n = 0; n <= last.length; n++) {
    const gene = applied(start, last.slice(0, n));
    if (!gene) continue; // an added element that has no data yet
    const first = earlier.length ? `after ${earlier.length} edits` : "as it was";
    found.push({
      step: earlier.length + n,
      words: n ? inWords(last[n - 1]) : first,
      values: values(session, task, gene),
    });
  }
  return { steps: found };
}

/**
 * One edit of the list on every gene of the page that it reaches, in the cell type shown.
 * @param {Session} session
 */
export function others(session, index, name) {
  const { about, gene: shown } = session,
    e = session.edits[placeOf(session, index, name)];
  if (e.type === "AddPcre")
    throw new Refusal(`add_pcre ${regionOf(e)} belongs to one gene; leave it out, or use cl.effect for its gene`);
  const own = about.examples.flatMap(({ gene }, i) => (gene.cell_type === shown.row.cell_type ? [i] : []));
  const rows = own.flatMap((i) => reachedRow(session, session.example(i), e));
  if (!rows.length)
    throw new Refusal(`these edits reach no gene in ${shown.row.cell_type}, neither its window nor a contact of it`);
  rows.sort((a, b) => b.most - a.most);
  return { rows: rows.map(({ most: _most, ...row }) => row), among: own.length };
}

/** The row of a gene in the table of `others`: none where the edit does not reach it. */
function reachedRow(session, gene, e) {
  const touched = (region) =>
    isContact(e) ? samePlace(region, e) : region.chrom === e.chrom && region.start < e.end && region.end > e.start;
  const window = touched(gene.regions[gene.promoter]),
    contacts = gene.pcres().filter(touched),
    { row } = gene;
  if (!window && !contacts.length) return [];
  const after = edited(gene, [e]),
    middle = Math.floor((e.start + e.end) / 2) - row.tss;
  const predicted = {};
  let most = 0;
  for (const [task, models] of Object.entries(session.models)) {
    const both = [values(session, task, gene), values(session, task, after)],
      [was, now] = both.map(mean);
    const changes = both[1].map((v, i) => v - both[0][i]),
      sign = Math.sign(mean(changes));
    predicted[task] = { before: was, after: now, agree: mean(changes.map((c) => (Math.sign(c) === sign ? 1 : 0))) };
    const levels = models.map(
      (model) => model.level(session.reader.read(after, model)) - model.level(session.reader.read(gene, model)),
    );
    most = Math.max(most, Math.abs(mean(changes)), Math.abs(mean(levels)));
  }
  return [
    {
      gene_id: row.gene_id,
      gene_name: row.gene_name,
      distance: row.strand === "-" ? -middle : middle,
      via: window && contacts.length ? "both" : window ? "window" : "contact",
      frequency: contacts.length ? Math.max(...contacts.map((c) => c.frequency)) : null,
      shown: row.gene_id === session.gene.row.gene_id,
      predicted,
      most,
    },
  ];
}

// ----- doses ---------------------------------------------------------------------------------------------------------

/** The gene with edits, null where they cannot be applied. */
function applied(gene, edits) {
  try {
    return edited(gene, edits);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** What was there before an edit, as an edit of the same place. @returns {Edit} */
function earlierOf(gene, edits, index) {
  const e = edits[index],
    earlier = edits.slice(0, index);
  if (e.type === "DropPcre" || e.type === "SetFrequency") {
    const now = edited(gene, earlier.filter(isContact)).pcres();
    const { chrom, start, end } = e;
    return { type: "SetFrequency", chrom, start, end, frequency: now.find((p) => samePlace(p, e))?.frequency ?? 0 };
  }
  if (e.type !== "Paint") return e;
  const known = applied(gene, earlier) || gene,
    step = e.depths.length > 1 ? e.step : gene.shared.size,
    depths = [];
  for (let start = e.start; start < e.end; start += step)
    depths.push(depthAt(known, e, Math.floor((start + Math.min(start + step, e.end)) / 2)));
  return { ...e, depths, step };
}

/** The depth of the bin that holds a base; null where there is no such bin or it has no data. */
function depthAt({ regions, shared: { marks, size } }, { mark, chrom }, at) {
  const region = regions.find((r) => r.chrom === chrom && r.start <= at && at < r.end);
  const depth = region?.depth[Math.floor((at - region.start) / size) * marks.length + marks.indexOf(mark)];
  return depth === undefined || Number.isNaN(depth) ? null : depth;
}

/** An edit in a dose, given what was there before it. @returns {Edit} */
function dosed(e, dose, before) {
  const between = (was, now) => Math.max(was + dose * (now - was), 0);
  if (dose === 1) return e;
  if (e.type === "Scale") return { ...e, factor: between(1, e.factor) };
  if (e.type === "AddPcre") return { ...e, frequency: between(0, e.frequency) };
  if (e.type === "Paint") {
    const wanted = e.depths.length === 1 ? before.depths.map(() => e.depths[0]) : e.depths;
    const depths = wanted.map((now, i) =>
      now === null || before.depths[i] === null ? now : between(before.depths[i], now),
    );
    return { ...e, depths, step: before.step };
  }
  return { ...before, frequency: between(before.frequency, e.frequency ?? 0) };
}
