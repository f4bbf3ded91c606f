"""data/chromosomes: sizes, and names of both conventions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chromolab.data import chromosomes
from chromolab.data.chromosomes import check_assembly
from chromolab.errors import ChromolabError


def test_chrom_sizes(tmp_path):
    path = tmp_path / "hg19.chrom.sizes"
    path.write_text("# a comment\nchr1\t249250621\n\nchr2 243199373 52 60\n")
    assert chromosomes.read_chrom_sizes(path) == {"chr1": 249250621, "chr2": 243199373}
    for text, said in [
        ("chr1\t5\nchr1\t5\n", "line 2: chr1 is listed twice"),
        ("chr1\t-5\n", "line 1"),
        ("chr1\n", "line 1"),
        ("\n", "no chromosomes"),
        ("", "empty"),
    ]:
        path.write_text(text)
        with pytest.raises(ChromolabError, match=said):
            chromosomes.read_chrom_sizes(path)
    with pytest.raises(ChromolabError, match="no such file"):
        chromosomes.read_chrom_sizes(tmp_path / "none")


def test_names_are_reconciled_with_a_message(caplog):
    assert chromosomes.reconcile_names(["chr1", "chrM", "chrX"], ["1", "MT", "X", "2"], "a.bw") == {
        "chr1": "1",
        "chrM": "MT",
        "chrX": "X",
    }
    assert "a.bw uses other chromosome names" in caplog.text and "chr1 is 1" in caplog.text
    assert chromosomes.reconcile_names(["1", "MT"], ["chr1", "chrM"]) == {"1": "chr1", "MT": "chrM"}
    assert chromosomes.reconcile_names(["chrM"], ["M"]) == {"chrM": "M"}
    assert chromosomes.reconcile_names(["chr1"], ["1", "chr1"]) == {"chr1": "chr1"}, "the exact name wins"


def test_absent_chromosomes(caplog):
    with pytest.raises(ChromolabError, match=r"a.bw: chromosome\(s\) chrY missing; it has chr1"):
        chromosomes.reconcile_names(["chr1", "chrY"], ["chr1"], "a.bw")
    assert chromosomes.reconcile_names(["chr1", "chrY"], ["chr1"], "a.bw", missing="drop") == {"chr1": "chr1"}
    assert "no chromosome chrY" in caplog.text
    with pytest.raises(ChromolabError, match="missing"):
        chromosomes.reconcile_names(["chr1"], ["II", "IV"], missing="drop")


ONE_CHROMOSOME = [
    ["chr1", "1", "Chr1", "CHR1", "chr01", "NC_000001.11", "NC_000001.10", "CM000663.2", "NC_060925.1", "CP068277.2"],
    ["chrX", "X", "chrx".upper(), "NC_000023.11", "NC_000086.8", "gi|568815575|ref|NC_000023.11|"],
    ["chrM", "MT", "M", "chrMT", "Mito", "MtDNA", "mitochondrion", "NC_012920.1", "NC_005089.1", "NC_001807.4"],
    ["chr2L", "2L", "NT_033779.5", "AE014134.6"],
    ["chrIV", "IV", "NC_001136.10", "NC_003282.8"],
]


@given(st.sampled_from(ONE_CHROMOSOME).flatmap(lambda names: st.tuples(st.sampled_from(names), st.sampled_from(names))))
def test_every_name_of_a_chromosome_finds_every_other(pair):
    wanted, there = pair
    others = {"chr3", "3L", "chrUn_gl000220", "NC_000003.12", "GL000191.1"}
    assert chromosomes.find_chromosome(wanted, {there, *others}) == there
    assert chromosomes.find_chromosome(wanted, others) is None


def test_names_that_only_look_alike_are_kept_apart():
    for wanted, others in (("chr1", {"chr11", "10", "chr1_random"}), ("NC_999999.1", {"1", "NC_999998.1"})):
        assert chromosomes.find_chromosome(wanted, others) is None


@pytest.mark.parametrize(
    ("name", "assembly"),
    [
        ("GRCh38", "hg38"),
        ("GRCh38.p14", "hg38"),
        ("GRCh37.p13", "hg19"),
        ("b37", "hg19"),
        ("hs37d5", "hg19"),
        ("HG19", "hg19"),
        ("GRCm38", "mm10"),
        ("GRCm39", "mm39"),
        ("T2T-CHM13v2.0", "hs1"),
        ("BDGP6.32", "dm6"),
        ("R64-1-1", "sacCer3"),
        ("hg20", None),
        ("GRCz11", None),
    ],
)
def test_assemblies_have_several_names(name, assembly):
    assert chromosomes.assembly_of(name) == assembly
    if assembly:
        assert chromosomes.chromosome_sizes(name) == chromosomes.chromosome_sizes(assembly)


def test_lengths_of_chr1_are_those_of_the_assemblies():
    for assembly, length in chromosomes.ASSEMBLY_CHR1.items():
        assert chromosomes.chromosome_sizes(assembly)["chr1"] == length
    assert chromosomes.guess_assembly({"NC_000001.11": 248_956_422}) == "hg38"


def test_the_mitochondrion_alone_may_differ(caplog):
    ucsc, b37 = {"chr1": 249_250_621, "chrM": 16_571}, {"1": 249_250_621, "MT": 16_569}
    check_assembly(ucsc, b37, "a.bw", "b.bam")
    assert "a.bw and b.bam differ only in the mitochondrion" in caplog.text and "left out" in caplog.text
    assert not chromosomes.of_one_length("chrM", [ucsc, b37]) and chromosomes.of_one_length("chr1", [ucsc, b37])
    with pytest.raises(ChromolabError, match="chr1 has 249250621 bp"):
        check_assembly(ucsc, {**b37, "1": 248_956_422})
    with pytest.raises(ChromolabError, match="chrM has 16571 bp"):
        check_assembly({"chrM": 16_571}, {"MT": 16_569})


def test_assembly():
    hg19, hg38 = {"chr1": 249250621, "chr2": 243199373}, {"1": 248956422, "2": 242193529, "X": 5}
    check_assembly(hg19, {"1": 249250621, "chrX": 7})
    said = r"a.bw and b.bw .* chr1 has 249250621 bp \(looks like hg19\).*hg38.* 2 chrom"
    with pytest.raises(ChromolabError, match=said):
        check_assembly(hg19, hg38, "a.bw", "b.bw")
    assert chromosomes.guess_assembly({"chr1": 197195432}) == "mm9" and chromosomes.guess_assembly({"I": 5}) is None
