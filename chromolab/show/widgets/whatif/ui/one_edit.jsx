// What can be asked about one edit of the list: in doses, and what it does to other genes.

import { fixed, short } from "../../shared/numbers.js";
import { Asking } from "./asking.jsx";
import { Course } from "./course.jsx";
import { useSeen } from "./seen.js";

const TICKS = { 0: "without", 1: "as it is", 2: "twice" };

/** @param {{lab: import("../lab.js").Lab, index: number, name: string}} props */
export function OneEdit({ lab, index, name }) {
  const { questions, state } = lab,
    busy = questions.asked.value !== null;
  const about = (kind) => {
    const told = questions.answer(kind);
    return told?.request.name === name && !told.reply.error ? told : null;
  };
  const doses = about("dose"),
    genes = about("others");
  return (
    <div class="cl-one" role="group" aria-label="about this edit">
      <div class="cl-buttons">
        {state.can.includes("dose") && (
          <button
            class="cl-small"
            disabled={busy}
            title="The prediction with none, half, all and twice of this edit"
            onClick={() => questions.ask("dose", { index, name })}
          >
            Dose curve
          </button>
        )}
        {state.can.includes("others") && (
          <button
            class="cl-small"
            disabled={busy}
            title="This edit alone on all genes whose window or pCREs it touches"
            onClick={() => questions.ask("others", { index, name })}
          >
            Other genes
          </button>
        )}
      </div>
      <Asking lab={lab} kind="dose" what="Trying doses." />
      <Asking lab={lab} kind="others" what="Trying the edit on other genes." />
      {doses && (
        <Course
          label="dose curve"
          of="dose"
          task={doses.request.task}
          stops={doses.reply.doses.map((dose, i) => ({
            name: `× ${dose}`,
            tick: TICKS[dose],
            values: doses.reply.values[i],
          }))}
        />
      )}
      {genes && <Genes lab={lab} rows={genes.reply.rows} among={genes.reply.among} task={lab.task.value} />}
    </div>
  );
}

/** @param {{lab: import("../lab.js").Lab, rows: {[name: string]: any}[], among?: number, task: string}} props */
function Genes({ lab, rows, among, task }) {
  const own = useSeen(rows);
  return (
    <table ref={own} class="cl-small-table cl-genes" aria-label="genes that this edit touches">
      {among !== undefined && (
        <caption class="cl-quiet">among the {among} genes of this page in this cell type</caption>
      )}
      <thead>
        <tr>
          <th scope="col">gene</th>
          <td>where</td>
          <td>{task === "classification" ? "chance" : "level"}</td>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const { before, after } = row.predicted[task],
            name = row.gene_name || row.gene_id;
          const where = row.frequency === null ? row.via : `contact ${short(row.frequency, 2)}`;
          return (
            <tr key={row.gene_id}>
              <th scope="row">
                {row.shown ? (
                  <b title="the gene shown">{name}</b>
                ) : (
                  <button
                    class="cl-link"
                    title="Show this gene; the edit stays with the other"
                    onClick={() => lab.goTo(row)}
                  >
                    {name}
                  </button>
                )}
              </th>
              <td title={`${short(row.distance / 1000)} kb from its TSS`}>{where}</td>
              <td>
                {fixed(before)} → {fixed(after)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
