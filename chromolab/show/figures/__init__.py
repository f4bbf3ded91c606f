"""The figures of the notebooks, `cl.plot`: each takes data, returns a plotly Figure and shows nothing itself.

They share a template, the marks' colours and order (`chromolab.defaults`), axes with units, and a subtitle that says
"simulated" where the data are.
"""

import chromolab.show.quick_schema  # noqa: F401  # before a figure is shown
from chromolab.lazy import names

__getattr__, __dir__, __all__ = names(__name__, __file__)
