"""world/realism/windows: sums over promoter windows against slow computations, and depth on other scales."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.toys import toy_dataset
from scipy.stats import poisson

from chromolab.errors import ChromolabError
from chromolab.world.realism.signals import signal_figures, texture
from chromolab.world.realism.windows import CALLS, P_VALUE, as_p_values, look, neg_log10_p

MARKS = ("H3K4me1", "H3K4me3", "H3K36me3")


def some(missing=False, genes=24, cells=("a", "b"), **changes):
    """Genes of two cell types whose windows are 40 kb; TSSs off the grid of bins."""
    dataset = toy_dataset(genes=genes, marks=MARKS, window=40_000, missing=missing)
    table = dataset.genes.assign(cell_type=np.resize(cells, genes), tss=dataset.genes["tss"] + 37, **changes)
    return replace(dataset, genes=table)


def at(dataset, scale="depth", convert=False):
    return look(dataset, np.arange(len(dataset)) % 4, scale, convert=convert)


@pytest.mark.parametrize("missing", [False, True])
def test_texture_is_that_of_a_slow_computation(missing):
    dataset = some(missing)
    found, expected = texture(at(dataset)), {}
    for cell in ("a", "b"):
        depth = dataset.select((dataset.genes["cell_type"] == cell).to_numpy()).promoter_depth(100)
        x = np.log1p(depth.astype(np.float64))
        x[np.isnan(x).any(2)] = np.nan
        flat = x.reshape(-1, len(MARKS))
        flat = flat[~np.isnan(flat).any(1)]
        r = np.corrcoef(flat.T)
        expected.setdefault(("correlation of marks, depth", "H3K4me1, H3K36me3"), []).append(r[0, 2])
        for lag in (1, 2, 10):
            pairs = [
                (g[t, 1] - flat[:, 1].mean()) * (g[t + lag, 1] - flat[:, 1].mean()) for g in x for t in range(400 - lag)
            ]
            value = np.nanmean(pairs) / flat[:, 1].var()
            expected.setdefault((f"autocorrelation at {lag * 100} bp, depth", "H3K4me3"), []).append(value)
    for row, values in expected.items():
        assert found[row] == pytest.approx(np.mean(values), abs=1e-6), row


def test_examples_can_be_taken_afterwards():
    dataset = some(missing=True)
    rows = np.arange(24) % 5 > 0
    first, later = signal_figures(at(dataset.select(rows))), signal_figures(at(dataset).take(rows))
    assert first.keys() == later.keys() and len(first) > 25
    for row in first:
        assert later[row] == pytest.approx(first[row], abs=2e-3, rel=2e-3, nan_ok=True), row


def test_stripes_of_200_bp_are_seen_off_the_grid_only():
    dataset = some()
    figure = "power at 200 bp over its neighbours"
    even = signal_figures(at(dataset))
    assert all(0.7 < even[figure, mark] < 1.4 for mark in MARKS)
    bins = np.concatenate([np.arange(n) for n in np.diff(dataset.signal.offsets)])
    striped = dataset.signal.depth.copy()
    striped[bins % 2 == 0, 1] += 1
    dataset = replace(dataset, signal=replace(dataset.signal, depth=striped, cache={}))
    table = signal_figures(at(dataset))
    assert table[figure, "H3K4me3"] > 10
    assert table[figure, "H3K4me1"] == even[figure, "H3K4me1"]
    on_grid = replace(dataset, genes=dataset.genes.assign(tss=dataset.genes["tss"] // 100 * 100))
    assert (figure, "H3K4me3") not in signal_figures(at(on_grid))


def test_other_windows_and_marks_are_refused():
    for dataset in (toy_dataset(marks=MARKS), toy_dataset(window=40_000)):
        with pytest.raises(ChromolabError, match="expected windows of 40,000 bp and some of H3K4me1"):
            at(dataset)


def test_calls_are_looked_at_in_bins_of_200_bp():
    table = texture(at(some(), CALLS))
    assert np.isnan(table["autocorrelation at 100 bp, calls", "H3K4me3"])
    assert np.isfinite(table["autocorrelation at 200 bp, calls", "H3K4me3"])


def test_p_values_are_those_of_poisson():
    counts = np.array([0.0, 1, 2, 5, 30])
    chance = 0.35 * 200 / 36
    expected = [0, *(-poisson.logsf(k - 1, chance) / np.log(10) for k in counts[1:])]
    assert neg_log10_p(counts) == pytest.approx(np.array(expected))
    assert neg_log10_p(np.array([1e4])) == 300
    even = np.full((1, 6, 1), 0.9)
    assert as_p_values(even) == pytest.approx(np.full((1, 6, 1), neg_log10_p(np.array([5.0]))[0]))


def test_depth_is_converted_before_it_is_measured():
    dataset = some()
    depth = dataset.promoter_depth(100)
    first = (dataset.genes["cell_type"] == "a").to_numpy()
    p = np.log1p(as_p_values(depth[first]))
    calls = neg_log10_p(dataset.promoter_depth(200)[first] * 200 / 36) > 4
    for scale, values in ((P_VALUE, p), (CALLS, calls)):
        found = texture(at(dataset.select(first), scale, convert=True))
        r = np.corrcoef(values[:, :, 0].ravel(), values[:, :, 1].ravel())[0, 1]
        assert found[f"correlation of marks, {scale}", "H3K4me1, H3K4me3"] == pytest.approx(r, abs=1e-5)
