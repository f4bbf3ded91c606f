// Panel: the missions, one of them open: what to do, a hint on demand, and whether it is done.

import { useState } from "preact/hooks";

import { Words } from "./words.jsx";

/** @param {{lab: import("../lab.js").Lab}} props */
export function MissionsPanel({ lab }) {
  const { missions, state } = lab,
    offered = state.missions,
    solved = missions.solved.value,
    shown = missions.shown(offered);
  const done = offered.filter((m) => solved.includes(m.name)).length;
  return (
    <>
      <h3>Missions: {done === offered.length ? "all" : `${done} of ${offered.length}`} solved</h3>
      <ol class="cl-missions">
        {offered.map((mission) => {
          const is = solved.includes(mission.name),
            open = mission === shown;
          return (
            <li key={mission.name}>
              <button
                class="cl-plain"
                aria-expanded={open ? "true" : "false"}
                onClick={() => (missions.chosen.value = mission.name)}
              >
                <span aria-hidden="true">{is ? "✓" : "○"}</span> {mission.name}
                <span class="cl-spoken">{is ? " (solved)" : ""}</span>
              </button>
              {open && <Mission key={mission.name} lab={lab} mission={mission} solved={is} />}
            </li>
          );
        })}
      </ol>
    </>
  );
}

/** @param {{lab: import("../lab.js").Lab, mission: import("../missions.js").Mission, solved: boolean}} props */
function Mission({ lab, mission, solved }) {
  const [hinted, hint] = useState(false),
    { gene } = lab.state;
  const here = gene.gene_id === mission.gene_id && gene.cell_type === mission.cell_type,
    next = solved ? lab.missions.next(lab.state.missions) : null;
  return (
    <div class="cl-mission">
      <p>
        <Words lab={lab} text={mission.text} />
      </p>
      <div class="cl-buttons">
        {!here && (
          <button onClick={() => lab.missions.open(mission)}>
            Open its gene, {mission.gene_id} in {mission.cell_type}
          </button>
        )}
        {!hinted && !solved && <button onClick={() => hint(true)}>Hint</button>}
        {next && <button onClick={() => lab.missions.open(next)}>Next: {next.name}</button>}
      </div>
      {hinted && !solved && (
        <p class="cl-hint">
          <Words lab={lab} text={mission.hint} />
        </p>
      )}
      <p role="status" class={solved ? "cl-solved" : "cl-quiet"}>
        {solved
          ? `✓ Solved. ${mission.learnt}`
          : here
            ? "Not yet: after each edit the lab looks at all that are in the list."
            : ""}
      </p>
    </div>
  );
}
