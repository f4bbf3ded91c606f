"""Edits and explanations compared with what is true in the teaching genome.

`true_effects` says what edits of a gene truly do; `sample_edits` draws such edits at random, `score_edits` compares a
model's predictions with it; `score_explanations` asks whether an explanation finds the elements that drive a gene.
"""

from chromolab.lazy import names

__getattr__, __dir__, __all__ = names(__name__, __file__)
