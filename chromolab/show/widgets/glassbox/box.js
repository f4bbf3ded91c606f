// The glass box: what is open, what is asked of Python, keyboard and play.

import { Frame } from "./frame.js";
import { Panel } from "./panel.js";
import { Steps } from "./steps.js";
import { nearest, readingTime } from "./walk.js";
import { make, onTheme, root } from "../shared/dom.js";
import { Wire } from "../shared/wire.js";

class GlassBox {
  constructor({ model, el }) {
    this.model = model;
    this.about = model.get("about");
    this.node = root(el, "cl-glass");
    this.node.glass = this; // for tests
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", "glass box");
    this.view = {
      resolution: Math.max(...this.about.resolutions), // the fewest bins: what can be read at once
      pairwise: 0,
      regulation: 0,
      pcre: 0,
      side: "after",
    };
    /** @type {Set<string>} */
    this.opened = new Set(); // steps
    this.open = null; // the box in the panel
    this.current = null; // the box that keys start from
    /** @type {Panel | null} */
    this.panel = null;
    this.timer = 0;
    this.frame = new Frame(this);
    this.steps = new Steps(this);
    this.node.append(
      this.frame.node,
      this.steps.node,
      make(
        "p",
        { class: "glass-hint cl-quiet" },
        "A step opens with a click, and so does each box in it: its input, weights and output. Point at a number to see " +
          "where it comes from. Keys: arrows to move, Enter to open, Esc to close, space to play.",
      ),
    );
    this.wire = new Wire(model, {
      onReply: (reply, buffers, request) => this.answered(reply, buffers, request),
      merge: (last, next) => (last.kind === next.kind ? next : null), // the newest wins
    });
    this.heard = (reply) => reply.changed && this.ask();
    model.on("msg:custom", this.heard);
    this.stopTheme = onTheme(() => {
      this.steps.paint();
      this.parts.forEach((p) => p.sheet.redraw());
    });
    this.node.addEventListener("keydown", (e) => this.key(e));
    this.frame.update(this.about, this.view);
    this.ask();
  }

  get parts() {
    return this.panel ? this.panel.parts : [];
  }

  /** All boxes in the order of computation. */
  get order() {
    return this.steps.order;
  }

  close() {
    this.play(false);
    this.panel?.close();
    this.panel = null;
    this.frame.genes.close();
    this.wire.close();
    this.model.off("msg:custom", this.heard);
    this.steps.close();
    this.stopTheme();
    this.node.glass = null;
    this.node.remove();
  }

  // ----- asking and answering ------------------------------------------------------------------------------------------

  ask() {
    this.wire.ask({ kind: "map", ...this.view });
    if (this.open) this.request(this.open);
  }

  choose(change) {
    const before = this.view;
    this.view = { ...this.view, ...change };
    if (this.open) this.open = this.renamed(this.open, before);
    if (this.current) this.current = this.renamed(this.current, before);
    if (Object.keys(change).join() === "side" && this.panel) this.panel.select(this.view.side);
    this.ask();
  }

  // The same box at another resolution or in another layer.
  renamed(name, before) {
    const parts = name.split(".");
    if (parts.length < 3) return name; // of no resolution
    parts[1] = String(this.view.resolution);
    if (parts.length === 4 && Number(parts[2]) === before[parts[0]]) parts[2] = String(this.view[parts[0]]);
    return parts.join(".");
  }

  request(name) {
    this.wire.ask({ kind: "stage", name, pcre: this.view.pcre });
  }

  answered(reply, buffers, request) {
    this.frame.status.textContent = reply.error || "";
    if (reply.error) return;
    if (reply.kind === "map") this.fill(reply, buffers[0]);
    else if (reply.kind === "search") this.frame.search.answered(request.text, reply.found);
    else if (reply.kind === "stage" && reply.name === this.open) this.show(reply, buffers);
  }

  fill(reply, buffer) {
    const active = /** @type {HTMLElement} */ (document.activeElement),
      own = this.node.contains(active);
    const at = own && (active.dataset.name || active.dataset.resolution || active.getAttribute("aria-label"));
    this.about = reply.about;
    this.view.pcre = Math.min(this.view.pcre, Math.max(0, this.about.pcres.length - 1));
    if (!this.about.edited) this.view.side = "after";
    this.frame.update(this.about, this.view);
    this.steps.fill(reply, buffer);
    if (this.open && !this.steps.boxes.has(this.open)) this.shut(); // that layer or resolution has no such box
    if (this.panel && this.open) this.home(this.open).append(this.panel.node);
    this.mark();
    if (at) this.refocus(active, at);
  }

  // What is drawn anew takes the focus that it had.
  refocus(active, at) {
    if (active.isConnected && this.node.contains(active)) return;
    const box = this.steps.boxes.get(at) || (active.dataset.name && this.steps.boxes.get(this.current));
    const same = () =>
      [...this.node.querySelectorAll("button")].find(
        (b) =>
          b.dataset.resolution === at || b.getAttribute("aria-label") === at || b.textContent === active.textContent,
      );
    (box ? box.node : same())?.focus({ preventScroll: true });
  }

  // ----- the four steps ------------------------------------------------------------------------------------------------

  toggleStep(step) {
    this.play(false);
    if (!this.opened.delete(step)) this.opened.add(step);
    else if (this.steps.stepOf(this.open) === step) this.shut();
    this.mark();
  }

  openAll() {
    this.play(false);
    const all = this.opened.size === this.steps.cards.size;
    if (all) this.shut();
    this.opened = new Set(all ? [] : this.steps.cards.keys());
    this.mark();
  }

  // ----- one box -------------------------------------------------------------------------------------------------------

  toggle(name) {
    this.play(false);
    if (this.open === name) this.shut();
    else this.go(name);
  }

  go(name) {
    this.current = this.open = name;
    const step = this.steps.stepOf(name);
    if (this.timer)
      this.opened = new Set([step]); // by itself it opens one step at a time
    else this.opened.add(step);
    this.mark();
    this.request(name);
  }

  // Where the panel of a box stands: at the end of its step.
  home(name) {
    return this.steps.cards.get(this.steps.stepOf(name)).inside;
  }

  show(reply, buffers) {
    const playing = this.timer !== 0,
      old = this.panel,
      home = this.home(reply.name),
      same = old?.node.parentElement === home;
    if (playing && same)
      home.style.minHeight = `${Math.ceil(home.getBoundingClientRect().height)}px`; // what lies below stays where it is, box after box
    else if (old) old.node.parentElement.style.minHeight = "";
    if (!playing) home.style.minHeight = "";
    old?.close();
    this.panel = new Panel(reply, buffers, this.about, this.view, this.controls(), home);
    const box = this.steps.boxes.get(reply.name).node;
    const middle = box.getBoundingClientRect().left + box.offsetWidth / 2 - home.getBoundingClientRect().left;
    this.panel.node.style.setProperty("--glass-notch", `${middle}px`);
    this.steps.arrowsSoon();
    if (!playing || !same) this.reveal(box, this.panel.node);
  }

  // The page moves only where the box or its panel would be out of sight, and never so far that the box leaves it.
  reveal(box, panel) {
    const [top, bottom] = [box.getBoundingClientRect().top, panel.getBoundingClientRect().bottom];
    if (top < 0) box.scrollIntoView({ block: "nearest" });
    else if (bottom > window.innerHeight)
      (bottom - top < window.innerHeight ? panel : box).scrollIntoView({
        block: bottom - top < window.innerHeight ? "nearest" : "start",
      });
  }

  controls() {
    const button = (text, title, label, onclick) =>
      make("button", { type: "button", title, "aria-label": label, onclick }, text);
    this.pauseButton = button(this.timer ? "❚❚" : "▶", "Play and pause (space)", "play or pause", () =>
      this.play(!this.timer),
    );
    const close = button("×", "Close (Esc)", "close", () => this.leave());
    close.classList.add("glass-close");
    return [this.pauseButton, close];
  }

  shut() {
    if (this.panel) this.panel.node.parentElement.style.minHeight = "";
    this.panel?.close();
    this.panel = this.open = null;
    this.mark();
  }

  leave() {
    const box = this.steps.boxes.get(this.open);
    this.play(false);
    this.shut();
    box?.node.focus({ preventScroll: true });
  }

  sum(at) {
    return this.panel.sum(at);
  }

  mark() {
    this.steps.show();
    const at = this.order.indexOf(this.current);
    this.frame.counter.textContent = `${at < 0 ? "–" : at + 1} of ${this.order.length}`;
    this.frame.all.textContent = this.opened.size === this.steps.cards.size ? "Close all" : "Open all";
  }

  // ----- play and keyboard -----------------------------------------------------------------------------------------------

  walk(step, playing = false) {
    if (!playing) this.play(false);
    const at = this.order.indexOf(this.current),
      next = at < 0 ? 0 : at + step;
    if (next < 0 || next >= this.order.length) return false;
    this.go(this.order[next]);
    return true;
  }

  play(on) {
    clearTimeout(this.timer);
    this.timer = 0;
    if (on) {
      if (this.order.indexOf(this.current) === this.order.length - 1) this.current = null;
      this.next();
    }
    this.frame.playButton.textContent = on ? "❚❚ Pause" : "▶ Play";
    if (this.pauseButton) this.pauseButton.textContent = on ? "❚❚" : "▶";
  }

  // On to the next box, for as long as its words take to read.
  next() {
    this.timer = this.timer || -1;
    if (!this.walk(1, true)) return this.play(false);
    const { long } = this.steps.boxes.get(this.current).info;
    this.timer = window.setTimeout(() => this.next(), readingTime(long, this.frame.slowness));
  }

  key(event) {
    const { key, target } = event,
      onBox = target.classList.contains("glass-box");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "Escape" && (this.open || this.timer)) this.leave();
    else if (key === " " && (onBox || target.tagName === "CANVAS")) this.play(!this.timer);
    else if (key.startsWith("Arrow") && onBox) this.move(key.slice(5));
    else return;
    event.preventDefault();
  }

  move(direction) {
    const rects = [...this.steps.boxes]
      .filter(([, { node }]) => node.clientWidth)
      .map(([name, { node }]) => /** @type {[string, DOMRect]} */ ([name, node.getBoundingClientRect()]));
    const from = this.steps.boxes.get(this.current) || this.steps.boxes.get(rects[0][0]);
    const best = nearest(direction, from.node.getBoundingClientRect(), rects);
    if (!best) return;
    this.play(false);
    this.current = best;
    if (this.open) this.go(best);
    else this.mark();
    this.steps.boxes.get(best).node.focus({ preventScroll: true });
  }
}

export default {
  render(context) {
    const box = new GlassBox(context);
    return () => box.close();
  },
};
