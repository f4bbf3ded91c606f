"""data/samples/real: a few real genes by one line, from this machine or from a server."""

import io

import numpy as np
import pandas as pd
import pytest
from helpers.downloading import no_proxy_and_no_settings  # noqa: F401 (a fixture)
from helpers.faulty_server import Server

import chromolab as cl
from chromolab.data.samples.real import DEPTH, TABLE, regions_of
from chromolab.errors import ChromolabError

SOURCE = """\
title: a test
provider: The test server
{placeholders}address: {address}
assembly: hg19
format: {format}
scale: {scale}
licence: GPL-3.0
citation: Somebody (2022)
page: http://127.0.0.1/page
checksums: null
"""
REGION = "placeholders:\n  region:\n    meaning: a region\n    values: null\n"


def published(n_genes: int) -> pd.DataFrame:
    """A table in the published format; each gene but the first has nine pCREs, one more than is read."""
    rows = []
    for i in range(n_genes):
        tss, nine = 100_000 * (i + 1), range(9 if i else 0)
        near = ";".join(f"chr1:{tss + 30_000 + 1000 * j}-{tss + 30_500 + 1000 * j}" for j in nine)
        scores = ";".join(str(3 - 0.1 * j) for j in nine)
        rows.append((f"ENSG{i}", 1.5 * i, "E003", i % 2, "chr1", tss, tss + 1, "+", 1, near, scores))
    names = "gene_id expression eid label chrom start end strand split neighbors scores".split()
    return pd.DataFrame(rows, columns=names)


def array(region: str) -> np.ndarray:
    """Depth that says which region it is: the same for all its bases."""
    start, end = (int(x) for x in region.split(":")[1].split("-"))
    return np.full((7, end - start), start / 100_000, np.float16)


@pytest.fixture
def published_there(tmp_path, monkeypatch):
    """A server that has four genes, and a manifest that leads to it; no real data beside the repository."""
    monkeypatch.setenv("CHROMOLAB_REAL_DATA", str(tmp_path / "nothing"))
    table, folder = published(4), tmp_path / "manifest"
    files = {"/demo_meta.csv": table.to_csv(index=False).encode()}
    for region in regions_of(table):
        np.save(content := io.BytesIO(), array(region))
        files[f"/{region}.npy"] = content.getvalue()
    folder.mkdir()
    with Server(files) as server:
        for name, file, told in (
            (TABLE, "demo_meta.csv", {"placeholders": "", "format": "published genes", "scale": "RPKM"}),
            (DEPTH, "{region}.npy", {"placeholders": REGION, "format": "published depth", "scale": "depth"}),
        ):
            (folder / f"{name}.yaml").write_text(SOURCE.format(address=f"{server.address}/{file}", **told))
        yield server, folder


def test_some_genes_are_fetched_once_and_their_licence_is_said(published_there, capsys):
    server, folder = published_there
    ds = cl.real("h1", n_genes=3, manifest=folder, progress=False)
    assert list(ds.genes["gene_id"]) == ["ENSG0", "ENSG1", "ENSG2"] and ds.origin == "measured"
    assert ds.promoter_depth(2000)[1] == pytest.approx(1.8, abs=1e-3)  # the window begins at 180 kb
    assert [(row >= 0).sum() for row in ds.pcre] == [0, 8, 8]
    said = capsys.readouterr().out
    assert "3 genes" in said and "Licence GPL-3.0" in said and "Somebody (2022)" in said
    asked = len(server.log)
    again = cl.real("h1", n_genes=3, manifest=folder, offline=True, progress=False)
    assert len(server.log) == asked and list(again.genes["gene_id"]) == list(ds.genes["gene_id"])


def test_without_a_network_it_says_what_would_bring_the_genes(published_there):
    _, folder = published_there
    with pytest.raises(ChromolabError, match=r"not on this machine.*cl\.real\('h1'\) fetches 20 genes, some 20 MB"):
        cl.real("h1", manifest=folder, offline=True)
    cl.real("h1", n_genes=1, manifest=folder, progress=False)
    with pytest.raises(ChromolabError, match="nor all in the cache"):  # more genes than were fetched
        cl.real("h1", n_genes=2, manifest=folder, offline=True)


def test_what_lies_in_the_folder_of_real_data_is_read_there(tmp_path, monkeypatch):
    table, folder = published(2), tmp_path / "h1-demo"
    (folder / "npy").mkdir(parents=True)
    table.to_csv(folder / "meta.csv", index=False)
    for region in regions_of(table):
        np.save(folder / "npy" / f"{region}.npy", array(region))
    monkeypatch.setenv("CHROMOLAB_REAL_DATA", str(tmp_path))
    assert len(cl.real("h1", n_genes=1, offline=True, progress=False)) == 2  # all of them: nothing is fetched


@pytest.mark.parametrize(
    "arguments, message", [({"name": "h2"}, "no real set is named 'h2'; there is 'h1'"), ({"n_genes": 0}, "1 or more")]
)
def test_what_cannot_be_meant_is_refused(arguments, message):
    with pytest.raises(ChromolabError, match=message):
        cl.real(**arguments)


@pytest.mark.real
def test_the_real_genes(real):
    ds = cl.real("h1", offline=True, progress=False)
    assert len(ds) == 60 and ds.marks == cl.defaults.MARKS
