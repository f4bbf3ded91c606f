"""What edits of letters truly do in the teaching genome: to motifs, contacts and expression. All of it is simulated.

An anchor reads CTCF in its 1,000 bp, other elements read all other factors in theirs; the letters are read anew after
the edits, so that what an edit makes by chance counts, too. A lost or turned CTCF site opens or closes loops and lets
contacts pass; a lost site of another factor takes activity. Letters that no element reads do nothing here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from chromolab.data.sequence.fasta import sequences
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import ChangeMotif
from chromolab.learn.edit.letters import edited_letters
from chromolab.world.answers.causes import Causes
from chromolab.world.on_disk import World
from chromolab.world.sequence import HALF_WIDTH, read_motifs

LEAST = 1e-9  # smaller changes are those of arithmetic


@dataclass(frozen=True, eq=False)
class MotifEffect:
    """The true effect of edits of letters.

    Attributes
    ----------
    motifs : DataFrame
        A row for each motif that changed: element_id, kind, chrom, position (bp, of the element), factor, before, after
        (match, 0 for none to 1), strand_before, strand_after (1 or -1, the way an anchor faces; 0 for other elements).
    contacts : DataFrame
        A row for each contact of a gene with an element that changed: gene_id, element_id, kind, distance (bp),
        cell_type, before, after (true observed / expected).
    genes : DataFrame
        A row for each gene and cell type that changed, the largest change first: gene_id, cell_type, effect (change of
        log2 transcription), before, after (log2(RPKM + 1) before reads are counted) and change.
    silent : list of str
        The edits that touch no site that is read, in words.
    """

    motifs: pd.DataFrame
    contacts: pd.DataFrame
    genes: pd.DataFrame
    silent: list[str]

    def _repr_html_(self) -> str:
        return self.genes.head(20).round(3).to_html(index=False)


def motif_effects(world: World, edits: Iterable[ChangeMotif], causes: Causes | None = None) -> MotifEffect:
    """The true effect of edits of letters on every gene, in every cell type.

    Parameters
    ----------
    world : World
        From `cl.simulate`.
    edits : list of ChangeMotif
        From `cl.edits.motif`; applied together, in order.
    causes : Causes, optional
        `world.causes()`, where many edits are asked about: they take some seconds to draw.

    Returns
    -------
    MotifEffect

    Raises
    ------
    ChromolabError
        If an edit is none of letters, or changes a site at a promoter: the answer key has no effect for those.

    Notes
    -----
    Source: the simulation itself (`chromolab.world.answers.causes.Causes.sequence`). Chance stays as it was drawn, and
    so does what touching promoters bring one another.
    """
    edits, before = list(edits), world.causes() if causes is None else causes
    if wrong := [e for e in edits if not isinstance(e, ChangeMotif)]:
        raise ChromolabError(f"{wrong[0]!r} changes no letters; expected edits from cl.edits.motif")
    _refuse_promoters(world, edits)
    elements, after, motifs, heard = before.genome.elements, before, [], np.zeros(len(edits), bool)
    for row in _reached(elements, edits):
        element = elements.iloc[row]
        at = element["position"]
        place = pd.DataFrame({"chrom": [element["chrom"]], "start": [at - HALF_WIDTH], "end": [at + HALF_WIDTH]})
        here = [i for i, e in enumerate(edits) if _overlaps(e, element["chrom"], at - HALF_WIDTH, at + HALF_WIDTH)]
        (new,) = edited_letters(world.fasta, place, [edits[i] for i in here])
        changed = after.sequence(element["element_id"], new)
        rows = _changed(before, changed, row)
        if len(rows):
            after = changed
            motifs.append(rows)
            (old,) = sequences(world.fasta, place)
            heard[[i for i in here if _is_read(before, row, old, edits[i], int(at) - HALF_WIDTH)]] = True
    silent = [
        f"{e.kind} at {e.region}: no element reads a site there" for e, h in zip(edits, heard, strict=True) if not h
    ]
    columns = ["element_id", "kind", "chrom", "position", "factor", "before", "after", "strand_before", "strand_after"]
    table = pd.concat(motifs, ignore_index=True) if motifs else pd.DataFrame(columns=columns)
    return MotifEffect(table, _contacts(before, after), _genes(before, after), silent)


def _overlaps(e: ChangeMotif, chrom: str, start: int, end: int) -> bool:
    return e.chrom == chrom and e.start < end and e.end > start


def _refuse_promoters(world: World, edits: list[ChangeMotif]) -> None:
    """Refuse edits of sites that belong to a gene's promoter."""
    own = world.sites[~world.sites["owner"].isin(world.key.elements["element_id"])]
    for e in edits:
        hit = own[(own["chrom"] == e.chrom) & (own["start"] < e.end) & (own["end"] > e.start)]
        if len(hit):
            site = hit.iloc[0]
            raise ChromolabError(
                f"{e.kind} at {e.region}: the site of {site['factor']} there is of the promoter of {site['owner']}; "
                "the answer key has effects of the motifs of elements (enhancers, silencers, anchors) only"
            )


def _reached(elements: pd.DataFrame, edits: list[ChangeMotif]) -> list[int]:
    """Rows of the elements in whose letters an edit lies."""
    at, reached = elements["position"].to_numpy(), np.zeros(len(elements), bool)
    for e in edits:
        near = (at - HALF_WIDTH < e.end) & (at + HALF_WIDTH > e.start)
        reached |= (elements["chrom"] == e.chrom).to_numpy() & near
    return np.flatnonzero(reached).tolist()


def _is_read(causes: Causes, row: int, letters: str, e: ChangeMotif, begin: int) -> bool:
    """Whether an edit alone changes what an element reads in its letters, which begin at `begin` (bp)."""
    wide = "N" * max(begin - e.start, 0) + letters + "N" * max(e.end - begin - len(letters), 0)
    new = e.written(wide, min(begin, e.start))[max(begin - e.start, 0) :][: len(letters)]
    was, now = (read_motifs(causes.genome.parameters, text) for text in (letters, new))
    is_anchor = causes.genome.elements["kind"].iloc[row] == "anchor"
    read = (causes.genome.factors.group == "insulator") == is_anchor
    return bool((was[0] != now[0])[read].any() or (is_anchor and was[1] != now[1]))


def _changed(before: Causes, after: Causes, row: int) -> pd.DataFrame:
    """The motifs of one element that changed, and its strand."""
    was, now = (c.genome.element_motif[row] for c in (before, after))
    strand = [int(c.genome.elements["strand"].iloc[row]) for c in (before, after)]
    element = before.genome.elements.iloc[row]
    anchor = element["kind"] == "anchor"
    turned = anchor & (strand[0] != strand[1]) & (before.genome.factors.group == "insulator")
    factors = np.flatnonzero((was != now) | turned)
    return pd.DataFrame(
        {
            "element_id": element["element_id"],
            "kind": element["kind"],
            "chrom": element["chrom"],
            "position": int(element["position"]),
            "factor": before.genome.factors.name[factors],
            "before": was[factors],
            "after": now[factors],
            "strand_before": strand[0] if anchor else 0,
            "strand_after": strand[1] if anchor else 0,
        }
    )


def _contacts(before: Causes, after: Causes) -> pd.DataFrame:
    links, genome = before.folding.links, before.genome
    was, now = (c.folding.rate[links["pair"]] for c in (before, after))
    row, cell = np.nonzero(np.abs(now - was) > LEAST)
    element = links["element"].to_numpy()[row]
    return pd.DataFrame(
        {
            "gene_id": genome.genes["gene_id"].to_numpy()[links["gene"].to_numpy()[row]],
            "element_id": genome.elements["element_id"].to_numpy()[element],
            "kind": genome.elements["kind"].to_numpy()[element],
            "distance": links["distance"].to_numpy()[row],
            "cell_type": np.array(genome.parameters.cell_type_names)[cell],
            "before": was[row, cell],
            "after": now[row, cell],
        }
    )


def _genes(before: Causes, after: Causes) -> pd.DataFrame:
    effect, change = before.changes(after)
    gene, cell = np.nonzero(np.abs(effect) > LEAST)
    table = pd.DataFrame(
        {
            "gene_id": before.genome.genes["gene_id"].to_numpy()[gene],
            "cell_type": np.array(before.genome.parameters.cell_type_names)[cell],
            "effect": effect[gene, cell],
        }
    )
    table["before"] = before.log2_expression(table)
    table["change"] = change[gene, cell]
    table.insert(4, "after", table["before"] + table["change"])
    return table.iloc[np.argsort(-np.abs(table["change"].to_numpy()), kind="stable")].reset_index(drop=True)
