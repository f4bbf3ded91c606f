"""Motifs as files have them: MEME's text format, and JASPAR's, with whole or fractional counts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from os import PathLike

import numpy as np

from chromolab.data.sequence.fasta import LETTERS, other_strand
from chromolab.data.text import number_of, text_lines
from chromolab.errors import ChromolabError

WHAT = "motifs in MEME's or JASPAR's format"
EVEN = (0.25, 0.25, 0.25, 0.25)
SITES = 20.0  # what MEME takes where a file does not say from how many sites a motif was made
PSEUDO = 0.1  # sites of background letters that are added to a motif, as FIMO does
OFF = 0.02  # by which a row of probabilities may miss a sum of 1, as rounding does


@dataclass(frozen=True, eq=False)
class Motif:
    """What a factor binds: the probability of each letter at each place.

    Attributes
    ----------
    name : str
    probabilities : array (places, 4)
        Of A, C, G, T; each row adds up to 1.
    sites : float
        How many known sites it was made from.
    background : array (4,)
        Shares of the letters where there is no site, alike on both strands.
    about : str
        What else the file says of it, such as the factor that JASPAR's MA0139.1 stands for.
    """

    name: str
    probabilities: np.ndarray
    sites: float = SITES
    background: np.ndarray = field(default_factory=lambda: np.array(EVEN))
    about: str = ""

    def __repr__(self) -> str:
        about = f" ({self.about})" if self.about else ""
        return f"Motif {self.name}{about}: {self.consensus}, {self.information.sum():.1f} bits"

    def __len__(self) -> int:
        return len(self.probabilities)

    @property
    def consensus(self) -> str:
        """The most probable letter of each place."""
        return "".join(LETTERS[i] for i in self.probabilities.argmax(1))

    @property
    def information(self) -> np.ndarray:
        """Bits that each place tells, (places,): 2 where one letter is certain, 0 where all four are as probable."""
        p = self.probabilities
        return 2 + np.where(p > 0, p * np.log2(np.where(p > 0, p, 1)), 0).sum(1)

    @property
    def scores(self) -> np.ndarray:
        """Log2 of probability over background, (places, 4), with a tenth of a site of background added, as in FIMO."""
        mixed = (self.sites * self.probabilities + PSEUDO * self.background) / (self.sites + PSEUDO)
        return np.log2(mixed / self.background)

    def site(self, strand: str = "+") -> str:
        """The strongest site: the consensus; on "-", as it is read on the + strand."""
        return self.consensus if strand == "+" else other_strand(self.consensus)


def read_motifs(path: str | PathLike[str]) -> dict[str, Motif]:
    """Read a file of motifs: MEME's text format, or JASPAR's (`>MA0139.1 CTCF`, then a row of counts per letter).

    Parameters
    ----------
    path : path
        Compressed or not; the format is told from what is in it.

    Returns
    -------
    dict
        {name: Motif} in the order of the file. In JASPAR the name is the matrix's id, and `about` the factor's name.

    Raises
    ------
    ChromolabError
        If the file is in neither format, has no motif, has two of one name, or a row of a motif is not what it should
        be; the message names the line.
    """
    lines = [(n, line.strip()) for n, line in text_lines(path, WHAT, reads=("a FASTA of sequences",))]
    lines = [(n, line) for n, line in lines if line and not line.startswith("#")]
    first = lines[0][1] if lines else ""
    if first.startswith("MEME version"):
        read = _meme(path, lines)
    elif first.startswith(">"):
        read = _jaspar(path, lines)
    else:
        raise ChromolabError(f"{path}: it begins with {first[:40]!r}; expected {WHAT}: 'MEME version 4' or '>name'")
    found: dict[str, Motif] = {}
    for number, motif in read:
        if motif.name in found:
            raise ChromolabError(f"{path}, line {number}: a second motif {motif.name}; expected each name once")
        found[motif.name] = motif
    if not found:
        raise ChromolabError(f"{path}: it has no motif; expected {WHAT}")
    return found


def motif_list(motifs: str | PathLike[str] | Motif | Iterable[Motif] | dict[str, Motif]) -> list[Motif]:
    """Motifs however they are given: a file, one, several, or `read_motifs` of a file.

    Raises ChromolabError for anything else.
    """
    if isinstance(motifs, str | PathLike):
        motifs = read_motifs(motifs)
    given = [motifs] if isinstance(motifs, Motif) else list(motifs.values() if isinstance(motifs, dict) else motifs)
    if not given or (wrong := [m for m in given if not isinstance(m, Motif)]):
        raise ChromolabError(f"motifs: {(wrong[0] if given else motifs)!r}; expected motifs (cl.data.read_motifs)")
    return given


Lines = list[tuple[int, str]]


def _meme(path, lines: Lines) -> Iterator[tuple[int, Motif]]:
    """(line, motif) of MEME's text format."""
    rows: list[list[float]] = []
    background, name, about, sites, wanted, at = np.array(EVEN), "", "", SITES, 0, 0
    for place, (number, line) in enumerate(lines):
        if line.startswith("ALPHABET") and line.partition("=")[2].strip() not in (LETTERS, ""):
            raise ChromolabError(f"{path}, line {number}: {line[:60]!r}; expected motifs of DNA: ALPHABET= ACGT")
        if line.startswith("Background letter frequencies"):
            background = _background(path, lines[place + 1 : place + 5])
        elif line.startswith("MOTIF"):
            name, _, about = line[len("MOTIF") :].strip().partition(" ")
            at = number
        elif line.startswith("letter-probability matrix"):
            stated = dict(re.findall(r"(\w+)\s*=\s*(\S+)", line))
            wanted, rows = int(number_of(stated["w"])) if stated.get("w", "").isdigit() else 0, []
            sites = number_of(stated.get("nsites", "")) or SITES
            sites = sites if sites > 0 else SITES
            if not name or wanted < 1 or stated.get("alength", "4") != "4":
                raise ChromolabError(
                    f"{path}, line {number}: {line[:60]!r}; expected a line MOTIF before, alength= 4, w= "
                )
        elif len(rows) < wanted:
            rows.append(_row(path, number, line.split(), 4))
            if abs(sum(rows[-1]) - 1) > OFF:
                raise ChromolabError(f"{path}, line {number}: {line[:60]!r} add up to {sum(rows[-1]):g}; expected 1")
            if len(rows) == wanted:
                p = np.array(rows)
                yield at, Motif(name, p / p.sum(1, keepdims=True), sites, background, about.strip())
                wanted, name = 0, ""
        if line.startswith("MOTIF") and len(rows) < wanted:
            break
    if len(rows) < wanted:
        raise ChromolabError(f"{path}, line {at}: this motif has {len(rows)} of {wanted} rows: the file is cut short")


def _background(path, lines: Lines) -> np.ndarray:
    """Shares of A, C, G and T of the lines "A 0.3 C 0.2 G 0.2 T 0.3", the same on both strands."""
    words = " ".join(line for _, line in lines).split()[:8]
    share = dict(zip(words[::2], map(number_of, words[1::2]), strict=False))
    found = np.array([share.get(letter, np.nan) for letter in LETTERS])
    if not (found > 0).all() or abs(found.sum() - 1) > OFF:
        raise ChromolabError(
            f"{path}, line {lines[0][0] if lines else 1}: expected shares such as A 0.3 C 0.2 G 0.2 T 0.3"
        )
    return (found + found[::-1]) / 2 / found.sum()


def _jaspar(path, lines: Lines) -> Iterator[tuple[int, Motif]]:
    """(line, motif) of JASPAR's format: a title and four rows of counts, with or without the letter and brackets."""
    for at in range(0, len(lines), 5):
        (number, title), rows = lines[at], lines[at + 1 : at + 5]
        name, _, about = title[1:].strip().partition(" ")
        if not title.startswith(">") or not name or len(rows) < 4:
            raise ChromolabError(f"{path}, line {number}: {title[:60]!r}; expected '>name' and four rows: A, C, G, T")
        counts: list[list[float]] = []
        for (n, line), letter in zip(rows, LETTERS, strict=True):
            cells = re.sub(rf"^{letter}\b|[\[\]]", " ", line).split()
            counts.append(_row(path, n, cells, len(counts[0]) if counts else len(cells)))
        table = np.array(counts).T  # (places, 4)
        if not table.size or (table.sum(1) <= 0).any():
            raise ChromolabError(f"{path}, line {number}: {name} has a place without counts; expected some of a letter")
        total = table.sum(1, keepdims=True)
        yield number, Motif(name, table / total, float(total.mean()), about=about.strip())


def _row(path, number: int, cells: list[str], wanted: int) -> list[float]:
    """Numbers of at least 0 of one line, `wanted` of them."""
    values = [number_of(cell) for cell in cells]
    if len(values) != wanted or not all(v >= 0 for v in values):
        raise ChromolabError(f"{path}, line {number}: {' '.join(cells)[:60]!r}; expected {wanted} numbers, 0 or more")
    return values
