// The glass box: where one number of an output comes from, computed anew from the inputs and weights on the page.

/** n terms a_i * b_i, as a sum and in words: the largest first. names(i) says what term i belongs to. */
function products(n, a, b, names = null) {
  const terms = Array.from({ length: n }, (_, i) => ({ i, a: a(i), b: b(i) })).filter((t) => Number.isFinite(t.a * t.b));
  const total = terms.reduce((sum, t) => sum + t.a * t.b, 0);
  const shown = [...terms].sort((p, q) => Math.abs(q.a * q.b) - Math.abs(p.a * p.b)).slice(0, 3);
  const words = shown.map((t) => `${short(t.a)} × ${short(t.b)}${names ? ` (${names(t.i)})` : ""}`).join("  +  ");
  return { total, text: n > shown.length ? `${words}  +  … ${n} products in all, the largest first` : words };
}

/** The number at `at` of an output: {value, text}, or null where nothing is to be reckoned. */
function sumOf(name, parts, at, about, resolution) {
  const what = name.split(".").pop(), step = name.split(".")[0];
  const inputs = parts.filter((p) => p.part.role === "input");
  const weights = Object.fromEntries(parts.filter((p) => p.part.role === "weight").map((p) => [p.part.label, p]));
  const output = parts.find((p) => p.part.role === "output");
  const [first, second] = inputs, get = (part, place) => part.value(place);
  const W = (symbol, out, i) => weights[symbol].values[out * weights[symbol].part.shape[1] + i];
  const B = (symbol, out) => (weights[symbol] ? weights[symbol].values[out] : 0);
  const last = output.part.axes[output.part.axes.length - 1];
  const size = (part, axis) => part.plan.size[axis];
  const linear = (symbol, row, part, place, axis = "width", names = null) =>
    products(size(part, axis), (i) => W(symbol, row, i), (i) => get(part, { ...place, [axis]: i }), names);

  if (what === "log" || what === "pcre_features") {
    const d = get(first, at), value = Number.isNaN(d) || (output.part.seen && !output.part.seen[at.bin]) ? get(output, at) : Math.log(1 + d);
    return { value, text: Number.isNaN(d) ? "no data or padding" : `ln(1 + ${short(d, 4)})` };
  }
  if (what === "features") {
    const from = about.strand === "-" ? size(output, "bin") - 1 - at.bin : at.bin;
    const seen = !output.part.seen || output.part.seen[at.bin];
    return { value: seen ? get(first, { ...at, bin: from }) : 0,
             text: `bin ${from} along the chromosome${from === at.bin ? "" : ", flipped"}${seen ? "" : ": no data, so 0 and hidden"}` };
  }
  if (what === "projected") {
    const sum = linear("P", at.width, first, { bin: at.bin }, "mark", (i) => about.marks[i].name);
    return { value: sum.total, text: sum.text };
  }
  if (what === "positions") {
    const j = at.width - (at.width % 2), D = size(output, "width"), angle = at.bin / 10000 ** (j / D);
    return { value: at.width % 2 ? Math.cos(angle) : Math.sin(angle), text: `${at.width % 2 ? "cos" : "sin"}(${at.bin} / 10000^(${j}/${D}))` };
  }
  if (["tokens", "joined"].includes(what) && step !== "regulation") {
    const place = what === "tokens" ? at : { resolution: Math.floor(at[last] / size(first, "width")), width: at[last] % size(first, "width") };
    const [a, b] = [get(first, place), get(second, place)];
    return { value: a + b, text: `${short(a)}  +  ${short(b)}` };
  }
  if (["q", "k", "v"].includes(what)) {
    const E = size(output, "head width"), row = at.head * E + at["head width"], place = {};
    if (first.part.axes.includes("bin")) place.bin = what === "q" ? size(first, "bin") >> 1 : at.bin;
    if (first.part.axes.includes("token")) place.token = at.token;
    const sum = linear(`W_${what}`, row, first, place);
    return { value: sum.total, text: sum.text };
  }
  if (what === "gate") {
    const sum = linear("W_g", at[last], first, { token: at.token });
    return { value: 1 / (1 + Math.exp(-sum.total)), text: `σ( ${sum.text} )` };
  }
  if (what === "asking") {
    const sum = linear("W", at.width, first, {});
    return { value: sum.total, text: sum.text };
  }
  if ((what === "scores" && step !== "regulation") || what === "content") {
    const E = size(first, "head width"), there = { head: at.head };
    if (what === "content") there.token = at.asking;
    const key = what === "content" ? { head: at.head, token: at.token } : { head: at.head, bin: at.bin };
    const sum = products(E, (i) => get(first, { ...there, "head width": i }), (i) => get(second, { ...key, "head width": i }));
    return { value: sum.total / Math.sqrt(E), text: `( ${sum.text} ) / √${E}` };
  }
  if (what === "bias") {
    const [g, f] = [weights["γ"].values[at.head], get(first, { token: at.token })];
    if (at.asking !== 0) return { value: 0, text: "0: frequencies are added in the promoter's row alone" };
    return { value: g * f, text: `γ ${short(g)} × frequency ${short(f)}` };
  }
  if (what === "scores") {
    const [a, b] = [get(first, at), get(second, at)];
    return { value: a + b, text: `${short(a)} said  +  ${short(b)} from the contact` };
  }
  if (what === "weights") {
    const seen = output.part.seen, n = size(output, last);
    let most = -Infinity, total = 0;
    const score = (i) => (seen && !seen[i] ? -Infinity : get(first, { ...at, [last]: i }));
    for (let i = 0; i < n; i++) most = Math.max(most, score(i));
    if (most === -Infinity) return { value: get(output, at), text: "nothing may be seen" };
    for (let i = 0; i < n; i++) total += Math.exp(score(i) - most);
    const own = Math.exp(score(at[last]) - most);
    return { value: own / total, text: own ? `exp(${short(score(at[last]))}) / Σ exp = ${short(100 * (own / total))} % of this head` : "hidden: 0" };
  }
  if (what === "attended") {
    const E = size(second, "head width"), head = Math.floor(at[last] / E), e = at[last] % E, along = step === "regulation" ? "token" : "bin";
    const share = step === "regulation" ? (i) => get(first, { head, asking: at.token, token: i }) : (i) => get(first, { head, bin: i });
    const sum = products(size(second, along), share, (i) => get(second, { head, [along]: i, "head width": e }), (i) => nameOf(along, i, about));
    return { value: sum.total, text: sum.text };
  }
  if (what === "gated") {
    const [a, g] = [get(first, at), get(second, at)];
    return { value: a * g, text: `${short(a)}  ×  ${short(g)}` };
  }
  if (what === "hidden") {
    const axis = first.part.axes[first.part.axes.length - 1], place = { ...at };
    delete place.hidden;
    const sum = linear("W₁", at.hidden, first, place, axis), all = sum.total + B("b₁", at.hidden);
    return { value: Math.max(0, all), text: `max(0,  ${sum.text}  +  ${short(B("b₁", at.hidden))} )${all < 0 ? ": negative, so 0" : ""}` };
  }
  if (what === "output") {
    const sum = linear("W₂", at.output, first, {}, "hidden");
    return { value: sum.total + B("b₂", at.output), text: `${sum.text}  +  ${short(B("b₂", at.output))}` };
  }
  if (what === "probability") {
    const z = Array.from(first.values), total = z.reduce((s, x) => s + Math.exp(x), 0);
    return { value: Math.exp(z[at.class]) / total, text: `exp(${short(z[at.class])}) / ${short(total)}` };
  }
  if (["normed", "out", "tss"].includes(what)) { // LN(x + W y + b), which needs the whole row
    const [symbol, offset] = what === "normed" ? ["W", "b"] : ["W₂", "b₂"], D = size(output, "width");
    const there = "token" in at ? { token: at.token } : {}, axis = second.part.axes[second.part.axes.length - 1];
    const place = first.part.axes.includes("bin") ? { bin: size(first, "bin") >> 1 } : there;
    const row = Array.from({ length: D }, (_, i) => get(first, { ...place, width: i }) + B(offset, i)
      + products(size(second, axis), (j) => W(symbol, i, j), (j) => get(second, { ...there, [axis]: j })).total);
    const mean = row.reduce((s, x) => s + x, 0) / D, sd = Math.sqrt(row.reduce((s, x) => s + (x - mean) ** 2, 0) / D + 1e-5);
    const i = at.width, [g, c] = [B("g", i), B("c", i)];
    return { value: (g * (row[i] - mean)) / sd + c, text: `${short(g)} × (${short(row[i])} − mean ${short(mean)}) / sd ${short(sd)}  +  ${short(c)}` };
  }
  return null;
}
