"""The bands in which the teaching genome's figures should lie, and the sets by which its constants are set."""

from itertools import chain

import numpy as np
import pandas as pd

from chromolab.defaults import MARKS
from chromolab.world.realism.signals import PAIRS, Figures
from chromolab.world.realism.windows import CALLS, DEPTH, LAGS, P_VALUE

NEAR = 0.12  # how far an autocorrelation may be from the real one
MEAN_DIFFERENCE = 0.10  # how far the correlations between marks may be from the real ones, on average

# Measured by `real_figures`, at 100, 200 and 1,000 bp. NaN: the set's bins are wider, or its values are smoothed over
# fragments, which no simulated depth can follow at such a distance.
AUTOCORRELATION = {
    P_VALUE: {  # pilot
        "H3K4me1": (np.nan, np.nan, 0.345),
        "H3K4me3": (np.nan, np.nan, 0.504),
        "H3K9me3": (np.nan, np.nan, 0.321),
        "H3K27me3": (np.nan, np.nan, 0.503),
        "H3K36me3": (np.nan, np.nan, 0.540),
    },
    CALLS: {  # chr11
        "H3K4me1": (np.nan, 0.636, 0.351),
        "H3K4me3": (np.nan, 0.785, 0.544),
        "H3K36me3": (np.nan, 0.497, 0.402),
        "H3K27ac": (np.nan, 0.741, 0.503),
        "H3K9ac": (np.nan, 0.770, 0.528),
    },
    DEPTH: {  # H1, printed in the review of the first edition; no other depth of 36 bp reads is at hand
        "H3K9me3": (0.43, 0.34, 0.23),
        "H3K36me3": (0.63, 0.56, 0.47),
    },
}
CORRELATION = {
    P_VALUE: {  # pilot
        ("H3K4me1", "H3K4me3"): 0.292,
        ("H3K4me1", "H3K9me3"): 0.098,
        ("H3K4me1", "H3K27me3"): 0.159,
        ("H3K4me1", "H3K36me3"): 0.142,
        ("H3K4me3", "H3K9me3"): 0.022,
        ("H3K4me3", "H3K27me3"): 0.041,
        ("H3K4me3", "H3K36me3"): -0.015,
        ("H3K9me3", "H3K27me3"): 0.309,
        ("H3K9me3", "H3K36me3"): 0.128,
        ("H3K27me3", "H3K36me3"): -0.003,
    },
    CALLS: {  # chr11
        ("H3K4me1", "H3K4me3"): 0.405,
        ("H3K4me1", "H3K27me3"): -0.011,
        ("H3K4me1", "H3K36me3"): 0.129,
        ("H3K4me1", "H3K27ac"): 0.413,
        ("H3K4me1", "H3K9ac"): 0.392,
        ("H3K4me3", "H3K27me3"): 0.003,
        ("H3K4me3", "H3K36me3"): 0.066,
        ("H3K4me3", "H3K27ac"): 0.706,
        ("H3K4me3", "H3K9ac"): 0.785,
        ("H3K27me3", "H3K36me3"): -0.039,
        ("H3K27me3", "H3K27ac"): -0.021,
        ("H3K27me3", "H3K9ac"): -0.019,
        ("H3K36me3", "H3K27ac"): 0.083,
        ("H3K36me3", "H3K9ac"): 0.065,
        ("H3K27ac", "H3K9ac"): 0.758,
    },
}
PRINTED = "h1-demo, as printed before"  # in the review of the first edition: not looked at again
SOURCE = {P_VALUE: "pilot", CALLS: "chr11", DEPTH: PRINTED}

# figure, detail, low, high, and the sets that the constants behind it were set by ("article": what it reports)
BANDS = [
    ("number of pCREs against expression, r", "all genes", -0.15, 0.15, "contacts"),
    ("number of pCREs against expression, r", "open promoters", -0.20, 0.20, "contacts"),
    ("causes", "share of bright elements that drive a gene", 0.15, 0.35, "crispri"),
    ("causes", "share of listed contacts", 0.05, 0.20, "crispri"),
    ("causes", "within 20 kb of the TSS", 0.25, 0.45, "crispri"),
    ("causes", "median distance, kb", 25, 80, "crispri"),
    ("causes", "its gene is the nearest", 0.40, 0.60, "crispri"),
    ("causes", "median share of expression lost", 0.10, 0.20, "crispri"),
    ("average precision for causes", "distance minus H3K27ac", 0, 1, "crispri"),
    ("average precision for causes", "H3K27ac / distance minus the better of both", 0, 1, "crispri"),
    ("AUC of one mark over 20 kb of the body", "H3K36me3", 0.80, 0.92, "pilot, chr11"),
    ("AUC of one mark 2 to 20 kb behind the TSS", "H3K4me3", 0.78, 0.95, PRINTED),
    ("linear model, r", "40 kb minus 2 kb", 0.02, 0.06, "pilot, chr11"),
    *[("power at 200 bp over its neighbours", mark, 0.8, 1.3, "pilot") for mark in MARKS],
    ("coding genes", "per Mb", 6, 10, "pilot"),
    ("coding genes", "another TSS within 40 kb", 0.55, 0.75, "pilot"),
    ("coding genes", "in a divergent pair within 1 kb", 0.05, 0.10, "pilot"),
    ("coding genes", "length, median, kb", 22, 30, "pilot"),
    ("coding genes", "length, 90 %, kb", 120, 190, "pilot"),
    ("log2(RPKM + 1)", "exact zeros", 0.06, 0.14, "pilot"),
    ("log2(RPKM + 1)", "25 %", -0.24, 0.56, "pilot"),
    ("log2(RPKM + 1)", "50 %", 1.7, 2.5, "pilot"),
    ("log2(RPKM + 1)", "75 %", 3.5, 4.3, "pilot"),
    ("neighbours within 200 kb", "r of their expression", 0.15, 0.30, "pilot"),
    ("label agreement of cell types", "lowest", 0.76, 0.93, "pilot"),
    ("label agreement of cell types", "highest", 0.76, 0.93, "pilot"),
    ("r of cell types", "lowest", 0.55, 0.96, "pilot"),
    ("r of cell types", "highest", 0.55, 0.96, "pilot"),
    ("distance of pCREs, kb", "10 %", 0.7 * 45, 1.3 * 45, PRINTED),
    ("distance of pCREs, kb", "50 %", 0.7 * 198, 1.3 * 198, PRINTED),
    ("distance of pCREs, kb", "90 %", 0.7 * 634, 1.3 * 634, PRINTED),
    ("frequency of pCREs", "median", 1.7, 2.1, "article"),
    ("decay of contact with distance", "slope of logarithms", -1.2, -0.8, "article"),
    ("PC1 against expression", "r", 0.12, 0.19, "article"),
    ("CTCF at promoters", "share", 0.15, 0.30, "chr11"),
]


def bands() -> pd.DataFrame:
    """The bands, row by row.

    Returns
    -------
    DataFrame, indexed by (figure, detail)
        low and high, the ends of the band, in the figure's own unit; and "constants from", the sets by which the
        teaching genome's constants behind that figure were set. Autocorrelations may be 0.12 from the real ones, and
        the correlations between marks 0.10 on average; both are compared on the scale of the real track: of simulated
        depth made into -log10 p for the pilot, and into calls for chr11. chr11's H3K27me3 calls are too sparse (3 %
        of bins) to set a texture by.
    """
    texture = [
        (_autocorrelation(lag, scale), mark, real - NEAR, real + NEAR, SOURCE[scale])
        for scale, marks in AUTOCORRELATION.items()
        for mark, values in marks.items()
        for lag, real in zip(LAGS, values, strict=True)
        if np.isfinite(real)
    ]
    mean = [(_correlation(scale), "mean difference", 0.0, MEAN_DIFFERENCE, SOURCE[scale]) for scale in CORRELATION]
    table = pd.DataFrame(chain(BANDS, texture, mean), columns=["figure", "detail", "low", "high", "constants from"])
    return table.set_index(["figure", "detail"])


def differences(table: Figures) -> Figures:
    """The mean absolute difference between a table's correlations of marks and the real ones, on each scale."""
    found: Figures = {}
    for scale, real in CORRELATION.items():
        pairs = [(table.get((_correlation(scale), f"{a}, {b}"), np.nan), real.get((a, b), np.nan)) for a, b in PAIRS]
        gaps = [abs(own - other) for own, other in pairs if np.isfinite(own - other)]
        if gaps:
            found[_correlation(scale), "mean difference"] = float(np.mean(gaps))
    return found


def _autocorrelation(lag: int, scale: str) -> str:
    return f"autocorrelation at {lag} bp, {scale}"


def _correlation(scale: str) -> str:
    return f"correlation of marks, {scale}"
