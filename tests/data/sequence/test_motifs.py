"""data/sequence/motifs: MEME and JASPAR files become probabilities, and mistakes are named by line."""

import gzip

import numpy as np
import pytest

import chromolab as cl
from chromolab.data.sequence.motifs import motif_list
from chromolab.errors import ChromolabError
from chromolab.world.sequence import make_words

JASPAR = """>MA1.1 SOME FACTOR
A  [ 8  0.00  2 ]
C  [ 0  10.0  2 ]
G  [ 2  0.00  2 ]
T  [ 0  0.00  4 ]
>MA2.1
0 1
1 0
0 0
0 0
"""
MEME = """MEME version 4

ALPHABET= ACGT

strands: + -

Background letter frequencies (from somewhere):
A 0.28 C 0.20 G 0.22 T 0.30

MOTIF one First factor
letter-probability matrix: alength= 4 w= 2 nsites= 8 E= 0
 0.5  0.5  0.0  0.0
 0.0  0.0  0.0  1.0

URL http://somewhere
MOTIF two
letter-probability matrix: alength= 4 w= 1
0.25 0.25 0.25 0.25
"""


@pytest.fixture
def write(tmp_path):
    def writing(text):
        (tmp_path / "a.motifs").write_text(text)
        return tmp_path / "a.motifs"

    return writing


def test_jaspar_counts_become_probabilities(write):
    found = cl.data.read_motifs(write(JASPAR))
    one, two = found.values()
    assert list(found) == ["MA1.1", "MA2.1"] and one.about == "SOME FACTOR" and one.sites == 10
    np.testing.assert_allclose(one.probabilities, [[0.8, 0, 0.2, 0], [0, 1, 0, 0], [0.2, 0.2, 0.2, 0.4]])
    np.testing.assert_allclose(one.background, 0.25)
    assert two.consensus == "CA" and two.site("-") == "TG" and len(two) == 2
    assert repr(two) == "Motif MA2.1: CA, 4.0 bits"


def test_meme_probabilities_sites_and_background(write):
    one, two = cl.data.read_motifs(write(MEME)).values()
    assert (one.name, one.about, one.sites, two.sites) == ("one", "First factor", 8, 20)
    np.testing.assert_allclose(one.probabilities, [[0.5, 0.5, 0, 0], [0, 0, 0, 1]])
    np.testing.assert_allclose(one.background, [0.29, 0.21, 0.21, 0.29])  # alike on both strands
    np.testing.assert_allclose(one.information, [1, 2])
    np.testing.assert_allclose(two.information, 0)
    np.testing.assert_allclose(one.scores[1, 3], np.log2((8 + 0.1 * 0.29) / 8.1 / 0.29))
    np.testing.assert_allclose(one.scores[1, 0], np.log2(0.1 / 8.1))


def test_a_compressed_file_is_read(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(MEME.encode()))
    assert list(cl.data.read_motifs(tmp_path / "a.gz")) == ["one", "two"]


def test_the_teaching_genome_s_file(tiny_world):
    words = make_words(tiny_world.parameters)
    found = cl.data.read_motifs(tiny_world.motifs)
    assert [m.consensus for m in found.values()] == ["".join("ACGT"[i] for i in word) for word in words.values()]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hello\n", "begins with 'hello'; expected motifs in MEME's or JASPAR's format"),
        ("MEME version 4\n", "has no motif"),
        (MEME.replace("ACGT", "ACDEFGHIKLMNPQRSTVWY"), "line 3: .*motifs of DNA"),
        (MEME.replace("0.5  0.0  0.0", "0.5  0.0"), "line 12: .*expected 4 numbers"),
        (MEME.replace("0.5  0.0  0.0", "0.9  0.0  0.0"), "line 12: .*add up to 1.4; expected 1"),
        (MEME.replace("A 0.28", "A -1"), "line 8: expected shares such as A 0.3"),
        (MEME.replace("w= 2", "w= 3"), "line 15: 'URL.*expected 4 numbers"),
        (MEME.replace("w= 1", "w= x"), "line 17: .*expected a line MOTIF"),
        (MEME.rpartition("0.25 0.25 0.25 0.25")[0], "line 16: this motif has 0 of 1 rows"),
        (MEME.replace("MOTIF two", "MOTIF one"), "line 16: a second motif one"),
        (JASPAR.replace("T  [ 0", "T  [ x"), r"line 5: .*expected 3 numbers"),
        (JASPAR.replace("0 1\n1 0", "0 1\n1"), "line 8: .*expected 2 numbers"),
        (JASPAR.replace("1 0\n", "0 0\n"), "line 6: MA2.1 has a place without counts"),
        (JASPAR.rstrip("0 \n"), "line 6: .*expected '>name' and four rows"),
        (">chr1\nACGTACGT\nACGT\nAC\nA\n", "expected 1 numbers, 0 or more"),
    ],
)
def test_mistakes_are_named_by_line(write, text, told):
    with pytest.raises(ChromolabError, match=told):
        cl.data.read_motifs(write(text))


def test_motifs_are_given_in_several_ways(write):
    found = cl.data.read_motifs(path := write(MEME))
    one = found["one"]
    assert [m.name for m in motif_list(path)] == [m.name for m in motif_list(found)] == ["one", "two"]
    assert motif_list(one) == motif_list([one]) == [one]
    for wrong in ([], [3], ["one"]):
        with pytest.raises(ChromolabError, match="expected motifs"):
            motif_list(wrong)


@pytest.mark.real
def test_jaspar_s_ctcf(real):
    (motif,) = cl.data.read_motifs(real / "motifs" / "MA0139.1.jaspar").values()
    assert motif.consensus == "TGGCCACCAGGGGGCGCTA" and motif.about == "CTCF"
    assert motif.sites == pytest.approx(911, abs=1) and 16 < motif.information.sum() < 18
