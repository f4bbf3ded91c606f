from .attentivechrome import AttentiveChrome
from .base import Model, seeded
from .deepchrome import DeepChrome
from .deepdiff import DeepDiff
from .gcmerge import GCMerge
from .graph import genome_graph
from .hmcrnn import HMCRNN
from .sequence.contacts import ContactHead
from .sequence.letters import SequenceModel
from .sequence.multiomics import MultiOmics
from .wholegene import WholeGene

__all__ = [
    "AttentiveChrome",
    "ContactHead",
    "DeepChrome",
    "DeepDiff",
    "GCMerge",
    "HMCRNN",
    "Model",
    "MultiOmics",
    "SequenceModel",
    "WholeGene",
    "genome_graph",
    "seeded",
]
