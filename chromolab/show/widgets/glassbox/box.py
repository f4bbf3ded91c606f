"""The glass box: one gene's numbers through a Chromoformer, box by box."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
import traitlets
from torch import Tensor

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.explain.named_tensors import Stage
from chromolab.learn.explain.stages import trace
from chromolab.models.chromoformer import Chromoformer
from chromolab.show.figures.style import name_of
from chromolab.show.widgets.base import Widget, mark_styles, script, styles
from chromolab.show.widgets.glassbox.lanes import lanes, layers, text_of

THUMBNAIL = (28, 80)  # rows and columns of a box's small picture, at most
HIDDEN = 255  # the level that stands for "not seen"; 0 to 254 are values


class GlassBox(Widget):
    """Show every tensor between one gene's tracks and a model's prediction; click a box to open it.

    Parameters
    ----------
    model : Chromoformer
    gene : Dataset
        One example: `ds.gene("...")`.
    device : str, optional

    Raises
    ------
    ChromolabError
        As `chromolab.learn.explain.stages.trace` raises it.

    Examples
    --------
    >>> box = cl.GlassBox(model, ds.gene("..."))  # in JupyterLab: shows itself
    >>> box.stages  # the same as a table
    >>> box["regulation.100.0.scores"]  # and as numbers, (head, asking token, token)
    """

    _esm = script("glassbox")
    _css = styles("glassbox/box.css")
    about = traitlets.Dict().tag(sync=True)

    def __init__(self, model: Chromoformer, gene: Dataset, device: str | torch.device | None = None, **traits: Any):
        self._trace: Any = trace(model, gene, device)  # None once released
        super().__init__(about=_about(model, gene, self._trace), **traits)

    def __repr__(self) -> str:
        if self._trace is None:
            return "GlassBox: closed"
        name, cell = self.about["gene"], self.about["cell"]
        return f"GlassBox: {name} in {cell}, {len(self._trace)} tensors; opens in JupyterLab, box.stages lists them"

    # ----- for use from code ------------------------------------------------------------------------------------------

    @property
    def stages(self) -> pd.DataFrame:
        """Every tensor, in order of computation: shape, axes, inputs, weights, formula."""
        rows = [
            (
                s.name,
                s.shape,
                ", ".join(s.axes),
                ", ".join(s.inputs),
                ", ".join(name for name, _ in s.weights.values()),
                text_of(s.name)[1],
            )
            for s in self._opened().values()
        ]
        return pd.DataFrame(rows, columns=["name", "shape", "axes", "inputs", "weights", "formula"]).set_index("name")

    def __getitem__(self, name: str) -> np.ndarray:
        """The values of a stage, in the model's precision (half precision as float32)."""
        return _array(self._stage(name).tensor)

    def release(self) -> None:
        self._trace = None

    def _opened(self):
        if self._trace is None:
            raise ChromolabError("this glass box is closed and holds no numbers; make another with cl.GlassBox(...)")
        return self._trace

    def _stage(self, name: str) -> Stage:
        if name not in self._opened():
            similar = [n for n in self._trace if n.split(".")[-1] == str(name).split(".")[-1]]
            hint = f"; names with this ending: {', '.join(similar[:4])} ..." if similar else "; box.stages lists them"
            raise ChromolabError(f"no stage {name!r}{hint}")
        return self._trace[name]

    # ----- answers to the browser -------------------------------------------------------------------------------------

    def reply(self, request: dict) -> tuple[dict, list[bytes]]:
        """Answer the browser: {"kind": "map", "resolution", "pairwise", "regulation", "pcre"} or {"kind": "stage",
        "name", "pcre"}, where layers and pCREs count from 0.
        """
        match {"resolution": 0, "pairwise": 0, "regulation": 0, "pcre": 0} | request:
            case {
                "kind": "map",
                "resolution": int(size),
                "pairwise": int(asks),
                "regulation": int(sums),
                "pcre": int(p),
            }:
                return self._map(size, asks, sums, p)
            case {"kind": "stage", "name": str(name), "pcre": int(pcre)}:
                return self._open(name, pcre)
        raise ChromolabError(f"the glass box does not know the request {str(request)[:200]}")

    def _map(self, resolution: int, pairwise: int, regulation: int, pcre: int) -> tuple[dict, list[bytes]]:
        """All boxes for one resolution and one layer of each transformer, with small pictures."""
        if resolution not in self.about["resolutions"]:
            raise ChromolabError(f"the model has no resolution {resolution}; it has {self.about['resolutions']}")
        shown, boxes, pictures, at = lanes(self._opened(), resolution, pairwise, regulation), {}, [], 0
        for name in (n for lane in shown for column in lane["columns"] for n in column):
            stage, (values, axes, seen) = self._trace[name], self._part(name, pcre)
            levels = thumbnail(values, axes, seen)
            boxes[name] = {
                "title": text_of(name)[0],
                "shape": values.shape,
                "axes": axes,
                "inputs": stage.inputs,
                "picture": [*levels.shape, at],
                "signed": bool(np.nanmin(values, initial=0) < 0),
            }
            at += levels.size
            pictures.append(levels.tobytes())
        return {"kind": "map", "lanes": shown, "boxes": boxes}, [b"".join(pictures)]

    def _open(self, name: str, pcre: int) -> tuple[dict, list[bytes]]:
        """One box: every number of its inputs, weights and output."""
        stage = self._stage(name)
        title, formula, words = text_of(name)
        parts, buffers = [], []
        inputs = [n for n in stage.inputs if self._trace.slots or self._trace[n].axes[0] != "pcre"]
        for role, source in [*(("input", n) for n in inputs), ("output", name)]:
            values, axes, seen = self._part(source, pcre)
            parts.append(
                {
                    "role": role,
                    "name": source,
                    "label": text_of(source)[0],
                    "axes": axes,
                    "place": self._trace[source].place,
                    "seen": None if seen is None else seen.tolist(),
                    **_described(values),
                }
            )
            buffers.append(values.tobytes())
        for symbol, (path, weight) in stage.weights.items():
            values = _array(weight)
            axes = ["head"] if symbol == "γ" else ["out", "in"][: values.ndim]
            parts.append(
                {
                    "role": "weight",
                    "name": path,
                    "label": symbol,
                    "axes": axes,
                    "place": "",
                    "seen": None,
                    **_described(values),
                }
            )
            buffers.append(values.tobytes())
        message = {"kind": "stage", "name": name, "title": title, "formula": formula, "words": words, "parts": parts}
        return message, buffers

    def _part(self, name: str, pcre: int) -> tuple[np.ndarray, list[str], np.ndarray | None]:
        """Values, axes and mask of a stage; where it has the axis "pcre", those of the chosen pCRE."""
        stage = self._stage(name)
        values, axes, seen = stage.tensor, list(stage.axes), stage.seen
        if axes[0] == "pcre":
            if values.shape[0] and not 0 <= pcre < len(values):
                raise ChromolabError(f"no pCRE {pcre}: this gene has {len(values)}, counted from 0")
            empty = len(values) == 0  # a gene without pCREs: zeros of the right shape
            values, axes = values.new_zeros(values.shape[1:]) if empty else values[pcre], axes[1:]
            if seen is not None and seen.dim() == 2:
                seen = seen.new_zeros(seen.shape[1:]) if empty else seen[pcre]
        return _array(values), axes, None if seen is None else seen.cpu().numpy()


def _array(values: Tensor) -> np.ndarray:
    values = values.detach().cpu()
    if values.dtype.itemsize < 4:  # browsers have no half precision; widening is exact
        values = values.float()
    return np.ascontiguousarray(values.numpy())


def _described(values: np.ndarray) -> dict:
    return {"shape": values.shape, "dtype": str(values.dtype)}


def _about(model, gene: Dataset, kept) -> dict:
    """What stays the same while the page is open: the gene, its regions, the model's sizes, colours."""
    row = gene.genes.iloc[0]
    window = gene.signal.regions.iloc[gene.promoter[0]]
    pcres = gene.pcres().to_dict("records")
    tss, minus = int(row["tss"]), row["strand"] == "-"
    for pcre, slot in zip(pcres, kept.slots, strict=True):
        middle = (pcre["start"] + pcre["end"]) / 2
        near = pcre["chrom"] == row["chrom"]
        pcre.update(
            slot=slot,
            frequency=float(gene.frequency[0, slot]),
            kb=(tss - middle if minus else middle - tss) / 1000 if near else None,
        )
    measured = float(row["log2_expression"]) if "log2_expression" in row else float("nan")
    return {
        "gene": name_of(row),
        "cell": str(row["cell_type"]),
        "origin": gene.origin,
        "task": model.task,
        "chrom": str(row["chrom"]),
        "tss": tss,
        "strand": str(row["strand"]),
        "window": int(gene.window),
        "start": int(window["start"]),
        "end": int(window["end"]),
        "pcres": pcres,
        "slots": gene.n_pcres,
        "measured": None if np.isnan(measured) else measured,
        "label": int(row["label"]) if "label" in row else -1,
        "output": kept["head.output"].tensor.double().tolist(),
        "probability": kept["head.probability"].tensor.double().tolist()[1] if "head.probability" in kept else None,
        "marks": mark_styles(model.marks),
        "resolutions": list(model.resolutions),
        "layers": {step: layers(kept, step) for step in ("pairwise", "regulation")},
    }


# ----- small pictures ------------------------------------------------------------------------------------------------


def flat(values: np.ndarray, axes: Sequence[str], seen: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """A tensor as a picture: values and whether they are hidden, each (rows, columns).

    Bins run along the columns, and each head has its own rows; without bins each head has its own block of columns.
    """
    values = np.asarray(values, np.float64)
    hidden = np.isnan(values)
    if seen is not None:
        along = axes.index("bin") if "bin" in axes else len(axes) - 1 - axes[::-1].index("token")
        hidden = hidden | ~seen.reshape([-1 if i == along else 1 for i in range(values.ndim)])
    if "bin" in axes:
        turned = [
            np.moveaxis(a, axes.index("bin"), -1).reshape(-1, values.shape[axes.index("bin")]) for a in (values, hidden)
        ]
    elif values.ndim == 3:  # (H, S, E) -> (S, H*E)
        turned = [np.moveaxis(a, 0, 1).reshape(values.shape[1], -1) for a in (values, hidden)]
    else:
        turned = [a.reshape(-1, values.shape[-1]) for a in (values, hidden)]
    return turned[0], turned[1]


def thumbnail(values: np.ndarray, axes: Sequence[str], seen: np.ndarray | None) -> np.ndarray:
    """A tensor in few pixels: uint8 (rows, columns), where 255 is hidden and 0 to 254 run from 0 to the largest value.

    Where a tensor has negative numbers, 127 is zero.
    """
    picture, hidden = flat(values, axes, seen)
    pooled, shown = np.where(hidden, 0, picture), (~hidden).astype(float)
    for axis, most in enumerate(THUMBNAIL):
        edges = np.unique(np.linspace(0, pooled.shape[axis], most + 1).astype(int)[:-1])
        if pooled.shape[axis] > most:
            pooled, shown = (np.add.reduceat(a, edges, axis) for a in (pooled, shown))
    mean = np.divide(pooled, shown, out=np.zeros_like(pooled), where=shown > 0)
    top = np.abs(mean).max(initial=0) or 1.0
    signed = np.nanmin(values, initial=0) < 0
    levels = 127 + 127 * mean / top if signed else 254 * mean / top
    return np.where(shown > 0, np.rint(levels), HIDDEN).astype(np.uint8)
