"""Which fragments each promoter touches: true contact rates, and how capture Hi-C counts them.

The true rate of a pair, relative to what distance alone gives, is a product of causes: a shared domain, convergent CTCF
sites, a factor that binds both sides, and chance. Capture Hi-C then counts read pairs (Poisson); the contacts table
lists observed / expected. Promoters on the same fragment (the bait) share its contacts.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chromolab.world.genome import Genome, locate

NEAREST, FARTHEST = 20_000, 500_000  # bp from the bait's edge to the fragment's near edge, and to its centre
OUTSIDE = 0.55  # rate across a domain boundary
LOOP = 2.0  # rate added by a perfect factor match
CONVERGENT = 1.0  # rate added where two CTCF sites face each other across the pair
ANCHOR_REACH = 20_000  # bp at most between a promoter and the CTCF site that brings it into a loop
ISOLATED, APART = 0.15, 0.7  # share of promoters without any looping factor, and their rate with every fragment
CHANCE = 0.18  # spread (log) of rates that no cause explains
READS = 70.0  # expected read pairs at 100 kb
DECAY = 0.85  # exponent with which expected read pairs fall with distance
REPORTED = 1.0  # pairs at or below it are not listed, as in published tables of significant contacts


@dataclass(frozen=True)
class Folding:
    """All pairs of a bait and a fragment within reach.

    `bait_of_gene` (genes,): the fragment with each TSS. `pairs`: bait, fragment (rows of the fragments table), element
    (row of the elements table, -1 if the fragment has none), kind of element ("" for none). `rate` (pairs, cell types):
    true observed / expected. `frequency` (pairs, cell types): observed / expected as counted.
    """

    bait_of_gene: np.ndarray
    pairs: pd.DataFrame
    rate: np.ndarray
    frequency: np.ndarray

    def by_gene(self) -> pd.DataFrame:
        """A row per gene and pair of its bait: gene (row of the genes table), pair (row of `pairs`) and its columns."""
        genes = pd.DataFrame({"gene": np.arange(len(self.bait_of_gene)), "bait": self.bait_of_gene})
        return genes.merge(self.pairs.assign(pair=np.arange(len(self.pairs))), on="bait")


def fold(genome: Genome) -> Folding:
    """Draw the contacts of every promoter in every cell type."""
    p, rng = genome.parameters, genome.parameters.rng("contacts")
    bait_of_gene = locate(genome.fragments, genome.genes["chrom"].to_numpy(), genome.genes["tss"].to_numpy())
    baits, gene_bait = np.unique(bait_of_gene, return_inverse=True)
    motif = np.zeros((len(baits), genome.gene_motif.shape[1]))
    np.maximum.at(motif, gene_bait, genome.gene_motif)
    isolated = rng.random(len(baits)) < ISOLATED
    motif[isolated] = 0

    pairs, nth, same = _pairs(genome, baits)
    element = pairs["element"].to_numpy()
    has_element = element >= 0
    match = np.zeros(len(pairs))
    match[has_element] = (motif[nth[has_element]] * genome.element_motif[element[has_element]]).max(1)
    cause = np.where(same, 1 + LOOP * match + CONVERGENT * _convergent(genome, pairs), OUTSIDE)
    chance = rng.lognormal(0, CHANCE, (len(pairs), 1)) * rng.lognormal(0, 0.06, (len(pairs), p.cell_types))
    rate = cause[:, None] * chance * np.where(isolated, APART, 1)[nth, None]
    expected = _expected_reads(_distance(genome, pairs))[:, None]
    frequency = rng.poisson(rate * expected) / expected
    drawn = _drawn_as(pairs)
    return Folding(bait_of_gene, pairs, rate[drawn], frequency[drawn])


def _expected_reads(distance: np.ndarray) -> np.ndarray:
    """Read pairs expected from distance (bp) alone."""
    return READS * (distance / 100_000) ** -DECAY


def _drawn_as(pairs: pd.DataFrame) -> np.ndarray:
    """The row whose draw each pair takes, (pairs,): a pair of two baits has two rows that share one draw."""
    rows = np.arange(len(pairs))
    other = pd.Series(rows, pd.MultiIndex.from_frame(pairs[["fragment", "bait"]]))
    mirror = other.reindex(pd.MultiIndex.from_frame(pairs[["bait", "fragment"]])).fillna(-1).to_numpy().astype(np.int64)
    return np.where(mirror >= 0, np.minimum(mirror, rows), rows)


def _centre(genome: Genome) -> np.ndarray:
    return ((genome.fragments["start"] + genome.fragments["end"]) // 2).to_numpy()


def _distance(genome: Genome, pairs: pd.DataFrame) -> np.ndarray:
    centre = _centre(genome)
    return np.abs(centre[pairs["fragment"]] - centre[pairs["bait"]])


def _pairs(genome: Genome, baits: np.ndarray) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Pairs within reach, the number of each bait in `baits`, and whether both sides lie in one domain."""
    fragments, centre = genome.fragments, _centre(genome)
    start, end = fragments["start"].to_numpy(), fragments["end"].to_numpy()
    rows_of = {chrom: rows.index.to_numpy() for chrom, rows in fragments.groupby("chrom", sort=False)}
    parts = []
    for i, (bait, chrom) in enumerate(zip(baits, fragments["chrom"].to_numpy()[baits], strict=True)):
        rows = rows_of[chrom]
        first, last = np.searchsorted(centre[rows], [centre[bait] - FARTHEST, centre[bait] + FARTHEST])
        rows = rows[first:last]
        rows = rows[(end[rows] <= start[bait] - NEAREST) | (start[rows] >= end[bait] + NEAREST)]
        parts.append(np.stack([np.full(len(rows), i), rows], 1))
    nth, fragment = np.concatenate(parts).T
    holder = np.full(len(fragments), -1, np.int64)
    holder[genome.elements["fragment"]] = np.arange(len(genome.elements))
    element = holder[fragment]
    kind = np.append(genome.elements["kind"].to_numpy(), "")[element]
    domain = locate(genome.domains, fragments["chrom"].to_numpy(), centre)
    table = pd.DataFrame({"bait": baits[nth], "fragment": fragment, "element": element, "kind": kind})
    return table, nth, domain[baits[nth]] == domain[fragment]


def _convergent(genome: Genome, pairs: pd.DataFrame) -> np.ndarray:
    """1 where a CTCF site near the bait faces the one in the fragment, where loop extrusion stops; else 0; (pairs,)."""
    facing = np.zeros(len(pairs))
    rows = np.flatnonzero(pairs["kind"] == "anchor")
    site = genome.elements.iloc[pairs["element"].iloc[rows]]
    bait = pairs["bait"].to_numpy()[rows]
    at = _centre(genome)[bait]
    towards = np.where(site["position"].to_numpy() > at, 1, -1)  # from the bait to the site
    looks_back = site["strand"].to_numpy() == -towards
    anchors = genome.elements[genome.elements["kind"] == "anchor"]
    for strand in (1, -1):
        near = np.zeros(len(rows), bool)
        for chrom, group in anchors[anchors["strand"] == strand].groupby("chrom", sort=False):
            on_chrom = site["chrom"].to_numpy() == chrom
            position = group["position"].to_numpy()
            left = np.searchsorted(position, at[on_chrom] - ANCHOR_REACH)
            near[on_chrom] = np.searchsorted(position, at[on_chrom] + ANCHOR_REACH) > left
        facing[rows[near & looks_back & (towards == strand)]] = 1
    return facing


def contact_table(genome: Genome, folding: Folding, cell: int) -> pd.DataFrame:
    """The contacts table of one cell type: two intervals (bait and fragment) and their frequency."""
    kept = _once(folding) & (folding.frequency[:, cell] > REPORTED)
    return _intervals(genome, folding, kept).assign(frequency=folding.frequency[kept, cell].round(4))


def count_table(genome: Genome, folding: Folding, cell: int) -> pd.DataFrame:
    """Every pair within reach with its count: two intervals, the distance between their centres (bp), read pairs."""
    once = _once(folding)
    distance = _distance(genome, folding.pairs)[once]
    count = folding.frequency[once, cell] * _expected_reads(distance)
    return _intervals(genome, folding, once).assign(distance=distance, count=count.round().astype(np.int64))


def _once(folding: Folding) -> np.ndarray:
    """True for one row of each pair, (pairs,)."""
    return _drawn_as(folding.pairs) == np.arange(len(folding.pairs))


def _intervals(genome: Genome, folding: Folding, rows: np.ndarray) -> pd.DataFrame:
    baits, fragments = (genome.fragments.iloc[folding.pairs[side][rows]] for side in ("bait", "fragment"))
    columns = {f"{name}{i}": side[name].to_numpy() for i, side in ((1, baits), (2, fragments)) for name in side.columns}
    return pd.DataFrame(columns)
