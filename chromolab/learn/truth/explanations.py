"""Compare interpretation methods with the answer key of the teaching genome: do they find the pCREs that matter?

The question is asked gene by gene: of the pCREs that a promoter touches, which ones drive it? A method ranks them by
the size of its score; the key says which are causes: silenced, they change the gene's transcription by 0.1 (log2) or
more and its log2(RPKM + 1) by 0.03 or more. Only ranks within a gene count, so attention, whose shares sum to 1 in each
gene, and gradients, which do not, compare on equal terms.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.explain.tables import name_of, regions_of
from chromolab.learn.metrics import mean_interval
from chromolab.world.answers.key import Key

GENE = ["gene", "cell_type"]
MEASURES = ("average_precision", "top1", "sign")


def rivals(dataset: Dataset, mark: str = "H3K27ac") -> dict[str, pd.DataFrame]:
    """Rankings of each gene's pCREs that need no model, for an explanation of a model to beat.

    Parameters
    ----------
    dataset : Dataset
        Any number of examples.
    mark : str
        Whose depth ranks the pCREs.

    Returns
    -------
    {name: DataFrame}
        "frequency": of the contact; "nearest": minus the distance (bp) from the TSS to the pCRE's middle; the mark's
        name: its mean depth over the pCRE (mean of the stored bins); "frequency x mark"; and "mark / distance":
        activity times the contact that distance alone gives. Each has the columns gene, cell_type, region, score.

    Raises
    ------
    ChromolabError
        If the dataset lacks the mark.
    """
    (column,) = dataset.mark_columns([mark])
    rows = []
    for example, gene in enumerate(dataset.genes.to_dict("records")):
        pcres = dataset.pcres(example).to_dict("records")
        for region, p in zip(regions_of(dataset, example)[1:], pcres, strict=True):
            signal = float(np.nanmean(dataset.region_depth(p["region"])[:, column].astype(np.float64)))
            distance = abs((p["start"] + p["end"]) / 2 - gene["tss"])
            rows.append((gene["gene_id"], gene["cell_type"], name_of(region), p["frequency"], -distance, signal))
    names = ["frequency", "nearest", mark]
    table = pd.DataFrame(rows, columns=[*GENE, "region", *names])
    table[f"frequency x {mark}"] = table["frequency"] * table[mark]
    table[f"{mark} / distance"] = table[mark] / (-table["nearest"]).clip(lower=1)
    places = table[[*GENE, "region"]]
    return {name: places.assign(score=table[name]) for name in table.columns.drop([*GENE, "region"])}


def score_explanations(scores: pd.DataFrame, key: Key, silencing: int | None = None) -> pd.DataFrame:
    """How well a method's scores tell a gene's causal pCREs from the others, gene by gene.

    Parameters
    ----------
    scores : DataFrame
        gene, cell_type, region, score, one row per pCRE (`by_region`); rows of the promoter window are ignored. If the
        method is signed, pCREs are ranked by the absolute value of the score.
    key : Key
        `world.key`.
    silencing : {1, -1}, optional
        The sign that turns a score into the expected change when the pCRE is silenced: 1 for `elements` and
        `contacts`, whose scores are such changes; -1 for gradients, which say what a pCRE adds. None: the scores have
        no sign, and larger scores rank higher.

    Returns
    -------
    DataFrame
        A row per gene and cell type with both causal and other pCREs: gene, cell_type, pcres (how many), prevalence
        (share of them that are causal), average_precision (area under the precision-recall curve), top1 (1 if the pCRE
        ranked first is causal; a share if several tie), sign (share of its causal pCREs whose score has the sign that
        the key gives; NaN without signs). A random ranking has top1 = prevalence on average. A method that calls every
        pCRE an enhancer has as many signs right as causal pCREs are enhancers: most of them.

    Raises
    ------
    ChromolabError
        If none of the scored genes is in the key, or if the scores lack a pCRE of a gene.
    """
    truth = key.pcres.rename(columns={"gene_id": "gene"})
    region = truth["chrom"] + ":" + truth["start"].astype(str) + "-" + truth["end"].astype(str)
    truth = truth.assign(region=region, causal=~truth["decoy"])[[*GENE, "region", "causal", "effect"]]
    scored_genes = scores[GENE].drop_duplicates()
    both = truth.merge(scored_genes, on=GENE).merge(
        scores[[*GENE, "region", "score"]], on=[*GENE, "region"], how="left"
    )
    if both["score"].isna().any() or both.empty:
        if both.empty:
            problem = "it has none of these genes"
        else:
            missing = both[both["score"].isna()].iloc[0]
            problem = f"{missing['gene']} has no score for {missing['region']}"
        raise ChromolabError(f"the scores do not fit the answer key: {problem}; score every pCRE of world.dataset()")
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
    """Mean scores of one method over genes, and over models that differ in their seed.

    Parameters
    ----------
    runs : sequence of DataFrame
        From `score_explanations`, one per model, all of the same genes.
    rival : DataFrame, optional
        A result of another method for the same genes: adds the difference in average precision, gene by gene.
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
        values["average_precision minus rival"] = values["average_precision"] - rival["average_precision"].to_numpy()
    for measure, each in values.items():  # (models, genes)
        known = np.isfinite(each).all(0)
        interval = mean_interval(each[:, known], genes[known], n=draws)
        seeds = each[:, known].mean(1) if known.any() else np.array([np.nan])
        rows.append((measure, *interval, seeds.min(), seeds.max(), len(runs), int(known.sum())))
    columns = ["measure", "value", "low", "high", "lowest_seed", "highest_seed", "seeds", "genes"]
    return pd.DataFrame(rows, columns=columns)
