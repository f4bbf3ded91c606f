"""From letters to tracks: motifs as filters, the best match of each on either strand, and what matches bring.

A motif is a filter that slides along the letters, as a scan with a known motif does. A model may be given its motifs,
or learn them from tracks alone; a filter that it learnt can be read as a motif again (`SequenceModel.motif`).
Sources: DeepBind (Alipanahi et al. 2015) for filters, both strands and the maximum; sizes are our own.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from chromolab.data.sequence.motifs import Motif
from chromolab.errors import ChromolabError
from chromolab.models.base import seeded

SEEN = 0.7  # of a filter's best match: sequences that reach it are taken for its sites
LEAST_SITES = 10


class SequenceModel(nn.Module):
    """Predicts tracks at a region from its letters.

    Parameters
    ----------
    tracks : sequence of str
        What it predicts: ln(1 + mean depth) of a track in the region, such as "CTCF simA1".
    motifs : sequence of Motif, optional
        Known motifs: the filters are their scores and stay so. Default: filters are learnt.
    filters : int
        How many filters to learn; unused with `motifs`.
    width : int
        Letters of a filter that is learnt.
    hidden : int
        Width of the layer after the filters.
    seed : int, optional
        Of the initial weights; None takes torch's global generator.

    Raises
    ------
    ChromolabError
        If there is no track, or a size is not a whole number above 0.

    Notes
    -----
    It is no `chromolab.models.base.Model`: it reads letters (`cl.data.one_hot`), not tracks, and its examples are
    regions, not genes. `chromolab.learn.letters.tracks.fit_sequence` trains it.
    """

    def __init__(
        self,
        tracks: Sequence[str],
        motifs: Sequence[Motif] | None = None,
        *,
        filters: int = 64,
        width: int = 19,
        hidden: int = 64,
        seed: int | None = None,
    ):
        super().__init__()
        if not tracks or min(filters, width, hidden) < 1:
            raise ChromolabError(
                f"{len(tracks)} tracks, filters={filters}, width={width}, hidden={hidden}; expected 1 or more of each"
            )
        self.tracks = tuple(tracks)
        self.names = None if motifs is None else tuple(m.name for m in motifs)
        with seeded(seed):
            if motifs is None:
                self.filters = nn.Parameter(0.1 * torch.randn(filters, 4, width))
            else:
                self.register_buffer("filters", _stacked([m.scores for m in motifs]))
            self.calm = nn.BatchNorm1d(len(self.filters))
            self.hidden = nn.Linear(len(self.filters), hidden)
            self.out = nn.Linear(hidden, len(self.tracks))

    def scan(self, letters: Tensor) -> Tensor:
        """One-hot letters (regions, 4, bp) -> each filter's best match on the + and the - strand, (regions, F, 2)."""
        turned = self.filters.flip(1, 2)  # a complement stands as far from the other end of A, C, G, T
        strands = [functional.conv1d(letters, which).amax(-1) for which in (self.filters, turned)]
        return torch.stack(strands, -1)

    def read(self, matches: Tensor) -> Tensor:
        """Matches (regions, F, 2) -> ln(1 + mean depth) of each track, (regions, tracks)."""
        best = matches.amax(-1)  # a factor binds either strand alike
        return self.out(self.hidden(self.calm(best).relu()).relu())

    def forward(self, letters: Tensor) -> Tensor:
        """One-hot letters (regions, 4, bp) -> ln(1 + mean depth) of each track, (regions, tracks)."""
        return self.read(self.scan(letters))

    @torch.no_grad()
    def motif(self, number: int, letters: Tensor, name: str = "") -> Motif:
        """A filter read as a motif: the letters under its best match, in the regions where it matches well.

        Parameters
        ----------
        number : int
            Of the filter.
        letters : Tensor (regions, 4, bp)
            Where to look; regions whose best match is at least 0.7 of the best of all are taken, on either strand.
        name : str
            Default "filter" and its number.

        Raises
        ------
        ChromolabError
            If fewer than 10 regions match.
        """
        one = self.filters[number : number + 1]
        width, found, score = one.shape[-1], [], []
        for sequence in (letters, letters.flip(1, 2)):
            match, at = functional.conv1d(sequence, one)[:, 0].max(-1)
            windows = at[:, None, None] + torch.arange(width)
            found.append(sequence.gather(2, windows.expand(-1, 4, -1)))
            score.append(match)
        best = torch.stack(score)
        which, value = best.argmax(0), best.amax(0)
        sites = torch.where((which == 0)[:, None, None], found[0], found[1])[value >= SEEN * value.max()]
        if len(sites) < LEAST_SITES:
            raise ChromolabError(
                f"filter {number} matches {len(sites)} of {len(letters)} regions well; expected {LEAST_SITES} or more"
            )
        counts = sites.sum(0).T.double().numpy() + 0.25
        share = counts / counts.sum(1, keepdims=True)
        return Motif(name or f"filter {number}", share, float(len(sites)), about="learnt from tracks")


def _stacked(scores: Sequence[np.ndarray]) -> Tensor:
    """Scores of motifs (places, 4) of any width as filters of one width, (F, 4, places)."""
    widest = max(len(s) for s in scores)
    filters = torch.zeros(len(scores), 4, widest)
    for one, s in zip(filters, scores, strict=True):
        first = (widest - len(s)) // 2
        one[:, first : first + len(s)] = torch.from_numpy(s.T.astype(np.float32))
    return filters
