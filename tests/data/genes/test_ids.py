"""data/genes/ids: the ids of public releases, composite ones, and names that a spreadsheet spoilt."""

import numpy as np
import pandas as pd
import pytest

from chromolab.data.genes.ids import gene_of, kind_of_ids, rows_of, spoilt, strip_version, why_no_match
from chromolab.errors import ChromolabError

TABLE = pd.DataFrame(
    {
        "gene_id": ["ENSG00000141510", "ENSG00000136997", "ENSG00000136997", "ENSG01", "ENSG02"],
        "gene_name": ["TP53", "MYC", "MYC", "Twice", "Twice"],
    }
)


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("ENSG00000000003.14", "ENSG00000000003"),
        ("ENSMUSG00000000001.4", "ENSMUSG00000000001"),
        ("ENSG00000168939.12_4", "ENSG00000168939"),  # GENCODE's lift-over to hg19
        ("ENSMUSG00000064372.1_2", "ENSMUSG00000064372"),
        ("ENSG00000182378.15_PAR_Y", "ENSG00000182378_PAR_Y"),
        ("ENSG00000182378.15_4_PAR_Y", "ENSG00000182378_PAR_Y"),
        ("ENSG00000182378.15_PAR_Y_4", "ENSG00000182378_PAR_Y"),
        ("ENSGR0000182378.10", "ENSG00000182378_PAR_Y"),  # GENCODE before release 25
        ("NM_000014.6", "NM_000014"),
        ("gene:ENSG00000000003", "ENSG00000000003"),
        ("Gene:WBGene00000001", "WBGene00000001"),
        ("gene-DDX11L1", "DDX11L1"),
        ("F25H2.1", "F25H2.1"),
        ("YAL001C", "YAL001C"),
        ("AT1G01010.1", "AT1G01010.1"),
        ("RP11-34P13.7", "RP11-34P13.7"),
        ("HLA-A", "HLA-A"),
        ("MIR3648-2", "MIR3648-2"),
    ],
)
def test_an_id_of_any_release_has_one_form(written, bare):
    assert strip_version([written, bare]) == [bare, bare]


@pytest.mark.parametrize(
    ("ids", "genes"),
    [
        (["ENSG00000000003.14_TSPAN6", "ENSG00000000005.5_TNMD"], ["ENSG00000000003.14", "ENSG00000000005.5"]),
        (["ENSG00000000003|TSPAN6", "ENSG00000000005|TNMD"], ["ENSG00000000003", "ENSG00000000005"]),
        (["TSPAN6_ENSG00000000003", "TNMD_ENSG00000000005"], ["ENSG00000000003", "ENSG00000000005"]),
        (["TSPAN6|7105", "TNMD|64102"], ["TSPAN6", "TNMD"]),
        (["ENSMUSG00000000001:Gnai3", "ENSMUSG00000000003:Pbsn"], ["ENSMUSG00000000001", "ENSMUSG00000000003"]),
    ],
)
def test_of_composite_ids_the_gene_is_taken(ids, genes):
    assert gene_of(ids) == (genes, gene_of(ids)[1]) and gene_of(ids)[1]


@pytest.mark.parametrize(
    "ids",
    [
        ["ENSG00000182378.15_PAR_Y", "ENSG00000000003.14_2"],
        ["HLA-A", "Y_RNA", "7SK_2"],
        ["ENSG00000000003_A", "TSPAN6", "TNMD", "DPM1"],
        ["ENST00000000001.2|ENSG00000000001.5|OTT1|OTT2|G-202|G|1657|protein_coding|"] * 3,
        [],
    ],
)
def test_other_ids_stay_whole(ids):
    assert gene_of(ids) == (ids, "")


def test_names_that_a_spreadsheet_spoilt_are_told_from_names_of_genes():
    odd = "1-Mar 2-Sep 1-Dec Mar-01 01-Mar 1-MAR 9-Sept 2001-03-01 03/01/2001 1.3.2001 1.Mrz 2.31E+19 2,31E+19".split()
    assert spoilt(odd) == odd
    good = "MARCH1 MARCHF1 SEPT2 SEPTIN2 DEC1 MAR1 1-8D U2 7SK HLA-A RP11-34P13.7 2310009E13Rik E2F1 5S_rRNA".split()
    assert spoilt([*good, "43891"]) == ["43891"] and spoilt(["43891", "7105", "64102"]) == []
    assert spoilt([*good, "YAL001C", "F25H2.1", "AT1G01010.1", "Dec-like", "mir-1", "mar-1-like"]) == []


@pytest.mark.parametrize(
    ("ids", "kind"),
    [
        (["ENST00000000233.10", "ENST00000000412"], "transcripts"),
        (["ENST00000000001.2|ENSG00000000001.5|OTT1|G-202|"], "transcripts"),
        (["ENSG00000000003"], "Ensembl's gene ids"),
        (["1", "7105"], "Entrez numbers"),
        (["1007_s_at", "1053_at"], "probes of an array"),
        (["TSPAN6", "HLA-A"], "gene names"),
        (["FBgn0000003"], "FlyBase's ids"),
    ],
)
def test_ids_are_called_what_they_are(ids, kind):
    assert kind_of_ids(ids) == kind
    said = why_no_match(ids, ["ENSRNOG00000000001"])
    assert said == "" if kind.startswith("Ensembl") else ("transcripts" in said or kind.split()[0] in said)


@pytest.mark.parametrize(
    ("written", "rows"),
    [
        ("TP53", [0]),
        ("tp53 ", [0]),
        ("MYC", [1, 2]),  # in two cell types
        ("ENSG00000136997.12", [1, 2]),
        ("ensg00000141510", [0]),
        ("ENSG02", [4]),
    ],
)
def test_a_gene_is_found_by_id_or_name_in_any_case(written, rows):
    assert np.flatnonzero(rows_of(TABLE, written)).tolist() == rows


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("TP35", "no gene 'TP35' here; the nearest names are TP53"),
        ("Quark", "no gene 'Quark' here; its ids look like ENSG00000141510"),
        ("twice", "2 genes are called 'twice'; give the id of one: ENSG01, ENSG02"),
    ],
)
def test_a_gene_that_is_not_there_gets_the_nearest_names(written, message):
    with pytest.raises(ChromolabError, match=message):
        rows_of(TABLE, written)
    with pytest.raises(ChromolabError, match="no gene 'TP53' here; it is empty"):
        rows_of(TABLE[:0], "TP53")


def test_a_name_as_it_is_written_comes_before_one_in_another_case():
    """abc1 is a gene of a fly, Abc1 another one."""
    table = pd.DataFrame({"gene_id": ["A", "B"], "gene_name": ["abc1", "Abc1"]})
    assert rows_of(table, "Abc1").tolist() == [False, True]
