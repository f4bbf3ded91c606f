"""data/scales: what a track's numbers are, and the warning of a model that meets others."""

import json
import warnings
from dataclasses import replace

import numpy as np
import pyBigWig
import pytest
from helpers.toys import SMALL, toy_dataset

import chromolab as cl
from chromolab.data.dataset.recalibration import Quantiles, read_quantiles, track_quantiles
from chromolab.data.tracks.bin_means import BinMeans
from chromolab.data.tracks.guess_scale import guess_scale, judge
from chromolab.data.tracks.scales import check_scales


def on(scales, seed=0, **arguments):
    ds = toy_dataset(seed, **arguments)
    return replace(ds, scales=check_scales(scales, ds.marks))


def small_model(ds):
    return cl.Chromoformer(ds.marks, resolutions=(500,), seed=0, **SMALL)


# ---------------------------------------------------------------- what is kept


def test_scales_are_saved_with_a_dataset(tmp_path):
    ds = on({"A": "depth", "C": "fold_change"})
    assert ds.scales == {"A": "depth", "B": "unknown", "C": "fold_change"}
    assert cl.load_dataset(ds.save(tmp_path / "x.clds")).scales == ds.scales
    assert ds.select([0]).scales == ds.gene("G1").scales == ds.scales


def test_datasets_saved_before_there_were_scales_load(tmp_path):
    path = on("depth").save(tmp_path / "x.clds")
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    about = json.loads(header["__metadata__"]["about"])
    del about["scales"]
    header["__metadata__"]["about"] = json.dumps(about)
    older = json.dumps(header).encode().ljust(length)
    path.write_bytes(content[:8] + older + content[8 + length :])
    ds = cl.load_dataset(path)
    assert ds.scales == {} and cl.predict(small_model(ds), ds, device="cpu").shape == (24, 2)


def test_bad_scales_are_refused():
    with pytest.raises(cl.ChromolabError, match="'pval'; expected one of 'depth'"):
        check_scales("pval", ["A"])
    with pytest.raises(cl.ChromolabError, match="no mark D; the marks are A, B"):
        check_scales({"D": "depth"}, ["A", "B"])


# ---------------------------------------------------------------- the warning


def test_a_model_warns_of_a_scale_it_was_not_trained_on(tmp_path):
    depth, other = on("depth"), on({"B": "neg_log10_p", "A": "depth"})
    model = small_model(depth)
    cl.fit(model, depth, epochs=1, lr=1e-2, device="cpu", progress=False)
    assert model.scales == depth.scales
    model = cl.load_checkpoint(cl.save_checkpoint(model, tmp_path / "m.pt"))
    assert model.scales == depth.scales and "scales" not in model.checkpoint
    cl.predict(model, depth, device="cpu")  # no warning, which would be an error here
    said = r"^B: the model was trained on depth, this dataset holds neg_log10_p.*recalibrate"
    with pytest.warns(UserWarning, match=said) as noted:
        cl.predict(model, other, device="cpu")
    assert noted[0].filename == __file__
    with pytest.warns(UserWarning, match=said) as noted:
        cl.fit(model, other, epochs=1, lr=1e-2, device="cpu", progress=False)
    assert noted[0].filename == __file__ and model.scales == other.scales


def test_unknown_scales_warn_of_nothing():
    model = small_model(on("depth"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for trained, used in (("unknown", "depth"), ("depth", "unknown"), (None, "fold_change")):
            model.scales = check_scales(trained, model.marks)
            cl.predict(model, on(used), device="cpu")


def test_shipped_models_know_read_depth():
    model = cl.pretrained()
    assert set(model.scales.values()) == {"depth"} and list(model.scales) == list(model.marks)


# ---------------------------------------------------------------- guesses


@pytest.mark.parametrize(
    ("name", "values", "scale", "why"),
    [
        ("a.bw", np.arange(3000) / 100, "depth", "whole number"),
        ("E003-H3K4me3.fc.signal.bigwig", np.arange(3000) / 97, "fold_change", "its name"),
        ("E003-H3K4me3.pval.signal.bigwig", np.arange(3000) / 97, "neg_log10_p", "its name"),
        ("E003-H3K4me3.pval.signal.bigwig", np.arange(3000) / 100, "unknown", "but its name says neg_log10_p"),
        ("a.bw", np.arange(3000) / 97, "unknown", "scaled depth"),
        ("a.bw", np.arange(-10, 3000) / 100, "unknown", "negative"),
        ("a.bw", np.arange(300) / 100, "unknown", "fewer than"),
        ("a.bw", np.full(3000, np.nan), "unknown", "fewer than"),
    ],
)
def test_judge(name, values, scale, why):
    covered = np.where(np.isnan(values), 0, 100).astype(np.int32)
    guess = judge(BinMeans(values, covered, np.array([0, len(values)])), name)
    assert guess.scale == scale and why in " ".join(guess.reasons)


def write_values(path, values, run=10):
    """A bigWig of values, each over `run` bases, without gaps."""
    starts, values = np.arange(len(values)) * run, values.astype(float)
    with pyBigWig.open(str(path), "w") as f:
        f.addHeader([("chr1", len(values) * run)])
        f.addEntries(
            ["chr1"] * len(values), starts.tolist(), ends=(starts + run).tolist(), values=list(map(float, values))
        )
    return path


@pytest.mark.parametrize(
    ("name", "of", "scale", "why"),
    [
        ("a.bw", lambda n: n, "depth", "whole number"),
        ("a.bw", lambda n: n * 0.03217, "unknown", "whole multiples of 0.03217"),
        ("a.bw", lambda n: np.round(n**1.3, 2), "unknown", "fold change, -log10 p or scaled depth"),
        ("x-H3K4me3.fc.signal.bigwig", lambda n: np.round(n**1.3, 2), "fold_change", "its name says"),
        ("a.bw", lambda n: n * 0, "unknown", "fewer than"),
        ("a.bw", lambda n: n - 3.0, "unknown", "negative"),
    ],
)
def test_guess_scale_of_files(tmp_path, name, of, scale, why):
    counts = np.append(np.random.default_rng(0).poisson(2.0, 5_000), np.arange(60)).astype(float)
    guess = guess_scale(write_values(tmp_path / name, of(counts)))
    assert guess.scale == scale and why in " ".join(guess.reasons)


def test_reads_are_depth(tmp_path):
    (tmp_path / "a.bed").write_text("chr1\t5\t9\n")
    assert guess_scale(tmp_path / "a.bed").scale == "depth"


@pytest.mark.real
def test_real_tracks(real):
    guesses = {p.name: guess_scale(p) for p in sorted(real.glob("roadmap-pilot/*H3K4me3*.bigwig"))}
    assert len(guesses) == 3 and {g.scale for g in guesses.values()} == {"neg_log10_p"}
    assert guess_scale(real / "loader-fixtures/yeast/MNase.bw").scale == "unknown"


# ---------------------------------------------------------------- recalibration


def big(seed, scale, power=1.0, holes=False):
    """A dataset of over 10,000 bins with a wide spread of depth."""
    ds = on(scale, seed, genes=300, missing=holes)
    rng = np.random.default_rng(seed)
    depth = rng.poisson(rng.gamma(0.5, 10, ds.signal.depth.shape)) ** power
    depth[np.isnan(ds.signal.depth)] = np.nan
    return replace(ds, signal=replace(ds.signal, depth=depth, cache={}))


def test_recalibration_takes_the_spread_and_the_scale_of_the_other():
    ds, reference = big(0, "neg_log10_p", 1.4, holes=True), big(1, "depth")
    new = cl.recalibrate(ds, reference)
    assert new.scales == reference.scales and "A neg_log10_p -> depth" in new.report[-1]
    before, after = ds.signal.depth, new.signal.depth
    for m in range(3):
        x, y = before[:, m], after[:, m]
        np.testing.assert_array_equal(np.isnan(x), np.isnan(y))
        order = np.argsort(x[~np.isnan(x)], kind="stable")
        assert (np.diff(y[~np.isnan(x)][order]) >= 0).all(), "no bin overtakes another"
        assert (y[x == 0] == 0).all(), "zeros stay zeros"
        for p in (0.5, 0.9, 0.99, 0.999):
            there = np.quantile(reference.signal.depth[:, m], p)
            assert abs(np.nanquantile(y, p) - there) <= max(1.0, 0.1 * there)
    np.testing.assert_array_equal(ds.signal.depth, before)


def test_to_itself_is_no_change():
    ds = big(2, "depth")
    np.testing.assert_allclose(cl.recalibrate(ds, ds).signal.depth, ds.signal.depth, rtol=1e-9, atol=1e-9)


def test_saved_quantiles_serve_as_well(tmp_path):
    ds, reference = big(0, "fold_change", 0.6), big(1, "depth")
    path = track_quantiles(reference).save(tmp_path / "depth.json")
    assert path.stat().st_size < 20_000 and path.read_text().startswith('{"about": {"format"')
    np.testing.assert_array_equal(cl.recalibrate(ds, path).signal.depth, cl.recalibrate(ds, reference).signal.depth)
    some = cl.recalibrate(ds, path, marks=["B"])
    np.testing.assert_array_equal(some.signal.depth[:, [0, 2]], ds.signal.depth[:, [0, 2]])
    assert list(some.scales.values()) == ["fold_change", "depth", "fold_change"]


def test_a_part_is_mapped_as_the_whole_is():
    ds, reference = big(0, "fold_change", 0.6), big(1, "depth")
    part = ds.gene("G5")
    with pytest.raises(cl.ChromolabError, match="too few for quantiles.*source=whole"):
        cl.recalibrate(part, reference)
    mapped = cl.recalibrate(part, reference, source=ds)
    np.testing.assert_array_equal(mapped.signal.depth, cl.recalibrate(ds, reference).gene("G5").signal.depth)


def changed(ds, rows, m, value):
    depth = np.array(ds.signal.depth)
    depth[rows, m] = value
    return replace(ds, signal=replace(ds.signal, depth=depth, cache={}))


def test_bins_without_data_do_not_make_enough():
    reference, ds = big(1, "depth"), changed(big(0, "fold_change"), slice(9_999, None), 1, np.nan)
    for call in (lambda: cl.recalibrate(ds, reference), lambda: cl.recalibrate(reference, ds)):
        with pytest.raises(cl.ChromolabError, match="(to|source): B: 9,999 bins with data are too few"):
            call()
    assert cl.recalibrate(ds, reference, marks=["A", "C"]).scales["A"] == "depth", "of the other marks there is enough"


def test_negative_values_are_refused_with_a_source_too():
    ds, reference = big(0, "fold_change"), big(1, "depth")
    with pytest.raises(cl.ChromolabError, match="B: holds -0.5; expected depth"):
        cl.recalibrate(changed(ds, 7, 1, -0.5), reference, source=ds)
    assert len(cl.recalibrate(changed(ds, 7, 1, -0.5), reference, marks=["A"], source=ds).report)


def test_beyond_the_highest_value_it_grows_in_proportion():
    ds, reference = big(0, "fold_change"), big(1, "depth")
    low = replace(ds, signal=replace(ds.signal, depth=np.minimum(ds.signal.depth, 50), cache={}))
    mapped = cl.recalibrate(ds, reference, source=low)
    top = track_quantiles(reference).values["A"][-1]
    x = ds.signal.depth[:, 0].max()
    highest = np.bincount(*[np.zeros(1, int)], [top])[0]
    assert x > 50 and mapped.signal.depth[:, 0].max() <= highest * x / 50 * (1 + 1e-9)
    assert mapped.signal.depth[:, 0].max() > mapped.signal.depth[ds.signal.depth[:, 0] <= 50, 0].max()


def test_a_recalibrated_dataset_warns_no_more():
    depth, other = big(0, "depth"), big(1, "neg_log10_p")
    model = small_model(depth)
    model.scales = depth.scales
    cl.predict(model, cl.recalibrate(other, depth).select(range(20)), device="cpu")


def test_bad_requests(tmp_path):
    ds, reference = big(0, "depth"), big(1, "depth")
    for call, said in [
        (lambda: cl.recalibrate(ds, reference, marks=["Z"]), "marks: Z; the dataset has A, B, C"),
        (
            lambda: cl.recalibrate(ds, replace(track_quantiles(reference), bin_size=50)),
            "100 bp in the dataset, 50 bp",
        ),
        (lambda: cl.recalibrate(ds, tmp_path / "no.json"), "no such file"),
        (lambda: track_quantiles(replace(ds, signal=replace(ds.signal, depth=-ds.signal.depth - 1))), "all >= 0"),
    ]:
        with pytest.raises(cl.ChromolabError, match=said):
            call()


def test_mutated_quantiles_are_refused_or_right(tmp_path):
    path = Quantiles(np.array([0, 0.5, 1]), {"A": np.array([0, 1.5, 9])}, {"A": "depth"}, 100).save(tmp_path / "q.json")
    content = path.read_bytes()
    refused = 0
    for seed in range(300):
        rng, bytes_ = np.random.default_rng(seed), bytearray(content)
        if seed % 3:
            bytes_[int(rng.integers(len(content)))] = int(rng.integers(256))
        else:
            bytes_ = bytes_[: int(rng.integers(len(content) - 2))]
        path.write_bytes(bytes_)
        try:
            read_quantiles(path)
        except cl.ChromolabError as e:
            assert "q.json" in str(e)
            refused += 1
    assert refused > 150
