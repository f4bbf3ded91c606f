"""show/widgets/whatif/missions and told: each mission can be solved by edits, and is not solved before."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from helpers.widgets import act

import chromolab as cl
from chromolab.show.notebooks.made.cards import glossary
from chromolab.show.widgets.whatif.lab import WhatIf
from chromolab.show.widgets.whatif.missions import MISSIONS
from chromolab.show.widgets.whatif.told import OWN_WORDS, WORDS

NOTEBOOKS = Path(__file__).parents[4] / "notebooks"
around = cl.edits.recipes.around


def first_kb(gene, kb):
    """The first kb of a gene's body."""
    row = gene.genes.iloc[0]
    start = row["tss"] if row["strand"] == "+" else row["tss"] - 1_000 * kb
    return f"{row['chrom']}:{start}-{start + 1_000 * kb}"


def contact(gene, rank):
    return "{chrom}:{start}-{end}".format(**gene.pcres().iloc[rank])


# For each mission: edits that come near and do not solve it, and edits that do.
SOLUTIONS = {
    "one stroke": lambda gene, ds: (
        [cl.set_depth("H3K27me3", around(gene, 6_000), 11), cl.erase("H3K9ac", around(gene, 2_000))],
        [cl.set_depth("H3K27me3", around(gene, 6_000), 11)],
    ),
    "wake a silent gene": lambda gene, ds: (
        [cl.set_depth("H3K36me3", first_kb(gene, 8), 5)],
        cl.edits.copy_from(gene, ds.gene("SIMG00721", "simA1"), ["H3K4me3", "H3K9ac", "H3K27ac"], 4_000),
    ),
    "the right contact": lambda gene, ds: ([cl.drop_pcre(contact(gene, 0))], [cl.drop_pcre(contact(gene, 1))]),
    "a consequence that convinces": lambda gene, ds: (
        [cl.set_depth("H3K36me3", first_kb(gene, 1), 0.5)],
        [cl.set_depth("H3K36me3", first_kb(gene, 8), 5)],
    ),
    "what the models miss": lambda gene, ds: (
        [cl.set_depth("H3K27me3", around(gene, 6_000), 2)],
        [cl.erase("H3K9ac", around(gene, 2_000))],
    ),
}


@pytest.fixture(scope="module")
def lab():
    lab = WhatIf()
    yield lab
    lab.close()


@pytest.mark.slow
@pytest.mark.parametrize("mission", MISSIONS, ids=lambda m: m.name)
def test_a_mission_is_solved_by_edits_and_not_before(lab, mission):
    state, _ = lab.reply({"kind": "gene", "gene_id": mission.gene_id, "cell_type": mission.cell_type})
    assert [m["name"] for m in state["missions"]] == [m.name for m in MISSIONS]
    wrong, right = SOLUTIONS[mission.name](lab.gene, lab.session.dataset)
    for edits, solved in (([], False), (wrong, False), (right, True), ([], True)):
        lab.edits = edits
        assert (mission.name in lab.reply({"kind": "settle"})[0]["solved"]) == solved, edits
    assert lab.gene.genes["fold"].iloc[0] == 4  # held out from the models that ship


def test_missions_are_for_one_genome_and_the_models_that_ship(whatif):
    state, _ = whatif.reply({"kind": "hello"})
    act(whatif, {"do": "reset"})
    assert state["missions"] == [] and whatif.reply({"kind": "settle"})[0]["solved"] == []


def test_a_mission_with_no_true_value_is_not_solved_by_it():
    session = SimpleNamespace(
        edits=[cl.erase("A", "chr1:0-9")],
        before={"regression": np.zeros(2)},
        after={"regression": np.full(2, 3.0)},
        true_effects=lambda: None,
    )
    checks = {m.name: m.done for m in MISSIONS}
    assert not checks["a consequence that convinces"](session) and not checks["what the models miss"](session)


def test_words_are_those_of_the_glossary():
    known = OWN_WORDS | {word: said for word, (_, said) in glossary(NOTEBOOKS / "glossary.md").items()}
    assert {word: known.get(word) for word in WORDS} == WORDS
    assert {"pCRE", "log-odds", "fold", "RPKM", *cl.defaults.MARKS} <= set(WORDS)
