"""data/tracks/scales: kept with datasets and models, and a warning where they differ."""

import json
import warnings

import pytest
from helpers.toys import small_model, with_scales

import chromolab as cl
from chromolab.data.tracks.scales import check_scales


def test_scales_are_saved_with_a_dataset(tmp_path):
    ds = with_scales({"A": "depth", "C": "fold_change"})
    assert ds.scales == {"A": "depth", "B": "unknown", "C": "fold_change"}
    assert cl.load_dataset(ds.save(tmp_path / "x.clds")).scales == ds.scales
    assert ds.select([0]).scales == ds.gene("G1").scales == ds.scales


def test_datasets_saved_before_there_were_scales_load(tmp_path):
    path = with_scales("depth").save(tmp_path / "x.clds")
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
    depth, other = with_scales("depth"), with_scales({"B": "neg_log10_p", "A": "depth"})
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
    model = small_model(with_scales("depth"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for trained, used in (("unknown", "depth"), ("depth", "unknown"), (None, "fold_change")):
            model.scales = check_scales(trained, model.marks)
            cl.predict(model, with_scales(used), device="cpu")


def test_shipped_models_know_read_depth():
    model = cl.pretrained()
    assert set(model.scales.values()) == {"depth"} and list(model.scales) == list(model.marks)
