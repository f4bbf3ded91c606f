"""show/paper/settings: the article's by default, kept in the folder, and refused in words where they make no sense."""

import pytest
import yaml

from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError
from chromolab.models.chromoformer import Chromoformer
from chromolab.show.paper.settings import Job, open_paper


def test_the_defaults_are_the_article_s(tmp_path):
    paper = open_paper(tmp_path)
    assert len(paper.jobs()) == 11 * 2 * 4 and not any(job.without for job in paper.jobs())
    assert paper.settings.marks == list(MARKS)
    published, recipe = Chromoformer.PUBLISHED, paper.settings.recipe
    assert recipe["epochs"] == published["epochs"] == 9 and recipe["learning_rate"] == published["lr"] == 3e-5
    assert not recipe["small"] and not recipe["stopping"]
    files = paper.every_file()
    assert sum(place.startswith("roadmap-reads/") for place in files) == 77
    assert sum(place.startswith("jung-2019-contacts/") for place in files) == 9  # two tissues serve two cell types
    assert len(files) == 77 + 9 + 2
    assert len(paper.weights()) == 88 and not paper.is_simulated()
    assert paper.config("E003").origin == "measured"


def test_a_folder_keeps_its_settings_and_gives_a_part_of_them(tmp_path):
    open_paper(tmp_path, {"cells": ["E003", "E116"], "without": ["contacts", "H3K9ac"]})
    again = open_paper(tmp_path, {"cells": ["E116"], "folds": [2]})
    assert again.settings.cells == ["E003", "E116"]
    assert [job for job in again.jobs() if job.without == "contacts" and job.task == "regression"] == [
        Job("E116", "regression", 2, 0, "contacts")
    ]
    setting = again.setting(Job("E116", "regression", 2, 0, "H3K9ac"))
    assert setting["marks"] == [m for m in MARKS if m != "H3K9ac"] and "without-H3K9ac" in setting["out"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cells": []}, "cells"),
        ({"cells": ["E003", "E003"]}, "E003 is given twice"),
        ({"cells": ["../x"]}, "cells"),
        ({"folds": [5]}, "expected folds of 1, 2, 3, 4"),
        ({"tasks": ["both"]}, "'classification' or 'regression'"),
        ({"scale": "depth"}, "'reads', 'fold-change' or 'pval'"),
        ({"epochs": 0}, "epochs"),
        ({"without": ["CTCF"]}, "expected contacts, or one of H3K4me1"),
        ({"marks": ["H3K4me3"], "without": ["H3K4me3"]}, "nothing is left"),
    ],
)
def test_settings_that_make_no_sense_are_refused_and_leave_nothing(given, said, tmp_path):
    with pytest.raises(ChromolabError, match=said):
        open_paper(tmp_path / "out", given)
    assert not (tmp_path / "out").exists()


def test_a_later_call_cannot_ask_for_what_the_folder_does_not_have(tmp_path):
    open_paper(tmp_path, {"cells": ["E003"]})
    with pytest.raises(ChromolabError, match=r"paper\.yaml: E004 is not among its cells \(E003\)"):
        open_paper(tmp_path, {"cells": ["E004"]})
    with pytest.raises(ChromolabError, match="model is published there, small is asked for"):
        open_paper(tmp_path, {"model": "small"})
    (tmp_path / "paper.yaml").write_text("cells: [E003]\nfold: [1]\n")
    with pytest.raises(ChromolabError, match="line 2: unknown key 'fold'; did you mean 'folds'"):
        open_paper(tmp_path)


def test_a_mark_that_a_cell_type_lacks_is_named_before_anything_starts(tmp_path):
    with pytest.raises(ChromolabError, match="Roadmap has no H3K9ac for E106"):
        open_paper(tmp_path, {"cells": ["E106"]}).every_file()


def test_the_yaml_of_a_cell_type_follows_the_settings(paper):
    config = paper.config("E003")
    assert config.origin == "simulated" and paper.is_simulated()
    path = config.path
    path.write_text("nothing of ours")
    assert paper.config("E003").out == "E003.clds"
    assert yaml.safe_load(path.read_text())["cell_types"]["E003"]["contacts"]["source"] == "jung-2019-contacts"
