"""Every reader of the package with a sound file of its format: the one table that damage is done to.

`READERS[name].write(folder)` makes the file and returns its path; `read(path)` reads all of it, asserts that the answer
is sane, and returns it.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import chromolab as cl
from chromolab.data.chromosomes import read_chrom_sizes
from chromolab.data.dataset.recalibration import Quantiles, read_quantiles
from chromolab.data.genes.annotation import exon_lengths
from chromolab.data.intervals import check_contacts, read_regions
from chromolab.data.project.config import read_config, write_example
from chromolab.data.public.manifest import read_source
from chromolab.data.tracks.child_collect import load_reads
from chromolab.data.tracks.child_reads import load_bedgraph
from chromolab.data.tracks.reads import BedGraph, source_of
from helpers.signals import some_reads, write_bam
from helpers.toys import SMALL, toy_dataset

# ruff: noqa: E501 (files written out, a line of theirs to a line)

MANIFEST = Path(__file__).resolve().parents[2] / "data_manifest"


@dataclass(frozen=True)
class Reader:
    """A reader and its format.

    `inside` reads in this process where `read` starts another one, as `child` says. `text`: the file may also be
    compressed. `rows`: each line after the header is a row of the answer (`damage.rows_hold`). `tells`: the format
    itself can tell that a file was cut short; `ends`: its reader can, unless the cut was between two lines. `names`:
    what an error must hold if not the file's name. `weight` is the share of inputs; slow readers get fewer.
    """

    write: Callable[[Path], Path]
    read: Callable[[Path], object]
    inside: Callable[[Path], object] | None = None
    text: bool = True
    rows: bool = False
    ends: bool = False
    tells: bool = False
    child: bool = False
    names: str = ""
    weight: float = 1.0


def written(name: str, text: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_text(text)
        return folder / name

    return write


# ---------------------------------------------------------------- genes

GENES = [(f"ENSG{i:011d}", "chr1" if i % 2 else "chr2", 1000 + 700 * i, 1500 + 800 * i, "+-"[i % 2]) for i in range(12)]
GTF = "".join(
    f'{c}\tx\tgene\t{a}\t{b}\t.\t{s}\t.\tgene_id "{g}.2"; gene_name "n{g[-2:]}"; gene_type "protein_coding";\n'
    f'{c}\tx\ttranscript\t{a + 5}\t{b}\t.\t{s}\t.\tgene_id "{g}.2"; transcript_id "t";\n'
    for g, c, a, b, s in GENES
)
EXONS = "".join(f'{c}\tx\texon\t{a}\t{b}\t.\t{s}\t.\tgene_id "{g}"; transcript_id "t";\n' for g, c, a, b, s in GENES)
GFF3 = "##gff-version 3\n" + "".join(
    f"{c}\tx\tgene\t{a}\t{b}\t.\t{s}\t.\tID=gene:{g};gene_id={g};Name=n{g[-2:]}\n" for g, c, a, b, s in GENES
)
BED12 = "".join(f"{c}\t{a}\t{b}\t{g}\t0\t{s}\t{a}\t{b}\t0\t1\t{b - a},\t0,\n" for g, c, a, b, s in GENES)
INFO = "".join(
    f"{g}\t{c[3:]}\t{a}\t{b}\t{'-1' if s == '-' else '1'}\tprotein_coding\tn\tsome gene\n" for g, c, a, b, s in GENES
)
EXPRESSION = "gene_id\tE003\tE116\n" + "".join(f"{g[0]}\t{i * 1.5}\t{20 - i}\t\n" for i, g in enumerate(GENES))
GENE_PRED = "".join(
    f"{i}\tNM_{i}\t{c}\t{s}\t{a}\t{b}\t{a}\t{b}\t1\t{a},\t{b},\t0\tn{g[-2:]}\n"
    for i, (g, c, a, b, s) in enumerate(GENES)
)
RSEM = "gene_id;transcript_id(s);length;effective_length;expected_count;TPM;FPKM\n" + "".join(
    f"{g[0]}_n{i};T{i};{900 + i};{800 + i},5;{3 * i};{i * 1.5:.2f};{i * 1.25:.2f}\n".replace(".", ",")
    for i, g in enumerate(GENES)
)
OF_GTEX = f"#1.2\n{len(GENES)}\t2\nName\tDescription\tA\tB\n" + "".join(
    f"{g[0]}.3\tn{i}\t{i * 1.5}\t{20 - i}\n" for i, g in enumerate(GENES)
)
SEMICOLONS = "gene_id;E003;E116\r\n" + "".join(f"{g[0]};{i},5;{20 - i},25\r\n" for i, g in enumerate(GENES))
NAMELESS = "E003 E116\n" + "".join(f'"{g[0]}" {i}.5 {20 - i}e-1\n' for i, g in enumerate(GENES))  # as R writes it
SERIES = '!Series_title\t"a"\n!Sample_title\t"a"\t"b"\n!series_matrix_table_begin\n"ID_REF"\t"GSM1"\t"GSM2"\n'
SERIES += "".join(f'"{g[0]}"\t{i * 1.5}\t{20 - i}\n' for i, g in enumerate(GENES)) + "!series_matrix_table_end\n"
FEATURES = "# Program:featureCounts v2.0.3; Command:x\nGeneid\tChr\tStart\tEnd\tStrand\tLength\ta.bam\tb.bam\n"
FEATURES += "".join(f"{g}\t{c}\t{a}\t{b}\t{s}\t{b - a}\t{a % 97}\t{b % 89}\n" for g, c, a, b, s in GENES)
RSEM_TABS = "gene_id\ttranscript_id(s)\tlength\teffective_length\texpected_count\tTPM\tFPKM\n"
RSEM_TABS += "".join(
    f"{g[0]}\tt1,t2\t900.00\t700.50\t{i * 3}.00\t{i * 1.5}\t{i * 0.7:.2f}\n" for i, g in enumerate(GENES)
)
STAR = "N_unmapped\t9\t9\t9\nN_multimapping\t9\t9\t9\nN_noFeature\t9\t99\t9\nN_ambiguous\t9\t9\t9\n"
STAR += "".join(f"{g[0]}\t{9 * i}\t{i}\t{8 * i}\n" for i, g in enumerate(GENES))
PERCENT = "##gff-version 3\n" + "".join(
    f"{c}\tx\tgene\t{a}\t{b}\t.\t{s}\t.\tID=gene:{g};Name=n%3B%20{g[-2:]};biotype=protein_coding;Dbxref=A%2CB\n"
    for g, c, a, b, s in GENES
)
QUOTES = "".join(
    f'{c}\tx\tgene\t{a}\t{b}\t.\t{s}\t.\tgene_id "{g}"; note "a; b"; gene_name "n;{g[-2:]}"; gene_biotype "lncRNA";\n'
    for g, c, a, b, s in GENES
)
SIZES = "chr1\t60000\nchr2\t30000\nchrM\t16571\n"


def in_utf16(name: str, text: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_text(text, encoding="utf-16")
        return folder / name

    return write


def annotation(**options):
    def read(path):
        df = cl.data.read_annotation(path, **options)
        assert len(df) and df["strand"].isin(["+", "-"]).all() and (options or df["gene_id"].is_unique)
        assert (df["start"] >= 0).all() and (df["end"] > df["start"]).all() and (df["tss"] >= 0).all()
        assert df["tss"].dtype.kind == "i" and df["start"].dtype.kind == "i"
        return df

    return read


def exons(path):
    lengths = exon_lengths(path)
    assert len(lengths) and (lengths > 0).all()
    return lengths


def expression(path, **options):
    df = cl.data.read_expression(path, **options)
    assert df.index.is_unique and df.shape[1] and np.isfinite(df.to_numpy()).all() and (df.to_numpy() >= 0).all()
    return df


def write_workbook(folder):
    import openpyxl

    book = openpyxl.Workbook()
    for line in EXPRESSION.splitlines():
        name, *values = line.split("\t")[:3]
        book.active.append([name, *(values if name == "gene_id" else map(float, values))])
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def write_anndata(folder):
    import h5py

    with h5py.File(folder / "a.h5ad", "w") as file:
        for part, names in (("obs", ["E003", "E116"]), ("var", [g[0] for g in GENES])):
            file.create_group(part).create_dataset("_index", data=names, dtype=h5py.string_dtype())
        file["X"] = np.arange(2.0 * len(GENES)).reshape(2, -1)
    return folder / "a.h5ad"


def sizes(path):
    lengths = read_chrom_sizes(path)
    assert lengths and all(isinstance(n, int) and n > 0 for n in lengths.values())
    return lengths


def regions(path):
    df = read_regions(path)
    assert len(df) and (df["end"] > df["start"]).all() and (df["start"] >= 0).all()
    return df


# ---------------------------------------------------------------- contacts

PLACES = [("chr1", 1000 * i, 1000 * i + 800, "chr1", 50_000 + 900 * i, 51_000 + 900 * i, 1.5 + i) for i in range(30)]
JUNG = "frag1\tfrag2\tfrequency\tp\n" + "".join(f"{c}.{a}.{b}\t{d}.{e}.{f}\t{v}\t9\n" for c, a, b, d, e, f, v in PLACES)
IBED = "bait_chr\tbait_start\tbait_end\tbait_name\totherEnd_chr\totherEnd_start\totherEnd_end\totherEnd_name\tN_reads\tscore\n"
IBED += "".join(f"{c}\t{a + 1}\t{b}\tA,B\t{d}\t{e + 1}\t{f}\t.\t{int(v)}\t{v}\n" for c, a, b, d, e, f, v in PLACES)
PEAKS = "baitChr\tbaitStart\tbaitEnd\tbaitID\tbaitName\toeChr\toeStart\toeEnd\toeID\toeName\tdist\tcellA\tcellB\n"
PEAKS += "".join(f"{c}\t{a + 1}\t{b}\t1\tA\t{d}\t{e + 1}\t{f}\t2\t.\t5\t{v}\tNA\n" for c, a, b, d, e, f, v in PLACES)
PAIRS = "".join(f"{c},{a},{b}\t{d},{e},{f}\t{v}\n" for c, a, b, d, e, f, v in PLACES)
TRACK = "".join(f"{c}\t{a}\t{b}\t{d}:{e}-{f},{v}\t{i}\t.\n" for i, (c, a, b, d, e, f, v) in enumerate(PLACES))
BEDPE = "".join("\t".join(map(str, p[:6])) + f"\tname\t{p[6]}\t.\t.\n" for p in PLACES)
HICCUPS = "#chr1\tx1\tx2\tchr2\ty1\ty2\tcolor\tobserved\texpectedDonut\n"
HICCUPS += "".join("\t".join(map(str, p[:6])) + f"\t0,0,0\t{p[6]}\t1.5\n" for p in PLACES)
TABLE = "chrom1,start1,end1,chrom2,start2,end2,score\n" + "".join(",".join(map(str, p)) + "\n" for p in PLACES)
COUNTS = np.add.outer(np.arange(12), np.arange(12)) % 7 + 1
DENSE = "".join(
    f"chr1\t{i * 40000}\t{i * 40000 + 40000}\t" + "\t".join(map(str, r)) + "\n" for i, r in enumerate(COUNTS)
)
TRIPLES = "".join(f"{i * 40000}\t{j * 40000}\t{COUNTS[i, j]}\n" for i in range(12) for j in range(i, 12))


def contacts(**options):
    def read(path):
        df = cl.data.read_contacts(path, progress=False, **options)
        assert df.attrs["measure"] and (len(df) or options.get("bin_size") or path.suffix == ".cool")
        check_contacts(df)
        assert df["start1"].dtype.kind == "i" and len(df.columns) == 7
        return df

    return read


def write_cool(folder):
    import cooler

    bins = pd.DataFrame(
        {"chrom": ["chr1"] * 30 + ["chr2"] * 10, "start": [*range(0, 30_000, 1000), *range(0, 10_000, 1000)]}
    )
    i, j = np.triu_indices(len(bins))
    pixels = pd.DataFrame({"bin1_id": i, "bin2_id": j, "count": (i + j) % 9 + 1})
    cooler.create_cooler(str(folder / "a.cool"), bins.assign(end=bins["start"] + 1000), pixels)
    return folder / "a.cool"


def write_pickles(which):
    def write(folder):
        names = [(f"{a}.{b}.{c}", f"{d}.{e}.{f}", v) for a, b, c, d, e, f, v in PLACES]
        parts = {
            "frag2neighbors": {a: [b] for a, b, _ in names},
            "pair2score": {(a, b): np.float64(v) for a, b, v in names},
        }
        for name, content in parts.items():
            (folder / f"GM_{name}.pickle").write_bytes(pickle.dumps(content, 4))
        return folder / f"GM_{which}.pickle"

    return write


# ---------------------------------------------------------------- signals

STARTS = [i * i * 37 % 21_000 for i in range(300)]  # in no order, and some overlap, as reads do
READS = "".join(f"chr{1 + i % 2}\t{s}\t{s + 36}\tN\t1000\t{'+-'[i % 2]}\n" for i, s in enumerate(STARTS))
BEDGRAPH = "".join(f"chr{1 + i // 150}\t{i % 150 * 100}\t{i % 150 * 100 + 100}\t{i * 0.37:.2f}\n" for i in range(300))
LENGTHS = {"chr1": 60_000, "chr2": 30_000}
WHERE = pd.DataFrame({"chrom": ["chr1", "chr1", "chr2"], "start": [0, 500, 100], "end": [1000, 1250, 900]})


def write_bigwig(folder):
    import pyBigWig

    with pyBigWig.open(str(folder / "a.bw"), "w") as file:
        file.addHeader(list(LENGTHS.items()))
        for chrom, n in (("chr1", 600), ("chr2", 300)):
            starts = np.arange(n) * 100
            file.addEntries([chrom] * n, starts, ends=starts + 100, values=(starts % 7).astype(float))
    return folder / "a.bw"


def signal(track=lambda path: path):
    def read(path):
        mean, covered, offsets, _ = cl.data.bin_means(track(path), WHERE, 100, progress=False)
        assert offsets.tolist() == [0, 10, 18, 26] and ((covered >= 0) & (covered <= 100)).all()
        assert (np.isnan(mean) == (covered == 0)).all() and np.isfinite(mean[covered > 0]).all()
        return mean, covered

    return read


def inside(load, track):
    """Read aligned reads or a bedGraph as the child process does."""
    return lambda path: load(source_of(track(path), LENGTHS), lambda share: None)


# ---------------------------------------------------------------- datasets, models, settings


def write_published(which):
    def write(folder):
        rows = ["gene_id,expression,eid,label,chrom,start,end,strand,split,neighbors,scores"]
        rows += [
            f"G{i},{i * 2.5},E003,{i % 2},chr1,{5000 + 3000 * i},9000,+,{1 + i},chr1:200-700,2.5" for i in range(3)
        ]
        folder = folder / "as_published"
        folder.mkdir(exist_ok=True)
        (folder / "meta.csv").write_text("\n".join(rows) + "\n")
        for a, b in [(4000 + 3000 * i, 6000 + 3000 * i) for i in range(3)] + [(200, 700)]:
            np.save(folder / f"chr1:{a}-{b}.npy", np.arange(2 * (b - a)).reshape(2, -1).astype(np.float16) % 9)
        return folder / ("meta.csv" if which == "meta" else "chr1:4000-6000.npy")

    return write


def published(path):
    ds = cl.read_published(
        path.parent / "meta.csv", path.parent, marks=("A", "B"), window=2000, resolutions=(500, 100), progress=False
    )
    assert len(ds) and np.isfinite(ds.log2_expression).all()
    return sane(ds)


def sane(ds):
    signal = ds.signal
    assert (
        len(ds.promoter) == len(ds.pcre) == len(ds.frequency) == len(ds)
        and len(signal.offsets) == len(signal.regions) + 1
    )
    assert ds.promoter_depth().shape == (len(ds), ds.window // ds.bin_size, len(ds.marks))
    assert len(ds.pcres(0)) <= ds.n_pcres
    return [ds.genes, signal.regions, np.array(signal.depth), np.array(ds.pcre), np.array(ds.frequency), ds.marks]


def write_checkpoint(folder):
    return cl.save_checkpoint(
        cl.Chromoformer(marks=("A", "B"), resolutions=(200, 100), **SMALL), folder / "a.pt", epoch=3
    )


def write_quantiles(folder):
    return Quantiles(np.array([0, 0.5, 1]), {"A": np.array([0, 1.5, 9.0])}, {"A": "depth"}, 100).save(folder / "q.json")


def quantiles(path):
    q = read_quantiles(path)
    return [q.probabilities, q.values, q.scales, q.bin_size]  # noqa: PD011 (no table)


def write_source(folder):
    (folder / "roadmap-reads.yaml").write_bytes((MANIFEST / "roadmap-reads.yaml").read_bytes())
    return folder / "roadmap-reads.yaml"


READERS = {
    "GTF": Reader(written("a.gtf", GTF), annotation()),
    "GTF exons": Reader(written("a.gtf", EXONS), exons),
    "GFF3": Reader(written("a.gff3", GFF3), annotation()),
    "BED12 genes": Reader(written("a.bed", BED12), annotation()),
    "BED12 genes, every TSS": Reader(written("a.bed", BED12), annotation(tss="all")),
    "gene_info": Reader(written("a.gene_info", INFO), annotation()),
    "expression": Reader(written("a.tsv", EXPRESSION), expression),
    "genePred": Reader(written("a.txt", GENE_PRED), annotation()),
    "RSEM, decimal commas": Reader(written("a.genes.results", RSEM), expression),
    "GCT": Reader(written("a.gct", OF_GTEX), expression),
    "workbook": Reader(write_workbook, expression, text=False, weight=0.3),
    "AnnData": Reader(write_anndata, expression, text=False, child=True, weight=0.3),
    "expression, semicolons": Reader(written("a.csv", SEMICOLONS), expression),
    "expression of R": Reader(written("a.txt", NAMELESS), expression),
    "expression, UTF-16": Reader(in_utf16("a.txt", EXPRESSION), expression, text=False),
    "series matrix": Reader(written("a.txt", SERIES), expression),
    "featureCounts": Reader(written("a.txt", FEATURES), expression),
    "RSEM": Reader(written("a.genes.results", RSEM_TABS), lambda path: expression(path, unit="TPM")),
    "STAR": Reader(written("ReadsPerGene.out.tab", STAR), expression),
    "GFF3, percent codes": Reader(written("a.gff3", PERCENT), annotation()),
    "GTF, quotes": Reader(written("a.gtf", QUOTES), annotation()),
    "chrom.sizes": Reader(written("a.sizes", SIZES), sizes),
    "BED regions": Reader(written("a.bed", BED12), regions),
    "promoter capture": Reader(written("a.txt", JUNG), contacts(), rows=True),
    "ibed": Reader(written("a.ibed", IBED), contacts(), rows=True),
    "peak matrix": Reader(written("a.txt", PEAKS), contacts(frequency="cellA"), rows=True),
    "longrange, pairs": Reader(written("a.txt", PAIRS), contacts(), rows=True),
    "longrange": Reader(written("a.lr", TRACK), contacts(), rows=True),
    "bedpe": Reader(written("a.bedpe", BEDPE), contacts(), rows=True),
    "HiCCUPS": Reader(written("a.bedpe", HICCUPS), contacts(), rows=True),
    "contacts table": Reader(written("a.csv", TABLE), contacts(), rows=True),
    "dense matrix": Reader(written("a.txt", DENSE), contacts(bin_size=40_000)),
    "triples": Reader(written("a.txt", TRIPLES), contacts(bin_size=40_000, chrom="chr1")),
    "cool": Reader(write_cool, contacts(), text=False, tells=True, child=True, weight=0.3),
    "frag2neighbors": Reader(write_pickles("frag2neighbors"), contacts(), text=False, tells=True),
    "pair2score": Reader(write_pickles("pair2score"), contacts(), text=False, tells=True),
    "bigWig": Reader(write_bigwig, signal(), text=False, tells=True, child=True, weight=0.8),
    "tagAlign": Reader(
        written("a.tagAlign", READS),
        signal(lambda path: cl.data.Reads(path, chrom_sizes=LENGTHS)),
        inside(load_reads, lambda path: cl.data.Reads(path, extend=50)),
        ends=True,
        child=True,
        weight=0.5,
    ),
    "bedGraph": Reader(
        written("a.bedGraph", BEDGRAPH), signal(), inside(load_bedgraph, BedGraph), ends=True, child=True, weight=0.5
    ),
    "BAM": Reader(
        lambda folder: write_bam(folder / "a.bam", some_reads(n=200)),
        signal(),
        text=False,
        tells=True,
        child=True,
        weight=0.5,
    ),
    "published table": Reader(write_published("meta"), published, text=False, names="as_published"),
    "published array": Reader(write_published("npy"), published, text=False, tells=True, weight=0.2),
    "dataset": Reader(
        lambda folder: toy_dataset(missing=True).save(folder / "a.clds"),
        lambda path: sane(cl.load_dataset(path)),
        text=False,
        tells=True,
    ),
    "quantiles": Reader(write_quantiles, quantiles, text=False, tells=True),
    "checkpoint": Reader(write_checkpoint, lambda path: cl.load_checkpoint(path).marks, text=False, tells=True),
    "my.yaml": Reader(lambda folder: write_example(folder / "my.yaml"), lambda path: read_config(path).out, text=False),
    "manifest": Reader(write_source, read_source, text=False),
}
