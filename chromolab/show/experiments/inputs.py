"""What experiments are run on: datasets and models by the words that a cell of parameters can hold."""

import importlib
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import chromolab.models as models
from chromolab.data.dataset.combine import concat
from chromolab.data.dataset.dataset import Dataset, load_dataset
from chromolab.data.dataset.pilot import CELL_TYPES, cell_types_in, pilot_dataset
from chromolab.data.project.in_memory import read_project
from chromolab.errors import ChromolabError
from chromolab.learn.compare.models import SMALL
from chromolab.models.base import Model
from chromolab.models.chromoformer import Chromoformer
from chromolab.show.report.build import build
from chromolab.world.simulate import simulate

REAL = "../../../shared/real"  # beside the repository, seen from the experiments
TEACHING: dict[str, dict[str, Any]] = {
    "teaching": {},
    "teaching, strong contacts": {"contacts": "strong"},
    "teaching, lineages apart": {"lineage_spread": 0.8, "code_drift": 0.5},
    "teaching, CTCF acts": {"contacts": "strong", "ctcf": 2.0},
}
YAML_OF = {"chr11": "chr11/my.yaml", "mouse": "mouse-chr5/my.yaml"}


def dataset_of(data: str, real_data: str = "", cell_types: Sequence[str] = (), more: Sequence[str] = ()) -> Dataset:
    """The dataset that `data` names.

    Parameters
    ----------
    data : str
        "teaching" (simulated), "teaching, strong contacts", "teaching, lineages apart" (whose marks tell different
        things in different lineages), "teaching, CTCF acts" (at a promoter it triples what contacts bring), "pilot"
        (real bigWigs of the ENCODE pilot regions), "chr11" (real presence calls of GM12878 and K562), or the path of a
        saved dataset (.clds) or of a my.yaml, which is built.
    real_data : str
        The folder that holds roadmap-pilot/ and chr11/; by default CHROMOLAB_REAL_DATA.
    cell_types : list of str
        Those to keep; empty: all.
    more : list of str
        Further cell types of the same genes: of "pilot", folders with their signal (`pilot_dataset`); of other data,
        saved datasets or my.yaml, built alike.

    Raises
    ------
    ChromolabError
        If it names none of these, or a cell type is not there.
    """
    if data in TEACHING and not more:
        return simulate(seed=0, **TEACHING[data]).dataset(list(cell_types) or None)
    if data == "pilot":
        place = real_folder(real_data) / "roadmap-pilot"
        cells = [*CELL_TYPES, *(cell for folder in more for cell in cell_types_in(folder))]
        return pilot_dataset(place, list(cell_types) or list(dict.fromkeys(cells)), more=more)
    made = concat([_from_file(data, real_data), *(_from_file(path, real_data) for path in more)])
    names = ", ".join(made.genes["cell_type"].unique())
    if missing := sorted(set(cell_types) - set(made.genes["cell_type"])):
        raise ChromolabError(f"{data}: no cell type {missing[0]!r}; it has {names}")
    return made.select(made.genes["cell_type"].isin(cell_types).to_numpy()) if cell_types else made


def real_folder(real_data: str = "") -> Path:
    """The folder of real data: `real_data`, else CHROMOLAB_REAL_DATA, else the one beside the repository."""
    return Path(real_data or os.environ.get("CHROMOLAB_REAL_DATA", REAL))


def _from_file(data: str, real_data: str) -> Dataset:
    path = Path(data)
    if data in TEACHING:
        return simulate(seed=0, **TEACHING[data]).dataset()
    if data in YAML_OF:
        return read_project(real_folder(real_data) / YAML_OF[data], origin="measured")
    if path.suffix in (".yaml", ".yml"):
        return build(path)
    if path.exists():
        return load_dataset(path)
    raise ChromolabError(
        f"data is {data!r}; expected {', '.join(map(repr, TEACHING))}, 'pilot', 'chr11', or the path of a saved "
        "dataset (.clds) or of a my.yaml"
    )


def species_of(species: str, real_data: str = "") -> Dataset:
    """The dataset of another species.

    Parameters
    ----------
    species : str
        "b" (simulated: it parted from the teaching genome, whose gene names its orthologues carry), "mouse" (real peak
        scores of ES cells, chromosome 5), or the path of a saved dataset (.clds) or of a my.yaml. Genes with the same
        name in both species are taken for orthologues.
    real_data : str
        The folder that holds mouse-chr5/; by default CHROMOLAB_REAL_DATA.

    Raises
    ------
    ChromolabError
        If it names none of these.
    """
    if species != "b":
        return _from_file(species, real_data)
    world = simulate(seed=0, species="b")
    made, named = world.dataset(), world.orthologues.set_index("gene_id")["gene_id_a"]
    own = "SIMB:" + made.genes["gene_id"]
    return replace(made, genes=made.genes.assign(gene_id=made.genes["gene_id"].map(named).fillna(own)))


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
