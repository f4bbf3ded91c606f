"""From letters to expression: an edit moves contacts, and moved contacts are edits that a Chromoformer reads."""

from collections.abc import Iterable

import numpy as np

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import ChangeMotif, SetFrequency, set_frequency
from chromolab.learn.letters.contacts import SequenceContacts

LEAST = 1e-3  # ln(observed / expected): smaller changes of a contact are left out


def contact_edits(model: SequenceContacts, gene: Dataset, edits: Iterable[ChangeMotif]) -> list[SetFrequency]:
    """What edits of letters do to a gene's contacts, as edits of the gene.

    Parameters
    ----------
    model : SequenceContacts
        From `fit_contacts`.
    gene : Dataset
        One example: `ds.gene(...)`. Its frequencies are observed / expected.
    edits : list of ChangeMotif
        From `cl.edits.motif`; applied together.

    Returns
    -------
    list of SetFrequency
        For `cl.effect`: each of the gene's pCREs whose contact changes, its frequency multiplied by the foretold change
        of observed / expected. A loop to a place that is no pCRE of the gene is not made: what stands there is not in
        the dataset (`cl.edits.add_pcre` adds it).

    Raises
    ------
    ChromolabError
        If `gene` is not one example.
    """
    if len(gene) != 1:
        raise ChromolabError(f"{len(gene)} examples; expected one gene in one cell type: ds.gene(...)")
    edits, own, pcres = list(edits), gene.genes.iloc[0], gene.pcres()
    if pcres.empty or all(e.chrom != own["chrom"] for e in edits):
        return []
    pairs = pcres.rename(columns={"chrom": "chrom2", "start": "start2", "end": "end2"})
    pairs = pairs.assign(chrom1=own["chrom"], start1=own["tss"], end1=own["tss"] + 1)
    change = model.predict(pairs, edits) - model.predict(pairs)
    moved = np.flatnonzero(np.abs(change) >= LEAST)
    frequency = pcres["frequency"].to_numpy(np.float64) * np.exp(change)
    region = pcres["chrom"].str.cat(pcres["start"].astype(str), ":").str.cat(pcres["end"].astype(str), "-")
    return [set_frequency(region[i], float(frequency[i])) for i in moved]
