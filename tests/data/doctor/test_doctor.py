"""data/doctor: each planted fault is found and nothing else is; sound files pass."""

import copy
import re

import hypothesis
import numpy as np
import pyBigWig
import pytest
from helpers.own_data import binned_track, change_gtf, change_table, drop_zeros, healthy, rewrite_track, shifted, write
from hypothesis import strategies as st

import chromolab as cl
from chromolab.data.doctor import check_signal, patient
from chromolab.data.doctor.findings import Findings, note, ok
from chromolab.show.cli.main import main

SHIFT = 117_000


@pytest.fixture
def own(tmp_path, world):
    """A folder of sound files, and its settings."""
    return tmp_path, healthy(tmp_path, world)


@pytest.fixture(scope="module")
def small(tmp_path_factory, tiny_world):
    """Sound files that are read quickly."""
    folder = tmp_path_factory.mktemp("small")
    return folder, healthy(folder, tiny_world, marks=("H3K4me3",), cells=["simB1"]) | {"folds": 3}


@pytest.mark.slow
def test_healthy_files_are_let_alone(own):
    found = cl.doctor(write(*own))
    assert not found.problems and [f.check for f in found.skipped] == ["coordinates"]
    assert "no second annotation" in found.skipped[0].seen
    checks = {
        "files",
        "assembly",
        "names",
        "marks",
        "ids",
        "genes",
        "expression",
        "folds",
        "contacts",
        "content",
        "scale",
        "strands",
    }
    assert checks == {f.check for f in found if f.state == "ok"}


def test_contacts_by_distance_are_looked_at_as_a_list_of_elements(small):
    folder, settings = small
    settings = copy.deepcopy(settings)
    genes = cl.data.read_annotation(folder / "genes.gtf")

    def found(name, move=lambda c: c):
        lines = [f"{move(g.chrom)}\t{g.tss + 50_000}\t{g.tss + 50_500}\n" for g in genes.itertuples()]
        (folder / name).write_text("".join(lines))
        settings["cell_types"]["simB1"]["contacts"] = {"elements": name}
        return cl.doctor(write(folder, settings))

    sound = [f for f in found("peaks.bed") if f.check == "contacts"]
    assert [f.state for f in sound] == ["ok"] and "by distance alone" in sound[0].seen
    assert "Are both of the same assembly?" in str(found("other.bed", lambda c: f"other_{c}"))


def swap_strands(fields):
    return [*fields[:6], {"+": "-", "-": "+"}[fields[6]], *fields[7:]]


def move(fields):
    return [*fields[:3], str(int(fields[3]) + SHIFT), str(int(fields[4]) + SHIFT), *fields[5:]]


def another_assembly_by_length(folder, settings):
    rewrite_track(folder / "simB1-H3K27ac.bw", sizes=lambda size: size + 1000)


def another_assembly_by_place(folder, settings):
    """Genes and contacts of one assembly, tracks of another whose chromosomes are as long."""
    change_gtf(folder / "genes.gtf", lambda f: move(f) if int(f[4]) + SHIFT < 3_000_000 else f)
    for cell in settings["cell_types"]:
        change_table(folder / f"{cell}.tsv", lambda t: shifted(SHIFT)(t[t[["end1", "end2"]].max(axis=1) < 2_860_000]))


def genes_past_the_end(folder, settings):
    change_gtf(folder / "genes.gtf", lambda f: [*f[:4], str(int(f[4]) + 1_000_000), *f[5:]] if f[2] == "gene" else f)
    settings["annotation"]["feature"] = "gene"


def other_chromosomes(folder, settings):
    change_gtf(folder / "genes.gtf", lambda f: [f[0].replace("chr", "scaffold_"), *f[1:]])


def swapped_strands(folder, settings):
    change_gtf(folder / "genes.gtf", swap_strands)


def one_strand(folder, settings):
    # no contacts, and no promoter mark: what else would follow from it is found by other checks
    change_gtf(folder / "genes.gtf", lambda f: [*f[:6], "+", *f[7:]])
    for cell in settings["cell_types"].values():
        cell["tracks"].pop("H3K4me3"), cell["tracks"].pop("H3K27ac"), cell.pop("contacts")


def fold_change_beside_depth(folder, settings):
    rewrite_track(folder / "simB1-H3K27ac.bw", values=lambda v: v * 0.37)
    (folder / "simB1-H3K27ac.bw").rename(folder / "simB1-H3K27ac.fc.signal.bw")
    settings["cell_types"]["simB1"]["tracks"]["H3K27ac"] = "simB1-H3K27ac.fc.signal.bw"


def another_scale_than_declared(folder, settings):
    for cell in settings["cell_types"].values():
        cell["tracks"]["H3K27ac"] = {"file": cell["tracks"]["H3K27ac"], "scale": "fold_change"}


def an_unknown_scale(folder, settings):
    for cell in settings["cell_types"]:
        rewrite_track(folder / f"{cell}-H3K27ac.bw", values=lambda v: v * 0.37)


def a_constant_track(folder, settings):
    rewrite_track(folder / "simB1-H3K4me3.bw", values=lambda v: 1)


def an_empty_track(folder, settings):
    rewrite_track(folder / "simB1-H3K36me3.bw", keep=lambda chrom, start: chrom == "chr1" and start < 100)


def the_same_track_twice(folder, settings):
    settings["cell_types"]["simB1"]["tracks"]["H3K27ac"] = "simA1-H3K27ac.bw"


def a_copied_track(folder, settings):
    (folder / "simB1-H3K27ac.bw").write_bytes((folder / "simB1-H3K4me3.bw").read_bytes())


def negative_values(folder, settings):
    rewrite_track(folder / "simB1-H3K27ac.bw", values=lambda v: v - 3)
    rewrite_track(folder / "simA1-H3K27ac.bw", values=lambda v: v - 3)
    for cell in settings["cell_types"].values():
        cell["tracks"]["H3K27ac"] = {"file": cell["tracks"]["H3K27ac"], "scale": "unknown"}


def zeros_left_out(folder, settings):
    drop_zeros(folder / "simB1-H3K27ac.bw")


def fractions_with_gaps(folder, settings):
    drop_zeros(folder / "simB1-H3K27ac.bw", lambda v: v**0.77)


def called_places(folder, settings):
    rewrite_track(folder / "simB1-H3K27ac.bw", values=lambda v: v > 3)


def reads_per_bin(folder, settings):
    binned_track(folder / "simB1-H3K27ac.bw", 100)


def a_missing_mark(folder, settings):
    del settings["cell_types"]["simB1"]["tracks"]["H3K27ac"]


def a_truncated_track(folder, settings):
    path = folder / "simB1-H3K27ac.bw"
    path.write_bytes(path.read_bytes()[:-1000])


def a_missing_file(folder, settings):
    settings["expression"]["file"] = "gone.tsv"


def windows_past_the_chromosome(folder, settings):
    settings["window"] = 1_000_000


def ids_with_a_version(folder, settings):
    change_table(folder / "rpkm.tsv", lambda t: t.assign(gene_id=t["gene_id"] + ".2"))


def ids_that_are_names(folder, settings):
    rename = re.compile('gene_id "([^"]+)"(.*)gene_name "[^"]+"')
    change_gtf(folder / "genes.gtf", lambda f: [*f[:8], rename.sub(r'gene_id "\1"\2gene_name "N\1"', f[8])])
    change_table(folder / "rpkm.tsv", lambda t: t.assign(gene_id="N" + t["gene_id"]))


def a_logarithm(folder, settings):
    change_table(folder / "rpkm.tsv", lambda t: t.assign(**{c: np.log2(t[c] + 1) for c in t.columns[1:]}))


def counts_for_rpkm(folder, settings):
    change_table(folder / "rpkm.tsv", lambda t: t.assign(**{c: (t[c] * 97).round().astype(int) for c in t.columns[1:]}))


def expected_counts_for_rpkm(folder, settings):
    change_table(folder / "rpkm.tsv", lambda t: t.assign(**{c: t[c] * 997.3 + 150 for c in t.columns[1:]}))


def a_column_of_tpm(folder, settings):
    change_table(folder / "rpkm.tsv", lambda t: t.rename(columns={"simB1": "simB1_TPM"}))
    settings["cell_types"]["simB1"]["expression"] = "simB1_TPM"


def names_made_dates(folder, settings):
    ids_that_are_names(folder, settings)
    settings["expression"]["match"] = "gene_name"
    change_table(folder / "rpkm.tsv", lambda t: t.assign(gene_id=["1-Mar", "2-Sep", *t["gene_id"][2:]]))


def transcripts_for_genes(folder, settings):
    rows = [f"ENST{i:011d}.2|OTT1|{i}|" for i in range(10_000)]
    change_table(folder / "rpkm.tsv", lambda t: t.assign(gene_id=rows[: len(t)]))


def the_same_column_twice(folder, settings):
    settings["cell_types"]["simB1"]["expression"] = "simA1"


def one_fold(folder, settings):
    settings["folds"] = {1: [f"chr{i}" for i in range(1, 5)]}


def two_folds(folder, settings):
    settings["folds"] = 2


def contacts_of_another_assembly(folder, settings):
    change_table(folder / "simB1.tsv", lambda t: shifted(SHIFT)(t[t[["end1", "end2"]].max(axis=1) < 2_860_000]))


def contacts_past_the_end(folder, settings):
    change_table(folder / "simB1.tsv", shifted(400_000))


def contacts_of_another_species(folder, settings):
    change_table(folder / "simB1.tsv", lambda t: t.assign(chrom1="contig_1", chrom2="contig_1"))


def contacts_from_one(folder, settings):
    change_table(folder / "simB1.tsv", lambda t: t.assign(start1=t["start1"] + 1, start2=t["start2"] + 1))


def a_threshold_above_all(folder, settings):
    settings["cell_types"]["simB1"]["contacts"]["min_frequency"] = 1000


def read_counts_above_any_threshold(folder, settings):
    change_table(folder / "simB1.tsv", lambda t: t.assign(frequency=t["frequency"] * 100))


def an_annotation_that_counts_from_one(folder, settings):
    settings["annotation"]["compare"] = "other.gtf"
    (folder / "other.gtf").write_text((folder / "genes.gtf").read_text())
    change_gtf(folder / "other.gtf", lambda f: [*f[:3], str(int(f[3]) + 1), *f[4:]])


def exchanged_marks(folder, settings):
    tracks = settings["cell_types"]["simB1"]["tracks"]
    tracks["H3K4me3"], tracks["H3K36me3"] = tracks["H3K36me3"], tracks["H3K4me3"]


def contacts_moved_by_one_base(folder, settings):
    change_table(folder / "simB1.tsv", lambda t: at_the_end(shifted(1)(t)))


def at_the_end(table):
    """With a fragment at the chromosome's end, as tables of whole genomes have them."""
    return table.assign(end2=table["end2"].where(table["end2"] < table["end2"].max(), 3_000_001))


def genes_shifted_for_the_most_part(folder, settings):
    seen = {}

    def moved(fields):
        gene = re.search('gene_id "([^"]+)"', fields[8])[1]
        chosen = seen.setdefault(gene, len(seen) % 8 > 0)
        return move(fields) if chosen and int(fields[4]) + SHIFT < 3_000_000 else fields

    change_gtf(folder / "genes.gtf", moved)
    for cell in settings["cell_types"].values():
        cell["tracks"].pop("H3K36me3"), cell.pop("contacts")


def a_track_without_entries(folder, settings):
    with pyBigWig.open(str(folder / "simB1-H3K27ac.bw"), "w") as track:
        track.addHeader([(f"chr{i}", 3_000_000) for i in range(1, 5)])


def an_extra_track_that_is_one_of_the_own(folder, settings):
    settings["extra_tracks"] = {"CTCF": "simB1-H3K27ac.bw"}


FAULTS = [
    (exchanged_marks, "content", None, "does not look like H3K4me3"),
    (contacts_moved_by_one_base, None, "coordinates", "moved by one base"),
    (genes_shifted_for_the_most_part, None, "assembly", "lie elsewhere"),
    (a_track_without_entries, "content", None, "H3K27ac of simB1 .*0 values"),
    (an_extra_track_that_is_one_of_the_own, "content", None, "CTCF of simB1 .*same signal as H3K27ac of simB1"),
    (another_assembly_by_length, "assembly", None, "of one assembly"),
    (another_assembly_by_place, "assembly", None, "different assemblies"),
    (genes_past_the_end, "assembly", None, "another assembly"),
    (other_chromosomes, "names", None, "scaffold_"),
    (swapped_strands, "strands", None, "exchange \\+ and -"),
    (one_strand, "strands", None, "100% of the genes"),
    (fold_change_beside_depth, "scale", None, "recalibrate"),
    (another_scale_than_declared, "scale", None, "looks like depth"),
    (an_unknown_scale, None, "scale", "Say it with scale"),
    (a_constant_track, "content", None, "1 in all of"),
    (an_empty_track, "content", None, "no data around any"),
    (the_same_track_twice, "content", None, "same signal as H3K27ac of simA1"),
    (a_copied_track, "content", None, "same signal as H3K4me3 of simB1"),
    (negative_values, "scale", None, "write transform: none"),
    (zeros_left_out, None, "missing", "count as 0, in H3K27ac of simB1"),
    (fractions_with_gaps, "missing", "scale", "no value is 0: were zeros left out"),
    (called_places, None, "scale", "calls: H3K27ac of simB1 .no value but 1"),
    (reads_per_bin, None, "scale", "counts: H3K27ac of simB1 .whole numbers, one per 100 bp"),
    (a_missing_mark, "marks", None, "simB1 lacks H3K27ac"),
    (a_truncated_track, "files", None, "truncated"),
    (a_missing_file, "files", None, "gone.tsv"),
    (windows_past_the_chromosome, None, "genes", "smaller window"),
    (ids_with_a_version, "ids", None, "version suffixes"),
    (ids_that_are_names, "ids", None, "match: gene_name"),
    (a_logarithm, None, "expression", "looks like a logarithm"),
    (counts_for_rpkm, None, "expression", "whole numbers only, .* as counts are Write the right unit"),
    (expected_counts_for_rpkm, None, "expression", "in all, as counts are Write the right unit"),
    (a_column_of_tpm, None, "expression", "called 'simB1_TPM', the unit is RPKM Write the right unit"),
    (names_made_dates, None, "ids", "dates or powers of ten .1-Mar, 2-Sep. A spreadsheet made them"),
    (transcripts_for_genes, "ids", None, "rows are transcripts: sum them by gene"),
    (the_same_column_twice, "expression", None, "same values"),
    (one_fold, "folds", None, "folds: 4"),
    (two_folds, None, "folds", "folds: 4"),
    (contacts_of_another_assembly, "contacts", None, "another assembly"),
    (contacts_past_the_end, "contacts", None, "past their chromosome's end"),
    (contacts_of_another_species, "contacts", None, "of one species"),
    (contacts_from_one, None, "coordinates", "one_based: true"),
    (a_threshold_above_all, "contacts", None, "min_frequency"),
    (read_counts_above_any_threshold, None, "contacts", "does nothing here"),
    (an_annotation_that_counts_from_one, "coordinates", None, "counts from 1"),
]


BETWEEN_CELL_TYPES = {
    exchanged_marks,
    another_assembly_by_length,
    fold_change_beside_depth,
    the_same_track_twice,
    a_missing_mark,
    the_same_column_twice,
}


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "broken", "note", "word"), FAULTS, ids=[f[0].__name__ for f in FAULTS])
def test_each_fault_is_found_and_nothing_else(own, fault, broken, note, word):
    folder, settings = own
    if fault not in BETWEEN_CELL_TYPES:
        del settings["cell_types"]["simA1"]
    fault(folder, settings)
    found = cl.doctor(write(folder, settings))
    assert {f.check for f in found.broken} == ({broken} if broken else set()), found
    assert {f.check for f in found.notes} == ({note} if note else set()), found
    assert any(re.search(word, f"{f.seen} {f.remedy}") for f in [*found.broken, *found.notes]), found
    assert all(f.seen and f.expected and f.remedy for f in [*found.broken, *found.notes])


@pytest.mark.slow
def test_of_two_cell_types_the_broken_track_is_named_and_the_others_are_looked_at(own):
    folder, settings = own
    a_track_without_entries(folder, settings)
    rewrite_track(folder / "simA1-H3K27ac.bw", values=lambda v: 2)
    found = cl.doctor(write(folder, settings))
    assert [f.seen.split(" (")[0] for f in found.broken] == ["H3K27ac of simA1", "H3K27ac of simB1"]
    assert {"assembly", "strands", "contacts", "scale"} <= {f.check for f in found if f.state == "ok"}


def test_what_cannot_be_checked_is_said(own):
    folder, settings = own
    for cell in settings["cell_types"].values():
        cell["tracks"] = {"H3K27me3": cell["tracks"]["H3K36me3"]}
        del cell["contacts"]
    said = {(f.check, f.seen) for f in cl.doctor(write(folder, settings)).skipped}
    assert {check for check, _ in said} == {"assembly", "strands", "coordinates", "contacts"}
    assert all("not checked: " in seen for _, seen in said) and any("no track of H3K4me3" in seen for _, seen in said)
    other_chromosomes(folder, settings)
    said = {f.check: f.seen for f in cl.doctor(write(folder, settings)).skipped}
    assert {"ids", "genes", "content", "scale", "at tss", "contacts"} <= set(said) and "correct first" in said["genes"]


def test_a_track_that_stops_near_the_tss_is_not_judged_by_what_lies_away(own, world):
    folder, settings = own
    del settings["cell_types"]["simA1"]
    near = {}
    for chrom, genes in world.genes("simB1").groupby("chrom"):
        tss = np.sort(genes["tss"].to_numpy())
        gap = np.diff(tss, prepend=-np.inf, append=np.inf)
        near[chrom] = tss[np.minimum(gap[1:], gap[:-1]) > 13_000]  # no other gene's promoter lies in the window
    for mark in ("H3K4me3", "H3K27ac", "H3K36me3"):
        rewrite_track(folder / f"simB1-{mark}.bw", keep=lambda c, start: np.abs(near[c] - start).min() < 2_000)
    found = cl.doctor(write(folder, settings))
    assert not {"assembly", "strands"} & {f.check for f in found.problems}, found
    assert {"assembly", "strands"} <= {f.check for f in found.skipped if "only near their TSSs" in f.seen}, found


@pytest.mark.slow
def test_the_command_says_it_and_fails(own, capsys):
    folder, settings = own
    path = write(folder, settings)
    assert main(["doctor", str(path)]) == 0
    assert "0 broken, 0 worth knowing" in capsys.readouterr().out
    one_fold(folder, settings)
    assert main(["doctor", str(write(folder, settings))]) == 1
    printed = capsys.readouterr().out
    assert "broken  folds: 1 folds of 240 genes" in printed and "-> Give folds: 4" in printed


def test_a_broken_yaml_is_a_finding_with_its_line(own, capsys):
    folder, settings = own
    path = write(folder, settings | {"widow": 3})
    assert main(["doctor", str(path)]) == 1
    assert "unknown key 'widow'; did you mean 'window'?" in capsys.readouterr().out


NASTY = [
    10**30,
    10**12,
    -1,
    0,
    1.5,
    float("inf"),
    float("nan"),
    True,
    None,
    "",
    ".",
    "/",
    "~nosuchuser/x",
    "x" * 5000,
    "a\0b",
    "\ud800",
    "nope",
    "rpkm.tsv",
    "genes.gtf",
    [],
    [1],
    ["chr1"],
    {},
    {"a": "b"},
    {"1": ["chr1"]},
    {"source": "nope"},
    {"file": "rpkm.tsv"},
]
TOP = (
    "chrom_sizes",
    "assembly",
    "annotation",
    "expression",
    "cell_types",
    "out",
    "within",
    "folds",
    "window",
    "resolutions",
    "n_pcres",
    "min_frequency",
    "missing",
    "published",
    "extra_tracks",
)
CONTACTS = (
    "format",
    "columns",
    "frequency",
    "where",
    "one_based",
    "bin_size",
    "chrom",
    "promoter_flank",
    "min_frequency",
)
PLACES = [
    *((name,) for name in TOP),
    *(("annotation", name) for name in ("tss", "feature", "gene_types", "compare")),
    *(("expression", name) for name in ("id_column", "match", "header", "decimal")),
    *(("cell_types", "simB1", *rest) for rest in ((), ("tracks",), ("tracks", "H3K4me3"), ("contacts",))),
    *(("cell_types", "simB1", "contacts", name) for name in CONTACTS),
    ("cell_types", "simB1", "expression"),
]


@pytest.mark.slow
@hypothesis.settings(deadline=None, max_examples=120)
@hypothesis.given(st.sampled_from(PLACES), st.sampled_from(NASTY))
def test_whatever_stands_in_the_yaml_is_a_finding(small, place, value):
    folder, whole = small
    changed = copy.deepcopy(whole)
    part = changed
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    found = cl.doctor(write(folder, changed))
    assert len(found)
    told = [f.seen for f in found.broken if "my.yaml" not in f.seen and "Error" in f.seen]
    assert not told, told


@pytest.mark.parametrize(
    ("place", "value", "word"),
    [
        (("annotation", "feature"), "nope", "no nope rows"),
        (("annotation", "tss"), "nope", "expected one of outermost"),
        (("expression", "id_column"), "nope", "no column 'nope'"),
        (("within",), "rpkm.tsv", "expected chrom, start"),
        (("chrom_sizes",), "rpkm.tsv", "a chromosome and its length"),
        (("folds",), 9, "expected 1 to 3"),
        (("folds",), "rpkm.tsv", "expected chrom, start"),
        (("folds",), {"1": ["chr77"]}, "no gene is left"),
        (("folds",), {"1": ["chr1"], "2": ["1", "chr2"]}, "is in fold 1 and in fold 2"),
    ],
)
def test_the_line_of_what_does_not_fit_is_named(small, place, value, word):
    folder, changed = small[0], copy.deepcopy(small[1])
    part = changed
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    told = [f.seen for f in cl.doctor(write(folder, changed)).broken]
    assert any(re.search(rf"my.yaml, line \d+: .*{word}", text) for text in told), told


def test_findings_show_as_a_table_and_escape(own):
    found = Findings([note("ids", "<b>", "&", "x"), note("ids", "<b>", "&", "x")])
    assert len(found) == 1 and "&lt;b&gt;" in found._repr_html_() and "<b>" not in found._repr_html_()
    healthy = Findings([ok("ids", "in order")])._repr_html_()
    assert "remedy</th>" in found._repr_html_() and "check</th>" in healthy and "remedy</th>" not in healthy


def test_fast_is_what_a_build_asks_and_reads_no_signal(own, monkeypatch):
    for module in (patient, check_signal):
        monkeypatch.setattr(module, "bin_means_many", None)
    quick = cl.doctor(write(*own), fast=True)
    assert {f.check for f in quick if f.state != "skipped"} == {"files", "assembly", "names", "marks"}
    assert {"content", "scale", "strands", "contacts"} <= {f.check for f in quick.skipped}


@pytest.mark.slow
def test_rna_of_the_other_strand(own, world):
    folder, settings = own
    genes = cl.data.read_annotation(world.gtf)
    for strand, name in (("+", "plus.bw"), ("-", "minus.bw")):
        mine = genes[genes["strand"] == strand].sort_values(["chrom", "start"])
        mine = mine[mine["start"] >= mine.groupby("chrom")["end"].cummax().groupby(mine["chrom"]).shift().fillna(0)]
        with pyBigWig.open(str(folder / name), "w") as track:
            track.addHeader([(f"chr{i}", 3_000_000) for i in range(1, 5)])
            values = [float(v) for v in range(1, len(mine) + 1)]
            track.addEntries(list(mine["chrom"]), list(mine["start"]), ends=list(mine["end"]), values=values)
    for forward, reverse, broken in (("plus.bw", "minus.bw", set()), ("minus.bw", "plus.bw", {"strands"})):
        settings["cell_types"]["simA1"]["expression"] = {"forward": forward, "reverse": reverse}
        settings["missing"] = "zero"
        assert {f.check for f in cl.doctor(write(folder, settings)).broken} == broken


@pytest.mark.real
def test_real_files_are_let_alone(real, tmp_path):
    pilot, marks = real / "roadmap-pilot", ("H3K4me1", "H3K4me3", "H3K9me3", "H3K27me3", "H3K36me3")
    tracks = {c: {m: str(pilot / f"{c}-{m}.pval.signal.bigwig") for m in marks} for c in ("E003", "E116")}
    contacts = {
        "file": str(real / "contacts" / "GM12878.promoter-capture-hic.hg19.tsv.gz"),
        "one_based": True,
        "min_frequency": 6,
        "where": {"samplenumber": 1},
    }
    settings = {
        "assembly": "hg19",
        "annotation": {"file": str(pilot / "gencode_10_genes.gtf.gz")},
        "expression": {"file": str(pilot / "57epigenomes.RPKM.pc.gz")},
        "within": str(pilot / "encodePilotRegions.hg19.bed"),
        "folds": str(pilot / "encodePilotRegions.hg19.bed"),
        "cell_types": {c: {"tracks": t} for c, t in tracks.items()},
    }
    settings["cell_types"]["E116"]["contacts"] = contacts
    assert not cl.doctor(write(tmp_path, settings)).problems


@pytest.mark.real
def test_published_genes_of_one_fold_are_noted(real, tmp_path):
    demo = {"meta": str(real / "h1-demo" / "meta.csv"), "arrays": str(real / "h1-demo" / "npy")}
    found = cl.doctor(write(tmp_path, {"published": demo}))
    assert [(f.state, f.check) for f in found] == [("ok", "published"), ("note", "folds")]
