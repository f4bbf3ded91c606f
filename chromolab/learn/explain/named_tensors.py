"""`Trace`: the tensors between one gene's tracks and its prediction, by name; each is a `Stage`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from chromolab.data.dataset.dataset import Dataset


@dataclass(frozen=True)
class Stage:
    """One tensor between tracks and prediction, and what it is computed from.

    Attributes
    ----------
    name : str
        "step.resolution.what" or "step.resolution.layer.what", such as "regulation.100.0.scores".
    tensor : Tensor
    axes : tuple of str
        The name of each axis of `tensor`: "bin", "mark", "width", "head", "head width", "hidden", "pcre", "token", ...
    inputs : tuple of str
        Names of the stages it is computed from.
    weights : {symbol: (name of the parameter, Tensor)}
        The model's weights that it is computed with; part of a parameter is named with its rows, such as
        "...att.weight[0:128]".
    place : {"", "chromosome", "promoter", "pcre", "gene"}
        The direction of the axis "bin": along the chromosome from the window's start, from 5' to 3' of the gene,
        along each pCRE in the chromosome's direction, or the growing bins of the whole gene from 5' to 3'.
    seen : bool Tensor or None
        False where the input is hidden from the model: bins (T,) or (P, T), or tokens (S,).
    """

    name: str
    tensor: Tensor
    axes: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    weights: dict[str, tuple[str, Tensor]] = field(default_factory=dict, repr=False)
    place: str = ""
    seen: Tensor | None = field(default=None, repr=False)

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the tensor's axes."""
        return tuple(self.tensor.shape)


class Trace(Mapping):
    """The stages of one gene, in the order in which they are computed: a mapping from names to `Stage`.

    Attributes
    ----------
    dataset : Dataset
        The gene.
    slots : tuple of int
        Which of the K slots hold a pCRE. The axis "pcre" has only these; the axis "token" has the promoter and all K.
    within : str
        What the names of weights begin with: "steps." while the Chromoformer within another model is followed.
    """

    def __init__(self, dataset: Dataset, slots: tuple[int, ...]):
        self.dataset, self.slots, self.within = dataset, slots, ""
        self._stages: dict[str, Stage] = {}

    def __getitem__(self, name: str) -> Stage:
        return self._stages[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stages)

    def __len__(self) -> int:
        return len(self._stages)

    def add(
        self,
        name: str,
        values: Tensor,
        axes: str,
        inputs: Sequence[str] = (),
        weights: Any = None,
        place: str = "",
        seen: Any = None,
    ) -> Tensor:
        """Add a stage, its axes named as in "head, bin", and return its values."""
        named = {symbol: (self.within + path, weight) for symbol, (path, weight) in (weights or {}).items()}
        stage = Stage(name, values, tuple(axes.split(", ")), tuple(inputs), named, place, seen)
        assert values.dim() == len(stage.axes) and all(i in self._stages for i in stage.inputs), name
        self._stages[name] = stage
        return values


def weights_of(path: str, module: nn.Module, symbols: str) -> dict[str, tuple[str, Tensor]]:
    """A module's parameters (weight, bias) by their symbols, for `Trace.add`."""
    parameters = module.named_parameters()
    return {symbol: (path + name, values) for symbol, (name, values) in zip(symbols.split(), parameters, strict=True)}
