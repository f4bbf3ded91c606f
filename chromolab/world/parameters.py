"""Parameters of a teaching genome: its size, its seed and its dials."""

import hashlib
import json
import math
import zlib
from dataclasses import asdict, dataclass

import numpy as np

from chromolab.data.text import is_whole
from chromolab.errors import ChromolabError

GENERATOR_VERSION = 6  # raise it whenever the same parameters would give other files: cached worlds are then rebuilt
BIN = 100  # bp: the grid on which expected signal is laid out
CONTACTS = ("lifelike", "strong")
SPECIES = ("a", "b")
DIALS = ("lineage_spread", "code_drift")  # at 0 a world is what it was before they were there, by name, too
LARGEST_SHARE = 0.25  # no setting reaches more
LARGEST = {"chromosomes": 100, "chromosome_length": 300_000_000, "genes": 60_000, "cell_types": 100}
LARGEST_GENOME = 3_000_000_000  # bp x cell types: what a disk can hold


@dataclass(frozen=True)
class Parameters:
    """All parameters that determine a world's files.

    Attributes
    ----------
    seed : int
    species : {"a", "b"}
        "b" is the species of the same seed that parted from it: `chromolab.world.species`.
    contacts : {"lifelike", "strong"}
        Whether contacts matter as in cells, or enough to be seen at work in a small genome.
    distal_share : float, optional
        Share of the variance of log2(RPKM + 1) that the contacts table explains beyond the promoter window; 0 (no
        enhancer does anything) to 0.25. None: what follows from `contacts`.
    readout : float
        Strength of the read-out of transcription by H3K36me3, as a multiple of the lifelike one; 0 (the mark says
        nothing) to 3.
    depth : float
        Reads of every track, as a multiple of the usual number; 0.05 to 10.
    ctcf : float
        How much more a promoter's contacts bring where CTCF binds it, as a share; 0 (nothing) to 5.
    lineage_spread : float
        How far the scale of a mark's tracks differs between lineages: spread (log) of what all tracks of a mark in a
        lineage share; 0 to 2.
    code_drift : float
        How far the code differs between lineages: spread (log) of how much each mark tells of a promoter's strength and
        pull and of transcription; 0 to 2.
    scrambled : bool
        Write every mark's track with another mark's pattern.
    chromosomes, chromosome_length : int
        Number of chromosomes, and the length of each in bp.
    genes, enhancers, silencers, anchors : int
        Numbers in the whole genome; anchors are CTCF sites.
    cell_types, lineages : int
        Numbers of cell types, and of lineages, which divide them evenly.
    """

    seed: int = 0
    species: str = "a"
    contacts: str = "lifelike"
    distal_share: float | None = None
    readout: float = 1.0
    depth: float = 1.0
    ctcf: float = 0.0
    lineage_spread: float = 0.0
    code_drift: float = 0.0
    scrambled: bool = False
    chromosomes: int = 8
    chromosome_length: int = 12_500_000
    genes: int = 960
    enhancers: int = 2_592
    silencers: int = 480
    anchors: int = 768
    cell_types: int = 4
    lineages: int = 2

    def __post_init__(self):
        self._check_size()
        if self.distal_share is not None:
            _within("distal_share", self.distal_share, 0, LARGEST_SHARE)
        _within("readout", self.readout, 0, 3)
        _within("depth", self.depth, 0.05, 10)
        _within("ctcf", self.ctcf, 0, 5)
        for name in DIALS:
            _within(name, getattr(self, name), 0, 2)
        for name, choices in (("species", SPECIES), ("contacts", CONTACTS)):
            if getattr(self, name) not in choices:
                raise ChromolabError(f"{name} is {getattr(self, name)!r}; expected one of {', '.join(choices)}")
        if self.chromosome_length % BIN or self.chromosome_length < 500_000:
            raise ChromolabError(
                f"chromosome_length is {self.chromosome_length}; expected a multiple of {BIN}, at least 500,000"
            )
        if not 1 <= self.lineages <= min(self.cell_types, 26):
            raise ChromolabError(
                f"{self.lineages} lineages for {self.cell_types} cell types; expected at least 1, at most 26, and no "
                "more lineages than cell types"
            )
        if self.chromosomes < 3 or self.genes < 5 * self.chromosomes:
            raise ChromolabError(
                f"{self.chromosomes} chromosomes, {self.genes} genes; expected at least 3 chromosomes (for training, "
                "early stopping and testing), and 5 genes on each"
            )
        self._check_room()

    def _check_size(self) -> None:
        if not is_whole(self.seed, least=0):
            raise ChromolabError(f"seed is {str(self.seed)[:40]}; expected a whole number from 0")
        for name in ("enhancers", "silencers", "anchors", "lineages", *LARGEST):
            value = getattr(self, name)
            if not is_whole(value, least=0) or value > LARGEST.get(name, 2**63):
                raise ChromolabError(
                    f"{name} is {str(value)[:40]}; expected a whole number from 0 to {LARGEST.get(name, 2**63):,}"
                )
        if self.chromosomes * self.chromosome_length * self.cell_types > LARGEST_GENOME:
            raise ChromolabError(
                f"{self.chromosomes} chromosomes of {self.chromosome_length:,} bp in {self.cell_types} cell types: too "
                f"large; expected at most {LARGEST_GENOME:,} bp in all"
            )

    def _check_room(self) -> None:
        total = self.chromosomes * self.chromosome_length
        if total / self.genes < 20_000 or total / max(self.enhancers + self.silencers + self.anchors, 1) < 10_000:
            raise ChromolabError(
                f"{self.genes} genes and {self.enhancers + self.silencers + self.anchors} elements on {total:,} bp: "
                "too dense; expected at least 20 kb per gene and 10 kb per element. Use fewer, or longer chromosomes"
            )

    @property
    def chrom_sizes(self) -> dict[str, int]:
        """{chromosome: length in bp}."""
        return {f"chr{i + 1}": self.chromosome_length for i in range(self.chromosomes)}

    @property
    def cell_type_names(self) -> list[str]:
        """Lineage letter and number: simA1, simA2, simB1, simB2; simbA1 ... in species b."""
        prefix, lineage = "sim" if self.species == "a" else f"sim{self.species}", self.lineage_of
        return [f"{prefix}{chr(65 + g)}{1 + lineage[:i].count(g)}" for i, g in enumerate(lineage)]

    @property
    def lineage_of(self) -> list[int]:
        """Each cell type's lineage, from 0; cell types of one lineage are next to each other."""
        return [i * self.lineages // self.cell_types for i in range(self.cell_types)]

    @property
    def folds(self) -> dict[int, tuple[str, ...]]:
        """Fold -> chromosomes: pairs of neighbouring chromosomes, or fewer each if there are fewer than eight."""
        names = list(self.chrom_sizes)
        n = min(len(names), max(4, len(names) // 2))
        return {f + 1: tuple(c for i, c in enumerate(names) if i * n // len(names) == f) for f in range(n)}

    def rng(self, purpose: str) -> np.random.Generator:
        """A separate random stream for each purpose, so that one setting does not reshuffle unrelated draws."""
        return np.random.default_rng([self.seed, zlib.crc32(purpose.encode())])

    def by_lineage(self, purpose: str, spread: float) -> np.ndarray:
        """A factor for each cell type, (cell types,), that its lineage shares: log-normal; 1 where `spread` is 0."""
        drawn = self.rng(purpose).standard_normal(self.lineages)
        return np.exp(spread * drawn)[self.lineage_of]

    def own_rng(self, purpose: str) -> np.random.Generator:
        """As `rng`, but other draws in each species: for what the two do not share."""
        return self.rng(purpose if self.species == "a" else f"{purpose}, species {self.species}")

    @property
    def name(self) -> str:
        """The world's folder name in the cache: readable, and unique for every set of parameters."""
        told = {name: value for name, value in asdict(self).items() if name not in DIALS or value}
        text = json.dumps([GENERATOR_VERSION, told], sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        kind = "-scrambled" if self.scrambled else ""
        return f"world-v{GENERATOR_VERSION}-{self.species}-seed{self.seed}-{self.contacts}{kind}-{digest}"


def _within(name: str, value: float, low: float, high: float) -> None:
    if not (isinstance(value, int | float) and math.isfinite(value) and low <= value <= high):
        raise ChromolabError(f"{name} is {value!r}; expected a number from {low:g} to {high:g}")
