// Panel: the smallest edits that bring the prediction to the other side, or to a target.

import { useState } from "preact/hooks";

import { fixed, short } from "../../shared/numbers.js";
import { Asking } from "./asking.jsx";
import { TaskChoice } from "./task.jsx";
import { Words } from "./words.jsx";

/** @param {{lab: import("../lab.js").Lab}} props */
export function FlipPanel({ lab }) {
  const { questions } = lab,
    task = lab.task.value,
    [target, aim] = useState(""),
    [contacts, touch] = useState(true);
  const told = questions.told.value.smallest,
    fresh = questions.answer("smallest");
  const busy = questions.asked.value !== null,
    number = target.trim() === "" ? null : Number(target);
  const ask = (event) => {
    event.preventDefault();
    questions.ask("smallest", { target: number, contacts });
  };
  const middle = task === "classification" ? "0.5" : "its cell type’s median";
  return (
    <>
      <form class="cl-flip" onSubmit={ask}>
        <button disabled={busy || !lab.mayEdit() || Number.isNaN(number)}>
          {number === null ? "Find the smallest edit that flips it" : "Find the smallest edit that reaches it"}
        </button>
        <div class="cl-buttons">
          <TaskChoice lab={lab} />
          <label
            class="cl-target"
            title={`Where the prediction has to get to. Left empty: to the other side of ${middle}.`}
          >
            target{" "}
            <input
              type="number"
              step="any"
              value={target}
              placeholder={task === "classification" ? "0.5" : "median"}
              onInput={(e) => aim(e.currentTarget.value)}
            />
          </label>
          <label title="Whether contacts may be cut, too">
            <input type="checkbox" checked={contacts} onChange={(e) => touch(e.currentTarget.checked)} /> contacts
          </label>
        </div>
      </form>
      <Asking lab={lab} kind="smallest" what="Trying single edits and pairs of them: some seconds." />
      {told && !told.reply.error && <Found lab={lab} told={told} fresh={fresh !== null} />}
      {!told && !busy && (
        <p class="cl-quiet">
          <Words
            lab={lab}
            text={`A search over stretches of the tracks, each histone mark and each contact: the edit that changes the least signal. Empty target: the other side of ${middle}.`}
          />
        </p>
      )}
    </>
  );
}

function Found({ lab, told, fresh }) {
  const { rows, target } = told.reply,
    of = told.request.task === "classification" ? "a chance of" : "a level of";
  const models = lab.state.predicted[told.request.task].after.length;
  if (!rows.length) return <p>No edit that was tried moves the prediction towards {fixed(target)}.</p>;
  return (
    <>
      <p class="cl-quiet" role="status">
        {fresh
          ? `Towards ${of} ${fixed(target)}, the smallest first; size: kb of a mark’s full signal`
          : "For the gene as it was: undo, and try another of them, or search again."}
      </p>
      <ol class="cl-flips" aria-label="smallest edits">
        {rows.map((row, i) => (
          <li key={i}>
            <button
              class="cl-small"
              disabled={!fresh || !lab.mayEdit()}
              title="Apply it; undo takes it back"
              aria-label={`apply: ${row.words}`}
              onClick={() => lab.act({ do: "add", edits: row.edits })}
            >
              Apply
            </button>
            <div>
              {row.words}
              <div class="cl-quiet">{about(row, told.request.task, models)}</div>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

/** A row in words: prediction, size, agreement, truth. */
function about(row, task, models) {
  const agree = Math.round(row.agree * models);
  return [
    `${fixed(row.before)} → ${fixed(row.after)}${row.reached ? "" : ", not there"}`,
    row.true !== null && `${task === "classification" ? "true level" : "true"} ${fixed(row.true)}`,
    `${row.strokes} ${row.strokes === 1 ? "stroke" : "strokes"}${row.size ? `, size ${short(row.size, 2)}` : ""}`,
    models > 1 && `${agree} of ${models} agree`,
  ]
    .filter(Boolean)
    .join(" · ");
}
