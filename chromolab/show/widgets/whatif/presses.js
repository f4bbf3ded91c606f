// What keys and buttons do to the selection and to contacts. Presses add up, however late the answers come.

import { isPcre } from "./state.js";
import { Raising, round2 } from "./strokes.js";

export class Presses {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    /** @type {Raising | null} */
    this.raising = null;
    /** @type {{index: number, frequency: number} | null} */
    this.nudging = null;
  }

  /** All is answered: the next press begins from there. */
  rest() {
    this.raising = this.nudging = null;
  }

  /** Another kind of action ends the nudging. */
  before(action) {
    if (action.do !== "put") this.nudging = null;
  }

  /** Paint the selection higher or lower by twentieths of the panel. */
  raise(steps) {
    const { lab } = this,
      { state } = lab,
      t = lab.target(),
      { mark, region } = lab.targetPlace(),
      place = `${mark} ${region}`;
    if (this.raising?.place !== place) {
      const now = state.track(state.after, t.region, t.mark).slice(t.low, t.high + 1);
      this.raising = new Raising(place, Array.from(now), state.tops[t.mark] / 20);
    }
    const edit = { kind: "paint", mark, region, values: this.raising.by(steps), step: state.gene.bin_size };
    lab.act({ do: "put", edits: [edit] });
  }

  erase() {
    this.lab.act({ do: "add", edits: [{ kind: "erase", ...this.lab.targetPlace() }] });
  }

  toggleContact(index) {
    const { state } = this.lab;
    if (isPcre(state.regions[index])) this.lab.act({ do: "toggle", region: state.place(state.regions[index]) });
  }

  nudgeContact(index, factor) {
    const { state } = this.lab,
      r = state.regions[index];
    if (!isPcre(r) || r.now === null) return;
    const from = this.nudging?.index === index ? this.nudging.frequency : r.now;
    this.nudging = { index, frequency: round2(Math.max(0.05, from * factor)) };
    const edit = { kind: "set_frequency", region: state.place(r), frequency: this.nudging.frequency };
    this.lab.act({ do: "put", edits: [edit] });
  }
}
