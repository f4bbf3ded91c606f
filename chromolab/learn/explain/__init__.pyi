from .attention_maps import attention, rollout
from .change import carried, path, path_scores
from .gradients import difference, gradient_input, integrated_gradients
from .in_silico import importance, mutagenesis
from .occlusions import contacts, effects, elements, every_bin, marks, occlusion
from .promoter_tokens import Embeddings, embeddings, head, project, trajectory
from .stages import trace
from .tables import COLUMNS, by_region

__all__ = [
    "COLUMNS",
    "Embeddings",
    "attention",
    "by_region",
    "carried",
    "contacts",
    "difference",
    "effects",
    "elements",
    "embeddings",
    "every_bin",
    "gradient_input",
    "head",
    "importance",
    "integrated_gradients",
    "marks",
    "mutagenesis",
    "occlusion",
    "path",
    "path_scores",
    "project",
    "rollout",
    "trace",
    "trajectory",
]
