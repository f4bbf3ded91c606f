"""Every reader of the package with a sound file of its format: the one table that damage is done to.

`READERS[name].write(folder)` makes the file and returns its path; `read(path)` reads all of it, asserts that the answer
is sane, and returns it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import chromolab as cl
from chromolab.data.chromosomes import read_chrom_sizes
from chromolab.data.dataset.recalibration import read_quantiles
from chromolab.data.genes.annotation import exon_lengths
from chromolab.data.intervals import check_contacts, read_regions
from chromolab.data.project.config import read_config, write_example
from chromolab.data.project.tables import rna_regions, rna_signal
from chromolab.data.public.manifest import read_source
from chromolab.data.tracks.child_collect import load_reads
from chromolab.data.tracks.child_reads import load_bedgraph
from chromolab.data.tracks.depth_arrays import read_depth_folder
from chromolab.data.tracks.reads import BedGraph, source_of
from helpers import sound_files as files
from helpers.signals import some_reads, write_bam
from helpers.sound_files import in_utf16, written
from helpers.toys import toy_dataset


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


# ---------------------------------------------------------------- genes


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


def deepchrome(path):
    ds = cl.data.read_deepchrome(path)
    depth = ds.promoter_depth()
    assert len(ds) and depth.shape[2] == len(ds.marks) and np.isfinite(depth).all() and (depth >= 0).all()
    assert set(ds.labels) <= {0, 1}
    return depth


def sizes(path):
    lengths = read_chrom_sizes(path)
    assert lengths and all(isinstance(n, int) and n > 0 for n in lengths.values())
    return lengths


def regions(path):
    df = read_regions(path)
    assert len(df) and (df["end"] > df["start"]).all() and (df["start"] >= 0).all()
    return df


# ---------------------------------------------------------------- contacts


MATRICES = (".cool", ".mcool", ".scool", ".matrix")  # of which no pair may touch more often than expected


def contacts(of=lambda path: path, **options):
    """Read contacts; `of` says what to read for the damaged file."""

    def read(path):
        df = cl.data.read_contacts(of(path), progress=False, **options)
        matrix = options.get("bin_size") or str(of(path)).partition("::")[0].endswith(MATRICES)
        assert df.attrs["measure"] and (len(df) or matrix)
        check_contacts(df)
        assert df["start1"].dtype.kind == "i" and len(df.columns) == 7
        return df

    return read


# ---------------------------------------------------------------- signals

WHERE = pd.DataFrame({"chrom": ["chr1", "chr1", "chr2"], "start": [0, 500, 100], "end": [1000, 1250, 900]})


def signal(track=lambda path: path):
    def read(path):
        mean, covered, offsets, _ = cl.data.bin_means(track(path), WHERE, 100, progress=False)
        assert offsets.tolist() == [0, 10, 18, 26] and ((covered >= 0) & (covered <= 100)).all()
        assert (np.isnan(mean) == (covered == 0)).all() and np.isfinite(mean[covered > 0]).all()
        return mean, covered

    return read


def rna(path):
    """RNA over the exons of genes, as an expression that is given as a track."""
    (gtf := path.parent / "exons.gtf").write_text(files.EXONS)
    genes = cl.data.read_annotation(gtf)
    values = rna_signal({"track": path}, rna_regions(genes, "exons", gtf), files.LENGTHS)
    assert values.shape == (len(genes),) and not np.isinf(values).any() and not (values < 0).any()
    return values


def depth_array(path):
    places = pd.DataFrame({"chrom": ["chr1"], "start": [1000], "end": [3000]})
    found = read_depth_folder(path.parent, places, 100, marks=("A", "B"), progress=False)
    assert all(np.isfinite(m.mean).all() and (m.mean >= 0).all() and (m.covered == 100).all() for m in found.values())
    return [m.mean for m in found.values()]


def inside(load, track):
    """Read aligned reads or a bedGraph as the child process does."""
    return lambda path: load(source_of(track(path), files.LENGTHS), lambda share: None)


# ---------------------------------------------------------------- datasets, models, settings


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


def quantiles(path):
    q = read_quantiles(path)
    return [q.probabilities, q.values, q.scales, q.bin_size]  # noqa: PD011 (no table)


def letters(path):
    text = cl.data.sequences(path, pd.DataFrame({"chrom": ["chr1", "chr2"], "start": 0, "end": 365}))
    assert [len(t) for t in text] == [365, 365] and {*"".join(text)} <= {*"ACGTN"}
    return text


def motifs(path):
    found = cl.data.read_motifs(path)
    assert found and all(np.allclose(m.probabilities.sum(1), 1) and np.isfinite(m.scores).all() for m in found.values())
    return pd.DataFrame({name: [m.consensus, m.sites, *m.background] for name, m in found.items()})


READERS = {
    "GTF": Reader(written("a.gtf", files.GTF), annotation()),
    "GTF exons": Reader(written("a.gtf", files.EXONS), exons),
    "GFF3": Reader(written("a.gff3", files.GFF3), annotation()),
    "BED12 genes": Reader(written("a.bed", files.BED12), annotation()),
    "BED12 genes, every TSS": Reader(written("a.bed", files.BED12), annotation(tss="all")),
    "gene_info": Reader(written("a.gene_info", files.INFO), annotation()),
    "expression": Reader(written("a.tsv", files.EXPRESSION), expression),
    "DeepChrome": Reader(written("a.csv", files.DEEPCHROME), deepchrome),
    "genePred": Reader(written("a.txt", files.GENE_PRED), annotation()),
    "RSEM, decimal commas": Reader(written("a.genes.results", files.RSEM), expression),
    "GCT": Reader(written("a.gct", files.OF_GTEX), expression),
    "workbook": Reader(files.write_workbook, expression, text=False, weight=0.3),
    "AnnData": Reader(files.write_anndata, expression, text=False, child=True, weight=0.3),
    "expression, semicolons": Reader(written("a.csv", files.SEMICOLONS), expression),
    "expression of R": Reader(written("a.txt", files.NAMELESS), expression),
    "expression, UTF-16": Reader(in_utf16("a.txt", files.EXPRESSION), expression, text=False),
    "series matrix": Reader(written("a.txt", files.SERIES), expression),
    "featureCounts": Reader(written("a.txt", files.FEATURES), expression),
    "RSEM": Reader(written("a.genes.results", files.RSEM_TABS), lambda path: expression(path, unit="TPM")),
    "STAR": Reader(written("ReadsPerGene.out.tab", files.STAR), expression),
    "GFF3, percent codes": Reader(written("a.gff3", files.PERCENT), annotation()),
    "GTF, quotes": Reader(written("a.gtf", files.QUOTES), annotation()),
    "GTF of lifted genes": Reader(written("a.gtf", files.LIFTED), annotation()),
    "GFF3 of NCBI": Reader(written("a.gff", files.NCBI), annotation()),
    "BED6 genes": Reader(written("a.bed", files.BED6), annotation()),
    "Salmon": Reader(written("quant.genes.sf", files.SALMON), expression),
    "kallisto": Reader(written("abundance.tsv", files.KALLISTO), expression),
    "StringTie": Reader(written("gene_abund.tab", files.STRINGTIE), expression),
    "Cufflinks": Reader(written("genes.fpkm_tracking", files.CUFFLINKS), expression),
    "htseq-count": Reader(written("cellA.txt", files.HTSEQ), expression),
    "AnnData, sparse": Reader(files.write_sparse_anndata, expression, text=False, child=True, weight=0.3),
    "chrom.sizes": Reader(written("a.sizes", files.SIZES), sizes),
    "BED regions": Reader(written("a.bed", files.BED12), regions),
    "promoter capture": Reader(written("a.txt", files.JUNG), contacts(), rows=True),
    "ibed": Reader(written("a.ibed", files.IBED), contacts(), rows=True),
    "peak matrix": Reader(written("a.txt", files.PEAKS), contacts(frequency="cellA"), rows=True),
    "longrange, pairs": Reader(written("a.txt", files.PAIRS), contacts(), rows=True),
    "longrange": Reader(written("a.lr", files.TRACK), contacts(), rows=True),
    "bedpe": Reader(written("a.bedpe", files.BEDPE), contacts(), rows=True),
    "HiCCUPS": Reader(written("a.bedpe", files.HICCUPS), contacts(), rows=True),
    "contacts table": Reader(written("a.csv", files.TABLE), contacts(), rows=True),
    "dense matrix": Reader(written("a.txt", files.DENSE), contacts(bin_size=40_000)),
    "triples": Reader(written("a.txt", files.TRIPLES), contacts(bin_size=40_000, chrom="chr1")),
    "longrange, colons": Reader(written("a.txt", files.COLONS), contacts(), rows=True),
    "interact": Reader(written("a.inter.bed", files.INTERACT), contacts(), rows=True),
    "interact, scores only": Reader(written("a.inter.bed", files.SCORED), contacts(), rows=True),
    "FitHiChIP": Reader(written("a.bed", files.FITHICHIP), contacts(frequency="cc"), rows=True),
    "Mustache": Reader(written("a.tsv", files.MUSTACHE), contacts(frequency=2.0), rows=True),
    "HiC-Pro": Reader(files.write_hicpro("matrix"), contacts()),
    "HiC-Pro, bins": Reader(
        files.write_hicpro("bins"), contacts(lambda path: path.with_name("s_40000.matrix"), bin_size=40_000)
    ),
    "mcool, KR": Reader(files.write_divisive_cool, contacts(), text=False, tells=True, child=True, weight=0.3),
    "scool, one cell": Reader(
        files.write_cells, contacts("{}::/cells/A".format), text=False, tells=True, child=True, weight=0.3
    ),
    "cool": Reader(files.write_cool, contacts(), text=False, tells=True, child=True, weight=0.3),
    "frag2neighbors": Reader(files.write_pickles("frag2neighbors"), contacts(), text=False, tells=True),
    "pair2score": Reader(files.write_pickles("pair2score"), contacts(), text=False, tells=True),
    "bigWig": Reader(files.write_bigwig, signal(), text=False, tells=True, child=True, weight=0.8),
    "tagAlign": Reader(
        written("a.tagAlign", files.READS),
        signal(lambda path: cl.data.Reads(path, chrom_sizes=files.LENGTHS)),
        inside(load_reads, lambda path: cl.data.Reads(path, extend=50)),
        ends=True,
        child=True,
        weight=0.5,
    ),
    "bedGraph": Reader(
        written("a.bedGraph", files.BEDGRAPH),
        signal(),
        inside(load_bedgraph, BedGraph),
        ends=True,
        child=True,
        weight=0.5,
    ),
    "bedGraph, other contigs": Reader(
        written("a.bedGraph", files.CONTIGS),
        signal(lambda path: BedGraph(path, gaps="zero", chrom_sizes=files.LENGTHS)),
        inside(load_bedgraph, lambda path: BedGraph(path, gaps="zero", chrom_sizes=files.LENGTHS)),
        ends=True,
        child=True,
        weight=0.5,
    ),
    "spliced BAM as expression": Reader(files.write_spliced_bam, rna, text=False, tells=True, child=True, weight=0.5),
    "bigWig as expression": Reader(files.write_bigwig, rna, text=False, tells=True, child=True, weight=0.5),
    "depth array": Reader(files.write_depth_array, depth_array, text=False, tells=True),
    "BAM": Reader(
        lambda folder: write_bam(folder / "a.bam", some_reads(n=200)),
        signal(),
        text=False,
        tells=True,
        child=True,
        weight=0.5,
    ),
    "published table": Reader(files.write_published("meta"), published, text=False, names="as_published"),
    "published array": Reader(files.write_published("npy"), published, text=False, tells=True, weight=0.2),
    "dataset": Reader(
        lambda folder: toy_dataset(missing=True).save(folder / "a.clds"),
        lambda path: sane(cl.load_dataset(path)),
        text=False,
        tells=True,
    ),
    "quantiles": Reader(files.write_quantiles, quantiles, text=False, tells=True),
    "checkpoint": Reader(files.write_checkpoint, lambda path: cl.load_checkpoint(path).marks, text=False, tells=True),
    "FASTA": Reader(written("a.fa", files.FASTA), letters, text=False),
    "MEME motifs": Reader(written("a.meme", files.MEME), motifs),
    "JASPAR motifs": Reader(written("a.jaspar", files.JASPAR), motifs),
    "my.yaml": Reader(lambda folder: write_example(folder / "my.yaml"), lambda path: read_config(path).out, text=False),
    "manifest": Reader(files.write_source, read_source, text=False),
}
