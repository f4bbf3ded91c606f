"""Every kind of contact file, written here as its program writes it, against numbers worked out one by one."""

import bz2
import collections
import gzip
import io
import os
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chromolab as cl
from chromolab.data.contacts import pickles as _pickles
from chromolab.data.contacts.formats import FORMATS, kinds, read_contacts
from chromolab.data.contacts.matrices import expected_by_distance
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
    "HiCCUPS": (HICCUPS, {}, "bedpe", "observed / expected around the loop"),
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
    assert df.attrs["one_based"] is chicago and ("from 1" in kinds().loc[kind, "files"]) is chicago
    if not chicago:
        with pytest.raises(ChromolabError, match="row 0: .*start1 >= 0"):
            read_contacts(tmp_path / "c", one_based=True, **options)
    else:
        from_zero = read_contacts(tmp_path / "c", one_based=False, **options)
        assert (from_zero[["start1", "start2"]] == df[["start1", "start2"]] + 1).all(axis=None)


def test_starts_of_matrices_that_count_from_one(tmp_path):
    m = matrix_of(3, 8)
    i, j = np.triu_indices(8)
    options = {"bin_size": 40_000, "chrom": "chr1", "above": 0}
    (tmp_path / "zero").write_text(as_dense(m, True))
    (tmp_path / "dense").write_text(
        "".join(f"chr1 {a * 40_000 + 1} {a * 40_000 + 40_000} {' '.join(map(str, row))}\n" for a, row in enumerate(m))
    )
    (tmp_path / "triples").write_text(
        "".join(f"{a * 40_000 + 1} {b * 40_000 + 1} {m[a, b]}\n" for a, b in zip(i, j, strict=True))
    )
    whole = read_contacts(tmp_path / "zero", format="dense", **options)
    for kind in ("dense", "triples"):
        df = read_contacts(tmp_path / kind, format=kind, one_based=True, **options)
        pd.testing.assert_frame_equal(df[df["frequency"] > 0], whole)
        with pytest.raises(ChromolabError, match="row [01]"):
            read_contacts(tmp_path / kind, format=kind, **options)
    (tmp_path / "plain").write_text(as_dense(m, False))
    with pytest.raises(ChromolabError, match="its rows have no starts.*Leave it out"):
        read_contacts(tmp_path / "plain", format="dense", one_based=True, **options)
    with pytest.raises(ChromolabError, match="a cooler defines its own bins, from 0. Leave it out"):
        read_contacts(write_cool(tmp_path / "a.cool", {"chr1": m}, 1000), one_based=True)


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
    table = kinds()
    assert tuple(table.index) == FORMATS and (table != "").all(axis=None)
    assert all(f in read_contacts.__doc__ for f in FORMATS)
    pd.testing.assert_frame_equal(cl.contacts.kinds(), table)


def test_what_the_frequency_is_reaches_the_report(tmp_path):
    (tmp_path / "a.ibed").write_text(IBED)
    genes = pd.DataFrame({"gene_id": ["G"], "cell_type": ["E"], "chrom": ["chr1"], "tss": [5]})
    df = read_contacts(tmp_path / "a.ibed")
    assert df[df["frequency"] > 1].copy().attrs["measure"] == "CHiCAGO score", "it stays through pandas' own steps"
    assert "their frequency: CHiCAGO score" in str(assign_pcres(genes, df)[1])
    assert "their frequency: as given" in str(assign_pcres(genes, pd.DataFrame(df.to_dict("list")))[1])


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
        ("frag1\tfrag2\tscore\tscore\nchr1.1.2\tchr1.4.5\t1\t1\n", {}, "two columns are called 'score'"),
        ("chr1\t0\t10\tchr1\t50\t99999999999999999999\t.\t2\n", {}, "end2=.*a whole number below"),
        ("1 2 3\n", {}, "give bin_size"),
        ("HIC\0" + "x" * 50, {}, r"\.hic file; expected .mcool"),
    ],
)
def test_bad_text(tmp_path, text, options, said):
    path = tmp_path / "c.txt"
    path.write_text(text)
    with pytest.raises(ChromolabError, match=said):
        read_contacts(path, **options)


# ---------------------------------------------------------------- matrices


def matrix_of(seed, n, masked=()):
    """A symmetric matrix of counts that fall with distance, rows and columns of masked bins empty."""
    rng = np.random.default_rng(seed)
    far = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    m = np.triu(rng.poisson(20 / (1 + far) ** 0.8))
    m = m + np.triu(m, 1).T
    m[list(masked)] = 0
    m[:, list(masked)] = 0
    return m.astype(float)


def slow_oe(m, valid):
    """Observed / expected, each expected value summed pair by pair."""
    n, out = len(m), {}
    for d in range(n):
        pairs = [(i, i + d) for i in range(n - d) if valid[i] and valid[i + d]]
        expected = sum(m[i, j] for i, j in pairs) / len(pairs) if pairs else 0
        out |= {(i, j): m[i, j] / expected for i, j in pairs if expected > 0}
    return out


def slow_contacts(m, valid, size, distances, above, ends=None):
    rows = []
    for (i, j), value in sorted(slow_oe(m, valid).items()):
        if distances[0] <= (j - i) * size <= distances[1] and value > above:
            end = ends or (lambda k: k * size + size)
            rows.append(["chr1", i * size, end(i), "chr1", j * size, end(j), pytest.approx(value)])
    return rows


def write_cool(path, matrices, size, weights=None, short=0):
    cooler = pytest.importorskip("cooler")
    starts = {c: np.arange(len(m)) * size for c, m in matrices.items()}
    bins = [pd.DataFrame({"chrom": c, "start": start, "end": start + size}) for c, start in starts.items()]
    bins = pd.concat(bins, ignore_index=True)
    bins.loc[len(next(iter(matrices.values()))) - 1, "end"] -= short
    if weights is not None:
        bins["weight"] = weights
    first, parts = 0, []
    for m in matrices.values():
        i, j = np.nonzero(np.triu(m))
        parts.append(pd.DataFrame({"bin1_id": i + first, "bin2_id": j + first, "count": m[i, j].astype(int)}))
        first += len(m)
    other = pd.DataFrame({"bin1_id": [0], "bin2_id": [first - 1], "count": [50]})  # between chromosomes
    pixels = pd.concat(parts + [other] * (len(matrices) > 1)).sort_values(["bin1_id", "bin2_id"], ignore_index=True)
    cooler.create_cooler(str(path), bins, pixels, mode="a")
    return path


@pytest.mark.parametrize("weighted", [False, True])
def test_cool_equals_the_slow_matrix(tmp_path, weighted, caplog):
    m, other = matrix_of(0, 30, masked=(4,)), matrix_of(1, 12)
    weights = np.linspace(0.5, 2, 42) if weighted else None
    if weighted:
        weights[[4, 11]] = np.nan
    path = write_cool(tmp_path / "a.cool", {"chr1": m, "chr2": other}, 1000, weights, short=300)
    df = read_contacts(path, distances=(2000, 9000))
    w = weights[:30] if weighted else np.ones(30)
    valid = np.isfinite(w) if weighted else m.sum(0) > 0
    expected = slow_contacts(
        m * np.outer(np.nan_to_num(w), np.nan_to_num(w)),
        valid,
        1000,
        (2000, 9000),
        1.0,
        ends=lambda k: min(k * 1000 + 1000, 29_700),
    )
    assert df[df["chrom1"] == "chr1"].to_numpy().tolist() == expected and len(expected) > 50
    assert df.attrs["format"] == "cool" and ("balanced" in df.attrs["measure"]) == weighted
    assert ("not balanced" in caplog.text) != weighted
    raw = read_contacts(path, values="raw", distances=(0, 3000), above=-1)
    assert raw.query("chrom1 == 'chr1'")["frequency"].sum() == sum(
        m[i, j] for i in range(30) for j in range(i, min(i + 4, 30))
    )
    assert (df["chrom1"] == df["chrom2"]).all()


def test_cool_of_the_genes_alone_gives_the_same_pcres(tmp_path):
    path = write_cool(tmp_path / "a.cool", {"chr1": matrix_of(0, 60), "chr2": matrix_of(1, 40)}, 10_000)
    genes = pd.DataFrame(
        {"gene_id": list("ABC"), "cell_type": "E", "chrom": ["chr1", "1", "chr2"], "tss": [123_456, 300_000, 55_000]}
    )
    every, few = read_contacts(path), read_contacts(path, genes=genes)
    assert 0 < len(few) < len(every) / 5
    pd.testing.assert_frame_equal(assign_pcres(genes, every)[0], assign_pcres(genes, few)[0])
    a = assign_pcres(genes, few)[0].query("gene_id == 'A'")
    oe = slow_oe(matrix_of(0, 60), np.ones(60, bool))
    far = [(oe[min(12, k), max(12, k)], -k) for k in range(60) if abs(k - 12) >= 2]
    best = sorted(((v, k) for v, k in far if v > 1.5), reverse=True)[:8]
    assert a["start"].tolist() == [-k * 10_000 for _, k in best]


def test_mcool_takes_the_resolution_asked_for(tmp_path):
    for size in (1000, 5000, 10_000):
        write_cool(f"{tmp_path}/a.mcool::/resolutions/{size}", {"chr1": matrix_of(0, 80_000 // size)}, size)

    def width(**options):
        df = read_contacts(tmp_path / "a.mcool", distances=(0, 10**6), **options)
        return (df["end1"] - df["start1"]).iloc[0]

    assert width() == 5000 and width(bin_size=10_000) == 10_000 and width(bin_size=1000) == 1000
    assert read_contacts(f"{tmp_path}/a.mcool::/resolutions/10000", distances=(0, 10**6))["end1"].iloc[0] == 10_000
    with pytest.raises(ChromolabError, match="no matrix of 2,000 bp bins; it has 1,000, 5,000, 10,000"):
        read_contacts(tmp_path / "a.mcool", bin_size=2000)
    with pytest.raises(ChromolabError, match="not balanced"):
        read_contacts(tmp_path / "a.mcool", values="balanced")
    with pytest.raises(ChromolabError, match="no chromosome in common"):
        read_contacts(tmp_path / "a.mcool", genes=pd.DataFrame({"chrom": ["X"], "tss": [5]}))


def test_a_broken_cool(tmp_path):
    path = write_cool(tmp_path / "a.cool", {"chr1": matrix_of(0, 30)}, 1000)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ChromolabError, match="a.cool: not a complete cooler file.*Copy or download"):
        read_contacts(path)
    path.write_bytes(whole[:8])
    with pytest.raises(ChromolabError, match="not a complete cooler file"):
        read_contacts(path)


def as_dense(m, named):
    start = np.arange(len(m)) * 40_000
    lines = ["\t".join(f"{v:.10g}" for v in row) for row in m]
    return "\n".join(f"chr1\t{a}\t{a + 40_000}\t{x}" if named else x for a, x in zip(start, lines, strict=True)) + "\n"


def as_triples(m, unit, both=False):
    i, j = np.nonzero(m if both else np.triu(m))
    scale = 1 if unit == "bins" else 40_000
    return "".join(f"{a * scale}\t{b * scale}\t{m[a, b]:.10g}\n" for a, b in zip(i, j, strict=True))


@pytest.mark.parametrize("form", ["dense", "dense with places", "upper half", "starts", "numbers", "both halves"])
def test_text_matrices_equal_the_slow_one(tmp_path, form):
    m = matrix_of(3, 40, masked=(7,)) * 1.5
    m[39, 39] = 1.5  # so that triples know of the last bin
    text, options = {
        "dense": (as_dense(m, False), {"chrom": "chr1"}),
        "dense with places": (as_dense(m, True), {}),
        "upper half": (as_dense(np.triu(m), False), {"chrom": "chr1"}),
        "starts": (as_triples(m, "bp"), {"chrom": "chr1"}),
        "numbers": (as_triples(m, "bins"), {"chrom": "chr1", "unit": "bins"}),
        "both halves": (as_triples(m, "bp", both=True), {"chrom": "chr1"}),
    }[form]
    path = tmp_path / "nij.chr1.gz"
    path.write_bytes(gzip.compress(text.encode()))
    df = read_contacts(path, bin_size=40_000, **options)
    valid = m.sum(0) > 0
    assert df.to_numpy().tolist() == slow_contacts(m, valid, 40_000, (20_000, 2_000_000), 1.0)
    assert df.attrs["format"] == ("dense" if form in ("dense", "dense with places", "upper half") else "triples")
    if "chrom" in options:
        assert len(
            read_contacts({"chr1": path, "chr2": path}, bin_size=40_000, unit=options.get("unit", "bp"))
        ) == 2 * len(df)
    genes = pd.DataFrame({"gene_id": ["A"], "cell_type": "E", "chrom": ["1"], "tss": [30 * 40_000 + 5]})
    few = read_contacts(path, bin_size=40_000, genes=genes, **options)
    assert 0 < len(few) < len(df)
    pd.testing.assert_frame_equal(assign_pcres(genes, df)[0], assign_pcres(genes, few)[0])


def test_an_upper_half_without_its_diagonal(tmp_path):
    m = 24.0 - np.abs(np.subtract.outer(np.arange(12), np.arange(12)))  # the same at every distance
    for name, half in (("whole", m), ("upper", np.triu(m)), ("no diagonal", np.triu(m, 1))):
        (tmp_path / name).write_text(as_dense(half, False))
        df = read_contacts(tmp_path / name, format="dense", bin_size=40_000, chrom="chr1", above=0)
        assert len(df) == 66 and (df["frequency"] == 1).all(), name


def test_a_missing_pair_is_not_a_zero(tmp_path):
    m = np.full((6, 6), 4.0)
    m[0, 1] = m[1, 0] = m[2, 5] = m[5, 2] = np.nan
    m[4, :] = m[:, 4] = np.nan  # a masked bin
    i, j = np.triu_indices(6)
    (tmp_path / "dense").write_text(as_dense(m, False))
    (tmp_path / "upper").write_text(as_dense(np.triu(m), False))
    (tmp_path / "triples").write_text("".join(f"{a} {b} {m[a, b]}\n" for a, b in zip(i, j, strict=True)))
    (tmp_path / "both").write_text("".join(f"{a} {b} {m[a, b]}\n" for a in range(6) for b in range(6)))
    (tmp_path / "one half").write_text("1 0 nan\n" + "".join(f"{a} {b} 4\n" for a in range(6) for b in range(a, 6)))
    for name in ("dense", "upper", "triples", "both", "one half"):
        kind = "dense" if name in ("dense", "upper") else "triples"
        options = {} if kind == "dense" else {"unit": "bins"}
        df = read_contacts(tmp_path / name, format=kind, bin_size=40_000, chrom="chr1", above=0, **options)
        assert (df["frequency"] == 1).all() and len(df) == (15 if name == "one half" else 8), name


def test_two_bins_numbered_from_one(tmp_path):
    (tmp_path / "m").write_text("1\t1\t4\n1\t2\t4\n2\t3\t4\n1\t3\t2\n")
    df = read_contacts(
        tmp_path / "m", format="triples", bin_size=40_000, chrom="chr1", unit="bins", one_based=True, above=0
    )
    assert df[["start1", "start2", "frequency"]].to_numpy().tolist() == [
        [0, 40_000, 1],
        [40_000, 80_000, 1],
        [0, 80_000, 1],
    ]


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("1 2 3\n2 1 4\n", {}, "2 rows of 3 values; expected a square matrix"),
        ("1 2 3\n2 1\n3 4 1\n", {}, "line 2: 2 values in row 1; expected 3 rows of 3"),
        ("1 2\n2 1\n1 2\n", {}, "line 3: 2 values in row 2"),
        ("1 2\n3 1\n", {}, "row 1, column 0 has 3, its mirror 2"),
        ("1 2\nx 1\n", {}, "line 2: could not convert"),
        ("1 -2\n-2 1\n", {}, "negative or infinite"),
        ("chr1 0 40000 1 2\nchr1 50000 80000 2 1\n", {}, "line 2: row 1 is at chr1 50000 80000; expected chr1 40000"),
        (
            "0 40000 5\n1 2 3\n",
            {"format": "triples"},
            "row 1: 1.* expected two starts that 40,000 divides.*unit='bins'",
        ),
        ("0 40000 5\n40000 0 6\n", {"format": "triples"}, "twice with different values"),
        ("0 40000 5\ninf 0 6\n", {"format": "triples"}, "row 1: inf"),
        ("0 40000 5\n0 many 6\n", {"format": "triples"}, "row 1: 0.0 nan"),
        ("0 40000 5\n0 80000\n", {"format": "triples"}, "line 2: .*2 columns; expected 3"),
    ],
)
def test_bad_text_matrices(tmp_path, text, options, said):
    (tmp_path / "m.txt").write_text(text)
    with pytest.raises(ChromolabError, match=said):
        read_contacts(tmp_path / "m.txt", **({"format": "dense", "bin_size": 40_000, "chrom": "chr1"} | options))


def test_requests_of_a_matrix(tmp_path):
    (tmp_path / "m.txt").write_text("1 2\n2 1\n")
    for options, said in (
        ({"bin_size": 40_000}, "do not name the chromosome"),
        ({"chrom": "chr1"}, "give bin_size"),
        ({"bin_size": 0}, "bin_size: 0"),
        ({"values": "o/e", "bin_size": 1}, "values: 'o/e'"),
        ({"distances": (5, 1), "bin_size": 1}, "distances"),
        ({"unit": "kb", "bin_size": 1}, "unit"),
    ):
        with pytest.raises(ChromolabError, match=said):
            read_contacts(tmp_path / "m.txt", format="dense", **options)


@given(st.integers(2, 30), st.integers(0, 2**20), st.lists(st.integers(0, 29), max_size=5))
@settings(deadline=None, max_examples=40)
def test_expected_is_the_mean_of_a_diagonal(n, seed, masked):
    m, valid = matrix_of(seed, n, [k for k in masked if k < n]), np.ones(n, bool)
    valid[[k for k in masked if k < n]] = False
    total = np.array([np.trace(m, d) for d in range(n)])
    expected = expected_by_distance(total, valid)
    for d in range(n):
        pairs = [m[i, i + d] for i in range(n - d) if valid[i] and valid[i + d]]
        assert expected[d] == pytest.approx(np.mean(pairs)) if pairs else np.isnan(expected[d])


# ---------------------------------------------------------------- published pickles

NEIGHBOURS = {"chr1.0.10": ["chr1.50.60", "chr1.70.90"], "chr1.50.60": ["chr1.0.10"], "chr1.70.90": ["chr1.0.10"]}
SCORES = {("chr1.0.10", "chr1.50.60"): np.float64(2.5), ("chr1.0.10", "chr1.70.90"): np.float32(4)}


def write_pair(folder, neighbours, scores, protocol=4):
    for name, content in (("frag2neighbors", neighbours), ("pair2score", scores)):
        raw = content if isinstance(content, bytes) else pickle.dumps(content, protocol)
        (folder / f"H1_{name}.pickle").write_bytes(raw)
    return folder / "H1_frag2neighbors.pickle"


@pytest.mark.parametrize("protocol", range(6))
def test_the_published_pair(tmp_path, protocol):
    lists = collections.defaultdict(list, NEIGHBOURS)
    path = write_pair(tmp_path, lists, SCORES, protocol)
    df = read_contacts(path)
    assert df.to_numpy().tolist() == [["chr1", 0, 10, "chr1", 50, 60, 2.5], ["chr1", 0, 10, "chr1", 70, 90, 4.0]]
    assert df.attrs["format"] == "pickles" and "published" in df.attrs["measure"]
    pd.testing.assert_frame_equal(read_contacts(tmp_path / "H1_pair2score.pickle"), df)


def test_a_pair_that_does_not_fit(tmp_path):
    for neighbours, scores, said in (
        (NEIGHBOURS, {}, "no number for the pair chr1.0.10, chr1.50.60"),
        (NEIGHBOURS, [], "expected a dict: .fragment, fragment."),
        ({"a": 5}, {}, "expected a dict of lists"),
        ({"chr1.0.10": [7]}, {}, "a neighbour of 'chr1.0.10' is of type int; expected text"),
        ({7: ["chr1.0.10"]}, {}, "a key is of type int; expected text"),
        ({"chr1.0": ["chr1.5.9"]}, {("chr1.0", "chr1.5.9"): 1.0}, "row 0"),
        ({"chr1.0.5": ["chr1.5.9"]}, {("chr1.0.5", "chr1.5.9"): 10**400}, "no number"),
        ({}, {}, "no rows"),
    ):
        with pytest.raises(ChromolabError, match=said):
            read_contacts(write_pair(tmp_path, neighbours, scores))
    (tmp_path / "H1_pair2score.pickle").unlink()
    with pytest.raises(ChromolabError, match="pair2score.pickle: no such file"):
        read_contacts(tmp_path / "H1_frag2neighbors.pickle")
    (tmp_path / "other.pickle").write_bytes(pickle.dumps({}))
    with pytest.raises(ChromolabError, match="neither frag2neighbors nor pair2score"):
        read_contacts(tmp_path / "other.pickle")


class Evil:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def nest(depth, opening, closing):
    return b"\x80\x04" + opening * depth + closing * depth + b"."


DEEP = 300_000
MALICIOUS = {
    "os.system": pickle.dumps({"a": Evil(os.system, "touch PLACE")}),
    "eval through builtins": pickle.dumps({"a": Evil(eval, "open('PLACE', 'w')")}),
    "eval through getattr": pickle.dumps([Evil(getattr, __builtins__ if isinstance(__builtins__, dict) else 1, "x")]),
    "protocol 0": b"cposix\nsystem\n(S'touch PLACE'\ntR.",
    "INST": b"(S'touch PLACE'\niposix\nsystem\n.",
    "OBJ": b"(cposix\nsystem\nS'touch PLACE'\no.",
    "NEWOBJ": b"\x80\x02cbuiltins\nobject\n)\x81.",
    "stack global": b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x0btouch PLACE\x85R.",
    "dotted name": b"\x80\x04\x8c\x08builtins\x8c\x0dlist.__init__\x93.",
    "a list called": b"\x80\x02cbuiltins\nlist\n]\x85R.",
    "a type as data": pickle.dumps({"a": int}),
    "defaultdict of a function": pickle.dumps(collections.defaultdict(os.getcwd)),
    "defaultdict of dicts": pickle.dumps(collections.defaultdict(dict, {"a": {}})),
    "numpy array": pickle.dumps({"a": np.arange(3)}),
    "numpy object": b"\x80\x02cnumpy\ndtype\nX\x02\x00\x00\x00O8\x85R.",
    "numpy loader": b"\x80\x02cnumpy\nload\nX\x01\x00\x00\x00x\x85R.",
    "pandas": pickle.dumps(pd.DataFrame({"a": [1]})),
    "state of a dict": b"\x80\x04}}b.",
    "persistent id": b"\x80\x02X\x01\x00\x00\x00aQ.",
    "extension": b"\x80\x02\x82\x01.",
    "deep lists": nest(DEEP, b"(", b"l"),
    "deep tuples": nest(DEEP, b"(", b"t"),
    "deep tuple as key": b"\x80\x04}" + b")" + b"\x85" * DEEP + b"K\x01s.",
    "deep key of DICT": b"\x80\x04(" + b")" + b"\x85" * DEEP + b"K\x01d.",
    "deep frozenset": b"\x80\x04(" + b")" + b"\x85" * DEEP + b"\x91.",
    "memo bomb": b"\x80\x04]r\xff\xff\xff\x7f0]r\xff\xff\xff\x7e.",
    "memo by number": b"\x80\x02]p99999999999999999999\n" + b"p" + b"9" * 10_000 + b"\n.",
    "huge text": b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7fabc.",
    "huge bytes": b"\x80\x04\x8e" + b"\xff" * 5 + b"\x00\x00\x00abc.",
    "huge bytearray": b"\x80\x05\x96" + b"\xff" * 5 + b"\x00\x00\x00abc.",
    "huge frame": b"\x80\x04\x95" + b"\xff" * 5 + b"\x00\x00\x00abc.",
    "huge number": b"\x80\x02L" + b"9" * 100_000 + b"L\n.",
    "negative length": b"\x80\x02\x8b\xff\xff\xff\xff.",
    "encoded again": b"\x80\x02c_codecs\nencode\nq\x00X\x00\x10\x00\x00"
    + b"a" * 4096
    + b"q\x01X\x06\x00\x00\x00latin1q\x02"
    + b"h\x00h\x01h\x02\x86R" * 1000
    + b".",
    "nothing": b"",
    "no end": pickle.dumps(NEIGHBOURS)[:-1],
    "cut": pickle.dumps(NEIGHBOURS)[:-20],
    "more after the end": pickle.dumps(NEIGHBOURS) + b"x",
    "a stop at once": b"\x80\x04.",
    "text": b"chr1\t1\t2\n",
}


@pytest.mark.parametrize("name", MALICIOUS)
def test_pickles_that_are_not_plain_data_are_refused_and_nothing_is_run(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    raw = MALICIOUS[name].replace(b"PLACE", b"ran__")  # as long, so that lengths in the pickle stay right
    path = write_pair(tmp_path, raw, {})
    before = set(os.listdir(tmp_path))
    with pytest.raises(ChromolabError) as error:
        read_contacts(path, format="pickles")
    assert "H1_frag2neighbors.pickle" in str(error.value) and len(str(error.value)) < 1000
    assert set(os.listdir(tmp_path)) == before, "it ran"


def test_what_is_refused_is_named(tmp_path):
    for raw, said in (
        (MALICIOUS["os.system"], r"posix\.system"),
        (MALICIOUS["eval through builtins"], r"builtins\.eval"),
        (MALICIOUS["numpy array"], r"numpy\S*\._reconstruct"),
        (MALICIOUS["pandas"], r"pandas\."),
        (MALICIOUS["deep tuple as key"], "a key that is a nested tuple"),
    ):
        with pytest.raises(ChromolabError, match=f"refused, because it holds {said}.*Nothing in it was run"):
            read_contacts(write_pair(tmp_path, raw, {}))


def test_a_list_named_a_thousand_times_is_not_unrolled(tmp_path):
    shared = ["chr1.0.10"] * 3000
    path = write_pair(tmp_path, {f"chr1.{i}.{i + 5}": shared for i in range(3000)}, {})
    assert path.stat().st_size < 200_000
    with pytest.raises(ChromolabError, match="more neighbours than a file of its size can hold"):
        read_contacts(path)


def test_lists_that_share_lists_are_not_written_out(tmp_path):
    shared = ["x"]
    for _ in range(40):  # 2 ** 40 times "x", if it were text
        shared = [shared, shared]
    with pytest.raises(ChromolabError, match="a neighbour of 'chr1.0.10' is of type list"):
        read_contacts(write_pair(tmp_path, {"chr1.0.10": [shared]}, {}))


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(
            st.text(max_size=4) | st.integers() | st.tuples(st.text(max_size=3), st.text(max_size=3)), inner, max_size=4
        )
    ),
    max_leaves=20,
)


def kinds_of(content) -> set:
    inner = [*content, *content.values()] if isinstance(content, dict) else content
    return {type(content)}.union(*map(kinds_of, inner if isinstance(content, dict | list | tuple) else ()))


@given(plain, st.integers(0, 5))
@settings(deadline=None, max_examples=150)
def test_plain_data_comes_back_as_it_was(tmp_path_factory, content, protocol):
    path = tmp_path_factory.mktemp("plain") / "x.pickle"
    path.write_bytes(pickle.dumps(content, protocol))
    assert _pickles.read_pickle(path) == content


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 255))
@settings(deadline=None, max_examples=300)
def test_damaged_pickles_are_refused_or_plain(tmp_path_factory, raw, at, byte):
    path = tmp_path_factory.mktemp("damaged") / "x.pickle"
    whole = pickle.dumps(SCORES, 4)
    for data in (raw, whole[: at % len(whole)] + bytes([byte]) + whole[at % len(whole) + 1 :]):
        path.write_bytes(data)
        try:
            content = _pickles.read_pickle(path)
        except ChromolabError:
            continue
        assert kinds_of(content) <= {dict, list, tuple, str, int, float, bool, bytes, type(None), _pickles._NumberType}


def test_numbers_of_numpy(tmp_path):
    numbers = [np.float64(1.5), np.float32(2.5), np.int64(-7), np.uint8(200), np.bool_(True), np.float16(0.5)]
    for protocol in range(6):
        buffer = io.BytesIO()
        pickle.Pickler(buffer, protocol).dump(numbers)
        (tmp_path / "n.pickle").write_bytes(buffer.getvalue())
        assert _pickles.read_pickle(tmp_path / "n.pickle") == [1.5, 2.5, -7, 200, True, 0.5]
