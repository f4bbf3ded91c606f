"""Files become labelled arrays: tracks, genes and contacts, gathered into a dataset.

`cl.data` holds the bricks for one's own files; `cl.build_dataset` puts them together. Each loads when first used.
"""

from chromolab.lazy import names

__getattr__, __dir__, __all__ = names(__name__, __file__)
