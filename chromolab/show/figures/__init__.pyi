from .along_genome import profiles, tracks
from .attention_maps import attention, heads
from .comparisons import compare, overview, wins
from .contact_arcs import arcs
from .embeddings import doses, trajectory
from .of_tables import bars, heatmap, lines, points, slider
from .scores import curves, predicted, roc, scatter
from .sequence.letters import logo
from .sweeps import sweep
from .whole_genes import gene

__all__ = [
    "arcs",
    "attention",
    "bars",
    "compare",
    "curves",
    "doses",
    "gene",
    "heads",
    "heatmap",
    "lines",
    "logo",
    "overview",
    "points",
    "predicted",
    "profiles",
    "roc",
    "scatter",
    "slider",
    "sweep",
    "tracks",
    "trajectory",
    "wins",
]
