"""Every file that chromolab writes: where the disk takes no more, that is said, and the old file stays."""

import subprocess
import sys
from pathlib import Path

import pytest

WRITERS = """
import os, resource, sys
from pathlib import Path
import pandas as pd, torch
sys.path.insert(0, sys.argv[1])
from helpers.toys import SMALL, toy_dataset
import chromolab as cl
from chromolab.data.files import NotWritten, write_text
from chromolab.show.notebooks.results import save_results

ds = toy_dataset()
model = cl.Chromoformer(ds.marks, resolutions=(200, 100), seed=0, **SMALL)
gene = ds.gene("G1")
place = f"chr1:{gene.signal.regions['start'][0]}-{gene.signal.regions['end'][0]}"
edits = [cl.paint("A", place, [1.123456789] * 40)] * 500
quick = {"epochs": 1, "progress": False, "device": "cpu"}
train, validation, _ = ds.split(test_fold=3)
writers = {
    "a.clds": lambda p: ds.save(p),
    "a.pt": lambda p: cl.save_checkpoint(model, p),
    "a.json": lambda p: cl.edits.to_json(edits, p),
    "a.csv": lambda p: save_results(pd.DataFrame({"a": range(9000)}), p, "made by a test"),
    "a.html": lambda p: write_text(p, "x" * 100_000),
    "fit.pt": lambda p: cl.fit(model, train, validation=validation, checkpoint=p, **quick),
}
size = 4_000
resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
for name, write in writers.items():
    path = Path(name)
    try:
        write(path)
    except NotWritten as error:
        assert name in str(error) and "files may not be that large here" in str(error), error
        print(name)
    else:
        print(f"{name} was written, {path.stat().st_size} bytes")
print([p for p in os.listdir() if p.startswith(".")])
"""


@pytest.mark.slow
def test_every_writer_says_that_the_disk_takes_no_more_and_leaves_nothing(tmp_path):
    command = [sys.executable, "-c", WRITERS, str(Path(__file__).resolve().parents[1])]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    names = ["a.clds", "a.pt", "a.json", "a.csv", "a.html", "fit.pt"]
    assert done.stdout.split("\n") == [*names, "[]", ""], done
