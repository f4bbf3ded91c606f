"""world/answers/key: the answers have the sign of their cause, and no dataset reads them."""

import shutil

import numpy as np
import pandas as pd
import pytest
from helpers.worlds import arrays

from chromolab.data.genes.annotation import read_annotation
from chromolab.errors import ChromolabError
from chromolab.world.answers.causes import FELT, SMALL
from chromolab.world.answers.key import make_key
from chromolab.world.genome import CLASSES

EXAMPLE = ["gene_id", "cell_type"]


def test_deleting_the_key_changes_no_tensor(world, tmp_path):
    copy = type(world)(shutil.copytree(world.path, tmp_path / world.path.name))
    shutil.rmtree(copy.path / "key")
    with pytest.raises(ChromolabError, match="the answer key is missing"):
        _ = copy.key
    kept, gone = (w.dataset("simA1", cached=False, progress=False) for w in (world, copy))
    for a, b in zip(arrays(kept), arrays(gone), strict=True):
        np.testing.assert_array_equal(a, b)
    pd.testing.assert_frame_equal(kept.genes, gone.genes)


def test_no_name_in_the_files_tells_the_class(world):
    genes = read_annotation(world.gtf).merge(world.key.genes.drop_duplicates("gene_id"), on="gene_id")
    assert genes["gene_name"].str.fullmatch(r"Gene\d+").all()
    assert genes["gene_id"].str.fullmatch(r"SIMG\d+").all()


def test_it_is_what_the_causes_say(strong_world):
    key = strong_world.key
    made = make_key(strong_world.causes(), {})
    for name in ("genes", "elements", "effects", "pcres", "marks"):
        pd.testing.assert_frame_equal(getattr(key, name), getattr(made, name), rtol=1e-4, atol=1e-4, check_dtype=False)


def test_erased_marks_undo_their_state_and_consequences_do_nothing(world):
    key = world.key
    for unit in ("effect", "change"):
        effect = key.marks.pivot_table(unit, EXAMPLE, "mark")
        assert (effect[["H3K36me3", "H3K9me3", "H3K4me1"]] == 0).all(axis=None)
        state = key.genes.set_index(EXAMPLE)["state"].reindex(effect.index)
        assert (effect["H3K27ac"][state == "active"] <= 0).all() and effect["H3K27ac"].min() < -1
        assert (effect["H3K27ac"][state == "closed"] == 0).all()
        assert (effect["H3K27me3"] >= 0).all()
    assert (effect["H3K27me3"][state == "bivalent"] > 0).mean() > 0.5


def test_effects_have_the_sign_of_their_cause_in_both_units(world, strong_world):
    for key in (world.key, strong_world.key):
        effects = key.effects
        sign = effects["kind"].map({"enhancer": -1, "silencer": 1})
        assert set(effects["kind"]) == {"enhancer", "silencer"}
        assert (np.sign(effects["effect"]) == sign).all() and (np.sign(effects["change"]) == sign).all()
        assert (effects["effect"].abs() >= SMALL * 0.999).all() and (effects["change"].abs() >= FELT * 0.999).all()
        assert (effects["change"].abs() <= effects["effect"].abs() + 1e-6).all(), "log2(RPKM + 1) moves less than log2"


def test_every_class_state_and_decoy_is_there(strong_world):
    key = strong_world.key
    assert set(key.genes["gene_class"]) == set(CLASSES)
    assert {"active", "bivalent", "closed"} <= set(key.genes["state"])
    assert key.elements["decoy"].any(), "bright elements that drive nothing"
    active = key.elements[(key.elements["kind"] != "anchor") & (key.elements["activity"] > 0.5)]
    assert (active["decoy"] == (active["genes"] == 0)).all()
    empty = key.pcres[key.pcres["kind"] == ""]
    assert len(empty) and empty["decoy"].all() and not empty[["effect", "change"]].any(axis=None)
    driven = key.pcres[~key.pcres["decoy"]]
    assert driven["kind"].isin(["enhancer", "silencer"]).all()
    names = [*EXAMPLE, "element_id"]
    in_pcre = pd.MultiIndex.from_frame(key.effects[names]).isin(pd.MultiIndex.from_frame(driven[names]))
    assert (key.effects["seen"] == (in_pcre | (key.effects["distance"] <= 20_000))).all()
    assert in_pcre.sum() == len(driven)
