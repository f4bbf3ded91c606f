"""learn/edit: an edit reaches every region, resolution and strand that covers the place, and only those."""

from dataclasses import replace

import numpy as np
import pytest
from toys import SMALL, toy_dataset

import chromolab as cl


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
        (lambda: cl.edit(toy_dataset(0), [cl.erase("A", "chr9:0-100")]), "touches no region"),
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
    assert cl.edits_from_json(cl.edits_to_json(edits)) == edits
    text = cl.edits_to_json(edits, tmp_path / "edits.json")
    assert cl.edits_from_json(tmp_path / "edits.json") == edits == cl.edits_from_json(str(tmp_path / "edits.json"))
    assert cl.edits_from_json(cl.edits_to_json([])) == [] and text.count("\n") == len(edits) + 2
    names = {}
    exec(cl.to_python(edits), names)
    assert names["edits"] == edits
    strange = [cl.erase("<img src=x onerror='alert(1)'>\"\\\n", "chr\"1'\\:0-5")]
    exec(cl.to_python(strange), names)
    assert names["edits"] == strange == cl.edits_from_json(cl.edits_to_json(strange))


@pytest.mark.parametrize(
    ("edits", "word"),
    [
        ('{"kind": "erase", "mark": "A"}', "edit 1 .erase.: has .'mark'.; expected mark, region"),
        ('{"kind": "erase", "mark": "A", "region": "chr1:0-5", "factor": 0}', "expected mark, region"),
        ('{"kind": "__import__", "mark": "A"}', "kind is '__import__'"),
        ('{"kind": ["erase"]}', "expected one of"),
        ("7", "kind is None"),
        ('{"kind": "erase", "mark": 1, "region": "chr1:0-5"}', "mark's name"),
        ('{"kind": "erase", "mark": "A", "region": 5}', "expected 'chrom:start-end'"),
        ('{"kind": "scale", "mark": "A", "region": "chr1:0-5", "factor": true}', "factor is True"),
        ('{"kind": "scale", "mark": "A", "region": "chr1:0-5", "factor": "0.1"}', "factor is '0.1'"),
        ('{"kind": "scale", "mark": "A", "region": "chr1:0-5", "factor": NaN}', "NaN is no number"),
        ('{"kind": "scale", "mark": "A", "region": "chr1:0-5", "factor": 1e999}', "infinite"),
        ('{"kind": "erase", "mark": "A", "mark": "B", "region": "chr1:0-5"}', "a key twice"),
        ('{"kind": "paint", "mark": "A", "region": "chr1:0-150", "values": [1], "step": 100}', "2 steps"),
        ('{"kind": "paint", "mark": "A", "region": "chr1:0-150", "values": "12", "step": 100}', "values in a list"),
        ('{"kind": "paint", "mark": "A", "region": "chr1:0-150", "values": [1, []], "step": 100}', "value is"),
        ('{"kind": "paint", "mark": "A", "region": "chr1:0-150", "values": [1, 2], "step": 0.5}', "step is 0.5"),
    ],
)
def test_json_that_is_no_edit_is_refused(edits, word):
    with pytest.raises(cl.ChromolabError, match=word):
        cl.edits_from_json(f'{{"format": "chromolab-edits-1", "edits": [{edits}]}}')


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "not JSON"),
        ('{"edits": []}', "nothing else"),
        ('{"format": "chromolab-edits-9", "edits": []}', "this version reads"),
        ("no/such/file.json", "no/such/file.json"),
    ],
)
def test_text_that_holds_no_edits_is_refused(text, word):
    with pytest.raises(cl.ChromolabError, match=word):
        cl.edits_from_json(text)


# ---------------------------------------------------------------- another promoter


@pytest.mark.parametrize(("gene", "other"), [("G0", "G1"), ("G1", "G2"), ("G2", "G3"), ("G3", "G4"), ("G4", "G5")])
def test_a_copied_promoter_reads_5_to_3_like_the_other(ds, gene, other):
    gene, other = ds.gene(gene), ds.gene(other)
    edited = cl.edit(gene, cl.copy_from(gene, other))
    np.testing.assert_array_equal(edited.promoter_depth(), other.promoter_depth())
    edited = cl.edit(gene, cl.copy_from(gene, other, ["B"], width=400))
    expected = gene.promoter_depth()
    expected[0, 18:22, 1] = other.promoter_depth()[0, 18:22, 1]
    np.testing.assert_array_equal(edited.promoter_depth(), expected)
    with pytest.raises(cl.ChromolabError, match="multiple of 200"):
        cl.copy_from(gene, other, width=500)
