"""The settings of a sweep: products, zips, lists and seeds of parameters, checked against the notebook's own."""

import itertools
import json
import math
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from chromolab.data.yaml_files import read_yaml
from chromolab.errors import ChromolabError
from chromolab.show.notebooks.parameters import Parameter, parameters_of

PARTS = ("grid", "zip", "list", "seeds", "exclude")
MOST = 1_000_000  # settings; more are a mistake
SEED = ("seed", "seeds", "model_seed")

Setting = dict[str, Any]


def settings_of(grid: Any, notebook: str | PathLike[str]) -> list[Setting]:
    """All settings of a grid, each once, with values of the types that the notebook's parameters have.

    Parameters
    ----------
    grid : path, list of dict, or dict
        A YAML file that holds a dict; the settings themselves; or {parameter: list of values}, to be run in all
        combinations. A dict whose keys are some of "grid", "zip", "list", "seeds" and "exclude" joins them: every
        combination of `grid`, with each row of `zip` (lists of one length, taken side by side), with each setting of
        `list`, with seeds 0 to `seeds` - 1 of the notebook's parameter seed (or seeds: then a list of one),
        except those that hold all values of a setting in `exclude`.
    notebook : path
        Whose parameters they are.

    Raises
    ------
    ChromolabError
        If the file or its form is not such, a parameter is not the notebook's, a value is not of its type, or nothing
        is left to run.
    """
    known, where = parameters_of(notebook), "the grid"
    if isinstance(grid, str | PathLike):
        where, grid = str(grid), read_yaml(grid, "a grid of settings")[0]
    if isinstance(grid, Mapping):
        parts = dict(grid) if set(grid) <= set(PARTS) else {"grid": grid}
    elif isinstance(grid, Sequence):
        parts = {"list": grid}
    else:
        raise ChromolabError(f"{where}: {_shown(grid)} is no grid; give {{parameter: values}} or a list of settings.")
    expanded = [dict(itertools.chain(*(s.items() for s in chosen))) for chosen in _combined(parts, known, where)]
    excluded = [_checked(s, known, where) for s in _settings(parts.get("exclude", []), f"{where}: exclude")]
    found = [_checked(setting, known, where) for setting in expanded]
    found = [s for s in found if not any(all(k in s and s[k] == v for k, v in e.items()) for e in excluded)]
    once = {json.dumps(s, sort_keys=True, default=str): s for s in found}
    if not once:
        raise ChromolabError(f"nothing to run for {Path(notebook).name}: the grid has no setting")
    return list(once.values())


def _combined(parts: Mapping, known: Mapping[str, Parameter], where: str) -> Any:
    axes: list[list[Setting]] = []
    for name, values in _lists(parts.get("grid", {}), f"{where}: grid").items():
        axes.append([{name: value} for value in values])
    zipped = _lists(parts.get("zip", {}), f"{where}: zip")
    if len({len(values) for values in zipped.values()}) > 1:
        told = ", ".join(f"{name} has {len(values)}" for name, values in zipped.items())
        raise ChromolabError(f"{where}: the lists of zip are taken side by side, but {told} values. Make them equal.")
    if zipped:
        axes.append([dict(zip(zipped, row, strict=True)) for row in zip(*zipped.values(), strict=True)])
    if "list" in parts:
        axes.append(_settings(parts["list"], f"{where}: list"))
    if "seeds" in parts:
        axes.append(_seeds(parts["seeds"], known, where))
    named = [name for axis in axes for name in (axis[0] if axis else {})]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise ChromolabError(f"{where}: {', '.join(twice)} is given in two places. Leave one.")
    if (size := math.prod(len(axis) for axis in axes)) > MOST:
        raise ChromolabError(f"{where}: {size:,} settings; expected at most {MOST:,}. Give a smaller one.")
    return itertools.product(*axes) if axes else []


def _lists(part: Any, where: str) -> dict[str, list]:
    if not isinstance(part, Mapping):
        raise ChromolabError(f"{where}: {_shown(part)}; expected {{parameter: list of values}}.")
    for name, values in part.items():
        if not isinstance(values, list | tuple | range):
            raise ChromolabError(f"{where}: {name} is {_shown(values)}; expected the list of its values, as in [0, 1].")
    return {str(name): list(values) for name, values in part.items()}


def _settings(part: Any, where: str) -> list[Setting]:
    if not isinstance(part, list | tuple) or not all(isinstance(setting, Mapping) for setting in part):
        raise ChromolabError(f"{where}: {_shown(part)}; expected a list of settings, each {{parameter: value}}.")
    return [dict(setting) for setting in part]


def _seeds(part: Any, known: Mapping[str, Parameter], where: str) -> list[Setting]:
    name = next((name for name in SEED if name in known), None)
    if name is None:
        raise ChromolabError(f"{where}: seeds, but the notebook has no parameter {' or '.join(SEED)}.")
    if isinstance(part, bool) or not isinstance(part, int | list) or (isinstance(part, int) and part < 1):
        raise ChromolabError(f"{where}: seeds is {_shown(part)}; expected how many, or a list of them.")
    seeds = list(range(part)) if isinstance(part, int) else part
    as_list = known[name].kinds == (list, tuple)
    return [{name: [seed] if as_list and not isinstance(seed, list) else seed} for seed in seeds]


def _checked(setting: Setting, known: Mapping[str, Parameter], where: str) -> Setting:
    if unknown := sorted(set(map(str, setting)) - set(known)):
        raise ChromolabError(
            f"{where}: the notebook has no parameter {', '.join(unknown)}; it has: {', '.join(known) or 'none'}."
        )
    return {name: known[name].accepted(value, where) for name, value in setting.items()}


def _shown(value: Any) -> str:
    return repr(value) if len(repr(value)) < 60 else f"{repr(value)[:60]}..."
