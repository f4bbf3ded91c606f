"""A dataset with one more track, by the words that a cell of parameters can hold."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.dataset.build import add_track
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.published import read_published
from chromolab.data.intervals import read_regions
from chromolab.data.tracks.scales import NONE
from chromolab.errors import ChromolabError
from chromolab.show.experiments.inputs import TEACHING, dataset_of, real_folder
from chromolab.world.simulate import simulate

H1_PEAKS = "h1-chip-peaks/wgEncodeBroadHistoneH1hescCtcfStdPk.broadPeak.gz"
H1_FOLDS = 4


def with_track(
    data: str, track: str, transform: str = "", real_data: str = "", cell_types: Sequence[str] = ()
) -> tuple[Dataset, str]:
    """The dataset that `data` names with one more track, which stands last; and that track's name.

    Parameters
    ----------
    data : str
        What `dataset_of` takes, or "h1-demo" (60 real genes, four folds by chromosome). Of the teaching genome each
        chromosome is a fold: an interval over folds has as many witnesses.
    track : str
        "CTCF" or "PC1", where the data have it; a mark of the dataset; or the path of a file, in which {cell} stands
        for the cell type.
    transform : str
        What models read of the track; "": its values as they are for the teaching genome's PC1, else as depth is read.
    real_data : str
        The folder with real data; by default CHROMOLAB_REAL_DATA.
    cell_types : list of str
        Those to keep; empty: all.

    Raises
    ------
    ChromolabError
        If the data or the track are not there.
    """
    folder, known = real_folder(real_data), {}
    if data in TEACHING:
        world = simulate(seed=0, **TEACHING[data])
        dataset, known = _by_chromosome(world.dataset(list(cell_types) or None)), {"CTCF": world.ctcf, "PC1": world.pc1}
        transform = transform or (NONE if track == "PC1" else "")
    elif data == "h1-demo":
        dataset = _h1(folder / "h1-demo")
        known = {"CTCF": read_regions(folder / H1_PEAKS)} if track == "CTCF" else {}
    else:
        dataset = dataset_of(data, real_data, cell_types)
    if track in dataset.marks:
        return dataset.with_marks([*(m for m in dataset.marks if m != track), track]), track
    if track in known:
        return add_track(dataset, track, known[track], transform=transform or None), track
    files = {cell: track.replace("{cell}", cell) for cell in dict.fromkeys(dataset.genes["cell_type"])}
    if lacking := [file for file in files.values() if not Path(file).exists()]:
        has = ", ".join([*dataset.marks, *known])
        raise ChromolabError(f"track is {track!r}, and there is no file {lacking[0]}; expected a path, or one of {has}")
    name = Path(track.replace("{cell}", "").lstrip("-_.")).name.partition(".")[0].strip("-_ ") or "track"
    return add_track(dataset, name, files, transform=transform or None), name


def _by_chromosome(dataset: Dataset) -> Dataset:
    """The dataset with each chromosome a fold, numbered in order of appearance from 1."""
    return replace(dataset, genes=dataset.genes.assign(fold=pd.factorize(dataset.genes["chrom"])[0] + 1))


def _h1(folder: Path) -> Dataset:
    """The published demo's genes, in four folds by chromosome."""
    demo = read_published(folder / "meta.csv", folder / "npy")
    number = demo.genes["chrom"].astype("category").cat.codes
    return replace(demo, genes=demo.genes.assign(fold=np.asarray(number) % H1_FOLDS + 1), origin="measured")
