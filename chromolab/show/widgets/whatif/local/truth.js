// True values of edits, as far as the page knows them: those of no edit, of each recipe and of each contact cut were simulated
// when it was made (`_true_values` of export.py).

import { inWords } from "./edits.js";
import { written } from "./files.js";

const SAID = 3; // edits without a true value that are named
export const UNKNOWN =
  "this page alone cannot simulate the gene again; in a notebook the lab can: cl.WhatIf(world=world)";

/**
 * What was packed for these edits, else what each of them does alone where that is known, and which are not.
 * @param {Record<string, any>} packed true values by the edits as JSON
 * @param {import("./edits.js").Edit[]} edits
 */
export function trueOf(packed, edits) {
  const known = packed[written(edits)];
  if (known) return known;
  const none = packed[written([])],
    tasks = Object.entries(none.tasks).map(([task, told]) => {
      const after = "change" in told ? { after: null, change: null } : { after: null, words: told.words };
      return [task, { ...told, ...after }];
    });
  const alone = edits.map((e) => packed[written([e])]),
    lost = edits.filter((_, i) => !alone[i]);
  const parts = alone.flatMap((own) => own?.parts ?? []);
  const refused = lost.slice(0, SAID).map((e) => `${inWords(e)}: ${UNKNOWN}`);
  if (lost.length > SAID) refused.push(`${lost.length - SAID} more edits: the same`);
  if (!lost.length) refused.push(`all of these edits together: ${UNKNOWN}`);
  return { tasks: Object.fromEntries(tasks), parts, refused };
}
