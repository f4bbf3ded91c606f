"""The first figure of a kernel, and the reading of notebooks, compile no grammars."""

import subprocess
import sys

import pytest

FIGURE = """
import pandas as pd
import chromolab as cl
cl.plot.lines(pd.DataFrame({"x": [1, 2], "y": [1, 2]}), "x", "y")._repr_mimebundle_()
"""
NOTEBOOK = "from chromolab.show.notebooks.hygiene import check_notebook\nassert check_notebook(sys.argv[1])"


@pytest.mark.parametrize("code", [FIGURE, NOTEBOOK])
def test_no_grammar_is_compiled(code, tmp_path):
    (tmp_path / "empty.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    told = "\nprint([name in sys.modules for name in ('jsonschema', 'lark', 'rfc3987_syntax')])"
    command = [sys.executable, "-c", f"import sys\n{code}{told}", str(tmp_path / "empty.ipynb")]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    assert made.stdout.splitlines()[-1] == "[True, False, False]"
