"""What edits of tracks and contacts mean for the causes behind them, and their true effect. All of it is simulated.

Marks are consequences in the teaching genome: an edit of a track stands for a change of the cause that the marks there
show. Half of an enhancer's acetylation is half of its activity; a promoter without its acetylation is shut; without
H3K27me3, Polycomb has let go, and with more of it Polycomb pulls harder; H3K36me3 and H3K9me3 drive nothing. An edit of
a contact is a change of the contact. All edits of a gene are made together, and its transcription is simulated once
again. What no cause can stand for is refused in words. What other promoters bring, which is little, stays as it is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import AddPcre, ChangeMotif, DropPcre, Edit, Paint, SetFrequency
from chromolab.learn.truth.strokes import Strokes
from chromolab.world.answers.causes import HELD, Causes
from chromolab.world.folding import FARTHEST
from chromolab.world.levels import PULLED
from chromolab.world.parameters import BIN
from chromolab.world.patterns import PRIMED, SHOWN_BY, Shapes
from chromolab.world.regulation import PULL

PLACE = 500  # bp to each side of an element's centre, or of the promoter: an edit counts by the share that it covers
SIDE = 2_000  # bp around such a place in which its marks may lie
UNDONE = {  # what the loss of marks at a promoter undoes (a method of `Causes`), in words, and the marks
    Causes.closed: ("openness of the promoter undone", ("H3K4me3", "H3K9ac", "H3K27ac")),
    Causes.freed: ("Polycomb at the promoter undone", ("H3K27me3",)),
}
DRIVE_NOTHING = ("H3K36me3", "H3K9me3")
MOST_ACTIVE = 1.2  # an element cannot become more active than that
AS_BEFORE = 0.05  # share by which a promoter's mark may exceed what it was
FAINT = 0.05  # of a strong signal: a promoter with less of a mark has none
BIVALENT_SHOWN = 0.1  # of a strong signal: with so much H3K4me3 a promoter that Polycomb holds is still open
BROAD = 12_000  # bp to each side of a promoter over which Polycomb spreads
WIDTH, NOTICED = 1_000, 0.15  # bp; mean of a strong signal over them from which paint must stand for an element


@dataclass(frozen=True)
class Part:
    """One cause that edits change: `what`, in words, and `edit`, which changes it."""

    what: str
    edit: Callable[[Causes], Causes]


@dataclass(frozen=True)
class TrueEffect:
    """The true effect of a list of edits on a gene in a cell type.

    Attributes
    ----------
    effect, change : float or None
        Change of log2 transcription, and of log2(RPKM + 1), the unit of predictions, by all edits together; None if
        one of the edits was refused.
    before, after : float or None
        log2(RPKM + 1) that is expected without and with the edits, before reads are counted.
    parts : list of {"what", "effect", "change"}
        Every cause that is changed, in words, and what it does alone; single effects need not add up.
    refused : list of str
        What the teaching genome has no answer for, and why.
    """

    effect: float | None
    change: float | None
    before: float
    after: float | None
    parts: list[dict]
    refused: list[str]


def true_effects(causes: Causes, gene: Dataset, edits: Sequence[Edit]) -> TrueEffect:
    """The true effect of edits, found by simulating the gene again with all of them.

    Parameters
    ----------
    causes : Causes
        `world.causes()`: of the whole genome, or `Causes.of_gene` of this gene.
    gene : Dataset
        One example of that world, unedited.
    edits : list of Edit

    Returns
    -------
    TrueEffect

    Raises
    ------
    ChromolabError
        If the dataset does not hold exactly one example, or one of another world.
    """
    if len(gene) != 1:
        raise ChromolabError(f"expected one gene in one cell type, this dataset has {len(gene)} examples; ds.gene(...)")
    row = gene.genes.iloc[0]
    causes.places(gene.genes)
    one = causes.of_gene(row["gene_id"])
    edited = Edited(one, gene, edits)
    answers = [*edited.elements(), *edited.promoter(), *edited.strangers(), *edited.contacts()]
    answers += [*edited.letters(), *edited.consequences()]
    parts = [a for a in answers if isinstance(a, Part)]
    refused = [a for a in answers if isinstance(a, str)]

    def told(changed: Causes) -> dict:
        effect, change = one.changes(changed)
        return {"effect": float(effect[0, edited.cell]), "change": float(change[0, edited.cell])}

    together = one
    for part in parts:
        together = part.edit(together)
    alone = [{"what": part.what, **told(part.edit(one))} for part in parts]
    joint = {"effect": None, "change": None} if refused else told(together)
    before = float(one.log2_expression(gene.genes)[0])
    after = None if joint["change"] is None else before + joint["change"]
    return TrueEffect(**joint, before=before, after=after, parts=alone, refused=refused)


def held(causes: Causes, pull: float) -> Causes:
    """The causes of one gene, with a Polycomb that takes at least `pull` (log2) from its promoter."""
    free = np.zeros_like(causes.regulation.freed)
    return replace(causes, regulation=replace(causes.regulation, freed=free, least_pull=pull))


def opened(causes: Causes) -> Causes:
    """The causes of one gene, with its promoter open."""
    return replace(causes, regulation=replace(causes.regulation, opened=np.ones_like(causes.regulation.opened)))


class Edited(Strokes):
    """A gene's edits, and the causes that they change. `causes` are those of the gene alone.

    Each method gives `Part`, or words where there is no answer.
    """

    # ----- elements -------------------------------------------------------------------------------------------------

    def elements(self) -> Iterator[Part | str]:
        """Elements whose activity the edits of their marks change."""
        table, activity = self.causes.genome.elements, self.causes.regulation.activity[:, self.cell]
        for row in self._reached():
            was, now = activity[row], self._activity(row)
            if now != was:
                name, place = table["element_id"].iat[row], f"{self.row['chrom']}:{table['position'].iat[row]:,}"
                what = f"{table['kind'].iat[row]} {name} at {place}: activity {was:.2f} becomes {now:.2f}"
                yield Part(what, partial(Causes.activated, element_id=str(name), activity=now))

    def _reached(self) -> Iterator[int]:
        """Rows of the elements of the gene's links, of which an edit of a track covers a part."""
        links = self.causes.folding.links
        rows = links["element"].to_numpy()[(links["kind"] != "anchor").to_numpy()]
        at = self.causes.genome.elements["position"].to_numpy()[rows]
        covered = np.zeros(len(rows), bool)
        for e in self.strokes():
            covered |= (e.chrom == self.row["chrom"]) & (at + PLACE > e.start) & (at - PLACE < e.end)
        return map(int, rows[covered])

    def _activity(self, row: int) -> float:
        """The activity of an element after the edits: of its marks, the one that changes most counts."""
        kind = str(self.causes.genome.elements["kind"].iat[row])
        was = float(self.causes.regulation.activity[row, self.cell])
        found = was
        for mark in SHOWN_BY[kind]:
            now = self._shown(row, kind, mark, was)
            if abs(now - was) > abs(found - was) + 1e-12:
                found = now
        return found

    def _shown(self, row: int, kind: str, mark: str, was: float) -> float:
        """The activity that one mark shows after the edits."""
        at = int(self.causes.genome.elements["position"].to_numpy()[row])
        over = self.over(mark, self.row["chrom"], at - PLACE, at + PLACE)
        if over is None:
            return was
        factor, painted = over
        own = max(self._primed(row), was) if (kind, mark) == PRIMED else was
        level = own * factor
        known = ~np.isnan(painted)
        if known.any():
            shape = SHOWN_BY[kind][mark] * self._shape(row, kind, at)[known].mean()
            level[known] = self.pattern(mark, painted[known]).mean() / shape
        now = float(level.mean())
        if (kind, mark) == PRIMED:  # with more of it an enhancer is primed, not active
            now = was * min(now / own, 1.0)
        return min(now, max(was, MOST_ACTIVE))

    @cached_property
    def _shapes(self) -> Shapes:
        return Shapes(self.causes.genome)

    def _primed(self, row: int) -> float:
        return float(self._shapes.primed[row, 0])

    def _shape(self, row: int, kind: str, at: int) -> np.ndarray:
        """The shape of an element's marks at each base of its place, (2 x PLACE,)."""
        bins = np.arange(at - PLACE, at + PLACE) // BIN - at // BIN
        return self._shapes.of_elements(kind, np.array([row]), bins)[0]

    # ----- the promoter, and places with nothing ----------------------------------------------------------------------

    def promoter(self) -> Iterator[Part | str]:
        """The openness of the promoter, or the hold of Polycomb, as far as the marks that show it are gone.

        Where H3K27me3 is raised Polycomb takes hold; a promoter that keeps some H3K4me3 is then open but bivalent, and
        it is no surprise that it has no acetylation.
        """
        if self._pulls:
            pull = float(self.causes.regulation.pulled[0, self.cell])
            more = max(pull, min(pull + self._pulls, HELD))
            yield Part(
                f"Polycomb at the promoter takes log2 {more:.1f} instead of {pull:.1f}", partial(held, pull=more)
            )
            if self._shown_at_promoter("H3K4me3")[1] >= BIVALENT_SHOWN:
                if self.causes.regulation.opened[0, self.cell] < 1:
                    yield Part("the promoter opens, as a bivalent one is", opened)
                return
            yield from self._undone(Causes.closed)
            return
        for undo in UNDONE:
            yield from self._undone(undo)

    @cached_property
    def _pulls(self) -> float:
        """log2 by which Polycomb pulls harder where H3K27me3 is raised at the promoter; 0 where it is not."""
        was, now = self._shown_at_promoter("H3K27me3")
        return PULL * (now - was) / 2**PULLED if self._kept("H3K27me3") > 1 + AS_BEFORE else 0.0

    def _shown_at_promoter(self, mark: str) -> tuple[float, float]:
        """Mean pattern of a mark within 500 bp of where transcription starts, before and after the edits."""
        start, end = self.start - PLACE, self.start + PLACE
        was = self.measured(mark, start, end)
        over = self.over(mark, self.row["chrom"], start, end)
        if over is None:
            return float(was.mean()), float(was.mean())
        now = np.where(np.isnan(over[1]), was * over[0], self.pattern(mark, np.nan_to_num(over[1])))
        return float(was.mean()), float(now.mean())

    def _undone(self, undo: Callable) -> Iterator[Part | str]:
        words, marks = UNDONE[undo]
        kept = {mark: self._kept(mark) for mark in marks}
        if raised := [mark for mark, share in kept.items() if share > 1 + AS_BEFORE]:
            yield f"{raised[0]} raised at the promoter: no cause in this genome stands for that"
        elif (share := 1 - min(kept.values())) > 1e-6:
            yield Part(f"{words} by {share:.0%}", partial(undo, gene_id=self.row["gene_id"], share=share))

    def _kept(self, mark: str) -> float:
        """Which share of a mark is left within 500 bp of where transcription starts; 1 if no edit reaches it."""
        start, end = self.start - PLACE, self.start + PLACE
        over = self.over(mark, self.row["chrom"], start, end)
        if over is None:
            return 1.0
        share, painted = over
        known = ~np.isnan(painted)
        if known.any():
            was = self.measured(mark, start, end)[known].mean()
            share[known] = self.pattern(mark, painted[known]).mean() / max(was, FAINT)
            if was < FAINT:  # nothing was there, and nothing to speak of is painted
                share[known] = np.where(share[known] <= 1, 1.0, share[known])
        return float(share.mean())

    def strangers(self) -> Iterator[Part | str]:
        """Paint that looks like an element where there is none."""
        for mark in {m for shown in SHOWN_BY.values() for m in shown} - {PRIMED[1]}:
            for e in self.strokes(mark):
                if isinstance(e, Paint) and (at := self._stranger(mark, e)) is not None:
                    yield f"{mark} painted at {e.chrom}:{at:,}: this genome has no element there"

    def _places(self, mark: str) -> np.ndarray:
        """Where the marks of an element, or of the promoter, lie on the gene's chromosome (bp)."""
        elements = self.causes.genome.elements
        kinds = [kind for kind, shown in SHOWN_BY.items() if mark in shown]
        held = (elements["chrom"] == self.row["chrom"]) & elements["kind"].isin(kinds)
        return np.append(elements["position"].to_numpy()[held], self.start)

    def _stranger(self, mark: str, e: Paint) -> int | None:
        """The start of 1 kb far from all places in which paint raises a mark much; None if there is none."""
        places = self._places(mark)
        for start in range(e.start, e.end, WIDTH):
            end = min(start + WIDTH, e.end)
            base = np.arange(start, end)
            _, painted = self.over(mark, e.chrom, start, end) or (None, np.full(end - start, np.nan))
            broad = mark == "H3K27me3" and self._pulls > 0 and abs(start + WIDTH // 2 - self.start) < BROAD
            near = np.abs(base[:, None] - places[np.abs(places - start) < SIDE + WIDTH]).min(1, initial=SIDE)
            new = np.where(np.isnan(painted) | (near < SIDE) | broad, 0, self.pattern(mark, np.nan_to_num(painted)))
            if new.sum() >= NOTICED * WIDTH and (new - self.measured(mark, start, end)).sum() >= NOTICED * WIDTH:
                return start
        return None

    # ----- contacts, and what drives nothing --------------------------------------------------------------------------

    def contacts(self) -> Iterator[Part | str]:
        """Contacts that are cut, added or changed in frequency."""
        listed = {(p["start"], p["end"]): p["frequency"] for p in self.gene.pcres(0).to_dict("records")}
        now = dict(listed)
        for e in self.edits:
            if isinstance(e, AddPcre | DropPcre | SetFrequency):
                now[e.start, e.end] = getattr(e, "frequency", 0.0)
        for (start, end), frequency in now.items():
            if frequency != listed.get((start, end), 0.0):
                yield self._contact(start, end, listed.get((start, end)), frequency)

    def _contact(self, start: int, end: int, was: float | None, now: float) -> Part | str:
        """One contact, whose frequency `was` (None: not listed) and is `now`."""
        gene, chrom = self.row["gene_id"], self.row["chrom"]
        elements, links = self.causes.genome.elements, self.causes.folding.links
        inside = (elements["chrom"] == chrom) & (elements["position"] >= start) & (elements["position"] < end)
        held = elements[inside & (elements["kind"] != "anchor")]
        holds = ", ".join(held["kind"] + " " + held["element_id"]) or "an empty place"
        place = f"contact with {holds}, {chrom}:{start:,}-{end:,},"
        if was is None and not held.index.isin(links["element"]).all():
            return f"{place} added: this genome has no contacts over more than {FARTHEST // 1000:,} kb"
        if was is None:
            return Part(f"{place} added at {now:g}", lambda c: c.touching(gene, chrom, start, end, now))
        words = "cut" if now == 0 else f"times {now / was:.2f}"
        return Part(f"{place} {words}", lambda c: c.cut(gene, chrom, start, end, now / was))

    def letters(self) -> Iterator[str]:
        """Edits of letters, which reach all genes and not one."""
        for e in self.edits:
            if isinstance(e, ChangeMotif):
                yield f"{e.kind} at {e.region} changes letters: ask cl.truth.motif_effects(world, edits)"

    def consequences(self) -> Iterator[Part | str]:
        """Marks that follow transcription or silence."""
        for mark in DRIVE_NOTHING:
            if self.strokes(mark):
                yield Part(f"{mark} follows, and drives nothing", lambda c: c)
