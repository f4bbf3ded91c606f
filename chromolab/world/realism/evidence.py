"""What one set of data, simulated or real, can tell of the figures: tables that are measured alike."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.genes.expression import read_expression
from chromolab.data.intervals import tss_windows
from chromolab.data.tracks.bin_means import bin_means, bin_means_many, open_track
from chromolab.world.realism.windows import CALLS, DEPTH, P_VALUE, Windows, look

PLACES = 10  # parts of a genome, at most, each of which is left out once for the intervals
BRIGHT = 0.5  # activity above which a simulated element looks active
AT_TSS = 200  # bp to each side of a TSS in which a promoter's CTCF lies
PEAK = 10  # times a track's mean: bins of 200 bp above it hold a peak


@dataclass(frozen=True)
class Evidence:
    """The tables of one set of data; None where it has none. Each has a column `place`, the part of the genome.

    Attributes
    ----------
    windows : Windows
        The signal in promoter windows.
    as_p_values, as_calls : Windows
        The same as -log10 p and as calls, where the signal is simulated depth.
    genes : DataFrame
        Coding genes, sorted by chrom and tss: gene_id, chrom, part (of the genome, finer than
        `place`), start, end, strand, tss.
    expression : DataFrame
        log2(RPKM + 1) of coding genes, sorted by chrom and tss: chrom, tss, and a column per cell type, `in CELL`.
    contacts : DataFrame
        A row per gene and cell type: pcres (how many it has), log2_expression, and open (whether its H3K4me3 within 1
        kb of the TSS is at or above the cell type's median; NaN if not known).
    pcres : DataFrame
        A row per gene, cell type and pCRE: distance (bp, from its centre to the TSS) and frequency (observed /
        expected; NaN if not known).
    pairs : DataFrame
        A row per gene, cell type and element that was tested: gene and element (names that tell cell types apart),
        distance (bp), h3k27ac, h3k4me1, bright (the element has H3K27ac), cause, nearest, lost (share of expression
        that goes with the element), contact and listed (NaN if not known).
    at_tss : DataFrame
        A row per gene and cell type: log2_expression, pc1 and ctcf (whether CTCF is bound within 200 bp); NaN if
        not known.
    """

    windows: Windows | None = None
    as_p_values: Windows | None = None
    as_calls: Windows | None = None
    genes: pd.DataFrame | None = None
    expression: pd.DataFrame | None = None
    contacts: pd.DataFrame | None = None
    pcres: pd.DataFrame | None = None
    pairs: pd.DataFrame | None = None
    at_tss: pd.DataFrame | None = None

    def places(self) -> list[int]:
        """The parts of the genome that occur in any table."""
        tables = [t.examples if isinstance(t, Windows) else t for t in self._tables().values()]
        return sorted({int(p) for t in tables for p in t["place"].unique()})

    def without(self, place: int) -> "Evidence":
        """The same evidence, but for one part of the genome."""
        left: dict[str, Any] = {}
        for name, t in self._tables().items():
            if isinstance(t, Windows):
                left[name] = t.take((t.examples["place"] != place).to_numpy())
            else:
                left[name] = t[t["place"] != place]
        return replace(self, **left)

    def _tables(self) -> dict[str, Any]:
        return {f.name: t for f in fields(self) if (t := getattr(self, f.name)) is not None}


def places_of(parts: Any) -> np.ndarray:
    """Deal chromosomes or other parts of a genome, (rows,), to at most ten places, in the order of their names."""
    return pd.factorize(np.asarray(parts), sort=True)[0] % PLACES


# ----- a dataset ------------------------------------------------------------------------------------------------------


def of_dataset(dataset: Dataset, place: np.ndarray | None = None, scale: str = DEPTH) -> Evidence:
    """What a dataset tells: windows and contacts.

    Parameters
    ----------
    dataset : Dataset
    place : int array (examples,), optional
        Default by chromosome.
    scale : str
        What its values are: one of those of `Windows`.
    """
    place = places_of(dataset.genes["chrom"]) if place is None else place
    evidence = Evidence(windows=look(dataset, place, scale))
    if not (dataset.pcre >= 0).any():
        return evidence
    genes = dataset.genes
    contacts = genes[["cell_type", "log2_expression"]].assign(
        pcres=(dataset.pcre >= 0).sum(1), open=np.nan, place=place
    )
    if "H3K4me3" in dataset.marks:
        depth = dataset.with_marks(["H3K4me3"]).promoter_depth()[:, :, 0]
        middle, flank = depth.shape[1] // 2, 1000 // dataset.bin_size
        near = pd.Series(np.nanmean(depth[:, middle - flank : middle + flank], axis=1), contacts.index)
        contacts["open"] = (near >= near.groupby(contacts["cell_type"]).transform("median")).astype(float)
    example, slot = np.nonzero(dataset.pcre >= 0)
    regions = dataset.signal.regions.iloc[dataset.pcre[example, slot]]
    centre = ((regions["start"] + regions["end"]) // 2).to_numpy()
    distance = np.abs(centre - genes["tss"].to_numpy()[example])
    pcres = pd.DataFrame({"distance": distance, "frequency": dataset.frequency[example, slot], "place": place[example]})
    return replace(evidence, contacts=contacts, pcres=pcres)


# ----- genes and expression -------------------------------------------------------------------------------------------


def of_genes(annotation: pd.DataFrame, expression: pd.DataFrame, parts: pd.Series | None = None) -> Evidence:
    """What an annotation and an expression table tell of the coding genes that are in both.

    Parameters
    ----------
    annotation : as `read_annotation` returns it
        Where it knows kinds of genes, the protein-coding ones are taken.
    expression : genes x cell types, RPKM
    parts : Series (rows of `annotation`), optional
        The part of the genome in which each gene lies, default its chromosome.
    """
    parts = annotation["chrom"] if parts is None else parts
    genes = annotation.assign(part=np.asarray(parts), place=places_of(parts))
    if (genes["gene_type"] == "protein_coding").any():
        genes = genes[genes["gene_type"] == "protein_coding"]
    genes = genes[genes["gene_id"].isin(expression.index)].sort_values(["chrom", "tss"], ignore_index=True)
    level = np.log2(expression.reindex(genes["gene_id"]).to_numpy() + 1)
    levels = pd.DataFrame(level, columns=[f"in {cell}" for cell in expression])
    return Evidence(genes=genes, expression=pd.concat([genes[["chrom", "tss", "place"]], levels], axis=1))


def peaks_at(track: Any, genes: pd.DataFrame, **reading: Any) -> np.ndarray:
    """Whether a bin of 200 bp within 200 bp of each TSS holds more than ten times the track's mean, bool (genes,).

    `reading` goes to `bin_means`. Bases without data count as 0.
    """
    sizes = open_track(track).chrom_sizes if not reading.get("chrom_sizes") else reading["chrom_sizes"]
    chroms = [c for c in sizes if c in set(genes["chrom"])]
    regions = pd.DataFrame({"chrom": chroms, "start": 0, "end": [sizes[c] for c in chroms]})
    binned = bin_means(track, regions, 200, progress=False, **reading)
    value = np.nan_to_num(binned.mean) * binned.covered
    peaks = np.concatenate([[0], np.cumsum(value > PEAK * value.mean())])
    first = genes["chrom"].map(dict(zip(chroms, binned.offsets[:-1], strict=True))).to_numpy()
    last = genes["chrom"].map(dict(zip(chroms, binned.offsets[1:], strict=True))).to_numpy()
    tss = genes["tss"].to_numpy()
    start = np.maximum(first + (tss - AT_TSS) // 200, first)
    return peaks[np.minimum(first + (tss + AT_TSS) // 200 + 1, last)] > peaks[start]


# ----- a world --------------------------------------------------------------------------------------------------------


def of_world(world: Any) -> Evidence:
    """What a teaching genome tells, read from its files; only the causes come from its key.

    Parameters
    ----------
    world : World
    """
    dataset = world.dataset(progress=False)
    annotation = read_annotation(world.gtf)
    annotated = of_genes(annotation, read_expression(world.expression))
    chroms = dataset.genes["chrom"]
    place_of_chrom = dict(zip(annotation["chrom"], places_of(annotation["chrom"]), strict=True))
    place = chroms.map(place_of_chrom).to_numpy()
    evidence = of_dataset(dataset, place)
    return replace(
        evidence,
        as_p_values=look(dataset, place, P_VALUE, convert=True),
        as_calls=look(dataset, place, CALLS, convert=True),
        genes=annotated.genes,
        expression=annotated.expression,
        pairs=pairs_of(world, annotation.set_index("gene_id")["chrom"].map(place_of_chrom)),
        at_tss=at_tss_of(world, dataset.genes.assign(place=place)),
    )


def pairs_of(world: Any, place: Mapping) -> pd.DataFrame:
    """The tested pairs of every cell type, without silencers: CRISPRi lists what activates."""
    elements, tables = world.key.elements, []
    for cell in world.cell_types:
        pairs = world.causes().pairs(cell)
        pairs = pairs[pairs["kind"] != "silencer"]
        of_cell = elements[elements["cell_type"] == cell].set_index("element_id")
        used = of_cell.loc[pairs["element_id"].unique(), ["chrom", "start", "end"]]
        tracks = {m: world.tracks[cell][m] for m in ("H3K27ac", "H3K4me1")}
        binned = bin_means_many(tracks, used.reset_index(drop=True), 1_000_000, progress=False)
        seen = pd.DataFrame({m: np.nan_to_num(b.mean) for m, b in binned.items()}, used.index)
        tables.append(
            pd.DataFrame(
                {
                    "gene": pairs["gene_id"] + " " + cell,
                    "element": pairs["element_id"] + " " + cell,
                    "distance": pairs["distance"].abs(),
                    "h3k27ac": pairs["element_id"].map(seen["H3K27ac"]),
                    "h3k4me1": pairs["element_id"].map(seen["H3K4me1"]),
                    "bright": pairs["activity"] > BRIGHT,
                    "cause": pairs["cause"].astype(bool),
                    "nearest": pairs["nearest"].astype(bool),
                    "lost": 1 - 2 ** pairs["effect"],
                    "contact": pairs["contact"],
                    "listed": pairs["listed"].astype(float),
                    "place": pairs["gene_id"].map(place),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def at_tss_of(world: Any, genes: pd.DataFrame) -> pd.DataFrame:
    """PC1 and CTCF at the TSSs of each cell type."""
    tables = []
    for cell in world.cell_types:
        of_cell = genes[genes["cell_type"] == cell]
        pc1 = bin_means(world.pc1[cell], tss_windows(of_cell, 1000), 1000, progress=False).mean
        table = of_cell[["log2_expression", "place"]].assign(pc1=pc1, ctcf=peaks_at(world.ctcf[cell], of_cell))
        tables.append(table.astype({"ctcf": float}))
    return pd.concat(tables, ignore_index=True)
