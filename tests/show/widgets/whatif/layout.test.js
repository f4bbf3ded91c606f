// whatif/layout, state, view: where things lie, in which direction, and what is under the pointer.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Layout, SIZE } from "../../../../chromolab/show/widgets/whatif/layout.js";
import { highest, meanOf } from "../../../../chromolab/show/widgets/whatif/overlays.js";
import { State, mergeRequests } from "../../../../chromolab/show/widgets/whatif/state.js";
import { panned, showing, zoomed } from "../../../../chromolab/show/widgets/whatif/view.js";

const MARKS = ["A", "B"].map((name) => ({ name, colour: "#123456" }));

function region(start, end, rank, more = {}) {
  return { chrom: "chr1", start, end, offset: 0, bins: Math.ceil((end - start) / 100), row: rank, rank, ...more };
}

/** A gene at 50 kb with a contact on either side and one on another chromosome. */
function state(strand = "+") {
  const s = new State(MARKS);
  s.gene = { gene_id: "G1", gene_name: "G1", cell_type: "c", chrom: "chr1", tss: 50_000, strand, bin_size: 100 };
  s.regions = [
    region(30_000, 70_000, 0),
    region(500_000, 504_000, 1, { frequency: 2, now: 2 }),
    region(10_000, 12_050, 2, { frequency: 1, now: null }),
  ];
  const other = {
    gene_id: "G2",
    name: "G2",
    strand: "+",
    tss: 66_000,
    start: 66_000,
    end: 69_000,
    exons: null,
    own: false,
  };
  s.neighbours = [{ genes: [other], fragments: [] }];
  s.tops = [10, 10];
  s.before = s.after = new Float32Array(0);
  return s;
}

const laid = (s = state(), wide = 0, view = null) =>
  new Layout(600, s, wide, view, { carried: true, attention: false });

test("columns stand in genomic order and fill the width without overlap", () => {
  const { columns, left, width } = laid();
  assert.deepEqual(
    columns.map((c) => c.index),
    [2, 0, 1],
  );
  assert.equal(columns[0].x, left);
  columns.slice(1).forEach((c, i) => assert.ok(Math.abs(c.x - (columns[i].x + columns[i].w + SIZE.gap)) < 1e-9));
  const last = columns.at(-1);
  assert.ok(Math.abs(last.x + last.w + SIZE.right - width) < 1e-9);
});

test("pixels and bins answer each other, also in a part of the region", () => {
  for (const view of [null, { from: 40_000, to: 44_000 }]) {
    const layout = laid(state(), 0, view),
      column = layout.column(0),
      [first, last] = layout.visible(column);
    for (const bin of [first, first + 7, last]) {
      const middle = (layout.edge(column, bin) + layout.edge(column, bin + 1)) / 2;
      assert.equal(layout.bin(column, middle), bin);
    }
    assert.equal(layout.bin(column, -1e6), first);
    assert.equal(layout.bin(column, 1e6), last);
  }
});

test("what is under a point: a track, a title, a neighbouring gene; at the TSS no arc", () => {
  const layout = laid(),
    own = layout.column(0),
    cell = layout.cell(own, 1);
  const track = layout.hit(own.x + 5, cell.y + 3);
  assert.deepEqual([track.on, track.mark, track.column.index], ["track", 1, 0]);
  assert.equal(layout.hit(own.x + 5, layout.arcs + 5).on, "head");
  const ruler = layout.hit(layout.x(own, 67_000), layout.bottom + 20);
  assert.deepEqual([ruler.on, ruler.gene.gene_id], ["ruler", "G2"]);
  const arc = layout.arc(layout.column(1));
  assert.equal(layout.hit(arc.x, arc.y - arc.ry).on, "arc");
  assert.equal(layout.hit(arc.tss, layout.arcs - 1).on, null);
});

test("bp that no column shows are counted, and no arcs leave no empty rows", () => {
  const layout = laid();
  assert.deepEqual(
    layout.columns.map((c) => layout.leftOut(c)),
    [30_000 - 12_050, 500_000 - 70_000, 0],
  );
  const alone = state();
  alone.regions = alone.regions.slice(0, 1);
  assert.ok(laid(alone).arcs < 10);
});

test("distances are read along the gene, on either strand", () => {
  assert.equal(state("+").kb(66_000), 16);
  assert.equal(state("-").kb(66_000), -16);
});

test("zooming keeps the place under the pointer, and panning stays inside", () => {
  const all = { start: 0, end: 40_000 };
  const near = zoomed(null, all, 4, 10_000, 2_000);
  assert.deepEqual(near, { from: 7_500, to: 17_500 });
  assert.equal((10_000 - near.from) / (near.to - near.from), 0.25);
  assert.equal(zoomed(near, all, 1 / 8, 10_000, 2_000), null);
  const least = zoomed(near, all, 1e6, 10_000, 2_000);
  assert.ok(Math.abs(least.to - least.from - 2_000) < 1e-6);
  assert.deepEqual(panned(near, all, -1e6), { from: 0, to: 10_000 });
  assert.deepEqual(panned(near, all, 1e6), { from: 30_000, to: 40_000 });
  assert.equal(panned(null, all, 5), null);
  assert.equal(showing(near, all, 8_000), near);
  assert.deepEqual(showing(near, all, 30_000), { from: 25_000, to: 35_000 });
});

test("waiting actions become one request without the drafts that a later one replaces", () => {
  const act = (...actions) => ({ kind: "act", actions });
  const merged = mergeRequests(
    act({ do: "undo" }, { do: "add", draft: true, edits: [1] }),
    act({ do: "add", edits: [2] }),
  );
  assert.deepEqual(merged.actions, [{ do: "undo" }, { do: "add", edits: [2] }]);
  assert.equal(mergeRequests(act({ do: "undo" }), { kind: "settle" }), null);
  assert.equal(mergeRequests({ kind: "search", box: 0, text: "a" }, { kind: "search", box: 1, text: "b" }), null);
  assert.equal(mergeRequests({ kind: "search", box: 0, text: "a" }, { kind: "search", box: 0, text: "b" }).text, "b");
});

test("a whole gene stands behind its window as the gene is read, and shares no arc and no gap with it", () => {
  for (const strand of ["+", "-"]) {
    const s = state(strand),
      [start, end] = strand === "+" ? [26_000, 130_000] : [-30_000, 74_000];
    s.regions.push(region(start, end, null));
    s.gene.bins = [[start, end]];
    const layout = laid(s),
      order = layout.columns.map((c) => c.index);
    assert.deepEqual(order, strand === "+" ? [2, 0, 3, 1] : [2, 3, 0, 1]);
    const [gene, window] = [layout.column(3), layout.column(0)];
    assert.ok(gene.w > layout.column(1).w && gene.w < window.w); // wider than a pCRE, and the window is the wide one
    assert.equal(laid(s, 3).column(3).w > laid(s, 3).column(0).w, true);
    const last = layout.columns.at(-1);
    assert.ok(Math.abs(last.x + last.w + SIZE.right - layout.width) < 1e-9);
    assert.equal(layout.leftOut(strand === "+" ? window : gene), 0); // the genome goes on in the next column
    assert.equal(layout.leftOut(strand === "+" ? gene : window), 500_000 - (strand === "+" ? 130_000 : 74_000));
    assert.equal(layout.height, laid(state(strand)).height + SIZE.bins);
  }
});

test("bins that share a pixel are drawn as one: the highest, and the mean of what is known", () => {
  const few = laid(),
    s = state();
  s.regions[0] = region(30_000, 30_000 + 100 * 4000, 0);
  const many = laid(s);
  assert.equal(few.pool(few.column(0)), Math.max(1, Math.floor(400 / few.column(0).w)));
  assert.equal(many.pool(many.column(0)), Math.floor(4000 / many.column(0).w));
  assert.ok(many.pool(many.column(0)) > 5);
  assert.deepEqual([...highest([1, 5, NaN, 2, NaN, NaN, 7], 2)], [5, 2, NaN, 7]);
  assert.equal(meanOf([9, 1, NaN, 3, 9], 1, 4), 2);
  assert.ok(Number.isNaN(meanOf([NaN, NaN], 0, 2)));
});
