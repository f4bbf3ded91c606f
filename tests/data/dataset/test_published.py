"""data/dataset/published: the published study's columns of neighbours and scores."""

import pandas as pd
import pytest

from chromolab.data.dataset.published import parse_neighbours
from chromolab.errors import ChromolabError


def test_neighbours():
    meta = pd.DataFrame(
        {
            "gene_id": ["G1", "G2", "G3"],
            "eid": "E003",
            "neighbors": ["chr1:10-20;chr1:30-40", None, "chr2:5-9"],
            "scores": ["1.6;2.5", None, 1.75],
        }
    )
    df = parse_neighbours(meta)
    assert df.to_numpy().tolist() == [
        ["G1", "E003", "chr1", 30, 40, 2.5],
        ["G1", "E003", "chr1", 10, 20, 1.6],
        ["G3", "E003", "chr2", 5, 9, 1.75],
    ]
    empty = parse_neighbours(meta.iloc[[1]])
    assert len(empty) == 0 and empty["start"].dtype == df["start"].dtype


@pytest.mark.parametrize(
    ("neighbors", "scores", "said"),
    [
        ("chr1:10-20", "1.6;2", "row 1: gene G2 has 1 neighbors and 2 scores"),
        ("chr1:10-20", None, "has 1 neighbors and 0 scores"),
        ("chr1:10", "2", "neighbor 'chr1:10'"),
        ("chr1:10-20", "much", "score 'much'"),
        ("chr1:20-10", "2", "end > start"),
        ("chr1:10-20", "nan", "frequency=nan"),
        ("chr1:10-20", "-1", "frequency >= 0"),
        ("chr1:10-20;chr1:10-20", "2;3", "each pCRE of a gene only once"),
    ],
)
def test_bad_neighbours(neighbors, scores, said):
    meta = pd.DataFrame({"gene_id": ["G1", "G2"], "eid": "E", "neighbors": [None, neighbors], "scores": [None, scores]})
    with pytest.raises(ChromolabError, match=f"meta.csv, .*{said}"):
        parse_neighbours(meta, "meta.csv")
    with pytest.raises(ChromolabError, match="neighbors missing"):
        parse_neighbours(meta.drop(columns="neighbors"))
