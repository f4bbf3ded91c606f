"""Chromosome names and assemblies. Child processes import this module, so it must load fast."""

import functools
import logging
from collections.abc import Container, Iterable, Mapping
from os import PathLike
from pathlib import Path

from chromolab.data.text import LAST_BASE, coordinates, is_whole, text_lines
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

# Length of chr1 in the assemblies that are often confused; from UCSC chrom.sizes.
ASSEMBLY_CHR1 = {"hg19": 249_250_621, "hg38": 248_956_422, "mm9": 197_195_432, "mm10": 195_471_971}
MITOCHONDRION = ("chrM", "MT", "M", "chrMT")


def other_names(chrom: str) -> tuple[str, ...]:
    """The names of the same chromosome in other conventions: chr1 <-> 1, chrX <-> X, chrM <-> MT."""
    if chrom in MITOCHONDRION:
        return tuple(name for name in MITOCHONDRION if name != chrom)
    return (chrom[3:] if chrom.startswith("chr") else f"chr{chrom}",)


def find_chromosome(chrom: str, available: Container[str]) -> str | None:
    """The name of `chrom` in `available`, in its own or another naming convention; None if it is not there."""
    return next((name for name in (chrom, *other_names(chrom)) if name in available), None)


def guess_assembly(chrom_sizes: Mapping[str, int]) -> str | None:
    """The assembly (hg19, hg38, mm9 or mm10) whose chr1 is as long as the one in `chrom_sizes`, or None."""
    length = chrom_sizes.get("chr1", chrom_sizes.get("1"))
    return next((name for name, known in ASSEMBLY_CHR1.items() if known == length), None)


def check_assembly(
    a: Mapping[str, int], b: Mapping[str, int], source_a: str = "the first file", source_b: str = "the second file"
) -> None:
    """Raise `ChromolabError` if a chromosome of both `a` and `b` (under either name) differs in length (bp)."""
    shared = [(name, length, b[of_b]) for name, length in a.items() if (of_b := find_chromosome(name, b)) is not None]
    differ = [(name, length_a, length_b) for name, length_a, length_b in shared if length_a != length_b]
    if differ:
        name, length_a, length_b = differ[0]
        looks_a, looks_b = (f" (looks like {g})" if (g := guess_assembly(sizes)) else "" for sizes in (a, b))
        raise ChromolabError(
            f"{source_a} and {source_b} are not of one assembly: {name} has {length_a} bp{looks_a} in the first and "
            f"{length_b} bp{looks_b} in the second; {len(differ)} chromosome(s) differ. "
            "Use files of one assembly, or lift one over."
        )


def shortened(names: Iterable[str], n: int = 5) -> str:
    """The first `n` names as text, and how many more there are."""
    names = [str(name) for name in names]
    return ", ".join(names[:n]) + (f" and {len(names) - n} more" if len(names) > n else "") if names else "none"


def read_chrom_sizes(path: str | PathLike[str]) -> dict[str, int]:
    """Read a UCSC ``chrom.sizes`` file: name, whitespace, length in bp; further columns (of a ``.fai``) are ignored."""
    sizes: dict[str, int] = {}
    for number, line in text_lines(path, "a chromosome sizes file"):
        fields = line.split()
        if not fields or line.startswith("#"):
            continue
        length = coordinates(fields[1:2])
        if not length or length[0] < 1:
            raise ChromolabError(f"{path}, line {number}: {line[:80]!r}; expected a chromosome and its length in bp.")
        if fields[0] in sizes:
            raise ChromolabError(f"{path}, line {number}: {fields[0]} is listed twice. Keep one line per chromosome.")
        sizes[fields[0]] = length[0]
    if not sizes:
        raise ChromolabError(f"{path}: it has no chromosomes; expected lines such as 'chr1<tab>249250621'.")
    return sizes


def chromosome_sizes(given: Mapping[str, int] | str | PathLike[str]) -> dict[str, int]:
    """Chromosome lengths (bp) from {chromosome: bp}, a chrom.sizes file, or an assembly's name such as "hg19".

    An assembly is one that bioframe knows; only its assembled chromosomes are given (no unplaced scaffolds).
    Raises `ChromolabError` for an unknown assembly or a file that cannot be read.
    """
    import bioframe  # slow; the children read this file

    if isinstance(given, Mapping):
        for name, length in given.items():
            if not is_whole(length) or length > LAST_BASE:
                raise ChromolabError(f"chrom_sizes: {name!r} has {length!r}; expected its length in bp, below 2^31.")
        return {str(name): int(length) for name, length in given.items()}
    builds = bioframe.assemblies_available()
    files = zip(builds["provider_build"], builds["seqinfo"], strict=True)
    known = {
        name for name, file in files if file.startswith(f"{name}.")
    }  # bioframe gives danRer10's lengths for danRer11
    if isinstance(given, str) and given in known and not Path(given).exists():
        return {name: int(length) for name, length in bioframe.assembly_info(given).chromsizes.items()}
    if not isinstance(given, str | Path):
        raise ChromolabError(f"chrom_sizes: {given!r}; expected {{chromosome: bp}}, a file or an assembly's name.")
    if not Path(given).exists() and Path(given).name == str(given) and "." not in str(given):
        raise ChromolabError(f"chrom_sizes: {given!r} is neither a file nor an assembly of {', '.join(sorted(known))}.")
    return read_chrom_sizes(given)


def reconcile_names(
    wanted: Iterable[str], available: Iterable[str], source: str = "the file", *, missing: str = "error"
) -> dict[str, str]:
    """Match chromosome names across the conventions ``chr1`` and ``1``, ``chrM`` and ``MT``.

    Parameters
    ----------
    wanted : the names to look for.
    available : the names in the file.
    source : the file's name, for messages.
    missing : "error" raises if a wanted chromosome is absent; "drop" leaves it out of the result and logs it.

    Returns
    -------
    dict wanted name -> available name. Different names are logged once as a warning.

    Raises
    ------
    ChromolabError
        A chromosome is absent (with `missing="error"`), or all of them are (always).
    """
    wanted, available = list(dict.fromkeys(wanted)), set(available)
    matched = {name: match for name in wanted if (match := find_chromosome(name, available)) is not None}
    absent = [name for name in wanted if name not in matched]
    if wanted and absent and (missing == "error" or not matched):
        raise ChromolabError(
            f"{source}: chromosome(s) {shortened(absent)} missing; it has {shortened(sorted(available))}. "
            "Is it of the same species and assembly? Otherwise leave out the rows on these chromosomes."
        )
    if absent:
        _warn_once(f"{source}: no chromosome {shortened(absent)}; regions there count as missing, not as zero.")
    if renamed := [f"{a} is {b}" for a, b in matched.items() if a != b]:
        _warn_once(f"{source} uses other chromosome names; they are matched: {shortened(renamed)} there.")
    return matched


@functools.lru_cache(maxsize=1024)
def _warn_once(message: str) -> None:  # once per session, however often the file is read
    log.warning(message)
