// Where bins lie on the genome, and what their axis says.

import assert from "node:assert/strict";
import { test } from "node:test";

import { axisOf, genomeOf } from "../../../../chromolab/show/widgets/glassbox/plan.js";

const window_ = { chrom: "chr1", start: 10_000, end: 14_000, tss: 12_000 };
const pcres = [{ chrom: "chr2", start: 5_000, end: 5_900 }];
const box = { x: 100, y: 0, w: 400, h: 50 };

test("distances from the TSS run along the gene, whichever way its bins run", () => {
  for (const strand of ["+", "-"])
    for (const place of ["promoter", "chromosome"]) {
      const genome = genomeOf(place, 4, 1000, { ...window_, strand, pcres }, 0);
      for (let i = 0; i < 4; i++) {
        const [start, end] = genome.bases(i);
        const downstream = strand === "+" ? (start + end) / 2 - 12_000 : 12_000 - (start + end) / 2;
        assert.equal(genome.kb(i + 0.5), downstream / 1000);
        assert.ok(genome.said(i)[0].startsWith(downstream > 0 ? "+" : "−"));
        assert.ok(genome.said(i)[0].endsWith("kb from the TSS"));
      }
      assert.match(genome.title, /^kb from the TSS/);
    }
});

test("the axis of an element spans the element and never its padding", () => {
  const genome = genomeOf("pcre", 40, 100, { ...window_, strand: "-", pcres }, 0); // 9 bins of 40
  const axis = axisOf(box, 40, genome);
  assert.equal(axis.from, 100 + 16 * 10);
  assert.equal(axis.to, 100 + 25 * 10);
  for (const { x } of axis.ticks) assert.ok(x >= axis.from && x <= axis.to);
  assert.equal(axis.span, "chr2:5,000-5,900"); // of the element's own chromosome
  for (const i of [0, 15, 25, 39]) {
    assert.equal(genome.bases(i), null);
    assert.deepEqual(genome.said(i), ["padding: no place"]);
  }
  assert.deepEqual(genome.bases(16), [5_000, 5_100]);
});
