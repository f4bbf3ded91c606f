"""A widget as one HTML file that needs no kernel, no server and no network."""

import gzip
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from os import PathLike
from pathlib import Path

from chromolab.data.files import atomic_write
from chromolab.errors import ChromolabError
from chromolab.show.widgets.base import script

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>{css}</style></head>
<body class="cl-alone">
<header><h1>{title}</h1>
{said}
</header>
<main id="cl-place">Unpacking what this page holds ...</main>
<noscript><p>This page computes in the browser: it needs JavaScript.</p></noscript>
{parts}
<script type="module">{script}</script>
</body></html>
"""


def html(widget: str, css: str, about: dict, parts: Mapping[str, bytes], title: str, said: Sequence[str]) -> bytes:
    """The page, as HTML.

    Parameters
    ----------
    widget : str
        The folder whose `local` answers in the page.
    css : str
    about : dict
        Plain values, which the page holds as the part "about".
    parts : {name: bytes}
        What else it holds.
    title : str
    said : list of str
        Paragraphs above the widget.

    Returns
    -------
    bytes
        Its policy allows this script alone, by its hash, and no request.
    """
    held = {"about": json.dumps(about, allow_nan=False).encode(), **parts}
    data = [
        f'<script type="text/plain" id="cl-{name}">{b64encode(gzip.compress(part, 9, mtime=0)).decode()}</script>'
        for name, part in held.items()
    ]
    code = script(f"{widget}/local").replace("</script", "<\\/script").replace("<!--", "<\\!--")
    policy = [
        "default-src 'none'",
        f"script-src 'sha256-{b64encode(sha256(code.encode()).digest()).decode()}' 'wasm-unsafe-eval'",
        "style-src 'unsafe-inline'",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return PAGE.format(
        policy="; ".join(policy),
        title=escape(title),
        css=css,
        said="\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in said),
        parts="\n".join(data),
        script=code,
    ).encode()


def write(page: bytes, path: str | PathLike[str], limit: float, less: str) -> Path:
    """Write a page, completely or not at all; raises `ChromolabError`, with what to leave out, beyond `limit` MB."""
    if len(page) > limit * 1e6:
        raise ChromolabError(
            f"the page would have {len(page) / 1e6:.1f} MB, more than the {limit:g} that are allowed: {less}, or allow "
            "more (limit=)"
        )
    with atomic_write(Path(path)) as beside:
        beside.write_bytes(page)
    return Path(path)
