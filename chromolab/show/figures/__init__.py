"""The figures of the notebooks, `cl.plot`: each takes data, returns a plotly Figure and shows nothing itself.

They share a template, the marks' colours and order (`chromolab.defaults`), axes with units, and a subtitle that says
"simulated" where the data are.
"""

from chromolab.show.figures.along_genome import profiles, tracks
from chromolab.show.figures.attention_maps import attention, heads
from chromolab.show.figures.comparisons import compare, wins
from chromolab.show.figures.contact_arcs import arcs
from chromolab.show.figures.embeddings import trajectory
from chromolab.show.figures.of_tables import doses, heatmap, lines, slider
from chromolab.show.figures.scores import curves, predicted, roc, scatter

__all__ = [
    "arcs",
    "attention",
    "compare",
    "curves",
    "doses",
    "heads",
    "heatmap",
    "lines",
    "predicted",
    "profiles",
    "roc",
    "scatter",
    "slider",
    "tracks",
    "trajectory",
    "wins",
]
