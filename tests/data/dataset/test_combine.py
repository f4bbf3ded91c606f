"""data/dataset/combine: cell types side by side as pairs, and datasets joined."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.toys import toy_dataset, two_toy_cells
from helpers.training import RESOLUTIONS
from hypothesis import given, settings
from hypothesis import strategies as st

import chromolab as cl
from chromolab.data.dataset.batches import Loader
from chromolab.data.dataset.combine import paired_marks


@pytest.fixture(scope="module")
def ds():
    return toy_dataset(0, genes=120)


@pytest.fixture(scope="module")
def two_cells():
    return two_toy_cells(genes=120)


def test_pairs_put_the_right_cells_side_by_side(two_cells):
    paired = cl.pairs(two_cells, ("a", "b"), ("b", "a"))
    assert len(paired) == 240 and paired.marks == paired_marks(two_cells.marks) and paired.n_pcres == 0
    for i in (0, 17, 130):
        gene = paired.genes.iloc[i]
        x, y = (two_cells.gene(gene["gene_id"], c) for c in gene["cell_type"].split(" to "))
        both = np.concatenate([x.promoter_depth()[0], y.promoter_depth()[0]], 1)
        np.testing.assert_array_equal(paired.promoter_depth()[i], both)
        change = y.log2_expression[0] - x.log2_expression[0]
        assert paired.log2_expression[i] == change and paired.labels[i] == (change > 0)
        assert gene["fold"] == x.genes["fold"].iloc[0] and gene["expression"] == pytest.approx(2**change)
    for cells, word in (((("a", "z"),), "no cell type 'z'"), ((), "no cell types")):
        with pytest.raises(cl.ChromolabError, match=word):
            cl.pairs(two_cells, *cells)
    moved = replace(two_cells, genes=two_cells.genes.assign(fold=np.arange(240) % 3 + 1))
    moved.genes.loc[130, "fold"] = 9
    with pytest.raises(cl.ChromolabError, match="window or fold differs"):
        cl.pairs(moved, ("a", "b"))


@pytest.mark.parametrize("missing", [False, True])
def test_pairs_of_genes_mixed_up_and_with_gaps(missing):
    ds = two_toy_cells(genes=12, missing=missing)
    ds = replace(ds, scales=dict(zip(ds.marks, ("depth", "fold_change", "depth"), strict=True)))
    still = (ds.genes["gene_id"] == "G5").to_numpy()
    ds.genes.loc[still, ["expression", "log2_expression"]] = 3.0, 2.0
    mixed = ds.select(
        np.append(np.flatnonzero(still), np.random.default_rng(0).permutation(np.flatnonzero(~still))[:18])
    )
    paired = cl.pairs(mixed, ("a", "b"))
    cells = mixed.genes.groupby("gene_id")["cell_type"].nunique()
    assert sorted(paired.genes["gene_id"]) == sorted(cells.index[cells == 2]) and 1 < len(paired) < 12
    assert set(paired.signal.regions["cell_type"]) == {"a to b"}
    for i, gene in enumerate(paired.genes["gene_id"]):
        both = [ds.gene(gene, cell) for cell in "ab"]
        np.testing.assert_array_equal(paired.promoter_depth()[i], np.hstack([d.promoter_depth()[0] for d in both]))
        assert paired.log2_expression[i] == both[1].log2_expression[0] - both[0].log2_expression[0]
        if missing:
            covered = [d.signal.take(d.promoter).covered for d in both]
            np.testing.assert_array_equal(paired.signal.take(paired.promoter[[i]]).covered, np.hstack(covered))
    assert paired.genes.set_index("gene_id").loc["G5", ["log2_expression", "label"]].tolist() == [0, 0]
    assert paired.scales == {f"{m} in {c}": ds.scales[m] for c in "ab" for m in ds.marks}


def test_genes_that_cannot_be_paired_are_refused():
    ds = two_toy_cells(genes=12)
    for row in (3, 15):  # in a, in b
        genes = ds.genes.copy()
        genes.loc[row, "label"] = -1
        with pytest.raises(cl.ChromolabError, match="have no expression"):
            cl.pairs(replace(ds, genes=genes), ("a", "b"))
    genes = ds.genes.assign(gene_id=ds.genes["gene_id"] + ds.genes["cell_type"])
    with pytest.raises(cl.ChromolabError, match="no gene in common"):
        cl.pairs(replace(ds, genes=genes), ("a", "b"))
    regions = ds.signal.regions.copy()
    regions.loc[ds.promoter[15], ["start", "end"]] += 100
    with pytest.raises(cl.ChromolabError, match="window or fold differs"):
        cl.pairs(replace(ds, signal=replace(ds.signal, regions=regions)), ("a", "b"))


# ----- datasets put together ----------------------------------------------------------------------------------------


@given(parts=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), st.booleans()), min_size=1, max_size=4))
@settings(deadline=None, max_examples=20)
def test_concat_keeps_every_example(parts):
    made = [toy_dataset(seed, genes=10, k=k, missing=missing) for seed, k, missing in parts]
    pool = cl.concat(made)
    batches = [Loader(d, d.marks, RESOLUTIONS).batch(np.arange(10)) for d in made]
    a = 0
    for d, own in zip(made, batches, strict=True):
        batch = Loader(pool, d.marks, RESOLUTIONS).batch(np.arange(a, a + 10))
        for r in RESOLUTIONS:
            assert (batch.promoter[r] == own.promoter[r]).all() and (
                batch.promoter_seen[r] == own.promoter_seen[r]
            ).all()
            assert (batch.pcre[r] == own.pcre[r]).all() and (batch.pcre_seen[r] == own.pcre_seen[r]).all()
        assert (batch.frequency == own.frequency).all() and (batch.target == own.target).all()
        a += 10


def test_parts_of_a_dataset_are_put_together_without_copying_depth(ds):
    parts = ds.split(test_fold=1)
    assert cl.concat(parts).signal is ds.signal
    assert cl.concat(parts).genes["gene_id"].tolist() == [g for p in parts for g in p.genes["gene_id"]]


def test_datasets_that_differ_are_not_put_together(ds):
    for other, word in ((toy_dataset(1, marks=("A", "B")), "marks"), (toy_dataset(1, window=2000), "window")):
        with pytest.raises(cl.ChromolabError, match=word):
            cl.concat([ds, other])
    with pytest.raises(cl.ChromolabError, match="at least one"):
        cl.concat([])
