// Where everything on the tracks' canvas lies. Columns: the promoter window among its pCREs, in their order on the
// genome; one of them is wide. Rows: arcs, heads, overlays, the marks, genes with the axis. All in CSS pixels.

/**
 * @typedef {import("./state.js").Region} Region
 * @typedef {{index: number, region: Region, x: number, w: number, from: number, to: number}} Column
 * @typedef {{on: "track" | "arc" | "head" | "ruler" | "label" | null, column?: Column, mark?: number, bin?: number, bp?: number,
 *   gene?: {[name: string]: any}}} Hit
 */

import { isPcre } from "./state.js";

export const SIZE = {
  right: 8,
  gap: 9,
  arcs: 62,
  head: 32,
  carried: 30,
  attention: 20,
  row: 36,
  genes: 46,
  bins: 18,
  axis: 34,
};
const GENE = 0.28; // share of the width that the whole gene has beside the wide column
const AT_TSS = 12; // px beside the TSS where all arcs meet, and a click means none of them

export class Layout {
  /**
   * @param {number} width
   * @param {import("./state.js").State} state
   * @param {number} wide  Index of the wide region.
   * @param {import("./view.js").View | null} view  What it shows; null: all.
   * @param {{carried: boolean, attention: boolean}} shown
   */
  constructor(width, state, wide, view, shown) {
    this.width = width;
    this.state = state;
    this.wide = wide;
    this.left = width < 480 ? 66 : 92;
    const order = state.regions.map((_, i) => i).sort((a, b) => this.middle(a) - this.middle(b));
    const room = width - this.left - SIZE.right - SIZE.gap * (order.length - 1),
      gene = state.regions.findIndex((r) => r.rank === null),
      aside = gene >= 0 && gene !== wide ? GENE * room : 0,
      others = order.length - (aside ? 2 : 1);
    const share = Math.min(0.46, 0.2 + 0.05 * others);
    const narrow = others ? Math.max(14, Math.min(84, ((room - aside) * share) / others)) : 0;
    let x = this.left;
    /** @type {Column[]} */
    this.columns = order.map((index) => {
      const region = state.regions[index],
        w = index === wide ? room - aside - narrow * others : index === gene ? aside : narrow;
      const all = { from: region.start, to: region.end };
      const column = { index, region, x, w, ...(index === wide && view ? view : all) };
      x += w + SIZE.gap;
      return column;
    });
    this.arcs = state.regions.some(isPcre) ? SIZE.arcs : 4;
    this.carriedY = this.arcs + SIZE.head;
    this.attentionY = this.carriedY + (shown.carried ? SIZE.carried : 0);
    this.top = this.attentionY + (shown.attention ? SIZE.attention : 0) + 2;
    this.bottom = this.top + SIZE.row * state.marks.length;
    this.axis = this.bottom + SIZE.genes + (state.gene.bins ? SIZE.bins : 0) - 8;
    this.height = this.axis + 8 + SIZE.axis;
  }

  /** A region's position among the others, bp; for the window, that of the TSS, and a whole gene follows its window. */
  middle(index) {
    const r = this.state.regions[index],
      { tss } = this.state.gene;
    return isPcre(r) ? (r.start + r.end) / 2 : r.rank === null ? tss + this.state.direction : tss;
  }

  column(index) {
    return this.columns.find((c) => c.index === index);
  }

  x(column, bp) {
    return column.x + ((bp - column.from) / (column.to - column.from)) * column.w;
  }

  bp(column, x) {
    return column.from + ((x - column.x) / column.w) * (column.to - column.from);
  }

  /** The panel of one mark in one column. */
  cell(column, mark) {
    return { x: column.x, y: this.top + mark * SIZE.row + 3, w: column.w, h: SIZE.row - 4 };
  }

  /** The whole row of one mark with its name: what changes during a stroke. */
  row(mark) {
    return { x: 0, y: this.top + mark * SIZE.row, w: this.width, h: SIZE.row, mark };
  }

  /** Left edge of a bin, also of the one after the last. */
  edge(column, bin) {
    return this.x(column, Math.min(column.region.start + bin * this.state.gene.bin_size, column.region.end));
  }

  /** First and last visible bin of a column. */
  visible(column) {
    const size = this.state.gene.bin_size,
      start = column.region.start;
    const last = Math.min(column.region.bins, Math.ceil((column.to - start) / size)) - 1;
    return [Math.max(0, Math.floor((column.from - start) / size)), last];
  }

  /** How many bins of a column are drawn as one, because a pixel holds so many. */
  pool(column) {
    return Math.max(1, Math.floor((column.to - column.from) / this.state.gene.bin_size / column.w));
  }

  /** The bin of a column under a pixel, kept within what is visible. */
  bin(column, x) {
    const [first, last] = this.visible(column);
    const bin = Math.floor((this.bp(column, x) - column.region.start) / this.state.gene.bin_size);
    return Math.max(first, Math.min(last, bin));
  }

  /** bp between this column and the next on its right that no column shows; null on another chromosome. */
  leftOut(column) {
    const at = this.columns.indexOf(column) + 1,
      next = this.columns[at];
    if (!next) return 0;
    if (next.region.chrom !== column.region.chrom) return null;
    const here = ({ region }) => region.chrom === column.region.chrom; // columns may overlap: a gene and its window
    const from = Math.max(
      ...this.columns
        .slice(0, at)
        .filter(here)
        .map((c) => c.region.end),
    );
    return Math.max(
      0,
      Math.min(
        ...this.columns
          .slice(at)
          .filter(here)
          .map((c) => c.region.start),
      ) - from,
    );
  }

  /** The arc of a contact as a half ellipse over the columns. */
  arc(column) {
    const own = this.column(0),
      tss = Math.max(own.x, Math.min(own.x + own.w, this.x(own, this.state.gene.tss)));
    const foot = column.x + column.w / 2,
      far = Math.max(...this.columns.map((c) => Math.abs(c.x + c.w / 2 - tss)));
    const height = 14 + (this.arcs - 24) * (Math.abs(foot - tss) / far) ** 0.9;
    return { x: (tss + foot) / 2, rx: Math.max(1, Math.abs(foot - tss) / 2), ry: height, y: this.arcs, foot, tss };
  }

  /**
   * What is under a point.
   * @returns {Hit}
   */
  hit(x, y) {
    if (y < this.arcs) return this.hitArc(x, y);
    if (x < this.left - SIZE.gap / 2 && y >= this.top && y < this.bottom)
      return { on: "label", mark: Math.floor((y - this.top) / SIZE.row) };
    const column = this.columns.find((c) => x >= c.x - SIZE.gap / 2 && x < c.x + c.w + SIZE.gap / 2);
    if (!column) return { on: null };
    if (y < this.carriedY) return { on: "head", column };
    if (y >= this.bottom) return { on: "ruler", column, bp: this.bp(column, x), gene: this.gene(column, x, y) };
    const mark = Math.floor((y - this.top) / SIZE.row);
    if (y < this.top || mark >= this.state.marks.length) return { on: null, column };
    return { on: "track", column, mark, bin: this.bin(column, x) };
  }

  /** The gene drawn under a point below the tracks. */
  gene(column, x, y) {
    const lane =
      y < this.bottom + SIZE.genes ? this.genes(column).find((g) => x >= g.left - 3 && x <= g.right + 3) : null;
    return lane ? lane.gene : null;
  }

  /** The genes of a column with their ends in pixels, the shown one last, so that it lies on top. */
  genes(column) {
    const known = column.region.added ? [] : this.state.neighbours[column.index]?.genes || [];
    return known
      .map((gene) => ({
        gene,
        left: Math.max(column.x, this.x(column, gene.start)),
        right: Math.min(column.x + column.w, this.x(column, gene.end)),
      }))
      .filter((g) => g.right > g.left)
      .sort((a, b) => Number(a.gene.own) - Number(b.gene.own));
  }

  hitArc(x, y) {
    /** @type {Hit} */
    let best = { on: null };
    let nearest = 7;
    for (const column of this.columns.filter((c) => isPcre(c.region))) {
      const a = this.arc(column),
        t = (x - a.x) / a.rx;
      if (Math.abs(t) > 1.02 || Math.abs(x - a.tss) < AT_TSS) continue;
      const away = Math.abs(y - (a.y - a.ry * Math.sqrt(Math.max(0, 1 - t * t))));
      if (away < nearest) [best, nearest] = [{ on: "arc", column }, away];
    }
    return best;
  }
}
