"""Figures of genes, expression, contacts and causes, measured alike on simulated and real tables."""

from itertools import combinations

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score

from chromolab.world.realism.evidence import Evidence
from chromolab.world.realism.signals import Figures

NEIGHBOURS = 200_000  # bp between the TSSs of neighbours


def structure_figures(evidence: Evidence) -> Figures:
    """{(figure, detail): value} of all tables but the windows."""
    measures = {
        "contacts": _contacts,
        "pcres": _pcres,
        "pairs": _pairs,
        "genes": _genes,
        "expression": _expression,
        "at_tss": _at_tss,
    }
    table: Figures = {}
    for name, measure in measures.items():
        if (given := getattr(evidence, name)) is not None:
            table |= measure(given)
    if evidence.pairs is not None and evidence.contacts is not None:
        causes = (evidence.pairs["cause"] & (evidence.pairs["listed"] == 1)).sum()
        table["causes", "share of listed contacts"] = float(causes / evidence.contacts["pcres"].sum())
    return table


def _r(a: pd.Series | np.ndarray, b: pd.Series | np.ndarray) -> float:
    """Pearson's r of the rows where both are known; NaN without spread."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    known = np.isfinite(a) & np.isfinite(b)
    varies = known.sum() > 2 and np.ptp(a[known]) > 0 and np.ptp(b[known]) > 0
    return float(np.corrcoef(a[known], b[known])[0, 1]) if varies else np.nan


def _contacts(contacts: pd.DataFrame) -> Figures:
    by = [c for _, c in contacts.groupby("cell_type")]
    opened = [c[c["open"] == 1] for c in by]
    return {
        ("pCREs of a gene", "mean"): float(contacts["pcres"].mean()),
        ("pCREs of a gene", "genes without"): float((contacts["pcres"] == 0).mean()),
        ("number of pCREs against expression, r", "all genes"): float(
            np.mean([_r(c["pcres"], c["log2_expression"]) for c in by])
        ),
        ("number of pCREs against expression, r", "open promoters"): float(
            np.mean([_r(c["pcres"], c["log2_expression"]) for c in opened])
        ),
    }


def _pcres(pcres: pd.DataFrame) -> Figures:
    distance = {
        ("distance of pCREs, kb", f"{q} %"): float(np.percentile(pcres["distance"], q)) / 1000 for q in (10, 50, 90)
    }
    return distance | {("frequency of pCREs", "median"): float(pcres["frequency"].median())}


def _pairs(pairs: pd.DataFrame) -> Figures:
    causes = pairs[pairs["cause"]]
    bright = pairs[pairs["bright"]].groupby("element")["cause"].any()
    table: Figures = {
        ("causes", "share of bright elements that drive a gene"): float(bright.mean()),
        ("causes", "share of tested pairs"): float(pairs["cause"].mean()),
        ("causes", "within 20 kb of the TSS"): float((causes["distance"] <= 20_000).mean()),
        ("causes", "median distance, kb"): float(causes["distance"].median()) / 1000,
        ("causes", "its gene is the nearest"): float(causes["nearest"].mean()),
        ("causes", "median share of expression lost"): float(causes["lost"].median()),
    }
    rules = {
        "distance": -pairs["distance"],
        "H3K27ac": pairs["h3k27ac"],
        "H3K27ac / distance": pairs["h3k27ac"] / pairs["distance"].clip(lower=1),
        "ABC-like": np.sqrt(pairs["h3k27ac"] * pairs["h3k4me1"]) / pairs["distance"].clip(lower=1),
    }
    precision = {name: _precision(pairs["cause"], score) for name, score in rules.items()}
    table |= {("average precision for causes", name): value for name, value in precision.items()}
    table["average precision for causes", "distance minus H3K27ac"] = precision["distance"] - precision["H3K27ac"]
    table["average precision for causes", "H3K27ac / distance minus the better of both"] = precision[
        "H3K27ac / distance"
    ] - max(precision["distance"], precision["H3K27ac"])
    known = pairs[pairs["contact"].gt(0) & pairs["distance"].between(20_000, 500_000)]
    if len(known) and known["distance"].max() > known["distance"].min():
        table["decay of contact with distance", "slope of logarithms"] = float(
            np.polyfit(np.log(known["distance"]), np.log(known["contact"]), 1)[0]
        )
    return table


def _precision(cause: pd.Series, score: pd.Series) -> float:
    return float(average_precision_score(cause, score.fillna(score.min()))) if cause.any() else np.nan


def _genes(genes: pd.DataFrame) -> Figures:
    span = genes.groupby("part").agg(start=("start", "min"), end=("end", "max"))
    same = genes["chrom"].to_numpy()[1:] == genes["chrom"].to_numpy()[:-1]
    step = np.where(same, np.diff(genes["tss"]), np.inf)
    minus, plus = (genes["strand"] == "-").to_numpy()[:-1], (genes["strand"] == "+").to_numpy()[1:]
    length = (genes["end"] - genes["start"]) / 1000
    return {
        ("coding genes", "per Mb"): len(genes) / float((span["end"] - span["start"]).sum() / 1e6),
        ("coding genes", "another TSS within 40 kb"): float(_either_side(step <= 40_000).mean()),
        ("coding genes", "another TSS within 1 kb"): float(_either_side(step <= 1000).mean()),
        ("coding genes", "in a divergent pair within 1 kb"): float(_either_side((step <= 1000) & minus & plus).mean()),
        ("coding genes", "length, median, kb"): float(length.median()),
        ("coding genes", "length, 90 %, kb"): float(length.quantile(0.9)),
    }


def _either_side(step: np.ndarray) -> np.ndarray:
    """Whether a gene is at either end of a step that is true, (steps + 1,)."""
    return np.append(step, False) | np.append(False, step)


def _expression(expression: pd.DataFrame) -> Figures:
    cells = [c for c in expression if c.startswith("in ")]
    level = expression[cells]
    quartiles = level.quantile([0.25, 0.5, 0.75]).mean(axis=1)
    table: Figures = {("log2(RPKM + 1)", f"{q:.0%}".replace("%", " %")): float(v) for q, v in quartiles.items()}
    table["log2(RPKM + 1)", "exact zeros"] = float((level == 0).mean().mean())
    same = expression["chrom"].to_numpy()[1:] == expression["chrom"].to_numpy()[:-1]
    near = np.flatnonzero(same & (np.diff(expression["tss"]) < NEIGHBOURS))
    values = level.to_numpy()
    table["neighbours within 200 kb", "r of their expression"] = float(
        np.mean([_r(values[near, i], values[near + 1, i]) for i in range(len(cells))])
    )
    if len(cells) > 1:
        labels = level >= level.median()
        pairs = list(combinations(cells, 2))
        agree = [float((labels[a] == labels[b]).mean()) for a, b in pairs]
        r = [_r(level[a], level[b]) for a, b in pairs]
        table["label agreement of cell types", "lowest"], table["label agreement of cell types", "highest"] = (
            min(agree),
            max(agree),
        )
        table["r of cell types", "lowest"], table["r of cell types", "highest"] = min(r), max(r)
    return table


def _at_tss(at_tss: pd.DataFrame) -> Figures:
    return {
        ("PC1 against expression", "r"): _r(at_tss["pc1"], at_tss["log2_expression"]),
        ("CTCF at promoters", "share"): float(at_tss["ctcf"].mean()),
    }
