// A prediction before and after, every model as a tick, with what was measured and what is true on the same axis.

import { ticks as ticksBetween } from "d3-array";

import { fixed } from "../../shared/numbers.js";
import { settledNow } from "../fresh.js";
import { Words } from "./words.jsx";

const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;

export const TITLES = { classification: "Chance of being expressed", regression: "Expression, log2(RPKM + 1)" };

/** @param {{lab: import("../lab.js").Lab, task: string}} props */
export function Card({ lab, task }) {
  const { state } = lab,
    own = state.predicted[task],
    edited = state.edits > 0;
  const [before, after] = [mean(own.before), mean(own.after)],
    change = after - before;
  const told = settledNow(lab)?.true,
    waits = edited && !settledNow(lab) && lab.settled.value?.true, // of an edit before: nothing is said yet
    truth = told?.tasks?.[task],
    words = [spread(own), ...measuredWords(task, state.gene), waits ? "true …" : trueWords(task, told, truth)]
      .filter(Boolean)
      .join(" · ");
  return (
    <section class="cl-card" aria-label={TITLES[task]}>
      <div class="cl-said">
        <small>
          <Words lab={lab} text={TITLES[task]} />
        </small>
        <div>
          <span class={edited ? "cl-before" : "cl-now"}>{fixed(before)}</span>
          {edited && (
            <>
              <span class="cl-quiet"> → </span>
              <b class="cl-now">{fixed(after)}</b>{" "}
              <span class={Math.abs(change) < SEEN ? "cl-quiet" : change > 0 ? "cl-up" : "cl-down"}>
                {changed(change)}
              </span>
            </>
          )}
        </div>
      </div>
      <Gauge own={own} task={task} edited={edited} measured={state.gene.measured} truth={truth} />
      <div class="cl-spread cl-quiet" title={words}>
        {words}
      </div>
    </section>
  );
}

const SEEN = 0.0005; // a smaller change is told as none

/** A change in words; a small one with the digits that it takes to be seen. */
function changed(change) {
  if (Math.abs(change) < SEEN) return "no change";
  return `${change > 0 ? "▲ +" : "▼ −"}${Math.abs(change).toFixed(Math.abs(change) < 0.0995 ? 3 : 2)}`;
}

function spread({ after }) {
  const n = after.length;
  return n > 1 ? `${n} models: ${fixed(Math.min(...after))} to ${fixed(Math.max(...after))}` : "one model";
}

function measuredWords(task, gene) {
  const own = gene.measured[task];
  if (own === null || own === undefined || (task === "classification" && own < 0)) return [];
  return [task === "regression" ? `measured ▾ ${fixed(own)}` : `measured: ${own ? "expressed" : "below the median"}`];
}

/** The true value in words; where the simulator cannot answer, why. */
function trueWords(task, told, truth) {
  if (!told) return "";
  if (told.refused?.length) return `true value not known: ${told.refused[0]}`;
  if (!truth) return "";
  if (task === "regression") return truth.after === null ? "" : `true ◆ ${fixed(truth.before)} → ${fixed(truth.after)}`;
  if (!truth.before || !truth.after) return "no true chance: a gene is above or below";
  return truth.before === truth.after
    ? `truly stays ${truth.after} the median`
    : `truly ${truth.before} → ${truth.after} the median`;
}

/** Hollow is before, filled is after; ▾ measured, ◆ true. Places along it are shares of its width. */
function Gauge({ own, task, edited, measured, truth }) {
  const level = task === "regression",
    told = level && truth && truth.after !== null ? truth : null;
  const values = [...own.before, ...own.after, measured.regression || 0, told?.before || 0, told?.after || 0];
  const high = level ? Math.ceil(Math.max(8, ...values)) : 1,
    ticks = level ? ticksBetween(0, high, 4) : [0, 0.5, 1];
  const x = (v) => `${3 + (94 * Math.max(0, Math.min(high, v))) / high}%`;
  const rose = mean(own.after) >= mean(own.before);
  return (
    <svg class="cl-gauge" height="40" width="100%" role="img" aria-label="before and after, every model">
      <line class="cl-axis" x1={x(0)} x2={x(high)} y1="20" y2="20" />
      {ticks.map((t) => (
        <text key={t} x={x(t)} y="38" text-anchor="middle">
          {t}
        </text>
      ))}
      {level && measured.regression !== null && (
        <svg x={x(measured.regression)} y="4" overflow="visible">
          <path class="cl-measured" d="M0,8 L-4,0 H4 z">
            <title>measured</title>
          </path>
        </svg>
      )}
      <Whisker list={own.before} x={x} class="cl-was" filled={!edited} />
      {edited && <Whisker list={own.after} x={x} class={rose ? "cl-up" : "cl-down"} filled />}
      {told && (
        <>
          <True at={x(told.before)} filled={false} what="true value before the edits" />
          <True at={x(told.after)} filled what="true value after the edits" />
        </>
      )}
    </svg>
  );
}

function True({ at, filled, what }) {
  return (
    <svg x={at} y="7" overflow="visible">
      <path class="cl-true" fill-opacity={filled ? 1 : 0} d="M0,-5 L5,0 L0,5 L-5,0 z">
        <title>{what}</title>
      </path>
    </svg>
  );
}

function Whisker({ list, x, filled, ...more }) {
  return (
    <g class={more.class}>
      <line x1={x(Math.min(...list))} x2={x(Math.max(...list))} y1="20" y2="20" />
      {list.map((v, i) => (
        <line key={i} x1={x(v)} x2={x(v)} y1="15" y2="25" />
      ))}
      <circle cx={x(mean(list))} cy="20" r="5" class={filled ? "" : "cl-hollow"} />
    </g>
  );
}
