// whatif/strokes, kept: what a stroke writes, presses that add up, and files without Python.

import assert from "node:assert/strict";
import { test } from "node:test";

import { withUnanswered } from "../../../../chromolab/show/widgets/whatif/kept.js";
import { State } from "../../../../chromolab/show/widgets/whatif/state.js";
import { Raising, Stroke } from "../../../../chromolab/show/widgets/whatif/strokes.js";

/** Ten bins of two marks, all 1 but one bin of the first, which has no data. */
function state() {
  const s = new State(["A", "B"].map((name) => ({ name, colour: "#123456" })));
  s.gene = { bin_size: 100 };
  s.regions = [
    {
      chrom: "chr1",
      start: 1000,
      end: 1950,
      offset: 0,
      bins: 10,
      row: 0,
      rank: 0,
      frequency: null,
      now: null,
      added: false,
    },
  ];
  s.after = new Float32Array(20).fill(1);
  s.after[2 * 6] = NaN;
  s.tops = [4, 4];
  return s;
}
const track = (s, mark) => [...s.track(s.after, s.regions[0], mark)];

test("a fast stroke leaves no gaps, is as wide as the pen, and touches no other mark", () => {
  const s = state(),
    stroke = new Stroke(s, { tool: "paint", reach: 1, factor: 1 }, s.regions[0], 0, 2);
  stroke.to(2, 0.5);
  stroke.to(6, 1);
  assert.deepEqual(track(s, 0).slice(0, 8), [1, 1, 2, 2.5, 3, 3.5, 4, 1]);
  assert.deepEqual(track(s, 1), new Array(10).fill(1));
  const edit = { kind: "paint", mark: "A", region: "chr1:1200-1700", values: [2, 2.5, 3, 3.5, 4], step: 100 };
  assert.deepEqual(stroke.edit(), edit);
  const wide = new Stroke(s, { tool: "paint", reach: 5, factor: 1 }, s.regions[0], 1, 9);
  wide.to(9, 0.25);
  assert.equal(wide.edit().region, "chr1:1700-1950"); // cut at the region's end
});

test("erasing and scaling leave bins without data alone, and a draft is drawn again over a new answer", () => {
  const s = state(),
    stroke = new Stroke(s, { tool: "scale", reach: 5, factor: 3 }, s.regions[0], 0, 5);
  stroke.to(5, 0.1);
  stroke.to(7, 0.9);
  assert.deepEqual(track(s, 0).slice(4, 9), [1, 3, NaN, 3, 1]);
  s.after.fill(1);
  stroke.apply();
  assert.deepEqual(track(s, 0).slice(5, 8), [3, NaN, 3]);
  assert.deepEqual(stroke.edit(), { kind: "scale", mark: "A", region: "chr1:1500-1800", factor: 3 });
});

test("presses add up from where the first began, and do not go below zero unseen", () => {
  const raising = new Raising("A", [0, 1, NaN], 0.5);
  for (let i = 0; i < 4; i++) raising.by(1);
  assert.deepEqual(raising.by(1), [2.5, 3.5, 2.5]);
  for (let i = 0; i < 50; i++) raising.by(-1);
  assert.deepEqual(raising.by(0), [0, 0, 0]);
  assert.deepEqual(raising.by(1), [0, 0.5, 0]); // the next press up is seen: 1 bin had more than the others
});

test("a file without Python holds what it told last and what was drawn since, without drafts", () => {
  const text = '{"format": "chromolab-edits-1", "about": {"gene_id": "G1"}, "edits": [{"kind": "erase"}]}';
  const drawn = { do: "add", edits: [{ kind: "paint" }] };
  const file = JSON.parse(withUnanswered(text, [drawn, { ...drawn, draft: true }, { do: "undo" }]));
  assert.deepEqual(file.edits, [{ kind: "erase" }, { kind: "paint" }]);
  assert.deepEqual(file.about, { gene_id: "G1" });
});
