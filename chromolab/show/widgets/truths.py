"""True effects of a list of edits, by the teaching genome's answer key. All of it is simulated."""

from collections.abc import Sequence

import numpy as np

from chromolab.data.dataset import Dataset
from chromolab.learn.edit import DropPcre, Edit, Scale
from chromolab.learn.truth import PROMOTER_MARKS, WRITTEN

NEAR = 500  # bp on each side of the TSS that an edit must cover to erase a promoter's mark


def true_effects(key, gene: Dataset, edits: Sequence[Edit]) -> list[dict]:
    """The true effect of each edit that the key has an answer for; single effects need not add up.

    The key knows a contact that is cut, an enhancer or silencer that loses one of its marks, a mark erased around the
    TSS, and H3K36me3 erased anywhere in the gene.

    Returns
    -------
    list of {"what": words, "effect": change of log2 transcription}
    """
    row = gene.genes.iloc[0]
    pcres, marks = (
        t[(t["gene_id"] == row["gene_id"]) & (t["cell_type"] == row["cell_type"])] for t in (key.pcres, key.marks)
    )
    undone = dict(zip(marks["mark"], marks["effect"], strict=True))
    effects = {}
    for e in edits:
        if isinstance(e, DropPcre):
            for p in pcres[(pcres["start"] == e.start) & (pcres["end"] == e.end)].itertuples():
                effects[f"contact with {p.kind or 'an empty place'}, {e.region}, cut"] = float(p.effect)
        if not (isinstance(e, Scale) and e.factor == 0):
            continue
        for p in pcres[(pcres["start"] < e.end) & (pcres["end"] > e.start) & pcres["kind"].isin(WRITTEN)].itertuples():
            if e.mark in WRITTEN[p.kind] and e.start <= p.start and p.end <= e.end:
                effects[f"{p.kind} at {p.chrom}:{p.start:,} silenced"] = float(p.effect)
        at_tss = e.start <= row["tss"] - NEAR and row["tss"] + NEAR <= e.end
        if e.mark in undone and (at_tss and e.mark in PROMOTER_MARKS or e.mark == "H3K36me3"):
            effects[f"{e.mark} of the promoter undone" if at_tss else f"{e.mark} erased"] = float(undone[e.mark])
    return [{"what": what, "effect": effect if np.isfinite(effect) else None} for what, effect in effects.items()]
