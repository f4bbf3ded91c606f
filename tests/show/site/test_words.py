"""show/site/words: words of the glossary in a text."""

import pytest

pytest.importorskip("myst_nb", reason="Sphinx and MyST-NB not found: pip install 'chromolab[site]'")

from chromolab.show.site.words import anchor, slug, split  # noqa: E402

WORDS = {"bin": "bin", "pcre": "pCRE", "contact": "contact", "contact map": "contact map"}


@pytest.mark.parametrize(
    "text, found",
    [
        ("A bin, and bins again", [("bin", "bin")]),
        ("Contact maps hold contacts", [("Contact maps", "contact map"), ("contacts", "contact")]),
        ("pCREs", [("pCREs", "pCRE")]),
        ("cabin, binary, bin-wise and re-bin", []),
    ],
)
def test_the_first_use_of_a_word_is_found_longest_first(text, found):
    parts = list(split(text, WORDS, set()))
    assert [(said, word) for said, word in parts if word] == found
    assert "".join(said for said, _ in parts) == text


def test_a_word_that_was_explained_is_left_alone():
    seen = {"bin"}
    assert [word for _, word in split("bin, contact", WORDS, seen) if word] == ["contact"]
    assert seen == {"bin", "contact"}


def test_anchors():
    assert anchor("query, key, value") == "word-query-key-value"
    assert slug("The lab first") == "The-lab-first"  # as JupyterLab
