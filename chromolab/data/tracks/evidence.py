"""What a track's values look like base by base: the evidence for its scale, and for what a base without a value means.

The children that read a track collect it on the way (`child_bigwig.Looks`), so the doctor, the build and `guess_scale`
judge by the same facts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

ENOUGH = 30  # stretches with a value; fewer tell nothing about a track
MATTERS = 0.02  # share of bases without a value from which it matters whether they are zero


@dataclass(frozen=True)
class Evidence:
    """What was seen of a track in the regions that were read, and in the short gaps between them.

    Attributes
    ----------
    bases, covered, zeros : {chromosome: bases read, those with a value, those with the value 0}
    low, high : the lowest and the highest value; infinite (inf, -inf) where there is none.
    whole : every value is a whole number.
    distinct : the values other than 0, rising; None where there are very many.
    runs : number of stretches of one value other than 0.
    touching : how many of them are followed at once by another such stretch.
    step : bp; values change at multiples of it only. 0 where no value changes.
    notes : what was left out of the file or clipped while it was read, and how often.
    """

    bases: Mapping[str, int] = field(default_factory=dict)
    covered: Mapping[str, int] = field(default_factory=dict)
    zeros: Mapping[str, int] = field(default_factory=dict)
    low: float = np.inf
    high: float = -np.inf
    whole: bool = True
    distinct: tuple[float, ...] | None = ()
    runs: int = 0
    touching: int = 0
    step: int = 0
    notes: tuple[str, ...] = ()

    @property
    def without(self) -> float:
        """The share of bases without a value (0 to 1), on the chromosomes that have any."""
        bases = sum(n for chrom, n in self.bases.items() if self.covered.get(chrom))
        return 1 - sum(self.covered.values()) / bases if bases else 0.0

    @property
    def unit(self) -> float | None:
        """The smallest value, if all are whole multiples of it; None for a power of ten, which rounding leaves."""
        values = np.array(self.distinct or (), np.float64)
        values = values[values > 0]
        if len(values) < 20 or values[0] < 1e-12:
            return None
        times = values / values[0]
        power_of_ten = abs(np.log10(values[0]) - np.rint(np.log10(values[0]))) < 1e-6
        whole_multiple = np.abs(times - np.rint(times)) <= 1e-6 * times + 1e-3
        return None if power_of_ten or not whole_multiple.all() else float(values[0])

    @property
    def isolated(self) -> bool:
        """Whether stretches with a value hardly ever touch, as called places do; overlapping reads make steps."""
        return self.runs >= ENOUGH and self.touching < 0.02 * self.runs

    def zeros_left_out(self) -> bool | None:
        """Whether bases without a value stand for zeros that were left out; None where the values cannot tell.

        A file that writes a zero anywhere, or values below 0, left none out. Counts (whole numbers, or whole multiples
        of one unit) without a single 0 beside bases without a value did, unless they only name called places.
        """
        if not self.runs or not self.without or any(self.zeros.values()) or self.low < 0:
            return False
        counts = (self.whole or self.unit is not None) and not self.isolated
        return True if counts and self.runs >= ENOUGH else None


def merged(parts: Iterable[Mapping[str, Any]], notes: Iterable[str] = ()) -> Evidence:
    """The evidence of several children that read parts of one track, from what each sent; `notes` on its file."""
    parts = list(filter(None, parts))
    counts = {name: Counter() for name in ("bases", "covered", "zeros")}
    for part in parts:
        for name, counter in counts.items():
            counter.update(part[name])
    many = any(part["distinct"] is None for part in parts)
    distinct = None if many else tuple(sorted({value for part in parts for value in part["distinct"]}))
    return Evidence(
        **{name: dict(counter) for name, counter in counts.items()},
        low=min((part["low"] for part in parts), default=np.inf),
        high=max((part["high"] for part in parts), default=-np.inf),
        whole=all(part["whole"] for part in parts),
        distinct=distinct,
        runs=sum(part["runs"] for part in parts),
        touching=sum(part["touching"] for part in parts),
        step=int(np.gcd.reduce([part["step"] for part in parts])) if parts else 0,
        notes=tuple(notes),
    )
