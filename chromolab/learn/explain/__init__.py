"""Why a model predicts what it predicts: several methods that return the same table.

Every method takes a model and a dataset and returns one row per place and mark:

    gene, cell_type   the example (gene_id)
    region            "chrom:start-end": the promoter window, or a pCRE
    position          first base of what is scored (0-based, genomic)
    mark              or "" if the method does not tell marks apart
    score             its meaning and what it sums to differ between methods: see their docstrings

Some methods add columns (resolution, layer, head, step, size). The same figure, the same grouping (`by_region`) and the
same test against the truth (`cl.truth.score_explanations`) serve them all.

    attention, rollout                         where the model looked: not signed, blind to marks
    gradient_input, integrated_gradients       what each bin adds to the prediction, to first order or in full
    occlusion, marks, elements, contacts       how the prediction changes without a bin, a mark, a region or a contact
    difference                                 what each bin adds after an edit, minus what it added before
    path, carried                              which of the changed bins (and contacts) carried an edit's change

Three functions follow the promoter's embedding instead: `embeddings` (through the regulation layers), `trajectory`
(what the head would predict after each layer) and `project` (two coordinates to draw). `trace` keeps every number of
one prediction, stage by stage.

A prediction here means log2(RPKM + 1), or a classifier's log-odds (logit 1 minus logit 0, natural logarithm).
"""

from chromolab.lazy import names

_MOVED = {
    "rivals": "cl.truth.rivals",
    "score_against_key": "cl.truth.score_explanations",
    "summarise": "cl.truth.summarise",
}

__getattr__, __dir__, __all__ = names(__name__, __file__, _MOVED)
