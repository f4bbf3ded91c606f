"""show/paper/plan and calibration: what is said before anything starts, and that it follows from what was measured."""

import json
from dataclasses import asdict, replace

import pytest

from chromolab.show.paper import steps
from chromolab.show.paper.calibration import EPOCHS, Pace, pace_of
from chromolab.show.paper.plan import LINE, plan
from chromolab.show.paper.settings import open_paper

PACE = Pace(1.0, 0.5, 2.0, 10.0, 0.001, 20.0, 1e4, 1e7, "cpu", 2, 0.1, "2026-01-01", 60.0)


def with_pace(paper, pace=PACE):
    """The reproduction, as if this machine had been measured."""
    key = [len(paper.settings.marks), paper.settings.model]
    (paper.folder / "pace.json").write_text(json.dumps({"key": key, "pace": asdict(pace)}))
    return paper


def test_the_article_s_plan_adds_up_from_the_pace_and_stated_assumptions(tmp_path, monkeypatch):
    monkeypatch.setenv("CHROMOLAB_CACHE", str(tmp_path / "cache"))
    made = plan(with_pace(open_paper(tmp_path / "out")))
    reads = made.fetch["roadmap-reads"]
    assert reads.files == 77 and reads.bytes == pytest.approx(77 * 347e6) and "assumed: 30 million reads" in reads.told
    one = 10 + 7 * (0.5 + 2.0 * 1.19 + 30.0)
    assert made.build_seconds == pytest.approx(11 * one)
    assert made.build_wall == pytest.approx(11 * (10 + (one - 10) / 2))
    assert made.train == 88 and made.seconds_a_run == pytest.approx(20 + 0.001 * 18_955 * 0.75 * 9)
    assert made.report_seconds == pytest.approx(88 * 11 * 18_955 / 4 * 0.001 / 3)
    assert made.store["models"] == 88 * 1e7
    text = str(made)
    assert "size not known, not in the sum" in text and "there is no GPU here" in text
    assert "0 of 88 are here" in text and f"{reads.bytes / LINE / 60:.0f}" and "a rehearsal" not in text
    assert not (tmp_path / "cache" / "downloads" / "roadmap-reads").exists()


def test_a_gpu_s_minutes_are_said_to_be_measured(tmp_path):
    made = plan(with_pace(open_paper(tmp_path), replace(PACE, device="cuda")))
    assert "GPU minutes (cuda, measured here)" in str(made)


def test_what_is_done_is_left_out_of_the_plan(paper):
    with_pace(paper)
    before = plan(paper, genes=72)
    assert before.fetch["roadmap-reads"].told == "the sizes are in the data manifest" and len(before.build) == 2
    assert "a rehearsal, whose figures say nothing of cells" in str(before)
    steps.fetch(paper, progress=False)
    after = plan(paper, genes=72)
    assert not after.fetch and after.build_seconds == pytest.approx(before.build_seconds)  # sizes were known before
    assert after.store["downloads"] == pytest.approx(before.store["downloads"])
    (only,) = [line for line in after.lines() if line.startswith("so far")]
    assert "fetch took" in only


@pytest.mark.slow
def test_this_machine_is_measured_once(paper):
    pace = pace_of(paper)
    assert min(pace.reads, pace.run, pace.example, pace.gene_bytes, pace.cell) > 0 and EPOCHS > 2
    assert pace.model_bytes > 2e6  # weights, and a checkpoint with moments and the best weights
    kept = (paper.folder / "pace.json").read_bytes()
    assert pace_of(paper) == pace and (paper.folder / "pace.json").read_bytes() == kept
