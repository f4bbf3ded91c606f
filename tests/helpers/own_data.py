"""A user's own files, made from the teaching genome (simulated): sound ones, and ways to spoil them."""

import shutil

import numpy as np
import pandas as pd
import pyBigWig
import yaml

MARKS = ("H3K4me3", "H3K27ac", "H3K36me3")


def healthy(folder, of, marks=MARKS, cells=None) -> dict:
    """Write the files of a world into `folder` and return the settings, which `write` turns into a my.yaml."""
    shutil.copy(of.gtf, folder / "genes.gtf")
    shutil.copy(of.expression, folder / "rpkm.tsv")
    shutil.copy(of.chrom_sizes, folder / "chrom.sizes")
    settings = {
        "name": "simulated",
        "chrom_sizes": "chrom.sizes",
        "annotation": {"file": "genes.gtf"},
        "expression": {"file": "rpkm.tsv", "unit": "RPKM"},
        "cell_types": {},
        "out": "own.clds",
    }
    for cell in cells or of.cell_types:
        shutil.copy(of.contacts[cell], folder / f"{cell}.tsv")
        for mark in marks:
            shutil.copy(of.tracks[cell][mark], folder / f"{cell}-{mark}.bw")
        tracks = {mark: f"{cell}-{mark}.bw" for mark in marks}
        settings["cell_types"][cell] = {"tracks": tracks, "contacts": {"file": f"{cell}.tsv"}}
    return settings


def write(folder, settings):
    path = folder / "my.yaml"
    path.write_text(yaml.safe_dump(settings, sort_keys=False))
    return path


def rewrite_track(path, values=lambda v: v, sizes=lambda size: size, keep=lambda chrom, start: True):
    """Rewrite a bigWig with changed values, chromosome lengths or intervals."""
    with pyBigWig.open(str(path)) as old:
        chroms = old.chroms()
        found = {c: [i for i in old.intervals(c) or () if keep(c, i[0])] for c in chroms}
    with pyBigWig.open(str(path), "w") as new:
        new.addHeader([(c, sizes(size)) for c, size in chroms.items()])
        for chrom, intervals in found.items():
            if intervals:
                starts, ends, depth = (list(x) for x in zip(*intervals, strict=True))
                new.addEntries([chrom] * len(starts), starts, ends=ends, values=[float(values(v)) for v in depth])


def drop_zeros(path, values=lambda v: v):
    """Rewrite a bigWig without its zeros, with changed values."""
    with pyBigWig.open(str(path)) as old:
        chroms = old.chroms()
        found = {c: [i for i in old.intervals(c) if i[2]] for c in chroms}
    with pyBigWig.open(str(path), "w") as new:
        new.addHeader(list(chroms.items()))
        for chrom, intervals in found.items():
            starts, ends, depth = (list(x) for x in zip(*intervals, strict=True))
            new.addEntries([chrom] * len(starts), starts, ends=ends, values=[float(values(v)) for v in depth])


def binned_track(path, width):
    """Rewrite a bigWig as the rounded mean of every `width` bp."""
    with pyBigWig.open(str(path)) as old:
        chroms = old.chroms()
        means = {c: np.rint(old.values(c, 0, n, numpy=True).reshape(-1, width).mean(1)) for c, n in chroms.items()}
    with pyBigWig.open(str(path), "w") as new:
        new.addHeader(list(chroms.items()))
        for chrom, values in means.items():
            new.addEntries(chrom, 0, values=values.astype(float), span=width, step=width)


def change_gtf(path, row):
    """Change every row of a GTF by `row(fields) -> fields`."""
    lines = path.read_text().splitlines()
    path.write_text("\n".join(x if x[0] == "#" else "\t".join(row(x.split("\t"))) for x in lines) + "\n")


def change_table(path, change):
    table = pd.read_csv(path, sep="\t")
    change(table).to_csv(path, sep="\t", index=False)


def shifted(bp):
    """For `change_table`: contacts moved along the chromosome."""
    places = ["start1", "end1", "start2", "end2"]
    return lambda table: table.assign(**{c: table[c] + bp for c in places})
