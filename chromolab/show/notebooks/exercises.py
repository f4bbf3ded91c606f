"""Exercises: a stub in a notebook, its check, hints step by step, and the one solution in `solutions/`.

In the notebook, one cell holds a stub that raises `NotImplementedError`. The next cell checks it, and gets the function
that the rest of the notebook uses::

    mean_depth = cl.exercises.check("mean_depth", mean_depth, solved=solved)

In `chromolab/show/notebooks/solutions/`, in the module `nbNN.py` (NN: the notebook's number), the solution::

    @exercise(
        cases=[(np.array([1.0, 3.0]),), (np.array([np.nan, 2.0]),)],
        hints=["Which bases have data?", "np.nanmean"],
        mistakes={"A base without data counts as zero here: leave it out.": lambda x: np.nan_to_num(x).mean(), ...},
    )
    def mean_depth(depth): ...

A mistake is a wrong function that people do write, with the sentence that helps them. A reader whose function gives the
same result gets to read that sentence. The tests prove that the check rejects every mistake listed.
"""

import copy
import inspect
import numbers
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import count

import numpy as np
import pandas as pd

from chromolab.errors import ChromolabError
from chromolab.show.notebooks import solutions
from chromolab.show.notebooks.output import STATE, emit

_exercises: dict[str, "Exercise"] = {}
_hints_shown: dict[str, count] = {}


IN_OTHER_WORDS = {  # what NumPy says, as a pattern -> what it means to somebody who has not met it before
    r"slice indices must be integers|only integers, slices|object cannot be interpreted as an integer": (
        "A place in an array is a whole number: `//` divides to one, `/` does not."
    ),
    r"matmul: .*mismatch|shapes .* not aligned": (
        "In `a @ b` the last axis of a has to be as long as the first axis of b: is a transpose (`.T`) missing, or one "
        "too many?"
    ),
    r"could not be broadcast together|could not broadcast input array": (
        "The two shapes do not fit, compared from the last axis on. `x[:, None]` or `keepdims=True` makes an axis of "
        "length 1, which fits any length."
    ),
    r"dimensions except for the concatenation axis must match": (
        "What is joined must be equally long along all other axes. `np.corrcoef` takes each row as a variable: with "
        "genes in the rows, give it the transpose (`features.T`)."
    ),
    r"truth value of an array with more than one element": (
        "`if`, `and`, `or` and `not` take one true or false. For arrays use `&`, `|` and `~` with brackets."
    ),
    r"boolean index did not match": "An array of true and false picks along an axis of its own length.",
    r"axis \d+ is out of bounds for array of dimension": "The array has fewer axes than that: look at its `.shape`.",
    r"index -?\d+ is out of bounds": "This place lies beyond the end: places count from 0.",
    r"too many indices for array": "There are more indices than axes: look at the array's `.shape`.",
    r"only (?:length-1|0-dimensional) arrays can be converted": "One number is asked for here, and this is an array.",
}


class WrongAnswer(ChromolabError):
    """The reader's function gives a wrong result; the message shows the expected and the actual one."""

    def _render_traceback_(self):
        """Lines that IPython shows instead of a traceback through this module, which would teach nothing."""
        return ["Not yet right.", *str(self).splitlines()]


@dataclass(frozen=True)
class Exercise:
    """A solution and what its check needs; made by `exercise`."""

    name: str
    solution: Callable
    cases: Sequence[tuple] | Callable[[], Sequence[tuple]]
    hints: Sequence[str]
    mistakes: Mapping[str, Callable]
    tolerance: float

    def arguments(self) -> list[tuple]:
        """Fresh copies of every case's arguments: a function that writes into them does no harm."""
        return copy.deepcopy(list(self.cases() if callable(self.cases) else self.cases))


def exercise(
    cases: Sequence[tuple] | Callable[[], Sequence[tuple]],
    hints: Sequence[str],
    mistakes: Mapping[str, Callable],
    tolerance: float = 1e-6,
) -> Callable:
    """Register the decorated function as the solution of the exercise of the same name.

    Parameters
    ----------
    cases : list of tuples, or function returning one
        The positional arguments of each call to compare; begin with the call that is easiest to work out by hand.
    hints : list of str
        In the order in which `hint` shows them.
    mistakes : dict of str to function
        At least three wrong functions; the key is the sentence for a reader whose function gives the same result.
    tolerance : float
        Numbers count as equal if they differ by at most this, absolutely or relatively.

    Returns
    -------
    function
        The decorator; it returns the solution unchanged, and raises `ChromolabError` if another module has an exercise
        of this name.
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
    """Every exercise of the series, by name."""
    for module in pkgutil.walk_packages(solutions.__path__, f"{solutions.__name__}."):
        import_module(module.name)
    return _exercises


def check(name: str, fn: Callable, solved: bool = False) -> Callable:
    """Compare a reader's function with the solution, and return the one that later cells should use.

    Parameters
    ----------
    name : str
        The name of the exercise, which is its solution's.
    fn : function
        The reader's attempt; not attempted yet if it raises `NotImplementedError`.
    solved : bool
        Check and return the solution instead of `fn`; pass the notebook's parameter of this name.

    Returns
    -------
    function
        `fn` if it is right; the solution if it was not attempted, or if `solved`.

    Raises
    ------
    WrongAnswer
        If `fn` gives a wrong result; shows the call, the expected and the actual result.
    ChromolabError
        If there is no such exercise.
    """
    ex = _find(name)
    attempt = ex.solution if solved else fn
    try:
        compare(ex, attempt)
    except NotImplementedError:
        _report(
            name,
            "not attempted",
            f"{name}: not attempted yet. The reference solution is used from here on, so that "
            f"the cells below run.\nStuck? cl.exercises.hint({name!r})",
        )
        return ex.solution
    _report(
        name,
        "solved" if solved else "passed",
        f"{name}: {'the solution is used' if solved else 'right'}, checked on {len(ex.arguments())} cases.",
    )
    return attempt


def hint(name: str) -> None:
    """Print the next hint of an exercise; after the last one, print how to see the solution."""
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
    """Raise `WrongAnswer` at the first case where `fn` and the solution differ; an error in `fn` is passed on."""
    for arguments, for_solution, for_fn in zip(ex.arguments(), ex.arguments(), ex.arguments(), strict=True):
        call = f"{ex.name}({', '.join(_short(a) for a in arguments)})"
        expected = ex.solution(*for_solution)
        try:
            actual = fn(*for_fn)
        except NotImplementedError:
            raise
        except Exception as error:
            error.add_note(f"raised by your function, called as {call}")
            for words in (words for said, words in IN_OTHER_WORDS.items() if re.search(said, str(error))):
                error.add_note(words)
            raise
        difference = _difference(actual, expected, ex.tolerance)
        if difference:
            raise WrongAnswer(
                f"{call}\n  expected  {_short(expected)}\n  actual    {_short(actual)}\n"
                f"  {_diagnosis(ex, actual, arguments) or difference}"
            )


def _find(name: str) -> Exercise:
    known = _exercises if name in _exercises else exercises()
    if name not in known:
        raise ChromolabError(f"no exercise is named {name!r}; there are: {', '.join(sorted(known)) or 'none'}")
    return known[name]


def _diagnosis(ex: Exercise, actual, arguments: tuple) -> str | None:
    """The sentence of the first listed mistake that gives the same wrong result for these arguments."""
    if actual is None:
        return "Your function returned None: is a `return` missing?"
    for sentence, mistake in ex.mistakes.items():
        try:
            wrong = mistake(*copy.deepcopy(arguments))
        except Exception:  # a mistake need not work on every case
            continue
        if not _difference(actual, wrong, ex.tolerance):
            return sentence
    return None


def _difference(actual, expected, tolerance: float) -> str | None:
    """How two results differ, in words; None if they are equal within the tolerance."""
    actual, expected = _plain(actual), _plain(expected)
    if isinstance(expected, pd.DataFrame | pd.Series):
        table = isinstance(expected, pd.DataFrame)
        test: Callable = pd.testing.assert_frame_equal if table else pd.testing.assert_series_equal
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
    """Tensors and numbers become arrays, so that a right answer is right as either; anything else stays as it is."""
    if hasattr(value, "detach"):
        return value.detach().cpu().numpy()
    return np.asarray(value) if isinstance(value, numbers.Number | np.ndarray | np.bool_) else value


def _short(value) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 200 else f"{text[:197]}..."


def _report(name: str, state: str, text: str) -> None:
    emit(STATE, {"exercise": name, "state": state}, text)
