"""The models. Each says which marks and resolutions it reads and gets them from one dataset.

`cl.models` holds the published models that Chromoformer (`cl.Chromoformer`) is compared with, and `cl.models.Model`,
from which a model of your own derives.
"""

from chromolab.lazy import names

__getattr__, __dir__, __all__ = names(__name__, __file__)
