// How long it took from an input to the frame that shows it, in ms: for benchmarks.

const KEPT = 1000;

export class Timing {
  constructor() {
    /** @type {number[]} */
    this.picture = [];
    /** @type {number[]} */
    this.prediction = [];
  }

  /** An input at `since` is about to be shown in the next frame. @param {"picture" | "prediction"} what */
  note(what, since) {
    const { port1, port2 } = new MessageChannel();
    requestAnimationFrame(() => {
      port1.onmessage = () => {
        // after the frame was painted
        this[what].push(performance.now() - since);
        if (this[what].length > KEPT) this[what].shift();
        port1.close();
      };
      port2.postMessage(0);
    });
  }
}
