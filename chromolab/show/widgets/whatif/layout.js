// ----- layout ------------------------------------------------------------------------------------------------------
// Columns: the promoter window among its pCREs, in their order on the genome; one of them is wide. Rows: arcs, heads,
// overlays, the marks, the gene with its axis. All in CSS pixels.

export const SIZE = {
  left: 104,
  right: 12,
  gap: 10,
  arcs: 92,
  head: 34,
  carried: 32,
  attention: 16,
  row: 42,
  gene: 36,
  axis: 34,
};

export class Layout {
  /** state: see Lab.take; wide: index of the wide region; view: {from, to} in bp of what it shows, or null for all. */
  constructor(width, state, wide, view, shown) {
    this.width = width;
    this.state = state;
    this.wide = wide;
    const order = state.regions.map((_, i) => i).sort((a, b) => this.middle(a) - this.middle(b));
    const room = width - SIZE.left - SIZE.right - SIZE.gap * (order.length - 1);
    const others = order.length - 1;
    const narrow = others ? Math.max(24, Math.min(84, (room * Math.min(0.5, 0.2 + 0.05 * others)) / others)) : 0;
    let x = SIZE.left;
    this.columns = order.map((index) => {
      const region = state.regions[index],
        w = index === wide ? room - narrow * others : narrow;
      const all = { from: region.start, to: region.end };
      const column = { index, region, x, w, ...(index === wide && view ? view : all) };
      x += w + SIZE.gap;
      return column;
    });
    this.carriedY = SIZE.arcs + SIZE.head;
    this.attentionY = this.carriedY + (shown.carried ? SIZE.carried : 0);
    this.top = this.attentionY + (shown.attention ? SIZE.attention + 8 : 0) + 4;
    this.bottom = this.top + SIZE.row * state.marks.length;
    this.height = this.bottom + SIZE.gene + SIZE.axis;
  }

  /** A region's position among the others, bp; for the window, that of the TSS. */
  middle(index) {
    const r = this.state.regions[index];
    return index === 0 ? this.state.gene.tss : (r.start + r.end) / 2;
  }

  column(index) {
    return this.columns.find((c) => c.index === index);
  }

  x(column, bp) {
    return column.x + ((bp - column.from) / (column.to - column.from)) * column.w;
  }

  /** The panel of one mark in one column. */
  cell(column, mark) {
    return { x: column.x, y: this.top + mark * SIZE.row + 4, w: column.w, h: SIZE.row - 5 };
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
    return [
      Math.max(0, Math.floor((column.from - start) / size)),
      Math.min(column.region.bins, Math.ceil((column.to - start) / size)) - 1,
    ];
  }

  /** The bin of a column under a pixel, kept within what is visible. */
  bin(column, x) {
    const bp = column.from + ((x - column.x) / column.w) * (column.to - column.from);
    const [first, last] = this.visible(column);
    return Math.max(first, Math.min(last, Math.floor((bp - column.region.start) / this.state.gene.bin_size)));
  }

  /** The arc of a contact as a half ellipse over the columns. */
  arc(column) {
    const own = this.column(0),
      tss = Math.max(own.x, Math.min(own.x + own.w, this.x(own, this.state.gene.tss)));
    const foot = column.x + column.w / 2,
      far = Math.max(...this.columns.map((c) => Math.abs(c.x + c.w / 2 - tss)));
    const height = 18 + (SIZE.arcs - 30) * (Math.abs(foot - tss) / far) ** 0.9;
    return { x: (tss + foot) / 2, rx: Math.max(1, Math.abs(foot - tss) / 2), ry: height, y: SIZE.arcs, foot, tss };
  }

  /** What is under a point: {on: "track" | "arc" | "head" | null, column, mark, bin}. */
  hit(x, y) {
    if (y < SIZE.arcs) return this.hitArc(x, y);
    const column = this.columns.find((c) => x >= c.x - SIZE.gap / 2 && x < c.x + c.w + SIZE.gap / 2);
    if (!column) return { on: null };
    if (y < this.carriedY) return { on: "head", column };
    const mark = Math.floor((y - this.top) / SIZE.row);
    if (y < this.top || mark >= this.state.marks.length) return { on: null, column };
    return { on: "track", column, mark, bin: this.bin(column, x) };
  }

  hitArc(x, y) {
    let best = { on: null },
      nearest = 9;
    for (const column of this.columns.filter((c) => c.index !== 0)) {
      const a = this.arc(column),
        t = (x - a.x) / a.rx;
      if (Math.abs(t) > 1.02) continue;
      const away = Math.abs(y - (a.y - a.ry * Math.sqrt(Math.max(0, 1 - t * t))));
      if (away < nearest) [best, nearest] = [{ on: "arc", column }, away];
    }
    return best;
  }
}
