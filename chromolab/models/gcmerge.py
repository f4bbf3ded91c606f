"""GC-MERGE: every bin of the genome listens to the bins that touch it, twice; then the bins that hold a gene answer.

    node: a 10 kb bin with the mean of each mark  ->  M numbers
    twice: own numbers and the mean of the neighbours' side by side -> linear -> ReLU   (GraphSAGE)   M -> 256 -> 256
    nodes with a gene: dropout -> 256 -> 256 -> output

After two rounds a gene's bin has heard from its neighbours' neighbours. The model sees no position within a bin, no
strand and no shape of a signal: genes in one bin get the same answer. A node without neighbours hears zeros and answers
from its own marks alone; `graph.alone(dataset)` lists the genes on such nodes, whose predictions use no contacts.

The published split is random over genes, so that neighbours of test genes train the model; we use the dataset's folds.
When a fold is whole chromosomes, folds share no node and no edge; smaller folds can share both. Training reads the
marks of all nodes, but only the labels of the training genes.

Source: Bigness, Loinaz, Patel, Larschan, Singh, "GC-MERGE" (2021): log10(RPKM + 1), here log2 as for all models.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from chromolab.data.dataset.batches import Batch, Loader
from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.models.base import Model, seeded
from chromolab.models.graph import Graph

# The authors' weights read six marks, in the order of their files' names: theirs is the order of `sorted`.
PUBLISHED_MARKS = ("H3K27ac", "H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3")
PUBLISHED_LAYERS = {"conv1.lin_l": "sage1", "conv2.lin_l": "sage2", "lin1": "l1", "lin2": "l2", "lin3": "out"}
PUBLISHED_NAMES = {
    f"{old}.{kind}": f"{new}.{kind}" for old, new in PUBLISHED_LAYERS.items() for kind in ("weight", "bias")
}
WHOLE = 10**9  # as batch size: all training genes in every step


class GCMerge(Model):
    """A graph network of two layers on a genome of bins.

    Parameters
    ----------
    graph : Graph
        From `cl.models.genome_graph(dataset)`, with all examples for training and prediction. The model reads this
        graph, not the dataset: after editing the dataset, build its graph again and pass it to `see`.
    task : {"classification", "regression"}
    width : int
        Width of every layer; 256 as published.
    seed : int, optional
        Seed of the initial weights.

    Raises
    ------
    ChromolabError
        For an unknown task; when predicting, for genes without a node.
    """

    PUBLISHED = dict(lr=1e-4, batch_size=WHOLE, epochs=800, weight_decay=0.0, decay=1.0, patience=None)

    features: Tensor  # of the graph, as `see` stores them
    source: Tensor
    target: Tensor
    share: Tensor
    first: Tensor

    def __init__(self, graph: Graph, task: str = "classification", width: int = 256, seed: int | None = None):
        super().__init__(graph.marks, task)  # no resolutions: it reads its graph, not the promoter's window
        self.width = width
        if task == "regression":
            self.PUBLISHED = self.PUBLISHED | {"epochs": 2000}
        self.see(graph)
        with seeded(seed):
            self.sage1 = nn.Linear(2 * len(self.marks), width)
            self.sage2 = nn.Linear(2 * width, width)
            self.drop = nn.Dropout(0.5)
            self.l1, self.l2 = nn.Linear(width, width), nn.Linear(width, width)
            self.out = nn.Linear(width, self.outputs)

    def see(self, graph: Graph) -> None:
        """Read this graph from now on. Raises ChromolabError if its marks are not the model's."""
        if graph.marks != self.marks:
            raise ChromolabError(f"the model reads {', '.join(self.marks)}; the graph has {', '.join(graph.marks)}")
        self.graph, like = graph, next(self.parameters(), torch.zeros(0))
        arrays = {
            "features": graph.features,
            "source": graph.edges[0],
            "target": graph.edges[1],
            "share": (1 / graph.degree.clip(1)).astype("float32"),
        }
        for name, array in arrays.items():  # data, so not part of a checkpoint
            tensor = torch.tensor(array)
            self.register_buffer(name, tensor.to(like if tensor.is_floating_point() else like.device), persistent=False)
        every_node = torch.arange(len(graph.nodes), device=like.device)
        heard = self.with_neighbours(every_node, self.features, self.features[self.source], self.target)
        self.register_buffer("first", heard, persistent=False)  # (nodes, 2 M): the first round's input never changes

    def loader(self, dataset: Dataset, device: str | torch.device | None = None, **more: Any) -> Loader:
        """Batches that say each gene's node in the graph, `batch.node`. Raises ChromolabError for genes without one."""
        return super().loader(dataset, device, nodes=self.graph.nodes_of(dataset), **more)

    def edges_into(self, node: Tensor) -> tuple[Tensor, Tensor]:
        """The edges that end in these nodes: the node each comes from, and which of `node` (by its row) it ends in."""
        row = torch.full_like(self.share, -1, dtype=torch.int64)
        row[node] = torch.arange(len(node), device=node.device)
        row = row[self.target]
        return self.source[row >= 0], row[row >= 0]

    def with_neighbours(self, node: Tensor, own: Tensor, neighbours: Tensor, row: Tensor) -> Tensor:
        """Own numbers (n, C) beside the mean of the neighbours' (edges, C), each given with its row of n: (n, 2 C)."""
        total = torch.zeros_like(own).index_add(0, row, neighbours)
        return torch.cat([own, total * self.share[node, None]], 1)

    def forward(self, batch: Batch) -> Tensor:
        """Predict a batch: (B, 2) logits or (B, 1) log2(expression + 1)."""
        if len(batch.node) != len(batch):
            raise ChromolabError("GCMerge: this batch lacks its genes' nodes; make it with model.loader(dataset)")
        node, back = batch.node.unique(return_inverse=True)  # genes of one bin get one answer
        source, row = self.edges_into(node)
        x = F.relu(self.sage1(self.first[torch.cat([node, source])]))  # first round, at the nodes that the second reads
        own, neighbours = x[: len(node)], x[len(node) :]  # (n, 256), (edges, 256)
        x = F.relu(self.sage2(self.with_neighbours(node, own, neighbours, row)))  # second round
        x = F.relu(self.l2(F.relu(self.l1(self.drop(x)))))
        return self.out(x)[back]


def with_published_weights(weights: Mapping[str, Tensor], graph: Graph | None, marks: Sequence[str]) -> GCMerge:
    """A GCMerge on a graph, with the tensors of the authors' file, {its name: tensor}.

    `marks` names the six marks in the order of the weights; the graph may have them in another. Raises `ChromolabError`
    without a graph, for other marks, or for tensors of other shapes.
    """
    wanted = "cl.load_checkpoint(path, graph=cl.models.genome_graph(dataset.with_marks([...])))"
    if graph is None:
        raise ChromolabError(
            f"the weights of a GC-MERGE, which reads a graph of the genome, not a dataset. Give it one with the marks "
            f"{', '.join(marks)}: {wanted}"
        )
    if set(graph.marks) != set(marks) or weights["conv1.lin_l.weight"].shape[1] != 2 * len(marks):
        read = weights["conv1.lin_l.weight"].shape[1] // 2
        raise ChromolabError(
            f"the weights read {read} marks, named {', '.join(marks)}; the graph has {', '.join(graph.marks)}. Choose "
            f"the dataset's marks: {wanted}"
        )
    own = [list(marks).index(mark) for mark in graph.marks]  # columns: a bin's own marks, then its neighbours' means
    state = {PUBLISHED_NAMES[name]: tensor for name, tensor in weights.items()}
    state["sage1.weight"] = state["sage1.weight"][:, [*own, *(len(marks) + i for i in own)]]
    outputs, width = len(state["out.bias"]), len(state["sage1.bias"])
    model = GCMerge(graph, "classification" if outputs == 2 else "regression", width).to(state["out.bias"].dtype)
    if odd := [name for name, tensor in model.state_dict().items() if tensor.shape != state[name].shape]:
        raise ChromolabError(f"a GC-MERGE's {odd[0]} of shape {tuple(state[odd[0]].shape)} does not fit the others")
    model.load_state_dict(state)
    return model
