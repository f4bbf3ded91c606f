"""show/experiments/whole_genes: the data of the experiment, by name."""

import pytest
from helpers.toys import toy_dataset, with_bodies

import chromolab as cl
from chromolab.show.experiments.whole_genes import with_whole_genes


def test_a_saved_dataset_is_taken_with_its_whole_genes(tmp_path):
    ds = with_bodies(toy_dataset(0, genes=8))
    again = with_whole_genes(str(ds.save(tmp_path / "x.clds")))
    assert len(again.body) == 8
    windows = str(toy_dataset(0, genes=8).save(tmp_path / "y.clds"))
    with pytest.raises(cl.ChromolabError, match="holds windows, not whole genes"):
        with_whole_genes(windows)


@pytest.mark.real
@pytest.mark.slow
def test_real_genes_are_read_and_those_that_were_cut_are_said(real):
    ds = with_whole_genes("pilot", str(real), ["E003"])
    bodies = cl.data.gene_bodies(ds)
    said = " | ".join(ds.report)
    assert ds.origin == "measured" and ds.exons is None and len(ds) == 351
    assert "4 of 351 are longer than 500,000 bp: their middle is not read" in said
    assert "14 of 351 have bases without data" in said and (bodies["read"] < 1).sum() == 18


@pytest.mark.slow
def test_the_teaching_genome_has_exons(monkeypatch, tiny_world):
    monkeypatch.setattr("chromolab.show.experiments.whole_genes.simulate", lambda **_: tiny_world)
    ds = with_whole_genes("teaching", cell_types=tiny_world.cell_types[:1])
    assert (cl.data.gene_bodies(ds)["exons"] > 0).all()
