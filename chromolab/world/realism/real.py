"""The real sets, each as far as it goes: pilot, chr11, contacts, CRISPRi; and the two that are looked at last."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.chromosomes import chromosome_sizes
from chromolab.data.contacts.formats import read_contacts
from chromolab.data.dataset.build import build_dataset
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.pilot import CELL_TYPES, pilot_dataset
from chromolab.data.dataset.published import read_published
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.genes.expression import read_expression
from chromolab.data.genes.gene_table import gene_table
from chromolab.data.intervals import overlaps, read_regions
from chromolab.defaults import MARKS, MIN_FREQUENCY
from chromolab.world.realism.evidence import AT_TSS, Evidence, of_dataset, of_genes, peaks_at, places_of
from chromolab.world.realism.windows import CALLS, P_VALUE, SCORES, look

GRID = 200  # bp: the bins of ChromHMM's calls on chr11, and those in which peaks of the mouse are looked at


def pilot(folder: Path) -> Evidence:
    """Roadmap signal (-log10 p) in the ENCODE pilot regions, GENCODE v10 genes, RPKM of three cell types, CTCF of H1.

    Genes, expression and CTCF are those of the whole genome; for intervals they are dealt by chromosome, the windows by
    region.
    """
    home = folder / "roadmap-pilot"
    dataset = pilot_dataset(home)
    regions = read_regions(home / "encodePilotRegions.hg19.bed")
    at = pd.DataFrame({"chrom": dataset.genes["chrom"], "start": dataset.genes["tss"], "end": dataset.genes["tss"] + 1})
    rows, region = overlaps(at, regions)
    place = np.zeros(len(at), np.int64)
    place[rows] = region % 10
    annotated = _hg19(folder, CELL_TYPES)
    peaks = read_regions(folder / "h1-chip-peaks" / "wgEncodeBroadHistoneH1hescCtcfStdPk.broadPeak.gz")
    genes = annotated.genes
    near = pd.DataFrame({"chrom": genes["chrom"], "start": genes["tss"] - AT_TSS, "end": genes["tss"] + AT_TSS})
    ctcf = np.isin(np.arange(len(near)), overlaps(near, peaks)[0]).astype(float)
    at_tss = annotated.expression.rename(columns={"in E003": "log2_expression"}).assign(pc1=np.nan, ctcf=ctcf)
    return replace(annotated, windows=look(dataset, place, P_VALUE), at_tss=at_tss)


def chr11(folder: Path) -> Evidence:
    """ChromHMM's calls (0 or 1, 200 bp) on chromosome 11 of GM12878 and K562.

    TSSs are moved to the calls' grid, at most 199 bp, so that no bin mixes two calls.
    """
    home = folder / "chr11"
    marks, cells = [m for m in MARKS if m != "H3K9me3"], ["GM12878", "K562"]
    tracks = {c: {m: home / f"{c}.{m}.bedgraph.gz" for m in marks} for c in cells}
    dataset, annotated = _calls(home, "genes.hg18.chr11.bed", tracks, home / "chrom.sizes")
    windows = look(dataset, places_of(_blocks(home, dataset.genes)), CALLS)
    sizes = chromosome_sizes(home / "chrom.sizes")
    at_tss = pd.concat(
        annotated.genes.assign(
            log2_expression=annotated.expression[f"in {c}"].to_numpy(),
            pc1=np.nan,
            ctcf=peaks_at(home / f"{c}.CTCF.bedgraph.gz", annotated.genes, chrom_sizes=sizes).astype(float),
        )
        for c in cells
    )
    return replace(annotated, windows=windows, at_tss=at_tss)


def _calls(home: Path, genes: str, tracks: dict, sizes: object) -> tuple[Dataset, Evidence]:
    """The dataset of one chromosome in blocks, 200 bp, and its genes; the folder's expression has the same cells."""
    cells = list(tracks)
    annotation, expression = read_annotation(home / genes), read_expression(home / "rpkm.tsv.gz")[cells]
    blocks = read_regions(home / "blocks.bed")
    blocks["fold"] = np.arange(len(blocks)) % 4 + 1
    table, _ = gene_table(annotation, expression, cells, folds=blocks)
    table["tss"] = table["tss"] // GRID * GRID
    dataset = build_dataset(
        table, tracks, resolutions=(GRID,), chrom_sizes=sizes, scales="unknown", missing="zero", progress=False
    )
    return dataset, of_genes(annotation, expression, pd.Series(_blocks(home, annotation)))


def _blocks(home: Path, genes: pd.DataFrame) -> np.ndarray:
    """The number of the block in which each TSS lies, from 1."""
    starts = read_regions(home / "blocks.bed")["start"].to_numpy()
    return np.searchsorted(starts, genes["tss"], side="right")


def reads(folder: Path) -> Evidence:
    """Read depth of two marks in K562, chr1:22.5-25 Mb, from half of the reads: the only depth that is no test."""
    home = folder / "loader-fixtures" / "k562-reads"
    within = pd.DataFrame({"chrom": ["chr1"], "start": [22_500_000], "end": [25_000_000]})
    annotation = read_annotation(folder / "roadmap-pilot" / "gencode_10_genes.gtf.gz")
    annotation = _without_version(annotation[annotation["gene_type"] == "protein_coding"])
    genes, _ = gene_table(annotation, None, "K562", within=within)
    tracks = {m: home / f"K562_{m}.bam" for m in ("H3K4me3", "H3K36me3")}
    dataset = build_dataset(genes, tracks, resolutions=(100,), scales="depth", progress=False)
    return Evidence(windows=look(dataset, places_of(dataset.genes["tss"] // 250_000)))


def contacts(folder: Path) -> Evidence:
    """Promoter-capture Hi-C of GM12878, joined to genes whose TSS lies in a bait.

    Its scores are read pairs of listed contacts. A contact counts as pCRE where its score is above 1.5 times the median
    of listed contacts at that distance; a gene's number of them has no upper limit here.
    """
    table = read_contacts(folder / "contacts" / "GM12878.promoter-capture-hic.hg19.tsv.gz", progress=False)
    table = table[table["chrom1"] == table["chrom2"]].reset_index(drop=True)
    table["centre"] = (table["start2"] + table["end2"]) // 2
    distance = ((table["start1"] + table["end1"]) // 2 - table["centre"]).abs().clip(lower=1000)
    expected = table["frequency"].groupby(np.floor(2 * np.log2(distance))).transform("median")
    table["bait"] = table.groupby(["chrom1", "start1", "end1"], sort=False).ngroup()
    baits = table.groupby("bait")[["chrom1", "start1", "end1"]].first()
    genes = _hg19(folder, ["E116"])
    table = table[table["frequency"] > MIN_FREQUENCY * expected]
    tss = genes.genes[["chrom"]].assign(start=genes.genes["tss"], end=genes.genes["tss"] + 1)
    row, bait = overlaps(tss, baits.set_axis(["chrom", "start", "end"], axis=1))
    joined = genes.genes.iloc[row].assign(bait=baits.index[bait], level=genes.expression["in E116"].to_numpy()[row])
    pcres = joined.merge(table, on="bait")
    return Evidence(
        contacts=pd.DataFrame(
            {
                "cell_type": "E116",
                "log2_expression": joined["level"],
                "pcres": joined["bait"].map(table.groupby("bait").size()).fillna(0),
                "open": np.nan,
                "place": joined["place"],
            }
        ),
        pcres=pd.DataFrame(
            {"distance": (pcres["centre"] - pcres["tss"]).abs(), "frequency": np.nan, "place": pcres["place"]}
        ),
    )


def crispri(folder: Path) -> Evidence:
    """Pairs of element and gene in K562 that were tested with CRISPRi.

    The nearest gene is meant among all coding genes of GENCODE v10, moved from hg19 to hg38 by the offsets of the
    tested genes beside them.
    """
    table = pd.read_csv(next((folder / "crispri").glob("*training_K562*.tsv.gz")), sep="\t")
    gene = table["measuredGeneEnsemblId"].str.partition(".")[0]
    centre = ((table["chromStart"] + table["chromEnd"]) // 2).to_numpy()
    genes = _moved(_hg19(folder, ["E123"]).genes, table["chrom"], gene, table["startTSS"])
    nearest = np.full(len(table), "", object)
    for chrom, rows in table.groupby("chrom").indices.items():
        here = genes[genes["chrom"] == chrom].sort_values("tss")
        tss = here["tss"].to_numpy()
        right = np.clip(np.searchsorted(tss, centre[rows]), 1, len(tss) - 1)
        left_is_nearer = centre[rows] - tss[right - 1] < tss[right] - centre[rows]
        nearest[rows] = here["gene_id"].to_numpy()[right - left_is_nearer]
    pairs = {
        "gene": gene.fillna(table["measuredGeneSymbol"]),
        "element": table["chrom"] + ":" + table["chromStart"].astype(str),
        "distance": table["distanceToTSS"].abs(),
        "h3k27ac": table["H3K27ac.RPM.expandedRegion"],
        "h3k4me1": table["H3K4me1.RPM"],
        "bright": table["H3K27ac_peak_overlap"] == 1,
        "cause": table["Regulated"].astype(bool),
        "nearest": nearest == gene,
        "lost": -table["EffectSize"],
        "contact": np.nan,
        "listed": np.nan,
        "place": places_of(table["chrom"]),
    }
    return Evidence(pairs=pd.DataFrame(pairs))


def _moved(genes: pd.DataFrame, chrom: pd.Series, gene: pd.Series, tss: pd.Series) -> pd.DataFrame:
    """`genes` in the assembly of `tss`, the TSSs there of some `gene` on `chrom`: by the offset of the nearest."""
    known = pd.DataFrame({"chrom": chrom, "gene_id": gene, "there": tss}).drop_duplicates()
    known = known.merge(genes[["chrom", "gene_id", "tss"]], on=["chrom", "gene_id"]).sort_values(["chrom", "tss"])
    known["offset"] = (
        (known["there"] - known["tss"])
        .groupby(known["chrom"])
        .transform(lambda offset: offset.rolling(5, center=True, min_periods=1).median())
    )
    genes = genes.sort_values("tss")
    offset = pd.merge_asof(
        genes, known.sort_values("tss")[["chrom", "tss", "offset"]], on="tss", by="chrom", direction="nearest"
    )["offset"].to_numpy()
    return genes.assign(tss=genes["tss"] + offset).dropna(subset="tss")


def h1_demo(folder: Path) -> Evidence:
    """Sixty genes of H1 in the published format, read depth. A test: see `realism`."""
    home = folder / "h1-demo"
    return of_dataset(read_published(home / "meta.csv", home / "npy", progress=False))


def mouse_chr5(folder: Path) -> Evidence:
    """Peak scores of mouse ES cells on chromosome 5. A test: see `realism`."""
    home = folder / "mouse-chr5"
    names = {"H3K4me1": "H3K4me1_J1", "H3K4me3": "H3K4me3_J1", "H3K27me3": "H3K27me3_J1_1", "H3K27ac": "H3K27ac_J1"}
    tracks = {"J1": {m: home / f"{n}.peaks.bedgraph.gz" for m, n in names.items()}}
    dataset, annotated = _calls(home, "genes.mm9.chr5.bed", tracks, home / "mm9.chr5.sizes")
    return replace(annotated, windows=look(dataset, places_of(_blocks(home, dataset.genes)), SCORES))


def _hg19(folder: Path, cells: Sequence[str]) -> Evidence:
    """Genes of GENCODE v10 with their RPKM in these cell types of the Roadmap table."""
    home = folder / "roadmap-pilot"
    expression = read_expression(home / "57epigenomes.RPKM.pc.gz")[list(cells)]
    return of_genes(_without_version(read_annotation(home / "gencode_10_genes.gtf.gz")), expression)


def _without_version(annotation: pd.DataFrame) -> pd.DataFrame:
    return annotation.assign(gene_id=annotation["gene_id"].str.partition(".")[0])


Set = tuple[tuple[str, ...], Callable[[Path], Evidence]]  # the folders that it needs, and how it is read

OPEN: dict[str, Set] = {
    "pilot": (("roadmap-pilot", "h1-chip-peaks"), pilot),
    "chr11": (("chr11",), chr11),
    "reads": (("loader-fixtures", "roadmap-pilot"), reads),
    "contacts": (("contacts", "roadmap-pilot"), contacts),
    "crispri": (("crispri", "roadmap-pilot"), crispri),
}
BLIND: dict[str, Set] = {"h1-demo": (("h1-demo",), h1_demo), "mouse-chr5": (("mouse-chr5",), mouse_chr5)}
