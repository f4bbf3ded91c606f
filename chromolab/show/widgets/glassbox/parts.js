// The glass box: drawing one tensor, with its axes, its masks and the number under the pointer.

import {
  GENOME_AXIS,
  GLASS_BYTES,
  drawGenomeAxis,
  drawTss,
  genomeOf,
  nameOf,
  planOf,
  scaleOf,
  shapeInWords,
  subscripts,
} from "./plan.js";
import { make, themeOf } from "../shared/dom.js";
import { drawArea, drawHatch } from "../shared/drawing.js";
import { grouped, short } from "../shared/numbers.js";
import { Sheet, pointOn } from "../shared/sheet.js";

/** A tensor with its name, shape, picture, colour scale and the number under the pointer. */
export class Part {
  constructor(parent, part, values, about, { resolution, pcre, onHover }) {
    this.part = part;
    this.values = values;
    this.about = about;
    this.onHover = onHover;
    this.link = {};
    this.boxes = [];
    this.focus = null;
    this.scale = scaleOf(values);
    this.plan = planOf(part);
    this.genome =
      this.plan.columns === "bin" && part.place
        ? genomeOf(part.place, this.plan.nColumns, resolution, about, pcre)
        : null;
    this.read = make("div", { class: "glass-read", "aria-live": "off" });
    this.holder = make("div", { class: "glass-canvas" });
    const symbol = make("b", {}, ...(part.role === "weight" ? subscripts(part.label) : [part.label])),
      role = part.role === "weight" ? "weights " : "";
    parent.append(
      make(
        "div",
        { class: `glass-part glass-${part.role}` },
        make(
          "div",
          { class: "glass-caption" },
          role,
          symbol,
          make("span", { class: "glass-shape" }, shapeInWords(part.shape, part.axes)),
          make(
            "span",
            { class: "glass-name" },
            ...part.name.split(".").flatMap((word, i) => (i ? [".", make("wbr"), word] : [word])),
          ),
        ),
        this.holder,
        this.read,
      ),
    );
    this.picture = null;
    this.sheet = new Sheet(
      this.holder,
      (w) => this.layout(w),
      (ctx, w) => this.draw(ctx, w),
      { role: "img", "aria-label": `${part.label}, ${shapeInWords(part.shape, part.axes)}` },
    );
    const canvas = this.sheet.canvas;
    canvas.addEventListener("pointermove", (e) => this.hover(this.hit(pointOn(canvas, e))));
    canvas.addEventListener("pointerleave", () => this.hover(null));
  }

  close() {
    this.sheet.close();
    this.values = this.picture = null;
  }

  // Boxes of the panels for a width; returns the height.
  layout(width) {
    const { plan, part, genome } = this,
      wordy = ["token", "asking", "resolution", "mark", "head"].includes(plan.rows);
    const left =
        plan.n > 1 && plan.perRow > 1 ? 0 : wordy ? (plan.style === "area" && plan.rows === "head" ? 84 : 74) : 8,
      top = genome && genome.tss !== undefined ? 16 : 6;
    const gap = plan.columns === "token" && plan.n > 1 ? 20 : 8; // below such panels stand the tokens' numbers
    const perRow = Math.min(plan.perRow, plan.n);
    let room = (width - left - 10 - gap * (perRow - 1)) / perRow,
      height;
    const head = plan.n > 1 ? 15 : 0;
    if (plan.style === "area") height = plan.nRows * (plan.rows === "mark" ? 24 : 58);
    else if (plan.style === "bars")
      height = plan.nColumns <= 10 ? plan.nColumns * 20 : part.role === "weight" ? 44 : 84;
    else if (genome) height = plan.n > 1 ? Math.max(64, plan.nRows) : Math.max(128, Math.min(plan.nRows, 200));
    else if (part.role === "weight") {
      const cell = Math.max(0.6, Math.min(12, room / plan.nColumns, 150 / plan.nRows));
      room = Math.max(Math.min(room, cell * plan.nColumns), Math.min(room, 60));
      height = Math.max(cell * plan.nRows, 24);
    } else if (plan.columns === "token") height = Math.min(room, plan.nRows * 15);
    else
      height =
        plan.nRows *
        (plan.rows === "token" || plan.rows === "resolution" ? (plan.n > 1 ? 9 : 16) : plan.n > 1 ? 10 : 14);
    if (plan.columns === "token" && plan.n > 1) room = height = Math.min(room, 118);
    this.boxes = [];
    for (let p = 0; p < plan.n; p++) {
      const [row, column] = [Math.floor(p / perRow), p % perRow];
      this.boxes.push({
        x: left + column * (room + gap),
        y: top + head + row * (height + head + gap),
        w: room,
        h: height,
      });
    }
    const last = this.boxes[plan.n - 1];
    return (
      (last ? last.y + last.h : 20) +
      (genome ? GENOME_AXIS : plan.style === "area" ? 4 : plan.columns === "token" && plan.n > 1 ? 30 : 18)
    );
  }

  draw(ctx, width) {
    const { plan, genome, about } = this,
      theme = themeOf(this.holder);
    this.boxes.forEach((box, p) => {
      const fixed = plan.panels ? { [plan.panels]: p } : {};
      ctx.font = `11px ${theme.font}`;
      if (plan.n > 1) this.text(ctx, nameOf(plan.panels, p, about), box.x, box.y - 3, theme.quiet, "left", "bottom");
      if (plan.style === "area") this.area(ctx, box, theme);
      else if (plan.style === "bars") this.bars(ctx, box, theme);
      else this.heat(ctx, box, fixed, theme, p);
      if (plan.columns === "bin") this.hatch(ctx, box, theme);
      if (plan.rows === "token" || plan.rows === "resolution" || plan.rows === "head") this.rowNames(ctx, box, theme);
      if (plan.columns === "token" && plan.n > 1) this.tokenNumbers(ctx, box, theme);
      if (genome && p === plan.n - 1) drawGenomeAxis(ctx, box, plan.nColumns, genome, about.chrom, theme);
      if (genome) drawTss(ctx, box, genome, plan.nColumns, theme);
      this.outline(ctx, box, fixed, theme);
    });
    if (plan.style === "heat" || (plan.style === "bars" && plan.nColumns > 10)) this.legend(ctx, theme);
  }

  text(ctx, text, x, y, colour, align = "left", baseline = "middle", room = undefined) {
    Object.assign(ctx, { fillStyle: colour, textAlign: align, textBaseline: baseline });
    ctx.fillText(text, x, y, room);
  }

  hidden(column) {
    return this.part.seen !== null && !this.part.seen[column];
  }

  // A chart per row, each to its own height: marks in their colours, heads about their zero line.
  area(ctx, box, theme) {
    const { plan, values, about } = this,
      h = box.h / plan.nRows,
      T = plan.nColumns;
    const count = this.part.seen ? this.part.seen.filter(Boolean).length : T;
    for (let row = 0; row < plan.nRows; row++) {
      const line = Float64Array.from({ length: T }, (_, i) => values[plan.at({ [plan.rows]: row, [plan.columns]: i })]);
      const y = box.y + row * h + 3,
        tall = h - 5;
      const isMark = plan.rows === "mark",
        colour = isMark ? about.marks[row].colour : theme.down;
      const own = scaleOf(line),
        shown = line.map((v, i) => (this.hidden(i) ? NaN : v));
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
      if (this.part.name.endsWith("weights") && own.high > 0) this.uniform(ctx, box, zero, 1 / count / top, theme, row);
      ctx.font = `11px ${theme.font}`;
      if (isMark) {
        ctx.fillStyle = colour;
        ctx.fillRect(0, y + tall / 2 - 4, 8, 8);
      }
      this.text(
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
        this.text(
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
        this.text(ctx, short(own.high, 2), box.x + box.w - 2, y + 5, theme.ink, "right");
      }
    }
  }

  // The height of every bin if attention were even.
  uniform(ctx, box, zero, share, theme, row) {
    const y = Math.round(zero.y + zero.h * (1 - share)) + 0.5;
    Object.assign(ctx, { strokeStyle: theme.ink, lineWidth: 1 });
    ctx.setLineDash([4, 3]);
    ctx.beginPath();
    ctx.moveTo(box.x, y);
    ctx.lineTo(box.x + box.w, y);
    ctx.stroke();
    ctx.setLineDash([]);
    if (row === 0) this.text(ctx, "dashed: all alike", box.x + box.w - 2, zero.y + 6, theme.quiet, "right");
  }

  bars(ctx, box, theme) {
    const { plan, scale, values, about } = this,
      n = plan.nColumns;
    if (n <= 10) {
      // few and named: lying bars
      const from = this.part.role === "weight" ? 56 : 130,
        room = box.w - from - 70,
        zero = scale.signed ? from + room / 2 : from;
      values.forEach((v, i) => {
        const y = box.y + i * 20,
          long = ((scale.signed ? room / 2 : room) * v) / scale.top;
        this.text(ctx, nameOf(plan.columns, i, about), box.x, y + 10, theme.ink, "left", "middle", from - 8);
        ctx.fillStyle = v < 0 ? theme.down : theme.up;
        if (this.hidden(i)) drawHatch(ctx, { x: from, y: y + 3, w: room, h: 14 }, theme.quiet);
        else {
          ctx.fillRect(Math.min(zero, zero + long), y + 3, Math.max(1, Math.abs(long)), 14);
          this.text(ctx, short(v, 4), Math.max(zero, zero + long) + 5, y + 10, theme.ink);
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
  heat(ctx, box, fixed, theme, p) {
    const { plan } = this;
    this.picture = this.picture || [];
    if (!this.picture[p]) this.picture[p] = this.pixels(fixed);
    const small = this.picture[p].width > box.w * (window.devicePixelRatio || 1) || this.picture[p].height > box.h;
    ctx.imageSmoothingEnabled = small;
    ctx.drawImage(this.picture[p], box.x, box.y, box.w, box.h);
    if (plan.columns === "token" || plan.rows === "token") this.hatchTokens(ctx, box, theme, plan.columns === "token");
    if (plan.rows === "asking") this.hatchTokens(ctx, box, theme, false); // an empty slot asks too, but its answer is never read
    Object.assign(ctx, { strokeStyle: theme.faint, lineWidth: 1 });
    ctx.strokeRect(box.x - 0.5, box.y - 0.5, box.w + 1, box.h + 1);
    if (plan.rows === "asking") {
      // the promoter's question, the one that is read in the end
      Object.assign(ctx, { strokeStyle: theme.ink, lineWidth: 1.5 });
      ctx.strokeRect(box.x, box.y, box.w, box.h / plan.nRows);
    }
  }

  pixels(fixed) {
    const { plan, scale, values } = this,
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
  hatch(ctx, box, theme) {
    const w = box.w / this.plan.nColumns;
    for (let i = 0; i < this.plan.nColumns; i++) {
      if (!this.hidden(i)) continue;
      let end = i;
      while (end < this.plan.nColumns && this.hidden(end)) end++;
      const here = { x: box.x + i * w, y: box.y, w: (end - i) * w, h: box.h };
      ctx.fillStyle = theme.paper;
      ctx.fillRect(here.x, here.y, here.w, here.h);
      drawHatch(ctx, here, theme.quiet);
      if (here.w > 90 && this.part.place === "pcre") {
        ctx.font = `11px ${theme.font}`;
        ctx.fillStyle = theme.paper;
        ctx.fillRect(here.x + here.w / 2 - 30, here.y + here.h / 2 - 8, 60, 16);
        this.text(ctx, "padding", here.x + here.w / 2, here.y + here.h / 2, theme.quiet, "center");
      }
      i = end;
    }
  }

  hatchTokens(ctx, box, theme, columns) {
    const n = columns ? this.plan.nColumns : this.plan.nRows;
    for (let i = 0; i < n; i++) {
      if (!this.hidden(i)) continue;
      let end = i;
      while (end < n && this.hidden(end)) end++;
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
  tokenNumbers(ctx, box, theme) {
    const n = this.plan.nColumns,
      w = box.w / n;
    ctx.font = `${Math.min(10, Math.max(7, w))}px ${theme.font}`;
    if (w < 6) return;
    for (let i = 0; i < n; i++)
      this.text(ctx, i ? String(i) : "P", box.x + (i + 0.5) * w, box.y + box.h + 7, theme.quiet, "center");
  }

  rowNames(ctx, box, theme) {
    const { plan, about } = this,
      h = box.h / plan.nRows;
    if (plan.n > 1 || plan.style !== "heat") return;
    ctx.font = `11px ${theme.font}`;
    for (let r = 0; r < plan.nRows; r++) {
      this.text(
        ctx,
        nameOf(plan.rows, r, about),
        0,
        box.y + (r + 0.5) * h,
        this.hidden(r) ? theme.quiet : theme.ink,
        "left",
        "middle",
        70,
      );
    }
  }

  legend(ctx, theme) {
    const { scale } = this,
      y = this.sheet.canvas.clientHeight - 12;
    if (this.genome) return this.sideLegend();
    ctx.font = `10px ${theme.font}`;
    if (this.plan.style === "bars")
      return this.text(ctx, `from ${short(scale.low)} to ${short(scale.high)}`, this.boxes[0].x, y + 4, theme.quiet);
    const [low, high] = scale.signed ? [-scale.top, scale.top] : [0, scale.top],
      from = this.boxes[0].x;
    const start = from + ctx.measureText(short(low)).width + 5;
    this.text(ctx, short(low), from, y + 4, theme.quiet);
    for (let i = 0; i < 60; i++) {
      ctx.fillStyle = `rgb(${GLASS_BYTES[scale.kind][Math.round((i / 59) * 255)].join(",")})`;
      ctx.fillRect(start + i, y, 1.5, 8);
    }
    this.text(ctx, short(high), start + 66, y + 4, theme.quiet);
  }

  // Where genome coordinates are below the picture, the scale is given in words.
  sideLegend() {
    const { scale } = this;
    if (!this.scaleSaid) {
      this.scaleSaid = make("span", { class: `glass-scale glass-scale-${scale.kind}` });
      const [low, high] = scale.signed ? [-scale.top, scale.top] : [0, scale.top];
      this.holder.before(make("div", { class: "glass-legend" }, short(low), this.scaleSaid, short(high)));
    }
  }

  // ----- the number under the pointer ----------------------------------------------------------------------------------

  hit({ x, y }) {
    const { plan } = this,
      p = this.boxes.findIndex((b) => x >= b.x && x < b.x + b.w && y >= b.y && y < b.y + b.h);
    if (p < 0) return null;
    const box = this.boxes[p],
      lying = plan.style === "bars" && plan.nColumns <= 10;
    const column = Math.floor(lying ? ((y - box.y) / box.h) * plan.nColumns : ((x - box.x) / box.w) * plan.nColumns);
    const at = { [plan.columns]: Math.max(0, Math.min(plan.nColumns - 1, column)) };
    if (plan.rows)
      at[plan.rows] = Math.max(0, Math.min(plan.nRows - 1, Math.floor(((y - box.y) / box.h) * plan.nRows)));
    if (plan.panels) at[plan.panels] = p;
    return at;
  }

  value(at) {
    return this.values[this.plan.at(at)];
  }

  /** "head 2 · bin 203 · +0.3 kb from the TSS · chr1:100-200: 0.0341" */
  describe(at) {
    const words = [];
    for (const axis of this.part.axes) {
      words.push(nameOf(axis, at[axis], this.about));
      if (axis !== "bin" || !this.genome) continue;
      const bases = this.genome.bases(at.bin),
        kb = this.genome.kb(at.bin);
      if (bases)
        words.push(
          `${kb > 0 && this.genome.tss !== undefined ? "+" : ""}${short(kb)} kb`,
          `${this.about.chrom}:${grouped(bases[0])}-${grouped(bases[1])}`,
        );
    }
    const place = this.part.axes.includes("bin") ? at.bin : at.token;
    const hidden = place !== undefined && this.hidden(place) ? " (hidden from the model)" : "";
    return `${words.join(" · ")}:  ${short(this.value(at), 5)}${hidden}`;
  }

  hover(at) {
    this.focus = at;
    this.read.textContent = at ? this.describe(at) : "";
    this.onHover(this, at);
    this.sheet.redraw();
  }

  /** The place under another part's pointer, in this part's axes. */
  linked(at) {
    this.link = at || {};
    this.sheet.redraw();
  }

  outline(ctx, box, fixed, theme) {
    const { plan } = this,
      at = this.focus || this.link,
      own = this.focus !== null;
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
}
