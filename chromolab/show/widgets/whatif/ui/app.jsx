// The page of the lab: a strip with the predictions that stays in sight, the tracks, and a column of tools beside them.

import { useEffect, useRef } from "preact/hooks";

import { GeneBox } from "../../shared/genebox.jsx";
import { Sheet } from "../../shared/sheet.js";
import { Pointer } from "../pointer.js";
import { TracksPicture } from "../tracks.js";
import { Beside } from "./beside.jsx";
import { Card } from "./cards.jsx";
import { Help } from "./help.jsx";
import { Pointed } from "./pointed.jsx";
import { Selection } from "./selection.jsx";
import { Side } from "./side.jsx";
import { Tools } from "./tools.jsx";
import { Gloss } from "./words.jsx";

/** @typedef {{lab: import("../lab.js").Lab}} Props */

/** @param {Props} props */
export function App({ lab }) {
  const ready = lab.state !== null;
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => (lab.width.value = entry.contentRect.width));
    watch.observe(lab.node);
    const stick = letStick(lab.node);
    return () => {
      watch.disconnect();
      stick();
    };
  }, []);
  useEffect(() => {
    lab.node.dataset.mode = lab.mode.value;
  }, [lab.mode.value]);
  return (
    <section class="cl-page" aria-label="what-if lab">
      <div class="cl-strip">
        <Gene lab={lab} />
        <Notices lab={lab} />
        <div class="cl-cards">
          {ready && Object.keys(lab.state.predicted).map((task) => <Card key={task} lab={lab} task={task} />)}
        </div>
        <Message lab={lab} />
      </div>
      <div class="cl-body">
        <div class="cl-main">
          {lab.mode.value !== "reading" && !lab.beside.value && <Tools lab={lab} />}
          <Tracks lab={lab} />
          {ready && lab.beside.value ? <Beside lab={lab} /> : <Selection lab={lab} />}
        </div>
        {ready && <Side lab={lab} />}
      </div>
      <Help lab={lab} />
      <Pointed lab={lab} />
      <Gloss lab={lab} />
      <div class="cl-spoken" aria-live="polite">
        {lab.spoken}
      </div>
    </section>
  );
}

/** Which gene in which cell type, and back and forth in its edits. @param {Props} props */
function Gene({ lab }) {
  const { state } = lab,
    gene = state?.gene,
    name = gene ? gene.gene_name || gene.gene_id : "";
  return (
    <div class="cl-bar">
      <GeneBox search={lab.boxes[0]} label="Gene" shown={name} />
      <select
        aria-label="cell type"
        value={gene?.cell_type}
        onChange={(e) => lab.ask({ kind: "gene", gene_id: gene.gene_id, cell_type: e.currentTarget.value })}
      >
        {(gene?.cell_types || []).map((cell) => (
          <option key={cell}>{cell}</option>
        ))}
      </select>
      <span class="cl-about cl-quiet" title={gene ? about(gene) : ""}>
        {gene && about(gene)}
      </span>
      <span class="cl-group" role="group" aria-label="history">
        <button disabled={!state?.undo} title="Undo the last step (Ctrl+Z)" onClick={() => lab.act({ do: "undo" })}>
          ↶ Undo
        </button>
        <button
          disabled={!state?.redo}
          title="Redo the step that was undone (Ctrl+Y)"
          onClick={() => lab.act({ do: "redo" })}
        >
          ↷ Redo
        </button>
        <button
          disabled={!state?.edits}
          title="Back to the gene as it was measured; undo brings the edits back"
          onClick={() => lab.act({ do: "reset" })}
        >
          ⟲ Reset
        </button>
      </span>
      <button
        title="What the keys do: everything also works from the keyboard (?)"
        aria-expanded={lab.help.value ? "true" : "false"}
        onClick={() => (lab.help.value = !lab.help.value)}
      >
        ? Keys
      </button>
    </div>
  );
}

function about(gene) {
  const id = gene.gene_name && gene.gene_name !== gene.gene_id ? gene.gene_id : "";
  const strand = gene.strand === "-" ? "minus strand" : "plus strand";
  return [id, `${gene.chrom}:${gene.tss.toLocaleString("en")}`, strand, gene.origin].filter(Boolean).join(" · ");
}

/** What has to be known while the lab is open, and what was made here before. @param {Props} props */
function Notices({ lab }) {
  const offered = lab.offered.value;
  return (
    <>
      {lab.mode.value === "reading" && (
        <p class="cl-notice" role="note">
          Here is too little room to edit: this is for reading. Turn the screen, or open the lab in a wider window.
        </p>
      )}
      {(lab.state?.notices || []).map((words) => (
        <p key={words} class="cl-notice" role="note">
          {words}
        </p>
      ))}
      {offered && (
        <p class="cl-notice cl-offer" role="note">
          {offered.edits} {offered.edits === 1 ? "edit" : "edits"} of {offered.name} in {offered.cell_type}{" "}
          {offered.edits === 1 ? "was" : "were"} made here before this lab was opened.{" "}
          <button class="cl-small" onClick={() => lab.keeper.bringBack()}>
            Bring back
          </button>{" "}
          <button class="cl-small" onClick={() => lab.keeper.forget()}>
            Forget
          </button>
        </p>
      )}
    </>
  );
}

/** What was just done, what went wrong, and warnings, which stay as long as they hold. @param {Props} props */
function Message({ lab }) {
  const { text, wrong } = lab.message.value,
    silent = lab.silence.value > 0;
  const told = lab.settled.value; // read first, so that this part hears of it
  const warnings = (lab.state?.edits && told?.warnings) || [];
  return (
    <div class="cl-lines">
      <span class={`cl-message ${wrong ? "cl-error" : ""}`} role={wrong ? "alert" : "status"}>
        {text}
      </span>
      {silent && !lab.stopped.value && <span class="cl-quiet">Waiting for Python …</span>}
      {lab.stopped.value && (
        <span class="cl-stopped" role="alert">
          Python does not answer: it is busy, or has stopped. What is drawn from now on would not count. Save keeps the
          edits as a file; after a restart run the cell again, and the lab offers to bring them back.{" "}
          <button class="cl-small" onClick={() => lab.keeper.save()}>
            Save
          </button>
        </span>
      )}
      {warnings.map((words) => (
        <span key={words} class="cl-warning" role="status">
          ⚠ {words}
        </span>
      ))}
    </div>
  );
}

/** The canvas. @param {Props} props */
function Tracks({ lab }) {
  /** @type {import("preact/hooks").MutableRef<HTMLDivElement>} */
  const stage = useRef(null);
  useEffect(() => {
    const picture = new TracksPicture(lab);
    const height = (width) => (lab.state ? lab.laidOut(width).height : 300);
    const sheet = new Sheet(
      stage.current,
      height,
      (ctx, _w, _h, part) => lab.state && picture.draw(ctx, part ? lab.layout : lab.laidOut(sheet.width), part),
      {
        tabindex: 0,
        role: "application",
        "aria-roledescription": "tracks",
        "aria-label": "Tracks to paint on. Press ? for the keys.",
      },
    );
    lab.tracks = sheet;
    new Pointer(lab, sheet.canvas);
    sheet.canvas.addEventListener("focus", () => lab.byKeys(sheet.canvas.matches(":focus-visible")));
    sheet.canvas.addEventListener("blur", () => lab.byKeys(false));
    return () => sheet.close();
  }, []);
  const finger = lab.fingers.value ? "cl-finger" : "";
  return <div ref={stage} class={`cl-stage ${finger} ${lab.beside.value ? "cl-hidden" : ""}`} />;
}

/**
 * Let the strip stay in sight: elements around the lab that would scroll, but have nothing to scroll, stop being the
 * frame that it sticks to. Returns a function that undoes it.
 */
function letStick(node) {
  const changed = [];
  for (let around = node.parentElement; around; around = around.parentElement) {
    const style = getComputedStyle(around),
      scrolls = /auto|scroll/.test(style.overflowY);
    if (scrolls && around.scrollHeight > around.clientHeight + 1 && around.clientHeight > 0) break;
    if (around === document.body || /jp-(WindowedPanel|Notebook)/.test(String(around.className))) break;
    if (style.overflowY !== "visible" && style.overflowY !== "clip") {
      changed.push([around, around.style.overflow]);
      around.style.overflow = "clip";
    }
  }
  return () => changed.forEach(([around, was]) => (around.style.overflow = was));
}
