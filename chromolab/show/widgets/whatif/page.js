// @ts-nocheck
// ----- the page around the tracks ----------------------------------------------------------------------------------

import { download, make } from "../shared/dom.js";
import { GeneBox } from "../shared/genebox.js";
import { grouped, short } from "../shared/numbers.js";
import { Sheet } from "../shared/sheet.js";
import { TracksPicture } from "./draw.js";
import { Card, reasons, slider } from "./cards.js";
import { HELP, Pointer, keyOnTracks, round2 } from "./input.js";
import { HINTS, TOOLS } from "./lab.js";
import { Layout } from "./layout.js";

/** The elements of the lab's page; `Lab` adds what they do. */
export class Page {
  build() {
    this.boxes = [
      new GeneBox(this, "Gene", (gene) => this.ask({ kind: "gene", ...gene })),
      new GeneBox(this, "Compare with", (gene) => this.ask({ kind: "compare", ...gene })),
    ];
    this.cells = make("select", {
      "aria-label": "cell type",
      onchange: () => this.ask({ kind: "gene", gene_id: this.state.gene.gene_id, cell_type: this.cells.value }),
    });
    this.about = make("span", { class: "cl-about cl-quiet" });
    this.hint = make("div", { class: "cl-hint" }, HINTS.paint);
    this.message = make("div", { class: "cl-message", role: "status" });
    this.readout = make("div", { class: "cl-readout cl-quiet" });
    this.live = make("div", { class: "cl-spoken", "aria-live": "polite" });
    this.cardsBox = make("div", { class: "cl-cards" });
    this.stage = make("div", { class: "cl-stage" });
    this.selectionBar = make("div", { class: "cl-selection cl-hidden" });
    this.panels = make("div", { class: "cl-panels" });
    this.node.append(
      make("div", { class: "cl-bar" }, this.boxes[0].node, this.cells, this.about, ...this.historyButtons()),
      this.cardsBox,
      make("div", { class: "cl-bar cl-tools" }, ...this.tools()),
      make("div", { class: "cl-lines" }, this.hint, this.message),
      this.stage,
      this.readout,
      this.live,
      this.selectionBar,
      this.panels,
    );
    this.picture = new TracksPicture(this);
    this.tracks = new Sheet(
      this.stage,
      (w) => (this.state ? this.laidOut(w).height : 300),
      (ctx, w, h, part) => this.state && this.picture.draw(ctx, this.layout, part),
      {
        tabindex: 0,
        role: "application",
        "aria-label": "Tracks to paint on. Press ? for the keys.",
      },
    );
    this.pointer = new Pointer(this, this.tracks.canvas);
    for (const [name, is] of [
      ["focus", true],
      ["blur", false],
    ]) {
      this.tracks.canvas.addEventListener(name, () => this.byKeys(is && this.tracks.canvas.matches(":focus-visible")));
    }
    this.node.addEventListener("keydown", (e) => this.key(e));
  }

  /** Whether the tracks are being used by keyboard: then the cursor and a frame are shown. */
  byKeys(on) {
    this.focused = on;
    this.stage.classList.toggle("cl-keys", on);
    this.tracks.redraw();
  }

  laidOut(width) {
    this.layout = new Layout(width, this.state, this.wide, this.view, this.shown);
    return this.layout;
  }

  historyButtons() {
    const button = (name, text, title, f) => {
      this[name] = make("button", { title, onclick: f }, text);
      return this[name];
    };
    return [
      button("undoButton", "↶ Undo", "Undo the last step (Ctrl+Z)", () => this.act({ do: "undo" })),
      button("redoButton", "↷ Redo", "Redo the step that was undone (Ctrl+Y)", () => this.act({ do: "redo" })),
      button("resetButton", "⟲ Reset", "Back to the gene as it was measured; undo brings the edits back", () =>
        this.act({ do: "reset" }),
      ),
      button("helpButton", "? Keys", "Everything also works from the keyboard", () => this.toggleHelp()),
    ];
  }

  tools() {
    this.toolButtons = Object.fromEntries(
      TOOLS.map(([name, text, title]) => [
        name,
        make("button", { title, "aria-pressed": String(name === this.tool), onclick: () => this.useTool(name) }, text),
      ]),
    );
    const choice = (label, title, values, now, f) =>
      make(
        "label",
        { title },
        label,
        make(
          "select",
          { onchange: (e) => f(+e.target.value) },
          ...values.map(([v, text]) => make("option", { value: v, selected: v === now }, text)),
        ),
      );
    this.brushBox = choice(
      "pen",
      "How wide the pen is",
      [
        [100, "100 bp"],
        [500, "500 bp"],
        [1000, "1 kb"],
        [2000, "2 kb"],
      ],
      this.brush,
      (v) => {
        this.brush = v;
      },
    );
    this.factorBox = choice(
      "by",
      "What the track is multiplied by",
      [
        [0.1, "× 0.1"],
        [0.25, "× 0.25"],
        [0.5, "× 0.5"],
        [1.5, "× 1.5"],
        [2, "× 2"],
        [4, "× 4"],
      ],
      this.factor,
      (v) => {
        this.factor = v;
      },
    );
    this.factorBox.classList.add("cl-hidden");
    const tick = (name, text, title) =>
      make(
        "label",
        { title },
        make("input", {
          type: "checkbox",
          ...(this.shown[name] ? { checked: true } : {}),
          onchange: (e) => this.toggle(name, e.target.checked),
        }),
        ` ${text}`,
      );
    return [
      make("div", { class: "cl-group", role: "group", "aria-label": "tools" }, ...Object.values(this.toolButtons)),
      this.brushBox,
      this.factorBox,
      make("span", { class: "cl-space" }),
      tick(
        "carried",
        "what carried the change",
        "Bars over the tracks: up where a bin raised the prediction, down where it lowered it",
      ),
      tick("attention", "attention", "Bins that get little of the model's attention fade"),
      make(
        "div",
        { class: "cl-group", role: "group", "aria-label": "zoom" },
        make(
          "button",
          {
            title: "Zoom out: show more of the wide panel (−)",
            "aria-label": "zoom out",
            onclick: () => this.zoom(0.5),
          },
          "−",
        ),
        make(
          "button",
          {
            title: "Zoom in: show less of the wide panel, around the cursor (+)",
            "aria-label": "zoom in",
            onclick: () => this.zoom(2),
          },
          "+",
        ),
      ),
    ];
  }

  key(event) {
    const typing = event.target.matches("input:not([type=range]):not([type=checkbox]), textarea");
    const ctrl = (event.ctrlKey || event.metaKey) && !typing,
      key = event.key.toLowerCase();
    let ours = true;
    if (ctrl && key === "z") this.act({ do: event.shiftKey ? "redo" : "undo" });
    else if (ctrl && key === "y") this.act({ do: "redo" });
    else if (event.key === "?" && !typing) this.toggleHelp();
    else ours = Boolean(this.state) && event.target === this.tracks.canvas && keyOnTracks(this, event);
    if (!ours) return;
    event.preventDefault();
    event.stopPropagation();
  }

  toggleHelp() {
    if (this.help) {
      this.help.remove();
      this.help = null;
    } else {
      const rows = HELP.map(([keys, what]) => make("tr", {}, make("th", {}, keys), make("td", {}, what)));
      this.help = make(
        "div",
        { class: "cl-help" },
        make("b", {}, "Keys, once the tracks have the focus (click them, or Tab)"),
        make("table", {}, ...rows),
      );
      this.hint.parentNode.after(this.help);
    }
  }

  toggle(name, on) {
    this.shown[name] = on;
    if (name === "attention" && on) this.chores.push("attention");
    if (on && !this.wire.busy) this.rest();
    this.tracks.redraw();
  }

  // ----- what changes with the state -------------------------------------------------------------------------------

  /** Draw the current state; given the row of a stroke under way, only what follows the pen. */
  update(row = null) {
    this.tracks.redraw(row);
    for (const card of Object.values(this.cards)) card.update();
    this.undoButton.disabled = !this.state.undo;
    this.redoButton.disabled = !this.state.redo;
    this.resetButton.disabled = !this.state.edits;
    if (this.stroke) return;
    if (this.contactSliders.length !== this.state.regions.length)
      this.panels.children[1].replaceWith(this.contactPanel());
    this.state.regions.forEach((r, i) => {
      const own = this.contactSliders[i];
      if (!own) return;
      own.set(r.now ?? 0);
      own.node.classList.toggle("cl-cut", r.now === null);
      own.button.textContent = r.now === null ? "restore" : "cut";
    });
    if (!this.state.edits) this.showReasons();
  }

  /** All that depends on the gene: the head line, cards, panels. */
  fillGene() {
    const { gene, predicted } = this.state,
      { boxes, cells } = this;
    boxes[0].input.value = gene.gene_name || gene.gene_id;
    boxes[1].input.value = "";
    cells.replaceChildren(
      ...gene.cell_types.map((c) => make("option", { value: c, selected: c === gene.cell_type }, c)),
    );
    const id = gene.gene_name && gene.gene_name !== gene.gene_id ? `${gene.gene_id} · ` : "";
    this.about.textContent = `${gene.origin ? `${gene.origin} · ` : ""}${id}${gene.chrom}:${grouped(gene.tss)}, ${gene.strand === "-" ? "−" : "+"} strand${gene.fold === null ? "" : ` · fold ${gene.fold}`}`;
    this.about.title = this.about.textContent;
    for (const card of Object.values(this.cards || {})) card.sheet.close();
    this.cards = Object.fromEntries(Object.keys(predicted).map((task) => [task, new Card(this, task)]));
    this.why = make("div", { class: "cl-why" });
    this.whyHead = make("h4", {}, "What carried it");
    const both = Object.keys(predicted).length > 1;
    this.whyTask = make(
      "select",
      { "aria-label": "of which prediction", onchange: () => this.explain(this.whyTask.value) },
      ...Object.keys(predicted).map((task) =>
        make(
          "option",
          { value: task, selected: task === this.task },
          task === "classification" ? "chance, log-odds" : "level, log2",
        ),
      ),
    );
    const why = make(
      "section",
      { class: "cl-card" },
      make("div", { class: "cl-row" }, this.whyHead, both ? this.whyTask : null),
      this.why,
    );
    this.truthBox = make("div", { class: "cl-truth cl-hidden" });
    this.cardsBox.replaceChildren(...Object.values(this.cards).map((c) => c.node), why);
    this.panels.replaceChildren(this.markPanel(), this.contactPanel(), this.recipePanel(), this.listPanel());
    this.showSelection();
    this.showReasons();
  }

  explain(task) {
    this.task = task;
    this.chores.push("carried", "attention");
    if (!this.wire.busy) this.rest();
  }

  showReasons() {
    if (!this.why) return;
    if (!this.carriedBy || !this.state.edits) {
      this.why.replaceChildren(
        make(
          "p",
          { class: "cl-quiet" },
          "Paint on a track or cut a contact: here you see what changed the prediction.",
        ),
      );
      return;
    }
    this.why.replaceChildren(...reasons(this, this.topReasons()));
  }

  /** The slower answers: exact numbers, the list, warnings, true effects. */
  settled(reply) {
    this.state.predicted = reply.predicted;
    for (const card of Object.values(this.cards)) card.update();
    this.list.replaceChildren(
      ...reply.list
        .map(([text, name], i) =>
          make(
            "li",
            {},
            make("span", {}, text),
            make(
              "button",
              {
                class: "cl-small",
                title: "Remove this edit",
                onclick: () => this.act({ do: "remove", index: reply.first + i, name }),
              },
              "×",
            ),
          ),
        )
        .reverse(),
    );
    if (!reply.list.length) this.list.append(make("li", { class: "cl-quiet" }, "none yet"));
    if (reply.first) this.list.append(make("li", { class: "cl-quiet" }, `and ${reply.first} before these`));
    this.say(reply.warnings.join(" ") || null);
    this.truthBox.classList.toggle("cl-hidden", !reply.truth.length);
    this.truthBox.replaceChildren(
      make("b", {}, "True effect (simulated): log2(RPKM + 1), and log2 transcription"),
      ...reply.truth.map((t) =>
        make(
          "div",
          {},
          `${t.what}: ${t.effect === null ? "not known" : `${short(t.change, 2)}, ${short(t.effect, 2)}`}`,
        ),
      ),
    );
    const { state } = this;
    state.marks.forEach((mark, m) => {
      const own = reply.factors.find(
        (f) =>
          f.mark === mark.name &&
          f.start === this.span[0].start &&
          f.end === this.span[0].end &&
          f.chrom === this.span[0].chrom,
      );
      this.markSliders[m].set(own ? own.factor : 1);
    });
    this.live.textContent = Object.entries(reply.predicted)
      .map(([task, p]) => `${task}: ${(p.after.reduce((a, b) => a + b, 0) / p.after.length).toFixed(2)}`)
      .join(", ");
  }

  // ----- panels ----------------------------------------------------------------------------------------------------

  markPanel() {
    const spans = new Map(); // on each chromosome, from the first base that the model sees to the last
    for (const r of this.state.regions) {
      const s = spans.get(r.chrom) || { chrom: r.chrom, start: Math.max(0, r.start), end: r.end };
      spans.set(r.chrom, {
        chrom: r.chrom,
        start: Math.max(0, Math.min(s.start, r.start)),
        end: Math.max(s.end, r.end),
      });
    }
    this.span = [...spans.values()];
    const turn = (mark) => (factor, draft) =>
      this.act({
        do: "put",
        draft,
        edits: this.span.map((s) => ({ kind: "scale", mark, region: `${s.chrom}:${s.start}-${s.end}`, factor })),
      });
    this.markSliders = this.state.marks.map((mark) =>
      slider({
        name: mark.name,
        colour: mark.colour,
        title: `${mark.name} everywhere, multiplied by`,
        max: 3,
        step: 0.05,
        value: 1,
        said: (v) => `× ${v.toFixed(2)}`,
        onTurn: turn(mark.name),
      }),
    );
    return make("section", {}, make("h4", {}, "A whole mark"), ...this.markSliders.map((s) => s.node));
  }

  contactPanel() {
    const { regions } = this.state,
      most = Math.max(...regions.map((r) => Math.max(r.frequency || 0, r.now || 0)), 1);
    this.contactSliders = regions.map((r, i) => {
      if (!i) return null;
      const region = this.state.place(r);
      const own = slider({
        name: `pCRE ${r.rank}`,
        title: `How often the promoter touches pCRE ${r.rank}, ${region}`,
        max: Math.ceil(2 * most),
        step: 0.05,
        value: r.now ?? 0,
        said: (v) => v.toFixed(2),
        onTurn: (frequency, draft) =>
          this.act({ do: "put", draft, edits: [{ kind: "set_frequency", region, frequency }] }),
      });
      own.button = make(
        "button",
        {
          class: "cl-small",
          title: "Cut this contact, or restore it",
          onclick: () => this.act({ do: "toggle", region }),
        },
        "cut",
      );
      own.node.append(own.button);
      return own;
    });
    const sliders = this.contactSliders.filter(Boolean).map((s) => s.node);
    return make(
      "section",
      {},
      make("h4", {}, "Contacts: how often they meet"),
      ...(sliders.length ? sliders : [make("p", { class: "cl-quiet" }, "This gene has none.")]),
    );
  }

  recipePanel() {
    const { recipes } = this.state.gene;
    const buttons = recipes.map((r) =>
      make(
        "button",
        { title: "Adds plain edits, which undo takes back", onclick: () => this.act({ do: "recipe", name: r }) },
        r,
      ),
    );
    this.comparedBox = make("div", { class: "cl-quiet" }, "Its tracks are drawn over these, aligned by the TSS.");
    return make(
      "section",
      {},
      make("h4", {}, "Recipes"),
      make("div", { class: "cl-buttons" }, ...buttons),
      make("h4", {}, "Another gene"),
      this.boxes[1].node,
      this.comparedBox,
    );
  }

  listPanel() {
    this.list = make("ol", { class: "cl-list" });
    const load = make("input", {
      type: "file",
      accept: ".json,application/json",
      class: "cl-hidden",
      onchange: () => this.loadFile(load),
    });
    const button = (text, title, f) => make("button", { title, onclick: f }, text);
    this.code = make("textarea", {
      class: "cl-code cl-hidden",
      readonly: true,
      rows: 8,
      "aria-label": "the edits as Python",
    });
    return make(
      "section",
      {},
      make("h4", {}, "Edits so far"),
      this.truthBox,
      this.list,
      make(
        "div",
        { class: "cl-buttons" },
        button("Python", "Show and copy the Python that makes the same edits", () =>
          this.ask({ kind: "text", as: "python" }),
        ),
        button("Save", "Keep the edits as a file (JSON)", () => this.ask({ kind: "text", as: "json" })),
        button("Load", "Read edits from a file (JSON), at most 2,000", () => load.click()),
        load,
      ),
      this.code,
    );
  }

  exportAs(as, reply) {
    if (as === "json") return download(`edits-${this.state.gene.gene_id.replace(/[^\w.-]+/g, "_")}.json`, reply.json);
    this.code.value = reply.python;
    this.code.classList.remove("cl-hidden");
    this.code.select();
    navigator.clipboard?.writeText(reply.python).then(
      () => this.say("The Python is on the clipboard."),
      () => {},
    );
  }

  async loadFile(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    if (file.size > 4e6)
      return this.say(
        `${file.name}: ${Math.round(file.size / 1e6)} MB is more than the lab takes (Jupyter hangs up at 10)`,
        true,
      );
    this.act({ do: "load", text: await file.text(), file: file.name });
  }

  showCompared() {
    const { compared } = this,
      mean = (l) => (l.reduce((a, b) => a + b, 0) / l.length).toFixed(2);
    const said = Object.entries(compared.predicted)
      .map(([task, p]) => `${task === "classification" ? "chance" : "level"} ${mean(p)}`)
      .join(", ");
    this.comparedBox.replaceChildren(
      make("b", {}, compared.name),
      ` in ${compared.cell_type}: ${said}. Its tracks: dash-dotted lines. `,
      make(
        "button",
        {
          class: "cl-small",
          title: "Paint its whole window over this gene's",
          onclick: () => this.act({ do: "copy", gene_id: compared.gene_id, cell_type: compared.cell_type }),
        },
        "Copy its promoter here",
      ),
      " ",
      make(
        "button",
        {
          class: "cl-small",
          onclick: () => {
            this.compared = null;
            this.boxes[1].input.value = "";
            this.comparedBox.textContent = "";
            this.tracks.redraw();
          },
        },
        "Stop comparing",
      ),
    );
  }

  /** The bar under the tracks, with the tools for the selection. */
  showSelection() {
    this.tracks.redraw();
    const selection = this.selection();
    this.selectionBar.classList.toggle("cl-hidden", !selection);
    if (!this.state) return;
    const at = {
      on: "track",
      column: { region: this.state.regions[this.cursor.region], index: this.cursor.region },
      mark: this.cursor.mark,
      bin: this.cursor.bin,
    };
    this.readout.textContent = this.said(at);
    if (this.focused) this.live.textContent = this.said(at);
    if (!selection) return;
    const place = this.targetPlace(),
      length = (selection.high - selection.low + 1) * this.state.gene.bin_size;
    const turn = slider({
      name: "scale",
      title: "The selection, multiplied by",
      max: 3,
      step: 0.05,
      value: 1,
      said: (v) => `× ${v.toFixed(2)}`,
      onTurn: (factor, draft) => this.act({ do: "put", draft, edits: [{ kind: "scale", ...place, factor }] }),
    });
    const level = make("input", {
      type: "number",
      min: 0,
      step: 0.5,
      value: round2(this.state.tops[selection.mark] / 2),
      "aria-label": "depth, reads per base",
    });
    this.selectionBar.replaceChildren(
      make("b", {}, `${place.mark}, ${short(length / 1000)} kb selected`),
      make("span", { class: "cl-quiet" }, place.region),
      turn.node,
      make("button", { title: "Take the mark away there (Delete)", onclick: () => this.eraseSelection() }, "Erase"),
      make(
        "label",
        {},
        level,
        " ",
        make(
          "button",
          {
            title: "The same depth everywhere in the selection",
            onclick: () =>
              this.act({ do: "add", edits: [{ kind: "set_depth", ...place, depth: Math.max(0, +level.value || 0) }] }),
          },
          "Set",
        ),
      ),
      make(
        "button",
        { class: "cl-small", title: "Forget the selection (Escape)", onclick: () => this.dropStroke() },
        "×",
      ),
    );
  }

  /** A line for the reader; an error stays until the next message. */
  say(text, wrong = false) {
    if (text === null && this.saidWrong && performance.now() - this.saidWrong < 4000) return;
    this.saidWrong = wrong ? performance.now() : 0;
    this.message.textContent = text || "";
    this.message.classList.toggle("cl-error", wrong);
  }

  sayWaiting() {
    const since = this.wire.underWay ? performance.now() - this.wire.underWay.sent : 0;
    if (since > 1500) this.say("Waiting for Python: the kernel is busy, or has stopped; then run the cell again.");
  }
}
