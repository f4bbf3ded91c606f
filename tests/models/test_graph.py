"""models/graph: the graph of bins and contacts, against loops."""

import numpy as np
import pytest
from helpers.toys import toy_dataset

import chromolab as cl


def slow_graph(ds, size, neighbours, above):
    """Nodes and edges with dictionaries and loops: {(cell, chrom, bin): mean marks}, {frozenset of two nodes}."""
    total, bases, signal = {}, {}, ds.signal
    used = set(ds.promoter.tolist()) | set(ds.pcre[ds.pcre >= 0].tolist())
    for r in used:
        region = signal.regions.iloc[r]
        for i in range(signal.offsets[r + 1] - signal.offsets[r]):
            start = region["start"] + i * signal.bin_size
            width = min(signal.bin_size, region["end"] - start)
            node = region["cell_type"], region["chrom"], (start + width // 2) // size
            depth = signal.depth[signal.offsets[r] + i].astype(float)
            total[node] = total.get(node, 0) + np.nan_to_num(depth) * width
            bases[node] = bases.get(node, 0) + ~np.isnan(depth) * width
    nodes = {n: total[n] / bases[n] for n in total if (bases[n] > 0).all()}
    for chrom in {n[:2] for n in nodes}:
        top = np.max([nodes[n] for n in nodes if n[:2] == chrom], 0)
        nodes |= {n: nodes[n] / top for n in nodes if n[:2] == chrom}
    weight = {}
    for i, gene in ds.genes.iterrows():
        for region, frequency in zip(ds.pcre[i], ds.frequency[i], strict=True):
            if region >= 0:
                place = signal.regions.iloc[region]
                a = gene["cell_type"], gene["chrom"], gene["tss"] // size
                b = place["cell_type"], place["chrom"], (place["start"] + place["end"]) // 2 // size
                if a != b and a in nodes and b in nodes:
                    weight[frozenset((a, b))] = max(frequency, weight.get(frozenset((a, b)), 0))
    limit = {
        c: np.quantile([w for e, w in weight.items() if next(iter(e))[0] == c], above)
        for c in {next(iter(e))[0] for e in weight}
    }
    strong = {e: w for e, w in weight.items() if w > limit[next(iter(e))[0]]}
    kept = set()
    for node in nodes:
        strongest = sorted((e for e in strong if node in e), key=lambda e: -strong[e])
        kept |= set(strongest[:neighbours])
    return nodes, kept


@pytest.mark.parametrize(("missing", "neighbours", "above"), [(False, 10, 0.5), (True, 1, 0.0), (False, 2, 0.2)])
def test_the_graph_is_the_one_that_loops_make(two_cells, missing, neighbours, above):
    ds = two_cells if not missing else toy_dataset(3, genes=40, missing=True, window=800)
    graph = cl.models.genome_graph(ds, 10_000, neighbours, above)
    nodes, edges = slow_graph(ds, 10_000, neighbours, above)
    keys = [tuple(n) for n in graph.nodes[["cell_type", "chrom", "bin"]].to_numpy()]
    assert set(keys) == set(nodes) and len(keys) == len(nodes)
    np.testing.assert_allclose(graph.features, [nodes[k] for k in keys], rtol=1e-5, atol=1e-7)
    got = {(keys[a], keys[b]) for a, b in graph.edges.T}
    assert got == {pair for e in edges for pair in (tuple(e), tuple(e)[::-1])} and len(got) == graph.edges.shape[1]
