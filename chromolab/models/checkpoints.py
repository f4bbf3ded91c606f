"""Checkpoints: files of the published study in both naming generations, and our own. Nothing in a file is executed."""

import io
import json
import re
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from chromolab.data.dataset.dataset import SIMULATED
from chromolab.data.dataset.torch_files import read_torch_file
from chromolab.data.files import atomic_write
from chromolab.data.tracks.scales import DEPTH, check_scales, check_transforms, other_transforms
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError
from chromolab.models.attentivechrome import AttentiveChrome
from chromolab.models.base import Model
from chromolab.models.chromoformer import Chromoformer
from chromolab.models.deepchrome import DeepChrome
from chromolab.models.deepdiff import DeepDiff
from chromolab.models.gcmerge import PUBLISHED_MARKS, PUBLISHED_NAMES, with_published_weights
from chromolab.models.graph import Graph
from chromolab.models.hmcrnn import HMCRNN
from chromolab.models.sequence.multiomics import MultiOmics
from chromolab.models.wholegene import WholeGene

FORMAT = "chromolab-checkpoint-1"

# Older published files name the same tensors differently (the rest of a key is the same).
_OLDER_NAMES = (
    (r"^embed(\d+)(?:_a)?\.", r"embed.\1."),
    (r"^embed(\d+)_b\.", r"pairwise_interaction.\1."),
    (r"^pw_int(\d+)\.", r"pairwise_interaction.\1."),
    (r"^reg(\d+)\.", r"regulation.\1."),
    (r"^transformer(\d+)\.", r"regulation.\1.transformer."),
    (r"\.lin_proj_c\.", ".lin_proj_pcre."),
)
# Tensors in published files that the computation never reads: 1,086 of a classifier's 5,342,672 numbers.
_UNREAD = re.compile(
    r"\.self_att\.w_bias\.weight$|^(embed|pairwise_interaction)\..*\.gamma_f$|^pairwise_interaction\.\d+\.ln\."
)


# A MultiOmics is a Chromoformer, too: the first that fits is a model's kind.
_KINDS = {
    kind.__name__: kind for kind in (MultiOmics, Chromoformer, AttentiveChrome, DeepChrome, DeepDiff, HMCRNN, WholeGene)
}


def load_checkpoint(
    path: str | PathLike[str],
    marks: Sequence[str] | None = None,
    dtype: torch.dtype = torch.float32,
    graph: Graph | None = None,
) -> Model:
    """Build the model that a checkpoint holds.

    Parameters
    ----------
    path : path
        A published `.pt` file of either naming generation, one written by `save_checkpoint`, or the authors' weights of
        GC-MERGE.
    marks : sequence of str, optional
        Names of the tracks, in the order that the weights expect; only for a published file, which does not name them.
        Default: the published seven; of GC-MERGE the published six (H3K27ac, H3K27me3, H3K36me3, H3K4me1, H3K4me3,
        H3K9me3: the order in which its authors read their files).
    dtype : torch.dtype
        The parameters' data type.
    graph : Graph, optional
        From `cl.models.genome_graph`, with the same marks in any order; GC-MERGE's weights need it. What they predict
        depends on it: the authors' graph came from Hi-C of the same cells, and their marks were counted in 10 kb bins.

    Returns
    -------
    Chromoformer, or another model that `save_checkpoint` knows
        In evaluation mode on the CPU; `model.scales` names the scale of each track (published models: read depth), and
        `model.checkpoint` holds everything else in the file (epoch, scores), unchanged.

    Raises
    ------
    ChromolabError
        If the file is missing or cut short, if loading it would run code, or if its tensors do not fit its model.
    """
    path = Path(path)
    content = read_torch_file(path)
    if set(content) == set(PUBLISHED_NAMES):
        return _gcmerge(path, content, graph, PUBLISHED_MARKS if marks is None else tuple(marks)).to(dtype)
    weights = content.get("net")
    if not isinstance(weights, dict) or not all(isinstance(k, str) for k in weights):
        shown = ", ".join(str(key)[:40] for key in list(content)[:12])
        raise ChromolabError(f"{path}: expected a dictionary with the state dict under 'net'; it has {shown or 'none'}")
    if wrong := [k for k, t in weights.items() if not (isinstance(t, Tensor) and bool(t.isfinite().all()))]:
        raise ChromolabError(f"{path}: {wrong[0][:80]!r} is no tensor of finite numbers; train or download it again.")
    own = content.get("format") == FORMAT
    kind = content.get("model", "Chromoformer") if own else "Chromoformer"
    if not isinstance(kind, str) or kind not in _KINDS:  # a name, looked up here: nothing in a file is executed
        raise ChromolabError(
            f"{path}: holds a {str(kind)[:40]}, which this version does not know; it knows {', '.join(_KINDS)}"
        )
    if own:
        config = content.get("config")
    else:
        weights = modern_names(weights)
        config = _published_config(path, weights, MARKS if marks is None else tuple(marks))
        weights = {k: t for k, t in weights.items() if not _UNREAD.search(k)}
    model = _built(path, kind, config, weights).to(dtype)  # before loading: float64 must not pass through float32
    model.load_state_dict(weights)
    scales = content.get("scales") if own else dict.fromkeys(model.marks, DEPTH)
    try:
        model.scales = check_scales(scales, model.marks) if scales else {}
    except (ChromolabError, TypeError, ValueError) as error:
        raise ChromolabError(f"{path}: expected the scale of each mark under 'scales' ({error})") from error
    model.transforms = _transforms(path, content.get("transforms", {}) if own else {}, model.marks)
    model.origin = str(content.get("origin", "")) if own else "measured"
    model.made_by = f"cl.load_checkpoint({json.dumps(str(path))})" if marks is None else ""
    model.checkpoint = {k: v for k, v in content.items() if k not in _TAKEN}
    return model.eval()


def _gcmerge(path: Path, weights: dict, graph: Graph | None, marks: tuple[str, ...]) -> Model:
    """The authors' GC-MERGE: its file is the state dict alone."""
    if wrong := [k for k, t in weights.items() if not (isinstance(t, Tensor) and bool(t.isfinite().all()))]:
        raise ChromolabError(f"{path}: {wrong[0]!r} is no tensor of finite numbers; download it again.")
    try:
        model = with_published_weights(weights, graph, marks)
    except (ChromolabError, IndexError, RuntimeError) as error:
        raise ChromolabError(f"{path}: {error}") from error
    model.origin, model.checkpoint = "measured", {}
    return model.eval()


def _built(path: Path, kind: str, config: Any, weights: dict[str, Tensor]) -> Model:
    """A new model as `config` says, once it is known to have the shapes of these weights."""
    try:
        if not weights or not isinstance(config, dict):
            raise ValueError("no sizes, or no weights")
        _refuse_sizes(config, weights)
        with torch.device("meta"):  # makes shapes without numbers
            planned = _KINDS[kind](**config).state_dict()
        if odd := set(planned) ^ set(weights) or {k for k in planned if not _alike(planned[k], weights[k])}:
            raise ValueError(f"{min(odd)[:80]} does not fit")
        return _KINDS[kind](**config)
    except (RuntimeError, TypeError, KeyError, ValueError, AttributeError, OverflowError, ChromolabError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise ChromolabError(f"{path}: its tensors do not fit the {kind} that it describes: {reason}") from error


def _alike(a: Tensor, b: Tensor) -> bool:
    return a.shape == b.shape and a.is_floating_point() == b.is_floating_point()


def _refuse_sizes(config: dict, weights: dict[str, Tensor]) -> None:
    """Raise ValueError for sizes that these weights cannot have: building such a model might not end."""
    parts, most = 0, max(dim for t in weights.values() for dim in (*t.shape, 1))
    for name, value in config.items():
        several = isinstance(value, list | tuple)
        for one in value if several else [value]:
            size = isinstance(one, int) and not isinstance(one, bool) and 0 < one < 2**31
            if not (size or (isinstance(one, str) and (several or name == "task"))):
                raise ValueError(f"{name} is {str(one)[:40]}")
        if several and len(value) > max(most, len(weights)):
            raise ValueError(f"{name} has {len(value)} entries")
        parts += value if str(name).endswith("_layers") else 0
    resolutions = config.get("resolutions", (0,))
    if max(parts, 1) * (len(resolutions) if isinstance(resolutions, list | tuple) else 1) > len(weights):
        raise ValueError(f"{parts} layers for each of {len(resolutions)} resolutions")


_TAKEN = ("net", "optimizer", "config", "format", "scales", "origin", "model", "transforms")


def _transforms(path: Path, given: Any, marks: tuple[str, ...]) -> dict[str, str]:
    """What the model reads of each mark that it does not read as ln(1 + depth); older files have no other marks."""
    try:
        return other_transforms(check_transforms(given, marks))
    except (ChromolabError, TypeError, ValueError) as error:
        raise ChromolabError(f"{path}: expected the transform of marks under 'transforms' ({error})") from error


def modern_names(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors under the newer published names."""
    renamed = {}
    for key, tensor in weights.items():
        for pattern, new in _OLDER_NAMES:
            key = re.sub(pattern, new, key)
        renamed[key] = tensor
    return renamed


def published_state(model: Chromoformer) -> dict[str, Tensor]:
    """The model's tensors under published names, and the unread tensors at their initial values.

    With the published sizes that is 370 tensors, 5,342,672 numbers for a classifier.
    """
    state, shape = {}, model.shape
    width = shape.width
    for key, tensor in model.state_dict().items():
        state[key] = tensor.detach().cpu()
        # A block's unread tensors stand beside its output projection.
        if match := re.match(r"(embed|pairwise_interaction|regulation)\.\d+\..*self_att\.ff\.weight$", key):
            part, block = match[1], key.removesuffix("ff.weight")
            heads = {"embed": shape.embed_heads, "regulation": shape.regulation_heads}.get(part, shape.pairwise_heads)
            state.setdefault(block + "gamma_f", tensor.new_ones(heads).cpu())
            if part != "pairwise_interaction":
                state[block + "w_bias.weight"] = tensor.new_zeros(heads, 2).cpu()
    for r in model.resolutions:
        state[f"pairwise_interaction.{r}.ln.weight"] = torch.ones(width, dtype=model.fc_head[0].weight.dtype)
        state[f"pairwise_interaction.{r}.ln.bias"] = torch.zeros(width, dtype=model.fc_head[0].weight.dtype)
    return state


def save_checkpoint(
    model: Model, path: str | PathLike[str], names: str = "own", half: bool = False, **about: Any
) -> Path:
    """Write a model, whole or not at all.

    Parameters
    ----------
    model : Chromoformer, DeepChrome, AttentiveChrome, HMCRNN, DeepDiff, WholeGene or MultiOmics
        A GCMerge belongs to its graph: save its `state_dict()` yourself, and build the graph again from the dataset.
    path : path
    names : {"own", "published"}
        "published" writes the keys of the published study's files (`net` with the tensors it never reads, too), so
        that the study's code can load them; "own" also keeps the marks and sizes.
    half : bool
        Store float16: half the size, three significant digits.
    **about
        Plain values to keep beside the weights (epoch, scores, the command that trained it).

    Returns
    -------
    Path

    Raises
    ------
    ChromolabError
        For a model that cannot be saved under these names, an unknown `names`, or anything in `about` that is no plain
        value.
    """
    path, kind = Path(path), next((n for n, k in _KINDS.items() if isinstance(model, k)), None)
    if kind is None or (names == "published" and kind != "Chromoformer"):
        raise ChromolabError(
            f"save_checkpoint: cannot save a {type(model).__name__} with names={names!r}; it saves "
            f"{', '.join(_KINDS)}, only a Chromoformer under published names; of another model keep the `state_dict()`"
        )
    if names == "published" and isinstance(model, Chromoformer):
        content: dict[str, Any] = {"net": published_state(model), "optimizer": {}, "epoch": 0, **about}
    elif names == "own":
        weights = {k: t.detach().cpu() for k, t in model.state_dict().items()}
        content = {"format": FORMAT, "config": model.config(), "scales": model.scales, "net": weights, **about}
        content |= {"origin": model.origin} if model.origin else {}
        content |= {"transforms": model.transforms} if model.transforms else {}
        content |= {} if kind == "Chromoformer" else {"model": kind}
    else:
        raise ChromolabError(f"names is {names!r}; expected 'own' or 'published'")
    if half:
        content["net"] = {k: t.half() if t.is_floating_point() else t for k, t in content["net"].items()}
    payload = io.BytesIO()  # torch tells a full disk as an error of its own
    torch.save(content, payload)
    with atomic_write(path) as beside:
        beside.write_bytes(payload.getbuffer())
        read_torch_file(beside)  # what would be refused later is refused now
    return path


SEEDS = range(4)  # one model per seed and task ships with the package


def pretrained(task: str = "classification", seed: int = 0, contacts: str = "lifelike") -> Chromoformer:
    """A small model that ships with the package, trained on the teaching genome (simulated data).

    Made by `python -m chromolab.learn.pretrain`; `model.checkpoint` records how, and its scores. There are four per
    task and setting of contacts, which differ only in their seed: `[cl.pretrained(task, seed) for seed in range(4)]`
    shows the spread. Models taught by `cl.simulate(contacts="strong")` are `contacts="strong"` here.

    Raises
    ------
    ChromolabError
        For another task, seed or setting.
    """
    path = pretrained_path(task, seed, contacts)
    if not path.is_file():
        raise ChromolabError(
            f"no model for task {task!r}, seed {seed!r} and contacts {contacts!r} ships with the package; there are: "
            f"classification, regression with seeds 0 to {SEEDS[-1]}, each for contacts lifelike and strong"
        )
    model = load_checkpoint(path)
    assert isinstance(model, Chromoformer), path
    model.scales, model.origin = dict.fromkeys(model.marks, DEPTH), SIMULATED  # the teaching genome's
    setting = "" if contacts == "lifelike" else f', contacts="{contacts}"'
    model.made_by = f'cl.pretrained("{task}", {seed}{setting})'
    return model


def pretrained_path(task: str, seed: int, contacts: str = "lifelike") -> Path:
    """Where the model of `pretrained` lies."""
    return Path(__file__).parent / "pretrained" / f"{contacts}-{task}-seed{seed}.pt"


def _published_config(path: Path, weights: dict[str, Tensor], marks: tuple) -> dict:
    """Infer resolutions, task and sizes from the tensors' names and shapes."""
    try:
        # The head concatenates coarse to fine, in the published files and in ours.
        resolutions = sorted({int(k.split(".")[1]) for k in weights if k.startswith("embed.")}, reverse=True)
        first = str(resolutions[0])
        embed, pairwise, regulation = (
            {k.split(".transformer.")[-1]: t for k, t in weights.items() if k.startswith(f"{part}.{first}.")}
            for part in ("embed", "pairwise_interaction", "regulation")
        )
        width, n_marks = weights[f"embed.{first}.lin_proj.weight"].shape
        shape = {
            "width": width,
            "embed_heads": len(embed["layers.0.self_att.gamma_f"]),
            "embed_hidden": len(embed["layers.0.ff.l1.bias"]),
            "pairwise_layers": len({k.split(".")[1] for k in pairwise if k.startswith("layers.")}),
            "pairwise_heads": len(pairwise["layers.0.self_att.gamma_f"]),
            "pairwise_hidden": len(pairwise["layers.0.ff.l1.bias"]),
            "regulation_layers": len({k.split(".")[1] for k in regulation if k.startswith("layers.")}),
            "regulation_heads": len(regulation["layers.0.self_att.gamma_f"]),
            "regulation_width": regulation["layers.0.self_att.ff.weight"].shape[1],
            "regulation_hidden": len(regulation["layers.0.ff.l1.bias"]),
            "head_hidden": len(weights["fc_head.0.bias"]),
        }
        outputs = len(weights["fc_head.2.bias"])
    except (KeyError, IndexError, ValueError, TypeError) as error:
        reason = f"{error} was expected" if isinstance(error, KeyError) else "their names or shapes are others"
        raise ChromolabError(f"{path}: not a Chromoformer's tensors: {reason}") from error
    if n_marks != len(marks):
        raise ChromolabError(
            f"{path}: its weights read {n_marks} marks, {len(marks)} were named ({', '.join(marks)}); "
            "pass marks=[...] with their names in order"
        )
    task = "classification" if outputs == 2 else "regression"
    return {"marks": marks, "task": task, "resolutions": resolutions, **shape}
