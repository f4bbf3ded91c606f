"""How much of contact can be foretold from letters: beyond distance, on chromosomes that training did not see.

Most of what a contact map shows is distance, and anything that knows the distance predicts it. So the fall with
distance is the offset of each model, and is taken out of the truth before they are held against each other.
"""

from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from chromolab.data.sequence.composition import share_of_gc
from chromolab.data.sequence.motifs import Motif
from chromolab.data.sequence.pairs import expected_at, fall_with_distance, pairs_of
from chromolab.data.sequence.sites import motif_sites
from chromolab.errors import ChromolabError
from chromolab.learn.letters.contacts import THRESHOLD, SequenceContacts, fit_contacts

BENDS = 5  # powers of log distance that are taken out
VARIANTS = ("distance", "CTCF", "CTCF and G+C", "CTCF, strands shuffled", "CTCF, sites shifted")
CONTROLS = {"CTCF, strands shuffled": "strand", "CTCF, sites shifted": "place"}


def beyond_distance(values: ArrayLike, distance: ArrayLike) -> np.ndarray:
    """What of values (pairs,) is left when a curve of log10 distance (five powers) is taken out, (pairs,)."""
    log = np.log10(np.maximum(np.asarray(distance, np.float64), 1))
    log = (log - log.mean()) / max(log.std(), 1e-9)
    powers = np.stack([log**k for k in range(BENDS + 1)], 1)
    values = np.asarray(values, np.float64)
    return values - powers @ np.linalg.lstsq(powers, values, rcond=None)[0]


def partial_r(guess: ArrayLike, truth: ArrayLike, distance: ArrayLike) -> float:
    """Pearson's r of guess and truth (pairs,), distance (bp) taken out of both; NaN where one of them is constant."""
    a, b = beyond_distance(guess, distance), beyond_distance(truth, distance)
    if min(a.std(), b.std()) < 1e-9:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def deviance_explained(log_rate: ArrayLike, count: ArrayLike, expected: ArrayLike) -> float:
    """Share of the Poisson deviance of counts, given distance, that rates explain; both are brought to one total."""
    count, expected = (np.asarray(v, np.float64) for v in (count, expected))

    def deviance(mean: np.ndarray) -> float:
        mean = mean * count.sum() / mean.sum()
        gain = np.where(count > 0, count * np.log(np.where(count > 0, count, 1) / mean), 0)
        return float(2 * (gain - (count - mean)).sum())

    return 1 - deviance(expected * np.exp(np.asarray(log_rate, np.float64))) / deviance(expected)


def score_contacts(model: SequenceContacts, counts: pd.DataFrame, **known: np.ndarray) -> dict[str, float]:
    """Score contacts foretold from letters on counts of pairs, as a rule those of held-out chromosomes.

    Parameters
    ----------
    model : SequenceContacts
    counts : DataFrame
        As `fit_contacts` takes it.
    **known : array (pairs,)
        True rates to compare with, such as those of the teaching genome's key; scored as the model is.

    Returns
    -------
    dict
        pairs; partial_r and deviance of the model (`partial_r` with ln(1 + observed / expected), and
        `deviance_explained`), and of each known rate "partial_r NAME" and "deviance NAME".
    """
    distance, count = counts["distance"].to_numpy(), counts["count"].to_numpy()
    expected = expected_at(distance, model.fall)
    truth = np.log1p(count / expected)
    told: dict[str, float] = {"pairs": len(counts)}
    rates = {"": model.predict(counts)}
    for name, rate in known.items():  # what a rate tells by distance alone is taken out, as counts are held to it
        rates[f" {name}"] = np.log(rate / expected_at(distance, fall_with_distance(distance, rate)))
    for name, log in rates.items():
        told[f"partial_r{name}"] = partial_r(log, truth, distance)
        told[f"deviance{name}"] = deviance_explained(log, count, expected)
    return told


def places_of(counts: pd.DataFrame) -> pd.DataFrame:
    """Each place of a table of pairs once: chrom, start, end."""
    names = ["chrom", "start", "end"]
    ends = [counts[[f"{name}{i}" for name in names]].set_axis(names, axis=1) for i in (1, 2)]
    return pd.concat(ends).drop_duplicates(ignore_index=True)


def standard(values: ArrayLike) -> np.ndarray:
    """Values minus their mean, over their standard deviation; 0 where all are alike."""
    values = np.asarray(values, np.float64)
    return (values - values.mean()) / max(values.std(), 1e-12)


def control_sites(sites: pd.DataFrame, what: str, seed: int = 0) -> pd.DataFrame:
    """Sites that say less: each with the strand of another ("strand"), or all of a chromosome moved ("place").

    They are moved by one drawn length, around the chromosome's end, so that how they stand to one another stays.
    """
    rng, sites = np.random.default_rng(seed), sites.copy()
    if what == "strand":
        sites["strand"] = rng.permutation(sites["strand"].to_numpy())
        return sites
    if what != "place":
        raise ChromolabError(f"no control of sites is called {what!r}; expected 'strand' or 'place'")
    width = sites["end"] - sites["start"]
    last = sites.groupby("chrom")["end"].transform("max")
    moved = {chrom: rng.uniform(0.2, 0.8) for chrom in sites["chrom"].unique()}
    sites["start"] = (sites["start"] + (sites["chrom"].map(moved) * last).astype(np.int64)) % last
    sites["end"] = sites["start"] + width
    return sites


def compare_contacts(
    counts: pd.DataFrame,
    fasta: str | PathLike[str],
    motif: Motif,
    folds: Mapping[int, Sequence[str]],
    variants: Sequence[str] = VARIANTS,
    *,
    hold: Sequence[int] | None = None,
    seeds: Sequence[int] = (0, 1),
    known: Mapping[str, np.ndarray] | None = None,
    features: pd.DataFrame | None = None,
    threshold: float = THRESHOLD,
    done: pd.DataFrame | None = None,
    **training: Any,
) -> Iterator[dict]:
    """Train and score variants on the chromosomes of every fold, with every seed, one row after another.

    Parameters
    ----------
    counts : DataFrame
        As `fit_contacts` takes it, of all chromosomes.
    fasta, motif : the genome, and CTCF's motif
    folds : {fold: chromosomes}
        Each is held out once; training is on those of all others.
    variants : of `VARIANTS`, and "CTCF and features"
        "distance" is the offset alone, which needs no training, "CTCF" reads the motif's sites, "CTCF and G+C" the
        share of G and C in 200 kb about each place, too, "CTCF and features" what `features` holds. Two controls: the
        sites with their strands shuffled, or shifted along their chromosome.
    hold : list of int, optional
        The folds to hold out; default all.
    seeds : list of int
        Of the order of pairs, of the controls, and of initial weights.
    known : {name: rates (pairs of counts,)}, optional
        True rates to compare with: see `score_contacts`.
    features : DataFrame, optional
        chrom, start, end and numbers about each place.
    threshold : float
        The largest p of a site.
    done : DataFrame, optional
        Rows of an earlier call; they are not made again.
    **training
        Passed to `fit_contacts`.

    Yields
    ------
    dict
        model, fold, seed, what `score_contacts` tells of the held-out chromosomes, and what each pair of directions of
        two sites adds: convergent, divergent, tandem (mean of the two).

    Raises
    ------
    ChromolabError
        For an unknown variant, and as `fit_contacts` does.
    """
    features_variant = "CTCF and features"
    if unknown := [v for v in variants if v not in (*VARIANTS, features_variant)]:
        raise ChromolabError(f"no variant {unknown[0]!r}; there are {', '.join(VARIANTS)} and {features_variant}")
    if features_variant in variants and features is None:
        raise ChromolabError(f"{features_variant}: no features were given")
    sites = motif_sites(fasta, motif, threshold=threshold)
    have = set() if done is None else set(zip(done["model"], done["fold"], done["seed"], strict=True))
    places = places_of(counts)
    gc = None
    for seed in seeds:
        for name in variants:
            if name == "CTCF and G+C" and gc is None:
                gc = places.assign(gc=standard(share_of_gc(fasta, places)))
            read = {"CTCF and G+C": gc, features_variant: features}.get(name)
            own = control_sites(sites, CONTROLS[name], seed) if name in CONTROLS else sites
            own = sites.iloc[:0] if name == "distance" else own
            for fold, held in folds.items():
                if (name, fold, seed) in have or fold not in (folds if hold is None else hold):
                    continue
                train = [c for other, chroms in folds.items() if other != fold for c in chroms]
                about: Any = dict(features=read, sites=own, seed=seed, threshold=threshold) | training
                model = fit_contacts(counts, fasta, motif, train, **about)
                rows = counts["chrom1"].isin(list(held)).to_numpy()
                true = {k: np.asarray(v)[rows] for k, v in (known or {}).items()}
                facing = model.head.orientation if len(own) else dict.fromkeys(("> >", "> <", "< >", "< <"), np.nan)
                yield {
                    "model": name,
                    "fold": fold,
                    "seed": seed,
                    **score_contacts(model, counts[rows].reset_index(drop=True), **true),
                    "convergent": facing["> <"],
                    "divergent": facing["< >"],
                    "tandem": (facing["> >"] + facing["< <"]) / 2,
                }


def facing(table: pd.DataFrame, sites: pd.DataFrame, reach: int = 10_000) -> pd.DataFrame:
    """Which way the sites of joined places look.

    Parameters
    ----------
    table : DataFrame
        chrom1, start1, end1, chrom2, start2, end2 (bp): loops, or any pairs.
    sites : DataFrame
        chrom, start, end, strand ("+" or "-").
    reach : int
        bp from a place's middle within which a site is its own.

    Returns
    -------
    DataFrame
        directions ("> <": the left site reads forward, the right one backward; "> >", "< <", "< >"), pairs and share,
        of the pairs whose two places each have sites of one direction alone.

    Raises
    ------
    ChromolabError
        As `chromolab.data.sequence.pairs.pairs_of` does, or if there is no such pair.
    """
    pairs = pairs_of(table, sites.assign(score=0.0), reach=reach)
    has = (pairs.near >= 0).any(-1).numpy()  # (places, 2): a site that reads forward, backward
    left, right = has[pairs.left.numpy()], has[pairs.right.numpy()]
    one = (left.sum(1) == 1) & (right.sum(1) == 1)
    if not one.any():
        raise ChromolabError(
            f"none of {len(table)} pairs has sites of one direction within {reach:,} bp of both places"
        )
    names = [f"{'<' if a else '>'} {'<' if b else '>'}" for a, b in zip(left[one, 1], right[one, 1], strict=True)]
    count = pd.Series(names).value_counts().reindex(["> <", "> >", "< <", "< >"], fill_value=0)
    return pd.DataFrame({"directions": count.index, "pairs": count.to_numpy(), "share": count.to_numpy() / one.sum()})
