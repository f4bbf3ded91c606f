"""Expected patterns along the genome: the place and height of each mark around genes and elements.

An H3K4me3 peak with a dip upstream of the TSS, where no nucleosome is, and higher downstream, with a broad shoulder
into the gene where it is strong; acetylation on the same nucleosomes; H3K4me1 at the flanks; broad H3K27me3; H3K36me3
that rises along the transcribed body and is denser on exons; H3K9me3 in the silent compartment; CTCF at bound anchors.
Shapes and heights were set by hand in the first edition, which looked at real H1 genes; what the second edition changed
was set on other real data (`realism`).
"""

import numpy as np

from chromolab.defaults import MARKS
from chromolab.world.genome import Genome
from chromolab.world.levels import Levels
from chromolab.world.parameters import BIN, Parameters
from chromolab.world.regulation import BIVALENT, HETERO, WEAK, Regulation

# In a scrambled world, each track shows the pattern of this other mark, at its own depth.
SCRAMBLED = {
    "H3K4me1": "H3K27ac",
    "H3K4me3": "H3K27me3",
    "H3K9me3": "H3K9ac",
    "H3K27me3": "H3K4me3",
    "H3K36me3": "H3K9me3",
    "H3K27ac": "H3K36me3",
    "H3K9ac": "H3K4me1",
}

# What each mark shows of an element's activity, as a share of its strongest signal.
SHOWN_BY = {
    "enhancer": {"H3K27ac": 0.75, "H3K9ac": 0.14, "H3K4me3": 0.02, "H3K4me1": 1.0},
    "silencer": {"H3K27me3": 0.45, "H3K4me1": 0.4},
}
PRIMED = "enhancer", "H3K4me1"  # this mark stands at enhancers that are not active, too
IN_B = 0.08  # H3K9me3 over the silent compartment
CEILING = 1.4  # the limit of the sum of overlapping signals
REACH = 140  # bins to each side of a promoter in which its marks are laid out
AROUND_ELEMENT = 30  # bins to each side of an element


class GenomeBins:
    """The bins of all chromosomes in one array, and how to add signals to it."""

    def __init__(self, p: Parameters):
        sizes = p.chrom_sizes
        bins = [size // BIN for size in sizes.values()]
        self.edges = np.concatenate([[0], np.cumsum(bins)])
        self.first = dict(zip(sizes, self.edges[:-1].tolist(), strict=True))
        self.total = int(self.edges[-1])

    def at(self, chrom, position) -> np.ndarray:
        """The bin of each position (bp), (n,)."""
        return np.array([self.first[c] for c in chrom]) + np.asarray(position) // BIN

    def add(self, track: np.ndarray, centre: np.ndarray, strand: np.ndarray, kernel: np.ndarray) -> None:
        """Add kernels (n, 2r + 1), 5' to 3' around each centre bin; parts beyond the chromosome's end are dropped."""
        reach = kernel.shape[1] // 2
        where = centre[:, None] + strand[:, None] * np.arange(-reach, reach + 1)
        chromosome = np.searchsorted(self.edges, centre, "right")[:, None]
        inside = np.searchsorted(self.edges, where, "right") == chromosome
        track += np.bincount(where[inside], kernel[inside], minlength=self.total)[: self.total]


class Shapes:
    """Random widths and offsets for every gene and element: nuisance variation that a model must ignore."""

    def __init__(self, genome: Genome):
        p, rng = genome.parameters, genome.parameters.own_rng("shapes")
        n = p.genes
        self.up = rng.uniform(3, 8, (n, 1)), rng.uniform(1.5, 3.5, (n, 1)), rng.beta(1.6, 1.6, (n, 1))
        self.down = rng.uniform(1, 4.5, (n, 1)), rng.uniform(2.5, 6, (n, 1)) * rng.lognormal(0, 0.2, (n, 1))
        self.flank = rng.uniform(8, 18, (n, 1)), rng.uniform(4, 9, (n, 1)), rng.lognormal(0, 0.45, (n, 2))
        self.broad = np.minimum(rng.lognormal(np.log(32), 0.6, (n, 2)), REACH - 20)
        self.rise = rng.uniform(25, 90, n)  # bins over which H3K36me3 rises
        self.hetero = rng.uniform(100, 400, n)
        self.shoulder = rng.lognormal(0, 0.5, (n, 1))  # how far and how strongly promoter marks reach into the gene
        m = len(genome.elements)
        self.element = rng.uniform(2.5, 5, (m, 1)), rng.uniform(2, 4.5, (m, 1))
        self.primed = rng.beta(1, 3, (m, 1))  # H3K4me1 of an enhancer that is not active

    def of_elements(self, kind: str, rows: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Shape of the marks of enhancers or silencers `x` bins from their centres, (rows, x): about 1 where strong.

        The nucleosomes on both sides of an enhancer, or one broad hump over a silencer.
        """
        away, width = (values[rows] for values in self.element)
        return bump(x, -away, width) + bump(x, away, width) if kind == "enhancer" else bump(x, 0, 2.2 * width)


def bump(x, centre, width):
    """A Gaussian of height 1."""
    return np.exp(-0.5 * ((x - centre) / width) ** 2)


def limited(pattern: np.ndarray) -> np.ndarray:
    """Overlapping signals do not add up beyond a ceiling."""
    return CEILING * np.tanh(pattern / CEILING)


def unlimited(pattern: np.ndarray) -> np.ndarray:
    """The sum of signals behind a limited pattern; what lies above the ceiling counts as 0.97 of it."""
    return CEILING * np.arctanh(np.clip(pattern / CEILING, 0, 0.97))


def expected_patterns(
    regulation: Regulation, levels: Levels, bound: np.ndarray, cell: int, shapes: Shapes
) -> dict[str, np.ndarray]:
    """{mark or "CTCF": its pattern in one cell type, (bins of the genome,)}: 0 for background, about 1 if strong.

    `bound` (elements, cell types): how well each anchor is bound.
    """
    genome = regulation.genome
    bins = GenomeBins(genome.parameters)
    tracks = {mark: np.zeros(bins.total) for mark in MARKS}
    level = {mark: values[:, [cell]] for mark, values in levels.items()}
    _promoters(genome, bins, shapes, tracks, level, regulation.state[:, cell])
    _bodies(genome, bins, shapes, tracks["H3K36me3"], level["H3K36me3"][:, 0])
    _elements(genome, bins, shapes, tracks, regulation.activity[:, [cell]])
    _strangers(genome, bins, tracks, cell)
    _heterochromatin(genome, bins, shapes, tracks["H3K9me3"], regulation.state[:, cell], cell)
    tracks["H3K27me3"] /= 1 + 4 * tracks["H3K27ac"]  # one tail residue cannot be acetylated and methylated at once
    tracks["CTCF"] = _ctcf(genome, bins, bound[:, cell])
    return {mark: limited(track) for mark, track in tracks.items()}


def _promoters(genome, bins, shapes, tracks, level, state) -> None:
    x = np.arange(-REACH, REACH + 1)
    centre = bins.at(genome.genes["chrom"], genome.genes["promoter"])
    strand = genome.genes["strand"].to_numpy()
    (up, up_width, up_share), (down, down_width) = shapes.up, shapes.down
    inside = np.exp(-np.maximum(x - down, 0) / (10 + 25 * shapes.shoulder)) / (1 + np.exp((down + 6 - x) / 3))
    for mark, width, shoulder in (("H3K4me3", 1.0, 0.17), ("H3K9ac", 0.9, 0.22), ("H3K27ac", 0.8, 0.29)):
        kernel = 0.8 * up_share * bump(x, -up, width * up_width) + bump(x, down, width * down_width)
        bins.add(tracks[mark], centre, strand, level[mark] * (kernel + shoulder * shapes.shoulder * inside))
    away, spread, height = shapes.flank
    is_open = np.minimum(level["H3K4me3"], 1) * (state <= WEAK)[:, None]
    flanks = height[:, :1] * bump(x, -away, spread) + height[:, 1:] * bump(x, away, spread)
    flanks = is_open**0.5 * 0.95 * flanks + (state == BIVALENT)[:, None] * 0.6 * bump(x, 0, 14)
    bins.add(tracks["H3K4me1"], centre, strand, flanks)
    plateau = 1 / (1 + np.exp((x - shapes.broad[:, :1]) / 4) + np.exp((-x - shapes.broad[:, 1:]) / 4))
    dip = 1 - 0.6 * np.minimum(4 * level["H3K4me3"], 1) * bump(x, 0, 4)
    bins.add(tracks["H3K27me3"], centre, strand, level["H3K27me3"] * plateau * dip)


def _bodies(genome, bins, shapes, track, level) -> None:
    """H3K36me3 rises from the promoter, is higher over exons, and fades within 2 kb downstream of the gene."""
    genes = genome.genes
    exon = np.zeros(bins.total)
    chrom = genes["chrom"].to_numpy()[genome.exons["gene"]]
    first, last = (bins.at(chrom, genome.exons[side]) for side in ("start", "end"))
    for a, b in zip(first, last + 1, strict=True):
        exon[a:b] = 0.35
    start = bins.at(genes["chrom"], genes["promoter"])
    stop = bins.at(genes["chrom"], np.where(genes["strand"] > 0, genes["end"], genes["start"]))
    for gene in np.flatnonzero(level > 0.02):
        strand = genes["strand"].iat[gene]
        length = max(strand * (stop[gene] - start[gene]), 1)
        x = np.arange(length + 25)
        rise = min(shapes.rise[gene], length)
        height = (1 - np.exp(-x / rise)) / (1 + np.exp((x - length - 5) / 6))
        where = start[gene] + strand * x
        inside = (where >= bins.first[genes["chrom"].iat[gene]]) & (where < bins.total)
        track[where[inside]] += level[gene] * height[inside] * (1 + exon[where[inside]])


def _elements(genome, bins, shapes, tracks, activity) -> None:
    x = np.arange(-AROUND_ELEMENT, AROUND_ELEMENT + 1)
    kind = genome.elements["kind"].to_numpy()
    centre = bins.at(genome.elements["chrom"], genome.elements["position"])
    one = np.ones(len(centre), np.int64)
    for name, shares in SHOWN_BY.items():
        rows = np.flatnonzero(kind == name)
        shape = shapes.of_elements(name, rows, x)
        for mark, share in shares.items():
            amount = activity[rows]
            if (name, mark) == PRIMED:
                amount = np.maximum(shapes.primed[rows], amount)
            bins.add(tracks[mark], centre[rows], one[rows], share * amount * shape)


def _strangers(genome, bins, tracks, cell) -> None:
    """Peaks at promoters that the annotation lacks (non-coding RNA, pseudogenes); unrelated to any gene."""
    p = genome.parameters
    rng = p.own_rng("strangers")
    n = p.genes // 8
    centre = rng.integers(0, bins.total, n)
    strand = rng.choice([1, -1], n)
    x = np.arange(-25, 26)
    kernel = bump(x, rng.uniform(-4, 4, (n, 1)), rng.uniform(2, 6, (n, 1)))
    height = rng.lognormal(-1.2, 0.8, (n, 1)) * (rng.random((n, p.cell_types)) < 0.7)[:, [cell]]
    for mark, share in (("H3K4me3", 1.0), ("H3K9ac", 0.9), ("H3K27ac", 0.8)):
        bins.add(tracks[mark], centre, strand, share * height * kernel)


def _heterochromatin(genome, bins, shapes, track, state, cell) -> None:
    """H3K9me3: a low field over the silent compartment, and patches in it and over shut genes of heterochromatin."""
    rng = genome.parameters.own_rng("heterochromatin")
    for domain, (chrom, start, end) in enumerate(genome.domains[["chrom", "start", "end"]].itertuples(index=False)):
        if genome.compartment[domain, cell] < 0:
            first = bins.first[chrom]
            track[first + start // BIN : first + end // BIN] = IN_B
    centre = bins.at(genome.genes["chrom"], genome.genes["tss"])
    places = [(centre[g], shapes.hetero[g]) for g in np.flatnonzero(state == HETERO)]
    n = max(1, bins.total // 12_000)
    places += list(zip(rng.integers(0, bins.total, n), rng.uniform(40, 250, n), strict=True))
    for middle, half in places:
        a, b = max(int(middle - half), 0), min(int(middle + half), bins.total)
        if track[int(middle) % bins.total] > 0 or middle in centre:
            track[a:b] = np.maximum(track[a:b], 0.8)


def _ctcf(genome, bins, bound) -> np.ndarray:
    x = np.arange(-6, 7)
    rows = np.flatnonzero(bound > 0)
    centre = bins.at(genome.elements["chrom"].iloc[rows], genome.elements["position"].iloc[rows])
    track = np.zeros(bins.total)
    bins.add(track, centre, np.ones(len(rows), np.int64), bound[rows, None] * bump(x, 0, 1.3))
    return track
