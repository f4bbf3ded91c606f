"""show/cli/paper: the five steps by words, and bad words."""

import pytest

from chromolab.show.cli.main import main


def test_help_tells_the_steps(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["paper", "--help"])
    said = capsys.readouterr().out
    assert caught.value.code == 0 and all(step in said for step in ("plan", "fetch", "build", "train", "report"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--cell", "E999"], "no cell E999"),
        (["--cell", "E106"], "no H3K9ac for E106"),
        (["--fold", "0"], "expected folds of 1, 2, 3, 4"),
        (["--task", "both"], "classification"),
        (["--scale", "depth"], "'reads', 'fold-change' or 'pval'"),
        (["--model", "large"], "'published' or 'small'"),
        (["--without", "CTCF"], "expected contacts, or one of"),
    ],
)
def test_bad_settings_end_in_words_and_with_code_1(words, said, tmp_path, capsys):
    assert main(["paper", "fetch", "--out", str(tmp_path / "out"), *words]) == 1
    assert said in capsys.readouterr().err


def test_steps_without_what_they_need_say_what_is_left(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("CHROMOLAB_OFFLINE", "1")
    monkeypatch.setenv("CHROMOLAB_CACHE", str(tmp_path / "cache"))
    out = ["--out", str(tmp_path / "out"), "--cell", "E003"]
    assert main(["paper", "fetch", *out]) == 1
    said = capsys.readouterr().out
    assert "0 of 10 files are here" in said and "downloads are off" in said
    assert "8 files of published weights are not here" in said and "put them into" in said
    assert main(["paper", "build", *out]) == 1
    assert "E003: not built: 10 file(s) are not here" in capsys.readouterr().out
    assert main(["paper", "train", *out]) == 1
    assert "8 models: no dataset of E003" in capsys.readouterr().out
    assert main(["paper", "report", *out]) == 0
    assert "0 of 8" in (tmp_path / "out" / "report" / "index.html").read_text()
