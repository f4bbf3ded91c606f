"""A short measurement of this machine: made-up files are built into a small dataset, and a model is trained on it."""

import contextlib
import gzip
import json
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
import yaml

from chromolab.data.chromosomes import chromosome_sizes
from chromolab.data.files import scratch_folder, write_text
from chromolab.data.processes import cpus
from chromolab.data.tracks.bin_means import bin_means
from chromolab.defaults import FOLDS_HUMAN, WINDOW
from chromolab.errors import ChromolabError
from chromolab.show.experiments.worker import Job, run_one
from chromolab.show.paper.settings import Paper
from chromolab.show.paper.steps import CELL_SECONDS, experiment
from chromolab.show.report.build import build

GENES, PCRES, FRAGMENT = 400, 6, 5_000  # of the made-up dataset; pCREs a gene, and their length in bp
FEW, MANY, REGIONS = 20_000, 500_000, 2_000  # reads of a small and a large file; windows
EPOCHS = 5  # of the model that is trained
READ = 36  # bp
MADE_UP = "made up, to measure time"


@dataclass(frozen=True)
class Pace:
    """How fast this machine is, in seconds of one process unless another unit is given.

    Attributes
    ----------
    reads : per million reads of a file
    file : per file of reads, besides
    bases : per Gb of regions of a file of reads
    cell : per cell type, besides its tracks (genes, contacts, checks, report)
    example : per training example and epoch, with what an epoch asks of the test fold
    run : per model, besides (a kernel starts, libraries and data load, the report of the run)
    gene_bytes, model_bytes : on disk, per gene of a dataset and per trained model
    device : "cpu", "cuda" or "mps": where the model was trained
    cpus, load : how many CPUs this process may use, and how many processes wanted one when it began
    day : of the measurement
    seconds : that the measurement took
    """

    reads: float
    file: float
    bases: float
    cell: float
    example: float
    run: float
    gene_bytes: float
    model_bytes: float
    device: str
    cpus: int
    load: float
    day: str
    seconds: float


def pace_of(paper: Paper, again: bool = False) -> Pace:
    """The pace of this machine for a reproduction's marks and model: measured once, then kept in OUT/pace.json.

    It takes about a minute on two cores. `again` measures anew. Raises `ChromolabError` where the made-up data cannot
    be built or trained on, which tells of a fault of this machine or installation.
    """
    place, key = paper.folder / "pace.json", [len(paper.settings.marks), paper.settings.model]
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        kept = json.loads(place.read_text(encoding="utf-8"))
        if kept["key"] == key and not again:
            return Pace(**kept["pace"])
    pace = measure(paper)
    write_text(place, json.dumps({"key": key, "pace": asdict(pace)}, indent=1) + "\n")
    return pace


def measure(paper: Paper) -> Pace:
    """Build and train on made-up data, and time it; arguments and errors as in `pace_of`."""
    from chromolab.learn.runtime import pick_device

    began, load, rng = time.perf_counter(), psutil.getloadavg()[0], np.random.default_rng(0)
    with scratch_folder(tempfile.gettempdir(), "chromolab-pace-") as folder:
        genes = _genes(rng)
        reads, file, bases = _reading(folder, genes, rng)
        path = _files(folder, genes, paper.settings.marks, rng)
        started = time.perf_counter()
        dataset = build(path, processes=1, progress=False)
        built = time.perf_counter() - started
        gb = dataset.signal.lengths.sum() / 1e9
        tracks = len(paper.settings.marks) * (file + reads * FEW / 1e6 + bases * gb)
        out = path.with_suffix(".clds")
        run, epoch, model_bytes = _training(folder, out, paper)
        return Pace(
            reads=reads,
            file=file,
            bases=bases,
            cell=max(0.0, built - tracks),
            example=epoch / int((dataset.genes["fold"] != 1).sum()),
            run=run,
            gene_bytes=out.stat().st_size / len(dataset),
            model_bytes=model_bytes,
            device=str(pick_device(None)).partition(":")[0],
            cpus=cpus(),
            load=round(load, 1),
            day=date.today().isoformat(),
            seconds=round(time.perf_counter() - began, 1),
        )


def _reading(folder: Path, genes: pd.DataFrame, rng: np.random.Generator) -> tuple[float, float, float]:
    """Seconds per million reads, per file, and per Gb of regions."""
    few, many = folder / "few.tagAlign.gz", folder / "many.tagAlign.gz"
    _write_reads(few, genes, FEW, rng)
    _write_reads(many, genes, MANY, rng)
    windows = genes[["chrom"]].assign(start=genes["tss"] - WINDOW // 2, end=genes["tss"] + WINDOW // 2)
    one = windows.iloc[:10]
    more = pd.concat([windows] * (REGIONS // len(windows)), ignore_index=True)
    more[["start", "end"]] += np.arange(len(more))[:, None]
    options: dict[str, Any] = {"processes": 1, "progress": False, "chrom_sizes": "hg19", "missing_chromosomes": "nan"}

    def seconds(path: Path, regions: pd.DataFrame) -> float:
        began = time.perf_counter()
        bin_means(path, regions, 100, **options)
        return time.perf_counter() - began

    seconds(few, one)  # the first is slower: files are read for the first time
    file, all_reads, all_regions = seconds(few, one), seconds(many, one), seconds(few, more)
    reads = max(0.0, all_reads - file) / ((MANY - FEW) / 1e6)
    gb = len(more) * WINDOW / 1e9
    return reads, max(0.0, file - reads * FEW / 1e6), max(0.0, all_regions - file) / gb


def _training(folder: Path, dataset: Path, paper: Paper) -> tuple[float, float, float]:
    """Seconds of a run without its epochs, seconds of an epoch, and what a trained model keeps on disk, in bytes."""
    notebook, out = experiment(), folder / "trained"
    given = {"data": str(dataset), "tasks": ["classification"], "folds": [1], "seeds": [0], "out": str(out)}
    given |= paper.settings.recipe | {"epochs": EPOCHS}
    made = run_one(Job(str(notebook), notebook.read_bytes(), given, CELL_SECONDS, threads=1))
    if made.executed is None:
        raise ChromolabError(f"the measurement of this machine failed: {made.error}. See chromolab doctor.")
    epochs = pd.read_csv(out / "curves.csv")["seconds"]
    kept = sum(file.stat().st_size for file in out.iterdir()) + len(made.executed)
    return made.seconds - epochs.sum(), float(epochs.iloc[1:].median()), kept  # the first epoch is a slow one


# ---------------------------------------------------------------- made-up files


def _genes(rng: np.random.Generator) -> pd.DataFrame:
    """Genes anywhere on the chromosomes of the four folds: gene_id, chrom, tss, rpkm."""
    sizes = chromosome_sizes("hg19")
    names = [c for fold in FOLDS_HUMAN.values() for c in fold if c != "chrY"]
    lengths = np.array([sizes[c] for c in names])
    chrom = rng.choice(len(names), GENES, p=lengths / lengths.sum())
    tss = 1_000_000 + (rng.random(GENES) * (lengths[chrom] - 3_000_000)).astype(np.int64)
    rpkm = rng.gamma(0.4, 20, GENES)
    return pd.DataFrame(
        {"gene_id": [f"G{i:05d}" for i in range(GENES)], "chrom": np.array(names)[chrom], "tss": tss, "rpkm": rpkm}
    )


def _write_reads(path: Path, genes: pd.DataFrame, n: int, rng: np.random.Generator) -> None:
    """A tagAlign: half of the reads at TSSs, as many as the gene is expressed, half anywhere in the windows."""
    share = genes["rpkm"].to_numpy() + 1
    gene = np.concatenate([rng.choice(GENES, n // 2, p=share / share.sum()), rng.integers(0, GENES, n - n // 2)])
    shift = np.concatenate([rng.normal(0, 400, n // 2), rng.uniform(-WINDOW // 2, WINDOW // 2, n - n // 2)])
    start = genes["tss"].to_numpy()[gene] + shift.astype(np.int64)
    chrom = genes["chrom"].to_numpy()[gene]
    with gzip.open(path, "wt", compresslevel=1) as file:
        file.writelines(f"{c}\t{s}\t{s + READ}\tN\t1000\t+\n" for c, s in zip(chrom, start, strict=True))


def _files(folder: Path, genes: pd.DataFrame, marks: list[str], rng: np.random.Generator) -> Path:
    """Write annotation, expression, contacts and a track per mark; returns the my.yaml that names them."""
    rows = zip(genes["gene_id"], genes["chrom"], genes["tss"], strict=True)
    gtf = (
        f'{c}\tmade up\tgene\t{t + 1}\t{t + 5_000}\t.\t+\t.\tgene_id "{g}"; gene_type "protein_coding"; '
        f'gene_name "{g}";\n'
        for g, c, t in rows
    )
    (folder / "genes.gtf").write_text("".join(gtf))
    table = genes[["gene_id", "rpkm"]].rename(columns={"rpkm": "cell"})
    table.to_csv(folder / "rpkm.tsv", sep="\t", index=False)
    gene = np.repeat(np.arange(GENES), PCRES)
    bait = genes["tss"].to_numpy()[gene]
    other = bait + rng.choice([-1, 1], len(gene)) * rng.integers(30_000, 500_000, len(gene))
    chrom = genes["chrom"].to_numpy()[gene]
    lines = (
        f"{c}.{b - 1000}.{b + 1000}\t{c}.{o}.{o + FRAGMENT}\t{f:.2f}\n"
        for c, b, o, f in zip(chrom, bait, other, rng.uniform(1.6, 8, len(gene)), strict=True)
    )
    (folder / "contacts.txt").write_text("frag1\tfrag2\tfrequency\n" + "".join(lines))
    for mark in marks:
        _write_reads(folder / f"{mark}.tagAlign.gz", genes, FEW, rng)
    settings = {
        "assembly": "hg19",
        "annotation": "genes.gtf",
        "expression": "rpkm.tsv",
        "cell_types": {"cell": {"tracks": {mark: f"{mark}.tagAlign.gz" for mark in marks}, "contacts": "contacts.txt"}},
        "folds": "human",
        "dtype": "float16",
        "origin": MADE_UP,
        "out": "made-up.clds",
    }
    path = folder / "made-up.yaml"
    path.write_text(yaml.safe_dump(settings))
    return path
