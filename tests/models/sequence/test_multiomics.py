"""models/sequence/multiomics: a Chromoformer whose tokens say which motifs stand at their places."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from helpers.toys import SMALL, toy_dataset, with_scores
from helpers.training import few_epochs

import chromolab as cl
from chromolab.learn.ensemble import Ensemble
from chromolab.learn.explain.stages import trace
from chromolab.models.sequence.multiomics import MultiOmics

QUIET = dict(progress=False, device="cpu")
MOTIFS = ("CTCF", "F1", "F2")


@pytest.fixture(scope="module")
def ds():
    return with_scores(toy_dataset(0, genes=40))


def model_of(ds, seed=0, learnt=True, task="regression"):
    """A model whose motifs are as if learnt: they start at 0."""
    model = MultiOmics(ds.marks, task, (500, 100), MOTIFS, seed, **SMALL).double().eval()
    for n, step in enumerate(model.regulation.values()):
        for layer in (step.at_promoter, step.at_pcre):
            assert not layer.weight.any()
            if learnt:
                torch.nn.init.normal_(layer.weight, generator=torch.Generator().manual_seed(n + seed))
    return model


def test_untrained_it_is_the_chromoformer_of_its_seed(ds):
    plain = cl.Chromoformer(ds.marks, "regression", (500, 100), seed=0, **SMALL).double().eval()
    np.testing.assert_array_equal(cl.predict(model_of(ds, learnt=False), ds, **QUIET), cl.predict(plain, ds, **QUIET))
    assert (cl.predict(model_of(ds), ds, **QUIET) != cl.predict(plain, ds, **QUIET)).all()


def test_both_paths_and_many_models_at_once_give_the_same_numbers(ds):
    model = model_of(ds)
    focused = cl.predict(model, ds, **QUIET)
    np.testing.assert_allclose(cl.predict(model, ds, path="full", **QUIET), focused, rtol=0, atol=1e-10)
    several = [model_of(ds, seed).float() for seed in (0, 1)]
    one = ds.gene("G1")
    for quick, each in zip(Ensemble(several).predict(one), several, strict=True):
        np.testing.assert_allclose(quick, cl.predict(each, one, **QUIET), rtol=1e-4, atol=1e-5)


def test_a_motif_at_a_pcre_changes_its_genes_and_no_others(ds):
    model = model_of(ds)
    region = ds.pcre[1, 0]
    motifs = ds.motifs.copy()
    motifs.loc[region, "F1"] = 1 - motifs.loc[region, "F1"]
    changed = cl.predict(model, replace(ds, motifs=motifs), **QUIET) != cl.predict(model, ds, **QUIET)
    np.testing.assert_array_equal(changed[:, 0], (ds.pcre == region).any(1))


def test_the_glass_box_walks_to_its_prediction(ds):
    model = model_of(ds)
    for i in (0, 1, 5):
        gene = ds.select([i]).compact()
        walk = trace(model, gene, device="cpu")
        np.testing.assert_allclose(walk["head.output"].tensor, cl.predict(model, gene, **QUIET)[0], rtol=1e-11)
    box = cl.GlassBox(model, ds.gene("G1"))
    assert box["regulation.100.0.scores"].shape[-1] == 1 + (ds.gene("G1").pcre >= 0).sum()
    box.close()


@few_epochs
def test_it_learns_from_motifs_what_marks_do_not_tell(tmp_path):
    ds = with_scores(toy_dataset(1, genes=240))
    told = ds.motifs["CTCF"].to_numpy()[ds.promoter] * 6
    genes = ds.genes.assign(log2_expression=told, label=(told >= np.median(told)).astype(int))
    ds = replace(ds, genes=genes)
    train, validation, test = ds.split(test_fold=1)
    r2 = {}
    for kind, more in ((cl.Chromoformer, {}), (MultiOmics, {"motifs": MOTIFS})):
        model = kind(ds.marks, "regression", (500,), seed=0, **more, **SMALL)
        run = cl.fit(
            model,
            train,
            validation=validation,
            epochs=20,
            patience=20,
            batch_size=8,
            lr=3e-3,
            decay=1.0,
            seed=0,
            **QUIET,
        )
        guess = cl.predict(run.model, test, **QUIET)
        r2[kind] = cl.metrics.score(test.log2_expression, guess, "regression")["r2"]
    assert r2[cl.Chromoformer] < 0.2 and r2[MultiOmics] > 0.5
    again = cl.load_checkpoint(cl.save_checkpoint(run.model, tmp_path / "m.pt"))
    assert type(again) is MultiOmics and again.config() == run.model.config()
    np.testing.assert_array_equal(cl.predict(again, test, **QUIET), guess)


def test_what_cannot_be_is_said(ds, tmp_path):
    with pytest.raises(cl.ChromolabError, match=r"motifs is \(\); expected at least one"):
        MultiOmics(ds.marks, **SMALL)
    model = model_of(ds)
    with pytest.raises(cl.ChromolabError, match="holds no motifs"):
        cl.predict(model, toy_dataset(0), **QUIET)
    with pytest.raises(cl.ChromolabError, match="this batch holds no motifs"):
        model(cl.Chromoformer(ds.marks, resolutions=(500, 100), **SMALL).double().loader(ds).batch([0]))
    with pytest.raises(cl.ChromolabError, match="names='published'"):
        cl.save_checkpoint(model, tmp_path / "m.pt", names="published")
