// Reads what chromolab/show/widgets/whatif/packed.py wrote.

import { unplaned } from "../../shared/alone.js";
import { regionWith } from "./gene.js";
import { halves } from "./numbers.js";
import { Arena } from "./products.js";
import { Models } from "./chromoformer.js";

const READ = {
  // numbers of each kind, from bytes in their usual order
  hundredths: (bytes) => Float64Array.from(new Uint16Array(bytes.buffer), (v) => v / 100),
  float16: halves,
  float32: (bytes) => new Float32Array(bytes.buffer),
  float64: (bytes) => new Float64Array(bytes.buffer),
  uint32: (bytes) => new Uint32Array(bytes.buffer),
};
const SIZE = { hundredths: 2, float16: 2, float32: 4, float64: 8, uint32: 4 };
const numbers = (bytes, kind) => READ[kind](unplaned(bytes, SIZE[kind]));

/** Numbers stored mark by mark, as rows of bins. */
function transposed(values, marks, out) {
  const bins = values.length / marks;
  for (let k = 0; k < marks; k++) for (let b = 0; b < bins; b++) out[b * marks + k] = values[k * bins + b];
  return out;
}

/**
 * The regions of all genes with their bins.
 * @param {{regions: [string, number, number][], marks: string[], size: number, depth: {stored: string, as: string}}} about
 */
export function regionsOf(about, depth, covered) {
  const marks = about.marks.length,
    values = numbers(depth, about.depth.as);
  const Kind = about.depth.stored === "float64" ? Float64Array : Float32Array;
  const all = transposed(values, marks, new Kind(values.length));
  const bases = covered ? transposed(numbers(covered, "uint32"), marks, new Int32Array(values.length)) : null;
  let at = 0;
  return about.regions.map(([chrom, start, end]) => {
    const to = at + Math.ceil((end - start) / about.size) * marks,
      place = { chrom, start, end };
    const region = regionWith(place, all.slice(at, to), bases ? bases.slice(at, to) : null);
    at = to;
    return region;
  });
}

/** The models: [{config, tensors: [[name, shape, whether it is int8]]}], and the bytes of all their numbers. */
export function modelsOf(listed, precision, bytes, plain = false) {
  const models = new Models(new Arena(plain)),
    size = (shape) => shape.reduce((a, b) => a * b, 1);
  const kind = precision === "float16" ? "float16" : "float32",
    all = listed.flatMap(({ tensors }) => tensors);
  const count = all.reduce((n, [, shape, isWhole]) => n + (isWhole ? shape[0] : size(shape)), 0);
  const real = numbers(bytes.subarray(0, count * SIZE[kind]), kind),
    rows = new Int8Array(bytes.buffer, bytes.byteOffset + count * SIZE[kind]);
  let at = 0,
    from = 0;
  const next = (n) => real.slice(at, (at += n));
  return listed.map(({ config, tensors }) =>
    models.add(
      config,
      Object.fromEntries(
        tensors.map(([name, shape, isWhole]) => {
          if (!isWhole) return [name, { shape, values: next(size(shape)) }];
          const scale = next(shape[0]),
            whole = rows.subarray(from, (from += size(shape)));
          return [name, { shape, values: Float32Array.from(whole, (v, i) => v * scale[Math.floor(i / shape[1])]) }];
        }),
      ),
    ),
  );
}
