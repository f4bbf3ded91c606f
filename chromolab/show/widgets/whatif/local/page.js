// The lab as a page of its own: unpacks what the page holds, and gives the lab's own scripts a model that answers here.

import widget from "../lab.js";
import { Model } from "./answers.js";
import { bytesOf, modelsOf, regionsOf, unzipped } from "./payload.js";
import { Session } from "./session.js";

/** A part of the page, unpacked; null where the page has none of that name. */
async function part(name) {
  const held = document.getElementById(`cl-${name}`);
  const bytes = held ? await unzipped(bytesOf(held.textContent)) : null;
  held?.remove(); // the text is not needed any more
  return bytes;
}

/** The theme follows the reader's system, as it follows JupyterLab's in a notebook. */
function follow(dark) {
  document.body.dataset.jpThemeLight = String(!dark.matches);
  dark.addEventListener("change", () => {
    document.body.dataset.jpThemeLight = String(!dark.matches);
  });
}

async function open() {
  follow(matchMedia("(prefers-color-scheme: dark)"));
  const [about, depth, covered, weights] = await Promise.all(["about", "depth", "covered", "weights"].map(part));
  const data = JSON.parse(new TextDecoder().decode(about));
  const regions = regionsOf({ ...data, marks: data.marks.map((mark) => mark.name) }, depth, covered);
  const session = new Session(data, regions, modelsOf(data.models, data.precision, weights)),
    model = new Model(session);
  if (data.edits) session.act([{ do: "load", text: data.edits }]); // what the lab held when it was saved
  const place = document.getElementById("cl-lab");
  place.textContent = "";
  widget.render({ model, el: place });
  /** @type {any} */ (window).chromolab = model; // for whoever wants to look inside
}

open().catch((error) => {
  console.error(error);
  const said = `The page could not be opened in this browser: ${error.message}. It needs Chromium 80, Firefox 113 or Safari 16.4.`;
  document.getElementById("cl-lab").textContent = said;
});
