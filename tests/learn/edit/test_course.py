"""learn/edit/course: doses, replays and one edit on all genes, against cl.edit and cl.predict of each by itself."""

from types import SimpleNamespace

import numpy as np
import pytest
from helpers.toys import SMALL, toy_dataset

import chromolab as cl


@pytest.fixture(scope="module")
def ds():
    return toy_dataset(2)


@pytest.fixture(scope="module")
def models(ds):
    return [
        cl.Chromoformer(ds.marks, task, seed=1, resolutions=(500, 100), **SMALL)
        for task in ("classification", "regression")
    ]


@pytest.fixture(scope="module")
def case(ds):
    """A gene with pCREs, and one edit of every kind."""
    gene = ds.select([int(np.argmax((ds.pcre >= 0).sum(1)))]).compact()
    r = gene.signal.regions.iloc[gene.promoter[0]]
    cut, often = (f"{p.chrom}:{p.start}-{p.end}" for p in list(gene.pcres().itertuples())[:2])
    at = lambda a, b: f"{r['chrom']}:{r['start'] + a}-{r['start'] + b}"  # noqa: E731
    edits = [
        cl.scale("A", at(200, 1_000), 0.4),
        cl.paint("B", at(300, 900), [5.0, None, 1.0, 2.0, 3.0, 0.0]),
        cl.set_depth("C", at(200, 750), 4.0),
        cl.drop_pcre(cut),
        cl.set_frequency(often, 0.5),
    ]
    return SimpleNamespace(gene=gene, edits=edits, cut=cut, often=often, at=at)


def level(model, gene):
    return cl.metrics.log_odds_or_expression(cl.predict(model, gene, device="cpu"))[0]


def told(table, quantity, model, key):
    rows = table[(table["quantity"] == quantity) & (table["model"] == model)]
    return dict(zip(rows[key], rows["value"], strict=True))


def test_dose_0_is_without_the_edit_and_dose_1_with_it(models, case):
    for index, e in enumerate(case.edits):
        table = cl.edits.dose(models, case.gene, case.edits, index, [0, 0.5, 1, 2], device="cpu")
        rest = [x for x in case.edits if x is not e]
        for number, quantity in ((0, "log-odds"), (1, "log2(RPKM + 1)")):
            value = told(table, quantity, number, "dose")
            assert value[0] == pytest.approx(level(models[number], cl.edit(case.gene, rest)), abs=2e-3), e
            assert value[1] == pytest.approx(level(models[number], cl.edit(case.gene, case.edits)), abs=1e-5), e
    assert set(table["quantity"]) == {"probability", "log-odds", "log2(RPKM + 1)"}


def test_doses_go_on_straight_and_stop_at_zero(models, case):
    f = float(case.gene.pcres()["frequency"].iloc[1])
    depth = case.gene.region_depth(case.gene.promoter[0])
    for edit, doses in (
        (
            cl.scale("A", case.at(200, 1_000), 0.4),
            {0.5: cl.scale("A", case.at(200, 1_000), 0.7), 2: cl.erase("A", case.at(200, 1_000))},
        ),
        (cl.scale("A", case.at(200, 1_000), 1.5), {2: cl.scale("A", case.at(200, 1_000), 2.0)}),
        (cl.drop_pcre(case.cut), {2: cl.set_frequency(case.cut, 0.0)}),
        (cl.set_frequency(case.often, f + 1), {2: cl.set_frequency(case.often, f + 2)}),
        (
            cl.set_depth("C", case.at(200, 400), 4.0),
            {0.5: cl.paint("C", case.at(200, 400), (depth[2:4, 2].astype(float) + 4) / 2)},
        ),
    ):
        table = cl.edits.dose(models[1], case.gene, [edit], doses=list(doses), device="cpu")
        for dose, same in doses.items():
            expected = level(models[1], cl.edit(case.gene, [same]))
            assert told(table, "log2(RPKM + 1)", 0, "dose")[dose] == pytest.approx(expected, abs=1e-5), (edit, dose)


def test_all_edits_are_dosed_together_unless_one_is_named(models, case):
    table = cl.edits.dose(models[1], case.gene, case.edits[:1] + case.edits[3:4], doses=[0], device="cpu")
    assert table["value"].iloc[0] == pytest.approx(level(models[1], case.gene), abs=1e-5)
    for edits, index, doses, said in (
        ([], None, [1], "there are 0 edits"),
        (case.edits, 5, [1], "there are 5 edits"),
        (case.edits, 0, [-1], "expected 0 or more"),
    ):
        with pytest.raises(cl.ChromolabError, match=said):
            cl.edits.dose(models[1], case.gene, edits, index, doses)


def test_a_replay_is_the_prediction_after_each_step(models, case):
    table = cl.edits.replay(models, case.gene, case.edits, device="cpu")
    for step, value in told(table, "log2(RPKM + 1)", 1, "step").items():
        assert value == pytest.approx(level(models[1], cl.edit(case.gene, case.edits[:step])), abs=1e-5)
    words = table.drop_duplicates("step").set_index("step")["words"]
    assert list(words.index) == [0, 1, 2, 3, 4, 5] and words[0] == "as it was" and words[4].startswith("contact cut")


def test_a_replay_leaves_out_steps_without_data(models, case):
    place = "chr1:60000000-60000500"
    edits = [cl.add_pcre(place, 2), *(cl.set_depth(m, place, 1.0) for m in "ABC")]
    assert cl.edits.replay(models[1], case.gene, edits, device="cpu")["step"].tolist() == [0, 4]
    with pytest.raises(cl.ChromolabError, match="not known"):
        cl.edits.replay(models[1], case.gene, edits[:2])


def test_one_edit_on_every_gene_that_it_reaches(models):
    ds = toy_dataset(6)
    shared = next(row for row in np.argsort(-np.bincount(ds.pcre[ds.pcre >= 0])))
    r = ds.signal.regions.iloc[shared]
    edits = [cl.erase("A", f"{r['chrom']}:{r['start']}-{r['end']}")]
    table = cl.edits.on_all_genes(models, ds, edits, "toy", device="cpu")
    reached = set()
    for example, gene_id in enumerate(ds.genes["gene_id"]):
        gene = ds.select([example]).compact()
        over = gene.signal.regions.query("chrom == @r.chrom and start < @r.end and end > @r.start")
        if len(over):
            reached.add(gene_id)
            row = table[(table["gene_id"] == gene_id) & (table["quantity"] == "log2(RPKM + 1)")].iloc[0]
            edited = cl.edit(gene, edits)
            assert [row["before"], row["after"]] == pytest.approx(
                [level(models[1], g) for g in (gene, edited)], abs=1e-5
            )
            assert row["via"] == ("contact" if gene.promoter[0] not in over.index else row["via"])
            middle = (r["start"] + r["end"]) // 2 - gene.genes["tss"].iloc[0]
            assert row["distance"] == (middle if gene.genes["strand"].iloc[0] == "+" else -middle)
    assert set(table["gene_id"]) == reached and len(reached) > 1
    assert table["change"].abs().is_monotonic_decreasing
    with pytest.raises(cl.ChromolabError, match="belongs to one gene"):
        cl.edits.on_all_genes(models, ds, [cl.add_pcre("chr1:0-100", 1)], "toy")
    with pytest.raises(cl.ChromolabError, match="reach no gene"):
        cl.edits.on_all_genes(models, ds, [cl.erase("A", "chr9:0-100")], "toy")
