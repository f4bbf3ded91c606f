"""Questions that the lab answers when asked, in seconds: the smallest edit, doses, a replay, other genes."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd

from chromolab.errors import ChromolabError
from chromolab.learn.edit.apply import edit
from chromolab.learn.edit.course import DOSES, dose, on_all_genes, replay
from chromolab.learn.edit.effect import EXPRESSION, PROBABILITY
from chromolab.learn.edit.kinds import Edit
from chromolab.learn.edit.search import smallest
from chromolab.learn.edit.text import entries
from chromolab.learn.truth.meaning import true_effects
from chromolab.show.widgets.whatif import told
from chromolab.show.widgets.whatif.history import position
from chromolab.show.widgets.whatif.session import Session

SHOWN = {"classification": PROBABILITY, "regression": EXPRESSION}  # what a card shows of a task
ALL = ("smallest", "dose", "replay", "others")
REPLAYED = 60  # edits, the last ones


def offered(session: Session) -> list[str]:
    """The slow questions that are answered, and "letters" where there are any."""
    return [*ALL, *(["letters"] if session.letters else [])]


def smallest_edits(session: Session, task: str, target: object, contacts: bool) -> dict:
    """The smallest edits that bring the gene as it is now to a target."""
    if target is None:
        middle = told.median(session.dataset, session.gene.genes["cell_type"].iloc[0])
        target = 0.5 if task == "classification" else middle
    if isinstance(target, bool) or not isinstance(target, int | float):
        raise ChromolabError(f"target is {str(target)[:40]}; expected a number")
    with _quiet():
        found = smallest(session.models[task], session.edited, target, ranges=session.seen, contacts=contacts)
    rows = [r | {"edits": entries(r["edits"]), "true": _true(session, r["edits"])} for r in found.to_dict("records")]
    return {"target": target, "rows": [{k: v for k, v in r.items() if k != "change"} for r in rows]}


def _true(session: Session, more: list[Edit]) -> float | None:
    """The true log2(RPKM + 1) after the session's edits and more; None where there is no answer."""
    if session.own_causes is None:
        return None
    return true_effects(session.own_causes, session.gene, [*session.edits, *more]).after


def doses(session: Session, task: str, index: int, name: str) -> dict:
    """The prediction with one edit of the list in doses, as `protocol` describes "dose"."""
    at = _position(session, index, name)
    with _quiet():
        table = dose(session.models[task], session.gene, session.edits, at)
    values = _of_models(table[table["quantity"] == SHOWN[task]], "dose")
    return {"doses": list(DOSES), "values": [values[d] for d in DOSES]}


def steps(session: Session, task: str) -> dict:
    """The prediction after each of the last edits, as `protocol` describes "replay"."""
    earlier, last = session.edits[:-REPLAYED], session.edits[-REPLAYED:]
    start = edit(session.gene, earlier) if earlier else session.gene
    with _quiet():
        table = replay(session.models[task], start, last)
    table = table[table["quantity"] == SHOWN[task]]
    words, values = dict(zip(table["step"], table["words"], strict=True)), _of_models(table, "step")
    if earlier:
        words[0] = f"after {len(earlier)} edits"
    return {"steps": [{"step": len(earlier) + int(s), "words": words[s], "values": v} for s, v in values.items()]}


def others(session: Session, index: int, name: str) -> dict:
    """One edit of the list on every gene that it reaches, as `protocol` describes "others"."""
    row = session.gene.genes.iloc[0]
    e = session.edits[_position(session, index, name)]
    with _quiet():
        table = on_all_genes(session.models, session.dataset, [e], str(row["cell_type"]))
    rows: dict[str, dict] = {}
    for r in table.to_dict("records"):
        about = {k: r[k] for k in ("gene_id", "gene_name", "distance", "via")}
        frequency = None if pd.isna(r["frequency"]) else r["frequency"]
        new = about | {"frequency": frequency, "shown": r["gene_id"] == row["gene_id"], "predicted": {}}
        own = rows.setdefault(r["gene_id"], new)
        for task, quantity in SHOWN.items():
            if r["quantity"] == quantity:
                own["predicted"][task] = {k: r[k] for k in ("before", "after", "agree")}
    return {"rows": list(rows.values())}


def _position(session: Session, index: int, name: str) -> int:
    at = position(session.edits, index, name)
    if at is None:
        raise ChromolabError("this edit is not in the list any more; choose another")
    return at


def _of_models(table: pd.DataFrame, key: str) -> dict:
    """{dose or step: one value a model}."""
    return {k: own.sort_values("model")["value"].tolist() for k, own in table.groupby(key)}


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the warning of another scale, which the lab has given already."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield
