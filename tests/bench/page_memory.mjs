// What a long session of a page without a kernel keeps: node --expose-gc page_memory.mjs told.json
// Prints {heap: [MB after each quarter], depth: the last state's}.

import { readFileSync } from "node:fs";
import { modelOf } from "../show/widgets/whatif/local/replay.mjs";

const { page, requests } = JSON.parse(readFileSync(process.argv[2], "utf8")), model = modelOf(page), heap = [];
requests.forEach(({ request }, i) => {
  model.answered(request);
  if ((i + 1) % Math.ceil(requests.length / 4)) return;
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  heap.push(Math.round((heapUsed + arrayBuffers) / 1e5) / 10);
});
const [, [depth]] = model.answered({ kind: "hello" });
console.log(JSON.stringify({ heap, depth: [...depth].map((v) => (Number.isNaN(v) ? null : v)) }));
