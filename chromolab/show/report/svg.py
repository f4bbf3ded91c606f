"""Small static pictures as SVG text, for pages that must open anywhere, without script or network."""

import html
from collections.abc import Mapping, Sequence

import numpy as np

from chromolab.show.figures.style import FAINT, INK, LINES, QUIET, nice

FONT = 'font-family="system-ui, Helvetica, Arial, sans-serif" font-size="11"'
DASH = ("", "6 3", "2 3")
SHAPES = ("m-6 0l6 -6 6 6 -6 6z", "m-6 5l6 -10 6 10z")  # a diamond, a triangle


def escaped(value: object) -> str:
    """Text from data, escaped for an HTML page."""
    return html.escape(str(value), quote=True)


def bars(values: Mapping[str, float], title: str, unit: str = "", width: int = 420, colour: str = LINES[0]) -> str:
    """Horizontal bars, one under another, with their numbers."""
    top, line, left = max([*values.values(), 1e-300]), 20, 150
    room = width - left - 70
    drawn = []
    for i, (name, value) in enumerate(values.items()):
        y, long = 34 + i * line, room * value / top
        drawn.append(_text(left - 6, y + 11, _short(name), "end"))
        drawn.append(f'<rect x="{left}" y="{y}" width="{long:.1f}" height="14" fill="{colour}"/>')
        drawn.append(_text(left + long + 5, y + 11, f"{value:,.4g}{unit}"))
    return _picture(width, 40 + line * len(values), title, drawn)


def histogram(values: np.ndarray, edges: Sequence[float], title: str, labels: Sequence[str], width: int = 420) -> str:
    """Vertical bars: the counts of `values` between `edges`, with a label (some are empty) under each bar."""
    counts, _ = np.histogram(values, edges)
    height, left, bottom = 190, 46, 160
    room, top = (width - left - 12) / len(counts), max(1, counts.max())
    drawn = [_text(left - 6, 42, f"{top:,}", "end"), _text(left - 6, bottom, "0", "end")]
    for i, count in enumerate(counts):
        tall = (bottom - 34) * count / top
        x = left + i * room
        title_of_bar = f"<title>{escaped(labels[i])}: {count:,}</title>"
        drawn.append(
            f'<rect x="{x + 1:.1f}" y="{bottom - tall:.1f}" width="{max(1, room - 2):.1f}" height="{tall:.1f}" '
            f'fill="{LINES[0]}">{title_of_bar}</rect>'
        )
        drawn.append(_text(x + room / 2, bottom + 14, labels[i], "middle"))
    drawn.append(f'<path d="M{left} {bottom}H{width - 10}" stroke="{QUIET}"/>')
    return _picture(width, height, title, drawn)


def lines(
    x: np.ndarray, series: Mapping[str, np.ndarray], title: str, unit_x: str, colour: str = INK, width: int = 250
) -> str:
    """Lines over a common x, distinguished by their dashes; NaN leaves a gap."""
    height, left, bottom = 150, 40, 118
    x, every = np.asarray(x, float), np.concatenate([np.asarray(y, float) for y in series.values()])
    finite = every[np.isfinite(every)]
    low, high = (min(0.0, finite.min()), finite.max()) if len(finite) else (0.0, 1.0)
    high = high if high > low else low + 1
    span = (x.max() - x.min()) or 1
    at_x = left + (x - x.min()) / span * (width - left - 12)
    drawn = [_text(left - 5, 40, f"{high:.3g}", "end"), _text(left - 5, bottom, f"{low:.3g}", "end")]
    ends = (f"{x.min():.3g}", f"{x.max():.3g} {unit_x}")
    drawn += [_text(left, bottom + 14, ends[0]), _text(width - 12, bottom + 14, ends[1], "end")]
    if x.min() < 0 < x.max():
        zero = left - x.min() / span * (width - left - 12)
        drawn += [f'<path d="M{zero:.1f} {bottom}v4" stroke="{QUIET}"/>', _text(zero, bottom + 14, "0", "middle")]
    drawn.append(f'<path d="M{left} 32V{bottom}H{width - 12}" stroke="{FAINT}" fill="none"/>')
    for i, (name, y) in enumerate(series.items()):
        at_y = bottom - (np.asarray(y, float) - low) / (high - low) * (bottom - 32)
        pen = (f"{'L' if joined else 'M'}{a:.1f} {b:.1f}" for a, b, joined in _run(at_x, at_y))
        drawn.append(
            f'<path d="{"".join(pen)}" fill="none" stroke="{colour}" stroke-width="1.6" '
            f'stroke-dasharray="{DASH[i % len(DASH)]}"><title>{escaped(name)}</title></path>'
        )
    return _picture(width, height, title, drawn)


def intervals(
    rows: Mapping[str, Sequence[float]],
    title: str,
    marks: Mapping[str, Mapping[str, float]] | None = None,
    limits: tuple[float, float] = (-np.inf, np.inf),
    width: int = 420,
) -> str:
    """A dot with its interval per row, and further values of the rows as open marks of another shape each.

    Parameters
    ----------
    rows : {name: (value, low, high)}
        A NaN draws nothing: a value without an interval is a dot alone.
    title : str
    marks : {what they are: {name of a row: value}}, optional
        Drawn as diamonds, then as triangles.
    limits : (float, float)
        Where the axis ends at the latest: an interval that goes beyond is cut there.
    width : int
        In pixels.
    """
    marks = marks or {}
    every = np.array([v for values in rows.values() for v in values] + [v for m in marks.values() for v in m.values()])
    finite = every[np.isfinite(every)]
    low, high = (finite.min(), finite.max()) if len(finite) else (0.0, 1.0)
    room = max(0.05 * (high - low), 0.005)
    low, high, left, line = max(limits[0], low - room), min(limits[1], high + room), 110, 22

    def x(value: float) -> float:
        return left + (min(high, max(low, value)) - low) / (high - low) * (width - left - 20)

    drawn, bottom = [], 34 + line * len(rows)
    step = nice((high - low) / 2.5)
    for end in np.arange(np.ceil(low / step), high / step + 1e-9) * step:
        drawn.append(f'<path d="M{x(end):.1f} 28V{bottom}" stroke="{FAINT}"/>')
        drawn.append(_text(x(end), bottom + 14, f"{end:.3g}", "middle"))
    for i, (name, (value, a, b)) in enumerate(rows.items()):
        y = 40 + i * line
        drawn.append(_text(left - 8, y + 4, _short(name, 15), "end"))
        if np.isfinite([a, b]).all():
            drawn.append(f'<path d="M{x(a):.1f} {y}H{x(b):.1f}" stroke="{LINES[0]}" stroke-width="2"/>')
        if np.isfinite(value):
            drawn.append(f'<circle cx="{x(value):.1f}" cy="{y}" r="4.5" fill="{LINES[0]}"/>')
        for shape, (what, values) in zip(SHAPES, marks.items(), strict=False):
            if np.isfinite(other := values.get(name, np.nan)):
                path = f'<path d="M{x(other):.1f} {y}{shape}" fill="none" stroke="{LINES[1]}" stroke-width="1.8">'
                drawn.append(f"{path}<title>{escaped(what)}: {other:.3f}</title></path>")
    at = bottom + 32
    for shape, what in zip(("", *SHAPES), ("mean and 95 % t interval over folds", *marks), strict=False):
        sign = f'<path d="M12 {at - 4}{shape}" fill="none" stroke="{LINES[1]}" stroke-width="1.8"/>'
        drawn.append(sign if shape else f'<circle cx="12" cy="{at - 4}" r="4.5" fill="{LINES[0]}"/>')
        drawn.append(_text(26, at, what))
        at += 18
    return _picture(width, at, title, drawn)


def _run(x, y):
    """Yield the points of a line, each with whether it joins the one before; points without a value are left out."""
    joined = False
    for a, b in zip(x, y, strict=True):
        if np.isfinite(b):
            yield a, b, joined
        joined = bool(np.isfinite(b))


def _text(x: float, y: float, text, anchor: str = "start", size: int = 11, colour: str = INK) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="{size}" fill="{colour}">{escaped(text)}</text>'


def _short(text, most: int = 22) -> str:
    return str(text) if len(str(text)) <= most else f"{str(text)[: most - 1]}…"


def _picture(width: int, height: int, title: str, drawn: Sequence[str]) -> str:
    head = _text(0, 14, title, size=13)
    return (
        f'<svg role="img" aria-label="{escaped(title)}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" {FONT}>{head}{"".join(drawn)}</svg>'
    )
