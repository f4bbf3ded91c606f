"""Which fragments each promoter touches: true contact rates, and how capture Hi-C counts them.

Contact is structure first. The true rate of a pair, relative to what its distance alone gives (observed / expected), is
a product of causes: compartments (like touches like), insulation by the CTCF anchors between the two sides, a loop
where an anchor near one side faces an anchor near the other, hubs (promoters that are open touch each other, and so do
developmental promoters and active silencers, in Polycomb bodies), and chance. That an enhancer is active adds nearly
nothing. Capture Hi-C counts read pairs (Poisson); the contacts table lists observed / expected of pairs that are
significant. Promoters on the same fragment (the bait) share its contacts.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import poisson

from chromolab.errors import ChromolabError
from chromolab.world.genome import CLASSES, Genome, locate

LISTED, FARTHEST = 20_000, 800_000  # bp: pairs nearer than that are not listed; farther ones do not exist here
ALIKE, UNLIKE = 1.03, 0.94  # rate within and between compartments
INSULATION = 0.10  # share of contacts that a perfect anchor stops
LEAST_PASSED = 0.7  # share of contacts that pass any number of anchors
LOOP = 1.6  # rate added where two perfect anchors face each other across the pair
LOOP_REACH = 400_000  # bp over which loops become rarer by e
ANCHOR_REACH = 15_000  # bp between a fragment's centre and an anchor that takes it into a loop
FACTORY, POLYCOMB_BODY = 0.15, 0.3  # rate added between open promoters; between what Polycomb holds
ACTIVE_TOUCH = 0.15  # rate added to a fragment by an active enhancer
CHANCE, CHANCE_OWN = (
    0.22,
    0.25,
)  # spread (log) at 100 kb of rates that no cause explains; the part that is the cell type's
CHANCE_FALL = 0.5  # exponent with which that spread falls with distance
UNBOUND = 0.12  # share of anchors that are methylated, hence unbound, in a lineage
READS = 300.0  # expected read pairs at 100 kb
SOCIABLE = 0.08  # spread (log) of a fragment's rate with all others
ISOLATED, APART = 0.15, 0.7  # share of baits that touch little, and their rate with all fragments
DECAY = 1.0  # exponent with which contacts fall with distance
NEAREST = 8_000  # bp: contacts do not rise further below that distance
REPORTED = 1.0, 0.001  # listed are pairs above this frequency with a smaller Poisson p, as in published tables


@dataclass(frozen=True)
class Folding:
    """All pairs of a bait and a fragment within reach, and all of a gene and an element.

    `bait_of_gene` (genes,): the fragment with each TSS. `pairs`: bait, fragment (rows of the fragments table). `links`:
    gene, element, kind, pair (row of `pairs`), distance (bp, from the promoter to the element), in order of genes.
    `bound` (elements, cell types): how well each anchor is bound. `scale` (pairs, cell types): chance, over the mean of
    the other causes at that distance. `rate` (pairs, cell types): true observed / expected. `frequency` (pairs, cell
    types): observed / expected as counted. `reported` (pairs, cell types): whether the contacts table lists the pair.
    """

    genome: Genome
    bait_of_gene: np.ndarray
    pairs: pd.DataFrame
    links: pd.DataFrame
    bound: np.ndarray
    affinity: "Affinity"
    scale: np.ndarray
    rate: np.ndarray
    frequency: np.ndarray
    reported: np.ndarray

    @property
    def contact(self) -> np.ndarray:
        """Absolute contact of each link, (links, cell types): the rate times the fall with distance; 1 at 100 kb."""
        return self.rate[self.links["pair"]] * fall(self.links["distance"].to_numpy())[:, None]

    def rebound(self, genome: Genome, bound: np.ndarray) -> "Folding":
        """With anchors bound otherwise (elements, cell types), or turned in `genome`; chance stays as it was drawn."""
        rows = np.unique(self.links["pair"])
        changed, rate = replace(self, genome=genome, bound=bound), self.rate.copy()
        rate[rows] = changed.rate_with(rows)
        return replace(changed, rate=rate)

    def rate_with(self, rows: np.ndarray) -> np.ndarray:
        """The rates of some pairs, (rows, cell types), computed from the anchors as they are bound and turned now."""
        return self.scale[rows] * structure(self.genome, self.pairs.iloc[rows], self.bound, self.affinity)

    def fragments_at(self, places: pd.DataFrame) -> np.ndarray:
        """Rows of the fragments that places (chrom, start, end) are, (places,), such as the pCREs of a dataset.

        Raises
        ------
        ChromolabError
            If a place is not a fragment of this world.
        """
        fragments = pd.MultiIndex.from_frame(self.genome.fragments[["chrom", "start"]])
        fragment = fragments.get_indexer(pd.MultiIndex.from_frame(places[["chrom", "start"]]))
        if (fragment < 0).any():
            place = places.iloc[int((fragment < 0).argmax())]
            raise ChromolabError(
                f"{place['chrom']}:{place['start']}-{place['end']} is not a fragment of this world; expected a dataset "
                "of this world (world.dataset())"
            )
        return fragment

    def pairs_with(self, gene: int, places: pd.DataFrame) -> np.ndarray:
        """Rows of the pairs of a gene's promoter and its pCREs (chrom, start, end)."""
        rows = np.flatnonzero(self.pairs["bait"].to_numpy() == self.bait_of_gene[gene])
        fragment = self.pairs["fragment"].to_numpy()[rows]
        return rows[pd.Index(fragment).get_indexer(self.fragments_at(places))]


@dataclass(frozen=True)
class Affinity:
    """What makes fragments touch besides CTCF: `open`, `polycomb`, `active` (fragments, cell types), 0 to 1."""

    open: np.ndarray
    polycomb: np.ndarray
    active: np.ndarray


def fall(distance: np.ndarray) -> np.ndarray:
    """How contacts fall with distance (bp): 1 at 100 kb."""
    return (np.maximum(distance, NEAREST) / 100_000) ** -DECAY


def fold(genome: Genome, opened: np.ndarray, activity: np.ndarray) -> Folding:
    """Draw the contacts of every promoter in every cell type.

    `opened` (genes, cell types): whether the factor that opens the promoter is there. `activity`: of elements
    (elements, cell types).
    """
    p = genome.parameters
    rng = p.own_rng("contacts")
    bait_of_gene = locate(genome.fragments, genome.genes["chrom"].to_numpy(), genome.genes["tss"].to_numpy())
    pairs = _pairs(genome, np.unique(bait_of_gene))
    affinity = _affinity(genome, bait_of_gene, opened, activity)
    bound = binding(genome)
    shape = structure(genome, pairs, bound, affinity)
    distance = distances(genome, pairs)
    chance = rng.standard_normal((len(pairs), 1)) + CHANCE_OWN * rng.standard_normal((len(pairs), p.cell_types))
    chance = np.exp(CHANCE * np.minimum(fall(distance), 3.0)[:, None] ** CHANCE_FALL * chance)
    sociable = rng.lognormal(0, SOCIABLE, len(genome.fragments))
    baits = np.unique(bait_of_gene)
    sociable[baits[rng.random(len(baits)) < ISOLATED]] *= APART
    sociable = sociable[pairs["bait"]] * sociable[pairs["fragment"]]
    scale = chance[drawn_as(pairs)] * sociable[:, None] / _mean_by_distance(distance, shape.mean(1))[:, None]
    rate = scale * shape
    expected = expected_reads(distance)[:, None]
    count = rng.poisson(rate * expected)[drawn_as(pairs)]
    reported = listed(genome, pairs)[:, None] & (count > REPORTED[0] * expected)
    reported[reported] = poisson.sf(count[reported] - 1, np.broadcast_to(expected, count.shape)[reported]) < REPORTED[1]
    links = _links(genome, bait_of_gene, pairs)
    return Folding(genome, bait_of_gene, pairs, links, bound, affinity, scale, rate, count / expected, reported)


def structure(genome: Genome, pairs: pd.DataFrame, bound: np.ndarray, affinity: Affinity) -> np.ndarray:
    """The product of all causes but chance, (pairs, cell types)."""
    bait, fragment = pairs["bait"].to_numpy(), pairs["fragment"].to_numpy()
    left, right = np.minimum(bait, fragment), np.maximum(bait, fragment)
    domain = locate(genome.domains, genome.fragments["chrom"].to_numpy(), _centre(genome))
    compartment = genome.compartment[domain]
    cause = np.where(compartment[bait] == compartment[fragment], ALIKE, UNLIKE)
    passed, forward, backward = _anchors(genome, bound)
    cause = cause * np.maximum(np.exp(passed[right] - passed[left]), LEAST_PASSED)
    loop = LOOP * np.exp(-distances(genome, pairs) / LOOP_REACH)[:, None]
    hub = FACTORY * affinity.open[bait] * affinity.open[fragment]
    hub += POLYCOMB_BODY * affinity.polycomb[bait] * affinity.polycomb[fragment]
    return cause * (1 + loop * forward[left] * backward[right] + hub + ACTIVE_TOUCH * affinity.active[fragment])


def _anchors(genome: Genome, bound: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each fragment (fragments, cell types): log share of contacts that pass all anchors to its left, and the best
    anchor near it that faces right, and left."""
    rows = np.flatnonzero(genome.elements["kind"] == "anchor")
    place, centre = genome.elements.iloc[rows], _centre(genome)
    chrom = genome.fragments["chrom"].to_numpy()
    passed, forward, backward = (np.zeros((len(centre), bound.shape[1])) for _ in range(3))
    for name, here in place.groupby("chrom", sort=False):
        on = np.flatnonzero(chrom == name)
        held = bound[here.index]
        stop = np.concatenate([np.zeros((1, bound.shape[1])), np.cumsum(np.log1p(-INSULATION * held), 0)])
        passed[on] = stop[np.searchsorted(here["position"].to_numpy(), centre[on])]
        for strand, best in ((1, forward), (-1, backward)):
            facing = here["strand"].to_numpy() == strand
            position = here["position"].to_numpy()[facing]
            first, last = (np.searchsorted(position, centre[on] + r) for r in (-ANCHOR_REACH, ANCHOR_REACH))
            for step in range(int((last - first).max(initial=0))):
                some = first + step < last
                best[on[some]] = np.maximum(best[on[some]], held[facing][first[some] + step])
    return passed, forward, backward


def binding(genome: Genome) -> np.ndarray:
    """How well each anchor is bound, (elements, cell types): by its motif; some are methylated in a lineage."""
    p, rng = genome.parameters, genome.parameters.own_rng("bound")
    (ctcf,) = genome.factors.of("insulator")
    free = rng.random((len(genome.elements), p.lineages)) >= UNBOUND
    return bound_by(genome.element_motif[:, [ctcf]]) * free[:, p.lineage_of]


def bound_by(match: np.ndarray) -> np.ndarray:
    """How well CTCF binds a site, by the match of its motif."""
    return match**2


def _affinity(genome: Genome, bait_of_gene: np.ndarray, opened: np.ndarray, activity: np.ndarray) -> Affinity:
    shape = (len(genome.fragments), genome.parameters.cell_types)
    open_, polycomb, active = (np.zeros(shape) for _ in range(3))
    np.maximum.at(open_, bait_of_gene, opened)
    developmental = genome.gene_class == CLASSES.index("developmental")
    polycomb[bait_of_gene[developmental]] = 1
    kind, fragment = genome.elements["kind"].to_numpy(), genome.elements["fragment"].to_numpy()
    polycomb[fragment[kind == "silencer"]] = activity[kind == "silencer"]
    active[fragment[kind == "enhancer"]] = activity[kind == "enhancer"]
    return Affinity(open_, np.minimum(polycomb, 1), active)


def _mean_by_distance(distance: np.ndarray, cause: np.ndarray) -> np.ndarray:
    """The mean of `cause` at each pair's distance, (pairs,): what observed / expected divides by."""
    step = np.digitize(np.log10(np.maximum(distance, 1_000)), np.arange(3, 6.2, 0.1))
    total, count = (np.bincount(step, weights, minlength=40) for weights in (cause, None))
    return (total / np.maximum(count, 1))[step]


def expected_reads(distance: np.ndarray) -> np.ndarray:
    """Read pairs expected from distance (bp) alone."""
    return READS * fall(distance)


def drawn_as(pairs: pd.DataFrame) -> np.ndarray:
    """The row whose draw each pair takes, (pairs,): a pair of two baits has two rows that share one draw."""
    rows = np.arange(len(pairs))
    width = int(pairs.max().max()) + 1
    code, mirror = (
        pairs[a].to_numpy() * width + pairs[b].to_numpy() for a, b in (("bait", "fragment"), ("fragment", "bait"))
    )
    order = np.argsort(code)
    at = np.minimum(np.searchsorted(code[order], mirror), len(code) - 1)
    found = code[order][at] == mirror
    return np.where(found, np.minimum(order[at], rows), rows)


def _centre(genome: Genome) -> np.ndarray:
    return ((genome.fragments["start"] + genome.fragments["end"]) // 2).to_numpy()


def distances(genome: Genome, pairs: pd.DataFrame) -> np.ndarray:
    """bp between the centres of each pair's fragments, (pairs,)."""
    centre = _centre(genome)
    return np.abs(centre[pairs["fragment"]] - centre[pairs["bait"]])


def listed(genome: Genome, pairs: pd.DataFrame) -> np.ndarray:
    """Whether the edges of a pair's fragments lie at least 20 kb apart, (pairs,)."""
    start, end = (genome.fragments[side].to_numpy() for side in ("start", "end"))
    bait, fragment = pairs["bait"].to_numpy(), pairs["fragment"].to_numpy()
    return (end[fragment] <= start[bait] - LISTED) | (start[fragment] >= end[bait] + LISTED)


def _pairs(genome: Genome, baits: np.ndarray) -> pd.DataFrame:
    """Pairs of a bait and a fragment within reach, itself included."""
    centre, chrom = _centre(genome), genome.fragments["chrom"].to_numpy()
    parts = []
    for name in genome.parameters.chrom_sizes:
        rows = np.flatnonzero(chrom == name)
        here = baits[chrom[baits] == name]
        first, last = (np.searchsorted(centre[rows], centre[here] + r) for r in (-FARTHEST, FARTHEST))
        count = last - first
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        parts.append(np.stack([np.repeat(here, count), rows[np.repeat(first, count) + within]], 1))
    return pd.DataFrame(np.concatenate(parts), columns=["bait", "fragment"])


def _links(genome: Genome, bait_of_gene: np.ndarray, pairs: pd.DataFrame) -> pd.DataFrame:
    """Every gene with every element within reach."""
    genes = pd.DataFrame({"gene": np.arange(len(bait_of_gene)), "bait": bait_of_gene})
    elements = pd.DataFrame({"element": np.arange(len(genome.elements)), "fragment": genome.elements["fragment"]})
    table = pairs.assign(pair=np.arange(len(pairs))).merge(elements, on="fragment").merge(genes, on="bait")
    table = table.sort_values(["gene", "element"], ignore_index=True)
    at, promoter = genome.elements["position"].to_numpy(), genome.genes["promoter"].to_numpy()
    table["distance"] = np.abs(at[table["element"]] - promoter[table["gene"]])
    table["kind"] = genome.elements["kind"].to_numpy()[table["element"]]
    return table[["gene", "element", "kind", "pair", "distance"]]


def contact_table(folding: Folding, cell: int) -> pd.DataFrame:
    """The contacts table of one cell type: two intervals (bait and fragment) and their frequency."""
    kept = counted(folding) & folding.reported[:, cell]
    return _intervals(folding, kept).assign(frequency=listed_frequency(folding, cell)[kept])


def listed_frequency(folding: Folding, cell: int) -> np.ndarray:
    """The frequency of each pair (pairs,) in one cell type, rounded as in the contacts table."""
    return folding.frequency[:, cell].round(4)


def count_table(folding: Folding, cell: int) -> pd.DataFrame:
    """Every pair that can be listed: two intervals, the distance between their centres (bp), read pairs."""
    once = counted(folding)
    distance = distances(folding.genome, folding.pairs)[once]
    count = folding.frequency[once, cell] * expected_reads(distance)
    return _intervals(folding, once).assign(distance=distance, count=count.round().astype(np.int64))


def counted(folding: Folding) -> np.ndarray:
    """True for one row of each pair that can be listed, (pairs,)."""
    once = drawn_as(folding.pairs) == np.arange(len(folding.pairs))
    return once & listed(folding.genome, folding.pairs)


def _intervals(folding: Folding, rows: np.ndarray) -> pd.DataFrame:
    baits, fragments = (folding.genome.fragments.iloc[folding.pairs[side][rows]] for side in ("bait", "fragment"))
    columns = {f"{name}{i}": side[name].to_numpy() for i, side in ((1, baits), (2, fragments)) for name in side.columns}
    return pd.DataFrame(columns)
