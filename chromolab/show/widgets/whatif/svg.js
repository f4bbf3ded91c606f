// A drawing context that writes SVG: of a canvas' context all that the lab's pictures use, so that one code draws both.

const two = (v) => String(Math.round(v * 100) / 100);
const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const safe = (text) => String(text).replace(/[&<>"]/g, (c) => SIGNS[c]);
const ANCHORS = { left: "start", start: "start", center: "middle", right: "end", end: "end" };
const KEPT = ["fillStyle", "strokeStyle", "lineWidth", "globalAlpha", "font", "textAlign", "textBaseline", "dash"];

export class SvgContext {
  /**
   * @param {number} width
   * @param {number} height
   * @param {CanvasRenderingContext2D} measuring  A canvas' context, which knows how wide a text is.
   */
  constructor(width, height, measuring) {
    this.size = { width, height };
    this.measuring = measuring;
    this.fillStyle = this.strokeStyle = "#000000";
    this.lineWidth = this.globalAlpha = 1;
    this.font = "10px sans-serif";
    this.textAlign = "left";
    this.textBaseline = "alphabetic";
    /** @type {number[]} */
    this.dash = [];
    /** @type {string[]} */
    this.path = [];
    /** @type {string[]} */
    this.out = [];
    this.clips = 0;
    this.open = 0; // groups to close at the next restore
    /** @type {{[name: string]: any}[]} */
    this.stack = [];
  }

  /** The whole file. @param {string} title */
  text(title) {
    const { width, height } = this.size;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
      `<title>${safe(title)}</title>`,
      ...this.out,
      "</svg>\n",
    ].join("\n");
  }

  save() {
    this.stack.push({ ...Object.fromEntries(KEPT.map((name) => [name, this[name]])), open: this.open });
    this.open = 0;
  }

  restore() {
    for (; this.open; this.open--) this.out.push("</g>");
    Object.assign(this, this.stack.pop());
  }

  group(attributes) {
    this.out.push(`<g ${attributes}>`);
    this.open++;
  }

  translate(x, y) {
    this.group(`transform="translate(${two(x)} ${two(y)})"`);
  }

  clip() {
    const id = `clip${++this.clips}`;
    this.out.push(`<clipPath id="${id}"><path d="${this.path.join("")}"/></clipPath>`);
    this.group(`clip-path="url(#${id})"`);
  }

  beginPath() {
    this.path = [];
  }

  moveTo(x, y) {
    this.path.push(`M${two(x)} ${two(y)}`);
  }

  lineTo(x, y) {
    this.path.push(`L${two(x)} ${two(y)}`);
  }

  rect(x, y, w, h) {
    this.path.push(`M${two(x)} ${two(y)}h${two(w)}v${two(h)}h${two(-w)}z`);
  }

  ellipse(x, y, rx, ry, _turned, from, to) {
    const at = (angle) => `${two(x + rx * Math.cos(angle))} ${two(y + ry * Math.sin(angle))}`;
    this.path.push(`M${at(from)}A${two(rx)} ${two(ry)} 0 ${to - from > Math.PI ? 1 : 0} 1 ${at(to)}`);
  }

  fill() {
    this.shape(`d="${this.path.join("")}"`, this.paint("fill", this.fillStyle));
  }

  stroke() {
    this.shape(`d="${this.path.join("")}"`, this.line());
  }

  fillRect(x, y, w, h) {
    this.shape(`d="M${two(x)} ${two(y)}h${two(w)}v${two(h)}h${two(-w)}z"`, this.paint("fill", this.fillStyle));
  }

  strokeRect(x, y, w, h) {
    this.shape(`d="M${two(x)} ${two(y)}h${two(w)}v${two(h)}h${two(-w)}z"`, this.line());
  }

  shape(d, paint) {
    if (paint && d !== 'd=""') this.out.push(`<path ${d} ${paint}/>`);
  }

  setLineDash(dash) {
    this.dash = dash;
  }

  line() {
    const paint = this.paint("stroke", this.strokeStyle),
      dash = this.dash.length ? ` stroke-dasharray="${this.dash.join(" ")}"` : "";
    return paint && `fill="none" ${paint} stroke-width="${two(this.lineWidth)}"${dash}`;
  }

  /** A colour as attributes that every reader of SVG knows; "" where it is transparent. */
  paint(what, colour) {
    this.measuring.fillStyle = colour;
    const plain = String(this.measuring.fillStyle), // "#rrggbb", or "rgba(r, g, b, a)"
      parts = plain.match(/^rgba\((.*), (.*), (.*), (.*)\)$/);
    const alpha = (parts ? Number(parts[4]) : 1) * this.globalAlpha;
    if (!alpha) return "";
    const said = parts ? `rgb(${parts.slice(1, 4).join(",")})` : plain;
    return `${what}="${said}"${alpha < 1 ? ` ${what}-opacity="${two(alpha)}"` : ""}`;
  }

  measureText(text) {
    this.measuring.font = this.font;
    return this.measuring.measureText(text);
  }

  fillText(text, x, y, most = Infinity) {
    const [, weight = "", size, family] = this.font.match(/^(\w+ )?([\d.]+)px (.*)$/);
    const ascent = (baseline) => {
      this.measuring.textBaseline = baseline;
      return this.measureText(text).fontBoundingBoxAscent;
    };
    const down = ascent("alphabetic") - ascent(/** @type {CanvasTextBaseline} */ (this.textBaseline)),
      { width } = this.measureText(text);
    const squeezed = width > most ? ` textLength="${two(most)}" lengthAdjust="spacingAndGlyphs"` : "";
    const bold = weight ? ` font-weight="${weight.trim()}"` : "";
    this.out.push(
      `<text x="${two(x)}" y="${two(y + down)}" font-family="${safe(family)}" font-size="${size}"${bold} ` +
        `text-anchor="${ANCHORS[this.textAlign]}" ${this.paint("fill", this.fillStyle)}${squeezed}>${safe(text)}</text>`,
    );
  }
}
