// Files of edits and Python scripts: chromolab/learn/edit/text.py and chromolab/show/widgets/whatif/{files,script}.py.

import { calls, dumped, editsOf, entries, FORMAT, inQuotes, Refusal } from "./edits.js";
import { quoted } from "./numbers.js";

/** A file of edits; `about` names the gene, its cell type, the models and the version. */
export function written(edits, about = null) {
  const lines = entries(edits),
    listed = lines.length ? `\n  ${lines.join(",\n  ")}\n` : "";
  return `{"format": "${FORMAT}", ${about ? `"about": ${dumped(about)},\n ` : ""}"edits": [${listed}]}\n`;
}

/** The edits of a file's text, and what it belongs to: {} in an older file. */
export function readFile(text) {
  if (!text.trimStart().startsWith("{"))
    throw new Refusal("this is not a file of edits; write one with Save, or cl.edits.to_json");
  let found;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new Refusal(`the edits: not JSON (${error.message}); write it with cl.edits.to_json`);
  }
  const { about = {}, ...rest } = found,
    plain = about && typeof about === "object" && !Array.isArray(about);
  if (!plain || Object.keys(rest).sort().join() !== "edits,format" || !Array.isArray(rest.edits)) {
    throw new Refusal(`the edits: expected {"format": "${FORMAT}", "edits": [...]}, and nothing else`);
  }
  if (rest.format !== FORMAT) {
    throw new Refusal(
      `the edits: its format is ${quoted(String(rest.format))}; this version of chromolab reads '${FORMAT}'`,
    );
  }
  return { edits: editsOf(rest.edits), about };
}

/** What to say when a file's edits are applied to a gene: null if they were made for this gene in this cell type. */
export function noteOn(about, row) {
  if ((about.gene_id ?? row.gene_id) !== row.gene_id) {
    throw new Refusal(
      `this file holds edits of ${called(about)}, and the lab shows ${called(row)}: choose the file's ` +
        "gene first, then load it again",
    );
  }
  const cell = about.cell_type ?? row.cell_type;
  return cell === row.cell_type
    ? null
    : `The file's edits were made in ${cell}; here they are applied to ${row.cell_type}.`;
}

function called(gene) {
  const names = [...new Set([String(gene.gene_name || ""), String(gene.gene_id)].filter(Boolean))];
  return `${names.join(" ")} in ${gene.cell_type ?? "some cell type"}`;
}

/** The script that Python wrote for a gene without edits, for another gene with edits. */
export function script(template, row, edits) {
  const lines = calls(edits).map((line) => `    ${line},\n`),
    listed = lines.length ? `\n${lines.join("")}` : "";
  const line = (text) => String(text).trim().split(/\s+/).join(" "),
    name = nameOf(row);
  return template
    .replace(
      /^# 0 edits of .*, made in/,
      () =>
        `# ${edits.length} edit${edits.length === 1 ? "" : "s"} of ${line(name)} in ${line(row.cell_type)}, made in`,
    )
    .replace(
      /^gene = dataset\.gene\(.*\)$/m,
      () => `gene = dataset.gene(${inQuotes(row.gene_id)}, ${inQuotes(row.cell_type)})`,
    )
    .replace("edits = []\n", () => `edits = [${listed}]\n`);
}

/** A gene's label: its name and, where that differs, its id. */
export function nameOf(row) {
  const name = String(row.gene_name || row.gene_id);
  return name === row.gene_id ? name : `${name} (${row.gene_id})`;
}
