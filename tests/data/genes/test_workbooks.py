"""data/genes/workbooks: Excel workbooks and AnnData of a few samples are read like text; damaged ones are refused."""

import datetime

import numpy as np
import pytest

import chromolab as cl
from chromolab.data.genes import workbooks
from chromolab.errors import ChromolabError

openpyxl = pytest.importorskip("openpyxl")
h5py = pytest.importorskip("h5py")
GENES = [f"ENSG{i:011d}" for i in range(1, 6)]
VALUES = {"A": [0.0, 12.71, 1e-5, 3.0, 1234.5], "B": [1.0, 0.5, 7.0, 0.0, 2.0]}
ROWS = [["gene_id", "A", "B"], *([g, *pair] for g, *pair in zip(GENES, *VALUES.values(), strict=True))]


def workbook(path, rows, *more):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name in more:
        book.create_sheet(name)
    book.save(path)
    return path


def anndata(path, samples=("A", "B"), genes=GENES, sparse="", symbols=None, values=None):
    """As anndata writes it: samples x genes, names in the column that `_index` names."""
    from scipy import sparse as kinds

    values = np.array(list(VALUES.values())) if values is None else values
    with h5py.File(path, "w") as f:
        for part, names in (("obs", samples), ("var", genes)):
            group = f.create_group(part)
            group.attrs["_index"] = "_index"
            group.create_dataset("_index", data=list(names), dtype=h5py.string_dtype())
        if symbols is not None:
            f["var"].create_dataset("symbol", data=list(symbols), dtype=h5py.string_dtype())
        if not sparse:
            f["X"] = values
            return path
        packed = getattr(kinds, f"{sparse}_matrix")(values)
        group = f.create_group("X")
        group.attrs["encoding-type"], group.attrs["shape"] = f"{sparse}_matrix", values.shape
        for part in ("data", "indices", "indptr"):
            group[part] = getattr(packed, part)
    return path


def is_the_table(df):
    return list(df.index) == GENES and df.to_dict("list") == VALUES


@pytest.mark.parametrize("before", [[], [["Table S1: expression"]], [["Table S1"], []]])
def test_a_workbook_is_read(tmp_path, before):
    df = cl.data.read_expression(workbook(tmp_path / "a.xlsx", [*before, *ROWS]))
    assert is_the_table(df) and any("an Excel workbook" in line.what for line in df.attrs["report"])


def test_of_several_sheets_the_first_is_read_and_said(tmp_path):
    df = cl.data.read_expression(workbook(tmp_path / "a.xlsx", ROWS, "notes"))
    assert is_the_table(df) and any("the first of 2" in line.what for line in df.attrs["report"])


def test_names_that_excel_made_dates_are_told(tmp_path):
    dates = [["gene", "A"], [datetime.datetime(2024, 3, 1), 5.0], ["ACTB", 7.0], ["GAPDH", 2.0]]
    df = cl.data.read_expression(workbook(tmp_path / "a.xlsx", dates))
    (line,) = [line for line in df.attrs["report"] if "spreadsheet" in line.what]
    assert line.examples == ("2024-03-01",) and df["A"].tolist() == [5, 7, 2]
    with pytest.raises(ChromolabError, match="gene 2024-03-01 twice. A spreadsheet made dates of names"):
        cl.data.read_expression(workbook(tmp_path / "b.xlsx", [*dates, dates[1]]))


@pytest.mark.parametrize("sparse", ["", "csr", "csc"])
def test_an_anndata_is_read(tmp_path, sparse):
    df = cl.data.read_expression(anndata(tmp_path / "a.h5ad", sparse=sparse), unit="TPM")
    assert is_the_table(df) and df.attrs["unit"] == "TPM"


def test_an_anndata_with_ids_in_another_column(tmp_path):
    path = anndata(tmp_path / "a.h5ad", genes=["N1", "N2", "N3", "N4", "N5"], symbols=GENES)
    assert cl.data.read_expression(path).index.tolist() == ["N1", "N2", "N3", "N4", "N5"]
    assert is_the_table(cl.data.read_expression(path, id_column="symbol", columns=["A", "B"]))


def test_single_cells_are_to_be_summed_first(tmp_path):
    cells = [f"cell{i}" for i in range(300)]
    path = anndata(tmp_path / "a.h5ad", cells, values=np.ones((300, 5)))
    with pytest.raises(ChromolabError, match=r"a\.h5ad: 300 cells: sum them by cell type first, with scanpy"):
        cl.data.read_expression(path)


def test_what_is_no_table_is_refused(tmp_path, monkeypatch):
    with h5py.File(tmp_path / "a.h5ad", "w") as f:
        f["matrix"] = [1, 2]
    with pytest.raises(ChromolabError, match=r"a\.h5ad: HDF5 with matrix; expected an AnnData"):
        cl.data.read_expression(tmp_path / "a.h5ad")
    whole = anndata(tmp_path / "b.h5ad").read_bytes()
    (tmp_path / "b.h5ad").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ChromolabError, match=r"b\.h5ad: HDF5 that cannot be read"):
        cl.data.read_expression(tmp_path / "b.h5ad")
    whole = workbook(tmp_path / "a.xlsx", ROWS).read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[:-300])
    with pytest.raises(ChromolabError, match=r"cut\.xlsx: a damaged zip archive"):
        cl.data.read_expression(tmp_path / "cut.xlsx")
    with pytest.raises(ChromolabError, match=r"empty\.xlsx: no rows in its first sheet"):
        cl.data.read_expression(workbook(tmp_path / "empty.xlsx", []))
    monkeypatch.setattr(workbooks, "LARGEST", 1000)
    with pytest.raises(ChromolabError, match="bytes unpacked"):
        cl.data.read_expression(tmp_path / "a.xlsx")


@pytest.mark.parametrize(("name", "library"), [("a.xlsx", "openpyxl"), ("a.h5ad", "h5py")])
def test_without_its_library_a_file_is_named_with_two_ways_out(tmp_path, monkeypatch, name, library):
    path = workbook(tmp_path / name, ROWS) if library == "openpyxl" else anndata(tmp_path / name)
    find = workbooks.importlib.util.find_spec
    monkeypatch.setattr(workbooks.importlib.util, "find_spec", lambda n: None if n == library else find(n))
    with pytest.raises(ChromolabError, match=rf"to_csv\('a\.txt'.*Or install what reads it: pip install {library}"):
        cl.data.read_expression(path)
