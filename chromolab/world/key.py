"""The answer key: what truly drives each gene. It is stored separately from the data and is never an input.

Effects are found by simulating again with the element silenced, or with the state behind a mark edited; the effect is
the change in log2 transcription. Marks are consequences in this world, so erasing a mark means undoing the state that
causes it. H3K36me3 follows transcription, so erasing it changes nothing: its effect is exactly 0.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError
from chromolab.world.regulation import ACTIVE, BIVALENT, CLOSED, STATES, WEAK, visible

TABLES = ("genes", "elements", "effects", "pcres", "marks")
SMALL = 0.05  # log2: smaller effects of an element on a gene count as none; they could not be measured
BRIGHT = 0.5  # activity above which an element looks active
HALF_WIDTH = 500  # bp to each side of an element's centre


@dataclass(frozen=True)
class Key:
    """The answers of one world.

    Attributes
    ----------
    genes : DataFrame
        gene_id, cell_type, gene_class, chrom, state (of the promoter), promoter (where transcription starts; the
        annotated TSS, except in a few genes), strength (standard deviations), distal (saturated sum of what contacts
        contribute), transcription (log2 RPKM before mRNA decay).
    elements : DataFrame
        element_id, kind, chrom, start, end, cell_type, activity, genes (how many it drives), decoy (active, but drives
        no gene).
    effects : DataFrame
        The causal elements: gene_id, cell_type, element_id, kind, chrom, start, end, rate (true observed / expected of
        the contact), effect (change of log2 transcription when the element is silenced), seen (the element lies in one
        of the gene's pCREs, so that a model could find it).
    pcres : DataFrame
        Every contact with frequency > 1.5, up to 8 per gene: gene_id, cell_type, chrom, start, end, frequency,
        element_id and kind ("" if the fragment has no element), effect, decoy (|effect| < 0.05).
    marks : DataFrame
        gene_id, cell_type, mark, effect: change of log2 transcription when the mark is erased around the gene.
    oracle : dict
        R2 of log2(RPKM + 1) for an ideal model of "window", "window + contacts" and "everything", computed by
        `regulation.oracle_r2`. "asked" is the requested `distal_share`.
    """

    genes: pd.DataFrame
    elements: pd.DataFrame
    effects: pd.DataFrame
    pcres: pd.DataFrame
    marks: pd.DataFrame
    oracle: dict[str, float]

    def __repr__(self) -> str:
        known = ", ".join(f"{k} {v:.3f}" for k, v in self.oracle.items())
        return f"Key: {len(self.genes):,} genes in cell types, {len(self.effects):,} causal contacts; R2 {known}"

    def write(self, folder: Path) -> None:
        """Write the tables and the oracle into a new folder."""
        folder.mkdir(parents=True)
        for name in TABLES:
            getattr(self, name).to_csv(folder / f"{name}.tsv", sep="\t", index=False, float_format="%.5g")
        (folder / "oracle.json").write_text(json.dumps(self.oracle, indent=1))


def read_key(folder: Path) -> Key:
    """Read a key; `ChromolabError` if it was removed."""
    lacking = [name for name in TABLES if not (folder / f"{name}.tsv").is_file()]
    if lacking or not (folder / "oracle.json").is_file():
        raise ChromolabError(
            f"{folder}: the answer key is missing (the data do not need it); delete the world's folder "
            f"{folder.parent} and call simulate again to make a new one"
        )
    tables = {name: pd.read_csv(folder / f"{name}.tsv", sep="\t", keep_default_na=False) for name in TABLES}
    return Key(**tables, oracle=json.loads((folder / "oracle.json").read_text()))


def make_key(genome, folding, regulation, oracle: dict[str, float]) -> Key:
    """Compute the answer key from the causes (`Genome`, `Folding`, `Regulation`)."""
    p = genome.parameters
    cells = np.array(p.cell_type_names)
    pairs = folding.by_gene()
    effect = _element_effects(regulation, pairs)
    pcres = _pcres(genome, folding, pairs, effect, cells)
    effects = _effects(genome, folding, pairs, effect, cells)
    seen = pd.MultiIndex.from_frame(pcres[["gene_id", "cell_type", "element_id"]])
    effects["seen"] = pd.MultiIndex.from_frame(effects[["gene_id", "cell_type", "element_id"]]).isin(seen)
    oracle = oracle | {"asked": p.distal_share}
    return Key(
        _genes(genome, regulation, cells),
        _elements(genome, regulation, effects, cells),
        effects,
        pcres,
        _marks(genome, regulation, cells),
        oracle,
    )


def _element_effects(regulation, pairs: pd.DataFrame) -> np.ndarray:
    """Transcription without each element minus transcription with it, (pairs by gene, cell types)."""
    gene = pairs["gene"].to_numpy()
    before = regulation.transcription()[gene]
    changed = np.abs(regulation.weight).max(1) > 0
    after = before.copy()
    after[changed] = regulation.transcription_without(gene[changed], regulation.weight[changed])
    return after - before


def _long(table: pd.DataFrame, columns: dict[str, np.ndarray], cells: np.ndarray) -> pd.DataFrame:
    """A row per row of `table` and cell type; `columns` are (rows, cell types)."""
    long = table.loc[table.index.repeat(len(cells))].reset_index(drop=True)
    long.insert(1, "cell_type", np.tile(cells, len(table)))
    return long.assign(**{name: values.ravel() for name, values in columns.items()})


def _genes(genome, regulation, cells) -> pd.DataFrame:
    columns = {
        "state": np.array(STATES)[regulation.state],
        "strength": regulation.strength,
        "distal": regulation.distal,
        "transcription": regulation.transcription(),
    }
    return _long(genome.genes[["gene_id", "gene_class", "chrom", "promoter"]], columns, cells)


def _places(genome) -> pd.DataFrame:
    elements = genome.elements
    return pd.DataFrame(
        {
            "element_id": elements["element_id"],
            "kind": elements["kind"],
            "chrom": elements["chrom"],
            "start": elements["position"] - HALF_WIDTH,
            "end": elements["position"] + HALF_WIDTH,
        }
    )


def _elements(genome, regulation, effects, cells) -> pd.DataFrame:
    table = _long(_places(genome), {"activity": regulation.activity}, cells)
    causal = effects[effects["effect"].abs() >= SMALL]
    driven = causal.groupby(["element_id", "cell_type"]).size().rename("genes")
    table = table.join(driven, on=["element_id", "cell_type"]).fillna({"genes": 0}).astype({"genes": int})
    return table.assign(decoy=(table["activity"] > BRIGHT) & (table["genes"] == 0))


def _effects(genome, folding, pairs, effect, cells) -> pd.DataFrame:
    row, cell = np.nonzero(np.abs(effect) >= SMALL)
    chosen = pairs.iloc[row]
    table = _places(genome).iloc[chosen["element"]].reset_index(drop=True)
    table.insert(0, "cell_type", cells[cell])
    table.insert(0, "gene_id", genome.genes["gene_id"].to_numpy()[chosen["gene"]])
    return table.assign(rate=folding.rate[chosen["pair"], cell], effect=effect[row, cell])


def _pcres(genome, folding, pairs, effect, cells) -> pd.DataFrame:
    frequency = visible(folding, pairs)
    row, cell = np.nonzero(frequency)
    chosen = pairs.iloc[row]
    fragment = genome.fragments.iloc[chosen["fragment"]].reset_index(drop=True)
    name = np.append(genome.elements["element_id"].to_numpy(), "")[chosen["element"]]
    table = pd.DataFrame(
        {
            "gene_id": genome.genes["gene_id"].to_numpy()[chosen["gene"]],
            "cell_type": cells[cell],
            **fragment,
            "frequency": frequency[row, cell],
            "element_id": name,
            "kind": chosen["kind"].to_numpy(),
            "effect": effect[row, cell],
        }
    )
    table["decoy"] = table["effect"].abs() < SMALL
    order = ["gene_id", "cell_type", "frequency"]
    return table.sort_values(order, ascending=[True, True, False], kind="stable", ignore_index=True)


def _marks(genome, regulation, cells) -> pd.DataFrame:
    """Effects of erasing each mark, which undoes the state that causes it.

    Open promoters close without their acetylation or H3K4me3; bivalent ones open weakly without H3K27me3.
    """
    state, before = regulation.state, regulation.transcription()
    is_open = (state == ACTIVE) | (state == WEAK)
    closed = regulation.transcription(state=np.where(is_open, CLOSED, state)) - before
    freed = regulation.transcription(state=np.where(state == BIVALENT, WEAK, state)) - before
    undone = {"H3K4me3": closed, "H3K9ac": closed, "H3K27ac": closed, "H3K27me3": freed}
    parts = [
        _long(genome.genes[["gene_id"]].assign(mark=m), {"effect": undone.get(m, np.zeros_like(before))}, cells)
        for m in MARKS
    ]
    return pd.concat(parts, ignore_index=True)
