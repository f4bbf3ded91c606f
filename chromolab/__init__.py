"""chromolab: learn the histone code by running it.

Real tracks in, a Chromoformer that trains on a laptop, pictures you can edit. A notebook types `import chromolab as cl`
and finds everything it needs under `cl`; what each name is stands in `_NAMES` below. Names are loaded when first used,
so that `import chromolab` is quick and works (for `chromolab doctor`) where torch does not.
"""

from importlib import import_module

from chromolab.errors import ChromolabError
from chromolab.simulate import simulate

__version__ = "0.1.0"

_NAMES = {  # name -> module, or module:attribute
    "AttentiveChrome": "models.attentivechrome:AttentiveChrome",
    "BedGraph": "data.reads:BedGraph",
    "Chromoformer": "models.chromoformer:Chromoformer",
    "Dataset": "data.dataset:Dataset",
    "DeepChrome": "models.deepchrome:DeepChrome",
    "DeepDiff": "models.deepdiff:DeepDiff",
    "Effect": "learn.effect:Effect",
    "GCMerge": "models.gcmerge:GCMerge",
    "GlassBox": "show.widgets.glassbox:GlassBox",
    "HMCRNN": "models.hmcrnn:HMCRNN",
    "Reads": "data.reads:Reads",
    "WhatIf": "show.widgets.whatif:WhatIf",
    "add_pcre": "learn.edit:add_pcre",
    "against_truth": "learn.truth:against_truth",
    "assign_folds": "data.genes:assign_folds",
    "assign_pcres": "data.contacts:assign_pcres",
    "bin_means": "data.tracks:bin_means",
    "browse": "show.widgets.browser:browse",
    "build": "show.building:build",
    "build_dataset": "data.build:build_dataset",
    "carried": "learn.carried:carried",
    "choose_gene": "show.widgets.chooser:choose_gene",
    "concat": "data.pool:concat",
    "contacts": "data.contacts",
    "controls": "learn.controls",
    "copy_from": "learn.edit:copy_from",
    "cross_validate": "learn.training:cross_validate",
    "defaults": "defaults",
    "doctor": "data.examine:doctor",
    "draw_edits": "learn.truth:draw_edits",
    "drop_pcre": "learn.edit:drop_pcre",
    "edit": "learn.edit:edit",
    "edit_each": "learn.edit:edit_each",
    "edits_from_json": "learn.edit:edits_from_json",
    "edits_to_json": "learn.edit:edits_to_json",
    "effect": "learn.effect:effect",
    "erase": "learn.edit:erase",
    "exercises": "show.exercises",
    "exon_lengths": "data.genes:exon_lengths",
    "explain": "learn.explain",
    "fetch": "data.fetch:fetch",
    "fit": "learn.training:fit",
    "fit_many": "learn.training:fit_many",
    "gene_table": "data.genes:gene_table",
    "genome_graph": "models.graph:genome_graph",
    "guess_scale": "data.guess:guess_scale",
    "key_figure": "show.runs:key_figure",
    "load_checkpoint": "models.checkpoints:load_checkpoint",
    "load_dataset": "data.dataset:load_dataset",
    "metrics": "learn.metrics",
    "normalise_expression": "data.genes:normalise_expression",
    "paint": "learn.edit:paint",
    "pairs": "data.pairs:pairs",
    "plot": "show.figures",
    "predict": "learn.prediction:predict",
    "pretrained": "models.checkpoints:pretrained",
    "ranges": "learn.effect:ranges",
    "read_annotation": "data.genes:read_annotation",
    "read_contacts": "data.contacts:read_contacts",
    "read_expression": "data.genes:read_expression",
    "read_published": "data.build:read_published",
    "read_quantiles": "data.recalibration:read_quantiles",
    "reads_to_bigwig": "data.reads:reads_to_bigwig",
    "recalibrate": "data.recalibration:recalibrate",
    "recipes": "learn.edit.recipes",
    "results": "show.results:results",
    "save_checkpoint": "models.checkpoints:save_checkpoint",
    "scale": "learn.edit:scale",
    "set_depth": "learn.edit:set_depth",
    "set_frequency": "learn.edit:set_frequency",
    "to_python": "learn.edit:to_python",
    "trace": "learn.trace:trace",
    "track_quantiles": "data.recalibration:track_quantiles",
}

__all__ = ["ChromolabError", "simulate", *_NAMES]


def __getattr__(name: str):
    if name not in _NAMES:
        raise AttributeError(f"module 'chromolab' has no attribute {name!r}")
    module, _, attribute = _NAMES[name].partition(":")
    value = import_module(f"chromolab.{module}")
    value = getattr(value, attribute) if attribute else value
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *_NAMES})
