"""data/dataset/layout: who reads which region, against loops; and what is stored of a track."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data.dataset.layout import Column, assemble, column, lay_out, stored_bin
from chromolab.data.tracks.bin_means import BinMeans
from chromolab.data.tracks.evidence import Evidence
from chromolab.errors import ChromolabError

WINDOW, RESOLUTIONS = 2000, (500, 200)


def genes_at(*rows) -> pd.DataFrame:
    """Rows (cell_type, chrom, tss) as genes G0, G1, ..., one example each."""
    table = pd.DataFrame(rows, columns=["cell_type", "chrom", "tss"])
    return table.assign(gene_id=[f"G{i}" for i in range(len(table))], strand="+", log2_expression=1.0, label=1)


def pcres_of(*rows) -> pd.DataFrame:
    """Rows (gene_id, cell_type, chrom, start, end, frequency)."""
    return pd.DataFrame(rows, columns=["gene_id", "cell_type", "chrom", "start", "end", "frequency"])


def used_by(layout) -> list[tuple]:
    """(promoter window, [(pCRE, frequency), ...]) of each gene, as a layout's indices say."""
    place = [tuple(row) for row in layout.regions[["cell_type", "chrom", "start", "end"]].itertuples(index=False)]
    return [
        (place[window], [(place[p], f) for p, f in zip(row, frequencies, strict=True) if p >= 0])
        for window, row, frequencies in zip(layout.promoter, layout.pcre, layout.frequency, strict=True)
    ]


def slowly(genes, pcres, k) -> list[tuple]:
    """The same by going through the tables row by row."""
    found = []
    for g in genes.itertuples():
        own = [
            ((p.cell_type, p.chrom, p.start, p.end), p.frequency)
            for p in pcres.itertuples()
            if (p.gene_id, p.cell_type) == (g.gene_id, g.cell_type)
        ]
        found.append(((g.cell_type, g.chrom, g.tss - WINDOW // 2, g.tss + WINDOW // 2), own[:k]))
    return found


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.sampled_from("ba"), st.integers(2, 6)), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(1, 9)), max_size=14),
    st.integers(1, 3),
)
@settings(deadline=None, max_examples=150)
def test_regions_are_distinct_grouped_by_cell_type_and_used(places, contacts, k):
    genes = genes_at(*((cell, "chr1", 1000 * tss) for cell, tss in places))
    rows = [
        (
            f"G{g % len(genes)}",
            genes["cell_type"][g % len(genes)],
            "chr1",
            50_000 + 700 * at,
            50_650 + 700 * at,
            float(f),
        )
        for g, at, f in contacts
    ]
    pcres = pcres_of(*rows)
    cells = list(dict.fromkeys(genes["cell_type"]))
    layout = lay_out(genes, [pcres[pcres["cell_type"] == c] for c in cells], WINDOW, RESOLUTIONS, k, ["noted"])
    assert used_by(layout) == slowly(genes, pcres, k)
    assert not layout.regions.duplicated().any() and layout.report == ["noted"]
    assert set(layout.promoter) | set(layout.pcre[layout.pcre >= 0]) == set(range(len(layout.regions)))
    assert list(dict.fromkeys(layout.regions["cell_type"])) == layout.cell_types == cells
    assert layout.regions["cell_type"].map(cells.index).is_monotonic_increasing


def test_bases_count_a_partial_last_bin():
    layout = lay_out(
        genes_at(("a", "chr1", 9000)), [pcres_of(("G0", "a", "chr1", 0, 350, 2.0))], WINDOW, RESOLUTIONS, 2, []
    )
    assert layout.bin_size == 100
    assert layout.bases().tolist() == [100] * 20 + [100, 100, 100, 50]
    assert layout.bases("a").tolist() == layout.bases().tolist()
    assert layout.bases("b").tolist() == []


def test_without_contacts_there_is_no_slot_for_a_pcre():
    layout = lay_out(genes_at(("a", "chr1", 9000)), [], WINDOW, RESOLUTIONS, 8, [])
    assert layout.pcre.shape == layout.frequency.shape == (1, 0) and len(layout.regions) == 1


@pytest.mark.parametrize(("window", "resolutions", "size"), [(40_000, (2000, 500, 100), 100), (600, (200, 300), 100)])
def test_the_stored_bin_divides_every_resolution(window, resolutions, size):
    assert stored_bin(window, resolutions) == size


@pytest.mark.parametrize(
    ("window", "resolutions", "words"),
    [
        (2000, (300,), r"\[300\] does not"),
        (2000, (), "no resolution does not"),
        (1001, (7,), "an even window"),
        (8, (0,), "0"),
    ],
)
def test_resolutions_that_do_not_fit_are_refused(window, resolutions, words):
    with pytest.raises(ChromolabError, match=words):
        stored_bin(window, resolutions)


# ---------------------------------------------------------------- what is stored of a track


LAYOUT = lay_out(genes_at(("a", "chr1", 1000)), [pcres_of(("G0", "a", "chr1", 5000, 5050, 2.0))], 2000, (1000,), 1, [])


def binned(mean, with_data, **evidence):
    """Bin means of the three bins of `LAYOUT`: two of 1,000 bp, one of 50."""
    return BinMeans(np.array(mean, float), np.array(with_data), np.array([0, 2, 3]), Evidence(**evidence))


def test_missing_bases_are_masked_or_counted_as_zero():
    means = binned([4.0, 2.0, np.nan], [1000, 250, 0])
    masked = column(means, "a.bigwig", LAYOUT, "a", "mask", "float32")
    np.testing.assert_array_equal(masked.depth, np.float32([4, 2, np.nan]))
    zero = column(means, "a.bigwig", LAYOUT, "a", "zero", "float16")
    np.testing.assert_array_equal(zero.depth, np.float16([4, 0.5, 0]))  # 250 of 1,000 bases have the mean 2
    assert masked.covered.tolist() == [1000, 250, 0] and zero.covered.tolist() == [1000, 1000, 50]
    assert (masked.zeros, zero.zeros) == (0, 800)
    assert (masked.depth.dtype, zero.depth.dtype) == (np.float32, np.float16)


@pytest.mark.parametrize(
    ("evidence", "depth"),
    [
        ({"low": 1.0, "whole": True, "distinct": (1.0, 2.0)}, [4, 0.5, 0]),  # counts without a 0 left zeros out
        (
            {"low": 0.0, "zeros": {"chr1": 9}},
            [4, 2, np.nan],
        ),  # it writes zeros
        ({"low": -1.0, "whole": False}, [4, 2, np.nan]),
        (
            {"low": 1.0, "bases": {"1": 2050}, "covered": {"1": 1250}},
            [4, 0.5, 0],
        ),  # the track's own name of the chromosome
    ],
)
def test_by_default_the_values_decide_whether_missing_bases_are_zero(evidence, depth):
    given = {"bases": {"chr1": 2050}, "covered": {"chr1": 1250}, "runs": 100, "touching": 50, "high": 9.0} | evidence
    made = column(binned([4.0, 2.0, np.nan], [1000, 250, 0], **given), "a.bigwig", LAYOUT, "a", "auto", "float32")
    np.testing.assert_array_equal(made.depth, np.float32(depth))
    assert bool(made.zeros) == (depth[2] == 0) and ("zeros left out" in made.said) == bool(made.zeros)


def test_a_chromosome_without_any_value_is_never_taken_for_zero():
    counts = {"low": 1.0, "runs": 100, "touching": 50, "bases": {"chr1": 2050, "chr2": 99}, "covered": {"chr2": 50}}
    made = column(binned([np.nan] * 3, [0] * 3, **counts), "a.bigwig", LAYOUT, "a", "auto", "float32")
    assert np.isnan(made.depth).all() and not made.covered.any() and not made.zeros


def test_where_the_values_cannot_tell_it_asks():
    fractions = {"low": 0.31, "whole": False, "runs": 100, "touching": 90, "bases": {"chr1": 9}, "covered": {"chr1": 5}}
    means = binned([4.0, 2.0, np.nan], [1000, 250, 0], **fractions)
    with pytest.raises(ChromolabError, match="44% of the bases have no value.*missing: zero or missing: mask"):
        column(means, "a.bigwig", LAYOUT, "a", "auto", "float32")
    assert column(means, "a.bigwig", LAYOUT, "a", "mask", "float32").zeros == 0
    few = binned([4.0, 2.0, 1.0], [1000, 990, 50], **fractions | {"bases": {"chr1": 1000}, "covered": {"chr1": 990}})
    assert column(few, "a.bigwig", LAYOUT, "a", "auto", "float32").zeros == 0, "too few to matter: masked"


@pytest.mark.parametrize(
    ("mean", "missing", "dtype", "words"),
    [
        (1e5, "mask", "float16", "100000 does not fit float16; use dtype='float32'"),
        (1.0, "drop", "float32", "missing is 'drop'"),
        (1.0, "mask", "int8", "dtype is 'int8'"),
    ],
)
def test_depth_that_cannot_be_stored_is_refused(mean, missing, dtype, words):
    with pytest.raises(ChromolabError, match=words):
        column(binned([mean] * 3, [100] * 3), "a.bigwig", LAYOUT, "a", missing, dtype)


def test_what_one_mark_hides_of_the_others_is_reported():
    layout = lay_out(genes_at(("a", "chr1", 9000)), [], WINDOW, RESOLUTIONS, 1, [])
    depth = np.ones((20, 2))
    depth[2:5, 0] = depth[4:6, 1] = np.nan  # 4 bins of 20 lack data, one of them of both marks

    def report(depth):
        counted = np.where(np.isnan(depth), 0, 100).astype(np.uint16)
        columns = {("a", m): Column(depth[:, i].astype("float32"), counted[:, i], "depth") for i, m in enumerate("AB")}
        return "\n".join(map(str, assemble(replace(layout, report=[]), ("A", "B"), columns, "float32").report))

    assert "for every mark, where only some marks lack data: 15.00%" in report(depth)
    depth[2:6] = np.nan
    assert "only some marks" not in report(depth)


def test_what_has_no_data_is_left_out_and_reported():
    """G0 loses the first of two pCREs, G1 has no data at its TSS."""
    pcres = pcres_of(("G0", "a", "chr1", 0, 200, 3.0), ("G0", "a", "chr1", 400, 600, 2.0))
    layout = lay_out(genes_at(("a", "chr1", 9000), ("a", "chr1", 50_000)), [pcres], WINDOW, RESOLUTIONS, 2, [])
    depth = np.arange(44.0)
    depth[20:40] = np.nan  # the window of G1
    depth[40:42] = np.nan  # the first pCRE
    stored = Column(depth.astype("float32"), np.where(np.isnan(depth), 0, 100).astype(np.uint16), "depth")
    dataset = assemble(layout, ("A",), {("a", "A"): stored}, "float32")
    assert dataset.genes["gene_id"].tolist() == ["G0"]
    assert dataset.pcres(0)[["start", "end", "frequency"]].to_numpy().tolist() == [[400, 600, 2.0]]
    np.testing.assert_array_equal(dataset.promoter_depth(100)[0, :, 0], np.arange(20))
    report = "\n".join(map(str, dataset.report))
    assert "1 of 2 genes left out: no data at the TSS (G1 ...)" in report and "1 contacts left out" in report
    empty = Column(np.full(44, np.nan, "float32"), np.zeros(44, np.uint16), "depth")
    with pytest.raises(ChromolabError, match="no gene has data at its TSS"):
        assemble(replace(layout, report=[]), ("A",), {("a", "A"): empty}, "float32")
