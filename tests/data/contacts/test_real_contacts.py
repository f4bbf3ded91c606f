"""Datasets from real contact files, joined to promoters; every count against a join written out row by row."""

import csv
import gzip
import io
import zipfile

import numpy as np
import pandas as pd
import pyBigWig
import pytest
from helpers.toys import reported

import chromolab as cl
from chromolab.data.contacts.formats import read_contacts
from chromolab.data.contacts.pcres import assign_pcres
from chromolab.data.dataset.published import parse_neighbours
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.genes.expression import read_expression
from chromolab.data.genes.gene_table import gene_table
from chromolab.data.intervals import read_regions

pytestmark = pytest.mark.real

MARKS = ("H3K4me1", "H3K4me3", "H3K9me3", "H3K27me3", "H3K36me3")
CAPTURE = "contacts/GM12878.promoter-capture-hic.hg19.tsv.gz"
LOOPS = "contacts/K562_NHEK_GM12878.hic-loops.hg19.tsv.gz"


@pytest.fixture(scope="module")
def pilot(real):
    """The pilot genes of GM12878 and their tracks."""
    regions = read_regions(real / "roadmap-pilot/encodePilotRegions.hg19.bed").query("chrom != 'chrX'")
    annotation = cl.data.read_annotation(real / "roadmap-pilot/gencode_10_genes.gtf.gz")
    expression = cl.data.read_expression(real / "roadmap-pilot/57epigenomes.RPKM.pc.gz")
    genes, _ = cl.data.gene_table(annotation, expression, "E116", folds=regions, within=regions)
    return genes, {m: real / f"roadmap-pilot/E116-{m}.pval.signal.bigwig" for m in MARKS}


def rows_of(path, columns, one_based=0):
    """(chrom1, start1, end1, chrom2, start2, end2, frequency) of a file, read with the csv module alone."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            text = archive.read(archive.namelist()[0]).decode()
    else:
        text = gzip.decompress(path.read_bytes()).decode()
    for row in csv.DictReader(io.StringIO(text), delimiter="\t"):
        c1, s1, e1, c2, s2, e2, f = (row[c] for c in columns)
        yield (c1, int(s1) - one_based, int(e1), c2, int(s2) - one_based, int(e2), float(f)), row


def slowly(genes, rows, least, k=8, longest=40_000):
    """{gene: [(start, end, frequency), ...]}, one pair of gene and contact at a time."""
    by_chrom = {}
    for row in rows:
        if row[0] == row[3] and row[6] > least:
            by_chrom.setdefault(row[0].removeprefix("chr"), []).append(row)
    found = {}
    for gene, chrom, tss in genes[["gene_id", "chrom", "tss"]].itertuples(index=False):
        best = {}
        for _, s1, e1, _, s2, e2, f in by_chrom.get(chrom.removeprefix("chr"), ()):
            first, second = s1 <= tss < e1, s2 <= tss < e2
            if first != second:
                place = (s2, e2) if first else (s1, e1)
                if place[1] - place[0] <= longest:
                    best[place] = max(f, best.get(place, 0.0))
        if best:
            found[gene] = [(*p, f) for p, f in sorted(best.items(), key=lambda x: (-x[1], x[0]))][:k]
    return found


def pcres_of(ds) -> dict:
    """{gene: [(start, end, frequency), ...]} of a dataset."""
    tables = {gene: ds.pcres(i) for i, gene in enumerate(ds.genes["gene_id"])}
    return {
        g: [*t[["start", "end", "frequency"]].itertuples(index=False, name=None)] for g, t in tables.items() if len(t)
    }


def with_data(pcres, genes, tracks) -> dict:
    """The pCREs in which some track has a value: the tracks cover the pilot regions only."""
    files, chrom = [pyBigWig.open(str(path)) for path in tracks.values()], genes.set_index("gene_id")["chrom"]
    kept = {
        gene: [p for p in found if not all(np.isnan(f.values(chrom[gene], p[0], p[1])).all() for f in files)]
        for gene, found in pcres.items()
    }
    return {gene: found for gene, found in kept.items() if found}


def test_pilot_genes_with_captured_contacts(real, pilot):
    genes, tracks = pilot
    ds = cl.build_dataset(genes, tracks, real / CAPTURE, resolutions=(2000, 500), progress=False)
    names = ("chrom1", "start1", "end1", "chrom2", "start2", "end2", "score")
    slow = slowly(genes, (row for row, _ in rows_of(real / CAPTURE, names)), 1.5)
    assert (len(slow), sum(map(len, slow.values()))) == (43, 325)
    assert pcres_of(ds) == (seen := with_data(slow, genes, tracks))
    assert (len(seen), sum(map(len, seen.values()))) == (38, 297)
    assert any("their frequency: column 'score' of the table" in line for line in ds.report)


def test_pilot_genes_with_loops_of_one_cell_line(real, pilot):
    genes, tracks = pilot
    loops = cl.data.read_contacts(real / LOOPS, where={"samplenumber": 3})
    names = ("chrom1", "start1", "end1", "chrom2", "start2", "end2", "score")
    slow = slowly(genes, (row for row, all_ in rows_of(real / LOOPS, names) if all_["samplenumber"] == "3"), 1.5)
    ds = cl.build_dataset(genes, tracks, loops, resolutions=(2000,), progress=False)
    assert len(loops) == 7484 and (len(slow), sum(map(len, slow.values()))) == (31, 44)
    assert pcres_of(ds) == (seen := with_data(slow, genes, tracks))
    assert (len(seen), sum(map(len, seen.values()))) == (19, 21)


IBED = ("bait_chr", "bait_start", "bait_end", "otherEnd_chr", "otherEnd_start", "otherEnd_end", "score")
PEAKS = ("baitChr", "baitStart", "baitEnd", "oeChr", "oeStart", "oeEnd")


@pytest.fixture(scope="module")
def chr19(tmp_path_factory):
    """A track over chr19 of hg38 (made up: depth 1 to 9, in steps of 1 kb)."""
    path = tmp_path_factory.mktemp("chr19") / "made-up.bw"
    starts = np.arange(0, 58_617_000, 1000)
    with pyBigWig.open(str(path), "w") as file:
        file.addHeader([("chr19", 58_617_616)])
        file.addEntries(["chr19"] * len(starts), starts, ends=starts + 1000, values=1.0 + starts // 1000 % 9)
    return path


@pytest.mark.parametrize(
    ("name", "columns", "options", "expected"),
    [
        ("ibed1", IBED, {}, (721, 3505)),
        ("ibed2", IBED, {}, (704, 3248)),
        ("peakmatrix", (*PEAKS, "cellA"), {"frequency": "cellA"}, (756, 3597)),
        ("peakmatrix", (*PEAKS, "cellB"), {"cell_type": "cellB"}, (736, 3308)),
    ],
)
def test_chicago_files_become_datasets(real, chr19, name, columns, options, expected):
    path = real / f"contacts/{name}_example.zip"
    rows = [row for row, _ in rows_of(path, columns, one_based=1)]
    baits = dict.fromkeys((s, e) for _, s, e, *_ in rows)
    tss = np.array([(s + e) // 2 for s, e in baits])
    genes = pd.DataFrame(
        {
            "gene_id": [f"bait{i}" for i in range(len(tss))],
            "gene_name": "x",
            "cell_type": "cellB",
            "chrom": "chr19",
            "tss": tss,
            "strand": "+",
            "start": tss,
            "end": tss + 1,
            "expression": 0.0,
            "log2_expression": 0.0,
            "label": 0,
            "fold": 1,
        }
    )
    contacts = cl.data.read_contacts(path, one_based=True, **options)
    assert len(contacts) == len(rows) and set(contacts["chrom1"]) == {"19"}
    ds = cl.build_dataset(genes, {"made up": chr19}, contacts, min_frequency=5, resolutions=(2000,), progress=False)
    slow = slowly(genes, rows, 5)
    assert pcres_of(ds) == slow
    assert (len(slow), sum(map(len, slow.values()))) == expected
    assert any("their frequency: CHiCAGO score" in line for line in ds.report)


# ---------------------------------------------------------------- real files


@pytest.mark.real
def test_published_contacts(real):
    meta = pd.read_csv(real / "h1-demo/meta.csv")
    pcres = parse_neighbours(meta)
    assert pcres["gene_id"].nunique() == 51 and pcres.groupby("gene_id").size().max() == 8
    assert (pcres["frequency"] > 1.5).all() and (pcres["end"] - pcres["start"] <= 40_000).all()


@pytest.mark.real
def test_promoter_capture_of_the_pilot_genes(real):
    regions = read_regions(real / "roadmap-pilot/encodePilotRegions.hg19.bed").query("chrom != 'chrX'")
    annotation = read_annotation(real / "roadmap-pilot/gencode_10_genes.gtf.gz")
    expression = read_expression(real / "roadmap-pilot/57epigenomes.RPKM.pc.gz")
    table, _ = gene_table(annotation, expression, "E116", folds=regions, within=regions)
    captured = read_contacts(real / "contacts/GM12878.promoter-capture-hic.hg19.tsv.gz")
    assert len(captured) == 445_024
    pcres, report = assign_pcres(table, captured)
    assert reported(report, "genes with pCREs") == 43
    assert pcres.groupby("gene_id").size().max() == 8
    loops = read_contacts(real / "contacts/K562_NHEK_GM12878.hic-loops.hg19.tsv.gz", where={"samplenumber": 3})
    assert len(loops) == 7_484 and reported(assign_pcres(table, loops)[1], "genes with pCREs") == 31
