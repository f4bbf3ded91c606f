"""data/dataset/dataset: splits, parts, and files that are whole or refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from helpers.toys import toy_dataset

import chromolab as cl
from chromolab.data.dataset.batches import Loader
from chromolab.data.dataset.dataset import load_dataset


def slow_example(ds, i, resolution, reverse):
    """One promoter's or pCRE's padded features by plain loops: (T, M), NaN where nothing is seen."""
    bins, region = ds.window // resolution, ds.signal.regions.iloc[i]
    length, per = region["end"] - region["start"], resolution // ds.bin_size
    fine, out = ds.region_depth(i), np.full((ds.window // resolution, len(ds.marks)), np.nan)
    n = -(-length // resolution)
    left = -(-(bins - n) // 2)  # ceil((T - n) / 2)
    for j in range(n):
        part = fine[j * per : (j + 1) * per]
        size = np.minimum(ds.bin_size, length - np.arange(j * per, j * per + len(part)) * ds.bin_size)[:, None]
        weight = np.where(np.isnan(part), 0, size)
        if weight.sum(0).all():
            out[left + j] = np.log1p((np.nan_to_num(part) * weight).sum(0) / weight.sum(0))
    return out[::-1] if reverse else out


def test_promoter_depth_runs_5_to_3():
    ds = toy_dataset(3)
    depth = ds.promoter_depth(100)
    for i, strand in enumerate(ds.genes["strand"]):
        fine = ds.region_depth(ds.promoter[i])
        assert (depth[i] == (fine[::-1] if strand == "-" else fine)).all()


def test_select_gene_and_compact():
    ds = toy_dataset(4)
    one = ds.gene("name7")
    assert one.genes["gene_id"].tolist() == ["G7"] and len(one.signal.regions) == 1 + len(set(ds.pcre[7]) - {-1})
    assert (one.promoter_depth() == ds.promoter_depth()[[7]]).all()
    pd.testing.assert_frame_equal(one.pcres().drop(columns="region"), ds.pcres(7).drop(columns="region"))
    with pytest.raises(cl.ChromolabError, match="no gene 'TP53'"):
        ds.gene("TP53")
    assert len(ds.select(ds.labels == 1)) == ds.labels.sum()


def test_folds_are_kept_apart():
    ds = toy_dataset(5)
    for fold in ds.folds:
        train, validation, test = ds.split(test_fold=fold)
        assert test.folds == [fold] and validation.folds == [fold % 4 + 1]
        assert not set(train.folds) & {*test.folds, *validation.folds}
        assert len(train) + len(validation) + len(test) == len(ds)
    train, validation, test = ds.split()
    assert len(test) == 0 and validation.folds == [4] and train.folds == [1, 2, 3]
    for bad in ({"test_fold": 9}, {"test_fold": 1, "validation_fold": 1}):
        with pytest.raises(cl.ChromolabError, match="fold"):
            ds.split(**bad)
    with pytest.raises(cl.ChromolabError, match="more folds"):
        ds.in_fold(1, 2).split(test_fold=1)


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_save_and_load_give_the_same_bytes(tmp_path, missing, dtype):
    ds = toy_dataset(6, missing=missing)
    genes = ds.genes.copy()
    genes.loc[0, "gene_name"] = "NA"  # a name, not a missing value
    genes.loc[1, "gene_name"] = 'a,"b"'
    ds = replace(ds, genes=genes, signal=replace(ds.signal, depth=ds.signal.depth.astype(dtype)), report=("noted",))
    again = load_dataset(ds.save(tmp_path / "x.clds"))
    pd.testing.assert_frame_equal(again.genes, ds.genes, check_dtype=False)
    assert (again.marks, again.window, again.report) == (ds.marks, ds.window, ds.report)
    for name in ("promoter", "frequency"):
        assert (getattr(again, name) == getattr(ds.compact(), name)).all()
    np.testing.assert_array_equal(again.promoter_depth(500), ds.promoter_depth(500))
    assert again.signal.depth.dtype == dtype
    assert [p.name for p in tmp_path.iterdir()] == ["x.clds"]
    model = cl.Chromoformer(ds.marks, resolutions=(500,), regulation_layers=1, seed=0)
    np.testing.assert_array_equal(*(cl.predict(model, d, device="cpu") for d in (ds, again)))


def test_files_that_are_not_whole_are_refused(tmp_path):
    path = toy_dataset(7).save(tmp_path / "x.clds")
    whole = path.read_bytes()
    for name, content in {
        "short": whole[:-1],
        "long": whole + b"x",
        "header": whole[:100],
        "empty": b"",
        "text": b"gene_id,chrom\n" * 9,
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(cl.ChromolabError, match=name):
            load_dataset(tmp_path / name)
    with pytest.raises(cl.ChromolabError, match="no such file"):
        load_dataset(tmp_path / "absent")


def test_changed_tables_and_indices_are_refused(tmp_path):
    """A wrong index would only be noticed when it is used, or never."""
    ds = toy_dataset(7).compact()
    path = ds.save(tmp_path / "x.clds")
    whole = path.read_bytes()
    for name, array in (("offsets", ds.signal.offsets), ("promoter", ds.promoter), ("pcre", ds.pcre)):
        at = whole.index(array.tobytes()) + array.nbytes // 2
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 64]) + whole[at + 1 :])
        with pytest.raises(cl.ChromolabError, match=f"part '{name}' was changed"):
            load_dataset(path)


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    ds, path = toy_dataset(8), tmp_path / "x.clds"
    before = ds.save(path).read_bytes()
    monkeypatch.setattr("os.replace", lambda *a: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        ds.select([0]).save(path)
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def test_a_saved_dataset_is_a_safetensors_file_of_the_same_bytes(tmp_path):
    from safetensors.numpy import load_file

    ds = toy_dataset(missing=True).compact()
    for name in "ab":
        ds.save(tmp_path / f"{name}.clds")
    assert (tmp_path / "a.clds").read_bytes() == (tmp_path / "b.clds").read_bytes()
    arrays = load_file(tmp_path / "a.clds")
    np.testing.assert_array_equal(arrays["depth"], ds.signal.depth)
    np.testing.assert_array_equal(arrays["covered"], ds.signal.covered)


def test_marks_are_taken_in_the_order_asked():
    ds = toy_dataset(missing=True)
    part = ds.with_marks(["C", "A"])
    np.testing.assert_array_equal(part.promoter_depth(500), ds.promoter_depth(500)[..., [2, 0]])
    assert part.marks == ("C", "A") and set(part.scales) <= {"A", "C"}
    with pytest.raises(cl.ChromolabError, match="lacks"):
        ds.with_marks(["D"])


# ----- taking a dataset apart -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", [False, True])
def test_a_cropped_window_is_the_middle_of_every_region(missing):
    ds = toy_dataset(9, missing=missing)
    part = ds.cropped(2000)
    assert (part.window, ds.window) == (2000, 4000)
    np.testing.assert_array_equal(part.promoter_depth(), ds.promoter_depth()[:, 10:30])
    for r, (was, now) in enumerate(zip(ds.signal.regions.itertuples(), part.signal.regions.itertuples(), strict=True)):
        skip = max(0, was.end - was.start - 2000) // 200  # bins of 100 bp in front
        assert now.start == was.start + 100 * skip and now.end == min(was.end, now.start + 2000)
        np.testing.assert_array_equal(part.region_depth(r), ds.region_depth(r)[skip : skip + 20])
    rows = np.arange(6)
    batch = Loader(part, part.marks, [500], dtype=torch.float64).batch(rows)
    strand = ds.genes["strand"].to_numpy()
    expected = [slow_example(part, part.promoter[i], 500, strand[i] == "-") for i in rows]
    np.testing.assert_allclose(batch.promoter[500], np.nan_to_num(expected), atol=1e-6)
    assert ds.cropped(4000).signal.regions.equals(ds.signal.regions)
    for wrong in (0, 4200, 3900, 4100, -200):
        with pytest.raises(cl.ChromolabError, match=f"window {wrong}: expected 4,000 bp minus a multiple of 200"):
            ds.cropped(wrong)


def test_frequencies_are_taken_away_and_the_pcres_stay():
    ds = toy_dataset(9)
    part = ds.without_frequencies()
    assert ds.frequency.any() and not part.frequency.any() and (part.pcre == ds.pcre).all()


def test_shuffled_contacts_are_those_of_other_genes_of_the_cell_type_and_fold():
    ds = toy_dataset(9, genes=60)
    ds = replace(ds, genes=ds.genes.assign(cell_type=np.repeat(["a", "b"], 30)))
    once, again, other = (ds.shuffled_contacts(seed) for seed in (1, 1, 2))
    assert (once.pcre == again.pcre).all() and (once.pcre != other.pcre).any()
    assert ((once.pcre >= 0) == (ds.pcre >= 0)).all() and (once.frequency == ds.frequency).all()
    for _, rows in ds.genes.groupby(["cell_type", "fold"]).indices.items():
        assert sorted(once.pcre[rows].ravel()) == sorted(ds.pcre[rows].ravel())
    own = np.arange(60)[:, None] * 10 + np.arange(3)  # no two genes share a region
    place = replace(ds, pcre=np.where(ds.pcre >= 0, own, -1))
    moved = place.shuffled_contacts(1).pcre
    assert not ((moved // 10 == np.arange(60)[:, None]) & (moved >= 0)).any()
    with pytest.raises(cl.ChromolabError, match="a, fold 1: 3 pCREs are too few to shuffle"):
        replace(ds.select([0]), pcre=np.array([[5, 6, 7]])).shuffled_contacts()
    assert ds.without_contacts().shuffled_contacts().pcre.shape == (60, 0)
