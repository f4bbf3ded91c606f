"""Edits as text: written to and read from JSON, and written as Python. What is read is never executed."""

import json
from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from chromolab.data.files import atomic_write
from chromolab.data.text import existing_file
from chromolab.errors import ChromolabError
from chromolab.learn.edit import kinds
from chromolab.learn.edit.kinds import MOTIF_KINDS, AddPcre, ChangeMotif, DropPcre, Edit, Paint, Scale, SetFrequency

FORMAT = "chromolab-edits-1"

# The functions that make edits, or the kind of `motif`, and their arguments in order.
ARGUMENTS = {
    "scale": ("mark", "region", "factor"),
    "erase": ("mark", "region"),
    "set_depth": ("mark", "region", "depth"),
    "paint": ("mark", "region", "values", "step"),
    "drop_pcre": ("region",),
    "add_pcre": ("region", "frequency"),
    "set_frequency": ("region", "frequency"),
    "break": ("region",),
    "flip": ("region",),
    "insert": ("region", "letters"),
}


def to_json(
    edits: Iterable[Edit], path: str | PathLike[str] | None = None, about: Mapping[str, Any] | None = None
) -> str:
    """Write edits as JSON: {"format": "chromolab-edits-1", "edits": [{"kind": "erase", "mark": ..., ...}]}.

    Parameters
    ----------
    edits : list of Edit
    path : path, optional
        A file to write the text to as well; it is written completely or not at all.
    about : dict, optional
        Plain values that say what the edits belong to, such as gene_id and cell_type; they stand beside the edits, and
        `read_json` gives them back.

    Returns
    -------
    str
        One edit per line; `from_json` reads equal edits from it.
    """
    lines = [json.dumps(entry) for entry in entries(edits)]
    body = ",\n  ".join(lines)
    own = f'"about": {json.dumps(about)},\n ' if about else ""
    text = f'{{"format": "{FORMAT}", {own}"edits": [' + (f"\n  {body}\n" if lines else "") + "]}\n"
    if path is not None:
        with atomic_write(Path(path)) as beside:
            beside.write_text(text, encoding="utf-8")
    return text


def from_json(text: str | PathLike[str]) -> list[Edit]:
    """Read edits that `to_json` wrote, from the text itself or from a file.

    Parameters
    ----------
    text : str or path
        JSON text (it begins with "{"), or the path of a file.

    Returns
    -------
    list of Edit

    Raises
    ------
    ChromolabError
        Unless every entry is a complete, known edit of this format; the message names the edit and what was expected.
    """
    return read_json(text)[0]


def read_json(text: str | PathLike[str]) -> tuple[list[Edit], dict[str, Any]]:
    """As `from_json`, with what the file says of itself: `about` of `to_json`, {} in a file that says nothing.

    Raises ChromolabError as `from_json` does.
    """
    if not isinstance(text, str | Path):
        raise ChromolabError(f"edits are read from JSON text or a file's path, not from a {type(text).__name__}")
    source = "the edits"
    if not (isinstance(text, str) and text.lstrip().startswith("{")):
        source = str(text)
        text = existing_file(text, "a file of edits").read_text(encoding="utf-8", errors="replace")
    try:
        found = json.loads(text, object_pairs_hook=_no_repeats, parse_constant=_refuse)
    except (ValueError, RecursionError) as e:
        raise ChromolabError(f"{source}: not JSON ({e}); write it with cl.edits.to_json") from e
    about = found.pop("about", {}) if isinstance(found, dict) else {}
    whole = isinstance(found, dict) and set(found) == {"format", "edits"} and isinstance(found["edits"], list)
    if not whole or not isinstance(about, dict):
        raise ChromolabError(f'{source}: expected {{"format": "{FORMAT}", "edits": [...]}}, and nothing else')
    if found["format"] != FORMAT:
        raise ChromolabError(f"{source}: its format is {found['format']!r}; this version of chromolab reads {FORMAT!r}")
    return edits_of(found["edits"], source), about


def entries(edits: Iterable[Edit]) -> list[dict]:
    """The edits as plain values, [{"kind": "erase", "mark": ..., ...}]; `edits_of` makes equal edits of them."""
    return [{"kind": name, **arguments} for name, arguments in map(_call, edits)]


def edits_of(entries: list, source: str = "the edits") -> list[Edit]:
    """The edits of parsed JSON, [{"kind": "erase", "mark": ..., ...}]; `source` names them in an error.

    Raises ChromolabError unless every entry is a complete, known edit.
    """
    return [_made(entry, f"{source}, edit {number}") for number, entry in enumerate(entries, 1)]


def to_python(edits: Iterable[Edit]) -> str:
    """Python code that makes these edits: run it, and `edits` is an equal list."""
    calls = []
    for name, arguments in map(_call, edits):
        if arguments.get("step") == kinds.STEP:
            del arguments["step"]
        given = [*([name] if name in MOTIF_KINDS else []), *arguments.values()]
        function = "edits.motif" if name in MOTIF_KINDS else name
        calls.append(f"    cl.{function}({', '.join(shown(v) for v in given)}),\n")
    return "import chromolab as cl\n\nedits = [" + ("\n" + "".join(calls) if calls else "") + "]\n"


def in_words(e: Edit) -> str:
    """One edit as a line of a list, for people."""
    match e:
        case Scale(factor=0.0):
            what = f"{e.mark} erased"
        case Scale():
            what = f"{e.mark} × {e.factor:g}"
        case Paint(depths=(float(depth),)):
            what = f"{e.mark} set to {depth:g}"
        case Paint():
            what = f"{e.mark} painted"
        case ChangeMotif():
            what = {"break": "motif broken", "flip": "motif flipped", "insert": f"{e.letters} inserted"}[e.kind]
        case _:
            frequency = getattr(e, "frequency", None)
            what = {"DropPcre": "contact cut", "AddPcre": "contact added", "SetFrequency": "contact"}[type(e).__name__]
            what += "" if frequency is None else f", frequency {frequency:g}"
    return f"{what}, {e.chrom}:{e.start:,}-{e.end:,}"


def _call(e: Edit) -> tuple[str, dict]:
    """The function that makes an edit, and its arguments."""
    match e:
        case Scale(factor=0.0):
            return "erase", {"mark": e.mark, "region": e.region}
        case Scale():
            return "scale", {"mark": e.mark, "region": e.region, "factor": e.factor}
        case Paint(depths=(float(depth),)) if e.step == e.end - e.start:
            return "set_depth", {"mark": e.mark, "region": e.region, "depth": depth}
        case Paint():
            return "paint", {"mark": e.mark, "region": e.region, "values": list(e.depths), "step": e.step}
        case DropPcre():
            return "drop_pcre", {"region": e.region}
        case AddPcre():
            return "add_pcre", {"region": e.region, "frequency": e.frequency}
        case SetFrequency():
            return "set_frequency", {"region": e.region, "frequency": e.frequency}
        case ChangeMotif():
            return e.kind, {"region": e.region, **({"letters": e.letters} if e.kind == "insert" else {})}
    raise ChromolabError(f"{e!r} is not an edit; make one with cl.scale, cl.paint, cl.drop_pcre ...")


def _made(entry, where: str) -> Edit:
    name = entry.get("kind") if isinstance(entry, dict) else None
    if not isinstance(name, str) or name not in ARGUMENTS:
        raise ChromolabError(f"{where}: kind is {name!r}; expected one of {', '.join(ARGUMENTS)}")
    arguments = {key: value for key, value in entry.items() if key != "kind"}
    if set(arguments) != set(ARGUMENTS[name]):
        raise ChromolabError(f"{where} ({name}): has {sorted(arguments)}; expected {', '.join(ARGUMENTS[name])}")
    if not isinstance(arguments.get("mark", ""), str) or not isinstance(arguments.get("values", []), list):
        raise ChromolabError(f"{where} ({name}): expected mark as a string and values as a list")
    try:
        return kinds.motif(name, **arguments) if name in MOTIF_KINDS else getattr(kinds, name)(**arguments)
    except ChromolabError as e:
        raise ChromolabError(f"{where} ({name}): {e}") from None


def shown(value: object) -> str:
    """repr, with double quotes as Python's formatters write them."""
    text = repr(value)
    plain = isinstance(value, str) and text[0] == "'" and '"' not in text and "\\" not in text
    return f'"{text[1:-1]}"' if plain else text


def _no_repeats(pairs: list) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"a key occurs twice in {[k for k, _ in pairs]}")
    return found


def _refuse(constant: str):
    raise ValueError(f"{constant} is not a number in JSON")
