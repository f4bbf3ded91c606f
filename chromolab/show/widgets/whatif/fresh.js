// Slower answers belong to the edits that they were asked about: after another edit they say nothing of what is shown.

/** What is worked out after a pause (true values, warnings, the list) if it is of what is shown; else null. */
export function settledNow(lab) {
  const told = lab.settled.value;
  return told?.turn === lab.turn && lab.state?.edits ? told : null;
}

/** Whether what carried the change is still worked out: what is there, if anything, is of the edits before. */
export function reasonsLag(lab) {
  const told = lab.reasons.value;
  return Boolean(lab.state?.edits) && told?.turn !== lab.turn;
}
