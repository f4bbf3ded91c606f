// The glass box: a summary box for each step, each with what it says of this gene, and the boxes inside them.

import { arrowAcross, arrowNodes, arrowWithin, drawThumb } from "./map.js";
import { shapeInWords } from "./plan.js";
import { make, themeOf } from "../shared/dom.js";
import { grouped, short } from "../shared/numbers.js";

const SVG = "http://www.w3.org/2000/svg";

export class Steps {
  /** @param {any} glass */
  constructor(glass) {
    this.glass = glass;
    this.node = make("div", {
      class: "glass-map",
      id: `${glass.frame.id}-map`,
      role: "tabpanel",
      "aria-label": "the model's steps",
    });
    /** @type {Map<string, {node: HTMLElement, canvas: HTMLCanvasElement, info: any, lane: string, step: string}>} */
    this.boxes = new Map();
    /** @type {string[]} */
    this.order = [];
    /** @type {Map<string, {node: HTMLElement, head: HTMLElement, inside: HTMLElement, thumbs: any[]}>} */
    this.cards = new Map();
    this.painted = ""; // the steps that were open when the pictures were last painted
    this.watch = new ResizeObserver(() => {
      this.paint();
      this.arrowsSoon();
    });
    this.watch.observe(this.node);
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.watch.disconnect();
    this.boxes.clear();
    this.pictures = null;
  }

  /** @param {any} reply @param {DataView} buffer */
  fill(reply, buffer) {
    this.pictures = new Uint8Array(buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength));
    this.info = reply.boxes;
    this.boxes.clear();
    this.cards.clear();
    this.order = [];
    this.lines = document.createElementNS(SVG, "svg");
    this.lines.classList.add("glass-arrows");
    this.lines.setAttribute("aria-hidden", "true");
    this.node.replaceChildren(this.lines, ...reply.steps.map((step) => this.card(step, reply.story[step.key])));
    this.painted = null;
    this.node.setAttribute("aria-labelledby", `${this.glass.frame.id}-${this.glass.view.resolution}`);
    this.show();
  }

  card(step, sentence) {
    const id = `${this.glass.frame.id}-${step.key}`;
    const inside = make("div", { class: "glass-inside", id }, ...step.lanes.map((lane) => this.lane(lane)));
    const thumbs = step.pictures.map((name) => ({
      canvas: make("canvas", { class: "glass-thumb", "aria-hidden": "true" }),
      info: this.info[name],
    }));
    const head = make(
      "button",
      {
        type: "button",
        class: "glass-summary",
        "aria-expanded": "false",
        "aria-controls": id,
        onclick: () => this.glass.toggleStep(step.key),
      },
      make("span", { class: "glass-sign", "aria-hidden": "true" }),
      step.title,
    );
    const node = make(
      "section",
      { class: `glass-step glass-${step.key}`, "aria-label": step.title },
      make("div", { class: "glass-step-head" }, make("h3", {}, head), make("span", { class: "cl-quiet" }, step.about)),
      make(
        "div",
        { class: "glass-told" },
        make("p", { class: "glass-story" }, sentence),
        make(
          "div",
          { class: "glass-pictures", "aria-hidden": "true" },
          ...thumbs.map(({ canvas, info }) => make("figure", {}, canvas, make("figcaption", {}, info.title))),
        ),
      ),
      this.choices(step.key),
      inside,
    );
    this.cards.set(step.key, { node, head, inside, thumbs });
    return node;
  }

  /** Layer and element, where a step has several. */
  choices(step) {
    const { about, view } = this.glass,
      chips = make("div", { class: "glass-choices" });
    if (about.layers[step] > 1)
      chips.append(this.chips("layer", about.layers[step], view[step], (i) => this.glass.choose({ [step]: i })));
    if (step === "pairwise" && about.pcres.length) chips.append(this.pcreChips());
    return chips;
  }

  lane(lane) {
    const row = make("div", { class: "glass-row" });
    for (const names of lane.columns)
      row.append(
        make(
          "div",
          { class: `glass-column ${names.length > 1 ? "glass-stack" : ""}` },
          ...names.map((name) => this.box(name, lane)),
        ),
      );
    const none = lane.step === "pairwise" && !this.glass.about.pcres.length;
    return make(
      "div",
      { class: `glass-lane glass-of-${lane.key}`, role: "group", "aria-label": lane.title },
      make(
        "div",
        { class: "glass-lane-head" },
        make("b", {}, lane.title),
        make("span", { class: "cl-quiet" }, lane.about),
      ),
      none ? make("div", { class: "cl-quiet glass-none" }, "This gene has no pCREs. The promoter goes on alone.") : row,
    );
  }

  chips(what, n, chosen, pick, titles = null) {
    const chips = make(
      "span",
      { class: "glass-chips", role: "group", "aria-label": what },
      make("span", { class: "cl-quiet" }, what),
    );
    for (let i = 0; i < n; i++) {
      const said = titles ? titles[i] : `${what} ${i + 1} of ${n}`,
        number = String(titles ? this.glass.about.pcres[i].slot + 1 : i + 1);
      chips.append(
        make(
          "button",
          {
            type: "button",
            "aria-pressed": String(i === chosen),
            "aria-label": `${what} ${number}`,
            title: said,
            onclick: () => pick(i),
          },
          number,
        ),
      );
    }
    return chips;
  }

  pcreChips() {
    const { about, view } = this.glass;
    const met = ({ frequency, was }) =>
      frequency === null
        ? "cut by an edit"
        : was === null
          ? `added by an edit, met with frequency ${short(frequency)}`
          : `met with frequency ${short(frequency)}${was === frequency ? "" : `, ${short(was)} before the edits`}`;
    const titles = about.pcres.map(
      (p) =>
        `${p.chrom}:${grouped(p.start)}-${grouped(p.end)}, ${met(p)}` +
        (p.kb === null ? "" : `, ${short(Math.abs(p.kb))} kb ${p.kb < 0 ? "upstream" : "downstream"} of the TSS`),
    );
    return this.chips("pCRE", about.pcres.length, view.pcre, (i) => this.glass.choose({ pcre: i }), titles);
  }

  box(name, lane) {
    const info = this.info[name],
      canvas = make("canvas", { class: "glass-thumb", "aria-hidden": "true" });
    const shape = shapeInWords(info.shape, info.axes),
      flipped = /^input.*\.features$/.test(name) && this.glass.about.strand === "-";
    const node = make(
      "button",
      {
        type: "button",
        class: "glass-box",
        "data-name": name,
        tabindex: "-1",
        "aria-expanded": "false",
        title: `${name}: ${shape}`,
        onclick: () => this.glass.toggle(name),
      },
      canvas,
      make("span", { class: "glass-box-title" }, info.title + (flipped ? "  ⇄" : "")),
      make("span", { class: "glass-box-shape" }, info.shape.join("×")),
    );
    this.boxes.set(name, { node, canvas, info, lane: lane.key, step: lane.step });
    this.order.push(name);
    return node;
  }

  /** The step that a box lies in. */
  stepOf(name) {
    return this.boxes.get(name)?.step;
  }

  /** Open and close the summary boxes as `glass.opened` says; mark the box that is open. */
  show() {
    const { opened, open, current } = this.glass;
    for (const [key, { node, head, inside }] of this.cards) {
      node.classList.toggle("glass-open", opened.has(key));
      head.setAttribute("aria-expanded", String(opened.has(key)));
      inside.hidden = !opened.has(key);
    }
    const first = this.order.find((name) => opened.has(this.stepOf(name)));
    for (const [name, { node }] of this.boxes) {
      node.setAttribute("aria-expanded", String(name === open));
      node.tabIndex = name === (opened.has(this.stepOf(current)) ? current : first) ? 0 : -1;
    }
    if (this.painted !== [...opened].join()) this.paint();
    this.arrowsSoon();
  }

  paint() {
    if (!this.pictures) return;
    this.painted = [...this.glass.opened].join();
    const theme = themeOf(this.node),
      all = [...this.boxes.values(), ...[...this.cards.values()].flatMap((card) => card.thumbs)];
    const shown = all.filter(({ canvas }) => canvas.clientWidth);
    /** @type {[number, number][]} */
    const sizes = shown.map(({ canvas }) => [canvas.clientWidth, canvas.clientHeight]); // read all sizes, then draw
    shown.forEach(({ canvas, info }, i) =>
      drawThumb(canvas, sizes[i], info, this.pictures, this.glass.about.marks, theme),
    );
  }

  arrowsSoon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.arrows());
  }

  // From each box to those that read it: within a lane from side to side, from lane to lane along the left margin. Where
  // the page is narrow the boxes stand in several rows, and arrows would only tangle.
  arrows() {
    if (!this.lines || !this.node.clientWidth) return;
    const all = this.node.getBoundingClientRect(),
      lines = [],
      entries = {},
      under = {},
      /** @type {{[lane: string]: any[]}} */
      lanes = {};
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
    const visible = [...this.boxes].filter(([, box]) => box.node.clientWidth && this.node.clientWidth > 620),
      shown = new Map(visible);
    for (const { node, lane, step } of shown.values()) (lanes[`${step} ${lane}`] ||= []).push(place(node));
    for (const [name, { node, info, lane, step }] of shown) {
      const key = `${step} ${lane}`;
      under[key] ||= { n: 0 };
      for (const source of info.inputs) {
        const box = shown.get(source) || shown.get(this.stand(source));
        if (!box) continue;
        const [a, b] = [place(box.node), place(node)],
          on = this.glass.open === name || this.glass.open === source;
        const own = box.lane === lane && box.step === step,
          line = own ? arrowWithin(a, b, lanes[key], under[key]) : arrowAcross(source, a, b, box, entries, name);
        if (line) lines.push(...arrowNodes(line, own ? "" : ` glass-across glass-from-${box.lane}`, on));
      }
    }
    this.lines.replaceChildren(...lines);
  }

  // A source in a layer that the map does not show is represented by the last box of its lane.
  stand(source) {
    const [step, resolution, , what] = source.split(".");
    const { view } = this.glass;
    return what === "out" && Number(resolution) === view.resolution ? `${step}.${resolution}.${view[step]}.out` : "";
  }
}
