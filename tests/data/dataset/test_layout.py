"""data/dataset/layout: who reads which region, against loops; and what is stored of a track."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data.dataset.layout import Column, assemble, column, lay_out, stored_bin
from chromolab.data.tracks.bin_means import BinMeans
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


def binned(mean, covered):
    return BinMeans(np.array(mean, float), np.array(covered), np.array([0, len(mean)]))


def test_missing_bases_are_masked_or_counted_as_zero():
    means, bases = binned([4.0, 2.0, np.nan], [100, 25, 0]), np.array([100, 100, 50])
    masked = column(means, "a.bigwig", bases, "mask", "float32")
    np.testing.assert_array_equal(masked.depth, np.float32([4, 2, np.nan]))
    zero = column(means, "a.bigwig", bases, "zero", "float16")
    np.testing.assert_array_equal(zero.depth, np.float16([4, 0.5, 0]))  # 25 of 100 bases have the mean 2
    assert masked.covered.tolist() == zero.covered.tolist() == [100, 25, 0]
    assert (masked.depth.dtype, zero.depth.dtype) == (np.float32, np.float16)


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
        column(binned([mean], [100]), "a.bigwig", np.array([100]), missing, dtype)


def test_what_has_no_data_is_left_out_and_reported():
    """G0 loses the first of two pCREs, G1 has no data at its TSS."""
    pcres = pcres_of(("G0", "a", "chr1", 0, 200, 3.0), ("G0", "a", "chr1", 400, 600, 2.0))
    layout = lay_out(genes_at(("a", "chr1", 9000), ("a", "chr1", 50_000)), [pcres], WINDOW, RESOLUTIONS, 2, [])
    depth = np.arange(44.0)
    depth[20:40] = np.nan  # the window of G1
    depth[40:42] = np.nan  # the first pCRE
    stored = Column(depth.astype("float32"), np.where(np.isnan(depth), 0, 100).astype(np.uint16), "depth")
    dataset = assemble(layout, ("A",), {("a", "A"): stored}, "mask", "float32")
    assert dataset.genes["gene_id"].tolist() == ["G0"]
    assert dataset.pcres(0)[["start", "end", "frequency"]].to_numpy().tolist() == [[400, 600, 2.0]]
    np.testing.assert_array_equal(dataset.promoter_depth(100)[0, :, 0], np.arange(20))
    report = "\n".join(map(str, dataset.report))
    assert "1 of 2 genes left out: no data at the TSS (G1 ...)" in report and "1 contacts left out" in report
    empty = Column(np.full(44, np.nan, "float32"), np.zeros(44, np.uint16), "depth")
    with pytest.raises(ChromolabError, match="no gene has data at its TSS"):
        assemble(replace(layout, report=[]), ("A",), {("a", "A"): empty}, "mask", "float32")
