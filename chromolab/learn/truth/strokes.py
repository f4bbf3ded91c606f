"""What edits of a gene's tracks do to the depth of each mark, base by base, and the signal that a depth stands for."""

from collections.abc import Sequence

import numpy as np

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.tracks.scales import DEPTH, UNKNOWN
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import Edit, Paint, Scale
from chromolab.world.answers.causes import Causes
from chromolab.world.assays import pattern_of, shown_by
from chromolab.world.patterns import unlimited


class Strokes:
    """A gene of the teaching genome and the edits of its tracks. `causes` are those of the gene alone.

    Raises `ChromolabError` where a painted mark is not read depth: paint says nothing then.
    """

    def __init__(self, causes: Causes, gene: Dataset, edits: Sequence[Edit]):
        self.causes, self.gene, self.edits = causes, gene, list(edits)
        self.row, self.parameters = gene.genes.iloc[0], causes.genome.parameters
        self.cell = self.parameters.cell_type_names.index(self.row["cell_type"])
        self.start = int(causes.genome.genes["promoter"].iloc[0])  # of transcription
        # the track that shows each mark: its own, unless the world is scrambled
        self.track = {shown_by(self.parameters, mark): mark for mark in gene.marks}
        for e in self.strokes():
            if isinstance(e, Paint) and gene.scales.get(e.mark, UNKNOWN) not in (DEPTH, UNKNOWN):
                raise ChromolabError(f"{e.mark} is {gene.scales[e.mark]} here, not read depth: paint says nothing then")

    def strokes(self, mark: str | None = None) -> list[Scale | Paint]:
        """The edits of tracks, or of the track that shows a mark."""
        strokes = [e for e in self.edits if isinstance(e, Scale | Paint)]
        return strokes if mark is None else [e for e in strokes if e.mark == self.track.get(mark)]

    def over(self, mark: str, chrom: str, start: int, end: int) -> tuple[np.ndarray, np.ndarray] | None:
        """Per base: by what the depth of a mark is multiplied, and what is painted (NaN: nothing); None: no edit."""
        factor, painted = np.ones(end - start), np.full(end - start, np.nan)
        touched = [e for e in self.strokes(mark) if e.chrom == chrom and e.start < end and e.end > start]
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

    def pattern(self, mark: str, depth: np.ndarray) -> np.ndarray:
        """The sum of signals of a mark that a painted depth stands for."""
        return unlimited(pattern_of(self.parameters, self.track[mark], self.cell, depth))

    def measured(self, mark: str, start: int, end: int) -> np.ndarray:
        """The pattern of a mark at each base before the edits, (bases,); 0 where the dataset has no region."""
        signal, column = self.gene.signal, self.gene.marks.index(self.track[mark])
        depth = np.zeros(end - start)
        for row, place in enumerate(signal.regions.to_dict("records")):
            begin, stop = max(place["start"], start), min(place["end"], end)
            if place["chrom"] == self.row["chrom"] and begin < stop:
                bins = signal.offsets[row] + (np.arange(begin, stop) - place["start"]) // signal.bin_size
                depth[begin - start : stop - start] = signal.depth[bins, column]
        return self.pattern(mark, np.nan_to_num(depth))
