// Talking with Python, or with whatever answers in its place.

/**
 * @typedef {{[name: string]: any}} Message
 * @typedef {object} Model  What answers: anywidget's model in a notebook, a local answerer in a page without a kernel.
 * @property {(name: string) => any} get
 * @property {(name: string, f: (...args: any[]) => void) => void} on
 * @property {(name: string, f: (...args: any[]) => void) => void} off
 * @property {(message: Message) => void} send
 */

/** float32 numbers of a binary buffer (a DataView, which may not be aligned), copied. */
export function floatsOf(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

export const viewOf = (b) => (b instanceof DataView ? b : new DataView(b.buffer || b));

/**
 * Requests to Python, one under way at a time. Further requests wait in a queue, where `merge(last, next)` may replace
 * two by one: it returns the request to keep, or null to keep both.
 * onReply(reply, buffers, request), onIdle() after a reply when nothing waits.
 */
export class Wire {
  /**
   * @param {Model} model
   * @param {{onReply: (reply: Message, buffers: DataView[], request: Message) => void, onIdle?: () => void,
   *   merge?: (last: Message, next: Message) => Message | null}} handlers
   */
  constructor(model, { onReply, onIdle = () => {}, merge = (_last, _next) => null }) {
    this.model = model;
    this.onReply = onReply;
    this.onIdle = onIdle;
    this.merge = merge;
    /** @type {Message[]} */
    this.waiting = [];
    /** @type {Message | null} */
    this.underWay = null;
    this.seq = 0;
    this.id = Math.random().toString(36).slice(2, 8); // several views of one widget have a queue each
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
      // the kernel is gone; the widget tells the reader when no answer comes
      console.warn(error);
    }
  }

  close() {
    this.model.off("msg:custom", this.receive);
    this.waiting = [];
    this.underWay = null;
  }
}
