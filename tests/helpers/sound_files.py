"""A sound file of every format that the package reads, to be damaged: texts, and functions that write what is no text."""

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import chromolab as cl
from chromolab.data.dataset.recalibration import Quantiles
from helpers.toys import SMALL

# ruff: noqa: E501 (files written out, a line of theirs to a line)

MANIFEST = Path(__file__).resolve().parents[2] / "data_manifest"


def written(name: str, text: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_text(text)
        return folder / name

    return write


def in_utf16(name: str, text: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_text(text, encoding="utf-16")
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
DEEPCHROME = "".join(f"g{gene},{n},{n % 3},{gene},0,{7 - n},1,{gene % 2}\n" for gene in range(4) for n in range(1, 7))
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
LIFTED = "".join(
    f'{c}\tHAVANA\tgene\t{a}\t{b}\t.\t{s}\t.\tgene_id "{g}.5_2"; gene_type "lncRNA"; gene_name "n{g[-2:]}"; remap_status "full_contig";\n'
    for g, c, a, b, s in GENES
)
NCBI = "##gff-version 3\n#!processor NCBI annotwriter\n" + "".join(
    f"NC_00000{i}.11\tRefSeq\tregion\t1\t60000\t.\t+\t.\tID=NC_00000{i}.11:1..60000;Name={i};chromosome={i};genome=chromosome\n"
    for i in (1, 2)
)
NCBI += "".join(
    f"NC_00000{c[3:]}.11\tBestRefSeq\tgene\t{a}\t{b}\t.\t{s}\t.\tID=gene-n{i};Dbxref=GeneID:{i + 1},Ensembl:{g};Name=n{i};gene_biotype=lncRNA\n"
    for i, (g, c, a, b, s) in enumerate(GENES)
)
BED6 = "#chrom\tstart\tend\tgene\tscore\tstrand\n" + "".join(f"{c}\t{a}\t{b}\t{g}\t0\t{s}\n" for g, c, a, b, s in GENES)
SALMON = "Name\tLength\tEffectiveLength\tTPM\tNumReads\n" + "".join(
    f"{g[0]}.{i}\t{900 + i}\t{700 + i}.250\t{i * 1.5:.6f}\t{i * 3}.000\n" for i, g in enumerate(GENES)
)
KALLISTO = "target_id\tlength\teff_length\test_counts\ttpm\n" + "".join(
    f"{g[0]}\t{900 + i}\t{700 + i}.25\t{i * 3}\t{i * 1.5}\n" for i, g in enumerate(GENES)
)
STRINGTIE = "Gene ID\tGene Name\tReference\tStrand\tStart\tEnd\tCoverage\tFPKM\tTPM\n" + "".join(
    f"{g}\tn{i}\t{c[3:]}\t{s}\t{a}\t{b}\t{i * 0.1:.6f}\t{i * 1.25:.6f}\t{i * 1.5:.6f}\n"
    for i, (g, c, a, b, s) in enumerate(GENES)
)
CUFFLINKS = "tracking_id\tclass_code\tnearest_ref_id\tgene_id\tgene_short_name\ttss_id\tlocus\tlength\tcoverage\tFPKM\tFPKM_conf_lo\tFPKM_conf_hi\tFPKM_status\n"
CUFFLINKS += "".join(
    f"{g}\t-\t-\t{g}\tn{i}\t-\t{c}:{a}-{b}\t-\t-\t{i * 1.25}\t{i}\t{i * 2}\tOK\n"
    for i, (g, c, a, b, _) in enumerate(GENES)
)
HTSEQ = "".join(f"{g[0]}.4\t{7 * i}\n" for i, g in enumerate(GENES)) + "__no_feature\t99\n__ambiguous\t3\n"
SIZES = "chr1\t60000\nchr2\t30000\nchrM\t16571\n"


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


def write_sparse_anndata(folder):
    """As single-cell programs write it: the values as a sparse matrix, names of genes as categories beside it."""
    import h5py

    with h5py.File(folder / "a.h5ad", "w") as file:
        for part, names in (("obs", ["E003", "E116"]), ("var", [g[0] for g in GENES])):
            group = file.create_group(part)
            group.attrs["_index"] = "names"
            group.create_dataset("names", data=names, dtype=h5py.string_dtype())
        kinds = file["var"].create_group("gene_type")
        kinds.create_dataset("codes", data=np.arange(len(GENES), dtype=np.int8) % 2)
        kinds.create_dataset("categories", data=["lncRNA", "protein_coding"], dtype=h5py.string_dtype())
        values = file.create_group("X")
        values.attrs["encoding-type"], values.attrs["shape"] = "csr_matrix", (2, len(GENES))
        values["data"] = np.arange(1.0, 2 * len(GENES) + 1)
        values["indices"], values["indptr"] = np.tile(np.arange(len(GENES)), 2), np.arange(3) * len(GENES)
    return folder / "a.h5ad"


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
COLONS = "".join(f"{c}:{a}-{b}\t{d}:{e}-{f}\t{v}\n" for c, a, b, d, e, f, v in PLACES)
INTERACT = 'track type=interact name="loops"\n' + "".join(
    f"{c}\t{a}\t{f}\tl{i}\t{i}\t{v}\t.\t0,0,0\t{c}\t{a}\t{b}\t.\t.\t{d}\t{e}\t{f}\t.\t.\n"
    for i, (c, a, b, d, e, f, v) in enumerate(PLACES)
)
SCORED = "".join(
    f"{c}\t{a}\t{f}\t.\t{int(v * 10)}\t0\t.\t#aa0000\t{c}\t{a}\t{b}\tA\t+\t{d}\t{e}\t{f}\tB\t-\n"
    for c, a, b, d, e, f, v in PLACES
)
FITHICHIP = "chr1\ts1\te1\tchr2\ts2\te2\tcc\tQ-Value_Bias\n" + "".join(
    "\t".join(map(str, p[:6])) + f"\t{int(p[6])}\t1e-{i + 3}\n" for i, p in enumerate(PLACES)
)
MUSTACHE = "BIN1_CHR\tBIN1_START\tBIN1_END\tBIN2_CHROMOSOME\tBIN2_START\tBIN2_END\tFDR\tDETECTION_SCALE\n" + "".join(
    "\t".join(map(str, p[:6])) + "\t0.01\t1.7\n" for p in PLACES
)
COUNTS = np.add.outer(np.arange(12), np.arange(12)) % 7 + 1
DENSE = "".join(
    f"chr1\t{i * 40000}\t{i * 40000 + 40000}\t" + "\t".join(map(str, r)) + "\n" for i, r in enumerate(COUNTS)
)
TRIPLES = "".join(f"{i * 40000}\t{j * 40000}\t{COUNTS[i, j]}\n" for i in range(12) for j in range(i, 12))


HICPRO_BINS = [("chr1", 40_000 * i, i + 1) for i in range(12)] + [("chr2", 40_000 * i, i + 13) for i in range(8)]


def write_hicpro(which):
    """HiC-Pro's matrix, bins numbered through the genome, with the table of its bins; returns the path of `which`."""

    def write(folder):
        numbers = {"matrix": folder / "s_40000.matrix", "bins": folder / "s_40000_abs.bed"}
        numbers["bins"].write_text("".join(f"{c}\t{a}\t{a + 40_000}\t{n}\n" for c, a, n in HICPRO_BINS))
        pairs = [(a, b, (7 * a + b) % 9 + 1) for _, _, a in HICPRO_BINS for _, _, b in HICPRO_BINS if a <= b]
        numbers["matrix"].write_text("".join(f"{a}\t{b}\t{n}\n" for a, b, n in pairs))
        return numbers[which]

    return write


def cool_tables(**columns):
    """Bins of 1 kb on two chromosomes, with further columns, and a count for each pair of them."""
    bins = pd.DataFrame(
        {"chrom": ["chr1"] * 30 + ["chr2"] * 10, "start": [*range(0, 30_000, 1000), *range(0, 10_000, 1000)]}
    )
    i, j = np.triu_indices(len(bins))
    pixels = pd.DataFrame({"bin1_id": i, "bin2_id": j, "count": (i + j) % 9 + 1})
    return bins.assign(end=bins["start"] + 1000, **columns), pixels


def write_cool(folder):
    import cooler

    cooler.create_cooler(str(folder / "a.cool"), *cool_tables())
    return folder / "a.cool"


def write_divisive_cool(folder):
    """A multi-resolution file as hic2cool makes it from a .hic: weights of KR, which divide."""
    import cooler

    tables = cool_tables(KR=1 + np.arange(40) % 3 / 4)
    cooler.create_cooler(str(folder / "a.mcool") + "::/resolutions/1000", *tables)
    return folder / "a.mcool"


def write_cells(folder):
    """A single-cell file with a matrix for each of two cells."""
    import cooler

    bins, pixels = cool_tables()
    cooler.create_scool(str(folder / "a.scool"), bins, {"A": pixels, "B": pixels.assign(count=2)})
    return folder / "a.scool"


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
CONTIGS = "track type=bedGraph\n" + BEDGRAPH + "chrUn_KI270302v1\t0\t200\t2\nERCC-00002\t0\t90\t3\nchrEBV\t5\t9\t1\n"
LENGTHS = {"chr1": 60_000, "chr2": 30_000}


def write_bigwig(folder):
    import pyBigWig

    with pyBigWig.open(str(folder / "a.bw"), "w") as file:
        file.addHeader(list(LENGTHS.items()))
        for chrom, n in (("chr1", 600), ("chr2", 300)):
            starts = np.arange(n) * 100
            file.addEntries([chrom] * n, starts, ends=starts + 100, values=(starts % 7).astype(float))
    return folder / "a.bw"


def write_spliced_bam(folder):
    """Reads of RNA, each in two pieces around an intron, from the genes' first bases on."""
    import pysam

    header = {"HD": {"VN": "1.6"}, "SQ": [{"SN": c, "LN": n} for c, n in LENGTHS.items()]}
    with pysam.AlignmentFile(str(folder / "a.bam"), "wb", header=header) as file:
        for i, (_, chrom, start, _, strand) in enumerate(GENES * 12):
            read = pysam.AlignedSegment(file.header)
            read.query_name, read.query_sequence, read.cigarstring = f"r{i}", "A" * 50, "25M300N25M"
            read.flag, read.reference_id, read.reference_start = 16 * (strand == "-"), chrom == "chr2", start + i % 40
            file.write(read)
    return folder / "a.bam"


def write_depth_array(folder):
    """The published array of one region: depth of two marks, a column per base."""
    np.save(folder / "chr1:1000-3000.npy", np.arange(4000).reshape(2, -1).astype(np.float16) % 9)
    return folder / "chr1:1000-3000.npy"


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


def write_checkpoint(folder):
    return cl.save_checkpoint(
        cl.Chromoformer(marks=("A", "B"), resolutions=(200, 100), **SMALL), folder / "a.pt", epoch=3
    )


def write_quantiles(folder):
    return Quantiles(np.array([0, 0.5, 1]), {"A": np.array([0, 1.5, 9.0])}, {"A": "depth"}, 100).save(folder / "q.json")


def write_source(folder):
    (folder / "roadmap-reads.yaml").write_bytes((MANIFEST / "roadmap-reads.yaml").read_bytes())
    return folder / "roadmap-reads.yaml"


# ---------------------------------------------------------------- sequence

FASTA = "".join(f">{c}\n" + f"{'ACGTTGCANNGGATCCATGC' * 3}\n" * 6 + "ACGTA\n" for c in ("chr1", "chr2"))
JASPAR = "".join(
    f">MA{i}.1 F{i}\n"
    + "".join(f"{c} [ {' '.join(str((i * j + k) % 7 + 1) for j in range(8))} ]\n" for k, c in enumerate("ACGT"))
    for i in range(4)
)
MEME = (
    "MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\nBackground letter frequencies\nA 0.3 C 0.2 G 0.2 T 0.3\n"
    + "".join(
        f"\nMOTIF F{i}\nletter-probability matrix: alength= 4 w= 6 nsites= 20 E= 0\n"
        + "0.7  0.1  0.1  0.1\n0.25  0.25  0.5  0.0\n" * 3
        for i in range(4)
    )
)
