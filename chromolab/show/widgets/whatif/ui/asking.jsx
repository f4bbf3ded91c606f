// A slow question beside the button that asks it: that it is being answered, or why not.

/** @param {{lab: import("../lab.js").Lab, kind: string, what: string}} props */
export function Asking({ lab, kind, what }) {
  const { asked, told } = lab.questions,
    error = told.value[kind]?.reply.error;
  return (
    <div class="cl-asking" role="status">
      {asked.value?.kind === kind && (
        <p>
          <progress aria-label="searching" /> {what} Edits made meanwhile are answered after it.
        </p>
      )}
      {error && <p class="cl-error">{error}</p>}
    </div>
  );
}
