// Panel: another gene, or this one in another cell type, over these tracks or beside them.

import { GeneBox } from "../../shared/genebox.jsx";
import { fixed } from "../../shared/numbers.js";
import { panelsOf } from "../multiples.js";
import { TITLES } from "./cards.jsx";

/** @param {{lab: import("../lab.js").Lab}} props */
export function ComparePanel({ lab }) {
  const other = lab.compared,
    { gene, edits } = lab.state;
  const elsewhere = gene.cell_types.filter((cell) => cell !== gene.cell_type);
  const inCell = (cell) => lab.compare({ gene_id: gene.gene_id, cell_types: [cell] }, cell);
  const beside = () => {
    if (!other && !edits) inCell(elsewhere[0]); // one panel alone compares nothing
    lab.beside.value = !lab.beside.value;
  };
  return (
    <>
      <GeneBox search={lab.boxes[1]} label="Compare with" shown={other?.name || ""} />
      {elsewhere.length > 0 && (
        <div class="cl-buttons" role="group" aria-label="this gene in another cell type">
          {elsewhere.map((cell) => (
            <button
              key={cell}
              class="cl-small"
              title="This gene in another cell type"
              aria-pressed={other?.gene_id === gene.gene_id && other.cell_type === cell ? "true" : "false"}
              onClick={() => inCell(cell)}
            >
              {cell}
            </button>
          ))}
        </div>
      )}
      <div class="cl-buttons">
        <button
          aria-pressed={lab.beside.value ? "true" : "false"}
          disabled={!other && !edits && !elsewhere.length}
          title="As measured, edited, and what is compared, in panels side by side"
          onClick={beside}
        >
          Side by side
        </button>
        {other && <button onClick={() => lab.stopComparing()}>Stop comparing</button>}
      </div>
      {!other && (
        <p class="cl-quiet">
          A gene’s tracks are drawn as lines over the window, aligned by the TSS and read in the same direction.
        </p>
      )}
      {(other || edits > 0) && <Numbers lab={lab} />}
      {other && (
        <>
          {other.gene_id !== gene.gene_id && <CellOf lab={lab} other={other} />}
          <button
            title="Paint its whole window over this gene’s"
            disabled={!lab.mayEdit()}
            onClick={() => lab.act({ do: "copy", gene_id: other.gene_id, cell_type: other.cell_type })}
          >
            Copy its promoter here
          </button>
        </>
      )}
    </>
  );
}

/** In which cell type another gene is compared. */
function CellOf({ lab, other }) {
  return (
    <label class="cl-cells">
      {other.name} in{" "}
      <select
        value={other.cell_type}
        aria-label="cell type of the compared gene"
        onChange={(e) => lab.compare({ gene_id: other.gene_id, cell_types: [e.currentTarget.value] }, "")}
      >
        {(other.cell_types || [other.cell_type]).map((cell) => (
          <option key={cell}>{cell}</option>
        ))}
      </select>
    </label>
  );
}

/** The mean prediction of each panel. */
function Numbers({ lab }) {
  const panels = panelsOf(lab),
    tasks = Object.keys(panels[0].predicted);
  return (
    <table class="cl-small-table" aria-label="predictions compared">
      <thead>
        <tr>
          <th scope="col">predicted</th>
          {tasks.map((task) => (
            <td key={task} title={TITLES[task]}>
              {task === "classification" ? "chance" : "level"}
            </td>
          ))}
        </tr>
      </thead>
      <tbody>
        {panels.map((panel) => (
          <tr key={panel.title}>
            <th scope="row">{panel.title}</th>
            {tasks.map((task) => (
              <td key={task}>{fixed(panel.predicted[task])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
