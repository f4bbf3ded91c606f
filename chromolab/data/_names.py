"""Chromosome names and assemblies. Child processes import this module, so it must load fast."""

from collections.abc import Container, Iterable, Mapping

from chromolab.errors import ChromolabError

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


def some(names: Iterable[str], n: int = 5) -> str:
    """The first `n` names as text, and how many more there are."""
    names = [str(name) for name in names]
    return ", ".join(names[:n]) + (f" and {len(names) - n} more" if len(names) > n else "") if names else "none"
