// The glass box: drawing one tensor with its axes, masks and scale. `part` is a Part (parts.js).

import { GLASS_BYTES, drawExons, drawGenomeAxis, drawTss, nameOf, scaleOf } from "./plan.js";
import { themeOf } from "../shared/dom.js";
import { drawArea, drawHatch, drawSteps } from "../shared/drawing.js";
import { short } from "../shared/numbers.js";

export function drawPart(part, ctx) {
  const { plan, genome, about } = part,
    theme = themeOf(part.holder);
  part.boxes.forEach((box, p) => {
    const fixed = plan.panels ? { [plan.panels]: p } : {};
    ctx.font = `11px ${theme.font}`;
    if (plan.n > 1) text(ctx, nameOf(plan.panels, p, about), box.x, box.y - 3, theme.quiet, "left", "bottom");
    if (plan.style === "area") area(part, ctx, box, theme);
    else if (plan.style === "bars") bars(part, ctx, box, theme);
    else heat(part, ctx, box, fixed, theme, p);
    if (plan.columns === "bin") hatch(part, ctx, box, theme);
    if (plan.rows === "token" || plan.rows === "resolution" || plan.rows === "head") rowNames(part, ctx, box, theme);
    if (plan.columns === "token" && plan.n > 1) tokenNumbers(part, ctx, box, theme);
    if (genome && p === plan.n - 1) drawGenomeAxis(ctx, box, plan.nColumns, genome, theme);
    if (genome?.uneven && p === 0) drawExons(ctx, box, genome, plan.nColumns, theme);
    if (genome) drawTss(ctx, box, genome, plan.nColumns, theme);
    outline(part, ctx, box, fixed, theme);
  });
  if (plan.style === "heat" || (plan.style === "bars" && plan.nColumns > 10)) legend(part, ctx, theme);
}

function text(ctx, text, x, y, colour, align = "left", baseline = "middle", room = undefined) {
  Object.assign(ctx, { fillStyle: colour, textAlign: align, textBaseline: baseline });
  ctx.fillText(text, x, y, room);
}

// A chart per row, each to its own height: marks in their colours, heads about their zero line.
function area(part, ctx, box, theme) {
  const { plan, values, about, genome } = part,
    h = box.h / plan.nRows,
    T = plan.nColumns;
  const size = (i) => (part.hidden(i) ? 0 : genome?.uneven ? genome.share(i) : 1), // attention is even over bases
    sizes = Array.from({ length: T }, (_, i) => size(i)),
    all = sizes.reduce((sum, s) => sum + s, 0);
  for (let row = 0; row < plan.nRows; row++) {
    const line = Float64Array.from({ length: T }, (_, i) => values[plan.at({ [plan.rows]: row, [plan.columns]: i })]);
    const y = box.y + row * h + 3,
      tall = h - 5;
    const isMark = plan.rows === "mark",
      colour = isMark ? about.marks[row].colour : theme.down;
    const own = scaleOf(line),
      shown = line.map((v, i) => (part.hidden(i) ? NaN : v));
    const high = Math.max(own.high, 0),
      share = own.signed ? high / (high - own.low) : 1; // of the row, above zero
    const zero = { x: box.x, y, w: box.w, h: tall * share },
      below = { x: box.x, y: y + tall, w: box.w, h: tall * (share - 1) };
    const top = high || 1,
      cut = (sign) => shown.map((v) => (Number.isNaN(v) ? NaN : Math.max(sign * v, 0)));
    if (zero.h > 0) drawArea(ctx, zero, cut(1), top, own.signed ? theme.up : colour);
    if (own.signed) drawArea(ctx, below, cut(-1), -own.low, theme.down); // a negative height draws downwards
    ctx.fillStyle = theme.faint;
    ctx.fillRect(box.x, Math.round(zero.y + zero.h), box.w, 1);
    if (part.part.name.endsWith("weights") && own.high > 0 && part.side !== "difference")
      uniform(
        ctx,
        zero,
        sizes.map((s) => s / all),
        top,
        theme,
        row,
      );
    ctx.font = `11px ${theme.font}`;
    if (isMark) {
      ctx.fillStyle = colour;
      ctx.fillRect(0, y + tall / 2 - 4, 8, 8);
    }
    text(
      ctx,
      nameOf(plan.rows, row, about),
      isMark ? 12 : 0,
      y + tall / 2 - (isMark ? 0 : 7),
      theme.ink,
      "left",
      "middle",
      60,
    );
    if (!isMark)
      text(
        ctx,
        `${own.signed ? `${short(own.low)} to ` : "max "}${short(own.high)}`,
        0,
        y + tall / 2 + 8,
        theme.quiet,
        "left",
        "middle",
        80,
      );
    else {
      Object.assign(ctx, { strokeStyle: theme.paper, lineWidth: 3, textAlign: "right", textBaseline: "middle" });
      ctx.strokeText(short(own.high, 2), box.x + box.w - 2, y + 5); // so that it can be read over the signal
      text(ctx, short(own.high, 2), box.x + box.w - 2, y + 5, theme.ink, "right");
    }
  }
}

// The height of every bin if attention were even.
function uniform(ctx, zero, shares, top, theme, row) {
  drawSteps(ctx, zero, shares, top, theme.ink, { dash: [4, 3], width: 1 });
  if (row === 0) text(ctx, "dashed: all alike", zero.x + zero.w - 2, zero.y + 6, theme.quiet, "right");
}

function bars(part, ctx, box, theme) {
  const { plan, scale, values, about } = part,
    n = plan.nColumns;
  if (n <= 10) {
    // few and named: lying bars
    const from = part.part.role === "weight" ? 56 : 130,
      room = box.w - from - 70,
      zero = scale.signed ? from + room / 2 : from;
    values.forEach((v, i) => {
      const y = box.y + i * 20,
        long = ((scale.signed ? room / 2 : room) * v) / scale.top;
      text(ctx, nameOf(plan.columns, i, about), box.x, y + 10, theme.ink, "left", "middle", from - 8);
      ctx.fillStyle = v < 0 ? theme.down : theme.up;
      if (part.hidden(i)) drawHatch(ctx, { x: from, y: y + 3, w: room, h: 14 }, theme.quiet);
      else {
        ctx.fillRect(Math.min(zero, zero + long), y + 3, Math.max(1, Math.abs(long)), 14);
        text(ctx, short(v, 4), Math.max(zero, zero + long) + 5, y + 10, theme.ink);
      }
    });
    return;
  }
  const w = box.w / n,
    room = scale.high - Math.min(scale.low, 0) || 1,
    zero = box.y + (box.h * Math.max(scale.high, 0)) / room;
  values.forEach((v, i) => {
    ctx.fillStyle = v < 0 ? theme.down : theme.up;
    const long = (box.h * v) / room;
    ctx.fillRect(box.x + i * w, Math.min(zero, zero - long), Math.max(w - (w > 3 ? 1 : 0), 0.7), Math.abs(long));
  });
  ctx.fillStyle = theme.quiet;
  ctx.fillRect(box.x, Math.round(zero), box.w, 1);
}

// Made once at one pixel per number, then stretched.
function heat(part, ctx, box, fixed, theme, p) {
  const { plan } = part;
  part.picture = part.picture || [];
  if (!part.picture[p]) part.picture[p] = pixels(part, fixed);
  const small = part.picture[p].width > box.w * (window.devicePixelRatio || 1) || part.picture[p].height > box.h;
  ctx.imageSmoothingEnabled = small;
  ctx.drawImage(part.picture[p], box.x, box.y, box.w, box.h);
  if (plan.columns === "token" || plan.rows === "token") hatchTokens(part, ctx, box, theme, plan.columns === "token");
  if (plan.rows === "asking") hatchTokens(part, ctx, box, theme, false); // an empty slot asks too, but its answer is never read
  Object.assign(ctx, { strokeStyle: theme.faint, lineWidth: 1 });
  ctx.strokeRect(box.x - 0.5, box.y - 0.5, box.w + 1, box.h + 1);
  if (plan.rows === "asking") {
    // the promoter's question, the one that is read in the end
    Object.assign(ctx, { strokeStyle: theme.ink, lineWidth: 1.5 });
    ctx.strokeRect(box.x, box.y, box.w, box.h / plan.nRows);
  }
}

function pixels(part, fixed) {
  const { plan, scale, values } = part,
    bytes = GLASS_BYTES[scale.kind];
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: plan.nColumns, height: plan.nRows });
  const ctx = canvas.getContext("2d"),
    image = ctx.createImageData(plan.nColumns, plan.nRows),
    at = { ...fixed };
  for (let r = 0, to = 0; r < plan.nRows; r++) {
    if (plan.rows) at[plan.rows] = r;
    for (let c = 0; c < plan.nColumns; c++, to += 4) {
      at[plan.columns] = c;
      const v = values[plan.at(at)];
      if (Number.isNaN(v)) continue; // transparent
      const rgb = bytes[Math.max(0, Math.min(255, Math.round(scale.level(v) * 255)))];
      image.data[to] = rgb[0];
      image.data[to + 1] = rgb[1];
      image.data[to + 2] = rgb[2];
      image.data[to + 3] = 255;
    }
  }
  ctx.putImageData(image, 0, 0);
  return canvas;
}

// Runs of bins that are padding or have no data.
function hatch(part, ctx, box, theme) {
  const w = box.w / part.plan.nColumns;
  for (let i = 0; i < part.plan.nColumns; i++) {
    if (!part.hidden(i)) continue;
    let end = i;
    while (end < part.plan.nColumns && part.hidden(end)) end++;
    const here = { x: box.x + i * w, y: box.y, w: (end - i) * w, h: box.h };
    ctx.fillStyle = theme.paper;
    ctx.fillRect(here.x, here.y, here.w, here.h);
    drawHatch(ctx, here, theme.quiet);
    if (here.w > 90 && part.part.place === "pcre") {
      ctx.font = `11px ${theme.font}`;
      ctx.fillStyle = theme.paper;
      ctx.fillRect(here.x + here.w / 2 - 30, here.y + here.h / 2 - 8, 60, 16);
      text(ctx, "padding", here.x + here.w / 2, here.y + here.h / 2, theme.quiet, "center");
    }
    i = end;
  }
}

function hatchTokens(part, ctx, box, theme, columns) {
  const n = columns ? part.plan.nColumns : part.plan.nRows;
  for (let i = 0; i < n; i++) {
    if (!part.hidden(i)) continue;
    let end = i;
    while (end < n && part.hidden(end)) end++;
    const [from, long] = [i / n, (end - i) / n];
    const here = columns
      ? { x: box.x + from * box.w, y: box.y, w: long * box.w, h: box.h }
      : { x: box.x, y: box.y + from * box.h, w: box.w, h: long * box.h };
    ctx.fillStyle = theme.paper;
    ctx.fillRect(here.x, here.y, here.w, here.h);
    drawHatch(ctx, here, theme.quiet);
    i = end;
  }
}

// P for the promoter, then the slots of its pCREs.
function tokenNumbers(part, ctx, box, theme) {
  const n = part.plan.nColumns,
    w = box.w / n;
  ctx.font = `${Math.min(10, Math.max(7, w))}px ${theme.font}`;
  if (w < 6) return;
  for (let i = 0; i < n; i++)
    text(ctx, i ? String(i) : "P", box.x + (i + 0.5) * w, box.y + box.h + 7, theme.quiet, "center");
}

function rowNames(part, ctx, box, theme) {
  const { plan, about } = part,
    h = box.h / plan.nRows;
  if (plan.n > 1 || plan.style !== "heat") return;
  ctx.font = `11px ${theme.font}`;
  for (let r = 0; r < plan.nRows; r++) {
    text(
      ctx,
      nameOf(plan.rows, r, about),
      0,
      box.y + (r + 0.5) * h,
      part.hidden(r) ? theme.quiet : theme.ink,
      "left",
      "middle",
      70,
    );
  }
}

function legend(part, ctx, theme) {
  const { scale } = part,
    y = part.sheet.canvas.clientHeight - 12;
  if (part.genome) return part.sideLegend();
  ctx.font = `10px ${theme.font}`;
  if (part.plan.style === "bars")
    return text(ctx, `from ${short(scale.low)} to ${short(scale.high)}`, part.boxes[0].x, y + 4, theme.quiet);
  const [low, high] = scale.signed ? [-scale.top, scale.top] : [0, scale.top],
    from = part.boxes[0].x;
  const start = from + ctx.measureText(short(low)).width + 5;
  text(ctx, short(low), from, y + 4, theme.quiet);
  for (let i = 0; i < 60; i++) {
    ctx.fillStyle = `rgb(${GLASS_BYTES[scale.kind][Math.round((i / 59) * 255)].join(",")})`;
    ctx.fillRect(start + i, y, 1.5, 8);
  }
  text(ctx, short(high), start + 66, y + 4, theme.quiet);
}

function outline(part, ctx, box, fixed, theme) {
  const { plan } = part,
    at = part.focus || part.link,
    own = part.focus !== null;
  if (plan.panels && at[plan.panels] !== undefined && at[plan.panels] !== fixed[plan.panels]) return;
  const [c, r] = [at[plan.columns], plan.rows ? at[plan.rows] : undefined];
  if (c === undefined && r === undefined) return;
  const lying = plan.style === "bars" && plan.nColumns <= 10,
    w = box.w / plan.nColumns,
    h = box.h / plan.nRows;
  let here = {
    x: c === undefined ? box.x : box.x + c * w,
    w: c === undefined ? box.w : w,
    y: r === undefined ? box.y : box.y + r * h,
    h: r === undefined ? box.h : h,
  };
  if (lying) here = { x: box.x, w: box.w, y: box.y + (c * box.h) / plan.nColumns, h: box.h / plan.nColumns };
  if (here.w < 3) here = { ...here, x: here.x + here.w / 2 - 1.5, w: 3 };
  if (here.h < 3) here = { ...here, y: here.y + here.h / 2 - 1.5, h: 3 };
  Object.assign(ctx, { strokeStyle: "#fff", lineWidth: 3 });
  ctx.strokeRect(here.x - 0.5, here.y - 0.5, here.w + 1, here.h + 1);
  Object.assign(ctx, { strokeStyle: own ? "#111" : theme.accent, lineWidth: 1.5 });
  ctx.strokeRect(here.x - 0.5, here.y - 0.5, here.w + 1, here.h + 1);
}
