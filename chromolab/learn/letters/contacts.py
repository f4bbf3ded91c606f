"""From letters to contacts: a motif's sites are found, a head is trained on counts, and edits of letters are asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd
import torch

from chromolab.data.intervals import require_columns
from chromolab.data.sequence.motifs import Motif
from chromolab.data.sequence.pairs import ENDS, REACH, Pairs, expected_at, fall_with_distance, pairs_of
from chromolab.data.sequence.sites import motif_sites
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import ChangeMotif
from chromolab.learn.edit.letters import edited_letters
from chromolab.models.sequence.contacts import ContactHead

THRESHOLD = 1e-6  # p of a site: some 200 by chance in 100 Mb


@dataclass(frozen=True, eq=False)
class SequenceContacts:
    """Contacts foretold from letters.

    Attributes
    ----------
    fasta : path
    motif : Motif
        Whose sites make loops: CTCF.
    sites : DataFrame
        From `cl.data.motif_sites`, of the whole genome.
    head : ContactHead
    fall : dict
        How counts fall with distance (`chromolab.data.sequence.pairs.fall_with_distance`).
    features : DataFrame or None
        chrom, start, end and a column per feature: what the head reads of a place beside its sites.
    reach : int
        bp within which a site is a place's own.
    threshold : float
        The largest p of a site.
    """

    fasta: str | PathLike[str]
    motif: Motif
    sites: pd.DataFrame
    head: ContactHead
    fall: dict
    features: pd.DataFrame | None = None
    reach: int = REACH
    threshold: float = THRESHOLD

    def pairs(self, table: pd.DataFrame, edits: Iterable[ChangeMotif] = ()) -> Pairs:
        """Pairs (chrom1 ... end2) as the head reads them, after edits of letters."""
        return pairs_of(table, self.edited_sites(edits), self.features, self.reach)

    @torch.no_grad()
    def predict(self, table: pd.DataFrame, edits: Iterable[ChangeMotif] = ()) -> np.ndarray:
        """ln(observed / expected) of pairs, (pairs,), as the letters are, or after edits of `cl.edits.motif`.

        Raises `ChromolabError` for what `pairs_of`, `cl.edits.on_sequence` and `cl.data.motif_sites` refuse.
        """
        return self.head(self.pairs(table, edits)).numpy().astype(np.float64)

    def edited_sites(self, edits: Iterable[ChangeMotif]) -> pd.DataFrame:
        """The sites of the genome after edits of letters: about each edit they are found anew."""
        edits = list(edits)
        if not edits:
            return self.sites
        width = len(self.motif)
        about = pd.DataFrame([(e.chrom, e.start - width + 1, e.end + width - 1) for e in edits])
        about.columns = pd.Index(["chrom", "start", "end"])
        about["start"] = about["start"].clip(lower=0)
        letters = edited_letters(self.fasta, about, edits)
        new = motif_sites(self.fasta, self.motif, about, self.threshold, letters=letters)
        gone = np.zeros(len(self.sites), bool)
        for place in about.itertuples():
            inside = (self.sites["start"] >= place.start) & (self.sites["end"] <= place.end)
            gone |= ((self.sites["chrom"] == place.chrom) & inside).to_numpy()
        kept = pd.concat([self.sites[~gone], new], ignore_index=True)
        return kept.drop_duplicates(["chrom", "start", "strand"], ignore_index=True)


def fit_contacts(
    counts: pd.DataFrame,
    fasta: str | PathLike[str],
    motif: Motif,
    chromosomes: Sequence[str],
    *,
    features: pd.DataFrame | None = None,
    sites: pd.DataFrame | None = None,
    reach: int = REACH,
    threshold: float = THRESHOLD,
    steps: int = 300,
    batch_size: int = 12_000,
    lr: float = 0.03,
    weight_decay: float = 1e-3,
    seed: int = 0,
) -> SequenceContacts:
    """Train a head on counts of pairs; distance alone is its offset, so that the head learns what distance leaves.

    Parameters
    ----------
    counts : DataFrame
        chrom1, start1, end1, chrom2, start2, end2, distance (bp) and count: every pair that could have been seen, those
        with count 0, too, such as `World.capture_counts`.
    fasta, motif : the genome, and the motif whose sites make loops
    chromosomes : list of str
        To train on; all others are held out.
    features : DataFrame, optional
        chrom, start, end and numbers about each place; they are read as they are, so bring them to like size.
    sites : DataFrame, optional
        The motif's sites, where they are known already.
    reach, threshold : see `SequenceContacts`
    steps, batch_size, lr, weight_decay, seed : of AdamW, whose rate rises and falls once, on pairs drawn at random

    Returns
    -------
    SequenceContacts
        Without sites and features there is nothing to learn beyond the fall with distance: the head is not trained, and
        tells every pair the same.

    Raises
    ------
    ChromolabError
        For missing columns, no pair on these chromosomes, and as `pairs_of` and `cl.data.motif_sites` do.
    """
    require_columns(counts, (*ENDS, "distance", "count"), "counts")
    own = counts[counts["chrom1"].isin(list(chromosomes))].reset_index(drop=True)
    if own.empty or own["count"].sum() <= 0:
        raise ChromolabError(f"counts: no pair with counts on {', '.join(chromosomes)}; expected some to train on")
    sites = motif_sites(fasta, motif, threshold=threshold) if sites is None else sites
    fall: Any = fall_with_distance(own["distance"], own["count"])
    names = [] if features is None else [c for c in features if c not in ("chrom", "start", "end")]
    head = ContactHead(len(names), seed)
    if not len(sites) and not names:
        return SequenceContacts(fasta, motif, sites, head.eval(), fall, features, reach, threshold)
    pairs = pairs_of(own, sites, features, reach)
    expected = torch.from_numpy(np.log(expected_at(own["distance"], fall)).astype(np.float32))
    count = torch.from_numpy(own["count"].to_numpy(np.float32))
    rng = np.random.default_rng(seed)
    named = list(head.named_parameters())
    read = [p for name, p in named if name.startswith(("hold.", "alone."))]  # only what reads features is held small
    rest: dict[str, Any] = {"params": [p for name, p in named if not name.startswith(("hold.", "alone."))]}
    groups = [rest, {"params": read, "weight_decay": weight_decay}] if read else [rest]
    optimizer = torch.optim.AdamW(groups, lr, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps)
    scale = 1 / float(count.mean())
    for _ in range(steps):
        at = torch.from_numpy(rng.choice(len(own), min(batch_size, len(own)), replace=False))
        log = expected[at] + head(pairs.rows(at))
        loss = scale * (log.exp() - count[at] * log).mean()  # Poisson
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return SequenceContacts(fasta, motif, sites, head.eval(), fall, features, reach, threshold)
