from .edits import Agreement, score_edits
from .explanations import rivals, score_explanations, summarise
from .letters import MotifEffect, motif_effects
from .meaning import TrueEffect, true_effects
from .motif_edits import ContactAgreement, sample_motif_edits, score_motif_edits
from .ranking import cues, score_crispri, simulated_crispri
from .recall import recall_of_causes
from .sampling import sample_edits
from .silencing import crispri, held_out, read_crispri

__all__ = [
    "Agreement",
    "ContactAgreement",
    "MotifEffect",
    "TrueEffect",
    "crispri",
    "cues",
    "held_out",
    "motif_effects",
    "read_crispri",
    "recall_of_causes",
    "rivals",
    "sample_edits",
    "sample_motif_edits",
    "score_crispri",
    "score_edits",
    "score_explanations",
    "score_motif_edits",
    "simulated_crispri",
    "summarise",
    "true_effects",
]
