// Missions: which of them are solved, here or before this page was made.

import { signal } from "@preact/signals";

const PLACE = "chromolab.missions"; // in the tab's own storage, which ends with the tab

/** @typedef {{name: string, text: string, hint: string, learnt: string, gene_id: string, cell_type: string, solved: boolean}} Mission */

export class Missions {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    /** Names of those that are solved. @type {import("@preact/signals").Signal<string[]>} */
    this.solved = signal(recalled());
    /** The mission that is read; null: the first that is not solved. @type {import("@preact/signals").Signal<string | null>} */
    this.chosen = signal(null);
  }

  /** The lab is new: it opens at the missions while some are not solved. */
  begin() {
    const { missions } = this.lab.state;
    this.take(missions.filter((m) => m.solved).map((m) => m.name));
    if (this.next(missions)) this.lab.tab.value = "missions";
  }

  /** Read a mission, and go to its gene. @param {Mission} mission */
  open({ name, gene_id, cell_type }) {
    this.chosen.value = name;
    if (this.lab.state.key !== `${gene_id}\n${cell_type}`) this.lab.ask({ kind: "gene", gene_id, cell_type });
  }

  /** Take over what is known to be solved; returns the names that are new. @param {string[]} names */
  take(names) {
    const fresh = names.filter((name) => !this.solved.value.includes(name));
    if (fresh.length) {
      this.solved.value = [...this.solved.value, ...fresh];
      keep(this.solved.value);
    }
    return fresh;
  }

  /** The mission to show among those offered. @param {Mission[]} offered */
  shown(offered) {
    return offered.find((m) => m.name === this.chosen.value) || this.next(offered) || offered[0];
  }

  /** The first that is not solved. @param {Mission[]} offered */
  next(offered) {
    return offered.find((m) => !this.solved.value.includes(m.name));
  }
}

function keep(names) {
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(names));
  } catch {
    // no storage here, or it is full: then progress ends with the page
  }
}

/** @returns {string[]} */
function recalled() {
  try {
    const names = JSON.parse(sessionStorage.getItem(PLACE) || "[]");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}
