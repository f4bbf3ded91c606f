from . import recipes
from .effect import Effect
from .kinds import Edit
from .recipes import copy_from
from .search import smallest
from .text import from_json, to_json, to_python

__all__ = [
    "Edit",
    "Effect",
    "copy_from",
    "from_json",
    "recipes",
    "smallest",
    "to_json",
    "to_python",
]
