// What has just come into a panel is seen: the panel scrolls to it, and nothing else does.

import { useEffect, useRef } from "preact/hooks";

/** For the element that has come; `told` changes when it shows another answer. */
export function useSeen(told) {
  /** @type {import("preact/hooks").MutableRef<any>} */
  const own = useRef(null);
  useEffect(() => {
    const panel = own.current.closest(".cl-panel"),
      [mine, its] = [own.current, panel].map((node) => node.getBoundingClientRect());
    if (mine.bottom > its.bottom) panel.scrollTop += Math.min(mine.bottom - its.bottom + 6, mine.top - its.top);
  }, [told]);
  return own;
}
