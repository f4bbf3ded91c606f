"""What the article used and what it reports, as far as it is known here; a figure that is not here was not guessed."""

from typing import NamedTuple

from chromolab.defaults import FOLDS_HUMAN

CELLS = ("E003", "E004", "E005", "E006", "E007", "E016", "E066", "E087", "E114", "E116", "E118")
FOLDS = tuple(FOLDS_HUMAN)
TASKS = ("classification", "regression")
SCORES = {"classification": "auc", "regression": "pearson_r"}  # what the article reports of each task
CALLED = {"auc": "AUC", "pearson_r": "Pearson r"}
WORD = {"classification": "reproduction", "regression": "reg"}  # in the names of the published weights
GENES = 18_955  # of one cell type, with expression, on chromosomes of a fold
READS = 30_000_000  # the most that a file of Roadmap's consolidated reads has


class Said(NamedTuple):
    """A figure of the article: `about` what, what it `says`, and with which of our figures it can be compared."""

    about: str
    says: str
    compare: str


SAID = (
    Said("AUC of a model on another cell type, relative to that cell type's own", "above 0.92", "across"),
    Said("a CTCF track added", "a marginal and consistent gain, larger for the embedding alone", "tracks"),
    Said("a track of compartments (PC1) added", "no gain; r with expression 0.12 to 0.19", "tracks"),
)
"""Source: Lee, Yang and Kim, Nature Communications 13:6678 (2022)."""

CONTACTS = (
    "Contacts are those of promoters with other elements (Jung's po tables); those between promoters (pp) are not "
    "read, and whether the article's tables had them is not known here."
)
NOT_KNOWN = (
    "The article's AUC and r of each cell type and fold are not among what this package knows of it. Each file of the "
    "published weights holds the score that the authors saved with it; where those files are here, it stands with ours."
)
