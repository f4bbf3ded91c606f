"""show/widgets/chooser: finding genes, and following the choice."""

import pytest
from helpers.toys import toy_dataset

import chromolab as cl
from chromolab.errors import ChromolabError

NAME = "<img src=x onerror=alert(1)>"


@pytest.fixture
def dataset():
    ds = toy_dataset(genes=4)
    ds.genes["gene_id"] = ["G1", "G1", "G2", "G10"]
    ds.genes["gene_name"] = ["a", "a", NAME, "xg1"]
    ds.genes["cell_type"] = ["one", "two", "one", "one"]
    return ds


def test_search_puts_beginnings_first_and_knows_the_cell_types(dataset):
    found = cl.GeneChooser(dataset).reply({"kind": "search", "text": " G1 "})[0]["found"]
    assert [g["gene_id"] for g in found] == ["G1", "G10"] and found[0]["cell_types"] == ["one", "two"]
    assert cl.GeneChooser(dataset).reply({"kind": "search", "text": "onerror"})[0]["found"][0]["gene_name"] == NAME


def test_the_choice_can_be_followed_and_gives_a_dataset(dataset):
    chooser, seen = cl.GeneChooser(dataset, "a", "two"), []
    chooser.observe(lambda change: seen.append(change["new"]["gene_id"]), "chosen")
    assert (chooser.gene.genes.iloc[0][["gene_id", "cell_type"]] == ["G1", "two"]).all()
    chooser.reply({"kind": "choose", "gene_id": "G10", "cell_type": "one"})
    assert seen == ["G10"] and chooser.gene.genes["gene_name"].tolist() == ["xg1"]


def test_what_is_not_there_is_refused_and_changes_nothing(dataset):
    chooser = cl.GeneChooser(dataset)
    for request in ({"kind": "choose", "gene_id": "G9", "cell_type": "one"}, {"kind": "search", "text": 3}):
        with pytest.raises(ChromolabError):
            chooser.reply(request)
    assert chooser.chosen["gene_id"] == "G1"
