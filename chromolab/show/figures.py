"""The figures of the notebooks, `cl.plot`: each takes data, returns a plotly Figure and shows nothing itself.

They share a template, the marks' colours and order (`chromolab.defaults`), axes with units, and a subtitle that says
"simulated" where the data are.
"""

from chromolab.show.figures_contacts import arcs, lines
from chromolab.show.figures_dynamics import doses, trajectory
from chromolab.show.figures_heads import heads
from chromolab.show.figures_scores import compare, curves, predicted, roc, scatter, slider
from chromolab.show.figures_tracks import attention, heatmap, profiles, tracks
from chromolab.show.figures_wins import wins

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
