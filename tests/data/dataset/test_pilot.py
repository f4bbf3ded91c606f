"""data/dataset/pilot: the real dataset that experiments share."""

import numpy as np
import pandas as pd
import pyBigWig
import pytest

import chromolab as cl
from chromolab.data.dataset.pilot import MARKS, pilot_dataset


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(cl.ChromolabError, match="no such folder; set CHROMOLAB_REAL_DATA"):
        pilot_dataset(tmp_path / "roadmap-pilot")


@pytest.mark.real
def test_whole_regions_are_held_out_and_every_window_lies_in_one(real):
    folder = real / "roadmap-pilot"
    ds = pilot_dataset(folder, ["E065", "E003"], n_folds=5)
    regions = pd.read_csv(folder / "encodePilotRegions.hg19.bed", sep="\t", header=None)
    regions = [row[:3] for row in regions.to_numpy().tolist() if row[0] != "chrX"]
    fold = {(c, a, b): i % 5 + 1 for i, (c, a, b) in enumerate(regions)}
    for gene in ds.genes.itertuples():
        around = [r for r in regions if r[0] == gene.chrom and r[1] <= gene.tss - 20_000 and gene.tss + 20_000 <= r[2]]
        assert [fold[tuple(r)] for r in around] == [gene.fold] and around == [regions[gene.region]]
    assert ds.marks == MARKS and (ds.pcre < 0).all()
    assert ds.genes["cell_type"].value_counts().to_dict() == {"E003": 351, "E065": 351}

    i = int(np.flatnonzero((ds.genes["cell_type"] == "E065") & (ds.genes["strand"] == "+"))[7])
    start = int(ds.genes["tss"].iloc[i]) - 20_000
    with pyBigWig.open(str(folder / "E065-H3K27me3.pval.signal.bigwig")) as track:
        expected = np.mean(track.values(ds.genes["chrom"].iloc[i], start, start + 2000))
    assert ds.promoter_depth(2000)[i, 0, ds.marks.index("H3K27me3")] == pytest.approx(expected, rel=1e-3)
