"""learn/truth/explanations: scores of pCREs judged by the answer key, against a slow judge; and rivals by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from helpers.toys import toy_dataset

import chromolab as cl


def toy_key(ds, seed=1):
    """A key for a toy dataset: some pCREs drive, up or down, by chance."""
    rng, rows = np.random.default_rng(seed), []
    for i in range(len(ds)):
        for p in ds.pcres(i).itertuples():
            effect = rng.choice([-0.4, 0.3, 0.01, 0.0])
            rows.append((ds.genes["gene_id"][i], "toy", p.chrom, p.start, p.end, effect, abs(effect) < 0.05))
    columns = ["gene_id", "cell_type", "chrom", "start", "end", "effect", "decoy"]
    return SimpleNamespace(pcres=pd.DataFrame(rows, columns=columns).drop_duplicates(columns[:5], ignore_index=True))


def scores_of(key, values):
    region = [f"{p.chrom}:{p.start}-{p.end}" for p in key.pcres.itertuples()]
    return pd.DataFrame({"gene": key.pcres["gene_id"], "cell_type": "toy", "region": region, "score": values})


def slowly(causal, size):
    """Area under precision and recall: the mean, over the causes, of the precision at the rank where each comes."""
    order = sorted(range(len(size)), key=lambda i: -size[i])
    hits, total = 0, 0.0
    for rank, i in enumerate(order, 1):
        if causal[i]:
            hits += 1
            total += hits / rank
    return total / hits, float(causal[order[0]])


@pytest.mark.parametrize("silencing", [None, 1, -1])
def test_against_a_slow_judge(silencing):
    ds = toy_dataset(genes=60, k=6)
    key = toy_key(ds)
    values = np.random.default_rng(0).standard_normal(len(key.pcres))
    got = cl.truth.score_explanations(scores_of(key, values), key, silencing).set_index("gene")
    seen = 0
    for gene, rows in key.pcres.assign(score=values).groupby("gene_id", sort=False):
        causal = (~rows["decoy"]).tolist()
        if len(set(causal)) < 2:
            assert gene not in got.index  # pCREs of one kind: nothing to tell apart
            continue
        score = rows["score"].tolist()
        precision, first = slowly(causal, [abs(s) for s in score] if silencing else score)
        one = got.loc[gene]
        assert (one["pcres"], one["prevalence"]) == (len(rows), sum(causal) / len(rows))
        np.testing.assert_allclose([one["average_precision"], one["top1"]], [precision, first])
        right = [s * (silencing or 1) * e > 0 for s, e, c in zip(score, rows["effect"], causal, strict=True) if c]
        assert one["sign"] == pytest.approx(np.mean(right)) if silencing else np.isnan(one["sign"])
        seen += 1
    assert seen == len(got) > 10


def test_the_truth_itself_is_perfect_and_ties_are_shared():
    key = toy_key(toy_dataset(genes=60, k=6))
    truth = cl.truth.score_explanations(scores_of(key, key.pcres["effect"]), key, 1)
    assert (truth[["average_precision", "top1", "sign"]] == 1).all(axis=None)
    turned = cl.truth.score_explanations(scores_of(key, key.pcres["effect"]), key, -1)
    assert (turned["average_precision"] == 1).all() and (turned["sign"] == 0).all()
    even = cl.truth.score_explanations(scores_of(key, 1.0), key)
    np.testing.assert_allclose(even["top1"], even["prevalence"])
    np.testing.assert_allclose(even["average_precision"], even["prevalence"])


def test_scores_and_key_must_meet():
    ds = toy_dataset(genes=30, k=6)
    key = toy_key(ds)
    scores = scores_of(key, 1.0)
    with pytest.raises(cl.ChromolabError, match="do not fit the answer key: G"):
        cl.truth.score_explanations(scores.iloc[1:], key)
    with pytest.raises(cl.ChromolabError, match="none of these genes"):
        cl.truth.score_explanations(scores.assign(gene="unknown"), key)
    window = scores.iloc[:1].assign(region="chr1:0-40000", score=9.0)
    judged = [cl.truth.score_explanations(s, key) for s in (scores, pd.concat([scores, window]))]
    pd.testing.assert_frame_equal(*judged)  # the promoter's own row is passed over


def test_rivals_by_hand():
    ds = toy_dataset(genes=8, k=3)
    rivals = cl.truth.rivals(ds, mark="B")
    assert list(rivals) == ["frequency", "nearest", "B", "frequency x B", "B / distance"]
    place = 0
    for i in range(len(ds)):
        for p in ds.pcres(i).itertuples():
            depth = ds.region_depth(p.region)[:, 1].mean()
            away = abs((p.start + p.end) / 2 - ds.genes["tss"][i])
            got = [table["score"].iloc[place] for table in rivals.values()]
            np.testing.assert_allclose(got, [p.frequency, -away, depth, p.frequency * depth, depth / away])
            assert rivals["B"]["region"].iloc[place] == f"{p.chrom}:{p.start}-{p.end}"
            place += 1
    assert all(len(table) == place for table in rivals.values())


def test_a_summary_is_means_over_genes_and_seeds():
    key = toy_key(toy_dataset(genes=60, k=6))
    rng = np.random.default_rng(2)
    runs = [cl.truth.score_explanations(scores_of(key, rng.standard_normal(len(key.pcres))), key, 1) for _ in range(3)]
    best = cl.truth.score_explanations(scores_of(key, key.pcres["effect"]), key, 1)
    table = cl.truth.summarise(runs, best, draws=50).set_index("measure")
    assert list(table.index) == ["prevalence", "average_precision", "top1", "sign", "average_precision minus rival"]
    each = [run["average_precision"].mean() for run in runs]
    row = table.loc["average_precision"]
    np.testing.assert_allclose(
        [row["value"], row["lowest_seed"], row["highest_seed"]], [np.mean(each), min(each), max(each)]
    )
    assert row["low"] < row["value"] < row["high"] and (row["seeds"], row["genes"]) == (3, len(best))
    np.testing.assert_allclose(table.loc["average_precision minus rival", "value"], np.mean(each) - 1)
    unsigned = cl.truth.summarise([cl.truth.score_explanations(scores_of(key, 1.0), key)], draws=5).set_index("measure")
    assert np.isnan(unsigned.loc["sign", "value"]) and unsigned.loc["sign", "genes"] == 0
