"""What edits of tracks and contacts mean for the causes behind them, and their true effect. All of it is simulated.

Marks are consequences in the teaching genome: an edit of a track stands for a change of the cause that the marks there
show. Half of an enhancer's acetylation is half of its activity; a promoter without its acetylation is shut; without
H3K27me3, Polycomb has let go; H3K36me3 and H3K9me3 drive nothing. An edit of a contact is a change of the contact. All
edits of a gene are made together, and its transcription is simulated once again. What no cause can stand for is refused
in words. What other promoters bring, which is little, stays as it is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.tracks.scales import DEPTH, UNKNOWN
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import AddPcre, DropPcre, Edit, Paint, Scale, SetFrequency
from chromolab.world.answers.causes import Causes
from chromolab.world.assays import pattern_of, shown_by
from chromolab.world.folding import FARTHEST
from chromolab.world.parameters import BIN
from chromolab.world.patterns import PRIMED, SHOWN_BY, Shapes, unlimited

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
    answers = [*edited.elements(), *edited.promoter(), *edited.strangers(), *edited.contacts(), *edited.consequences()]
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


class Edited:
    """A gene's edits, and the causes that they change. `causes` are those of the gene alone.

    Each method gives `Part`, or words where there is no answer.
    """

    def __init__(self, causes: Causes, gene: Dataset, edits: Sequence[Edit]):
        self.causes, self.gene, self.edits = causes, gene, list(edits)
        self.row, self.parameters = gene.genes.iloc[0], causes.genome.parameters
        self.cell = self.parameters.cell_type_names.index(self.row["cell_type"])
        self.start = int(causes.genome.genes["promoter"].iloc[0])  # of transcription
        # the track that shows each mark: its own, unless the world is scrambled
        self.track = {shown_by(self.parameters, mark): mark for mark in gene.marks}
        for e in self._strokes():
            if isinstance(e, Paint) and gene.scales.get(e.mark, UNKNOWN) not in (DEPTH, UNKNOWN):
                raise ChromolabError(f"{e.mark} is {gene.scales[e.mark]} here, not read depth: paint says nothing then")

    def _strokes(self, mark: str | None = None) -> list[Scale | Paint]:
        """The edits of tracks, or of the track that shows a mark."""
        strokes = [e for e in self.edits if isinstance(e, Scale | Paint)]
        return strokes if mark is None else [e for e in strokes if e.mark == self.track.get(mark)]

    def _over(self, mark: str, chrom: str, start: int, end: int) -> tuple[np.ndarray, np.ndarray] | None:
        """Per base: by what the depth of a mark is multiplied, and what is painted (NaN: nothing); None: no edit."""
        factor, painted = np.ones(end - start), np.full(end - start, np.nan)
        touched = [e for e in self._strokes(mark) if e.chrom == chrom and e.start < end and e.end > start]
        for e in touched:
            begin, stop = max(e.start, start), min(e.end, end)
            part = slice(begin - start, stop - start)
            if isinstance(e, Scale):
                factor[part] *= e.factor
                painted[part] *= e.factor
            else:
                depth = e.along(begin, stop)
                painted[part] = np.where(np.isnan(depth), painted[part], depth)
        return (factor, painted) if touched else None

    def _pattern(self, mark: str, depth: np.ndarray) -> np.ndarray:
        """The sum of signals of a mark that a painted depth stands for."""
        return unlimited(pattern_of(self.parameters, self.track[mark], self.cell, depth))

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
        for e in self._strokes():
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
        over = self._over(mark, self.row["chrom"], at - PLACE, at + PLACE)
        if over is None:
            return was
        factor, painted = over
        own = max(self._primed(row), was) if (kind, mark) == PRIMED else was
        level = own * factor
        known = ~np.isnan(painted)
        if known.any():
            shape = SHOWN_BY[kind][mark] * self._shape(row, kind, at)[known].mean()
            level[known] = self._pattern(mark, painted[known]).mean() / shape
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
        """The openness of the promoter, or the hold of Polycomb, as far as the marks that show it are gone."""
        for undo, (words, marks) in UNDONE.items():
            kept = {mark: self._kept(mark) for mark in marks}
            if raised := [mark for mark, share in kept.items() if share > 1 + AS_BEFORE]:
                yield f"{raised[0]} raised at the promoter: no cause in this genome stands for that"
            elif (share := 1 - min(kept.values())) > 1e-6:
                yield Part(f"{words} by {share:.0%}", partial(undo, gene_id=self.row["gene_id"], share=share))

    def _kept(self, mark: str) -> float:
        """Which share of a mark is left within 500 bp of where transcription starts; 1 if no edit reaches it."""
        start, end = self.start - PLACE, self.start + PLACE
        over = self._over(mark, self.row["chrom"], start, end)
        if over is None:
            return 1.0
        share, painted = over
        known = ~np.isnan(painted)
        if known.any():
            was = self._measured(mark, start, end)[known].mean()
            share[known] = self._pattern(mark, painted[known]).mean() / max(was, FAINT)
            if was < FAINT:  # nothing was there, and nothing to speak of is painted
                share[known] = np.where(share[known] <= 1, 1.0, share[known])
        return float(share.mean())

    def _measured(self, mark: str, start: int, end: int) -> np.ndarray:
        """The pattern of a mark at each base before the edits, (bases,); 0 where the dataset has no region."""
        signal, column = self.gene.signal, self.gene.marks.index(self.track[mark])
        depth = np.zeros(end - start)
        for row, place in enumerate(signal.regions.to_dict("records")):
            begin, stop = max(place["start"], start), min(place["end"], end)
            if place["chrom"] == self.row["chrom"] and begin < stop:
                bins = signal.offsets[row] + (np.arange(begin, stop) - place["start"]) // signal.bin_size
                depth[begin - start : stop - start] = signal.depth[bins, column]
        return self._pattern(mark, np.nan_to_num(depth))

    def strangers(self) -> Iterator[Part | str]:
        """Paint that looks like an element where there is none."""
        for mark in {m for shown in SHOWN_BY.values() for m in shown} - {PRIMED[1]}:
            for e in self._strokes(mark):
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
            _, painted = self._over(mark, e.chrom, start, end) or (None, np.full(end - start, np.nan))
            near = np.abs(base[:, None] - places[np.abs(places - start) < SIDE + WIDTH]).min(1, initial=SIDE)
            new = np.where(np.isnan(painted) | (near < SIDE), 0, self._pattern(mark, np.nan_to_num(painted)))
            if new.sum() >= NOTICED * WIDTH and (new - self._measured(mark, start, end)).sum() >= NOTICED * WIDTH:
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

    def consequences(self) -> Iterator[Part | str]:
        """Marks that follow transcription or silence."""
        for mark in DRIVE_NOTHING:
            if self._strokes(mark):
                yield Part(f"{mark} follows, and drives nothing", lambda c: c)
