"""The numbers of the report: our models, the published weights on the same genes, every model on every cell type."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from chromolab.data.dataset.dataset import Dataset, load_dataset
from chromolab.data.files import make_folder, write_text
from chromolab.errors import ChromolabError
from chromolab.learn import metrics
from chromolab.learn.prediction import predict
from chromolab.models.checkpoints import load_checkpoint
from chromolab.show.notebooks.csv_cells import as_csv, from_csv
from chromolab.show.paper.article import SCORES
from chromolab.show.paper.settings import Job, Paper
from chromolab.show.paper.steps import trained

OF_JOB = list(Job._fields)


class Cross(NamedTuple):
    """A model of one cell type, scored `on` another."""

    cell: str
    task: str
    fold: int
    seed: int
    on: str


def own_scores(paper: Paper) -> pd.DataFrame:
    """Our models' scores on their test folds, as their runs wrote them.

    Returns
    -------
    DataFrame
        A row per trained model: cell, task, fold, seed, without, examples (of the test fold), `score` (AUC, or Pearson
        r), and all scores of the run.
    """
    table, rows = trained(paper), []
    for row in table[table["done"]].to_dict("records"):
        job = Job(*(row[name] for name in OF_JOB))
        scores = pd.read_csv(paper.place(job) / "scores.csv").iloc[0].to_dict()
        rows.append(job._asdict() | {"score": scores[SCORES[job.task]]} | {k: scores[k] for k in _others(scores)})
    return pd.DataFrame(rows, columns=None if rows else [*OF_JOB, "score", "examples"])


def _others(scores: dict[str, Any]) -> list[str]:
    return [k for k in scores if k not in (*OF_JOB, "model")]


def published_scores(paper: Paper, progress: bool = True) -> pd.DataFrame:
    """The published weights that are here, scored on the test folds of our datasets.

    Returns
    -------
    DataFrame
        A row per file: cell, task, fold, `score` on our data, `saved` (the score that the authors saved with the
        weights, NaN where the file has none), and `error` where a file could not be scored.
    """
    jobs = {job: path for job, path in paper.weights_here() if paper.dataset(job.cell).is_file()}

    def row(job: Job, path: Path, dataset: Dataset) -> dict[str, Any]:
        try:
            model = load_checkpoint(path)
            if model.task != job.task:
                raise ChromolabError(f"{path}: a model for {model.task}; expected one for {job.task}.")
            if odd := set(model.marks) - set(dataset.marks):
                raise ChromolabError(f"{path}: reads {', '.join(sorted(odd))}, which the dataset does not have.")
            score = _score(model, dataset, job)
            return {"score": score, "saved": _saved(model.checkpoint, job.task), "error": ""}
        except ChromolabError as error:
            return {"score": np.nan, "saved": np.nan, "error": str(error)}

    return _kept(paper, "published", jobs, row, progress, Job._fields)


def _saved(checkpoint: dict[str, Any], task: str) -> float:
    """What the authors' file says of itself."""
    if task == "classification":
        auc = checkpoint.get("last_val_auc")
        return float(auc) if isinstance(auc, int | float) else np.nan
    score, label = checkpoint.get("val_score"), checkpoint.get("val_label")
    if score is None or label is None:
        return np.nan
    score, label = np.ravel(np.asarray(score, float)), np.ravel(np.asarray(label, float))
    return metrics.score(label, score, task)["pearson_r"] if len(score) == len(label) > 2 else np.nan


def across_scores(paper: Paper, progress: bool = True) -> pd.DataFrame:
    """Every trained model (of the first seed, with all inputs) on the same test fold of every built cell type.

    Returns
    -------
    DataFrame
        A row per model and cell type: cell (the model's), task, fold, `on` (the cell type that is predicted), `score`,
        and `relative`: the score over that of the model of that cell type itself.
    """
    table, first = trained(paper), paper.part.seeds[0]
    table = table[table["done"] & (table["without"] == "") & (table["seed"] == first)]
    jobs = [Job(*(row[name] for name in OF_JOB)) for row in table.to_dict("records")]
    cells = [cell for cell in paper.part.cells if paper.dataset(cell).is_file()]
    pairs = {Cross(*job[:4], on): paper.model_file(job) for on in cells for job in jobs}

    def row(job: Cross, path: Path, dataset: Dataset) -> dict[str, Any]:
        return {"score": _score(load_checkpoint(path), dataset, job)}

    made = _kept(paper, "across", pairs, row, progress, Cross._fields)
    if made.empty:
        return made.assign(relative=[])
    own = made[made["cell"] == made["on"]].set_index(["on", "task", "fold"])["score"]
    keys = pd.MultiIndex.from_frame(made[["on", "task", "fold"]])
    return made.assign(relative=made["score"].to_numpy() / own.reindex(keys).to_numpy())


def _score(model, dataset: Dataset, job: Job | Cross) -> float:
    test = dataset.in_fold(job.fold)
    test = test.with_marks(list(model.marks)) if model.marks != test.marks else test
    truth, guess = metrics.truth_of(test, job.task), predict(model, test, progress=False)
    return metrics.score(truth, guess, job.task)[SCORES[job.task]]


def _kept(
    paper: Paper, name: str, jobs: dict[Any, Path], row: Callable, progress: bool, keys: tuple[str, ...]
) -> pd.DataFrame:
    """The rows of all jobs: those in OUT/report/NAME.csv whose files are still the same, and the others made now."""
    place, known = paper.folder / "report" / f"{name}.csv", {}
    if place.is_file():
        saved = from_csv(pd.read_csv(place, keep_default_na=False, na_values={"score": "", "saved": ""}))
        known = {tuple(line[key] for key in keys): line for line in saved.to_dict("records")}
    loaded: dict[str, Dataset] = {}
    for job, path in tqdm(jobs.items(), desc=name, disable=not progress, delay=2):
        cell = job.on if isinstance(job, Cross) else job.cell
        of = f"{_print(path)} {_print(paper.dataset(cell))}"
        if known.get(job, {}).get("of") == of:
            continue
        if cell not in loaded:
            loaded = {cell: load_dataset(paper.dataset(cell))}  # one at a time: each is some hundred MB
        known[job] = job._asdict() | row(job, path, loaded[cell]) | {"of": of}
        make_folder(place.parent)
        write_text(place, as_csv(pd.DataFrame(list(known.values()))))
    rows = [known[job] for job in jobs]
    return pd.DataFrame(rows, columns=None if rows else [*keys, "score", "saved", "error", "of"])


def _print(path: Path) -> str:
    about = path.stat()
    return f"{about.st_size}-{about.st_mtime_ns}"


# ---------------------------------------------------------------- summaries


def over_folds(table: pd.DataFrame, by: Iterable[str], value: str = "score") -> pd.DataFrame:
    """The mean over folds and its 95 % t interval; seeds are averaged within their fold first.

    Returns
    -------
    DataFrame
        A row per group of `by`, in the table's order: `mean`, `low`, `high` (NaN for one fold), `folds`, `seeds`.
    """
    by, rows = list(by), []
    for group, own in table.groupby(by, sort=False):
        folds = own.groupby("fold")[value].mean()
        mean, low, high, _ = metrics.t_interval(folds)
        seeds = own["seed"].nunique() if "seed" in own else 1
        about = dict(zip(by, group, strict=True))
        rows.append(about | {"mean": mean, "low": low, "high": high, "folds": len(folds), "seeds": seeds})
    return pd.DataFrame(rows, columns=[*by, "mean", "low", "high", "folds", "seeds"])


def ablations(own: pd.DataFrame) -> pd.DataFrame:
    """What a model loses without something: paired by cell type, fold and seed, then by fold.

    Returns
    -------
    DataFrame
        A row per task and `without`: mean, low, high of (without - whole) over folds, folds, `pairs`.
    """
    whole = own[own["without"] == ""].set_index(["cell", "task", "fold", "seed"])["score"]
    rows = []
    for (task, without), part in own[own["without"] != ""].groupby(["task", "without"], sort=False):
        part = part.set_index(["cell", "task", "fold", "seed"])["score"]
        change = (part - whole.reindex(part.index)).dropna()
        if len(change):
            mean, low, high, _ = metrics.t_interval(change.groupby("fold").mean())
            folds = change.index.get_level_values("fold").nunique()
            rows.append((task, without, mean, low, high, folds, len(change)))
    return pd.DataFrame(rows, columns=["task", "without", "mean", "low", "high", "folds", "pairs"])


def not_run(paper: Paper) -> Iterator[tuple[str, str]]:
    """What is asked for and not there, and why: (what, reason)."""
    table = trained(paper)
    for (error, task), rows in table[~table["done"]].groupby(["error", "task"], sort=False):
        cells = ", ".join(dict.fromkeys(rows["cell"]))
        yield f"{len(rows)} models for {task} ({cells})", error
    have, could = len(list(paper.weights_here())), len(paper.weights())
    if have < could:
        yield (
            f"{could - have} of {could} published weights",
            "not here; chromolab data fetch chromoformer-weights says where they are and where to put them",
        )
    if not paper.part.without:
        yield "ablations", "none asked for: --without contacts, or a mark"
    if len(paper.part.cells) < 2:
        yield "models on other cell types", "one cell type alone"
    yield (
        "CTCF as a further track",
        "no source of it in the manifest; notebooks/experiments/more_tracks.ipynb takes your file",
    )
    yield "PC1 as a further track", "as CTCF"
