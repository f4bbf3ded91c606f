"""learn/edit: an edit reaches every region, resolution and strand that covers the place, and only those."""

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pyBigWig
import pytest
from helpers.toys import SMALL, toy_dataset
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import chromolab as cl
from chromolab.data.dataset.batches import Loader
from chromolab.learn.edit import apply
from chromolab.learn.edit.apply import edit_again
from chromolab.learn.edit.bins import Stroke, change_bins
from chromolab.learn.edit.kinds import Scale


@pytest.fixture
def ds():
    return toy_dataset(2)


def place(ds, row):
    region = ds.signal.regions.iloc[row]
    return region["chrom"], int(region["start"]), int(region["end"])


def test_whole_bins_change_by_the_factor_and_nothing_else_does(ds):
    chrom, start, _ = place(ds, ds.promoter[3])
    edited = cl.edit(ds, [cl.scale("B", f"{chrom}:{start + 300}-{start + 500}", 0.5)])
    expected = ds.signal.depth.copy()
    at = ds.signal.offsets[ds.promoter[3]] + 3
    expected[at : at + 2, 1] *= 0.5
    np.testing.assert_array_equal(edited.signal.depth, expected)


def test_part_of_a_bin_changes_in_proportion(ds):
    chrom, start, _ = place(ds, ds.promoter[0])
    edited = cl.edit(ds, [cl.set_depth("A", f"{chrom}:{start + 25}-{start + 50}", 8)])
    old = ds.region_depth(ds.promoter[0])[0, 0]
    assert edited.region_depth(ds.promoter[0])[0, 0] == pytest.approx(0.75 * old + 0.25 * 8)


def test_a_short_last_bin_is_reached(ds):
    pcre = next(r for r in ds.pcre[1] if r >= 0)
    chrom, start, end = place(ds, pcre)
    edited = cl.edit(ds, [cl.erase("C", f"{chrom}:{start}-{end}")])
    assert (edited.region_depth(pcre)[:, 2] == 0).all()


def test_edits_compose_in_order_and_leave_the_original(ds):
    before = ds.signal.depth.copy()
    chrom, start, end = place(ds, ds.promoter[0])
    region = f"{chrom}:{start:,}-{end:,}"
    a = cl.edit(ds, [cl.set_depth("A", region, 2), cl.scale("A", region, 3)])
    b = cl.edit(ds, [cl.scale("A", region, 3), cl.set_depth("A", region, 2)])
    assert (a.region_depth(0)[:, 0] == 6).all() and (b.region_depth(0)[:, 0] == 2).all()
    assert (ds.signal.depth == before).all()


def test_the_prediction_follows_and_is_not_cached(ds):
    model = cl.Chromoformer(ds.marks, seed=0, resolutions=(500, 100), **SMALL)
    gene = ds.gene("G1")
    before = cl.predict(model, gene, device="cpu")
    chrom, start, end = place(gene, gene.promoter[0])
    edited = cl.edit(gene, [cl.scale("A", f"{chrom}:{start}-{end}", 5)])
    assert np.abs(cl.predict(model, edited, device="cpu") - before).max() > 1e-4
    np.testing.assert_array_equal(cl.predict(model, gene, device="cpu"), before)


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: cl.scale("A", "chr1", 1), "chrom:start-end"),
        (lambda: cl.erase("A", "chr1:20-10"), "reversed"),
        (lambda: cl.scale("A", "chr1:0-10", -1), "negative"),
        (lambda: cl.set_depth("A", "chr1:0-10", float("inf")), "infinite"),
        (lambda: cl.edit(toy_dataset(0), [cl.erase("A", "chr9:0-100")]), "overlaps no region"),
        (lambda: cl.edit(toy_dataset(0), [cl.erase("Z", "chr1:0-100")]), "Z"),
    ],
)
def test_bad_edits(make, word):
    with pytest.raises(cl.ChromolabError, match=word):
        make()


# ---------------------------------------------------------------- contacts


def contacts(ds):
    return [f"{r.chrom}:{r.start}-{r.end}" for r in ds.pcres().itertuples()]


def test_a_contact_is_cut_and_the_others_stay(ds):
    gene = ds.gene("G1")
    first, second, third = contacts(gene)
    edited = cl.edit(gene, [cl.drop_pcre(second)])
    assert contacts(edited) == [first, third]
    assert edited.frequency.tolist() == [[*gene.frequency[0, [0, 2]], 0]]
    np.testing.assert_array_equal(edited.signal.depth, gene.signal.depth)
    model = cl.Chromoformer(ds.marks, seed=0, resolutions=(500, 100), **SMALL)
    without = replace(gene, pcre=gene.pcre[:, [0, 2]], frequency=gene.frequency[:, [0, 2]])
    np.testing.assert_array_equal(*(cl.predict(model, d, device="cpu") for d in (edited, without)))


def test_frequencies_change_and_the_order_follows(ds):
    gene = ds.gene("G1")
    first, second, third = contacts(gene)
    edited = cl.edit(gene, [cl.set_frequency(third, 99), cl.set_frequency(first, 0)])
    assert contacts(edited) == [third, second, first]
    assert edited.frequency.tolist() == [[99, gene.frequency[0, 1], 0]]


def test_an_added_contact_brings_what_the_dataset_holds_there(ds):
    other = next(contacts(ds.select([i]))[0] for i in range(2, 24) if ds.pcre[i, 0] not in {-1, *ds.pcre[1]})
    edited = cl.edit(ds.select([1]), [cl.add_pcre(other, 1.0), cl.erase("A", other)])
    row = edited.pcre[0, 3]
    assert contacts(edited)[3] == other and edited.frequency[0, 3] == 1 and edited.n_pcres == 4
    assert (edited.region_depth(row)[:, 0] == 0).all()
    np.testing.assert_array_equal(edited.region_depth(row)[:, 1:], ds.region_depth(row)[:, 1:])


@pytest.mark.parametrize("missing", [False, True])
def test_an_added_contact_that_nobody_knows_has_to_be_painted(missing):
    gene = toy_dataset(2, missing=missing).gene("G1")
    place = "chr1:50000000-50000950"
    paints = [cl.paint(m, place, range(10)) for m in gene.marks]
    with pytest.raises(cl.ChromolabError, match="Paint every mark"):
        cl.edit(gene, [cl.add_pcre(place, 2.0), *paints[1:]])
    edited = cl.edit(gene, [*paints, cl.add_pcre(place, 99.0)])  # contacts first, whatever the order
    np.testing.assert_array_equal(edited.region_depth(edited.pcre[0, 0]), np.repeat(np.arange(10.0)[:, None], 3, 1))
    assert edited.signal.covered[-10:].tolist() == [[100] * 3] * 9 + [[50] * 3]
    dropped = cl.edit(gene, [cl.add_pcre(place, 2.0), cl.drop_pcre(place)])
    assert contacts(dropped) == contacts(gene)


# ---------------------------------------------------------------- many variants, text


def every_kind(gene):
    """Edits of all kinds for one gene with at least two pCREs."""
    chrom, start, _ = place(gene, gene.promoter[0])
    one, two, *_ = contacts(gene)
    new = f"{chrom}:77000000-77001000"
    return [
        cl.scale("A", f"{chrom}:{start + 130}-{start + 777}", 0.1),
        cl.erase("B", one),
        cl.set_depth("C", f"{chrom}:{start}-{start + 1}", 1 / 3),
        cl.paint("A", f"{chrom}:{start + 50}-{start + 420}", [1, None, 2.5, np.float32(0.1)]),
        cl.paint("B", f"{chrom}:{start + 50}-{start + 420}", np.arange(8), step=50),
        cl.drop_pcre(one),
        cl.set_frequency(two, 7.25),
        cl.add_pcre(new, 3),
        *(cl.set_depth(m, new, 2) for m in gene.marks),
    ]


@pytest.mark.parametrize("missing", [False, True])
def test_many_variants_equal_one_by_one(missing):
    gene = toy_dataset(2, missing=missing).gene("G1")
    kinds = every_kind(gene)
    lists = [[e] for e in kinds[:7]] + [kinds, kinds[3:5], []]
    many = cl.edit_each(gene, lists)
    model = cl.Chromoformer(gene.marks, seed=0, resolutions=(500, 100), **SMALL)
    for i, own in enumerate(lists):
        one, variant = cl.edit(gene, own), many.select([i]).compact()
        assert contacts(one) == contacts(variant)
        for a, b in ((one.promoter[0], variant.promoter[0]), *zip(one.pcre[0], variant.pcre[0], strict=False)):
            np.testing.assert_array_equal(one.region_depth(a), variant.region_depth(b))
        predictions = [cl.predict(model, d, device="cpu") for d in (one, variant)]
        np.testing.assert_allclose(*predictions, atol=1e-5)


def test_json_and_python_give_equal_edits(ds, tmp_path):
    edits = every_kind(ds.gene("G1"))
    assert cl.edits.from_json(cl.edits.to_json(edits)) == edits
    text = cl.edits.to_json(edits, tmp_path / "edits.json")
    assert cl.edits.from_json(tmp_path / "edits.json") == edits == cl.edits.from_json(str(tmp_path / "edits.json"))
    assert cl.edits.from_json(cl.edits.to_json([])) == [] and text.count("\n") == len(edits) + 2
    names = {}
    exec(cl.edits.to_python(edits), names)
    assert names["edits"] == edits
    strange = [cl.erase("<img src=x onerror='alert(1)'>\"\\\n", "chr\"1'\\:0-5")]
    exec(cl.edits.to_python(strange), names)
    assert names["edits"] == strange == cl.edits.from_json(cl.edits.to_json(strange))


@pytest.mark.parametrize(
    ("edits", "word"),
    [
        ('{"kind": "erase", "mark": "A"}', "edit 1 .erase.: has .'mark'.; expected mark, region"),
        ('{"kind": "erase", "mark": "A", "region": "chr1:0-5", "factor": 0}', "expected mark, region"),
        ('{"kind": "__import__", "mark": "A"}', "kind is '__import__'"),
        ('{"kind": ["erase"]}', "expected one of"),
        ("7", "kind is None"),
        ('{"kind": "erase", "mark": 1, "region": "chr1:0-5"}', "mark as a string"),
        ('{"kind": "erase", "mark": "A", "region": 5}', "expected 'chrom:start-end'"),
        ('{"kind": "scale", "mark": "A", "region": "chr1:0-5", "factor": true}', "factor is True"),
        ('{"kind": "scale", "mark": "A", "region": "chr1:0-5", "factor": "0.1"}', "factor is '0.1'"),
        ('{"kind": "scale", "mark": "A", "region": "chr1:0-5", "factor": NaN}', "NaN is not a number"),
        ('{"kind": "scale", "mark": "A", "region": "chr1:0-5", "factor": 1e999}', "infinite"),
        ('{"kind": "erase", "mark": "A", "mark": "B", "region": "chr1:0-5"}', "a key occurs twice"),
        ('{"kind": "paint", "mark": "A", "region": "chr1:0-150", "values": [1], "step": 100}', "2 steps"),
        ('{"kind": "paint", "mark": "A", "region": "chr1:0-150", "values": "12", "step": 100}', "values as a list"),
        ('{"kind": "paint", "mark": "A", "region": "chr1:0-150", "values": [1, []], "step": 100}', "value is"),
        ('{"kind": "paint", "mark": "A", "region": "chr1:0-150", "values": [1, 2], "step": 0.5}', "step is 0.5"),
    ],
)
def test_json_that_is_no_edit_is_refused(edits, word):
    with pytest.raises(cl.ChromolabError, match=word):
        cl.edits.from_json(f'{{"format": "chromolab-edits-1", "edits": [{edits}]}}')


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "not JSON"),
        ('{"edits": []}', "nothing else"),
        ('{"format": "chromolab-edits-9", "edits": []}', "this version of chromolab reads"),
        ("no/such/file.json", "no/such/file.json"),
    ],
)
def test_text_that_holds_no_edits_is_refused(text, word):
    with pytest.raises(cl.ChromolabError, match=word):
        cl.edits.from_json(text)


# ---------------------------------------------------------------- another promoter


@pytest.mark.parametrize(("gene", "other"), [("G0", "G1"), ("G1", "G2"), ("G2", "G3"), ("G3", "G4"), ("G4", "G5")])
def test_a_copied_promoter_reads_5_to_3_like_the_other(ds, gene, other):
    gene, other = ds.gene(gene), ds.gene(other)
    edited = cl.edit(gene, cl.edits.copy_from(gene, other))
    np.testing.assert_array_equal(edited.promoter_depth(), other.promoter_depth())
    edited = cl.edit(gene, cl.edits.copy_from(gene, other, ["B"], width=400))
    expected = gene.promoter_depth()
    expected[0, 18:22, 1] = other.promoter_depth()[0, 18:22, 1]
    np.testing.assert_array_equal(edited.promoter_depth(), expected)
    with pytest.raises(cl.ChromolabError, match="multiple of 200"):
        cl.edits.copy_from(gene, other, width=500)


# ---------------------------------------------------------------- again and again


def lists_that_change(rng, edits, steps):
    """Lists of edits, each made from the one before: one more, one less, others in their place, other order."""
    now = []
    for _ in range(steps):
        now, at = list(now), int(rng.integers(0, len(now) + 1))
        match rng.choice(["add", "put", "remove", "swap", "undo all"], p=[0.5, 0.2, 0.15, 0.1, 0.05]):
            case "add":
                now.insert(at, edits[rng.integers(len(edits))])
            case "put":
                now[at : at + 1] = [edits[rng.integers(len(edits))]]
            case "remove":
                del now[at : at + 1]
            case "swap":
                now.reverse()
            case _:
                now = []
        yield now


@pytest.mark.parametrize("missing", [False, True])
def test_again_and_again_equals_afresh(missing):
    """Equal to the bit for any lists of edits, also where pCREs come and go and an edit begins inside a bin."""
    gene, rng, known, refused = toy_dataset(2, missing=missing).gene("G1"), np.random.default_rng(3), {}, 0
    chrom, start, _ = place(gene, gene.promoter[0])
    parts = [f"{chrom}:{start + a}-{start + a + n}" for a, n in rng.integers(1, 1900, (6, 2))]
    edits = every_kind(gene) + [cl.scale("A", part, 0.3) for part in parts]
    wide = f"{chrom}:76000000-78000000"  # over both pCREs that may be added
    edits += [cl.add_pcre(f"{chrom}:76990000-76990950", 2), *(cl.set_depth(m, wide, 3) for m in "ABC")]
    for now in lists_that_change(rng, edits, 400):
        try:
            afresh = cl.edit(gene, now)
        except cl.ChromolabError as error:
            with pytest.raises(cl.ChromolabError, match=re.escape(str(error))):
                edit_again(gene, now, known)
            refused += 1
            continue
        again = edit_again(gene, now, known)
        for name in ("depth", "covered", "offsets"):
            np.testing.assert_array_equal(getattr(again.signal, name), getattr(afresh.signal, name))
        np.testing.assert_array_equal(again.pcre, afresh.pcre)
        np.testing.assert_array_equal(again.frequency, afresh.frequency)
        assert again.report == afresh.report and again.signal.regions.equals(afresh.signal.regions)
    assert 20 < refused < 300


def test_what_was_done_before_is_not_computed_again(ds, monkeypatch):
    gene, known, counted = ds.gene("G1"), {}, []
    monkeypatch.setattr(apply, "change_bins", lambda *a, **b: (counted.append(1), change_bins(*a, **b))[1])
    chrom, start, end = place(gene, gene.promoter[0])
    edits = [cl.scale(mark, f"{chrom}:{start}-{end}", 0.5) for mark in "ABC"]
    for now, anew in ((edits, 3), (edits, 0), ([*edits, edits[0]], 1), (edits[:2], 1), (edits, 1)):
        counted.clear()
        edit_again(gene, now, known)
        assert len(counted) == anew
    assert len(known) == 3


# ---------------------------------------------------------------- against editing the track and building anew

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


def even_bases(strokes, mean, covered, length, size):
    """What the bins hold after an edit, base by base, with even depth in each bin."""
    bases = np.full(length, np.nan)
    for b, start in enumerate(range(0, length, size)):
        n = min(size, length - start)
        bases[start + np.arange(covered[b]) * n // max(covered[b], 1)] = mean[b]
    for begin, end, change in strokes:
        here = bases[begin:end]
        bases[begin:end] = here * change if isinstance(change, float) else np.where(np.isnan(change), here, change)
    bins = [bases[i : i + size] for i in range(0, length, size)]
    seen = [(~np.isnan(b)).sum() for b in bins]
    return [np.nan if n == 0 else np.nansum(b) / n for b, n in zip(bins, seen, strict=True)], seen


@st.composite
def strokes(draw, length):
    begin = draw(st.integers(0, length - 1))
    end = draw(st.integers(begin + 1, length))
    if draw(st.booleans()):
        return Stroke(begin, end, draw(st.floats(0, 3)))
    values = draw(st.lists(st.sampled_from([0.0, 1.5, 2.25, np.nan]), min_size=1, max_size=8))
    return Stroke(begin, end, np.resize(np.repeat(values, draw(st.integers(1, 12))), end - begin))


@given(data=st.data(), length=st.integers(1, 75), size=st.integers(1, 20))
@settings(deadline=None, max_examples=300)
def test_without_a_source_edits_compose_as_if_bins_were_even(data, length, size):
    """An erased half of a bin that is erased again stays a half."""
    n = np.minimum(size, length - np.arange(0, length, size))
    covered = np.array([data.draw(st.integers(0, int(k))) for k in n])
    mean = np.where(covered > 0, np.arange(len(n)) + 0.5, np.nan)
    own = data.draw(st.lists(strokes(length), max_size=5))
    got, seen, cut = change_bins(mean, covered, length, size, own, lambda: None)
    expected, expected_seen = even_bases(own, mean, covered, length, size)
    assert seen.tolist() == expected_seen
    np.testing.assert_allclose(got, expected, rtol=1e-12)
    touched = np.zeros(length, bool)
    for begin, end, _ in own:
        touched[begin:end] = True
    apart = ~np.logical_or.reduceat(touched, np.arange(0, length, size))
    np.testing.assert_array_equal(got[apart], mean[apart])  # to the last bit
    assert (cut > 0) <= bool(own)


def test_missing_stays_missing_when_erased_and_becomes_data_when_painted():
    ds = toy_dataset(2, missing=True)
    hole = int(np.flatnonzero(np.isnan(ds.region_depth(ds.promoter[0])[:, 0]))[0])
    chrom, start, _ = place(ds, ds.promoter[0])
    bin_ = f"{chrom}:{start + 100 * hole}-{start + 100 * hole + 100}"
    at = ds.signal.offsets[ds.promoter[0]] + hole
    erased = cl.edit(ds, [cl.erase("A", bin_), cl.scale("A", bin_, 3)])
    assert np.isnan(erased.signal.depth[at, 0]) and erased.signal.covered[at, 0] == 0
    painted = cl.edit(ds, [cl.set_depth("A", bin_, 4)])
    assert painted.signal.depth[at, 0] == 4 and painted.signal.covered[at].tolist() == [100, 0, 0]
    half = cl.edit(ds, [cl.paint("A", bin_, [4, None], step=50)])
    assert half.signal.depth[at, 0] == 4 and half.signal.covered[at, 0] == 50


def test_undoing_is_the_list_without_its_last(ds):
    gene, before = ds.gene("G1"), ds.gene("G1")
    edits = every_kind(gene)
    for n in (len(edits), 3, 0):
        edited = cl.edit(gene, edits[:n])
    for a, b in zip(*(Loader(d, ds.marks, (500, 100)).batch([0]).tensors() for d in (edited, before)), strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_a_depth_that_the_dataset_cannot_store_is_refused():
    half = toy_dataset(0)
    half = replace(half, signal=replace(half.signal, depth=half.signal.depth.astype(np.float16)))
    with pytest.raises(
        cl.ChromolabError, match="up to 70000: .* more than 6.55e.04 reads per base, which does not fit float16"
    ):
        cl.edit(half, [cl.set_depth("A", "chr1:100000-100100", 70_000)])


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


@pytest.mark.parametrize("apply", [cl.edit, lambda gene, edits: cl.edit_each(gene, [edits])])
def test_what_no_model_can_read_is_refused_by_name(apply):
    gene = toy_dataset(2).gene("G1")
    chrom, start, _ = place(gene, gene.promoter[0])
    whole, part, other = (f"{chrom}:{start + a}-{start + b}" for a, b in ((100, 900), (130, 777), (1000, 1100)))
    twice = [cl.scale("A", whole, 1e308), cl.scale("A", part, 1e307), cl.erase("A", whole)]
    for edits, said in [
        (twice, f"A at {whole}, times 1e.308"),  # infinity times 0 is NaN here, not a bin without data
        ([cl.scale("A", r, 1e30) for r in (whole, part, other)], f"A at {part}, times 1e.30:"),
        ([cl.set_depth("B", other, 1), cl.set_depth("B", part, 1e308)], f"B at {part}, painted up to 1e.308"),
        ([cl.set_frequency(contacts(gene)[0], 1e300)], "frequency of 1e.300"),
        ([cl.add_pcre("chr1:5-10", 1e39)], "frequency of 1e.39"),
    ]:
        with pytest.raises(cl.ChromolabError, match=said):
            apply(gene, edits)
    fine = apply(gene, [cl.scale("A", whole, 1e300), cl.erase("A", whole), cl.set_depth("B", part, 1e30)])
    model = cl.Chromoformer(gene.marks, seed=0, resolutions=(500, 100), **SMALL)
    assert np.isfinite(cl.predict(model, fine, device="cpu")).all()


def test_what_is_known_of_an_added_place_is_not_taken_for_another_one(ds):
    gene, known = ds.gene("G1"), {}
    wide = cl.set_depth("A", "chr1:0-99000000", 2.0)
    for place in ("chr1:500-2500", "chr1:700-1200"):
        for cut in ([cl.drop_pcre(place)], [cl.set_depth(m, place, 1) for m in "BC"]):
            edits = [cl.add_pcre(place, 2), *cut, wide]
            again, afresh = edit_again(gene, edits, known), cl.edit(gene, edits)
            np.testing.assert_array_equal(again.signal.depth, afresh.signal.depth)


@pytest.mark.parametrize("number", [10**25, 10**400, -(10**400)])
def test_whole_numbers_of_any_length_are_read_or_refused(number):
    if number == 10**25:
        assert cl.scale("A", "chr1:0-100", number).factor == 1e25
    else:
        with pytest.raises(cl.ChromolabError, match="negative or infinite"):
            cl.scale("A", "chr1:0-100", number)


def test_a_depth_over_a_whole_chromosome_takes_no_memory_for_it():
    gene = toy_dataset().gene("G1")
    edited = cl.edit(gene, [cl.set_depth("A", f"chr1:0-{10**26}", 2.0)])
    assert (edited.signal.depth[:, 0] == 2).all()


@pytest.mark.parametrize("wrong", [None, b"{}", 3])
def test_edits_are_read_from_text_or_a_file(wrong):
    with pytest.raises(cl.ChromolabError, match="JSON text or a file"):
        cl.edits.from_json(wrong)
