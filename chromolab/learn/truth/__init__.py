"""Edits and explanations compared with what is true in the teaching genome.

`sample_edits` draws edits whose true effect is known, `score_edits` compares a model's predictions with it;
`score_explanations` asks whether an explanation finds the elements that drive a gene.
"""

from chromolab.lazy import names

__getattr__, __dir__, __all__ = names(__name__, __file__)
