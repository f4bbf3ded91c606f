"""Notebooks that take a gene: many are tried, by id, name and misspelt; each runs or is refused with some that do."""

import re
from pathlib import Path

import pytest
from helpers import cells

import chromolab as cl

pytestmark = pytest.mark.slow
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
TAKE_A_GENE = [p for p in sorted(NOTEBOOKS.glob("*.ipynb")) if re.search(r'^gene = ""', cells.parameters(p), re.M)]


@pytest.fixture(scope="module")
def genes():
    """What is tried, and why: {why: name}."""
    ds = cl.simulate(seed=0).dataset("simA1")
    table = ds.genes.assign(pcres=(ds.pcre >= 0).sum(axis=1)).sort_values(["chrom", "tss"])
    held_out = table["fold"] == cl.pretrained("regression").checkpoint["test_fold"]
    level = table.sort_values("log2_expression")["gene_id"]
    tried = {f"first of {chrom}": own["gene_id"].iloc[0] for chrom, own in table.groupby("chrom")}
    tried |= {f"last of {chrom}": own["gene_name"].iloc[-1] for chrom, own in table.groupby("chrom")}
    for what, own in {"seen in training": table[~held_out], "held out": table[held_out]}.items():
        some = own.iloc[:: len(own) // 6]
        tried |= {f"{what}, {i}": name for i, name in enumerate([*some["gene_id"][:3], *some["gene_name"][3:6]])}
        tried[f"{what}, without pCRE"] = own.loc[own["pcres"] == 0, "gene_name"].iloc[0]
        tried[f"{what}, most pCREs"] = own.loc[own["pcres"].idxmax(), "gene_id"]
    tried |= {"lowest": level.iloc[0], "highest": level.iloc[-1]}
    name = table["gene_name"].iloc[500]
    return tried | {"lower case": name.lower(), "upper case": name.upper(), "id, lower case": level.iloc[9].lower()}


def test_the_notebooks_that_take_a_gene_are_found():
    assert [p.stem for p in TAKE_A_GENE] == ["00_start_here", "11_what_if", "app"]


@pytest.mark.parametrize("path", TAKE_A_GENE, ids=lambda p: p.stem)
def test_every_gene_runs_or_is_refused_with_genes_that_run(path, genes, capsys):
    """What the comment of the parameter names runs, and so does what a refusal names."""
    before, depending = cells.split(cells.statements(path), "gene")
    names = cells.run(before, {})
    named = re.findall(r'"(\w+)"', re.search(r"^gene = .*", cells.parameters(path), re.M)[0])
    refused, suggested = {}, set()
    for why, gene in genes.items():
        try:
            cells.run(depending, names | {"gene": gene})
        except cl.ChromolabError as error:
            refused[why] = str(error)
            suggested |= set(re.findall(r"SIMG\d{5}", re.split("[Tt]ry ", str(error))[1]))
    assert len(genes) >= 30
    assert all(re.match(r"SIMG\d{5} ", message) for message in refused.values()), refused
    for gene in [*named, *sorted(suggested)[:8]]:
        cells.run(depending, names | {"gene": gene})
    for gene, hint in {"Gen17": "the nearest names are .*Gene17", "MYC": "its ids look like SIMG00001"}.items():
        with pytest.raises(cl.ChromolabError, match=f"no gene '{gene}' here; {hint}"):
            cells.run(depending, names | {"gene": gene})
    capsys.readouterr()
