// whatif/letters.js: letters are asked for when the pointer rests and nothing else is to be answered, once a bin.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Letters } from "../../../../chromolab/show/widgets/whatif/letters.js";

mock.timers.enable({ apis: ["setTimeout"] });
// @ts-ignore
globalThis.window = globalThis;

const hit = (bin, on = "track") => ({ on, bin, column: { region: { row: 4 } } });

/** A lab of which only what the letters read is there. */
function labOf(can = ["letters"]) {
  const asked = [];
  return { asked, state: { key: "G1\nc", can }, stroke: null, chores: [], wire: { busy: false, ask: (r) => asked.push(r) } };
}

test("a bin is asked for once, when the pointer rests on it", () => {
  const lab = labOf(),
    letters = new Letters(/** @type {any} */ (lab));
  for (const bin of [1, 2, 3]) {
    letters.over(/** @type {any} */ (hit(bin)));
    mock.timers.tick(100); // passed over
  }
  mock.timers.tick(300);
  assert.deepEqual(lab.asked.map((r) => [r.kind, r.row, r.bin]), [["letters", 4, 3]]);
  assert.equal(letters.of(/** @type {any} */ (hit(3))), undefined);
  letters.took({ letters: "ACGT" }, lab.asked[0]);
  assert.equal(letters.of(/** @type {any} */ (hit(3))).letters, "ACGT");
  letters.over(/** @type {any} */ (hit(3)));
  mock.timers.tick(1000);
  assert.equal(lab.asked.length, 1);
});

test("a stroke, an answer under way and an edit that is not settled come first", () => {
  const lab = labOf(),
    letters = new Letters(/** @type {any} */ (lab));
  lab.stroke = {};
  letters.over(/** @type {any} */ (hit(1)));
  mock.timers.tick(1000);
  Object.assign(lab, { stroke: null, chores: ["settle"] });
  mock.timers.tick(1000);
  lab.chores = [];
  lab.wire.busy = true;
  mock.timers.tick(1000);
  assert.equal(lab.asked.length, 0);
  lab.wire.busy = false;
  mock.timers.tick(1000);
  assert.equal(lab.asked.length, 1);
});

test("nothing is asked where there are no letters, beside the tracks, or after the pointer has left", () => {
  for (const [can, over] of [
    [[], hit(1)],
    [["letters"], hit(1, "head")],
  ]) {
    const lab = labOf(can),
      letters = new Letters(/** @type {any} */ (lab));
    letters.over(over);
    mock.timers.tick(1000);
    assert.equal(lab.asked.length, 0);
  }
  const lab = labOf(),
    letters = new Letters(/** @type {any} */ (lab));
  letters.over(/** @type {any} */ (hit(1)));
  letters.over(/** @type {any} */ ({ on: null }));
  mock.timers.tick(1000);
  assert.equal(lab.asked.length, 0);
});
