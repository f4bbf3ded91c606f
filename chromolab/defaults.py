"""The published model's numbers and the marks' names and colours: each defined here and nowhere else.

Every one is a default of an argument; nothing in the package relies on there being seven marks, three resolutions or
eight distal elements. Source: Lee, Yang and Kim, Nature Communications 13:6678 (2022), Methods.
"""

MARKS = ("H3K4me1", "H3K4me3", "H3K9me3", "H3K27me3", "H3K36me3", "H3K27ac", "H3K9ac")  # the published channel order
RESOLUTIONS = (2000, 500, 100)  # bp per bin, coarse to fine: the order of the three parts of the prediction head
WINDOW = 40_000  # bp around the transcription start site; also the longest distal element
N_PCRES = 8  # putative cis-regulatory elements kept per gene
MIN_FREQUENCY = 1.5  # normalised promoter-capture Hi-C interaction frequency a contact must exceed

# The published four folds: chromosomes of the human genome.
FOLDS_HUMAN = {
    1: ("chr1", "chr5", "chr6", "chr8", "chr14", "chrY"),
    2: ("chr7", "chr10", "chr11", "chr12", "chr15", "chr21"),
    3: ("chr2", "chr3", "chr4", "chr16", "chr18", "chr20"),
    4: ("chr9", "chr13", "chr17", "chr19", "chr22", "chrX"),
}

# After Okabe and Ito's palette (distinguishable without red-green vision), each at least 3 : 1 on white and on
# JupyterLab's dark panels; none of them means up or down (show/figures/style.py).
MARK_COLOURS = {
    "H3K4me3": "#D55E00",
    "H3K9ac": "#B07A00",
    "H3K27ac": "#7D8A00",
    "H3K4me1": "#C56A9E",
    "H3K36me3": "#009E73",
    "H3K27me3": "#0076B8",
    "H3K9me3": "#75808C",
    "CTCF": "#3391C9",
    "PC1": "#957650",
}
OTHER_COLOURS = ("#9A4FB0", "#0F8FA6", "#B5586B", "#5F9440", "#7F8578")  # for marks not listed, in order of appearance


def small(width: int = 32, layers: int = 2) -> dict[str, int]:
    """Sizes of a small Chromoformer, `cl.Chromoformer(marks, task, **small())`, for a few thousand genes and two cores.

    The published widths are 128 and 256 (`width=128`) with six layers in the regulation step; the shipped models have
    the sizes of the defaults. Source: our own choice, by the time of training on two cores.
    """
    narrow = {name: width for name in ("width", "embed_hidden", "head_hidden")}
    wide = {name: 2 * width for name in ("pairwise_hidden", "regulation_width", "regulation_hidden")}
    return narrow | wide | {"regulation_heads": 4, "regulation_layers": layers}


# Mean depth (H1) far from any signal of the mark, and at the top of a strong one.
BACKGROUND = {
    "H3K4me1": 0.28,
    "H3K4me3": 0.19,
    "H3K9me3": 0.29,
    "H3K27me3": 0.24,
    "H3K36me3": 0.19,
    "H3K27ac": 0.18,
    "H3K9ac": 0.36,
}


HEIGHT = {
    "H3K4me1": 3.0,
    "H3K4me3": 46.0,
    "H3K9me3": 1.6,
    "H3K27me3": 14.0,
    "H3K36me3": 1.6,
    "H3K27ac": 7.5,
    "H3K9ac": 12.0,
}
