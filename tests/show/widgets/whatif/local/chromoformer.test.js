// local/products and local/chromoformer: both ways to multiply agree, and gradients are those of small steps.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { sessionOf } from "./replay.mjs";

const LOCAL = "../../../../../chromolab/show/widgets/whatif/local";
const { Arena } = await import(`${LOCAL}/products.js`);
const { contentOf } = await import(`${LOCAL}/depth.js`);

const [{ page }] = JSON.parse(readFileSync(new URL("conversations.json", import.meta.url), "utf8"));

test("products by WebAssembly and in plain JavaScript are those of the definition, for any size", () => {
  const [fast, plain] = [new Arena(), new Arena(true)];
  assert.ok(fast.wasm && !plain.wasm);
  for (const [rows, columns] of [[1, 1], [3, 7], [400, 8], [5, 33], [300, 300], [2, 5000]]) {
    const values = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * 1.7));
    const x = Float32Array.from({ length: columns }, (_, i) => Math.cos(i)), y = Float32Array.from({ length: rows }, (_, i) => Math.cos(3 * i));
    for (const arena of [fast, plain]) {
      for (const matrix of [arena.keep(values, columns), arena.lend(values, columns)]) {
        const product = arena.times(matrix, x), mixed = arena.mixed(matrix, y);
        assert.deepEqual([product.length, mixed.length], [rows, columns]);
        product.forEach((got, r) => {
          const sum = x.reduce((s, v, c) => s + v * values[r * columns + c], 0);
          assert.ok(Math.abs(got - sum) < 1e-3, `${rows} x ${columns}: ${got}, not ${sum}`);
        });
        mixed.forEach((got, c) => {
          const sum = y.reduce((s, v, r) => s + v * values[r * columns + c], 0);
          assert.ok(Math.abs(got - sum) < 1e-3, `${rows} x ${columns}: ${got}, not ${sum}`);
        });
        if (rows > 2) assert.deepEqual([...arena.times(matrix, x, 1, 2)], [...product.slice(1, 3)]);
      }
    }
  }
});

test("gradients are the slopes of small steps, at every resolution, in the window and in pCREs", () => {
  const session = sessionOf(page), { gene, reader, models } = session;
  assert.ok(gene.pcre.length);
  for (const model of Object.values(models).flat()) {
    const read = reader.read(gene, model), step = 0.01;
    model.gradients(read).forEach(({ resolution, window, pcres }) => {
      const strips = [[read.window.strips[resolution], window], ...pcres.map((by, i) => [read.pcres[i].strips[resolution], by])];
      for (const [strip, slopes] of strips) {
        const at = slopes.reduce((best, v, i) => (Math.abs(v) > Math.abs(slopes[best]) ? i : best), 0), kept = strip.features[at];
        const level = (value) => {
          strip.features[at] = value;
          const { out } = model.run(read, false);
          strip.features[at] = kept;
          return out.length === 2 ? out[1] - out[0] : out[0];
        };
        const slope = (level(kept + step) - level(kept - step)) / (2 * step);
        assert.ok(Math.abs(slope - slopes[at]) < 2e-4 + 0.02 * Math.abs(slope), `${resolution}: ${slopes[at]}, not ${slope}`);
      }
    });
  }
});

test("what a region holds has a name that changes with any of its numbers", () => {
  const region = { depth: new Float64Array(40).fill(1), covered: new Int32Array(40).fill(100) }, names = new Set([contentOf(region)]);
  for (let i = 0; i < 40; i++) {
    region.depth[i] = 1 + 2 ** -40;
    names.add(contentOf(region));
    region.depth[i] = 1;
    region.covered[i] = 99;
    names.add(contentOf(region));
    region.covered[i] = 100;
  }
  assert.equal(names.size, 81);
});

test("what was computed is used again, and gives the same numbers as afresh", () => {
  const session = sessionOf(page), { gene } = session, { chrom, start, end } = gene.regions[gene.pcre[0]];
  const edit = { kind: "erase", mark: session.shared.marks[0], region: `${chrom}:${start}-${end}` };
  session.act([{ do: "add", edits: [edit] }]);
  const models = Object.values(session.models).flat(), asked = models.map((model) => model.answers.size);
  const after = session.predicted(session.edited);
  const again = models.map((model, i) => model.answers.size - asked[i]);
  assert.deepEqual(again, models.map((model) => model.config.resolutions.length));
  const fresh = sessionOf(page);
  fresh.act([{ do: "add", edits: [edit] }]);
  for (const model of Object.values(fresh.models).flat()) model.key = null;
  assert.deepEqual(fresh.predicted(fresh.edited), after);
});
