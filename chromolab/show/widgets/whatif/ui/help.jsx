// What the keys do, over the page.

import { useEffect, useRef } from "preact/hooks";

import { HELP } from "../keys.js";

/** @param {{lab: import("../lab.js").Lab}} props */
export function Help({ lab }) {
  /** @type {import("preact/hooks").MutableRef<HTMLDivElement>} */
  const box = useRef(null);
  const open = lab.help.value;
  useEffect(() => {
    if (!open) return undefined;
    box.current.showPopover();
    box.current.focus();
    const back = document.activeElement;
    return () => back instanceof HTMLElement && back.isConnected && lab.tracks?.canvas.focus({ preventScroll: true });
  }, [open]);
  if (!open) return null;
  return (
    <div
      ref={box}
      class="cl-help"
      popover="auto"
      tabindex={-1}
      role="dialog"
      aria-label="keys"
      onToggle={(e) => e.newState === "closed" && (lab.help.value = false)}
    >
      <b>Keys, while the tracks have the focus</b>
      <dl>
        {HELP.map(([keys, what]) => (
          <div key={keys}>
            <dt>{keys}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p>
        Panels beside the tracks: missions, where the lab has them; whole marks; contacts; recipes; the smallest edit
        that flips the prediction; the list of edits, with dose curve, other genes, replay, files and pictures; another
        gene or cell type, over the tracks or side by side. Arrow keys go from one tab to the next.
      </p>
      <p class="cl-quiet">
        Mouse: drag to use the tool, Shift and drag to move the view, Ctrl and the wheel to zoom, the wheel over the
        axis to zoom; click an arc to cut a contact, a title to see that region wide, a neighbouring gene to go there.
        Fingers move and pinch.
      </p>
      <details>
        <summary>Words</summary>
        <dl class="cl-glossary">
          {Object.entries(lab.state?.words || {}).map(([word, text]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
}
