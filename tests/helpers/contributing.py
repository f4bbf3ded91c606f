"""The code that CONTRIBUTING shows under "A model of your own", taken out of its Markdown."""

import re
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text()


def code_blocks(heading: str = "### A model of your own") -> list[str]:
    """The Python blocks between a heading and the next one."""
    section = re.split(r"^#+ ", TEXT.split(heading)[1], maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"^```python\n(.*?)^```", section, flags=re.MULTILINE | re.DOTALL)


def own_model() -> type:
    """The class that the first block defines."""
    names: dict = {}
    exec(code_blocks()[0], names)
    return names["Neighbourhood"]
