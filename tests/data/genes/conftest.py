"""An annotation and an expression table that the tests of genes share."""

import gzip

import pandas as pd
import pytest
from helpers.gene_files import gtf_row, write


@pytest.fixture
def gtf(tmp_path):
    return write(
        tmp_path / "a.gtf.gz",
        "##description: a #comment\n",
        gtf_row("ENSG00000000001.4", start=50_101, end=60_000, name="PLUS"),
        gtf_row("ENSG00000000001.4", start=50_101, end=60_000, feature="transcript", transcript="T1"),
        gtf_row("ENSG00000000002.1", "chr2", 70_001, 90_000, "-", name="MINUS"),
        gtf_row("ENSG00000000003.1", "chrM", 30_001, 40_000, "-"),
        gtf_row("ENSG00000000004.1", "chr7", 30_001, 40_000, "-"),
        opener=gzip.open,
    )


@pytest.fixture
def expression():
    ids = pd.Index([f"ENSG0000000000{i}" for i in (1, 2, 3, 9, 8)], name="gene_id")
    return pd.DataFrame({"E003": [3.0, 1, 7, 9, 15], "E004": [0.0, 0, 0, 5, 1]}, index=ids)
