"""What is the same in every cell type: domains, genes, elements, and the motifs through which factors act on them.

Chromosomes are divided into domains, which lie in the active compartment A or the silent compartment B, and are cut
into fragments (as a restriction enzyme does for capture Hi-C). Genes are dense in A. Enhancers, silencers and CTCF
anchors lie everywhere, inside promoter windows too, but more of them near genes. All positions are bp from 0.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from chromolab.world.parameters import BIN, Parameters

CLASSES = ("housekeeping", "cell-type specific", "developmental")
CLASS_SHARE = (0.40, 0.36, 0.24)
MARGIN = 25_000  # bp without TSSs at chromosome ends, so that every promoter window lies inside
DOMAIN = 420_000  # bp, mean size
RUN = 3.0  # domains in a row of one compartment, on average
DENSITY_A = 2.6  # genes and elements per bp in compartment A, as a multiple of B
DIVERGENT = 0.035  # share of genes that start back to back with the next one, within 1 kb
LENGTH, LENGTH_SPREAD = 25_000, 1.4  # bp and log: median and spread of gene lengths
CTCF_AT_PROMOTERS = 0.26  # share of promoters
ALTERNATIVE = 0.04  # share of genes that use a promoter downstream of the annotated TSS
HEARD_BY_TWO = 0.35  # share of factors that promoters of two classes hear
FRAGMENT = 5_400  # bp, median
ALIKE = 0.68  # correlation of promoters with what all promoters of their domain share
OPEN_IN_A = 0.15  # in standard deviations of what decides about the opener: more in A, less in B
SPECIFIC = (0.36, 0.12, 0.18, 0.34)  # share of openers: elsewhere, cell type, lineage, ubiquitous; of specific genes
DEVELOPMENTAL = (0.15, 0.10, 0.20, 0.55)  # the same of developmental genes
MATCHES = (1.0, 0.8, 0.6, 0.4)  # a motif's match to its consensus, with 0, 1, 2 and 3 mismatches


@dataclass(frozen=True)
class Factors:
    """DNA-binding factors and the cell types that have them.

    `name` (factors,). `level` (cell types, factors): 0 (absent) to about 1. `group` (factors,): "ubiquitous",
    "lineage", "cell type", "elsewhere" (only in tissues outside this world), "repressor" or "insulator" (CTCF).
    `heard` (factors, classes): how well promoters of each class hear an enhancer that this factor makes active.
    """

    name: np.ndarray
    level: np.ndarray
    group: np.ndarray
    heard: np.ndarray

    def of(self, group: str) -> np.ndarray:
        """Numbers of the factors in a group."""
        return np.flatnonzero(self.group == group)

    @property
    def activators(self) -> np.ndarray:
        """Numbers of the factors that make enhancers active and promoters open."""
        return np.flatnonzero((self.group != "repressor") & (self.group != "insulator"))


@dataclass(frozen=True)
class Genome:
    """The tables that all cell types share.

    `domains`: chrom, start, end; `compartment` (domains, cell types): 1 in A, -1 in B. `fragments`: chrom, start, end.
    `genes`: gene_id, gene_name, chrom, tss, promoter (the TSS in use), strand (+1 / -1), start, end, gene_class, opener
    (the factor that opens its promoter), strength (standard deviations), domain, ancestor (row of the same gene in the
    other species, -1 for none). `exons`: gene (row of `genes`), start, end. `elements`: element_id, kind, chrom,
    position, strand (of a CTCF site), fragment, domain, ancestor. `gene_motif` (genes, factors), `element_motif`
    (elements, factors): 0 (no motif) or one of MATCHES.
    """

    parameters: Parameters
    factors: Factors
    domains: pd.DataFrame
    compartment: np.ndarray
    fragments: pd.DataFrame
    genes: pd.DataFrame
    exons: pd.DataFrame
    elements: pd.DataFrame
    gene_motif: np.ndarray
    element_motif: np.ndarray

    @property
    def gene_class(self) -> np.ndarray:
        """Each gene's class as a row of CLASSES, (genes,)."""
        return pd.Index(CLASSES).get_indexer(self.genes["gene_class"])


def make_genome(p: Parameters) -> Genome:
    """Draw the genome of species a; it depends on the seed and the sizes, not on the dials."""
    factors = make_factors(p)
    domains = cut(p, "domains", DOMAIN, 0.45, 150_000)
    compartment = _compartments(p, domains)
    fragments = cut(p, "fragments", FRAGMENT, 0.38, 3_000)
    genes = _genes(p, factors, domains, compartment)
    candidates = _elements(p, domains, compartment, genes)
    elements = settle(p, candidates, fragments, genes)
    gene_motif, element_motif = (
        _gene_motifs(p, factors, genes),
        element_motifs(p.rng("element motifs"), factors, elements),
    )
    exons = make_exons(p, genes)
    made = Genome(p, factors, domains, compartment, fragments, genes, exons, elements, gene_motif, element_motif)
    return complete(made)


def complete(genome: Genome) -> Genome:
    """Add to the tables of genes and elements their names and the domain that holds each."""
    species = "" if genome.parameters.species == "a" else genome.parameters.species.upper()
    genes, elements = genome.genes, genome.elements
    genes["gene_id"] = [f"SIM{species}G{i + 1:05d}" for i in range(len(genes))]
    genes["gene_name"] = [f"{species}Gene{i + 1}" for i in range(len(genes))]
    elements["element_id"] = [f"{species}{k[0].upper()}{i + 1:05d}" for i, k in enumerate(elements["kind"])]
    for table, column in ((genes, "tss"), (elements, "position")):
        table["domain"] = locate(genome.domains, table["chrom"].to_numpy(), table[column].to_numpy())
    return genome


def make_factors(p: Parameters) -> Factors:
    """Draw the factors; both species have the same."""
    rng, level, group = p.rng("factors"), [], []
    lineage = np.array(p.lineage_of)
    everywhere = np.ones(p.cell_types)
    wanted = [("ubiquitous", everywhere)] * 6 + [("elsewhere", 0 * everywhere)] * 5
    wanted += [("lineage", lineage == g) for g in range(p.lineages) for _ in range(3)]
    wanted += [("cell type", np.arange(p.cell_types) == c) for c in range(p.cell_types) for _ in range(2)]
    wanted += [("repressor", lineage == i % p.lineages) for i in range(p.lineages) for _ in range(2)]
    wanted += [("repressor", everywhere)] * 2 + [("insulator", everywhere)]
    for name, present in wanted:
        level.append(np.where(present, rng.uniform(0.8, 1.2, p.cell_types), rng.uniform(0, 0.1, p.cell_types)))
        group.append(name)
    names = [f"F{i + 1:02d}" for i in range(len(wanted) - 1)] + ["CTCF"]
    heard = np.full((len(wanted), len(CLASSES)), 0.08)
    by = rng.permuted(
        np.arange(len(wanted)) % len(CLASSES)
    )  # each factor speaks to promoters of one class, some to two
    heard[np.arange(len(wanted)), by] = 1
    more = rng.random(len(wanted)) < HEARD_BY_TWO
    heard[more, (by[more] + 1) % len(CLASSES)] = 1
    return Factors(np.array(names), np.array(level).T, np.array(group), heard)


def cut(p: Parameters, purpose: str, typical: int, spread: float, shortest: int) -> pd.DataFrame:
    """Cut every chromosome into pieces of log-normal length (chrom, start, end), on the BIN grid and without gaps."""
    rng, parts = p.own_rng(purpose), []
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


def _compartments(p: Parameters, domains: pd.DataFrame) -> np.ndarray:
    """1 (A) or -1 (B), (domains, cell types): runs of domains; a few domains differ in a lineage or a cell type."""
    rng = p.rng("compartments")
    turn = rng.random(len(domains)) < 1 / RUN
    base = np.where(np.cumsum(turn) % 2 == 0, 1, -1)
    lineage = rng.random((len(domains), p.lineages)) < 0.06
    own = rng.random((len(domains), p.cell_types)) < 0.03
    return base[:, None] * np.where(lineage[:, p.lineage_of] ^ own, -1, 1)


class Density:
    """Places positions along a chromosome with a density that depends on the compartment."""

    def __init__(self, domains: pd.DataFrame, compartment: np.ndarray, chrom: str, margin: int):
        rows = domains.index[domains["chrom"] == chrom]
        edge = np.append(domains["start"].to_numpy()[rows], domains["end"].to_numpy()[rows[-1]])
        dense = np.where(compartment[rows].mean(1) > 0, DENSITY_A, 1.0)
        self.edge = np.clip(edge, margin, edge[-1] - margin)
        self.weight = np.concatenate([[0], np.cumsum(dense * np.diff(self.edge))])

    def place(self, share: np.ndarray) -> np.ndarray:
        """The position below which each share (0 to 1) of the chromosome's weight lies."""
        return np.interp(share * self.weight[-1], self.weight, self.edge).astype(np.int64)


def _genes(p: Parameters, factors: Factors, domains: pd.DataFrame, compartment: np.ndarray) -> pd.DataFrame:
    rng, parts = p.rng("genes"), []
    for i, (chrom, size) in enumerate(p.chrom_sizes.items()):
        n = p.genes // p.chromosomes + (i < p.genes % p.chromosomes)
        gap = np.maximum(rng.lognormal(0, 1.0, n + 1), 0.03)  # clusters and deserts
        tss = Density(domains, compartment, chrom, MARGIN).place(np.cumsum(gap)[:-1] / gap.sum())
        strand = rng.choice([1, -1], n)
        pair = np.flatnonzero(rng.random(n - 1) < DIVERGENT)
        pair = pair[np.append(True, np.diff(pair) > 1)] if len(pair) else pair
        tss[pair + 1] = tss[pair] + rng.integers(150, 900, len(pair))
        strand[pair], strand[pair + 1] = -1, 1
        length = _lengths(rng, tss, strand, size)
        start = np.where(strand > 0, tss, tss - length + 1)
        parts.append(
            pd.DataFrame({"chrom": chrom, "tss": tss, "strand": strand, "start": start, "end": start + length})
        )
    genes = pd.concat(parts, ignore_index=True)
    genes["promoter"] = promoters(rng, genes)
    near = locate(domains, genes["chrom"].to_numpy(), genes["tss"].to_numpy())
    alike = rng.standard_normal((3, len(domains)))[:, near]  # what the genes of a domain share
    alike = ALIKE * alike + (1 - ALIKE**2) ** 0.5 * rng.standard_normal(alike.shape)
    alike[0] += OPEN_IN_A * compartment.mean(1)[near]
    number = np.searchsorted(np.cumsum(CLASS_SHARE)[:-1], norm.cdf(alike[2]))
    genes["gene_class"] = np.array(CLASSES)[number]
    genes["opener"] = _openers(rng, factors, genes["gene_class"].to_numpy(), norm.cdf(alike[0]))
    genes["strength"] = alike[1]
    genes["ancestor"] = -1
    return genes


def _lengths(rng: np.random.Generator, tss: np.ndarray, strand: np.ndarray, size: int) -> np.ndarray:
    """Gene lengths (bp): long genes mostly where there is room up to the next TSS; genes overlap, but seldom."""
    ahead = np.where(strand > 0, np.append(tss[1:], size - 3_000) - tss, tss - np.insert(tss[:-1], 0, 3_000))
    length = np.sort(np.clip(rng.lognormal(np.log(LENGTH), LENGTH_SPREAD, len(tss)), 1_500, 600_000))
    rank = np.argsort(np.argsort(np.log(np.maximum(ahead, 500)) + 0.8 * rng.standard_normal(len(tss))))
    room = np.where(strand > 0, size - 3_000 - tss, tss - 3_000)
    return np.minimum(length[rank], room).astype(np.int64)


def promoters(rng: np.random.Generator, genes: pd.DataFrame) -> np.ndarray:
    """Where transcription starts (bp), (genes,): the annotated TSS, but for a few genes."""
    length = (genes["end"] - genes["start"]).to_numpy()
    moved = (rng.random(len(genes)) < ALTERNATIVE) & (length > 4_000)
    shift = np.where(moved, rng.uniform(1_500, np.minimum(0.6 * length, 15_000).clip(1_500)), 0).astype(np.int64)
    return (genes["tss"] + genes["strand"] * shift).to_numpy()


def _openers(rng: np.random.Generator, factors: Factors, gene_class: np.ndarray, place: np.ndarray) -> np.ndarray:
    """The factor without which a promoter stays closed, (genes,); `place` in 0 to 1: the higher, the wider its use."""
    groups = ("elsewhere", "cell type", "lineage", "ubiquitous")
    share = {"housekeeping": (0, 0, 0, 1), "cell-type specific": SPECIFIC, "developmental": DEVELOPMENTAL}
    edge = np.array([np.cumsum(share[c])[:-1] for c in gene_class])
    number = (place[:, None] >= edge).sum(1)
    return np.array([rng.choice(factors.of(groups[n])) for n in number])


def make_exons(p: Parameters, genes: pd.DataFrame) -> pd.DataFrame:
    """Table of gene (row), start, end; the first exon is at the TSS, the last and longest at the end of the gene."""
    rng, rows = p.own_rng("exons"), []
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


def _elements(p: Parameters, domains: pd.DataFrame, compartment: np.ndarray, genes: pd.DataFrame) -> pd.DataFrame:
    """More candidates than are wanted, in random order: kind, chrom, position, strand.

    Three in five enhancers and four in five silencers lie about a gene, at log-uniform distances; silencers about
    developmental genes. An anchor stands at each end of every domain and faces inwards, others at promoters and
    anywhere.
    """
    rng = p.rng("elements")
    developmental = np.flatnonzero(genes["gene_class"] == "developmental")
    anywhere = np.arange(len(genes))
    inwards = pd.DataFrame(
        {
            "chrom": np.tile(domains["chrom"].to_numpy(), 2),
            "position": np.concatenate([domains["start"] + 8_000, domains["end"] - 8_000]),
            "strand": np.repeat([1, -1], len(domains)),
            "kind": "anchor",
        }
    ).sample(frac=1, random_state=rng)
    at_promoters = rng.permutation(len(genes))[: round(CTCF_AT_PROMOTERS * len(genes))]
    parts = [
        _about(rng, genes, at_promoters, (20, 150)).assign(kind="anchor"),
        inwards,
        _spread(rng, p, domains, compartment, 2 * p.anchors).assign(kind="anchor"),
        _about(rng, genes, rng.choice(anywhere, 3 * p.enhancers // 5), (2_000, 100_000)).assign(kind="enhancer"),
        _spread(rng, p, domains, compartment, 2 * p.enhancers).assign(kind="enhancer"),
        _about(rng, genes, rng.choice(developmental, 4 * p.silencers // 5), (4_000, 120_000)).assign(kind="silencer"),
        _spread(rng, p, domains, compartment, 2 * p.silencers).assign(kind="silencer"),
    ]
    return pd.concat(parts, ignore_index=True).assign(ancestor=-1)


def _about(rng: np.random.Generator, genes: pd.DataFrame, which: np.ndarray, reach: tuple[int, int]) -> pd.DataFrame:
    """Positions about the TSSs of `which` genes, at log-uniform distances within `reach` (bp) on either side."""
    offset = np.exp(rng.uniform(*np.log(reach), len(which))) * rng.choice([1, -1], len(which))
    table = genes.iloc[which][["chrom", "tss"]].reset_index(drop=True)
    position = table.pop("tss") + offset.astype(np.int64)
    return table.assign(position=position, strand=rng.choice([1, -1], len(which)))


def _spread(rng, p: Parameters, domains: pd.DataFrame, compartment: np.ndarray, n: int) -> pd.DataFrame:
    """`n` positions anywhere, denser in compartment A."""
    parts = []
    for chrom in p.chrom_sizes:
        share = rng.random(n // p.chromosomes + 1)
        position = Density(domains, compartment, chrom, 10_000).place(share)
        parts.append(pd.DataFrame({"chrom": chrom, "position": position, "strand": rng.choice([1, -1], len(share))}))
    return pd.concat(parts).sample(n, random_state=rng)


def settle(p: Parameters, candidates: pd.DataFrame, fragments: pd.DataFrame, genes: pd.DataFrame) -> pd.DataFrame:
    """The first candidates of each kind that find a place: one element a fragment, only anchors where a gene starts."""
    inside = (candidates["position"] > 5_000) & (candidates["position"] < p.chromosome_length - 5_000)
    table = candidates[inside]
    fragment = locate(fragments, table["chrom"].to_numpy(), table["position"].to_numpy())
    taken = np.zeros(len(fragments), bool)
    for start in (genes[side].to_numpy() + shift for side in ("tss", "promoter") for shift in (-1_200, 0, 1_200)):
        taken[locate(fragments, genes["chrom"].to_numpy(), start)] = True
    table = table.assign(fragment=fragment)[~taken[fragment] | (table["kind"] == "anchor")].drop_duplicates("fragment")
    wanted = {"enhancer": p.enhancers, "silencer": p.silencers, "anchor": p.anchors}
    kept = [table[table["kind"] == kind].head(n) for kind, n in wanted.items()]
    table = pd.concat(kept).sort_values("fragment", ignore_index=True)
    place = fragments.iloc[table["fragment"]]
    room = np.where(table["kind"] == "anchor", 300, 600)  # so that no two elements share motifs
    edge = place["start"].to_numpy() + room, place["end"].to_numpy() - room
    return table.assign(position=np.clip(table["position"].to_numpy(), *edge))


def _gene_motifs(p: Parameters, factors: Factors, genes: pd.DataFrame) -> np.ndarray:
    """Motifs of promoters, (genes, factors): the opener's, and those of two more activators."""
    rng = p.rng("gene motifs")
    motif, rows = np.zeros((len(genes), len(factors.group))), np.arange(len(genes))
    for _ in range(2):
        motif[rows, rng.choice(factors.activators, len(genes))] = rng.choice(MATCHES, len(genes))
    motif[rows, genes["opener"]] = rng.choice(MATCHES[:2], len(genes))
    return motif


def element_motifs(rng: np.random.Generator, factors: Factors, elements: pd.DataFrame) -> np.ndarray:
    """Motifs of elements, (elements, factors): activators of an enhancer, a silencer's repressor, an anchor's CTCF."""
    motif = np.zeros((len(elements), len(factors.group)))
    kind = elements["kind"].to_numpy()
    choices = {"enhancer": (factors.activators, 2), "silencer": (factors.of("repressor"), 1)}
    choices["anchor"] = (factors.of("insulator"), 1)
    for name, (numbers, n) in choices.items():
        rows = np.flatnonzero(kind == name)
        for _ in range(n):
            motif[rows, rng.choice(numbers, len(rows))] = rng.choice(MATCHES, len(rows), p=(0.4, 0.3, 0.2, 0.1))
    return motif
