// A course of predictions, over doses or steps: every model as a faint line, their mean as a strong one, and the numbers.

import { ticks } from "d3-array";

import { fixed } from "../../shared/numbers.js";
import { useSeen } from "./seen.js";

const [WIDE, HIGH, LEFT, BELOW] = [236, 104, 30, 18];
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;

/**
 * @typedef {{name: string, tick?: string, values: number[]}} Stop  One prediction a model.
 * @param {{label: string, of: string, stops: Stop[], task: string}} props  `of` heads the column of the stops' names.
 */
export function Course({ label, of, stops, task }) {
  const own = useSeen(label);
  const all = stops.flatMap((s) => s.values),
    means = stops.map((s) => mean(s.values));
  const [low, high] = task === "classification" ? [0, 1] : [Math.min(0, ...all), Math.max(1, ...all)];
  const x = (i) => LEFT + (i * (WIDE - LEFT - 8)) / Math.max(1, stops.length - 1),
    y = (v) => 6 + (HIGH - BELOW - 8) * (1 - (v - low) / (high - low));
  const line = (values) => values.map((v, i) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`).join(" ");
  const said = `${label}: from ${fixed(means[0])} to ${fixed(means[means.length - 1])}, mean of the models`;
  return (
    <figure ref={own} class="cl-course">
      <svg viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={said}>
        {ticks(low, high, 3).map((t) => (
          <g key={t}>
            <line class="cl-axis" x1={LEFT} x2={WIDE - 8} y1={y(t)} y2={y(t)} />
            <text x={LEFT - 5} y={y(t) + 3.5} text-anchor="end">
              {t}
            </text>
          </g>
        ))}
        {stops[0].values.map((_, m) => (
          <polyline key={m} class="cl-each" points={line(stops.map((s) => s.values[m]))} />
        ))}
        <polyline class="cl-mean" points={line(means)} />
        {stops.map((stop, i) => (
          <g key={i}>
            <circle cx={x(i)} cy={y(means[i])} r={stops.length > 20 ? 1.6 : 3}>
              <title>
                {stop.name}: {fixed(means[i])}
              </title>
            </circle>
            {stop.tick && (
              <text x={x(i)} y={HIGH - 4} text-anchor={i ? (i === stops.length - 1 ? "end" : "middle") : "start"}>
                {stop.tick}
              </text>
            )}
          </g>
        ))}
      </svg>
      <details>
        <summary>{label} in numbers</summary>
        <table class="cl-small-table">
          <thead>
            <tr>
              <th scope="col">{of}</th>
              <td>mean</td>
              <td>models</td>
            </tr>
          </thead>
          <tbody>
            {stops.map((stop, i) => (
              <tr key={i}>
                <th scope="row">{stop.name}</th>
                <td>{fixed(means[i])}</td>
                <td>
                  {fixed(Math.min(...stop.values))} to {fixed(Math.max(...stop.values))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
