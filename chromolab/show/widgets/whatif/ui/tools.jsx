// The row of tools over the tracks.

const TOOLS = [
  ["paint", "✎ Paint", "Drag over a track to draw it with the pen (P)"],
  ["erase", "⌫ Erase", "Drag along a track to erase the mark there (E)"],
  ["scale", "↕ Scale", "Drag along a track to multiply it there (S)"],
  ["select", "▭ Select", "Drag along a track, then choose what to do there (R)"],
  ["move", "✥ Move", "Drag the tracks to move the view (V); with any tool: Shift and drag"],
];
const PENS = [
  [100, "100 bp"],
  [500, "500 bp"],
  [1000, "1 kb"],
  [2000, "2 kb"],
];
const FACTORS = [0.1, 0.25, 0.5, 1.5, 2, 4];

/** @param {{lab: import("../lab.js").Lab}} props */
export function Tools({ lab }) {
  const tool = lab.tool.value;
  const coarse = matchMedia("(any-pointer: coarse)").matches;
  return (
    <div class="cl-bar cl-tools">
      <div class="cl-group" role="group" aria-label="tools">
        {TOOLS.map(([name, text, title]) => (
          <button
            key={name}
            title={title}
            aria-pressed={name === tool ? "true" : "false"}
            onClick={() => (lab.tool.value = name)}
          >
            {text}
          </button>
        ))}
      </div>
      {tool === "paint" && (
        <label title="How wide the pen is">
          pen
          <select value={lab.brush.value} onChange={(e) => (lab.brush.value = +e.currentTarget.value)}>
            {PENS.map(([bp, text]) => (
              <option key={bp} value={bp}>
                {text}
              </option>
            ))}
          </select>
        </label>
      )}
      {tool === "scale" && (
        <label title="What the track is multiplied by">
          by
          <select value={lab.factor.value} onChange={(e) => (lab.factor.value = +e.currentTarget.value)}>
            {FACTORS.map((f) => (
              <option key={f} value={f}>
                × {f}
              </option>
            ))}
          </select>
        </label>
      )}
      {coarse && (
        <label title="A finger paints, as a mouse does; otherwise fingers move and zoom">
          <input
            type="checkbox"
            checked={lab.fingers.value}
            onChange={(e) => (lab.fingers.value = e.currentTarget.checked)}
          />{" "}
          finger paints
        </label>
      )}
      <span class="cl-space" />
      <Zoom lab={lab} />
    </div>
  );
}

/** @param {{lab: import("../lab.js").Lab}} props */
export function Zoom({ lab }) {
  const part = lab.places.value >= 0 && lab.view !== null; // not all of the wide region is in view
  return (
    <div class="cl-group" role="group" aria-label="zoom">
      {part && (
        <button
          title="Show all of the region"
          onClick={() => {
            lab.view = null;
            lab.moved();
          }}
        >
          all
        </button>
      )}
      <button title="Zoom out (−), or Ctrl and the wheel" aria-label="zoom out" onClick={() => lab.zoom(0.5)}>
        −
      </button>
      <button title="Zoom in (+), or Ctrl and the wheel" aria-label="zoom in" onClick={() => lab.zoom(2)}>
        +
      </button>
    </div>
  );
}
