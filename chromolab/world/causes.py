"""The causes behind a world's examples, drawn again from its seed, to compute what a gene would do with other contacts.

They belong to the answer key and are never an input. The key's tables hold the effect of silencing one element; here,
the same formula is applied to any change of the sum over a gene's contacts.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.world.folding import Folding, fold
from chromolab.world.genome import Genome, make_genome
from chromolab.world.levels import level_maker
from chromolab.world.parameters import Parameters
from chromolab.world.regulation import PSEUDO, STATES, Regulation, calibrate, regulate, saturate


@dataclass(frozen=True)
class Causes:
    """What drives each gene in each cell type; made by `World.causes`.

    A contact contributes `sign x (rate - 1) x activity` to its gene: rate is the true observed / expected of the
    contact, activity that of the element (0 to about 1.2), sign +1 for enhancers, -1.3 for silencers, 0 otherwise. The
    sum over a gene's contacts saturates (`regulation.saturate`) and is added to log2 transcription, with a weight that
    depends on the promoter's state.
    """

    genome: Genome
    folding: Folding
    regulation: Regulation

    def total(self, examples: pd.DataFrame) -> np.ndarray:
        """The sum over a gene's contacts before saturation, (examples,), including contacts that are no pCRE.

        Parameters
        ----------
        examples : DataFrame
            With columns gene_id and cell_type: `ds.genes`.
        """
        return self.regulation.total[self._places(examples)]

    def log2_expression(
        self, examples: pd.DataFrame, total: np.ndarray | None = None, state: str | None = None
    ) -> np.ndarray:
        """log2(RPKM + 1), (examples,): as in the expression table, or with another sum over contacts or state.

        Parameters
        ----------
        examples : DataFrame
            With columns gene_id and cell_type: `ds.genes`.
        total : array (examples,), optional
            Replaces `causes.total(examples)`.
        state : str, optional
            Replaces the state of every promoter: one of `chromolab.world.regulation.STATES`.

        Raises
        ------
        ChromolabError
            For an unknown state, or an example that is not of this world.

        Notes
        -----
        Everything else stays as it is: the promoter's strength, the decay of the mRNA, and whatever is not given.
        """
        r, at = self.regulation, self._places(examples)
        if state is not None and state not in STATES:
            raise ChromolabError(f"no state {state!r}; a promoter is one of {', '.join(STATES)}")
        states = r.state[at] if state is None else np.full(len(examples), STATES.index(state))
        distal = saturate(r.total[at] if total is None else np.asarray(total, np.float64))
        transcription = r.transcribe(states, r.strength[at], distal)
        return np.log2(2 ** (transcription + r.decay[at]) + PSEUDO)

    def pcres(self, dataset: Dataset) -> pd.DataFrame:
        """The element in each pCRE of a dataset's examples, and what it contributes.

        Returns
        -------
        DataFrame
            A row per pCRE: example and slot (its place in `dataset.pcre`), region (the row in `signal.regions`),
            element_id and kind ("" if the fragment has no element), activity, and weight: what it contributes to the
            gene's total.

        Raises
        ------
        ChromolabError
            If a gene, cell type or pCRE is not of this world.
        """
        example, slot = np.nonzero(dataset.pcre >= 0)
        region = dataset.pcre[example, slot]
        places = dataset.signal.regions.iloc[region]
        gene, cell = (index[example] for index in self._places(dataset.genes))
        fragments = pd.MultiIndex.from_frame(self.genome.fragments[["chrom", "start"]])
        fragment = fragments.get_indexer(pd.MultiIndex.from_frame(places[["chrom", "start"]]))
        pairs = self.folding.by_gene()
        row = pd.MultiIndex.from_frame(pairs[["gene", "fragment"]]).get_indexer(
            pd.MultiIndex.from_arrays([gene, fragment])
        )
        if (row < 0).any():
            place = places.iloc[int((row < 0).argmax())]
            raise ChromolabError(
                f"{place['chrom']}:{place['start']}-{place['end']} is not a fragment that its gene can touch in this "
                "world; expected a dataset of this world (world.dataset())"
            )
        element = pairs["element"].to_numpy()[row]
        has_element = element >= 0
        return pd.DataFrame(
            {
                "example": example,
                "slot": slot,
                "region": region,
                "element_id": np.append(self.genome.elements["element_id"].to_numpy(), "")[element],
                "kind": pairs["kind"].to_numpy()[row],
                "activity": np.where(has_element, self.regulation.activity[element, cell], 0.0),
                "weight": self.regulation.weight[row, cell],
            }
        )

    def _places(self, examples: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Row of the gene and column of the cell type of each example."""
        gene = pd.Index(self.genome.genes["gene_id"]).get_indexer(examples["gene_id"])
        cell = pd.Index(self.genome.parameters.cell_type_names).get_indexer(examples["cell_type"])
        if len(bad := np.flatnonzero((gene < 0) | (cell < 0))):
            gene_id, cell_type = examples["gene_id"].iloc[bad[0]], examples["cell_type"].iloc[bad[0]]
            raise ChromolabError(
                f"no gene {gene_id!r} in cell type {cell_type!r} in this world, which has {self._example()}"
            )
        return gene, cell

    def _example(self) -> str:
        names = self.genome.parameters.cell_type_names
        return f"genes such as {self.genome.genes['gene_id'].iloc[0]} and cell types {', '.join(names)}"


def make_causes(p: Parameters) -> Causes:
    """Draw the causes again, as when the world was made from the same seed (takes about a second)."""
    genome = make_genome(p)
    folding = fold(genome)
    regulation, _ = calibrate(regulate(genome, folding), folding, level_maker(p), p.distal_share)
    return Causes(genome, folding, regulation)
