from .attentivechrome import AttentiveChrome
from .base import Model, seeded
from .deepchrome import DeepChrome
from .deepdiff import DeepDiff
from .gcmerge import GCMerge
from .graph import genome_graph
from .hmcrnn import HMCRNN
from .wholegene import WholeGene

__all__ = [
    "AttentiveChrome",
    "DeepChrome",
    "DeepDiff",
    "GCMerge",
    "HMCRNN",
    "Model",
    "WholeGene",
    "genome_graph",
    "seeded",
]
