// The glass box: where one number of an output comes from, recomputed from the inputs and weights on the page.
// A rule for each kind of box gives {value, text}; a test compares the value with the model's own.

import { nameOf } from "./plan.js";
import { short } from "../shared/numbers.js";

/** The sum of n products a(i) * b(i), and the largest of them in words. names(i) says what product i belongs to. */
function products(n, a, b, names = null) {
  const terms = Array.from({ length: n }, (_, i) => ({ i, a: a(i), b: b(i) })).filter((t) =>
    Number.isFinite(t.a * t.b),
  );
  const value = terms.reduce((sum, t) => sum + t.a * t.b, 0);
  const shown = [...terms].sort((p, q) => Math.abs(q.a * q.b) - Math.abs(p.a * p.b)).slice(0, 3);
  const words = shown.map((t) => `${short(t.a)} × ${short(t.b)}${names ? ` (${names(t.i)})` : ""}`).join("  +  ");
  return { value, text: n > shown.length ? `${words}  +  … ${n} products in all, largest first` : words };
}

/** What the rules read: the place `at` in the output, inputs `a` and `b`, weights by symbol. */
class Reckoning {
  constructor(name, parts, at, about) {
    const inputs = parts.filter((p) => p.part.role === "input"),
      output = parts.find((p) => p.part.role === "output");
    this.weights = Object.fromEntries(parts.filter((p) => p.part.role === "weight").map((p) => [p.part.label, p]));
    this.step = name.split(".")[0];
    this.at = at;
    this.about = about;
    this.a = inputs[0];
    this.b = inputs[1];
    this.third = inputs[2];
    this.output = output;
    this.last = output.part.axes[output.part.axes.length - 1];
  }

  size(part, axis) {
    return part.plan.size[axis];
  }

  lastOf(part) {
    return part.part.axes[part.part.axes.length - 1];
  }

  /** A vector of the weights: a bias, a gain. */
  vector(symbol, i) {
    return this.weights[symbol].values[i];
  }

  /** Row `row` of a matrix times the numbers of `part` along `axis`, at `place`. */
  linear(symbol, row, part, place, axis = this.lastOf(part), names = null) {
    const W = this.weights[symbol],
      wide = W.part.shape[1];
    return products(
      this.size(part, axis),
      (i) => W.values[row * wide + i],
      (i) => part.value({ ...place, [axis]: i }),
      names,
    );
  }

  seen(i) {
    return !this.output.part.seen || this.output.part.seen[i];
  }

  /** The bin at the TSS, of the window or of the whole gene. */
  tss(part) {
    return this.step === "gene" ? this.about.bins.tss : this.size(part, "bin") >> 1;
  }

  /** The token of the promoter's own bin, or the asking token, among the numbers of an input. */
  own(part) {
    if (part.part.axes.includes("bin")) return { bin: this.tss(part) };
    return "token" in this.at ? { token: this.at.token } : {};
  }
}

/** How a track is read: [the number, in words]. Below 0 a logarithm of depth is that of the other side. */
const READ = {
  log1p: (d) => [Math.sign(d) * Math.log1p(Math.abs(d)), d < 0 ? `−ln(1 + ${short(-d, 4)})` : `ln(1 + ${short(d, 4)})`],
  none: (d) => [d, `${short(d, 4)}, as it is`],
  asinh: (d) => [Math.asinh(d), `asinh ${short(d, 4)}`],
};

const readOf = ({ a, at, output, about }, hidden) => {
  const d = a.value(at);
  if (Number.isNaN(d)) return { value: output.value(at), text: "no data or padding" };
  const [value, text] = READ[about.marks[at.mark].transform](d);
  return { value: hidden ? output.value(at) : value, text };
};

const headOf = (letter) => (c) => {
  const { a, at } = c,
    row = at.head * c.size(c.output, "head width") + at["head width"],
    place = {};
  if (a.part.axes.includes("bin")) place.bin = letter === "q" ? c.tss(a) : at.bin;
  if (a.part.axes.includes("token")) place.token = at.token;
  return c.linear(`W_${letter}`, row, a, place);
};

const dotOf = (c, place, key) => {
  const E = c.size(c.a, "head width");
  const dot = products(
    E,
    (i) => c.a.value({ ...place, "head width": i }),
    (i) => c.b.value({ ...key, "head width": i }),
  );
  return { value: dot.value / Math.sqrt(E), text: `( ${dot.text} ) / √${E}` };
};

const sumOfTwo = (a, b, said = ["", ""]) => ({ value: a + b, text: `${short(a)}${said[0]}  +  ${short(b)}${said[1]}` });

/** LN(x + W y + b); it needs the whole row. */
const normOf = (symbol, offset) => (c) => {
  const D = c.size(c.output, "width"),
    x = c.own(c.a),
    y = "token" in c.at ? { token: c.at.token } : {},
    i = c.at.width;
  const row = Array.from(
    { length: D },
    (_, j) => c.a.value({ ...x, width: j }) + c.vector(offset, j) + c.linear(symbol, j, c.b, y).value,
  );
  const mean = row.reduce((s, v) => s + v, 0) / D,
    sd = Math.sqrt(row.reduce((s, v) => s + (v - mean) ** 2, 0) / D + 1e-5);
  const [g, o] = [c.vector("g", i), c.vector("c", i)];
  return {
    value: (g * (row[i] - mean)) / sd + o,
    text: `${short(g)} × (${short(row[i])} − mean ${short(mean)}) / sd ${short(sd)}  +  ${short(o)}`,
  };
};

const WAVES = 4; // frequencies of a distance: sines, then cosines

/** Number i of those that say where a bin of the whole gene is; they stand in the order of the model's positions. */
function numberOf(i, places, parts, bin, about) {
  for (const name of about.positions) {
    const count = name === "part" ? parts.plan.size.part : 2 * WAVES;
    if (i >= count) {
      i -= count;
      continue;
    }
    if (name === "part") return { value: parts.value({ bin, part: i }), text: nameOf("part", i, about) };
    const middle = (places.value({ bin, edge: 0 }) + places.value({ bin, edge: 1 })) / 2,
      far = name === "end" ? middle - about.length : middle;
    const x =
      name === "relative"
        ? Math.max(-1, Math.min(2, middle / about.length))
        : Math.sign(far) * Math.log1p(Math.abs(far) / 500);
    const wave = i < WAVES ? "sin" : "cos",
      rate = 2 ** ((i % WAVES) - 2);
    return { value: Math[wave](rate * x), text: `${wave}(${rate} × ${short(x)}), ${name}` };
  }
  return null;
}

/** The position of a bin of the whole gene: each part's matrix times its numbers. */
function placedOf(c) {
  const { at, a, weights } = c;
  let from = 0,
    value = 0;
  const words = [];
  for (const [symbol, W] of Object.entries(weights)) {
    const wide = W.part.shape[1];
    let own = 0;
    for (let i = 0; i < wide; i++) own += W.values[at.width * wide + i] * a.value({ bin: at.bin, number: from + i });
    from += wide;
    value += own;
    words.push(`${short(own)} (${symbol.slice(2)})`);
  }
  return { value, text: words.join("  +  ") };
}

const SUMS = {
  log: (c) => readOf(c, false),
  pcre_features: (c) => readOf(c, !c.seen(c.at.bin)),

  features(c) {
    if (c.step === "gene") return readOf(c, !c.seen(c.at.bin));
    const { at, a } = c,
      from = c.about.strand === "-" ? c.size(c.output, "bin") - 1 - at.bin : at.bin,
      seen = c.seen(at.bin);
    const text = `bin ${from} along the chromosome${from === at.bin ? "" : ", flipped"}${seen ? "" : ": no data, so 0 and hidden"}`;
    return { value: seen ? a.value({ ...at, bin: from }) : 0, text };
  },

  projected: (c) => c.linear("P", c.at.width, c.a, { bin: c.at.bin }, "mark", (i) => c.about.marks[i].name),

  positions(c) {
    if (c.step === "gene") return placedOf(c);
    const { at, output } = c,
      j = at.width - (at.width % 2),
      D = output.plan.size.width,
      angle = at.bin / 10000 ** (j / D),
      odd = at.width % 2;
    return {
      value: odd ? Math.cos(angle) : Math.sin(angle),
      text: `${odd ? "cos" : "sin"}(${at.bin} / 10000^(${j}/${D}))`,
    };
  },

  numbers: (c) => numberOf(c.at.number, c.a, c.b, c.at.bin, c.about),
  bases({ at, a }) {
    const bases = a.value({ bin: at.bin, edge: 1 }) - a.value({ bin: at.bin, edge: 0 });
    return { value: Math.log(bases), text: `ln ${bases}` };
  },

  tokens(c) {
    if (c.step !== "regulation" && c.b)
      return sumOfTwo(c.a.value(c.at), c.b.value(c.at), [" from the marks", " from the place"]);
    return null; // a copy of its inputs
  },

  asking: (c) => c.linear("W", c.at.width, c.a, {}),
  q: headOf("q"),
  k: headOf("k"),
  v: headOf("v"),

  gate(c) {
    const sum = c.linear("W_g", c.at[c.last], c.a, { token: c.at.token });
    return { value: 1 / (1 + Math.exp(-sum.value)), text: `σ( ${sum.text} )` };
  },

  content: (c) => dotOf(c, { head: c.at.head, token: c.at.asking }, { head: c.at.head, token: c.at.token }),

  bias(c) {
    if (c.at.asking !== 0) return { value: 0, text: "0: frequencies are added only in the promoter's row" };
    const [g, f] = [c.vector("γ", c.at.head), c.a.value({ token: c.at.token })];
    return { value: g * f, text: `γ ${short(g)} × frequency ${short(f)}` };
  },

  scores(c) {
    if (c.step === "regulation") return sumOfTwo(c.a.value(c.at), c.b.value(c.at), [" said", " from the contact"]);
    const dot = dotOf(c, { head: c.at.head }, { head: c.at.head, bin: c.at.bin });
    if (c.step !== "gene") return dot;
    const bases = c.third.value({ bin: c.at.bin, ln: 0 });
    return { value: dot.value + bases, text: `${dot.text}  +  ln bases ${short(bases)}` };
  },

  weights(c) {
    const { at, a, last } = c,
      n = c.size(c.output, last),
      score = (i) => (c.seen(i) ? a.value({ ...at, [last]: i }) : -Infinity);
    const scores = Array.from({ length: n }, (_, i) => score(i)),
      most = Math.max(...scores);
    if (most === -Infinity) return { value: c.output.value(at), text: "nothing may be seen" };
    const value = Math.exp(score(at[last]) - most) / scores.reduce((sum, s) => sum + Math.exp(s - most), 0);
    const text = c.seen(at[last])
      ? `exp(${short(score(at[last]))}) / Σ exp, which is ${short(100 * value)} % of this head`
      : "hidden: 0";
    return { value, text };
  },

  attended(c) {
    const { at, a, b, about } = c,
      E = c.size(b, "head width"),
      head = Math.floor(at[c.last] / E),
      set = c.step === "regulation";
    const along = set ? "token" : "bin",
      share = (i) => a.value(set ? { head, asking: at.token, token: i } : { head, bin: i });
    const value = (i) => b.value({ head, [along]: i, "head width": at[c.last] % E });
    return products(c.size(b, along), share, value, (i) => nameOf(along, i, about));
  },

  gated: ({ at, a, b }) => ({
    value: a.value(at) * b.value(at),
    text: `${short(a.value(at))}  ×  ${short(b.value(at))}`,
  }),
  said(c) {
    const sum = c.linear("W", c.at.width, c.a, {}),
      b = c.vector("b", c.at.width);
    return { value: sum.value + b, text: `${sum.text}  +  ${short(b)}` };
  },
  normed: normOf("W", "b"),
  out: normOf("W₂", "b₂"),
  tss: normOf("W₂", "b₂"),

  hidden(c) {
    const sum = c.linear("W₁", c.at.hidden, c.a, "token" in c.at ? { token: c.at.token } : {}),
      b = c.vector("b₁", c.at.hidden);
    const all = sum.value + b;
    return {
      value: Math.max(0, all),
      text: `max(0,  ${sum.text}  +  ${short(b)} )${all < 0 ? ": negative, so 0" : ""}`,
    };
  },

  joined(c) {
    const wide = c.size(c.a, "width"),
      i = c.at[c.last],
      place = { resolution: Math.floor(i / wide), width: i % wide };
    return sumOfTwo(c.a.value(place), c.b.value(place), [" before", " after"]);
  },

  output(c) {
    const sum = c.linear("W₂", c.at.output, c.a, {}),
      b = c.vector("b₂", c.at.output);
    return { value: sum.value + b, text: `${sum.text}  +  ${short(b)}` };
  },

  probability({ at, a }) {
    const total = Array.from(a.values).reduce((sum, z) => sum + Math.exp(z), 0),
      z = a.values[at.class];
    return { value: Math.exp(z) / total, text: `exp(${short(z)}) / ${short(total)}` };
  },
};

/** The number at `at` of the output of a stage: {value, text}, or null where there is nothing to compute. */
export function sumOf(name, parts, at, about) {
  const rule = SUMS[name.split(".").pop()],
    nobody = !about.pcres.length && /^(pairwise|input.*pcre)/.test(name); // a gene without pCREs has no such inputs
  return rule && !nobody ? rule(new Reckoning(name, parts, at, about)) : null;
}
