"""Is the whole gene worth reading? Against a window, against the length alone, and with parts of the position out.

What reads a whole gene learns its length, too, and length alone tells something of expression in real cells. So the
rival is not only the window: it is the window and the length. Folds, seeds, early stopping and recipe are the same.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from chromolab.data.bodies.whole_genes import UPSTREAM, body_of, gene_length
from chromolab.data.dataset.batches import features_of
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn import metrics
from chromolab.learn.compare.controls import Linear
from chromolab.learn.compare.models import LINEAR, SMALL, TRIES, compare_models, guess_of
from chromolab.models.chromoformer import Chromoformer
from chromolab.models.wholegene import POSITIONS, WholeGene

LONG = 20_000  # bp: a longer gene does not fit into a window of 40 kb about its TSS
PLACES = ("gene", "last third", "exons", "introns")


def gene_means(dataset: Dataset, places: Sequence[str] = ("gene", "last third")) -> pd.DataFrame:
    """ln(1 + mean depth) of every mark in parts of each whole gene; of other tracks, what models read.

    Parameters
    ----------
    dataset : Dataset
        With whole genes.
    places : of "gene" (from the TSS to the end), "last third", "exons" and "introns"
        Exons and introns by their share of each stored bin.

    Returns
    -------
    DataFrame (examples, places x marks)
        Columns "mark place". A mean leaves out bins without data; a place without any gets the mean over genes.

    Raises
    ------
    ChromolabError
        If the dataset holds no whole genes, or for an unknown place.
    """
    if unknown := set(places) - set(PLACES):
        raise ChromolabError(f"unknown place {sorted(unknown)[0]!r}; expected some of {', '.join(PLACES)}")
    body, length, signal, size = body_of(dataset), gene_length(dataset.genes), dataset.signal, dataset.bin_size
    reverse = (dataset.genes["strand"] == "-").to_numpy()
    exonic = dict(_exonic_bases(dataset)) if {"exons", "introns"} & set(places) else {}
    out = np.full((len(dataset), len(places), len(dataset.marks)), np.nan)
    known = signal.cache.setdefault("gene means", {})  # a linear model asks for them again and again
    for i, region in enumerate(body):
        key = (int(region), int(length[i]), tuple(places))
        if key in known:
            out[i] = known[key]
            continue
        depth = signal.depth[signal.offsets[region] : signal.offsets[region + 1]].astype(np.float64)
        start = np.arange(len(depth)) * size - UPSTREAM  # along the gene, of bins from 5' to 3'
        depth = depth[::-1] if reverse[i] else depth
        inside = np.clip(np.minimum(start + size, length[i]) - np.maximum(start, 0), 0, None).astype(float)
        exon = np.minimum(exonic.get(i, np.zeros(len(depth))), inside)
        bases = {"gene": inside, "last third": inside * (start >= 2 * length[i] / 3)}
        bases |= {"exons": exon, "introns": inside - exon}
        for p, place in enumerate(places):
            weight = np.where(np.isnan(depth), 0, bases[place][:, None])
            total = weight.sum(0)
            sums = (np.nan_to_num(depth) * weight).sum(0)
            out[i, p] = np.divide(sums, total, out=np.full(len(total), np.nan), where=total > 0)
        known[key] = out[i]
    tables = []
    for p, place in enumerate(places):
        read = features_of(torch.from_numpy(out[:, p].copy()), dataset.marks, dataset.transforms).numpy()
        table = pd.DataFrame(read, columns=[f"{mark} {place}" for mark in dataset.marks])
        tables.append(table.fillna(table.mean()))
    return pd.concat(tables, axis=1)


def _exonic_bases(dataset: Dataset) -> Iterator[tuple[int, np.ndarray]]:
    """(example, exonic bases of each stored bin of its gene, 5' to 3') of the genes whose exons are known."""
    by_gene = {} if dataset.exons is None else dict(tuple(dataset.exons.groupby("gene_id")))
    start, end = dataset.signal.regions[["start", "end"]].to_numpy().T
    body = body_of(dataset)
    for i, (gene, strand) in enumerate(zip(dataset.genes["gene_id"], dataset.genes["strand"], strict=True)):
        if gene not in by_gene:
            continue
        first, last = start[body[i]], end[body[i]]
        edges = np.arange(first, last + 1, dataset.bin_size)
        exons = by_gene[gene][["start", "end"]].to_numpy().clip(first, last)
        size = exons[:, 1] - exons[:, 0]
        before = np.stack([np.cumsum(size) - size, np.cumsum(size)], 1).ravel()
        bases = np.diff(np.interp(edges, exons.ravel(), before))
        yield i, bases[::-1] if strand == "-" else bases


class WindowAndLength(Linear):
    """The linear control, and the logarithm of the gene's length beside the window means."""

    def features(self, dataset: Dataset) -> pd.DataFrame:
        """Its input for each example."""
        return super().features(dataset).assign(length=np.log10(gene_length(dataset.genes)))


class WindowAndGene(WindowAndLength):
    """The linear control, with the length and the means over the whole gene and its last third."""

    def features(self, dataset: Dataset) -> pd.DataFrame:
        """Its input for each example."""
        return pd.concat([super().features(dataset), gene_means(dataset)], axis=1)


class LengthStep(nn.Module):
    """Says of a gene how long it is, and nothing else."""

    def __init__(self, width: int):
        super().__init__()
        self.read = nn.Linear(1, width)

    def forward(self, gene: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """A batch's genes -> (B, D), and no attention."""
        length = (gene["length"][:, None] / 25_000).log()
        return self.read(length).relu(), length.new_zeros(len(length), 1, 0)


class LengthOnly(WholeGene):
    """A `WholeGene` that is told the gene's length in place of the gene: the control of the whole gene."""

    def gene_step(self) -> nn.Module:
        """The layers that read the length."""
        return LengthStep(self.shape.width)


def variants(dataset: Dataset, **options: Any) -> dict[str, Callable]:
    """{name: function(task, seed) -> model} of everything that is compared, each for this dataset's marks.

    "linear: window", "linear: and length", "linear: and whole gene"; "window" is the Chromoformer of 40 kb, "window and
    length" is told the length, too; "whole gene" and, for each of `POSITIONS`, "whole gene without ..."; "whole gene,
    hidden" is the same model in which all bins beyond 24 kb are hidden. `options` go to the networks.
    """
    small: dict[str, Any] = SMALL | options
    make: dict[str, Callable] = {
        "linear: window": lambda task, seed: Linear(task),
        "linear: and length": lambda task, seed: WindowAndLength(task),
        "linear: and whole gene": lambda task, seed: WindowAndGene(task),
        "window": partial(_network, Chromoformer, dataset.marks, small),
        "window and length": partial(_network, LengthOnly, dataset.marks, small),
        "whole gene": partial(_network, WholeGene, dataset.marks, small),
        "whole gene, hidden": partial(_network, WholeGene, dataset.marks, small | {"reach": UPSTREAM}),
    }
    for name in POSITIONS:
        kept = small | {"positions": tuple(p for p in POSITIONS if p != name)}
        make[f"whole gene without {name}"] = partial(_network, WholeGene, dataset.marks, kept)
    return make


def _network(kind: Callable, marks: Sequence[str], options: Mapping, task: str, seed: int) -> Any:
    return kind(marks, task, seed=seed, **options)


def compare_whole_genes(
    dataset: Dataset,
    names: Sequence[str],
    task: str = "regression",
    *,
    folds: Sequence[int] | None = None,
    seeds: Sequence[int] = (0, 1),
    done: pd.DataFrame | None = None,
    lrs: Sequence[float] = (3e-3,),
    options: Mapping | None = None,
    **recipe: Any,
) -> Iterator[dict]:
    """Train and score variants on every fold with every seed, and among short and long genes apart.

    Parameters
    ----------
    dataset : Dataset
        With whole genes.
    names : sequence of str
        Of `variants`.
    task : {"regression", "classification"}
    folds, seeds, done, lrs : as of `cl.compare.models.compare_models`
    options : mapping, optional
        Arguments of the networks beside the shipped sizes.
    **recipe
        epochs, patience and batch_size of `compare_models`.

    Yields
    ------
    dict
        What `compare_models` tells of a run, and the same score (r2 or auc) among genes up to and beyond 20 kb:
        short, long, n_long.

    Raises
    ------
    ChromolabError
        For an unknown variant, or a dataset without whole genes.
    """
    body_of(dataset)
    make = variants(dataset, **(options or {}))
    if unknown := [name for name in names if name not in make]:
        raise ChromolabError(f"no variant {unknown[0]!r}; there are {', '.join(make)}")
    apart: dict[str, float] = {}

    def truth_and_guess(model: Any, test: Dataset) -> tuple[np.ndarray, np.ndarray]:
        truth, guess = metrics.truth_of(test, task), guess_of(model, test)
        long, score = gene_length(test.genes) > LONG, "auc" if task == "classification" else "r2"
        for name, rows in (("short", ~long), ("long", long)):
            apart[name] = metrics.score(truth[rows], guess[rows], task)[score] if rows.sum() > 1 else np.nan
        apart["n_long"] = int(long.sum())
        return truth, guess

    for seed in seeds:
        for name in names:
            linear = name.startswith(LINEAR)
            if linear and seed != seeds[0]:
                continue  # it has no seed
            tries = TRIES[LINEAR] if linear else lrs
            one: dict[str, Any] = {"folds": folds, "seeds": [seed], "done": done, "lrs": tries} | recipe
            for row in compare_models(dataset, {name: make[name]}, task, truth_and_guess=truth_and_guess, **one):
                yield row | apart


def gains(runs: pd.DataFrame, against: str, score: str = "r2") -> pd.DataFrame:
    """What each variant scores above another, pair by pair, among all, short and long genes.

    Parameters
    ----------
    runs : DataFrame
        Rows of `compare_whole_genes`, of one dataset and task.
    against : str
        A variant. Variants of which there are other folds or seeds are compared on the pairs that both have.
    score : str
        For all genes; short and long genes have the columns of these names.

    Returns
    -------
    DataFrame
        name (the variant), group ("all genes", "up to 20 kb", "beyond 20 kb"), value, low and high (95 % t interval
        over folds), p, higher and pairs: `cl.plot.compare` draws it.

    Raises
    ------
    ChromolabError
        As `cl.metrics.paired`.
    """
    rows = []
    for name in dict.fromkeys(runs["model"]):
        if name == against:
            continue
        two = runs[runs["model"].isin([name, against])]
        both = two.groupby(["fold", "seed"])["model"].transform("size") == 2
        for column, group in ((score, "all genes"), ("short", "up to 20 kb"), ("long", "beyond 20 kb")):
            if not both.any():
                continue
            found = metrics.paired(two[both], column, against, n=1).iloc[0]
            row = {"name": name, "group": group, "value": found["difference"], "low": found["low"]}
            rows.append(row | {"high": found["high"]} | {k: found[k] for k in ("p", "higher", "pairs")})
    return pd.DataFrame(rows)
