// Arithmetic that must give numpy's numbers to the last bit, and numbers written as Python writes them.

/** The sum of values[from] to values[from + n - 1], in the order in which numpy adds. */
export function pairwise(values, from, n) {
  if (n < 8) {
    let sum = 0;
    for (let i = from; i < from + n; i++) sum += values[i];
    return sum;
  }
  if (n <= 128) {
    const r = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => values[from + i]),
      whole = n - (n % 8);
    for (let i = 8; i < whole; i += 8) for (let j = 0; j < 8; j++) r[j] += values[from + i + j];
    let sum = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
    for (let i = whole; i < n; i++) sum += values[from + i];
    return sum;
  }
  let half = Math.floor(n / 2);
  half -= half % 8;
  return pairwise(values, from, half) + pairwise(values, from + half, n - half);
}

/** The same as `numpy.add.reduceat` adds a segment: the first value, then the others. */
export function segment(values, from, n) {
  return n > 1 ? values[from] + pairwise(values, from + 1, n - 1) : values[from];
}

/** The nearest float16, ties to even, as a number. */
export function half(value) {
  if (!Number.isFinite(value) || value === 0) return value;
  const size = Math.abs(value),
    exponent = Math.max(Math.floor(Math.log2(size)), -14),
    step = 2 ** (exponent - 10);
  const units = size / step,
    low = Math.floor(units),
    over = units - low;
  const rounded = (low + (over > 0.5 || (over === 0.5 && low % 2) ? 1 : 0)) * step;
  return Math.sign(value) * (rounded > 65504 ? Infinity : rounded);
}

/** Float16 numbers, as bytes, as float32. */
export function halves(bytes) {
  const words = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1),
    table = new Float32Array(65536);
  for (let i = 0; i < 65536; i++) {
    const exponent = (i >> 10) & 31,
      mantissa = i & 1023;
    const size = exponent ? (1 + mantissa / 1024) * 2 ** (exponent - 15) : mantissa * 2 ** -24;
    table[i] = (i & 0x8000 ? -1 : 1) * (exponent < 31 ? size : mantissa ? NaN : Infinity);
  }
  return Float32Array.from(words, (word) => table[word]);
}

/** How a number is rounded when it is stored as this type of numpy. */
export const STORED = { float16: half, float32: Math.fround, float64: (value) => value };
/** The largest depth that fits a type and a model can read. */
export const LARGEST = { float16: 65504, float32: 3.4028234663852886e38, float64: 3.4028234663852886e38 };

/** A number that names the bits of some numbers: equal ones have equal names, others hardly ever. */
export function fingerprint(values, name = 0) {
  const words = new Int32Array(values.buffer, values.byteOffset, values.byteLength >> 2);
  let a = 0xdeadbeef ^ name,
    b = 0x41c6ce57 ^ name;
  for (let i = 0; i < words.length; i++) {
    a = Math.imul(a ^ words[i], 2654435761);
    b = Math.imul(b ^ words[i], 1597334677);
    a = (a << 13) | (a >>> 19);
    b = (b << 17) | (b >>> 15);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}

// ----- as Python writes them ---------------------------------------------------------------------------------------

const padded = (exponent) => `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;

/** repr of a float. */
export function float(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits, exponent] = value.toExponential().split("e"),
    power = Number(exponent);
  if (power < -4 || power >= 16) return `${digits}e${padded(power)}`;
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}

/** A number with so many digits, d.dde-7; a tie goes to the even digit, as in Python and unlike in JavaScript. */
function exponential(value, digits) {
  const text = value.toExponential(digits - 1),
    exact = value.toExponential(60).split("e")[0].replace(/[-.]/g, "");
  if (!/^50*$/.test(exact.slice(digits)) || Number(exact[digits - 1]) % 2) return text;
  return `${value < 0 ? "-" : ""}${exact[0]}.${exact.slice(1, digits)}e${value.toExponential(60).split("e")[1]}`;
}

/** format(value, ".{digits}g"). */
export function general(value, digits = 6) {
  if (!Number.isFinite(value)) return float(value);
  if (value === 0) return "0";
  const [mantissa, exponent] = exponential(value, digits).split("e"),
    power = Number(exponent);
  const trimmed = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (power < -4 || power >= digits) return `${trimmed(mantissa)}e${padded(power)}`;
  return trimmed(Number(`${mantissa}e${exponent}`).toFixed(digits - 1 - power));
}

/** format(value, ","). */
export const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** repr of a text. */
export function quoted(text) {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", [mark]: `\\${mark}` };
  return mark + [...text].map((letter) => escaped[letter] ?? letter).join("") + mark;
}

/** The number with the fewest digits that is stored as this one: 0.1 for the float32 0.10000000149. */
export function shortest(value, dtype) {
  if (dtype === "float64") return value;
  for (let digits = 1; digits < 17; digits++) {
    const found = Number(value.toPrecision(digits));
    if (STORED[dtype](found) === value) return found;
  }
  return value;
}
