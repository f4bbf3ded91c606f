"""learn/letters/chain: edits of letters become edits of a gene's contacts."""

import numpy as np
import pytest

import chromolab as cl
from chromolab.errors import ChromolabError
from chromolab.learn.letters.chain import contact_edits
from chromolab.learn.letters.contacts import fit_contacts


@pytest.fixture(scope="module")
def model(strong_world):
    counts = strong_world.capture_counts(strong_world.cell_types[0])
    ctcf = cl.data.read_motifs(strong_world.motifs)["CTCF"]
    return fit_contacts(counts, strong_world.fasta, ctcf, list(strong_world.parameters.chrom_sizes), steps=150)


def test_frequencies_follow_the_foretold_change(strong_world, model):
    ds = strong_world.dataset(progress=False)
    example = int(np.flatnonzero((ds.pcre >= 0).sum(1) >= 4)[0])
    gene = ds.select([example])
    own, pcres = gene.genes.iloc[0], gene.pcres()
    near = model.sites[(model.sites["chrom"] == own["chrom"]) & ((model.sites["start"] - own["tss"]).abs() < 3e5)]
    edits = [cl.edits.motif("break", f"{s.chrom}:{s.start}-{s.end}") for s in near.itertuples()]
    made = contact_edits(model, gene, edits)
    assert made
    known = {f"{p.chrom}:{p.start}-{p.end}": p.frequency for p in pcres.itertuples()}
    pairs = pcres.rename(columns={"chrom": "chrom2", "start": "start2", "end": "end2"})
    pairs = pairs.assign(chrom1=own["chrom"], start1=own["tss"], end1=own["tss"] + 1)
    change = dict(zip(known, model.predict(pairs, edits) - model.predict(pairs), strict=True))
    for edit in made:
        assert edit.frequency == pytest.approx(known[edit.region] * np.exp(change[edit.region]))
    after = cl.edit(gene, made).pcres()
    assert len(after) == len(pcres) and not np.allclose(sorted(after["frequency"]), sorted(pcres["frequency"]))


def test_edits_elsewhere_change_nothing(strong_world, model):
    ds = strong_world.dataset(progress=False)
    gene = ds.select([int(np.flatnonzero((ds.pcre >= 0).any(1))[0])])
    far = model.sites[model.sites["chrom"] != gene.genes["chrom"].iloc[0]].iloc[0]
    assert contact_edits(model, gene, [cl.edits.motif("break", f"{far['chrom']}:{far['start']}-{far['end']}")]) == []
    assert contact_edits(model, gene.without_contacts(), []) == []
    with pytest.raises(ChromolabError, match="2 examples; expected one gene"):
        contact_edits(model, ds.select([0, 1]), [])
