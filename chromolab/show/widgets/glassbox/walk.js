// The glass box: walking from box to box, by itself and by key.

/** Milliseconds to read a box in: three words a second, counted in letters, and time to look at the picture. */
export function readingTime(letters, pace = 1) {
  return Math.round(pace * (3000 + 60 * letters));
}

/**
 * The nearest box in a direction ("Left", "Right", "Up", "Down"), where what lies straight ahead counts as near.
 * @param {string} direction
 * @param {DOMRect} from
 * @param {Iterable<[string, DOMRect]>} boxes
 */
export function nearest(direction, from, boxes) {
  const middle = (r) => [r.left + r.width / 2, r.top + r.height / 2],
    [x, y] = middle(from);
  const sign = direction === "Left" || direction === "Up" ? -1 : 1,
    level = direction === "Left" || direction === "Right";
  let best = null,
    least = Infinity;
  for (const [name, box] of boxes) {
    const [u, v] = middle(box),
      ahead = sign * (level ? u - x : v - y),
      aside = Math.abs(level ? v - y : u - x);
    if (ahead < 4 || ahead + 3 * aside >= least) continue;
    [best, least] = [name, ahead + 3 * aside];
  }
  return best;
}

/** Arrow keys on a row of tabs: the next tab takes the focus and is chosen. */
export function tabKeys(tabs) {
  tabs.addEventListener("keydown", (event) => {
    const all = /** @type {HTMLElement[]} */ ([...tabs.children]),
      at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const tab = all[(to + all.length) % all.length];
    tab.focus();
    tab.click();
  });
}
