"""MultiOmics: Chromoformer, whose tokens in the regulation step carry sequence and epigenome together.

The article ends with a proposal: infer from sequence which elements touch a promoter, and join sequence and epigenome
in one transformer. This file builds a small form of the second, which is ours. In the regulation step each token is a
place, the promoter or a pCRE, and so far says what its histone marks are. Here it also says which motifs stand there:

    token  =  what the marks say (embedding or answer)  +  W x scores of the motifs

with one W for promoters and one for pCREs at each resolution, since a motif means another thing at either. So attention
can ask which factors stand at both ends of a pair, beside how often they touch. W starts at 0: before training the
model is the Chromoformer of the same seed, number by number, and sequence is learnt where it helps.

Letters in shape comments: B genes, P pCREs of the batch, S tokens of a gene, F motifs, D width.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from chromolab.data.dataset.batches import Batch
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.denovo.region_motifs import MotifLoader
from chromolab.defaults import MARKS, RESOLUTIONS
from chromolab.errors import ChromolabError
from chromolab.models.attention import Shape
from chromolab.models.base import seeded
from chromolab.models.chromoformer import Chromoformer, Regulation


class MotifRegulation(Regulation):
    """The regulation step, to whose tokens the motifs of their places are added."""

    def __init__(self, shape: Shape, motifs: int):
        super().__init__(shape)
        self.at_promoter, self.at_pcre = (nn.Linear(motifs, shape.width, bias=False) for _ in range(2))
        for layer in (self.at_promoter, self.at_pcre):
            nn.init.zeros_(layer.weight)

    def full(self, x: Tensor, batch: Batch) -> tuple[Tensor, list[Tensor]]:
        """As of `Regulation`."""
        promoter, pcre = self.said(batch)
        return super().full(x + torch.cat([promoter[:, None], batch.in_slots(pcre)], 1), batch)  # (B, S, D)

    def focused(self, promoter: Tensor, answers: Tensor, batch: Batch) -> tuple[Tensor, list[Tensor]]:
        """As of `Regulation`."""
        at_promoter, at_pcre = self.said(batch)
        return super().focused(promoter + at_promoter, answers + at_pcre, batch)

    def said(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """What motifs say of promoters (B, D) and of pCREs (P, D); ChromolabError for a batch without motifs."""
        if "pcre_motifs" not in batch.more:
            raise ChromolabError("MultiOmics: this batch holds no motifs; make it with model.loader(dataset)")
        return self.at_promoter(batch.more["promoter_motifs"]), self.at_pcre(batch.more["pcre_motifs"])


class MultiOmics(Chromoformer):
    """Chromoformer that reads motifs beside marks, in a dataset of `cl.data.with_motifs`.

    Parameters
    ----------
    marks, task, resolutions, seed : as of `Chromoformer`
    motifs : sequence of str
        Names of the motifs that it reads.
    **shape
        Sizes of `Chromoformer`.

    Raises
    ------
    ChromolabError
        As `Chromoformer`; without motifs, or if one is named twice.
    """

    def __init__(
        self,
        marks: Sequence[str] = MARKS,
        task: str = "classification",
        resolutions: Sequence[int] = RESOLUTIONS,
        motifs: Sequence[str] = (),
        seed: int | None = None,
        **shape: int,
    ):
        super().__init__(marks, task, resolutions, seed, **shape)
        self.motifs = tuple(motifs)
        if not self.motifs or len(set(self.motifs)) < len(self.motifs):
            raise ChromolabError(f"motifs is {self.motifs}; expected at least one, none twice")
        with seeded(seed):
            for r, plain in self.regulation.items():
                self.regulation[r] = MotifRegulation(self.shape, len(self.motifs))
                self.regulation[r].load_state_dict(plain.state_dict(), strict=False)  # as without motifs

    def config(self) -> dict:
        """The arguments that build the same model again."""
        return super().config() | {"motifs": self.motifs}

    def loader(self, dataset: Dataset, device: str | torch.device | None = None, **more: Any) -> MotifLoader:
        """Batches with motifs; raises ChromolabError for a dataset without them (`cl.data.with_motifs`)."""
        like = next(self.parameters())
        more = {"transforms": self.transforms} | more
        return MotifLoader(
            dataset, self.marks, self.resolutions, self.motifs, device=device or like.device, dtype=like.dtype, **more
        )
