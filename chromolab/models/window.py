"""What the models of a promoter window share: they read the middle of it, in bins of one size.

They see what Chromoformer sees: ln(1 + mean depth) of each bin, from 5' to 3', with the transcription start site in the
middle. The published versions read other numbers (raw or normalised counts); here every model gets the same numbers, so
that only the models differ. A bin without data is zero and, where a model attends, hidden.

Letters in shape comments: B genes, M marks, T bins.
"""

from collections.abc import Sequence

from torch import Tensor

from chromolab.data.dataset.batches import Batch
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError
from chromolab.models.base import Model, seeded


class WindowModel(Model):
    """A model that reads `bins` bins of `resolution` base pairs around the TSS, and nothing else.

    A subclass makes its layers in `build`, ends in a linear layer called `out`, and maps (B, T, M) features to outputs
    in `read`.

    Parameters
    ----------
    marks : sequence of str
        The tracks it reads, in order; any number.
    task : {"classification", "regression"}
        Two logits (below, at or above the median), or one value in log2(expression + 1).
    bins : int
        T, the number of bins it reads; they must fit into the dataset's window.
    resolution : int
        Base pairs per bin.
    seed : int, optional
        Seed of the initial weights; without it they come from torch's global generator.

    Raises
    ------
    ChromolabError
        On an unknown task, no marks or a mark twice, or fewer bins than the layers need.
    """

    BINS, RESOLUTION = 100, 100

    def __init__(
        self,
        marks: Sequence[str] = MARKS,
        task: str = "classification",
        bins: int | None = None,
        resolution: int | None = None,
        seed: int | None = None,
    ):
        super().__init__(marks, task, (self.RESOLUTION if resolution is None else resolution,))
        self.bins = self.BINS if bins is None else int(bins)
        with seeded(seed):
            self.build(len(self.marks), self.outputs)

    def build(self, marks: int, outputs: int) -> None:
        """Make the layers for this many marks and outputs."""
        raise NotImplementedError

    def read(self, x: Tensor, seen: Tensor) -> Tensor:
        """Features (B, T, M) and which bins have data (B, T) -> logits (B, 2) or values (B, 1)."""
        raise NotImplementedError

    def forward(self, batch: Batch) -> Tensor:
        """Predict a batch: (B, 2) logits or (B, 1) log2(expression + 1)."""
        return self.read(*middle(batch, self.resolutions[0], self.bins))

    def config(self) -> dict:
        """The arguments that build the same model again."""
        return {"marks": self.marks, "task": self.task, "bins": self.bins, "resolution": self.resolutions[0]}

    def needs(self, bins: int) -> None:
        """Raise ChromolabError if the model reads fewer bins than its layers need."""
        if self.bins < bins:
            raise ChromolabError(f"{type(self).__name__}: {self.bins} bins; expected at least {bins} for its layers")


def middle(batch: Batch, resolution: int, bins: int) -> tuple[Tensor, Tensor]:
    """The `bins` bins around the TSS: features (B, bins, M) and which bins have data (B, bins).

    Raises ChromolabError where the dataset's window is narrower.
    """
    features, seen = batch.promoter[resolution], batch.promoter_seen[resolution]
    available = features.shape[1]
    if bins > available:
        raise ChromolabError(
            f"the model reads {bins} bins of {resolution} bp, the dataset's window has {available}; build it with "
            f"a window of {bins * resolution:,} bp, or give the model bins={available}"
        )
    first = available // 2 - bins // 2
    return features[:, first : first + bins], seen[:, first : first + bins]
