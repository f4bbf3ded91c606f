"""How a promoter's embedding moves through the regulation layers, and what can be read from it on the way.

Token 0 of the regulation step is the promoter. Before the first layer it is what the embedding step made of the
promoter's own window; each layer lets it look at the pCREs; the head reads the first plus the last.
"""

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from sklearn.decomposition import PCA

from chromolab.data.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.explain.tables import value
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
        What `cl.predict` gives for the same examples.
    """

    genes: pd.DataFrame
    resolutions: tuple[int, ...]
    tokens: np.ndarray
    prediction: np.ndarray

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
        return self.tokens.shape[1] - 1

    def at(self, step: int, resolution: int | None = None) -> np.ndarray:
        """Tokens of one step: (examples, width) at a resolution, or of all, (examples, resolutions * width).

        step : 0 before the regulation layers, i after layer i; -1 the last.
        """
        if not -1 - self.layers <= step <= self.layers:
            raise ChromolabError(f"no step {step}; there are 0 (before the layers) to {self.layers} (after the last)")
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
        """The tokens with labels, by example, step and resolution: gene, cell_type, layer, resolution, 0, 1 .."""
        examples, steps, resolutions, width = self.tokens.shape
        each = steps * resolutions
        labels = self.genes.iloc[np.repeat(np.arange(examples), each)].reset_index(drop=True)
        labels["layer"] = np.tile(np.repeat(np.arange(steps), resolutions), examples)
        labels["resolution"] = np.tile(self.resolutions, examples * steps)
        return pd.concat([labels, pd.DataFrame(self.tokens.reshape(-1, width))], axis=1)


def embeddings(model: Chromoformer, dataset: Dataset, **prediction) -> Embeddings:
    """Listen to the promoter's token on its way through the regulation layers, while the model predicts.

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
        The head makes `prediction` of its first and last step (tested, to the bit): `head(model, e.before + e.after)`.

    Raises
    ------
    ChromolabError
        For a model without regulation layers.
    """
    if not isinstance(model, Chromoformer) or not model.shape.regulation_layers:
        raise ChromolabError(f"this {type(model).__name__} has no regulation layers; pass a Chromoformer that has")
    if "path" in prediction:
        raise ChromolabError("embeddings are taken on the focused path, which gives the same numbers; leave out path")
    with _listening(model) as heard:
        out = predict(model, dataset, **prediction)
    tokens = np.zeros(
        (len(dataset), 1 + model.shape.regulation_layers, len(model.resolutions), model.shape.width), out.dtype
    )
    for (step, place), batches in heard.items():
        if batches:
            tokens[:, step, place] = torch.cat(batches).cpu().numpy()
    genes = dataset.genes[["gene_id", "cell_type"]].rename(columns={"gene_id": "gene"}).reset_index(drop=True)
    return Embeddings(genes, model.resolutions, tokens, out)


@contextmanager
def _listening(model: Chromoformer):
    """While this lasts, keep the promoters' tokens, {(step, place of the resolution): [batch, ...]}.

    The last thing that every layer does is its feed-forward block. The embedding step's gives the promoters (B, D), a
    regulation layer's the promoters first and the pCREs' tokens after them (B + P, D).
    """
    heard, genes, hooks = defaultdict(list), {}, []

    def listen(step: int, place: int):
        def hook(_module, _inputs, out):
            if step == 0:
                genes[place] = len(out)
            heard[step, place].append(out[: genes[place]].detach())

        return hook

    for place, r in enumerate(map(str, model.resolutions)):
        layers = [*model.embed[r].transformer["layers"][-1:], *model.regulation[r].transformer["layers"]]
        hooks += [layer.ff.register_forward_hook(listen(step, place)) for step, layer in enumerate(layers)]
    try:
        yield heard
    finally:
        for hook in hooks:
            hook.remove()


@torch.no_grad()
def head(model: Chromoformer, read: np.ndarray) -> np.ndarray:
    """What a model's head makes of vectors (examples, resolutions * width): (examples, outputs).

    It was trained on one thing alone, the sum of the promoter's tokens before and after all regulation layers.
    """
    weight = model.fc_head[0].weight
    out = model.fc_head(torch.from_numpy(np.ascontiguousarray(read)).to(weight.device, weight.dtype))
    return out.cpu().numpy()


def trajectory(model: Chromoformer, embedded: Embeddings) -> pd.DataFrame:
    """What the head would predict, were the regulation step to end after each layer.

    Only the last layer's reading is what the model was trained to give; the earlier ones put a vector before a head
    that never saw its like. They are a way of looking (like the "logit lens" of language models), not a prediction.

    Returns
    -------
    DataFrame
        gene, cell_type, layer (0: the promoter's own token in place of a regulated one), value: log2(RPKM + 1), or a
        classifier's log-odds (natural logarithm).
    """
    steps = range(1 + embedded.layers)
    read = np.stack([value(head(model, embedded.before + embedded.at(step))) for step in steps], 1)
    return _long(embedded).assign(value=read.ravel())


def project(embedded: Embeddings, method: str = "pca", onto: Embeddings | None = None, seed: int = 0) -> pd.DataFrame:
    """Two numbers for each promoter and step, to be drawn: all steps in the axes of the last one.

    Parameters
    ----------
    embedded : Embeddings
    method : {"pca", "umap"}
        "pca": the two directions in which the final embeddings vary most, each turned so that it rises with the
        prediction (a component's sign is arbitrary). "umap": a map that keeps neighbours together and has no axes to
        speak of; needs the package umap-learn.
    onto : Embeddings, optional
        Whose final embeddings set the axes; default those of `embedded`. Give the same to compare two sets.
    seed : int
        Of UMAP.

    Returns
    -------
    DataFrame
        gene, cell_type, layer (0: before the regulation layers), x, y; `attrs["axes"]` names x and y (for PCA with the
        share of the final embeddings' variance that each explains).

    Raises
    ------
    ChromolabError
        On another method, fewer than three promoters, or where umap-learn is not installed.
    """
    onto = embedded if onto is None else onto
    final, turned = onto.after, np.ones(2)
    if len(final) < 3:
        raise ChromolabError(f"{len(final)} promoters span no plane; give three or more")
    if method == "pca":
        fitted = PCA(2, svd_solver="full").fit(final)
        shares = fitted.explained_variance_ratio_
        turned = np.where(value(onto.prediction) @ fitted.transform(final) < 0, -1, 1)
        axes = [f"PC{i} ({share:.0%} of the final variance)" for i, share in enumerate(shares, 1)]
    elif method == "umap":
        fitted, axes = _umap(seed, len(final)).fit(final), ["UMAP 1", "UMAP 2"]
    else:
        raise ChromolabError(f"method is {method!r}; expected 'pca' or 'umap'")
    steps = [fitted.transform(embedded.at(step)) for step in range(1 + embedded.layers)]
    places = turned * np.stack(steps, 1).reshape(-1, 2)
    table = _long(embedded).assign(x=places[:, 0], y=places[:, 1])
    table.attrs["axes"] = axes
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
