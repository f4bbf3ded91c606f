// A field with suggestions, which the browser itself lays over the page: what counts is the text as it stands.

import { make } from "./dom.js";

let lists = 0;

export class Suggest {
  /**
   * @param {string} label
   * @param {string} placeholder
   * @param {(text: string) => void} ask  Asks for suggestions; they come through `answered`.
   * @param {(text: string) => void} go  The reader has pressed Enter, or chosen a suggestion.
   */
  constructor(label, placeholder, ask, go) {
    const id = `cl-suggest-${++lists}`;
    this.list = make("datalist", { id });
    this.input = make("input", {
      type: "search",
      list: id,
      "aria-label": label,
      placeholder,
      autocomplete: "off",
      spellcheck: "false",
      oninput: (event) => {
        // a suggestion that was chosen comes as a replacement, not as typing
        if (event.inputType === "insertReplacementText" || !event.inputType) go(this.input.value);
        else ask(this.input.value);
      },
      onkeydown: (event) => {
        if (event.key === "Enter") go(this.input.value);
      },
    });
    this.node = make("span", { class: "cl-suggest" }, this.input, this.list);
  }

  /** @param {{value: string, label: string}[]} found */
  answered(found) {
    this.list.replaceChildren(...found.map(({ value, label }) => make("option", { value, label })));
  }
}
