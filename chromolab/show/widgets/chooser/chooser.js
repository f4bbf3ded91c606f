// The gene chooser: the lab's box for finding a gene, and the cell types that the gene has.

import { signal } from "@preact/signals";
import { h, render as draw } from "preact";

import { root } from "../shared/dom.js";
import { GeneSearch } from "../shared/genes.js";
import { Wire } from "../shared/wire.js";
import { Chooser } from "./chooser.jsx";

export default {
  render({ model, el }) {
    const node = root(el, "cl-chooser"),
      chosen = signal(model.get("chosen")),
      problem = signal("");
    const wire = new Wire(model, {
      onReply: (reply, _, request) => {
        problem.value = reply.error || "";
        if (reply.found) search.answered(request.text, reply.found);
      },
      merge: (last, next) => (last.kind === next.kind ? next : null),
    });
    const choose = (gene_id, cell_type) => wire.ask({ kind: "choose", gene_id, cell_type });
    const search = new GeneSearch(
      (text) => wire.ask({ kind: "search", text }),
      ({ gene_id, cell_types }) => {
        const cell = chosen.value.cell_type;
        choose(gene_id, cell_types.includes(cell) ? cell : cell_types[0]);
      },
    );
    const show = () => (chosen.value = model.get("chosen"));
    model.on("change:chosen", show);
    draw(h(Chooser, { search, chosen, problem, choose, origin: model.get("origin") }), node);
    return () => {
      model.off("change:chosen", show);
      wire.close();
      draw(null, node);
    };
  },
};
