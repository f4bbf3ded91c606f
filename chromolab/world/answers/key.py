"""The answer key: what truly drives each gene. It is stored separately from the data and is never an input.

Effects are found by simulating again with the element silenced, or with the state behind a mark undone. Each stands
twice: as the change of log2 transcription (`effect`) and of log2(RPKM + 1) (`change`), the unit of predictions. Marks
are consequences in this world, so erasing a mark means undoing the state that causes it. H3K36me3 follows
transcription, so erasing it changes nothing: its effect is exactly 0. `World.causes` answers what no table can hold:
partial edits, cut contacts, lost CTCF sites, changed motifs.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError
from chromolab.world.answers.causes import FELT, SMALL, Causes
from chromolab.world.answers.oracle import visible_pairs
from chromolab.world.regulation import STATES

TABLES = ("genes", "elements", "effects", "pcres", "marks")
BRIGHT = 0.5  # activity above which an element looks active
HALF_WINDOW = 20_000  # bp to each side of the TSS that a promoter window shows
HALF_WIDTH = 500  # bp to each side of an element's centre


@dataclass(frozen=True)
class Key:
    """The answers of one world.

    Attributes
    ----------
    genes : DataFrame
        gene_id, cell_type, gene_class, chrom, state (of the promoter), promoter (where transcription starts; the
        annotated TSS, except in a few genes), strength (standard deviations), enhancers (saturated sum of what they
        bring), polycomb (log2 that silencers take), compartment (1 in A, -1 in B), transcription (log2 RPKM before
        mRNA decay).
    elements : DataFrame
        element_id, kind, chrom, start, end, cell_type, activity (of an anchor: how well it is bound), genes (how many
        it drives), decoy (active, but drives no gene).
    effects : DataFrame
        The causes: gene_id, cell_type, element_id, kind, chrom, start, end, distance (bp, from the promoter), rate
        (true observed / expected of the contact), effect and change when the element is silenced, seen (the element
        lies in one of the gene's pCREs, or in its promoter window, so that a model could find it).
    pcres : DataFrame
        Every contact of the table with frequency > 1.5, up to 8 per gene: gene_id, cell_type, chrom, start, end,
        frequency, element_id and kind ("" if the fragment has no element), effect and change, decoy (no cause).
    marks : DataFrame
        gene_id, cell_type, mark, effect and change when the mark is erased around the promoter.
    oracle : dict
        R2 of log2(RPKM + 1) for an ideal model of each set of inputs, computed by `oracle.oracle_r2`. "asked" is the
        requested `distal_share`, None if none was.
    """

    genes: pd.DataFrame
    elements: pd.DataFrame
    effects: pd.DataFrame
    pcres: pd.DataFrame
    marks: pd.DataFrame
    oracle: dict[str, float]

    def __repr__(self) -> str:
        known = ", ".join(f"{k} {v:.3f}" for k, v in self.oracle.items() if v is not None)
        return f"Key: {len(self.genes):,} genes in cell types, {len(self.effects):,} causes; R2 {known}"

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


def make_key(causes: Causes, oracle: dict[str, float]) -> Key:
    """Compute the answer key from the causes."""
    p = causes.genome.parameters
    cells = np.array(p.cell_type_names)
    effect, change = causes.without_each()
    is_cause = (np.abs(effect) >= SMALL) & (np.abs(change) >= FELT)
    pcres = _pcres(causes, effect, change, is_cause, cells)
    effects = _effects(causes, effect, change, is_cause, cells)
    listed = pd.MultiIndex.from_frame(pcres[["gene_id", "cell_type", "element_id"]])
    in_pcre = pd.MultiIndex.from_frame(effects[["gene_id", "cell_type", "element_id"]]).isin(listed)
    effects["seen"] = in_pcre | (effects["distance"] <= HALF_WINDOW)
    return Key(
        _genes(causes, cells),
        _elements(causes, effects, cells),
        effects,
        pcres,
        _marks(causes, cells),
        oracle | {"asked": p.distal_share},
    )


def _long(table: pd.DataFrame, columns: dict[str, np.ndarray], cells: np.ndarray) -> pd.DataFrame:
    """A row per row of `table` and cell type; `columns` are (rows, cell types)."""
    long = table.loc[table.index.repeat(len(cells))].reset_index(drop=True)
    long.insert(1, "cell_type", np.tile(cells, len(table)))
    return long.assign(**{name: values.ravel() for name, values in columns.items()})


def _genes(causes: Causes, cells) -> pd.DataFrame:
    r = causes.regulation
    columns = {
        "state": np.array(STATES)[r.state],
        "strength": r.draws.strength,
        "enhancers": r.saturated(r.enhancers),
        "polycomb": r.pulled,
        "compartment": r.compartment,
        "transcription": r.transcription,
    }
    return _long(causes.genome.genes[["gene_id", "gene_class", "chrom", "promoter"]], columns, cells)


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


def _elements(causes: Causes, effects: pd.DataFrame, cells) -> pd.DataFrame:
    activity = causes.regulation.activity + causes.bound
    table = _long(_places(causes.genome), {"activity": activity}, cells)
    driven = effects.groupby(["element_id", "cell_type"]).size().rename("genes")
    table = table.join(driven, on=["element_id", "cell_type"]).fillna({"genes": 0}).astype({"genes": int})
    active = (table["activity"] > BRIGHT) & (table["kind"] != "anchor")
    return table.assign(decoy=active & (table["genes"] == 0))


def _effects(causes: Causes, effect, change, is_cause, cells) -> pd.DataFrame:
    row, cell = np.nonzero(is_cause)
    links = causes.folding.links.iloc[row]
    table = _places(causes.genome).iloc[links["element"]].reset_index(drop=True)
    table.insert(0, "cell_type", cells[cell])
    table.insert(0, "gene_id", causes.genome.genes["gene_id"].to_numpy()[links["gene"]])
    return table.assign(
        distance=links["distance"].to_numpy(),
        rate=causes.folding.rate[links["pair"], cell],
        effect=effect[row, cell],
        change=change[row, cell],
    )


def _pcres(causes: Causes, effect, change, is_cause, cells) -> pd.DataFrame:
    genome, links, parts = causes.genome, causes.folding.links, []
    at = pd.MultiIndex.from_frame(links[["gene", "pair"]])
    names, kinds = (np.append(genome.elements[c].to_numpy(), "") for c in ("element_id", "kind"))
    for cell, name in enumerate(cells):
        shown = visible_pairs(causes.folding, cell)
        row = at.get_indexer(pd.MultiIndex.from_frame(shown[["gene", "pair"]]))
        held = row >= 0
        element = np.where(held, links["element"].to_numpy()[row], -1)
        fragment = genome.fragments.iloc[causes.folding.pairs["fragment"].to_numpy()[shown["pair"]]]
        parts.append(
            pd.DataFrame(
                {
                    "gene_id": genome.genes["gene_id"].to_numpy()[shown["gene"]],
                    "cell_type": name,
                    **fragment.reset_index(drop=True),
                    "frequency": shown["frequency"],
                    "element_id": names[element],
                    "kind": kinds[element],
                    "effect": np.where(held, effect[row, cell], 0.0),
                    "change": np.where(held, change[row, cell], 0.0),
                    "decoy": ~(held & is_cause[row, cell]),
                }
            )
        )
    order = ["gene_id", "cell_type", "frequency"]
    table = pd.concat(parts)
    return table.sort_values(order, ascending=[True, True, False], kind="stable", ignore_index=True)


def _marks(causes: Causes, cells) -> pd.DataFrame:
    """Effects of erasing each mark at the promoter, which undoes the state that causes it.

    Open promoters close without their acetylation or H3K4me3; Polycomb lets go without H3K27me3.
    """
    closed = causes.changes(causes.closed())
    freed = causes.changes(causes.freed())
    none = np.zeros_like(closed[0]), np.zeros_like(closed[0])
    undone = {"H3K4me3": closed, "H3K9ac": closed, "H3K27ac": closed, "H3K27me3": freed}
    parts = []
    for mark in MARKS:
        effect, change = undone.get(mark, none)
        table = causes.genome.genes[["gene_id"]].assign(mark=mark)
        parts.append(_long(table, {"effect": effect, "change": change}, cells))
    return pd.concat(parts, ignore_index=True)
