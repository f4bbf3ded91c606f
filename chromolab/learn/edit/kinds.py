"""The kinds of edits, and the functions that make them from "chrom:start-end"; each checks its arguments."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chromolab.data.intervals import parse_region
from chromolab.data.sequence.fasta import LETTERS, other_strand
from chromolab.data.text import is_whole
from chromolab.errors import ChromolabError

STEP = 100  # bp per painted value, the default
FLOAT64 = float(np.finfo(np.float64).max)  # a Python int can be larger
FLOAT32 = float(np.finfo(np.float32).max)  # what models compute in
MOTIF_KINDS = ("break", "flip", "insert")
OTHER = str.maketrans("ACGT", "CATG")  # a letter for each that neither is it nor pairs with it


@dataclass(frozen=True)
class Edit:
    """What every edit has: its place `chrom`, `start`, `end` (bp, 0-based, half open)."""

    chrom: str
    start: int
    end: int

    @property
    def region(self) -> str:
        """The place as text: chrom:start-end."""
        return f"{self.chrom}:{self.start}-{self.end}"


@dataclass(frozen=True)
class Scale(Edit):
    """Depth of `mark` is multiplied by `factor`; bases without data stay without data.

    The values of a signed track go towards 0 (factor below 1) or away from it, and keep their sign.
    """

    mark: str
    factor: float


@dataclass(frozen=True)
class Paint(Edit):
    """Depth of `mark` is set to `depths` (reads per base), each over `step` bp from `start` on; None leaves it.

    Values below 0 are for signed tracks.

    A base without data has data afterwards.
    """

    mark: str
    depths: tuple[float | None, ...]
    step: int

    def along(self, begin: int, end: int) -> np.ndarray:
        """Painted depth at the bases [begin, end) inside the place, (bases,); NaN where nothing is painted."""
        step = min(self.step, np.iinfo(np.int64).max)
        return np.array(self.depths, np.float64)[(np.arange(begin, end) - self.start) // step]


@dataclass(frozen=True)
class DropPcre(Edit):
    """The contact with this pCRE is cut; the pCRE's own tracks stay as they are."""


@dataclass(frozen=True)
class AddPcre(Edit):
    """The promoter also touches this place, with this interaction frequency."""

    frequency: float


@dataclass(frozen=True)
class SetFrequency(Edit):
    """The contact with this pCRE gets another interaction frequency."""

    frequency: float


@dataclass(frozen=True)
class ChangeMotif(Edit):
    """The letters of a place are changed: `kind` is "break", "flip" or "insert"; `letters` are those of an insert."""

    kind: str
    letters: str = ""

    def written(self, letters: str, begin: int) -> str:
        """A text of the + strand whose first letter lies at `begin` (bp), with this edit; it must hold the place."""
        low, high = self.start - begin, self.end - begin
        old = letters[low:high]
        new = {"break": old.translate(OTHER), "flip": other_strand(old), "insert": self.letters}[self.kind]
        return letters[:low] + new + letters[high:]


def motif(kind: str, region: str, letters: str = "") -> ChangeMotif:
    """Change letters of the genome: break a motif, flip it, or insert one.

    Nothing moves: an insert is written over what stands there, so that all coordinates stay as they are.

    Parameters
    ----------
    kind : {"break", "flip", "insert"}
        "break" puts another letter at every place (A for C and C for A, G for T and T for G), so that nothing binds
        that bound before. "flip" turns the place: it is read on the other strand afterwards. "insert" writes `letters`.
    region : str
        "chrom:start-end": a row of `cl.data.motif_sites`, say.
    letters : str
        Of an insert: as many of A, C, G and T as the region has bp, as they are read on the + strand;
        `Motif.site("+")` and `Motif.site("-")` are a motif's strongest site in either direction.

    Raises
    ------
    ChromolabError
        For another kind, text that is not a region, or letters that do not fit.
    """
    chrom, start, end = parse_region(region)
    if kind not in MOTIF_KINDS:
        raise ChromolabError(f"kind is {kind!r}; expected one of {', '.join(MOTIF_KINDS)}")
    if not isinstance(letters, str) or {*letters.upper()} - {*LETTERS}:
        raise ChromolabError(f"letters are {str(letters)[:40]!r}; expected A, C, G and T")
    if len(letters) != (end - start if kind == "insert" else 0):
        wanted = f"{end - start} for {region}" if kind == "insert" else f"none for {kind!r}, which needs only the place"
        raise ChromolabError(f"{len(letters)} letters; expected {wanted}")
    return ChangeMotif(chrom, start, end, kind, letters.upper())


def scale(mark: str, region: str, factor: float) -> Scale:
    """Multiply a mark's depth by a factor.

    Parameters
    ----------
    mark : str
    region : str
        "chrom:start-end".
    factor : float
        At least 0; bases without data stay without data.

    Raises
    ------
    ChromolabError
        For text that is not a region, or a negative or infinite factor.
    """
    return Scale(*parse_region(region), str(mark), _number("factor", factor))


def erase(mark: str, region: str) -> Scale:
    """Set a mark's depth to zero wherever there are data: `scale` by 0.

    Zero is no reads in a track of depth, and neither up nor down in a signed one (PC1, a log ratio).

    Parameters
    ----------
    mark : str
    region : str
        "chrom:start-end".

    Raises
    ------
    ChromolabError
        For text that is not a region.
    """
    return scale(mark, region, 0.0)


def set_depth(mark: str, region: str, depth: float) -> Paint:
    """Set a mark's depth to one value over a region, also where there were no data.

    Parameters
    ----------
    mark : str
    region : str
        "chrom:start-end".
    depth : float
        Reads per base, at least 0; a signed track may be set to any finite value.

    Raises
    ------
    ChromolabError
        For text that is not a region, or an infinite depth; a negative one is refused when the edit is applied to a
        track that is not signed.
    """
    chrom, start, end = parse_region(region)
    return Paint(chrom, start, end, str(mark), (_number("depth", depth, signed=True),), end - start)


def paint(mark: str, region: str, values: Sequence[float | None] | np.ndarray, step: int = STEP) -> Paint:
    """Set a mark's depth along a region.

    Parameters
    ----------
    mark : str
    region : str
        "chrom:start-end".
    values : sequence of float or None
        Mean depth of each `step` base pairs from the region's own start; the last step may be shorter. None or NaN
        leaves a step as it is. Below 0 only in a signed track.
    step : int
        Base pairs per value.

    Raises
    ------
    ChromolabError
        For an infinite value, or if the number of values is not the region's number of steps; a negative value is
        refused when the edit is applied to a track that is not signed.
    """
    chrom, start, end = parse_region(region)
    if not is_whole(step):
        raise ChromolabError(f"step is {step!r}; expected a whole number of base pairs, at least 1")
    values = tuple(None if v is None or v != v else _number("value", v, signed=True) for v in values)
    if len(values) != -(-(end - start) // int(step)):
        raise ChromolabError(
            f"{len(values)} values for {region}, which has {-(-(end - start) // int(step))} steps of {step} bp; give "
            "one value per step"
        )
    return Paint(chrom, start, end, str(mark), values, int(step))


def drop_pcre(region: str) -> DropPcre:
    """Cut the contact with a pCRE.

    Parameters
    ----------
    region : str
        The pCRE's place, "chrom:start-end": a row of `gene.pcres()`.

    Raises
    ------
    ChromolabError
        For text that is not a region.
    """
    return DropPcre(*parse_region(region))


def add_pcre(region: str, frequency: float) -> AddPcre:
    """Let the promoter touch one more place.

    The marks' depth there comes from the edited dataset if it holds exactly this region, else from `source=` of
    `cl.edit`. Where neither has it, every mark must be painted over the region.

    Parameters
    ----------
    region : str
        "chrom:start-end"; at most as long as the dataset's window.
    frequency : float
        Interaction frequency, at least 0, in the unit of the dataset's contacts.

    Raises
    ------
    ChromolabError
        For text that is not a region, or a negative or infinite frequency.
    """
    return AddPcre(*parse_region(region), _number("frequency", frequency))


def set_frequency(region: str, frequency: float) -> SetFrequency:
    """Set how often the promoter touches a pCRE.

    Parameters
    ----------
    region : str
        The pCRE's place, "chrom:start-end": a row of `gene.pcres()`.
    frequency : float
        Interaction frequency, at least 0, in the unit of the dataset's contacts.

    Raises
    ------
    ChromolabError
        For text that is not a region, or a negative or infinite frequency.
    """
    return SetFrequency(*parse_region(region), _number("frequency", frequency))


def _number(name: str, number, signed: bool = False) -> float:
    if isinstance(number, bool) or not isinstance(number, int | float | np.number):
        raise ChromolabError(f"{name} is {number!r}; expected a number")
    finite = abs(number) <= FLOAT64 if isinstance(number, int) else np.isfinite(number)
    if not finite or (number < 0 and not signed):
        cannot = "infinite" if signed else "negative or infinite"
        raise ChromolabError(f"{name} is {str(number)[:40]}; it cannot be {cannot}")
    # A float32 becomes the float64 of its shortest decimal text: 0.1, not 0.10000000149, in JSON and in Python.
    return float(str(number)) if isinstance(number, np.float32 | np.float16) else float(number)
