"""show/experiments/inputs: datasets and models by the words that a cell of parameters can hold."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.toys import toy_dataset

import chromolab as cl
from chromolab.data.dataset.pilot import MARKS
from chromolab.errors import ChromolabError
from chromolab.show.experiments import inputs
from chromolab.show.experiments.inputs import dataset_of, model_of, species_of

OWN = """
import chromolab as cl

class Mine(cl.models.DeepChrome):
    pass
"""


def test_a_saved_dataset_by_its_path_and_some_of_its_cells(tmp_path):
    ds = toy_dataset(0)
    path = ds.save(tmp_path / "toy.clds")
    assert len(dataset_of(str(path))) == len(ds)
    cell = ds.genes["cell_type"].iloc[0]
    assert set(dataset_of(str(path), cell_types=[cell]).genes["cell_type"]) == {cell}
    with pytest.raises(ChromolabError, match=f"no cell type 'liver'; it has .*{cell}"):
        dataset_of(str(path), cell_types=["liver"])
    with pytest.raises(ChromolabError, match="data is 'techaing'; expected 'teaching'"):
        dataset_of("techaing")


def test_further_cell_types_of_the_same_genes(tmp_path):
    ds = toy_dataset(0)
    other = replace(ds, genes=ds.genes.assign(cell_type="liver"))
    here, there = str(ds.save(tmp_path / "toy.clds")), str(other.save(tmp_path / "liver.clds"))
    both = dataset_of(here, more=[there])
    assert set(both.genes["cell_type"]) == {*ds.genes["cell_type"], "liver"}
    assert set(dataset_of(here, cell_types=["liver"], more=[there]).genes["cell_type"]) == {"liver"}
    assert len(species_of(there)) == len(other)


def test_an_orthologue_carries_the_name_that_it_has_in_the_first_species(tmp_path, monkeypatch):
    small = dict(seed=0, chromosomes=3, chromosome_length=1_000_000, genes=24, cell_types=1, lineages=1)
    world = cl.simulate(**small, species="b", cache=tmp_path, progress=False)
    monkeypatch.setattr(inputs, "simulate", lambda seed, species: world)
    named, made = world.orthologues.set_index("gene_id")["gene_id_a"], species_of("b")
    for own, called in zip(world.dataset().genes["gene_id"], made.genes["gene_id"], strict=True):
        assert called == named.get(own, f"SIMB:{own}")
    assert 0 < len(named) < len(made)


@pytest.mark.real
def test_a_fourth_pilot_cell_type_in_a_folder_of_its_own(real, tmp_path):
    pilot, folder = real / "roadmap-pilot", tmp_path / "more"
    folder.mkdir()
    for mark in MARKS:  # the signal of E116 as that of E123, whose expression the table has
        (folder / f"E123-{mark}.pval.signal.bigwig").symlink_to(pilot / f"E116-{mark}.pval.signal.bigwig")
    ds = dataset_of("pilot", str(real), ["E116", "E123"], [str(folder)])
    one, two = (ds.select((ds.genes["cell_type"] == c).to_numpy()) for c in ("E116", "E123"))
    np.testing.assert_array_equal(one.promoter_depth(), two.promoter_depth())
    assert (one.genes["expression"].to_numpy() != two.genes["expression"].to_numpy()).any()
    (folder / f"E123-{MARKS[0]}.pval.signal.bigwig").unlink()
    with pytest.raises(
        ChromolabError, match=f"E123-{MARKS[0]}.pval.signal.bigwig: not in .* nor in .*more; put it there"
    ):
        dataset_of("pilot", str(real), ["E123"], [str(folder)])
    with pytest.raises(ChromolabError, match="no file .*; expected one for each of H3K4me1"):
        dataset_of("pilot", str(real), more=[str(tmp_path)])


@pytest.mark.real
def test_calls_and_scores_of_two_species(real):
    human, mouse = dataset_of("chr11", str(real), ["K562"]), species_of("mouse", str(real))
    assert set(human.genes["chrom"]) == {"chr11"} and set(mouse.genes["chrom"]) == {"chr5"}
    assert {"H3K4me3", "H3K27ac"} <= set(human.marks) & set(mouse.marks)
    assert set(human.folds) == set(mouse.folds) == {1, 2, 3, 4}


def test_models_by_name_and_of_ones_own(tmp_path, monkeypatch):
    ds = toy_dataset(0)
    small = model_of("Chromoformer", ds, width=16)("regression", 3)
    assert (small.task, small.marks) == ("regression", ds.marks)
    assert isinstance(model_of("DeepChrome", ds)("classification", 0), cl.models.DeepChrome)
    (tmp_path / "my_models.py").write_text(OWN)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert type(model_of("my_models:Mine", ds)("classification", 0)).__name__ == "Mine"
    for name in ("Chromofrmer", "my_models:Other", "no_module:Mine"):
        with pytest.raises(ChromolabError, match=f"no model '{name}'"):
            model_of(name, ds)
    with pytest.raises(ChromolabError, match="DeepChrome does not take these options"):
        model_of("DeepChrome", ds, depth=3)("regression", 0)
