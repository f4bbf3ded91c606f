"""Places, contacts and edits of every kind, for the tests of edits."""

import numpy as np

import chromolab as cl


def place(ds, row):
    """Chromosome, start and end of a region."""
    region = ds.signal.regions.iloc[row]
    return region["chrom"], int(region["start"]), int(region["end"])


def contacts(ds):
    """Places of the pCREs of a dataset with one example, as text."""
    return [f"{r.chrom}:{r.start}-{r.end}" for r in ds.pcres().itertuples()]


def every_kind(gene):
    """Edits of all kinds for one gene with at least two pCREs."""
    chrom, start, _ = place(gene, gene.promoter[0])
    one, two, *_ = contacts(gene)
    new = f"{chrom}:77000000-77001000"
    return [
        cl.scale("A", f"{chrom}:{start + 130}-{start + 777}", 0.1),
        cl.erase("B", one),
        cl.set_depth("C", f"{chrom}:{start}-{start + 1}", 1 / 3),
        cl.paint("A", f"{chrom}:{start + 50}-{start + 420}", [1, None, 2.5, np.float32(0.1)]),
        cl.paint("B", f"{chrom}:{start + 50}-{start + 420}", np.arange(8), step=50),
        cl.drop_pcre(one),
        cl.set_frequency(two, 7.25),
        cl.add_pcre(new, 3),
        *(cl.set_depth(m, new, 2) for m in gene.marks),
    ]
