"""The folder that Sphinx reads: notebooks as pages, the documents beside them, and lists made of both."""

import html
import re
import shutil
from pathlib import Path

import nbformat

from chromolab.data.files import make_folder, write_text
from chromolab.errors import ChromolabError
from chromolab.show.notebooks.pages import copy_plotly
from chromolab.show.notebooks.series import notebooks_of
from chromolab.show.site import live, pages

ROW = re.compile(r"(?m)^\| \[\w+\]\(notebooks/(?P<name>\w+)\.ipynb\) \| (?P<what>.*) \| (?P<minutes>\d+) \|$")
COPIED = (
    "docs/*.md",
    "docs/instructor/*.md",
    "notebooks/*.md",
    "notebooks/claims.yaml",
    "notebooks/cards/*.md",
    "notebooks/images/*",
    "data_manifest/README.md",
    "tests/fresh/*.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
)
WHY_EXPERIMENT = "an experiment is run with parameters of your own, and may take long"
WHY_LEFT = "this site was made of a part of the series"


def write_source(root: Path, copies: dict[str, Path], folder: Path) -> None:
    """Write the folder anew.

    Parameters
    ----------
    root : Path
        The repository.
    copies : {name of a notebook: executed copy}
        A notebook of the series that is not among them is shown without results.
    folder : Path
        It is emptied first, and holds nothing that links lead out of.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for place in (root / "docs" / "site", folder):
        make_folder(place)
    shutil.copytree(root / "docs" / "site", folder, dirs_exist_ok=True)
    for path in (path for pattern in COPIED for path in sorted(root.glob(pattern))):
        target = folder / path.relative_to(root)
        make_folder(target.parent)
        shutil.copyfile(path, target)
    series, experiments = notebooks_of(root / "notebooks"), sorted((root / "notebooks" / "experiments").glob("*.ipynb"))
    for path in [*series, *experiments]:
        copy, why = (copies.get(path.name), WHY_LEFT) if path in series else (None, WHY_EXPERIMENT)
        write_text(folder / path.relative_to(root), nbformat.writes(pages.page_of(path, copy, why)))
    _mend_links(folder)
    write_text(folder / "series.md", gallery(root, copies))
    index = (folder / "index.md").read_text(encoding="utf-8")
    write_text(folder / "index.md", index.replace("SERIES", "\n".join(_entry(path) for path in series)))
    cards = {f"{path.stem}.md": _title(root / "notebooks" / "cards" / f"{path.stem}.md") for path in series}
    said = "What each notebook leaves you with, on one page."
    write_text(folder / "notebooks" / "cards" / "index.md", listing("Cards", said, cards))
    titles = {path.name: _title(path) for path in experiments}
    said = "Notebooks that are run with parameters; [experiments](../../docs/experiments.md) says how."
    write_text(folder / "notebooks" / "experiments" / "index.md", listing("Experiments", said, titles))
    _write_static(folder / "_static")


def _mend_links(folder: Path) -> None:
    """Links to folders lead to the pages that list them."""
    for path in [folder / "notebooks" / "00_start_here.ipynb"]:
        text = path.read_text(encoding="utf-8")
        write_text(path, text.replace("](cards)", "](cards/index.md)"))


def _write_static(folder: Path) -> None:
    """What all pages share."""
    copy_plotly(folder / "plotly.min.js")
    write_text(folder / "quiz.css", live.quiz_styles())
    write_text(folder / "quiz.js", live.quiz_script())


def _title(path: Path) -> str:
    """The first heading of a notebook or a Markdown file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = nbformat.reads(text, as_version=4).cells[0].source
    return text.splitlines()[0].removeprefix("# ")


def _entry(path: Path) -> str:
    """A notebook's line in the list of all pages: its number, and its title as far as the colon."""
    number, title = path.stem.partition("_")[0], _title(path).partition(":")[0]
    named = f"{number} · {title}" if number.isdigit() else title.partition(",")[0]
    return f"{named} <notebooks/{path.stem}>"


def gallery(root: Path, copies: dict[str, Path]) -> str:
    """The series as a page of tiles: a figure of each notebook, what it shows, and the minutes of reading."""
    rows = {row["name"]: row for row in ROW.finditer((root / "README.md").read_text(encoding="utf-8"))}
    tiles = []
    for path in notebooks_of(root / "notebooks"):
        if path.stem not in rows:
            raise ChromolabError(f"{root / 'README.md'}: no row of the series for {path.name}")
        copy, row = copies.get(path.name), rows[path.stem]
        title = html.escape(_title(path))
        number = path.stem.partition("_")[0]
        number = f"<b>{number}</b> " if number.isdigit() else ""
        picture = pages.first_figure(copy) if copy else ""
        tiles.append(
            f'<a class="tile" href="notebooks/{path.stem}.html"><div class="picture">{picture}</div>'
            f"<h2>{number}{title}</h2><p>{html.escape(row['what'])}</p><p>{row['minutes']} minutes of reading</p></a>"
        )
    said = "Two primers for whom one of the two fields is new, then one notebook after another."
    return f'# The series at a glance\n\n{said}\n\n<div class="gallery">{"".join(tiles)}</div>\n'


def listing(title: str, said: str, titles: dict[str, str]) -> str:
    """A page that lists others of its folder, {file's name: title}, in this order."""
    listed = "\n".join(f"- [{title}]({name})" for name, title in titles.items())
    hidden = "\n".join(["```{toctree}", ":hidden:", "", *titles, "```"])
    return f"# {title}\n\n{said}\n\n{listed}\n\n{hidden}\n"
