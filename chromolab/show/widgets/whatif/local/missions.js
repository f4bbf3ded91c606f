// Which missions are solved: those of chromolab/show/widgets/whatif/missions.py that need no simulation.

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const chance = (session) => mean(session.predicted(session.edited).classification);
const change = (session) => mean(session.predicted(session.edited).regression) - mean(session.before.regression);

/** @type {Record<string, (session: import("./session.js").Session) => boolean>} */
const CHECKS = {
  "one stroke": (session) =>
    session.edits.length === 1 && ["Scale", "Paint"].includes(session.edits[0].type) && chance(session) < 0.5,
  "wake a silent gene": (session) =>
    session.edits.every((e) => session.about.heights.active.includes(e.mark)) && chance(session) > 0.7,
  "the right contact": (session) =>
    session.edits.length === 1 && session.edits[0].type === "DropPcre" && change(session) <= -0.05,
};

/** The missions of the page, and whether each is solved. */
export function offered({ about, solved }) {
  return about.missions.map((mission) => ({ ...mission, solved: solved.has(mission.name) }));
}

/** Names of the missions that have been solved, with that of the gene shown, if its edits do it now. */
export function solvedBy(session) {
  const { gene_id, cell_type } = session.gene.row;
  for (const mission of session.edits.length ? session.about.missions : []) {
    const here = mission.gene_id === gene_id && mission.cell_type === cell_type;
    if (here && CHECKS[mission.name](session)) session.solved.add(mission.name);
  }
  return session.about.missions.map(({ name }) => name).filter((name) => session.solved.has(name));
}
