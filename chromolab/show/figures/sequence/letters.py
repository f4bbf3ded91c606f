"""Letters as high as what they tell: the logo of a motif, and of importance along a sequence."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from chromolab.data.sequence.fasta import LETTERS
from chromolab.data.sequence.motifs import Motif
from chromolab.errors import ChromolabError
from chromolab.show.figures.style import QUIET, finish, joined
from chromolab.show.figures.text import NO_NAME

COLOURS = {"A": "#009E73", "C": "#0072B2", "G": "#E69F00", "T": "#D55E00"}  # the shape tells a letter without colour
GAP = 0.04  # of a letter's width, left free on either side
MOST = 2_000  # letters: more cannot be read, and make a page slow
STROKE = 0.2  # of a round letter's width


def _arc(first: float, last: float, inset: float) -> list[tuple[float, float]]:
    """Points of an ellipse in the unit square, from one angle to another (degrees)."""
    angle = np.radians(np.linspace(first, last, 25))
    wide, high = 0.5 - inset, 0.5 - 0.8 * inset
    return list(zip(0.5 + wide * np.cos(angle), 0.5 + high * np.sin(angle), strict=True))


SHAPES = {  # outlines in the unit square; a second one is a hole
    "A": [
        [(0, 0), (0.39, 1), (0.61, 1), (1, 0), (0.79, 0), (0.71, 0.24), (0.29, 0.24), (0.21, 0)],
        [(0.34, 0.4), (0.66, 0.4), (0.5, 0.86)],
    ],
    "C": [[*_arc(45, 315, 0), *_arc(315, 45, STROKE)]],
    "G": [
        [
            *_arc(45, 315, 0),
            (0.98, 0.2),
            (0.98, 0.52),
            (0.54, 0.52),
            (0.54, 0.37),
            (0.79, 0.37),
            (0.79, 0.28),
            *_arc(305, 45, STROKE),
        ]
    ],
    "T": [[(0, 1), (1, 1), (1, 0.84), (0.6, 0.84), (0.6, 0), (0.4, 0), (0.4, 0.84), (0, 0.84)]],
}


def logo(
    values: Motif | ArrayLike, start: int | None = None, y_title: str = "", title: str = "", note: str = ""
) -> go.Figure:
    """A sequence logo: at each place letters as high as what they tell, the highest on top.

    Parameters
    ----------
    values : Motif, or array (4, places)
        Of a motif, letters share the information of their place (bits) by their probability. An array holds the height
        of A, C, G and T at each place, such as a model's gradient times `cl.data.one_hot`, or the effect of every
        mutation; what is below 0 hangs below the axis.
    start : int, optional
        Position of the first letter (bp, 0-based), for the axis; default: places from 1.
    y_title, title, note : str
        The note stands in the subtitle: say "simulated" there if the sequence is.

    Returns
    -------
    Figure
        Letters differ in shape, not in colour alone; hovering tells the values of a place.

    Raises
    ------
    ChromolabError
        If the array is not (4, places), has more than 2,000 places, or values that are not finite.
    """
    heights = values.probabilities.T * values.information if isinstance(values, Motif) else _checked(values)
    first = 1 if start is None else start
    figure, shapes = go.Figure(), []
    for place, column in enumerate(heights.T):
        for sign in (1, -1):
            base = 0.0
            for row in sorted(np.flatnonzero(sign * column > 0), key=lambda r: abs(column[r])):
                shapes.append(_shape(LETTERS[row], first + place, base, base + column[row]))
                base += column[row]
    figure.update_layout(shapes=shapes)
    low, top = (f(heights, 0).sum(0) for f in (np.minimum, np.maximum))
    told = [", ".join(f"{c} {v:.3g}" for c, v in zip(LETTERS, column, strict=True) if v) for column in heights.T]
    x = first + np.arange(heights.shape[1])
    figure.add_bar(
        x=x,
        y=np.where(top > 0, top, low),
        marker_color="rgba(0,0,0,0)",
        customdata=told,
        hovertemplate="%{x:,}: %{customdata}" + NO_NAME,
        showlegend=False,
    )
    span = max(float(top.max(initial=0) - low.min(initial=0)), 1e-12)
    bottom = float(low.min(initial=0))
    figure.update_yaxes(title_text=y_title or ("bits" if isinstance(values, Motif) else "importance"))
    figure.update_yaxes(range=[bottom - 0.03 * span * (bottom < 0), float(top.max(initial=0)) + 0.05 * span])
    figure.update_xaxes(
        title_text="place" if start is None else "position (bp)", range=[x[0] - 0.6, x[-1] + 0.6], tickformat=",d"
    )
    figure.add_hline(y=0, line={"color": QUIET, "width": 1})
    name = joined(values.name, values.about) if isinstance(values, Motif) else "importance of each letter"
    return finish(figure, title or name, note, height=300)


def _checked(values: ArrayLike) -> np.ndarray:
    heights = np.asarray(values, np.float64)
    if heights.ndim != 2 or heights.shape[0] != 4 or not 1 <= heights.shape[1] <= MOST:
        raise ChromolabError(f"values of shape {heights.shape}; expected (4, places), at most {MOST:,} places")
    if not np.isfinite(heights).all():
        raise ChromolabError("values: some are not finite; expected the height of a letter, 0 where there is none")
    return heights


def _shape(letter: str, centre: float, low: float, high: float) -> dict:
    """A letter that fills its place from `low` to `high`, as a shape of plotly."""
    left, right = centre - 0.5 + GAP, centre + 0.5 - GAP
    low, high = min(low, high), max(low, high)
    path = ""
    for outline in SHAPES[letter]:
        points = (f"{left + u * (right - left):.12g},{low + v * (high - low):.6g}" for u, v in outline)
        path += "M" + " L".join(points) + " Z "
    return {"type": "path", "path": path.strip(), "fillcolor": COLOURS[letter], "line_width": 0, "layer": "below"}
