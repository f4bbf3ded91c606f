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
  node.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
  el.append(node);
  return node;
}

// quiz/answers.js
function begun(questions) {
  return { questions, tries: questions.map(() => /* @__PURE__ */ new Set()) };
}
function choose({ questions, tries }, question, choice) {
  if (!found(questions[question], tries[question])) tries[question].add(choice);
}
function said({ questions, tries }) {
  const solved = questions.filter((question, i) => found(question, tries[i])).length;
  const first = questions.filter((question, i) => found(question, tries[i]) && tries[i].size === 1).length;
  if (tries.every((tried) => tried.size === 0)) return `${questions.length} questions. Choose an answer to each.`;
  return `${solved} of ${questions.length} answered, ${first} at the first try.`;
}
function found(question, tried) {
  return [...tried].some((i) => question.choices[i].right);
}

// quiz/quiz.js
function asked(question, at, answers, onChoice) {
  const reason = make("p", { class: "reason", role: "status" });
  const buttons = question.choices.map(
    ({ choice }, i) => make("button", { type: "button", "aria-pressed": "false", onclick: () => take(i) }, choice)
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
      right ? "" : ` Read again: ${question.read}.`
    );
    onChoice();
  }
  return make(
    "fieldset",
    {},
    make("legend", {}, `${at + 1}. ${question.question}`),
    make("div", { class: "choices" }, ...buttons),
    reason
  );
}
function render({ model, el }) {
  const questions = model.get("_questions");
  const node = root(el, "cl-quiz");
  const score = make("p", { class: "score", role: "status" });
  const start = () => {
    const answers = begun(questions);
    const tell = () => score.textContent = said(answers);
    const again = make("button", { type: "button", onclick: start }, "Begin again");
    node.replaceChildren(
      ...questions.map((question, at) => asked(question, at, answers, tell)),
      make("div", { class: "foot" }, score, again)
    );
    tell();
  };
  start();
}
var quiz_default = { render };
export {
  quiz_default as default
};
