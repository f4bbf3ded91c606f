from . import changes, controls, models, sequence, tracks, transfer, whole_genes

__all__ = [
    "changes",
    "controls",
    "models",
    "sequence",
    "tracks",
    "transfer",
    "whole_genes",
]
