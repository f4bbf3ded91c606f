// Panel: another gene, or this one in another cell type, over these tracks.

import { GeneBox } from "../../shared/genebox.jsx";
import { TITLES } from "./cards.jsx";
import { meanOf } from "./panels.jsx";

/** @param {{lab: import("../lab.js").Lab}} props */
export function ComparePanel({ lab }) {
  const other = lab.compared,
    { gene } = lab.state;
  const elsewhere = gene.cell_types.filter((cell) => cell !== gene.cell_type);
  return (
    <>
      <h3>Another gene, or this one in another cell type</h3>
      <GeneBox search={lab.boxes[1]} label="Compare with" shown={other?.name || ""} />
      {!other && elsewhere.length > 0 && (
        <div class="cl-buttons">
          {elsewhere.map((cell) => (
            <button
              key={cell}
              class="cl-small"
              title="This gene in another cell type"
              onClick={() => lab.compare({ gene_id: gene.gene_id, cell_types: [cell] }, cell)}
            >
              {cell}
            </button>
          ))}
        </div>
      )}
      {!other && (
        <p class="cl-quiet">
          Its tracks are drawn as lines over the window, aligned by the TSS and read in the same direction.
        </p>
      )}
      {other && (
        <>
          <label class="cl-cells">
            in{" "}
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
          <table class="cl-small-table">
            <tbody>
              {Object.entries(other.predicted).map(([task, list]) => (
                <tr key={task}>
                  <th>{TITLES[task]}</th>
                  <td>{meanOf(list)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <div class="cl-buttons">
            <button
              title="Paint its whole window over this gene’s"
              disabled={!lab.mayEdit()}
              onClick={() => lab.act({ do: "copy", gene_id: other.gene_id, cell_type: other.cell_type })}
            >
              Copy its promoter here
            </button>
            <button onClick={() => lab.stopComparing()}>Stop comparing</button>
          </div>
        </>
      )}
    </>
  );
}
