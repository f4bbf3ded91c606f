"""data/contacts/matrices: contact matrices of every form against the slow one, pair by pair."""

import gzip

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data.contacts.formats import read_contacts
from chromolab.data.contacts.matrices import expected_by_distance
from chromolab.data.contacts.pcres import assign_pcres
from chromolab.errors import ChromolabError


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


@pytest.mark.slow
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
    assert df.attrs["format"] == "cool" and ("balanced (weight)" in df.attrs["measure"]) == weighted
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


@pytest.mark.slow
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


def write_biased(uri, bias, seed=3, **columns):
    """A cooler of one chromosome whose counts carry a bias per bin; `columns` are its columns of weights."""
    cooler = pytest.importorskip("cooler")
    rng, n = np.random.default_rng(seed), len(bias)
    rows = [
        (i, j, rng.poisson(200 / (1 + j - i) * bias[i] * bias[j])) for i in range(n) for j in range(i, min(n, i + 20))
    ]
    pixels = pd.DataFrame([row for row in rows if row[2]], columns=["bin1_id", "bin2_id", "count"])
    start = np.arange(n) * 40_000
    bins = pd.DataFrame({"chrom": "chr1", "start": start, "end": start + 40_000}).assign(**columns)
    cooler.create_cooler(str(uri), bins, pixels)
    m = np.zeros((n, n))
    m[pixels["bin1_id"], pixels["bin2_id"]] = pixels["count"]
    return np.maximum(m, m.T)


def is_slow_oe(df, m, weight):
    """Whether a table of contacts is the slow observed / expected of the matrix times `weight` on both sides."""
    balanced = m * np.outer(np.nan_to_num(weight), np.nan_to_num(weight))
    expected = slow_contacts(balanced, np.isfinite(weight), 40_000, (80_000, 600_000), 1.0)
    return df.to_numpy().tolist() == expected and len(expected) > 50


BIAS = np.random.default_rng(5).uniform(0.3, 2, 40)
HOLED = np.where(np.arange(40) == 7, np.nan, BIAS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("columns", "attributes", "generated", "weight", "name"),
    [
        ({"KR": BIAS}, {}, "", 1 / BIAS, "KR"),
        ({"VC": BIAS, "KR": BIAS * 2}, {}, "hictk-v1.0", 1 / BIAS, "KR"),
        ({"VC_SQRT": BIAS}, {}, "", 1 / BIAS, "VC_SQRT"),
        ({"SCALE": BIAS}, {"SCALE": True}, "", 1 / BIAS, "SCALE"),
        ({"weight": BIAS}, {"weight": True}, "", 1 / BIAS, "weight"),
        ({"weight": 1 / BIAS, "KR": BIAS**2}, {}, "", 1 / BIAS, "weight"),
        ({"KR": 1 / BIAS}, {"KR": False}, "", 1 / BIAS, "KR"),
        ({"KR": 1 / BIAS}, {}, "hic2cool-0.4.2", 1 / BIAS, "KR"),
        (
            {"KR": np.where(np.arange(40) == 7, np.nan, BIAS)},
            {},
            "hic2cool-0.8.3",
            1 / np.where(np.arange(40) == 7, np.nan, BIAS),
            "KR",
        ),
    ],
)
def test_weights_of_every_program_are_applied_as_they_are_meant(tmp_path, columns, attributes, generated, weight, name):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "a.mcool"
    m = write_biased(f"{path}::/resolutions/40000", BIAS, **columns)
    with h5py.File(path, "a") as file:
        group = file["resolutions/40000"]
        for column, divides in attributes.items():
            group["bins"][column].attrs["divisive_weights"] = divides
        if generated:
            group.attrs["generated-by"] = generated
    df = read_contacts(path, distances=(80_000, 600_000), progress=False)
    assert is_slow_oe(df, m, weight) and f"balanced ({name})" in df.attrs["measure"]
    raw = read_contacts(path, values="raw", distances=(80_000, 600_000), above=-1, progress=False)
    assert raw["frequency"].sum() == sum(m[i, j] for i in range(40) for j in range(i + 2, min(40, i + 16)))


def test_a_chromosome_whose_weights_failed_is_told(tmp_path, caplog):
    write_biased(tmp_path / "a.cool", BIAS, KR=np.nan)
    assert read_contacts(tmp_path / "a.cool", progress=False).empty and "KR has no value on chr1" in caplog.text


@pytest.mark.slow
def test_of_several_matrices_of_one_resolution_one_has_to_be_named(tmp_path):
    cooler = pytest.importorskip("cooler")
    path, start = tmp_path / "cells.scool", np.arange(30) * 1000
    bins = pd.DataFrame({"chrom": "chr1", "start": start, "end": start + 1000})
    pixels = {
        cell: pd.DataFrame({"bin1_id": [2, 3], "bin2_id": [9, 9], "count": [k, 5]}) for k, cell in ((7, "A"), (1, "B"))
    }
    cooler.create_scool(str(path), bins, pixels)
    with pytest.raises(ChromolabError, match=r"2 matrices of 1,000 bp bins.*cells.scool::/cells/A, or merge"):
        read_contacts(path, progress=False)
    options = {"values": "raw", "distances": (0, 10_000), "progress": False}
    assert [read_contacts(f"{path}::/cells/{c}", **options)["frequency"].tolist() for c in "AB"] == [[7, 5], [1, 5]]
    with pytest.raises(ChromolabError, match="no matrix at /cells; it has /cells/A, /cells/B"):
        read_contacts(f"{path}::/cells", progress=False)


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (
            ["matrix", "intervals"],
            "HiCExplorer.*hicConvertFormat -m m.h5 --inputFormat h5 --outputFormat cool -o m.cool",
        ),
        (["X", "obs", "var"], "h5ad"),
        (["data"], "no matrix of fixed bins in it .it has data."),
    ],
)
def test_other_hdf5_files_are_named(tmp_path, groups, said):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "m.h5", "w") as file:
        for group in groups:
            file.create_group(group)
    with pytest.raises(ChromolabError, match=said):
        read_contacts(tmp_path / "m.h5", progress=False)


# ---------------------------------------------------------------- HiC-Pro: bins numbered through the genome


def write_hicpro(folder, name="s_40000", table="s_40000_abs.bed", first=1):
    """Two chromosomes of 30 and 20 bins, the last of each shorter; returns their matrices."""
    sizes, at, lines = {"chr1": 30, "chr2": 20}, first, []
    numbers = {}
    for chrom, n in sizes.items():
        numbers[chrom] = at
        lines += [f"{chrom}\t{k * 40_000}\t{k * 40_000 + (40_000 if k < n - 1 else 123)}\t{at + k}" for k in range(n)]
        at += n
    (folder / table).write_text("\n".join(lines) + "\n")
    matrices = {chrom: matrix_of(k, n) for k, (chrom, n) in enumerate(sizes.items())}
    rows = [
        f"{numbers[c] + i}\t{numbers[c] + j}\t{m[i, j]:g}"
        for c, m in matrices.items()
        for i in range(len(m))
        for j in range(i, len(m))
        if m[i, j]
    ]
    rows += [f"{numbers['chr1'] + 29}\t{numbers['chr2']}\t77"]  # neighbours in number, on two chromosomes
    (folder / f"{name}.matrix").write_text("\n".join(rows) + "\n")
    return matrices


@pytest.mark.parametrize("name", ["s_40000", "s_40000_iced"])
def test_hicpro_is_read_with_the_table_of_bins_beside_it(tmp_path, name):
    matrices = write_hicpro(tmp_path, name)
    df = read_contacts(tmp_path / f"{name}.matrix", distances=(80_000, 400_000), progress=False)
    for chrom, m in matrices.items():
        short = (len(m) - 1) * 40_000 + 123  # where the last bin ends

        def end(k, short=short):
            return min(k * 40_000 + 40_000, short)

        expected = slow_contacts(m, m.sum(0) > 0, 40_000, (80_000, 400_000), 1.0, ends=end)
        expected = [[chrom, *row[1:3], chrom, *row[4:]] for row in expected]
        assert df[df["chrom1"] == chrom].to_numpy().tolist() == expected and len(expected) > 20
    only = read_contacts(tmp_path / f"{name}.matrix", chrom="2", unit="bins", one_based=True, progress=False)
    assert set(only["chrom1"]) == {"chr2"}
    gene = pd.DataFrame({"chrom": ["chr2"], "tss": [410_000]})
    near = read_contacts(tmp_path / f"{name}.matrix", genes=gene, progress=False)
    assert len(near) and ((near["start1"] == 400_000) | (near["start2"] == 400_000)).all()


def test_hicpro_with_another_table_of_bins_or_none(tmp_path):
    write_hicpro(tmp_path, table="elsewhere.bed", first=0)
    path = tmp_path / "s_40000.matrix"
    with pytest.raises(ChromolabError, match="HiC-Pro numbers them by genome: pass bins= its _abs.bed"):
        read_contacts(path, bin_size=40_000, chrom="chr1", progress=False)
    assert set(read_contacts(path, bins=tmp_path / "elsewhere.bed", progress=False)["chrom1"]) == {"chr1", "chr2"}
    (tmp_path / "short.bed").write_text("chr1\t0\t40000\t0\nchr1\t40000\t80000\t1\n")
    with pytest.raises(ChromolabError, match=r"expected two numbers of bins of .*short.bed \(0 to 1\)"):
        read_contacts(path, bins=tmp_path / "short.bed", progress=False)
    for odd in ("9999999999999999999999999", "-40000", "40000.5", "inf", "80000"):
        (tmp_path / "odd.bed").write_text(f"chr1\t0\t40000\t0\nchr1\t{odd}\t80000\t1\n")
        with pytest.raises(ChromolabError, match=r"odd.bed: expected .* a larger end and a rising .* whole"):
            read_contacts(path, bins=tmp_path / "odd.bed", progress=False)
    (tmp_path / "three.bed").write_text("chr1\t0\t40000\nchr1\t40000\t80000\n")
    with pytest.raises(ChromolabError, match="three.bed: 3 columns; expected chromosome, start, end and number"):
        read_contacts(path, bins=tmp_path / "three.bed", progress=False)


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


def test_a_matrix_may_begin_with_a_masked_bin(tmp_path):
    m = np.full((6, 6), 4.0)
    m[0, :] = m[:, 0] = np.nan  # as at the end of a chromosome
    (tmp_path / "m").write_text(as_dense(m, False))
    df = read_contacts(tmp_path / "m", bin_size=40_000, chrom="chr1", above=0)
    assert df.attrs["format"] == "dense" and len(df) == 10 and (df["frequency"] == 1).all()


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
