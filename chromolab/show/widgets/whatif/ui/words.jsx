// Words of the glossary: on hover and on focus they say what they mean.

import { useEffect, useRef } from "preact/hooks";

import { split } from "../glossary.js";

/** @typedef {{lab: import("../lab.js").Lab}} Props */

/** @param {import("../lab.js").Lab} lab */
const glossId = (lab) => `cl-gloss-${lab.wire.id}`;

/**
 * A word of the glossary; plain text where the lab does not know it. `passed`: the Tab key passes it by, because it stands
 * in a list that repeats it.
 * @param {Props & {of: string, passed?: boolean, children?: import("preact").ComponentChildren}} props
 */
export function Word({ lab, of, passed = false, children = of }) {
  const text = lab.state?.words[of],
    told = lab.glossed.value;
  /** @type {import("preact/hooks").MutableRef<HTMLElement>} */
  const own = useRef(null);
  if (!text) return <>{children}</>;
  const show = () =>
      (lab.glossed.value = { word: of, text, at: own.current.getBoundingClientRect(), node: own.current }),
    hide = () => (lab.glossed.value = null);
  return (
    <dfn
      ref={own}
      class="cl-word"
      tabIndex={passed ? undefined : 0}
      aria-describedby={told && told.node === own.current ? glossId(lab) : undefined}
      onPointerEnter={show}
      onPointerLeave={hide}
      onFocus={show}
      onBlur={hide}
      onKeyDown={(e) => {
        if (e.key === "Escape") hide();
      }}
    >
      {children}
    </dfn>
  );
}

/** A sentence with its words of the glossary, each where it stands first. @param {Props & {text: string, passed?: boolean}} props */
export function Words({ lab, text, passed }) {
  const parts = split(text, Object.keys(lab.state?.words || {}));
  return (
    <>
      {parts.map(({ said, word }, i) =>
        word ? (
          <Word key={i} lab={lab} of={word} passed={passed}>
            {said}
          </Word>
        ) : (
          said
        ),
      )}
    </>
  );
}

/** What the word under the pointer or the focus means, beside it. @param {Props} props */
export function Gloss({ lab }) {
  /** @type {import("preact/hooks").MutableRef<HTMLDivElement>} */
  const box = useRef(null);
  const told = lab.glossed.value;
  useEffect(() => {
    const { current } = box;
    if (!told) {
      if (current.matches(":popover-open")) current.hidePopover();
      return;
    }
    if (!current.matches(":popover-open")) current.showPopover();
    const { width, height } = current.getBoundingClientRect(),
      { left, bottom, top } = told.at;
    const below = bottom + 6 + height < window.innerHeight;
    Object.assign(current.style, {
      left: `${Math.max(4, Math.min(left, window.innerWidth - width - 8))}px`,
      top: `${below ? bottom + 6 : Math.max(4, top - 6 - height)}px`,
    });
  }, [told]);
  return (
    <div ref={box} id={glossId(lab)} class="cl-gloss" popover="manual" role="tooltip">
      {told && (
        <>
          <b>{told.word}</b>: {told.text}
        </>
      )}
    </div>
  );
}
