// whatif/fresh.js: slower answers of an edit before are not taken for those of this one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { reasonsLag, settledNow } from "../../../../chromolab/show/widgets/whatif/fresh.js";

const lab = (turn, told, edits = 1) => ({ turn, settled: { value: told }, reasons: { value: told }, state: { edits } });

test("an answer is of the edits that it was asked about", () => {
  const told = { turn: 3, true: {} };
  assert.equal(settledNow(lab(3, told)), told);
  assert.equal(settledNow(lab(4, told)), null);
  assert.equal(settledNow(lab(3, told, 0)), null);
  assert.equal(settledNow(lab(3, null)), null);
  assert.deepEqual([lab(3, told), lab(4, told), lab(4, null), lab(4, told, 0)].map(reasonsLag), [false, true, true, false]);
});
