"""data/tables: however a table is laid out, the same names, genes and numbers are read, or it is asked."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from chromolab.data.tables import Given, read_rows
from chromolab.data.text import number_of
from chromolab.errors import ChromolabError

TOLD = Given()
GENES = [f"ENSG{i:011d}" for i in range(1, 6)]
VALUES = [[0.0, 12.71], [1.107, 3.5], [250.0, 0.25], [8.125, 1e-05], [1204.5, 7.0]]


def laid_out(separator="\t", decimal=".", header="gene_id", end="", header_end="", newline="\n", quote="", before=""):
    """The same table in a dialect. `header` is the name of the first column; None: R's, without one."""

    def cell(x):
        return f"{quote}{x}{quote}"

    names = ([] if header is None else [header]) + ["A", "B"]
    lines = [separator.join(map(cell, names)) + header_end]
    for gene, row in zip(GENES, VALUES, strict=True):
        lines.append(separator.join([cell(gene), *(str(x).replace(".", decimal) for x in row)]) + end)
    return before + newline.join(lines) + newline


def read(folder, text, known=TOLD, encoding="utf-8"):
    path = folder / "t.txt"
    path.write_bytes(text.encode(encoding))
    return read_rows(path, "a table", known)


def is_the_table(table):
    numbers = [[number_of(cell, table.decimal) for cell in row[1:]] for row in table.rows]
    return table.names[1:] == ["A", "B"] and [row[0] for row in table.rows] == GENES and numbers == VALUES


@settings(max_examples=80, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    separator=st.sampled_from(["\t", ",", ";", " ", "|"]),
    decimal=st.sampled_from([".", ","]),
    header=st.sampled_from(["gene_id", "Gene ID", "Name", "", None, "#gene_id", "# gene_id", "ID_REF"]),
    ends=st.sampled_from([("", ""), ("T", ""), ("", "T"), ("T", "T"), ("TT", ""), ("T", "TT")]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    quote=st.sampled_from(["", '"']),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    before=st.sampled_from(["", "# made by a program\n", "\n\n", "# a\n# b c d e\n"]),
)
def test_a_table_in_any_dialect_is_the_same_table(
    tmp_path_factory, separator, decimal, header, ends, newline, quote, encoding, before
):
    folder = tmp_path_factory.mktemp("dialect")
    if header and ("#" in header or " " in header) and (quote or separator == " "):
        header = "gene_id"
    if separator == " " and (header == "" or ends != ("", "")):
        header, ends = "gene_id", ("", "")  # white space at an end, or for a name, is none
    if separator == decimal == ",":
        decimal = "."
    end, header_end = (e.replace("T", separator) for e in ends)
    if header is None:
        header_end = ""  # a name that is missing at the end is none that is missing at the start
    text = laid_out(separator, decimal, header, end, header_end, "\n", quote, before).replace("\n", newline)
    assert is_the_table(read(folder, text, encoding=encoding)), text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("G1\t5\nG2\t6\nG3\tx7\nG4\t7\n", None),
        ("ENSG00000000001\t5\nENSG00000000002\t6\n", ["gene_id", "file"]),
        ("ENSG00000000001\tNA\nENSG00000000002\t6\n", ["gene_id", "file"]),
        ("TSPAN6,5\nTNMD,6\nDPM1,0\nSCYL3,0\nC1orf112,7\n", ["gene_id", "file"]),
        ("7105\t5\n64102\t6\n", ["gene_id", "file"]),
        ("gene_id\t1\t2\nG1\t5\t6\nG2\t7\t8\n", ["gene_id", "1", "2"]),
        ("\t1\t2\nG1\t5\t6\nG2\t7\t8\n", ["gene_id", "1", "2"]),
        ("gene\tlength\nG1\t5\nG2\t6\n", ["gene", "length"]),
    ],
)
def test_the_first_line_is_a_row_where_it_looks_like_the_others(tmp_path, text, names):
    known = Given(unnamed=lambda rows: ["gene_id", "file"])
    table = read(tmp_path, text, known)
    if names is None:
        assert table.names == ["G1", "5"], "a column with text is no column of numbers"
    else:
        assert table.names == names and len(table.rows) == text.count("\n") - (names[1] != "file")


@pytest.mark.parametrize(
    ("text", "known", "said"),
    [
        (
            "cells\t1\nTSPAN6\t5\nTNMD\t0\n",
            {},
            "line 1: 'cells 1' may be a header or a row.*header=True",
        ),
        ("G1\t5\t6\nG2\t7\t8\n", {}, "without a header, in 3 columns. Name them"),
        ("gene_id\tA\nG1\t1,234\nG2\t5,678\n", {}, "line 2, column A: '1,234' may be a thousand or a decimal comma"),
        ("gene_id,A\nG1,1,5\nG2,2,7\n", {}, "line 2: 3 values; expected 2.*commas are both separators"),
        ("cells,A\nG1,1,5\nG2,2,7\n", {}, "line 2: 3 values; expected 2.*commas are both separators"),
        ("gene_id\tA\tB\nG1\t1\t2\nG2\t3\n", {}, "line 3: 2 values; expected 3"),
        ("gene_id\tA\tB\nG1\t1\t2\nG2\t3\t4\t5\nG3\t6\t7\n", {}, "line 3: 4 values; expected 3"),
        ("gene_id\tA\t\nG1\t1\t2\nG2\t3\t4\n", {}, "column 3 has values and no name"),
        ("gene_id\tA\tA\nG1\t1\t2\n", {}, "two columns are called 'A'"),
        ("gene_id\tA\n", {}, "no rows under the header"),
        ("# a\n\n", {}, "no rows"),
        (",,\n,,\n", {}, "no rows"),
    ],
)
def test_what_cannot_be_told_is_asked(tmp_path, text, known, said):
    with pytest.raises(ChromolabError, match=rf"t\.txt(, |: ).*{said}"):
        read(tmp_path, text, Given(**known))


@pytest.mark.parametrize(
    ("text", "known", "names", "rows"),
    [
        ("cells\t1\nTSPAN6\t5\n", {"header": True}, ["cells", "1"], [["TSPAN6", "5"]]),
        (
            "G1\t5\t6\nG2\t7\t8\n",
            {"header": ["gene", "A", "B"]},
            ["gene", "A", "B"],
            [["G1", "5", "6"], ["G2", "7", "8"]],
        ),
        ("Table 1: a title\n\ngene\tA\tB\nG1\t1\t2\n", {}, ["gene", "A", "B"], [["G1", "1", "2"]]),
        ("Table 1,,\n,,\ngene,A,B\nG1,1,2\n,,\n", {}, ["gene", "A", "B"], [["G1", "1", "2"]]),
        ('"","gene_id","A"\n"1","G1",5\n"2","G2",6\n', {}, ["gene_id", "A"], [["G1", "5"], ["G2", "6"]]),
        (",gene,A\n0,G1,5\n1,G2,6\n", {}, ["gene", "A"], [["G1", "5"], ["G2", "6"]]),
        ("gene\tA\n1\tG1\t5\n2\tG2\t6\n", {}, ["gene", "A"], [["G1", "5"], ["G2", "6"]]),
        ('gene,what,A\nG1,"a, b; ""c""",5\n', {}, ["gene", "what", "A"], [["G1", 'a, b; "c"', "5"]]),
        ("# by x v1.2 on y\n#gene\tA\nG1\t5\n G2\t6\n", {}, ["gene", "A"], [["G1", "5"], ["G2", "6"]]),
    ],
)
def test_layouts_of_spreadsheets_r_and_pandas(tmp_path, text, known, names, rows):
    table = read(tmp_path, text, Given(**known))
    assert (table.names, table.rows) == (names, rows)


@pytest.mark.parametrize("separator", ["\t", ";", " "])
def test_decimal_commas_are_no_separators_however_regular_they_are(tmp_path, separator):
    """Every number has one comma, and a column of text stands between: commas would split all rows alike, too."""
    rows = [f"ENSG{i:011d};x;{i},25;{2 * i},5\n".replace(";", separator) for i in range(1, 9)]
    for header in ("", "gene_id;name;A;B\n".replace(";", separator)):
        known = TOLD if header else Given(header=["gene_id", "name", "A", "B"])
        table = read(tmp_path, header + "".join(rows), known)
        assert table.names == ["gene_id", "name", "A", "B"] and table.decimal == ","
        assert [number_of(row[2], ",") for row in table.rows] == [i + 0.25 for i in range(1, 9)]


def test_what_was_guessed_is_said(tmp_path):
    text = laid_out(";", ",", "#gene_id", before="# by a program\n")
    said = read(tmp_path, text).said
    assert len(said) == 3 and all(word in "; ".join(said) for word in ("semicolons", "begins with #", "decimal commas"))
    assert read(tmp_path, laid_out()).said == []
