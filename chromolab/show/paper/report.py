"""The report: one page and its tables, of what is there by now; it runs no script and loads nothing."""

import math
from collections.abc import Iterator
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd

from chromolab.data.files import make_folder, write_text
from chromolab.show.experiments.keys import package
from chromolab.show.experiments.page import STYLE, in_time
from chromolab.show.notebooks.csv_cells import as_csv
from chromolab.show.notebooks.pages import MARK, refuse_foreign
from chromolab.show.paper.article import CALLED, CONTACTS, NOT_KNOWN, SAID, SCORES
from chromolab.show.paper.scores import ablations, across_scores, not_run, over_folds, own_scores, published_scores
from chromolab.show.paper.settings import Paper
from chromolab.show.paper.steps import taken, trained
from chromolab.show.report import svg

NOT = "not here"
LIMITS = {"AUC": (0.0, 1.0), "Pearson r": (-1.0, 1.0)}  # an interval over few folds may go beyond what can be
SIMULATED = "Rehearsal on simulated files"
MORE = """
h2 { margin-top: 2.4rem; font-size: 1.15rem } .wide { overflow-x: auto } table { width: auto; min-width: 22rem }
.wide th, .wide td { overflow-wrap: normal } .figures { padding: .6rem .8rem; border-radius: 4px; width: fit-content }
svg { max-width: 100%; height: auto }
.warn { border-left: 4px solid #E69F00; padding: .5rem .9rem; background: color-mix(in srgb, #E69F00 14%, Canvas) }
.states { display: flex; flex-wrap: wrap; gap: .4rem 2.2rem; margin: 1rem 0 }
.states b { display: block; font-size: 1.5rem }
td.own { background: color-mix(in srgb, CanvasText 8%, Canvas) } code { overflow-wrap: anywhere }
"""


def report(paper: Paper, progress: bool = True) -> Path:
    """Write the report on what is there by now, and return the path of its page, OUT/report/index.html.

    Beside it: scores.csv (every model), summary.csv (means and t intervals over folds), published.csv (the published
    weights on the same genes), across.csv (every model on every cell type), not_run.csv.

    Parameters
    ----------
    paper : Paper
    progress : bool

    Raises
    ------
    ChromolabError
        A file that no report wrote lies in its place, or a model or dataset is damaged: the message names it.
    """
    folder = make_folder(paper.folder / "report")
    page = folder / "index.html"
    refuse_foreign(page)
    own, published, across = own_scores(paper), published_scores(paper, progress), across_scores(paper, progress)
    left = pd.DataFrame(list(not_run(paper)), columns=["what", "why"])
    whole = own[own["without"] == ""] if len(own) else own
    summary = over_folds(whole, ["cell", "task"])
    lost = ablations(own)
    for name, table in (("scores", own), ("summary", summary), ("ablations", lost), ("not_run", left)):
        write_text(folder / f"{name}.csv", as_csv(table))
    parts = [
        *_head(paper, own),
        *_states(paper, published),
        *_scores(whole, summary, published),
        *_article(summary, across),
        *_ablations(lost),
        *_across(across),
        *_left(left, published),
        *_made(paper),
    ]
    title = f"{SIMULATED}: " if paper.is_simulated() else ""
    write_text(
        page,
        f'<!doctype html>\n<html lang="en"><head>{MARK}<meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}Chromoformer, reproduced</title><style>{STYLE}{MORE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n",
    )
    return page


def _head(paper: Paper, own: pd.DataFrame) -> Iterator[str]:
    yield "<h1>Chromoformer, reproduced</h1>"
    settings = paper.settings
    yield (
        f'<p class="quiet">{len(paper.part.cells)} cell types, {len(settings.marks)} marks, '
        f"{len(paper.part.folds)} folds, {', '.join(paper.part.tasks)}; {settings.model} size and recipe, "
        f"{settings.recipe['epochs']} epochs; tracks: {settings.scale}. After Lee, Yang and Kim, Nature Communications "
        "13:6678 (2022).</p>"
    )
    if paper.is_simulated():
        yield (
            f'<p class="warn"><b>{SIMULATED}.</b> The files carry the real names and formats, and hold a simulated '
            "genome: no figure on this page says anything of real cells, nor of the article.</p>"
        )


def _states(paper: Paper, published: pd.DataFrame) -> Iterator[str]:
    table = trained(paper)
    built = sum(paper.dataset(cell).is_file() for cell in paper.part.cells)
    shown = [
        (f"{built} of {len(paper.part.cells)}", "datasets built"),
        (f"{int(table['done'].sum())} of {len(table)}", "models trained"),
        (f"{len(published)} of {len(paper.weights())}", "published weights here"),
    ]
    yield '<div class="states">' + "".join(f"<div><b>{n}</b>{what}</div>" for n, what in shown) + "</div>"


def _of_published(published: pd.DataFrame, task: str) -> tuple[dict[str, float], dict[str, float]]:
    """{cell: score on our genes} and {cell: score saved with the weights}, means over folds, where there are some."""
    means = published[published["task"] == task].groupby("cell")[["score", "saved"]].mean()
    return means["score"].dropna().to_dict(), means["saved"].dropna().to_dict()


def pictures(own: pd.DataFrame, published: pd.DataFrame) -> dict[str, str]:
    """A picture per task: each cell type's score with its interval over folds, and the published weights'.

    Parameters
    ----------
    own : DataFrame
        `own_scores` of models that get all inputs.
    published : DataFrame
        `published_scores`.

    Returns
    -------
    {task: SVG}
    """
    drawn = {}
    for task, means in over_folds(own, ["cell", "task"]).groupby("task", sort=False):
        called, (again, saved) = CALLED[SCORES[str(task)]], _of_published(published, str(task))
        rows = {str(r.cell): (r.mean, r.low, r.high) for r in means.itertuples()}
        marks = {"published weights on these genes": again, "saved with the published weights": saved}
        shown = {what: values for what, values in marks.items() if values}
        drawn[str(task)] = svg.intervals(rows, called, shown, LIMITS[called])
    return drawn


def _scores(own: pd.DataFrame, summary: pd.DataFrame, published: pd.DataFrame) -> Iterator[str]:
    if summary.empty:
        yield "<h2>Scores</h2><p>No model is trained yet.</p>"
    drawn = pictures(own, published)
    for task, means in summary.groupby("task", sort=False):
        called, (again, saved) = CALLED[SCORES[str(task)]], _of_published(published, str(task))
        of_task = own[own["task"] == task]
        folds = sorted(of_task["fold"].unique())
        by_fold = of_task.pivot_table(index="cell", columns="fold", values="score")
        yield f"<h2>{str(task).capitalize()}: {called} on the test folds</h2>"
        yield f'<div class="figures">{drawn[str(task)]}</div>'
        head = ["cell type", "ours", "95 % t interval", *(f"fold {f}" for f in folds), "seeds"]
        head += ["published weights, same genes", "article (saved with the weights)"]
        lines = []
        for r in means.itertuples():
            low, high = np.clip([r.low, r.high], *LIMITS[called])
            cells = [r.cell, _n(r.mean), f"{_n(low)} to {_n(high)}" if r.folds > 1 else "one fold"]
            cells += [_n(by_fold.loc[r.cell].get(fold, math.nan)) for fold in folds] + [str(r.seeds)]
            lines.append([*cells, _n(again.get(r.cell, math.nan)) or NOT, _n(saved.get(r.cell, math.nan)) or NOT])
        yield _table(head, lines)


def _article(summary: pd.DataFrame, across: pd.DataFrame) -> Iterator[str]:
    yield f"<h2>Beside the article</h2><p>{escape(NOT_KNOWN)}</p>"
    ours = {"across": "not run", "tracks": "not run"}
    others = across[(across["cell"] != across["on"]) & (across["task"] == "classification")]
    if len(others):
        pairs = others.groupby(["cell", "on"])["relative"].mean()
        ours["across"] = f"{_n(pairs.min())} to {_n(pairs.max())}, {len(pairs)} pairs"
    yield _table(["what", "article", "here"], [[s.about, s.says, ours[s.compare]] for s in SAID])


def _ablations(lost: pd.DataFrame) -> Iterator[str]:
    yield "<h2>Without a part of the inputs</h2>"
    if lost.empty:
        yield "<p>Not run.</p>"
        return
    yield "<p>The score of models that never had it, minus that of whole models on the same genes, folds and seeds.</p>"
    rows = [
        [
            r.task,
            CALLED[SCORES[r.task]],
            r.without,
            _n(r.mean, "+"),
            f"{_n(r.low, '+')} to {_n(r.high, '+')}",
            str(r.pairs),
        ]
        for r in lost.itertuples()
    ]
    yield _table(["task", "score", "without", "change", "95 % t interval over folds", "pairs"], rows)


def _across(across: pd.DataFrame) -> Iterator[str]:
    yield "<h2>On other cell types</h2>"
    if across["cell"].nunique() < 2:
        yield "<p>Not run: it needs trained models of two cell types.</p>"
        return
    yield (
        "<p>A row is the cell type that taught, a column the one that is predicted, on chromosomes that the model "
        "never saw; means over folds. Shaded: a cell type on itself.</p>"
    )
    for task, part in across.groupby("task", sort=False):
        matrix = part.pivot_table(index="cell", columns="on", values="score", sort=False)
        head = "".join(f"<th class='number'>{escape(str(c))}</th>" for c in matrix.columns)
        lines = []
        for cell, row in matrix.iterrows():
            cells = (f'<td class="number{" own" * (cell == on)}">{_n(v)}</td>' for on, v in row.items())
            lines.append(f"<tr><td>{escape(str(cell))}</td>{''.join(cells)}</tr>")
        yield (
            f"<h3>{CALLED[SCORES[str(task)]]}</h3><div class='wide'><table><thead><tr><th>taught on</th>{head}</tr>"
            f"</thead><tbody>{''.join(lines)}</tbody></table></div>"
        )


def _left(left: pd.DataFrame, published: pd.DataFrame) -> Iterator[str]:
    yield "<h2>Not run</h2>"
    yield _table(["what", "why, and what to do"], left.to_numpy().tolist())
    wrong = published[published["error"].fillna("") != ""] if len(published) else published
    if len(wrong):
        yield "<p>Published weights that could not be scored:</p>"
        yield _table(["file of", "why"], [[f"{r.cell} {r.task} fold {r.fold}", r.error] for r in wrong.itertuples()])


def _made(paper: Paper) -> Iterator[str]:
    yield "<h2>How this was made</h2>"
    settings = paper.settings.model_dump(mode="json")
    rows = [[key, ", ".join(map(str, v)) if isinstance(v, list) else str(v)] for key, v in settings.items()]
    rows += [[f"recipe: {key}", str(value)] for key, value in paper.settings.recipe.items()]
    rows.append(["package", package()])
    for step, each in taken(paper).items():
        rows.append([f"{step} took", in_time(sum(t["seconds"] for t in each.values()))])
    seconds = trained(paper)["seconds"].dropna()
    if len(seconds):
        rows.append(["a model took, on average", in_time(float(np.mean(seconds)))])
    yield _table(["setting", "value"], rows)
    yield (
        f"<p class='quiet'>{escape(CONTACTS)} Every model trained on all folds but its test fold, for a fixed number "
        "of epochs: no fold chose anything. The same figures are in the tables beside this page: scores, summary, "
        "ablations, across, published and not_run (.csv). The datasets' own reports lie in ../data, the runs in "
        "../train.</p>"
    )


def _n(value: float, sign: str = "") -> str:
    return "" if value is None or math.isnan(value) else f"{value:{sign}.3f}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = []
    for row in rows:
        kinds = ("number" if cell[:1] in "+-0123456789" and cell else "" for cell in row)
        cells = "".join(f'<td class="{kind}">{escape(cell)}</td>' for kind, cell in zip(kinds, row, strict=True))
        lines.append(f"<tr>{cells}</tr>")
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'
