"""A world of files with nothing behind them: what `realism` reads of a teaching genome, with causes as a table says."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyBigWig

from chromolab.data.dataset.build import build_dataset
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.genes.expression import read_expression
from chromolab.data.genes.gene_table import gene_table
from helpers.gene_files import gtf_row, write

SIZES = {"chr1": 700_000, "chr2": 700_000}
CELLS = ["A", "B"]
MARKS = ("H3K4me1", "H3K4me3", "H3K36me3", "H3K27ac")
GENES = 24


@dataclass(frozen=True)
class PaperWorld:
    """The parts of a `World` that `realism` may rely on."""

    path: Path
    cell_types = CELLS

    @property
    def gtf(self):
        return self.path / "genes.gtf"

    @property
    def expression(self):
        return self.path / "rpkm.tsv"

    @property
    def tracks(self):
        return {c: {m: self.path / f"{c}-{m}.bw" for m in MARKS} for c in CELLS}

    @property
    def pc1(self):
        return {c: self.path / f"{c}-PC1.bw" for c in CELLS}

    @property
    def ctcf(self):
        return {c: self.path / f"{c}-CTCF.bw" for c in CELLS}

    @property
    def key(self):
        return SimpleNamespace(elements=pd.read_csv(self.path / "elements.tsv", sep="\t"))

    @cached_property
    def _dataset(self):
        folds = {1: ["chr1"], 2: ["chr2"]}
        genes, _ = gene_table(read_annotation(self.gtf), read_expression(self.expression), CELLS, folds)
        contacts = {c: self.path / "contacts.tsv" for c in CELLS}
        return build_dataset(genes, self.tracks, contacts, scales="depth", origin="simulated", progress=False)

    def dataset(self, progress=True):
        return self._dataset

    def causes(self):
        return self

    def pairs(self, cell_type):
        table = pd.read_csv(self.path / "pairs.tsv", sep="\t")
        return table[table["cell_type"] == cell_type].drop(columns="cell_type").reset_index(drop=True)


def paper_world(folder, seed=0) -> PaperWorld:
    """Write the files: depth is noise, but H3K4me3 at the TSS grows with expression; PC1 is expression itself."""
    rng = np.random.default_rng(seed)
    world = PaperWorld(folder)
    genes = pd.DataFrame({"gene_id": [f"G{i:02d}" for i in range(GENES)], "chrom": np.repeat(list(SIZES), GENES // 2)})
    genes["tss"] = np.tile(np.arange(GENES // 2), 2) * 50_000 + 50_013
    level = rng.gamma(1.5, 2.0, (GENES, 1)) + rng.gamma(1.0, 0.5, (GENES, 2))
    level[::8] = 0
    write(world.gtf, *[gtf_row(g.gene_id, g.chrom, g.tss + 1, g.tss + 20_000) for g in genes.itertuples()])
    table = pd.DataFrame(2**level - 1, index=genes["gene_id"], columns=CELLS).rename_axis("gene_id")
    table.to_csv(world.expression, sep="\t")
    for c, cell in enumerate(CELLS):
        for mark in (*MARKS, "PC1", "CTCF"):
            depth = {chrom: rng.poisson(0.5, size // 50).astype(float) for chrom, size in SIZES.items()}
            for gene, own in zip(genes.itertuples(), level[:, c], strict=True):
                at = slice(gene.tss // 50 - 15, gene.tss // 50 + 15)
                if mark == "H3K4me3":
                    depth[gene.chrom][at] += own
                elif mark == "PC1":
                    depth[gene.chrom][at] = own - 3
                elif mark == "CTCF" and gene.Index % 4 == 0:
                    depth[gene.chrom][at] += 20
            _write(world.path / f"{cell}-{mark}.bw", depth)
    _write_causes(world, genes)
    return world


def _write(path, depth):
    with pyBigWig.open(str(path), "w") as file:
        file.addHeader(list(SIZES.items()))
        for chrom, values in depth.items():
            starts = np.arange(len(values)) * 50
            file.addEntries([chrom] * len(values), starts, ends=starts + 50, values=values)


def _write_causes(world, genes):
    """Each gene has an element 15 kb behind it, which drives it, and one 30 kb or more before it, which drives none."""
    elements, pairs, contacts = [], [], []
    for gene in genes.itertuples():
        for name, kind, shift in (
            ("near", "enhancer", 15_000),
            ("far", "enhancer", -30_000 - 500 * gene.Index),
            ("off", "silencer", 5000),
        ):
            start = gene.tss + shift - 500
            acts = name == "near"
            for cell in CELLS:
                elements.append((f"{gene.gene_id}-{name}", kind, gene.chrom, start, start + 1000, cell, 0.9))
                effect = -0.2 if acts else 0.0
                own = (gene.gene_id, elements[-1][0], kind, abs(shift), 1e4 / abs(shift), 0.9, effect, effect)
                pairs.append((*own, acts, acts, acts, cell))
            if kind == "enhancer":
                bait = (gene.chrom, gene.tss - 1000, gene.tss + 1000)
                contacts.append((*bait, gene.chrom, start - 1000, start + 2000, 1.8))
    names = ["element_id", "kind", "chrom", "start", "end", "cell_type", "activity"]
    pd.DataFrame(elements, columns=names).to_csv(world.path / "elements.tsv", sep="\t", index=False)
    names = ["gene_id", "element_id", "kind", "distance", "contact", "activity", "effect", "change"]
    names += ["cause", "nearest", "listed", "cell_type"]
    pd.DataFrame(pairs, columns=names).to_csv(world.path / "pairs.tsv", sep="\t", index=False)
    names = ["chrom1", "start1", "end1", "chrom2", "start2", "end2", "frequency"]
    pd.DataFrame(contacts, columns=names).to_csv(world.path / "contacts.tsv", sep="\t", index=False)
