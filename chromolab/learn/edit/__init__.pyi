from . import recipes
from .course import dose, on_all_genes, replay
from .effect import Effect
from .kinds import Edit, motif
from .letters import on_sequence
from .recipes import copy_from
from .search import smallest
from .text import from_json, to_json, to_python

__all__ = [
    "Edit",
    "Effect",
    "copy_from",
    "dose",
    "from_json",
    "motif",
    "on_all_genes",
    "on_sequence",
    "recipes",
    "replay",
    "smallest",
    "to_json",
    "to_python",
]
