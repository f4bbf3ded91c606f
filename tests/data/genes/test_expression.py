"""data/genes/expression: tables as people have them, and mistakes named by line and column."""

import gzip

import pytest
from helpers.gene_files import write

from chromolab.data.genes.expression import read_expression
from chromolab.errors import ChromolabError


def test_roadmap_table_with_trailing_tabs(tmp_path):
    text = "gene_id\tE000\tE003\nENSG00000000003\t23.265\t43.985\t\nENSG00000000005\t0.872\t1.642\t\n"
    df = read_expression(write(tmp_path / "57.RPKM.pc.gz", text, opener=gzip.open))
    assert df.to_dict("index") == {
        "ENSG00000000003": {"E000": 23.265, "E003": 43.985},
        "ENSG00000000005": {"E000": 0.872, "E003": 1.642},
    }


@pytest.mark.parametrize(
    "text",
    [
        "gene_id\tname\tA\tB\nENSG00000000001.2\tx\t1\t2\nG2\ty\t3\t4e0\n",
        "# made by\ngene_id,A,B\nENSG00000000001,1,2\nG2,3,4\n",
        '"A"\t"B"\n"ENSG00000000001"\t1\t2\n"G2"\t3\t4\n',
        "\ufeffgene_id\tA\tB\r\nENSG00000000001\t1\t2\t\r\nG2\t3\t4\t\r\n",
    ],
    ids=["versions and a text column", "commas", "R", "Excel"],
)
def test_other_tables(tmp_path, text):
    path = tmp_path / "t.txt"
    path.write_bytes(text.encode())
    df = read_expression(path)
    assert df.columns.tolist() == ["A", "B"] and df.index.tolist() == ["ENSG00000000001", "G2"]
    assert df.to_numpy().tolist() == [[1, 2], [3, 4]]


def test_another_id_column(tmp_path):
    path = write(tmp_path / "t.csv", "n,symbol,A\n1,G1,5\n2,G2,6\n")
    assert read_expression(path, id_column="symbol").loc["G2"].to_dict() == {"n": 2, "A": 6}
    with pytest.raises(ChromolabError, match="no column 'id'; it has n, symbol, A"):
        read_expression(path, id_column="id")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("G1\t1\t2\nG2\t\t4\n", "line 3, column A: '' for gene G2"),
        ("G1\t1\t2\nG2\t3\tNA\n", "line 3, column B: 'NA' for gene G2"),
        ("G1\t-1\t2\nG2\t3\t4\n", "line 2, column A: '-1'"),
        ("G1\t1\tinf\n", "line 2, column B: 'inf'"),
        ("G1\t1\t2\nG2\t3\n", "line 3: 2 values; expected 3"),
        ("G1\t1\t2\nG2\t3\t4\t5\n", "line 3: 4 values; expected 3"),
        ("G1\t1\t2\nG2\t3\t4\nG1\t5\t6\n", "lines 2 and 4: gene G1 twice"),
        ("ENSG00000000001.1\t1\t2\nENSG00000000001.2\t3\t4\n", "no row with a gene of its own, only ENSG00000000001.1"),
        ("G1\tx\ty\n", "no column of numbers"),
        ("", "no rows under the header"),
    ],
)
def test_bad_expression_is_named_by_line_and_column(tmp_path, rows, said):
    with pytest.raises(ChromolabError, match=rf"t\.tsv(, |: ){said}"):
        read_expression(write(tmp_path / "t.tsv", "gene_id\tA\tB\n", rows))


def test_what_is_said_of_a_table_is_checked(tmp_path):
    path = write(tmp_path / "t.tsv", "G1\t1\t2\n")
    for wrong, said in (({"header": "gene_id"}, "header: 'gene_id'"), ({"decimal": ";"}, "decimal: ';'; expected")):
        with pytest.raises(ChromolabError, match=said):
            read_expression(path, **wrong)
    with pytest.raises(ChromolabError, match="line 1: 3 values; expected 2"):
        read_expression(path, header=["gene_id", "A"])


@pytest.mark.parametrize(
    ("ids", "genes"),
    [
        (["ENSG00000000003.1_A", "ENSG00000000005.2_B"], ["ENSG00000000003", "ENSG00000000005"]),
        (["TSPAN6|7105", "?|100", "?|200", "SLC35E2|9906", "SLC35E2|728661"], ["TSPAN6"]),
        (["ENSG00000168939.12_4", "ENSG00000168939.6", "ENSG00000000003.14_2"], ["ENSG00000000003"]),
        (["ENSGR0000182378.10", "ENSG00000182378.10"], ["ENSG00000182378_PAR_Y", "ENSG00000182378"]),
    ],
)
def test_rows_without_a_gene_of_their_own_are_left_out_and_counted(tmp_path, caplog, ids, genes):
    df = read_expression(write(tmp_path / "t.tsv", "gene\tA\n", *(f"{g}\t{i}\n" for i, g in enumerate(ids))))
    assert df.index.tolist() == genes
    counted = sum(line.count for line in df.attrs.get("report", ()) if line.kind == "lost")
    assert counted == len(ids) - len(genes) and (not counted or f"{counted} row(s) left out" in caplog.text)


def test_two_columns_of_one_name(tmp_path):
    with pytest.raises(ChromolabError, match="two columns are called 'A'"):
        read_expression(write(tmp_path / "t.tsv", "gene_id\tA\tA\nG\t1\t2\n"))


def test_as_many_columns_as_single_cells_have_are_refused(tmp_path):
    path = tmp_path / "cells.tsv"
    path.write_text("gene\t" + "\t".join(f"cell{i}" for i in range(20_001)) + "\n" + "G1" + "\t1" * 20_001 + "\n")
    with pytest.raises(ChromolabError, match="cells.tsv: 20,002 columns; expected .* at most 20,000 samples"):
        read_expression(path)
