"""Downloads that are killed or go wrong, again and again: each must end with the bytes of an undisturbed run.

    make bench BENCH=campaign_fetch ARGS="[--kills 100] [--faults 200] [--seed 0]"

Four files of four kinds come from a local server. After each disturbance, and all the while, no file may stand under
its own name with other bytes than the server's. Prints what was done; ends with an error at the first difference.
"""

import argparse
import bz2
import collections
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from hashlib import sha256
from pathlib import Path

import numpy as np
from helpers.faulty_server import Fault, Server
from tqdm import tqdm

import chromolab as cl
from chromolab.data.public.downloads import Downloads
from chromolab.data.public.patience import Patience

PATIENCE = Patience(attempts=3, connect=600, silence=600, wait=0.01)
SOURCE = """\
title: four files
provider: The local server
placeholders:
  name: {{meaning: which file, values: [{names}]}}
address: {address}/{{name}}
assembly: null
format: any
scale: null
licence: none
citation: none
page: http://127.0.0.1
checksums: {checksums}
"""
PROGRAM = """\
import resource, sys
import chromolab as cl
from chromolab.data.public.patience import Patience
import chromolab.data.public.fetch
limit = int(sys.argv[3])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
print("ready", flush=True)
try:
    cl.fetch("four", manifest=sys.argv[1], cache=sys.argv[2], at_once=2, patience=Patience(wait=0.01), progress=False)
except cl.ChromolabError as e:
    sys.exit(str(e))
"""


def contents(version: int) -> dict[str, bytes]:
    """The four files: what shows its end (bigWig, gzip, bzip2) and what only a checksum or the server tells."""
    rng = np.random.default_rng(version)
    noise = [rng.integers(0, 256, n, dtype=np.uint8).tobytes() for n in (900_000, 700_000, 200_000, 500_000)]
    magic = (0x888FFC26).to_bytes(4, "little")
    return {
        "signal.bigwig": magic + noise[0] + magic,
        "reads.tagAlign.gz": gzip.compress(noise[1], 1),
        "contacts.txt.bz2": bz2.compress(noise[2]),
        "weights.bin": noise[3],
    }


class Campaign:
    """The server, the manifest, and an undisturbed run to compare with."""

    def __init__(self, server: Server, folder: Path, seed: int):
        self.server, self.folder, self.rng = server, folder, np.random.default_rng(seed)
        self.first, self.second = contents(1), contents(2)
        self.counts: collections.Counter[str] = collections.Counter()
        self.bad: list[str] = []
        self.caches = 0
        known = {"weights.bin": {"sha256": sha256(self.first["weights.bin"]).hexdigest()}}
        (folder / "manifest").mkdir()
        for name, checksums in (("four", known), ("three", None)):
            text = SOURCE.format(address=server.address, names=", ".join(self.first), checksums=json.dumps(checksums))
            (folder / "manifest" / f"{name}.yaml").write_text(text)
        server.files = {f"/{name}": content for name, content in self.first.items()}
        self.undisturbed = self.state(self.run(self.cache()), "four")
        assert self.undisturbed[0] == self.first

    # ------------------------------------------------------------ what is the same at the end

    def cache(self) -> Path:
        self.caches += 1
        return self.folder / f"cache-{self.caches}"

    def run(self, cache: Path, source: str = "four", **which) -> Path:
        """An undisturbed run, in this process."""
        cl.fetch(source, manifest=self.folder / "manifest", cache=cache, patience=PATIENCE, progress=False, **which)
        return cache

    def state(self, cache: Path, source: str) -> tuple[dict[str, bytes], str]:
        """Every file of the source as it stands, and the list of checksums without the day."""
        downloads = Downloads.below(cache)
        files = {p.name: p.read_bytes() for p in (downloads.folder / source).glob("*")}
        records = (downloads.folder / "checksums.tsv").read_text()
        return files, re.sub(r"\t\d{4}-\d\d-\d\d\t", "\t", records)

    def look(self, cache: Path, *allowed: dict[str, bytes]) -> None:
        """No file may stand under its own name with other bytes than the server's."""
        downloads = Downloads.below(cache)
        for place in downloads.files():
            name, content = place.split("/")[1], downloads.path(place).read_bytes()
            if content not in [files[name] for files in allowed]:
                self.bad.append(f"{downloads.path(place)}: {len(content)} bytes that the server never had")
        self.counts["looks"] += 1

    def watch(self, cache: Path, process: subprocess.Popen) -> None:
        while process.poll() is None:
            self.look(cache, self.first)
            time.sleep(0.01)

    # ------------------------------------------------------------ kills

    def process(self, cache: Path, limit: int = 0) -> subprocess.Popen:
        line = [sys.executable, "-c", PROGRAM, self.folder / "manifest", cache, str(limit)]
        process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        process.stdout.readline()
        return process

    def kills(self, n: int) -> None:
        """Kill a fetching process at random moments, 1 to 5 times for each download, until `n` have died of it."""
        with tqdm(total=n, desc="kills", delay=2) as bar:
            while self.counts["kills"] < n:
                cache = self.cache()
                for _ in range(min(self.rng.integers(1, 6), n - self.counts["kills"])):
                    self.server.usual = Fault(pace=self.rng.uniform(0.02, 0.06))
                    bar.update(self.kill(cache))
                self.server.usual = Fault()
                self.run(cache)
                self.same(self.state(cache, "four"), self.undisturbed, "kills")
                self.counts["downloads that were killed"] += 1

    def kill(self, cache: Path) -> int:
        process = self.process(cache)
        watcher = threading.Thread(target=self.watch, args=(cache, process))
        watcher.start()
        time.sleep(self.rng.uniform(0, 1))
        process.kill()
        watcher.join()
        process.communicate()
        self.look(cache, self.first)
        if process.returncode != -9:  # was done before
            return 0
        left = Downloads.below(cache)
        self.counts["kills"] += 1
        self.counts["kills that left an unfinished file"] += any(left.unfinished().values())
        self.counts["kills that left whole files"] += bool(left.files())
        return 1

    # ------------------------------------------------------------ faults

    def faults(self, n: int) -> None:
        """`n` faults of four kinds in turn."""
        kinds = (self.cut, self.wrong, self.changed, self.full)
        for i in tqdm(range(n), desc="faults", delay=2):
            self.server.usual = Fault()
            self.server.faults.clear()
            self.server.files = {f"/{name}": content for name, content in self.first.items()}
            kinds[i % len(kinds)](self.cache(), str(self.rng.choice(list(self.first))))
            self.counts["faults"] += 1

    def disturbed(self, cache: Path, source: str, *allowed) -> None:
        """A run that may end with a clear word."""
        try:
            self.run(cache, source)
            self.counts["overcome in the same run"] += 1
        except cl.ChromolabError:
            self.counts["told, and overcome in the next run"] += 1
        self.look(cache, *allowed)

    def cut(self, cache: Path, name: str) -> None:
        """The connection breaks, once or several times, anywhere."""
        size = len(self.first[name])
        cuts = [Fault(cut=int(self.rng.integers(0, size))) for _ in range(self.rng.integers(1, 6))]
        self.server.faults[f"/{name}"] = cuts
        self.disturbed(cache, "four", self.first)
        self.server.faults.clear()
        self.same(self.state(self.run(cache), "four"), self.undisturbed, "cut")

    def wrong(self, cache: Path, name: str) -> None:
        """Wrong bytes of the right length: another version's where a checksum tells, else damaged or cut to fit."""
        good = self.first[name]
        bad = {
            "signal.bigwig": good[:-1000],
            "reads.tagAlign.gz": good[: len(good) // 2] + bytes(8) + good[len(good) // 2 + 8 :],
            "contacts.txt.bz2": self.second[name][:1000] + good[1000:],
            "weights.bin": self.second[name],
        }[name]
        self.server.faults[f"/{name}"] = [Fault(body=bad)]
        self.disturbed(cache, "four", self.first)
        self.server.faults.clear()
        self.same(self.state(self.run(cache), "four"), self.undisturbed, "wrong bytes")

    def changed(self, cache: Path, name: str) -> None:
        """The connection breaks, and then the file is another one; the server may not know If-Range."""
        cut = Fault(cut=int(self.rng.integers(1, len(self.first[name]))), then=self.second[name])
        stop = [Fault(status=503)] * (3 * int(self.rng.integers(0, 2)))
        self.server.faults[f"/{name}"] = [cut, *stop]
        self.server.usual = Fault(if_range=bool(self.rng.integers(0, 2)))
        self.disturbed(cache, "three", self.first, self.second)
        self.server.faults.clear()
        self.run(cache, "three")
        wanted = {**self.first, name: self.second[name]}
        self.same(self.state(cache, "three")[0], wanted, "changed in between")

    def full(self, cache: Path, name: str) -> None:
        """The disk fills up: no file can grow beyond a limit."""
        process = self.process(cache, int(self.rng.integers(1, max(map(len, self.first.values())))))
        self.watch(cache, process)
        told = process.communicate()[1]
        if "no room (File too large)" not in told:
            self.bad.append(f"disk full: {told}")
        self.counts["told, and overcome in the next run"] += 1
        self.look(cache, self.first)
        self.same(self.state(self.run(cache), "four"), self.undisturbed, "disk full")

    def same(self, found, wanted, what: str) -> None:
        self.counts[f"same as undisturbed: {what}"] += found == wanted
        if found != wanted:
            self.bad.append(f"{what}: other bytes than those of an undisturbed run")
        if self.bad:
            raise SystemExit("\n".join(self.bad))


def run(kills: int, faults: int, seed: int = 0) -> collections.Counter:
    """The whole campaign; returns what was counted, or raises `SystemExit` with what went wrong."""
    os.environ["NO_PROXY"] = "127.0.0.1"
    with tempfile.TemporaryDirectory() as folder, Server() as server:
        campaign = Campaign(server, Path(folder), seed)
        campaign.kills(kills)
        campaign.faults(faults)
        return campaign.counts


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, default in (("kills", 100), ("faults", 200), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    for what, count in run(**vars(options)).items():
        print(f"{count:6,} {what}")
    print("every one ended with the bytes of an undisturbed run; no half file stood under its own name")
