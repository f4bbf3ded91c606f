"""A dataset with whole genes, by the words that a cell of parameters can hold."""

from collections.abc import Sequence

from chromolab.data.bodies.whole_genes import body_of, whole_genes
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.pilot import pilot_tracks
from chromolab.show.experiments.inputs import TEACHING, dataset_of, real_folder
from chromolab.world.simulate import simulate


def with_whole_genes(data: str, real_data: str = "", cell_types: Sequence[str] = ()) -> Dataset:
    """The dataset that `data` names, with whole genes.

    Parameters
    ----------
    data : str
        "teaching" or its kin (simulated, with exons), "pilot" or "chr11" (real, whose annotations here have no exons),
        or the path of a saved dataset (.clds) that holds whole genes (`cl.data.whole_genes`).
    real_data : str
        The folder with real data; by default CHROMOLAB_REAL_DATA.
    cell_types : list of str
        Those to keep; empty: all.

    Raises
    ------
    ChromolabError
        If the data are not there, or hold no whole genes.
    """
    if data in TEACHING:
        return simulate(seed=0, **TEACHING[data]).dataset(list(cell_types) or None, whole_genes=True)
    dataset, folder = dataset_of(data, real_data, cell_types), real_folder(real_data)
    cells = list(dict.fromkeys(dataset.genes["cell_type"]))
    if data == "pilot":  # beyond the regions nothing was measured, which is not 0
        return whole_genes(dataset, pilot_tracks(folder / "roadmap-pilot", cells), missing="mask")
    if data == "chr11":
        place = folder / "chr11"
        tracks = {c: {m: place / f"{c}.{m}.bedgraph.gz" for m in dataset.marks} for c in cells}
        return whole_genes(dataset, tracks, chrom_sizes=place / "chrom.sizes")
    body_of(dataset)
    return dataset
