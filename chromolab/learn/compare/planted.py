"""A signal planted at a distance from the TSS: which kind of model finds it, and after how much training?

Windows are made up, so that there is no end of them and nothing but the distance differs. The models are small and
about equally large; each is trained in the same way, and none sees a window twice.

Letters in comments: N windows, T bins, C tracks.
"""

from collections.abc import Callable, Iterator, Sequence

import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from chromolab.errors import ChromolabError
from chromolab.models.attention import Shape
from chromolab.models.base import seeded
from chromolab.models.chromoformer import Embedding

BINS, TSS, PER_KB = 80, 40, 2  # 40 kb in bins of 500 bp; the bin of the TSS
FARTHEST = (BINS - 1 - TSS) / PER_KB  # kb


def plant(kb: float, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Windows with a switch at the TSS and a peak at a distance, and what a model is to answer.

    Parameters
    ----------
    kb : float
        How far downstream of the TSS the peak lies, 0.5 to 19.5.
    n : int
    generator : torch.Generator

    Returns
    -------
    (Tensor (n, 80, 2), Tensor (n,))
        Track 0 is 2 at the TSS where the switch is on and 0 where it is off. Track 1 has a peak of random height, 0 to
        2, at the distance, and peaks of no meaning at one in twenty of all bins. The answer is the height, or its
        reverse where the switch is off: of mean 0 and standard deviation 1. Neither place alone tells anything of it.

    Raises
    ------
    ChromolabError
        If the distance lies outside the window.
    """
    if not 1 / PER_KB <= kb <= FARTHEST:
        raise ChromolabError(f"{kb} kb: expected a distance of {1 / PER_KB} to {FARTHEST} kb, downstream in the window")
    windows = torch.rand(n, BINS, 2, generator=generator) / 2
    peaks = torch.rand(n, BINS, generator=generator) < 0.05
    windows[..., 1] += 2 * peaks * torch.rand(n, BINS, generator=generator)
    switch = torch.randint(0, 2, (n,), generator=generator)
    height = torch.rand(n, generator=generator)
    windows[:, TSS, 0], windows[:, TSS + round(kb * PER_KB), 1] = 2.0 * switch, 2 * height
    return windows, (2 * switch - 1) * (2 * height - 1) * 3**0.5


class CNN(nn.Module):
    """Of DeepChrome's kind: filters of five bins, the maximum of each five, a dense layer over what is left."""

    def __init__(self, kb: int, filters: int, hidden: int):
        super().__init__()
        reach = kb * PER_KB // 2
        self.cut = slice(TSS - reach, TSS + reach)
        self.filters = nn.Conv1d(2, filters, 5, padding=2)
        self.head = nn.Sequential(nn.Linear(2 * reach // 5 * filters, hidden), nn.ReLU(), nn.Linear(hidden, 1))

    def forward(self, windows: Tensor) -> Tensor:
        """(N, T, C) -> (N,)."""
        seen = self.filters(windows[:, self.cut].transpose(1, 2)).relu()
        return self.head(F.max_pool1d(seen, 5).flatten(1))[:, 0]


class RNN(nn.Module):
    """An LSTM that walks to the TSS from either end of the window; what it holds there goes into the answer.

    A cell of its memory keeps a share of what it holds at each bin, by its forget gate. As PyTorch starts them, all
    gates stand at about a half. `patient`: they start so that each cell keeps things for another while, 1 to 39 bins.

    Source of the patient start: Tallec and Ollivier 2018, "Can recurrent neural networks warp time?", section 2.
    """

    def __init__(self, width: int, patient: bool = False):
        super().__init__()
        self.lstm, self.head = nn.LSTM(2, width, batch_first=True), _head(2 * width)
        if patient:
            keep = torch.empty(width).uniform_(1, TSS - 1).log()  # a gate of sigmoid(log n) keeps n parts of n + 1
            biases = dict(self.lstm.named_parameters())
            with torch.no_grad():
                biases["bias_hh_l0"].zero_()
                biases["bias_ih_l0"].copy_(torch.cat([-keep, keep, keep.new_zeros(2 * width)]))  # input, forget, rest

    def forward(self, windows: Tensor) -> Tensor:
        """(N, T, C) -> (N,)."""
        walks = torch.cat([windows[:, 1 : TSS + 1], windows[:, TSS:].flip(1)])  # (2N, 40, C), both end at the TSS
        return self.head(torch.cat(self.lstm(walks)[0][:, -1].chunk(2), -1))[:, 0]


class Transformer(nn.Module):
    """The embedding transformer of a Chromoformer: the TSS bin asks all bins."""

    def __init__(self, width: int):
        super().__init__()
        self.embed, self.head = Embedding(2, Shape(width=width, embed_hidden=width)), _head(width)

    def forward(self, windows: Tensor) -> Tensor:
        """(N, T, C) -> (N,)."""
        seen = torch.ones(windows.shape[:2], dtype=torch.bool)
        return self.head(self.embed.focused(windows, seen)[0])[:, 0]


def _head(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, 24), nn.ReLU(), nn.Linear(24, 1))


MODELS: dict[str, Callable[[], nn.Module]] = {  # of about 7,000 parameters each
    "CNN, 10 kb": lambda: CNN(10, 32, 45),
    "CNN, 40 kb": lambda: CNN(40, 16, 25),
    "RNN": lambda: RNN(34),
    "RNN, patient": lambda: RNN(34, patient=True),
    "transformer": lambda: Transformer(32),
}


def make(model: str, seed: int) -> nn.Module:
    """An untrained model of `MODELS`, its weights from the seed; a name that is not there raises `ChromolabError`."""
    if model not in MODELS:
        raise ChromolabError(f"no model {model!r}; expected one of {', '.join(MODELS)}")
    with seeded(seed):
        return MODELS[model]()


def pull(model: str, seed: int = 0, n: int = 500) -> Tensor:
    """How strongly the answer of an untrained model hangs on each bin: what training has to begin with.

    Parameters
    ----------
    model : of `MODELS`
    seed : int
        Of the weights and the windows.
    n : int
        Windows of which the mean is taken.

    Returns
    -------
    Tensor (80,)
        Mean absolute derivative of the answer by a bin of track 1, without unit.
    """
    net = make(model, seed)
    windows = plant(1, n, torch.Generator().manual_seed(seed))[0].requires_grad_()
    net(windows).sum().backward()
    assert windows.grad is not None
    return windows.grad[..., 1].abs().mean(0)


def learn(
    model: str, kb: float, seed: int = 0, steps: int = 300, rate: float = 3e-3, every: int = 100
) -> Iterator[tuple[int, float]]:
    """Train one model on windows made up as it goes.

    Parameters
    ----------
    model : of `MODELS`
    kb : float
        How far away the peak lies, as of `plant`.
    seed : int
        Of the weights and the windows.
    steps, every : int
        Steps of 64 windows each, and after how many of them the model is scored, each time.
    rate : float
        Of AdamW; gradients are cut to a norm of 1, as is the custom with recurrent networks.

    Yields
    ------
    (int, float)
        Steps done, and R² on 2,000 windows of which none was trained on: 1 is perfect, 0 no better than their mean.
    """
    net, generator = make(model, seed), torch.Generator().manual_seed(seed)
    test, wanted = plant(kb, 2000, torch.Generator().manual_seed(10_000 + seed))
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate)
    for step in range(1, steps + 1):
        windows, answers = plant(kb, 64, generator)
        optimizer.zero_grad()
        (net(windows) - answers).square().mean().backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        if step % every == 0 or step == steps:
            with torch.no_grad():
                yield step, 1 - float((net(test) - wanted).square().mean() / wanted.var(correction=0))


def compare_planted(
    models: Sequence[str] = tuple(MODELS),
    distances: Sequence[float] = (1, 4, 10, 19),
    seeds: Sequence[int] = (0, 1, 2),
    steps: int = 300,
    rate: float = 3e-3,
    every: int = 100,
    done: pd.DataFrame | None = None,
) -> Iterator[dict]:
    """Train each model at each distance, with each seed; yields a row for each score.

    Parameters
    ----------
    models, distances, seeds
        What is crossed; distances in kb.
    steps, rate, every
        As of `learn`, the same for all.
    done : DataFrame, optional
        Rows of before, with `model`, `kb`, `seed`: these runs are not made again.

    Yields
    ------
    dict
        model, kb, seed, steps and r2.
    """
    known = set() if done is None else set(done[["model", "kb", "seed"]].itertuples(index=False, name=None))
    for kb in distances:
        for model in models:
            for seed in seeds:
                if (model, kb, seed) not in known:
                    for step, r2 in learn(model, kb, seed, steps, rate, every):
                        yield {"model": model, "kb": kb, "seed": seed, "steps": step, "r2": r2}
