"""data/contacts/pcres: contacts to pCREs, against a slow join row by row."""

import pandas as pd
import pytest
from helpers.toys import reported
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data.contacts.pcres import assign_pcres
from chromolab.data.intervals import CONTACT_COLUMNS, PCRE_COLUMNS
from chromolab.errors import ChromolabError


def genes(*rows):
    """Rows (gene_id, cell_type, chrom, tss)."""
    return pd.DataFrame(rows, columns=["gene_id", "cell_type", "chrom", "tss"])


def contacts(*rows):
    return pd.DataFrame(rows, columns=list(CONTACT_COLUMNS))


# ---------------------------------------------------------------- assigning


def slowly(gene_rows, contact_rows, k, min_frequency, max_length, flank, cis_only):
    """{(gene, cell type): [(chrom, start, end, frequency), ...]} by falling frequency, one pair at a time."""
    out = {}
    for gene, cell, chrom, tss in gene_rows:
        best = {}
        for c1, s1, e1, c2, s2, e2, f in contact_rows:
            if f <= min_frequency or (cis_only and c1 != c2):
                continue
            for near, far in (((c1, s1, e1), (c2, s2, e2)), ((c2, s2, e2), (c1, s1, e1))):
                bases = {(chrom, b) for b in range(tss - flank, tss + flank + 1)}
                touches = [any((p[0], b) in bases for b in range(p[1], p[2])) for p in (near, far)]
                if touches == [True, False] and far[2] - far[1] <= max_length:
                    best[far] = max(f, best.get(far, 0))
        ranked = sorted(((*place, f) for place, f in best.items()), key=lambda p: (-p[3], p[:3]))[:k]
        if ranked:
            out[gene, cell] = ranked
    return out


place = st.tuples(st.sampled_from(["chr1", "chr2"]), st.integers(0, 60), st.integers(1, 15))
contact = st.tuples(place, place, st.sampled_from([0.5, 1.5, 1.6, 2.0, 3.0])).map(
    lambda r: (r[0][0], r[0][1], r[0][1] + r[0][2], r[1][0], r[1][1], r[1][1] + r[1][2], r[2])
)


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.sampled_from(["chr1", "chr2"]), st.integers(0, 70)), min_size=1, max_size=6),
    st.lists(contact, min_size=1, max_size=25),
    st.integers(1, 4),
    st.sampled_from([0, 1.5, 2]),
    st.sampled_from([5, 10, 40]),
    st.sampled_from([0, 3]),
    st.booleans(),
)
@settings(deadline=None, max_examples=150)
def test_equals_the_slow_join(places, rows, k, min_frequency, max_length, flank, cis_only):
    gene_rows = [(f"G{i}", f"E{i % 2}", chrom, tss) for i, (chrom, tss) in enumerate(places)]
    expected = slowly(gene_rows, rows, k, min_frequency, max_length, flank, cis_only)
    try:
        pcres, report = assign_pcres(
            genes(*gene_rows), contacts(*rows), k, min_frequency, max_length, flank, cis_only=cis_only
        )
    except ChromolabError:
        assert not expected
        return
    found = {
        key: list(df[["chrom", "start", "end", "frequency"]].itertuples(index=False, name=None))
        for key, df in pcres.groupby(["gene_id", "cell_type"])
    }
    assert found == expected
    assert reported(report, "pCREs kept") == sum(map(len, expected.values()))
    assert reported(report, "genes with pCREs") + reported(report, "genes without") == len(gene_rows)


def test_everything_left_out_is_counted():
    table = contacts(
        ("chr1", 0, 10, "chr1", 100, 110, 5.0),  # kept
        ("chr1", 200, 210, "chr1", 2, 8, 4.0),  # kept: the promoter is the second end
        ("chr1", 0, 10, "chr1", 100, 110, 3.0),  # the first again, weaker
        ("chr1", 0, 10, "chr1", 3, 30, 9.0),  # both ends at the promoter
        ("chr1", 0, 10, "chr1", 300, 400, 9.0),  # too long
        ("chr1", 0, 10, "chr1", 500, 510, 2.0),  # beyond k
        ("chr1", 0, 10, "chr2", 100, 110, 9.0),  # another chromosome
        ("chr1", 0, 10, "chr1", 100, 110, 1.5),  # not above the threshold
        ("chr1", 600, 610, "chr1", 700, 710, 9.0),  # no promoter
    )
    pcres, report = assign_pcres(genes(("G", "E", "chr1", 5), ("H", "E", "chr3", 5)), table, k=2, max_length=50)
    assert pcres[["start", "frequency"]].to_numpy().tolist() == [[100, 5], [200, 4]]
    for what, count in {
        "in the table": 9,
        "not above 1.5": 1,
        "between chromosomes": 1,
        "no end at a promoter": 1,
        "is the promoter, too": 2,
        "longer than 50 bp": 1,
        "the same pCRE again": 1,
        "not among its 2": 1,
        "genes without a pCRE": 1,
        "genes with pCREs": 1,
        "pCREs kept": 2,
    }.items():
        assert reported(report, what) == count, what


def test_cell_types_keep_to_their_own_contacts():
    table = contacts(("chr1", 0, 10, "chr1", 100, 110, 5.0), ("chr1", 0, 10, "chr1", 200, 210, 4.0))
    both = genes(("G", "A", "chr1", 5), ("G", "B", "chr1", 5))
    assert assign_pcres(both, table)[0]["start"].tolist() == [100, 200, 100, 200], "a table of no cell type is for all"
    pcres, report = assign_pcres(both, table.assign(cell_type=["A", "C"]))
    assert pcres[["cell_type", "start"]].to_numpy().tolist() == [["A", 100]]
    assert reported(report, "cell type without genes") == 1 and reported(report, "genes without a pCRE") == 1


def test_names_of_the_other_convention():
    pcres, _ = assign_pcres(genes(("G", "E", "chr1", 5)), contacts(("1", 0, 10, "1", 100, 110, 5.0)))
    assert pcres["chrom"].tolist() == ["chr1"]


def test_requests_that_cannot_be_met():
    gene, table = genes(("G", "E", "chr1", 5)), contacts(("chr1", 0, 10, "chr1", 100, 110, 5.0))
    with pytest.raises(ChromolabError, match="none has a frequency above min_frequency=9; the highest is 5"):
        assign_pcres(gene, table, min_frequency=9)
    with pytest.raises(ChromolabError, match="no chromosome in common: the contacts lie on chr1, the genes on II"):
        assign_pcres(gene.assign(chrom="II"), table)
    with pytest.raises(ChromolabError, match="no contact has an end at a promoter"):
        assign_pcres(gene.assign(tss=50), table)
    with pytest.raises(ChromolabError, match="expected at least 1, 0 and 1"):
        assign_pcres(gene, table, k=0)
    with pytest.raises(ChromolabError, match="row 0.*frequency=nan"):
        assign_pcres(gene, table.assign(frequency=float("nan")))


def test_a_table_that_serves_no_gene_can_be_a_line_of_the_report():
    gene, table = genes(("G", "E", "chr1", 5)), contacts(("chr1", 0, 10, "chr1", 100, 110, 5.0))
    for arguments, said in (
        ({"min_frequency": 9}, "none has a frequency above min_frequency=9; the highest is 5"),
        ({"genes": gene.assign(chrom="II")}, "no chromosome in common"),
        ({"genes": gene.assign(tss=50)}, "no contact has an end at a promoter"),
        ({"contacts": table.iloc[:0]}, "no contact in the table"),
        ({"contacts": table.assign(chrom2="chr2")}, "no contact has an end at a promoter"),
    ):
        pcres, report = assign_pcres(**({"genes": gene, "contacts": table} | arguments), none_usable="report")
        assert len(pcres) == 0 and pcres.columns.tolist() == list(PCRE_COLUMNS)
        assert reported(report, "genes without a pCRE") == 1 and said in str(report)
        with pytest.raises(ChromolabError, match=said):
            assign_pcres(**({"genes": gene, "contacts": table} | arguments))
    with pytest.raises(ChromolabError, match="none_usable: 'warn'"):
        assign_pcres(gene, table, none_usable="warn")
