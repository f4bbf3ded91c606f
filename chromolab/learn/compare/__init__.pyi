from . import changes, controls, models, tracks, transfer, whole_genes

__all__ = [
    "changes",
    "controls",
    "models",
    "tracks",
    "transfer",
    "whole_genes",
]
