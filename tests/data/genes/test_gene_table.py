"""data/genes/gene_table: annotation and expression joined, and counts of what was left out."""

import math

import numpy as np
import pandas as pd
import pytest
from helpers.toys import reported

from chromolab.data.genes.annotation import read_annotation
from chromolab.data.genes.expression import read_expression
from chromolab.data.genes.gene_table import gene_table
from chromolab.data.intervals import read_regions
from chromolab.errors import ChromolabError


def test_gene_table(gtf, expression):
    genes, report = gene_table(read_annotation(gtf), expression, "E003")
    assert genes["gene_id"].tolist() == ["ENSG00000000001", "ENSG00000000002"]
    assert genes["fold"].tolist() == [1, 3] and genes["cell_type"].tolist() == ["E003"] * 2
    assert genes["log2_expression"].tolist() == [2, 1]
    assert genes["label"].tolist() == [0, 0], "the median (7) is that of all five genes of the table, not of the two"
    fewer, _ = gene_table(read_annotation(gtf), expression.head(3), "E003")
    assert fewer["label"].tolist() == [1, 0]
    assert reported(report, "no expression") == 1 and reported(report, "not in the annotation") == 2
    assert reported(report, "chromosome is in no fold") == 1, "chrM"
    assert "ENSG00000000004" in str(report) and "ENSG00000000009" in str(report)


def test_one_row_per_gene_and_cell_type(gtf, expression):
    genes, report = gene_table(read_annotation(gtf), expression)
    assert genes[["gene_id", "cell_type"]].to_numpy().tolist() == [
        [g, c] for c in ("E003", "E004") for g in ("ENSG00000000001", "ENSG00000000002")
    ]
    assert genes[genes["cell_type"] == "E004"]["label"].tolist() == [0, 0], "median 0: label 1 means expressed at all"
    assert reported(report, "E004 have expression 0") == 3


def test_versions_and_names_meet(gtf, expression):
    annotation = read_annotation(gtf)
    versioned = expression.set_axis(expression.index + ".7")
    assert len(gene_table(annotation, versioned, "E003")[0]) == 2
    named = pd.DataFrame({"A": [1.0, 2]}, index=["MINUS", "nothing"])
    assert gene_table(annotation, named, on="gene_name")[0]["gene_id"].tolist() == ["ENSG00000000002"]


def test_names_of_several_genes_are_left_out(gtf):
    annotation = read_annotation(gtf).assign(gene_name=["A", "A", "C", "D"])
    genes, report = gene_table(annotation, pd.DataFrame({"E": [1.0, 2]}, index=["A", "D"]), on="gene_name")
    assert genes["gene_name"].tolist() == ["D"] and reported(report, "stands for several genes") == 2


def test_empty_join_shows_both_sides(gtf, expression):
    annotation = read_annotation(gtf)
    strange = expression.set_axis([f"YAL{i}" for i in range(5)])
    with pytest.raises(ChromolabError, match=r"ENSG00000000001, .* the expression table YAL0, YAL1, YAL2"):
        gene_table(annotation, strange)
    named = expression.set_axis(["PLUS", "MINUS", "x", "y", "z"])
    with pytest.raises(ChromolabError, match=r"2 genes match by gene_name: pass on='gene_name'"):
        gene_table(annotation, named)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda e: e.replace(15.0, np.nan), "E003=nan"),
        (lambda e: e.replace(15.0, -2.0), "E003=-2.0"),
        (
            lambda e: e.set_axis(["ENSG00000000001.1", "ENSG00000000001.2", "a", "b", "c"]),
            "ENSG00000000001 has two rows",
        ),
    ],
)
def test_bad_expression_tables(gtf, expression, change, said):
    with pytest.raises(ChromolabError, match=said):
        gene_table(read_annotation(gtf), change(expression))


def test_bad_requests(gtf, expression):
    annotation = read_annotation(gtf)
    with pytest.raises(ChromolabError, match="E999 missing from the expression table, which has E003, E004"):
        gene_table(annotation, expression, ["E003", "E999"])
    with pytest.raises(ChromolabError, match="each gene once"):
        gene_table(pd.concat([annotation, annotation.head(1)]), expression)
    with pytest.raises(ChromolabError, match="'gene_id' or 'gene_name'"):
        gene_table(annotation, expression, on="symbol")
    with pytest.raises(ChromolabError, match=r"tss missing"):
        gene_table(annotation.drop(columns="tss"), expression)


def test_within_keeps_whole_windows_only(gtf, expression):
    region = pd.DataFrame({"chrom": ["1"], "start": [30_100], "end": [70_100]})
    genes, report = gene_table(read_annotation(gtf), expression, "E003", within=region)
    assert genes["gene_id"].tolist() == ["ENSG00000000001"], "[30100, 70100) is just the window, named 1 for chr1"
    assert reported(report, "window is not inside") == 2
    with pytest.raises(ChromolabError, match="no gene is left"):
        gene_table(read_annotation(gtf), expression, within=region.assign(end=70_099))


# ---------------------------------------------------------------- real files


@pytest.mark.real
def test_roadmap_and_gencode(real):
    annotation = read_annotation(real / "roadmap-pilot/gencode_10_genes.gtf.gz")
    expression = read_expression(real / "roadmap-pilot/57epigenomes.RPKM.pc.gz")
    assert expression.shape == (19_795, 57) and expression.loc["ENSG00000000003", "E003"] == 43.985
    regions = read_regions(real / "roadmap-pilot/encodePilotRegions.hg19.bed", disjoint=True)
    regions = regions[regions["chrom"] != "chrX"]
    cells = ["E003", "E065", "E116"]
    genes, report = gene_table(annotation, expression, cells, folds=regions, within=regions)
    assert genes["cell_type"].value_counts().to_dict() == dict.fromkeys(cells, 351)
    assert set(genes["fold"]) == {1, 2, 3, 4}
    everything, _ = gene_table(annotation, expression, "E003")
    assert math.isclose(everything["label"].mean(), 0.5, abs_tol=0.01)
