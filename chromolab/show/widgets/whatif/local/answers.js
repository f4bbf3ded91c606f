// The kernel's half of the lab, in the page: what anywidget's model is to the lab's own scripts. It answers the requests
// that chromolab/show/widgets/whatif/protocol.py describes; what only Python can answer is refused in words.

import { inWords, named, Refusal } from "./edits.js";
import { carriedBy, lookedAt } from "./explain.js";
import { nameOf, script, written } from "./files.js";
import { offered, solvedBy } from "./missions.js";
import { doses, others, steps } from "./questions.js";
import { trueOf } from "./truth.js";

const LISTED = 200; // edits that the page lists, the last ones
const UNITS = { classification: "log-odds", regression: "log2(RPKM + 1)" };
const CAN = ["dose", "replay", "others"]; // of the slow questions
const ALONE =
  "this page works without Python, and only Python can answer that; open the lab in a notebook: cl.WhatIf(...)";

/** Floats of an array as a buffer. */
const floats = (values) => (values instanceof Float32Array ? values : Float32Array.from(values));
const sum = (values) => values.reduce((a, b) => a + b, 0);
const mean = (values) => sum(values) / values.length;

/** One number a model as their mean, least and greatest, and the share that has the mean's sign. */
function agreeing(values) {
  const score = mean(values);
  const agree = mean(values.map((v) => (Math.sign(v) === Math.sign(score) ? 1 : 0)));
  return { score, low: Math.min(...values), high: Math.max(...values), agree };
}

/** Answers requests from a session, as `answer` of protocol.py: [reply, buffers]. */
export class Answers {
  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
  }

  /** @returns {[Record<string, any>, Float32Array[]]} */
  reply(request) {
    const { session } = this,
      known = Object.hasOwn(session.models, request.task);
    switch (request.kind) {
      case "hello":
        return this.state({ gene: true });
      case "gene":
        session.choose(request.gene_id, request.cell_type);
        return this.state({ gene: true });
      case "act":
        return this.state({ error: this.acted(request.actions) });
      case "settle":
        return [this.settled(), []];
      case "carried":
        if (known) return this.carried(request.task);
        break;
      case "attention":
        if (known) return this.attention(request.task);
        break;
      case "search":
        return [{ found: session.search(request.text) }, []];
      case "compare":
        return this.compared(request.gene_id, request.cell_type);
      case "dose":
        if (known) return [doses(session, request.task, request.index, request.name), []];
        break;
      case "replay":
        if (known) return [steps(session, request.task), []];
        break;
      case "others":
        return [others(session, request.index, request.name), []];
      case "text":
        return [this.text(), []];
      case "open":
        session.open(request.text);
        return this.state({ gene: true });
      default:
    }
    throw new Refusal(ALONE);
  }

  /** Carry out the actions, or return why not; the page gets the current state either way. */
  acted(actions) {
    try {
      this.session.act(actions);
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
    return null;
  }

  /** @returns {[Record<string, any>, Float32Array[]]} */
  state({ gene = false, error = null }) {
    const { session } = this,
      { before, edits, history } = session;
    const after = edits.length ? session.predicted(session.edited) : before;
    const state = {
      kind: "state",
      regions: session.regions(),
      edits: edits.length,
      error,
      note: session.note,
      undo: history.past.length > 1,
      redo: history.future.length > 0,
      predicted: bothTimes(before, after),
    };
    if (!gene) return [state, [session.edited.flat()]];
    const { about } = session,
      own = about.examples[session.index];
    Object.assign(state, {
      gene: own.gene,
      recipes: session.recipes(),
      notices: about.notices,
      missions: offered(session),
      words: about.words,
      can: CAN,
      neighbours: own.neighbours,
    });
    return [state, [session.edited.flat(), session.gene.flat()]];
  }

  /** What is computed after a pause. */
  settled() {
    const { session } = this,
      { edits } = session,
      after = session.predicted(session.edited);
    return {
      predicted: bothTimes(session.before, after),
      list: edits.slice(-LISTED).map((e) => [inWords(e), named(e)]),
      first: Math.max(0, edits.length - LISTED),
      warnings: session.warnings(),
      recipes: session.recipes(),
      solved: solvedBy(session),
      true: this.true(),
      factors: edits
        .filter((e) => e.type === "Scale")
        .map(({ mark, chrom, start, end, factor }) => ({ mark, chrom, start, end, factor })),
    };
  }

  true() {
    const { about, index, edits } = this.session,
      packed = about.examples[index].true;
    return packed && trueOf(packed, edits);
  }

  /** @returns {[Record<string, any>, Float32Array[]]} */
  carried(task) {
    const { session } = this,
      {
        models,
        reader,
        gene,
        edits,
        shared: { marks },
      } = session,
      m = marks.length;
    const each = models[task].map((model) => carriedBy(model, gene, edits, reader)),
      regions = session.regions();
    const contacts = new Map(
      [...each[0].byContact.keys()].map((row) => [row, each.map((own) => own.byContact.get(row))]),
    );
    const reasons = [...contacts].map(([row, values]) => ({ row, mark: null, ...agreeing(values) }));
    for (const { row, offset, bins } of regions) {
      marks.forEach((mark, k) => {
        const values = each.map(({ scores }) => {
          let total = 0;
          for (let b = offset; b < offset + bins; b++) total += scores[b * m + k];
          return total;
        });
        if (values.some(Boolean)) reasons.push({ row, mark, ...agreeing(values) });
      });
    }
    const { score: change, ...range } = agreeing(
      each.map(({ scores, byContact }) => sum(scores) + sum([...byContact.values()])),
    );
    const average = new Float64Array(each[0].scores.length),
      agree = new Float32Array(average.length);
    for (const { scores } of each) for (let i = 0; i < average.length; i++) average[i] += scores[i] / each.length;
    for (let i = 0; i < average.length; i++) {
      if (average[i])
        agree[i] = mean(each.map(({ scores }) => (Math.sign(scores[i]) === Math.sign(average[i]) ? 1 : 0)));
    }
    return [
      {
        unit: UNITS[task],
        models: each.length,
        change,
        ...range,
        contacts: regions.map(({ row }) => (contacts.has(row) ? mean(contacts.get(row)) : null)),
        reasons: reasons.sort((a, b) => Math.abs(b.score) - Math.abs(a.score)),
      },
      [floats(average), agree],
    ];
  }

  /** @returns {[Record<string, any>, Float32Array[]]} */
  attention(task) {
    const { session } = this,
      each = session.models[task].map((model) => lookedAt(model, session.edited, session.reader));
    const rows = session.regions().map(({ row }) => row);
    const told = each.map((own) => own.shares).filter((own) => own.size); // a model without regulation layers has none
    const shares = (f) => rows.map((row) => (told[0]?.has(row) ? f(told.map((own) => own.get(row))) : null));
    const level = each[0].level.map((_, b) => mean(each.map((own) => own.level[b])));
    return [{ shares: shares(mean), low: shares((v) => Math.min(...v)), high: shares((v) => Math.max(...v)) }, [level]];
  }

  /** @returns {[Record<string, any>, Float32Array[]]} */
  compared(geneId, cellType) {
    const { session } = this,
      index = session.find(geneId, cellType),
      other = session.example(index),
      { row } = other;
    const depth = floats(other.promoterDepth()),
      m = session.shared.marks.length,
      bins = depth.length / m;
    const along = depth.slice();
    if (session.gene.turned)
      for (let b = 0; b < bins; b++) along.set(depth.subarray((bins - 1 - b) * m, (bins - b) * m), b * m);
    return [
      {
        name: nameOf(row),
        gene_id: row.gene_id,
        cell_type: row.cell_type,
        cell_types: row.cell_types,
        predicted: session.predicted(other),
        measured: row.measured,
        contacts: other.pcres().map(({ chrom, start, end, frequency }) => ({ chrom, start, end, frequency })),
      },
      [along],
    ];
  }

  text() {
    const { about, index, edits, gene } = this.session,
      { file } = about.examples[index];
    return { python: script(about.script, gene.row, edits), json: written(edits, file) };
  }
}

const bothTimes = (before, after) =>
  Object.fromEntries(Object.keys(before).map((task) => [task, { before: before[task], after: after[task] }]));

/** What stands in the place of anywidget's model: `get`, `on`, `off`, `send`. */
export class Model {
  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.answers = new Answers(session);
    this.listeners = new Set();
    /** @type {{kind: string, ms: number}[]} how long each answer took, the last ones */
    this.times = [];
  }

  get(name) {
    return { marks: this.answers.session.about.marks, alone: true }[name];
  }
  on(name, listener) {
    if (name === "msg:custom") this.listeners.add(listener);
  }
  off(name, listener) {
    this.listeners.delete(listener);
  }

  send(request) {
    setTimeout(() => {
      const began = performance.now(),
        [reply, buffers] = this.answered(request);
      this.times = [...this.times.slice(-999), { kind: request.kind, ms: performance.now() - began }];
      const views = buffers.map((b) => new DataView(b.buffer, b.byteOffset, b.byteLength));
      for (const listener of this.listeners) listener({ ...reply, seq: request.seq }, views);
    });
  }

  /** @returns {[Record<string, any>, Float32Array[]]} */
  answered(request) {
    try {
      return this.answers.reply(request);
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(error);
      return [{ error: error.message }, []];
    }
  }
}
