"""What the glass box's page knows of a gene and its model, besides the numbers in the boxes."""

import numpy as np

from chromolab.data.bodies.growing_bins import PARTS
from chromolab.data.bodies.whole_genes import gene_length
from chromolab.data.dataset.dataset import Dataset
from chromolab.data.tracks.scales import LOG1P, other_transforms
from chromolab.models.base import Model
from chromolab.show.figures.style import name_of
from chromolab.show.widgets.base import mark_styles
from chromolab.show.widgets.glassbox.lanes import layers
from chromolab.show.widgets.glassbox.sides import Sides
from chromolab.show.widgets.glassbox.texts import text_of


def about(model: Model, gene: Dataset, sides: Sides) -> dict:
    """The gene, its regions, what was measured, what is predicted, the model's sizes, and colours: plain values.

    Distances are in kb from the TSS along the gene, downstream positive; regions are 0-based, half open.
    """
    row = gene.genes.iloc[0]
    window = gene.signal.regions.iloc[gene.promoter[0]]
    read = gene.transforms if model.transforms is None else model.transforms
    measured = float(row["log2_expression"]) if "log2_expression" in row else float("nan")
    return {
        "gene": name_of(row),
        "gene_id": str(row["gene_id"]),
        "short": str(row["gene_name"] or row["gene_id"]),
        "cell": str(row["cell_type"]),
        "origin": gene.origin,
        "task": model.task,
        "chrom": str(row["chrom"]),
        "tss": int(row["tss"]),
        "strand": str(row["strand"]),
        "window": int(gene.window),
        "start": int(window["start"]),
        "end": int(window["end"]),
        "pcres": [_element(pcre, row) for pcre in sides.pcres],
        "slots": sides.slots,
        "edited": sides.edited,
        "measured": None if np.isnan(measured) else measured,
        "label": int(row["label"]) if "label" in row else -1,
        "output": sides.after["head.output"].tensor.double().tolist(),
        "probability": _probability(sides.after),
        "before": {
            "output": sides.before["head.output"].tensor.double().tolist(),
            "probability": _probability(sides.before),
        },
        "marks": [style | {"transform": read.get(style["name"], LOG1P)} for style in mark_styles(model.marks)],
        "resolutions": list(model.resolutions),
        "bins": _bins(row, sides),
        "positions": list(getattr(model, "positions", ())),
        "length": int(gene_length(gene.genes)[0]) if {"start", "end"} <= {*gene.genes} else None,
        "layers": {step: layers(sides.after, step) for step in ("pairwise", "regulation")},
    }


def _bins(row, sides: Sides) -> dict | None:
    """The bins of a whole gene, 5' to 3': kb (their edges), places (on the chromosome), exon (shares), tss (which)."""
    if not sides.bins:
        return None
    tss, minus = int(row["tss"]), row["strand"] == "-"
    exon = sides.values("gene.parts")[0][:, PARTS.index("exon")]
    return {
        "kb": [[start / 1000, end / 1000] for start, end in sides.bins],
        "places": [[tss - end, tss - start] if minus else [tss + start, tss + end] for start, end in sides.bins],
        "exon": np.nan_to_num(exon).tolist(),
        "tss": min(sum(end <= 0 for _, end in sides.bins), len(sides.bins) - 1),
    }


def text(known: dict, stage: str) -> tuple[str, str, str]:
    """Title, formula and words of a stage, as the model of a page reads its tracks."""
    return text_of(stage, other_transforms({mark["name"]: mark["transform"] for mark in known["marks"]}))


def measured_in_words(known: dict) -> str:
    """ "at or above the median", "2.9", or ""."""
    if known["task"] == "classification":
        return "" if known["label"] < 0 else "at or above the median" if known["label"] else "below the median"
    return "" if known["measured"] is None else f"{known['measured']:.3g}"


def _element(pcre: dict, row) -> dict:
    middle, tss = (pcre["start"] + pcre["end"]) / 2, int(row["tss"])
    kb = (tss - middle if row["strand"] == "-" else middle - tss) / 1000
    plain = {key: None if isinstance(v, float) and np.isnan(v) else v for key, v in pcre.items()}
    return plain | {"kb": kb if pcre["chrom"] == row["chrom"] else None}


def _probability(trace) -> float | None:
    return trace["head.probability"].tensor.double().tolist()[1] if "head.probability" in trace else None
