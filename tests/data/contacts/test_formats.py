"""data/contacts/formats: every kind of contact table, as its program writes it, against numbers worked out by hand."""

import bz2
import gzip
import zipfile

import pandas as pd
import pytest

import chromolab as cl
from chromolab.data.contacts.formats import FORMATS, contact_kinds, read_contacts
from chromolab.data.contacts.pcres import assign_pcres
from chromolab.data.intervals import CONTACT_COLUMNS
from chromolab.errors import ChromolabError

EXPECTED = [["chr1", 0, 10, "chr1", 50, 60, 2.5], ["chr2", 5, 9, "chr1", 70, 90, 4.0]]
IBED = "bait_chr\tbait_start\tbait_end\tbait_name\totherEnd_chr\totherEnd_start\totherEnd_end\totherEnd_name\t"
IBED += "N_reads\tscore\nchr1\t1\t10\tA,B\tchr1\t51\t60\t.\t7\t2.5\nchr2\t6\t9\tC\tchr1\t71\t90\tD\t11\t4\n"
PEAKS = "baitChr\tbaitStart\tbaitEnd\tbaitID\tbaitName\toeChr\toeStart\toeEnd\toeID\toeName\tdist\tMon\tnB\n"
PEAKS += "chr1\t1\t10\t1\tA\tchr1\t51\t60\t5\t.\t50\t2.5\t9\nchr2\t6\t9\t2\tC\tchr1\t71\t90\t7\t.\tNA\t4\tNA\n"
HICCUPS = "#chr1\tx1\tx2\tchr2\ty1\ty2\tname\tscore\tcolor\tobserved\texpectedBL\texpectedDonut\n# juicer_tools 1.22\n"
HICCUPS += "chr1\t0\t10\tchr1\t50\t60\t.\t.\t0,0,0\t5\t1\t2.0\nchr2\t5\t9\tchr1\t70\t90\t.\t.\t0,0,0\t8\t1\t2.0\n"
INTERACT = 'track type=interact name="x"\n'
INTERACT += "chr1\t0\t60\ta\t1\t2.5\t.\t0\tchr1\t0\t10\t.\t.\tchr1\t50\t60\t.\t.\n"
INTERACT += "chr2\t5\t9\tb\t2\t4\t.\t#aa0000\tchr2\t5\t9\t.\t.\tchr1\t70\t90\t.\t.\n"
TEXTS = {
    "po": (
        "frag1\tfrag2\tfrequency\nchr1.0.10\tchr1.50.60\t2.5\nchr2.5.9\tchr1.70.90\t4\n",
        {},
        "promoter-capture",
        "column 'frequency'",
    ),
    "po, other name": (
        "frag1\tfrag2\toe\tp\nchr1.0.10\tchr1.50.60\t2.5\t1\nchr2.5.9\tchr1.70.90\t4\t2\n",
        {"frequency": "oe"},
        "promoter-capture",
        "column 'oe'",
    ),
    "ibed": (IBED, {}, "ibed", "CHiCAGO score"),
    "ibed, reads": (
        IBED.replace("2.5", "1").replace("\t7\t", "\t2.5\t").replace("\t11\t4", "\t4\t1"),
        {"frequency": "N_reads"},
        "ibed",
        "read pairs",
    ),
    "peaks": (PEAKS, {"frequency": "Mon"}, "peak-matrix", "CHiCAGO score (Mon)"),
    "peaks, by cell type": (PEAKS, {"cell_type": "Mon"}, "peak-matrix", "CHiCAGO score (Mon)"),
    "washU text": ("chr1,0,10\tchr1,50,60\t2.5\nchr2,5,9\tchr1,70,90\t4\n", {}, "longrange", "longrange"),
    "washU text, spaces": ("chr1,0,10 chr1,50,60 2.5\nchr2,5,9 chr1,70,90 4\n", {}, "longrange", "longrange"),
    "washU track": ("chr1\t0\t10\tchr1:50-60,2.5\t1\t.\nchr2\t5\t9\tchr1:70-90,4\t2\t.\n", {}, "longrange", "score"),
    "washU track, four columns": ("chr1\t0\t10\tchr1:50-60,2.5\nchr2\t5\t9\tchr1:70-90,4\n", {}, "longrange", "score"),
    "washU track, with its lines": (
        "browser position chr1\ntrack type=longrange\nchr1\t0\t10\tchr1:50-60,2.5\nchr2\t5\t9\tchr1:70-90,4\n",
        {},
        "longrange",
        "score",
    ),
    "washU text, track line": (
        "track name=x\n#a\nchr1,0,10\tchr1,50,60\t2.5\nchr2,5,9\tchr1,70,90\t4\n",
        {},
        "longrange",
        "score",
    ),
    "bedpe": ("chr1\t0\t10\tchr1\t50\t60\ty\t2.5\t.\t.\nchr2\t5\t9\tchr1\t70\t90\tx\t4\t.\t.\n", {}, "bedpe", "score"),
    "bedpe, no name": ("chr1\t0\t10\tchr1\t50\t60\t2.5\nchr2\t5\t9\tchr1\t70\t90\t4\n", {}, "bedpe", "score"),
    "bedpe, track line": (
        "track name=x\n##y\nchr1\t0\t10\tchr1\t50\t60\ta\t2.5\nchr2\t5\t9\tchr1\t70\t90\tb\t4\n",
        {},
        "bedpe",
        "score",
    ),
    "washU text, by colon": ("chr1:0-10\tchr1:50-60\t2.5\nchr2:5-9\tchr1:70-90\t4\n", {}, "longrange", "longrange"),
    "interact": (INTERACT, {}, "interact", "column 'value'"),
    "interact, no track line": (INTERACT.split("\n", 1)[1], {}, "interact", "column 'value'"),
    "interact, scores only": (
        INTERACT.replace("\t1\t2.5\t", "\t2.5\t0\t").replace("\t2\t4\t", "\t4\t0\t"),
        {},
        "interact",
        "column 'score'",
    ),
    "FitHiChIP": (
        "chr1\ts1\te1\tchr2\ts2\te2\tcc\tQ\nchr1\t0\t10\tchr1\t50\t60\t2.5\t1\nchr2\t5\t9\tchr1\t70\t90\t4\t1\n",
        {"frequency": "cc"},
        "table",
        "column 'cc'",
    ),
    "HiCCUPS": (HICCUPS, {}, "bedpe", "observed / expected around the loop"),
    "semicolons": (
        "chrom1;start1;end1;name;chrom2;start2;end2;score\nchr1;0;10;A,B;chr1;50;60;2.5\nchr2;5;9;C,D;chr1;70;90;4\n",
        {},
        "table",
        "column 'score'",
    ),
    "commas within names, spaces between": (
        "chr1 0 10 chr1 50 60 A,B 2.5\nchr2 5 9 chr1 70 90 C,D,E 4\n",
        {},
        "bedpe",
        "column 'score'",
    ),
    "quoted": (
        pd.DataFrame(EXPECTED, columns=CONTACT_COLUMNS).to_csv(index=False, quoting=1),
        {},
        "table",
        "column 'frequency'",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("compress", [None, gzip.compress, bz2.compress])
def test_text_kinds(tmp_path, name, compress):
    text, options, kind, measure = TEXTS[name]
    path = tmp_path / "contacts"  # the compression is seen from the content, not from the name
    path.write_bytes((compress or bytes)(text.encode()))
    df = read_contacts(path, **options)
    expected = EXPECTED if name != "HiCCUPS" else [EXPECTED[0], EXPECTED[1]]
    assert df[list(CONTACT_COLUMNS)].to_numpy().tolist() == expected
    assert df.attrs["format"] == kind and measure in df.attrs["measure"]
    pd.testing.assert_frame_equal(read_contacts(path, format=kind, **options), df)


@pytest.mark.parametrize("name", TEXTS)
def test_where_starts_count_from(tmp_path, name):
    text, options, kind, _ = TEXTS[name]
    (tmp_path / "c").write_text(text)
    df, chicago = read_contacts(tmp_path / "c", **options), kind in ("ibed", "peak-matrix")
    assert df.attrs["one_based"] is chicago and ("from 1" in contact_kinds().loc[kind, "files"]) is chicago
    if not chicago:
        with pytest.raises(ChromolabError, match="row 0: .*start1 >= 0"):
            read_contacts(tmp_path / "c", one_based=True, **options)
    else:
        from_zero = read_contacts(tmp_path / "c", one_based=False, **options)
        assert (from_zero[["start1", "start2"]] == df[["start1", "start2"]] + 1).all(axis=None)


@pytest.mark.parametrize("name", ["bedpe", "ibed", "washU text", "washU track, with its lines"])
def test_a_last_line_that_does_not_end_is_told(tmp_path, caplog, name):
    text, options, *_ = TEXTS[name]
    (tmp_path / "whole").write_text(text)
    (tmp_path / "packed").write_bytes(gzip.compress(text.rstrip("\n").encode()))
    for sound in ("whole", "packed"):  # gzip would tell of a cut
        read_contacts(tmp_path / sound, **options)
    assert not caplog.records
    (tmp_path / "cut").write_text(text.rstrip("\n"))
    read_contacts(tmp_path / "cut", **options)
    assert "the last line has no line end" in caplog.text and "cut, line" in caplog.text


def test_the_table_of_kinds_names_them_all():
    table = contact_kinds()
    assert tuple(table.index) == FORMATS and (table != "").all(axis=None)
    assert all(f in read_contacts.__doc__ for f in FORMATS)
    pd.testing.assert_frame_equal(cl.data.contact_kinds(), table)


def test_what_the_frequency_is_reaches_the_report(tmp_path):
    (tmp_path / "a.ibed").write_text(IBED)
    genes = pd.DataFrame({"gene_id": ["G"], "cell_type": ["E"], "chrom": ["chr1"], "tss": [5]})
    df = read_contacts(tmp_path / "a.ibed")
    assert df[df["frequency"] > 1].copy().attrs["measure"] == "CHiCAGO score", "it stays through pandas' own steps"
    assert "their frequency: CHiCAGO score" in str(assign_pcres(genes, df)[1])
    assert "their frequency: as given" in str(assign_pcres(genes, pd.DataFrame(df.to_dict("list")))[1])


@pytest.mark.parametrize(("column", "expected"), [("value", [0, 4, 0]), ("score", [1, 2, 3])])
def test_the_strength_of_an_interaction_that_is_named(tmp_path, column, expected):
    (tmp_path / "c.txt").write_text(MIXED)
    assert read_contacts(tmp_path / "c.txt", frequency=column)["frequency"].tolist() == expected


def test_one_frequency_for_all(tmp_path):
    (tmp_path / "a.bedpe").write_text("chr1\t0\t10\tchr1\t50\t60\nchr2\t5\t9\tchr1\t70\t90\n")
    df = read_contacts(tmp_path / "a.bedpe", frequency=2)
    assert df["frequency"].tolist() == [2, 2] and df.attrs["measure"] == "the same for every contact (2)"
    with pytest.raises(ChromolabError, match="column.s. frequency missing"):
        read_contacts(tmp_path / "a.bedpe")


def test_a_cell_type_without_a_score_in_a_peak_matrix(tmp_path, caplog):
    (tmp_path / "p.txt").write_text(PEAKS)
    assert read_contacts(tmp_path / "p.txt", frequency="nB")["frequency"].tolist() == [9]
    assert "1 rows have no score for nB" in caplog.text
    with pytest.raises(ChromolabError, match=r"2 cell types \(Mon, nB\); choose one .* frequency='Mon'"):
        read_contacts(tmp_path / "p.txt")


MIXED = INTERACT.replace("\t1\t2.5\t", "\t1\t0\t") + INTERACT.split("\n")[1].replace("\t1\t2.5\t", "\t3\t0\t") + "\n"
READS = "pairs of reads, not contacts: count them in bins first, cooler cload pairs"


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (IBED[:-9], {}, r"line 3: could not be read as a table's row: 7 columns; expected 10.*incomplete"),
        (IBED + "chr1\t1", {}, "line 4: .*2 columns; expected 10"),
        (IBED, {"format": "hic"}, "expected one of table, promoter-capture"),
        (IBED, {"bin_size": 5000}, "bin_size only apply to matrices"),
        (IBED.replace("\t4\n", "\tmany\n"), {}, "row 1: frequency=many"),
        ("chr1,0,10\tchr1,50\t2.5\n", {"format": "longrange"}, "row 0"),
        ("chr1,0,10\tchr1,50,60\t2.5\nchr1,0,x\tchr1,50,60\t2.5\n", {}, "row 1"),
        ("chr1\t0\t10\tchr1:50-60,2.5\nchr1\t0\t10\tchr1:50-60\n", {}, "row 1"),
        ("a\0b\tc\n", {}, "not text"),
        (MIXED, {}, "the value is 0 in 2 of 3 rows, so the score may be meant. Name it: frequency='value'"),
        ("frag1\tfrag2\tscore\tscore\nchr1.1.2\tchr1.4.5\t1\t1\n", {}, "two columns are called 'score'"),
        ("chr1\t0\t10\tchr1\t50\t99999999999999999999\t.\t2\n", {}, "end2=.*a whole number below"),
        ("1 2 3\n", {}, "give bin_size"),
        ("HIC\0" + "x" * 50, {}, r"\.hic file; expected .mcool. Convert it: hictk convert c.txt c.mcool"),
        (
            "## pairs format v1.0\n#columns: readID chr1 pos1 chr2 pos2 strand1 strand2\nr\tchr1\t5\tchr1\t9\t+\t-\n",
            {},
            READS,
        ),
        ("r1\tchr1\t5000\tchr1\t65000\t+\t-\n", {}, READS),
        ("r1\tchr1\t5000\t+\tchr1\t65000\t-\t300\tHIC_1\tHIC_2\t40\t42\n", {}, READS),  # HiC-Pro's valid pairs
        ("0 chr1 5000 0 16 chr1 65000 1 60 36M AA 60 36M CC r1 r2\n", {}, READS),  # juicer's merged_nodups
        ("chr1\t5000\t6000\tchr1\t65000\n", {}, "These are values, so it has no line of names"),
        (
            "chr1\tfragmentMid1\tchr2\tfragmentMid2\tcontactCount\nchr1\t34253\tchr1\t134253\t12\n",
            {},
            "midpoints, as Fit-Hi-C writes, are no intervals",
        ),
        (
            "chr1\tfragmentMid1\tchr2\tfragmentMid2\tcontactCount\nchr1\t34253\tchr1\t134253\t12\n",
            {
                "columns": {"start1": "fragmentMid1", "end1": "fragmentMid1", "start2": "fragmentMid2"}
                | {"end2": "fragmentMid2", "frequency": "contactCount"}
            },
            "start1 and end1 are the same column, 'fragmentMid1'",
        ),
    ],
)
def test_bad_text(tmp_path, text, options, said):
    path = tmp_path / "c.txt"
    path.write_text(text)
    with pytest.raises(ChromolabError, match=said):
        read_contacts(path, **options)


HEADER = "chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tscore\tsamplenumber\n"
ROWS = "chr1\t0\t10\tchr1\t50\t60\t2.5\t1\nchr2\t5\t9\tchr1\t70\t90\t4\t2\n"
# CHiCAGO writes fragments as R does, first and last base, from 1: a row from 0 would be of another program.
FROM_ONE = (
    ROWS.replace("\t0\t10\t", "\t1\t10\t")
    .replace("\t50\t", "\t51\t")
    .replace("\t5\t", "\t6\t")
    .replace("\t70\t", "\t71\t")
)


@pytest.mark.parametrize("compress", [None, gzip.open, bz2.open])
def test_generic_table(tmp_path, compress):
    path = tmp_path / ("c.tsv" + {None: "", gzip.open: ".gz", bz2.open: ".bz2"}[compress])
    with (compress or open)(path, "wt") as f:
        f.write(HEADER + ROWS)
    df = read_contacts(path)
    assert df.to_numpy().tolist() == EXPECTED and df.columns.tolist() == list(CONTACT_COLUMNS)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ((HEADER + ROWS).replace("\t", ","), {}),
        (ROWS, {"columns": [*CONTACT_COLUMNS, "n"]}),
        (HEADER.replace("score", "oe") + ROWS, {"frequency": "oe"}),
        (HEADER.replace("score", "oe") + ROWS, {"columns": {"frequency": "oe"}}),
        (HEADER.replace("score", "score\tn").replace("\tsamplenumber", "") + ROWS, {}),
        ("#chr1\tx1\tx2\tchr2\ty1\ty2\tscore\tstrand\n" + ROWS, {}),
        ("bait_chr\tbait_start\tbait_end\totherEnd_chr\totherEnd_start\totherEnd_end\tscore\tn\n" + FROM_ONE, {}),
        ("baitChr\tbaitStart\tbaitEnd\toeChr\toeStart\toeEnd\tcellA\tn\n" + FROM_ONE, {"frequency": "cellA"}),
        ("frag1\tfrag2\tfrequency\nchr1.0.10\tchr1.50.60\t2.5\nchr2.5.9\tchr1.70.90\t4\n", {}),
        (
            "a,b,c,d,e,f,g\nchr1,1,10,chr1,51,60,2.5\nchr2,6,9,chr1,71,90,4\n",
            {"columns": dict(zip(CONTACT_COLUMNS, "abcdefg", strict=True)), "one_based": True},
        ),
    ],
    ids=["csv", "no header", "frequency", "mapping", "column after", "bedpe", "ibed", "peaks", "frag", "1-based"],
)
def test_other_tables(tmp_path, text, options):
    path = tmp_path / "c.txt"
    path.write_text(text)
    assert read_contacts(path, **options)[list(CONTACT_COLUMNS)].to_numpy().tolist() == EXPECTED


def test_numbers_as_r_writes_them_do_not_depend_on_the_order_of_rows(tmp_path):
    rows = ["chr1\t1e+05\t105000\tchr1\t2e+05\t205000\t7\n", "chr1\t300000\t305000\tchr1\t5e+05\t505000\t9\n"]
    tables = []
    for k, order in enumerate((rows, rows[::-1])):
        (tmp_path / f"{k}.bedpe").write_text("".join(order))
        tables.append(read_contacts(tmp_path / f"{k}.bedpe", progress=False))
    assert tables[0][["start1", "start2"]].to_numpy().tolist() == [[100_000, 200_000], [300_000, 500_000]]
    pd.testing.assert_frame_equal(tables[0].iloc[::-1].reset_index(drop=True), tables[1])
    assert tables[0].attrs["format"] == "bedpe"


def test_rows_of_one_sample_and_a_cell_type(tmp_path):
    path = tmp_path / "c.tsv"
    path.write_text(HEADER + ROWS)
    df = read_contacts(path, where={"samplenumber": 2}, cell_type="E116")
    assert df.to_numpy().tolist() == [[*EXPECTED[1], "E116"]]
    with pytest.raises(ChromolabError, match="no row where samplenumber is 7; it has 1, 2"):
        read_contacts(path, where={"samplenumber": 7})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + ROWS + "chr1\t0\t10\tchr1\t60\t50\t1\t1\n", "row 2: .*end2 > start2"),
        (HEADER + ROWS + "chr1\t0\t10\tchr1\t60\t70\t\t1\n", "row 2: frequency=nan"),
        (HEADER + ROWS + "chr1\t0\t10\tchr1\t60\t70\tmany\t1\n", "row 2: frequency=many"),
        (HEADER + "chr1\t-5\t10\tchr1\t60\t70\t1\t1\n", "row 0: .*start1 >= 0"),
        (HEADER + "\t5\t10\tchr1\t60\t70\t1\t1\n", "row 0: .*chromosome name"),
        (HEADER + ROWS + "chr1\t0\t10\tchr1\t60\t70\t1\t1\t7\t8\n", "could not be read as a table"),
        (HEADER, "no rows"),
        ("", "could not be read as a table"),
        ("chrom1,start1\n1,2\n", "column.s. end1, chrom2, start2, end2, frequency missing"),
        ("frag1\tfrag2\tfrequency\nchr1.0\tchr1.50.60\t2.5\n", "row 0"),
    ],
)
def test_bad_table(tmp_path, text, said):
    path = tmp_path / "c.tsv"
    path.write_text(text)
    with pytest.raises(ChromolabError, match=rf"c\.tsv.*{said}"):
        read_contacts(path)


def test_texts_of_old_computers_and_spreadsheets(tmp_path):
    rows = "chr1\t0\t10\tchr1\t50\t60\t2.5\nchr2\t5\t9\tchr1\t70\t90\t4\n"
    text = "chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tscore\n" + rows
    path = tmp_path / "c.txt"
    for written in (text.replace("\n", "\r"), text.replace("\n", "\r\n"), "\ufeff" + text, "\ufeff" + rows):
        path.write_bytes(written.encode())
        assert read_contacts(path)[list(CONTACT_COLUMNS)].to_numpy().tolist() == EXPECTED
    path.write_text(text, encoding="utf-16")
    with pytest.raises(ChromolabError, match=r"c.txt: UTF-16 text; .*iconv -f UTF-16 -t UTF-8 c.txt > c.utf8.txt"):
        read_contacts(path)
    for late in ("", rows * 5000):  # in the first bytes, or long after the header
        for pack in (bytes, gzip.compress):
            path.write_bytes(pack((text + late).encode() + "chr1\t0\t10\tchr1\t50\t60\té\n".encode("cp1252")))
            with pytest.raises(ChromolabError, match=r"not UTF-8: byte 0xe9, which is 'é' in Windows-1252; .*iconv"):
                read_contacts(path)


def test_broken_files(tmp_path):
    path = tmp_path / "c.tsv.gz"
    path.write_bytes(gzip.compress((HEADER + ROWS * 500).encode())[:-30])
    with pytest.raises(ChromolabError, match="incomplete"):
        read_contacts(path)
    (tmp_path / "c.zip").write_bytes(b"PK\x03\x04nothing")
    with pytest.raises(ChromolabError, match="incomplete"):
        read_contacts(tmp_path / "c.zip")
    with pytest.raises(ChromolabError, match="no such file"):
        read_contacts(tmp_path / "absent.tsv")
    (tmp_path / "c.tsv").write_text(HEADER + ROWS)
    with pytest.raises(ChromolabError, match="oe missing from the table, which has chrom1"):
        read_contacts(tmp_path / "c.tsv", frequency="oe")
    with pytest.raises(ChromolabError, match="8 columns, but 2 names"):
        read_contacts(tmp_path / "c.tsv", columns=["a", "b"])


@pytest.mark.real
@pytest.mark.parametrize(("name", "frequency"), [("ibed1", None), ("ibed2", "N_reads"), ("peakmatrix", "cellB")])
def test_chicago_formats(real, name, frequency):
    path = real / f"contacts/{name}_example.zip"
    with zipfile.ZipFile(path) as z:
        n = len(z.read(z.namelist()[0]).splitlines()) - 1
    df = read_contacts(path, frequency=frequency)
    assert len(df) == n and set(df["chrom1"]) == {"19"} and df.loc[0, "start1"] in (290_158, 370_986)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\x89PNG\r\n", "a picture"),
        (b'{"error": "not found"}', "a JSON file"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS"),
    ],
)
def test_a_format_that_is_not_ours_is_named(tmp_path, content, named):
    (tmp_path / "contacts.tsv").write_bytes(content)
    with pytest.raises(ChromolabError, match=f"contacts.tsv: {named}"):
        read_contacts(tmp_path / "contacts.tsv")
