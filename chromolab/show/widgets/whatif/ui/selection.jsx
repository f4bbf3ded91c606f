// What can be done with the stretch of a track that is selected.

import { short } from "../../shared/numbers.js";
import { round2 } from "../strokes.js";
import { Slider } from "./slider.jsx";

/** @param {{lab: import("../lab.js").Lab}} props */
export function Selection({ lab }) {
  lab.places.value;
  const selection = lab.state && lab.selection();
  if (!selection || !lab.mayEdit()) return null;
  const place = lab.targetPlace(),
    { low, high, mark } = selection;
  const length = (high - low + 1) * lab.state.gene.bin_size,
    { unit } = lab.state.marks[mark];
  const put = (kind, more, draft = false) => lab.act({ do: "put", draft, edits: [{ kind, ...place, ...more }] });
  let level = round2(lab.state.tops[mark] / 2);
  return (
    <div class="cl-selection" role="group" aria-label="selection" title={place.region}>
      <b>
        {place.mark}, {short(length / 1000)} kb
      </b>
      <Slider
        key={place.mark + place.region}
        name="×"
        title={`${place.mark} in the selection, multiplied by`}
        max={3}
        step={0.05}
        value={1}
        said={(v) => v.toFixed(2)}
        onTurn={(factor, draft) => put("scale", { factor }, draft)}
      />
      <button title="Take the mark away there (Delete)" onClick={() => lab.presses.erase()}>
        Erase
      </button>
      <label>
        <input
          key={`${place.mark} ${place.region}`}
          type="number"
          min="0"
          step="0.5"
          defaultValue={String(level)}
          aria-label={`depth, ${unit || "in the track’s unit"}`}
          title={unit}
          onInput={(e) => (level = Math.max(0, +e.currentTarget.value || 0))}
        />
        <button
          title="The same depth everywhere in the selection"
          onClick={(e) => {
            const field = /** @type {HTMLInputElement} */ (e.currentTarget.parentElement.querySelector("input"));
            lab.act({ do: "add", edits: [{ kind: "set_depth", ...place, depth: Math.max(0, +field.value || 0) }] });
          }}
        >
          Set
        </button>
      </label>
      <button
        class="cl-small"
        title="Forget the selection (Escape)"
        aria-label="forget the selection"
        onClick={() => lab.dropStroke()}
      >
        ×
      </button>
    </div>
  );
}
