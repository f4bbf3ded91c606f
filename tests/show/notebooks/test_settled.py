"""show/notebooks/settled: an executed copy shows text where widgets were, and carries none of their state."""

import nbformat
import pytest
from helpers import toy_notebooks
from nbformat import v4

from chromolab.errors import ChromolabError
from chromolab.show.notebooks.run import run_notebook
from chromolab.show.notebooks.settled import STATES, VIEW, settle_widgets


def outputs(path):
    nb = nbformat.read(path, as_version=4)
    assert "widgets" not in nb.metadata
    return [o for cell in nb.cells for o in cell.get("outputs", [])]


@pytest.mark.slow
def test_bars_end_as_lines_and_no_view_without_a_state_is_left(tmp_path):
    code = (
        "from tqdm.auto import tqdm\nfor i in tqdm(range(3), desc='genes'): pass",
        "for i in tqdm(range(3), leave=False): pass",
        "bar = tqdm(total=10)\nbar.update(5)\nbar.close()",
        "import ipywidgets\nipywidgets.IntSlider()",
        "for i in tqdm(iter('abc')): pass",
        "1 / 0",
    )
    run_notebook(toy_notebooks.write(tmp_path / "toy.ipynb", *code[:-1]), tmp_path / "out.ipynb")
    with pytest.raises(ChromolabError):
        run_notebook(toy_notebooks.write(tmp_path / "bad.ipynb", *code), tmp_path / "bad-out.ipynb")
    for path in (tmp_path / "out.ipynb", tmp_path / "bad-out.failed.ipynb"):
        found = outputs(path)
        assert not [o for o in found if VIEW in o.get("data", {})]
        texts = [o["data"]["text/plain"] for o in found if "text/plain" in o.get("data", {})]
        assert len(texts) == 4
        assert texts[0].startswith("genes: 100%|██████████| 3/3 [")
        assert texts[1].lstrip().startswith("50%|█████     | 5/10 [")
        assert texts[2].startswith("IntSlider(") and texts[3].startswith("3/? [")


def test_a_view_whose_state_is_unknown_becomes_its_text_or_goes():
    cell = v4.new_code_cell("x")
    view = {VIEW: {"model_id": "gone"}}
    cell.outputs = [
        v4.new_output("display_data", view | {"text/plain": "Widget()"}),
        v4.new_output("display_data", view),
    ]
    cell.outputs += [v4.new_output("stream", text="a")]
    nb = v4.new_notebook(cells=[cell], metadata={"widgets": {STATES: {"state": {}}}})
    settle_widgets(nb)
    assert [o.get("data", o.get("text")) for o in nb.cells[0].outputs] == [{"text/plain": "Widget()"}, "a"]
    assert "widgets" not in nb.metadata
