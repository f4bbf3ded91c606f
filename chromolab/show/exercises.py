"""Exercises: a stub in a notebook, its check, hints in steps, and the solution kept once in `chromolab.solutions`.

In the notebook, one cell holds a stub that raises `NotImplementedError`, the next one checks it and takes back the
function that the rest of the notebook uses:

    mean_depth = cl.exercises.check("mean_depth", mean_depth, solved=solved)

In `chromolab/solutions/<notebook>.py`, the solution:

    @exercise(
        cases=[(np.array([1.0, 3.0]),), (np.array([np.nan, 2.0]),)],
        hints=["Which bases have data?", "np.nanmean"],
        mistakes={"A base without data counts as zero here: leave it out.": lambda x: np.nan_to_num(x).mean(), ...},
    )
    def mean_depth(depth): ...

A mistake is a wrong function that people do write, under the sentence that helps them: a reader whose answer equals the
mistake's is told that sentence, and the tests prove that the check rejects every mistake listed.
"""

import copy
import inspect
import numbers
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import count

import numpy as np
import pandas as pd

from chromolab.errors import ChromolabError

STATE = "application/vnd.chromolab.exercise+json"  # the output by which a run knows an exercise's state
_exercises: dict[str, "Exercise"] = {}
_hints_shown: dict[str, count] = {}


class WrongAnswer(ChromolabError):
    """The function under check does not do what was asked; the message shows expected and actual."""

    def _render_traceback_(self):
        """IPython shows these lines instead of a traceback through this module, which would teach nobody anything."""
        return ["Not yet right.", *str(self).splitlines()]


@dataclass(frozen=True)
class Exercise:
    """A solution with what its check needs; made by `exercise`."""

    name: str
    solution: Callable
    cases: Sequence[tuple] | Callable[[], Sequence[tuple]]
    hints: Sequence[str]
    mistakes: Mapping[str, Callable]
    tolerance: float

    def arguments(self) -> list[tuple]:
        """Fresh copies of every case's arguments, so that a function that writes into them harms nothing."""
        return copy.deepcopy(list(self.cases() if callable(self.cases) else self.cases))


def exercise(cases, hints: Sequence[str], mistakes: Mapping[str, Callable], tolerance: float = 1e-6) -> Callable:
    """Register the decorated function as the solution of the exercise that bears its name.

    Parameters
    ----------
    cases : list of tuples, or function returning one
        The positional arguments of each call that is compared; the first should be the easiest to work out by hand.
    hints : list of str
        In the order in which `hint` gives them away.
    mistakes : dict of str to function
        Wrong functions, at least three, each under the sentence shown to a reader whose function does the same.
    tolerance : float
        Largest absolute or relative difference of numbers that still counts as equal.
    """

    def register(solution: Callable) -> Callable:
        name = solution.__name__
        if name in _exercises and _exercises[name].solution.__module__ != solution.__module__:
            raise ChromolabError(
                f"two exercises are named {name!r}: in {_exercises[name].solution.__module__} and "
                f"{solution.__module__}; rename one"
            )
        _exercises[name] = Exercise(name, solution, cases, tuple(hints), dict(mistakes), tolerance)
        return solution

    return register


def exercises() -> dict[str, Exercise]:
    """Every exercise of the series by name."""
    from chromolab import solutions

    for module in pkgutil.iter_modules(solutions.__path__):
        import_module(f"{solutions.__name__}.{module.name}")
    return _exercises


def check(name: str, fn: Callable, solved: bool = False) -> Callable:
    """Compare a reader's function with the solution, and hand back the one that later cells should use.

    Parameters
    ----------
    name : str
        The exercise, named like its solution.
    fn : function
        The reader's attempt. One that raises `NotImplementedError` counts as not attempted yet.
    solved : bool
        Check and hand back the solution instead of `fn`; the notebook's parameter of the same name.

    Returns
    -------
    function
        `fn` where it is right; the solution where it was not attempted, or where `solved`.

    Raises
    ------
    WrongAnswer
        Where `fn` differs: names the call, the expected and the actual result.
    """
    ex = _find(name)
    attempt = ex.solution if solved else fn
    try:
        compare(ex, attempt)
    except NotImplementedError:
        _tell(
            name,
            "not attempted",
            f"{name}: not attempted yet. The reference solution is used from here on, so that "
            f"the cells below run.\nStuck? cl.exercises.hint({name!r})",
        )
        return ex.solution
    _tell(
        name,
        "solved" if solved else "passed",
        f"{name}: {'the solution is used' if solved else 'right'}, checked on {len(ex.arguments())} cases.",
    )
    return attempt


def hint(name: str) -> None:
    """Print the next hint of an exercise; after the last one, say how to see the solution."""
    ex = _find(name)
    step = next(_hints_shown.setdefault(name, count()))
    if step < len(ex.hints):
        print(f"Hint {step + 1} of {len(ex.hints)}: {ex.hints[step]}")
    else:
        print(f"No more hints. cl.exercises.solution({name!r}) shows one way to do it.")


def solution(name: str) -> None:
    """Print the source of an exercise's solution."""
    lines = inspect.getsource(_find(name).solution).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("def "))
    print("\n".join(lines[start:]))


def compare(ex: Exercise, fn: Callable) -> None:
    """Raise `WrongAnswer` at the first case where `fn` and the solution differ; errors of `fn` itself pass through."""
    for arguments, again, third in zip(ex.arguments(), ex.arguments(), ex.arguments(), strict=True):
        call = f"{ex.name}({', '.join(_short(a) for a in arguments)})"
        expected = ex.solution(*arguments)
        try:
            actual = fn(*again)
        except NotImplementedError:
            raise
        except Exception as error:
            error.add_note(f"raised by your function, called as {call}")
            raise
        difference = _difference(actual, expected, ex.tolerance)
        if difference:
            raise WrongAnswer(
                f"{call}\n  expected  {_short(expected)}\n  actual    {_short(actual)}\n"
                f"  {_diagnosis(ex, actual, third) or difference}"
            )


def _find(name: str) -> Exercise:
    known = _exercises if name in _exercises else exercises()
    if name not in known:
        raise ChromolabError(f"no exercise is named {name!r}; there are: {', '.join(sorted(known)) or 'none'}")
    return known[name]


def _diagnosis(ex: Exercise, actual, arguments: tuple) -> str | None:
    """The sentence of the first listed mistake that gives the reader's wrong result for these arguments."""
    if actual is None:
        return "Your function returned None: is a `return` missing?"
    for sentence, mistake in ex.mistakes.items():
        try:
            wrong = mistake(*copy.deepcopy(arguments))
        except Exception:  # a mistake may be one that cannot run on every case
            continue
        if not _difference(actual, wrong, ex.tolerance):
            return sentence
    return None


def _difference(actual, expected, tolerance: float) -> str | None:
    """How two results differ, in words; None where they are equal within the tolerance."""
    actual, expected = _plain(actual), _plain(expected)
    if isinstance(expected, pd.DataFrame | pd.Series):
        test = pd.testing.assert_frame_equal if isinstance(expected, pd.DataFrame) else pd.testing.assert_series_equal
        try:
            test(actual, expected, check_dtype=False, rtol=tolerance, atol=tolerance)
        except AssertionError as error:
            return str(error).splitlines()[0]
        return None
    if isinstance(expected, Mapping):
        if not isinstance(actual, Mapping) or set(actual) != set(expected):
            return f"Expected the keys {sorted(map(str, expected))}."
        parts = [(f"At key {key!r}: ", actual[key], expected[key]) for key in expected]
        return next((at + d for at, a, e in parts if (d := _difference(a, e, tolerance))), None)
    if isinstance(expected, tuple | list):
        if not isinstance(actual, tuple | list) or len(actual) != len(expected):
            return f"Expected {len(expected)} values."
        parts = [(f"At place {i}: ", a, e) for i, (a, e) in enumerate(zip(actual, expected, strict=True))]
        return next((at + d for at, a, e in parts if (d := _difference(a, e, tolerance))), None)
    if isinstance(expected, np.ndarray):
        return _array_difference(actual, expected, tolerance)
    return None if type(actual) is type(expected) and actual == expected else "The two are not equal."


def _array_difference(actual, expected: np.ndarray, tolerance: float) -> str | None:
    if not isinstance(actual, np.ndarray):
        return f"Expected {'a number' if expected.ndim == 0 else 'an array'}, got {type(actual).__name__}."
    if actual.shape != expected.shape:
        return f"Expected shape {expected.shape}, got {actual.shape}."
    if expected.dtype.kind not in "biufc" or actual.dtype.kind not in "biufc":
        return None if np.array_equal(actual, expected) else "The two are not equal."
    same = np.isclose(actual, expected, rtol=tolerance, atol=tolerance, equal_nan=True)
    if same.all():
        return None
    return f"{np.count_nonzero(~same)} of {same.size} values differ." if same.ndim else "The two are not equal."


def _plain(value):
    """Torch tensors and numbers as arrays, so that a right answer is right in either form; all else as it is."""
    if hasattr(value, "detach"):
        return value.detach().cpu().numpy()
    return np.asarray(value) if isinstance(value, numbers.Number | np.ndarray | np.bool_) else value


def _short(value) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 200 else f"{text[:197]}..."


def _tell(name: str, state: str, text: str) -> None:
    from chromolab.show.runs import emit

    emit(STATE, {"exercise": name, "state": state}, text)
