"""A few real genes by one line. None are shipped: their licence is not ours to give."""

import os
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.published import parse_neighbours, read_published
from chromolab.data.public.downloads import Downloads
from chromolab.data.public.fetch import fetch_files
from chromolab.data.public.manifest import read_manifest
from chromolab.defaults import N_PCRES, WINDOW
from chromolab.errors import ChromolabError

BESIDE = Path(__file__).parents[3].parent / "shared" / "real"  # beside the repository
TABLE, DEPTH = "chromoformer-demo-genes", "chromoformer-demo-depth"  # sources of the manifest


def real(
    name: str = "h1",
    *,
    n_genes: int = 20,
    offline: bool | None = None,
    cache: str | PathLike[str] | None = None,
    manifest: str | PathLike[str] | None = None,
    progress: bool = True,
) -> Dataset:
    """A small set of real genes, and a line that says its licence and what to cite.

    "h1" are genes of human H1 embryonic stem cells (hg19): read depth of seven marks, contacts, and RPKM. They are read
    from `h1-demo/` in the folder of real data (CHROMOLAB_REAL_DATA, else `../shared/real` beside the repository) where
    that is there, all of them; else the first `n_genes` are fetched from the published model's repository, about 1 MB a
    gene, and kept in the cache.

    Parameters
    ----------
    name : str
        "h1".
    n_genes : int
        How many genes to fetch at most, of 100.
    offline, cache, manifest, progress
        As in `cl.fetch`. `offline=True`: only what is on this machine.

    Returns
    -------
    Dataset
        Of origin "measured".

    Raises
    ------
    ChromolabError
        No set has this name, `n_genes` is less than 1, or the set is neither here nor can be fetched.
    """
    if name != "h1":
        raise ChromolabError(f"no real set is named {name!r}; there is 'h1'. For your own: cl.build_dataset")
    if n_genes < 1:
        raise ChromolabError(f"n_genes is {n_genes}; expected 1 or more")
    folder = Path(os.environ.get("CHROMOLAB_REAL_DATA", BESIDE)) / "h1-demo"
    if (folder / "meta.csv").is_file():
        made, where = read_published(folder / "meta.csv", folder / "npy", origin="measured", progress=progress), folder
    else:
        made, where = _fetched(n_genes, Downloads.below(cache), manifest, offline, progress)
    source = read_manifest(manifest)[TABLE]
    told = f"real: {len(made)} genes of H1 cells, from {where}. Licence {source.licence}."
    print(f"{told} Cite: {source.citation.strip()}")
    return made


def _fetched(
    n_genes: int, downloads: Downloads, manifest, offline: bool | None, progress: bool
) -> tuple[Dataset, Path]:
    """The first genes of the published table, with the regions that they name; and the folder of downloads."""
    known = read_manifest(manifest)
    try:
        (table,) = fetch_files(known[TABLE].files(), downloads, offline=offline, progress=progress)
        genes = pd.read_csv(table).head(n_genes)
        wanted = known[DEPTH].files(region=regions_of(genes))
        depth = fetch_files(wanted, downloads, offline=offline, progress=progress)
    except ChromolabError as error:
        raise ChromolabError(
            f"the real genes are not on this machine: neither in h1-demo/ of CHROMOLAB_REAL_DATA nor all in the cache. "
            f"With a network, cl.real('h1') fetches {n_genes} genes, some {n_genes} MB. {error}"
        ) from error
    with TemporaryDirectory() as folder:  # `read_published` reads a table from a file
        genes.to_csv(Path(folder) / "meta.csv", index=False)
        made = read_published(Path(folder) / "meta.csv", depth[0].parent, origin="measured", progress=progress)
    return made, table.parent.parent


def regions_of(genes: pd.DataFrame) -> list[str]:
    """The regions, as chrom:start-end, whose depth a published table of genes needs: promoters' windows, and pCREs."""
    half, tss = WINDOW // 2, genes["start"].astype(int)
    windows = [f"{c}:{t - half}-{t + half}" for c, t in zip(genes["chrom"], tss, strict=True)]
    pcres = parse_neighbours(genes).groupby("gene_id").head(N_PCRES)  # the most frequent contacts stand first
    return list(dict.fromkeys([*windows, *(f"{p.chrom}:{p.start}-{p.end}" for p in pcres.itertuples())]))
