"""What each way to find a gene's distal elements gives to its expression: the same model, genes and folds, other pCREs.

"measured" are the dataset's own pCREs, from a contact assay, and "none" has no pCRE. Between them stand what can be
done without an assay: the nearest elements, active elements by distance, and those that sequence says touch the
promoter. What a way brings above "none" is told as a share of what measured contacts bring.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from chromolab.data.contacts.by_distance import contact_at
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.denovo.candidates import best_candidates, candidate_pairs, rankings
from chromolab.data.denovo.with_pcres import with_pcres
from chromolab.data.sequence.composition import share_of_gc
from chromolab.data.sequence.motifs import Motif
from chromolab.data.sequence.pairs import ENDS
from chromolab.data.sequence.sites import motif_sites
from chromolab.defaults import N_PCRES
from chromolab.errors import ChromolabError
from chromolab.learn.compare.models import SMALL, compare_models
from chromolab.learn.compare.sequence import places_of, standard
from chromolab.learn.letters.contacts import THRESHOLD, fit_contacts
from chromolab.learn.metrics import paired
from chromolab.models.base import Model
from chromolab.models.chromoformer import Chromoformer
from chromolab.models.sequence.multiomics import MultiOmics

NONE, MEASURED = "none", "measured"
WAYS = (NONE, "distance", "activity x distance", "sequence x distance", "sequence x activity x distance", MEASURED)


def foretold_contacts(
    table: pd.DataFrame,
    genes: pd.DataFrame,
    counts: pd.DataFrame,
    fasta: str | PathLike[str],
    motif: Motif,
    folds: Mapping[int, Sequence[str]],
    **training: Any,
) -> np.ndarray:
    """How often candidates touch their promoters, foretold from letters by heads that have not seen the chromosome.

    Parameters
    ----------
    table : DataFrame
        Candidates (`cl.data.candidates`).
    genes : DataFrame
        The gene table that they were made with.
    counts : DataFrame
        To train on: as `fit_contacts` takes it, of all chromosomes.
    fasta, motif : the genome, and CTCF's motif
    folds : {fold: chromosomes}
        For each, a head is trained on all others; it reads CTCF's sites, and the share of G and C about each place.
    **training
        Passed to `fit_contacts`.

    Returns
    -------
    float array (rows of `table`,)
        Observed / expected; 1 is what distance alone gives.

    Raises
    ------
    ChromolabError
        For candidates on a chromosome that lies in no fold, and as `fit_contacts` does.
    """
    if missing := set(table["chrom"]) - {chrom for held in folds.values() for chrom in held}:
        raise ChromolabError(f"{sorted(missing)[0]} lies in no fold; expected all chromosomes of the candidates")
    pairs, out = candidate_pairs(table, genes), np.empty(len(table))
    places = places_of(pd.concat([counts[list(ENDS)], pairs[list(ENDS)]], ignore_index=True))
    features = places.assign(gc=standard(share_of_gc(fasta, places)))
    sites = motif_sites(fasta, motif, threshold=training.get("threshold", THRESHOLD))
    for fold, held in folds.items():
        others = [chrom for other, chroms in folds.items() if other != fold for chrom in chroms]
        model = fit_contacts(counts, fasta, motif, others, features=features, sites=sites, **training)
        rows = table["chrom"].isin(list(held)).to_numpy()
        if rows.any():
            out[rows] = np.exp(model.predict(pairs[rows].reset_index(drop=True)))
    return out


def pcre_datasets(
    dataset: Dataset,
    table: pd.DataFrame,
    tracks: Mapping,
    contact: ArrayLike | None = None,
    *,
    ways: Sequence[str] = WAYS,
    k: int = N_PCRES,
    **reading: Any,
) -> dict[str, Dataset]:
    """The same examples with the pCREs that each way finds.

    Parameters
    ----------
    dataset : Dataset
        With pCREs of a contact assay.
    table : DataFrame
        Its candidates (`cl.data.candidates`).
    tracks : {mark: path}, or {cell type: {mark: path}}
        Those that the dataset was built from.
    contact : float array (rows of `table`,), optional
        Predicted observed / expected frequency, by a model that has not seen the contacts of the gene's chromosome:
        `foretold_contacts`.
    ways : sequence of str
        "none", "measured", and names of `cl.data.rankings`.
    k : int
        pCREs per gene that a ranking gives.
    **reading
        missing, chrom_sizes, processes and progress of `cl.data.with_pcres`.

    Returns
    -------
    {way: Dataset}
        The frequency that a model's regulation step reads is what the way knows of contact: predicted or measured
        observed / expected, or else the power law of distance (`cl.data.contact_at`).

    Raises
    ------
    ChromolabError
        For an unknown way, or one for which `contact` or a column is missing.
    """
    ranked = rankings(table, contact)
    if unknown := [way for way in ways if way not in (NONE, MEASURED, *ranked)]:
        raise ChromolabError(f"no way {unknown[0]!r} to find pCREs; there are {', '.join([NONE, MEASURED, *ranked])}")
    made = {}
    for way in ways:
        if way in (NONE, MEASURED):
            made[way] = dataset if way == MEASURED else dataset.without_contacts()
            continue
        known = [ranked[name] for name in ("sequence", MEASURED) if way.startswith(name)]
        frequency = known[0] if known else contact_at(table["distance"])
        made[way] = with_pcres(dataset, best_candidates(table, ranked[way], frequency, k), tracks, **reading)
    return made


def compare_pcres(
    datasets: Mapping[str, Dataset],
    task: str = "regression",
    *,
    folds: Sequence[int] | None = None,
    seeds: Sequence[int] = (0, 1),
    done: pd.DataFrame | None = None,
    lrs: Sequence[float] = (3e-3,),
    options: Mapping | None = None,
    **recipe: Any,
) -> Iterator[dict]:
    """Train and score the same model with each way's pCREs, on every fold with every seed.

    Parameters
    ----------
    datasets : {name: Dataset}
        From `pcre_datasets`. One with motifs (`cl.data.with_motifs`) is read by a `MultiOmics`, the others by a
        `Chromoformer`, both of the shipped size.
    task : {"regression", "classification"}
    folds, seeds, done, lrs : as of `cl.compare.models.compare_models`
    options : mapping, optional
        Arguments of the networks beside the shipped sizes.
    **recipe
        epochs, patience and batch_size of `compare_models`.

    Yields
    ------
    dict
        What `compare_models` tells of a run; its `model` is the name of the dataset.

    Raises
    ------
    ChromolabError
        If the datasets are not of the same examples, or as `compare_models` does.
    """
    first = next(iter(datasets.values()))
    places = ["gene_id", "cell_type", "fold"]
    if odd := [name for name, ds in datasets.items() if not ds.genes[places].equals(first.genes[places])]:
        raise ChromolabError(f"{odd[0]}: other genes or folds than {[*datasets][0]} has; expected the same examples")
    for seed in seeds:
        for name, dataset in datasets.items():
            make = {name: _reader(dataset, SMALL | dict(options or {}))}
            one: dict[str, Any] = {"folds": folds, "seeds": [seed], "done": done, "lrs": lrs}
            yield from compare_models(dataset, make, task, **one, **recipe)


def _reader(dataset: Dataset, options: Mapping) -> Callable[[str, int], Model]:
    """Makes the model that reads all that a dataset holds."""
    if dataset.motifs is None:
        return lambda task, seed: Chromoformer(dataset.marks, task, seed=seed, **options)
    motifs = list(dataset.motifs.columns.drop(["cell_type", "chrom", "start", "end"]))
    return lambda task, seed: MultiOmics(dataset.marks, task, motifs=motifs, seed=seed, **options)


def shares(runs: pd.DataFrame, score: str = "r2", whole: str = MEASURED, nothing: str = NONE) -> pd.DataFrame:
    """What each way's pCREs bring above none, pair by pair, and as a share of what measured ones bring.

    Parameters
    ----------
    runs : DataFrame
        Rows of `compare_pcres`, of one dataset and task.
    score : str
    whole, nothing : str
        The ways that stand for 1 and 0.

    Returns
    -------
    DataFrame
        name, value (difference of the score), low and high (95 % t interval over folds), p, higher, pairs, and share:
        NaN where the interval of `whole` holds 0: of nothing there is no share. `cl.plot.compare` draws it.

    Raises
    ------
    ChromolabError
        As `cl.metrics.paired`; or if there are no runs of `whole`.
    """
    if whole not in set(runs["model"]):
        raise ChromolabError(f"no runs of {whole!r}; there are {', '.join(runs['model'].unique())}")
    found = paired(runs, score, nothing).rename(columns={"difference": "value"}).set_index("name")
    of = found.loc[whole]
    share = found["value"] / of["value"] if of["low"] > 0 else np.nan
    return found.assign(share=share)[["value", "low", "high", "p", "higher", "pairs", "share"]].reset_index()
