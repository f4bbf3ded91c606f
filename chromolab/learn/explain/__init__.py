"""Why a model predicts what it predicts: several methods that return the same table.

Every method takes a model and a dataset and returns one row per place and mark:

    gene, cell_type   the example (gene_id)
    region            "chrom:start-end": the promoter window, or a pCRE
    position          first base of what is scored (0-based, genomic)
    mark              or "" if the method does not tell marks apart
    score             its meaning and what it sums to differ between methods: see their docstrings

Some methods add columns (resolution, layer, head, step, size). The same figure, the same grouping (`by_region`) and the
same test against the truth (`score_against_key`) serve them all.

    attention, rollout                         where the model looked: not signed, blind to marks
    gradient_input, integrated_gradients       what each bin adds to the prediction, to first order or in full
    occlusion, marks, elements, contacts       how the prediction changes without a bin, a mark, a region or a contact
    difference                                 what each bin adds after an edit, minus what it added before
    path                                       which of the changed bins carried the change of the prediction

Three functions follow the promoter's embedding instead: `embeddings` (through the regulation layers), `trajectory`
(what the head would predict after each layer) and `project` (two coordinates to draw).

A prediction here means log2(RPKM + 1), or a classifier's log-odds (logit 1 minus logit 0, natural logarithm).
"""

from chromolab.learn.explain.attention_maps import attention, rollout
from chromolab.learn.explain.change import path, path_scores
from chromolab.learn.explain.gradients import difference, gradient_input, integrated_gradients
from chromolab.learn.explain.occlusions import contacts, effects, elements, every_bin, marks, occlusion
from chromolab.learn.explain.promoter_tokens import Embeddings, embeddings, head, project, trajectory
from chromolab.learn.explain.tables import COLUMNS, by_region
from chromolab.learn.truth.explanations import rivals, score_against_key, summarise

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
