"""data/denovo/with_pcres: the same examples with other pCREs, equal to a dataset built with them."""

import numpy as np
import pandas as pd
import pytest
from helpers.toys import with_scores
from helpers.worlds import arrays

import chromolab as cl


@pytest.fixture(scope="module")
def made(tiny_world):
    return tiny_world.dataset(progress=False)


@pytest.fixture(scope="module")
def chosen(tiny_world, made):
    """Elements by distance, as pCREs: some lie in regions that the dataset holds, some do not."""
    held = made.signal.regions.iloc[made.pcre[made.pcre >= 0]][["chrom", "start", "end"]].drop_duplicates()
    other = held.iloc[::3].assign(start=lambda d: d["start"] + 1_000, end=lambda d: d["end"] + 1_250)
    places = pd.concat([held, other], ignore_index=True)
    table = cl.data.candidates(made.genes, places, tiny_world.tracks, progress=False)
    return cl.data.best_candidates(table, -table["distance"], cl.data.contact_at(table["distance"]), k=4)


def test_it_is_the_dataset_that_is_built_with_them(tiny_world, made, chosen):
    found = cl.data.with_pcres(made, chosen, tiny_world.tracks, progress=False)
    rows = chosen.merge(made.genes[["gene_id", "cell_type", "tss"]], on=["gene_id", "cell_type"])
    ends = {"chrom1": rows["chrom"], "start1": rows["tss"], "end1": rows["tss"] + 1}
    ends |= {"chrom2": rows["chrom"], "start2": rows["start"], "end2": rows["end"]}
    contacts = pd.DataFrame(ends | {c: rows[c] for c in ("frequency", "gene_id", "cell_type")})
    built = tiny_world.dataset(contacts=contacts, min_frequency=0, n_pcres=4, cached=False, progress=False)
    pd.testing.assert_frame_equal(found.genes, built.genes)
    np.testing.assert_array_equal(found.promoter_depth(), built.promoter_depth())
    assert (found.pcre >= 0).sum() == len(chosen)
    for i in range(len(built)):
        one, other = found.pcres(i), built.pcres(i)
        pd.testing.assert_frame_equal(one.drop(columns="region"), other.drop(columns="region"))
        for a, b in zip(one["region"], other["region"], strict=True):
            np.testing.assert_array_equal(found.region_depth(a), built.region_depth(b))


def test_motifs_of_other_places_are_left_out(tiny_world, made, chosen):
    told = with_scores(made)
    assert cl.data.with_pcres(told, chosen, tiny_world.tracks, progress=False).motifs is None
    own = made.pcres(0).assign(**made.genes.iloc[0][["gene_id", "cell_type"]].to_dict())
    kept = cl.data.with_pcres(told, own, tiny_world.tracks, progress=False)
    assert len(kept.motifs) == len(kept.signal.regions)


def test_the_same_pcres_give_the_same_dataset(tiny_world, made, tmp_path):
    tables = [made.pcres(i).assign(**made.genes.iloc[i][["gene_id", "cell_type"]].to_dict()) for i in range(len(made))]
    again = cl.data.with_pcres(made, pd.concat(tables, ignore_index=True), tiny_world.tracks, progress=False)
    for one, other in zip(arrays(again), arrays(made), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(again.pcre, made.pcre)
    assert len(cl.load_dataset(again.save(tmp_path / "x.clds"))) == len(made)


def test_a_gene_without_a_row_has_none_and_what_does_not_fit_is_refused(tiny_world, made, chosen):
    gene = chosen["gene_id"][0]
    found = cl.data.with_pcres(made, chosen[chosen["gene_id"] == gene], tiny_world.tracks, progress=False)
    assert ((found.pcre >= 0).any(1) == (found.genes["gene_id"] == gene)).all()
    with pytest.raises(cl.ChromolabError, match="G0 in"):
        cl.data.with_pcres(made, chosen.assign(gene_id="G0").head(1), tiny_world.tracks)
    with pytest.raises(cl.ChromolabError, match="at most 40,000 bp"):
        cl.data.with_pcres(made, chosen.assign(end=chosen["start"] + 50_000), tiny_world.tracks)
