"""DeepDiff: AttentiveChrome's two levels for one gene in two cell types: what changes between them?

    tracks: M marks in cell type a, M in b, and their differences   3 M tracks of 200 bins
            -> a reader per track -> 64 numbers each -> a reader over the tracks -> 32 numbers -> output

The target is log2((b + 1) / (a + 1)), so a signal that is the same in both cell types explains none of it, however
strong.

Examples come from `cl.pairs(dataset, (a, b), ...)`; a pair is in the fold of its gene. Any other model can read such a
dataset, too (`cl.models.DeepChrome(pairs.marks, "regression")`): compare with that.

Source: Sekhon, Singh, Qi, "DeepDiff", Bioinformatics 34:i891 (2018).
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from chromolab.data.dataset.combine import paired_marks
from chromolab.defaults import MARKS
from chromolab.models.attentivechrome import Reader, TwoLevels
from chromolab.models.window import WindowModel


class DeepDiff(WindowModel):
    """Two levels of reading and attention over two cell types and their difference.

    Parameters
    ----------
    marks : sequence of str
        Those of the dataset before pairing: `DeepDiff(ds.marks)` reads `cl.pairs(ds, ...)`.
    task : {"regression", "classification"}
        log2((b + 1) / (a + 1)), or whether b is higher.
    bins, resolution, seed : see `WindowModel`; 200 bins of 100 bp
    """

    BINS = 200
    PUBLISHED = dict(lr=1e-4, batch_size=10, weight_decay=0.0, decay=1.0)

    def __init__(
        self,
        marks: Sequence[str] = MARKS,
        task: str = "regression",
        bins: int | None = None,
        resolution: int | None = None,
        seed: int | None = None,
    ):
        self.single = tuple(marks)
        super().__init__(paired_marks(marks), task, bins, resolution, seed)

    def build(self, marks: int, outputs: int) -> None:
        self.levels = TwoLevels(marks // 2 * 3)
        self.out = nn.Linear(32, 1)
        for reader in self.levels.modules():
            if isinstance(reader, Reader):
                nn.init.uniform_(reader.matters, -0.1, 0.1)

    def config(self) -> dict:
        """The arguments that build the same model again: marks as they were before pairing."""
        return super().config() | {"marks": self.single}

    def read(self, x: Tensor, seen: Tensor) -> Tensor:
        a, b = x.chunk(2, -1)  # (B, T, M) each
        value = self.out(self.levels(torch.cat([a, b, b - a], -1), seen)[0])
        return F.pad(value, (1, 0)) if self.task == "classification" else value
