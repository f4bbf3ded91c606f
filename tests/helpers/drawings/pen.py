"""A sheet of SVG and what is drawn on it: text, lines, shapes and arrows, legible on light and on dark pages.

A colour is a name of `THEME`, which follows the reader's light or dark, or a colour that is legible on both. Every
sheet has a ground of its own: where page and reader disagree (a dark JupyterLab on a light system), it is a card on
the page.
"""

from collections.abc import Sequence
from html import escape
from math import hypot

import numpy as np

from chromolab.show.figures.style import INK

WIDTH = 760  # px: what JupyterLab gives a drawing at a window of 1280
THEME = {  # name -> on light, on dark
    "ink": (INK, "#E8E8E8"),
    "quiet": ("#666666", "#A3A7AB"),
    "faint": ("#C9CDD1", "#4A4F55"),
    "pale": ("#F0F1F2", "#25282C"),
    "ground": ("#FFFFFF", "#17191C"),
}
SIZES = {"head": 15, "plain": 14, "quiet": 13}  # px of a kind of text
FONT = 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif'
NARROW, BROAD = set("iljtf.,:;|'!()[] "), set("mwMWQO@%×→")
PLACES = {"start": 0.0, "middle": 0.5, "end": 1.0}


def style() -> str:
    """The rules of all sheets: the theme on light, the theme on dark, the kinds of text."""
    rules = [
        "".join(f".f-{name}{{fill:{pair[dark]}}}.s-{name}{{stroke:{pair[dark]}}}" for name, pair in THEME.items())
        for dark in (0, 1)
    ]
    sizes = "".join(f".{kind}{{font-size:{size}px}}" for kind, size in SIZES.items())
    return (
        f"text{{font-family:{FONT}}}.head{{font-weight:600}}{sizes}\n{rules[0]}\n"
        f"@media (prefers-color-scheme: dark){{{rules[1]}}}"
    )


def width_of(text: str, kind: str = "plain") -> float:
    """About how many pixels a text takes, in a font as wide as any that it may be shown in."""
    ems = sum(0.4 if c in NARROW else 0.9 if c in BROAD else 0.71 if c.isupper() else 0.61 for c in text)
    return ems * SIZES[kind] * (1.07 if kind == "head" else 1)


class Sheet:
    """One drawing.

    Parameters
    ----------
    says : str
        What the drawing shows, for who cannot see it.
    height : float
        Pixels; the width is `WIDTH`.
    """

    def __init__(self, says: str, height: float):
        self.says, self.height = says, height
        self.marks: list[str] = []
        self.texts: list[tuple[str, float, float, float, float]] = []  # text, left, top, right, bottom: px

    def svg(self) -> str:
        """The drawing as a file."""
        size = f'width="{WIDTH}" height="{self.height:g}" viewBox="0 0 {WIDTH} {self.height:g}"'
        says = escape(self.says, quote=True)
        ground = f'<rect width="{WIDTH}" height="{self.height:g}" rx="8" class="f-ground"/>'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{says}">'
        return "\n".join([head, f"<style>{style()}</style>", ground, *self.marks, "</svg>"]) + "\n"

    def text(self, x: float, y: float, text: str, kind: str = "plain", anchor: str = "start", ink: str = "") -> None:
        """A line of text with its baseline at y; `kind` is of `SIZES`, `anchor` says which part of it lies at x."""
        ink = ink or ("quiet" if kind == "quiet" else "ink")
        self.marks.append(
            f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" class="{kind} f-{ink}">{escape(text)}</text>'
        )
        left, size = x - PLACES[anchor] * width_of(text, kind), SIZES[kind]
        self.texts.append((text, left, y - 0.78 * size, left + width_of(text, kind), y + 0.22 * size))

    def path(self, d: str, line: str = "", fill: str = "", width: float = 1.5, dash: str = "", tint: float = 1) -> None:
        """A path; without a colour for line or fill, that part is not drawn. `tint` is the opacity of the fill."""
        paint, classes = [f'stroke-width="{width:g}"'] if line else [], []
        for letter, name, colour in (("s", "stroke", line), ("f", "fill", fill)):
            if colour in THEME:
                classes.append(f"{letter}-{colour}")
            elif colour or name == "fill":
                paint.append(f'{name}="{colour or "none"}"')
        paint += [f'class="{" ".join(classes)}"'] if classes else []
        paint += [f'stroke-dasharray="{dash}"'] if dash else []
        paint += [f'fill-opacity="{tint:g}"'] if fill and tint != 1 else []
        self.marks.append(f'<path d="{d}" {" ".join(paint)}/>')

    def line(
        self, points: Sequence[tuple[float, float]], colour: str = "ink", width: float = 1.5, dash: str = ""
    ) -> None:
        """A line through points."""
        self.path("M" + "L".join(f"{x:g} {y:g}" for x, y in points), line=colour, width=width, dash=dash)

    def arrow(self, points: Sequence[tuple[float, float]], colour: str = "quiet", width: float = 1.8) -> None:
        """A line through points with a head at its end."""
        (x0, y0), (x1, y1) = points[-2:]
        long = hypot(x1 - x0, y1 - y0)
        dx, dy = (x1 - x0) / long, (y1 - y0) / long
        foot = (x1 - 8 * dx, y1 - 8 * dy)
        self.line([*points[:-1], foot], colour, width)
        a, b = (foot[0] - 4.5 * dy, foot[1] + 4.5 * dx), (foot[0] + 4.5 * dy, foot[1] - 4.5 * dx)
        self.path(f"M{x1:g} {y1:g}L{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}z", fill=colour)

    def box(
        self, x: float, y: float, w: float, h: float, line: str = "", fill: str = "", round: float = 6, **paint
    ) -> None:
        """A rectangle with rounded corners; `paint` as of `path`."""
        r = min(round, w / 2, h / 2)
        sides = f"M{x + r:g} {y:g}h{w - 2 * r:g}q{r:g} 0 {r:g} {r:g}v{h - 2 * r:g}q0 {r:g} {-r:g} {r:g}"
        self.path(
            f"{sides}h{2 * r - w:g}q{-r:g} 0 {-r:g} {-r:g}v{2 * r - h:g}q0 {-r:g} {r:g} {-r:g}z", line, fill, **paint
        )

    def disc(self, x: float, y: float, r: float, line: str = "", fill: str = "", **paint) -> None:
        """A circle; `paint` as of `path`."""
        self.path(
            f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0z", line, fill, **paint
        )

    def bars(
        self, x: float, y: float, w: float, h: float, values: Sequence[float] | np.ndarray, colour: str, gap: float = 1
    ) -> None:
        """Bars on a baseline at y, `values` of -1 to 1 over a width w; 1 is h high. One path for all."""
        step = w / len(values)
        tall = [(x + i * step + gap / 2, h * float(v)) for i, v in enumerate(values)]
        d = "".join(
            f"M{left:.1f} {y:g}v{-high:.1f}h{step - gap:.1f}v{high:.1f}z" for left, high in tall if abs(high) >= 0.1
        )
        self.path(d, fill=colour)

    def cells(
        self,
        x: float,
        y: float,
        size: float,
        colours: Sequence[str],
        gap: float = 2,
        down: bool = False,
        tint: float = 1,
    ) -> None:
        """Squares side by side, or one under another; "" is an empty one."""
        for i, colour in enumerate(colours):
            at = i * (size + gap)
            left, top = (x, y + at) if down else (x + at, y)
            if colour:
                self.box(left, top, size, size, fill=colour, round=1.5, tint=tint)
            else:
                self.box(left, top, size, size, line="faint", width=1, round=1.5)
