"""Chromosome names and assemblies. Child processes import this module, so it must load fast."""

import functools
import logging
import re
from collections.abc import Collection, Iterable, Mapping
from os import PathLike
from pathlib import Path

from chromolab.data.text import LAST_BASE, coordinates, is_whole, text_lines
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

# Length of chr1 in the assemblies that are often confused; from UCSC chrom.sizes.
ASSEMBLY_CHR1 = {
    "hg19": 249_250_621,
    "hg38": 248_956_422,
    "hs1": 248_387_328,
    "mm9": 197_195_432,
    "mm10": 195_471_971,
    "mm39": 195_154_279,
}
# Other names of assemblies, in small letters without punctuation and patch level, and UCSC's name for each.
ASSEMBLY_NAMES = {
    **dict.fromkeys(("grch37", "b37", "hs37", "hs37d5", "g1kv37", "humang1kv37"), "hg19"),
    **dict.fromkeys(("grch38", "b38", "hs38", "hs38d1", "hs38dh"), "hg38"),
    **dict.fromkeys(("t2t", "chm13", "chm13v2", "chm13v20", "t2tchm13", "t2tchm13v2", "t2tchm13v20"), "hs1"),
    **dict.fromkeys(("ncbim37", "mgscv37"), "mm9"),
    "grcm38": "mm10",
    "grcm39": "mm39",
    **dict.fromkeys(("bdgp5", "bdgpr5"), "dm3"),
    **dict.fromkeys(("bdgp6", "bdgp622", "bdgp628", "bdgp632", "bdgp646", "bdgp654", "bdgpr6"), "dm6"),
    "wbcel215": "ce10",
    "wbcel235": "ce11",
    "grcz10": "danRer10",
    "r6411": "sacCer3",
}
PREFIX = re.compile(r"^(?:chromosome|chr)[_ ]?(?=.)", re.IGNORECASE)
MITOCHONDRION = ("m", "mt", "mito", "mtdna", "mitochondrion")
ACCESSION = re.compile(r"(?:^|\|)((?:NC_|NT_|CM|CP|AE|AY|KJ|BK)\d{5,})(?:\.\d+)?(?:\||$)")  # of a whole chromosome


@functools.lru_cache(maxsize=100_000)
def plain_name(chrom: str) -> str:
    """A chromosome's name without its convention.

    chr1, Chr1, 1, chr01 and NC_000001.11 are all "1"; chrM, MT and NC_012920.1 are "M". Accessions are those that
    bioframe lists for its assemblies.
    """
    name = re.sub(r"^0+(?=\d+$)", "", PREFIX.sub("", chrom.strip()))
    if name.lower() in MITOCHONDRION:
        return "M"
    found = ACCESSION.search(name)
    return _accessions().get(found[1], name) if found else name


@functools.cache
def _accessions() -> dict[str, str]:
    """{accession in RefSeq or GenBank without its version: the chromosome's plain name}, of bioframe's assemblies."""
    import bioframe  # slow; the children read this file

    named = {}
    for assembly in _known_assemblies():
        table = bioframe.assembly_info(assembly).seqinfo
        for name, aliases in zip(table["name"], table["aliases"].fillna(""), strict=True):
            named |= {found[1]: plain_name(name) for a in aliases.split(",") if (found := ACCESSION.search(a))}
    return named


def find_chromosome(chrom: str, available: Collection[str]) -> str | None:
    """The name of `chrom` in `available`, in its own or another naming convention; None if it is not there."""
    if chrom in available:
        return chrom
    plain = plain_name(chrom)
    usual = next((name for name in (plain, f"chr{plain}") if name in available), None)
    return usual or next((name for name in available if plain_name(name) == plain), None)


def is_mitochondrion(chrom: str) -> bool:
    """Whether a name is that of the mitochondrion's chromosome (chrM, MT, NC_012920.1)."""
    return plain_name(chrom) == "M"


def assembly_of(name: str) -> str | None:
    """UCSC's name of an assembly that bioframe knows: GRCh38.p14, b37, GRCm39, BDGP6.32; None for others."""
    plain = re.sub(r"[^a-z0-9]", "", re.sub(r"\.?p\d+$", "", name.strip().lower()))
    known = {assembly.lower(): assembly for assembly in _known_assemblies()}
    return known.get(ASSEMBLY_NAMES.get(plain, plain).lower())


@functools.cache
def _known_assemblies() -> tuple[str, ...]:
    import bioframe  # slow; the children read this file

    builds = bioframe.assemblies_available()
    files = zip(builds["provider_build"], builds["seqinfo"], strict=True)
    # bioframe gives danRer10's lengths for danRer11
    return tuple(sorted({name for name, file in files if file.startswith(f"{name}.")}))


def guess_assembly(chrom_sizes: Mapping[str, int]) -> str | None:
    """The assembly in `ASSEMBLY_CHR1` whose chr1 is as long as the one in `chrom_sizes`, or None."""
    length = chrom_sizes.get(find_chromosome("chr1", chrom_sizes) or "")
    return next((name for name, known in ASSEMBLY_CHR1.items() if known == length), None)


def check_assembly(
    a: Mapping[str, int], b: Mapping[str, int], source_a: str = "the first file", source_b: str = "the second file"
) -> None:
    """Raise `ChromolabError` if a chromosome of both `a` and `b` (under any name) differs in length (bp).

    The mitochondrion alone may differ: hg19 has 16,571 bp at UCSC (chrM) and 16,569 in GRCh37 (MT). That is logged.
    """
    shared = [(name, length, b[of_b]) for name, length in a.items() if (of_b := find_chromosome(name, b)) is not None]
    differ = [(name, length_a, length_b) for name, length_a, length_b in shared if length_a != length_b]
    if not differ:
        return
    name, length_a, length_b = next((row for row in differ if not is_mitochondrion(row[0])), differ[0])
    if is_mitochondrion(name) and len(shared) > 1:
        _warn_once(
            f"{source_a} and {source_b} differ only in the mitochondrion: {name} has {length_a:,} bp in the first and "
            f"{length_b:,} bp in the second, as hg19's chrM at UCSC and GRCh37's MT do. Genes on it are left out."
        )
        return
    looks_a, looks_b = (f" (looks like {g})" if (g := guess_assembly(sizes)) else "" for sizes in (a, b))
    raise ChromolabError(
        f"{source_a} and {source_b} are not of one assembly: {name} has {length_a} bp{looks_a} in the first and "
        f"{length_b} bp{looks_b} in the second; {len(differ)} chromosome(s) differ. "
        "Use files of one assembly, or lift one over."
    )


def of_one_length(chrom: str, sizes: Iterable[Mapping[str, int]]) -> bool:
    """Whether a chromosome is as long in all of `sizes` (each {chromosome: bp}) that have it."""
    found = {lengths[name] for lengths in sizes if (name := find_chromosome(chrom, lengths)) is not None}
    return len(found) < 2


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
    """Chromosome lengths (bp) from {chromosome: bp}, a chrom.sizes file, or an assembly's name ("hg19", "GRCh38").

    An assembly is one that `assembly_of` knows; only its assembled chromosomes are given (no unplaced scaffolds).
    Raises `ChromolabError` for an unknown assembly or a file that cannot be read.
    """
    if isinstance(given, Mapping):
        for name, length in given.items():
            if not is_whole(length) or length > LAST_BASE:
                raise ChromolabError(f"chrom_sizes: {name!r} has {length!r}; expected its length in bp, below 2^31.")
        return {str(name): int(length) for name, length in given.items()}
    if isinstance(given, str) and not Path(given).exists() and (assembly := assembly_of(given)) is not None:
        import bioframe  # slow; the children read this file

        return {name: int(length) for name, length in bioframe.assembly_info(assembly).chromsizes.items()}
    if not isinstance(given, str | Path):
        raise ChromolabError(f"chrom_sizes: {given!r}; expected {{chromosome: bp}}, a file or an assembly's name.")
    if not Path(given).exists() and Path(given).name == str(given) and "." not in str(given):
        known = ", ".join(_known_assemblies())
        raise ChromolabError(f"chrom_sizes: {given!r} is neither a file nor an assembly of {known}.")
    return read_chrom_sizes(given)


def reconcile_names(
    wanted: Iterable[str], available: Iterable[str], source: str = "the file", *, missing: str = "error"
) -> dict[str, str]:
    """Match chromosome names across conventions: ``chr1``, ``1`` and ``NC_000001.11``, ``chrM`` and ``MT``.

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
