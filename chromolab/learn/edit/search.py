"""The smallest edit that brings a prediction to a target: a search from coarse to fine, then over small combinations.

First every 4 kb of the window and every pCRE, each mark erased or set to a high level, and every contact cut or made
strong; then narrower and wider strokes where that moved the prediction most; then, while no single edit reaches the
target, the best edits with a second and a third. All levels are such as the data have, so no edit leaves their range.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.recalibration import Quantiles, track_quantiles
from chromolab.errors import ChromolabError
from chromolab.learn import metrics
from chromolab.learn.edit.apply import edit_each
from chromolab.learn.edit.kinds import (
    DropPcre,
    Edit,
    Paint,
    Scale,
    SetFrequency,
    drop_pcre,
    erase,
    set_depth,
    set_frequency,
)
from chromolab.learn.edit.recipes import one_gene
from chromolab.learn.edit.text import in_words
from chromolab.learn.prediction import predict
from chromolab.learn.runtime import models_of
from chromolab.models.base import Model

HIGH = 0.995  # a mark is set to the depth that this share of the data's bins does not exceed
COARSE, FINE, WIDE = 4_000, (500, 1_000, 2_000), (8_000, 16_000)  # bp
LITTLE = 0.05  # of the high level: where a mark has less there is nothing to erase
REFINED, BEAM, PARTNERS = 8, 6, 24  # places looked at more closely; best edits that get a partner; partners tried
CONTACT = 1_000  # bp of full signal that the change of a contact counts as


def smallest(
    models: Model | Sequence[Model] | Mapping[Any, Any],
    gene: Dataset,
    target: float | None = None,
    *,
    ranges: Dataset | Quantiles,
    marks: Sequence[str] | None = None,
    contacts: bool = True,
    most: int = 3,
    rows: int = 10,
    **prediction: Any,
) -> pd.DataFrame:
    """The smallest edits found that bring the mean prediction of a gene to a target.

    Parameters
    ----------
    models : model, list of models
        All of one task.
    gene : Dataset
        One example: `ds.gene("...")`; or one that has been edited.
    target : float, optional
        What the mean over the models shall reach: a chance between 0 and 1 for classifiers, log2(RPKM + 1) for
        regressors; from where the gene is now, up or down. Default, for classifiers only: the other side of 0.5.
    ranges : Dataset or Quantiles
        The data, or `cl.data.track_quantiles` of them: they say what level of a mark is high.
    marks : sequence of str, optional
        Marks that may be changed. Default: all that the models read.
    contacts : bool
        Whether contacts may be changed: cut, or made as frequent as the gene's most frequent one.
    most : int
        Edits that may be combined.
    rows : int
        Rows of the result.
    **prediction
        Passed to `cl.predict`.

    Returns
    -------
    DataFrame
        A row for each solution, the best first: edits (list of Edit), words, strokes (how many edits), size (kb of full
        signal: the changed depth as a share of the mark's high level, summed over the bases; a changed contact counts
        as 1 kb), before, after (means over the models), change, agree (share of the models whose prediction moves that
        way), reached. Those that reach the target come first, by strokes and then by size; of solutions that differ
        only by a shifted stroke the best is kept. If none reaches it, those that come nearest.

    Raises
    ------
    ChromolabError
        For models of several tasks, a target that is missing, out of range or where the gene is already, or more than
        one example.
    """
    one_gene(gene)
    search = _Search(
        models_of(models), gene, ranges if isinstance(ranges, Quantiles) else track_quantiles(ranges), prediction
    )
    goal = search.goal(target)
    known = list(search.models[0].marks if marks is None else marks)
    gene.mark_columns(known)
    found = search.tried([[e] for e in search.coarse(known, contacts)])
    found += search.tried([[e] for e in search.finer(_first(found, goal, REFINED))])
    singles = best = _first(found, goal, len(found))
    for _ in range(most - 1):
        if any(goal.reached(t) for t in found):
            break
        pairs = [[*a.edits, *b.edits] for a in best[:BEAM] for b in singles[:PARTNERS] if not a.overlaps(b)]
        more = search.tried(pairs)
        found, best = found + more, _first(more, goal, len(more))
    return pd.DataFrame(
        [
            {
                "edits": t.edits,
                "words": "; ".join(map(in_words, t.edits)),
                "strokes": len(t.edits),
                "size": t.size,
                "before": goal.before,
                "after": t.after,
                "change": t.after - goal.before,
                "agree": float((t.signs == goal.way).mean()),
                "reached": goal.reached(t),
            }
            for t in _distinct(_ranked(found, goal), rows)
        ],
        columns=["edits", "words", "strokes", "size", "before", "after", "change", "agree", "reached"],
    )


@dataclass(frozen=True)
class _Goal:
    """A target, and the mean prediction before any edit; `way` is 1 for up and -1 for down."""

    target: float
    before: float
    way: int

    def reached(self, t: "_Tried") -> bool:
        return self.way * (t.after - self.target) >= 0


@dataclass(frozen=True)
class _Tried:
    """Edits, their size (kb), the mean prediction after them, the mean change on a scale where changes add, and each
    model's sign."""

    edits: list[Edit]
    size: float
    after: float
    change: float
    signs: np.ndarray

    def overlaps(self, other: "_Tried") -> bool:
        """Whether an edit of both changes the same thing."""
        return any(_meets(a, b) for a in self.edits for b in other.edits)


def _meets(a: Edit, b: Edit) -> bool:
    if isinstance(a, DropPcre | SetFrequency) or isinstance(b, DropPcre | SetFrequency):
        return (
            isinstance(a, DropPcre | SetFrequency) and isinstance(b, DropPcre | SetFrequency) and a.region == b.region
        )
    same = getattr(a, "mark", "") == getattr(b, "mark", "") and a.chrom == b.chrom
    return same and a.start < b.end and b.start < a.end


class _Search:
    """Candidates, and what models predict of them."""

    def __init__(self, models: list[Model], gene: Dataset, seen: Quantiles, prediction: dict):
        if len({m.task for m in models}) > 1:
            raise ChromolabError("these models have two tasks, and a target belongs to one; pass those of one task")
        self.models, self.gene = models, gene.compact()
        places = zip(*(self.gene.signal.regions[c] for c in _Place._fields), strict=True)
        self._places = [_Place(str(chrom), int(start), int(end)) for chrom, start, end in places]
        self.prediction = {"progress": False} | prediction
        self.high = {m: seen.depth(m, HIGH) for m in gene.marks if m in seen.scales}
        outputs = [predict(m, self.gene, **self.prediction) for m in models]
        self.before = np.array([metrics.log_odds_or_expression(out)[0] for out in outputs])
        self.level = float(np.mean([metrics.probability_or_expression(out)[0] for out in outputs]))

    def goal(self, target: float | None) -> _Goal:
        classifies = self.models[0].task == "classification"
        if target is None and not classifies:
            raise ChromolabError("target is None; name the log2(RPKM + 1) that the prediction shall reach")
        wanted = 0.5 if target is None else float(target)
        if not np.isfinite(wanted) or (classifies and not 0 < wanted < 1):
            raise ChromolabError(
                f"target is {wanted}; expected {'a chance between 0 and 1' if classifies else 'a number'}"
            )
        if wanted == self.level:
            raise ChromolabError(f"the mean prediction is {wanted} already; name another target")
        return _Goal(wanted, self.level, 1 if wanted > self.level else -1)

    def tried(self, variants: list[list[Edit]]) -> list[_Tried]:
        """What the models predict of each list of edits; those outside the range of the data are left out."""
        if not variants:
            return []
        edited = edit_each(self.gene, variants)
        outputs = [predict(m, edited, **self.prediction) for m in self.models]
        after = np.mean([metrics.probability_or_expression(out) for out in outputs], 0)
        change = np.array([metrics.log_odds_or_expression(out) for out in outputs]) - self.before[:, None]
        return [
            _Tried(
                edits, sum(map(self.size, edits)), float(after[i]), float(change[:, i].mean()), np.sign(change[:, i])
            )
            for i, edits in enumerate(variants)
        ]

    # ----- candidates -------------------------------------------------------------------------------------------------

    def coarse(self, marks: Sequence[str], contacts: bool) -> list[Edit]:
        """Each mark erased or raised over each 4 kb of the window and each pCRE; each contact cut or made strong."""
        edits: list[Edit] = []
        for number, region in enumerate(self._regions()):
            step = COARSE if number == 0 else region.end - region.start
            for start in range(region.start, region.end, step):
                edits += self._strokes(marks, region.chrom, start, min(start + step, region.end))
        if contacts and len(pcres := self.gene.pcres(0)):
            most = float(pcres["frequency"].max())
            for p in pcres.to_dict("records"):
                place = f"{p['chrom']}:{p['start']}-{p['end']}"
                edits.append(drop_pcre(place))
                edits += [set_frequency(place, most)] if p["frequency"] < most else []
        return edits

    def finer(self, best: list[_Tried]) -> list[Edit]:
        """Narrower and wider strokes around the best coarse ones."""
        edits: dict[Edit, None] = {}
        for t in best:
            (e,) = t.edits
            if not isinstance(e, Scale | Paint):
                continue
            region = next(r for r in self._regions() if r.chrom == e.chrom and r.start <= e.start and e.end <= r.end)
            places = [(s, s + w) for w in FINE for s in range(e.start, e.end - w + 1, max(w // 2, self.gene.bin_size))]
            middle = (e.start + e.end) // 2
            places += [(max(middle - w // 2, region.start), min(middle + w // 2, region.end)) for w in WIDE]
            for start, end in places:
                for new in self._strokes([e.mark], e.chrom, start, end):
                    if type(new) is type(e):
                        edits[new] = None
        return list(edits)

    def _strokes(self, marks: Sequence[str], chrom: str, start: int, end: int) -> list[Edit]:
        """Each mark erased where it has signal, and set to its high level where it is lower."""
        start = max(start, 0)
        if start >= end:
            return []
        region, edits = f"{chrom}:{start}-{end}", list[Edit]()
        for mark in marks:
            high, depth = self.high.get(mark, 0.0), self._depth(mark, chrom, start, end)
            if high > 0 and len(depth):
                edits += [erase(mark, region)] if np.nanmax(depth) > LITTLE * high else []
                edits += [set_depth(mark, region, float(f"{high:.3g}"))] if np.nanmean(depth) < high else []
        return edits

    def size(self, e: Edit) -> float:
        """kb of full signal that an edit changes."""
        if not isinstance(e, Scale | Paint):
            return CONTACT / 1_000
        depth = self._depth(e.mark, e.chrom, e.start, e.end)
        new = depth * e.factor if isinstance(e, Scale) else np.full(len(depth), e.depths[0])
        return float(np.nansum(np.abs(new - depth)) * self.gene.bin_size / self.high[e.mark] / 1_000)

    def _regions(self) -> list["_Place"]:
        return [self._places[row] for row in (self.gene.promoter[0], *self.gene.pcre[0][self.gene.pcre[0] >= 0])]

    def _depth(self, mark: str, chrom: str, start: int, end: int) -> np.ndarray:
        """Depth of a mark in the bins of a place, of the first region that holds it; without bins that have no data."""
        signal, column = self.gene.signal, self.gene.marks.index(mark)
        for row, r in enumerate(self._places):
            if r.chrom == chrom and r.start <= start and end <= r.end:
                first = signal.offsets[row] + (start - r.start) // signal.bin_size
                depth = signal.depth[first : signal.offsets[row] + -(-(end - r.start) // signal.bin_size), column]
                return depth[~np.isnan(depth)].astype(float)
        return np.zeros(0)


class _Place(NamedTuple):
    chrom: str
    start: int
    end: int


def _first(found: list[_Tried], goal: _Goal, count: int) -> list[_Tried]:
    """Those that move the prediction most in the wanted direction."""
    return [t for t in sorted(found, key=lambda t: -goal.way * t.change) if goal.way * t.change > 0][:count]


def _ranked(found: list[_Tried], goal: _Goal) -> list[_Tried]:
    """Those that reach the target by strokes and size; else all, by how near they come to it."""
    if reaching := [t for t in found if goal.reached(t)]:
        return sorted(reaching, key=lambda t: (len(t.edits), t.size))
    return sorted(found, key=lambda t: (-goal.way * t.change, len(t.edits), t.size))


def _distinct(ranked: list[_Tried], rows: int) -> list[_Tried]:
    """Of those that do alike in about the same places, the first."""
    kept: list[_Tried] = []
    for t in ranked:
        if len(kept) == rows:
            break
        if not any(
            len(k.edits) == len(t.edits) and all(any(_alike(a, b) for b in k.edits) for a in t.edits) for k in kept
        ):
            kept.append(t)
    return kept


def _alike(a: Edit, b: Edit) -> bool:
    """Whether both do the same to the same contact, or to the same mark less than 4 kb apart."""
    if type(a) is not type(b) or getattr(a, "mark", "") != getattr(b, "mark", ""):
        return False
    far = 0 if isinstance(a, DropPcre | SetFrequency) else COARSE
    return a.chrom == b.chrom and a.start < b.end + far and b.start < a.end + far
