// Finding genes in a page of its own, as chromolab/show/widgets/genes.py does in Python.

const FOUND = 12; // genes that a search returns, at most

/**
 * Genes whose name or id holds a text, those that begin with it first.
 * @param {{gene_id: string, gene_name: string, cell_type: string}[]} examples
 */
export function found(examples, text) {
  const asked = text.trim().toLowerCase(),
    genes = new Map();
  const names = (gene) => [gene.gene_id.toLowerCase(), String(gene.gene_name).toLowerCase()];
  const hits = examples.filter((gene) => names(gene).some((name) => name.includes(asked)));
  const begins = (gene) => names(gene).some((name) => name.startsWith(asked));
  for (const gene of [...hits.filter(begins), ...hits.filter((g) => !begins(g))]) {
    if (!genes.has(gene.gene_id))
      genes.set(gene.gene_id, { gene_id: gene.gene_id, gene_name: gene.gene_name, cell_types: [] });
    genes.get(gene.gene_id).cell_types.push(gene.cell_type);
    if (genes.size > FOUND) break;
  }
  return [...genes.values()].slice(0, FOUND);
}
