"""Models compared on equal terms (same folds, tries and early stopping), and controls that are not networks."""

from chromolab.lazy import names

__getattr__, __dir__, __all__ = names(__name__, __file__)
