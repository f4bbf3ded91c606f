// Elements, themes and files of the reader. Text from data enters the page only as textContent, never as HTML.

/**
 * Make an element: make("button", {class: "x", title: "y", onclick: f}, "text", child). Children are text or nodes.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {{[name: string]: any}} [attributes]
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined)); // strings become text nodes
  return node;
}

/**
 * The widget's outermost element. Plain keys stay inside it: to JupyterLab one key is a command (it cuts, moves or remakes
 * the cell), also where the widget makes nothing of it. Keys with Ctrl, Alt or Cmd go on to the page.
 * @param {HTMLElement} el
 * @param {string} name
 * @returns {HTMLDivElement & {[name: string]: any}}
 */
export function root(el, name) {
  const node = make("div", { class: `cl-widget ${name}`, "data-lm-suppress-shortcuts": "true" });
  node.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  el.append(node);
  return node;
}

let themes = new WeakMap(); // kept, because every drawing needs it and the browser is slow to give it

/** Colours of the page's theme (JupyterLab light or dark, or plain), as text that a canvas understands. */
export function themeOf(node) {
  const known = themes.get(node),
    now = performance.now();
  if (known && now - known.at < 1000) return known.theme;
  const theme = readTheme(node);
  themes.set(node, { theme, at: now });
  return theme;
}

function readTheme(node) {
  const style = getComputedStyle(node);
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  return {
    paper: read("--cl-paper", "#fff"),
    ink: read("--cl-ink", "#222"),
    quiet: read("--cl-quiet", "#666"),
    faint: read("--cl-faint", "#e4e4e4"),
    accent: read("--cl-accent", "#0072b2"),
    up: read("--cl-up", "#d1219b"),
    down: read("--cl-down", "#7c5ce0"),
    font: style.fontFamily || "sans-serif",
  };
}

/** Call `f` when the page's theme changes; returns a function that stops it. */
export function onTheme(f) {
  const watch = new MutationObserver(() => {
    themes = new WeakMap();
    f();
  });
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  return () => watch.disconnect();
}

/** Let the reader save a text, or a blob, as a file. */
export function download(name, text, type = "application/json") {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
