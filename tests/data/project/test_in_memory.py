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
    page = (folder / "own.html").read_text()
    assert "<td>signed</td><td>asinh</td>" in page and "<td>depth</td><td>log1p</td>" in page
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


def test_a_list_of_elements_in_the_file_gives_contacts_by_distance(own):
    """By cl.build and by read_project: the nearest elements outside the window, as often as distance says."""
    folder, chosen = own
    chosen["cell_types"] = {"simA1": chosen["cell_types"]["simA1"]}
    chosen["cell_types"]["simA1"]["contacts"] = {"elements": "peaks.bed"}
    pd.read_csv(folder / "simA1.tsv", sep="\t")  # the assay's table lies there, and is not read
    genes = cl.data.read_annotation(folder / "genes.gtf")
    places = [
        (g.chrom, max(g.tss + d, 0), g.tss + d + 800) for g in genes.itertuples() for d in (3_000, 30_000, 90_000)
    ]
    peaks = pd.DataFrame(places).query("2000 < `1`")
    peaks.to_csv(folder / "peaks.bed", sep="\t", header=False, index=False)
    path = write(folder, chosen)
    built = cl.build(path, progress=False)
    for i in (0, 100, 200):
        tss, pcres = built.genes["tss"].iloc[i], built.pcres(i)
        middle = (pcres["start"] + pcres["end"]) // 2
        distance = (middle - tss).abs()
        np.testing.assert_allclose(pcres["frequency"], cl.data.contact_at(distance), rtol=1e-5)
        there = peaks[peaks[0] == built.genes["chrom"].iloc[i]]
        every = ((there[1] + there[2]) // 2 - tss).abs()
        every = np.sort(every[(every >= 4_000) & (every <= 500_000)])[:3]
        assert distance.max() <= 500_000 and distance.min() >= 4_000, "what the window shows is no pCRE"
        assert len(pcres) == 3 and distance.min() == every[0]
    assert any("of the elements in peaks.bed" in line for line in built.report)
    np.testing.assert_array_equal(cl.data.read_project(path).frequency, built.frequency)
    limit = {"elements": "peaks.bed", "min_frequency": 2.0}
    chosen["cell_types"]["simA1"]["contacts"] = limit
    near = cl.data.read_project(write(folder, chosen)).frequency
    assert 0 < near[near > 0].min() and near[near > 0].min() > 2 > built.frequency[built.frequency > 0].min()


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
