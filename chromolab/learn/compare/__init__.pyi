from . import changes, controls, models, tracks, transfer

__all__ = [
    "changes",
    "controls",
    "models",
    "tracks",
    "transfer",
]
