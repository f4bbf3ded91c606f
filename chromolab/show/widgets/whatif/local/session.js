// What the lab knows, without a kernel: genes, models, the gene shown and its edits. As
// chromolab/show/widgets/whatif/session.py: the list of edits decides everything else.

import { found } from "../../shared/found.js";
import { dumped, editsOf, parseRegion, Refusal } from "./edits.js";
import { noteOn, readFile } from "./files.js";
import { Gene, edited, Reader } from "./gene.js";
import { History, position, put, takenOut, toggled } from "./history.js";
import { general, grouped, STORED } from "./numbers.js";
import { copyFrom, RECIPES } from "./recipes.js";

/** @typedef {import("./edits.js").Edit} Edit */

const MOST = 2000; // edits in a file

export class Session {
  /**
   * @param {any} about what packed.py says of the page
   * @param {import("./gene.js").Region[]} regions of all its genes
   * @param {import("./chromoformer.js").Chromoformer[]} models
   */
  constructor(about, regions, models) {
    this.about = about;
    this.regions_ = regions;
    this.shared = {
      marks: about.marks.map((mark) => mark.name),
      size: about.size,
      window: about.window,
      dtype: about.depth.stored,
    };
    this.reader = new Reader(this.shared);
    /** @type {Record<string, import("./chromoformer.js").Chromoformer[]>} */
    this.models = {};
    for (const model of models) (this.models[model.task] ||= []).push(model);
    this.histories = new Map();
    /** @type {Set<string>} names of missions */
    this.solved = new Set();
    this.note = null;
    this.show(about.first);
  }

  // ----- the gene -------------------------------------------------------------------------------------------------

  /** The number of an example among those of the page. */
  find(geneId, cellType) {
    const index = this.about.examples.findIndex(({ gene }) => gene.gene_id === geneId && gene.cell_type === cellType);
    if (index >= 0) return index;
    throw new Refusal(
      `this page has no gene ${geneId} in ${cellType}; it holds ${this.about.examples.length} genes in their cell types`,
    );
  }

  /** An example without edits. */
  example(index) {
    const { gene: row, promoter, pcre, frequency } = this.about.examples[index],
      rows = [promoter, ...pcre].sort((a, b) => a - b);
    const place = (r) => rows.indexOf(r),
      regions = rows.map((r) => this.regions_[r]);
    return new Gene(this.shared, row, regions, { promoter: place(promoter), pcre: pcre.map(place), frequency });
  }

  choose(geneId, cellType) {
    this.show(this.find(geneId, cellType));
  }

  /** Show an example. Each keeps its edits while another one is shown. */
  show(index) {
    this.index = index;
    this.gene = this.example(index);
    if (!this.histories.has(index)) this.histories.set(index, new History());
    this.history = this.histories.get(index);
    /** @type {Edit[] | null} */
    this.draft = null;
    this.known = new Map();
    this.edited = edited(this.gene, this.edits, this.known);
    this.before = this.predicted(this.gene);
  }

  /** Genes whose name or id holds a text, those that begin with it first. */
  search(text) {
    return found(
      this.about.examples.map(({ gene }) => gene),
      text,
    );
  }

  // ----- edits ----------------------------------------------------------------------------------------------------

  /** The current edits, including a draft. */
  get edits() {
    return this.draft || this.history.now;
  }

  /** Carry out the page's actions in order; if one of them fails, nothing changes. */
  act(actions) {
    const { history } = this,
      { past, future } = history,
      { draft } = this;
    this.note = null;
    try {
      for (const action of actions) this.do(action);
      this.edited = edited(this.gene, this.edits, this.known);
    } catch (error) {
      Object.assign(history, { past, future });
      this.draft = draft;
      if (error instanceof Refusal && actions.length === 1 && actions[0].do === "remove") {
        throw new Refusal(`other edits need this one; take those out first. ${error.message}`);
      }
      throw error;
    }
  }

  do(action) {
    const { history } = this,
      { now } = history;
    this.draft = null;
    if (action.do === "cancel") return;
    if (action.do === "undo" || action.do === "redo") {
      history[action.do]();
      return;
    }
    const edits = this.after(action, now);
    if (action.draft) this.draft = edits;
    else history.push(edits);
  }

  /** All edits after an action that changes them. */
  after(action, now) {
    switch (action.do) {
      case "reset":
        return [];
      case "add":
        return [...now, ...editsOf(action.edits)];
      case "put":
        return put(this.gene, now, editsOf(action.edits));
      case "copy":
        return [...now, ...copyFrom(this.gene, this.example(this.find(action.gene_id, action.cell_type)))];
      case "recipe":
        if (!Object.hasOwn(RECIPES, action.name)) break;
        return [...now, ...RECIPES[action.name](edited(this.gene, now), this.about.heights)];
      case "remove": {
        const at = position(now, action.index, action.name); // null: undone meanwhile, nothing to remove
        return at === null ? now : takenOut(this.gene, now, at);
      }
      case "toggle":
        return toggled(this.gene, now, { type: "DropPcre", ...parseRegion(action.region) });
      case "load": {
        const { edits, about } = readFile(action.text);
        this.note = noteOn(about, this.gene.row);
        if (edits.length > MOST)
          throw new Refusal(`${grouped(edits.length)} edits; the lab takes ${grouped(MOST)}, cl.edit any number`);
        return edits;
      }
      default:
    }
    throw new Refusal(`the lab does not know the action ${dumped(action).slice(0, 200)}`);
  }

  /** Choose the gene that a file of edits names, if it names one, and apply its edits. */
  open(text) {
    const shown = this.index,
      { about } = readFile(text);
    try {
      if ("gene_id" in about) this.choose(String(about.gene_id), String(about.cell_type ?? this.gene.row.cell_type));
      this.act([{ do: "load", text }]);
    } catch (error) {
      this.show(shown);
      throw error;
    }
  }

  // ----- what the models say --------------------------------------------------------------------------------------

  /** {task: one number a model}: the probability that a gene is expressed, or log2(RPKM + 1). */
  predicted(gene) {
    return Object.fromEntries(
      Object.entries(this.models).map(([task, models]) => [
        task,
        models.map((model) => model.value(this.reader.read(gene, model))),
      ]),
    );
  }

  /** The window, the pCREs by falling frequency, then added pCREs; see `regions_of` in Python. */
  regions() {
    const { gene, edited: now } = this,
      offsets = now.offsets(),
      marks = this.shared.marks.length;
    const frequencyIn = (g, row) => g.frequency[g.pcre.indexOf(row)] ?? null;
    const rows = [gene.promoter, ...gene.pcre, ...now.pcre.filter((row) => !gene.pcre.includes(row))];
    return rows.map((row, rank) => {
      const { chrom, start, end, depth } = now.regions[row];
      return {
        row,
        offset: offsets[row],
        bins: depth.length / marks,
        chrom,
        start,
        end,
        rank,
        frequency: frequencyIn(gene, row),
        now: frequencyIn(now, row),
        added: row >= gene.regions.length,
      };
    });
  }

  /** Marks that the edits raise beyond the range of the dataset, in words. */
  warnings() {
    const {
        gene,
        edited: now,
        shared: { marks },
      } = this,
      m = marks.length,
      old = gene.flat(),
      beyond = [];
    const depth = now.regions.flatMap((r) => [...r.depth]);
    marks.forEach((mark, k) => {
      const limit = this.about.limits[mark],
        bound = STORED[this.shared.dtype](limit); // numpy compares in the type of the depth
      let highest = -Infinity;
      if (limit === undefined) return;
      for (let i = k; i < depth.length; i += m) {
        if (depth[i] > bound && Math.fround(depth[i]) !== old[i] && depth[i] > highest) highest = depth[i];
      }
      if (highest > -Infinity) {
        beyond.push(
          `${mark} reaches ${general(highest, 3)}, ${general(limit ? highest / limit : Infinity, 2)} times ${general(limit, 3)}`,
        );
      }
    });
    return beyond.length ? [`Beyond the range of nearly all bins: ${beyond.join(", ")}. There a model guesses.`] : [];
  }

  /** [{name, what, why: null, or why it cannot be applied to the gene as it is now}]. */
  recipes() {
    return Object.keys(RECIPES).map((name) => ({ name, what: this.about.sentences[name], why: this.whyNot(name) }));
  }

  whyNot(name) {
    try {
      edited(this.edited, RECIPES[name](this.edited, this.about.heights));
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
    return null;
  }
}
