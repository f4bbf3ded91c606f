// Chromoformer's focused path, forwards and backwards. The same algebra as chromolab/models/attention.py: one query per
// sequence is carried back to the features of the bins, so that no key and no value is ever built. Each step returns what
// it computes and `back`, a function from the gradient of that to the gradient of what it was given.
// Letters: T bins of a window, W bins of a strip, M marks, D width, H heads, E numbers of a head, S tokens.

/**
 * The bins of a region at one resolution: features (W, M) row by row, which of them are seen (null: all), and the place of
 * the first among the T bins of a window.
 * @typedef {{features: Float32Array, seen: boolean[] | null, first: number, bins: number}} Strip
 *
 * What a model reads of a gene: for each region {resolution: strip} and a key that names its content; pCREs by falling
 * frequency.
 * @typedef {{key: string, strips: Record<number, Strip>}} Read
 * @typedef {{window: Read, pcres: Read[], frequency: number[]}} Gene
 */

const HIDDEN = -3.4028235e38; // float32's lowest number: a bin that is not seen
const MOST = 500; // answers of pCREs that a model keeps, as in chromolab/learn/incremental.py

/** LayerNorm(x + y). */
function addNorm(x, y, norm) {
  const n = x.length,
    scaled = new Float32Array(n),
    out = new Float32Array(n);
  let mean = 0,
    square = 0;
  for (let i = 0; i < n; i++) mean += y[i] += x[i];
  mean /= n;
  for (let i = 0; i < n; i++) square += (y[i] - mean) ** 2;
  const by = 1 / Math.sqrt(square / n + 1e-5);
  for (let i = 0; i < n; i++) {
    scaled[i] = (y[i] - mean) * by;
    out[i] = scaled[i] * norm.weight[i] + norm.bias[i];
  }
  const back = (slope) => {
    // by x and by y alike
    const d = new Float32Array(n);
    let sum = 0,
      along = 0;
    for (let i = 0; i < n; i++) {
      d[i] = slope[i] * norm.weight[i];
      sum += d[i];
      along += d[i] * scaled[i];
    }
    for (let i = 0; i < n; i++) d[i] = by * (d[i] - sum / n - (scaled[i] * along) / n);
    return d;
  };
  return { x: out, back };
}

/** Softmax in place over [at, at + n). */
function softmax(x, at, n) {
  let top = -Infinity,
    sum = 0;
  for (let i = at; i < at + n; i++) if (x[i] > top) top = x[i];
  for (let i = at; i < at + n; i++) sum += x[i] = Math.exp(x[i] - top);
  for (let i = at; i < at + n; i++) x[i] /= sum;
}

function plus(a, b) {
  for (let i = 0; i < a.length; i++) a[i] += b[i];
  return a;
}

/** The weights of models, in one `Arena`, and the tables of positions that they share. */
export class Models {
  constructor(arena) {
    this.arena = arena;
    this.tables = new Map();
  }

  /** Sinusoidal positions (T, D), rounded as chromolab/models/attention.py rounds them. */
  positions(bins, width) {
    const key = `${bins},${width}`;
    if (!this.tables.has(key)) {
      const table = new Float32Array(bins * width),
        f = Math.fround;
      for (let i = 0; i < width; i += 2) {
        const rate = f(Math.exp(f(i * f(-Math.log(10000) / width))));
        for (let t = 0; t < bins; t++) {
          table[t * width + i] = Math.sin(f(t * rate));
          if (i + 1 < width) table[t * width + i + 1] = Math.cos(f(t * rate));
        }
      }
      this.tables.set(key, this.arena.keep(table, width));
    }
    return this.tables.get(key);
  }

  /** @returns {Chromoformer} */
  add(config, tensors) {
    return new Chromoformer(this, config, tensors);
  }
}

/** One model: `config` as `Chromoformer.config()` gives it, tensors {name: {values, shape}}. */
export class Chromoformer {
  /** @param {Models} models */
  constructor(models, config, tensors) {
    this.models = models;
    this.arena = models.arena;
    this.config = config;
    this.task = config.task;
    /** @type {string | null} the window that the two maps below belong to */
    this.key = null;
    /** @type {Record<number, {x: Float32Array, map: Float32Array, back: (slope: Float32Array) => Float32Array}>} */
    this.promoter = {};
    /** @type {Map<string, {x: Float32Array, map: Float32Array | null, back: any}>} */
    this.answers = new Map();
    const matrix = (name) => this.arena.keep(tensors[name].values, tensors[name].shape[1]);
    const vector = (name) => tensors[name].values;
    const linear = (name) => ({ weight: matrix(`${name}.weight`), bias: vector(`${name}.bias`) });
    const norm = (name) => ({ weight: vector(`${name}.weight`), bias: vector(`${name}.bias`) });
    const block = (name) => ({
      ff: linear(`${name}.self_att.ff`),
      ln: norm(`${name}.self_att.ln`),
      l1: linear(`${name}.ff.l1`),
      l2: linear(`${name}.ff.l2`),
      ln2: norm(`${name}.ff.ln`),
    });
    const layers = (part, r, count) => Array.from({ length: count }, (_, i) => `${part}.${r}.transformer.layers.${i}`);
    this.at = {};
    for (const r of config.resolutions) {
      const embed = `embed.${r}`,
        pairwise = `pairwise_interaction.${r}`,
        [first] = layers("embed", r, 1);
      this.at[r] = {
        embed: {
          project: matrix(`${embed}.lin_proj.weight`),
          att: matrix(`${first}.self_att.att.weight`),
          ...block(first),
        },
        promoter: matrix(`${pairwise}.lin_proj_p.weight`),
        pcre: matrix(`${pairwise}.lin_proj_pcre.weight`),
        pairwise: layers("pairwise_interaction", r, config.pairwise_layers).map((l) => ({
          query: matrix(`${l}.self_att.p_att.weight`),
          att: matrix(`${l}.self_att.c_att.weight`),
          ...block(l),
        })),
        regulation: layers("regulation", r, config.regulation_layers).map((l) => ({
          att: matrix(`${l}.self_att.att.weight`),
          gamma: vector(`${l}.self_att.gamma_f`),
          ...block(l),
        })),
      };
    }
    this.head = [linear("fc_head.0"), linear("fc_head.2")];
  }

  // ----- the parts ------------------------------------------------------------------------------------------------

  linear({ weight, bias }, x) {
    return plus(this.arena.times(weight, x), bias);
  }

  /** The end of an attention block, and the feed-forward block: x, attended -> x; back -> [by x, by attended]. */
  block(layer, x, attended) {
    const { arena } = this,
      first = addNorm(x, this.linear(layer.ff, attended), layer.ln);
    const hidden = this.linear(layer.l1, first.x);
    for (let i = 0; i < hidden.length; i++) if (hidden[i] < 0) hidden[i] = 0;
    const last = addNorm(first.x, this.linear(layer.l2, hidden), layer.ln2);
    const back = (slope) => {
      const summed = last.back(slope),
        inner = arena.mixed(layer.l2.weight, summed);
      for (let i = 0; i < inner.length; i++) if (hidden[i] === 0) inner[i] = 0;
      const both = first.back(plus(arena.mixed(layer.l1.weight, inner), summed));
      return [both, arena.mixed(layer.ff.weight, both)];
    };
    return { x: last.x, back };
  }

  /**
   * One query (H * E) against the bins of a strip: values (H * E), map (H, W); back -> [by query, by features].
   * `att` holds the keys' weights from the row `keys` on, the values' from `values` on.
   */
  attend(query, strip, heads, project, att, keys, values) {
    const { arena } = this,
      width = project.rows,
      marks = project.columns,
      count = strip.features.length / marks;
    const each = query.length / heads,
      scale = 1 / Math.sqrt(each),
      { first, seen } = strip;
    const place = this.models.positions(strip.bins, width),
      x = new Float32Array(query.length);
    const map = new Float32Array(heads * count),
      kept = [];
    let bins = arena.lend(strip.features, marks);
    for (let h = 0; h < heads; h++) {
      const asked = query.slice(h * each, (h + 1) * each).map((v) => v * scale);
      const token = arena.mixed(att, asked, keys + h * each),
        short = arena.mixed(project, token);
      const scores = plus(arena.times(place, token, first, count), arena.times(bins, short));
      if (seen) for (let j = 0; j < count; j++) if (!seen[j]) scores[j] = HIDDEN;
      softmax(scores, 0, count);
      map.set(scores, h * count);
      const pooled = plus(arena.times(project, arena.mixed(bins, scores)), arena.mixed(place, scores, first));
      x.set(arena.times(att, pooled, values + h * each, each), h * each);
      kept.push({ short, scores });
    }
    const back = (slope) => {
      const byQuery = new Float32Array(query.length),
        byFeatures = new Float32Array(strip.features.length);
      bins = arena.lend(strip.features, marks);
      for (let h = 0; h < heads; h++) {
        const { short, scores } = kept[h];
        const pooled = arena.mixed(att, slope.subarray(h * each, (h + 1) * each), values + h * each);
        const mean = arena.mixed(project, pooled);
        const byScore = plus(arena.times(place, pooled, first, count), arena.times(bins, mean));
        let along = 0;
        for (let j = 0; j < count; j++) along += scores[j] * byScore[j];
        for (let j = 0; j < count; j++) byScore[j] = scores[j] * (byScore[j] - along);
        for (let j = 0, at = 0; j < count; j++) {
          for (let k = 0; k < marks; k++, at++) byFeatures[at] += scores[j] * mean[k] + byScore[j] * short[k];
        }
        const token = plus(arena.mixed(place, byScore, first), arena.times(project, arena.mixed(bins, byScore)));
        byQuery.set(
          arena.times(att, token, keys + h * each, each).map((v) => v * scale),
          h * each,
        );
      }
      return [byQuery, byFeatures];
    };
    return { x, map, back };
  }

  /** The promoter's TSS bin among its window's bins; back -> by features. */
  embed(r, strip) {
    const { arena, config } = this,
      own = this.at[r].embed,
      width = config.width,
      marks = own.project.columns;
    const middle = strip.bins >> 1,
      place = this.models.positions(strip.bins, width);
    const here = strip.features.subarray(middle * marks, (middle + 1) * marks);
    const token = plus(arena.times(own.project, here), arena.row(place, middle));
    const query = arena.times(own.att, token, 0, width);
    const attended = this.attend(query, strip, config.embed_heads, own.project, own.att, width, 2 * width);
    const { x, back: blockBack } = this.block(own, token, attended.x);
    const back = (slope) => {
      const [byToken, byAttended] = blockBack(slope),
        [byQuery, features] = attended.back(byAttended);
      const own_ = arena.mixed(own.project, plus(arena.mixed(own.att, byQuery), byToken));
      for (let k = 0; k < marks; k++) features[middle * marks + k] += own_[k];
      return features;
    };
    return { x, map: attended.map, back };
  }

  /** What one pCRE answers to the promoter; back -> [by promoter, by features]. */
  ask(r, promoter, strip) {
    const { arena, config } = this,
      own = this.at[r],
      steps = [];
    let x = arena.times(own.promoter, promoter),
      map = null;
    for (const layer of own.pairwise) {
      const query = arena.times(layer.query, x);
      const attended = this.attend(query, strip, config.pairwise_heads, own.pcre, layer.att, 0, config.width);
      const block = this.block(layer, x, attended.x);
      steps.push({ layer, attended, block });
      ({ map } = attended);
      ({ x } = block);
    }
    const back = (slope) => {
      const features = new Float32Array(strip.features.length);
      for (const { layer, attended, block } of [...steps].reverse()) {
        const [byX, byAttended] = block.back(slope),
          [byQuery, more] = attended.back(byAttended);
        plus(features, more);
        slope = plus(arena.mixed(layer.query, byQuery), byX);
      }
      return [arena.mixed(own.promoter, slope), features];
    };
    return { x, map, back };
  }

  /** The promoter's token among all tokens [promoter, answers...]: token 0; back -> by all tokens. */
  regulate(r, tokens, frequency) {
    const { regulation } = this.at[r],
      steps = [];
    let x = tokens,
      map = null;
    regulation.forEach((layer, n) => {
      const step = this.regulationLayer(layer, x, frequency, n === regulation.length - 1 ? 1 : x.length);
      steps.push(step);
      ({ x, map } = step);
    });
    if (!regulation.length) return meanOf(tokens);
    const back = (slope) => steps.reduceRight((slopes, step) => step.back(slopes), [slope]);
    return { x: x[0], map, back };
  }

  /** One layer for the first `asking` of the tokens; the map (H, S) is the promoter's row. */
  regulationLayer(layer, tokens, frequency, asking) {
    const { arena, config } = this,
      heads = config.regulation_heads,
      wide = config.regulation_width;
    const each = wide / heads,
      count = tokens.length,
      scale = 1 / Math.sqrt(each);
    const answers = tokens.map((token) => arena.times(layer.att, token, wide, 2 * wide)); // keys, values
    const each_ = tokens.slice(0, asking).map((token, i) => {
      const query = arena.times(layer.att, token, 0, wide),
        gate = arena.times(layer.att, token, 3 * wide, wide);
      const map = new Float32Array(heads * count),
        mixed = new Float32Array(wide),
        out = new Float32Array(wide);
      for (let h = 0; h < heads; h++) {
        for (let j = 0; j < count; j++) {
          let score = 0;
          for (let e = h * each; e < (h + 1) * each; e++) score += query[e] * answers[j][e];
          map[h * count + j] = score * scale + (i === 0 && j > 0 ? layer.gamma[h] * frequency[j - 1] : 0);
        }
        softmax(map, h * count, count);
        for (let j = 0; j < count; j++) {
          const share = map[h * count + j];
          for (let e = h * each; e < (h + 1) * each; e++) mixed[e] += share * answers[j][wide + e];
        }
      }
      for (let e = 0; e < wide; e++) {
        gate[e] = 1 / (1 + Math.exp(-gate[e]));
        out[e] = mixed[e] * gate[e];
      }
      return { query, gate, map, mixed, block: this.block(layer, token, out) };
    });
    const back = (slopes) => {
      const byTokens = tokens.map((token) => new Float32Array(token.length));
      const byAnswers = answers.map(() => new Float32Array(2 * wide));
      each_.forEach(({ query, gate, map, mixed, block }, i) => {
        const [byToken, byOut] = block.back(slopes[i]),
          byQuery = new Float32Array(wide),
          byGate = new Float32Array(wide);
        for (let e = 0; e < wide; e++) {
          byGate[e] = byOut[e] * mixed[e] * gate[e] * (1 - gate[e]);
          byOut[e] *= gate[e]; // now by what was mixed
        }
        for (let h = 0; h < heads; h++) {
          const byShare = new Float32Array(count);
          let along = 0;
          for (let j = 0; j < count; j++) {
            const share = map[h * count + j];
            for (let e = h * each; e < (h + 1) * each; e++) {
              byShare[j] += byOut[e] * answers[j][wide + e];
              byAnswers[j][wide + e] += share * byOut[e];
            }
            along += share * byShare[j];
          }
          for (let j = 0; j < count; j++) {
            const byScore = map[h * count + j] * (byShare[j] - along) * scale;
            for (let e = h * each; e < (h + 1) * each; e++) {
              byQuery[e] += byScore * answers[j][e];
              byAnswers[j][e] += byScore * query[e];
            }
          }
        }
        plus(plus(byTokens[i], byToken), arena.mixed(layer.att, byQuery));
        plus(byTokens[i], arena.mixed(layer.att, byGate, 3 * wide));
      });
      byAnswers.forEach((by, j) => plus(byTokens[j], arena.mixed(layer.att, by, wide)));
      return byTokens;
    };
    return { x: each_.map(({ block }) => block.x), map: each_[0].map, back };
  }

  // ----- the model ------------------------------------------------------------------------------------------------

  /**
   * One resolution of a gene. What was embedded and answered is kept by its key: after an edit of one pCRE that pCRE
   * alone is asked again.
   */
  resolution(r, gene, keep) {
    const own = (keep && this.promoter[r]) || this.embed(r, gene.window.strips[r]);
    if (keep) this.promoter[r] = own;
    const answers = gene.pcres.map((pcre) => {
      const key = `${r} ${pcre.key}`,
        known = keep && this.answers.get(key);
      if (known) return known;
      const answer = this.ask(r, own.x, pcre.strips[r]);
      if (keep) this.answers.set(key, { x: answer.x, map: answer.map, back: null });
      return answer;
    });
    return { own, answers, regulated: this.regulate(r, [own.x, ...answers.map((a) => a.x)], gene.frequency) };
  }

  /**
   * Outputs (2 logits, or one value), the steps of each resolution, and the head's hidden numbers.
   * @param {Gene} gene
   */
  run(gene, keep = true) {
    const { config } = this,
      width = config.width,
      together = new Float32Array(config.resolutions.length * width);
    if (keep && this.key !== gene.window.key)
      Object.assign(this, { key: gene.window.key, promoter: {}, answers: new Map() });
    const steps = config.resolutions.map((r, n) => {
      const step = this.resolution(r, gene, keep);
      for (let d = 0; d < width; d++) together[n * width + d] = step.own.x[d] + step.regulated.x[d];
      return step;
    });
    if (this.answers.size > MOST) this.answers = new Map();
    const hidden = this.linear(this.head[0], together);
    for (let i = 0; i < hidden.length; i++) if (hidden[i] < 0) hidden[i] = 0;
    return { out: this.linear(this.head[1], hidden), steps, hidden };
  }

  /** The probability of class 1, or log2(RPKM + 1). */
  value(gene) {
    const { out } = this.run(gene);
    return out.length === 2 ? 1 / (1 + Math.exp(Math.max(-700, Math.min(700, out[0] - out[1])))) : out[0];
  }

  /** Log-odds, or log2(RPKM + 1): the scale on which changes add. */
  level(gene) {
    const { out } = this.run(gene);
    return out.length === 2 ? Math.fround(out[1] - out[0]) : out[0];
  }

  /**
   * The attention maps that `level` rests on: of each resolution the window's (H, T), each pCRE's in the last layer
   * (H, W) and the regions' (H, S).
   */
  maps(gene) {
    const { steps } = this.run(gene);
    return this.config.resolutions.map((r, n) => ({
      resolution: r,
      window: steps[n].own.map,
      pcres: steps[n].answers.map((a) => a.map),
      regions: steps[n].regulated.map,
    }));
  }

  /** Gradients of `level` by the features: of each resolution, the window's and each pCRE's (W, M). */
  gradients(gene) {
    const { arena, config } = this,
      { out, steps, hidden } = this.run(gene, false),
      [first, last] = this.head;
    const inner = arena.mixed(last.weight, out.length === 2 ? [-1, 1] : [1]);
    for (let i = 0; i < inner.length; i++) if (hidden[i] === 0) inner[i] = 0;
    const together = arena.mixed(first.weight, inner),
      width = config.width;
    return config.resolutions.map((r, n) => {
      const { own, answers, regulated } = steps[n],
        slope = together.slice(n * width, (n + 1) * width);
      const [byPromoter, ...byAnswers] = regulated.back(slope),
        promoter = plus(byPromoter, slope);
      const pcres = answers.map((answer, i) => {
        const [by, features] = answer.back(byAnswers[i]);
        plus(promoter, by);
        return features;
      });
      return { resolution: r, window: own.back(promoter), pcres };
    });
  }
}

/** Without regulation layers: the plain mean of all tokens. */
function meanOf(tokens) {
  const x = new Float32Array(tokens[0].length);
  for (const token of tokens) for (let d = 0; d < x.length; d++) x[d] += token[d] / tokens.length;
  return { x, map: null, back: (slope) => tokens.map(() => slope.map((v) => v / tokens.length)) };
}
