"""chromolab: learn the histone code by running it.

Real tracks in, a Chromoformer that trains on a laptop, pictures you can edit. A notebook types `import chromolab as cl`
and finds everything it needs under `cl`; what each name is stands in `_NAMES` below. Names are loaded when first used,
so that `import chromolab` is quick and works (for `chromolab doctor`) where torch does not.
"""

from importlib import import_module

from chromolab.errors import ChromolabError
from chromolab.world.simulate import simulate

__version__ = "0.1.0"

_NAMES = {  # name -> module, or module:attribute
    "AttentiveChrome": "models.attentivechrome:AttentiveChrome",
    "BedGraph": "data.tracks.reads:BedGraph",
    "Chromoformer": "models.chromoformer:Chromoformer",
    "Dataset": "data.dataset.dataset:Dataset",
    "DeepChrome": "models.deepchrome:DeepChrome",
    "DeepDiff": "models.deepdiff:DeepDiff",
    "Effect": "learn.edit.effect:Effect",
    "GCMerge": "models.gcmerge:GCMerge",
    "GlassBox": "show.widgets.glassbox.box:GlassBox",
    "HMCRNN": "models.hmcrnn:HMCRNN",
    "Reads": "data.tracks.reads:Reads",
    "WhatIf": "show.widgets.whatif.lab:WhatIf",
    "add_pcre": "learn.edit.kinds:add_pcre",
    "against_truth": "learn.truth.edits:against_truth",
    "assign_folds": "data.genes.folds:assign_folds",
    "assign_pcres": "data.contacts.pcres:assign_pcres",
    "bin_means": "data.tracks.bin_means:bin_means",
    "browse": "show.widgets.browser.browser:browse",
    "build": "show.report.build:build",
    "build_dataset": "data.dataset.build:build_dataset",
    "carried": "learn.explain.change:carried",
    "choose_gene": "show.widgets.chooser.chooser:choose_gene",
    "concat": "data.dataset.combine:concat",
    "contacts": "data.contacts.pcres",
    "controls": "learn.compare.controls",
    "copy_from": "learn.edit.recipes:copy_from",
    "cross_validate": "learn.train.fit:cross_validate",
    "defaults": "defaults",
    "doctor": "data.doctor.doctor:doctor",
    "draw_edits": "learn.truth.edits:draw_edits",
    "drop_pcre": "learn.edit.kinds:drop_pcre",
    "edit": "learn.edit.apply:edit",
    "edit_each": "learn.edit.apply:edit_each",
    "edits_from_json": "learn.edit.text:edits_from_json",
    "edits_to_json": "learn.edit.text:edits_to_json",
    "effect": "learn.edit.effect:effect",
    "erase": "learn.edit.kinds:erase",
    "exercises": "show.notebooks.exercises",
    "exon_lengths": "data.genes.annotation:exon_lengths",
    "explain": "learn.explain",
    "fetch": "data.public.fetch:fetch",
    "fit": "learn.train.fit:fit",
    "fit_many": "learn.train.fit:fit_many",
    "gene_table": "data.genes.gene_table:gene_table",
    "genome_graph": "models.graph:genome_graph",
    "guess_scale": "data.tracks.guess_scale:guess_scale",
    "key_figure": "show.notebooks.output:key_figure",
    "load_checkpoint": "models.checkpoints:load_checkpoint",
    "load_dataset": "data.dataset.dataset:load_dataset",
    "metrics": "learn.metrics",
    "normalise_expression": "data.genes.expression:normalise_expression",
    "paint": "learn.edit.kinds:paint",
    "pairs": "data.dataset.combine:pairs",
    "plot": "show.figures",
    "predict": "learn.prediction:predict",
    "pretrained": "models.checkpoints:pretrained",
    "ranges": "learn.edit.effect:ranges",
    "read_annotation": "data.genes.annotation:read_annotation",
    "read_contacts": "data.contacts.formats:read_contacts",
    "read_expression": "data.genes.expression:read_expression",
    "read_published": "data.dataset.published:read_published",
    "read_quantiles": "data.dataset.recalibration:read_quantiles",
    "reads_to_bigwig": "data.tracks.reads:reads_to_bigwig",
    "recalibrate": "data.dataset.recalibration:recalibrate",
    "recipes": "learn.edit.recipes",
    "results": "show.notebooks.results:results",
    "save_checkpoint": "models.checkpoints:save_checkpoint",
    "scale": "learn.edit.kinds:scale",
    "set_depth": "learn.edit.kinds:set_depth",
    "set_frequency": "learn.edit.kinds:set_frequency",
    "to_python": "learn.edit.text:to_python",
    "trace": "learn.explain.stages:trace",
    "track_quantiles": "data.dataset.recalibration:track_quantiles",
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
