"""What is reproduced and where: the settings in OUT/paper.yaml, and the places of all files below OUT."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import yaml
from pydantic import Field, model_validator

from chromolab.data.dataset.combine import joined_origin
from chromolab.data.files import make_folder, write_text
from chromolab.data.project.config import Config, read_config
from chromolab.data.project.inputs import from_manifest
from chromolab.data.public.downloads import Downloads
from chromolab.data.public.manifest import Manifest, RemoteFile, read_manifest
from chromolab.data.yaml_files import YamlFile, mistake, read_model, shown
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError
from chromolab.models.chromoformer import Chromoformer
from chromolab.show.paper.article import CELLS, FOLDS, TASKS, WORD

ANNOTATION, EXPRESSION, CONTACTS, WEIGHTS = (
    "gencode-v10",
    "roadmap-expression",
    "jung-2019-contacts",
    "chromoformer-weights",
)
TRACKS = {"reads": "roadmap-reads", "fold-change": "roadmap-fold-change", "pval": "roadmap-pval"}
SMALL_EPOCHS = 8
HEAD = "# Written by `chromolab paper` from ../paper.yaml: change that file, not this one.\n"
SETTINGS = "# What `chromolab paper` reproduces in this folder; `chromolab paper --help` explains each.\n"

Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+-]{1,40}$")]
Names = Annotated[list[Word], Field(min_length=1)]
Numbers = Annotated[list[Annotated[int, Field(ge=0, le=1000)]], Field(min_length=1)]
Task = Literal["classification", "regression"]


class Settings(YamlFile):
    """`paper.yaml`. The defaults are the article's.

    `without` names further runs, each without "contacts" or without one of the marks. `frequency` is the column of the
    contact tables' normalised frequency, where their header does not tell.
    """

    cells: Names = list(CELLS)
    marks: Names = list(MARKS)
    folds: Numbers = list(FOLDS)
    seeds: Numbers = [0]
    tasks: Annotated[list[Task], Field(min_length=1)] = list(TASKS)
    scale: Literal["reads", "fold-change", "pval"] = "reads"
    model: Literal["published", "small"] = "published"
    epochs: Annotated[int, Field(ge=1, le=1000)] | None = None
    without: list[Word] = []
    frequency: str | None = None

    @model_validator(mode="after")
    def _once_and_known(self):
        for name in ("cells", "marks", "folds", "seeds", "tasks", "without"):
            values = getattr(self, name)
            if again := sorted({str(v) for v in values if values.count(v) > 1}):
                raise mistake(f"{', '.join(again)} is given twice; expected each once", name)
        if wrong := [fold for fold in self.folds if fold not in FOLDS]:
            raise mistake(f"{wrong[0]}; expected folds of {', '.join(map(str, FOLDS))}", "folds")
        if wrong := [what for what in self.without if what not in ("contacts", *self.marks)]:
            raise mistake(f"{shown(wrong[0])}; expected contacts, or one of {', '.join(self.marks)}", "without")
        if len(self.marks) == 1 and set(self.without) & set(self.marks):
            raise mistake("nothing is left without the only mark", "without")
        return self

    @property
    def recipe(self) -> dict[str, Any]:
        """Parameters of experiments/train: the published recipe, or that of the small model."""
        if self.model == "small":
            return {"small": True, "epochs": self.epochs or SMALL_EPOCHS, "stopping": False}
        published = Chromoformer.PUBLISHED
        return {
            "small": False,
            "stopping": False,  # trained on all folds but one, the last epoch kept
            "epochs": self.epochs or published["epochs"],
            "batch_size": published["batch_size"],
            "learning_rate": published["lr"],
            "decay": published["decay"],
        }


class Job(NamedTuple):
    """One model to train: on all folds of a cell type but `fold`; `without` "" or what it does not get."""

    cell: str
    task: str
    fold: int
    seed: int
    without: str = ""


@dataclass(frozen=True)
class Paper:
    """A reproduction: its folder, its settings, and what is asked for of them now.

    Attributes
    ----------
    folder : Path
    settings : Settings
        As OUT/paper.yaml has them.
    part : Settings
        The cell types, folds, seeds and tasks that this call is about.
    """

    folder: Path
    settings: Settings
    part: Settings

    @cached_property
    def manifest(self) -> Manifest:
        """All known sources."""
        return read_manifest()

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that datasets are built from."""
        return ANNOTATION, EXPRESSION, CONTACTS, TRACKS[self.settings.scale]

    def dataset(self, cell: str) -> Path:
        """The dataset of a cell type."""
        return self.folder / "data" / f"{cell}.clds"

    def jobs(self) -> list[Job]:
        """Every model that is asked for: those of the article, then those without something."""
        part = self.part
        return [
            Job(cell, task, fold, seed, without)
            for without in ("", *part.without)
            for cell in part.cells
            for task in part.tasks
            for fold in part.folds
            for seed in part.seeds
        ]

    def place(self, job: Job) -> Path:
        """The folder of a model: its checkpoints, curves and scores."""
        name = f"{job.task}-fold{job.fold}-seed{job.seed}"
        return self.folder / "models" / (f"without-{job.without}" if job.without else "whole") / job.cell / name

    def model_file(self, job: Job) -> Path:
        """The trained model, for `cl.load_checkpoint`."""
        return self.place(job) / f"{job.task}-fold{job.fold}-seed{job.seed}.model.pt"

    def setting(self, job: Job) -> dict[str, Any]:
        """The parameters of experiments/train that train it."""
        given = {"data": str(self.dataset(job.cell).resolve()), "tasks": [job.task], "folds": [job.fold]}
        if job.without == "contacts":
            given["contacts"] = False
        elif job.without:
            given["marks"] = [mark for mark in self.settings.marks if mark != job.without]
        return given | {"seeds": [job.seed], "out": str(self.place(job).resolve())} | self.settings.recipe

    def config(self, cell: str) -> Config:
        """The `my.yaml` of a cell type, OUT/data/E003.yaml, written where it is not there or another."""
        path, text = self.dataset(cell).with_suffix(".yaml"), self._yaml(cell)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            make_folder(path.parent)
            write_text(path, text)
        return read_config(path)

    def _yaml(self, cell: str) -> str:
        settings, described = self.settings, self.manifest.cell_types.get(cell)
        tracks = TRACKS[settings.scale]
        contacts: dict[str, Any] = {"source": CONTACTS, "of": {"kind": "po"}}
        contacts |= {"frequency": settings.frequency} if settings.frequency else {}
        content = {
            "name": f"{cell}, {described.name}" if described else cell,
            "assembly": "hg19",
            "annotation": {"source": ANNOTATION, "gene_types": ["protein_coding"]},
            "expression": {"source": EXPRESSION, "unit": "RPKM"},
            "cell_types": {cell: {"tracks": {m: {"source": tracks} for m in settings.marks}, "contacts": contacts}},
            "folds": "human",
            "dtype": "float16",
            "origin": joined_origin([self.manifest[source].origin for source in self.sources]),
            "out": self.dataset(cell).name,
        }
        return HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True)

    def files(self, cell: str) -> list[RemoteFile]:
        """What a cell type's dataset is built from, each once; `ChromolabError` where a source has no such file."""
        return list({file.place: file for file in from_manifest(self.config(cell)).values()}.values())

    def every_file(self) -> dict[str, RemoteFile]:
        """{place below the downloads: file} of all cell types that are asked for."""
        return {file.place: file for cell in self.part.cells for file in self.files(cell)}

    def weights(self) -> dict[Job, RemoteFile]:
        """The published weights that belong to the jobs, for those that the authors published."""
        source = self.manifest[WEIGHTS]
        known = set(source.placeholders["cell"].values or ())
        jobs = {(j.cell, j.task, j.fold): j._replace(seed=0) for j in self.jobs() if not j.without and j.cell in known}
        return {job: source.files(task=WORD[job.task], cell=job.cell, fold=job.fold)[0] for job in jobs.values()}

    def weights_here(self) -> Iterator[tuple[Job, Path]]:
        """Those of the published weights that are on this machine."""
        for job, file in self.weights().items():
            if (path := Downloads.below().path(file.place)).is_file():
                yield job, path

    def is_simulated(self) -> bool:
        """Whether any source says that its files are simulated."""
        return any("simulated" in self.manifest[source].origin for source in self.sources)


def open_paper(folder: str | PathLike[str], given: Mapping[str, Any] | None = None) -> Paper:
    """The reproduction in a folder: begun with the settings that are given, or continued with those that it has.

    Parameters
    ----------
    folder : path
    given : {setting: value}, optional
        Of a folder that is begun: its settings, the article's where nothing is given. Of one that is continued: a part
        of its cells, folds, seeds, tasks or `without`; of the others the value that it has.

    Raises
    ------
    ChromolabError
        A setting is none, contradicts the folder's own, or asks for what is not among them.
    """
    folder, given = Path(folder), dict(given or {})
    path = folder / "paper.yaml"
    if not path.exists():
        try:
            asked = Settings.model_validate(given)
        except ValueError as error:  # pydantic's
            raise ChromolabError(_in_words(error)) from None
        make_folder(folder)
        write_text(path, SETTINGS + yaml.safe_dump(asked.model_dump(mode="json"), sort_keys=False))
    settings = read_model(path, Settings, "the settings of chromolab paper")
    for name, value in given.items():
        own = getattr(settings, name, None)
        if isinstance(own, list) and isinstance(value, list):
            if odd := [v for v in value if v not in own]:
                has = ", ".join(map(str, own)) or "none"
                raise ChromolabError(
                    f"{path}: {odd[0]} is not among its {name} ({has}). Add it there, or give another --out."
                )
        elif value != own:
            raise ChromolabError(
                f"{path}: {name} is {own} there, {value} is asked for. Change it there, or give another --out."
            )
    return Paper(folder, settings, settings.model_copy(update=given))


def _in_words(error: ValueError) -> str:
    told = [f"{' '.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors()]  # type: ignore[attr-defined]
    return "\n".join(told)
