"""How often two places touch, from the CTCF sites about them: a loop where sites face each other, walls between.

The head multiplies what distance gives by few causes, each of which can be read: which directions of two sites make a
loop, how far a loop reaches, what a site between the two places stops, and what the places hold. It knows nothing of
which direction counts: that is learnt from contacts. Source of the idea: Rao et al. 2014 (loops join convergent CTCF
sites); Akita (Fudenberg et al. 2020) learns it by a deep network. The form is our own.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from chromolab.data.sequence.pairs import Pairs
from chromolab.models.base import seeded

DIRECTIONS = (("> >", "> <"), ("< >", "< <"))  # of the left and the right site; "> <" is convergent
MIDDLE, SPREAD = 25.0, 10.0  # bits: the score of a site that is half bound, before training, and the unit of its change
REACH = 3e5  # bp over which loops become rarer by e, before training


class ContactHead(nn.Module):
    """Predicts ln(observed / expected) of pairs of places.

    Parameters
    ----------
    features : int
        Numbers that describe a place beside its CTCF sites, such as its marks: columns of `Pairs.features`.
    seed : int, optional
        Of the initial weights of what reads features; None takes torch's global generator.
    """

    def __init__(self, features: int = 0, seed: int | None = None):
        super().__init__()
        self.features = features
        self.middle = nn.Parameter(torch.tensor(0.0))
        self.slope = nn.Parameter(torch.tensor(1.0))
        self.loops = nn.Parameter(torch.full((2, 2), -1.0))
        self.reach = nn.Parameter(torch.tensor(0.0))
        self.stopped = nn.Parameter(torch.tensor(-2.5))
        self.most_stopped = nn.Parameter(torch.tensor(-1.0))
        self.base = nn.Parameter(torch.tensor(0.0))
        with seeded(seed):
            self.hold = nn.Bilinear(features, features, 1) if features else None
            self.alone = nn.Linear(2 * features, 1, bias=False) if features else None
            if self.hold is not None and self.alone is not None:
                nn.init.normal_(self.hold.weight, 0, 0.01)
                nn.init.constant_(self.hold.bias, -3.0)
                nn.init.zeros_(self.alone.weight)

    def bound(self, pairs: Pairs) -> Tensor:
        """How well each site is bound, (sites,), 0 to 1, by its score."""
        above = (pairs.score - MIDDLE) / SPREAD - self.middle
        return torch.sigmoid(self.slope.exp() * above)

    @property
    def orientation(self) -> dict[str, float]:
        """What each pair of directions adds to contact where both sites are bound fully and near: {"> <": 1.6, ...}."""
        added = functional.softplus(self.loops).tolist()
        return {DIRECTIONS[i][j]: added[i][j] for i in range(2) for j in range(2)}

    def forward(self, pairs: Pairs) -> Tensor:
        """Pairs -> ln(observed / expected), (pairs,)."""
        bound = self.bound(pairs)
        best = torch.cat([bound, bound.new_zeros(1)])[pairs.near].amax(-1)  # (places, 2): by strand; row -1 is none
        left, right = best[pairs.left], best[pairs.right]
        loop = torch.einsum("ps,pt,st->p", left, right, functional.softplus(self.loops))
        touch = loop * torch.exp(-pairs.distance / (REACH * self.reach.exp()))
        passed = torch.cat([bound.new_zeros(1), torch.cumsum(bound, 0)])[pairs.before]  # sites to the left of a place
        between = passed[pairs.right] - passed[pairs.left]
        most = functional.softplus(self.most_stopped)
        wall = most * (1 - torch.exp(-functional.softplus(self.stopped) * between / most))
        out = self.base + torch.log1p(touch + self._held(pairs)) - wall
        if self.alone is not None:
            out = out + self.alone(torch.cat([pairs.features[pairs.left], pairs.features[pairs.right]], 1))[:, 0]
        return out

    def _held(self, pairs: Pairs) -> Tensor:
        """What the two places hold together adds, (pairs,)."""
        if self.hold is None:
            return pairs.distance.new_zeros(())
        left, right = pairs.features[pairs.left], pairs.features[pairs.right]
        both = self.hold(left, right) + self.hold(right, left)  # which of the two is the promoter does not matter
        return functional.softplus(both[:, 0] / 2)
