"""The glass box's map: where each box stands."""

from dataclasses import dataclass

from chromolab.learn.explain.named_tensors import Trace


@dataclass(frozen=True)
class Lane:
    """A row of the map: columns from left to right, each with one or more boxes; `step` says which summary opens it."""

    step: str
    key: str
    title: str
    about: str
    columns: tuple[str, ...]  # names of the stages in each column; "|" is a gap


LANES = (
    Lane("embedding", "input", "Window", "what was measured around the TSS, in bins", ("depth", "log", "features")),
    Lane(
        "embedding",
        "embedding",
        "Embedding",
        "the bin at the TSS looks at all bins",
        ("projected positions", "tokens", "q k v", "scores", "weights", "attended", "normed hidden", "tss"),
    ),
    Lane("pairwise", "input", "Element", "what was measured in the chosen pCRE", ("pcre_depth", "pcre_features")),
    Lane(
        "pairwise",
        "pairwise",
        "Pairwise interaction",
        "the promoter asks this element, layer by layer",
        ("x projected positions", "tokens", "q k v", "scores", "weights", "attended", "normed hidden", "out"),
    ),
    Lane(
        "regulation",
        "regulation",
        "Regulation",
        "promoter and elements as a set, contact frequency in the scores",
        ("x", "q k v gate", "content frequency bias", "scores", "weights", "attended gated", "normed hidden", "out"),
    ),
    Lane(
        "gene",
        "gene",
        "Whole gene",
        "the bin at the TSS looks at all bins of its gene, 5′ to 3′",
        (
            "places parts",
            "depth features",
            "projected numbers positions",
            "tokens",
            "q k v bases",
            "scores",
            "weights",
            "attended",
            "said",
        ),
    ),
    Lane(
        "head",
        "head",
        "Head",
        "all resolutions, before and after regulation",
        ("before after", "joined", "both", "hidden", "output", "probability"),
    ),
)

# A summary box: step, title, what it asks, and its two small pictures: what goes in, and what comes out.
STEPS = (
    ("embedding", "Embedding", "What state is this promoter in?", "input.features", "weights"),
    ("pairwise", "Pairwise interaction", "What does one element say to it?", "input.pcre_features", "weights"),
    ("regulation", "Regulation", "What do they all say together?", "frequency", "weights"),
    ("gene", "Whole gene", "What lies from before the TSS to the end of the gene?", "features", "weights"),
    ("head", "Head", "How much is this gene expressed?", "joined", "probability output"),
)
_OF_A_LAYER = {
    "q",
    "k",
    "v",
    "gate",
    "content",
    "bias",
    "scores",
    "weights",
    "attended",
    "gated",
    "normed",
    "hidden",
    "out",
}


def steps(trace: Trace, resolution: int, pairwise_layer: int = 0, regulation_layer: int = 0) -> list[dict]:
    """The summary boxes, numbered, of the steps that the model has.

    Returns
    -------
    list of {"key", "title", "about", "pictures": two names of stages, "lanes": see `lanes`}
    """
    layer = {"pairwise": pairwise_layer, "regulation": regulation_layer}
    rows, found = lanes(trace, resolution, pairwise_layer, regulation_layer), []
    for step, title, about, *shown in STEPS:
        own = [row for row in rows if row["step"] == step]
        if not any(row["columns"] for row in own):
            continue
        names = []
        for picture in shown:
            of, _, what = picture.rpartition(".")
            names += _names(trace, of or step, what, resolution, layer.get(of or step))[:1]
        found.append(
            {"key": step, "title": f"{len(found) + 1}  {title}", "about": about, "pictures": names, "lanes": own}
        )
    return found


def lanes(trace: Trace, resolution: int, pairwise_layer: int = 0, regulation_layer: int = 0) -> list[dict]:
    """The lanes with the names of their stages, for one resolution and one layer of each transformer.

    Returns
    -------
    list of {"step", "key", "title", "about", "columns": list of lists of names (an empty list is a gap)}
    """
    layer = {"pairwise": pairwise_layer, "regulation": regulation_layer}
    placed = []
    for lane in LANES:
        columns = [(c, _names(trace, lane.key, c, resolution, layer.get(lane.key))) for c in lane.columns]
        columns = [names for column, names in columns if names or column == "|"]
        words = {"step": lane.step, "key": lane.key, "title": lane.title, "about": lane.about}
        placed.append(words | {"columns": columns})
    return placed


def _names(trace: Trace, step: str, column: str, resolution: int, layer: int | None) -> list[str]:
    names = []
    for what in column.split():
        prefix = f"{step}." if step in ("gene", "head") else f"{step}.{resolution}."
        if what == "x":  # the layer's input: the step's first tokens, or the layer before
            what = {"pairwise": "asking", "regulation": "tokens"}[step] if not layer else f"{layer - 1}.out"
        elif layer is not None and what in _OF_A_LAYER:
            what = f"{layer}.{what}"
        if prefix + what in trace:
            names.append(prefix + what)
    return names


def layers(trace: Trace, step: str) -> int:
    """Number of layers of a step."""
    return 1 + max(
        (int(name.split(".")[2]) for name in trace if name.startswith(step) and name.count(".") == 3), default=-1
    )
