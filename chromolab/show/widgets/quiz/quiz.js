// The quiz of a notebook: a choice is a button, and under the choices stands why it is right or wrong. Nothing is asked
// of Python; what the reader chose lives in this page alone.

import { make, root } from "../shared/dom.js";
import { choose, said, begun } from "./answers.js";

/** @typedef {import("./answers.js").Question} Question */

/**
 * One question: its text, its choices, and the place where the reason appears.
 * @param {Question} question
 * @param {number} at
 * @param {import("./answers.js").Answers} answers
 * @param {() => void} onChoice
 */
function asked(question, at, answers, onChoice) {
  const reason = make("p", { class: "reason", role: "status" });
  const buttons = question.choices.map(({ choice }, i) =>
    make("button", { type: "button", "aria-pressed": "false", onclick: () => take(i) }, choice),
  );

  function take(i) {
    choose(answers, at, i);
    const { right, why } = question.choices[i];
    buttons.forEach((button, j) => button.setAttribute("aria-pressed", String(i === j)));
    buttons[i].classList.add(right ? "right" : "wrong");
    reason.className = `reason ${right ? "right" : "wrong"}`;
    reason.replaceChildren(
      make("strong", {}, right ? "✓ Right. " : "✗ Not this one. "),
      why,
      right ? "" : ` Read again: ${question.read}.`,
    );
    onChoice();
  }

  return make(
    "fieldset",
    {},
    make("legend", {}, `${at + 1}. ${question.question}`),
    make("div", { class: "choices" }, ...buttons),
    reason,
  );
}

/** @param {{model: any, el: HTMLElement}} place */
function render({ model, el }) {
  /** @type {Question[]} */
  const questions = model.get("_questions");
  const node = root(el, "cl-quiz");
  const score = make("p", { class: "score", role: "status" });
  const start = () => {
    const answers = begun(questions);
    const tell = () => (score.textContent = said(answers));
    const again = make("button", { type: "button", onclick: start }, "Begin again");
    node.replaceChildren(
      ...questions.map((question, at) => asked(question, at, answers, tell)),
      make("div", { class: "foot" }, score, again),
    );
    tell();
  };
  start();
}

export default { render };
