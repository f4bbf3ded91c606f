"""show/widgets/whatif/lab: what the lab answers its page."""

import gc
import json
import weakref
from pathlib import Path

import numpy as np
import pytest
from helpers.lab import PATIENCE
from helpers.widgets import act, add, erased, toy_models

import chromolab as cl
from chromolab.errors import ChromolabError
from chromolab.show.notebooks import run as runs
from chromolab.show.widgets.whatif.lab import WhatIf


def test_an_error_that_cannot_be_written_is_answered_all_the_same(whatif):
    half = r'{"kind": "erase", "mark": "\ud800", "region": "chr1:0-9"}'
    sent, text = [], f'{{"format": "chromolab-edits-1", "edits": [{half}]}}'
    whatif.send = lambda content, buffers=None: sent.append(content)
    for actions in ([{"do": "load", "text": text}], [{"do": "\ud800"}]):
        whatif._receive(None, {"seq": "1", "kind": "act", "actions": actions}, [])
    assert [bool(s["error"].encode()) for s in sent] == [True, True]


# ----- answers --------------------------------------------------------------------------------------------------------


def test_buffers_are_the_depth_as_float32(whatif):
    (state, (after, before)) = whatif.reply({"kind": "hello"})
    np.testing.assert_array_equal(np.frombuffer(after, "<f4"), whatif.gene.signal.depth.astype("f4").ravel())
    assert after == before and state["gene"]["gene_id"] == whatif.gene.genes["gene_id"].iloc[0]
    _, (after,) = add(whatif, erased(whatif))
    np.testing.assert_array_equal(np.frombuffer(after, "<f4"), whatif.edited.signal.depth.astype("f4").ravel())
    assert after != before
    json.dumps(state)  # plain values only


def test_a_draft_is_shown_but_is_no_step(whatif):
    add(whatif, erased(whatif), draft=True)
    assert len(whatif.edits) == 1 and not whatif.session.history.now
    add(whatif, erased(whatif, "B"), draft=True)
    assert [e.mark for e in whatif.edits] == ["B"]
    act(whatif, {"do": "cancel"})
    assert whatif.edits == []


@pytest.mark.parametrize(
    "action, said",
    [
        ({"do": "add", "edits": [{"kind": "erase", "mark": "A", "region": "chr9:0-100"}]}, "overlaps no region"),
        ({"do": "add", "edits": [{"kind": "exec", "code": "1"}]}, "kind is 'exec'"),
        ({"do": "load", "text": "/etc/passwd"}, "not a file of edits"),
        ({"do": "load", "text": cl.edits.to_json([cl.erase("A", "chr1:0-9")] * 2001)}, "the lab takes 2,000"),
        ({"do": "load", "text": cl.edits.to_json([cl.scale("A", "chr1:0-99000000", 1e308)] * 2)}, "no model can read"),
        ({"do": "boom"}, "does not know"),
        ({"do": "recipe", "name": "__init__"}, "does not know"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(whatif, action, said):
    add(whatif, erased(whatif))
    before = whatif.edits
    state, _ = act(whatif, {"do": "undo"}, action)
    assert said in state["error"]
    assert whatif.edits == before
    assert len(cl.edit(whatif.gene, whatif.edits)) == 1


@pytest.mark.parametrize(
    "request_",
    [
        {"kind": "carried", "task": "x"},
        {"kind": "attention", "task": ""},
        {"kind": "act", "actions": [None]},
        {"kind": "act", "actions": [{"do": "reset"}, "undo"]},
        {"kind": "act", "actions": {}},
        {"kind": "gene", "gene_id": 1, "cell_type": None},
        {"kind": ["act"]},
        {},
    ],
)
def test_odd_requests_are_refused_and_change_nothing(whatif, request_):
    add(whatif, erased(whatif))
    before = whatif.edits
    with pytest.raises(cl.ChromolabError, match="does not know the request"):
        whatif.reply(request_)
    assert whatif.edits == before


def test_search_finds_names_first_by_their_beginning(whatif):
    found = whatif.reply({"kind": "search", "text": "NAME1"})[0]["found"]
    assert [g["gene_name"] for g in found][:2] == ["name1", "name10"]
    assert whatif.reply({"kind": "search", "text": "<img"})[0]["found"] == []


def test_another_gene_is_turned_round_to_this_ones_strand(whatif):
    own = whatif.gene.genes["strand"].iloc[0]
    for strand in "+-":
        genes = whatif.session.dataset.genes
        other = genes["gene_id"][genes["strand"] == strand].iloc[0]
        reply, (buffer,) = whatif.reply({"kind": "compare", "gene_id": other, "cell_type": "toy"})
        depth = whatif.session.dataset.gene(other).promoter_depth()[0]
        expected = depth if own == "+" else depth[::-1]
        np.testing.assert_array_equal(np.frombuffer(buffer, "<f4"), expected.astype("f4").ravel())
        assert set(reply["predicted"]) == {"classification", "regression"}


def test_attention_is_laid_out_on_the_stored_bins(whatif):
    _, (buffer,) = whatif.reply({"kind": "attention", "task": "regression"})
    level, signal = np.frombuffer(buffer, "<f4"), whatif.gene.signal
    assert len(level) == len(signal.depth)
    row = whatif.gene.promoter[0]
    own = level[signal.offsets[row] : signal.offsets[row + 1]]
    assert np.nanmean(own) == pytest.approx(1, abs=1e-5)  # relative to even attention, mean over resolutions


def test_a_closed_lab_frees_its_session(dataset):
    lab = WhatIf(toy_models(), dataset)
    session = weakref.ref(lab.session)
    lab.close()
    gc.collect()
    assert session() is None and repr(lab) == "WhatIf (closed)"
    with pytest.raises(cl.ChromolabError, match="closed"):
        lab.edits  # noqa: B018


@pytest.mark.slow
def test_the_app_runs(tmp_path):
    app = Path(__file__).parents[4] / "notebooks" / "app.ipynb"
    done = runs.run_notebook(app, tmp_path / "app.ipynb", timeout=PATIENCE)
    assert "WhatIf: " in done.out.read_text()


def test_a_gene_without_a_cell_type_is_shown_in_its_first(world):
    ds = world.dataset()
    gene = str(ds.genes["gene_name"].iloc[-1])
    cells = ds.genes["cell_type"][ds.genes["gene_name"] == gene].tolist()
    lab = cl.WhatIf(toy_models(ds.marks, seeds=1), ds, world=world, gene=gene)
    assert len(cells) > 1 and lab.gene.genes["cell_type"].tolist() == cells[:1] and cells[0] in repr(lab)
    assert lab.reply({"kind": "hello"})[0]["gene"]["cell_types"] == cells
    lab.close()
    with pytest.raises(ChromolabError, match=f"name one of {', '.join(cells)}"):
        cl.WhatIf(toy_models(ds.marks, seeds=1), ds, gene=gene, cell_type="none")
