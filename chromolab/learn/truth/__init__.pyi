from .edits import Agreement, score_edits
from .explanations import rivals, score_explanations, summarise
from .meaning import TrueEffect, true_effects
from .sampling import sample_edits

__all__ = [
    "Agreement",
    "TrueEffect",
    "rivals",
    "sample_edits",
    "score_edits",
    "score_explanations",
    "summarise",
    "true_effects",
]
