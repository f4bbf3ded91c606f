// The gene chooser's page.

import { GeneBox } from "../shared/genebox.jsx";

/**
 * @param {{search: import("../shared/genes.js").GeneSearch, chosen: import("@preact/signals").Signal<any>,
 *   problem: import("@preact/signals").Signal<string>, choose: (gene_id: string, cell_type: string) => void,
 *   origin: string}} props
 */
export function Chooser({ search, chosen, problem, choose, origin }) {
  const { gene_id, gene_name, cell_type, cell_types } = chosen.value;
  return (
    <section class="cl-choose" aria-label="choose a gene">
      <GeneBox search={search} label="Gene" shown={gene_name || gene_id} />
      <select aria-label="cell type" value={cell_type} onChange={(e) => choose(gene_id, e.currentTarget.value)}>
        {cell_types.map((cell) => (
          <option key={cell}>{cell}</option>
        ))}
      </select>
      <span class="cl-quiet">{origin}</span>
      <div class="cl-error" role="alert">
        {problem}
      </div>
    </section>
  );
}
