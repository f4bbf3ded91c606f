// A widget as a page of its own: its parts, which the page holds as text, and the theme, which JupyterLab gives otherwise.

/** The bytes of a text in base64. */
export function bytesOf(base64) {
  const text = atob(base64),
    out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

/** Unpack gzip. */
export async function unzipped(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Numbers of `size` bytes that were stored as planes, in their usual order. */
export function unplaned(bytes, size) {
  const out = new Uint8Array(bytes.length),
    count = bytes.length / size;
  for (let p = 0; p < size; p++) for (let i = 0; i < count; i++) out[i * size + p] = bytes[p * count + i];
  return out;
}

/** A part of the page, unpacked; null where the page has none of that name. */
export async function part(name) {
  const held = document.getElementById(`cl-${name}`);
  const bytes = held ? await unzipped(bytesOf(held.textContent)) : null;
  held?.remove(); // the text is not needed any more
  return bytes;
}

/** A part that is JSON. */
export const jsonPart = async (name) => JSON.parse(new TextDecoder().decode(await part(name)));

/** The theme follows the reader's system, or the page that frames this one and says {dark: true or false}. */
function follow(system) {
  const tell = (dark) => {
    document.body.dataset.jpThemeLight = String(!dark);
  };
  tell(system.matches);
  system.addEventListener("change", () => tell(system.matches));
  addEventListener("message", ({ source, data }) => {
    if (source === parent && source !== window && typeof data?.dark === "boolean") tell(data.dark);
  });
}

/**
 * Show a widget with a model that answers here.
 * @param {{render: (context: any) => unknown}} widget
 * @param {() => Promise<any>} makeModel
 */
export async function alone(widget, makeModel) {
  const place = document.getElementById("cl-place");
  try {
    follow(matchMedia("(prefers-color-scheme: dark)"));
    const model = await makeModel();
    place.textContent = "";
    widget.render({ model, el: place });
    /** @type {any} */ (window).chromolab = model; // for whoever wants to look inside
  } catch (error) {
    console.error(error);
    place.textContent = `The page could not be opened in this browser: ${error.message}. It needs Chromium 80, Firefox 113 or Safari 16.4.`;
  }
}
