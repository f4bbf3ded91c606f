"""show/experiments/inputs: datasets and models by the words that a cell of parameters can hold."""

import pytest
from helpers.toys import toy_dataset

import chromolab as cl
from chromolab.errors import ChromolabError
from chromolab.show.experiments.inputs import dataset_of, model_of

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
