"""What Sphinx does besides: words of the glossary explain themselves on hover, and formulas are MathML."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from chromolab.show.notebooks.made.cards import glossary

GLOSSARY = "notebooks/glossary"  # the page
READ = ("notebooks/", "docs/", "index", "lab", "glass-box")  # pages whose words are explained
LEFT = (nodes.reference, nodes.literal, nodes.strong, nodes.title, nodes.raw, nodes.math)  # what is left as it is


def anchor(word: str) -> str:
    """The id of a word's entry."""
    return "word-" + re.sub(r"\W+", "-", word.lower()).strip("-")


def slug(heading: str) -> str:
    """A heading's anchor as JupyterLab makes it, so that a notebook's links to itself lead to the same places."""
    return heading.replace(" ", "-")


def split(text: str, words: dict[str, str], seen: set[str]) -> Iterator[tuple[str, str | None]]:
    """Parts of a text: (what it says, the word that it is), singular or plural; None between words and for those seen.

    `words` are {as written in small letters: as in the glossary}; `seen` takes the words that are found.
    """
    either = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    at = 0
    for match in re.finditer(rf"(?<![\w-])({either})(s|es)?(?![\w-])", text, re.IGNORECASE):
        word = words[match[1].lower()]
        if word not in seen:
            seen.add(word)
            yield text[at : match.start()], None
            yield match[0], word
            at = match.end()
    yield text[at:], None


class Words(SphinxPostTransform):
    """The first use of each word of the glossary on a page becomes a link that carries its meaning."""

    default_priority = 900

    def run(self, **kwargs: Any) -> None:
        """As Sphinx asks of a transform: once for each page."""
        page = self.env.docname
        if page == GLOSSARY:
            for entry in self.document.findall(nodes.paragraph):
                first = next((part for part in entry.children if part.astext()), None)  # an empty text comes first
                if isinstance(first, nodes.strong):
                    entry["ids"].append(anchor(first.astext()))
        if page == GLOSSARY or not page.startswith(READ) or page.startswith("notebooks/cards"):
            return
        known = glossary(Path(self.app.srcdir) / "notebooks" / "glossary.md")
        words, seen = {word.lower(): word for word in known}, set[str]()
        target = self.app.builder.get_relative_uri(page, GLOSSARY)
        for node in list(self.document.findall(nodes.Text)):
            if not _plain(node):
                continue
            parts = [(said, word) for said, word in split(str(node), words, seen) if said]
            if any(word for _, word in parts):
                node.parent.replace(node, [_link(said, word, known, target) for said, word in parts])


def _plain(node: nodes.Text) -> bool:
    """Whether a text stands in a paragraph, and in nothing that has a meaning of its own."""
    above, inside = node.parent, False
    while above is not None:
        if isinstance(above, LEFT):
            return False
        inside |= isinstance(above, nodes.paragraph)
        above = above.parent
    return inside


def _link(said: str, word: str | None, known: dict[str, tuple[str, str]], target: str) -> nodes.Node:
    if word is None:
        return nodes.Text(said)
    meaning = html.escape(re.sub(r"\[([^\]]*)\]\([^)]*\)|[*`]", r"\1", known[word][1]))
    link = f'<a class="word" href="{target}#{anchor(word)}" data-meaning="{meaning}">{html.escape(said)}</a>'
    return nodes.raw("", link, format="html")


def _inline(translator: Any, node: nodes.Element) -> None:
    translator.body.append(convert(node.astext()))
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.Element) -> None:
    translator.body.append(f'<div class="formula">{convert(node.astext(), display="block")}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict:
    """Sphinx calls this, because conf.py names this module among its extensions."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.add_post_transform(Words)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
