"""world/realism/signals: what one mark, one place and a linear model tell of expression."""

from dataclasses import replace

import numpy as np
from helpers.toys import toy_dataset

from chromolab.world.realism.signals import signal_figures
from chromolab.world.realism.windows import look

MARKS = ("H3K4me1", "H3K4me3", "H3K36me3")


def planted(mark, start, end, genes=160):
    """Genes whose expression is the depth of one mark from `start` to `end` bp downstream of the TSS."""
    dataset = toy_dataset(genes=genes, marks=MARKS, window=40_000)
    rng = np.random.default_rng(1)
    level = rng.gamma(2.0, 1.0, genes)
    depth = rng.poisson(2.0, dataset.signal.depth.shape).astype(np.float64)
    minus = (dataset.genes["strand"] == "-").to_numpy()
    for gene, first in enumerate(dataset.signal.offsets[:genes]):
        a, b = (200 - end // 100, 200 - start // 100) if minus[gene] else (200 + start // 100, 200 + end // 100)
        depth[first + a : first + b, MARKS.index(mark)] += 2 * level[gene]
    table = dataset.genes.assign(log2_expression=level, label=(level >= np.median(level)).astype(int))
    return replace(dataset, genes=table, signal=replace(dataset.signal, depth=depth, cache={}))


def figures(dataset):
    return signal_figures(look(dataset, np.zeros(len(dataset), int)))


def test_a_mark_behind_the_tss_tells_there_and_only_there():
    table = figures(planted("H3K36me3", 2000, 20_000))
    assert table["AUC of one mark 2 to 20 kb behind the TSS", "H3K36me3"] > 0.97
    assert table["AUC of one mark over 20 kb of the body", "H3K36me3"] > 0.97
    assert 0.35 < table["AUC of one mark at the TSS", "H3K36me3"] < 0.65
    assert 0.35 < table["AUC of one mark 2 to 20 kb behind the TSS", "H3K4me3"] < 0.65


def test_a_wide_window_helps_where_the_far_parts_tell():
    wide, narrow = figures(planted("H3K36me3", 5000, 10_000)), figures(planted("H3K4me3", 0, 1000))
    assert wide["linear model, r", "40 kb minus 2 kb"] > 0.3
    assert wide["linear model, r", "40 kb"] > 0.8
    assert narrow["linear model, r", "2 kb"] > 0.8
    assert abs(narrow["linear model, r", "40 kb minus 2 kb"]) < 0.05


def test_without_expression_nothing_is_said_of_it():
    dataset = planted("H3K36me3", 2000, 20_000)
    table = figures(replace(dataset, genes=dataset.genes.assign(log2_expression=np.nan, label=-1)))
    assert {name for name, _ in table} == {
        *(f"autocorrelation at {lag} bp, depth" for lag in (100, 200, 1000)),
        "correlation of marks, depth",
        "mean depth",
        "bins without a read",
    }
