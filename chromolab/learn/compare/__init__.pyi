from . import changes, controls, models, pcres, sequence, tracks, transfer, whole_genes

__all__ = [
    "changes",
    "controls",
    "models",
    "pcres",
    "sequence",
    "tracks",
    "transfer",
    "whole_genes",
]
