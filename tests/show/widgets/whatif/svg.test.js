// The context that writes SVG: what a canvas would draw, as elements, with states and clips closed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SvgContext } from "../../../../chromolab/show/widgets/whatif/svg.js";

/** Measures as if each sign were six pixels wide. */
const measuring = {
  fillStyle: "",
  font: "",
  textBaseline: "alphabetic",
  measureText(text) {
    return { width: 6 * text.length, fontBoundingBoxAscent: { alphabetic: 9, middle: 4, top: 0 }[this.textBaseline] };
  },
};
const context = () => new SvgContext(100, 50, /** @type {any} */ (measuring));

test("shapes have the colours and lines that were set", () => {
  const ctx = context();
  ctx.fillStyle = "#ff0000";
  ctx.fillRect(1, 2, 3, 4.005);
  Object.assign(ctx, { strokeStyle: "rgba(0, 0, 0, 0.5)", lineWidth: 2, globalAlpha: 0.5 });
  ctx.setLineDash([2, 3]);
  ctx.beginPath();
  ctx.moveTo(0, 0);
  ctx.lineTo(10, 5);
  ctx.ellipse(20, 10, 8, 4, 0, Math.PI, 2 * Math.PI);
  ctx.stroke();
  ctx.fillStyle = "rgba(0, 0, 0, 0)";
  ctx.fillRect(0, 0, 9, 9); // not to be seen: not there
  const [rect, line, ...rest] = ctx.out;
  assert.equal(rect, '<path d="M1 2h3v4.01h-3z" fill="#ff0000"/>');
  assert.match(line, /d="M0 0L10 5M12 10A8 4 0 0 1 28 10"/);
  assert.match(line, /fill="none" stroke="rgb\(0,0,0\)" stroke-opacity="0.25" stroke-width="2" stroke-dasharray="2 3"/);
  assert.deepEqual(rest, []);
});

test("a state that is restored is as it was, and its groups are closed", () => {
  const ctx = context();
  ctx.font = "bold 12px Helvetica";
  ctx.save();
  ctx.translate(5, 6);
  ctx.save();
  Object.assign(ctx, { font: "9px serif", fillStyle: "#00ff00" });
  ctx.beginPath();
  ctx.rect(0, 0, 10, 10);
  ctx.clip();
  ctx.fillRect(0, 0, 99, 99);
  ctx.restore();
  ctx.restore();
  assert.equal(ctx.font, "bold 12px Helvetica");
  assert.equal(ctx.fillStyle, "#000000");
  const text = ctx.text("all");
  assert.equal(text.match(/<g /g).length, text.match(/<\/g>/g).length);
  assert.ok(text.indexOf('clip-path="url(#clip1)"') > text.indexOf('<clipPath id="clip1">'));
});

test("text stands where a canvas puts it, is narrowed where it must be, and is never markup", () => {
  const ctx = context();
  Object.assign(ctx, { font: "bold 11.5px A, B", textAlign: "right", textBaseline: "top", fillStyle: "#222222" });
  ctx.fillText('<b>"&', 50, 10, 12);
  assert.equal(
    ctx.out[0],
    '<text x="50" y="19" font-family="A, B" font-size="11.5" font-weight="bold" text-anchor="end" fill="#222222" ' +
      'textLength="12" lengthAdjust="spacingAndGlyphs">&lt;b&gt;&quot;&amp;</text>',
  );
  assert.match(ctx.text("<i>"), /<title>&lt;i&gt;<\/title>/);
});
