"""data/project/deepchrome: counts by gene and bin, as published; turned where an annotation says so; bad rows told."""

import gzip

import numpy as np
import pandas as pd
import pytest
import yaml

import chromolab as cl
from chromolab.data.project.deepchrome import MARKS

BINS = 100


def counts_of(seed, genes=6, bins=BINS, marks=5):
    return np.random.default_rng(seed).poisson(3, (genes, bins, marks))


def write(path, counts, names, labels, row="{gene},{bin}", first=1, header=""):
    """A file of DeepChrome's format, in any of its forms."""
    lines = [header] if header else []
    for name, of_gene, label in zip(names, counts, labels, strict=True):
        for n, bin_counts in enumerate(of_gene, first):
            lines.append(",".join([row.format(gene=name, bin=n), *map(str, bin_counts), str(label)]))
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(
    ("row", "first", "header"),
    [
        ("{gene},{bin}", 1, ""),
        ("{gene}_{bin}", 1, ""),
        ("{gene}_{bin},{bin}", 1, ""),
        ("{gene},{bin}", 0, "gene_id,bin," + ",".join(MARKS) + ",label"),
    ],
)
def test_each_form_gives_the_counts_and_each_file_is_a_fold(tmp_path, row, first, header):
    counts, labels = counts_of(0, 9), [0, 1, 1, 0, 0, 1, 1, 0, 1]
    names = [f"ENSG{i:05d}" for i in range(9)]
    part = {"train": slice(0, 4), "valid": slice(4, 6), "test": slice(6, 9)}
    files = [
        write(tmp_path / f"{name}.csv", counts[s], names[s], labels[s], row, first, header) for name, s in part.items()
    ]
    ds = cl.data.read_deepchrome({"E003": files}, origin="measured")
    assert ds.marks == MARKS and ds.window == 10_000 and ds.bin_size == 100 and ds.n_pcres == 0
    np.testing.assert_array_equal(ds.promoter_depth(), counts)
    assert ds.genes["gene_id"].tolist() == names and ds.labels.tolist() == labels
    assert ds.genes["fold"].tolist() == [1] * 4 + [2] * 2 + [3] * 3 and set(ds.genes["cell_type"]) == {"E003"}
    assert set(ds.scales.values()) == {"counts"} and "labels stand in its place" in str(ds.report)
    cl.load_dataset(ds.save(tmp_path / "x.clds"))
    model = cl.models.DeepChrome(ds.marks, "classification", seed=0)
    assert cl.predict(model, ds, progress=False).shape == (9, 2)


def test_with_an_annotation_genes_on_the_minus_strand_are_turned(tmp_path):
    counts = counts_of(1, 3, bins=20, marks=2)
    path = write(tmp_path / "a.csv", counts, ["g0", "g1", "g2"], [5.5, 0, 70.25])
    genes = pd.DataFrame(
        {"gene_id": ["g1", "g0"], "gene_name": ["B", "A"], "chrom": "chr2", "tss": [9000, 5000], "strand": ["-", "+"]}
    )
    ds = cl.data.read_deepchrome(path, marks=["x", "y"], annotation=genes)
    np.testing.assert_array_equal(ds.promoter_depth(), [counts[0], counts[1][::-1]])
    assert ds.genes[["gene_name", "tss", "strand"]].to_numpy().tolist() == [["A", 5000, "+"], ["B", 9000, "-"]]
    assert ds.signal.regions[["start", "end"]].to_numpy().tolist() == [[4000, 6000], [8000, 10_000]]
    assert ds.genes["expression"].tolist() == [5.5, 0] and ds.labels.tolist() == [1, 0]
    assert ds.report == ("genes of cell left out, which the annotation lacks: 1",)
    with pytest.raises(cl.ChromolabError, match="has none of the 3 genes of cell, such as g0; expected the same"):
        cl.data.read_deepchrome(path, marks=["x", "y"], annotation=genes.assign(gene_id=["h0", "h1"]))


def test_several_cell_types_and_compressed_files(tmp_path):
    counts = counts_of(2, 4, bins=10)
    plain = write(tmp_path / "a.csv", counts, "abcd", [0, 1, 0, 1])
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    both = cl.data.read_deepchrome({"E003": plain, "E004": packed})
    np.testing.assert_array_equal(both.promoter_depth(), np.concatenate([counts, counts]))
    assert both.genes["cell_type"].tolist() == ["E003"] * 4 + ["E004"] * 4
    longer = write(tmp_path / "b.csv", counts_of(2, 4, bins=12), "abcd", [0, 1, 0, 1])
    for nothing in ([], {}, {"E003": []}):
        with pytest.raises(cl.ChromolabError, match="files: .*none.*; expected the path of one"):
            cl.data.read_deepchrome(nothing)
    with pytest.raises(cl.ChromolabError, match="cell types of 10 and 12 bins a gene"):
        cl.data.read_deepchrome({"E003": plain, "E004": longer})


def test_marks_are_those_of_the_header_or_those_that_are_given(tmp_path):
    counts, labels = counts_of(3, 2, bins=5, marks=2), [0, 1]
    one, two = (
        write(tmp_path / f"{a}.csv", counts, [f"{a}1", f"{a}2"], labels, header=f"gene,bin,{a},{b},label")
        for a, b in ("xy", "yx")
    )
    assert cl.data.read_deepchrome(one).marks == ("x", "y")
    with pytest.raises(cl.ChromolabError, match="y.csv, line 1: marks y, x; above they are x, y"):
        cl.data.read_deepchrome([one, two])
    assert cl.data.read_deepchrome([one, two], marks=["p", "q"]).marks == ("p", "q")


def test_a_my_yaml_builds_them_and_the_doctor_reads_them(tmp_path):
    counts = counts_of(4, 6)
    parts = {"train": [0, 1], "valid": [2, 3], "test": [4, 5]}
    for name, rows in parts.items():
        write(tmp_path / f"{name}.csv", counts[rows], [f"g{i}" for i in rows], [0, 1])
    genes = "".join(f"chr1\t{i}0000\t{i}9000\tg{i}\t0\t{'+-'[i % 2]}\n" for i in range(1, 7))
    (tmp_path / "genes.bed").write_text(genes.replace("g6", "g0"))
    published = {"deepchrome": {"E003": [f"{name}.csv" for name in parts]}, "annotation": "genes.bed"}
    (tmp_path / "my.yaml").write_text(yaml.safe_dump({"published": published, "out": "own.clds", "origin": "measured"}))
    built = cl.build(tmp_path / "my.yaml", progress=False)
    by_hand = cl.data.read_deepchrome(
        {"E003": [tmp_path / f"{name}.csv" for name in parts]}, annotation=tmp_path / "genes.bed"
    )
    np.testing.assert_array_equal(built.promoter_depth(), by_hand.promoter_depth())
    assert built.origin == "measured" and built.genes["fold"].tolist() == [1, 1, 2, 2, 3, 3]
    assert set(built.genes["strand"]) == {"+", "-"} and (tmp_path / "own.html").is_file()
    assert [(f.state, f.check) for f in cl.doctor(tmp_path / "my.yaml")][0] == ("ok", "published")
    (tmp_path / "test.csv").write_text("g4,1,1\n")
    assert "test.csv, line 1" in str(cl.doctor(tmp_path / "my.yaml"))
    (tmp_path / "test.csv").unlink()
    with pytest.raises(cl.ChromolabError, match="published deepchrome E003|test.csv: no such file"):
        cl.build(tmp_path / "my.yaml", progress=False)


def spoilt(line, change):
    """The lines of two genes of three bins, one of them changed."""

    def lines():
        made = [f"{gene},{n},1,2,3,4,5,{label}" for gene, label in (("a", 0), ("b", 1)) for n in (1, 2, 3)]
        made[line - 1 : line] = change(made[line - 1])
        return made

    return lines


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            spoilt(2, lambda x: []),
            "line 3: gene a has no bin 2; expected bins 1 to 2|before line 3: gene a has no bin 2",
        ),
        (spoilt(5, lambda x: []), "at its end: gene b has no bin 2; expected bins 1 to 3"),
        (spoilt(6, lambda x: [x, x.replace("b,3", "b,4")]), "gene b has 4 bins; expected 3, as the genes above"),
        (spoilt(5, lambda x: [x, x]), "line 6: bin 2 of gene b again; expected each bin once"),
        (spoilt(6, lambda x: [x, "a,1,1,2,3,4,5,0"]), "line 7: gene a again; expected the rows of a gene once"),
        (spoilt(4, lambda x: [x.replace(",3,4", ",x,4")]), "line 4: H3K4me1 is 'x'; expected a number of 0 or more"),
        (spoilt(4, lambda x: [x.replace(",3,4", ",nan,4")]), "line 4: H3K4me1 is 'nan'; expected a number"),
        (spoilt(4, lambda x: [x.replace(",3,4", ",-3,4")]), "line 4: H3K4me1 is '-3'; expected a number"),
        (spoilt(4, lambda x: [x.replace(",5,", ",5,6,")]), "line 4: .*; expected gene,bin,a count for each mark,label"),
        (spoilt(4, lambda x: [x.replace("b,1", "b,one")]), "line 4: .*; expected gene,bin"),
        (spoilt(5, lambda x: [x[:-1] + "0"]), "line 5: gene b has the label 0, and 1 above; expected one"),
        (spoilt(1, lambda x: ["1,2,3,4,5,6,7,label", x]), "line 1: .*; expected gene,bin"),
        (lambda: ["gene,bin," + ",".join(MARKS) + ",label"], "bad.csv: no gene in it; expected .* Was it cut off?"),
    ],
)
def test_a_bad_row_is_told_with_its_line(tmp_path, lines, told):
    path = tmp_path / "bad.csv"
    path.write_text("\n".join(lines()) + "\n")
    with pytest.raises(cl.ChromolabError, match=told):
        cl.data.read_deepchrome(path)
