"""Interpretation methods held against the answer key of the teaching genome: do they find the pCREs that matter?

The question is asked gene by gene: of the pCREs that a promoter touches, which ones drive it? A method ranks them by
the size of its score; the key says which change the gene's transcription by 0.05 (log2) or more when they are silenced.
Attention's shares, which add up to 1 in each gene, and gradients, which do not, are so compared on equal terms.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score

from chromolab.data.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.explain.tables import name_of, regions_of
from chromolab.learn.metrics import mean_interval

GENE = ["gene", "cell_type"]
MEASURES = ("average_precision", "top1", "sign")


def rivals(dataset: Dataset, mark: str = "H3K27ac") -> dict[str, pd.DataFrame]:
    """Rankings of each gene's pCREs that need no model; whoever explains a model should do better than these.

    Parameters
    ----------
    dataset : Dataset
        Any number of examples.
    mark : str

    Returns
    -------
    {name: DataFrame}
        "frequency" of the contact; "nearest", the distance from the TSS to the pCRE's middle, turned round; the mark,
        as its mean depth over the pCRE (the mean of stored bins); and frequency x mark. Each with gene, cell_type,
        region, score.
    """
    (column,) = dataset.mark_columns([mark])
    rows = []
    for example, gene in enumerate(dataset.genes.itertuples()):
        table = dataset.pcres(example)
        for region, p in zip(regions_of(dataset, example)[1:], table.itertuples(), strict=True):
            signal = float(np.nanmean(dataset.region_depth(p.region)[:, column].astype(np.float64)))
            away = abs((p.start + p.end) / 2 - gene.tss)
            rows.append((gene.gene_id, gene.cell_type, name_of(region), p.frequency, -away, signal))
    names = ["frequency", "nearest", mark]
    table = pd.DataFrame(rows, columns=[*GENE, "region", *names])
    table[f"frequency x {mark}"] = table["frequency"] * table[mark]
    places = table[[*GENE, "region"]]
    return {name: places.assign(score=table[name]) for name in [*names, f"frequency x {mark}"]}


def score_against_key(scores: pd.DataFrame, key, silencing: int | None = None) -> pd.DataFrame:
    """How well a method's scores tell a gene's causal pCREs from the others, gene by gene.

    Parameters
    ----------
    scores : DataFrame
        gene, cell_type, region, score, one row per pCRE (`by_region`); rows of the promoter window are passed over.
        pCREs are ranked by the size of the score, whatever its sign, where the method is signed.
    key : Key
        `world.key`.
    silencing : {1, -1}, optional
        The sign that turns a score into the change expected when the pCRE is silenced: 1 for `elements` and
        `contacts`, which are such changes; -1 for gradients, which say what a pCRE adds. None: the scores have no sign,
        and a larger one ranks higher.

    Returns
    -------
    DataFrame
        A row per gene in a cell type that has pCREs of both kinds: gene, cell_type, pcres (how many), prevalence (share
        of them that are causal), average_precision (area under precision and recall), top1 (1 where the pCRE ranked
        first is causal, a share where several tie), sign (share of its causal pCREs whose effect has the sign that the
        key gives; NaN without sign). A random ranking has top1 = prevalence on average; a method that calls every pCRE
        an enhancer has as many signs right as causes are enhancers, about nine in ten.

    Raises
    ------
    ChromolabError
        For scores of a gene that the key has no pCREs of, or that lack some of its pCREs.
    """
    truth = key.pcres.rename(columns={"gene_id": "gene"})
    region = truth["chrom"] + ":" + truth["start"].astype(str) + "-" + truth["end"].astype(str)
    truth = truth.assign(region=region, causal=~truth["decoy"])[[*GENE, "region", "causal", "effect"]]
    asked = scores[GENE].drop_duplicates()
    both = truth.merge(asked, on=GENE).merge(scores[[*GENE, "region", "score"]], on=[*GENE, "region"], how="left")
    if both["score"].isna().any() or both.empty:
        lost = both[both["score"].isna()].head(1)
        where = "none of these genes" if both.empty else f"{lost['gene'].iloc[0]}, {lost['region'].iloc[0]}"
        raise ChromolabError(
            f"scores and answer key do not meet: {where}; score every pCRE of world.dataset(), which has the key's"
        )
    size = both["score"].abs() if silencing else both["score"]
    both = both.assign(size=size, right=np.sign(both["score"]) * (silencing or np.nan) == np.sign(both["effect"]))
    rows = [
        _judge(name, one, silencing) for name, one in both.groupby(GENE, sort=False) if one["causal"].nunique() == 2
    ]
    return pd.DataFrame(rows, columns=[*GENE, "pcres", "prevalence", *MEASURES])


def _judge(name: tuple, one: pd.DataFrame, silencing) -> tuple:
    causal, size = one["causal"].to_numpy(), one["size"].to_numpy()
    first = causal[size == size.max()].mean()
    sign = one["right"][causal].mean() if silencing else np.nan
    return (*name, len(one), causal.mean(), average_precision_score(causal, size), first, sign)


def summarise(runs: Sequence[pd.DataFrame], rival: pd.DataFrame | None = None, draws: int = 1000) -> pd.DataFrame:
    """What `score_against_key` found for one method, over genes and over models that differ in their seed.

    Parameters
    ----------
    runs : sequence of DataFrame
        From `score_against_key`, one per model, of the same genes.
    rival : DataFrame, optional
        The same of another method: adds the gene-by-gene difference from its average precision.
    draws : int
        Bootstrap draws over genes (a gene's cell types together) and models.

    Returns
    -------
    DataFrame
        measure, value (mean), low, high (95 % interval), lowest_seed, highest_seed (means over genes), seeds, genes.
    """
    genes, rows = runs[0]["gene"].to_numpy(), []
    values = {measure: np.stack([run[measure] for run in runs]) for measure in ("prevalence", *MEASURES)}
    if rival is not None:
        values["average_precision less rival"] = values["average_precision"] - rival["average_precision"].to_numpy()
    for measure, found in values.items():
        known = np.isfinite(found).all(0)
        interval = mean_interval(found[:, known], genes[known], n=draws)
        seeds = found[:, known].mean(1) if known.any() else np.array([np.nan])
        rows.append((measure, *interval, seeds.min(), seeds.max(), len(runs), int(known.sum())))
    columns = ["measure", "value", "low", "high", "lowest_seed", "highest_seed", "seeds", "genes"]
    return pd.DataFrame(rows, columns=columns)
