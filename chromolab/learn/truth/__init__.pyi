from .edits import Agreement, sample_edits, score_edits
from .explanations import rivals, score_explanations, summarise

__all__ = [
    "Agreement",
    "rivals",
    "sample_edits",
    "score_edits",
    "score_explanations",
    "summarise",
]
