"""show/notebooks/results: shipped tables and the lines that say what made them."""

import hashlib
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from chromolab.errors import ChromolabError
from chromolab.show.notebooks.results import FOLDER, add_results, read_results, results, save_results

SHIPPED = sorted(path.stem for path in FOLDER.glob("*.csv"))


def test_a_table_comes_back_with_what_made_it(tmp_path):
    table = pd.DataFrame({"model": ["a"], "fold": [1], "auc": [0.123456789]})
    path = save_results(table, tmp_path / "deep" / "x.csv", "run sweep.ipynb\non simulated data")
    digest = hashlib.sha256(b"model,fold,auc\na,1,0.123457\n").hexdigest()
    assert path.read_text().splitlines() == [
        "# run sweep.ipynb",
        "# on simulated data",
        f"# 1 rows, sha256 {digest}",
        "model,fold,auc",
        "a,1,0.123457",
    ]
    again = read_results(path)
    assert again.attrs["made_by"] == "run sweep.ipynb\non simulated data"
    pd.testing.assert_frame_equal(again, table, rtol=1e-5)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_tables_say_their_command_and_hold_no_run_twice(name):
    table = results(name)
    assert "chromolab run notebooks/experiments/" in table.attrs["made_by"]
    assert len(table) and not table.duplicated().any()
    assert np.isfinite(table.select_dtypes("number").dropna().to_numpy()).all()


def test_an_unknown_table_is_refused_with_those_that_ship():
    assert SHIPPED
    with pytest.raises(ChromolabError, match=f"no table of results 'nothing'; shipped: {', '.join(SHIPPED)}"):
        results("nothing")


@pytest.mark.parametrize(
    "genes",
    [["A#1", "B"], ["#A", "B"], ["NA", "nan"], ["a\rb", 'q"x'], ["n\nm", "x,y"], ["# 1 rows, sha256 " + "0" * 64]],
)
def test_every_text_comes_back(tmp_path, genes):
    table = pd.DataFrame({"gene": genes, "value": range(len(genes))})
    pd.testing.assert_frame_equal(
        read_results(save_results(table, tmp_path / "x.csv", "a test")), table, check_dtype=False
    )


def test_a_missing_number_comes_back_missing(tmp_path):
    table = pd.DataFrame({"auc": [0.5, np.nan], "note": ["a", None]})
    again = read_results(save_results(table, tmp_path / "x.csv", ""))
    assert again["auc"].tolist()[0] == 0.5 and again.isna().to_numpy().tolist() == [[False] * 2, [True] * 2]


def test_a_table_cut_anywhere_or_changed_is_never_read_as_whole(tmp_path):
    path = save_results(pd.DataFrame({"a": range(5), "b": range(5)}), tmp_path / "x.csv", "a test")
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        with pytest.raises(ChromolabError, match="x.csv: "):
            read_results(path)
    path.write_bytes(whole.replace(b"3,3", b"3,8"))
    with pytest.raises(ChromolabError, match="not the table of 5 rows .* delete its line 2"):
        read_results(path)
    path.write_bytes(b"".join(whole.replace(b"3,3", b"3,8").splitlines(keepends=True)[:1] + [b"a,b\n1,2\n"]))
    assert len(read_results(path)) == 1  # as that line was deleted, or written before there was one


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"a\n1,2\n1,2,3\n", b'a\n"'])
def test_what_is_no_table_is_refused(tmp_path, content):
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(ChromolabError, match="x.csv: not (text|a table of results)"):
        read_results(tmp_path / "x.csv")
    with pytest.raises(ChromolabError, match="no such file; expected a table of results"):
        read_results(tmp_path / "absent.csv")


def test_a_write_that_fails_leaves_the_old_table(tmp_path, monkeypatch):
    path = save_results(pd.DataFrame({"a": [1]}), tmp_path / "x.csv", "a test")

    def full(self, data, **_):
        with open(self, "w") as file:
            file.write(data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", full)
    with pytest.raises(OSError, match="the disk is full. What was there before is as it was"):
        save_results(pd.DataFrame({"a": range(900)}), path, "a test")
    assert len(read_results(path)) == 1 and [p.name for p in tmp_path.iterdir()] == ["x.csv"]
    with pytest.raises(ChromolabError, match="without a column"):
        save_results(pd.DataFrame(), path, "a test")


@pytest.mark.parametrize("name", ["../x", "../../results/compare", "/etc/passwd", ""])
def test_only_a_shipped_table_is_read_by_name(name):
    with pytest.raises(ChromolabError, match="no table of results"):
        results(name)


def test_another_file_is_not_written_over(tmp_path):
    (tmp_path / "mine.csv").write_text("a,b\n1,2\n")
    for place in (tmp_path / "mine.csv", tmp_path):
        with pytest.raises(ChromolabError, match="is no table of results, and was not touched"):
            save_results(pd.DataFrame({"a": [1]}), place, "a test")
    assert (tmp_path / "mine.csv").read_text() == "a,b\n1,2\n"


def test_rows_are_added_or_replaced_by_what_names_them(tmp_path):
    path, by = tmp_path / "deep" / "x.csv", ["data", "lr", "fold"]
    first = pd.DataFrame({"data": ["a", "a", None], "lr": [0.1, 0.1, 0.1], "fold": [1, 2, 1], "auc": [0.5, 0.6, 0.7]})
    add_results(first, path, "run a\nin 3 minutes", by)
    add_results(pd.DataFrame({"data": ["b"], "lr": [0.1], "fold": [1], "auc": [0.8]}), path, "run b", by)
    new = pd.DataFrame({"data": ["a", None], "lr": [1 / 10, 0.1], "fold": [2.0, 1.0], "auc": [0.9, 1.0]})
    now = add_results(new, path, "run a\nin 4 minutes", by)
    assert now["auc"].tolist() == [0.5, 0.8, 0.9, 1.0] == read_results(path)["auc"].tolist()
    assert read_results(path).attrs["made_by"].splitlines() == ["run a", "in 4 minutes", "run b"]
    assert [p.name for p in path.parent.iterdir()] == ["x.csv"]
    more = pd.DataFrame({"data": ["a"], "lr": [0.1], "fold": [1], "setting": [3]})  # others have no such column
    assert len(add_results(more, path, "run b", [*by, "setting"])) == 5


ADD = """
import sys
import pandas as pd
from chromolab.show.notebooks.results import add_results
print("ready", flush=True)
sys.stdin.readline()
for fold in range(30):
    add_results(pd.DataFrame([{"run": sys.argv[2], "fold": fold}]), sys.argv[1], f"run {sys.argv[2]}", ["run", "fold"])
"""


def test_two_processes_that_write_one_table_lose_no_row(tmp_path):
    path = tmp_path / "x.csv"
    pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    both = [subprocess.Popen([sys.executable, "-c", ADD, path, name], **pipes) for name in "ab"]
    for process in both:
        assert process.stdout.readline() == b"ready\n"
    for process in both:
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in both:
        process.communicate()
        assert process.returncode == 0
    table = read_results(path)
    assert sorted(zip(table["run"], table["fold"], strict=True)) == [(run, fold) for run in "ab" for fold in range(30)]
    assert sorted(table.attrs["made_by"].splitlines()) == ["run a", "run b"]
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]
