// local/numbers and local/edits: what must be Python's to the last bit, and texts as Python writes them.

import assert from "node:assert/strict";
import { test } from "node:test";

const LOCAL = "../../../../../chromolab/show/widgets/whatif/local";
const { float, general, half, halves, pairwise, quoted, segment, shortest } = await import(`${LOCAL}/numbers.js`);
const { calls, editsOf, entries, inWords, parseRegion, Refusal } = await import(`${LOCAL}/edits.js`);

test("sums are added in numpy's order", () => {
  const values = Array.from({ length: 300 }, (_, i) => Math.fround(Math.sin(i + 1) * 10 ** ((i % 7) - 3)) / 3);
  // numpy: v.sum() and np.add.reduceat(v, [0])[0] of the first n
  const known = {
    7: [206.24100799193062, 206.24100799193062],
    100: [800.842094836566, 800.8420948365663],
    300: [194.07544708606747, 194.07544708606736],
  };
  for (const [n, [sum, reduced]] of Object.entries(known)) {
    assert.equal(pairwise(values, 0, Number(n)), sum);
    assert.equal(segment(values, 0, Number(n)), reduced);
  }
});

test("float16 rounds to the nearest, ties to even, and every one comes back", () => {
  assert.deepEqual([1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519.9, 65520, 2 ** -25, -0.1].map(half), [1, 1 + 2 ** -9, 65504, Infinity, 0, -0.0999755859375]);
  const words = Uint16Array.from({ length: 31744 }, (_, i) => i);
  const numbers = halves(new Uint8Array(words.buffer));
  assert.ok(numbers.every((v, i) => half(v) === v && (i === 0 || v > numbers[i - 1])));
});

test("numbers and texts are written as Python writes them", () => {
  assert.deepEqual([1, 0.1, 1e-5, 123456789, 1e16, 2.5e-7, -0].map(float), ["1.0", "0.1", "1e-05", "123456789.0", "1e+16", "2.5e-07", "-0.0"]);
  assert.deepEqual([0.5, 1e-5, 123456.5, 1234567, 2.5, 272.5].map((v) => general(v)), ["0.5", "1e-05", "123456", "1.23457e+06", "2.5", "272.5"]);
  assert.deepEqual([272.5, 0.125, 1625].map((v) => general(v, 2)), ["2.7e+02", "0.12", "1.6e+03"]);
  assert.deepEqual(["a", "it's", `both ' and "`, "a\\b\n"].map(quoted), ["'a'", `"it's"`, `'both \\' and "'`, "'a\\\\b\\n'"]);
  assert.deepEqual([Math.fround(0.1), Math.fround(319.63)].map((v) => shortest(v, "float32")), [0.1, 319.63]);
});

test("edits are read, written as JSON and Python, and said in words", () => {
  const given = [
    { kind: "erase", mark: "H3K27ac", region: "chr1:1000-3000" },
    { kind: "set_depth", mark: "A", region: "chr1:0-500", depth: 3 },
    { kind: "paint", mark: "A", region: "chr1:0-250", values: [1, null, 0.5], step: 100 },
    { kind: "add_pcre", region: "chr2:5-10", frequency: 2.5 },
  ];
  const edits = editsOf(given);
  assert.deepEqual(entries(edits).map((line) => JSON.parse(line)), given);
  assert.equal(entries(edits)[2], '{"kind": "paint", "mark": "A", "region": "chr1:0-250", "values": [1.0, null, 0.5], "step": 100}');
  assert.equal(calls(edits)[2], 'cl.paint("A", "chr1:0-250", [1.0, None, 0.5])');
  assert.deepEqual(edits.map(inWords), [
    "H3K27ac erased, chr1:1,000-3,000", "A set to 3, chr1:0-500", "A painted, chr1:0-250", "contact added, frequency 2.5, chr2:5-10",
  ]);
});

test("what is no edit is refused in words, as by Python", () => {
  const wrong = (entry) => {
    try {
      editsOf([entry]);
    } catch (error) {
      assert.ok(error instanceof Refusal);
      return error.message;
    }
    return assert.fail("taken");
  };
  assert.match(wrong({ kind: "scale", mark: "A", region: "chr1:9-3", factor: 1 }), /edit 1 \(scale\): region 'chr1:9-3' is empty or reversed/);
  assert.match(wrong({ kind: "scale", mark: "A", region: "chr1:3-9", factor: -1 }), /factor is -1; it cannot be negative/);
  assert.match(wrong({ kind: "scale", mark: "A", region: "chr1:3-9" }), /has \['mark', 'region'\]; expected mark, region, factor/);
  assert.match(wrong({ kind: "constructor" }), /kind is 'constructor'; expected one of scale/);
  assert.match(wrong(null), /kind is None/);
  assert.match(wrong({ kind: "paint", mark: "A", region: "chr1:0-300", values: [1], step: 100 }), /1 values for chr1:0-300, which has 3 steps/);
  assert.deepEqual(parseRegion("chr1:1,000-2_000"), { chrom: "chr1", start: 1000, end: 2000 });
});
