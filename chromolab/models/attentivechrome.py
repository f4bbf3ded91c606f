"""AttentiveChrome: read each mark bin by bin, keep what matters; then read the marks one by one, keep what matters.

    per mark:   100 bins -> LSTM in both directions, 32 each -> attention over bins  -> 64 numbers
    over marks: M x 64   -> LSTM in both directions, 16 each -> attention over marks -> 32 numbers -> output

Attention here has no queries and keys: each bin's state is compared with one learned vector, "what matters", and the
softmax of these products weighs the states. So there are weights to look at: over the bins of a mark, and over marks.
An LSTM passes its state from bin to bin, so two distant bins interact only through all the bins between them.

The published classifier has one logit z for "expressed". Here z is returned as the pair (0, z): the same probability,
the same loss. Each mark has its own LSTM and its own vector over bins.

Source: Singh, Lanchantin, Sekhon, Qi, "Attend and Predict", NeurIPS (2017): 5 marks, 10 kb in bins of 100 bp.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from chromolab.data.dataset.batches import Batch
from chromolab.models.attention import softmax_seen
from chromolab.models.window import WindowModel, middle


class Reader(nn.Module):
    """Read a sequence in both directions and add up what matters: (N, T, inputs) -> (N, 2 x hidden), weights (N, T)."""

    def __init__(self, inputs: int, hidden: int):
        super().__init__()
        self.lstm = nn.LSTM(inputs, hidden, batch_first=True, bidirectional=True)
        self.matters = nn.Parameter(torch.empty(2 * hidden))

    def forward(self, x: Tensor, seen: Tensor | None = None) -> tuple[Tensor, Tensor]:
        states = self.lstm(x)[0]  # (N, T, 2 x hidden)
        weights = softmax_seen(states @ self.matters, seen)  # (N, T)
        return (weights[:, None] @ states)[:, 0], weights


class TwoLevels(nn.Module):
    """A reader for each track, and one reader over their summaries."""

    def __init__(self, tracks: int, hidden: int = 32, hidden_over_tracks: int = 16):
        super().__init__()
        self.over_bins = nn.ModuleList([Reader(1, hidden) for _ in range(tracks)])
        self.over_tracks = Reader(2 * hidden, hidden_over_tracks)

    def forward(self, x: Tensor, seen: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, T, tracks) -> (B, 32), weights over the bins of each track (B, tracks, T), over tracks (B, tracks)."""
        summaries, over_bins = zip(*(r(x[..., i : i + 1], seen) for i, r in enumerate(self.over_bins)), strict=True)
        summary, over_tracks = self.over_tracks(torch.stack(summaries, 1))  # (B, tracks, 64) -> (B, 32)
        return summary, torch.stack(over_bins, 1), over_tracks


class AttentiveChrome(WindowModel):
    """Two levels of recurrent reading and attention over 10 kb; see `WindowModel` for the parameters."""

    PUBLISHED = dict(lr=2e-4, batch_size=16, epochs=30, clip=1.0, weight_decay=0.0, decay=1.0, patience=None)

    def build(self, marks: int, outputs: int) -> None:
        self.levels = TwoLevels(marks)
        self.out = nn.Linear(32, 1)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -0.1, 0.1)  # as published

    def read(self, x: Tensor, seen: Tensor) -> Tensor:
        value = self.out(self.levels(x, seen)[0])  # (B, 1)
        return F.pad(value, (1, 0)) if self.task == "classification" else value

    def weights(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Attention weights over the bins of each mark (B, M, T) and over the marks (B, M); each row sums to 1."""
        return self.levels(*middle(batch, self.resolutions[0], self.bins))[1:]
