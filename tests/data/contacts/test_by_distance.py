"""Contacts that distance alone gives: the law, what is listed, and how it compares with contacts that were measured."""

import gzip

import numpy as np
import pandas as pd
import pytest

import chromolab as cl
from chromolab.data.contacts.by_distance import read_elements

GENES = pd.DataFrame({"gene_id": ["A", "B"], "cell_type": "x", "chrom": "chr1", "tss": [1_000_000, 1_060_000]})


def test_the_law_is_a_power_of_distance_and_flat_below_5_kb():
    near, far = cl.data.contact_at([10_000, 100_000])
    assert np.log(near / far) / np.log(10) == pytest.approx(1.024238616787792) and far == 1
    assert cl.data.contact_at(0) == cl.data.contact_at(-5_000) == cl.data.contact_at(4_999) > cl.data.contact_at(5_001)
    assert cl.data.contact_at(20_000, exponent=2.0) == pytest.approx(25)


def test_each_gene_touches_the_elements_around_its_own_start_alone(tmp_path):
    elements = pd.DataFrame(
        {"chrom": "chr1", "start": [990_000, 1_059_000, 2_000_000], "end": [991_000, 1_061_000, 2e6 + 9]}
    )
    table = cl.data.contacts_by_distance(GENES, elements, nearest=5_000)
    assert table[["gene_id", "start1", "start2"]].to_numpy().tolist() == [
        ["A", 1_000_000, 990_000],
        ["A", 1_000_000, 1_059_000],
        ["B", 1_060_000, 990_000],
    ]
    np.testing.assert_allclose(table["frequency"], cl.data.contact_at([9_500, 60_000, 69_500]))
    pcres, _ = cl.data.assign_pcres(GENES, table, min_frequency=0)
    assert pcres[["gene_id", "start"]].to_numpy().tolist() == [["A", 990_000], ["A", 1_059_000], ["B", 990_000]]
    bed = tmp_path / "elements.bed"
    elements.astype({"end": int}).to_csv(bed, sep="\t", header=False, index=False)
    pd.testing.assert_frame_equal(cl.data.contacts_by_distance(GENES, bed, nearest=5_000), table)
    packed = tmp_path / "calls.bg.folder" / "elements.bed.bgz"  # neither name makes calls of a list of places
    packed.parent.mkdir()
    packed.write_bytes(gzip.compress(bed.read_bytes()))
    pd.testing.assert_frame_equal(read_elements(packed), read_elements(bed))


def test_an_element_of_one_cell_type_counts_there_only():
    elements = pd.DataFrame({"chrom": "chr1", "start": [900_000, 950_000], "end": [901_000, 951_000]})
    elements["cell_type"] = ["x", "y"]
    genes = pd.concat([GENES, GENES.assign(cell_type="y")], ignore_index=True)
    pcres, _ = cl.data.assign_pcres(genes, cl.data.contacts_by_distance(genes, elements), min_frequency=0)
    assert set(map(tuple, pcres[["cell_type", "start"]].to_numpy())) == {("x", 900_000), ("y", 950_000)}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"nearest": 9, "farthest": 9}, "nearest below farthest"),
        ({"exponent": 0.0}, "an exponent above 0"),
        ({"farthest": 30_000}, "none of 1 lies 20,000 to 30,000 bp from a TSS"),
    ],
)
def test_what_leaves_nothing_is_refused(arguments, expected):
    elements = pd.DataFrame({"chrom": "chr1", "start": [500_000], "end": [500_500]})
    with pytest.raises(cl.ChromolabError, match=expected):
        cl.data.contacts_by_distance(GENES, elements, **arguments)


def test_called_places_are_merged_and_short_ones_left_out(tmp_path):
    path = tmp_path / "calls.bedgraph.gz"
    rows = [
        ("chr1", 0, 100, 0),
        ("chr1", 100, 300, 1),
        ("chr1", 500, 900, 2),
        ("chr1", 5000, 5200, 1),
        ("chr2", 0, 400, 1),
    ]
    with gzip.open(path, "wt") as file:
        file.writelines("\t".join(map(str, row)) + "\n" for row in rows)
    assert cl.data.called_places(path, merge=200, shortest=300).to_numpy().tolist() == [
        ["chr1", 100, 900],
        ["chr2", 0, 400],
    ]
    assert cl.data.called_places(path, above=1).to_numpy().tolist() == [["chr1", 500, 900]]
    with pytest.raises(cl.ChromolabError, match="no value above 2"):
        cl.data.called_places(path, above=2)
    with pytest.raises(cl.ChromolabError, match="no place above 0 is 1,000 bp long"):
        cl.data.called_places(path, shortest=1000)
    (tmp_path / "bad.bed").write_text("chr1\t1\t2\tname\n")
    with pytest.raises(cl.ChromolabError, match="line 1: .*expected chrom, start, end, value"):
        cl.data.called_places(tmp_path / "bad.bed")


def spearman(a, b):
    return np.corrcoef(pd.Series(a).rank(), pd.Series(b).rank())[0, 1]


def test_measured_contacts_follow_it_simulated(world):
    """Counts of the simulated capture experiment, bait by bait: distance tells most of how often places touch."""
    counts = world.capture_counts(world.cell_types[0])
    counts = counts[counts["chrom1"] == counts["chrom2"]]
    middle = (counts["start2"] + counts["end2"] - counts["start1"] - counts["end1"]).abs() / 2
    assert spearman(cl.data.contact_at(middle), counts["count"]) > 0.6


@pytest.mark.real
def test_measured_contacts_follow_it_gm12878(real):
    """Promoter capture Hi-C of GM12878, called contacts only: read pairs against the law of their distance."""
    table = cl.data.read_contacts(
        real / "contacts" / "GM12878.promoter-capture-hic.hg19.tsv.gz", one_based=True, progress=False
    )
    table = table[table["chrom1"] == table["chrom2"]]
    distance = (table["start2"] + table["end2"] - table["start1"] - table["end1"]).abs() / 2
    r = spearman(cl.data.contact_at(distance), table["frequency"])
    assert r > 0.6  # 0.672 over 444,602 contacts


def test_a_list_of_elements_is_a_bed_or_the_calls_of_a_bedgraph(tmp_path):
    (tmp_path / "peaks.bed").write_text("chr1\t10\t20\tx\nchr1\t30\t40\ty\n")
    (tmp_path / "calls.bedgraph").write_text("chr1\t0\t200\t0\nchr1\t200\t400\t1\nchr1\t2000\t2200\t1\n")
    for name, starts in (("peaks.bed", [10, 30]), ("calls.bedgraph", [200, 2000])):
        assert read_elements(tmp_path / name)["start"].tolist() == starts
