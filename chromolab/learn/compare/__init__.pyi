from . import changes, controls, frequencies, models, pcres, planted, sequence, tracks, transfer, whole_genes

__all__ = [
    "changes",
    "controls",
    "frequencies",
    "models",
    "pcres",
    "planted",
    "sequence",
    "tracks",
    "transfer",
    "whole_genes",
]
