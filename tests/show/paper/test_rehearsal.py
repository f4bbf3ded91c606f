"""The whole of `chromolab paper` on small simulated files, killed in fetch, build and train; and its report."""

import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from helpers.faulty_server import Fault, Server
from helpers.rehearsal import CELLS, Rehearsal

from chromolab.data.dataset.dataset import load_dataset
from chromolab.learn import metrics
from chromolab.learn.compare.models import SMALL
from chromolab.learn.prediction import predict
from chromolab.models.checkpoints import load_checkpoint, published_state
from chromolab.models.chromoformer import Chromoformer
from chromolab.show.paper import steps
from chromolab.show.paper.report import SIMULATED, report
from chromolab.show.paper.scores import ablations, over_folds
from chromolab.show.paper.settings import Job, open_paper

pytestmark = pytest.mark.slow
OPTIONS = ["--cell", *CELLS, "--fold", "2", "--task", "classification", "--model", "small", "--epochs", "1"]
ON = ["--on", "pool:1"]
PATIENCE = 1800  # seconds until what is stuck is given up


def killed_at(made: Rehearsal, step: str, place: Path, pattern: str, count: int, *more: str) -> None:
    """Kill a step as soon as so many files of a pattern are there."""
    process, until = made.start(step, *more), time.monotonic() + PATIENCE
    while len(list(place.glob(pattern))) < count and process.poll() is None:
        assert time.monotonic() < until, f"{step} is stuck"
        time.sleep(0.01)
    assert process.poll() is None, f"{step} ended before it could be killed: {process.stdout.read()}"
    made.kill(process)


@pytest.fixture(scope="module")
def done(files, tmp_path_factory):
    """A rehearsal that was killed on the way, and what the server was asked for after the kill of fetch."""
    place = tmp_path_factory.mktemp("rehearsal")
    with Server() as server:
        made = Rehearsal(server, place, files, OPTIONS)
        server.usual = Fault(pace=0.05, piece=4096)
        killed_at(made, "fetch", place / "cache" / "downloads", "*/*.gz", 2)
        server.usual, server.log[:] = Fault(), []
        made.here = {
            path.name for path in (place / "cache" / "downloads").glob("*/*") if path.suffix in (".gz", ".bz2")
        }
        with made.inside():
            paper = open_paper(made.out)
            assert all(one.done for one in steps.fetch(paper, progress=False))
        made.asked = {path.rpartition("/")[2] for path, _ in server.log}
        killed_at(made, "build", made.out / "data", ".*.pieces/*.piece", 2)
        with made.inside():
            assert all(one.done for one in steps.build(paper, progress=False))
        killed_at(made, "train", made.out / "train", "*.json", 1, *ON)
        first = {path: path.stat().st_mtime_ns for path in (made.out / "train").glob("*.json")}
        assert "2 of 2 models are trained" in made.step("train", *ON)
        assert first and all(path.stat().st_mtime_ns == then for path, then in first.items())
        with made.inside():
            report(paper, progress=False)
        yield made


@pytest.fixture
def paper(done, monkeypatch):
    for name in ("CHROMOLAB_MANIFEST", "CHROMOLAB_CACHE"):
        monkeypatch.setenv(name, done.environment[name])
    return open_paper(done.out)


def test_what_came_before_a_kill_is_not_asked_for_again(done):
    assert done.here and not done.here & done.asked
    notes = [json.loads(path.read_text()) for path in (done.out / "train").glob("*.json")]
    assert len(notes) == 2 and not any(note["error"] for note in notes)
    assert not list(done.out.rglob("*.part")) and not list(done.out.rglob(".*.pieces"))


def test_the_datasets_are_those_of_an_undisturbed_build(done, paper, tmp_path, monkeypatch):
    calm = open_paper(tmp_path / "calm", {"cells": [CELLS[1]]})
    assert all(one.done for one in steps.build(calm, progress=False))
    assert calm.dataset(CELLS[1]).read_bytes() == paper.dataset(CELLS[1]).read_bytes()
    assert load_dataset(calm.dataset(CELLS[1])).origin == "simulated"


def test_scores_are_those_of_the_models_on_the_fold_that_they_never_saw(done, paper):
    table = pd.read_csv(done.out / "report" / "scores.csv", keep_default_na=False)
    assert len(table) == 2
    job = Job(CELLS[0], "classification", 2, 0)
    test = load_dataset(paper.dataset(job.cell)).in_fold(2)
    guess = predict(load_checkpoint(paper.model_file(job)), test, progress=False)
    row = table[table["cell"] == job.cell].iloc[0]
    assert row["score"] == pytest.approx(metrics.score(test.labels, guess, job.task)["auc"])
    assert row["examples"] == len(test)
    across = pd.read_csv(done.out / "report" / "across.csv")
    own = across[(across["cell"] == job.cell) & (across["on"] == job.cell)]
    assert len(across) == 4 and own["score"].item() == pytest.approx(row["score"])


def test_the_page_says_that_it_is_a_rehearsal_and_what_was_not_run(done):
    page = (done.out / "report" / "index.html").read_text()
    assert f"<title>{SIMULATED}" in page and f"<b>{SIMULATED}.</b>" in page
    assert "2 of 2" in page and "0 of 2" in page and "not here" in page
    left = pd.read_csv(done.out / "report" / "not_run.csv")["what"].tolist()
    assert left == ["2 of 2 published weights", "ablations", "CTCF as a further track", "PC1 as a further track"]
    assert "<script" not in page and "http:" not in page


def test_published_weights_that_are_put_in_place_are_scored_on_the_same_genes(done, paper):
    jobs = list(paper.weights())
    good, bad = (Path(done.environment["CHROMOLAB_CACHE"], "downloads", paper.weights()[j].place) for j in jobs[:2])
    good.parent.mkdir(exist_ok=True)
    model = Chromoformer(paper.settings.marks, "classification", seed=7, **SMALL)
    torch.save({"net": published_state(model), "last_val_auc": 0.875}, good)
    bad.write_bytes(b"no weights")
    try:
        page = report(paper, progress=False).read_text()
        table = pd.read_csv(done.out / "report" / "published.csv").set_index("cell")
        test = load_dataset(paper.dataset(jobs[0].cell)).in_fold(jobs[0].fold)
        score = metrics.score(test.labels, predict(model, test, progress=False), "classification")["auc"]
        assert table.loc[CELLS[0], "saved"] == 0.875 and table.loc[CELLS[0], "score"] == pytest.approx(score)
        assert np.isnan(table.loc[CELLS[1], "score"]) and bad.name in table.loc[CELLS[1], "error"]
        assert "0.875" in page and "could not be scored" in page and bad.name in page and "2 of 2" in page
    finally:
        good.unlink()
        bad.unlink()


def test_a_report_on_a_part_of_it_all(done, paper):
    (page,) = {report(open_paper(done.out, {"cells": [CELLS[0]]}), progress=False)}
    text = page.read_text()
    assert "1 of 1" in text and "one fold" in text and "it needs trained models of two cell types" in text
    assert CELLS[1] not in text.partition("How this was made")[0]


def test_intervals_are_over_folds_and_seeds_are_averaged_first():
    rows = [(fold, seed, 0.5 + 0.1 * fold + 0.01 * seed) for fold in (1, 2, 3) for seed in (0, 1)]
    own = pd.DataFrame(rows, columns=["fold", "seed", "score"]).assign(cell="E003", task="classification", without="")
    (row,) = over_folds(own, ["cell"]).to_dict("records")
    mean, low, high, _ = metrics.t_interval([0.605, 0.705, 0.805])
    assert (row["mean"], row["low"], row["high"]) == pytest.approx((mean, low, high))
    assert row["folds"] == 3 and row["seeds"] == 2
    less = own.assign(without="contacts", score=own["score"] - 0.01 * own["fold"])
    (lost,) = ablations(pd.concat([own, less.iloc[:4]])).to_dict("records")
    assert lost["mean"] == pytest.approx(-0.015) and lost["pairs"] == 4 and lost["folds"] == 2
