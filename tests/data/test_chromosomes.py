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


@given(st.sampled_from(["chr1", "1", "chrX", "X", "chrM", "MT", "chrUn_gl000220"]))
def test_other_name_there_and_back(name):
    assert name not in chromosomes.other_names(name)
    assert all(name in chromosomes.other_names(other) for other in chromosomes.other_names(name))


def test_assembly():
    hg19, hg38 = {"chr1": 249250621, "chr2": 243199373}, {"1": 248956422, "2": 242193529, "X": 5}
    check_assembly(hg19, {"1": 249250621, "chrX": 7})
    said = r"a.bw and b.bw .* chr1 has 249250621 bp \(looks like hg19\).*hg38.* 2 chrom"
    with pytest.raises(ChromolabError, match=said):
        check_assembly(hg19, hg38, "a.bw", "b.bw")
    assert chromosomes.guess_assembly({"chr1": 197195432}) == "mm9" and chromosomes.guess_assembly({"I": 5}) is None
