"""What experiments are run on: datasets and models by the words that a cell of parameters can hold."""

import importlib
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import chromolab.models as models
from chromolab.data.dataset.dataset import Dataset, load_dataset
from chromolab.data.dataset.pilot import CELL_TYPES, pilot_dataset
from chromolab.errors import ChromolabError
from chromolab.learn.compare.models import SMALL
from chromolab.models.base import Model
from chromolab.models.chromoformer import Chromoformer
from chromolab.show.report.build import build
from chromolab.world.simulate import simulate

REAL = "../../../shared/real"  # beside the repository, seen from the experiments


def dataset_of(data: str, real_data: str = "", cell_types: Sequence[str] = ()) -> Dataset:
    """The dataset that `data` names.

    Parameters
    ----------
    data : str
        "teaching" (simulated), "teaching, strong contacts", "pilot" (real bigWigs of the ENCODE pilot regions), or the
        path of a saved dataset (.clds) or of a my.yaml, which is built.
    real_data : str
        The folder that holds roadmap-pilot/; by default CHROMOLAB_REAL_DATA.
    cell_types : list of str
        Those to keep; empty: all.

    Raises
    ------
    ChromolabError
        If it names none of these, or a cell type is not there.
    """
    if data in ("teaching", "teaching, strong contacts"):
        return simulate(seed=0, contacts="strong" if "strong" in data else "lifelike").dataset(list(cell_types) or None)
    if data == "pilot":
        place = Path(real_data or os.environ.get("CHROMOLAB_REAL_DATA", REAL)) / "roadmap-pilot"
        return pilot_dataset(place, list(cell_types) or CELL_TYPES)
    path = Path(data)
    if path.suffix in (".yaml", ".yml"):
        made = build(path)
    elif path.exists():
        made = load_dataset(path)
    else:
        raise ChromolabError(
            f"data is {data!r}; expected 'teaching', 'teaching, strong contacts', 'pilot', or the path of a saved "
            "dataset (.clds) or a my.yaml"
        )
    names = ", ".join(made.genes["cell_type"].unique())
    if missing := sorted(set(cell_types) - set(made.genes["cell_type"])):
        raise ChromolabError(f"{data}: no cell type {missing[0]!r}; it has {names}")
    return made.select(made.genes["cell_type"].isin(cell_types).to_numpy()) if cell_types else made


def _found(module: str, called: str) -> Callable:
    if called:
        return getattr(importlib.import_module(module), called)
    return Chromoformer if module == "Chromoformer" else getattr(models, module)


def model_of(name: str, dataset: Dataset, small: bool = True, **options) -> Callable[[str, int], Model]:
    """A function(task, seed) that makes a model for a dataset's marks.

    Parameters
    ----------
    name : str
        "Chromoformer", another model of `cl.models`, or one's own as "module:Class", which takes (marks, task, seed=).
    dataset : Dataset
    small : bool
        A Chromoformer of the size that ships, where `options` do not say otherwise; other models have their own sizes.
    **options
        Further arguments of the model's class.

    Raises
    ------
    ChromolabError
        If there is no such model, or it does not take these options.
    """
    module, _, called = name.partition(":")
    try:
        found = _found(module, called)
    except (ImportError, AttributeError) as error:
        known = "Chromoformer, DeepChrome, AttentiveChrome, HMCRNN, GCMerge"
        raise ChromolabError(f"no model {name!r} ({error}); expected {known}, or one's own as module:Class") from error
    if found is models.GCMerge:
        made = partial(found, models.genome_graph(dataset))
    else:
        made = partial(found, dataset.marks)
    given = {**(SMALL if small and found is Chromoformer else {}), **options}

    def make(task: str, seed: int) -> Model:
        try:
            return made(task, seed=seed, **given)
        except TypeError as error:
            raise ChromolabError(f"{name} does not take these options: {error}") from error

    return make
