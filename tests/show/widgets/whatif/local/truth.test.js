// whatif/local/truth: what was simulated is told, of single edits too, and what was not is named.

import assert from "node:assert/strict";
import { test } from "node:test";

import { editsOf } from "../../../../../chromolab/show/widgets/whatif/local/edits.js";
import { written } from "../../../../../chromolab/show/widgets/whatif/local/files.js";
import { trueOf, UNKNOWN } from "../../../../../chromolab/show/widgets/whatif/local/truth.js";

const [one, two, paint] = editsOf([
  { kind: "drop_pcre", region: "chr1:100-200" },
  { kind: "drop_pcre", region: "chr1:300-400" },
  { kind: "erase", mark: "H3K27ac", region: "chr1:100-200" },
]);
const told = (what, after) => ({
  tasks: {
    regression: { unit: "log2(RPKM + 1)", before: 3, after, change: after - 3 },
    classification: { unit: "", median: 2, before: "above", after: "above", words: "above the median" },
  },
  parts: what ? [{ what, change: after - 3, effect: -1 }] : [],
  refused: [],
});
const packed = {
  [written([])]: told(null, 3),
  [written([one])]: told("contact one cut", 2.5),
  [written([two])]: told("contact two cut", 2.75),
};

test("what was simulated is told as it was", () => {
  assert.equal(trueOf(packed, [one]), packed[written([one])]);
  assert.equal(trueOf(packed, []).tasks.regression.after, 3);
});

test("two that were simulated alone have their parts, and the page says that both together were not", () => {
  const both = trueOf(packed, [one, two]);
  assert.deepEqual(
    both.parts.map((part) => [part.what, part.change]),
    [
      ["contact one cut", -0.5],
      ["contact two cut", -0.25],
    ],
  );
  assert.deepEqual(both.refused, [`all of these edits together: ${UNKNOWN}`]);
  assert.deepEqual([both.tasks.regression.after, both.tasks.regression.before], [null, 3]);
});

test("each edit that was not simulated is named, the first of many", () => {
  assert.deepEqual(trueOf(packed, [one, paint]).refused, [`H3K27ac erased, chr1:100-200: ${UNKNOWN}`]);
  assert.deepEqual(trueOf(packed, [one, paint]).parts.length, 1);
  const many = trueOf(packed, Array(9).fill(paint)).refused;
  assert.deepEqual([many.length, many[3]], [4, "6 more edits: the same"]);
});
