"""The models. Each says which marks and resolutions it reads and gets them from one dataset.

`cl.models` holds the published models that Chromoformer (`cl.Chromoformer`) is compared with.
"""

from chromolab.lazy import names

__getattr__, __dir__, __all__ = names(__name__, __file__)
