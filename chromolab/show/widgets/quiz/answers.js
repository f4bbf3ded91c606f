// What a reader has answered: which question was right, and whether at the first try.

/**
 * @typedef {{choice: string, why: string, right: boolean}} Choice
 * @typedef {{question: string, read: string, choices: Choice[]}} Question
 * @typedef {{questions: Question[], tries: Set<number>[]}} Answers
 */

/**
 * No question is answered yet.
 * @param {Question[]} questions
 * @returns {Answers}
 */
export function begun(questions) {
  return { questions, tries: questions.map(() => new Set()) };
}

/**
 * The reader chose; the same choice again is no further try, and none counts once the right one was found.
 * @param {Answers} answers
 * @param {number} question
 * @param {number} choice
 */
export function choose({ questions, tries }, question, choice) {
  if (!found(questions[question], tries[question])) tries[question].add(choice);
}

/**
 * How far the reader is, as a sentence.
 * @param {Answers} answers
 */
export function said({ questions, tries }) {
  const solved = questions.filter((question, i) => found(question, tries[i])).length;
  const first = questions.filter((question, i) => found(question, tries[i]) && tries[i].size === 1).length;
  if (tries.every((tried) => tried.size === 0)) return `${questions.length} questions. Choose an answer to each.`;
  return `${solved} of ${questions.length} answered, ${first} at the first try.`;
}

function found(question, tried) {
  return [...tried].some((i) => question.choices[i].right);
}
