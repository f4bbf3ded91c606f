// local/missions: solved by the edits that are meant, and by no others.

import assert from "node:assert/strict";
import { test } from "node:test";

import { offered, solvedBy } from "../../../../../chromolab/show/widgets/whatif/local/missions.js";

const NAMES = ["one stroke", "wake a silent gene", "the right contact"];
const erase = { type: "Scale", mark: "H3K27ac" }, open = { type: "Paint", mark: "H3K4me3" }, cut = { type: "DropPcre" };

/** A session in which the gene of every mission is shown, with these edits and predictions. */
const session = (edits, chance, change = 0) => ({
  about: { missions: NAMES.map((name) => ({ name, gene_id: "G", cell_type: "c" })), heights: { active: ["H3K4me3", "H3K27ac"] } },
  gene: { row: { gene_id: "G", cell_type: "c" } }, edits, solved: new Set(), edited: {},
  before: { classification: [0.6], regression: [2] },
  predicted: () => ({ classification: [chance, chance], regression: [2 + change] }),
});

test("a mission is solved by what it asks for", () => {
  assert.deepEqual(solvedBy(session([erase], 0.4)), ["one stroke"]);
  assert.deepEqual(solvedBy(session([open, erase], 0.8)), ["wake a silent gene"]);
  assert.deepEqual(solvedBy(session([cut], 0.6, -0.05)), ["the right contact"]);
});

test("and by nothing else", () => {
  for (const [edits, chance, change] of [[[], 0.1, -1], [[erase, erase], 0.4, 0], [[cut], 0.4, -0.04], [[cut, cut], 0.4, -1], [[{ ...open, mark: "H3K36me3" }], 0.9, 0], [[erase], 0.5, 0]]) {
    assert.deepEqual(solvedBy(session(edits, chance, change)), []);
  }
  const elsewhere = session([erase], 0.4);
  elsewhere.gene.row.cell_type = "d";
  assert.deepEqual(solvedBy(elsewhere), []);
});

test("what was solved stays solved", () => {
  const one = session([erase], 0.4);
  solvedBy(one);
  one.edits = [];
  assert.deepEqual(solvedBy(one), ["one stroke"]);
  assert.deepEqual(offered(one).map((m) => m.solved), [true, false, false]);
});
