"""Edits of CTCF sites drawn at random: what letters foretell of them, and what is true. All of it is simulated."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import ChangeMotif, motif
from chromolab.learn.letters.contacts import SequenceContacts
from chromolab.learn.metrics import bootstrap
from chromolab.learn.truth.letters import motif_effects
from chromolab.world.answers.causes import Causes
from chromolab.world.on_disk import World

KINDS = ("break", "flip", "insert")
FELT = 0.05  # ln(observed / expected): smaller true changes of a contact could not be measured


@dataclass(frozen=True, eq=False)
class ContactAgreement:
    """Foretold and true changes of contacts after edits of letters.

    Attributes
    ----------
    contacts : DataFrame
        A row for each edit and each contact of a gene with an element that truly changed: edit (its number), kind,
        site, gene_id, element_id, distance (bp), true and predicted (change of ln(observed / expected), true: mean over
        cell types).
    scores : DataFrame
        A row for each kind and one for "all kinds": edits, contacts, pearson_r and its interval (r_low, r_high; edits
        drawn again, each with its contacts), sign (share of contacts with the right sign among those that change by
        0.05 or more; s_low, s_high), error (mean absolute), and elsewhere (mean absolute change foretold of as many
        contacts within 1 Mb that do not change).
    """

    contacts: pd.DataFrame
    scores: pd.DataFrame

    def _repr_html_(self) -> str:
        return self.scores.round(2).to_html(index=False)


def sample_motif_edits(
    world: World, model: SequenceContacts, n: int = 200, chromosomes: list[str] | None = None, seed: int = 0
) -> list[ChangeMotif]:
    """Draw edits of CTCF sites: broken, flipped, and a strongest site written over a weak or absent one.

    Parameters
    ----------
    world : World
    model : SequenceContacts
        Its sites are those that may be broken or flipped: a laboratory knows no others.
    n : int
        Edits, the three kinds by turns.
    chromosomes : list of str, optional
        Where; default all.
    seed : int

    Returns
    -------
    list of ChangeMotif
        An inserted site stands where an anchor of the teaching genome reads it, about an anchor whose own site was weak
        (match 0.6 or less): letters elsewhere do nothing in this world, as `cl.truth.motif_effects` says.

    Raises
    ------
    ChromolabError
        If there are no such sites.
    """
    rng, sites = np.random.default_rng(seed), world.sites[world.sites["factor"] == "CTCF"]
    chosen = list(world.parameters.chrom_sizes) if chromosomes is None else chromosomes
    found = model.sites[["chrom", "start"]].merge(sites, on=["chrom", "start"])
    found = found[found["chrom"].isin(chosen)].reset_index(drop=True)
    weak = found[found["match"] <= 0.6]
    if found.empty or weak.empty:
        raise ChromolabError(f"no known CTCF site on {', '.join(chosen)}; expected strong and weak ones")
    edits: list[ChangeMotif] = []
    for i in range(n):
        kind = KINDS[i % len(KINDS)]
        pool = weak if kind == "insert" else found
        site = pool.iloc[int(rng.integers(len(pool)))]
        region = f"{site['chrom']}:{site['start']}-{site['end']}"
        strand = str(rng.choice(["+", "-"]))
        edits.append(motif(kind, region, model.motif.site(strand)) if kind == "insert" else motif(kind, region))
    return edits


def score_motif_edits(
    world: World, model: SequenceContacts, edits: list[ChangeMotif], causes: Causes | None = None, draws: int = 1000
) -> ContactAgreement:
    """Foretell the change of every contact that an edit truly changes, and score it.

    Parameters
    ----------
    world : World
    model : SequenceContacts
        From `fit_contacts`.
    edits : list of ChangeMotif
        Each is asked alone.
    causes : Causes, optional
        `world.causes()`, if it is at hand.
    draws : int
        Bootstrap draws over edits.

    Raises
    ------
    ChromolabError
        If no edit changes a contact, and as `cl.truth.motif_effects` does.
    """
    causes = world.causes() if causes is None else causes
    links = _links(causes)
    parts, rng = [], np.random.default_rng(0)
    for number, edit in enumerate(edits):
        true = motif_effects(world, [edit], causes).contacts
        changed = np.log(true["after"] / true["before"])
        changed = changed / len(world.cell_types)  # cell types where nothing changes count as 0
        of_pair = true.assign(true=changed).groupby(["gene_id", "element_id"], sort=False)["true"]
        true = of_pair.sum().reset_index()
        here = links[(links["chrom1"] == edit.chrom) & ((links["start1"] - edit.start).abs() < 1_000_000)]
        here = here.merge(true, on=["gene_id", "element_id"], how="left")
        still = np.flatnonzero(here["true"].isna())
        some = rng.choice(still, min(len(still), len(true)), replace=False)
        here = here[here["true"].notna() | np.isin(np.arange(len(here)), some)].fillna({"true": 0.0})
        if here.empty:
            continue
        here = here.reset_index(drop=True)
        predicted = model.predict(here, [edit]) - model.predict(here)
        about: dict[str, Any] = {"edit": number, "kind": edit.kind, "site": edit.region}
        parts.append(here[["gene_id", "element_id", "distance", "true"]].assign(**about, predicted=predicted))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["true", "kind"])
    moved = table[table["true"] != 0].reset_index(drop=True)
    if moved.empty:
        raise ChromolabError(f"none of {len(edits)} edits changes a contact of a gene with an element")
    groups = [("all kinds", table), *table.groupby("kind", sort=False)]
    return ContactAgreement(moved, pd.DataFrame([{"kind": kind, **_scores(t, draws)} for kind, t in groups]))


def _links(causes: Causes) -> pd.DataFrame:
    """Every gene with every element in reach as a pair of fragments: the bait, and the element's."""
    links, genome, folding = causes.folding.links, causes.genome, causes.folding
    pair = folding.pairs.iloc[links["pair"]]
    names = ["chrom", "start", "end"]
    ends = [genome.fragments.iloc[pair[side]][names].reset_index(drop=True) for side in ("bait", "fragment")]
    table = pd.concat([end.add_suffix(str(i)) for i, end in enumerate(ends, 1)], axis=1)
    table["gene_id"] = genome.genes["gene_id"].to_numpy()[links["gene"]]
    table["element_id"] = genome.elements["element_id"].to_numpy()[links["element"]]
    return table.assign(distance=links["distance"].to_numpy())


def _scores(table: pd.DataFrame, draws: int) -> dict[str, float]:
    moved, still = table[table["true"] != 0], table[table["true"] == 0]
    true, guess, edit = (moved[c].to_numpy() for c in ("true", "predicted", "edit"))
    felt = np.abs(true) >= FELT
    r = s = (np.nan,) * 3
    if len(true) > 2 and true.std() > 0 and guess.std() > 0:
        r = bootstrap(_pearson, true, guess, n=draws, groups=edit)
    if felt.any():
        same = (np.sign(true) == np.sign(guess)).astype(float)
        s = bootstrap(lambda a: float(a.mean()), same[felt], n=draws, groups=edit[felt])
    return {
        "edits": moved["edit"].nunique(),
        "contacts": len(moved),
        "pearson_r": r[0],
        "r_low": r[1],
        "r_high": r[2],
        "sign": s[0],
        "s_low": s[1],
        "s_high": s[2],
        "error": float(np.abs(true - guess).mean()) if len(true) else np.nan,
        "elsewhere": float(still["predicted"].abs().mean()) if len(still) else np.nan,
    }


def _pearson(a: np.ndarray, b: np.ndarray) -> float:
    """Of two arrays; missing where a draw of edits leaves one of them constant."""
    return float(np.corrcoef(a, b)[0, 1]) if np.ptp(a) > 0 and np.ptp(b) > 0 else np.nan
