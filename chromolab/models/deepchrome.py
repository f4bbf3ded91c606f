"""DeepChrome: a convolution looks for short patterns of marks, the strongest nearby answer counts, a network decides.

    100 bins x M marks  ->  50 filters of 10 bins, ReLU     91 places, 50 answers each: "is my pattern here?"
                        ->  the maximum of each 5 places    18 places: "was it about here?"
                        ->  900 numbers, dropout
                        ->  625 -> 125 -> output

A filter sees 10 bins, 1 kb, of all marks at once. Signals farther apart are combined only in the later layers, which
have a weight for every place: nothing is shared along the genome, so the model works only at the width it was trained
on.

Source: Singh, Lanchantin, Robins, Qi, "DeepChrome", Bioinformatics 32:i639 (2016): 5 marks, 10 kb in bins of 100 bp.
"""

from torch import Tensor, nn
from torch.nn import functional as F

from chromolab.models.window import WindowModel


class DeepChrome(WindowModel):
    """A convolutional network over 10 kb around the TSS; see `WindowModel` for the parameters.

    Published training: likelihood of the class, plain gradient descent, one gene at a time.
    """

    PUBLISHED = dict(optimizer="sgd", lr=1e-3, batch_size=1, epochs=100, weight_decay=0.0, decay=1.0, patience=None)
    FILTERS, WIDTH, POOL = 50, 10, 5

    def build(self, marks: int, outputs: int) -> None:
        self.needs(self.WIDTH + self.POOL - 1)
        places = (self.bins - self.WIDTH + 1) // self.POOL  # 18 of 100 bins
        self.conv = nn.Conv1d(marks, self.FILTERS, self.WIDTH)
        self.drop = nn.Dropout(0.5)
        self.l1 = nn.Linear(self.FILTERS * places, 625)
        self.l2 = nn.Linear(625, 125)
        self.out = nn.Linear(125, outputs)

    def read(self, x: Tensor, seen: Tensor) -> Tensor:
        answers = F.relu(self.conv(x.transpose(1, 2)))  # (B, 50, 91)
        nearby = F.max_pool1d(answers, self.POOL).flatten(1)  # (B, 900)
        return self.out(F.relu(self.l2(F.relu(self.l1(self.drop(nearby))))))
