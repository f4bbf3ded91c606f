// A gene in a cell type with its own regions, without edits and with them: chromolab/learn/edit/{apply,contacts}.py.

import { changed, contentOf, strip } from "./depth.js";
import { isContact, named, Refusal, regionOf, samePlace } from "./edits.js";
import { general, grouped, LARGEST, STORED } from "./numbers.js";

/** @typedef {import("./edits.js").Edit} Edit */
/**
 * A region with its bins: depth (bins, marks) row by row, NaN without data, and how many bases of each have data (null:
 * all of every bin).
 * @typedef {{chrom: string, start: number, end: number, depth: Float32Array | Float64Array, covered: Int32Array | null,
 *   content: number}} Region
 */

/** What all genes of a page share: {marks, size (bp per bin), window (bp), dtype}. */
export class Gene {
  /**
   * @param {{marks: string[], size: number, window: number, dtype: string}} shared
   * @param {{promoter: number, pcre: number[], frequency: number[]}} contacts rows of `regions`, by falling frequency
   * @param {Region[]} regions
   */
  constructor(shared, row, regions, contacts) {
    this.shared = shared;
    this.row = row;
    this.regions = regions;
    this.promoter = contacts.promoter;
    this.pcre = contacts.pcre;
    this.frequency = contacts.frequency;
  }

  get turned() {
    return this.row.strand === "-";
  }

  /** The rows of its pCREs and of its window, as the models read them. */
  pcres() {
    return this.pcre.map((row, i) => ({ ...this.regions[row], row, frequency: this.frequency[i] }));
  }

  /** Depth of all regions, one after another, as the page draws it: float32 (bins, marks). */
  flat() {
    const out = new Float32Array(this.regions.reduce((n, r) => n + r.depth.length, 0));
    let at = 0;
    for (const { depth } of this.regions) {
      out.set(depth, at);
      at += depth.length;
    }
    return out;
  }

  /** The first bin of each region in `flat`, and the number of all bins. */
  offsets() {
    const offsets = [0];
    for (const { depth } of this.regions)
      offsets.push(offsets[offsets.length - 1] + depth.length / this.shared.marks.length);
    return offsets;
  }

  /** Depth of the window (bins, marks) 5' to 3'. */
  promoterDepth() {
    const { depth } = this.regions[this.promoter],
      m = this.shared.marks.length,
      bins = depth.length / m;
    if (!this.turned) return depth;
    const out = depth.slice();
    for (let b = 0; b < bins; b++) out.set(depth.subarray((bins - 1 - b) * m, (bins - b) * m), b * m);
    return out;
  }
}

/** A region without edits: every base of every bin has data, unless `covered` says otherwise. @returns {Region} */
export function regionWith(place, depth, covered) {
  const region = { chrom: place.chrom, start: place.start, end: place.end, depth, covered, content: 0 };
  region.content = contentOf(region);
  return region;
}

/**
 * The gene with edits, contacts first, then tracks.
 * @param {Gene} gene
 * @param {Edit[]} edits
 * @param {Map} known what the last call computed, by region and by the edits that reach it; it is updated
 */
export function edited(gene, edits, known = new Map()) {
  const { shared } = gene,
    { gene: touched, added } = withContacts(gene, edits.filter(isContact));
  const tracks = edits.filter((e) => !isContact(e)),
    within = added.length ? touched.regions.length : gene.regions.length; // an added pCRE that was cut again is no place
  const reaching = reachingOf(touched, tracks, within),
    used = new Map();
  const regions = touched.regions.slice();
  for (const row of [...new Set([...reaching.keys(), ...added])].sort((a, b) => a - b)) {
    const region = touched.regions[row],
      m = shared.marks.length,
      depth = region.depth.slice();
    const covered = region.covered ? region.covered.slice() : null;
    for (const [column, here] of reaching.get(row) || []) {
      const key = `${row} ${here.map(named)}`,
        stored = row < gene.regions.length;
      const result =
        (stored && known.get(key)) ||
        changed(columnOf(region, column, shared), region, shared.size, here, shared.dtype);
      used.set(key, result);
      for (let b = 0; b < result.mean.length; b++) {
        depth[b * m + column] = STORED[shared.dtype](result.mean[b]);
        if (covered) covered[b * m + column] = result.covered[b];
      }
    }
    regions[row] = regionWith(region, depth, covered);
  }
  known.clear();
  for (const [key, result] of used) known.set(key, result);
  for (const row of added) refuseDataless(touched, regions[row]);
  return new Gene(shared, gene.row, regions, touched);
}

/** One mark of a region in float64, as edits compute with it. */
function columnOf({ depth, covered, start, end }, column, { marks, size }) {
  const m = marks.length,
    bins = depth.length / m,
    mean = new Float64Array(bins),
    count = new Int32Array(bins);
  for (let b = 0; b < bins; b++) {
    mean[b] = depth[b * m + column];
    count[b] = covered ? covered[b * m + column] : Math.min(size, end - start - b * size);
  }
  return { mean, covered: count };
}

/** Region, of the first `within` -> mark's column -> the edits that reach it, in their order. */
function reachingOf(gene, edits, within) {
  const reaching = new Map(),
    { marks } = gene.shared;
  for (const e of edits) {
    const column = marks.indexOf(e.mark);
    if (column < 0)
      throw new Refusal(
        `the edit of ${regionOf(e)} names the mark ${e.mark}, which this dataset lacks; it has ${marks.join(", ")}`,
      );
    let touches = false;
    gene.regions.forEach((r, row) => {
      if (row >= within || r.chrom !== e.chrom || r.start >= e.end || r.end <= e.start) return;
      touches = true;
      if (!reaching.has(row)) reaching.set(row, new Map());
      const columns = reaching.get(row);
      columns.set(column, [...(columns.get(column) || []), e]);
    });
    if (!touches) {
      const examples = gene.regions.slice(0, 3).map(regionOf).join(", ");
      throw new Refusal(
        `${regionOf(e)} overlaps no region of this dataset (such as ${examples}); edits are in genomic coordinates`,
      );
    }
  }
  return reaching;
}

// ----- contacts ----------------------------------------------------------------------------------------------------

/** The gene with edits of its contacts, and the rows of the pCREs that are new and hold no data yet. */
function withContacts(gene, edits) {
  let regions = gene.regions,
    contacts = gene.pcre.map((row, i) => ({ row, frequency: gene.frequency[i] }));
  for (const e of edits) {
    if (e.type !== "DropPcre" && e.frequency > LARGEST.float32) {
      throw new Refusal(
        `contact with ${regionOf(e)}: a frequency of ${general(e.frequency)} is more than a model can read (${general(LARGEST.float32, 3)})`,
      );
    }
    const rows = regions.flatMap((r, row) => (samePlace(r, e) ? [row] : [])),
      held = contacts.filter((c) => rows.includes(c.row));
    if (e.type === "AddPcre") {
      if (e.end - e.start > gene.shared.window) {
        throw new Refusal(
          `add_pcre ${regionOf(e)}: ${grouped(e.end - e.start)} bp; a pCRE is at most ${grouped(gene.shared.window)} bp`,
        );
      }
      if (held.length) throw new Refusal(`add_pcre ${regionOf(e)}: it is a pCRE already; use cl.set_frequency`);
      if (!rows.length) regions = [...regions.map(withBases(gene.shared)), dataless(e, gene.shared)];
      contacts = [...contacts, { row: rows.length ? rows[0] : regions.length - 1, frequency: e.frequency }];
      continue;
    }
    if (!held.length) throw new Refusal(`no contact with ${regionOf(e)} to edit; ${contactsOf(regions, contacts)}`);
    if (e.type === "DropPcre") contacts = contacts.filter((c) => !held.includes(c));
    else contacts = contacts.map((c) => (held.includes(c) ? { ...c, frequency: e.frequency } : c));
  }
  contacts = edits.length ? [...contacts].sort((a, b) => b.frequency - a.frequency) : contacts;
  const added = contacts.map((c) => c.row).filter((row) => row >= gene.regions.length);
  const now = {
    promoter: gene.promoter,
    pcre: contacts.map((c) => c.row),
    frequency: contacts.map((c) => c.frequency),
  };
  return { gene: new Gene(gene.shared, gene.row, regions, now), added };
}

/** A region whose bases with data are written out, as beside one that lacks data. */
const withBases =
  ({ marks, size }) =>
  (r) => {
    if (r.covered) return r;
    const bases = new Int32Array(r.depth.length).map((_, i) =>
      Math.min(size, r.end - r.start - Math.floor(i / marks.length) * size),
    );
    return regionWith(r, r.depth, bases);
  };

/** A region that holds no data yet. */
function dataless(e, { marks, size, dtype }) {
  const bins = Math.ceil((e.end - e.start) / size) * marks.length;
  const depth = (dtype === "float64" ? new Float64Array(bins) : new Float32Array(bins)).fill(NaN);
  return regionWith(e, depth, new Int32Array(bins));
}

function refuseDataless({ shared: { marks } }, region) {
  const m = marks.length;
  for (let b = 0; b < region.depth.length / m; b++)
    if (!region.depth.subarray(b * m, (b + 1) * m).some(Number.isNaN)) return;
  throw new Refusal(
    `add_pcre ${regionOf(region)}: the marks' depth there is not known. Paint every mark over it ` +
      "(cl.paint, cl.set_depth), give source= (the tracks), or edit a dataset that holds the region",
  );
}

function contactsOf(regions, contacts) {
  const rows = [...new Set(contacts.map((c) => c.row))].sort((a, b) => a - b).slice(0, 8);
  return rows.length
    ? `the contacts are ${rows.map((row) => regionOf(regions[row])).join(", ")}`
    : "there is no contact";
}

// ----- what models read --------------------------------------------------------------------------------------------

/** Cuts genes into what a model reads, and keeps what was cut: most regions stay as they were from edit to edit. */
export class Reader {
  constructor(shared) {
    this.shared = shared;
    /** @type {Map<string, import("./chromoformer.js").Read>} */
    this.kept = new Map();
  }

  /**
   * @param {Gene} gene
   * @param {import("./chromoformer.js").Chromoformer} model
   * @returns {import("./chromoformer.js").Gene}
   */
  read(gene, model) {
    const { marks, resolutions } = model.config,
      columns = this.columns(marks);
    const cut = (region, turned) => {
      const key = `${regionOf(region)} ${region.content} ${turned} ${columns} ${resolutions}`;
      if (!this.kept.has(key)) {
        const how = { ...this.shared, marks: this.shared.marks.length, turned };
        this.kept.set(key, {
          key,
          strips: Object.fromEntries(resolutions.map((r) => [r, strip(region, columns, r, how)])),
        });
      }
      return this.kept.get(key);
    };
    if (this.kept.size > 400) this.kept.clear();
    const pcres = gene.pcre.map((row) => cut(gene.regions[row], false));
    return { window: cut(gene.regions[gene.promoter], gene.turned), pcres, frequency: gene.frequency.map(Math.fround) };
  }

  /** The column of each of a model's marks. */
  columns(marks) {
    return marks.map((mark) => this.shared.marks.indexOf(mark));
  }
}
