"""The causes behind a world's examples, drawn again from its seed, and what a gene would do if one of them changed.

They belong to the answer key and are never an input. Each edit of a cause gives new `Causes`, in which everything that
follows from it is computed again by the formula that made the expression table: `causes.silenced("E00012")` is the
world without that enhancer, and `causes.changes(...)` says what that does to every gene. What touching promoters bring
one another (the factory, 0.12 of what enhancers would) stays as it was drawn, whatever is edited.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.genes.ids import rows_of
from chromolab.errors import ChromolabError
from chromolab.world.answers.oracle import calibrate, visible
from chromolab.world.folding import Folding, binding, fall
from chromolab.world.genome import Genome
from chromolab.world.levels import level_maker
from chromolab.world.parameters import Parameters
from chromolab.world.regulation import PSEUDO, Regulation, activities, gathering, regulate
from chromolab.world.sequence import read_motifs
from chromolab.world.species import genome_of

SMALL = 0.1  # log2 transcription (7 %): smaller effects of an element count as none; they could not be measured
FELT = 0.03  # log2(RPKM + 1): a cause must change this much, too: a silent gene has no causes
HELD = 5.0  # log2 that Polycomb takes at least from a promoter that is set to bivalent


@dataclass(frozen=True)
class Causes:
    """What drives each gene in each cell type; made by `World.causes`.

    An enhancer brings its gene activity (0 to about 1.2) x contact x how well promoters of the gene's class hear it.
    The sum over a gene's enhancers saturates and is added to log2 transcription. Silencers add up to a Polycomb pull
    that developmental genes feel. See `chromolab.world.regulation`.

    Every method raises `ChromolabError` for a gene, cell type, element or factor that this world does not have, and for
    an element of a kind that cannot be edited so.
    """

    genome: Genome
    folding: Folding
    regulation: Regulation

    @property
    def bound(self) -> np.ndarray:
        """How well each CTCF anchor is bound, (elements, cell types)."""
        return self.folding.bound

    # What is asked

    def log2_expression(
        self,
        examples: pd.DataFrame,
        enhancers: np.ndarray | None = None,
        silencers: np.ndarray | None = None,
        state: str | None = None,
    ) -> np.ndarray:
        """log2(RPKM + 1) before counting, (examples,): as it is, or with other sums over elements or another state.

        Parameters
        ----------
        examples : DataFrame
            With columns gene_id and cell_type: `ds.genes`.
        enhancers, silencers : array (examples,), optional
            Replace the sums that `total` gives.
        state : str, optional
            Replaces the state of every promoter: "active", "closed" or "bivalent".

        Raises
        ------
        ChromolabError
            For an unknown state, or an example that is not of this world.

        Notes
        -----
        Everything else stays as it is: the promoter's strength, the decay of the mRNA, and whatever is not given.
        """
        r, (gene, cell) = self.regulation, self.places(examples)
        sums = [r.enhancers.copy(), r.silencers.copy()]
        for total, given in zip(sums, (enhancers, silencers), strict=True):
            if given is not None:
                total[gene, cell] = given
        at = self if state is None else self._in_state(state)
        log = at.regulation.respond(*sums, at.regulation.opened)[gene, cell]
        return np.log2(2 ** (log + r.draws.decay[gene, cell]) + PSEUDO)

    def total(self, examples: pd.DataFrame, kind: str = "enhancer") -> np.ndarray:
        """The sum over a gene's enhancers before saturation, or (`kind`) "silencer", (examples,); anchors have none."""
        sums = {"enhancer": self.regulation.enhancers, "silencer": self.regulation.silencers}
        if kind not in sums:
            raise ChromolabError(f"{kind!r} has no sum over a gene's elements; expected one of {', '.join(sums)}")
        return sums[kind][self.places(examples)]

    def changes(self, edited: "Causes") -> tuple[np.ndarray, np.ndarray]:
        """What an edit does: change of log2 transcription, and of log2(RPKM + 1), (genes, cell types) each."""
        effect = edited.regulation.transcription - self.regulation.transcription
        before, after = (np.log2(c.regulation.expressed + PSEUDO) for c in (self, edited))
        return effect, after - before

    def without_each(self) -> tuple[np.ndarray, np.ndarray]:
        """As `changes`, when the element of each link alone is silenced, (links, cell types) each."""
        r, gene = self.regulation, self.folding.links["gene"].to_numpy()
        effect = r.without() - r.transcription[gene]
        before = r.expressed[gene]
        return effect, np.log2(before * 2**effect + PSEUDO) - np.log2(before + PSEUDO)

    def pairs(self, cell_type: str) -> pd.DataFrame:
        """Every gene with every element in reach that is active, in one cell type.

        Returns
        -------
        DataFrame
            gene_id, element_id, kind, distance (bp, from the promoter), contact (absolute: observed / expected times
            the fall with distance, 1 at 100 kb), activity, effect (change of log2 transcription when the element is
            silenced), change (of log2(RPKM + 1)), cause (large enough to be measured), nearest (no other gene's TSS is
            nearer to the element), listed (the element lies in one of the gene's pCREs).
        """
        cell = self._cell(cell_type)
        links, genes, elements = self.folding.links, self.genome.genes, self.genome.elements
        effect, change = (values[:, cell] for values in self.without_each())
        element, gene = links["element"].to_numpy(), links["gene"].to_numpy()
        distance = links["distance"].to_numpy()
        least = links.groupby("element")["distance"].transform("min").to_numpy()
        table = pd.DataFrame(
            {
                "gene_id": genes["gene_id"].to_numpy()[gene],
                "element_id": elements["element_id"].to_numpy()[element],
                "kind": links["kind"].to_numpy(),
                "distance": distance,
                "contact": self.folding.contact[:, cell],
                "activity": self.regulation.activity[element, cell],
                "effect": effect,
                "change": change,
                "cause": (np.abs(effect) >= SMALL) & (np.abs(change) >= FELT),
                "nearest": distance == least,
                "listed": visible(self.folding)[:, cell] > 0,
            }
        )
        active = (table["activity"] > 0.05) & (table["kind"] != "anchor")
        return table[active].reset_index(drop=True)

    def of_gene(self, gene_id: str) -> "Causes":
        """The causes of one gene alone: its answers are the same, (1, cell types), and come in milliseconds."""
        row, folding, r = [self._gene(gene_id)], self.folding, self.regulation
        own = np.flatnonzero(folding.links["gene"] == row[0])
        links = folding.links.iloc[own].assign(gene=0).reset_index(drop=True)
        genes = self.genome.genes.iloc[row].reset_index(drop=True)
        genome = replace(self.genome, genes=genes, gene_motif=self.genome.gene_motif[row])
        draws = replace(r.draws, **{name: value[row] for name, value in vars(r.draws).items()})
        by_gene = {name: getattr(r, name)[row] for name in ("opened", "factory", "freed", "gathered")}
        regulation = replace(r, genome=genome, links=links, draws=draws, contact=r.contact[own], **by_gene)
        folding = replace(folding, genome=genome, bait_of_gene=folding.bait_of_gene[row], links=links)
        return Causes(genome, folding, regulation)

    # Edits of causes

    def silenced(self, element_id: str | Sequence[str], factor: float = 0.0) -> "Causes":
        """With the activity of elements multiplied by `factor` (0: silenced; above 1: stronger)."""
        rows = self._elements(element_id, ("enhancer", "silencer"))
        activity = self.regulation.activity.copy()
        activity[rows] *= factor
        return self._with(activity=activity)

    def activated(self, element_id: str | Sequence[str], activity: float) -> "Causes":
        """With the activity of elements set to `activity` (0 to about 1.2) in every cell type."""
        rows = self._elements(element_id, ("enhancer", "silencer"))
        new = self.regulation.activity.copy()
        new[rows] = activity
        return self._with(activity=new)

    def cut(self, gene_id: str, chrom: str, start: int, end: int, factor: float = 0.0) -> "Causes":
        """With a gene's contacts with all elements in an interval (bp) multiplied by `factor` (0: cut)."""
        contact, rows = self.regulation.contact.copy(), self._links(gene_id, chrom, start, end)
        contact[rows] *= factor
        return self._with(contact=contact)

    def touching(self, gene_id: str, chrom: str, start: int, end: int, rate: float) -> "Causes":
        """With a gene's contacts with all elements in an interval (bp) set to `rate` (observed / expected)."""
        contact, rows = self.regulation.contact.copy(), self._links(gene_id, chrom, start, end)
        contact[rows] = rate * fall(self.folding.links["distance"].to_numpy()[rows])[:, None]
        return self._with(contact=contact)

    def _links(self, gene_id: str, chrom: str, start: int, end: int) -> np.ndarray:
        """Rows of the links of a gene with the elements in an interval."""
        gene, elements, links = self._gene(gene_id), self.genome.elements, self.folding.links
        inside = (elements["chrom"] == chrom) & (elements["position"] >= start) & (elements["position"] < end)
        return np.flatnonzero((links["gene"] == gene).to_numpy() & inside.to_numpy()[links["element"]])

    def unbound(self, element_id: str | Sequence[str], factor: float = 0.0) -> "Causes":
        """With the binding of CTCF anchors multiplied by `factor` (0: lost); contacts fold anew, chance stays."""
        bound = self.bound.copy()
        bound[self._elements(element_id, ("anchor",))] *= factor
        return self._refolded(bound)

    def motif(self, element_id: str, factor: str, match: float) -> "Causes":
        """With an element's motif for a factor (its name, "F01", or "CTCF") changed to another match, 0 to 1."""
        names = list(self.genome.factors.name)
        if factor not in names:
            raise ChromolabError(f"no factor {factor!r}; this world has {', '.join(names)}")
        (row,) = self._elements(element_id, ("anchor",) if factor == "CTCF" else None)
        motif = self.genome.element_motif[row].copy()
        motif[names.index(factor)] = match
        return self._with_motifs(row, motif)

    def sequence(self, element_id: str, sequence: str) -> "Causes":
        """With another sequence in an element, in place of the 1,000 bp about its position; all motifs are read anew.

        An anchor reads CTCF, whose strand tells which way it faces; other elements read all other factors, so that a
        CTCF site in an enhancer does nothing here.
        """
        (row,) = self._elements(element_id)
        motif, strand = read_motifs(self.genome.parameters, sequence)
        is_anchor = self.genome.elements["kind"].iloc[row] == "anchor"
        is_read = (self.genome.factors.group == "insulator") == is_anchor
        return self._with_motifs(row, np.where(is_read, motif, 0), strand if is_anchor else 0)

    def closed(self, gene_id: str | None = None, share: float = 1.0) -> "Causes":
        """With the openness of a gene's promoter, or of all, undone by `share` (1: closed)."""
        opened = self.regulation.opened.copy()
        rows = slice(None) if gene_id is None else self._gene(gene_id)
        opened[rows] *= 1 - share
        return self._with(opened=opened)

    def freed(self, gene_id: str | None = None, share: float = 1.0) -> "Causes":
        """With the Polycomb pull at a gene's promoter, or at all, undone by `share`."""
        freed = self.regulation.freed.copy()
        rows = slice(None) if gene_id is None else self._gene(gene_id)
        freed[rows] = 1 - (1 - freed[rows]) * (1 - share)
        return self._with(freed=freed)

    def _with(self, **changed) -> "Causes":
        return replace(self, regulation=replace(self.regulation, **changed))

    def _with_motifs(self, row: int, motif: np.ndarray, strand: int = 0) -> "Causes":
        """With other motifs (factors,) in an element, and another strand, unless it is 0."""
        changed, elements = self.genome.element_motif.copy(), self.genome.elements.copy()
        changed[row] = motif
        elements["strand"] = np.where((np.arange(len(elements)) == row) & (strand != 0), strand, elements["strand"])
        genome = replace(self.genome, element_motif=changed, elements=elements)
        if elements["kind"].iloc[row] == "anchor":
            bound = self.bound.copy()
            bound[row] = binding(genome)[row]
            return self._refolded(bound, genome)
        activity, heard = self.regulation.activity.copy(), self.regulation.heard.copy()
        activity[row], heard[row] = (values[row] for values in activities(genome))
        return replace(self._with(genome=genome, activity=activity, heard=heard), genome=genome)

    def _refolded(self, bound: np.ndarray, genome: Genome | None = None) -> "Causes":
        genome = genome or self.genome
        folding = self.folding.rebound(genome, bound)
        ratio = folding.contact / np.maximum(self.folding.contact, 1e-12)
        changed = {"contact": self.regulation.contact * ratio, "gathered": gathering(genome, bound)}
        return Causes(genome, folding, replace(self.regulation, genome=genome, **changed))

    def _in_state(self, state: str) -> "Causes":
        r = self.regulation
        full, none = np.ones_like(r.opened), np.zeros_like(r.opened)
        known = {
            "active": dict(opened=full, freed=full, draws=replace(r.draws, weak=none)),
            "closed": dict(opened=none),
            "bivalent": dict(opened=full, freed=none, least_pull=HELD),
        }
        if state not in known:
            raise ChromolabError(f"no state {state!r} to set; expected one of {', '.join(known)}")
        return self._with(**known[state])

    def pcres(self, dataset: Dataset) -> pd.DataFrame:
        """The element in each pCRE of a dataset's examples, and what it brings.

        Returns
        -------
        DataFrame
            A row per pCRE: example and slot (its place in `dataset.pcre`), region (the row in `signal.regions`),
            element_id and kind ("" if the fragment has no element), activity, and weight: what it adds to the gene's
            sum over enhancers, or to that over silencers.

        Raises
        ------
        ChromolabError
            If a gene, cell type or pCRE is not of this world.
        """
        example, slot = np.nonzero(dataset.pcre >= 0)
        region = dataset.pcre[example, slot]
        places = dataset.signal.regions.iloc[region]
        gene, cell = (index[example] for index in self.places(dataset.genes))
        fragment = self.folding.fragments_at(places)
        links, elements = self.folding.links, self.genome.elements
        held = pd.Index(elements["fragment"]).get_indexer(fragment)
        row = pd.MultiIndex.from_frame(links[["gene", "element"]]).get_indexer(pd.MultiIndex.from_arrays([gene, held]))
        has_element = (held >= 0) & (row >= 0)
        weight = self.regulation.brought[row, cell]
        return pd.DataFrame(
            {
                "example": example,
                "slot": slot,
                "region": region,
                "element_id": np.where(has_element, elements["element_id"].to_numpy()[held], ""),
                "kind": np.where(has_element, elements["kind"].to_numpy()[held], ""),
                "activity": np.where(has_element, self.regulation.activity[held, cell], 0.0),
                "weight": np.where(has_element, weight, 0.0),
            }
        )

    def places(self, examples: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Row of the gene and column of the cell type of each example, (examples,) each."""
        gene = pd.Index(self.genome.genes["gene_id"]).get_indexer(examples["gene_id"])
        cell = pd.Index(self.genome.parameters.cell_type_names).get_indexer(examples["cell_type"])
        if len(bad := np.flatnonzero((gene < 0) | (cell < 0))):
            gene_id, cell_type = examples["gene_id"].iloc[bad[0]], examples["cell_type"].iloc[bad[0]]
            raise ChromolabError(
                f"no gene {gene_id!r} in cell type {cell_type!r} in this world, which has {self._example()}"
            )
        return gene, cell

    def _gene(self, gene_id: str) -> int:
        return int(np.flatnonzero(rows_of(self.genome.genes, gene_id))[0])

    def _cell(self, cell_type: str) -> int:
        names = self.genome.parameters.cell_type_names
        if cell_type not in names:
            raise ChromolabError(f"no cell type {cell_type!r} in this world; it has {', '.join(names)}")
        return names.index(cell_type)

    def _elements(self, element_id: str | Sequence[str], kinds: Sequence[str] | None = None) -> np.ndarray:
        asked = [element_id] if isinstance(element_id, str) else list(element_id)
        rows = pd.Index(self.genome.elements["element_id"]).get_indexer(asked)
        for name, row in zip(asked, rows, strict=True):
            if row < 0:
                raise ChromolabError(f"no element {name!r} in this world; it has E, S and A and a number: E00012")
            if kinds is not None and (kind := self.genome.elements["kind"].iloc[row]) not in kinds:
                raise ChromolabError(f"{name} is an {kind}; expected an {' or a '.join(kinds)}")
        return rows

    def _example(self) -> str:
        names = self.genome.parameters.cell_type_names
        return f"genes such as {self.genome.genes['gene_id'].iloc[0]} and cell types {', '.join(names)}"


def make_causes(p: Parameters) -> Causes:
    """Draw the causes again, as when the world was made from the same seed (takes a few seconds)."""
    genome = genome_of(p)
    folding, regulation = regulate(genome)
    regulation, _ = calibrate(regulation, folding, level_maker(p), p.distal_share)
    return Causes(genome, folding, regulation)
