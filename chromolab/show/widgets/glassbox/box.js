// The glass box: the map of boxes, the panel of the one that is open, keyboard and play.

import { arrowAcross, arrowNodes, arrowWithin, drawThumb } from "./map.js";
import { Part } from "./parts.js";
import { numbersOf, shapeInWords, subscripts } from "./plan.js";
import { sumOf } from "./sums.js";
import { make, onTheme, root, themeOf } from "../shared/dom.js";
import { grouped, short } from "../shared/numbers.js";
import { Wire } from "../shared/wire.js";

class GlassMap {
  constructor({ model, el }) {
    this.about = model.get("about");
    this.node = root(el, "cl-glass");
    this.node.glass = this; // for tests
    this.view = {
      resolution: this.about.resolutions[this.about.resolutions.length - 1],
      pairwise: 0,
      regulation: 0,
      pcre: 0,
    };
    this.open = null;
    this.panel = null;
    this.boxes = new Map();
    this.order = [];
    this.parts = [];
    this.timer = 0;
    this.current = null;
    this.wire = new Wire(model, {
      onReply: (reply, buffers) => this.answered(reply, buffers),
      merge: (last, next) => (last.kind === next.kind ? next : null), // the newest wins
    });
    this.build();
    this.stopTheme = onTheme(() => {
      this.paint();
      this.parts.forEach((p) => p.sheet.redraw());
    });
    this.watch = new ResizeObserver(() => this.arrowsSoon());
    this.watch.observe(this.map);
    this.node.addEventListener("keydown", (e) => this.key(e));
    this.ask();
  }

  close() {
    this.play(false);
    this.shut();
    cancelAnimationFrame(this.frame);
    this.wire.close();
    this.watch.disconnect();
    this.stopTheme();
    this.boxes.clear();
    this.pictures = null;
    this.node.glass = null;
    this.node.remove();
  }

  // ----- the frame ---------------------------------------------------------------------------------------------------

  build() {
    const a = this.about,
      button = (text, title, onclick, more = {}) => make("button", { type: "button", title, onclick, ...more }, text);
    const flip = a.strand === "-" ? ", bins flipped" : "";
    const where = `${a.cell} · ${a.chrom}:${grouped(a.start)}-${grouped(a.end)} · ${a.strand === "-" ? "minus" : "plus"} strand${flip}`;
    this.tabs = make(
      "div",
      { class: "glass-tabs", role: "tablist", "aria-label": "resolution" },
      ...a.resolutions.map((r) =>
        button(`${grouped(r)} bp`, `Bins of ${r} bp`, () => this.choose({ resolution: r }), {
          role: "tab",
          "data-resolution": r,
        }),
      ),
    );
    this.playButton = button("▶ Play", "Step through all boxes (space)", () => this.play(!this.timer));
    this.counter = make("span", { class: "cl-quiet glass-counter" });
    this.status = make("div", { class: "cl-error", role: "status" });
    this.map = make("div", { class: "glass-map" });
    this.node.append(
      make(
        "div",
        { class: "glass-top" },
        make(
          "div",
          { class: "glass-title" },
          make("b", {}, a.gene),
          make("span", { class: "cl-quiet" }, [a.origin, where].filter(Boolean).join(" · ")),
        ),
        this.verdict(),
      ),
      make(
        "div",
        { class: "glass-bar" },
        make("span", { class: "cl-quiet" }, "bins of"),
        this.tabs,
        make("span", { class: "glass-space" }),
        button("◀", "Previous box (←)", () => this.walk(-1), { "aria-label": "previous box" }),
        this.playButton,
        button("▶", "Next box (→)", () => this.walk(1), { "aria-label": "next box" }),
        this.counter,
      ),
      make(
        "div",
        { class: "glass-hint cl-quiet" },
        "Click a box to see its input, weights and output; point at a number to see where it comes from. " +
          "Keys: arrows to move, Enter to open, Esc to close, space to play.",
      ),
      this.status,
      this.map,
    );
  }

  verdict() {
    const a = this.about,
      value = a.probability ?? a.output[0];
    const said = a.task === "classification" ? `${(100 * value).toFixed(1)} %` : short(value);
    const unit = a.task === "classification" ? "predicted: at or above the median" : "predicted: log2(expression + 1)";
    const level = a.label < 0 ? "" : a.label ? "at or above it, " : "below it, ";
    const was =
      a.measured === null
        ? "not measured"
        : `measured: ${a.task === "classification" ? level : ""}log2(expression + 1) = ${short(a.measured)}`;
    return make(
      "div",
      { class: "glass-verdict" },
      make("b", {}, said),
      make("span", {}, unit, make("br"), make("span", { class: "cl-quiet" }, was)),
    );
  }

  // ----- asking and answering ------------------------------------------------------------------------------------------

  ask() {
    this.wire.ask({ kind: "map", ...this.view });
  }

  choose(change) {
    const before = this.view,
      wasOpen = this.open;
    this.view = { ...this.view, ...change };
    if (wasOpen) this.open = this.renamed(wasOpen, before);
    if (this.current) this.current = this.renamed(this.current, before);
    this.ask();
    if (this.open) this.request(this.open);
  }

  // The same box at another resolution or in another layer.
  renamed(name, before) {
    const parts = name.split(".");
    if (parts[0] === "head") return name;
    parts[1] = String(this.view.resolution);
    if (parts.length === 4 && Number(parts[2]) === before[parts[0]]) parts[2] = String(this.view[parts[0]]);
    return parts.join(".");
  }

  request(name) {
    this.wire.ask({ kind: "stage", name, pcre: this.view.pcre });
  }

  answered(reply, buffers) {
    this.status.textContent = reply.error || "";
    if (reply.error) return;
    if (reply.kind === "map") this.fill(reply, buffers[0]);
    else if (reply.name === this.open) this.show(reply, buffers);
  }

  // ----- the map -------------------------------------------------------------------------------------------------------

  fill(reply, buffer) {
    const active = /** @type {HTMLElement} */ (document.activeElement);
    const focused = this.node.contains(active) && active.dataset.name;
    const panel = this.panel;
    this.pictures = new Uint8Array(buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength));
    this.info = reply.boxes;
    this.boxes.clear();
    this.order = [];
    this.lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.lines.classList.add("glass-arrows");
    this.lines.setAttribute("aria-hidden", "true");
    this.map.replaceChildren(this.lines, ...reply.lanes.map((lane) => this.lane(lane)));
    for (const tab of /** @type {Iterable<HTMLElement>} */ (this.tabs.children))
      tab.setAttribute("aria-selected", String(Number(tab.dataset.resolution) === this.view.resolution));
    if (this.open && !this.boxes.has(this.open))
      this.shut(); // that layer or resolution has no such box
    else if (this.open) this.place(panel);
    this.mark();
    this.paint();
    const back = focused && (this.boxes.get(this.current) || this.boxes.get(focused));
    if (back) back.node.focus({ preventScroll: true });
    this.arrowsSoon();
  }

  lane(lane) {
    const row = make("div", { class: "glass-row" }),
      a = this.about;
    lane.columns.forEach((names) => {
      if (!names.length) return row.append(make("div", { class: "glass-gap" }));
      row.append(
        make(
          "div",
          { class: `glass-column ${names.length > 1 ? "glass-stack" : ""}` },
          ...names.map((name) => this.box(name, lane.key)),
        ),
      );
    });
    const head = make(
      "div",
      { class: "glass-lane-head" },
      make("b", {}, lane.title),
      make("span", { class: "cl-quiet" }, lane.about),
      make("span", { class: "glass-space" }),
    );
    if (lane.key in a.layers && a.layers[lane.key] > 1)
      head.append(this.chips("layer", a.layers[lane.key], this.view[lane.key], (i) => this.choose({ [lane.key]: i })));
    if (lane.key === "input" || lane.key === "pairwise") head.append(this.pcreChips());
    const none = lane.key === "pairwise" && !a.pcres.length;
    return make(
      "section",
      { class: `glass-lane glass-${lane.key}`, "aria-label": lane.title },
      head,
      none
        ? make(
            "div",
            { class: "cl-quiet glass-none" },
            "This gene has no pCREs: nothing to ask. The promoter goes into the regulation step alone.",
          )
        : row,
    );
  }

  chips(what, n, chosen, pick, titles = null) {
    const chips = make("span", { class: "glass-chips" }, make("span", { class: "cl-quiet" }, what));
    for (let i = 0; i < n; i++) {
      chips.append(
        make(
          "button",
          {
            type: "button",
            "aria-pressed": String(i === chosen),
            title: titles ? titles[i] : `${what} ${i + 1} of ${n}`,
            onclick: () => pick(i),
          },
          String(titles ? this.about.pcres[i].slot + 1 : i + 1),
        ),
      );
    }
    return chips;
  }

  pcreChips() {
    const a = this.about;
    const titles = a.pcres.map(
      (p) =>
        `${p.chrom}:${grouped(p.start)}-${grouped(p.end)}, met with frequency ${short(p.frequency)}` +
        (p.kb === null ? "" : `, ${short(Math.abs(p.kb))} kb ${p.kb < 0 ? "upstream" : "downstream"} of the TSS`),
    );
    return a.pcres.length
      ? this.chips("pCRE", a.pcres.length, this.view.pcre, (i) => this.choose({ pcre: i }), titles)
      : "";
  }

  box(name, lane) {
    const info = this.info[name],
      canvas = make("canvas", { class: "glass-thumb", "aria-hidden": "true" });
    const shape = shapeInWords(info.shape, info.axes),
      flipped = name.endsWith(".features") && this.about.strand === "-";
    const node = make(
      "button",
      {
        type: "button",
        class: "glass-box",
        "data-name": name,
        tabindex: "-1",
        "aria-expanded": "false",
        title: `${name}: ${shape}`,
        "aria-label": `${info.title}, ${shape}`,
        onclick: () => this.toggle(name),
      },
      canvas,
      make("span", { class: "glass-box-title" }, info.title + (flipped ? "  ⇄" : "")),
      make("span", { class: "glass-box-shape" }, info.shape.join("×")),
    );
    this.boxes.set(name, { node, canvas, info, lane });
    this.order.push(name);
    return node;
  }

  paint() {
    const theme = themeOf(this.node),
      boxes = [...this.boxes.values()];
    /** @type {[number, number][]} */
    const sizes = boxes.map(({ canvas }) => [canvas.clientWidth || 60, canvas.clientHeight || 40]); // read all sizes first, then draw
    boxes.forEach(({ canvas, info }, i) => drawThumb(canvas, sizes[i], info, this.pictures, this.about.marks, theme));
  }

  arrowsSoon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.arrows());
  }

  // From each box to those that read it: within a lane from side to side, from lane to lane along the left margin.
  arrows() {
    if (!this.lines || !this.map.clientWidth) return;
    const all = this.map.getBoundingClientRect(),
      lines = [],
      entries = {},
      under = {};
    const place = (node) => {
      const r = node.getBoundingClientRect(),
        [x, y] = [r.left - all.left, r.top - all.top];
      return {
        x,
        y,
        w: r.width,
        h: r.height,
        right: x + r.width,
        bottom: y + r.height,
        mx: x + r.width / 2,
        my: y + r.height / 2,
      };
    };
    const lanes = {};
    for (const { node, lane } of this.boxes.values())
      if (node.isConnected) (lanes[lane] = lanes[lane] || []).push(place(node));
    for (const [name, { node, info, lane }] of this.boxes) {
      if (!node.isConnected) continue;
      under[lane] = under[lane] || { n: 0 };
      for (const source of info.inputs) {
        const box = this.boxes.get(source) || this.boxes.get(this.stand(source));
        if (!box || !box.node.isConnected) continue;
        const [a, b] = [place(box.node), place(node)],
          on = this.open === name || this.open === source;
        const own = box.lane === lane,
          line = own ? arrowWithin(a, b, lanes[lane], under[lane]) : arrowAcross(source, a, b, box, entries, name);
        if (line) lines.push(...arrowNodes(line, own ? "" : ` glass-across glass-from-${box.lane}`, on));
      }
    }
    Object.entries({ width: all.width, height: this.map.scrollHeight }).forEach(([k, v]) =>
      this.lines.setAttribute(k, String(v)),
    );
    this.lines.replaceChildren(...lines);
  }

  // A source in a layer that the map does not show is represented by the last box of its lane.
  stand(source) {
    const [step, resolution, , what] = source.split(".");
    return what === "out" && Number(resolution) === this.view.resolution
      ? `${step}.${resolution}.${this.view[step]}.out`
      : "";
  }

  // ----- one box -------------------------------------------------------------------------------------------------------

  toggle(name) {
    this.play(false);
    if (this.open === name) this.shut();
    else this.go(name);
  }

  go(name) {
    this.current = this.open = name;
    this.mark();
    this.request(name);
  }

  walk(step, playing = false) {
    if (!playing) this.play(false);
    const at = this.order.indexOf(this.current),
      next = at < 0 ? 0 : at + step;
    if (next < 0 || next >= this.order.length) return false;
    this.go(this.order[next]);
    return true;
  }

  play(on) {
    clearInterval(this.timer);
    this.timer = 0;
    if (on) {
      if (this.order.indexOf(this.current) === this.order.length - 1) this.current = null;
      this.walk(1, true);
      this.timer = window.setInterval(() => this.walk(1, true) || this.play(false), 2500);
    }
    this.playButton.textContent = on ? "❚❚ Pause" : "▶ Play";
  }

  mark() {
    for (const [name, { node }] of this.boxes) {
      node.setAttribute("aria-expanded", String(name === this.open));
      node.tabIndex = name === (this.current || this.order[0]) ? 0 : -1;
    }
    const at = this.order.indexOf(this.current);
    this.counter.textContent = `${at < 0 ? "–" : at + 1} of ${this.order.length}`;
    this.arrowsSoon();
  }

  shut() {
    this.parts.forEach((p) => p.close());
    this.parts = [];
    if (this.panel) this.panel.remove();
    this.panel = this.open = null;
    if (this.lines) this.mark();
  }

  show(reply, buffers) {
    this.parts.forEach((p) => p.close());
    this.parts = [];
    const left = make("div", { class: "glass-left" }),
      right = make("div", { class: "glass-right" });
    this.why = make("div", { class: "glass-why" });
    const panel = make(
      "div",
      { class: "glass-panel", role: "region", "aria-label": reply.title },
      make(
        "div",
        { class: "glass-panel-head" },
        make("span", { class: "glass-formula" }, ...subscripts(reply.formula)),
        make("span", { class: "glass-words" }, reply.words),
        make(
          "button",
          {
            type: "button",
            class: "glass-close",
            title: "Close (Esc)",
            "aria-label": "close",
            onclick: () => this.leave(),
          },
          "×",
        ),
      ),
      make(
        "div",
        { class: "glass-panel-body" },
        left,
        make("div", { class: "glass-to", "aria-hidden": "true" }, "→"),
        right,
      ),
    );
    if (this.panel) this.panel.remove();
    this.place(panel);
    const more = { resolution: this.view.resolution, pcre: this.view.pcre, onHover: (p, at) => this.hovered(p, at) };
    reply.parts.forEach((part, i) => {
      const values = numbersOf(buffers[i], part.dtype);
      this.parts.push(new Part(part.role === "output" ? right : left, part, values, this.about, more));
    });
    if (!left.children.length) panel.classList.add("glass-source");
    right.append(this.why);
    this.rest();
    this.arrowsSoon();
    setTimeout(() => panel.isConnected && panel.scrollIntoView({ block: "nearest" }), 60); // once its canvases have their height
  }

  // Below the lane of its box, with a notch that points at the box.
  place(panel) {
    const box = this.boxes.get(this.open);
    if (!box || !panel) return;
    this.panel = panel;
    const lane = box.node.closest(".glass-lane");
    lane.after(panel);
    const middle = box.node.getBoundingClientRect().left + box.node.offsetWidth / 2 - lane.getBoundingClientRect().left;
    panel.style.setProperty("--glass-notch", `${middle}px`);
  }

  // Nothing is pointed at: the inputs that are read stay outlined.
  rest() {
    this.why.textContent = "Point at a number: this line says where it comes from.";
    const [step, what] = [this.open.split(".")[0], this.open.split(".").pop()];
    for (const p of this.parts) {
      const one =
        p.part.role === "input" && p.plan.size.bin && step === "embedding" && (what === "q" || what === "normed");
      p.linked(
        one ? { bin: p.plan.size.bin >> 1 } : this.open === "head.after" && p.plan.size.token ? { token: 0 } : null,
      );
    }
  }

  hovered(part, at) {
    const output = this.parts.find((p) => p.part.role === "output");
    if (!at) return this.rest();
    for (const other of this.parts) other.linked(other === part ? null : this.translated(part, other, at));
    if (part !== output) {
      this.why.textContent = part.describe(at);
      return;
    }
    const sum = this.sum(at);
    this.why.textContent = sum ? `${short(part.value(at), 5)}  =  ${sum.text}` : part.describe(at);
  }

  sum(at) {
    return sumOf(this.open, this.parts, at, this.about);
  }

  // The same place in another part's axes: a row of the weights makes a number of the output.
  translated(from, to, at) {
    const here = {};
    for (const axis of to.part.axes) if (at[axis] !== undefined && to.plan.size[axis] > at[axis]) here[axis] = at[axis];
    if (from.part.role === "output" && to.part.role === "weight") {
      const axes = from.part.axes,
        last = axes[axes.length - 1],
        E = from.plan.size["head width"];
      const row = last === "head width" ? at.head * E + at[last] : at[last];
      if (row < to.part.shape[0]) here.out = row;
    }
    if (this.open.endsWith(".features") && this.about.strand === "-" && here.bin !== undefined)
      here.bin = to.plan.size.bin - 1 - here.bin;
    if (from.part.axes.includes("asking") && !to.part.axes.includes("asking") && to.part.name.endsWith(".q"))
      here.token = at.asking;
    return here;
  }

  leave() {
    const box = this.boxes.get(this.open);
    this.play(false);
    this.shut();
    if (box) box.node.focus();
  }

  // ----- keyboard ------------------------------------------------------------------------------------------------------

  key(event) {
    const { key } = event,
      onBox = event.target.classList.contains("glass-box");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    if (key === "Escape" && (this.open || this.timer)) this.leave();
    else if (key === " " && (onBox || event.target === this.node)) this.play(!this.timer);
    else if (key.startsWith("Arrow") && onBox) this.move(key.slice(5));
    else return;
    event.preventDefault();
  }

  // To the next box in a direction: the nearest one, where what lies straight ahead counts as near.
  move(direction) {
    const box = this.boxes.get(this.current || this.order[0]),
      from = box.node.getBoundingClientRect();
    const middle = (r) => [r.left + r.width / 2, r.top + r.height / 2],
      [x, y] = middle(from);
    const sign = direction === "Left" || direction === "Up" ? -1 : 1,
      level = direction === "Left" || direction === "Right";
    let best = null,
      least = Infinity;
    for (const [name, { node }] of this.boxes) {
      if (!node.isConnected) continue;
      const [u, v] = middle(node.getBoundingClientRect()),
        ahead = sign * (level ? u - x : v - y),
        aside = Math.abs(level ? v - y : u - x);
      if (ahead < 4 || ahead + 3 * aside >= least) continue;
      [best, least] = [name, ahead + 3 * aside];
    }
    if (!best) return;
    this.play(false);
    this.current = best;
    if (this.open) this.go(best);
    else this.mark();
    this.boxes.get(best).node.focus();
  }
}

export default {
  render(context) {
    const map = new GlassMap(context);
    return () => map.close();
  },
};
