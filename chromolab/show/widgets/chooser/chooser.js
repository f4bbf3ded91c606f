// The gene chooser: the lab's box for finding a gene, and the cell types that the gene has.

import { make, root } from "../shared/dom.js";
import { GeneBox } from "../shared/genebox.js";
import { Wire } from "../shared/wire.js";

export default {
  render({ model, el }) {
    const node = root(el, "cl-chooser");
    const wire = new Wire(model, {
      onReply: (reply, _, request) => {
        problem.textContent = reply.error || "";
        if (reply.found && request.kind === "search") box.show(reply.found);
      },
      merge: (last, next) => (last.kind === next.kind ? next : null),
    });
    const choose = ({ gene_id, cell_type }) => wire.ask({ kind: "choose", gene_id, cell_type });
    const lab = {
      wire,
      boxes: [],
      state: {
        get gene() {
          return model.get("chosen");
        },
      },
    };
    const box = new GeneBox(lab, "Gene", choose);
    lab.boxes.push(box);
    const cells = make("select", {
      "aria-label": "cell type",
      onchange: () => choose({ gene_id: model.get("chosen").gene_id, cell_type: cells.value }),
    });
    const problem = make("div", { class: "cl-error", role: "alert" });
    const show = () => {
      const chosen = model.get("chosen");
      if (document.activeElement !== box.input) box.input.value = chosen.gene_name || chosen.gene_id;
      cells.replaceChildren(
        ...chosen.cell_types.map((cell) => make("option", { value: cell, selected: cell === chosen.cell_type }, cell)),
      );
    };
    model.on("change:chosen", show);
    node.append(
      make("div", { class: "cl-choose" }, box.node, cells, make("span", { class: "cl-quiet" }, model.get("origin"))),
      problem,
    );
    show();
    return () => {
      model.off("change:chosen", show);
      wire.close();
    };
  },
};
