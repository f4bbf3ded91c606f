from . import changes, controls, models, transfer

__all__ = [
    "changes",
    "controls",
    "models",
    "transfer",
]
