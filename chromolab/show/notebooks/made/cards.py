"""A card per notebook: its aims, what to remember, and its new words, on one page.

Nothing is written twice: a card's aims and what to remember come from the notebook's first and last cells, its words
from `notebooks/glossary.md`. `make format` writes the cards; `make check` fails if one is out of date.
"""

import re
from os import PathLike
from pathlib import Path

import nbformat

from chromolab.data.files import write_text
from chromolab.errors import ChromolabError
from chromolab.show.notebooks.series import notebooks_of

ENTRY = re.compile(r"^\*\*(?P<word>[^*]+)\*\* \(\[(?P<number>\d\d|primer)\]\((?P<notebook>[^)]+)\)\): (?P<text>.+)$")


def glossary(path: str | PathLike[str] = "notebooks/glossary.md") -> dict[str, tuple[str, str]]:
    """Read the glossary of the series.

    Parameters
    ----------
    path : path
        A Markdown file with one entry per line: `**word** ([02](02_contacts.ipynb)): what it means`. A
        primer's number is "primer".

    Returns
    -------
    {word: (notebook's file name, meaning)}

    Raises
    ------
    ChromolabError
        If a line in bold is not an entry, a word comes twice, or words are not in alphabetical order; names the line.
    """
    words, path = {}, Path(path)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("**"):
            continue
        entry = ENTRY.match(line)
        if not entry:
            raise ChromolabError(f"{path}, line {number}: expected '**word** ([NN](notebook.ipynb)): meaning'")
        if entry["word"] in words:
            raise ChromolabError(f"{path}, line {number}: {entry['word']!r} is explained twice")
        if words and entry["word"].casefold() < list(words)[-1].casefold():
            raise ChromolabError(f"{path}, line {number}: {entry['word']!r} comes after {list(words)[-1]!r}; sort them")
        words[entry["word"]] = entry["notebook"], entry["text"]
    return words


def card(notebook: str | PathLike[str], words: dict[str, tuple[str, str]]) -> str:
    """One notebook's card as Markdown, with links relative to `notebooks/cards/`.

    Raises `ChromolabError` if the notebook lacks a title, aims or what to remember.
    """
    path = Path(notebook)
    cells = nbformat.read(path, as_version=4).cells
    title = re.match(r"# (.+)", cells[0].source)
    aims = re.search(r"(?m)^- (?:.|\n)*?(?=\n\n)", cells[0].source)
    recap = re.search(r"## What to remember\s+((?:.|\n)*?)(?=\n\n[^\n-]|\Z)", cells[-1].source)
    if not (title and aims and recap):
        raise ChromolabError(
            f"{path}: a card needs a title and a list of aims in the first cell, and '## What to "
            "remember' with a list in the last"
        )
    own = [f"- **{word}**: {text}" for word, (where, text) in words.items() if where == path.name]
    parts = [
        f"# {path.stem.partition('_')[0]} · {title[1]}",
        f"The card of [{path.name}](../{path.name}). Made from the notebook by `make format`; do not edit it here.",
        "## You can now",
        aims[0].rstrip(),
        "## What to remember",
        recap[1].rstrip(),
        *(["## New words", "\n".join(own)] if own else []),
        "All words are in the [glossary](../glossary.md).",
    ]
    # The notebook's links are relative to its folder; the cards lie one below.
    body = re.sub(r"\]\((?!\.\./|[a-z]+:|#)([^)\s]+\.[^)\s]+)\)", r"](../\1)", "\n\n".join(parts))
    return body + "\n"


def stale(folder: str | PathLike[str] = "notebooks") -> dict[Path, str]:
    """The cards that are missing or differ from their notebooks: {path: the text it should hold}.

    A folder without a glossary has no cards.
    """
    folder = Path(folder)
    if not (folder / "glossary.md").is_file():
        return {}
    words = glossary(folder / "glossary.md")
    wanted = {folder / "cards" / f"{p.stem}.md": card(p, words) for p in notebooks_of(folder)}
    return {p: text for p, text in wanted.items() if not p.is_file() or p.read_text(encoding="utf-8") != text}


def write_cards(folder: str | PathLike[str] = "notebooks") -> list[Path]:
    """Write the cards that are missing or out of date; returns their paths."""
    cards = stale(folder)
    for path, text in cards.items():
        write_text(path, text)
    return list(cards)
