// The column beside the tracks: what carried the change, and the panels.

import { useId } from "preact/hooks";

import { short } from "../../shared/numbers.js";
import { reasonsLag } from "../fresh.js";
import { nameOf } from "../state.js";
import { ComparePanel } from "./compare.jsx";
import { EditsPanel } from "./edits.jsx";
import { FlipPanel } from "./flip.jsx";
import { MissionsPanel } from "./missions.jsx";
import { ContactsPanel, MarksPanel, RecipesPanel } from "./panels.jsx";
import { TaskChoice } from "./task.jsx";
import { Word, Words } from "./words.jsx";

const PANELS = [
  ["missions", "Missions", MissionsPanel],
  ["marks", "Marks", MarksPanel],
  ["contacts", "Contacts", ContactsPanel],
  ["recipes", "Recipes", RecipesPanel],
  ["flip", "Flip", FlipPanel],
  ["edits", "Edits", EditsPanel],
  ["compare", "Compare", ComparePanel],
];
const CHANGES = { classification: "log-odds", regression: "level, log2" };
const LISTED = 5;
const LEAST = 0.1; // log-odds or log2 of a bar of full length, at least: what is next to nothing looks like it

/** The panels that have something to show here. */
function panels({ missions, can }) {
  const absent = [!missions.length && "missions", !can.includes("smallest") && "flip"];
  return PANELS.filter(([name]) => !absent.includes(String(name)));
}

/** @param {{lab: import("../lab.js").Lab}} props */
export function Side({ lab }) {
  const id = useId(),
    offered = panels(lab.state),
    { edits } = lab.state;
  const open = offered.find(([name]) => name === lab.tab.value) || offered[0],
    chosen = open[0],
    Panel = /** @type {any} */ (open[2]);
  const key = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, Home: -9, End: 9 }[event.key];
    if (!by) return;
    const at = offered.findIndex(([name]) => name === chosen),
      n = offered.length;
    const to = Math.abs(by) > 1 ? (by < 0 ? 0 : n - 1) : (at + by + n) % n;
    lab.tab.value = String(offered[to][0]);
    event.currentTarget.children[to].focus();
    event.preventDefault();
  };
  return (
    <aside class="cl-side" aria-label="reasons and panels">
      <Why lab={lab} />
      <div
        class={`cl-tabs ${offered.length % 2 ? "cl-odd" : ""}`}
        style={{ gridTemplateColumns: `repeat(${Math.ceil(offered.length / 2)}, 1fr)` }}
        role="tablist"
        aria-label="panels"
        onKeyDown={key}
      >
        {offered.map(([name, title]) => (
          <button
            key={name}
            id={`${id}-${name}`}
            role="tab"
            aria-selected={name === chosen ? "true" : "false"}
            aria-controls={`${id}-panel`}
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => (lab.tab.value = String(name))}
          >
            {title}
            {name === "edits" && edits ? ` ${edits}` : ""}
          </button>
        ))}
      </div>
      <div class="cl-panel" id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${chosen}`} tabIndex={0}>
        <Panel lab={lab} />
      </div>
    </aside>
  );
}

/** The panels of the picture that carried most of the change: the mean over the models, and how many agree. */
function Why({ lab }) {
  const told = lab.reasons.value;
  const reasons = (told?.reasons || []).filter((r) => Math.abs(r.score) > 1e-4).slice(0, LISTED);
  const most = Math.max(...reasons.map((r) => Math.abs(r.score)), LEAST),
    lags = reasonsLag(lab);
  return (
    <section class="cl-why" aria-label="what carried the change">
      <div class="cl-row">
        <h3>What carried it</h3>
        <TaskChoice lab={lab} names={CHANGES} />
      </div>
      {reasons.length ? (
        <ul class={lags ? "cl-lags" : ""} aria-busy={lags ? "true" : "false"}>
          {reasons.map((r) => (
            <Reason key={`${r.row} ${r.mark}`} lab={lab} reason={r} most={most} models={told.models} />
          ))}
        </ul>
      ) : (
        <p class="cl-quiet">
          {lags
            ? "Working out what changed the prediction …"
            : told
              ? "Nothing carried it: the prediction has not changed."
              : `${lab.mode.value === "reading" ? "After an edit" : "Paint on a track or cut a contact:"} here stands what changed the prediction.`}
        </p>
      )}
      {reasons.length > 0 && lags && <p class="cl-quiet cl-tiny">Of the edits before; the new ones are worked out …</p>}
      {reasons.length > 0 && !lags && told.models > 1 && (
        <p class="cl-quiet cl-tiny">
          {signed(told.change)} <Words lab={lab} text={told.unit} />, mean of {told.models} models ({signed(told.low)}{" "}
          to {signed(told.high)})
        </p>
      )}
      <div class="cl-overlays">
        <Tick
          lab={lab}
          shown={lab.carriedShown}
          title="Bars over the tracks: up where a bin raised the prediction, down where it lowered it"
        >
          bars over the tracks
        </Tick>
        <Tick
          lab={lab}
          shown={lab.attentionShown}
          title="Bins that get little of the models’ attention fade (mean over the models)"
        >
          <Word lab={lab} of="attention" />
        </Tick>
      </div>
    </section>
  );
}

function Tick({ lab, shown, title, children }) {
  return (
    <label title={title}>
      <input type="checkbox" checked={shown.value} onChange={() => lab.toggle(shown)} /> {children}
    </label>
  );
}

const signed = (v) => `${v > 0 ? "+" : ""}${short(v, 2)}`;

function Reason({ lab, reason, most, models }) {
  const { state } = lab,
    region = state.regions.find((r) => r.row === reason.row),
    mark = state.marks.find((m) => m.name === reason.mark);
  const where = region?.rank === null ? "gene" : region ? nameOf(region) : "", // short: the column is narrow
    up = reason.score > 0;
  const agree = Math.round(reason.agree * models);
  const said = `${signed(reason.score)}${models > 1 ? `; ${agree} of ${models} models agree on the direction` : ""}`;
  return (
    <li class="cl-reason" title={said}>
      <span>
        <i style={{ background: mark ? mark.colour : "currentColor" }} />
        <Word lab={lab} of={reason.mark || "contact"} passed />, {where}
      </span>
      <em class={up ? "cl-up" : "cl-down"} style={{ width: `${(100 * Math.abs(reason.score)) / most}%` }} />
      <output>
        {up ? "▲" : "▼"} {signed(reason.score)}
        {models > 1 && agree < models ? (
          <small>
            {" "}
            {agree}/{models}
          </small>
        ) : (
          ""
        )}
      </output>
    </li>
  );
}
