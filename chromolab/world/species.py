"""The second species: what parted from the first one, by the same code.

Of the ancestor's genome, blocks of domains are shuffled and turned; 70 % of the genes are kept, with their class, the
factor that opens them and most of their strength, and the others are lost and replaced; half of the enhancers and
silencers and 40 % of the anchors are lost and redrawn elsewhere; gene lengths, introns, fragments and experiments are
its own. Factors, motifs and the rules of regulation are the same.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from chromolab.world.genome import (
    DOMAIN,
    FRAGMENT,
    MARGIN,
    Genome,
    complete,
    cut,
    element_motifs,
    locate,
    make_exons,
    make_genome,
    promoters,
    settle,
)
from chromolab.world.parameters import Parameters

ORTHOLOGUES = 0.7  # share of genes that are kept
KEPT = {"enhancer": 0.5, "silencer": 0.5, "anchor": 0.6}  # share of elements
BLOCK = 5 * DOMAIN  # bp, mean length of a block that kept its order
STRENGTH_KEPT = 0.8  # correlation of an orthologue's promoter strength
LENGTH_RATIO, LENGTH_SPREAD = 0.8, 0.3  # gene lengths as a multiple of the ancestor's: median, and spread (log)


def genome_of(p: Parameters) -> Genome:
    """The genome of either species."""
    return make_genome(p) if p.species == "a" else _parted(p, ancestor_of(p))


def ancestor_of(p: Parameters) -> Genome:
    """The genome of species a that a world of species b parted from."""
    return make_genome(replace(p, species="a"))


def orthologues(genome: Genome, ancestor: Genome) -> pd.DataFrame:
    """A row per gene that both species have: gene_id, and gene_id_a in species a."""
    rows = np.flatnonzero(genome.genes["ancestor"] >= 0)
    return pd.DataFrame(
        {
            "gene_id": genome.genes["gene_id"].to_numpy()[rows],
            "gene_id_a": ancestor.genes["gene_id"].to_numpy()[genome.genes["ancestor"].to_numpy()[rows]],
        }
    )


def _parted(p: Parameters, ancestor: Genome) -> Genome:
    rng = p.own_rng("species")
    moved = _Rearranged(p, rng)
    genes, gene_motif = _genes(p, rng, ancestor, moved)
    domains = cut(p, "domains", DOMAIN, 0.45, 150_000)
    middle = (domains["start"] + domains["end"]).to_numpy() // 2
    was = moved.back(domains["chrom"].to_numpy(), middle)
    compartment = ancestor.compartment[locate(ancestor.domains, *was)]
    fragments = cut(p, "fragments", FRAGMENT, 0.38, 3_000)
    elements = _elements(p, rng, ancestor, moved, fragments, genes)
    kept = elements["ancestor"].to_numpy()
    motif = element_motifs(rng, ancestor.factors, elements)
    motif[kept >= 0] = ancestor.element_motif[kept[kept >= 0]]
    return complete(
        Genome(
            p,
            ancestor.factors,
            domains,
            compartment,
            fragments,
            genes,
            make_exons(p, genes),
            elements,
            gene_motif,
            motif,
        )
    )


class _Rearranged:
    """Where each position of the ancestor lies now: chromosomes cut into blocks, shuffled, and half of them turned."""

    def __init__(self, p: Parameters, rng: np.random.Generator):
        blocks = cut(p, "blocks", BLOCK, 0.4, DOMAIN)
        order = rng.permutation(len(blocks))
        length = (blocks["end"] - blocks["start"]).to_numpy()
        self.blocks = blocks
        self.turned = rng.random(len(blocks)) < 0.5
        start = np.empty(len(blocks), np.int64)
        start[order] = np.cumsum(length[order]) - length[order]
        self.start, self.length, self.size = start, length, p.chromosome_length  # places on one long line
        self.order = order

    def forth(self, chrom: np.ndarray, position: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Chromosome and position now, and -1 where the strand is turned, else 1; (positions,) each."""
        block = locate(self.blocks, chrom, position)
        inside = position - self.blocks["start"].to_numpy()[block]
        inside = np.where(self.turned[block], self.length[block] - 1 - inside, inside)
        line = self.start[block] + inside
        return _names(line // self.size), line % self.size, np.where(self.turned[block], -1, 1)

    def back(self, chrom: np.ndarray, position: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Chromosome and position in the ancestor."""
        line = np.array([int(c[3:]) - 1 for c in chrom]) * self.size + position
        starts = self.start[self.order]
        block = self.order[np.searchsorted(starts, line, "right") - 1]
        inside = line - self.start[block]
        inside = np.where(self.turned[block], self.length[block] - 1 - inside, inside)
        return self.blocks["chrom"].to_numpy()[block], self.blocks["start"].to_numpy()[block] + inside


def _names(number: np.ndarray) -> np.ndarray:
    return np.array([f"chr{i + 1}" for i in range(int(number.max(initial=0)) + 1)])[number]


def _genes(p: Parameters, rng, ancestor: Genome, moved: _Rearranged) -> tuple[pd.DataFrame, np.ndarray]:
    """The genes and their motifs; lost ones are replaced by genes like others of the ancestor, at new places."""
    old = ancestor.genes
    n = len(old)
    kept = rng.random(n) < ORTHOLOGUES
    model = np.where(kept, np.arange(n), rng.integers(0, n, n))  # the gene that each is like
    genes = old.iloc[model][["gene_class", "opener", "strength"]].reset_index(drop=True)
    chrom, tss, turn = moved.forth(old["chrom"].to_numpy(), old["tss"].to_numpy())
    tss = tss + np.where(kept, 0, rng.integers(-60_000, 60_000, n))
    tss = np.clip(tss, MARGIN, p.chromosome_length - MARGIN)
    strand = np.where(kept, old["strand"].to_numpy() * turn, rng.choice([1, -1], n))
    length = (old["end"] - old["start"]).to_numpy()[model] * LENGTH_RATIO * rng.lognormal(0, LENGTH_SPREAD, n)
    room = np.where(strand > 0, p.chromosome_length - 3_000 - tss, tss - 3_000)
    length = np.clip(length, 1_500, room).astype(np.int64)
    genes["strength"] *= STRENGTH_KEPT
    genes["strength"] += (1 - STRENGTH_KEPT**2) ** 0.5 * rng.standard_normal(n)
    genes["start"] = np.where(strand > 0, tss, tss - length + 1)
    genes = genes.assign(chrom=chrom, tss=tss, strand=strand, end=genes["start"] + length)
    genes["promoter"] = promoters(rng, genes)
    genes["ancestor"] = np.where(kept, np.arange(n), -1)
    number = np.array([int(c[3:]) for c in chrom])
    order = np.lexsort((tss, number))
    return genes.iloc[order].reset_index(drop=True), ancestor.gene_motif[model][order]


def _elements(p: Parameters, rng, ancestor: Genome, moved: _Rearranged, fragments, genes) -> pd.DataFrame:
    """The elements: what is kept lies where its block lies now; lost ones are redrawn within 200 kb of that."""
    old = ancestor.elements
    chrom, position, turn = moved.forth(old["chrom"].to_numpy(), old["position"].to_numpy())
    kept = rng.random(len(old)) < old["kind"].map(KEPT).to_numpy()
    table = pd.DataFrame({"kind": old["kind"], "chrom": chrom, "position": position, "strand": old["strand"] * turn})
    table["ancestor"] = np.where(kept, np.arange(len(old)), -1)
    anew = table.iloc[np.tile(np.arange(len(old)), 2)].assign(ancestor=-1)
    anew["position"] += rng.integers(-200_000, 200_000, len(anew))
    anew["strand"] = rng.choice([1, -1], len(anew))
    return settle(p, pd.concat([table[kept], anew.sample(frac=1, random_state=rng)]), fragments, genes)
