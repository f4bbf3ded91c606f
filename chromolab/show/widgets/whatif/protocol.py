"""What the page of the what-if lab asks, and what it is answered: in a kernel, or by a page alone.

Requests are JSON, {"kind": ...}; answers are JSON and binary buffers: float32, little-endian, in C order, NaN where
there are no data. Places are 0-based and half open, in bp; a task is "classification" or "regression"; "row" counts in
`gene.signal.regions`. Every answer may hold "error": words; then nothing has changed.

hello; gene (gene_id, cell_type) -> state, with "gene" and "recipes", "neighbours", "notices", "missions", "words",
    "can"
    Show the gene; buffers: depth after the edits, depth before them, (bins, marks) each.
act (actions: list, see `Session.act`) -> state
    Buffer: depth after the edits.
state: kind "state", regions (see `regions_of`), edits (how many), undo, redo (whether there is one), predicted
    {task: {"before": one number a model, "after"}}: chance of being expressed, or log2(RPKM + 1); note: words on what
    was done, or null.
about the gene: gene_id, gene_name, cell_type, cell_types, chrom, tss, strand, start, end, fold, measured {task: label
    0 or 1, log2(RPKM + 1), or null}, bin_size, window, origin, tops (a mark's depth that few bins exceed), bins
    ([[start, end]] of every bin that a `WholeGene` among the models reads of the gene; null without one).
notices: list of words to stand at the top for as long as the lab is open: what the models did not learn from.
recipes: [{"name", "what": a sentence, "why": null, or why it cannot be applied to the gene as it is now}].
missions: [{"name", "text", "hint", "gene_id", "cell_type", "solved"}], none but in the default teaching genome.
words: {word: sentence}, to show on hover.
can: which of the slow questions "smallest", "dose", "replay" and "others" are answered here, and "letters" if there are
    any; the page offers no other.
neighbours: for each of `regions` without added ones, see `Surroundings.of`:
    {"genes": [{gene_id, name, strand, tss, start, end, exons: [[start, end]] or null, own}],
    "fragments": [{start, end, genes: names}]}.
settle -> after a pause: predicted (equal to `cl.predict` to the bit), list [[words, id]] of the last edits, first (how
    many are not listed), factors [{mark, chrom, start, end, factor}], warnings (words), recipes (as above), solved
    (names of missions), and true: null without a simulated world, else
    {"tasks": {"regression": {"unit", "before", "after", "change"},
               "classification": {"unit", "median", "before", "after", "words"}},
     "parts": [{"what", "change": of log2(RPKM + 1), "effect": of log2 transcription}], "refused": [words]}
    The true values are expected ones, before reads are counted, in the unit of the prediction; a classifier's are
    "above" or "below" the cell type's median. after and change are null if one of the edits is refused; parts are the
    causes that are changed, each alone.
carried (task) -> what carried the change, mean over the task's models: unit ("log-odds", "log2(RPKM + 1)"), models (how
    many), change (of the mean: the scores sum to it), low and high (least and greatest change of a model), agree (share
    of the models whose change has its sign), contacts (one score or null for each of `regions`), reasons [{"row",
    "mark" (null: the contact), "score", "low", "high", "agree"}] by falling size. Buffers: mean score (bins, marks);
    share of the models with its sign (bins, marks).
attention (task) -> mean over the task's models: shares (one or null for each of `regions`; sum 1), low and high (the
    least and greatest of a model). Buffer: attention of each bin relative to even attention (bins,).
search (text) -> found [{gene_id, gene_name, cell_types}].
compare (gene_id, cell_type; the gene shown in another cell type, too) -> name, gene_id, cell_type, cell_types,
    predicted {task: one number a model}, measured {task}, contacts [{chrom, start, end, frequency}]. Buffer: depth of
    its window (bins, marks), in the direction of the gene shown, aligned by the TSS.
smallest (task, target: a number or null; contacts: whether they may change, default true) -> target, rows, the best
    first: [{"edits": as `act` adds them, "words", strokes, size (kb of full signal), before, after, agree, reached,
    "true": log2(RPKM + 1) that is truly expected after it, or null}]: the smallest edits found that bring the gene, as
    it is now, to the target (`cl.edits.smallest`; it takes seconds).
    Without a target: to the other side of 0.5, or of the cell type's median.
dose (task; index and name of an edit, from `list`) -> doses (0: without the edit, 1: the edit, 2: twice as far), values
    [[one prediction a model] for each dose]: `cl.edits.dose`.
replay (task) -> steps [{"step", "words", "values": one prediction a model}]: after each of the last 60 edits, the first
    before them: `cl.edits.replay`.
others (index and name of an edit) -> rows, by falling change [{gene_id, gene_name, distance, via, frequency, predicted
    {task: {before, after, agree}}, shown: whether it is the gene shown}]: that edit alone on every gene of the cell
    type that it reaches, `cl.edits.on_all_genes`. A page alone knows its own genes only: among says how many.
letters (row, bin: counted in its region) -> what stands there, see `Letters.at`.
text -> python (a script that runs as a whole), json (a file of edits that names gene, cell type, models and version).
open (text of such a file) -> state as after "gene": the file's gene, with the file's edits.

A page alone (`whatif/local`, where the model's "alone" is true) refuses the questions that its "can" lacks, and offers
the missions that need no simulation; all else it answers as Python does, which tests hold (helpers/conversations.py).
"""

import warnings
from typing import Any

import numpy as np

from chromolab.errors import ChromolabError
from chromolab.learn.edit.effect import EXPRESSION, LOG_ODDS
from chromolab.learn.edit.kinds import Scale
from chromolab.learn.edit.text import in_words
from chromolab.learn.explain.attention_maps import looked_at
from chromolab.learn.explain.change import carried_by
from chromolab.show.figures.style import name_of
from chromolab.show.widgets.base import floats
from chromolab.show.widgets.letters import Letters
from chromolab.show.widgets.whatif import files, missions, questions, told
from chromolab.show.widgets.whatif.history import named
from chromolab.show.widgets.whatif.script import script
from chromolab.show.widgets.whatif.session import Session
from chromolab.show.widgets.whatif.surroundings import bins_read

UNITS_OF_CHANGE = {"classification": LOG_ODDS, "regression": EXPRESSION}
LISTED = 200  # edits that the page lists, the last ones; a saved file and the Python code have all
Answer = tuple[dict, list[bytes]]


def answer(session: Session, request: dict) -> Answer:
    """Answer one request of a page, which is not trusted.

    Parameters
    ----------
    session : Session
    request : dict
        As described above.

    Returns
    -------
    (dict, list of bytes)
        Plain values, and buffers.

    Raises
    ------
    ChromolabError
        For an unknown request, gene or file. What actions cannot do stands in "error" of the state instead.
    """
    match request:
        case {"kind": "hello"}:
            return _state(session, gene=True)
        case {"kind": "gene", "gene_id": str(gene), "cell_type": str(cell)}:
            session.choose(gene, cell)
            return _state(session, gene=True)
        case {"kind": "act", "actions": list(actions)} if all(isinstance(a, dict) for a in actions):
            return _state(session, error=_acted(session, actions))
        case {"kind": "settle"}:
            return _settled(session), []
        case {"kind": "carried", "task": str(task)} if task in session.models:
            return _carried(session, task)
        case {"kind": "attention", "task": str(task)} if task in session.models:
            return _attention(session, task)
        case {"kind": "search", "text": str(text)}:
            return {"found": session.search(text)}, []
        case {"kind": "compare", "gene_id": str(gene), "cell_type": str(cell)}:
            return _compared(session, gene, cell)
        case {"kind": "smallest", "task": str(task)} if task in session.models:
            return questions.smallest_edits(
                session, task, request.get("target"), request.get("contacts") is not False
            ), []
        case {"kind": "dose", "task": str(task), "index": int(index), "name": str(name)} if task in session.models:
            return questions.doses(session, task, index, name), []
        case {"kind": "replay", "task": str(task)} if task in session.models:
            return questions.steps(session, task), []
        case {"kind": "others", "index": int(index), "name": str(name)}:
            return questions.others(session, index, name), []
        case {"kind": "letters", "row": int(row), "bin": int(number)} if session.letters:
            return _letters(session.letters, session, row, number), []
        case {"kind": "text"}:
            return {
                "python": script(session),
                "json": files.written(session.edits, session.gene, session.all_models),
            }, []
        case {"kind": "open", "text": str(text)}:
            session.open(text)
            return _state(session, gene=True)
    raise ChromolabError(f"the lab does not know the request {str(request)[:200]}")


def _acted(session: Session, actions: list) -> str | None:
    """Carry out the actions, or return why not; the browser gets the current state either way."""
    try:
        session.act(actions)
    except ChromolabError as error:
        return str(error)
    return None


def _state(session: Session, gene: bool = False, error: str | None = None) -> Answer:
    after = session.after if session.edits else session.before
    state = {
        "kind": "state",
        "regions": session.regions(),
        "edits": len(session.edits),
        "error": error,
        "note": session.note,
        "undo": len(session.history.past) > 1,
        "redo": bool(session.history.future),
        "predicted": {t: {"before": b.tolist(), "after": after[t].tolist()} for t, b in session.before.items()},
    }
    parts = [floats(session.edited.signal.depth)]
    if gene:
        state["gene"] = _about_gene(session)
        state |= {"recipes": told.recipes(session.edited), "notices": told.notices(session.all_models, session.dataset)}
        state |= {"missions": missions.offered(session), "words": told.WORDS, "can": questions.offered(session)}
        state["neighbours"] = session.surroundings.of(session.gene)
        parts.append(floats(session.gene.signal.depth))
    return state, parts


def _about_gene(session: Session) -> dict:
    row, signal = session.gene.genes.iloc[0], session.gene.signal
    plain = {k: _plain(row.get(k)) for k in ("gene_id", "gene_name", "cell_type", "chrom", "tss", "strand")}
    return plain | {
        "start": _plain(row.get("start")),
        "end": _plain(row.get("end")),
        "fold": _plain(row.get("fold")),
        "measured": _measured(row),
        "cell_types": session.cell_types(row["gene_id"]),
        "bin_size": signal.bin_size,
        "window": session.gene.window,
        "origin": session.gene.origin,
        "tops": session.tops,
        "bins": session.whole and bins_read(session.whole, session.gene),
    }


def _measured(row) -> dict:
    return {"classification": _plain(row.get("label")), "regression": _plain(row.get("log2_expression"))}


def _settled(session: Session) -> dict:
    """What is computed after a pause: exact numbers, the list of edits, warnings, true values, recipes."""
    exact, true = session.exact, session.true_effects()
    cell = session.gene.genes["cell_type"].iloc[0]
    return {
        "predicted": {t: {when: own[t].tolist() for when, own in exact.items()} for t in session.models},
        "list": [[in_words(e), named(e)] for e in session.edits[-LISTED:]],
        "first": max(0, len(session.edits) - LISTED),
        "warnings": session.warnings(),
        "recipes": told.recipes(session.edited),
        "solved": missions.solved(session),
        "true": true and told.in_units(true, told.median(session.dataset, cell), list(session.models)),
        "factors": [
            {"mark": e.mark, "chrom": e.chrom, "start": e.start, "end": e.end, "factor": e.factor}
            for e in session.edits
            if isinstance(e, Scale)
        ],
    }


def _carried(session: Session, task: str) -> Answer:
    """What carried the change: the mean over all models of the task, and how far they agree."""
    models, regions, signal = session.models[task], session.regions(), session.edited.signal
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of another scale: the lab has said it
        each = [carried_by(m, session.gene, session.edits, steps=4) for m in models]
    scores, contacts = np.stack([s for s, _ in each]), {r: np.array([c[r] for _, c in each]) for r in each[0][1]}
    reasons = [{"row": row, "mark": None, **_agreeing(value)} for row, value in contacts.items()]
    for r in regions:
        here = scores[:, signal.offsets[r["row"]] : signal.offsets[r["row"] + 1]].sum(1)  # (models, marks)
        marks = zip(session.gene.marks, here.T, strict=True)
        reasons += [{"row": r["row"], "mark": m, **_agreeing(value)} for m, value in marks if value.any()]
    change = scores.sum((1, 2)) + sum(contacts.values())
    mean = scores.mean(0)
    reply: dict[str, Any] = {"unit": UNITS_OF_CHANGE[task], "models": len(models), **_agreeing(change)}
    reply["change"] = reply.pop("score")
    reply["contacts"] = [float(contacts[r["row"]].mean()) if r["row"] in contacts else None for r in regions]
    reply["reasons"] = sorted(reasons, key=lambda reason: -abs(reason["score"]))
    agree = np.where(mean != 0, (np.sign(scores) == np.sign(mean)).mean(0), 0)
    return reply, [floats(mean), floats(agree)]


def _agreeing(values: np.ndarray) -> dict[str, float]:
    """One number a model, (models,), as their mean, least and greatest, and the share that has the mean's sign."""
    mean = float(values.mean())
    agree = float((np.sign(values) == np.sign(mean)).mean())
    return {"score": mean, "low": float(values.min()), "high": float(values.max()), "agree": agree}


def _attention(session: Session, task: str) -> Answer:
    """Attention: the mean over all models of the task, with the least and greatest share of each region."""
    each = [looked_at(m, session.edited) for m in session.models[task]]
    rows = [r["row"] for r in session.regions()]
    known = [own for _, own in each if own]  # a model without regulation layers has no shares
    shares = {row: np.array([own[row] for own in known]) for row in (known[0] if known else ())}
    parts = {"shares": np.mean, "low": np.min, "high": np.max}
    reply = {name: [float(f(shares[row])) if row in shares else None for row in rows] for name, f in parts.items()}
    read = np.ma.masked_invalid([level for level, _ in each])  # by some of the models: their mean
    return reply, [floats(read.mean(0).filled(np.nan))]


def _letters(letters: Letters, session: Session, row: int, number: int) -> dict:
    """What stands in a bin of one of the regions shown."""
    region = next((r for r in session.regions() if r["row"] == row and 0 <= number < r["bins"]), None)
    if region is None:
        raise ChromolabError(f"this gene has no bin {number} of region {row}")
    start = region["start"] + number * session.gene.bin_size
    place = region["chrom"], region["start"], region["end"]
    return letters.at(place, start, min(start + session.gene.bin_size, region["end"]))


def _compared(session: Session, gene: str, cell: str) -> Answer:
    """Another gene, or this one in another cell type: its window to draw over this one's."""
    other = session.dataset.gene(gene, cell)
    depth = other.promoter_depth()[0]
    depth = depth[::-1] if session.gene.genes["strand"].iloc[0] == "-" else depth
    row = other.genes.iloc[0]
    pcres = other.pcres(0)[["chrom", "start", "end", "frequency"]]
    return {
        "name": name_of(row),
        "gene_id": str(row["gene_id"]),
        "cell_type": str(row["cell_type"]),
        "cell_types": session.cell_types(row["gene_id"]),
        "predicted": {t: p.tolist() for t, p in session.predicted(other).items()},
        "measured": _measured(row),
        "contacts": [{k: _plain(v) for k, v in r.items()} for r in pcres.to_dict("records")],
    }, [floats(depth)]


def _plain(value):
    """A value as JSON can hold it; None where it is missing."""
    if value is None or (isinstance(value, float | np.floating) and not np.isfinite(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value
