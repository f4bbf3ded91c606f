"""jsonschema, imported without its slowest part: each kernel's first figure comes 3 s of processor time sooner.

plotly's display and nbformat import jsonschema, which imports rfc3987_syntax where it is installed (JupyterLab brings
it), and that compiles 39 grammars to check international addresses (IRIs). No notebook's schema asks for such a check;
a jsonschema that was imported here does not make it.
"""

import contextlib
import sys

_SLOW = "rfc3987_syntax"

if not {"jsonschema", _SLOW} & set(sys.modules):
    sys.modules[_SLOW] = None  # type: ignore[assignment]  # an import of it fails, which jsonschema expects
    with contextlib.suppress(ImportError):
        import jsonschema  # noqa: F401
    del sys.modules[_SLOW]
