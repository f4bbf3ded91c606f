"""learn/edit/recipes: another promoter's marks and named recipes, as plain lists of edits."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.toys import toy_dataset

import chromolab as cl
from chromolab.learn.edit.recipes import RECIPES

MARKS = ("H3K4me3", "H3K27ac", "H3K27me3")


@pytest.fixture(scope="module")
def ds():
    return toy_dataset(2, marks=MARKS, window=8000)


@pytest.mark.parametrize(("gene", "other"), [("G0", "G1"), ("G1", "G2"), ("G2", "G3"), ("G3", "G4"), ("G4", "G5")])
def test_a_copied_promoter_reads_5_to_3_like_the_other(gene, other):
    ds = toy_dataset(2)
    gene, other = ds.gene(gene), ds.gene(other)
    edited = cl.edit(gene, cl.edits.copy_from(gene, other))
    np.testing.assert_array_equal(edited.promoter_depth(), other.promoter_depth())
    edited = cl.edit(gene, cl.edits.copy_from(gene, other, ["B"], width=400))
    expected = gene.promoter_depth()
    expected[0, 18:22, 1] = other.promoter_depth()[0, 18:22, 1]
    np.testing.assert_array_equal(edited.promoter_depth(), expected)
    with pytest.raises(cl.ChromolabError, match="multiple of 200"):
        cl.edits.copy_from(gene, other, width=500)


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("gene", ["G1", "G2", "G3"])
def test_recipes_are_plain_edits_that_work_on_any_gene(ds, name, gene):
    gene = ds.gene(gene)
    edits = RECIPES[name](gene)
    assert edits == cl.edits.from_json(cl.edits.to_json(edits))
    edited = cl.edit(gene, edits)
    assert "begins or ends inside" not in "".join(edited.report)
    tss = edited.promoter_depth()[0, 39:41].mean(0)
    if name == "add an enhancer":
        added = edited.pcres().set_index("frequency").loc[3.0, "region"]
        assert len(edited.pcres()) == len(gene.pcres()) + 1
        assert (edited.region_depth(added)[:, 1].max() > 4) and (edited.region_depth(added)[:, 0].max() < 3)
    elif name == "make it bivalent":
        assert tss[0] > 9 and tss[1] < 0.2 and tss[2] > 10
    else:
        assert tss[0] < 0.2 and tss[1] < 0.2 and (tss[2] >= 7.559 or name != "Polycomb domain")


def test_recipes_say_what_they_lack(ds):
    with pytest.raises(cl.ChromolabError, match="this recipe changes H3K4me3"):
        cl.edits.recipes.silence_promoter(toy_dataset(0).gene("G1"))
    folds = replace(ds.gene("G1"), scales={"H3K4me3": "fold_change"})
    with pytest.raises(cl.ChromolabError, match="H3K4me3 is fold_change in this dataset"):
        cl.edits.recipes.bivalent_promoter(folds)
    with pytest.raises(cl.ChromolabError, match="one gene"):
        cl.edits.recipes.polycomb_domain(ds)


def test_silencing_recipes_lower_no_silencing_mark(ds):
    """H3K27me3 that is higher than what a recipe would paint stays: in the window, at its edges, and beyond."""
    gene = ds.gene("G1")
    high = cl.edit(gene, [cl.scale("H3K27me3", cl.edits.recipes.around(gene, 8_000), 4)])
    for name in ("make it bivalent", "Polycomb domain"):
        for one in (gene, high):
            before, after = (d.signal.depth[:, 2] for d in (one, cl.edit(one, RECIPES[name](one))))
            assert (np.nan_to_num(after) >= np.nan_to_num(before)).all(), name
            assert (after > before).any() or one is high


def test_an_enhancer_needs_a_mark_of_enhancers():
    with pytest.raises(cl.ChromolabError, match="this recipe changes H3K27ac, H3K4me1"):
        cl.edits.recipes.add_enhancer(toy_dataset(0).gene("G1"))
