"""What makes each contact: the true rate of every counted pair, and how much of it causes, or letters alone, tell.

Like the key, it is never an input: it says how well contacts could be foretold at best.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from chromolab.world.answers.causes import Causes
from chromolab.world.folding import Affinity, bound_by, counted, structure


def contact_rates(causes: Causes) -> pd.DataFrame:
    """Rates (observed / expected) of every pair of `World.capture_counts`, in its order, mean over cell types.

    Returns
    -------
    DataFrame
        rate: as the counts were drawn from it; causes: what CTCF, compartments, hubs and active elements make of it,
        without chance; letters: what CTCF's motifs and directions make of it alone, as if each were bound as well as
        its motif lets it.
    """
    genome, folding = causes.genome, causes.folding
    rows = counted(folding)
    pairs = folding.pairs[rows].reset_index(drop=True)
    by_motif = bound_by(genome.element_motif[:, genome.factors.of("insulator")])
    by_motif = np.repeat(by_motif, genome.parameters.cell_types, 1)
    alike = replace(genome, compartment=np.ones_like(genome.compartment))
    nothing = Affinity(*(np.zeros_like(v) for v in vars(folding.affinity).values()))
    return pd.DataFrame(
        {
            "rate": folding.rate[rows].mean(1),
            "causes": structure(genome, pairs, folding.bound, folding.affinity).mean(1),
            "letters": structure(alike, pairs, by_motif, nothing).mean(1),
        }
    )
