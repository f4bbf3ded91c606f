// The kinds of edits, as chromolab/learn/edit/kinds.py has them, and edits as text: JSON, Python, words.

import { float, general, grouped, quoted } from "./numbers.js";

/** What is wrong, in words for the reader; any other error is a fault of the page. */
export class Refusal extends Error {}

/**
 * One edit; `type` is the name of its class in Python, and its place is 0-based and half open (bp).
 * @typedef {{type: "Scale" | "Paint" | "DropPcre" | "AddPcre" | "SetFrequency", chrom: string, start: number, end: number,
 *   mark?: string, factor?: number, depths?: (number | null)[], step?: number, frequency?: number}} Edit
 */

export const FORMAT = "chromolab-edits-1";
export const STEP = 100; // bp per painted value, unless said otherwise
const ARGUMENTS = {
  // of the functions that make edits, in order
  scale: ["mark", "region", "factor"],
  erase: ["mark", "region"],
  set_depth: ["mark", "region", "depth"],
  paint: ["mark", "region", "values", "step"],
  drop_pcre: ["region"],
  add_pcre: ["region", "frequency"],
  set_frequency: ["region", "frequency"],
};
const CONTACTS = ["AddPcre", "DropPcre", "SetFrequency"];

/** A place as text. */
export const regionOf = (e) => `${e.chrom}:${e.start}-${e.end}`;
export const samePlace = (a, b) => a.chrom === b.chrom && a.start === b.start && a.end === b.end;
export const isContact = (e) => CONTACTS.includes(e.type);
/** A text that names an edit: equal edits have equal names. */
export const named = (e) => JSON.stringify(e);
export const sameEdits = (a, b) => a.length === b.length && a.every((e, i) => named(e) === named(b[i]));

/** "chrom:start-end" as a place. */
export function parseRegion(text) {
  const match = typeof text === "string" ? /^(\S+):([\d,_]+)-([\d,_]+)$/.exec(text) : null;
  const [start, end] = match ? [match[2], match[3]].map((digits) => Number(digits.replace(/[,_]/g, "") || NaN)) : [NaN];
  if (!match || !Number.isSafeInteger(start) || !Number.isSafeInteger(end)) {
    throw new Refusal(`region ${shown(text)}; expected 'chrom:start-end', 0-based and half open`);
  }
  if (start >= end) throw new Refusal(`region ${shown(text)} is empty or reversed; expected start < end`);
  return { chrom: match[1], start, end };
}

/** A value of JSON as Python shows it. */
function shown(value) {
  if (typeof value === "string") return quoted(value);
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : float(value);
  return `{${Object.entries(value)
    .map(([k, v]) => `${quoted(k)}: ${shown(v)}`)
    .join(", ")}}`;
}

function numberOf(name, value) {
  if (typeof value !== "number") throw new Refusal(`${name} is ${shown(value)}; expected a number`);
  if (!(Number.isFinite(value) && value >= 0)) {
    throw new Refusal(`${name} is ${shown(value).slice(0, 40)}; it cannot be negative or infinite`);
  }
  return value;
}

const MADE = {
  scale: (e) => ({ type: "Scale", ...parseRegion(e.region), mark: e.mark, factor: numberOf("factor", e.factor) }),
  erase: (e) => MADE.scale({ ...e, factor: 0 }),
  set_depth: (e) => {
    const place = parseRegion(e.region);
    return {
      type: "Paint",
      ...place,
      mark: e.mark,
      depths: [numberOf("depth", e.depth)],
      step: place.end - place.start,
    };
  },
  paint: (e) => {
    const place = parseRegion(e.region);
    if (!Number.isInteger(e.step) || e.step < 1) {
      throw new Refusal(`step is ${shown(e.step)}; expected a whole number of base pairs, at least 1`);
    }
    const depths = e.values.map((v) => (v === null ? null : numberOf("value", v)));
    const steps = Math.ceil((place.end - place.start) / e.step);
    if (depths.length !== steps) {
      throw new Refusal(
        `${depths.length} values for ${e.region}, which has ${steps} steps of ${e.step} bp; give one value per step`,
      );
    }
    return { type: "Paint", ...place, mark: e.mark, depths, step: e.step };
  },
  drop_pcre: (e) => ({ type: "DropPcre", ...parseRegion(e.region) }),
  add_pcre: (e) => ({ type: "AddPcre", ...parseRegion(e.region), frequency: numberOf("frequency", e.frequency) }),
  set_frequency: (e) => ({
    type: "SetFrequency",
    ...parseRegion(e.region),
    frequency: numberOf("frequency", e.frequency),
  }),
};

/**
 * The edits of parsed JSON, [{kind: "erase", mark: ..., ...}]; refused unless every entry is a complete, known edit.
 * @returns {Edit[]}
 */
export function editsOf(entries, source = "the edits") {
  return entries.map((entry, i) => {
    const where = `${source}, edit ${i + 1}`,
      plain = entry && typeof entry === "object" && !Array.isArray(entry);
    const name = plain ? entry.kind : null;
    if (typeof name !== "string" || !Object.hasOwn(ARGUMENTS, name)) {
      throw new Refusal(`${where}: kind is ${shown(name)}; expected one of ${Object.keys(ARGUMENTS).join(", ")}`);
    }
    const given = Object.keys(entry)
      .filter((key) => key !== "kind")
      .sort();
    if (given.join() !== [...ARGUMENTS[name]].sort().join()) {
      throw new Refusal(`${where} (${name}): has ${shown(given)}; expected ${ARGUMENTS[name].join(", ")}`);
    }
    if (typeof (entry.mark ?? "") !== "string" || !Array.isArray(entry.values ?? [])) {
      throw new Refusal(`${where} (${name}): expected mark as a string and values as a list`);
    }
    try {
      return MADE[name](entry);
    } catch (error) {
      if (error instanceof Refusal) error.message = `${where} (${name}): ${error.message}`;
      throw error;
    }
  });
}

/** The function that makes an edit, and its arguments: [name, {argument: value}]. */
function call(e) {
  const region = regionOf(e);
  switch (e.type) {
    case "Scale":
      return e.factor === 0
        ? ["erase", { mark: e.mark, region }]
        : ["scale", { mark: e.mark, region, factor: e.factor }];
    case "Paint": {
      const [depth] = e.depths;
      if (e.depths.length === 1 && depth !== null && e.step === e.end - e.start)
        return ["set_depth", { mark: e.mark, region, depth }];
      return ["paint", { mark: e.mark, region, values: e.depths, step: e.step }];
    }
    case "DropPcre":
      return ["drop_pcre", { region }];
    default:
      return [e.type === "AddPcre" ? "add_pcre" : "set_frequency", { region, frequency: e.frequency }];
  }
}

/** JSON as Python's `json.dumps` writes it: floats stay floats, and everything else is ASCII. */
export function dumped(value, key = "") {
  if (typeof value === "number")
    return key === "step" || key === "start" || key === "end" ? String(value) : float(value);
  if (Array.isArray(value)) return `[${value.map((v) => dumped(v, key)).join(", ")}]`;
  if (value && typeof value === "object") {
    return `{${Object.entries(value)
      .map(([k, v]) => `${dumped(k)}: ${dumped(v, k)}`)
      .join(", ")}}`;
  }
  const escape = (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, escape);
}

/** The lines of a file of edits between its brackets, and the same as Python's calls. */
export const entries = (edits) => edits.map(call).map(([kind, given]) => dumped({ kind, ...given }));
export function calls(edits) {
  const argument = (name, value) => {
    if (Array.isArray(value)) return `[${value.map((v) => argument(name, v)).join(", ")}]`;
    if (value === null) return "None";
    if (typeof value === "number") return name === "step" ? String(value) : float(value);
    return inQuotes(value);
  };
  return edits.map(call).map(([name, given]) => {
    const listed = Object.entries(given).filter(([key, value]) => key !== "step" || value !== STEP);
    return `cl.${name}(${listed.map(([key, value]) => argument(key, value)).join(", ")})`;
  });
}

/** repr of a text, with double quotes where Python's formatters write them. */
export function inQuotes(text) {
  const plain = quoted(text);
  return plain[0] === "'" && !plain.includes('"') && !plain.includes("\\") ? `"${plain.slice(1, -1)}"` : plain;
}

/** One edit as a line of a list. */
export function inWords(e) {
  const place = `${e.chrom}:${grouped(e.start)}-${grouped(e.end)}`;
  switch (e.type) {
    case "Scale":
      return `${e.mark} ${e.factor === 0 ? "erased" : `× ${general(e.factor)}`}, ${place}`;
    case "Paint": {
      const [depth] = e.depths;
      return `${e.mark} ${e.depths.length === 1 && depth !== null ? `set to ${general(depth)}` : "painted"}, ${place}`;
    }
    case "DropPcre":
      return `contact cut, ${place}`;
    default:
      return `${e.type === "AddPcre" ? "contact added" : "contact"}, frequency ${general(e.frequency)}, ${place}`;
  }
}
