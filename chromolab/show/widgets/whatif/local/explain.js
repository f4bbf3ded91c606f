// What carried a predicted change, and where the models looked: chromolab/learn/explain/{change,inputs,attention_maps}.py.

import { isContact, Refusal, samePlace } from "./edits.js";
import { edited } from "./gene.js";

/** @typedef {import("./gene.js").Gene} Gene */
/** @typedef {import("./chromoformer.js").Chromoformer} Chromoformer */

// Gauss-Legendre quadrature on [0, 1] with four points.
const NODES = [0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970262];
const WEIGHTS = [0.17392742256872684, 0.3260725774312731, 0.3260725774312731, 0.17392742256872684];

/**
 * For one model: what each bin carried (bins, marks), and what each contact carried, by row.
 * @param {Chromoformer} model
 * @param {Gene} gene
 * @param {import("./gene.js").Reader} reader
 */
export function carriedBy(model, gene, edits, reader) {
  const after = edited(gene, edits),
    contacts = edits.filter(isContact),
    byContact = new Map();
  const level = (g) => model.level(reader.read(g, model)),
    scores = new Float64Array(after.flat().length);
  const rowOf = (e) => after.regions.findIndex((r) => samePlace(r, e));
  let now = level(gene),
    stage = gene;
  const stages = stagesOf(gene, contacts);
  contacts.forEach((e, n) => {
    stage = stages[n];
    const next = level(stage),
      row = rowOf(e);
    byContact.set(row, (byContact.get(row) ?? 0) + next - now);
    now = next;
  });
  along(model, stage, after, reader, scores);
  return { scores, byContact };
}

/** The gene after each edit of its contacts; a pCRE whose data only the edits of tracks give is empty: depth 0. */
function stagesOf(gene, contacts) {
  try {
    return contacts.map((_, n) => edited(gene, contacts.slice(0, n + 1)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  /** @returns {import("./edits.js").Edit[]} */
  const empty = ({ type, chrom, start, end }) =>
    type === "AddPcre"
      ? gene.shared.marks.map((mark) => ({ type: "Paint", chrom, start, end, mark, depths: [0], step: end - start }))
      : [];
  return contacts.map((_, n) => {
    const first = contacts.slice(0, n + 1);
    return edited(gene, [...first, ...first.flatMap(empty)]);
  });
}

/** Integrated gradients along the straight path of the features from one gene to another, divided among stored bins. */
function along(model, before, after, reader, scores) {
  const start = reader.read(before, model),
    end = reader.read(after, model),
    { resolutions } = model.config;
  const sums = resolutions.map(() => ({ window: null, pcres: end.pcres.map(() => null) }));
  NODES.forEach((node, i) => {
    model.gradients(between(start, end, node, resolutions)).forEach((slopes, n) => {
      sums[n].window = added(sums[n].window, slopes.window, WEIGHTS[i]);
      slopes.pcres.forEach((slope, p) => {
        sums[n].pcres[p] = added(sums[n].pcres[p], slope, WEIGHTS[i]);
      });
    });
  });
  const columns = reader.columns(model.config.marks),
    offsets = after.offsets();
  resolutions.forEach((r, n) => {
    const share = (row, slope, from, to, turned) => {
      const change = slope.map((v, j) => v * (to.strips[r].features[j] - from.strips[r].features[j]));
      divided(change, r, columns, before.regions[row], after.regions[row], turned, after.shared, scores, offsets[row]);
    };
    share(after.promoter, sums[n].window, start.window, end.window, after.turned);
    after.pcre.forEach((row, p) => share(row, sums[n].pcres[p], start.pcres[p], end.pcres[p], false));
  });
}

/** What a model reads at one point of the path; hidden bins are those of its end. */
function between(start, end, node, resolutions) {
  const mixed = (a, b) => ({
    key: "",
    strips: Object.fromEntries(
      resolutions.map((r) => {
        const from = a.strips[r].features,
          to = b.strips[r];
        return [r, { ...to, features: to.features.map((v, j) => from[j] + node * (v - from[j])) }];
      }),
    ),
  });
  const pcres = end.pcres.map((pcre, i) => mixed(start.pcres[i], pcre));
  return { window: mixed(start.window, end.window), pcres, frequency: end.frequency };
}

function added(sum, slope, weight) {
  const out = sum || new Float32Array(slope.length);
  for (let j = 0; j < slope.length; j++) out[j] += weight * slope[j];
  return out;
}

/** Divide the scores of a region's bins at a resolution among the stored bins, in proportion to the bases that moved. */
function divided(scores, resolution, columns, from, to, turned, { size, marks }, out, offset) {
  const m = marks.length,
    per = resolution / size,
    count = scores.length / columns.length,
    fine = to.depth.length / m;
  const read = (r, b, column) => {
    const depth = r.depth[b * m + column],
      bases = r.covered ? r.covered[b * m + column] : Math.min(size, r.end - r.start - b * size);
    return Number.isNaN(depth) ? 0 : depth * bases;
  };
  columns.forEach((column, k) => {
    for (let j = 0; j < count; j++) {
      const score = scores[(turned ? count - 1 - j : j) * columns.length + k],
        last = Math.min((j + 1) * per, fine);
      if (!score) continue;
      const moved = [];
      for (let b = j * per; b < last; b++) moved.push(Math.abs(read(to, b, column) - read(from, b, column)));
      const total = moved.reduce((a, b) => a + b, 0);
      if (total > 0)
        moved.forEach((by, i) => {
          out[(offset + j * per + i) * m + column] += (score * by) / total;
        });
    }
  });
}

/**
 * For one model: attention of the TSS bin relative to even attention (bins,), NaN where the model sees nothing, and the
 * promoter's share for each region, by row.
 */
export function lookedAt(model, gene, reader) {
  const { shared } = gene,
    m = shared.marks.length,
    offsets = gene.offsets(),
    read = reader.read(gene, model),
    { config } = model;
  const total = new Float64Array(offsets[offsets.length - 1]),
    count = new Int32Array(total.length),
    shares = new Map();
  const maps = model.maps(read);
  const add = (row, map, strip, heads, resolution, turned) => {
    if (!map) return; // a step without layers
    const bins = map.length / heads,
      per = resolution / shared.size,
      fine = gene.regions[row].depth.length / m;
    const seen = strip.seen ? strip.seen.filter(Boolean).length : bins;
    for (let j = 0; j < bins; j++) {
      if (strip.seen && !strip.seen[j]) continue;
      let share = 0;
      for (let h = 0; h < heads; h++) share += map[h * bins + j] / heads;
      const at = turned ? bins - 1 - j : j;
      for (let b = at * per; b < Math.min((at + 1) * per, fine); b++) {
        total[offsets[row] + b] += share * seen;
        count[offsets[row] + b]++;
      }
    }
  };
  const rows = [gene.promoter, ...gene.pcre];
  for (const { resolution, window, pcres, regions } of maps) {
    add(gene.promoter, window, read.window.strips[resolution], config.embed_heads, resolution, gene.turned);
    gene.pcre.forEach((row, i) =>
      add(row, pcres[i], read.pcres[i].strips[resolution], config.pairwise_heads, resolution, false),
    );
    if (!regions) continue;
    const heads = config.regulation_heads;
    rows.forEach((row, j) => {
      let share = shares.get(row) ?? 0;
      for (let h = 0; h < heads; h++) share += regions[h * rows.length + j] / heads / maps.length;
      shares.set(row, share);
    });
  }
  return { level: Float32Array.from(total, (sum, b) => (count[b] ? sum / count[b] : NaN)), shares };
}
