"""data/project/in_memory: a my.yaml as a dataset without a file, with other cells, marks and contacts."""

import numpy as np
import pandas as pd
import pytest
from helpers.own_data import rewrite_track, write

import chromolab as cl


def test_it_equals_the_build_and_writes_nothing(own):
    folder, chosen = own
    del chosen["cell_types"]["simB1"]
    for mark in ("H3K27ac",):
        rewrite_track(folder / f"simA1-{mark}.bw", values=lambda v: v - 3)
        chosen["cell_types"]["simA1"]["tracks"][mark] = {
            "file": f"simA1-{mark}.bw",
            "transform": "asinh",
            "missing": "zero",
        }
    chosen["cell_types"] = {"simA1": chosen["cell_types"]["simA1"]}
    path = write(folder, chosen)
    before = sorted(folder.iterdir())
    ds = cl.data.read_project(path, origin="measured")
    assert sorted(folder.iterdir()) == before
    built = cl.build(path, progress=False)
    assert ds.transforms == built.transforms == {"H3K27ac": "asinh"} and ds.origin == "measured"
    np.testing.assert_array_equal(ds.signal.depth, built.signal.depth)
    np.testing.assert_array_equal(ds.pcre, built.pcre)
    pd.testing.assert_frame_equal(ds.genes, built.genes)
    part = cl.data.read_project(path, cell_types=["simA1"], marks=["H3K36me3", "H3K4me3"])
    assert part.marks == ("H3K36me3", "H3K4me3") and part.transforms == {}
    for arguments, expected in (({"cell_types": ["Z"]}, "no cell type 'Z'"), ({"marks": ["Z"]}, "no mark 'Z'")):
        with pytest.raises(cl.ChromolabError, match=expected):
            cl.data.read_project(path, **arguments)


def test_contacts_by_distance_take_the_place_of_an_assay(own):
    folder, chosen = own
    path = write(folder, chosen)
    tss = cl.data.read_project(path, cell_types=["simA1"], marks=["H3K4me3"]).genes.groupby("chrom")["tss"].first()
    elements = pd.DataFrame({"chrom": tss.index, "start": tss.to_numpy() + 60_000, "end": tss.to_numpy() + 61_000})
    ds = cl.data.read_project(path, marks=["H3K4me3"], elements={"simA1": elements}, n_pcres=1)
    with_pcre = ds.genes[ds.pcre[:, 0] >= 0]
    assert set(with_pcre["cell_type"]) == {"simA1"} and ds.n_pcres == 1
    first = int(np.flatnonzero(ds.pcre[:, 0] >= 0)[0])
    place, gene = ds.pcres(first).iloc[0], ds.genes.iloc[first]
    distance = (place["start"] + place["end"]) // 2 - gene["tss"]
    assert place["frequency"] == pytest.approx(cl.data.contact_at(distance))


def test_what_is_missing_must_be_the_same_in_all_cell_types(own):
    folder, chosen = own
    given = chosen["cell_types"]["simA1"]["tracks"]
    given["H3K27ac"] = {"file": given["H3K27ac"], "missing": "zero"}
    path = write(folder, chosen)
    with pytest.raises(cl.ChromolabError, match="missing of H3K27ac is .*zero.*by cell type; here it must be one"):
        cl.data.read_project(path)
    assert cl.data.read_project(path, cell_types=["simA1"]).marks


def test_transforms_of_two_cell_types_must_agree(own):
    folder, chosen = own
    for cell, how in zip(chosen["cell_types"], ("none", "asinh"), strict=False):
        given = chosen["cell_types"][cell]["tracks"]
        given["H3K27ac"] = {"file": given["H3K27ac"], "transform": how}
    with pytest.raises(cl.ChromolabError, match="transform: asinh, elsewhere none"):
        cl.data.read_project(write(folder, chosen))
    chosen["cell_types"]["simA1"]["tracks"]["H3K27ac"]["transform"] = "log2"
    with pytest.raises(cl.ChromolabError, match="log1p"):
        cl.data.read_project(write(folder, chosen))
