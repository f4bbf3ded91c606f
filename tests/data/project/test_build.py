"""data/project/build and cl.build: a my.yaml into a dataset, whatever happens on the way, and its report."""

import html
import multiprocessing
import os
import shutil

import numpy as np
import pandas as pd
import pyBigWig
import pytest
from bench import campaign_build
from helpers.builds import left_in, stopped_after
from helpers.faulty_server import Server
from helpers.own_data import change_table, rewrite_track, write

import chromolab as cl
from chromolab.data.project import build, pieces
from chromolab.data.project.plan import make_plan
from chromolab.data.project.project import Project
from chromolab.errors import ChromolabError
from chromolab.show.cli.main import main


@pytest.mark.slow
def test_the_same_as_by_hand(own, world):
    folder, chosen = own
    ds = cl.build(write(folder, chosen), progress=False)
    genes = cl.data.gene_table(
        cl.data.read_annotation(world.gtf), cl.data.read_expression(world.expression), folds=4, window=8000
    )[0]
    by_hand = cl.build_dataset(
        genes,
        {c: {m: folder / f for m, f in d["tracks"].items()} for c, d in chosen["cell_types"].items()},
        {c: folder / f"{c}.tsv" for c in world.cell_types},
        window=8000,
        resolutions=(1000, 200),
        n_pcres=3,
        min_frequency=1.0,
        progress=False,
    )
    pd.testing.assert_frame_equal(ds.genes, by_hand.genes)
    np.testing.assert_array_equal(ds.signal.depth, by_hand.signal.depth)
    np.testing.assert_array_equal(ds.pcre, by_hand.pcre)
    assert ds.scales == by_hand.scales == dict.fromkeys(ds.marks, "depth")
    assert left_in(folder) == {"own.clds", "own.html"}
    assert "Not checked: ids" in (folder / "own.html").read_text()


@pytest.mark.slow
def test_a_second_build_finds_the_first_until_something_changes(own, monkeypatch):
    folder, chosen = own
    path = write(folder, chosen)
    cl.build(path, progress=False)
    before = (folder / "own.clds").read_bytes(), (folder / "own.html").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(build, "bin_means_many", None)
        assert len(cl.build(path, progress=False)) == 480
    cl.build(path, progress=False, again=True)
    assert ((folder / "own.clds").read_bytes(), (folder / "own.html").read_bytes()) == before
    rewrite_track(folder / "simA1-H3K4me3.bw", values=lambda v: v + 1)
    changed = cl.build(path, progress=False)
    assert (folder / "own.clds").read_bytes() != before[0] and len(changed) == 480


@pytest.mark.slow
def test_the_command_builds_and_says_where(own, capsys):
    folder, chosen = own
    assert main(["data", "build", str(write(folder, chosen)), "--processes", "1"]) == 0
    printed = capsys.readouterr().out
    assert "480 examples" in printed and str(folder / "own.html") in printed
    assert main(["data", "build", str(write(folder, chosen | {"widow": 1}))]) == 1
    assert "did you mean 'window'" in capsys.readouterr().err


@pytest.mark.slow
def test_an_interrupted_build_goes_on_where_it_was(own, monkeypatch):
    folder, chosen = own
    path = write(folder, chosen)
    cl.build(path, progress=False)
    whole = (folder / "own.clds").read_bytes()
    (folder / "own.clds").unlink(), (folder / "own.html").unlink()
    with stopped_after(monkeypatch, 3):
        cl.build(path, 1, progress=False)
    assert left_in(folder) == {".own.clds.pieces"}
    project = Project(path)
    project.pieces = pieces.Kept(folder / ".own.clds.pieces")
    assert "3 of them kept" in str(make_plan(project))
    read, asked = build.bin_means_many, []
    monkeypatch.setattr(build, "bin_means_many", lambda tracks, *a, **k: asked.extend(tracks) or read(tracks, *a, **k))
    cl.build(path, progress=False)
    assert asked == ["H3K4me3", "H3K27ac", "H3K36me3"]  # of simB1; those of simA1 were kept
    assert (folder / "own.clds").read_bytes() == whole and left_in(folder) == {"own.clds", "own.html"}


@pytest.mark.slow
def test_a_file_that_changed_in_between_is_read_anew(own, monkeypatch):
    folder, chosen = own
    path = write(folder, chosen)
    with stopped_after(monkeypatch, 4):
        cl.build(path, 1, progress=False)
    stat = (folder / "simA1-H3K4me3.bw").stat()
    rewrite_track(folder / "simA1-H3K4me3.bw", values=lambda v: v * 2)
    os.utime(folder / "simA1-H3K4me3.bw", ns=(stat.st_atime_ns, stat.st_mtime_ns))  # the time of writing tells nothing
    cl.build(path, progress=False)
    resumed = (folder / "own.clds").read_bytes()
    cl.build(path, progress=False, again=True)
    assert resumed == (folder / "own.clds").read_bytes()


def reads_of(folder, world) -> dict:
    """Settings of one cell type whose tracks are aligned reads, which do not say how long chromosomes are."""
    rng = np.random.default_rng(0)
    for name in ("a.tagAlign", "b.tagAlign"):
        chrom, start = rng.integers(1, 5, 40_000), rng.integers(0, 2_500_000, 40_000)
        rows = (f"chr{c}\t{s}\t{s + 36}\tN\t1000\t+\n" for c, s in zip(chrom, start, strict=True))
        (folder / name).write_text("".join(rows))
    return {"cell_types": {"simA1": {"tracks": {"H3K4me3": "a.tagAlign", "H3K27ac": "b.tagAlign"}}}}


@pytest.mark.slow
def test_other_chromosome_lengths_in_between_are_no_mixture(own, world, monkeypatch):
    folder, chosen = own
    path = write(folder, chosen | reads_of(folder, world) | {"window": 200_000})
    with stopped_after(monkeypatch, 1):
        cl.build(path, 1, progress=False)
    genes = cl.data.read_annotation(world.gtf)
    ends = {c: genes.loc[genes["chrom"] == c, "end"].max() + 500 for c in genes["chrom"].unique()}  # in windows
    (folder / "chrom.sizes").write_text("".join(f"{c}\t{end}\n" for c, end in ends.items()))
    cl.build(path, progress=False)
    resumed = (folder / "own.clds").read_bytes()
    cl.build(path, progress=False, again=True)
    assert resumed == (folder / "own.clds").read_bytes()


@pytest.mark.slow
def test_the_assembly_alone_says_how_long_chromosomes_are(own, world):
    folder, chosen = own
    del chosen["chrom_sizes"]
    chosen |= reads_of(folder, world) | {"assembly": "hg19"}
    ds = cl.build(write(folder, chosen), progress=False)
    assert len(ds) == 240 and ds.scales == {"H3K4me3": "depth", "H3K27ac": "depth"}
    found = cl.doctor(folder / "my.yaml")
    assert not any("how long its chromosomes" in f.seen for f in found) and "content" in {f.check for f in found}
    chosen["cell_types"]["simA1"]["expression"] = {"track": "a.tagAlign"}
    assert (cl.build(write(folder, chosen), progress=False).labels >= 0).all()


@pytest.mark.slow
def test_a_file_that_changes_while_it_is_read_is_refused(own, monkeypatch):
    folder, chosen = own
    path, read = write(folder, chosen), build.bin_means_many

    def meanwhile(tracks, *arguments, **named):
        found = read(tracks, *arguments, **named)
        rewrite_track(folder / "simA1-H3K4me3.bw", values=lambda v: v * 2)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(build, "bin_means_many", meanwhile)
        with pytest.raises(ChromolabError, match=r"simA1-H3K4me3.bw: changed while the dataset was being built"):
            cl.build(path, 1, progress=False)
    assert not (folder / "own.clds").exists()
    table = folder / "rpkm.tsv"
    with monkeypatch.context() as patch:  # one that was read before the tracks
        patch.setattr(build, "assemble", lambda *a, **k: table.write_text(table.read_text() + "\n"))
        with pytest.raises(ChromolabError, match="rpkm.tsv: changed while"):
            cl.build(path, 1, progress=False)
    assert not (folder / "own.clds").exists()


@pytest.mark.slow
def test_a_full_disk_is_said_and_what_was_done_is_kept(own):
    folder, chosen = own
    path = write(folder, chosen)

    def small_files(said):
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
        try:
            cl.build(path, 1, progress=False)
        except ChromolabError as error:
            said.send(str(error))

    mine, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=small_files, args=(theirs,))
    child.start()
    said = mine.recv() if mine.poll(120) else "nothing"
    child.join(60)
    assert "File too large" in said and not (folder / "own.clds").exists()
    assert len(cl.build(path, progress=False)) == 480 and left_in(folder) == {"own.clds", "own.html"}


@pytest.mark.slow
def test_one_build_at_a_time(own):
    folder, chosen = own
    with pieces.Pieces(folder / ".own.clds.pieces"), pytest.raises(ChromolabError, match="another build"):
        cl.build(write(folder, chosen), progress=False)
    assert len(cl.build(write(folder, chosen), progress=False)) == 480


# ---------------------------------------------------------------- what people have


@pytest.mark.slow
def test_without_expression(own):
    folder, chosen = own
    del chosen["expression"]
    ds = cl.build(write(folder, chosen), progress=False)
    assert (ds.labels == -1).all() and any("none; every label is -1" in line for line in ds.report)
    assert "No gene has expression" in (folder / "own.html").read_text()


@pytest.mark.slow
def test_expression_from_rna_tracks(own, world):
    folder, chosen = own
    genes, rng = cl.data.read_annotation(world.gtf), np.random.default_rng(0)
    depth = {s: {f"chr{i}": np.repeat(rng.poisson(3, 30_000), 100).astype(float) for i in range(1, 5)} for s in "+-"}
    for strand, name in (("+", "plus.bw"), ("-", "minus.bw")):
        with pyBigWig.open(str(folder / name), "w") as track:
            track.addHeader([(c, 3_000_000) for c in depth[strand]])
            for chrom, values in depth[strand].items():
                track.addEntries(chrom, 0, values=values[::100], span=100, step=100)
    chosen["cell_types"]["simA1"]["expression"] = {"forward": "plus.bw", "reverse": "minus.bw", "over": 700}
    chosen["cell_types"]["simB1"]["expression"] = {"track": "plus.bw", "over": "gene"}
    ds = cl.build(write(folder, chosen), progress=False)
    for row in genes.itertuples():
        a = row.tss if row.strand == "+" else row.tss - 699
        here = ds.genes[ds.genes["gene_id"] == row.gene_id].set_index("cell_type")["expression"]
        assert here["simA1"] == pytest.approx(depth[row.strand][row.chrom][a : a + 700].mean())
        assert here["simB1"] == pytest.approx(depth["+"][row.chrom][row.start : row.end].mean())
    assert any("mean RNA signal (plus.bw and minus.bw) over 700 bp" in line for line in ds.report)


@pytest.mark.slow
def test_the_folds_of_all_cell_types_are_the_same(own):
    folder, chosen = own
    chosen["folds"] = 3
    change_table(folder / "rpkm.tsv", lambda t: t.iloc[::2])
    genes = cl.build(write(folder, chosen), progress=False).genes
    assert len(genes[["gene_id", "fold"]].drop_duplicates()) == 120 and set(genes["fold"]) == {1, 2, 3}


@pytest.mark.slow
def test_a_track_of_all_cell_types_and_one_of_fewer_chromosomes(own):
    folder, chosen = own
    shutil.copy(folder / "simA1-H3K27ac.bw", folder / "ctcf.bw")
    with pyBigWig.open(str(folder / "ctcf.bw"), "w") as track:
        track.addHeader([("1", 3_000_000), ("2", 3_000_000), ("3", 3_000_000)])  # named otherwise; chr4 is not in it
        for i in "123":
            track.addEntries([i], [0], ends=[3_000_000], values=[1.5])
    chosen["extra_tracks"] = {"CTCF": {"file": "ctcf.bw", "scale": "unknown"}}
    chosen["folds"] = 3
    ds = cl.build(write(folder, chosen), progress=False)
    assert ds.marks == ("H3K4me3", "H3K27ac", "H3K36me3", "CTCF") and set(ds.genes["chrom"]) == {"chr1", "chr2", "chr3"}
    assert (ds.promoter_depth()[..., 3] == 1.5).mean() > 0.95 and ds.scales["CTCF"] == "unknown"
    assert any("on a chromosome that a track lacks" in line for line in ds.report)


def test_broken_files_are_not_built(own):
    folder, chosen = own
    del chosen["cell_types"]["simB1"]["tracks"]["H3K27ac"]
    with pytest.raises(ChromolabError, match="simB1 lacks H3K27ac"):
        cl.build(write(folder, chosen), progress=False)
    chosen["cell_types"]["simB1"]["tracks"]["H3K27ac"] = "gone.bw"
    with pytest.raises(ChromolabError, match=r"line \d+: .*gone.bw: no such file"):
        cl.build(write(folder, chosen), progress=False)
    assert left_in(folder) == set()


def test_the_report_escapes_what_comes_from_data(own, monkeypatch):
    folder, chosen = own
    bad = "<script>alert(1)</script>&\"'"
    (folder / "simA1-H3K27ac.bw").rename(folder / "x<b>&.bw")
    chosen["name"] = bad
    chosen["cell_types"] = {bad: chosen["cell_types"]["simA1"] | {"expression": "simA1"}}
    chosen["cell_types"][bad]["tracks"] = {"H3K4me3": "simA1-H3K4me3.bw", bad: "x<b>&.bw"}
    cl.build(write(folder, chosen), progress=False)
    page = (folder / "own.html").read_text()
    assert html.escape(bad) in page and "x&lt;b&gt;&amp;.bw" in page
    for wrong in ("<script", "x<b>", "alert(1)</script>", "http://", "https://", "src="):
        assert wrong not in page
    assert len(page) < 1_000_000


# ---------------------------------------------------------------- tests/bench/campaign_build.py, small


@pytest.fixture(scope="module")
def campaign(tmp_path_factory, tiny_world):
    return campaign_build.Campaign(tmp_path_factory.mktemp("campaign"), tiny_world, seed=0)


@pytest.mark.slow
def test_a_killed_build_ends_with_the_same_bytes(campaign):
    assert campaign.kills(3)["builds that ended with the same bytes"] >= 1


@pytest.mark.slow
@pytest.mark.parametrize("fault", campaign_build.FAULTS, ids=lambda f: f.__name__)
def test_a_build_in_trouble_ends_with_the_same_bytes(campaign, fault):
    assert fault(campaign)


# ---------------------------------------------------------------- files of the data manifest

SOURCE = """title: simulated
provider: The test server
placeholders:
  cell: {{meaning: a cell type, values: [simA1, simB1]}}
  mark: {{meaning: a mark, values: [H3K4me3, H3K27ac, H3K36me3]}}
address: {address}/{{cell}}-{{mark}}.bw
mirrors: []
absent: [{{cell: [simB1], mark: [H3K27ac]}}]
assembly: hg19
format: bigWig
scale: {scale}
licence: none
citation: none
page: {address}
checksums: null
"""


@pytest.mark.slow
def test_tracks_of_the_manifest_are_fetched_once(own, monkeypatch, capsys):
    folder, chosen = own
    names = [f"{cell}-{mark}.bw" for cell in chosen["cell_types"] for mark in ("H3K4me3", "H3K27ac", "H3K36me3")]
    expected = cl.build(write(folder, chosen), progress=False).signal.depth
    monkeypatch.setenv("CHROMOLAB_CACHE", str(folder / "cache"))
    monkeypatch.setenv("CHROMOLAB_MANIFEST", str(folder / "manifest"))
    (folder / "manifest").mkdir()
    with Server({f"/{name}": (folder / name).read_bytes() for name in names}) as server:
        (folder / "manifest" / "tests.yaml").write_text(SOURCE.format(address=server.address, scale="depth"))
        for cell, described in chosen["cell_types"].items():
            described["tracks"] = {mark: {"source": "tests"} for mark in ("H3K4me3", "H3K36me3")}
            where = {"source": "tests", "of": {"cell": "simA1"}} if cell == "simB1" else {"source": "tests"}
            described["tracks"]["H3K27ac"] = where
        path = write(folder, chosen)
        assert main(["data", "build", str(path), "--dry-run"]) == 0
        assert "5 file(s) to fetch first" in capsys.readouterr().out and not server.log
        assert main(["doctor", str(path)]) == 1 and "tests/simA1-H3K4me3.bw: no such file" in capsys.readouterr().out
        ds = cl.build(path, progress=False)
        assert len(server.log) == 5
        cl.build(path, progress=False, again=True)
        assert len(server.log) == 5
        np.testing.assert_array_equal(ds.signal.depth[:, 0], expected[:, 0])
        chosen["cell_types"]["simB1"]["tracks"]["H3K27ac"] = {"source": "tests"}
        with pytest.raises(ChromolabError, match=r"my.yaml, line \d+: The test server has no H3K27ac for simB1"):
            cl.build(write(folder, chosen), progress=False)
    with pytest.raises(ChromolabError, match="of hg19, this dataset of mm10"):
        cl.build(write(folder, chosen | {"assembly": "mm10"}), progress=False)


@pytest.mark.slow
def test_the_scale_of_the_manifest_is_kept_unless_the_yaml_says_another(own, monkeypatch):
    folder, chosen = own
    del chosen["cell_types"]["simB1"]
    tracks = chosen["cell_types"]["simA1"]["tracks"]
    for name in tracks.values():
        rewrite_track(folder / name, values=lambda v: v * 0.37)  # whole numbers would tell that they are depth
    monkeypatch.setenv("CHROMOLAB_CACHE", str(folder / "cache"))
    monkeypatch.setenv("CHROMOLAB_MANIFEST", str(folder / "manifest"))
    (folder / "manifest").mkdir()
    with Server({f"/{name}": (folder / name).read_bytes() for name in tracks.values()}) as server:
        for name, scale in (("folds", "fold change"), ("logs", "-log10 p")):
            source = SOURCE.format(address=server.address, scale=scale)
            (folder / "manifest" / f"{name}.yaml").write_text(source)
        tracks |= {"H3K4me3": {"source": "folds"}, "H3K27ac": {"source": "logs"}}
        tracks["H3K36me3"] = {"source": "logs", "scale": "depth"}
        ds = cl.build(write(folder, chosen), progress=False)
    assert ds.scales == {"H3K4me3": "fold_change", "H3K27ac": "neg_log10_p", "H3K36me3": "depth"}
    said = {f.seen for f in cl.doctor(folder / "my.yaml") if f.check == "scale"}
    assert not any("unknown for" in text for text in said)
