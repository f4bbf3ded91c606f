"""data/bodies: whole genes read from files, kept with their exons, and cut into batches of any length."""

import json

import numpy as np
import pandas as pd
import pytest
import torch
from helpers.toys import toy_dataset, with_bodies

import chromolab as cl
from chromolab.data.bodies.loader import GeneLoader
from chromolab.data.dataset.arrays import checksum, map_arrays, table_bytes, write_arrays
from chromolab.data.dataset.combine import concat
from chromolab.data.write_bigwig import write_bigwig

MARKS = ("A", "B")
SIZE = 700_000
GENES = [  # id, TSS (0-based), length, strand; one is longer than is read, the last ends past the chromosome's data
    ("short", 60_000, 3_000, "+"),
    ("back", 200_000, 31_000, "-"),
    ("long", 240_000, 300_000, "+"),
    ("cut", 640_000, 55_000, "+"),
]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two tracks, one of which ends early, and an annotation with exons of two genes."""
    folder, rng = tmp_path_factory.mktemp("genes"), np.random.default_rng(0)
    depth = {}
    for mark in MARKS:
        values = rng.integers(0, 9, SIZE // 50).astype(float).repeat(50)
        values[660_000:] = np.nan if mark == "B" else values[660_000:]
        depth[mark] = values
        seen = len(values) if mark == "A" else 660_000
        edges = np.arange(0, seen, 50)
        write_bigwig(folder / f"{mark}.bw", {"chr1": SIZE}, [("chr1", edges, edges + 50, values[edges])])
    with open(folder / "genes.gtf", "w") as f:
        for name, tss, length, strand in GENES:
            a, b = (tss, tss + length) if strand == "+" else (tss + 1 - length, tss + 1)
            said = f'gene_id "{name}"; transcript_id "{name}.1";'
            f.write(f"chr1\tme\tgene\t{a + 1}\t{b}\t.\t{strand}\t.\t{said}\n")
            for first, last in ((a, a + 400), (a + 300, a + 600), (b - 500, b)) if name in ("short", "back") else ():
                f.write(f"chr1\tme\texon\t{first + 1}\t{last}\t.\t{strand}\t.\t{said}\n")
    return folder, depth


@pytest.fixture(scope="module")
def ds(files):
    folder, _ = files
    annotation = cl.data.read_annotation(folder / "genes.gtf")
    genes = cl.data.gene_table(annotation, None, "E1", folds={1: ["chr1"]})[0]
    tracks = {m: folder / f"{m}.bw" for m in MARKS}
    windows = cl.build_dataset(genes, tracks, progress=False, missing="mask")
    return windows, cl.data.whole_genes(
        windows, tracks, folder / "genes.gtf", longest=100_000, missing="mask", progress=False
    )


def slow(depth, gene, start, end):
    """Mean of each mark over bases start to end along a gene, NaN where a base of all was not measured."""
    _, tss, _, strand = gene
    a, b = (tss + start, tss + end) if strand == "+" else (tss - end, tss - start)
    return np.array([np.nanmean(depth[m][a:b]) if (~np.isnan(depth[m][a:b])).any() else np.nan for m in MARKS])


def test_every_bin_is_the_mean_of_its_bases(files, ds):
    _, whole = ds
    loader = GeneLoader(whole, MARKS, (500,), (8_000, 2_000, 500), dtype=torch.float64)
    more = loader.batch(np.arange(4)).more
    for i, gene in enumerate(GENES):
        seen = more["seen"][i]
        assert seen.any()
        for start, end, x in zip(more["start"][i][seen], more["end"][i][seen], more["features"][i][seen], strict=True):
            expected = np.log1p(slow(files[1], gene, int(start), int(end)))
            np.testing.assert_allclose(x, expected, rtol=1e-5, err_msg=f"{gene} {start} {end}")


def test_the_middle_of_a_long_gene_is_dropped_and_said_and_nothing_is_squeezed(ds):
    _, whole = ds
    more = whole_batch(whole, [2])
    start, end = more["start"][0][more["seen"][0]], more["end"][0][more["seen"][0]]
    gap = (start[1:] != end[:-1]).nonzero()[:, 0].tolist()
    assert len(gap) == 1 and end[gap[0]] == 56_000 and start[gap[0] + 1] == 248_000  # 8 kb bins beyond 50 kb each side
    said = " | ".join(whole.report)
    assert "1 of 4 are longer than 100,000 bp: their middle is not read (long" in said
    assert "1 of 4 have bases without data (cut" in said and "the exons of 2 of 4 are known" in said
    bodies = cl.data.gene_bodies(whole).set_index("gene_id")
    assert bodies["length"].tolist() == [3_000, 30_999, 300_000, 55_000] and bodies["exons"].tolist() == [2, 2, 0, 0]
    assert (bodies["read"].round(2) == [1.0, 1.0, 0.36, 0.36]).all()


def whole_batch(dataset, rows):
    return GeneLoader(dataset, dataset.marks, (500,), (8_000, 2_000, 500)).batch(rows).more


def test_windows_stay_as_they_are(ds):
    windows, whole = ds
    np.testing.assert_array_equal(windows.promoter_depth(500), whole.promoter_depth(500))
    assert windows.body is None and "whole genes" not in " ".join(windows.report)


def test_exons_are_merged_and_unknown_ones_are_not_introns(ds):
    _, whole = ds
    assert whole.exons["end"].sub(whole.exons["start"]).groupby(whole.exons["gene_id"]).sum().to_dict() == {
        "back": 1_100,
        "short": 1_100,
    }
    more = whole_batch(whole, [0, 1, 2])
    bases = ((more["end"] - more["start"])[..., None] * more["parts"]).sum(1).numpy()
    assert bases[0].tolist() == [24_000, 1_100, 1_900, 0, 5_000]
    assert abs(bases[1, 1] - 1_100) <= 1 and bases[2, 1:3].tolist() == [0, 0] and bases[2, 3] > 0


def test_they_are_saved_selected_joined_and_left_out_of_a_narrower_window(ds, tmp_path):
    windows, whole = ds
    again = cl.load_dataset(whole.save(tmp_path / "x.clds"))
    pd.testing.assert_frame_equal(again.exons, whole.exons)
    for a, b in ((again, whole), (whole.select([1]).compact(), whole.select([1]))):
        for name, value in whole_batch(a, [0]).items():
            np.testing.assert_array_equal(value, whole_batch(b, [0])[name], err_msg=name)
    assert whole.gene("back").exons["gene_id"].unique().tolist() == ["back"]
    both = concat([whole.select([0, 1]).compact(), again.select([2, 3])])
    np.testing.assert_array_equal(whole_batch(both, [3])["features"], whole_batch(whole, [3])["features"])
    assert concat([whole, windows]).body is None and whole.cropped(20_000).body is None
    assert len(whole.cropped(20_000).signal.regions) == 4


def test_an_edit_reaches_them(ds):
    whole = ds[1].gene("back")
    edited = cl.edit(whole, [cl.scale("A", "chr1:180000-182000", 0.0)])  # 18 to 20 kb behind the TSS
    for one in (edited, cl.edit_each(whole, [cl.scale("A", "chr1:180000-182000", 0.0)])):
        old, new = whole_batch(whole, [0]), whole_batch(one, [0])
        changed = (old["features"] != new["features"]).any(-1)[0]
        assert changed.any() and (old["start"][0][changed] >= 16_000).all() and (old["end"][0][changed] <= 24_000).all()


def test_what_is_not_there_is_said(files, ds):
    windows, whole = ds
    with pytest.raises(cl.ChromolabError, match=r"holds windows, not whole genes; read them: cl\.data\.whole_genes"):
        cl.data.gene_bodies(windows)
    bed = files[0] / "genes.bed"
    bed.write_text("chr1\t60000\t63000\tshort\t0\t+\n")
    tracks = {m: files[0] / f"{m}.bw" for m in MARKS}
    with pytest.raises(cl.ChromolabError, match=r"genes\.bed: no exon rows \(column 3\)"):
        cl.data.whole_genes(windows, tracks, bed, progress=False)
    without = cl.data.whole_genes(windows, tracks, missing="mask", progress=False)
    assert without.exons is None and "no exons given" in without.report[-1]
    with pytest.raises(cl.ChromolabError, match="tracks: none of B; expected those of A, B"):
        cl.data.whole_genes(windows, {"A": tracks["A"]}, progress=False)
    with pytest.raises(cl.ChromolabError, match="bins of 16000 bp do not divide"):
        GeneLoader(whole, MARKS, (500,), (16_000, 2_000))


@pytest.mark.parametrize("missing", [False, True])
def test_batches_of_several_models_equal_each(missing):
    ds = with_bodies(toy_dataset(2, genes=20, missing=missing))
    loader = GeneLoader(ds, ds.marks, (500,), (8_000, 2_000, 500))
    rows = np.array([[0, 3, 5], [7, 2, 2]])
    both = loader.batch(rows)
    for i, own in enumerate(rows):
        one = loader.batch(own).more
        for name, value in both.more.items():
            value = value[i]
            if name in ("tss", "length"):
                np.testing.assert_array_equal(value, one[name])
            else:
                width = one[name].shape[1]
                np.testing.assert_array_equal(value[:, :width], one[name])
                assert not value[:, width:].any()


@pytest.mark.parametrize("change", ["body", "exons"])
def test_a_file_whose_whole_genes_do_not_fit_is_refused(tmp_path, change):
    ds = with_bodies(toy_dataset(2, genes=6)).compact()
    arrays, metadata = map_arrays(ds.save(tmp_path / "good.clds"))
    swapped = ds.exons.rename(columns={"start": "end", "end": "start"})[["gene_id", "start", "end"]]
    arrays |= {"body": arrays["body"] + 1000} if change == "body" else {"exons": table_bytes(swapped)}
    about = json.loads(metadata["about"])
    about["checksums"] = {name: checksum(array) for name, array in arrays.items()}
    write_arrays(tmp_path / "x.clds", arrays, metadata | {"about": json.dumps(about)})
    with pytest.raises(cl.ChromolabError, match="not a complete chromolab dataset"):
        cl.load_dataset(tmp_path / "x.clds")
