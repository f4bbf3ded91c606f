// Which of the two predictions is asked about.

const NAMES = { classification: "chance", regression: "level" };

/** @param {{lab: import("../lab.js").Lab, names?: {[task: string]: string}}} props */
export function TaskChoice({ lab, names = NAMES }) {
  const tasks = Object.keys(lab.state.predicted);
  if (tasks.length < 2) return null;
  return (
    <select
      aria-label="of which prediction"
      value={lab.task.value}
      onChange={(e) => lab.explain(e.currentTarget.value)}
    >
      {tasks.map((task) => (
        <option key={task} value={task}>
          {names[task]}
        </option>
      ))}
    </select>
  );
}
