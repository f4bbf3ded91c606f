"""learn/pretrain: the script asks what to do before it does it."""

import pytest

from chromolab.learn import pretrain
from chromolab.models.checkpoints import pretrained_path


@pytest.mark.parametrize("arguments, code", [(["--help"], 0), (["--epochs", "1"], 2), (["x"], 2)])
def test_help_and_unknown_words_train_nothing(monkeypatch, capsys, arguments, code):
    def train(*_):
        raise AssertionError("it trains")

    monkeypatch.setattr(pretrain, "pretrain", train)
    before = {path: path.stat().st_mtime_ns for path in pretrained_path("classification", 0).parent.iterdir()}
    with pytest.raises(SystemExit) as end:
        pretrain.main(arguments)
    assert end.value.code == code and "--out" in "".join(capsys.readouterr())
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_it_writes_where_it_is_told(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(pretrain, "pretrain", asked.append)
    pretrain.main(["--out", str(tmp_path)])
    assert asked == [tmp_path]
