"""A source of the data manifest on a local server, for tests of downloads."""

import gzip
import hashlib
import json

import numpy as np
import pytest

import chromolab as cl
from chromolab.data.public.downloads import Downloads
from chromolab.data.public.patience import Patience
from chromolab.errors import ChromolabError
from helpers.faulty_server import Server

HASTE = Patience(attempts=3, connect=600, silence=600, wait=0.01, longest_wait=2, stuck=600)
RNG = np.random.default_rng(0)
DATA = RNG.integers(0, 256, 300_000, dtype=np.uint8).tobytes()
OTHER = RNG.integers(0, 256, 300_000, dtype=np.uint8).tobytes()
GZ = gzip.compress(DATA, 1)

SOURCE = """\
title: a test
provider: The test server
placeholders:
  mark:
    meaning: a mark
    values: [A, B, C, D]
address: {address}/first/{{mark}}.{ending}
mirrors: [{mirrors}]
absent:
  - {{mark: [D]}}
assembly: hg19
format: any
scale: null
licence: none
citation: none
page: http://127.0.0.1/page
checksums: {checksums}
"""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Place:
    """A manifest with one source `toy` on the server, and the cache of the test."""

    def __init__(self, server, tmp_path, ending="bin", sha256=None, size=None, mirrors=""):
        self.folder, self.cache, self.ending = tmp_path / "manifest", tmp_path / "cache", ending
        self.folder.mkdir(exist_ok=True)
        known = {k: v for k, v in (("size", size), ("sha256", sha256)) if v is not None}
        checksums = json.dumps({f"A.{ending}": known}) if known else "null"
        text = SOURCE.format(address=server.address, ending=ending, mirrors=mirrors, checksums=checksums)
        (self.folder / "toy.yaml").write_text(text)
        self.downloads = Downloads.below(self.cache)

    def fetch(self, mark="A", patience=HASTE, **arguments):
        return cl.fetch("toy", mark=mark, manifest=self.folder, patience=patience, progress=False, **arguments)

    @property
    def target(self):
        return self.downloads.path(f"toy/A.{self.ending}")

    def refused(self, **arguments) -> str:
        """The message of the error that fetching must end with."""
        with pytest.raises(ChromolabError) as caught:
            self.fetch(**arguments)
        return str(caught.value)

    def left(self) -> list[str]:
        """Every file below the source."""
        return sorted(path.name for path in self.target.parent.glob("*"))


@pytest.fixture(autouse=True)
def no_proxy_and_no_settings(monkeypatch, tmp_path):
    """Keep a proxy, a cache and settings of the user out of the test."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("CHROMOLAB_CACHE", str(tmp_path / "cache"))
    for name in ("CHROMOLAB_OFFLINE", "CHROMOLAB_MANIFEST"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server():
    with Server({f"/first/{mark}.bin": DATA for mark in "ABC"}) as server:
        yield server


@pytest.fixture
def place(server, tmp_path):
    return Place(server, tmp_path)
