"""data/dataset/build: whole datasets from real formats written here, against numbers worked out base by base."""

import gzip

import numpy as np
import pandas as pd
import pyBigWig
import pytest
from helpers.toys import reported

import chromolab as cl

SIZES = {"chr1": 60_000, "chr2": 30_000}
MARKS = ("H3K4me3", "CTCF")


def write_bigwig(path, seed, sizes=SIZES, gap=None):
    """Depth at every base, constant over 50 bp; bases of `gap` (start, end) have no data. Returns {chrom: array}."""
    rng, depth = np.random.default_rng(seed), {}
    with pyBigWig.open(str(path), "w") as file:
        file.addHeader(list(sizes.items()))
        for chrom, size in sizes.items():
            depth[chrom] = np.repeat(rng.poisson(3, size // 50), 50).astype(float)
            starts = np.arange(0, size, 50)
            if gap is not None:
                depth[chrom][gap[0] : gap[1]] = np.nan
                starts = starts[(starts < gap[0]) | (starts >= gap[1])]
            if len(starts):
                file.addEntries([chrom] * len(starts), starts, ends=starts + 50, values=depth[chrom][starts])
    return depth


@pytest.fixture
def files(tmp_path):
    """GTF (gzip), RPKM table with trailing tabs, two tracks, contacts: the formats that people have."""
    genes = [
        ("ENSG00000000001.3", "chr1", 10_001, 14_000, "+"),
        ("G2", "chr1", 30_001, 41_000, "-"),
        ("G3", "chr2", 1_001, 9_000, "+"),
    ]
    with gzip.open(tmp_path / "genes.gtf.gz", "wt") as f:
        for i, (g, chrom, start, end, strand) in enumerate(genes):
            f.write(f'{chrom}\tme\tgene\t{start}\t{end}\t.\t{strand}\t.\tgene_id "{g}"; gene_name "n{i}";\n')
    (tmp_path / "rpkm.tsv").write_text("gene_id\tE1\tE2\nENSG00000000001\t8.0\t0.0\t\nG2\t1.0\t3.0\t\nG3\t0.0\t9.0\t\n")
    contacts = pd.DataFrame(
        [
            ["chr1", 9_500, 10_500, "chr1", 50_000, 51_230, 3.0],
            ["chr1", 45_000, 45_777, "chr1", 40_500, 41_500, 2.0],
            ["chr1", 9_500, 10_500, "chr1", 52_000, 53_000, 1.2],
        ],
        columns=["chrom1", "start1", "end1", "chrom2", "start2", "end2", "frequency"],
    )
    contacts.to_csv(tmp_path / "contacts.tsv", sep="\t", index=False)
    depth = {m: write_bigwig(tmp_path / f"{m}.bw", i) for i, m in enumerate(MARKS)}
    return tmp_path, depth


def gene_table(folder, cell_types="E1"):
    annotation, expression = (
        cl.data.read_annotation(folder / "genes.gtf.gz"),
        cl.data.read_expression(folder / "rpkm.tsv"),
    )
    return cl.data.gene_table(annotation, expression, cell_types, folds={1: ["chr1"], 2: ["chr2"]}, window=4000)[0]


def build(folder, genes=None, **arguments):
    tracks = {m: folder / f"{m}.bw" for m in MARKS}
    arguments = {
        "contacts": folder / "contacts.tsv",
        "window": 4000,
        "resolutions": (1000, 100),
        "n_pcres": 3,
        "tracks": tracks,
        "progress": False,
    } | arguments
    return cl.build_dataset(gene_table(folder) if genes is None else genes, **arguments)


def slow_bins(bases, start, end, size):
    """Means over the bases that exist and have data."""
    wide = np.full(end - start, np.nan)
    a, b = max(start, 0), min(end, len(bases))
    wide[a - start : b - start] = bases[a:b]
    return [
        np.nan if np.isnan(x).all() else np.nanmean(x) for x in (wide[i : i + size] for i in range(0, len(wide), size))
    ]


def test_every_region_equals_the_bases(files):
    folder, depth = files
    ds = build(folder)
    assert ds.marks == MARKS and ds.bin_size == 100 and len(ds) == 3
    assert ds.genes["tss"].tolist() == [10_000, 40_999, 1_000]
    for r, region in enumerate(ds.signal.regions.itertuples()):
        for m, mark in enumerate(MARKS):
            expected = slow_bins(depth[mark][region.chrom], region.start, region.end, 100)
            np.testing.assert_allclose(ds.region_depth(r)[:, m], expected, rtol=1e-6)
    strands = ds.promoter_depth(1000)[1][:, 0]
    np.testing.assert_allclose(strands, slow_bins(depth["H3K4me3"]["chr1"], 38_999, 42_999, 1000)[::-1], rtol=1e-6)


def test_a_track_that_is_added_is_one_that_was_built_with(files):
    folder, _ = files
    write_bigwig(folder / "gap.bw", 7, gap=(9_900, 12_050))
    tracks = {"H3K4me3": folder / "H3K4me3.bw"}
    for name in ("CTCF.bw", "gap.bw"):
        whole = build(folder, tracks=tracks | {"CTCF": folder / name})
        first = build(folder, tracks=tracks)
        added = cl.data.add_track(first, "CTCF", folder / name, progress=False)
        assert added.marks == whole.marks and added.scales == whole.scales and first.marks == ("H3K4me3",)
        pd.testing.assert_frame_equal(added.signal.regions, whole.signal.regions)
        np.testing.assert_array_equal(added.signal.depth, whole.signal.depth)
        pd.testing.assert_frame_equal(added.genes, whole.genes)
        np.testing.assert_array_equal(added.promoter_depth(1000), whole.promoter_depth(1000))
        for mine, theirs in ((added.signal.covered, whole.signal.covered), (added.pcre, whole.pcre)):
            np.testing.assert_array_equal(mine, theirs)
    assert len(added) == 2 and any("genes left out: no data at the TSS" in line for line in added.report)


def test_a_signed_track_is_added_as_somebody_chose_and_hides_no_other_mark(files):
    folder, _ = files
    pc1 = pd.DataFrame({"chrom": ["chr1", "chr2"], "start": 0, "end": [60_000, 30_000], "value": [-1.5, 2.0]})
    pc1.to_csv(folder / "pc1.bedGraph", sep="\t", header=False, index=False)
    ds = build(folder)
    with pytest.raises(cl.ChromolabError, match="PC1: values from -1.5 to 2.*transform: none"):
        cl.data.add_track(ds, "PC1", folder / "pc1.bedGraph", progress=False)
    for transform in ("none", "asinh"):
        added = cl.data.add_track(ds, "PC1", folder / "pc1.bedGraph", transform=transform, progress=False)
        assert added.transforms == {"PC1": transform} and added.scales["PC1"] == "signed"
        np.testing.assert_array_equal(added.signal.depth[:, :2], ds.signal.depth)
        assert added.report[-1] == f"one more track: PC1, signed, read as {transform}" and len(added) == len(ds)


def test_calls_are_added_as_the_share_of_each_bin_that_they_hold(files):
    ds = build(files[0])
    calls = pd.DataFrame(
        {"chrom": "chr1", "start": [9_950, 9_000, 9_020, 50_130], "end": [10_050, 9_030, 9_300, 50_160]}
    )
    added = cl.data.add_track(ds, "peaks", calls)
    called = np.zeros(60_000)
    for start, end in calls[["start", "end"]].to_numpy():
        called[start:end] = 1
    for r, region in enumerate(ds.signal.regions.itertuples()):
        if region.chrom == "chr1":
            shares = np.nan_to_num(slow_bins(called, region.start, region.end, 100))
            np.testing.assert_allclose(added.region_depth(r)[:, -1], shares, rtol=1e-6)
        else:
            assert (added.region_depth(r)[:, -1] == 0).all()
    assert added.scales["peaks"] == "calls"
    with pytest.raises(cl.ChromolabError, match="peaks: this dataset has a track of that name"):
        cl.data.add_track(added, "peaks", calls)
    with pytest.raises(cl.ChromolabError, match="no file for cell type E1"):
        cl.data.add_track(ds, "peaks", {"E2": calls})


def test_contacts_reach_the_right_genes(files):
    ds = build(files[0])
    assert ds.pcres(0)[["start", "end", "frequency"]].to_numpy().tolist() == [[50_000, 51_230, 3.0]]
    assert ds.pcres(1)[["start", "end", "frequency"]].to_numpy().tolist() == [[45_000, 45_777, 2.0]]
    assert len(ds.pcres(2)) == 0 and any("contacts of E1" in line for line in ds.report)


def test_a_cell_type_without_usable_contacts_is_said_and_the_others_keep_theirs(files):
    folder, _ = files
    weak = pd.read_csv(folder / "contacts.tsv", sep="\t").assign(frequency=0.5)
    tracks = dict.fromkeys(("E1", "E2"), {m: folder / f"{m}.bw" for m in MARKS})
    both = gene_table(folder, ["E1", "E2"])
    ds = build(folder, both, tracks=tracks, contacts={"E1": folder / "contacts.tsv", "E2": weak})
    assert (ds.pcre >= 0).any(1).tolist() == [True, True, False, False, False, False]
    assert any("contacts of E2" in line and "none has a frequency above" in line for line in ds.report)
    assert any("contacts of E1" in line and "their frequency: column 'frequency'" in line for line in ds.report)
    with pytest.raises(cl.ChromolabError, match="(?s)no cell type has a usable contact.*contacts of E1.*E2"):
        build(folder, both, tracks=tracks, contacts=weak)


def test_a_matrix_of_fixed_bins_becomes_pcres(files):
    folder, _ = files
    bins = np.full((60, 60), 4.0)
    bins[10, 30] = bins[30, 10] = 40
    (folder / "m.txt").write_text("\n".join(" ".join(map(str, row)) for row in bins))
    contacts = cl.data.read_contacts(folder / "m.txt", bin_size=1000, chrom="chr1", genes=gene_table(folder))
    ds = build(folder, contacts=contacts)
    expected = 40 / ((39 * 4 + 40) / 40)  # of 40 pairs 20 bins apart
    assert ds.pcres(0).iloc[0, :4].tolist() == ["chr1", 30_000, 31_000, pytest.approx(expected)]
    assert (ds.pcre >= 0).sum(1).tolist() == [1, 0, 0]
    assert any("observed / expected by distance, in fixed bins" in line for line in ds.report)


def test_a_window_past_the_chromosome_is_masked_not_zero(files):
    depth = build(files[0]).promoter_depth(100)[2]  # TSS 1,000: the window begins at -1,000
    assert np.isnan(depth[:10]).all() and not np.isnan(depth[10:]).any()


def test_missing_is_not_zero_unless_asked(files):
    folder, _ = files
    write_bigwig(folder / "CTCF.bw", 1, gap=(10_000, 10_450))
    masked, zeroed = build(folder), build(folder, missing="zero")
    assert np.isnan(masked.promoter_depth(100)[0][20:24, 1]).all()
    assert (zeroed.promoter_depth(100)[0][20:24, 1] == 0).all()
    assert zeroed.promoter_depth(100)[0][24, 1] == pytest.approx(masked.promoter_depth(100)[0][24, 1] / 2)
    assert any("masked" in line for line in masked.report) and any("zero" in line for line in zeroed.report)


def test_a_gene_whose_tss_has_no_data_is_left_out_and_said(files):
    folder, _ = files
    write_bigwig(folder / "CTCF.bw", 1, gap=(9_500, 10_500))
    ds = build(folder)
    assert ds.genes["gene_id"].tolist() == ["G2", "G3"] and any("ENSG00000000001" in line for line in ds.report)
    write_bigwig(folder / "CTCF.bw", 1, gap=(0, 59_000))
    with pytest.raises(cl.ChromolabError, match="no gene has data"):
        build(folder)


def test_zeros_that_a_track_leaves_out_are_zeros_all_the_same(files):
    """As `bedtools genomecov -bg` writes: the same dataset as with its zeros, and the report says so."""
    folder, depth = files
    whole = build(folder)
    with pyBigWig.open(str(folder / "CTCF.bw"), "w") as file:
        file.addHeader(list(SIZES.items()))
        for chrom, values in depth["CTCF"].items():
            starts = np.arange(0, SIZES[chrom], 50)
            starts = starts[values[starts] > 0]
            file.addEntries([chrom] * len(starts), starts, ends=starts + 50, values=values[starts])
    ds = build(folder)
    np.testing.assert_array_equal(ds.promoter_depth()[:2], whole.promoter_depth()[:2])
    assert ds.promoter_depth().shape == whole.promoter_depth().shape
    assert any("zeros left out, counted as 0" in line for line in ds.report)
    assert np.isnan(build(folder, missing="mask").signal.depth[:, 1]).any()


def signed_ctcf(folder, depth):
    with pyBigWig.open(str(folder / "CTCF.bw"), "w") as file:
        file.addHeader(list(SIZES.items()))
        for chrom, values in depth["CTCF"].items():
            file.addEntries(chrom, 0, values=(values[::50] - 5).tolist(), span=50, step=50)


def test_a_signed_track_is_refused_until_its_transform_is_chosen(files):
    folder, depth = files
    signed_ctcf(folder, depth)
    with pytest.raises(cl.ChromolabError, match="CTCF: values from -5 to .*transform: none .*transform: asinh"):
        build(folder)
    for wrong, message in (("log", "'log'; expected one of 'log1p', 'none', 'asinh'"), ({"Z": "none"}, "no mark Z")):
        with pytest.raises(cl.ChromolabError, match=message):
            build(folder, transforms=wrong)


def test_a_signed_track_keeps_its_values_all_genes_and_its_transform(files, tmp_path):
    folder, depth = files
    whole = build(folder)
    signed_ctcf(folder, depth)
    ds = build(folder, transforms={"CTCF": "none"})
    assert len(ds) == 3 and ds.scales["CTCF"] == "signed" and ds.transforms == {"CTCF": "none"}
    assert any("CTCF of E1: values from -5 to" in line for line in ds.report)
    np.testing.assert_allclose(ds.promoter_depth()[..., 1], whole.promoter_depth()[..., 1] - 5, atol=1e-5)
    np.testing.assert_array_equal(ds.promoter_depth()[..., 0], whole.promoter_depth()[..., 0])
    loaded = cl.load_dataset(ds.save(tmp_path / "signed.clds"))
    assert loaded.transforms == ds.transforms and loaded.with_marks(["H3K4me3"]).transforms == {}
    with pytest.raises(cl.ChromolabError, match="transforms differ"):
        cl.concat([ds, build(folder, transforms={"CTCF": "asinh"})])


def test_missing_for_one_track_alone(files, caplog):
    """A track with values on a part of the bases only hides that part from every mark, loudly, unless it is 0 there."""
    folder, _ = files
    whole = build(folder)
    with pyBigWig.open(str(folder / "CTCF.bw"), "w") as file:
        file.addHeader(list(SIZES.items()))
        for chrom, length in SIZES.items():
            starts = np.arange(0, length - 400, 400)
            file.addEntries([chrom] * len(starts), starts, ends=starts + 200, values=1.0 + starts % 7 / 3)
    masked = build(folder, missing={"CTCF": "mask"})
    assert "If CTCF is 0 there, say so: missing: zero" in caplog.text and any(
        "most by CTCF" in line for line in masked.report
    )
    caplog.clear()
    zero = build(folder, missing={"CTCF": "zero"})
    assert "If CTCF is 0" not in caplog.text
    np.testing.assert_array_equal(zero.promoter_depth()[..., 0], whole.promoter_depth()[..., 0])
    assert not np.isnan(zero.promoter_depth()[..., 1]).any()
    with pytest.raises(cl.ChromolabError, match="missing: no mark 'Z'"):
        build(folder, missing={"Z": "zero"})


def test_genes_on_a_mitochondrion_of_two_lengths_are_left_out(files):
    folder, _ = files
    write_bigwig(folder / "H3K4me3.bw", 1, SIZES | {"chrM": 16_600})
    write_bigwig(folder / "CTCF.bw", 2, {"1": 60_000, "2": 30_000, "MT": 16_550})
    genes = gene_table(folder)
    moved = genes.assign(chrom=["chr1", "chr1", "chrM"])
    ds = build(folder, moved)
    assert ds.genes["gene_id"].tolist() == genes["gene_id"].tolist()[:2]
    assert any("1 genes left out: on a mitochondrion that differs in length" in line for line in ds.report)


def test_several_cell_types_share_nothing(files):
    folder, _ = files
    for i, mark in enumerate(MARKS):
        write_bigwig(folder / f"E2-{mark}.bw", 10 + i)
    tracks = {"E1": {m: folder / f"{m}.bw" for m in MARKS}, "E2": {m: folder / f"E2-{m}.bw" for m in MARKS}}
    genes = gene_table(folder, ["E1", "E2"])
    both = build(folder, genes, tracks=tracks, contacts={"E1": folder / "contacts.tsv"})
    assert len(both) == 6 and both.n_pcres == 3
    for cell in ("E1", "E2"):
        alone = build(folder, genes[genes["cell_type"] == cell], tracks=tracks[cell], contacts=None)
        here = both.select((both.genes["cell_type"] == cell).to_numpy())
        np.testing.assert_array_equal(here.promoter_depth(), alone.promoter_depth())
    assert (both.pcre[(both.genes["cell_type"] == "E2").to_numpy()] == -1).all()
    assert both.gene("n0", "E2").genes["expression"].tolist() == [0.0]
    with pytest.raises(cl.ChromolabError, match="name one of E1, E2"):
        both.gene("n0")


def test_a_shared_fragment_is_stored_once(files):
    folder, _ = files
    table = pd.read_csv(folder / "contacts.tsv", sep="\t")
    table.loc[1, ["start1", "end1"]] = 50_000, 51_230
    ds = build(folder, contacts=table)
    assert ds.pcre[0, 0] == ds.pcre[1, 0] and len(ds.signal.regions) == 4


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"resolutions": (1000, 300)}, "300"),
        ({"tracks": {}}, "no tracks"),
        ({"missing": "ignore"}, "missing"),
        ({"dtype": "int8"}, "dtype"),
        ({"contacts": {"E9": None}}, "E9"),
        ({"chrom_sizes": {"chr1": 59_999}}, "not of one assembly"),
    ],
)
def test_bad_arguments(files, change, word):
    with pytest.raises(cl.ChromolabError, match=word):
        build(files[0], **change)


def test_tracks_of_two_assemblies_are_refused(files):
    folder, _ = files
    write_bigwig(folder / "CTCF.bw", 1, sizes={"chr1": 70_000, "chr2": 30_000})
    with pytest.raises(cl.ChromolabError, match="not of one assembly"):
        build(folder)


def test_cell_types_need_the_same_marks(files):
    folder, _ = files
    tracks = {"E1": {m: folder / f"{m}.bw" for m in MARKS}, "E2": {"CTCF": folder / "CTCF.bw"}}
    with pytest.raises(cl.ChromolabError, match="same marks"):
        build(folder, gene_table(folder, ["E1", "E2"]), tracks=tracks)


def test_published_format(tmp_path):
    rng, rows = np.random.default_rng(0), []
    (tmp_path / "npy").mkdir()
    depth = {}
    for place in ("chr1:8000-12000", "chr1:28000-32000", "chr1:50000-51230"):
        start, end = map(int, place.split(":")[1].split("-"))
        depth[place] = rng.poisson(2, (7, end - start)).astype(np.float16)
        np.save(tmp_path / "npy" / f"{place}.npy", depth[place])
    for i, tss in enumerate((10_000, 30_000)):
        rows.append(
            {
                "gene_id": f"ENSG{i}",
                "expression": 3.0 * i,
                "eid": "E003",
                "label": i,
                "chrom": "chr1",
                "start": tss,
                "end": tss + 1,
                "strand": "+-"[i],
                "split": i + 1,
                "neighbors": "chr1:50000-51230" if i else None,
                "scores": 2.5 if i else None,
            }
        )
    pd.DataFrame(rows).to_csv(tmp_path / "meta.csv", index=False)
    arguments = dict(window=4000, resolutions=(1000, 100), dtype="float64", progress=False)
    ds = cl.read_published(tmp_path / "meta.csv", tmp_path / "npy", **arguments)
    np.testing.assert_array_equal(
        ds.promoter_depth(100)[0].T, depth["chr1:8000-12000"].reshape(7, 40, 100).mean(2, float)
    )
    assert ds.pcres(1)["frequency"].tolist() == [2.5] and len(ds.pcres(0)) == 0
    last = ds.region_depth(ds.pcre[1, 0])[-1]
    np.testing.assert_allclose(last, depth["chr1:50000-51230"][:, 1200:].mean(1, float))
    (tmp_path / "npy" / "chr1:50000-51230.npy").unlink()
    with pytest.raises(cl.ChromolabError, match="50000-51230"):
        cl.read_published(tmp_path / "meta.csv", tmp_path / "npy", **arguments)


def test_without_expression_a_model_may_be_asked_but_not_taught(files, tmp_path):
    folder, _ = files
    folds = {1: ["chr1"], 2: ["chr2"]}
    genes, report = cl.data.gene_table(
        cl.data.read_annotation(folder / "genes.gtf.gz"), None, "E1", folds=folds, window=4000
    )
    assert (genes["label"] == -1).all() and reported(report, "no expression") == 3
    ds = build(folder, genes)
    ds.save(tmp_path / "unlabelled.clds")
    ds = cl.load_dataset(tmp_path / "unlabelled.clds")
    assert (ds.labels == -1).all() and np.isnan(ds.log2_expression).all()
    model = cl.Chromoformer(marks=ds.marks, resolutions=(1000, 100), task="regression", seed=0)
    assert np.isfinite(cl.predict(model, ds)).all()
    with pytest.raises(cl.ChromolabError, match="have no expression"):
        cl.fit(model, ds.in_fold(1), validation=ds.in_fold(2), progress=False)
