"""show/paper/steps: what cannot be had stops no other, what lacks says so, and nothing is done twice."""

import pytest
from helpers.faulty_server import Fault

from chromolab.show.paper import steps
from chromolab.show.paper.settings import Job

pytestmark = pytest.mark.slow
MISSING = "/roadmap/data/byFileType/alignments/consolidated/E116-H3K9me3.tagAlign.gz"


def test_fetch_and_build_go_on_without_what_cannot_be_had_and_later_do_only_the_rest(rehearsal, paper, server):
    server.faults[MISSING] = [Fault(status=404)]
    said = []
    told = steps.fetch(paper, progress=False, say=said.append)
    assert len(told) == 18 and [one.what for one in said] == ["roadmap-reads/E116-H3K9me3.tagAlign.gz"]
    assert "The manifest says that it exists: has it moved?" in said[0].said

    first, second = steps.build(paper, progress=False)
    assert first.done and "Dataset (simulated): 72 examples" in first.said
    assert not second.done and "E116-H3K9me3.tagAlign.gz. chromolab paper fetch" in second.said
    made = paper.dataset("E003").stat().st_mtime_ns

    server.log.clear()
    assert all(one.done for one in steps.fetch(paper, progress=False))
    assert [path for path, _ in server.log] == [MISSING]
    assert all(one.done for one in steps.build(paper, progress=False))
    assert paper.dataset("E003").stat().st_mtime_ns == made
    assert set(steps.taken(paper)["build"]) == {"E003", "E116"}

    server.log.clear()
    steps.fetch(paper, progress=False)
    assert not server.log


def test_a_refused_checksum_is_told_by_name(rehearsal, paper, server, files):
    wrong = next(path for path in server.files if path.endswith("E003-H3K4me3.tagAlign.gz"))
    whole = files["E003-H3K4me3.tagAlign.gz"]
    server.faults[wrong] = [Fault(body=whole[:-9] + bytes(9))] * 9
    told = {one.what: one for one in steps.fetch(paper, progress=False)}
    refused = told["roadmap-reads/E003-H3K4me3.tagAlign.gz"]
    server.faults[wrong] = []
    assert not refused.done and "the manifest says" in refused.said
    assert sum(not one.done for one in told.values()) == 1


def test_train_without_datasets_says_what_it_lacks_and_begins_nothing(paper):
    table = steps.train(paper, on="pool:1")
    assert len(table) == 4 and not table["done"].any()
    assert set(table["error"]) == {
        "no dataset of E003: chromolab paper build",
        "no dataset of E116: chromolab paper build",
    }
    assert not (paper.folder / "train").exists()


def test_a_place_is_of_one_model_alone(paper):
    jobs = [Job("E003", task, fold, seed, w) for task in "ab" for fold in (1, 2) for seed in (0, 1) for w in ("", "x")]
    assert len({paper.model_file(job) for job in jobs}) == len(jobs)
