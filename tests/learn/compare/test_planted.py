"""learn/compare/planted: what is planted, what each model can see of it, and how it is learnt."""

import numpy as np
import pandas as pd
import pytest
import torch

import chromolab as cl
from chromolab.learn.compare import planted
from chromolab.learn.compare.planted import MODELS, TSS, compare_planted, learn, make, plant, pull


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("kb", [0.5, 4, 19.5])
def test_the_answer_is_the_height_or_its_reverse_and_neither_place_tells_it_alone(kb):
    windows, answers = plant(kb, 4000, generator())
    switch, height = windows[:, TSS, 0] / 2, windows[:, TSS + int(2 * kb), 1] / 2
    assert set(switch.tolist()) == {0, 1} and 0 <= height.min() and height.max() <= 1
    torch.testing.assert_close(answers, (2 * switch - 1) * (2 * height - 1) * 3**0.5)
    assert abs(answers.mean()) < 0.06 and abs(answers.std() - 1) < 0.03
    for one in (switch, height):
        assert abs(np.corrcoef(one, answers)[0, 1]) < 0.06


@pytest.mark.parametrize("kb", [0, -4, 20])
def test_a_distance_outside_the_window_is_refused(kb):
    with pytest.raises(cl.ChromolabError, match=r"expected a distance of 0.5 to 19.5 kb"):
        plant(kb, 1, generator())


def test_the_models_are_about_equally_large():
    sizes = [sum(p.numel() for p in make(model, 0).parameters()) for model in MODELS]
    assert max(sizes) < 1.2 * min(sizes)


@pytest.mark.parametrize("model, sees", [("CNN, 10 kb", False), *((m, True) for m in MODELS if m != "CNN, 10 kb")])
def test_only_the_narrow_model_never_sees_a_bin_far_away(model, sees):
    felt = pull(model, n=50)
    assert felt.shape == (80,) and (felt[TSS - 5 : TSS + 5] > 0).all()
    assert bool(felt[TSS + 38] > 0) is sees


def test_a_patient_memory_falls_less_with_distance():
    plain, patient = (pull(model, n=50) for model in ("RNN", "RNN, patient"))
    fall = [float(felt[TSS + 2] / felt[TSS + 38]) for felt in (plain, patient)]
    assert fall[0] > 1e6 and fall[1] < 100
    network, other = make("RNN, patient", 0), make("RNN", 0)
    assert {n: p.shape for n, p in network.named_parameters()} == {n: p.shape for n, p in other.named_parameters()}
    kept = (network.lstm.bias_ih_l0 + network.lstm.bias_hh_l0)[34:68].sigmoid()  # the forget gates
    assert kept.min() >= 0.5 and 0.9 < kept.max() <= 39 / 40


def test_the_same_seed_learns_the_same_and_leaves_torch_alone():
    before = torch.random.get_rng_state()
    first = list(learn("transformer", 1, seed=3, steps=25, every=10))
    assert torch.equal(before, torch.random.get_rng_state())
    assert first == list(learn("transformer", 1, seed=3, steps=25, every=10))
    assert [step for step, _ in first] == [10, 20, 25]
    assert first != list(learn("transformer", 1, seed=4, steps=25, every=10))


def test_the_transformer_learns_and_a_signal_outside_the_window_is_not_learnt():
    ends = {model: list(learn(model, 19, steps=200, every=200))[-1][1] for model in ("transformer", "CNN, 10 kb")}
    assert ends["transformer"] > 0.5 and abs(ends["CNN, 10 kb"]) < 0.1


def test_runs_that_are_done_are_not_made_again():
    done = pd.DataFrame({"model": ["CNN, 10 kb"], "kb": [1], "seed": [0]})
    options = {"models": ["CNN, 10 kb"], "distances": [1], "seeds": [0, 1], "steps": 4, "every": 2}
    rows = pd.DataFrame(compare_planted(**options, done=done))
    assert rows[["model", "kb", "seed", "steps"]].to_numpy().tolist() == [["CNN, 10 kb", 1, 1, s] for s in (2, 4)]


def test_an_unknown_model_is_named_with_those_that_there_are():
    with pytest.raises(cl.ChromolabError, match=r"no model 'GRU'; expected one of CNN, 10 kb"):
        planted.make("GRU", 0)


def test_the_shipped_table_holds_whole_runs():
    table = cl.results("planted")
    assert set(table["model"]) == set(MODELS) and {4, 19} <= set(table["kb"])
    runs = table.groupby(["model", "kb", "seed"])["steps"].agg(["size", "max"])
    assert runs.nunique().eq(1).all() and len(runs) == len(MODELS) * 3 * table["kb"].nunique()
