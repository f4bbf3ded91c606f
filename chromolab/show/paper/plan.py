"""What a reproduction will download, keep and compute, said before anything starts."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from chromolab.data.project.plan import BP_PER_SECOND, megabytes
from chromolab.data.public.downloads import Downloads
from chromolab.data.public.manifest import RemoteFile
from chromolab.show.experiments.page import in_time
from chromolab.show.paper.article import CONTACTS, GENES, READS
from chromolab.show.paper.calibration import Pace, pace_of
from chromolab.show.paper.settings import Paper
from chromolab.show.paper.steps import taken, trained

RESULTS = "a simulated file of this format (tests/bench/RESULTS.md)"
BYTES_PER_READ = 347e6 / 30e6  # gzipped, of `RESULTS`
BASES_PER_GENE = 1.19e9 / 18_955  # of regions: the windows and pCREs of tests/bench/RESULTS.md, real-sized tracks
TRAINED_ON = 0.75  # of the genes: three folds of four
PREDICTED = 1 / 3  # of a training step is a prediction: a step is a forward pass and a backward pass of twice its work
LINE = 12.5e6  # bytes a second: 100 Mbit/s
ASSUMED = {  # source -> bytes of a file whose size the manifest does not give, and why so many
    "roadmap-reads": (READS * BYTES_PER_READ, f"{READS / 1e6:.0f} million reads, as many bytes each as in {RESULTS}"),
    "roadmap-fold-change": (261e6, f"as {RESULTS}"),
    "roadmap-pval": (261e6, f"as {RESULTS}"),
    "roadmap-expression": (2_677_594, "as a copy of it that was seen"),
}


@dataclass
class Source:
    """The files of one source that are still to come: how many, of how many bytes, and how far that is known."""

    name: str
    files: int = 0
    bytes: float = 0.0
    unknown: int = 0  # files of no known or assumed size
    told: str = "the sizes are in the data manifest"
    by_hand: bool = False


@dataclass
class Plan:
    """What is left to do of a reproduction, and what that takes on this machine.

    Attributes
    ----------
    paper : Paper
    pace : Pace, as measured here.
    genes : genes of a cell type.
    fetch : {source: Source} of the files to come.
    build : {cell type: seconds of one process} of the datasets to build.
    train : how many models to train.
    seconds_a_run : of one model.
    store : {what: bytes} of all that will lie on disk when it is done.
    weights : published weights that are here, and how many could be.
    """

    paper: Paper
    pace: Pace
    genes: int
    fetch: dict[str, Source]
    build: dict[str, float]
    train: int
    seconds_a_run: float
    store: dict[str, float] = field(default_factory=dict)
    weights: tuple[int, int] = (0, 0)

    @property
    def build_seconds(self) -> float:
        """Of one process, for all datasets that are not there yet."""
        return sum(self.build.values())

    @property
    def build_wall(self) -> float:
        """Seconds that building takes on this machine: tracks are read at once, one per CPU, the rest is not."""
        alone = self.pace.cell * len(self.build)
        return alone + (self.build_seconds - alone) / min(self.pace.cpus, len(self.paper.settings.marks))

    @property
    def report_seconds(self) -> float:
        """Of every model's predictions for every cell type, which the report makes."""
        part = self.paper.part
        models = len(part.cells) * len(part.tasks) * len(part.folds)
        return models * len(part.cells) * (1 - TRAINED_ON) * self.genes * self.pace.example * PREDICTED

    @property
    def train_seconds(self) -> float:
        """Of one process (or one GPU), for all models that are not there yet."""
        return self.train * self.seconds_a_run

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """Yield the plan line by line."""
        paper, part, pace = self.paper, self.paper.part, self.pace
        yield (
            f"{paper.folder}: {len(part.cells)} cell types x {len(paper.settings.marks)} marks; "
            f"{len(part.folds)} folds x {len(part.tasks)} tasks x {len(part.seeds)} seeds: {len(paper.jobs())} models "
            f"({paper.settings.model} size and recipe, {paper.settings.recipe['epochs']} epochs)"
        )
        if paper.is_simulated():
            yield "  these files are simulated, their manifest says: a rehearsal, whose figures say nothing of cells"
        yield f"  {CONTACTS}"
        yield from self._downloads()
        total = sum(self.store.values())
        parts = ", ".join(f"{what} {megabytes(size)}" for what, size in self.store.items())
        free = shutil.disk_usage(paper.folder).free
        yield f"to store: about {megabytes(total)} ({parts}); {megabytes(free)} are free in {paper.folder}"
        if total > free:
            yield "  that does not fit: give another --out, set CHROMOLAB_CACHE to another disk, or ask for fewer cells"
        yield (
            f"to compute, from {pace.seconds:.0f} s of measurement on this machine ({pace.day}, {pace.cpus} CPUs, "
            f"{pace.load:g} processes at work when it began):"
        )
        yield from self._computing()
        took = {step: sum(t["seconds"] for t in each.values()) for step, each in taken(paper).items()}
        if took:
            yield "so far: " + ", ".join(f"{step} took {in_time(seconds)}" for step, seconds in took.items())

    def _downloads(self) -> Iterator[str]:
        here = len(self.paper.every_file()) - sum(s.files for s in self.fetch.values())
        size = sum(source.bytes for source in self.fetch.values())
        unknown = sum(source.unknown for source in self.fetch.values())
        more = f", and {unknown} files of unknown size" if unknown else ""
        count = sum(source.files for source in self.fetch.values())
        yield f"to download: {count} files, about {megabytes(size)}{more}; {here} files are here"
        for source in self.fetch.values():
            if source.by_hand:
                told = f"no address: to be put in place by hand, from {self.paper.manifest[source.name].page}"
            elif source.unknown:
                told = f"size not known, not in the sum ({source.unknown} of them)"
            else:
                told = f"{megabytes(source.bytes)}; {source.told}"
            yield f"  {source.name:22} {source.files:3} x  {told}"
        if size:
            yield f"  at 100 Mbit/s (assumed, not measured) that takes {in_time(size / LINE)}"
        have, could = self.weights
        yield (
            f"  published weights, by hand and only for the comparison: {have} of {could} are here "
            f"({self.paper.manifest['chromoformer-weights'].page})"
        )

    def _computing(self) -> Iterator[str]:
        yield from self._making()
        told = "every model on every cell type; from a training step, assumed"
        yield f"  report about {in_time(self.report_seconds)} ({told})"

    def _making(self) -> Iterator[str]:
        pace, cpus = self.pace, self.pace.cpus
        reads = (
            "of reads, measured" if self.paper.settings.scale == "reads" else "of bigWigs, from tests/bench/RESULTS.md"
        )
        yield (
            f"  build  {len(self.build)} datasets: {self.build_seconds / 3600:.1f} CPU hours, about "
            f"{in_time(self.build_wall)} on {cpus} CPUs ({reads}; "
            f"{self.genes:,} genes a cell type, assumed)"
        )
        if pace.device == "cpu":
            yield (
                f"  train  {self.train} models of {in_time(self.seconds_a_run)}: {self.train_seconds / 3600:.1f} CPU "
                f"hours, about {in_time(self.train_seconds / cpus)} on {cpus} CPUs (measured)"
            )
            yield "  GPU minutes: not measured, there is no GPU here"
        else:
            yield (
                f"  train  {self.train} models of {in_time(self.seconds_a_run)}: {self.train_seconds / 60:.0f} GPU "
                f"minutes ({pace.device}, measured here)"
            )


def plan(paper: Paper, genes: int = GENES, again: bool = False) -> Plan:
    """What is left to do of a reproduction, and what it takes; nothing is downloaded, built or trained for good.

    Parameters
    ----------
    paper : Paper
    genes : int
        Genes of a cell type; the article's by default.
    again : bool
        Measure this machine anew.

    Raises
    ------
    ChromolabError
        A source has no file for one of the cell types and marks, or the measurement failed.
    """
    downloads, coming = Downloads.below(), defaultdict(list)
    for file in paper.every_file().values():
        if not downloads.path(file.place).is_file():
            coming[file.source.name].append(file)
    pace = pace_of(paper, again)
    to_build = [cell for cell in paper.part.cells if not paper.dataset(cell).is_file()]
    jobs = trained(paper)
    weights = list(paper.weights_here())
    example, epochs = pace.example, paper.settings.recipe["epochs"]
    made = Plan(
        paper,
        pace,
        genes,
        {name: _source(name, files) for name, files in coming.items()},
        {cell: _build_seconds(paper, cell, pace, genes) for cell in to_build},
        int((~jobs["done"]).sum()),
        pace.run + example * genes * TRAINED_ON * epochs,
        weights=(len(weights), len(paper.weights())),
    )
    here = sum(downloads.path(place).stat().st_size for place in paper.every_file() if downloads.path(place).is_file())
    made.store = {
        "downloads": here + sum(source.bytes for source in made.fetch.values()),
        "datasets": pace.gene_bytes * genes * len(paper.part.cells),
        "models": pace.model_bytes * len(jobs),
    }
    return made


def _source(name: str, files: list[RemoteFile]) -> Source:
    found = Source(name, len(files), by_hand=not files[0].addresses)
    for file in files:
        size = file.size
        if size is None and name in ASSUMED:
            size, why = ASSUMED[name]
            found.told = f"assumed: {why}"
        found.bytes += size or 0
        found.unknown += size is None
    return found


def _build_seconds(paper: Paper, cell: str, pace: Pace, genes: int) -> float:
    """Of one process, for the dataset of a cell type."""
    bases, seconds = BASES_PER_GENE * genes, pace.cell
    for file in paper.files(cell):
        if file.source.format == "tagAlign":
            seconds += pace.file + pace.bases * bases / 1e9 + pace.reads * _reads(file) / 1e6
        elif file.source.format == "bigWig":
            seconds += bases / BP_PER_SECOND
    return seconds


def _reads(file: RemoteFile) -> float:
    """How many reads a file has, by its size on this machine, or in the manifest, or as assumed."""
    path = Downloads.below().path(file.place)
    size = path.stat().st_size if path.is_file() else file.size
    return READS if size is None else size / BYTES_PER_READ
