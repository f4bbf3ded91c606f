"""chromolab: learn the histone code by running it.

Real tracks in, a Chromoformer that trains on a laptop, pictures you can edit. A notebook types `import chromolab as cl`
and finds the names that tell the story under `cl`: `cl.simulate`, `cl.fit`, `cl.predict`, `cl.edit`, `cl.WhatIf`. The
bricks lie in `cl.data`, `cl.models`, `cl.edits`, `cl.explain`, `cl.truth` and `cl.compare`. `__init__.pyi` says where
each name is defined. A name is loaded when first used, so that `import chromolab` is quick and works (for `chromolab
doctor`) where torch does not.
"""

from chromolab.lazy import names

__version__ = "0.1.0"

_MOVED = {
    "AttentiveChrome": "cl.models.AttentiveChrome",
    "BedGraph": "cl.data.BedGraph",
    "DeepChrome": "cl.models.DeepChrome",
    "DeepDiff": "cl.models.DeepDiff",
    "Effect": "cl.edits.Effect",
    "GCMerge": "cl.models.GCMerge",
    "HMCRNN": "cl.models.HMCRNN",
    "Reads": "cl.data.Reads",
    "against_truth": "cl.truth.score_edits",
    "assign_folds": "cl.data.assign_folds",
    "assign_pcres": "cl.data.assign_pcres",
    "bin_means": "cl.data.bin_means",
    "browse": "cl.TrackBrowser",
    "carried": "cl.explain.carried",
    "contacts": "cl.data.contact_kinds or cl.data.parse_neighbours",
    "controls": "cl.compare.controls",
    "copy_from": "cl.edits.copy_from",
    "draw_edits": "cl.truth.sample_edits",
    "edits_from_json": "cl.edits.from_json",
    "edits_to_json": "cl.edits.to_json",
    "exon_lengths": "cl.data.exon_lengths",
    "gene_table": "cl.data.gene_table",
    "genome_graph": "cl.models.genome_graph",
    "guess_scale": "cl.data.guess_scale",
    "normalise_expression": "cl.data.normalise_expression",
    "ranges": "cl.data.track_quantiles",
    "read_annotation": "cl.data.read_annotation",
    "read_contacts": "cl.data.read_contacts",
    "read_expression": "cl.data.read_expression",
    "read_quantiles": "cl.data.read_quantiles",
    "reads_to_bigwig": "cl.data.reads_to_bigwig",
    "recalibrate": "cl.data.recalibrate",
    "recipes": "cl.edits.recipes",
    "to_python": "cl.edits.to_python",
    "trace": "cl.explain.trace",
    "track_quantiles": "cl.data.track_quantiles",
}

__getattr__, __dir__, __all__ = names(__name__, __file__, _MOVED)
