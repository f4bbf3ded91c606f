"""show/notebooks/exercises: every check accepts its solution, rejects mistakes, and says what is wrong."""

import inspect
import re

import numpy as np
import pandas as pd
import pytest
import torch

from chromolab.errors import ChromolabError
from chromolab.show.notebooks import exercises
from chromolab.show.notebooks.exercises import Exercise, WrongAnswer, check, compare
from chromolab.show.notebooks.solutions.model.nb03 import softmax

CASES = [(np.array([1.0, 3.0]),), (np.array([np.nan, 2.0]),)]
ZERO = "A base without data counts as zero here: leave it out."


def mean_depth(depth):
    """Mean over the bases that have data."""
    return np.nanmean(depth)


@pytest.fixture
def example(monkeypatch):
    """One registered exercise, in a separate registry."""
    monkeypatch.setattr(exercises, "_exercises", {})
    monkeypatch.setattr(exercises, "_hints_shown", {})
    exercises.exercise(
        cases=CASES,
        hints=["Which bases have data?", "np.nanmean"],
        mistakes={ZERO: lambda x: np.nan_to_num(x).mean(), "sum": np.nansum, "first": lambda x: x[0]},
    )(mean_depth)
    return exercises._exercises["mean_depth"]


@pytest.mark.parametrize("ex", exercises.exercises().values(), ids=lambda ex: ex.name)
def test_every_check_accepts_its_solution_and_rejects_its_mistakes(ex: Exercise):
    compare(ex, ex.solution)
    assert len(ex.mistakes) >= 3
    assert ex.hints
    assert len(ex.arguments()) >= 2
    for sentence, mistake in ex.mistakes.items():
        assert re.search(r"[.?!]$", sentence), f"not a sentence: {sentence}"
        with pytest.raises(WrongAnswer):
            compare(ex, mistake)


@pytest.mark.parametrize("ex", exercises.exercises().values(), ids=lambda ex: ex.name)
def test_every_solution_is_documented_and_the_same_twice(ex: Exercise):
    assert inspect.getdoc(ex.solution)
    compare(ex, ex.solution)
    compare(ex, ex.solution)


def test_a_right_answer_is_handed_back(example, capsys):
    def attempt(depth):
        return depth[np.isfinite(depth)].sum() / np.isfinite(depth).sum()

    assert check("mean_depth", attempt) is attempt
    assert "right, checked on 2 cases" in capsys.readouterr().out


def test_an_exercise_not_attempted_hands_back_the_solution(example, capsys):
    def stub(depth):
        raise NotImplementedError

    assert check("mean_depth", stub) is mean_depth
    assert "not attempted yet" in capsys.readouterr().out


def test_solved_ignores_the_attempt(example, capsys):
    assert check("mean_depth", lambda depth: 0, solved=True) is mean_depth
    assert "the solution is used" in capsys.readouterr().out


def test_a_known_mistake_is_told_its_sentence_with_expected_and_actual(example):
    with pytest.raises(WrongAnswer, match="counts as zero") as caught:
        check("mean_depth", lambda depth: np.where(np.isnan(depth), 0, depth).mean())
    message = str(caught.value)
    assert message.startswith("mean_depth(array([nan, 2.]))")
    assert re.search(r"expected +np.float64\(2.0\)\n +actual +np.float64\(1.0\)", message)
    assert caught.value._render_traceback_()[0] == "Not yet right."


@pytest.mark.parametrize(
    "attempt, words",
    [
        (lambda depth: None, "is a `return` missing"),
        (lambda depth: depth, "Expected a number|Expected shape"),
        (lambda depth: "2", "got str"),
        (lambda depth: 17.0, "not equal"),
    ],
)
def test_other_wrong_answers_are_described(example, attempt, words):
    with pytest.raises(WrongAnswer, match=words):
        check("mean_depth", attempt)


def test_an_error_in_the_attempt_stays_what_it_is_and_names_the_call(example):
    with pytest.raises(ZeroDivisionError) as caught:
        check("mean_depth", lambda depth: 1 / 0)
    assert any("called as mean_depth(" in note for note in caught.value.__notes__)


A, B = np.arange(6.0).reshape(3, 2), np.arange(3.0)
RAW = {
    "`//` divides to one": lambda: B[0 : 4 / 2],
    "A place in an array is a whole number": lambda: B[1.0],
    "is a transpose": lambda: A @ B,
    "missing, or one too many": lambda: np.dot(A, B),
    "do not fit": lambda: A - B,
    "makes an axis of": lambda: A.__setitem__(slice(None), B),
    "give it the transpose": lambda: np.corrcoef(A, B),
    "take one true or false": lambda: 1 if B > 1 else 0,
    "an axis of its own length": lambda: B[np.array([True, False])],
    "fewer axes": lambda: B.sum(axis=1),
    "places count from 0": lambda: B[3],
    "more indices than axes": lambda: B[:, 0],
    "this is an array": lambda: float(B),
}


@pytest.mark.parametrize("words", RAW)
def test_what_numpy_says_is_said_in_other_words(example, words):
    with pytest.raises((TypeError, ValueError, IndexError)) as caught:
        check("mean_depth", lambda depth: RAW[words]())
    assert any(words in note for note in caught.value.__notes__)


@pytest.mark.parametrize(
    "name, attempt, words",
    [
        ("nearest", lambda p, t: t[np.abs(p[:, None] - t).argmin(1)], "return their rows"),
        ("attended", lambda q, k, v: softmax(q @ k.T / len(k) ** 0.5) @ v, "number of keys"),
        ("body_share", lambda d, s, flank=2000: s[d > flank].sum(), "divided by the attention of all bins"),
        ("body_share", lambda d, s, flank=2000: s[d > 0].sum() / s.sum(), "The TSS itself counts as body here"),
        (
            "share_of",
            lambda said, bias: np.exp(said) / np.exp(said).sum(-1, keepdims=True) + bias,
            "before the softmax",
        ),
    ],
)
def test_mistakes_that_look_alike_are_told_apart(name, attempt, words):
    with pytest.raises(WrongAnswer, match=words):
        compare(exercises.exercises()[name], attempt)


def test_an_attempt_that_writes_into_its_argument_harms_nothing(example):
    def attempt(depth):
        answer = np.nanmean(depth)
        depth[:] = 99
        return answer

    assert check("mean_depth", attempt) is attempt
    assert check("mean_depth", attempt) is attempt
    assert CASES[0][0].max() == 3


@pytest.mark.parametrize(
    "right, wrong",
    [
        (torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.1])),
        (np.array([1.0, np.nan]), np.array([1.0, 0.0])),
        ({"a": 1, "b": np.arange(3)}, {"a": 1, "b": np.arange(3) + 1}),
        ((1, "x"), (1, "y")),
        ([1, 2], [1, 2, 3]),
        (pd.DataFrame({"a": [1.0, 2.0]}), pd.DataFrame({"a": [1.0, 3.0]})),
        (pd.Series([1, 2], name="a"), pd.Series([1, 2], name="b")),
        (True, False),
        ("chr1", "1"),
        (None, 0),
        (np.zeros((2, 3)), np.zeros((3, 2))),
        (np.array(["a", "b"]), np.array(["a", "c"])),
    ],
    ids=repr,
)
def test_results_of_every_kind_are_compared(right, wrong):
    assert exercises._difference(right, right, 1e-6) is None
    assert exercises._difference(wrong, right, 1e-6)


def test_a_tensor_and_an_array_of_the_same_numbers_are_equal():
    assert exercises._difference(torch.tensor([1.0, 2.0]), np.array([1.0, 2.0]), 1e-6) is None
    assert exercises._difference(1, np.float32(1), 1e-6) is None


def test_hints_come_one_by_one_and_then_the_solution(example, capsys):
    for _ in range(3):
        exercises.hint("mean_depth")
    first, second, end = capsys.readouterr().out.splitlines()
    assert first == "Hint 1 of 2: Which bases have data?"
    assert second == "Hint 2 of 2: np.nanmean"
    assert "cl.exercises.solution('mean_depth')" in end
    exercises.solution("mean_depth")
    assert capsys.readouterr().out.startswith("def mean_depth(depth):\n")


def test_an_unknown_exercise_names_the_known_ones(example):
    with pytest.raises(ChromolabError, match="'maen_depth'; there are: .*mean_depth"):
        check("maen_depth", mean_depth)


def test_two_exercises_of_one_name_are_refused(example):
    def other(depth): ...

    other.__name__, other.__module__ = "mean_depth", "chromolab.show.notebooks.solutions.elsewhere"
    with pytest.raises(ChromolabError, match="two exercises are named 'mean_depth'"):
        exercises.exercise(cases=CASES, hints=[], mistakes={})(other)
