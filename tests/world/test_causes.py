"""world/causes: drawn again from the seed, they are those of the world, and agree with its key."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from chromolab.errors import ChromolabError


@pytest.fixture(scope="module")
def ds(world):
    return world.dataset(cached=False, progress=False)


@pytest.fixture(scope="module")
def causes(world):
    return world.causes()


def test_with_nothing_changed_expression_is_the_tables(causes, ds):
    np.testing.assert_allclose(causes.log2_expression(ds.genes), ds.log2_expression, atol=2e-3)  # four digits of RPKM
    same = causes.log2_expression(ds.genes, causes.total(ds.genes))
    np.testing.assert_array_equal(same, causes.log2_expression(ds.genes))


def test_pcres_are_those_of_the_key(causes, ds, world):
    table = causes.pcres(ds)
    assert len(table) == (ds.pcre >= 0).sum() > 100
    np.testing.assert_array_equal(ds.pcre[table["example"], table["slot"]], table["region"])
    place = ds.signal.regions.iloc[table["region"]].reset_index(drop=True)[["chrom", "start", "end"]]
    mine = pd.concat(
        [
            ds.genes.iloc[table["example"]].reset_index(drop=True)[["gene_id", "cell_type"]],
            place,
            table[["element_id", "kind", "weight"]],
        ],
        axis=1,
    )
    both = mine.merge(world.key.pcres, on=["gene_id", "cell_type", "chrom", "start", "end"], suffixes=("", "_key"))
    assert len(both) == len(table)
    assert (both["kind"] == both["kind_key"]).all() and (both["element_id"] == both["element_id_key"]).all()
    assert set(both["kind"]) >= {"enhancer", "silencer", "anchor", ""}
    assert ((both["weight"] > 0) <= (both["kind"] == "enhancer")).all()
    assert ((both["weight"] < 0) <= (both["kind"] == "silencer")).all()


def test_taking_one_contact_away_does_what_the_key_says(causes, ds, world):
    table = causes.pcres(ds)
    at = ds.genes.iloc[table["example"]].reset_index(drop=True)
    decayed = [causes.log2_expression(at, t) for t in (causes.total(at), causes.total(at) - table["weight"])]
    before, after = (np.log2(2**x - 1) for x in decayed)  # log2 RPKM: decay takes the same from both
    key = world.key.pcres.drop_duplicates(["gene_id", "cell_type", "element_id"])
    known = pd.concat([at[["gene_id", "cell_type"]], table[["element_id"]]], axis=1).merge(key, how="left")
    held = (table["element_id"] != "").to_numpy()
    np.testing.assert_allclose((after - before)[held], known["effect"][held], atol=2e-4)
    assert np.abs(known["effect"][held]).max() > 0.5


def test_closing_open_promoters_does_what_the_key_says_of_erasing_their_marks(causes, ds, world):
    before, after = (np.log2(2 ** causes.log2_expression(ds.genes, state=s) - 1) for s in (None, "closed"))
    key = ds.genes[["gene_id", "cell_type"]].merge(world.key.marks.query("mark == 'H3K4me3'"), how="left")
    state = ds.genes[["gene_id", "cell_type"]].merge(world.key.genes, how="left")["state"]
    is_open = state.isin(["active", "weak"]).to_numpy()
    np.testing.assert_allclose((after - before)[is_open], key["effect"][is_open], atol=2e-3)
    with pytest.raises(ChromolabError, match="no state 'open'"):
        causes.log2_expression(ds.genes, state="open")


def test_what_many_contacts_bring_saturates(causes, ds):
    steps = np.stack([causes.log2_expression(ds.genes, np.full(len(ds), t)) for t in (0.0, 1.0, 3.0, 4.0, 8.0, 9.0)])
    gain = np.diff(steps, axis=0)[::2].mean(1)  # of one more enhancer beside none, three and eight
    assert gain[0] > 2 * gain[1] > 20 * gain[2] > 0


def test_examples_of_another_world_are_refused(causes, ds):
    other = ds.genes.assign(cell_type="simZ9")
    with pytest.raises(ChromolabError, match="simZ9"):
        causes.total(other)
    shifted = replace(ds.signal, regions=ds.signal.regions.assign(start=ds.signal.regions["start"] + 1))
    with pytest.raises(ChromolabError, match="not a fragment"):
        causes.pcres(replace(ds, signal=shifted))
