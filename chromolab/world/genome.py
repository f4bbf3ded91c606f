"""The genome sequence's part of the teaching genome: everything that is the same in every cell type.

Chromosomes are divided into domains, and cut into fragments (as a restriction enzyme does for capture Hi-C). Genes and
elements are placed on them, and each gets motifs for the transcription factors it can respond to.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chromolab.world.parameters import BIN, Parameters

CLASSES = ("housekeeping", "cell-type specific", "developmental")
CLASS_SHARE = (0.36, 0.42, 0.22)
KINDS = ("enhancer", "silencer", "anchor")
MARGIN = 25_000  # bp without TSSs at chromosome ends, so that every promoter window lies inside
DOMAIN = 420_000  # bp, mean size
ALTERNATIVE = 0.06  # share of genes that use a promoter downstream of the annotated TSS
FRAGMENT = 5_400  # bp, median (in the real capture Hi-C of h1-demo: 5.4 kb, 90 % between 3.3 and 11.4 kb)


@dataclass(frozen=True)
class Factors:
    """Transcription factors and the cell types that have them.

    `level` (cell types, factors): 0 (absent) to about 1. `group` (factors,): "ubiquitous", "lineage", "cell type",
    "elsewhere" (only in tissues outside this world) or "repressor".
    """

    level: np.ndarray
    group: np.ndarray

    def of(self, group: str) -> np.ndarray:
        """Numbers of the factors in a group."""
        return np.flatnonzero(self.group == group)


@dataclass(frozen=True)
class Genome:
    """The tables that all cell types share.

    `genes`: gene_id, gene_name, chrom, tss, promoter (the TSS in use), strand (+1 / -1), start, end, gene_class, opener
    (the factor that opens its promoter), domain. `exons`: gene (row of `genes`), start, end.
    `elements`: element_id, kind, chrom, position, fragment, domain, strand (of a CTCF site). `fragments`: chrom, start,
    end. `gene_motif` (genes, factors), `element_motif` (elements, factors): 0 (no motif) to 1 (perfect).
    """

    parameters: Parameters
    factors: Factors
    domains: pd.DataFrame
    fragments: pd.DataFrame
    genes: pd.DataFrame
    exons: pd.DataFrame
    elements: pd.DataFrame
    gene_motif: np.ndarray
    element_motif: np.ndarray


def make_genome(p: Parameters) -> Genome:
    """Draw the genome; it depends on the seed and the sizes, not on `distal_share` or `scrambled`."""
    factors = _factors(p)
    domains = _cut(p, "domains", DOMAIN, 0.45, 150_000)
    fragments = _cut(p, "fragments", FRAGMENT, 0.38, 3_000)
    genes = _genes(p, factors, domains)
    elements = _elements(p, domains, fragments, genes)
    return Genome(
        p,
        factors,
        domains,
        fragments,
        genes,
        _exons(p, genes),
        elements,
        _gene_motifs(p, factors, genes),
        _element_motifs(p, factors, elements),
    )


def _factors(p: Parameters) -> Factors:
    rng, level, group = p.rng("factors"), [], []
    lineage = np.array(p.lineage_of)
    everywhere = np.ones(p.cell_types)
    wanted = [("ubiquitous", everywhere)] * 6 + [("elsewhere", 0 * everywhere)] * 4
    wanted += [("lineage", lineage == g) for g in range(p.lineages) for _ in range(3)]
    wanted += [("cell type", np.arange(p.cell_types) == c) for c in range(p.cell_types) for _ in range(2)]
    wanted += [("repressor", rng.random(p.cell_types) < 0.7) for _ in range(4)]
    for name, present in wanted:
        level.append(np.where(present, rng.uniform(0.8, 1.2, p.cell_types), rng.uniform(0, 0.1, p.cell_types)))
        group.append(name)
    return Factors(np.array(level).T, np.array(group))


def _cut(p: Parameters, purpose: str, typical: int, spread: float, shortest: int) -> pd.DataFrame:
    """Cut every chromosome into pieces of log-normal length (chrom, start, end), on the BIN grid and without gaps."""
    rng, parts = p.rng(purpose), []
    for chrom, size in p.chrom_sizes.items():
        n = 2 * size // typical + 10
        length = np.maximum(rng.lognormal(np.log(typical), spread, n) // BIN * BIN, shortest).astype(np.int64)
        edges = np.concatenate([[0], np.cumsum(length)])
        edges = edges[edges < size - shortest]
        parts.append(pd.DataFrame({"chrom": chrom, "start": edges, "end": np.append(edges[1:], size)}))
    return pd.concat(parts, ignore_index=True)


def locate(pieces: pd.DataFrame, chrom: np.ndarray, position: np.ndarray) -> np.ndarray:
    """The row of `pieces` that holds each position, (positions,); the pieces cover chromosomes without gaps."""
    row = np.empty(len(position), np.int64)
    for name, rows in pieces.groupby("chrom", sort=False):
        on_chrom = chrom == name
        row[on_chrom] = rows.index[0] + np.searchsorted(rows["start"].to_numpy(), position[on_chrom], "right") - 1
    return row


def _genes(p: Parameters, factors: Factors, domains: pd.DataFrame) -> pd.DataFrame:
    rng, parts = p.rng("genes"), []
    for i, (chrom, size) in enumerate(p.chrom_sizes.items()):
        n = p.genes // p.chromosomes + (i < p.genes % p.chromosomes)
        gap = np.maximum(rng.lognormal(0, 1.1, n + 1), 0.03)  # gene clusters and deserts, as in the human genome
        tss = MARGIN + ((size - 2 * MARGIN) * np.cumsum(gap)[:-1] / gap.sum()).astype(np.int64)
        strand = rng.choice([1, -1], n)
        ahead = np.where(strand > 0, np.append(tss[1:], size - 3_000) - tss, tss - np.insert(tss[:-1], 0, 3_000))
        length = np.clip(rng.lognormal(np.log(28_000), 1.25, n), 1_500, 220_000)
        room = np.where(strand > 0, size - 3_000 - tss, tss - 3_000)  # human genes overlap, but rarely
        length = np.where(rng.random(n) < 0.8, np.minimum(length, np.maximum(0.9 * ahead, 1_500)), length)
        length = np.minimum(length, room).astype(np.int64)
        start = np.where(strand > 0, tss, tss - length + 1)
        parts.append(
            pd.DataFrame({"chrom": chrom, "tss": tss, "strand": strand, "start": start, "end": start + length})
        )
    genes = pd.concat(parts, ignore_index=True)
    genes["gene_id"] = [f"SIMG{i + 1:05d}" for i in range(len(genes))]
    genes["gene_name"] = [f"Gene{i + 1}" for i in range(len(genes))]
    length = (genes["end"] - genes["start"]).to_numpy()
    moved = (rng.random(len(genes)) < ALTERNATIVE) & (length > 4_000)
    shift = np.where(moved, rng.uniform(1_500, np.minimum(0.6 * length, 15_000).clip(1_500)), 0).astype(np.int64)
    genes["promoter"] = genes["tss"] + genes["strand"] * shift
    genes["gene_class"] = rng.choice(CLASSES, len(genes), p=CLASS_SHARE)
    genes["opener"] = _openers(rng, factors, genes["gene_class"].to_numpy())
    genes["domain"] = locate(domains, genes["chrom"].to_numpy(), genes["tss"].to_numpy())
    return genes


def _openers(rng: np.random.Generator, factors: Factors, gene_class: np.ndarray) -> np.ndarray:
    """The factor without which a promoter stays closed."""
    share = {  # ubiquitous, lineage, cell type, elsewhere
        "housekeeping": (1, 0, 0, 0),
        "cell-type specific": (0.36, 0.17, 0.12, 0.35),
        "developmental": (0.0, 0.34, 0.20, 0.46),
    }
    groups = ("ubiquitous", "lineage", "cell type", "elsewhere")
    return np.array([rng.choice(factors.of(rng.choice(groups, p=share[c]))) for c in gene_class])


def _exons(p: Parameters, genes: pd.DataFrame) -> pd.DataFrame:
    """Table of gene (row), start, end; the first exon is at the TSS, the last and longest at the end of the gene."""
    rng, rows = p.rng("exons"), []
    for gene, (start, end, strand) in enumerate(zip(genes["start"], genes["end"], genes["strand"], strict=True)):
        length = end - start
        n = 1 if length < 1_600 else 2 + min(rng.poisson(length / 6_000), 30)
        slots = np.linspace(0, length, n + 1)[:-1].astype(np.int64)  # one exon per slot: they cannot overlap
        size = np.minimum(rng.lognormal(np.log(150), 0.4, n).astype(np.int64) + 40, length // n - 20)
        begin = slots + (rng.random(n) * (length // n - size)).astype(np.int64)
        begin[0], last = 0, min(length // n - 20, 300 + rng.poisson(700)) if n > 1 else length
        begin[-1], size[-1] = length - last, last
        at = start + begin if strand > 0 else end - begin - size
        rows.append(np.stack([np.full(n, gene), at, at + size], 1))
    return pd.DataFrame(np.concatenate(rows), columns=["gene", "start", "end"])


def _elements(p: Parameters, domains: pd.DataFrame, fragments: pd.DataFrame, genes: pd.DataFrame) -> pd.DataFrame:
    """At most one element per fragment, and none at a TSS; two anchors face each other across each domain."""
    rng = p.rng("elements")
    taken = np.zeros(len(fragments), bool)
    for shift in (-1_500, 0, 1_500):
        taken[locate(fragments, genes["chrom"].to_numpy(), genes["tss"].to_numpy() + shift)] = True
    inner = np.concatenate([domains["start"] + 8_000, domains["end"] - 8_000])
    inner = locate(fragments, np.tile(domains["chrom"].to_numpy(), 2), inner)
    facing = np.repeat([1, -1], len(domains))
    free = ~taken[inner]
    inner, facing = inner[free][: p.anchors], facing[free][: p.anchors]
    taken[inner] = True
    others = p.anchors - len(inner)
    drawn = rng.choice(np.flatnonzero(~taken), p.enhancers + p.silencers + others, replace=False)
    kind = np.repeat(["anchor", "enhancer", "silencer", "anchor"], [len(inner), p.enhancers, p.silencers, others])
    fragment = np.concatenate([inner, drawn])
    strand = np.concatenate([facing, rng.choice([1, -1], len(drawn))])
    place = fragments.iloc[fragment]
    length = (place["end"] - place["start"]).to_numpy()
    position = place["start"].to_numpy() + (length * rng.uniform(0.3, 0.7, len(fragment))).astype(np.int64)
    table = pd.DataFrame(
        {"kind": kind, "chrom": place["chrom"].to_numpy(), "position": position, "fragment": fragment, "strand": strand}
    )
    table["domain"] = locate(domains, table["chrom"].to_numpy(), position)
    table = table.sort_values("fragment", ignore_index=True)
    table["element_id"] = [f"{k[0].upper()}{i + 1:05d}" for i, k in enumerate(table["kind"])]
    return table


def _gene_motifs(p: Parameters, factors: Factors, genes: pd.DataFrame) -> np.ndarray:
    """Motifs of promoters: for the opener, for two more factors, and for repressors, mostly if developmental."""
    rng = p.rng("gene motifs")
    motif = np.zeros((len(genes), len(factors.group)))
    rows = np.arange(len(genes))
    activators = np.flatnonzero(factors.group != "repressor")
    motif[rows, genes["opener"]] = rng.uniform(0.5, 1, len(genes))
    for _ in range(2):
        motif[rows, rng.choice(activators, len(genes))] = rng.uniform(0.4, 1, len(genes))
    chance = np.where(genes["gene_class"] == "developmental", 0.9, 0.15)
    repressed = np.flatnonzero(rng.random(len(genes)) < chance)
    for _ in range(2):
        motif[repressed, rng.choice(factors.of("repressor"), len(repressed))] = rng.uniform(0.5, 1, len(repressed))
    return motif


def _element_motifs(p: Parameters, factors: Factors, elements: pd.DataFrame) -> np.ndarray:
    """Motifs of elements: up to two activators for an enhancer, one repressor for a silencer, none for an anchor."""
    rng = p.rng("element motifs")
    motif = np.zeros((len(elements), len(factors.group)))
    kind = elements["kind"].to_numpy()
    activators = np.flatnonzero(factors.group != "repressor")
    for name, choices, n in (("enhancer", activators, 2), ("silencer", factors.of("repressor"), 1)):
        rows = np.flatnonzero(kind == name)
        for _ in range(n):
            motif[rows, rng.choice(choices, len(rows))] = rng.uniform(0.35, 1, len(rows))
    return motif
