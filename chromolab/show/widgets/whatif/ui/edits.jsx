// Panel: the edits so far, what is true of them, and edits as files and as Python.

import { useRef } from "preact/hooks";

import { short } from "../../shared/numbers.js";

/** @param {{lab: import("../lab.js").Lab}} props */
export function EditsPanel({ lab }) {
  /** @type {import("preact/hooks").MutableRef<HTMLInputElement>} */
  const file = useRef(null);
  const told = lab.state.edits ? lab.settled.value : null,
    list = told?.list || [],
    code = lab.code.value;
  return (
    <>
      <div class="cl-buttons">
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
      <ol class="cl-list" reversed>
        {list
          .map(([text, name], i) => (
            <li key={name + i}>
              <span title={text}>{text}</span>
              <button
                class="cl-small"
                disabled={!lab.mayEdit()}
                title="Remove this edit"
                aria-label={`remove: ${text}`}
                onClick={() => lab.act({ do: "remove", index: told.first + i, name })}
              >
                ×
              </button>
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
