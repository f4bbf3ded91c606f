// Strokes of the pen over a track: values, and the edit that they are.

export const round2 = (v) => Number(v.toFixed(2));

/** One movement of the pen over one track. It is an edit at any time, and a draft until the pen is lifted. */
export class Stroke {
  /**
   * @param {import("./state.js").State} state
   * @param {{tool: string, reach: number, factor: number}} pen  `reach` in bins.
   * @param {import("./state.js").Region} region
   * @param {number} mark
   * @param {number} bin  Where the pen came down.
   */
  constructor(state, pen, region, mark, bin) {
    this.state = state;
    this.pen = pen;
    this.region = region;
    this.mark = mark;
    this.top = state.tops[mark]; // stays, although painting may raise the panel's
    /** @type {Map<number, number>} */
    this.values = new Map();
    this.low = this.high = bin;
    this.answered = false; // whether Python has answered a draft of it
    /** @type {{bin: number, value: number} | null} */
    this.last = null;
    this.base = state.track(state.after, region, mark); // the track when the pen came down
  }

  /** The pen is over a bin, at a height (0..1 of the panel). */
  to(bin, height) {
    const value = round2(Math.max(0, Math.min(1, height)) * this.top);
    const from = this.last || { bin, value };
    const steps = Math.max(1, Math.abs(bin - from.bin)),
      { reach, tool } = this.pen;
    for (let s = 0; s <= steps; s++) {
      // no gaps where the pen moved fast
      const middle = Math.round(from.bin + ((bin - from.bin) * s) / steps);
      const v = round2(from.value + ((value - from.value) * s) / steps);
      for (let b = middle - Math.floor((reach - 1) / 2); b <= middle + Math.ceil((reach - 1) / 2); b++) {
        if (b >= 0 && b < this.region.bins) this.values.set(b, v);
      }
    }
    this.last = { bin, value };
    this.low = tool === "paint" ? Math.min(...this.values.keys()) : Math.min(this.low, bin);
    this.high = tool === "paint" ? Math.max(...this.values.keys()) : Math.max(this.high, bin);
    this.apply();
  }

  /** Draw it into the page's own copy of the depth, until Python answers. */
  apply() {
    const { tool, factor } = this.pen;
    for (let b = this.low; b <= this.high; b++) {
      const old = this.base[b];
      const times = tool === "scale" ? factor : 0;
      const v = tool === "paint" ? this.values.get(b) : Number.isFinite(old) ? old * times : old;
      this.state.set(this.region, b, this.mark, v);
    }
  }

  /** The edit, as in a file of edits. */
  edit() {
    const mark = this.state.marks[this.mark].name,
      place = this.state.place(this.region, this.low, this.high);
    if (this.pen.tool === "erase") return { kind: "erase", mark, region: place };
    if (this.pen.tool === "scale") return { kind: "scale", mark, region: place, factor: this.pen.factor };
    const values = [];
    for (let b = this.low; b <= this.high; b++) values.push(this.values.get(b));
    return { kind: "paint", mark, region: place, values, step: this.state.gene.bin_size };
  }
}

/**
 * Key presses that raise or lower a selection by twentieths of its panel. Presses add up from where the first of them
 * began, however late Python's answers come.
 */
export class Raising {
  /**
   * @param {string} place
   * @param {number[]} base
   * @param {number} step
   */
  constructor(place, base, step) {
    this.place = place;
    this.base = base.map((v) => (Number.isFinite(v) ? v : 0));
    this.step = step;
    this.steps = 0;
  }

  /** The values after further steps; steps below zero everywhere are not counted. */
  by(steps) {
    const lowest = -Math.ceil(Math.max(...this.base) / this.step);
    this.steps = Math.max(lowest, this.steps + steps);
    return this.base.map((v) => round2(Math.max(0, v + this.steps * this.step)));
  }
}
