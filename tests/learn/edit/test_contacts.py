"""learn/edit/contacts: a contact is cut, added or gets another frequency, and the order of pCREs follows."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.edits import contacts
from helpers.toys import SMALL, toy_dataset

import chromolab as cl


@pytest.fixture
def ds():
    return toy_dataset(2)


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
