// A slider with its name and its value. Turned, it tells drafts; let go, the value that counts.

import { useEffect, useRef, useState } from "preact/hooks";

/**
 * `label` is shown in the place of the name.
 * @param {{name: string, label?: import("preact").ComponentChildren, title: string, max: number, step: number, value: number, said: (v: number) => string,
 *   onTurn: (value: number, draft: boolean) => void, colour?: string, cut?: boolean, disabled?: boolean,
 *   children?: import("preact").ComponentChildren}} props
 */
export function Slider({ name, label, title, max, step, value, said, onTurn, colour, cut, disabled, children }) {
  const held = useRef(false); // while the reader turns it, answers do not move it
  const [now, turn] = useState(value);
  useEffect(() => {
    if (!held.current) turn(value);
  }, [value]);
  return (
    <div class={`cl-slider ${cut ? "cl-cut" : ""}`}>
      <span title={label ? undefined : title}>
        {colour && <i style={{ background: colour }} />}
        {label || name}
      </span>
      <input
        type="range"
        min="0"
        max={max}
        step={step}
        value={now}
        title={title}
        aria-label={title}
        aria-valuetext={said(now)}
        disabled={disabled}
        onInput={(e) => {
          held.current = true;
          turn(+e.currentTarget.value);
          onTurn(+e.currentTarget.value, true);
        }}
        onChange={(e) => {
          held.current = false;
          turn(+e.currentTarget.value);
          onTurn(+e.currentTarget.value, false);
        }}
      />
      <output>{said(now)}</output>
      {children}
    </div>
  );
}
