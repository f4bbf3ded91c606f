// Panel: the edits so far, what is true of them, and edits as files and as Python.

import { useRef } from "preact/hooks";

import { short } from "../../shared/numbers.js";
import { savePicture } from "../picture.js";
import { Asking } from "./asking.jsx";
import { Course } from "./course.jsx";
import { OneEdit } from "./one_edit.jsx";

/** @param {{lab: import("../lab.js").Lab}} props */
export function EditsPanel({ lab }) {
  /** @type {import("preact/hooks").MutableRef<HTMLInputElement>} */
  const file = useRef(null);
  const told = lab.state.edits ? lab.settled.value : null,
    list = told?.list || [],
    code = lab.code.value,
    chosen = lab.questions.edit.value;
  return (
    <>
      <div class="cl-buttons cl-files">
        <button
          title="Show and copy a Python script that makes the same edits and predicts"
          onClick={() => lab.ask({ kind: "text", as: "python" })}
        >
          Python
        </button>
        <button title="Keep the edits as a file (JSON)" onClick={() => lab.keeper.save()}>
          Save
        </button>
        <button
          title="Read edits from a file (JSON), at most 2,000"
          disabled={!lab.mayEdit()}
          onClick={() => file.current.click()}
        >
          Load
        </button>
        <input
          ref={file}
          type="file"
          accept=".json,application/json"
          class="cl-hidden"
          tabIndex={-1}
          aria-label="file of edits"
          onChange={() => lab.keeper.load(file.current)}
        />
        {["svg", "png"].map((/** @type {"svg" | "png"} */ kind) => (
          <button
            key={kind}
            title={`Keep the view as a picture: ${kind === "svg" ? "lines and text, for papers" : "pixels, for slides"}`}
            aria-label={`picture of the view, ${kind.toUpperCase()}`}
            onClick={() => savePicture(lab, kind)}
          >
            {kind.toUpperCase()}
          </button>
        ))}
      </div>
      {code && (
        <textarea
          class="cl-code"
          readOnly
          rows={7}
          aria-label="the edits as Python"
          value={code}
          onFocus={(e) => e.currentTarget.select()}
        />
      )}
      {list.length > 0 && <Replay lab={lab} />}
      <ol class="cl-list" reversed>
        {list
          .map(([text, name], i) => (
            <li key={name + i}>
              <div class="cl-line">
                <Line lab={lab} text={text} name={name} open={name === chosen} />
                <button
                  class="cl-small"
                  disabled={!lab.mayEdit()}
                  title="Remove this edit"
                  aria-label={`remove: ${text}`}
                  onClick={() => lab.act({ do: "remove", index: told.first + i, name })}
                >
                  ×
                </button>
              </div>
              {name === chosen && <OneEdit lab={lab} index={told.first + i} name={name} />}
            </li>
          ))
          .reverse()}
        {!list.length && <li class="cl-quiet">{lab.state.edits ? "…" : "none yet"}</li>}
        {told?.first > 0 && <li class="cl-quiet">and {told.first} before these</li>}
      </ol>
      <Truth told={told?.true} />
    </>
  );
}

/** An edit in words; where there is more to ask about it, a button that opens that. */
function Line({ lab, text, name, open }) {
  if (!["dose", "others"].some((kind) => lab.state.can.includes(kind))) return <span title={text}>{text}</span>;
  return (
    <button
      class="cl-plain"
      title={`${text}: dose curve, other genes`}
      aria-expanded={open ? "true" : "false"}
      onClick={() => (lab.questions.edit.value = open ? null : name)}
    >
      {text}
    </button>
  );
}

/** The prediction after each edit of the list. */
function Replay({ lab }) {
  const { questions, state } = lab,
    told = questions.answer("replay");
  if (!state.can.includes("replay")) return null;
  return (
    <>
      <div class="cl-buttons">
        <button
          class="cl-small"
          disabled={questions.asked.value !== null}
          title="The prediction after each edit of the list, in order"
          onClick={() => questions.ask("replay")}
        >
          ▶ Replay the list
        </button>
      </div>
      <Asking lab={lab} kind="replay" what="Making the edits again, one by one." />
      {told && !told.reply.error && (
        <Course
          label="replay"
          of="after"
          task={told.request.task}
          stops={told.reply.steps.map(({ step, words, values }, i, all) => ({
            name: step ? `${step}. ${words}` : words,
            tick: i === 0 || i === all.length - 1 || all.length < 9 ? String(step) : "",
            values,
          }))}
        />
      )}
    </>
  );
}

/** What the simulator says of each cause that the edits change. */
function Truth({ told }) {
  if (!told) return null;
  const rows = [...told.parts, ...told.refused.map((what) => ({ what, change: null }))];
  if (!rows.length) return null;
  return (
    <div class="cl-truth">
      <b>True change of log2(RPKM + 1), each cause alone</b>
      {rows.map(({ what, change }) => (
        <div key={what}>
          {what}: {change === null ? "not known" : `${change > 0 ? "+" : ""}${short(change, 2)}`}
        </div>
      ))}
    </div>
  );
}
