// In the place of the tracks: as measured, edited, and what is compared, side by side.

import { useEffect, useRef } from "preact/hooks";

import { Sheet } from "../../shared/sheet.js";
import { Multiples, panelsOf, predictedWords } from "../multiples.js";
import { Zoom } from "./tools.jsx";

/** @param {{lab: import("../lab.js").Lab}} props */
export function Beside({ lab }) {
  /** @type {import("preact/hooks").MutableRef<HTMLDivElement>} */
  const stage = useRef(null);
  lab.answers.value;
  lab.places.value;
  const said = panelsOf(lab).map((panel) => `${panel.title}: ${predictedWords(panel)}`);
  useEffect(() => {
    const picture = new Multiples(lab);
    const sheet = new Sheet(
      stage.current,
      () => picture.height,
      (ctx, width) => lab.state && picture.draw(ctx, width),
      { role: "img" },
    );
    lab.panels = sheet;
    return () => {
      lab.panels = null;
      sheet.close();
    };
  }, []);
  useEffect(() => {
    lab.panels.canvas.setAttribute("aria-label", `Side by side. ${said.join("; ")}`);
    lab.panels.redraw();
  });
  return (
    <>
      <div class="cl-bar cl-tools">
        <b>Side by side</b>
        <button onClick={() => (lab.beside.value = false)}>Back to the tracks</button>
        <span class="cl-space" />
        <Zoom lab={lab} />
      </div>
      <div ref={stage} class="cl-beside" />
    </>
  );
}
