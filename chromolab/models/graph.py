"""A genome as a graph: bins with their mean marks, joined by contacts. GC-MERGE reads it."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError

KEY = ["cell_type", "chrom", "bin"]


@dataclass(frozen=True, eq=False)
class Graph:
    """Nodes with features and neighbours.

    Attributes
    ----------
    marks : tuple of str
    bin_size : int
        Base pairs per node.
    nodes : DataFrame (nodes,)
        cell_type, chrom and bin: the node covers the `bin_size` bases from `bin * bin_size`.
    features : float32 array (nodes, marks)
        Mean depth, divided by the largest mean on the same chromosome and in the same cell type.
    edges : int64 array (2, edges)
        From a neighbour to a node; every edge is stored in both directions.
    report : tuple of str
        What was left out.
    """

    marks: tuple[str, ...]
    bin_size: int
    nodes: pd.DataFrame
    features: np.ndarray
    edges: np.ndarray
    report: tuple[str, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return (
            f"Graph: {len(self.nodes):,} nodes of {self.bin_size:,} bp with {len(self.marks)} marks, "
            f"{self.edges.shape[1] // 2:,} edges, {(self.degree == 0).sum():,} nodes without a neighbour"
        )

    @property
    def degree(self) -> np.ndarray:
        """How many neighbours each node has, (nodes,)."""
        return np.bincount(self.edges[1], minlength=len(self.nodes))

    def nodes_of(self, dataset: Dataset) -> np.ndarray:
        """The node that holds each example's TSS, int64 (examples,).

        Raises ChromolabError if a gene has no node: its bin was not measured, or belongs to another genome.
        """
        genes = dataset.genes
        node = _find(self.nodes, genes["cell_type"], genes["chrom"], genes["tss"], self.bin_size)
        if (lost := node < 0).any():
            first = dataset.genes[lost].iloc[0]
            raise ChromolabError(
                f"the graph has no node for {lost.sum()} of {len(dataset)} genes, such as {first['gene_id']} in "
                f"{first['cell_type']} ({first['chrom']}:{first['tss']}); build it from a dataset that has them "
                "(cl.models.genome_graph), or leave them out"
            )
        return node

    def alone(self, dataset: Dataset) -> pd.DataFrame:
        """The genes without a neighbour in the graph, (n,): a graph model predicts them from their own bin alone."""
        columns = ["gene_id", "gene_name", "cell_type", "chrom", "tss"]
        return dataset.genes.loc[self.degree[self.nodes_of(dataset)] == 0, columns].reset_index(drop=True)


def genome_graph(dataset: Dataset, bin_size: int = 10_000, neighbours: int = 10, above: float = 0.5) -> Graph:
    """The graph of a dataset's genome, one part per cell type.

    Nodes are the bins in which the dataset's regions (promoter windows, pCREs) have data for every mark. A dataset
    holds nothing between its regions, so bins there are left out rather than set to zero. An edge joins the bin of a
    gene's TSS and the bin of a pCRE's middle.

    Parameters
    ----------
    dataset : Dataset
        All genes, of all folds: labels are not read.
    bin_size : int
        Base pairs per node.
    neighbours : int
        Keep an edge if it is among this many strongest edges of either of its ends.
    above : float
        Quantile of its cell type's contact frequencies that an edge must exceed; default the median.

    Returns
    -------
    Graph

    Raises
    ------
    ChromolabError
        If no contact joins two bins.

    Source: GC-MERGE (2021), which uses Hi-C of the whole genome; we use the contacts in the dataset. A base that two
    regions cover counts twice in its bin's mean.
    """
    nodes, features, unmeasured = _nodes(dataset, bin_size)
    pairs, notes = _contacts(dataset, nodes, bin_size)
    if pairs.empty:
        raise ChromolabError(
            f"no contact joins two bins of {bin_size:,} bp ({'; '.join(notes)}): a graph needs a dataset with contacts"
        )
    limit = pairs.groupby("cell_type")["frequency"].transform(lambda f: f.quantile(above))
    strong = pairs[pairs["frequency"] > limit]
    ends = pd.concat([strong, strong.rename(columns={"a": "b", "b": "a"})])
    top = ends.sort_values(["frequency", "a", "b"], ascending=[False, True, True], kind="stable")
    kept = top[top.groupby("b").cumcount() < neighbours][["a", "b"]].to_numpy()
    edges = np.unique(np.concatenate([kept, kept[:, ::-1]]), axis=0).T
    # fmt: off
    notes = [f"{unmeasured} bins lack data for some mark and are left out", *notes,
             f"{len(pairs) - len(strong)} of {len(pairs)} contacts are not above quantile {above} of their cell type",
             f"{len(strong) - edges.shape[1] // 2} more are not among the {neighbours} strongest of either end"]
    # fmt: on
    graph = Graph(dataset.marks, bin_size, nodes, features, edges, tuple(notes))
    node = _find(nodes, dataset.genes["cell_type"], dataset.genes["chrom"], dataset.genes["tss"], bin_size)
    without = (node < 0).sum(), (graph.degree[node[node >= 0]] == 0).sum()
    summary = f"of {len(dataset)} genes {without[0]} have no node, {without[1]} a node without a neighbour"
    return Graph(dataset.marks, bin_size, nodes, features, edges, (*notes, summary))


def _nodes(dataset: Dataset, bin_size: int):
    """The bins with data for every mark, their features (nodes, marks), and how many bins lack some mark."""
    signal, regions = dataset.compact().signal, dataset.compact().signal.regions
    region = np.repeat(np.arange(len(regions)), np.diff(signal.offsets))
    within = np.arange(len(signal.depth)) - signal.offsets[:-1][region]
    middle = regions["start"].to_numpy()[region] + within * signal.bin_size + signal.bases() // 2
    place = pd.DataFrame(
        {
            "cell_type": regions["cell_type"].to_numpy()[region],
            "chrom": regions["chrom"].to_numpy()[region],
            "bin": middle // bin_size,
        }
    )
    grouped = place.groupby(KEY, sort=True)
    code, depth = grouped.ngroup().to_numpy(), signal.depth.astype(np.float64)
    bases = np.where(np.isnan(depth), 0, signal.bases()[:, None] if signal.covered is None else signal.covered)
    total, weight = (
        np.stack([np.bincount(code, x) for x in part.T], 1) for part in (np.nan_to_num(depth) * bases, bases)
    )
    measured = (weight > 0).all(1)
    nodes = grouped.size().index.to_frame(index=False)[measured].reset_index(drop=True)
    mean = pd.DataFrame(total[measured] / weight[measured])
    largest = mean.groupby([nodes["cell_type"], nodes["chrom"]]).transform("max")
    return nodes, (mean / largest.replace(0, 1)).to_numpy(np.float32), int((~measured).sum())


def _contacts(dataset: Dataset, nodes: pd.DataFrame, bin_size: int) -> tuple[pd.DataFrame, list[str]]:
    """Contacts between two nodes, each pair once at its highest frequency: cell_type, a < b, frequency."""
    example, slot = np.nonzero(dataset.pcre >= 0)
    genes = dataset.genes.iloc[example]
    pcres = dataset.signal.regions.iloc[dataset.pcre[example, slot]]
    middle = (pcres["start"].to_numpy() + pcres["end"].to_numpy()) // 2
    a = _find(nodes, genes["cell_type"], genes["chrom"], genes["tss"], bin_size)
    b = _find(nodes, pcres["cell_type"], pcres["chrom"], middle, bin_size)
    table = pd.DataFrame(
        {
            "cell_type": genes["cell_type"].to_numpy(),
            "a": np.minimum(a, b),
            "b": np.maximum(a, b),
            "frequency": dataset.frequency[example, slot],
        }
    )
    lost, inside = table["a"] < 0, (table["a"] == table["b"]) & (table["a"] >= 0)
    notes = [f"{lost.sum()} of {len(table)} contacts end in a bin without a node, {inside.sum()} lie inside one bin"]
    return table[~(lost | inside)].groupby(["cell_type", "a", "b"], as_index=False)[["frequency"]].max(), notes


def _find(nodes: pd.DataFrame, cell_type, chrom, position, bin_size: int) -> np.ndarray:
    """The row of `nodes` that holds each position; -1 if none does."""
    wanted = pd.MultiIndex.from_arrays(
        [np.asarray(cell_type, object), np.asarray(chrom, object), np.asarray(position, np.int64) // bin_size]
    )
    return pd.MultiIndex.from_frame(nodes[KEY].astype({"cell_type": object, "chrom": object})).get_indexer(wanted)
