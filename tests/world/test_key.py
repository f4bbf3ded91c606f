"""world/key: the answers have the sign of their cause, and no dataset reads them."""

import shutil

import numpy as np
import pandas as pd
import pytest
from helpers.worlds import arrays

from chromolab.data.genes.annotation import read_annotation
from chromolab.errors import ChromolabError
from chromolab.world.genome import CLASSES


def test_deleting_the_key_changes_no_tensor(world, tmp_path):
    copy = type(world)(shutil.copytree(world.path, tmp_path / world.path.name))
    shutil.rmtree(copy.path / "key")
    with pytest.raises(ChromolabError, match="the answer key is missing"):
        _ = copy.key
    kept, gone = (w.dataset(cached=False, progress=False) for w in (world, copy))
    for a, b in zip(arrays(kept), arrays(gone), strict=True):
        np.testing.assert_array_equal(a, b)
    pd.testing.assert_frame_equal(kept.genes, gone.genes)


def test_no_name_in_the_files_tells_the_class(world):
    genes = read_annotation(world.gtf).merge(world.key.genes.drop_duplicates("gene_id"), on="gene_id")
    assert genes["gene_name"].str.fullmatch(r"Gene\d+").all()
    assert genes["gene_id"].str.fullmatch(r"SIMG\d+").all()


def test_h3k36me3_is_read_out_and_promoter_marks_are_not(world):
    key = world.key
    effect = key.marks.pivot_table("effect", ["gene_id", "cell_type"], "mark")
    assert (effect["H3K36me3"] == 0).all()
    state = key.genes.set_index(["gene_id", "cell_type"])["state"].reindex(effect.index)
    assert (effect["H3K27ac"][state == "active"] < -0.5).all()
    assert (effect["H3K27me3"][state == "bivalent"] > 0.5).all()
    assert (effect["H3K27ac"][state == "closed"] == 0).all()


def test_effects_have_the_sign_of_their_cause(world):
    effects = world.key.effects
    assert (effects.loc[effects["kind"] == "enhancer", "effect"] < 0).all()
    assert (effects.loc[effects["kind"] == "silencer", "effect"] > 0).all()
    assert set(effects["kind"]) == {"enhancer", "silencer"}


def test_every_class_and_decoy_is_there(world):
    key = world.key
    assert set(key.genes["gene_class"]) == set(CLASSES)
    assert {"active", "bivalent", "closed"} <= set(key.genes["state"])
    assert key.elements["decoy"].any(), "bright elements that touch no promoter"
    empty = key.pcres[key.pcres["kind"] == ""]
    assert len(empty)
    assert empty["decoy"].all(), "contacted fragments that do nothing"
    driven = key.pcres[~key.pcres["decoy"]]
    assert driven["kind"].isin(["enhancer", "silencer"]).all()
    seen = key.effects[key.effects["seen"]]
    assert len(seen.merge(driven, on=["gene_id", "cell_type", "element_id"])) == len(seen)
