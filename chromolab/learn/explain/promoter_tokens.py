"""How a promoter's embedding moves through the regulation layers, and what the head would read from it after each.

Token 0 of the regulation step is the promoter. Before the first layer it is the embedding of the promoter's own window;
each layer lets it attend to the pCREs; the head reads the sum of the first and the last.
"""

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import torch
from sklearn.decomposition import PCA

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.metrics import log_odds_or_expression
from chromolab.learn.prediction import predict
from chromolab.models.chromoformer import Chromoformer


@dataclass(frozen=True, eq=False)
class Embeddings:
    """Every example's promoter token, before the regulation layers and after each of them.

    Attributes
    ----------
    genes : DataFrame
        gene and cell_type of each example.
    resolutions : tuple of int
    tokens : float array (examples, 1 + layers, resolutions, width)
        Step 0 is before the first layer, step i after layer i.
    prediction : float array (examples, outputs)
        As `cl.predict` returns for the same examples.
    origin : str
        That of the dataset.
    """

    genes: pd.DataFrame
    resolutions: tuple[int, ...]
    tokens: np.ndarray
    prediction: np.ndarray
    origin: str = ""

    def __len__(self) -> int:
        return len(self.tokens)

    def __repr__(self) -> str:
        examples, steps, resolutions, width = self.tokens.shape
        return (
            f"Embeddings: {examples:,} promoters, before and after {steps - 1} regulation layers, "
            f"{width} numbers at each of {resolutions} resolutions"
        )

    @property
    def layers(self) -> int:
        """The number of regulation layers: one step fewer than there are tokens."""
        return self.tokens.shape[1] - 1

    def at(self, step: int, resolution: int | None = None) -> np.ndarray:
        """Tokens of one step: (examples, width) of one resolution, or (examples, resolutions * width) of all.

        Step 0 is before the regulation layers, step i after layer i, -1 after the last. Raises `ChromolabError` for a
        step or resolution that is not there.
        """
        if not -1 - self.layers <= step <= self.layers:
            raise ChromolabError(f"no step {step}; expected 0 (before the layers) to {self.layers} (after the last)")
        if resolution is None:
            return self.tokens[:, step].reshape(len(self), -1)
        if resolution not in self.resolutions:
            raise ChromolabError(f"no resolution {resolution} in these embeddings; they have {self.resolutions}")
        return self.tokens[:, step, self.resolutions.index(resolution)]

    @property
    def before(self) -> np.ndarray:
        """The promoter alone, (examples, resolutions * width)."""
        return self.at(0)

    @property
    def after(self) -> np.ndarray:
        """After the last regulation layer, (examples, resolutions * width)."""
        return self.at(-1)

    def table(self) -> pd.DataFrame:
        """The tokens, a row per example, step and resolution: gene, cell_type, layer, resolution, 0, 1, ..."""
        examples, steps, resolutions, width = self.tokens.shape
        each = steps * resolutions
        labels = self.genes.iloc[np.repeat(np.arange(examples), each)].reset_index(drop=True)
        labels["layer"] = np.tile(np.repeat(np.arange(steps), resolutions), examples)
        labels["resolution"] = np.tile(self.resolutions, examples * steps)
        return pd.concat([labels, pd.DataFrame(self.tokens.reshape(-1, width))], axis=1)


def embeddings(model: Chromoformer, dataset: Dataset, **prediction: Any) -> Embeddings:
    """Record the promoter's token before and after every regulation layer, while the model predicts.

    Parameters
    ----------
    model : Chromoformer
    dataset : Dataset
        Must hold the model's marks.
    **prediction
        Passed to `cl.predict`: batch_size, device, precision, progress.

    Returns
    -------
    Embeddings
        `head(model, e.before + e.after)` equals `e.prediction` to the bit (tested).

    Raises
    ------
    ChromolabError
        For a model without regulation layers, if the dataset lacks a mark of the model, or if `path` is given.
    """
    if not isinstance(model, Chromoformer) or not model.shape.regulation_layers:
        raise ChromolabError(f"this {type(model).__name__} has no regulation layers; pass a Chromoformer that has some")
    if "path" in prediction:
        raise ChromolabError(
            "embeddings always use the focused path, which gives the same numbers as the full one; leave out path"
        )
    with _recording(model) as recorded:
        out = predict(model, dataset, **prediction)
    tokens = np.zeros(
        (len(dataset), 1 + model.shape.regulation_layers, len(model.resolutions), model.shape.width), out.dtype
    )
    for (step, place), batches in recorded.items():
        if batches:
            tokens[:, step, place] = torch.cat(batches).cpu().numpy()
    genes = dataset.genes[["gene_id", "cell_type"]].rename(columns={"gene_id": "gene"}).reset_index(drop=True)
    return Embeddings(genes, model.resolutions, tokens, out, dataset.origin)


@contextmanager
def _recording(model: Chromoformer):
    """During this `with`, record the promoters' tokens: {(step, index of the resolution): [batch, ...]}.

    Every layer ends with its feed-forward block. That of the embedding step returns the promoters (B, D), that of a
    regulation layer the promoters followed by the pCREs (B + P, D).
    """
    recorded, genes, hooks = defaultdict(list), {}, []

    def record(step: int, place: int):
        def hook(_module, _inputs, out):
            if step == 0:
                genes[place] = len(out)
            recorded[step, place].append(out[: genes[place]].detach())

        return hook

    for place, r in enumerate(map(str, model.resolutions)):
        layers = [*model.embed[r].transformer["layers"][-1:], *model.regulation[r].transformer["layers"]]
        hooks += [layer.ff.register_forward_hook(record(step, place)) for step, layer in enumerate(layers)]
    try:
        yield recorded
    finally:
        for hook in hooks:
            hook.remove()


@torch.no_grad()
def head(model: Chromoformer, read: np.ndarray) -> np.ndarray:
    """Apply the head of a `model` to the vectors in `read` (examples, resolutions * width): (examples, outputs).

    The head was trained only on the sum of the promoter's tokens before and after all regulation layers.
    """
    weight = model.fc_head[0].weight
    out = model.fc_head(torch.from_numpy(np.ascontiguousarray(read)).to(weight.device, weight.dtype))
    return out.cpu().numpy()


def trajectory(model: Chromoformer, embedded: Embeddings) -> pd.DataFrame:
    """What the head would predict if the regulation step ended after each layer.

    Only the value after the last layer is a prediction. For the earlier ones the head reads vectors of a kind on which
    it was never trained; they show how the token moves (like the "logit lens" of language models).

    Parameters
    ----------
    model : Chromoformer
    embedded : Embeddings
        As `embeddings` gives them for the same model.

    Returns
    -------
    DataFrame
        gene, cell_type, layer (0: the promoter's token before the regulation layers takes the place of the last),
        value: log2(RPKM + 1), or a classifier's log-odds (natural logarithm).
    """
    steps = range(1 + embedded.layers)
    read = np.stack([log_odds_or_expression(head(model, embedded.before + embedded.at(step))) for step in steps], 1)
    return _long(embedded).assign(value=read.ravel())


def project(embedded: Embeddings, method: str = "pca", onto: Embeddings | None = None, seed: int = 0) -> pd.DataFrame:
    """Two coordinates for each promoter and step, to draw: all steps on the axes of the last step.

    Parameters
    ----------
    embedded : Embeddings
    method : {"pca", "umap"}
        "pca": the two directions in which the final embeddings vary most, each with the sign that makes it rise with
        the prediction (a component's sign is arbitrary). "umap": a map that keeps neighbours together, whose axes have
        no meaning; needs the package umap-learn.
    onto : Embeddings, optional
        Whose final embeddings set the axes. Default: `embedded`. Give the same to compare two sets.
    seed : int
        For UMAP.

    Returns
    -------
    DataFrame
        gene, cell_type, layer (0: before the regulation layers), x, y; `attrs["axes"]` names x and y (for PCA with the
        share of the final embeddings' variance that each explains), `attrs["origin"]` where the data come from.

    Raises
    ------
    ChromolabError
        For an unknown method, fewer than three promoters, or if umap-learn is not installed.
    """
    onto = embedded if onto is None else onto
    final, turned = onto.after, np.ones(2)
    if len(final) < 3:
        raise ChromolabError(f"{len(final)} promoters do not span a plane; give three or more")
    if method == "pca":
        fitted = PCA(2, svd_solver="full").fit(final)
        shares = fitted.explained_variance_ratio_
        turned = np.where(log_odds_or_expression(onto.prediction) @ fitted.transform(final) < 0, -1, 1)
        axes = [f"PC{i} ({share:.0%} of the final variance)" for i, share in enumerate(shares, 1)]
    elif method == "umap":
        fitted, axes = _umap(seed, len(final)).fit(final), ["UMAP 1", "UMAP 2"]
    else:
        raise ChromolabError(f"method is {method!r}; expected 'pca' or 'umap'")
    steps = [fitted.transform(embedded.at(step)) for step in range(1 + embedded.layers)]
    places = turned * np.stack(steps, 1).reshape(-1, 2)
    table = _long(embedded).assign(x=places[:, 0], y=places[:, 1])
    table.attrs |= {"axes": axes, "origin": embedded.origin}
    return table


def _umap(seed: int, examples: int):
    try:
        from umap import UMAP
    except ImportError:
        raise ChromolabError(
            "method 'umap' needs the package umap-learn, which is not installed: pip install 'chromolab[umap]'; "
            "or use method='pca'"
        ) from None
    return UMAP(n_components=2, n_neighbors=min(15, examples - 1), random_state=seed, n_jobs=1)


def _long(embedded: Embeddings) -> pd.DataFrame:
    """A row per example and step: gene, cell_type, layer."""
    steps = 1 + embedded.layers
    table = embedded.genes.iloc[np.repeat(np.arange(len(embedded)), steps)].reset_index(drop=True)
    return table.assign(layer=np.tile(np.arange(steps), len(embedded)))
