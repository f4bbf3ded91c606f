"""The genome as letters: random background, in which every element, promoter and anchor carries its motifs.

Each factor binds a word of 12 bp, CTCF the known one of 19 bp, which has a direction; both species have the same words.
A site is a word with 0 to 3 mismatches: a match of 1, 0.8, 0.6 or 0.4. An anchor reads CTCF, other elements read all
other factors, each in its 1,000 bp. No word stands there by chance, so that `read_motifs` finds in the sequence exactly
the motifs that make an element active, and an edited sequence has a true effect (`Causes.sequence`). In 10 bp a factor
would find seven weak sites by chance in every element; in 12 bp it finds one, which can be kept out.
"""

from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.files import alone, atomic_write, write_text
from chromolab.errors import ChromolabError
from chromolab.world.genome import MATCHES, Genome, make_factors
from chromolab.world.parameters import Parameters
from chromolab.world.species import genome_of

WIDTH = 12  # bp of a factor's word
CTCF_WORD = "TGGCCACCAGGGGGCGCTA"  # consensus of JASPAR's MA0139.1
GC, GC_IN_A = 0.41, 0.03  # share of G and C, and what compartment A has more, B less
HALF_WIDTH = 500  # bp to each side of an element's position in which its motifs are read
NEAR, AT_PEAK = 250, 40  # bp to each side in which an element's sites are planted; the same of an anchor
UPSTREAM, DOWNSTREAM = 200, 50  # bp about a promoter in which its sites are planted
GAP = 6  # bp at least between two sites
FARTHEST = len(MATCHES) - 1  # mismatches of the weakest site
MOST_FACTORS = 60  # more words cannot be kept apart
LINE = 60  # letters
LETTERS = np.frombuffer(b"ACGT", np.uint8)  # in this order; a letter's complement stands as far from the other end


@lru_cache(maxsize=4)
def make_words(p: Parameters) -> dict[str, np.ndarray]:
    """{factor: its word (bp,) as places in LETTERS}, so far apart that no site of one can be read as another's.

    Raises
    ------
    ChromolabError
        If there are more than 60 factors.
    """
    names = make_factors(p).name
    if len(names) > MOST_FACTORS:
        raise ChromolabError(
            f"{len(names)} factors; a sequence can be made for at most {MOST_FACTORS}: use fewer cell types"
        )
    ctcf = _numbers_of(CTCF_WORD)
    inside = np.lib.stride_tricks.sliding_window_view(ctcf, WIDTH)
    pool = p.rng("words").integers(0, 4, (60_000, WIDTH), np.uint8)
    pool = pool[_apart(pool, _other_strand(pool)) & _shifted_apart(pool, pool)]
    for word in (*inside, *_other_strand(inside)):
        pool = pool[_apart(pool, word)]
    words = {}
    for name in names:
        words[name] = ctcf if name == "CTCF" else pool[0]
        if name != "CTCF":
            pool = pool[_apart(pool, words[name]) & _apart(pool, _other_strand(words[name]))]
    return words


def _apart(pool: np.ndarray, word: np.ndarray) -> np.ndarray:
    """Whether the weakest sites of two words still differ as no site does, wherever they overlap, (pool,)."""
    return ((pool != word).sum(-1) > 2 * FARTHEST) & _shifted_apart(pool, word)


def _shifted_apart(pool: np.ndarray, word: np.ndarray) -> np.ndarray:
    """Whether no word can be read across the edge of another, once the letters beside it are chosen well, (pool,)."""
    fine = np.ones(len(pool), bool)
    for n in range(1, FARTHEST + 1):
        fine &= (pool[:, n:] != word[..., : WIDTH - n]).sum(-1) > FARTHEST - n
        fine &= (pool[:, : WIDTH - n] != word[..., n - WIDTH :]).sum(-1) > FARTHEST - n
    return fine


def _other_strand(letters: np.ndarray) -> np.ndarray:
    return 3 - letters[..., ::-1]


def _numbers_of(sequence: str) -> np.ndarray:
    """The letters as places in LETTERS, 255 for N.

    Raises
    ------
    ChromolabError
        For any other letter.
    """
    place = np.full(256, 254, np.uint8)
    place[LETTERS], place[LETTERS + 32], place[[ord("N"), ord("n")]] = range(4), range(4), 255
    letters = place[np.frombuffer(sequence.encode("ascii", "replace"), np.uint8)]
    if (letters == 254).any():
        at = int(np.argmax(letters == 254))
        raise ChromolabError(f"{sequence[at]!r} at place {at + 1} of the sequence; expected A, C, G, T or N")
    return letters


def read_motifs(p: Parameters, sequence: str) -> tuple[np.ndarray, int]:
    """Each factor's best match on either strand of a sequence, (factors,), 0 for none; and the strand of CTCF.

    The strand is that of the best CTCF site, +1 or -1; 0 without one.
    """
    letters, strand = _numbers_of(sequence), 0
    match = np.zeros(len(make_words(p)))
    for i, (name, word) in enumerate(make_words(p).items()):
        if len(letters) < len(word):
            continue
        places = np.lib.stride_tricks.sliding_window_view(letters, len(word))
        forward, backward = (int((places != w).sum(1).min()) for w in (word, _other_strand(word)))
        if min(forward, backward) <= FARTHEST:
            match[i] = MATCHES[min(forward, backward)]
            if name == "CTCF":
                strand = 1 if forward <= backward else -1
    return match, strand


def make_sites(genome: Genome) -> pd.DataFrame:
    """Draw where motifs stand: a table of sites, in order.

    Columns: chrom, start, end (bp), strand (+1 / -1), factor, owner (a gene_id or element_id), match (0.4 to 1), and
    sequence (the letters, as they are read on the + strand).
    """
    words, rng = make_words(genome.parameters), genome.parameters.own_rng("sites")
    both = np.array([w for name, w in words.items() if name != "CTCF"])
    both = np.concatenate([both, _other_strand(both)])
    taken = {chrom: np.zeros(size, bool) for chrom, size in genome.parameters.chrom_sizes.items()}
    names, rows = list(words), []
    for chrom, low, high, strand, owner, motif in _owners(genome):
        for factor in np.flatnonzero(motif):
            word, match = words[names[factor]], motif[factor]
            start = _place(rng, taken[chrom], low, high, len(word))
            turn = strand if names[factor] == "CTCF" else rng.choice([1, -1])
            letters = _weakened(rng, word if turn > 0 else _other_strand(word), MATCHES.index(match), both)
            text = LETTERS[letters].tobytes().decode()
            rows.append((chrom, start, start + len(word), turn, names[factor], owner, match, text))
    table = pd.DataFrame(rows, columns=["chrom", "start", "end", "strand", "factor", "owner", "match", "sequence"])
    number = table["chrom"].map({chrom: i for i, chrom in enumerate(taken)})
    return table.iloc[np.lexsort((table["start"], number))].reset_index(drop=True)


def _owners(genome: Genome) -> list[tuple]:
    """Chrom, where sites may stand (from, to, bp), strand, name and motifs (factors,); the narrowest place first."""
    e, g = genome.elements, genome.genes
    near = np.where(e["kind"] == "anchor", AT_PEAK, NEAR)
    before, after = (np.where(g["strand"] > 0, *side) for side in ((UPSTREAM, DOWNSTREAM), (DOWNSTREAM, UPSTREAM)))
    places = [(e, "element_id", e["position"] - near, e["position"] + near, genome.element_motif)]
    places.append((g, "gene_id", g["promoter"] - before, g["promoter"] + after, genome.gene_motif))
    rows = [
        row
        for table, name, low, high, motif in places
        for row in zip(table["chrom"], low, high, table["strand"], table[name], motif, strict=True)
    ]
    return sorted(rows, key=lambda row: row[2] - row[1])


def _place(rng: np.random.Generator, taken: np.ndarray, low: int, high: int, width: int) -> int:
    """A free place from `low` to `high` (bp), or as near as there is one; it is taken now."""
    for attempt in range(10_000):
        beyond = attempt // 50 * 10
        start = int(rng.integers(low - beyond, high + beyond - width + 1))
        if not taken[start - GAP : start + width + GAP].any():
            break
    taken[start : start + width] = True
    return start


def _weakened(rng: np.random.Generator, word: np.ndarray, mismatches: int, words: np.ndarray) -> np.ndarray:
    """The word with so many letters changed, such that none of `words` is read across its edges."""
    for _ in range(1_000):
        letters = word.copy()
        at = rng.choice(len(word), mismatches, replace=False)
        letters[at] = (letters[at] + rng.integers(1, 4, mismatches)) % 4
        if _shifted_apart(words, letters).all():
            break
    return letters


def make_letters(genome: Genome, sites: pd.DataFrame, chrom: str) -> np.ndarray:
    """The sequence of one chromosome, (bp,) as places in LETTERS."""
    rng = genome.parameters.own_rng(f"sequence {chrom}")
    size = genome.parameters.chrom_sizes[chrom]
    letters, planted, begins = np.empty(size, np.uint8), np.zeros(size, bool), np.zeros(size, bool)
    for domain in genome.domains[genome.domains["chrom"] == chrom].itertuples():
        share = GC + GC_IN_A * genome.compartment[domain.Index].mean()
        strong = round(256 * share)
        kinds = np.repeat(np.array([1, 2, 0, 3], np.uint8), np.diff([0, strong // 2, strong, (strong + 256) // 2, 256]))
        letters[domain.start : domain.end] = kinds[rng.integers(0, 256, domain.end - domain.start, np.uint8)]
    for site in sites[sites["chrom"] == chrom].itertuples():
        letters[site.start : site.end] = _numbers_of(site.sequence)
        planted[site.start : site.end] = True
        begins[site.start] = True
    here = genome.elements[(genome.elements["chrom"] == chrom) & (genome.elements["kind"] != "anchor")]
    where = here["position"].to_numpy()[:, None] + np.arange(-HALF_WIDTH, HALF_WIDTH)
    letters[where] = _without_chance(rng, letters[where], planted[where], begins[where], _readable(genome))
    return letters


def _readable(genome: Genome) -> np.ndarray:
    """Whether some factor reads a site in each of the 4 ** WIDTH sequences of WIDTH letters."""
    words = np.array([w for name, w in make_words(genome.parameters).items() if name != "CTCF"])
    words = np.concatenate([words, _other_strand(words)]).astype(np.int64)
    weight = 4 ** np.arange(WIDTH)[::-1]
    readable = np.zeros(4**WIDTH, bool)
    changes = np.stack(np.meshgrid(*[np.arange(4)] * FARTHEST), -1).reshape(-1, FARTHEST)
    for at in combinations(range(WIDTH), FARTHEST):
        kept = words.copy()
        kept[:, at] = 0
        readable[((kept @ weight)[:, None] + changes @ weight[list(at)]).ravel()] = True
    return readable


def _without_chance(rng, letters, planted, begins, readable) -> np.ndarray:
    """Change letters (windows, bp) that are not planted until no site can be read but those that begin in `begins`."""
    rows = np.arange(len(letters))
    for _ in range(1_000):
        last = letters.shape[1] - WIDTH + 1
        number = np.zeros((len(rows), last), np.int32)
        for i in range(WIDTH):
            number = number * 4 + letters[rows, i : i + last]
        found, at = np.nonzero(readable[number] & ~begins[rows, :last])
        if not len(found):
            return letters
        row, place = rows[found], at + rng.integers(0, WIDTH, len(at))
        row, place = row[~planted[row, place]], place[~planted[row, place]]
        letters[row, place] = (letters[row, place] + rng.integers(1, 4, len(row))) % 4
        rows = rows[np.unique(found)]
    raise ChromolabError("chance sites could not be kept out of the sequence; use another seed, or fewer cell types")


def fasta_of(p: Parameters, folder: Path) -> Path:
    """`genome.fa` and its index in a world's folder; made there if need be, once by however many processes."""
    path = folder / "genome.fa"
    if not has_fasta(p, folder):
        with alone(folder / ".genome.fa.lock"):
            if not has_fasta(p, folder):
                _write_fasta(genome_of(p), path)
    return path


def has_fasta(p: Parameters, folder: Path) -> bool:
    """Whether `genome.fa` and its index lie whole in a world's folder."""
    path = folder / "genome.fa"
    whole = sum(len(chrom) + 2 + size + -(-size // LINE) for chrom, size in p.chrom_sizes.items())
    return path.is_file() and path.stat().st_size == whole and path.with_name("genome.fa.fai").is_file()


def _write_fasta(genome: Genome, path: Path) -> None:
    sites, index = make_sites(genome), []
    with atomic_write(path) as new, open(new, "wb") as file:
        for chrom, size in genome.parameters.chrom_sizes.items():
            file.write(f">{chrom}\n".encode())
            index.append(f"{chrom}\t{size}\t{file.tell()}\t{LINE}\t{LINE + 1}\n")
            letters, full = LETTERS[make_letters(genome, sites, chrom)], size // LINE * LINE
            lines = np.full((full // LINE, LINE + 1), ord("\n"), np.uint8)
            lines[:, :LINE] = letters[:full].reshape(-1, LINE)
            file.write(lines.tobytes() + (letters[full:].tobytes() + b"\n" if full < size else b""))
        file.flush()
        write_text(path.with_name("genome.fa.fai"), "".join(index))


def motifs_of(p: Parameters, folder: Path) -> Path:
    """`motifs.meme` in a world's folder: each factor's motif, in MEME's format; made there if need be."""
    path = folder / "motifs.meme"
    if not path.is_file():
        weak = 1 / WIDTH  # mismatches per letter: a site has one on average
        background = " ".join(
            f"{letter} {share:.3f}" for letter, share in zip("ACGT", (0.295, 0.205, 0.205, 0.295), strict=True)
        )
        parts = [f"MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\nBackground letter frequencies\n{background}\n"]
        for name, word in make_words(p).items():
            rows = np.where(np.arange(4) == word[:, None], 1 - weak, weak / 3)
            parts.append(f"MOTIF {name}\nletter-probability matrix: alength= 4 w= {len(word)} nsites= 100 E= 0\n")
            parts[-1] += "".join("  ".join(f"{share:.6f}" for share in row) + "\n" for row in rows)
        write_text(path, "\n".join(parts))
    return path
