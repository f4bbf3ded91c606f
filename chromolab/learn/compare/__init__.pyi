from . import changes, controls, models

__all__ = [
    "changes",
    "controls",
    "models",
]
