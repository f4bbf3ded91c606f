// Made by `make widgets` from the modules beside it; never edited by hand.

// shared/dom.js
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== void 0) node.setAttribute(name, value);
  }
  node.append(...children.filter((c) => c !== null && c !== void 0));
  return node;
}
function root(el, name) {
  const node = make("div", { class: `cl-widget ${name}`, "data-lm-suppress-shortcuts": "true" });
  el.append(node);
  return node;
}

// shared/genebox.js
var GeneBox = class {
  constructor(lab, label, onChoose) {
    this.lab = lab;
    this.onChoose = onChoose;
    this.found = [];
    this.at = 0;
    this.input = make("input", {
      type: "search",
      placeholder: "name or id",
      "aria-label": label,
      autocomplete: "off",
      spellcheck: "false",
      role: "combobox",
      oninput: () => this.look(),
      onfocus: () => this.look(),
      onblur: () => setTimeout(() => this.show([]), 150),
      onkeydown: (e) => this.key(e)
    });
    this.list = make("div", { class: "cl-found cl-hidden", role: "listbox" });
    this.node = make("label", { class: "cl-genebox" }, make("span", {}, label), this.input, this.list);
  }
  look() {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => this.lab.wire.ask({ kind: "search", text: this.input.value, box: this.lab.boxes.indexOf(this) }),
      120
    );
  }
  show(found) {
    this.found = found;
    this.at = 0;
    this.list.replaceChildren(
      ...found.map(
        (gene, i) => make(
          "div",
          {
            role: "option",
            "aria-selected": i === 0 ? "true" : "false",
            onpointerdown: (e) => {
              e.preventDefault();
              this.choose(gene);
            }
          },
          make("b", {}, gene.gene_name || gene.gene_id),
          ` ${gene.gene_name === gene.gene_id ? "" : gene.gene_id}`
        )
      )
    );
    this.list.classList.toggle("cl-hidden", !found.length || document.activeElement !== this.input);
  }
  key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && this.found[this.at]) this.choose(this.found[this.at]);
    else if (event.key === "Escape") this.show([]);
    else if (by && this.found.length) {
      this.at = (this.at + by + this.found.length) % this.found.length;
      [...this.list.children].forEach((node, i) => node.setAttribute("aria-selected", String(i === this.at)));
      this.list.children[this.at].scrollIntoView({ block: "nearest" });
    } else return;
    event.preventDefault();
  }
  choose(gene) {
    const cell = this.lab.state.gene.cell_type;
    this.input.value = gene.gene_name || gene.gene_id;
    this.show([]);
    this.onChoose({ gene_id: gene.gene_id, cell_type: gene.cell_types.includes(cell) ? cell : gene.cell_types[0] });
  }
};

// shared/wire.js
var viewOf = (b) => b instanceof DataView ? b : new DataView(b.buffer || b);
var Wire = class {
  /**
   * @param {Model} model
   * @param {{onReply: (reply: Message, buffers: DataView[], request: Message) => void, onIdle?: () => void,
   *   merge?: (last: Message, next: Message) => Message | null}} handlers
   */
  constructor(model, { onReply, onIdle = () => {
  }, merge = (_last, _next) => null }) {
    this.model = model;
    this.onReply = onReply;
    this.onIdle = onIdle;
    this.merge = merge;
    this.waiting = [];
    this.underWay = null;
    this.seq = 0;
    this.id = Math.random().toString(36).slice(2, 8);
    this.receive = (reply, buffers) => {
      if (!this.underWay || reply.seq !== this.underWay.seq) return;
      const request = this.underWay;
      this.underWay = null;
      this.onReply(reply, (buffers || []).map(viewOf), request);
      this.pump();
      if (!this.underWay) this.onIdle();
    };
    model.on("msg:custom", this.receive);
  }
  /** Whether a reply answers this view of the widget; all views receive it. */
  mine(reply) {
    return String(reply.seq).startsWith(`${this.id}-`);
  }
  get busy() {
    return this.underWay !== null;
  }
  ask(request) {
    const last = this.waiting[this.waiting.length - 1];
    const both = last && this.merge(last, request);
    if (both) this.waiting[this.waiting.length - 1] = both;
    else this.waiting.push(request);
    this.pump();
  }
  pump() {
    if (this.underWay || !this.waiting.length) return;
    this.underWay = { ...this.waiting.shift(), seq: `${this.id}-${++this.seq}`, sent: performance.now() };
    try {
      this.model.send(this.underWay);
    } catch (error) {
      console.warn(error);
    }
  }
  close() {
    this.model.off("msg:custom", this.receive);
    this.waiting = [];
    this.underWay = null;
  }
};

// chooser/chooser.js
var chooser_default = {
  render({ model, el }) {
    const node = root(el, "cl-chooser");
    const wire = new Wire(model, {
      onReply: (reply, _, request) => {
        problem.textContent = reply.error || "";
        if (reply.found && request.kind === "search") box.show(reply.found);
      },
      merge: (last, next) => last.kind === next.kind ? next : null
    });
    const choose = ({ gene_id, cell_type }) => wire.ask({ kind: "choose", gene_id, cell_type });
    const lab = {
      wire,
      boxes: [],
      state: {
        get gene() {
          return model.get("chosen");
        }
      }
    };
    const box = new GeneBox(lab, "Gene", choose);
    lab.boxes.push(box);
    const cells = make("select", {
      "aria-label": "cell type",
      onchange: () => choose({ gene_id: model.get("chosen").gene_id, cell_type: cells.value })
    });
    const problem = make("div", { class: "cl-error", role: "alert" });
    const show = () => {
      const chosen = model.get("chosen");
      if (document.activeElement !== box.input) box.input.value = chosen.gene_name || chosen.gene_id;
      cells.replaceChildren(
        ...chosen.cell_types.map((cell) => make("option", { value: cell, selected: cell === chosen.cell_type }, cell))
      );
    };
    model.on("change:chosen", show);
    node.append(
      make("div", { class: "cl-choose" }, box.node, cells, make("span", { class: "cl-quiet" }, model.get("origin"))),
      problem
    );
    show();
    return () => {
      model.off("change:chosen", show);
      wire.close();
    };
  }
};
export {
  chooser_default as default
};
