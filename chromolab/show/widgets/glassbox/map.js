// The glass box: the pictures on the boxes and the arrows between them.

import { GLASS_BYTES } from "./plan.js";
import { make } from "../shared/dom.js";
import { drawHatch } from "../shared/drawing.js";

/** A box's picture: marks as areas in their colours, vectors as a barcode, the rest as heat maps. Hidden is hatched. */
export function drawThumb(canvas, [w, h], info, pictures, marks, theme) {
  const [rows, columns, from] = info.picture,
    ratio = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: Math.round(w * ratio), height: Math.round(h * ratio) });
  const ctx = canvas.getContext("2d"),
    level = (r, c) => pictures[from + r * columns + c],
    x = w / columns,
    y = h / rows;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = theme.paper;
  ctx.fillRect(0, 0, w, h);
  const tracks = info.axes.includes("mark"),
    hidden = [];
  const rowsOfBars = !info.signed && (tracks || info.axes.join() === "head,bin");
  if (!rowsOfBars) thumbHeat(ctx, info, pictures, w, h);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const v = level(r, c);
      if (v === 255) hidden.push([c * x, r * y]);
      else if (rowsOfBars) {
        const tall = Math.min(1, v / 254) * (y - 1);
        ctx.fillStyle = tracks ? marks[r % marks.length].colour : theme.down;
        ctx.fillRect(c * x, (r + 1) * y - tall, x + 0.3, tall);
      }
    }
  }
  ctx.save();
  ctx.beginPath();
  hidden.forEach(([left, top]) => ctx.rect(left, top, x + 0.3, y + 0.3));
  ctx.clip();
  if (hidden.length) {
    ctx.fillStyle = theme.paper;
    ctx.fillRect(0, 0, w, h);
    drawHatch(ctx, { x: 0, y: 0, w, h }, theme.quiet, 4);
  }
  ctx.restore();
}

function thumbHeat(ctx, info, pictures, w, h) {
  const [rows, columns, from] = info.picture,
    bytes = GLASS_BYTES[info.signed ? "diverging" : "sequential"];
  const image = new ImageData(columns, rows),
    small = make("canvas", { width: columns, height: rows });
  for (let i = 0; i < rows * columns; i++) {
    image.data.set(bytes[Math.min(255, Math.round((pictures[from + i] / 254) * 255))], 4 * i);
    image.data[4 * i + 3] = 255;
  }
  small.getContext("2d").putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(small, 0, 0, w, h);
}

// ----- arrows; boxes are {x, y, w, h, right, bottom, mx, my} on the map ------------------------------------------------

/** From side to side within a lane; over boxes that stand in between, below them all. */
export function arrowWithin(a, b, others, under) {
  if (Math.abs(a.mx - b.mx) < 8)
    return { path: `M${a.mx},${a.bottom} V${b.y - 2}`, tip: `M${b.mx},${b.y} l-3,-4 h6 z` };
  const between = (r) => r.x > a.x + 8 && r.right < b.right - 8;
  const free = Math.abs(a.my - b.my) < 3 && !others.some((r) => between(r) && r.y < a.my && r.bottom > a.my);
  if (b.x - a.right < 60 || free) {
    const bend = Math.min(20, (b.x - a.right) / 2);
    const path = `M${a.right},${a.my} C${a.right + bend},${a.my} ${b.x - bend},${b.my} ${b.x - 3},${b.my}`;
    return { path, tip: `M${b.x},${b.my} l-5,-3 v6 z` };
  }
  // Over boxes that stand in between: below them all.
  const lane = others.filter((r) => r.right > a.x && r.x < b.right),
    low = Math.max(...lane.map((r) => r.bottom)) + 4 + 4 * under.n++;
  const [out, in_] = [a.right + 3 + 2 * under.n, b.x - 11 + 2 * under.n],
    my = b.my + 5;
  const path = `M${a.right},${a.my + 5} H${out} V${low - 3} Q${out},${low} ${out + 3},${low} H${in_ - 3} Q${in_},${low} ${in_},${low - 3} V${my} H${b.x - 3}`;
  return { path, tip: `M${b.x},${my} l-5,-3 v6 z` };
}

/** From lane to lane: into the gap below the source's lane, left to the margin, down, and right into the box. */
export function arrowAcross(source, a, b, box, entries, name) {
  const what = source.split(".").pop(),
    x = { features: 20, pcre_features: 20, tss: 9, said: 20, out: box.lane === "pairwise" ? 20 : 14 }[what];
  const lane = box.node.closest(".glass-lane"),
    gap = lane.offsetTop + lane.offsetHeight + (what === "features" ? 3 : 8);
  entries[name] = (entries[name] || 0) + 1;
  const y = b.my + (entries[name] - 1) * 8 - 4;
  const path =
    `M${a.mx},${a.bottom} V${gap - 4} Q${a.mx},${gap} ${a.mx - 4},${gap} H${x + 4} Q${x},${gap} ${x},${gap + 4} ` +
    `V${y - 4} Q${x},${y} ${x + 4},${y} H${b.x - 3}`;
  return { path, tip: `M${b.x},${y} l-5,-3 v6 z` };
}

/** An arrow as SVG: its line and its tip. */
export function arrowNodes({ path, tip }, more, on) {
  return [
    ["glass-line", path],
    ["glass-tip", tip],
  ].map(([kind, d]) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", "path");
    node.setAttribute("d", d);
    node.setAttribute("class", `${kind}${more}${on ? " glass-on" : ""}`);
    return node;
  });
}
