// The lab as a page of its own: unpacks what the page holds, and gives the lab's own scripts a model that answers here.

import { alone, jsonPart, part } from "../../shared/alone.js";
import widget from "../lab.js";
import { Model } from "./answers.js";
import { modelsOf, regionsOf } from "./payload.js";
import { Session } from "./session.js";

alone(widget, async () => {
  const [data, depth, covered, weights] = await Promise.all([
    jsonPart("about"),
    ...["depth", "covered", "weights"].map(part),
  ]);
  const regions = regionsOf({ ...data, marks: data.marks.map((mark) => mark.name) }, depth, covered);
  const session = new Session(data, regions, modelsOf(data.models, data.precision, weights));
  if (data.edits) session.act([{ do: "load", text: data.edits }]); // what the lab held when it was saved
  const [gene, cell] = decodeURIComponent(location.hash.slice(1)).split("/"); // #SIMG00740/simA1: what to show first
  if (data.examples.some((held) => held.gene.gene_id === gene && held.gene.cell_type === cell))
    session.choose(gene, cell);
  return new Model(session);
});
