"""Why a model predicts what it predicts, asked in several ways that answer with the same table.

Every method takes a model and a dataset and returns one row per place and mark:

    gene, cell_type   the example (gene_id)
    region            "chrom:start-end": the promoter window, or a pCRE
    position          first base of what is scored (0-based, genomic)
    mark              or "" where the method does not tell marks apart
    score             what it means, and which sum it obeys, is the method's own: read its docstring

and after these what a method has more to say (resolution, layer, head, step, size). So the same figure, the same
grouping and the same judge (`score_against_key`) serve them all.

    attention, rollout                         where the model looked: not signed, blind to marks
    gradient_input, integrated_gradients       what each bin adds to the prediction, to first order or in full
    occlusion, marks, elements, contacts       what changes when a bin, a mark, a region or a contact is taken away
    difference                                 what every bin is worth after an edit, less what it was worth before
    path                                       which of the changed bins carried the change of the prediction

Another kind of question has its own answers: how the promoter's embedding moves through the regulation layers
(`embeddings`), what the head would read from it on the way (`trajectory`), and where to draw it (`project`).

What a prediction is here: log2(RPKM + 1), or of a classifier the log-odds (logit 1 less logit 0, natural logarithm).
"""

from chromolab.learn.explain.against_key import rivals, score_against_key, summarise
from chromolab.learn.explain.attention_maps import attention, rollout
from chromolab.learn.explain.gradients import difference, gradient_input, integrated_gradients
from chromolab.learn.explain.occlusions import contacts, effects, elements, every_bin, marks, occlusion
from chromolab.learn.explain.path import path, path_scores
from chromolab.learn.explain.promoter_tokens import Embeddings, embeddings, head, project, trajectory
from chromolab.learn.explain.tables import COLUMNS, by_region

__all__ = [
    "COLUMNS",
    "Embeddings",
    "attention",
    "by_region",
    "contacts",
    "difference",
    "effects",
    "elements",
    "embeddings",
    "every_bin",
    "gradient_input",
    "head",
    "integrated_gradients",
    "marks",
    "occlusion",
    "path",
    "path_scores",
    "project",
    "rivals",
    "rollout",
    "score_against_key",
    "summarise",
    "trajectory",
]
