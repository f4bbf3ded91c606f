"""The what-if lab as one HTML file that needs no kernel, no server and no network."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.genes.ids import rows_of
from chromolab.data.tracks.scales import UNKNOWN
from chromolab.defaults import BACKGROUND, HEIGHT
from chromolab.errors import ChromolabError
from chromolab.learn.edit.effect import SEEN
from chromolab.learn.edit.kinds import Edit, drop_pcre
from chromolab.learn.edit.recipes import ACTIVE, RECIPES, SENTENCES
from chromolab.learn.edit.text import to_json
from chromolab.learn.ensemble import Ensemble
from chromolab.learn.metrics import probability_or_expression
from chromolab.learn.truth.meaning import true_effects
from chromolab.show.widgets import alone
from chromolab.show.widgets.base import mark_styles, styles
from chromolab.show.widgets.whatif import files, missions, protocol, told
from chromolab.show.widgets.whatif.packed import PRECISIONS, as_packed, check_packable, pack_depth, pack_models
from chromolab.show.widgets.whatif.script import script as python_script
from chromolab.show.widgets.whatif.session import Session
from chromolab.world.patterns import SHOWN_BY

MANY = 30  # genes of a page, unless they are named
CHECKED_ALONE = ("one stroke", "wake a silent gene", "the right contact")  # missions that need no simulation
QUANTITIES = {"classification": "a chance of being expressed", "regression": "a level, log2(RPKM + 1)"}


def chosen(session: Session, genes: Sequence[str] | None, cell_types: Sequence[str] | None) -> Dataset:
    """The examples of a page: the genes named, by id or name, or the one shown and those with the most pCREs.

    Parameters
    ----------
    session : Session
    genes, cell_types : list of str, optional
        Default: 30 genes, and all cell types of the dataset.

    Returns
    -------
    Dataset
        With only the regions of these examples.

    Raises
    ------
    ChromolabError
        For a gene or a cell type that the dataset lacks.
    """
    dataset, table = session.dataset, session.dataset.genes
    if genes is None:
        shown = str(session.gene.genes["gene_id"].iloc[0])
        contacts = table.assign(contacts=(dataset.pcre >= 0).sum(1)).groupby("gene_id", sort=False)["contacts"].mean()
        others = contacts.drop(shown).sort_values(ascending=False, kind="stable").index
        genes = [shown, *map(str, others[: MANY - 1])]
    cells = [str(c) for c in table["cell_type"].unique()]
    if isinstance(genes, str) or not len(genes):
        raise ChromolabError(f"genes is {genes!r}; expected a list of gene ids or names, at least one")
    rows = np.any([rows_of(table, gene) for gene in genes], axis=0)
    if missing := [c for c in cell_types or () if c not in cells]:
        raise ChromolabError(f"no cell type {missing[0]!r} in this dataset; it has {', '.join(cells)}")
    rows &= table["cell_type"].isin(cell_types or cells).to_numpy()
    if not rows.any():
        raise ChromolabError(f"none of these genes has an example in {', '.join(cell_types or ())}")
    return dataset.select(rows).compact()


def page_data(session: Session, dataset: Dataset, precision: str, progress: bool) -> tuple[dict, dict[str, bytes]]:
    """What a page knows: plain values, and its parts as bytes.

    Parameters
    ----------
    session : Session
        Shows the same gene and edits afterwards as before.
    dataset : Dataset
        The examples, as `chosen` gives them.
    precision : {"float16", "int8", "float32"}
    progress : bool

    Returns
    -------
    (dict, {name: bytes})
        The parts are "depth", "covered" (where not every base has data) and "weights".
    """
    models, whole, unit = session.all_models, session.dataset, told.units(session.dataset)
    depth, parts = pack_depth(dataset.signal)
    listed, weights = pack_models(models, precision)
    shown = session.gene.genes.iloc[0]
    at = np.flatnonzero((dataset.genes[["gene_id", "cell_type"]] == shown[["gene_id", "cell_type"]]).all(axis=1))
    with _unedited(session):
        python = python_script(session)
    about = {
        "marks": [style | {"unit": unit[style["name"]]} for style in mark_styles(whole.marks)],
        "size": dataset.bin_size,
        "window": dataset.window,
        "depth": depth,
        "precision": precision,
        "regions": [[str(r.chrom), int(r.start), int(r.end)] for r in dataset.signal.regions.itertuples()],
        "examples": _examples(session, dataset, progress),
        "first": int(at[0]) if len(at) else 0,
        "edits": to_json(session.edits) if len(at) and session.edits else None,
        "models": listed,
        "script": python,
        "notices": told.notices(models, whole),
        "limits": {m: session.seen.depth(m, SEEN) for m in whole.marks if m in session.seen.scales},
        "missions": _missions(session, dataset),
        "words": told.WORDS,
        "sentences": SENTENCES,
        "heights": {
            "active": ACTIVE,
            "background": BACKGROUND,
            "height": HEIGHT,
            "enhancer": SHOWN_BY["enhancer"],
            "scales": {m: whole.scales.get(m, UNKNOWN) for m in whole.marks},
        },
    }
    return about, parts | {"weights": weights}


def _missions(session: Session, dataset: Dataset) -> list[dict]:
    """The missions of the page's genes whose check the page can make."""
    held = set(zip(dataset.genes["gene_id"], dataset.genes["cell_type"], strict=True))
    offered = [m for m in missions.offered(session) if (m["gene_id"], m["cell_type"]) in held]
    return [m | {"solved": False} for m in offered if m["name"] in CHECKED_ALONE]


def _examples(session: Session, dataset: Dataset, progress: bool) -> list[dict]:
    """What the page says of each example."""
    cells = {gene: [str(c) for c in own] for gene, own in dataset.genes.groupby("gene_id")["cell_type"]}
    examples = []
    with _unedited(session):
        for i, row in enumerate(tqdm(dataset.genes.itertuples(), "genes", len(dataset), delay=2, disable=not progress)):
            session.choose(str(row.gene_id), str(row.cell_type))
            state, _ = protocol.answer(session, {"kind": "hello"})
            present = dataset.pcre[i] >= 0
            examples.append(
                {
                    "gene": state["gene"] | {"cell_types": cells[row.gene_id]},
                    "neighbours": state["neighbours"],
                    "promoter": int(dataset.promoter[i]),
                    "pcre": [int(r) for r in dataset.pcre[i][present]],
                    "frequency": [float(f) for f in dataset.frequency[i][present]],
                    "file": json.loads(files.written((), session.gene, session.all_models))["about"],
                    "true": _true_values(session),
                }
            )
    return examples


@contextmanager
def _unedited(session: Session) -> Iterator[None]:
    """Inside the block no gene has edits; afterwards the session shows what it showed before, without a draft."""
    shown, kept = session.gene.genes.iloc[0], session.histories
    session.histories = {}
    try:
        yield
    finally:
        session.histories = kept
        session.choose(shown["gene_id"], shown["cell_type"])


def _true_values(session: Session) -> dict[str, Any] | None:
    """{edits as JSON: true values} without edits, of each recipe and of each contact cut; None without a world."""
    if session.own_causes is None:
        return None
    gene, found = session.gene, {}
    lists: list[Sequence[Edit]] = [()]
    for recipe in RECIPES.values():
        with suppress(ChromolabError):  # it does not apply to this gene
            lists.append(recipe(gene))
    lists += [[drop_pcre(f"{r.chrom}:{r.start}-{r.end}")] for r in gene.pcres(0).itertuples()]
    middle = told.median(session.dataset, gene.genes["cell_type"].iloc[0])
    for edits in lists:
        true = true_effects(session.own_causes, gene, edits)
        found[to_json(edits)] = told.in_units(true, middle, list(session.models))
    return found


def differences(session: Session, dataset: Dataset, precision: str) -> dict[str, float]:
    """{task: the most by which the page's rounded weights change a prediction of its genes}."""
    found = {}
    for task, models in session.models.items():
        exact = Ensemble(models).predict(dataset)
        rounded = Ensemble([as_packed(m, precision) for m in models]).predict(dataset)
        both = ([probability_or_expression(out) for out in outputs] for outputs in (exact, rounded))
        found[task] = float(np.abs(np.subtract(*both)).max())
    return found


def introduction(session: Session, dataset: Dataset, precision: str) -> list[str]:
    """What stands above the lab: what the page holds, where it is from, and what its numbers are worth."""
    genes, cells = dataset.genes["gene_id"].nunique(), dataset.genes["cell_type"].nunique()
    models, origin = len(session.all_models), f"{dataset.origin} " if dataset.origin else ""
    said = (
        f"{genes} {origin}{'gene' if genes == 1 else 'genes'} in {cells} cell type{'s' * (cells != 1)}, and {models} "
    )
    said += f"small model{'s' * (models != 1)} that predict{'s' * (models == 1)} expression from histone marks: change "
    said += "the marks and see. All of it is in this file and is computed by your browser; nothing is sent anywhere."
    found = differences(session, dataset, precision)
    lost = [f"{QUANTITIES[task]} by at most {most:.2g}" for task, most in found.items() if most > 0]
    exact = "The models' weights are here without loss."
    rounded = f"The models' weights are rounded to {precision}: over the genes of this page that changes "
    made = f"Made with chromolab {version('chromolab')}; in a notebook, cl.WhatIf shows any gene and its true effects."
    return [said, f"{rounded + ' and '.join(lost) + '.' if lost else exact} {made}"]


def save_page(
    session: Session,
    path: str | PathLike[str],
    genes: Sequence[str] | None,
    cell_types: Sequence[str] | None,
    precision: str,
    limit: float,
    title: str,
    progress: bool,
) -> Path:
    """`WhatIf.save_page`, for a session."""
    if precision not in PRECISIONS:
        raise ChromolabError(f"precision is {precision!r}; expected one of {', '.join(PRECISIONS)}")
    check_packable(session.all_models)
    dataset = chosen(session, genes, cell_types)
    about, parts = page_data(session, dataset, precision, progress)
    less = f"take fewer genes than {len(about['examples'])} in their cell types or fewer models than "
    less += f'{len(about["models"])}, precision="int8"'
    css = styles("shared/genebox.css", "whatif/lab.css", "shared/alone.css")
    page = alone.html("whatif", css, about, parts, title, introduction(session, dataset, precision))
    return alone.write(page, path, limit, less)
