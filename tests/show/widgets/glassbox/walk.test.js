// Walking over the boxes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { nearest, readingTime } from "../../../../chromolab/show/widgets/glassbox/walk.js";

test("a box stays long enough to be read: at most four words a second, with a look at the picture", () => {
  const words = "Scores become shares that add up to 1 in each head, among the bins that may be seen. Hidden bins get 0.";
  assert.ok(readingTime(words.length) >= (1000 * words.split(" ").length) / 4 + 2000);
  assert.ok(readingTime(words.length, 0.5) < readingTime(words.length) && readingTime(0) >= 2000);
});

test("what lies straight ahead is nearer than what lies aside", () => {
  const at = (left, top) => /** @type {DOMRect} */ ({ left, top, width: 10, height: 10 });
  const boxes = [
    ["right", at(50, 0)],
    ["aside", at(30, 40)],
    ["below", at(0, 60)],
  ];
  assert.equal(nearest("Right", at(0, 0), boxes), "right");
  assert.equal(nearest("Down", at(0, 0), boxes), "below");
  assert.equal(nearest("Left", at(0, 0), boxes), null);
});
