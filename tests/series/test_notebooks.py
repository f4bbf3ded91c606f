"""Every notebook, executed: as shipped, with the exercises solved, and the experiments with small parameters.

What a notebook claims is a fact here: the bounds of its key figures. A notebook without facts fails.
"""

import math
from pathlib import Path

import pytest
from helpers.lab import PATIENCE

from chromolab.errors import ChromolabError
from chromolab.show.notebooks import hygiene, series
from chromolab.show.notebooks import run as runs
from chromolab.show.notebooks.executed import Finished
from chromolab.show.notebooks.parameters import parameters_of

pytestmark = pytest.mark.slow

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SERIES = series.notebooks_of(NOTEBOOKS)
EXPERIMENTS = sorted((NOTEBOOKS / "experiments").glob("*.ipynb"))

# notebook -> key figure -> bounds (both inclusive)
FACTS: dict[str, dict[str, tuple[float, float]]] = {
    "primer_biology": {
        "share of genes below 1 RPKM": (0.3, 0.5),  # "more than a third"
        "share of genes on in some cell types only": (0.2, 0.3),  # "about a quarter"
        "r of H3K27me3 at the TSS": (-0.5, -0.2),
        "share of enhancers beyond 20 kb": (0.5, 0.75),  # "more than half"
    },
    "primer_numpy_attention": {
        "answer of the attention": (1.95, 1.97),  # by hand: (2 e^6 + 0.5 e + 0.3 e^2) / (e^6 + e + 1 + e^2)
        "r of seven weights, chromosomes not seen": (0.6, 0.8),
    },
    "00_start_here": {
        "Pearson r on held-out chromosomes": (0.68, 0.85),  # a linear model of the window: about 0.75
        "largest predicted change, enhancers in pCREs": (0, 0.05),  # "it does not listen at all"
        "share predicted to fall, causes in the window": (0.85, 1),  # "nearly every prediction"
        "share predicted to fall, no causes in the window": (0.85, 1),
        "mean predicted change, causes in the window": (-0.12, -0.02),
        "mean predicted change, no causes in the window": (-0.15, -0.03),  # "no less"
    },
    "01_histone_code": {
        "AUC, all marks": (0.85, 0.95),
        "AUC, H3K36me3": (0.75, 0.92),  # real: 0.79 to 0.92
        "AUC, H3K9me3": (0.5, 0.65),  # "tells little"
        "r, 10 kb minus 2 kb": (0.015, 0.07),  # the band of teaching-genome.md, and sampling
        "r, 40 kb minus 10 kb": (-0.01, 0.015),  # "next to nothing"
        "r, 10 kb minus 2 kb, without H3K36me3": (0.005, 0.035),  # "half as large"
    },
    "02_contacts": {
        "exponent of the distance decay": (-1.2, -0.8),
        "share of causal enhancers outside 40 kb": (0.5, 0.75),  # K562 by CRISPRi: 0.58
        "share of causes whose gene is the nearest": (0.4, 0.6),  # K562 by CRISPRi: 0.53
        "R² that contacts add to a linear model": (-0.015, 0.01),  # "nothing"
        "R² that another gene's contacts add": (-0.015, 0.01),
        "average precision of H3K27ac / distance": (0.07, 0.25),  # above that of frequency, chance 0.02
        "average precision of frequency": (0.015, 0.06),
        "average precision in K562, distance": (0.4, 0.5),  # the shipped table
        "average precision in K562, H3K27ac / distance": (0.38, 0.5),
    },
    "03_embedding_transformer": {
        "embedding by hand, largest difference": (0, 1e-12),
    },
    "04_pairwise_interaction": {
        "pairwise by hand, largest difference": (0, 1e-12),
        "attention on padding without the mask": (0.5, 0.95),  # about the share of padding, 0.85
        "attention on the enhancer over even, 100 bp": (1.3, 4),
        "change when nothing takes an enhancer's place": (-0.6, -0.03),  # the right way, less than the truth
        "change when that enhancer is silenced, true": (-1.3, -0.6),
        "share of the answers' variance that only the pair explains": (0, 0.15),
    },
    "05_regulation": {
        "regulation by hand, largest difference": (0, 1e-12),
        "permuted pCREs, largest change of a prediction": (0, 1e-12),
        "largest change of a γ by training": (0, 0.15),  # "near 1"
        "R² lost when a gene's frequencies are made equal": (-0.02, 0.05),
        "R² lost when frequencies are set to 0": (0.06, 0.6),  # "a great deal", beside next to nothing
        "R² lost when all gates are a half": (-0.06, 0.03),  # "nothing"
    },
    "06_chromoformer": {
        "AUC on chromosomes not seen": (0.87, 0.96),
        "AUC of the regressor, used to rank": (0.87, 0.96),
        "Pearson r on chromosomes not seen": (0.68, 0.85),
        "put together by hand, largest difference": (0, 1e-5),
        "share of the weights in the regulation step": (0.75, 0.8),  # "more than three quarters"
        "weights, published size, millions": (5.3, 5.3),
        "rows that matter, bins of 100 bp": (1, 1),
        "largest change of a γ by training": (0, 0.1),  # "hardly moved"
        "share of pCRE 2, met twice as often, as a multiple": (2, 5),  # "more than doubles"
    },
    "07_training": {
        "leak of random examples, nearest neighbour": (0.08, 0.3),
        "leak of random genes, nearest neighbour": (0.01, 0.08),  # "some hundredths"
        "leak of random genes, ridge regression": (-0.02, 0.01),  # "nothing"
        "60 genes: best epoch": (2, 10),  # "within the first ten"
        "60 genes: validation_loss, end minus best epoch": (0.45, 2),  # "more than doubles"
        "60 genes: train_loss, end minus best epoch": (-0.6, -0.2),  # "goes to zero"
        "60 genes: auc, end minus best epoch": (-0.03, 0.03),  # "stays level"
        "epochs by which patience 1 stops short": (1, 7),
        "far genes that decay explains": (0, 0),  # "in none of the ten"
        "largest prediction": (4.5, 6),  # "nothing above 6"
        "width of the paired interval over the single one's": (0.5, 0.8),  # "narrower by about a third"
        "r, Chromoformer minus linear, lower end": (-0.08, 0),  # "contains 0"
        "r, Chromoformer minus linear, upper end": (0, 0.08),
        "Pearson r over all folds, small Chromoformer": (0.65, 0.85),
    },
    "08_what_matters": {
        "AUC, Chromoformer minus linear": (-0.03, 0.05),
        "R², Chromoformer minus linear": (-0.06, 0.12),
        "R² without contacts, lifelike": (-0.03, 0.03),  # "next to nothing"
        "R² with other genes' elements, lifelike": (-0.03, 0.03),
        "R² without contacts, strong": (-0.12, -0.02),
        "R² with other genes' elements, strong": (-0.02, 0.03),  # "it hardly does"
        "AUC, DeepChrome minus linear, made here": (-0.06, 0.02),
        "R² that other genes' elements bring, made here": (0.0, 0.06),  # one fold of "not at all"
        "share of t intervals that hold the truth": (0.93, 0.97),  # "keeps its promise"
        "share of redrawn intervals that hold the truth": (0.7, 0.88),  # "too narrow"
    },
    "09_reading_attention": {
        "attention downstream, active": (0.5, 0.75),  # more than the even 0.45
        "attention downstream, inactive": (0.5, 0.75),
        "share of heads that look more downstream from inactive TSSs": (0.15, 0.85),  # no agreement
        "attention downstream of seed 1, active": (0.735, 0.745),  # "0.74"
        "attention downstream of seed 1, inactive": (0.605, 0.615),  # "0.61"
        "right signs, calling each cause an enhancer": (0.75, 0.81),  # "0.78"
        "right signs, silencing": (0.68, 0.76),  # "0.72"
        "r of H3K36me3 downstream with expression": (0.46, 0.48),  # "0.47"
        "range of attention by TSS": (0, 0.1),  # "hardly", beside 0.17 to 0.2 between models
        "range of attention by rest of the window": (0, 0.1),
        "range of the prediction by TSS, log2": (1.5, 4),  # "decides"
        "H3K36me3 erased, Chromoformer": (-2.5, -0.3),
        "H3K36me3 erased, truth": (0, 0),
        "completeness, integrated / whole": (0.97, 1.03),
        "share downstream, attention": (0.5, 0.75),
        "share downstream, integrated gradients": (0.15, 0.45),  # less than of the attention
        "average precision, attention": (0.3, 0.7),  # models that do not know: no better than untrained
        "average precision, silencing": (0.3, 0.7),
        "average precision, H3K27ac / distance": (0.7, 0.95),
        "average precision, attention, untrained": (0.4, 0.7),
        "average precision in K562, with contacts: attention": (0.05, 0.2),  # "far behind distance"
        "average precision in K562, with contacts: silenced": (0.1, 0.3),
        "average precision in K562, distance": (0.4, 0.55),
        "average precision in K562 beyond 20 kb, with contacts: attention": (0.08, 0.1),  # "0.09"
        "average precision in K562 beyond 20 kb, with contacts: silenced": (0.04, 0.06),  # "the order turns round"
    },
    "10_regulation_dynamics": {
        "r of PC1 and the prediction": (0.85, 1.0),
        "r that contacts add after the last layer": (0.02, 0.1),
        "r of predicted and true change, enhancers cut": (0.5, 0.85),
        "r of predicted and true change, silencers cut": (-0.3, 0.3),  # "they do not see it"
        "predicted / true mean change, enhancers cut": (0.35, 0.85),  # "a good half"
        "predicted change, housekeeping, contacts with neither cut": (-0.8, -0.15),  # true: 0
        "predicted / true mean change, enhancers exchanged": (0.1, 0.55),  # less than cut
        "predicted gain of bivalent genes, Polycomb undone": (0.4, 1.8),  # less than true
        "true gain of bivalent genes, Polycomb undone": (2, 3.3),
        "predicted / true, 8 enhancers, housekeeping": (0.15, 0.5),  # "about a third"
        "response to 8 enhancers / 8 x one, true": (0.65, 0.95),  # "saturates a little"
        "predicted change, developmental, 4 silencers on 4 enhancers": (-0.2, 0.6),
        "true change, developmental, 4 silencers on 4 enhancers": (-2.5, -0.8),
        "predicted gain of closed promoters, 4 enhancers": (-0.3, 0.3),  # "hardly move"
        "true gain of closed promoters, 4 enhancers": (0, 0.05),
    },
    "11_what_if": {
        "share of the true loss, one mark erased": (0.05, 0.4),
        "share of the true loss, three marks erased": (0.45, 1),
        "Pearson r of predicted and true effects": (0.3, 0.7),
        "sign agreement": (0.55, 0.9),  # less than the rule
        "sign agreement of the rule by kind": (0.93, 1),
        "predicted / true mean change, promoter mark erased": (0.1, 0.45),
        "predicted / true mean change, enhancer erased": (-0.15, 0.2),  # "hardly move it"
        "predicted / true mean change, silencer erased": (-0.15, 0.2),
        "share of innocent edits blamed": (0.15, 0.6),
        "average precision in K562, what if, with contacts": (0.1, 0.24),
        "average precision in K562, what if, size alone": (0.2, 0.36),  # more, and less than distance
        "average precision in K562, distance": (0.48, 0.55),
    },
    "12_transfer": {
        "lowest relative AUC, teaching": (0.92, 1.05),
        "lowest relative AUC, pilot": (0.92, 1.1),  # the article's figure, on real cells
        "lowest relative AUC, chr11": (0.92, 1.05),
        "real pairs in which the copy is beaten": (0, 0),
        "same minus other lineage, one code for all": (-0.003, 0.003),
        "same minus other lineage, lineages apart": (0.003, 0.05),
        "AUC on scrambled genes": (0.48, 0.52),
        "AUC of the copy, same genes": (0.8, 0.95),
    },
    "13_more_tracks": {
        "r of CTCF and expression": (-0.1, 0.1),  # "next to nothing"
        "partial r of CTCF and expression": (-0.12, 0.08),
        "r of PC1 and expression": (0.1, 0.2),  # the article: 0.12 to 0.19
        "partial r of PC1": (0, 0.14),  # "a part of it is left"
        "r gained by a linear model: CTCF, teaching": (-0.004, 0.006),
        "r gained by a linear model: CTCF, teaching, CTCF acts": (0.005, 0.03),
        "r gained by a linear model: PC1, teaching": (-0.004, 0.004),
        "r gained by the embedding where CTCF acts": (0.01, 0.05),  # "some hundredths"
        "pairs for +0.004, linear": (5, 40),
        "r gained by the track of my.yaml": (-0.012, 0.012),
    },
    "14_whole_gene": {
        "share of genes beyond the window": (0.5, 0.62),  # "more than half"
        "bins of a gene of 500 kb": (85, 95),
        "H3K36me3 on exons, as a multiple of introns": (1.1, 1.4),  # 1.35 by construction, less noise
        "r of H3K36me3, whole gene minus window": (0.05, 0.18),  # "tells most"
        "r of H3K36me3, exons minus introns": (-0.06, 0.0),  # "tell less"
        "R² above the window, linear: and length": (-0.015, 0.015),  # "tells nothing"
        "R² above the window, linear: and whole gene": (0.02, 0.08),  # "some hundredths"
        "R² of one WholeGene": (0.45, 0.7),
        "largest change by padding": (0, 2e-5),
        "whole gene above the window, teaching": (0, 0.04),  # "two hundredths"
        "whole gene above the window, pilot": (0.05, 0.13),  # "some 0.09"
        "whole gene above the window, chr11": (0, 0.03),
        "whole gene above window and length, pilot": (0, 0.05),  # "a few hundredths"
        "whole gene above the window, pilot, second seed alone": (0, 0.05),  # "+0.03"
        "hidden beyond 24 kb, teaching": (-0.03, 0.01),
        "hidden beyond 24 kb, pilot": (-0.06, -0.01),  # "some hundredths"
        "largest change by one part of the position": (0.02, 0.08),
    },
    "15_sequence_to_contacts": {
        "convergent share of loops": (0.73, 0.75),  # "three of four"
        "convergent share of pairs moved along": (0.25, 0.27),  # "a quarter"
        "share of planted CTCF sites that are found": (0.999, 1),  # "all"
        "sites that nobody planted": (120, 190),  # "some hundred and fifty"
        "r with CTCF tracks, held-out chromosomes": (0.75, 0.92),
        "likeness of learnt and known motif": (0.9, 1),
        "places of the learnt motif that tell a letter": (16, 16),  # "sixteen"
        "letters that stand out, of 100": (16, 16),
        "places from the first to the last of them": (16, 16),  # "in a row"
        "convergent, as a multiple of the next": (14, 18),  # "about sixteen"
        "r beyond distance, this model": (0.3, 0.4),
        "r beyond distance, CTCF": (0.36, 0.37),  # "0.36"
        "r beyond distance, CTCF sites shifted": (-0.08, 0.06),  # "nothing"
        "share of what CTCF's letters could tell": (0.75, 0.9),
        "r of predicted and true change": (0.7, 0.97),
        "sign of the change": (0.9, 1),
        "r, 200 edits": (0.87, 0.89),  # "0.88"
        "sign, 200 edits": (0.985, 0.995),  # "99 %"
        "right signs of expression, strong contacts": (0.8, 0.87),  # "five of six"
        "recall, activity x distance, lifelike": (0.75, 0.76),  # "three of four"
        "recall, letters x activity x distance, lifelike": (0.75, 0.762),  # "at most 0.006" more
        "recall, measured contacts x activity x distance, lifelike": (0.77, 0.785),
        "recall, activity x distance, strong contacts": (0.47, 0.48),  # "half"
        "recall, letters x activity x distance, strong contacts": (0.475, 0.486),
        "recall, measured contacts x activity x distance, strong contacts": (0.58, 0.59),
        "recall, measured contacts alone, strong contacts": (0.6, 0.62),  # "the most"
        "R² above none, measured contacts, strong contacts": (0.08, 0.09),  # "0.09"
        "R² above none, measured contacts, and 32 motifs, strong contacts": (0.055, 0.06),  # "+0.06"
        "R² above none, measured contacts, lifelike": (-0.02, 0.01),
    },
    "16_your_data": {
        "kinds of faults found at first sight": (3, 3),
        "Pearson r, built from own files": (0.68, 0.88),  # a Chromoformer of the shipped size: 0.75 to 0.78
        "mean absolute error, wrong scale": (1.1, 1.5),
        "mean absolute error, recalibrated": (0.85, 1.1),  # that of read depth: "nearly all"
        "r gained by an eighth track": (-0.01, 0.01),
    },
    "17_experiments": {
        "runs": (8, 8),
        "failed": (0, 0),
        "r of the wide window minus the narrow": (0.005, 0.06),
        "folds in which the wide window wins": (4, 4),  # "in every fold"
        "best of 50 equal settings, chosen and reported on the test folds": (0.003, 0.02),  # "about 0.01"
        "best of 50 equal settings, chosen on validation folds, reported on test folds": (-0.002, 0.002),  # "level"
        "luck of the best of 50, share of the gain": (0.2, 0.5),  # "a third"
    },
    "18_engine_room": {
        "work full / focused": (40, 50),  # "over 40 times"
        "work divided by, one query": (6, 8),  # "by 7"
        "work divided by, no keys": (33, 47),  # "about 40"
        "work divided by, no padding": (1.5, 2.5),
        "predictions of both paths, largest difference": (0, 1e-12),
        "gradients of both paths, largest difference": (0, 1e-8),
        "a file in the authors' form gives the same outputs": (1, 1),
        "predictions of stacked models, largest difference": (0, 1e-3),
        "a run that was stopped ends with the same weights": (1, 1),
    },
    "19_how_far_a_model_sees": {
        "R² at 19 kb, CNN, 10 kb": (-0.1, 0.1),
        "R² at 19 kb, CNN, 40 kb": (0.8, 1),
        "R² at 19 kb, RNN": (-0.1, 0.1),
        "R² at 19 kb, RNN, patient": (-0.1, 0.2),
        "R² at 19 kb, transformer": (0.8, 1),
        "R² at 19 kb after the long training, CNN, 10 kb": (-0.01, 0.01),
        "R² at 19 kb after the long training, CNN, 40 kb": (0.98, 1),
        "R² at 19 kb after the long training, RNN": (-0.01, 0.01),  # "stays at zero"
        "R² at 19 kb after the long training, RNN, patient": (0.98, 1),  # "finds the signal"
        "R² at 19 kb after the long training, transformer": (0.98, 1),
    },
}

# experiment -> parameters that make it short, and bounds that hold even so
SHORT: dict[str, tuple[dict, dict[str, tuple[float, float]]]] = {
    "compare": (
        {"models": ["linear", "HM-CRNN"], "folds": [1, 2], "seeds": [0], "epochs": 2, "learning_rates": [3e-3]},
        {"score of the linear control": (0.88, 0.96), "largest lead over the linear control": (-0.06, 0.03)},
    ),
    "ablate": (
        {"seeds": [0], "folds": [1, 2], "epochs": 2, "variants": ["no contacts", "100 bp bins only"]},
        {"R² of the whole model": (0.5, 0.8), "largest change of R²": (-0.3, -0.05)},
    ),
    "more_tracks": (
        {"data": "chr11", "models": ["linear"], "task": "classification", "folds": [1, 2], "seeds": [0]},
        {"r of CTCF and expression": (0.2, 0.4), "AUC gained over the shuffled track, linear": (-0.02, 0.02)},
    ),
    "pilot": (
        {"seeds": [0], "epochs": 2, "simulated_epochs": 1, "draws": 20},
        {"AUC of Chromoformer": (0.7, 0.92), "AUC of the best linear model": (0.8, 0.88)},
    ),
    "answer_key": (
        {
            "seeds": [0],
            "shuffled_seeds": [],
            "examples": 30,
            "draws": 50,
            "methods": ["attention", "gradient x input", "silence"],
        },
        {"prevalence of causes": (0.12, 0.3), "average precision, H3K27ac / distance": (0.6, 0.95)},
    ),
    "crispri": (
        {"seeds": [0], "epochs": 1, "kinds": ["promoter only"], "draws": 20},
        {
            "share of regulated pairs": (0.05, 0.06),
            "average precision, distance": (0.48, 0.5),
            "average precision, promoter only": (0.05, 0.4),
        },
    ),
    "planted": (
        {"models": ["CNN, 10 kb", "transformer"], "distances": [19], "seeds": [0], "steps": 200, "every": 100},
        {"R² at 19 kb, CNN, 10 kb": (-0.1, 0.1), "R² at 19 kb, transformer": (0.5, 1)},
    ),
    "reproduce": (
        {"cells": ["E003"], "folds": [1], "model": "small"},
        {"hours of one processor": (0.001, 100), "models trained": (0, 0)},
    ),
    "sequence": (
        {
            "parts": ["contacts", "edits"],
            "variants": ["CTCF", "CTCF, sites shifted"],
            "folds": [4],
            "seeds": [0],
            "edits": 6,
        },
        {
            "contacts, CTCF: partial_r": (0.3, 0.4),
            "contacts, CTCF, sites shifted: partial_r": (-0.1, 0.12),
            "edits, all kinds: pearson_r": (0.7, 1.0),
            "convergent over divergent": (5, 60),
        },
    ),
    "sim_to_real": (
        {"seeds": [0], "scrambled_control": False, "draws": 20},
        {"lowest AUC over seeds": (0.85, 1.0), "lowest Pearson r over seeds": (0.55, 1.0)},
    ),
    "train": (
        {"model": "DeepChrome", "cell_types": ["simA1"], "epochs": 2, "tasks": ["regression"]},
        {"Pearson r on test folds": (0.6, 0.85)},
    ),
    "transfer": (
        {"models": ["linear"], "cell_types": ["simA1", "simA2", "simB1"], "folds": [1, 2], "tasks": ["regression"]},
        {
            "lowest relative AUC, linear": (0.92, 1.08),
            "mean AUC from elsewhere, linear": (0.85, 0.97),
            "mean AUC of copied expression": (0.75, 0.95),
        },
    ),
    "whole_gene": (
        {
            "data": "pilot",
            "cell_types": ["E003"],
            "models": ["linear: window", "linear: and length", "linear: and whole gene"],
            "folds": [3, 4],
            "seeds": [0],
            "against": "linear: window",
        },
        {
            "R², linear: window": (0.45, 0.6),
            "R² above linear: window: linear: and whole gene": (0.1, 0.2),
        },
    ),
    "what_if": (
        {"data": "teaching, strong contacts", "n_genes": 3},
        {"genes": (3, 3), "mean change of log2(RPKM + 1)": (-6, -0.2)},
    ),
}


def assert_facts(done: Finished, facts: dict):
    assert facts, f"{done.notebook.name} reports {done.summary or 'nothing'}: write its facts into this file"
    assert set(facts) <= set(done.figures), f"{done.notebook.name} reports only {sorted(done.figures)}"
    outside = {n: done.figures[n] for n, (low, high) in facts.items() if not low <= done.figures[n] <= high}
    assert not outside, f"expected { ({n: facts[n] for n in outside}) }"
    missing = [n for n, v in done.figures.items() if isinstance(v, float) and math.isnan(v)]
    assert not missing, f"key figures without a value: {missing}"


@pytest.mark.parametrize("path", SERIES, ids=lambda p: p.stem)
def test_notebook_as_shipped(path, tmp_path):
    done = runs.run_notebook(path, tmp_path / path.name, timeout=PATIENCE)
    assert_facts(done, FACTS.get(path.stem, {}))
    assert set(done.exercises.values()) <= {"not attempted"}
    assert bool(done.exercises) is ("solved" in parameters_of(path))


@pytest.mark.parametrize("path", [p for p in SERIES if "solved" in parameters_of(p)], ids=lambda p: p.stem)
def test_notebook_solved(path, tmp_path):
    done = runs.run_notebook(path, tmp_path / path.name, {"solved": True}, timeout=PATIENCE)
    assert_facts(done, FACTS.get(path.stem, {}))
    assert set(done.exercises.values()) == {"solved"}


@pytest.mark.real
@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda p: p.stem)
def test_experiment_with_small_parameters(path, tmp_path, real):
    parameters, facts = SHORT.get(path.stem, ({}, {}))
    assert parameters, f"write short parameters for {path.name} into this file"
    assert_facts(runs.run_notebook(path, tmp_path / path.name, parameters, timeout=PATIENCE), facts)


@pytest.mark.parametrize("path", SERIES + EXPERIMENTS, ids=lambda p: p.stem)
def test_notebook_is_stripped_and_built_like_the_series(path):
    assert hygiene.check_notebook(path) == []


@pytest.mark.parametrize("path", SERIES + EXPERIMENTS, ids=lambda p: p.stem)
def test_an_unknown_parameter_is_refused(path, tmp_path):
    with pytest.raises(ChromolabError, match="has no parameter no_such_parameter"):
        runs.run_notebook(path, tmp_path / path.name, {"no_such_parameter": 1})


def test_the_series_begins_at_the_beginning():
    numbered = [p.stem for p in SERIES if series.NUMBERED.fullmatch(p.name)]
    assert numbered[0] == "00_start_here" and SERIES[-len(numbered)].stem == numbered[0], "the primers come before it"
    numbers = [name[:2] for name in numbered]
    assert len(set(numbers)) == len(numbers)
    assert set(FACTS) == {p.stem for p in SERIES}, "FACTS and notebooks/ differ"
    assert set(SHORT) == {p.stem for p in EXPERIMENTS}, "SHORT and notebooks/experiments/ differ"
