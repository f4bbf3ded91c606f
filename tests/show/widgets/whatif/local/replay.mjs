// Lets the JavaScript lab answer conversations that Python's lab had: node replay.mjs conversations.json [--plain]
// Prints {turns, wrong, predicted}: what differs, and the largest difference of a prediction by task.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { Answers, Model } from "../../../../../chromolab/show/widgets/whatif/local/answers.js";
import { bytesOf } from "../../../../../chromolab/show/widgets/shared/alone.js";
import { modelsOf, regionsOf } from "../../../../../chromolab/show/widgets/whatif/local/payload.js";
import { UNKNOWN } from "../../../../../chromolab/show/widgets/whatif/local/truth.js";
import { Session } from "../../../../../chromolab/show/widgets/whatif/local/session.js";

const CLOSE = 1e-5; // of numbers that models compute

/** The lab of a page as conversations.py writes it. */
export function sessionOf({ about, parts }, { plain = false } = {}) {
  const part = (name) => (parts[name] ? new Uint8Array(gunzipSync(bytesOf(parts[name]))) : null);
  const regions = regionsOf({ ...about, marks: about.marks.map((mark) => mark.name) }, part("depth"), part("covered"));
  return new Session(about, regions, modelsOf(about.models, about.precision, part("weights"), plain));
}

export const modelOf = (page, options) => new Model(sessionOf(page, options));

/** Where two answers differ, as paths; numbers may differ by `within`. */
export function differ(mine, theirs, within, path = "") {
  if (typeof mine === "number" && typeof theirs === "number") {
    return Math.abs(mine - theirs) <= within * Math.max(1, Math.abs(theirs)) ? [] : [`${path}: ${mine}, not ${theirs}`];
  }
  if (mine === null || theirs === null || typeof mine !== "object" || typeof theirs !== "object") {
    return mine === theirs ? [] : [`${path}: ${JSON.stringify(mine)}, not ${JSON.stringify(theirs)}`];
  }
  const keys = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
  return [...keys].flatMap((key) => differ(mine[key] ?? null, theirs[key] ?? null, within, `${path}.${key}`));
}

const bytes = (numbers) => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
const digest = (numbers) => createHash("sha256").update(bytes(numbers)).digest("hex");
const numbersOf = (text) => new Float32Array(new Uint8Array(Buffer.from(text, "base64")).buffer);

/** Without the share of models that agree, unless all do: the sign of a change that is next to nothing is rounding. */
const told = ({ agree, ...r }) => (r.low * r.high > 0 && Math.min(Math.abs(r.low), Math.abs(r.high)) > 10 * CLOSE ? { ...r, agree } : r);

/** Predictions of `others` without the share of models that agree on a change that is next to nothing. */
const sure = (predicted) =>
  Object.fromEntries(
    Object.entries(predicted).map(([task, { agree, ...p }]) => [task, Math.abs(p.after - p.before) > 100 * CLOSE ? { ...p, agree } : p]),
  );

/** Reasons by what they name: equal scores may change places. */
const byName = (reasons) => Object.fromEntries(reasons.map((r) => [`${r.row} ${r.mark}`, told(r)]));

/** An answer without what is not compared: ids of edits, what is answered here, true values that the page cannot give. */
function comparable(kind, reply, mine) {
  const { can: _can, among: _among, ...rest } = reply; // what is answered here, and for how many genes
  if (kind === "settle") {
    const unknown = mine.true?.refused.some((words) => words.includes(UNKNOWN));
    return { ...rest, list: rest.list.map(([words]) => words), true: unknown ? null : rest.true };
  }
  if (kind === "others") return Object.fromEntries(rest.rows.map((row) => [row.gene_id, { ...row, predicted: sure(row.predicted) }]));
  if (kind === "carried") return { ...told(rest), reasons: byName(rest.reasons) };
  return rest;
}

function buffersDiffer(kind, mine, theirs, within) {
  if (mine.length !== theirs.length) return [`${mine.length} buffers, not ${theirs.length}`];
  if (kind !== "carried" && kind !== "attention") return mine.flatMap((b, i) => (digest(b) === theirs[i] ? [] : [`depth ${i}`]));
  const [first, agree] = theirs.map(numbersOf), wrong = [];
  if (mine[0].length !== first.length) return [`${mine[0].length} numbers, not ${first.length}`];
  first.forEach((v, i) => {
    if (Number.isNaN(v) !== Number.isNaN(mine[0][i]) || Math.abs(v - mine[0][i]) > within * Math.max(1, Math.abs(v))) wrong.push(`score ${i}: ${mine[0][i]}, not ${v}`);
  });
  const sure = agree ? [...agree.keys()].filter((i) => Math.abs(first[i]) > 10 * CLOSE) : [];
  const other = sure.filter((i) => Math.abs(agree[i] - mine[1][i]) > CLOSE).length; // a model's own score may be next to nothing
  return other > 1 + sure.length / 50 ? [...wrong, `${other} of ${sure.length} shares of models`] : wrong;
}

/** Replay the conversations with one page; see above. */
export function replay({ page, conversations }, { plain = false, within = CLOSE } = {}) {
  const report = { turns: 0, wrong: [], predicted: {} };
  const session = sessionOf(page, { plain }), model = new Model(session);
  conversations.forEach((turns, c) => {
    let listed = [];
    turns.forEach(({ request, reply, buffers }, t) => {
      const named = structuredClone(request);
      for (const action of [named, ...(named.actions ?? [])]) if (action.name?.listed !== undefined) action.name = listed[action.name.listed]?.[1] ?? "";
      const [mine, views] = model.answered(named), kind = request.kind;
      if (kind === "settle") listed = mine.list;
      report.turns++;
      const found = [];
      if (mine.error || reply.error) found.push(...differ(mine.error ?? null, reply.error ?? null, 0, "error"));
      if (!mine.error && !reply.error || kind === "act") {
        found.push(...differ(comparable(kind, mine, mine), comparable(kind, reply, mine), within), ...buffersDiffer(kind, views, buffers, within));
        for (const [task, told] of Object.entries(kind === "compare" ? {} : reply.predicted ?? {})) {
          for (const when of ["before", "after"]) {
            told[when].forEach((v, i) => {
              report.predicted[task] = Math.max(report.predicted[task] ?? 0, Math.abs(v - mine.predicted[task][when][i]));
            });
          }
        }
      }
      if (found.length) report.wrong.push({ conversation: c, turn: t, kind, found: found.slice(0, 5), request });
    });
  });
  return report;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path, ...options] = process.argv.slice(2), parts = JSON.parse(readFileSync(path, "utf8"));
  const within = options.find((o) => o.startsWith("--within="));
  const reports = parts.map((part) => replay(part, { plain: options.includes("--plain"), ...(within ? { within: Number(within.slice(9)) } : {}) }));
  const predicted = {};
  for (const report of reports) for (const [task, by] of Object.entries(report.predicted)) predicted[task] = Math.max(predicted[task] ?? 0, by);
  console.log(JSON.stringify({ turns: reports.reduce((n, r) => n + r.turns, 0), wrong: reports.flatMap((r) => r.wrong), predicted }));
}

export { Answers };
