"""The claims of the article: one list, and from it the map of the paper and the tables "What the article says".

Nothing is written twice: `notebooks/claims.yaml` holds each claim with what was measured here. `make format` writes
`docs/map_of_the_paper.md` and the notebooks' tables from it; `make check` fails if one is out of date.
"""

import json
import re
from collections import Counter
from os import PathLike
from pathlib import Path
from typing import Literal

from chromolab.data.files import write_text
from chromolab.data.yaml_files import Part, YamlFile, read_model
from chromolab.errors import ChromolabError

VERDICTS = {
    "reproduced": "It was tested here, on the data that the row names, and it came out.",
    "partly": "A part of it came out, or it came out for another reason; its row says which.",
    "not found": "It was tested here, on the data that the row names, and it did not come out.",
    "not tried": 'The data at hand cannot test it. The notebooks say "not reproduced".',
}
HEAD = "| the article says | here we measured | simulated or real | verdict |\n| --- | --- | --- | --- |\n"
TABLE = re.compile(r"^\| the article says \|.*\n\|[ |-]+\|\n(?:\|.*(?:\n|\Z))*", re.MULTILINE)
OPENING = """# The map of the paper

What the article claims (Lee, Yang and Kim, "Learning the histone codes with large genomic windows and three-dimensional
chromatin interactions using transformer", *Nature Communications* 13:6678, 2022), and what came of it here. Claims
stand in the order of the article's story, in our own words, and not under the numbers of its figures.

Made from [notebooks/claims.yaml](../notebooks/claims.yaml) by `make format`; do not edit it here. Intervals are
explained in [results](results.md), the data in [what is simulated and what is real](simulated_and_real.md).
"""


class Claim(Part):
    """One claim of the article.

    `part` is the part of the article's story; `claim` a sentence without its full stop; `notebook` the notebook's name
    without .ipynb, and `look` the heading in it (both left out where no notebook asks it yet); `measured` what was
    measured here, in words with the number; `data` simulated, real, or both; `verdict` one of `VERDICTS`, and `why`.
    """

    part: str
    claim: str
    notebook: str | None = None
    look: str | None = None
    measured: str
    data: str
    verdict: Literal["reproduced", "partly", "not found", "not tried"]
    why: str


class Claims(YamlFile):
    """The file: a list under `claims:`."""

    claims: list[Claim]


def read_claims(path: str | PathLike[str] = "notebooks/claims.yaml") -> list[Claim]:
    """The claims in their order; raises `ChromolabError` with the line of each mistake in the file."""
    claims = read_model(path, Claims, "the claims of the article").claims
    for claim in claims:
        if "|" in "".join(str(value) for value in claim.model_dump().values()):
            raise ChromolabError(f"{path}: {claim.claim!r} has a | in it, which would break its row; say it in words")
    return claims


def table(claims: list[Claim]) -> str:
    """The table of a notebook, as Markdown."""
    return HEAD + "".join(f"| {c.claim} | {c.measured} | {c.data} | {c.verdict} |\n" for c in claims)


def page(claims: list[Claim], titles: dict[str, str]) -> str:
    """The map of the paper as Markdown, with links relative to `docs/`; `titles` are those of the notebooks."""
    counts = Counter(claim.verdict for claim in claims)
    said = [f"- **{verdict}** ({counts[verdict]}): {text}" for verdict, text in VERDICTS.items()]
    parts = [OPENING, "\n".join([f"Of {len(claims)} claims:", "", *said, ""])]
    for part in dict.fromkeys(claim.part for claim in claims):
        rows = [_row(claim, titles) for claim in claims if claim.part == part]
        head = "| the claim | what was measured here | simulated or real | verdict | why | where |\n"
        parts.append(f"## {part}\n\n{head}{'| --- ' * 6}|\n" + "".join(rows))
    return "\n".join(parts)


def _row(claim: Claim, titles: dict[str, str]) -> str:
    where = ""
    if claim.notebook:
        where = f"[{claim.notebook[:2]} {titles[claim.notebook]}](../notebooks/{claim.notebook}.ipynb): {claim.look}"
    return f"| {claim.claim} | {claim.measured} | {claim.data} | **{claim.verdict}** | {claim.why} | {where} |\n"


def stale(folder: str | PathLike[str] = "notebooks") -> dict[Path, str]:
    """What differs from the list of claims: {path of a notebook or of the map: the text that it should hold}.

    A folder without `claims.yaml` has no map.

    Raises
    ------
    ChromolabError
        A mistake in `claims.yaml`, a notebook or heading that it names and that is not there, or a notebook without
        its one table to fill in; names it.
    """
    folder = Path(folder)
    if not (folder / "claims.yaml").is_file():
        return {}
    claims, titles, wanted = read_claims(folder / "claims.yaml"), {}, {}
    for name in dict.fromkeys(claim.notebook for claim in claims if claim.notebook):
        own, path = [claim for claim in claims if claim.notebook == name], folder / f"{name}.ipynb"
        titles[name], wanted[path] = _filled(path, own)
    wanted[folder.parent / "docs" / "map_of_the_paper.md"] = page(claims, titles)
    return {p: text for p, text in wanted.items() if not p.is_file() or p.read_text(encoding="utf-8") != text}


def _filled(path: Path, claims: list[Claim]) -> tuple[str, str]:
    """A notebook's title up to a colon or question mark, and its text with the table of these claims."""
    if not path.is_file():
        raise ChromolabError(f"claims.yaml names {path}, which does not exist")
    text = path.read_text(encoding="utf-8")
    nb = json.loads(text)  # as it lies there: nbformat would sort the keys of every cell
    prose = {i: "".join(cell["source"]) for i, cell in enumerate(nb["cells"]) if cell["cell_type"] == "markdown"}
    headings = {
        line.lstrip("#").strip() for source in prose.values() for line in source.splitlines() if line[:1] == "#"
    }
    for claim in claims:
        if claim.look not in headings:
            raise ChromolabError(f"claims.yaml looks for the heading {claim.look!r} in {path}, where it is not")
    tables = [(i, found) for i, source in prose.items() for found in TABLE.finditer(source)]
    if len(tables) != 1:
        raise ChromolabError(f"{path} has claims of the article: expected one table that begins with {HEAD[:20]!r}")
    ((place, found),) = tables
    if found[0].rstrip("\n") != table(claims).rstrip("\n"):
        filled = prose[place][: found.start()] + table(claims) + prose[place][found.end() :]
        nb["cells"][place]["source"] = filled.rstrip("\n").splitlines(keepends=True)
        text = json.dumps(nb, indent=1, ensure_ascii=False) + "\n"
    return re.match(r"# ([^:?\n]+)", prose[0])[1].strip(), text


def write_claims(folder: str | PathLike[str] = "notebooks") -> list[Path]:
    """Write the map, and the notebooks whose table is out of date; returns their paths."""
    texts = stale(folder)
    for path, text in texts.items():
        write_text(path, text)
    return list(texts)
