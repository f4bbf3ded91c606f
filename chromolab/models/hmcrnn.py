"""HM-CRNN: a convolution over neighbouring bins of all marks, a recurrent network over its output, and attention.

    40 bins x M marks  ->  20 filters over all marks and 7 bins, batch norm, ReLU    34 places
                       ->  the maximum of each 3 places                              12 steps
                       ->  LSTM in both directions, 40 each                          12 x 80
                       ->  attention (80 -> 16, tanh -> 1) over the 12 steps         80 numbers -> output

This is the branch of the published model that reads histone marks. We do not know how wide its 40 bins are; 200 bp (8
kb in all) is our choice, the multiple of 100 bp that comes closest to the 10 kb of its predecessors. It is a parameter.

Source: "HM-CRNN" (2019): 7 marks, focal loss with gamma 2.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from chromolab.models.attention import softmax_seen
from chromolab.models.window import WindowModel


class HMCRNN(WindowModel):
    """Convolution, recurrence and attention over 40 bins; see `WindowModel` for the parameters.

    Published training kept the epoch with the best validation AUC; we keep the one with the lowest validation loss, as
    for all models.
    """

    BINS, RESOLUTION = 40, 200
    PUBLISHED = dict(lr=1e-3, batch_size=16, epochs=20, focal=2.0, weight_decay=0.0, decay=1.0, patience=None)
    FILTERS, WIDTH, HIDDEN = 20, 7, 40

    def build(self, marks: int, outputs: int) -> None:
        self.needs(self.WIDTH)
        self.conv = nn.Conv1d(marks, self.FILTERS, self.WIDTH)  # with 7 marks a 7 x 7 window that slides along the bins
        self.norm = nn.BatchNorm1d(self.FILTERS)
        self.lstm = nn.LSTM(self.FILTERS, self.HIDDEN, batch_first=True, bidirectional=True)
        self.ask, self.answer = nn.Linear(2 * self.HIDDEN, 16), nn.Linear(16, 1)
        self.out = nn.Linear(2 * self.HIDDEN, outputs)

    def read(self, x: Tensor, seen: Tensor) -> Tensor:
        features = F.relu(self.norm(self.conv(x.transpose(1, 2))))  # (B, 20, 34)
        steps = _thirds(features).transpose(1, 2)  # (B, 12, 20)
        states = self.lstm(steps)[0]  # (B, 12, 80)
        scores = self.answer(torch.tanh(self.ask(states)))[..., 0]  # (B, 12)
        any_data = F.max_pool1d(seen[:, None].to(x.dtype), self.WIDTH, 1)  # (B, 1, 34)
        weights = softmax_seen(scores, _thirds(any_data)[:, 0] > 0)
        return self.out((weights[:, None] @ states)[:, 0])


def _thirds(x: Tensor) -> Tensor:
    """The maximum of each three places, with one place of padding on each side: 34 places -> 12."""
    return F.max_pool1d(x, 3, 3, padding=1)
