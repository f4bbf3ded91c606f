// Processor time of answers of a page without a kernel, by the label of a request: node page_times.mjs told.json
// Prints {label: [median, 95th percentile, n]} in ms.

import { readFileSync } from "node:fs";
import { modelOf } from "../show/widgets/whatif/local/replay.mjs";

const { page, requests } = JSON.parse(readFileSync(process.argv[2], "utf8")), model = modelOf(page), times = {};
for (const round of ["warm", "taken"]) {
  for (const { label, request } of requests) {
    const before = process.cpuUsage();
    const [reply] = model.answered(request), { user, system } = process.cpuUsage(before);
    if (reply.error) throw new Error(reply.error);
    if (round === "taken" && label) (times[label] ||= []).push((user + system) / 1000);
  }
}
const at = (sorted, share) => Number(sorted[Math.floor(share * (sorted.length - 1))].toFixed(2));
for (const [label, taken] of Object.entries(times)) {
  const sorted = taken.sort((a, b) => a - b);
  times[label] = [at(sorted, 0.5), at(sorted, 0.95), sorted.length];
}
console.log(JSON.stringify(times));
