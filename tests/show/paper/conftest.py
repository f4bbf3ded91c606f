"""Two cell types' simulated files on a local server, as small as they can be."""

import pytest
from helpers import public_files
from helpers.faulty_server import Server
from helpers.rehearsal import CELLS, Rehearsal, world_of

from chromolab.show.paper.settings import open_paper

OPTIONS = ["--cell", *CELLS, "--fold", "1", "2", "--task", "classification", "--model", "small", "--epochs", "2"]
SETTINGS = {"cells": list(CELLS), "folds": [1, 2], "tasks": ["classification"], "model": "small", "epochs": 2}


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    return public_files.public_files(world_of(72, 500_000, tmp_path_factory.mktemp("worlds")), CELLS, 4_000)


@pytest.fixture(scope="session")
def server():
    with Server() as server:
        yield server


@pytest.fixture
def rehearsal(server, files, tmp_path, monkeypatch):
    """A rehearsal in a folder of its own; what runs in this process sees its manifest and cache, too."""
    made = Rehearsal(server, tmp_path, files, OPTIONS)
    for name in ("CHROMOLAB_MANIFEST", "CHROMOLAB_CACHE", "NO_PROXY", "TQDM_DISABLE"):
        monkeypatch.setenv(name, made.environment[name])
    monkeypatch.delenv("CHROMOLAB_OFFLINE", raising=False)
    return made


@pytest.fixture
def paper(rehearsal):
    return open_paper(rehearsal.out, SETTINGS)
