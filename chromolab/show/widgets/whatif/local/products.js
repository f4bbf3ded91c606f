// Two products of a matrix and a vector, which are nearly all of a prediction's arithmetic: by WebAssembly, four numbers
// at a time, or in plain JavaScript where a page refuses WebAssembly. Both work on one memory of float32 numbers.

import { WASM } from "./products_wasm.js";

/**
 * Where a matrix lies in an `Arena`: its first number, and how many numbers from one row to the next (a multiple of 4).
 * @typedef {{at: number, rows: number, columns: number, stride: number}} Matrix
 */

const PAGE = 65536; // bytes by which WebAssembly's memory grows

/** The exports of products.wat, or null where WebAssembly (or its SIMD) is refused. */
function compiled() {
  try {
    const bytes = Uint8Array.from(atob(WASM), (letter) => letter.charCodeAt(0));
    return /** @type {any} */ (new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports);
  } catch {
    return null;
  }
}

/** Memory for matrices, and the products on it. Vectors lie outside: each call copies its vector in and its result out. */
export class Arena {
  /** @param {boolean} plain without WebAssembly, even where there is one */
  constructor(plain = false) {
    this.wasm = plain ? null : compiled();
    this.numbers = this.wasm ? new Float32Array(this.wasm.memory.buffer) : new Float32Array(1 << 14);
    this.top = 0;
    this.longest = 0;
    this.vector = this.result = 0;
    this.reserve(4096);
    this.spare = { at: this.room(4 * 4096), room: 4 * 4096 };
  }

  /** The place of `count` numbers that were not in use. */
  room(count) {
    const at = this.top;
    this.top += Math.ceil(count / 4) * 4;
    if (this.top <= this.numbers.length) return at;
    if (this.wasm) {
      this.wasm.memory.grow(Math.ceil(((this.top - this.numbers.length) * 4) / PAGE) + 16);
      this.numbers = new Float32Array(this.wasm.memory.buffer);
    } else {
      const more = new Float32Array(2 * this.top);
      more.set(this.numbers);
      this.numbers = more;
    }
    return at;
  }

  /**
   * Keep a matrix, given row by row, for good.
   * @returns {Matrix}
   */
  keep(values, columns) {
    this.reserve(Math.max(columns + 4, values.length / columns));
    const stride = Math.ceil(columns / 4) * 4,
      rows = values.length / columns;
    return this.fill({ at: this.room(rows * stride), rows, columns, stride }, values);
  }

  /**
   * Hold a matrix until the next one is lent.
   * @returns {Matrix}
   */
  lend(values, columns) {
    const stride = Math.ceil(columns / 4) * 4,
      rows = values.length / columns,
      { spare } = this;
    if (rows * stride > spare.room) Object.assign(spare, { at: this.room(rows * stride), room: rows * stride });
    return this.fill({ at: spare.at, rows, columns, stride }, values);
  }

  fill(matrix, values) {
    const { at, rows, columns, stride } = matrix,
      { numbers } = this;
    if (stride === columns) {
      numbers.set(values, at);
      return matrix;
    }
    for (let row = 0; row < rows; row++) {
      const start = at + row * stride;
      for (let c = 0; c < columns; c++) numbers[start + c] = values[row * columns + c];
      for (let c = columns; c < stride; c++) numbers[start + c] = 0;
    }
    return matrix;
  }

  /** Copy a vector in, followed by zeros up to a multiple of 4. */
  put(x) {
    const { numbers, vector } = this;
    numbers.set(x, vector);
    for (let i = vector + x.length; i & 3; i++) numbers[i] = 0;
  }

  /** Room for vectors of `count` numbers. */
  reserve(count) {
    if (count <= this.longest) return;
    this.longest = count;
    this.vector = this.room(count);
    this.result = this.room(count);
  }

  /** W x for `rows` rows of W from the row `from` on: Float32Array (rows). */
  times(matrix, x, from = 0, rows = matrix.rows - from) {
    const { at, stride } = matrix,
      start = at + from * stride,
      { result, vector } = this;
    this.put(x);
    if (this.wasm) this.wasm.rows(start * 4, vector * 4, result * 4, rows, stride);
    else plainRows(this.numbers, start, vector, result, rows, stride);
    return this.numbers.slice(result, result + rows);
  }

  /** W' x: the sum of x[i] times row `from` + i of W, Float32Array (columns). */
  mixed(matrix, x, from = 0) {
    const { at, stride, columns } = matrix,
      start = at + from * stride,
      { result, vector } = this;
    this.put(x);
    this.numbers.fill(0, result, result + stride);
    if (this.wasm) this.wasm.mix(start * 4, vector * 4, result * 4, x.length, stride);
    else plainMix(this.numbers, start, vector, result, x.length, stride);
    return this.numbers.slice(result, result + columns);
  }

  /** A copy of one row. */
  row(matrix, index) {
    const start = matrix.at + index * matrix.stride;
    return this.numbers.slice(start, start + matrix.columns);
  }
}

/** As `rows` of products.wat; pointers count numbers. */
function plainRows(numbers, w, x, y, rows, n) {
  for (let row = 0; row < rows; row++, w += n) {
    let a = 0,
      b = 0,
      c = 0,
      d = 0;
    for (let i = 0; i < n; i += 4) {
      a += numbers[w + i] * numbers[x + i];
      b += numbers[w + i + 1] * numbers[x + i + 1];
      c += numbers[w + i + 2] * numbers[x + i + 2];
      d += numbers[w + i + 3] * numbers[x + i + 3];
    }
    numbers[y + row] = a + b + (c + d);
  }
}

/** As `mix` of products.wat. */
function plainMix(numbers, w, x, y, rows, n) {
  for (let row = 0; row < rows; row++, w += n) {
    const by = numbers[x + row];
    for (let i = 0; i < n; i++) numbers[y + i] += by * numbers[w + i];
  }
}
