"""An edit in doses, a list of edits step by step, and one edit on every gene that it reaches, as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.edit.apply import edit, edit_each
from chromolab.learn.edit.effect import effect, quantities
from chromolab.learn.edit.kinds import AddPcre, DropPcre, Edit, Paint, Scale, SetFrequency
from chromolab.learn.edit.recipes import one_gene
from chromolab.learn.edit.text import in_words
from chromolab.learn.prediction import predict
from chromolab.learn.runtime import models_of
from chromolab.models.base import Model

DOSES = tuple(n / 4 for n in range(9))  # 0 to 2


def dose(
    models: Model | Sequence[Model] | Mapping[Any, Any],
    gene: Dataset,
    edits: Sequence[Edit],
    index: int | None = None,
    doses: Sequence[float] = DOSES,
    **prediction: Any,
) -> pd.DataFrame:
    """Predict a gene with an edit in several doses: is half of it enough, does twice as much do more?

    Parameters
    ----------
    models : model, list of models, or {anything: model or list}
    gene : Dataset
        One example, before the edits.
    edits : list of Edit
    index : int, optional
        The edit of the list that is given in doses; the others stay. Default: all of them.
    doses : sequence of float
        0 is the gene without the edit, 1 the edit, 2 twice as far from where it was; depths and frequencies stop at 0.
    **prediction
        Passed to `cl.predict`.

    Returns
    -------
    DataFrame
        dose, quantity ("probability" and "log-odds" of classifiers, "log2(RPKM + 1)" of regressors), model (from 0),
        value.

    Raises
    ------
    ChromolabError
        For more than one example, an index that the list lacks, a negative dose, and as `cl.edit` does.
    """
    one_gene(gene)
    edits = list(edits)
    if not edits or (index is not None and not -len(edits) <= index < len(edits)):
        raise ChromolabError(f"index is {index}, and there are {len(edits)} edits; name one of them")
    if wrong := [d for d in doses if not (np.isfinite(d) and d >= 0)]:
        raise ChromolabError(f"dose {wrong[0]}; expected 0 or more")
    which = range(len(edits)) if index is None else [index % len(edits)]
    before = {i: _before(gene, edits, i) for i in which}
    variants = [[_dosed(e, d, before[i]) if i in before else e for i, e in enumerate(edits)] for d in doses]
    told = _predicted(models, edit_each(gene, variants), prediction)
    return told.assign(dose=np.asarray(doses, float)[told.pop("variant")])[["dose", "quantity", "model", "value"]]


def replay(
    models: Model | Sequence[Model] | Mapping[Any, Any], gene: Dataset, edits: Sequence[Edit], **prediction: Any
) -> pd.DataFrame:
    """Predict a gene after each edit of a list: which step did it?

    Parameters
    ----------
    models : model, list of models, or {anything: model or list}
    gene : Dataset
        One example, before the edits.
    edits : list of Edit
    **prediction
        Passed to `cl.predict`.

    Returns
    -------
    DataFrame
        step (0: before all edits), words (of the edit that was added), quantity, model (from 0), value: the prediction
        after that many edits. A step that leaves an added element without data has no rows.

    Raises
    ------
    ChromolabError
        For more than one example, and as `cl.edit` does for the whole list.
    """
    one_gene(gene)
    edits = list(edits)
    edit(gene, edits)
    steps = [n for n in range(len(edits) + 1) if n == len(edits) or _applies(gene, edits[:n])]
    told = _predicted(models, edit_each(gene, [edits[:n] for n in steps]), prediction)
    step = np.array(steps)[told.pop("variant")]
    words = np.array(["as it was", *map(in_words, edits)], object)[step]
    return told.assign(step=step, words=words)[["step", "words", "quantity", "model", "value"]]


def on_all_genes(
    models: Model | Sequence[Model] | Mapping[Any, Any],
    dataset: Dataset,
    edits: Sequence[Edit],
    cell_type: str,
    **prediction: Any,
) -> pd.DataFrame:
    """Predict what edits do to every gene that they reach: in its window, in a whole gene, or through a contact.

    Parameters
    ----------
    models : model, list of models, or {anything: model or list}
    dataset : Dataset
        All genes; of those in the cell type, the ones that an edit reaches are edited.
    edits : list of Edit
        Not `cl.add_pcre`, which belongs to one gene.
    cell_type : str
    **prediction
        Passed to `cl.predict`.

    Returns
    -------
    DataFrame
        For each gene and quantity, genes by falling change: gene_id, gene_name, cell_type, distance (bp from the TSS to
        the middle of the nearest edit, negative where the edit lies upstream), via ("window", "contact" or "both";
        "gene" where the edits lie in the whole gene alone), frequency (of the strongest contact that is reached, NaN
        without one), and the columns of `cl.effect`: quantity, before, after, change, spread, agree, models.

    Raises
    ------
    ChromolabError
        If no gene of the cell type is reached, for `cl.add_pcre`, and as `cl.edit` does.
    """
    edits = list(edits)
    if added := [e for e in edits if isinstance(e, AddPcre)]:
        raise ChromolabError(
            f"add_pcre {added[0].region} belongs to one gene; leave it out, or use cl.effect for its gene"
        )
    rows = np.flatnonzero((dataset.genes["cell_type"] == cell_type).to_numpy())
    touched = _touched(dataset, edits)
    window, contact = touched[dataset.promoter[rows]], touched[dataset.pcre[rows]] & (dataset.pcre[rows] >= 0)
    body = window if dataset.body is None else touched[dataset.body[rows]]
    reached = window | body | contact.any(1)
    if not reached.any():
        raise ChromolabError(f"these edits reach no gene in {cell_type}, neither its window nor a contact of it")
    window, contact, rows = window[reached], contact[reached], rows[reached]
    some = dataset.select(rows).compact()
    strongest = np.where(contact, some.frequency, np.nan)
    about = some.genes[["gene_id", "gene_name"]].assign(
        distance=[_distance(gene, edits) for gene in some.genes.to_dict("records")],
        via=np.select([window & contact.any(1), window, contact.any(1)], ["both", "window", "contact"], "gene"),
        frequency=[np.nanmax(f) if c.any() else np.nan for f, c in zip(strongest, contact, strict=True)],
    )
    found = about.merge(effect(models, some, edits, **({"progress": False} | prediction)).table, on="gene_id")
    order = np.argsort(-found["change"].abs().to_numpy(), kind="stable")
    names = ["gene_id", "gene_name", "cell_type", "distance", "via", "frequency"]
    return found.iloc[order][[*names, *(c for c in found if c not in names)]].reset_index(drop=True)


def _predicted(models, variants: Dataset, prediction: dict) -> pd.DataFrame:
    """variant, quantity, model, value."""
    parts = []
    for number, model in enumerate(models_of(models)):
        out = predict(model, variants, **({"progress": False} | prediction))
        for quantity, value in quantities(out).items():
            parts.append({"variant": np.arange(len(value)), "quantity": quantity, "model": number, "value": value})
    return pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)


def _applies(gene: Dataset, edits: list[Edit]) -> bool:
    try:
        edit(gene, edits)
    except ChromolabError:
        return False
    return True


def _touched(dataset: Dataset, edits: list[Edit]) -> np.ndarray:
    """Which regions edits reach, (regions + 1,): a contact's own, what a track covers; the last, False, serves -1."""
    r, touched = dataset.signal.regions, np.zeros(len(dataset.signal.regions) + 1, bool)
    chrom, start, end = (r[c].to_numpy() for c in ("chrom", "start", "end"))
    for e in edits:
        if isinstance(e, Scale | Paint):
            touched[:-1] |= (chrom == e.chrom) & (start < e.end) & (end > e.start)
        else:
            touched[:-1] |= (chrom == e.chrom) & (start == e.start) & (end == e.end)
    return touched


def _distance(gene: Mapping, edits: list[Edit]) -> int:
    """bp along the gene from its TSS to the middle of the nearest edit."""
    away = [(e.start + e.end) // 2 - int(gene["tss"]) for e in edits if e.chrom == gene["chrom"]]
    nearest = min(away, key=abs)
    return -nearest if gene["strand"] == "-" else nearest


def _before(gene: Dataset, edits: list[Edit], index: int) -> Edit:
    """What was there before an edit, as an edit of the same place: paint with the depth, or a contact's frequency."""
    e, earlier = edits[index], edits[:index]
    if isinstance(e, DropPcre | SetFrequency):
        now = edit(gene, [x for x in earlier if not isinstance(x, Scale | Paint)]).pcres(0)
        same = (now["chrom"] == e.chrom) & (now["start"] == e.start) & (now["end"] == e.end)
        return SetFrequency(e.chrom, e.start, e.end, float(now["frequency"][same].iloc[0]) if same.any() else 0.0)
    if not isinstance(e, Paint):
        return e
    known, step = (
        edit(gene, earlier) if _applies(gene, earlier) else gene,
        e.step if len(e.depths) > 1 else gene.bin_size,
    )
    middles = [(start + min(start + step, e.end)) // 2 for start in range(e.start, e.end, step)]
    return replace(e, depths=tuple(_depth_at(known, e.mark, e.chrom, at) for at in middles), step=step)


def _depth_at(gene: Dataset, mark: str, chrom: str, at: int) -> float | None:
    """The depth of the bin that holds a base; None where there is no such bin or it has no data."""
    signal, column = gene.signal, gene.marks.index(mark)
    for row, r in enumerate(signal.regions.to_dict("records")):
        if r["chrom"] == chrom and r["start"] <= at < r["end"]:
            depth = float(signal.depth[signal.offsets[row] + (at - r["start"]) // signal.bin_size, column])
            return None if np.isnan(depth) else depth
    return None


def _dosed(e: Edit, dose: float, before: Edit) -> Edit:
    """An edit in a dose, given what was there before it."""

    def between(was: float, now: float) -> float:
        return max(was + dose * (now - was), 0.0)

    match e, before:
        case (_, _) if dose == 1:
            return e
        case (Scale(), _):
            return replace(e, factor=between(1.0, e.factor))
        case (AddPcre(), _):
            return replace(e, frequency=between(0.0, e.frequency))
        case (Paint(), Paint()):
            wanted = e.depths * len(before.depths) if len(e.depths) == 1 else e.depths
            pairs = zip(before.depths, wanted, strict=True)
            depths = [new if new is None or was is None else between(was, new) for was, new in pairs]
            return replace(e, depths=tuple(depths), step=before.step)
        case (DropPcre() | SetFrequency(), SetFrequency()):
            return replace(before, frequency=between(before.frequency, getattr(e, "frequency", 0.0)))
    raise ChromolabError(f"{e!r} has no dose")
