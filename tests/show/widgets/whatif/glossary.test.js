// The words of the glossary in a text: each where it stands first, whole, the longer one before the shorter.

import assert from "node:assert/strict";
import { test } from "node:test";

import { split } from "../../../../chromolab/show/widgets/whatif/glossary.js";

const marked = (text, words) => split(text, words).map(({ said, word }) => (word ? `[${said}=${word}]` : said)).join("");

test("words are found whole, in any case, in singular and plural, once each", () => {
  const words = ["promoter", "bivalent promoter", "pCRE", "fold", "RPKM"];
  assert.equal(marked("Bivalent promoters: two pCREs, no pCRE", words), "[Bivalent promoters=bivalent promoter]: two [pCREs=pCRE], no pCRE");
  assert.equal(marked("log2(RPKM + 1), tenfold and 2-fold", words), "log2([RPKM=RPKM] + 1), tenfold and 2-fold");
});

test("a text without words, and no words at all, are left as they are", () => {
  assert.deepEqual(split("as it is", []), [{ said: "as it is", word: null }]);
  assert.equal(marked("C++ (a.b)", ["a.b", "C++"]), "[C++=C++] ([a.b=a.b])");
  assert.equal(marked("axb", ["a.b"]), "axb");
});
