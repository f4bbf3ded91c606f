// shared/genes: Enter never chooses a gene that another text found.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { GeneSearch } from "../../../../chromolab/show/widgets/shared/genes.js";

const gene = (name) => ({ gene_id: `ID-${name}`, gene_name: name, cell_types: ["c"] });

function typing() {
  const asked = [],
    chosen = [];
  const search = new GeneSearch(
    (text) => asked.push(text),
    (g) => chosen.push(g.gene_name),
  );
  return { search, asked, chosen };
}

test("Enter before the answer waits for it, and an answer to an older text is not taken", () => {
  const { search, asked, chosen } = typing();
  search.type("Gene");
  search.type("Gene250");
  search.enter();
  assert.deepEqual(asked, ["Gene250"]);
  search.answered("Gene", [gene("Gene1")]);
  assert.deepEqual(chosen, []);
  search.answered("Gene250", [gene("Gene2501"), gene("Gene250")]);
  assert.deepEqual(chosen, ["Gene250"]); // of that very name, though not the first
  assert.deepEqual(search.found.value, []);
});

test("typing is asked once after a pause, and choosing stops what was about to be asked", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { search, asked } = typing();
  search.type("a");
  search.type("ab");
  mock.timers.tick(1000);
  assert.deepEqual(asked, ["ab"]);
  search.answered("ab", [gene("ab")]);
  search.type("abc");
  search.pick(gene("ab"));
  mock.timers.tick(1000);
  assert.deepEqual(asked, ["ab"]);
  mock.timers.reset();
});

test("an unknown text is answered in words, and the box goes back to the gene shown", () => {
  const { search, chosen } = typing();
  search.type("zzzz");
  search.enter();
  search.answered("zzzz", []);
  assert.match(search.problem.value, /zzzz/);
  assert.deepEqual(chosen, []);
  search.rest("Gene107");
  assert.deepEqual([search.text.value, search.problem.value], ["Gene107", ""]);
});

test("arrow keys go round the list, and Enter takes the one marked", () => {
  const { search, chosen } = typing();
  search.type("gene");
  search.answered("gene", ["a", "b", "c"].map(gene));
  search.move(-1);
  search.move(-1);
  search.enter();
  assert.deepEqual(chosen, ["b"]);
});
