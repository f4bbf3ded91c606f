"""learn/edit/bases: with a source, an edit equals editing the track itself and building anew."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pyBigWig
import pytest
from helpers.edits import contacts
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import chromolab as cl
from chromolab.data.dataset.batches import Loader
from chromolab.learn.edit.kinds import Scale

SIZE, MARKS = 12_000, ("A", "B")


def write_track(path, depth):
    """Depth per base, NaN where there is none, as a bigWig."""
    edges = np.flatnonzero(np.append(True, (depth[1:] != depth[:-1]) & ~(np.isnan(depth[1:]) & np.isnan(depth[:-1]))))
    ends = np.append(edges[1:], len(depth))
    with pyBigWig.open(str(path), "w") as file:
        file.addHeader([("chr1", len(depth))])
        there = ~np.isnan(depth[edges])
        starts, ends, values = edges[there], ends[there], depth[edges][there]
        file.addEntries(["chr1"] * len(starts), starts, ends=ends, values=values)


def build_small(folder, tracks, contacts, **more):
    """Three genes whose windows overlap each other and their pCREs; the first one's begins before the chromosome."""
    for mark, depth in tracks.items():
        write_track(folder / f"{mark}.bw", depth)
    genes = pd.DataFrame(
        {
            "gene_id": ["G1", "G2", "G3"],
            "gene_name": ["a", "b", "c"],
            "cell_type": "E1",
            "chrom": "chr1",
            "tss": [1_533, 4_710, 8_250],
            "strand": ["+", "-", "+"],
            "start": [1_533, 4_000, 8_250],
            "end": [2_000, 4_711, 9_000],
            "expression": 1.0,
            "log2_expression": 1.0,
            "label": 1,
            "fold": 1,
        }
    )
    source = {mark: folder / f"{mark}.bw" for mark in tracks}
    arguments = dict(window=4000, resolutions=(100, 500, 2000), n_pcres=3, processes=1, progress=False) | more
    return cl.build_dataset(genes, source, contacts, **arguments), source


def small_contacts(**frequency):
    """The table of contacts, {"start-end": frequency} of G2 besides those of G1 and G3."""
    rows = [(1_533, 6_020, 7_777, 3.0), (8_250, 6_020, 7_777, 4.0), (8_250, 11_111, 11_900, 2.0)]
    rows += [(4_710, *map(int, place.split("-")), f) for place, f in frequency.items()]
    columns = ["chrom1", "start1", "end1", "chrom2", "start2", "end2", "frequency"]
    return pd.DataFrame([("chr1", t - 10, t + 10, "chr1", a, b, f) for t, a, b, f in rows], columns=columns)


def random_depth(seed, plain):
    rng = np.random.default_rng(seed)
    depth = np.repeat(rng.poisson(3, SIZE // 20), 20)[:SIZE] * (1.0 if plain else np.float64(np.float32(0.37)))
    for start in rng.integers(0, SIZE, 6):  # gaps of any length, inside bins and over many
        depth[start : start + rng.integers(1, 400)] = np.nan
    for tss in (1_533, 4_710, 8_250):  # without data there, a gene is left out
        depth[tss - 100 : tss + 100] = 1
    return depth


def change_bases(depth, e):
    """Apply an edit to a track, base by base."""
    if isinstance(e, Scale):
        depth[e.start : e.end] *= e.factor
        return
    for base in range(e.start, min(e.end, SIZE)):
        value = e.depths[(base - e.start) // e.step]
        depth[base] = depth[base] if value is None else value


@st.composite
def track_edits(draw, plain):
    """Edits at any base; `plain` ones have factors and depths with which float32 arithmetic is exact."""
    mark, start, length = draw(st.sampled_from(MARKS)), draw(st.integers(0, 9_000)), draw(st.integers(1, 2_500))
    place = f"chr1:{start}-{start + length}"
    factor = draw(st.sampled_from([0.0, 0.5, 2.0]) if plain else st.floats(0, 3, width=32))
    depth = draw(st.integers(0, 40).map(lambda x: x / 4) if plain else st.floats(0, 50, width=32))
    step = draw(st.sampled_from([100, 37]))
    values = [None if i % 5 == 3 else depth + i % 3 for i in range(-(-length // step))]
    kinds = [cl.scale(mark, place, factor), cl.set_depth(mark, place, depth), cl.paint(mark, place, values, step)]
    return draw(st.sampled_from(kinds))


@given(data=st.data(), seed=st.integers(0, 2**32), plain=st.booleans())
@settings(deadline=None, max_examples=10, phases=(Phase.generate,))  # a build an example: shrinking takes minutes
def test_equal_to_editing_the_tracks_and_building_anew(tmp_path_factory, data, seed, plain):
    """Overlapping regions, both strands, every resolution, gaps in the data, edits that cut bins again and again."""
    edits = data.draw(st.lists(track_edits(plain), min_size=1, max_size=8))
    tracks = {mark: random_depth([seed, i], plain) for i, mark in enumerate(MARKS)}
    before, after = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("after")
    ds, source = build_small(before, tracks, small_contacts(**{"2000-2999": 2.5}))
    edited = cl.edit(ds, edits, source)
    for e in edits:
        change_bases(tracks[e.mark], e)
    anew, _ = build_small(after, tracks, small_contacts(**{"2000-2999": 2.5}))
    np.testing.assert_array_equal(edited.signal.covered, anew.signal.covered)
    equal = np.testing.assert_array_equal if plain else partial(np.testing.assert_allclose, rtol=1e-6)
    equal(edited.signal.depth, anew.signal.depth)
    one, two = (Loader(d, MARKS, (2000, 500, 100)).batch([0, 1, 2]) for d in (edited, anew))
    for a, b in zip(one.tensors(), two.tensors(), strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-5, atol=1e-6)
    assert not any("begins or ends inside" in line for line in edited.report)


def test_contacts_and_tracks_edited_equal_a_build_from_edited_files(tmp_path):
    tracks = {mark: random_depth([7, i], True) for i, mark in enumerate(MARKS)}
    ds, source = build_small(tmp_path, tracks, small_contacts(**{"2000-2999": 2.5, "9500-9977": 2.0}))
    edits = [
        cl.drop_pcre("chr1:2000-2999"),
        cl.add_pcre("chr1:10333-11200", 3.5),
        cl.erase("A", "chr1:9555-10400"),
        cl.set_frequency("chr1:9500-9977", 4.5),
    ]
    edited = cl.edit(ds.gene("G2"), edits, source)
    change_bases(tracks["A"], edits[2])
    (tmp_path / "after").mkdir()
    anew, _ = build_small(tmp_path / "after", tracks, small_contacts(**{"10333-11200": 3.5, "9500-9977": 4.5}))
    anew = anew.gene("G2")
    assert contacts(edited) == contacts(anew) == ["chr1:9500-9977", "chr1:10333-11200"]
    one, two = (Loader(d, MARKS, (2000, 500, 100)).batch([0]) for d in (edited, anew))
    for a, b in zip(one.tensors(), two.tensors(), strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())
    variants = cl.edit_each(ds.gene("G2"), [[], edits], source).select([1])
    for a, b in zip(
        Loader(variants, MARKS, (500,)).batch([0]).tensors(),
        Loader(anew, MARKS, (500,)).batch([0]).tensors(),
        strict=True,
    ):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_where_missing_counts_as_zero_edits_equal_a_build_too(tmp_path):
    tracks, more = {mark: random_depth([3, i], True) for i, mark in enumerate(MARKS)}, {"missing": "zero"}
    ds, source = build_small(tmp_path, tracks, small_contacts(), **more)
    hole = int(np.flatnonzero(np.isnan(tracks["A"]))[0])
    edits = [cl.set_depth("A", f"chr1:{hole - 30}-{hole + 30}", 8), cl.scale("A", f"chr1:{hole - 77}-{hole + 11}", 0.5)]
    edited = cl.edit(ds, edits, source)
    for e in edits:
        change_bases(tracks["A"], e)
    (tmp_path / "after").mkdir()
    anew, _ = build_small(tmp_path / "after", tracks, small_contacts(), **more)
    assert edited.signal.covered is None
    np.testing.assert_array_equal(edited.signal.depth, anew.signal.depth)


def test_published_arrays_are_a_source_and_another_one_is_refused(tmp_path):
    rng = np.random.default_rng(0)
    for region in ("chr1:3000-7000", "chr1:20000-20750"):
        start, end = map(int, region.split(":")[1].split("-"))
        np.save(tmp_path / f"{region}.npy", rng.poisson(2, (2, end - start)))
    (tmp_path / "meta.csv").write_text(
        "gene_id,expression,eid,label,chrom,start,strand,split,neighbors,scores\n"
        "G1,1.0,E1,1,chr1,5000,-,1,chr1:20000-20750,2.5\n"
    )
    arguments = dict(marks=MARKS, window=4000, progress=False, dtype="float64")
    ds = cl.read_published(tmp_path / "meta.csv", tmp_path, **arguments)
    edits = [cl.erase("B", "chr1:3010-3020"), cl.set_depth("B", "chr1:20720-20800", 9)]
    edited = cl.edit(ds, edits, tmp_path)
    even = cl.edit(ds, edits)
    assert "begins or ends inside 2 bin(s)" in even.report[-1] and even.report[:-1] == edited.report == ds.report
    bases = np.load(tmp_path / "chr1:3000-7000.npy")
    bases[1, 10:20] = 0
    np.save(tmp_path / "chr1:3000-7000.npy", bases)
    anew = cl.read_published(tmp_path / "meta.csv", tmp_path, **arguments)
    np.testing.assert_allclose(edited.promoter_depth(), anew.promoter_depth(), rtol=1e-12)
    with pytest.raises(cl.ChromolabError, match="B at chr1:3000-7000 is not what this dataset holds"):
        cl.edit(ds, edits, tmp_path)
    with pytest.raises(cl.ChromolabError, match="no track of B for cell type E1"):
        cl.edit(ds, edits, {"A": tmp_path / "a.bw"})
    with pytest.raises(cl.ChromolabError, match="source is int"):
        cl.edit(ds, edits, 7)


def test_a_depth_that_a_source_brings_is_refused_where_it_cannot_be_stored(tmp_path):
    tracks = {mark: random_depth([7, i], True) for i, mark in enumerate(MARKS)}
    tracks["B"][10_400:10_900] = 1e6
    ds, source = build_small(tmp_path, tracks, small_contacts())
    half = replace(ds.signal, depth=ds.signal.depth.astype(np.float16), cache={})
    gene, add = replace(ds, signal=half).gene("G2"), cl.add_pcre("chr1:10300-11000", 3.5)
    for more in ([], [cl.scale("B", "chr1:10300-11000", 0.9)]):
        for call in (lambda edits: cl.edit(gene, edits, source), lambda edits: cl.edit_each(gene, [edits], source)):
            with pytest.raises(cl.ChromolabError, match="which does not fit float16"):
                call([add, *more])
    erased = cl.edit(gene, [add, cl.erase("B", "chr1:10300-11000")], source)
    assert np.isfinite(erased.signal.depth[-7:]).any() and not np.isinf(erased.signal.depth).any()
