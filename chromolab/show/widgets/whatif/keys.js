// The keyboard: all that the mouse can do on the tracks.

export const HELP = [
  ["← → (Ctrl: ten bins)", "move along the track; with Shift, select"],
  ["Page Up, Page Down", "the mark above, below"],
  [", .", "the region to the left, to the right"],
  ["Home", "to the transcription start"],
  ["↑ ↓ (Shift: more)", "paint the selection higher, lower"],
  ["Delete", "erase the selection"],
  ["C", "cut the region’s contact, or restore it"],
  ["[ ]", "lower, raise the contact’s frequency"],
  ["P E S R V", "paint, erase, scale, select, move with the mouse or pen"],
  ["W", "show the region wide"],
  ["+ −", "zoom in, out"],
  ["Ctrl+Z, Ctrl+Y", "undo, redo"],
  ["Escape", "give up the stroke; forget the selection"],
  ["? ", "these keys"],
];
const TOOL_KEYS = { p: "paint", e: "erase", s: "scale", r: "select", v: "move" };
const PAINTING = new Set(["ArrowUp", "ArrowDown", "Delete", "Backspace", "c", "[", "]"]);

/**
 * A key on the tracks; returns whether it did something.
 * @param {import("./lab.js").Lab} lab
 * @param {KeyboardEvent} event
 */
export function keyOnTracks(lab, event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key,
    { cursor, state } = lab;
  const command = event.ctrlKey || event.metaKey,
    far = command ? 10 : 1,
    bins = state.regions[cursor.region].bins;
  const moves = {
    ArrowLeft: () => lab.moveTo({ bin: Math.max(0, cursor.bin - far) }, event.shiftKey),
    ArrowRight: () => lab.moveTo({ bin: Math.min(bins - 1, cursor.bin + far) }, event.shiftKey),
    PageUp: () => lab.moveTo({ mark: Math.max(0, cursor.mark - 1) }, true),
    PageDown: () => lab.moveTo({ mark: Math.min(state.marks.length - 1, cursor.mark + 1) }, true),
    Home: () => lab.toTss(),
    ",": () => lab.nextRegion(-1),
    ".": () => lab.nextRegion(1),
    ArrowUp: () => lab.presses.raise(event.shiftKey ? 5 : 1),
    ArrowDown: () => lab.presses.raise(event.shiftKey ? -5 : -1),
    Delete: () => lab.presses.erase(),
    Backspace: () => lab.presses.erase(),
    c: () => lab.presses.toggleContact(cursor.region),
    w: () => lab.widen(cursor.region),
    "[": () => lab.presses.nudgeContact(cursor.region, 0.8),
    "]": () => lab.presses.nudgeContact(cursor.region, 1.25),
    "+": () => lab.zoom(2),
    "=": () => lab.zoom(2),
    "-": () => lab.zoom(0.5),
    Escape: () => lab.dropStroke(),
  };
  const plain = !command && !event.altKey;
  const does = moves[key] || (TOOL_KEYS[key] && (() => (lab.tool.value = TOOL_KEYS[key])));
  if (!does || event.altKey || (!plain && key.length === 1) || (PAINTING.has(key) && !lab.mayEdit())) return false;
  lab.byKeys(true);
  does();
  return true;
}

/**
 * A key anywhere in the lab.
 * @param {import("./lab.js").Lab} lab
 * @param {KeyboardEvent} event
 */
export function keyInLab(lab, event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const typing = target.matches("input:not([type=range]):not([type=checkbox]), textarea, select");
  const command = event.ctrlKey || event.metaKey,
    key = event.key.toLowerCase();
  let ours = true;
  if (command && !typing && key === "z") lab.act({ do: event.shiftKey ? "redo" : "undo" });
  else if (command && !typing && key === "y") lab.act({ do: "redo" });
  else if (event.key === "?" && !typing) lab.help.value = !lab.help.value;
  else if (event.key === "Escape" && lab.help.value) lab.help.value = false;
  else ours = Boolean(lab.state) && target === lab.tracks?.canvas && keyOnTracks(lab, event);
  if (!ours) return;
  event.preventDefault();
  event.stopPropagation();
}
