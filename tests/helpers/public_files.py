"""Simulated files under the real names and formats of the public sources, and a local server that has them.

What a cell type's dataset is built from in `chromolab paper`: reads (tagAlign.gz), the RPKM table of Roadmap, GENCODE's
GTF and Jung's contact tables, all from a small teaching genome. The manifest that leads to the server says so.
"""

import bz2
import gzip
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pyBigWig
import yaml

from chromolab.data.public.manifest import read_manifest
from chromolab.defaults import MARKS
from chromolab.world.on_disk import World
from helpers.faulty_server import Server

READ = 36  # bp
OWN = ("roadmap-reads", "roadmap-expression", "gencode-v10", "jung-2019-contacts")
GENE = re.compile(r'(gene_id|gene_name|transcript_id) "([^"]+)"')


def public_files(world: World, cells: Iterable[str], reads: int) -> dict[str, bytes]:
    """{file name: content}: the world's cell types, in their order, under the Roadmap names in `cells`.

    Each track is drawn as so many reads. The genome's chromosomes are taken for the beginnings of hg19's.
    """
    rng, own = np.random.default_rng(0), dict(zip(cells, world.cell_types, strict=False))
    manifest, table = read_manifest(), pd.read_csv(world.expression, sep="\t", index_col=0)
    ensembl = {gene: f"ENSG{i:011d}" for i, gene in enumerate(table.index, 1)}
    files = {}
    for cell, sim in own.items():
        for mark in MARKS:
            (name,) = [f.name for f in manifest["roadmap-reads"].files(cell=cell, mark=mark)]
            files[name] = _tagalign(world.tracks[sim][mark], reads, rng)
        tissue = manifest.cell_types[cell].tissue
        files[f"GSE86189_{tissue}.po.all.txt.bz2"] = bz2.compress(_jung(world.contacts[sim]).encode())
    rows = [
        f"{ensembl[gene]}\t0\t" + "\t".join(f"{table.loc[gene, sim]:.3f}" for sim in own.values())
        for gene in table.index
    ]
    text = "gene_id\tE000\t" + "\t".join(own) + "\n" + "".join(f"{row}\t\n" for row in rows)
    files["57epigenomes.RPKM.pc.gz"] = gzip.compress(text.encode(), mtime=0)
    gtf = GENE.sub(lambda m: f'{m[1]} "{_renamed(m[2], ensembl)}"', world.gtf.read_text())
    files["gencode.v10.annotation.gtf.gz"] = gzip.compress(gtf.encode(), mtime=0)
    return files


def _renamed(name: str, ensembl: dict[str, str]) -> str:
    gene = name.partition(".")[0]
    return f"{ensembl[gene]}.7" if gene in ensembl else name


def _tagalign(bigwig: Path, reads: int, rng: np.random.Generator) -> bytes:
    """Reads drawn where the track's depth is."""
    chroms, starts, weights = [], [], []
    with pyBigWig.open(str(bigwig)) as file:
        for chrom, size in file.chroms().items():
            found = np.array(file.intervals(chrom) or np.empty((0, 3)))
            chroms += [chrom] * len(found)
            starts.append(np.minimum(found[:, 0], size - READ))
            weights.append((found[:, 1] - found[:, 0]) * found[:, 2])
    start, weight = np.concatenate(starts).astype(int), np.concatenate(weights)
    at = rng.choice(len(start), reads, p=weight / weight.sum())  # in no order
    strand = rng.choice(["+", "-"], reads)
    lines = (f"{chroms[i]}\t{start[i]}\t{start[i] + READ}\tN\t1000\t{s}\n" for i, s in zip(at, strand, strict=True))
    return gzip.compress("".join(lines).encode(), 1, mtime=0)


def _jung(path: Path) -> str:
    table = pd.read_csv(path, sep="\t")
    lines = (
        f"{r.chrom1}.{r.start1}.{r.end1}\t{r.chrom2}.{r.start2}.{r.end2}\t{r.frequency:.3f}\n"
        for r in table.itertuples()
    )
    return "frag1\tfrag2\tfrequency\n" + "".join(lines)


def serve(server: Server, files: dict[str, bytes], folder: Path) -> Path:
    """Put the files on a server, each at the path it has in the world, and write the manifest that leads there."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = read_manifest()
    for name in OWN:
        source = manifest[name]
        content = yaml.safe_load(source.path.read_text())
        content["address"] = server.address + urlsplit(source.address).path
        here = {f.name: f for f in source.files() if f.name in files}
        content |= {"mirrors": [], "origin": "simulated"}
        content["checksums"] = {f: {"size": len(files[f]), "sha256": sha256(files[f]).hexdigest()} for f in here}
        for file, described in here.items():
            server.files[urlsplit(described.addresses[0]).path] = files[file]
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content, sort_keys=False))
    return folder
