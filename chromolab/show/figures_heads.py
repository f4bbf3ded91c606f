"""Attention, one head at a time, chosen with a slider that needs no kernel."""

import pandas as pd
import plotly.graph_objects as go

from chromolab.data.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.show.figures_tracks import attention

SLIDER = 92  # pixels under the figure


def heads(
    scores: pd.DataFrame, dataset: Dataset, marks=None, resolution: int = 500, note: str | None = None
) -> go.Figure:
    """Attention of single heads over the tracks: a slider moves from head to head and from layer to layer.

    Parameters
    ----------
    scores : DataFrame
        From `cl.explain.attention`.
    dataset : Dataset
        The example that the scores belong to.
    marks : sequence of str, optional
        Tracks to show; default all.
    resolution : int
        Base pairs per bin, of attention and tracks.
    note : str, optional

    Returns
    -------
    Figure
        As `cl.plot.attention` draws it, with one head of one layer at a time; a step with fewer layers than the slider
        shows its last. The shares of the regulation step stay means over heads.

    Raises
    ------
    ChromolabError
        Without scores at that resolution.
    """
    scores = scores[scores["resolution"] == resolution]
    lines = scores[scores["step"] != "regulation"]
    if lines.empty:
        raise ChromolabError(f"no attention at {resolution} bp among these scores")
    layers = sorted(int(layer) for layer in lines["layer"].unique())
    drawn = {}
    for layer in layers:
        shown = scores.groupby("step")["layer"].transform("max").clip(upper=layer)
        drawn[layer] = attention(scores[scores["layer"] == shown], dataset, marks, resolution, note=note)
    base, traces, origins = go.Figure(drawn[layers[-1]]), [], []
    for layer, figure in drawn.items():
        for trace in figure.data:
            head = int(trace.name.split()[1]) - 1 if str(trace.name).startswith("head ") else None
            traces.append(trace)
            origins.append((layer, head))
    base.data = []
    base.add_traces(traces)
    views = {"all heads": [(layer == layers[-1]) for layer, _ in origins]}
    for layer in layers:
        for head in sorted({h for _, h in origins if h is not None}):
            views[f"layer {layer + 1}, head {head + 1}"] = [of == layer and h in (None, head) for of, h in origins]
    for trace, seen in zip(base.data, views["all heads"], strict=True):
        trace.visible = seen
    steps = [{"label": name, "method": "restyle", "args": [{"visible": seen}]} for name, seen in views.items()]
    slider = {"steps": steps, "currentvalue": {"prefix": "showing: "}, "pad": {"t": 52}, "len": 0.9, "x": 0.04}
    bottom = (base.layout.margin.b or 50) + SLIDER
    return base.update_layout(sliders=[slider], height=base.layout.height + SLIDER, margin_b=bottom)
