"""Builds that are killed or get into trouble: each continues, and ends with the bytes of an undisturbed build.

make bench BENCH=campaign_build ARGS="[--kills 100] [--faults 100] [--seed 0]"

Each build runs in a child process of this one. A kill is SIGKILL at a random moment; after each, what lies at the
dataset's place must be absent or whole. A fault is one of `FAULTS`, in turn.
See also tests/data/project/test_build.py.
"""

import argparse
import hashlib
import multiprocessing
import os
import re
import resource
import shutil
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
from helpers import own_data
from helpers.worlds import TINY

from chromolab.errors import ChromolabError
from chromolab.show.report.build import build
from chromolab.world.on_disk import World
from chromolab.world.simulate import simulate

fork = multiprocessing.get_context("fork")
CHANGED = "simA1-H3K27ac.bw"  # the source that changes in between
TABLES = ("rpkm.tsv", "simA1.tsv")  # inputs that are no tracks, and change in between, too


class Campaign:
    """A folder of a person's files, and what an undisturbed build makes of them and of the same with one changed."""

    def __init__(self, folder: Path, of: World, seed: int, processes: int = 2):
        self.folder, self.rng, self.processes = folder, np.random.default_rng(seed), processes
        self.own = folder / "own"
        self.own.mkdir()
        settings = own_data.healthy(self.own, of, marks=("H3K4me3", "H3K27ac"))
        self.path = own_data.write(self.own, settings | {"window": 8000, "folds": 3, "out": "out/own.clds"})
        self.out = self.own / "out"
        self.source, self.original = self.own / CHANGED, (self.own / CHANGED).read_bytes()
        own_data.rewrite_track(self.source, values=lambda v: v * 2 + 1)
        self.other = self.source.read_bytes()
        self.expected, self.seconds = {}, 0.0
        for name, data in (("changed", self.other), ("original", self.original)):
            self.source.write_bytes(data)
            self.fresh()
            begun = time.monotonic()
            assert (said := self.run()) == "built", said
            self.seconds = time.monotonic() - begun
            self.expected[name], self.size = self.digest(), (self.out / "own.clds").stat().st_size
            self.fresh()
        self.tables = {name: (self.own / name).read_bytes() for name in TABLES}
        self.halves = {name: _half_of(data) for name, data in self.tables.items()}
        for name, half in self.halves.items():
            (self.own / name).write_bytes(half)
            assert (said := self.run()) == "built", said
            self.expected[name] = self.digest()
            (self.own / name).write_bytes(self.tables[name])
            self.fresh()
        assert len(set(self.expected.values())) == len(self.expected)

    def fresh(self) -> None:
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()

    def digest(self) -> str:
        return hashlib.sha256((self.out / "own.clds").read_bytes()).hexdigest()

    def run(self, kill_after: float | None = None, largest_file: int | None = None, meanwhile=None) -> str:
        """Build in a child; "built", "killed", or the `ChromolabError`'s text. Anything else fails the campaign."""
        mine, theirs = fork.Pipe()
        child = fork.Process(target=_build, args=(self.path, self.processes, largest_file, theirs))
        child.start()
        theirs.close()
        if kill_after is not None:
            child.join(kill_after)
            if child.is_alive():
                os.kill(child.pid, signal.SIGKILL)
        if meanwhile is not None:
            meanwhile()
        child.join()
        try:
            said = mine.recv() if mine.poll() else "killed"
        except EOFError:
            said = "killed"
        assert said != "killed" or kill_after is not None, f"a build ended with {child.exitcode} and said nothing"
        assert not said.startswith("another error"), said
        return said

    def pieces(self) -> list[Path]:
        return [p for p in self.out.glob(".own.clds.pieces/*.piece")]

    def check_nothing_half(self) -> None:
        """What lies under a final name is whole: the dataset, the pieces, the report."""
        dataset, page = self.out / "own.clds", self.out / "own.html"
        assert not dataset.exists() or self.digest() in self.expected.values(), "a half dataset under its final name"
        assert not page.exists() or page.read_text().rstrip().endswith("</html>"), "a half report under its final name"
        for piece in self.pieces():
            data = piece.read_bytes()
            assert hashlib.sha256(data[32:]).digest() == data[:32], "a half piece under its final name"

    def check_done(self, which: str = "original") -> None:
        """The dataset is that of an undisturbed build, and nothing else is left."""
        assert self.digest() == self.expected[which], "other bytes than an undisturbed build"
        assert {p.name for p in self.out.iterdir()} == {"own.clds", "own.html"}, sorted(self.out.iterdir())

    def until_some_pieces(self) -> None:
        """Kill builds until one leaves finished pieces and no dataset; sooner or later, as the machine is now."""
        seconds = self.seconds
        for _ in range(200):
            self.fresh()
            self.run(kill_after=float(self.rng.uniform(0.4, 0.95) * seconds))
            built = (self.out / "own.clds").exists()
            if self.pieces() and not built:
                return
            seconds *= 0.8 if built else 1.25
        raise AssertionError("no kill fell between the first piece and the dataset")

    # ----- what happens ----------------------------------------------------------------------------------------------

    def kills(self, n: int) -> Counter:
        """`n` kills, up to three of each build; counts what was left behind."""
        done = Counter()
        while done["kills"] < n:
            self.fresh()
            for _ in range(3):
                said = self.run(kill_after=float(self.rng.uniform(0.05, 1.1) * self.seconds))
                self.check_nothing_half()
                if said == "built":
                    break
                done["kills"] += 1
                done["left a dataset, not its report or pieces removed"] += (self.out / "own.clds").exists()
                done["left finished pieces"] += bool(self.pieces())
                half = re.compile(r"\.(own\.(clds|html)|[0-9a-f]{64}\.piece)\.[0-9a-f]{8}")
                done["left a half-written file"] += any(half.fullmatch(p.name) for p in self.out.rglob("*"))
            assert (said := self.run()) == "built", said
            self.check_done()
            done["builds that ended with the same bytes"] += 1
        return done

    def disk_full(self) -> str:
        self.fresh()
        said = self.run(largest_file=int(10 ** self.rng.uniform(2.5, 6.8)))
        assert said == "built" or ("File too large" in said or "are free" in said), said
        self.check_nothing_half()
        assert self.run() == "built"
        self.check_done()
        return "refused, then built" if said != "built" else "large enough"

    def changed_between(self) -> str:
        self.until_some_pieces()
        self.source.write_bytes(self.other)
        assert self.run() == "built"
        self.check_done("changed")
        self.source.write_bytes(self.original)
        return "read anew"

    def table_changed_between(self) -> str:
        self.until_some_pieces()
        name = TABLES[int(self.rng.integers(len(TABLES)))]
        (self.own / name).write_bytes(self.halves[name])
        assert self.run() == "built"
        self.check_done(name)
        (self.own / name).write_bytes(self.tables[name])
        return f"{name} read anew"

    def changed_meanwhile(self) -> str:
        self.fresh()

        def change():
            time.sleep(float(self.rng.uniform(0, 1.0) * self.seconds))
            beside = self.source.with_suffix(".new")
            beside.write_bytes(self.other)
            beside.rename(self.source)

        said = self.run(meanwhile=change)
        assert said == "built" or "changed while" in said or "cannot be read" in said, said
        if said == "built":  # the change came after the last look: what was built is of the old file
            assert self.digest() in self.expected.values()
        assert self.run() == "built"
        self.check_done("changed")
        self.source.write_bytes(self.original)
        return "refused, then built" if said != "built" else "too late or too early to matter"

    def truncated_source(self) -> str:
        self.until_some_pieces()
        self.source.write_bytes(self.original[: int(self.rng.integers(0, len(self.original)))])
        said = self.run()
        assert CHANGED in said, said
        self.check_nothing_half()
        self.source.write_bytes(self.original)
        assert self.run() == "built"
        self.check_done()
        return "refused, then built"

    def wrong_bytes_in_a_piece(self) -> str:
        self.until_some_pieces()
        piece = self.pieces()[int(self.rng.integers(len(self.pieces())))]
        data = bytearray(piece.read_bytes())
        if self.rng.random() < 0.3:
            del data[int(self.rng.integers(len(data))) :]
        else:
            for at in self.rng.integers(0, len(data), int(self.rng.integers(1, 9))):
                data[at] ^= int(self.rng.integers(1, 256))
        piece.write_bytes(data)
        assert self.run() == "built"
        self.check_done()
        return "made again"

    def faults(self, n: int) -> Counter:
        done = Counter()
        for i in range(n):
            fault = FAULTS[i % len(FAULTS)]
            done[f"{fault.__name__.replace('_', ' ')}: {fault(self)}"] += 1
        return done


FAULTS = [
    Campaign.disk_full,
    Campaign.changed_between,
    Campaign.table_changed_between,
    Campaign.changed_meanwhile,
    Campaign.truncated_source,
    Campaign.wrong_bytes_in_a_piece,
]


def _half_of(table: bytes) -> bytes:
    """The header and every other row of a table."""
    header, *rows = table.splitlines(keepends=True)
    return b"".join([header, *rows[::2]])


def _build(path: Path, processes: int, largest_file: int | None, said) -> None:
    if largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    try:
        build(path, processes, progress=False)
        said.send("built")
    except ChromolabError as error:
        said.send(str(error))
    except BaseException as error:
        said.send(f"another error: {error!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder), simulate(cache=Path(folder) / "worlds", **TINY), options.seed)
        size = campaign.size
        print(f"an undisturbed build: {campaign.seconds:.1f} s, {size:,} bytes")
        for what, done in (("kills", campaign.kills(options.kills)), ("faults", campaign.faults(options.faults))):
            print(f"{what}:")
            for name, count in done.items():
                print(f"  {count:4} {name}")
    print(f"all ended with the bytes of an undisturbed build; {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
