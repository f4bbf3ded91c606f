// What counts as answered, and as the first try.

import assert from "node:assert/strict";
import { test } from "node:test";

import { begun, choose, said } from "../../../../chromolab/show/widgets/quiz/answers.js";

const question = (...right) => ({
  question: "?",
  read: "",
  choices: right.map((r) => ({ choice: "", why: "", right: r })),
});

test("a right answer counts, and as a first try only if nothing else was tried before", () => {
  const answers = begun([question(true, false), question(false, true)]);
  assert.equal(said(answers), "2 questions. Choose an answer to each.");
  choose(answers, 0, 0);
  choose(answers, 1, 0);
  assert.equal(said(answers), "1 of 2 answered, 1 at the first try.");
  choose(answers, 1, 1);
  assert.equal(said(answers), "2 of 2 answered, 1 at the first try.");
});

test("who reads the other reasons after the right one loses nothing", () => {
  const answers = begun([question(true, false)]);
  for (const choice of [0, 0, 1]) choose(answers, 0, choice);
  assert.equal(said(answers), "1 of 1 answered, 1 at the first try.");
});
