"""Which fragments each promoter touches: contacts, before and after they are counted.

The true rate of a pair, over what its distance alone would give, is a product of causes: same domain, convergent CTCF
sites, a factor that binds both sides, and chance. Capture Hi-C then counts read pairs (Poisson), and observed /
expected is what the contacts table gives. Promoters on one fragment (the bait) share its contacts.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chromolab.simulate.genome import Genome, locate

NEAREST, FARTHEST = 20_000, 500_000  # bp from the bait's edge to the fragment's near edge, and to its centre
OUTSIDE = 0.55  # rate across a domain boundary
LOOP = 2.0  # rate added by a perfect factor match
CONVERGENT = 1.0  # added where two CTCF sites face each other across the pair
ANCHOR_REACH = 20_000  # bp between a promoter and the CTCF site that carries it into a loop
ISOLATED, APART = 0.15, 0.7  # share of promoters that no factor ties to anything, and their rate with everything
CHANCE = 0.18  # spread (log) of rates that nothing explains
READS = 70.0  # expected read pairs at 100 kb
DECAY = 0.85  # of expected read pairs with distance
REPORTED = 1.0  # pairs at or below are not in the table, as in published tables of significant contacts


@dataclass(frozen=True)
class Folding:
    """All bait-fragment pairs within reach.

    `bait_of_gene` (genes,): the fragment that holds each TSS. `pairs`: bait, fragment (rows of the fragments table),
    element (row of the elements table, -1 where the fragment holds none), kind of element ("" for none).
    `rate` (pairs, cell types): true observed / expected. `frequency` (pairs, cell types): as counted.
    """

    bait_of_gene: np.ndarray
    pairs: pd.DataFrame
    rate: np.ndarray
    frequency: np.ndarray

    def by_gene(self) -> pd.DataFrame:
        """A row per gene and pair of its bait: gene, pair (row of `pairs`), then the columns of `pairs`."""
        genes = pd.DataFrame({"gene": np.arange(len(self.bait_of_gene)), "bait": self.bait_of_gene})
        return genes.merge(self.pairs.assign(pair=np.arange(len(self.pairs))), on="bait")


def fold(genome: Genome) -> Folding:
    """Draw the contacts of every promoter in every cell type."""
    p, rng = genome.parameters, genome.parameters.rng("contacts")
    home = locate(genome.fragments, genome.genes["chrom"].to_numpy(), genome.genes["tss"].to_numpy())
    baits, gene_bait = np.unique(home, return_inverse=True)
    motif = np.zeros((len(baits), genome.gene_motif.shape[1]))
    np.maximum.at(motif, gene_bait, genome.gene_motif)
    isolated = rng.random(len(baits)) < ISOLATED
    motif[isolated] = 0

    pairs, nth, same = _pairs(genome, baits)
    element = pairs["element"].to_numpy()
    held = element >= 0
    match = np.zeros(len(pairs))
    match[held] = (motif[nth[held]] * genome.element_motif[element[held]]).max(1)
    tied = np.where(same, 1 + LOOP * match + CONVERGENT * _convergent(genome, pairs), OUTSIDE)
    chance = rng.lognormal(0, CHANCE, (len(pairs), 1)) * rng.lognormal(0, 0.06, (len(pairs), p.cell_types))
    rate = tied[:, None] * chance * np.where(isolated, APART, 1)[nth, None]
    expected = _expected_reads(_distance(genome, pairs))[:, None]
    frequency = rng.poisson(rate * expected) / expected
    drawn = _drawn_as(pairs)
    return Folding(home, pairs, rate[drawn], frequency[drawn])


def _expected_reads(distance: np.ndarray) -> np.ndarray:
    """Read pairs that distance (bp) alone would give."""
    return READS * (distance / 100_000) ** -DECAY


def _drawn_as(pairs: pd.DataFrame) -> np.ndarray:
    """Whose draw each pair takes: two baits make one pair, which is drawn once and read from either side."""
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
    """Pairs, the bait's place in `baits`, and whether both sides lie in one domain."""
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
    """1 where the bait lies by a CTCF site that faces the one in the fragment: loop extrusion stops between them."""
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
            here = site["chrom"].to_numpy() == chrom
            position = group["position"].to_numpy()
            left = np.searchsorted(position, at[here] - ANCHOR_REACH)
            near[here] = np.searchsorted(position, at[here] + ANCHOR_REACH) > left
        facing[rows[near & looks_back & (towards == strand)]] = 1
    return facing


def contact_table(genome: Genome, folding: Folding, cell: int) -> pd.DataFrame:
    """The contacts of one cell type, (bait, fragment, frequency) as a table of two intervals and a value."""
    kept = _once(folding) & (folding.frequency[:, cell] > REPORTED)
    return _intervals(genome, folding, kept).assign(frequency=folding.frequency[kept, cell].round(4))


def count_table(genome: Genome, folding: Folding, cell: int) -> pd.DataFrame:
    """Every pair within reach as it was counted: two intervals, the distance between their centres, read pairs."""
    once = _once(folding)
    distance = _distance(genome, folding.pairs)[once]
    count = folding.frequency[once, cell] * _expected_reads(distance)
    return _intervals(genome, folding, once).assign(distance=distance, count=count.round().astype(np.int64))


def _once(folding: Folding) -> np.ndarray:
    return _drawn_as(folding.pairs) == np.arange(len(folding.pairs))


def _intervals(genome: Genome, folding: Folding, rows: np.ndarray) -> pd.DataFrame:
    here, there = (genome.fragments.iloc[folding.pairs[side][rows]] for side in ("bait", "fragment"))
    columns = {f"{name}{i}": side[name].to_numpy() for i, side in ((1, here), (2, there)) for name in side.columns}
    return pd.DataFrame(columns)
