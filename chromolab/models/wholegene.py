"""WholeGene: Chromoformer, and beside its window the whole gene, whatever its length.

The article ends with a proposal: read the histone landscape of the full-length gene, with its exons, by masks and by
composite positions. This file builds it.

    1. The steps of Chromoformer        promoter window, distal elements and contacts, as before  -> 3 x D numbers
    2. The gene asks itself             the bin at the TSS asks all bins of the gene              -> D numbers
    3. A head                           reads both                                                -> the prediction

The bins of step 2 grow away from the TSS, the gene's end and its exons (`chromolab.data.bodies.growing_bins`): half of
all genes have fewer than 50 of them, one of 500 kb some 120, and as many again for its exons. No gene is squeezed or
padded to a common length; in a batch the shorter rows end in padding, which a mask hides, so that a gene's neighbours
in a batch never change its numbers.

A bin must tell where it is, and one number will not do. Its position is a SUM of four encodings, each a matrix on a few
numbers; any of them can be left out:

    tss        signed distance from the TSS, as a logarithm: 1 kb matters near the TSS, not 300 kb away
    relative   place within the gene: 0 at the TSS, 1 at the end, whatever the length
    part       the shares of the bin that lie upstream, in exons, in introns and downstream
    end        signed distance from the end of the gene, as a logarithm

Positions decide where the TSS looks; what it brings home are the features alone. All start at 0, as if there were no
positions, and are learnt where they help: with 1,000 genes, positions that say much from the start are learnt by heart.

A bin of 8 kb speaks for 16 bins of 500 bp, so ln(bases) is added to its score: a bin that were divided into two equal
halves at one place would get the same attention as before, and even attention is a mean over bases, not over bins.

Letters in shape comments: B genes, L bins of the longest gene of a batch, M marks, D width, H heads, E width of a head.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from chromolab.data.bodies.growing_bins import PARTS, SIZES
from chromolab.data.bodies.loader import GeneLoader
from chromolab.data.dataset.batches import Batch
from chromolab.data.dataset.dataset import Dataset
from chromolab.defaults import MARKS, RESOLUTIONS
from chromolab.errors import ChromolabError
from chromolab.models.attention import attend, merge_heads, split_heads
from chromolab.models.base import Model, seeded
from chromolab.models.chromoformer import Chromoformer

POSITIONS = ("tss", "relative", "part", "end")
WAVES = 4  # sines and as many cosines of a distance; more of them would tell every gene from every other
NEAR = 500.0  # bp: distances are logarithmic beyond
EVERYWHERE = 2**31 - 1


def waves(x: Tensor) -> Tensor:
    """Sines and cosines of x (B, L), at 4 frequencies from 1/4 to 2: (B, L, 8)."""
    angle = x[..., None] * 2.0 ** torch.arange(-2, WAVES - 2, dtype=x.dtype, device=x.device)
    return torch.cat([angle.sin(), angle.cos()], -1)


def log_distance(x: Tensor) -> Tensor:
    """A signed distance (bp) as a logarithm of the same sign: 0 at 0, 1.1 at 1 kb, 6.9 at 500 kb."""
    return x.sign() * (x.abs() / NEAR).log1p()


def position(name: str, gene: dict[str, Tensor]) -> Tensor:
    """The numbers behind one of `POSITIONS`, of every bin: (B, L, 8), of "part" (B, L, 5)."""
    middle, length = (gene["start"] + gene["end"]) / 2, gene["length"][:, None]
    if name == "tss":
        return waves(log_distance(middle))
    if name == "end":
        return waves(log_distance(middle - length))
    if name == "relative":
        return waves((middle / length).clamp(-1, 2))
    return gene["parts"]


class GeneStep(nn.Module):
    """The bin at the TSS asks all bins of its gene."""

    def __init__(self, n_marks: int, width: int, heads: int, positions: Sequence[str]):
        super().__init__()
        self.heads = heads
        self.project = nn.Linear(n_marks, width, bias=False)
        sizes = {name: len(PARTS) if name == "part" else 2 * WAVES for name in positions}
        self.places = nn.ModuleDict({name: nn.Linear(size, width, bias=False) for name, size in sizes.items()})
        for layer in self.places.values():
            nn.init.zeros_(layer.weight)  # type: ignore[arg-type]
        self.to_query = nn.Linear(width, width, bias=False)
        self.to_key = nn.Linear(width, width, bias=False)
        self.to_value = nn.Linear(width, width, bias=False)
        self.say = nn.Linear(width, width)

    def forward(self, gene: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """A batch's genes -> what each says (B, D), and its attention (B, H, L)."""
        x = features = self.project(gene["features"])  # (B, L, D)
        for name, layer in self.places.items():
            x = x + layer(position(name, gene))
        tss = x.gather(1, gene["tss"][:, None, None].expand(-1, 1, x.shape[-1]))  # (B, 1, D)
        q = split_heads(self.to_query(tss), self.heads)  # (B, H, 1, E)
        k, v = split_heads(self.to_key(x), self.heads), split_heads(self.to_value(features), self.heads)  # (B, H, L, E)
        bases = (gene["end"] - gene["start"]).clamp(min=1)
        attended, weights = attend(q, k, v, gene["seen"][:, None, None], bases.log()[:, None, None])
        return self.say(merge_heads(attended))[:, 0], weights[:, :, 0]


class WholeGene(Model):
    """Chromoformer's steps, and the whole gene beside them.

    Parameters
    ----------
    marks, task, resolutions : as of `Chromoformer`
        The resolutions are those of window and pCREs.
    bins : sequence of int
        Sizes of the gene's bins (bp), from the coarsest to the finest.
    positions : sequence of str
        The encodings that a bin's position is the sum of: any of `POSITIONS`, or none.
    reach : int
        Base pairs: bins that reach farther from the TSS are hidden. 24,000 shows about what a window of 40 kb does.
    seed : int, optional
    **shape
        Sizes of `Chromoformer`; the gene's step has the width and the heads of its embedding step.

    Raises
    ------
    ChromolabError
        As `Chromoformer`; for an unknown position, or bins that do not divide each other.
    """

    def __init__(
        self,
        marks: Sequence[str] = MARKS,
        task: str = "classification",
        resolutions: Sequence[int] = RESOLUTIONS,
        bins: Sequence[int] = SIZES,
        positions: Sequence[str] = POSITIONS,
        reach: int = EVERYWHERE,
        seed: int | None = None,
        **shape: int,
    ):
        super().__init__(marks, task, resolutions)
        self.bins, self.positions, self.reach = tuple(int(b) for b in bins), tuple(positions), int(reach)
        if unknown := [p for p in self.positions if p not in POSITIONS]:
            raise ChromolabError(f"no position {unknown[0]!r}; expected any of {', '.join(POSITIONS)}")
        if not self.bins or any(a % b or a == b for a, b in zip(self.bins[:-1], self.bins[1:], strict=True)):
            raise ChromolabError(f"bins is {self.bins}; expected falling sizes, each of which divides the one before")
        with seeded(seed):
            self.steps = Chromoformer(self.marks, task, self.resolutions, **shape)
            self.steps.fc_head = nn.Identity()  # its last layers are replaced: it hands on what they would have read
            self.shape = s = self.steps.shape
            self.gene = self.gene_step()
            self.first = nn.Linear((len(self.resolutions) + 1) * s.width, s.head_hidden)
            self.out = nn.Linear(s.head_hidden, self.outputs)

    def gene_step(self) -> nn.Module:
        """The layers that read the whole gene."""
        s = self.shape
        return GeneStep(len(self.marks), s.width, s.embed_heads, self.positions)

    def config(self) -> dict:
        """The arguments that build the same model again."""
        own = {name: getattr(self, name) for name in ("marks", "task", "resolutions", "bins", "positions", "reach")}
        return own | vars(self.shape)

    def loader(self, dataset: Dataset, device: str | torch.device | None = None, **more: Any) -> GeneLoader:
        """Batches with whole genes; raises ChromolabError for a dataset without them (`cl.data.whole_genes`)."""
        like = next(self.parameters())
        more = {"transforms": self.transforms} | more
        return GeneLoader(
            dataset, self.marks, self.resolutions, self.bins, device=device or like.device, dtype=like.dtype, **more
        )

    def forward(self, batch: Batch, return_maps: bool = False) -> Any:
        """Predict a batch: (B, 2) logits or (B, 1) log2(expression + 1).

        With `return_maps` a pair (that, maps): `Chromoformer`'s maps by resolution, and under "gene" the attention of
        the TSS to every bin of the gene (B, H, L), 0 where a bin is hidden.
        """
        if "features" not in batch.more:
            raise ChromolabError("WholeGene: this batch holds no whole genes; make it with model.loader(dataset)")
        read = self.steps(batch, return_maps=return_maps)
        promoter, maps = read if return_maps else (read, {})
        gene, weights = self.gene(self.within_reach(batch.more))
        out = self.out(F.relu(self.first(torch.cat([promoter, gene], -1))))
        return (out, maps | {"gene": weights}) if return_maps else out

    def within_reach(self, gene: dict[str, Tensor]) -> dict[str, Tensor]:
        """The genes of a batch, in which bins that reach too far from the TSS are hidden."""
        near = (gene["start"] >= -self.reach) & (gene["end"] <= self.reach)
        return gene | {"seen": gene["seen"] & near}
