// Lists of edits made for a gene: another promoter's chromatin, and the named recipes of chromolab/learn/edit/recipes.py.

import { parseRegion, Refusal, STEP } from "./edits.js";
import { shortest, STORED } from "./numbers.js";

/** @typedef {import("./gene.js").Gene} Gene */
/**
 * The heights that the recipes use, by mark, as Python has them.
 * @typedef {{active: string[], background: Record<string, number>, height: Record<string, number>,
 *   enhancer: Record<string, number>, scales: Record<string, string>}} Heights
 */

const USABLE = ["depth", "unknown"];
const bell = (x, centre, width) => Math.exp(-0.5 * ((x - centre) / width) ** 2);

/** numpy's round(value, 3): a tie goes to the even digit. */
function rounded(value) {
  const scaled = value * 1000,
    low = Math.floor(scaled),
    over = scaled - low;
  return (low + (over > 0.5 || (over === 0.5 && low % 2) ? 1 : 0)) / 1000;
}

const painted = (mark, place, depths, step = STEP) => ({ type: "Paint", ...place, mark, depths, step });
const level = (mark, place, depth) => painted(mark, place, [depth], place.end - place.start);

/** `width` bp around a gene's TSS, cut at the chromosome's start. */
function around({ row }, width) {
  const half = Math.floor(width / 2);
  return { chrom: row.chrom, start: Math.max(0, row.tss - half), end: row.tss + half };
}

function checkScale(mark, { scales }) {
  const scale = scales[mark] ?? "unknown";
  if (USABLE.includes(scale)) return;
  throw new Refusal(
    `recipes are in read depth, but ${mark} is ${scale} in this dataset: recalibrate it ` +
      "(cl.data.recalibrate), or write the edits yourself (cl.paint, cl.set_depth)",
  );
}

/** Those of the marks that the dataset has. */
function available(gene, marks, heights) {
  const own = gene.shared.marks,
    found = marks.filter((mark) => own.includes(mark));
  if (!found.length) {
    throw new Refusal(
      `this recipe changes ${marks.join(", ")}, the dataset has ${own.join(", ")}; write the edits ` +
        "yourself (cl.paint, cl.set_depth)",
    );
  }
  for (const mark of found) checkScale(mark, heights);
  return found;
}

function silence(gene, heights) {
  return available(gene, heights.active, heights).map((mark) =>
    level(mark, around(gene, 4000), heights.background[mark]),
  );
}

/** A peak at the TSS: share of a strong peak's height, half width in bp. */
function peak(gene, heights, mark, share, width) {
  available(gene, [mark], heights);
  const place = around(gene, 2 * STEP * Math.floor((3 * width) / STEP));
  const depths = Array.from({ length: Math.ceil((place.end - place.start) / STEP) }, (_, i) => {
    const x = place.start + i * STEP + STEP / 2 - gene.row.tss;
    return rounded(heights.background[mark] + share * heights.height[mark] * bell(x, 0, width));
  });
  return painted(mark, place, depths);
}

/** The same paint, but where a gene's depth in the window is higher already: there nothing is painted. */
function raised(gene, e) {
  const { depth, start } = gene.regions[gene.promoter],
    { marks, size, dtype } = gene.shared;
  const depths = e.depths.map((now, i) => {
    const there = depth[Math.floor((e.start + i * e.step - start) / size) * marks.length + marks.indexOf(e.mark)];
    return there >= STORED[dtype](now) ? null : now; // as it would be stored; without data: painted
  });
  return depths.some((d) => d !== null) ? [{ ...e, depths }] : [];
}

function bivalent(gene, heights) {
  const marks = available(gene, ["H3K9ac", "H3K27ac"], heights);
  const flat = marks.map((mark) => level(mark, around(gene, 4000), heights.background[mark]));
  const low = peak(gene, heights, "H3K4me3", 0.23, 700);
  return [...flat, low, ...raised(gene, peak(gene, heights, "H3K27me3", 0.8, 3000))];
}

function polycomb(gene, heights) {
  const [mark] = available(gene, ["H3K27me3"], heights),
    place = around(gene, 20000);
  const depths = new Array(Math.ceil((place.end - place.start) / STEP)).fill(rounded(0.54 * heights.height[mark]));
  return [...silence(gene, heights), ...raised(gene, painted(mark, place, depths))];
}

function enhancer(gene, heights) {
  available(gene, ["H3K27ac", "H3K4me1"], heights);
  const place = freePlace(gene),
    bins = Math.ceil((place.end - place.start) / STEP),
    { marks } = gene.shared;
  for (const mark of marks) if (mark in heights.height) checkScale(mark, heights);
  const paint = marks.map((mark) =>
    painted(
      mark,
      place,
      Array.from({ length: bins }, (_, i) => {
        const x = i - bins / 2 + 0.5,
          nucleosomes = bell(x, -4, 3) + bell(x, 4, 3);
        return rounded(
          (heights.background[mark] ?? 0) + (heights.enhancer[mark] ?? 0) * (heights.height[mark] ?? 0) * nucleosomes,
        );
      }),
    ),
  );
  return [{ type: "AddPcre", ...place, frequency: 3 }, ...paint];
}

/** The nearest 5 kb, from 60 kb on and upstream first, that overlap no region of the gene. */
function freePlace({ row, regions, shared }) {
  const length = Math.min(5000, shared.window); // the longest that a pCRE can be
  for (let away = 60000; away < 2000000; away += length) {
    for (const side of row.strand === "+" ? [-1, 1] : [1, -1]) {
      const start = Math.floor((row.tss + side * away) / STEP) * STEP;
      const apart = regions.every((r) => r.chrom !== row.chrom || r.start >= start + length || r.end <= start);
      if (start >= 0 && apart) return parseRegion(`${row.chrom}:${start}-${start + length}`);
    }
  }
  throw new Refusal("found no free place for an enhancer within 2 Mb; name one: add_enhancer(gene, 'chrom:start-end')");
}

/** @type {Record<string, (gene: Gene, heights: Heights) => import("./edits.js").Edit[]>} */
export const RECIPES = {
  "silence the promoter": silence,
  "make it bivalent": bivalent,
  "add an enhancer": enhancer,
  "Polycomb domain": polycomb,
};

/** Another promoter's marks painted over a gene's, aligned at the TSS and reversed if the strands differ. */
export function copyFrom(gene, other) {
  const { marks, size, window, dtype } = gene.shared,
    depth = other.promoterDepth(),
    m = marks.length,
    bins = window / size;
  const first = gene.row.tss - Math.floor(window / 2),
    before = first < 0 ? Math.floor(-first / size) : 0;
  return marks.map((mark, k) => {
    const along = Array.from({ length: bins }, (_, b) => depth[b * m + k]);
    if (gene.turned) along.reverse();
    const depths = along.slice(before).map((v) => (Number.isNaN(v) ? null : shortest(v, dtype)));
    const start = first + before * size;
    return painted(mark, { chrom: gene.row.chrom, start, end: start + depths.length * size }, depths, size);
  });
}
