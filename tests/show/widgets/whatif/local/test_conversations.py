"""show/widgets/whatif/local: the lab in JavaScript answers as Python's lab does, whatever is asked."""

import json
import shutil

import numpy as np
import pytest
from helpers import conversations

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no Node here, in which the page's script runs")


@pytest.fixture(scope="module")
def labs():
    labs = conversations.small_labs()
    yield labs
    for lab in labs:
        lab.close()


def close(mine, theirs, path=""):
    """Assert that two answers are equal, numbers up to rounding."""
    if isinstance(theirs, float) and isinstance(mine, int | float):
        assert mine == pytest.approx(theirs, rel=1e-5, abs=1e-5), path
    elif isinstance(theirs, dict):
        assert list(mine) == list(theirs), path
        for key, value in theirs.items():
            close(mine[key], value, f"{path}.{key}")
    elif isinstance(theirs, list):
        assert len(mine) == len(theirs), path
        for i, (a, b) in enumerate(zip(mine, theirs, strict=True)):
            close(a, b, f"{path}.{i}")
    else:
        assert mine == theirs, path


def test_python_answers_as_it_is_kept(labs):
    """The file is what this version answers: after a change of the protocol it is written anew, and read as a diff."""
    kept = json.loads(conversations.KEPT.read_text(encoding="utf-8"))
    assert len(kept) == len(labs)
    for lab, part in zip(labs, kept, strict=True):
        conversations.begin(lab)
        for turns in part["conversations"]:
            listed = []
            for turn in turns:
                reply, buffers = conversations.answered(lab, turn["request"], listed)
                if turn["request"]["kind"] == "settle":
                    listed = reply["list"]
                    reply = reply | {"list": [words for words, _ in reply["list"]]}
                    turn["reply"]["list"] = [words for words, _ in turn["reply"]["list"]]
                if turn["request"]["kind"] in ("carried", "attention"):
                    continue  # the order of equal reasons and the last digits depend on the machine
                close(json.loads(json.dumps(reply)), turn["reply"])
                assert [conversations.as_text(turn["request"], b) for b in buffers] == turn["buffers"]


@pytest.mark.parametrize("options", [(), ("--plain",)], ids=["WebAssembly", "plain JavaScript"])
def test_javascript_answers_as_it_is_kept(options):
    report = conversations.replay_in_node(conversations.KEPT, *options)
    assert not report["wrong"] and report["turns"] > 150
    assert max(report["predicted"].values()) < 1e-5


@pytest.mark.slow
def test_new_conversations_are_answered_alike(labs, tmp_path):
    """Other ones in each run would be a test that fails now and then; these differ from those that are kept."""
    told = [conversations.recorded(lab, 10 + seed, conversations=4, turns=25) for seed, lab in enumerate(labs)]
    (tmp_path / "told.json").write_text(json.dumps(told))
    report = conversations.replay_in_node(tmp_path / "told.json")
    assert not report["wrong"] and report["turns"] == 200


def test_a_page_in_few_bits_differs_as_little_as_it_says(labs, tmp_path):
    """int8: the page's predictions are those of models whose weights are rounded so, and the largest error is told."""
    from chromolab.learn.ensemble import Ensemble
    from chromolab.learn.metrics import probability_or_expression
    from chromolab.show.widgets.whatif import export, packed

    lab = labs[1]
    whole = lab.session.dataset
    told = conversations.recorded(lab, 3, conversations=0, turns=0, precision="int8")
    asked = {"kind": "gene", "gene_id": "G1", "cell_type": "toy"}
    reply, _ = lab.reply(asked)
    told["conversations"] = [[{"request": asked, "reply": reply, "buffers": []}]]
    (tmp_path / "told.json").write_text(json.dumps([told]))
    report = conversations.replay_in_node(tmp_path / "told.json", "--within=1")
    gene = whole.gene("G1", "toy")
    for task, models in lab.session.models.items():
        rounded = Ensemble([packed.as_packed(m, "int8") for m in models]).predict(gene)
        pairs = zip(rounded, lab.session.before[task], strict=True)
        own = [np.abs(probability_or_expression(a) - b).max() for a, b in pairs]
        assert report["predicted"][task] == pytest.approx(max(own), abs=1e-5) and max(own) > 1e-5
        assert max(own) <= export.differences(lab.session, whole, "int8")[task] + 1e-6
