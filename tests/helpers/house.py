"""The plan of the house, read from the code itself, and its picture (`python tests/helpers/house.py`)."""

import ast
import sys
from collections import Counter
from functools import cache
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "notebooks" / "images" / "house.svg"

# From the ground up: a place may import from itself and from those above it in this list, never from one below.
ORDER = (
    "errors",
    "lazy",
    "defaults",
    "data.*",  # the ground of the layer: files that lie in no wing
    "data.public",
    "data.tracks",
    "data.genes",
    "data.contacts",
    "data.sequence",
    "data.dataset",
    "data.bodies",
    "data.samples",
    "data.denovo",
    "data.project",
    "data.doctor",
    "world",
    "models",
    "learn.*",
    "learn.train",
    "learn.edit",
    "learn.explain",
    "learn.letters",
    "learn.truth",
    "learn.compare",
    "learn.pretrain",  # a script: it makes the shipped models
    "show.*",
    "show.figures",
    "show.notebooks",
    "show.report",
    "show.experiments",
    "show.paper",
    "show.widgets",
    "show.page",
    "show.site",
    "show.cli",
)


def name_of(path: Path) -> str:
    """The dotted name of a module's file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in sorted((ROOT / "chromolab").rglob("*.py"))}


@cache
def tree(name: str) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


@cache
def imported(name: str) -> frozenset[tuple[str, str]]:
    """(module of chromolab, name taken from it or "") of every import in a module, those inside functions too."""
    found = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names if alias.name.split(".")[0] == "chromolab"}
        elif isinstance(node, ast.ImportFrom) and node.level:
            raise AssertionError(f"{name}, line {node.lineno}: a relative import; write the whole name")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "chromolab":
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                found.add((module, "") if module in MODULES else (node.module, alias.name))
    return frozenset(found)


def place_of(module: str) -> str:
    """Where a module lies: its wing, or "data.*" for a file of the ground."""
    parts = module.split(".")[1:]
    for depth in (2, 1):
        if (wing := ".".join(parts[:depth])) in ORDER:
            return wing
    return f"{parts[0]}.*" if parts else ""


# ---------------------------------------------------------------- the picture

LAYERS = {  # layer -> what it does, its colour
    "data": ("files become labelled arrays", "#0072B2"),
    "world": ("the teaching genome", "#009E73"),
    "models": ("Chromoformer and the others", "#D55E00"),
    "learn": ("numbers from models", "#CC79A7"),
    "show": ("what people touch", "#E69F00"),
}
ROW, TOP, LEFT, ARCS, WIDTH = 27, 78, 32, 800, 1060
STYLE = """
text { font: 14px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #222 }
.title { font-size: 19px; font-weight: 600 } .quiet { fill: #666; font-size: 13px } .wing { font-weight: 600 }
"""


def doc_of(place: str) -> str:
    """The first sentence of a wing's docstring; of the ground, the names of its files."""
    if place.endswith(".*"):
        return ", ".join(name.rpartition(".")[2] for name in MODULES if place_of(name) == place and name.count(".") > 1)
    return (ast.get_docstring(tree(f"chromolab.{place}")) or "").split("\n")[0].rstrip(".").replace("`", "")


def imports_between() -> Counter:
    """{(place that imports, place that it imports from): number of modules' imports}"""
    found = Counter()
    for name in MODULES:
        if name != "chromolab":
            found.update({(place_of(name), place_of(module)) for module, _ in imported(name) if module != "chromolab"})
    return Counter({pair: n for pair, n in found.items() if pair[0] != pair[1]})


def picture() -> str:
    """The house as SVG: a row per wing, an arc from each wing up to every wing it imports from."""
    places = [p for p in ORDER if p.split(".")[0] in LAYERS and p != "learn.pretrain"]
    y = {place: TOP + ROW * i + 6 * list(LAYERS).index(place.split(".")[0]) for i, place in enumerate(places)}
    height = max(y.values()) + ROW + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-label="The wings of chromolab and what they import">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text class="title" x="{LEFT}" y="34">The house: five layers; a wing imports only from those above it</text>',
        f'<text class="quiet" x="{LEFT}" y="56">a row is a wing, with its number of modules; an arc leads from a wing '
        "up to one that it imports from</text>",
    ]
    modules = Counter(place_of(n) for n, p in MODULES.items() if p.name != "__init__.py")
    for layer, (_, colour) in LAYERS.items():
        rows = [y[p] for p in places if p.split(".")[0] == layer]
        top, tall = min(rows) - 3, max(rows) - min(rows) + ROW
        parts.append(
            f'<rect x="{LEFT}" y="{top}" width="{ARCS - LEFT}" height="{tall}" rx="5" fill="{colour}" opacity=".1"/>'
        )
        parts.append(f'<rect x="{LEFT}" y="{top}" width="6" height="{tall}" rx="3" fill="{colour}"/>')
    for place in places:
        layer, _, wing = place.partition(".")
        name, middle = layer if wing in ("", "*") else f"{layer}/{wing}", y[place] + ROW / 2 + 2
        about = doc_of(place) if wing else LAYERS[layer][0]
        about = about if len(about) < 84 else about[:82].rsplit(" ", 1)[0] + " …"
        parts.append(f'<text class="wing" x="{LEFT + 18}" y="{middle}">{name}</text>')
        parts.append(f'<text class="quiet" x="{LEFT + 178}" y="{middle}" text-anchor="end">{modules[place]}</text>')
        parts.append(f'<text class="quiet" x="{LEFT + 194}" y="{middle}">{escape(about)}</text>')
    for (lower, upper), n in sorted(imports_between().items()):
        if lower in y and upper in y:
            a, b = y[lower] + ROW / 2 - 3, y[upper] + ROW / 2 - 3
            bow = min(24 + 0.42 * abs(a - b), WIDTH - ARCS - 24)
            parts.append(
                f'<path d="M{ARCS + 4} {a:g} C{ARCS + bow:g} {a:g} {ARCS + bow:g} {b:g} {ARCS + 4} {b:g}" fill="none" '
                f'stroke="{LAYERS[lower.split(".")[0]][1]}" stroke-width="{min(0.7 + 0.35 * n, 4):g}" opacity=".55"/>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    drawn = picture()
    if "--check" in sys.argv:
        if not PICTURE.is_file() or PICTURE.read_text(encoding="utf-8") != drawn:
            sys.exit(f"{PICTURE.relative_to(ROOT)} does not show the house as it is: make format draws it anew")
    else:
        PICTURE.write_text(drawn, encoding="utf-8")
