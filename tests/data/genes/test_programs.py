"""data/genes/programs, units: tables of every program give one sample's expression, never its side columns."""

import numpy as np
import pandas as pd
import pytest

import chromolab as cl
from chromolab.data.genes.programs import unit_in
from chromolab.data.genes.units import doubts
from chromolab.errors import ChromolabError

# ruff: noqa: E501 (headers as the programs write them)

GENES = [f"ENSG{i:011d}" for i in range(1, 5)]
TPM, FPKM, COUNTS, LENGTH, EFFECTIVE = [10.5, 0.0, 3.25, 7.0], [8.5, 0.0, 2.0, 5.0], [21, 0, 9, 14], 1000, 900.5

TABLES = {  # program -> (header, row with its gene, TPM, FPKM and counts), units that it has
    "RSEM": ("gene_id transcript_id(s) length effective_length expected_count TPM FPKM", "{g}.4 ENST1,ENST2 {l} {e} {c} {t} {f}", "TFC"),
    "RSEM with posterior means": ("gene_id transcript_id(s) length effective_length expected_count TPM FPKM posterior_mean_count pme_TPM pme_FPKM", "{g} T {l} {e} {c} {t} {f} 4 5 6", "TFC"),
    "Salmon": ("Name Length EffectiveLength TPM NumReads", "{g} {l} {e} {t} {c}", "TC"),
    "kallisto": ("target_id length eff_length est_counts tpm", "{g} {l} {e} {c} {t}", "TC"),
    "StringTie": ("Gene_ID Gene_Name Reference Strand Start End Coverage FPKM TPM", "{g} N X + 5 9 1.5 {f} {t}", "TF"),
    "StringTie, numbered chromosomes": ("Gene_ID Gene_Name Reference Strand Start End Coverage FPKM TPM", "{g} N 12 + 5 9 1.5 {f} {t}", "TF"),
    "Cufflinks": ("tracking_id class_code nearest_ref_id gene_id gene_short_name tss_id locus length coverage FPKM FPKM_conf_lo FPKM_conf_hi FPKM_status", "{g} - - {g} N T chr1:1-9 - - {f} 0 9 OK", "F"),
    "TPMCalculator": ("Gene_Id Chr Start End Length Reads TPM ExonLength ExonReads ExonTPM IntronLength IntronReads IntronTPM", "{g} chr1 1 9 {l} {c} {t} 9 9 9 9 9 9", "TC"),
    "DESeq2's normalised": ("gene_id length TPM", "{g} {l} {t}", "T"),
}  # fmt: skip
UNITS = {"T": ("TPM", TPM), "F": ("RPKM", FPKM), "C": ("counts", COUNTS)}


def written(folder, name):
    header, row, units = TABLES[name]
    lines = [header.replace(" ", "\t")]
    for g, t, f, c in zip(GENES, TPM, FPKM, COUNTS, strict=True):
        lines.append(row.replace(" ", "\t").format(g=g, t=t, f=f, c=c, l=LENGTH, e=EFFECTIVE))
    (folder / "t.tsv").write_text("\n".join(lines) + "\n")
    return folder / "t.tsv", units


@pytest.mark.parametrize("name", TABLES)
def test_one_sample_is_one_column_in_the_unit_asked_for(tmp_path, name):
    path, has = written(tmp_path, name)
    for letter, (unit, values) in UNITS.items():
        if letter in has:
            df = cl.data.read_expression(path, unit=unit)
            assert df.shape == (4, 1) and df.iloc[:, 0].tolist() == values and list(df.index) == GENES
            assert df.attrs["unit"] == unit
        else:
            with pytest.raises(ChromolabError, match=f"no column in {unit}; it has .* Write that unit"):
                cl.data.read_expression(path, unit=unit)
    df = cl.data.read_expression(path)
    assert df.shape == (4, 1) and (df.attrs["unit"], df.iloc[:, 0].tolist()) == UNITS[has[0]]


@pytest.mark.parametrize("name", ["RSEM", "Salmon", "kallisto"])
def test_counts_bring_the_lengths_that_their_program_used(tmp_path, name):
    counts = cl.data.read_expression(written(tmp_path, name)[0], unit="counts")
    rpkm = cl.data.normalise_expression(counts)
    expected = np.array(COUNTS) / (EFFECTIVE / 1e3) / (sum(COUNTS) / 1e6)
    np.testing.assert_allclose(rpkm.iloc[:, 0], expected)


def test_columns_that_are_named_are_taken_as_they_are(tmp_path):
    path, _ = written(tmp_path, "RSEM")
    df = cl.data.read_expression(path, columns=["expected_count", "FPKM"], unit="TPM")
    assert df.to_dict("list") == {"expected_count": COUNTS, "FPKM": FPKM}
    with pytest.raises(ChromolabError, match="no column 'RPKM'; it has length, effective_length, expected_count, TPM"):
        cl.data.read_expression(path, columns="RPKM")


def test_of_samples_in_several_units_one_unit_is_read(tmp_path):
    path = tmp_path / "t.tsv"
    path.write_text("gene\tliver_count\tliver_TPM\tbrain_count\tbrain_TPM\nG1\t10\t1.5\t20\t2.5\nG2\t4\t3\t6\t5\n")
    assert list(cl.data.read_expression(path)) == ["liver_TPM", "brain_TPM"]
    assert list(cl.data.read_expression(path, unit="counts")) == ["liver_count", "brain_count"]


@pytest.mark.parametrize(
    "header", ["log2FoldChange pvalue padj baseMean", "logFC logCPM F PValue FDR", "logFC AveExpr t P.Value adj.P.Val"]
)
def test_results_of_tests_are_no_expression(tmp_path, header):
    names = header.split()
    (tmp_path / "t.tsv").write_text("\t".join(["gene", *names]) + "\nG1" + "\t0.5" * len(names) + "\n")
    with pytest.raises(ChromolabError, match="result of a test between samples"):
        cl.data.read_expression(tmp_path / "t.tsv")


def test_one_odd_value_matters_in_the_columns_asked_for(tmp_path):
    path = tmp_path / "t.tsv"
    path.write_text(
        "gene\tchromosome\tA\tB\n" + "".join(f"G{i}\t{i}\t{i}\t{i}\n" for i in range(1, 20)) + "G20\tX\t3\tNA\n"
    )
    assert cl.data.read_expression(path, columns="A")["A"].tolist() == [*range(1, 20), 3]
    for columns in ("B", None):
        with pytest.raises(ChromolabError, match=r"line 21, column B: 'NA' for gene G20; .*missing is not zero"):
            cl.data.read_expression(path, columns=columns)


def test_units_in_names():
    told = {
        "TPM": "TPM",
        "liver_FPKM": "RPKM",
        "RPKM.liver": "RPKM",
        "expected_count": "counts",
        "liver counts": "counts",
    }
    assert {name: unit_in(name) for name in told} == told
    assert not any(unit_in(name) for name in ("liver", "E003", "TPM_count", "accounts", "Reading"))


# ---------------------------------------------------------------- which unit can it be?


def a_sample(genes=2000, depth=2e7, seed=0):
    """Counts, RPKM and TPM of one made-up sample of genes with lengths, by their definitions."""
    rng = np.random.default_rng(seed)
    length = rng.uniform(300, 9000, genes)
    share = np.where(rng.random(genes) < 0.3, 0, rng.lognormal(0, 1.8, genes)) * length
    counts = rng.poisson(share / share.sum() * depth)
    rpkm = counts / (length / 1e3) / (counts.sum() / 1e6)
    tpm = counts / length / (counts / length).sum() * 1e6
    return {"counts": pd.Series(counts), "RPKM": pd.Series(rpkm), "TPM": pd.Series(tpm)}


@pytest.mark.parametrize("seed", range(3))
def test_values_speak_against_a_wrong_unit(seed):
    for genes, depth in ((20_000, 2e7), (20_000, 3e6)):
        sample = a_sample(genes, depth, seed)
        for is_in, said in [
            ("counts", "RPKM"),
            ("counts", "TPM"),
            ("counts", None),
            ("TPM", "counts"),
            ("RPKM", "counts"),
        ]:
            assert doubts(sample[is_in], said), f"{is_in} said to be {said}"
        assert doubts(sample["TPM"], "RPKM") and not doubts(sample["TPM"], "TPM")
        assert not doubts(sample["RPKM"], "RPKM") and not doubts(sample["counts"], "counts")
        expected = sample["counts"] + np.where(sample["counts"] > 0, 0.37, 0)  # RSEM's are not whole
        assert not doubts(expected, "counts") and (depth < 1e7 or doubts(expected, "RPKM"))
        part = sample["TPM"][:500]
        assert not doubts(part, "TPM") and not doubts(part, "RPKM"), "a part of a table"
    assert not doubts(pd.Series([5.0, 1000, 3]), "RPKM"), "too few to judge"


def test_a_doubt_stands_in_the_report(tmp_path, caplog):
    counts = a_sample(200)["counts"]
    path = tmp_path / "t.tsv"
    path.write_text("gene_id\tA\n" + "".join(f"G{i}\t{x}\n" for i, x in enumerate(counts)))
    rows = "".join(f'chr1\tx\tgene\t{1000 * i + 1}\t{1000 * i + 900}\t.\t+\t.\tgene_id "G{i}";\n' for i in range(200))
    (tmp_path / "a.gtf").write_text(rows)
    annotation = cl.data.read_annotation(tmp_path / "a.gtf")
    table = cl.data.read_expression(path, unit="RPKM")
    _, report = cl.data.gene_table(annotation, table, folds={1: ["chr1"]}, window=100)
    assert "genes of A, said to be in RPKM: whole numbers only" in str(report)
    assert "as counts are" not in caplog.text
    cl.data.read_expression(path)
    assert "whole numbers only" in caplog.text and "unit='counts'" in caplog.text
    caplog.clear()
    cl.data.read_expression(path, unit="counts")
    assert "whole numbers" not in caplog.text
