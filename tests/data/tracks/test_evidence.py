"""data/tracks/evidence: what a track's values look like, against a slow look at every base."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data.tracks.bin_means import bin_means
from chromolab.data.tracks.evidence import Evidence, merged

VALUE = st.sampled_from([None, 0.0, 1.0, 2.0, 2.5, -1.0])


@given(st.lists(st.tuples(VALUE, st.integers(1, 9)), min_size=1, max_size=30), st.integers(1, 4))
@settings(deadline=None, max_examples=5, derandomize=True)
def test_evidence_equals_a_slow_look(tmp_path_factory, runs, step):
    path, values, rows = tmp_path_factory.mktemp("e") / "a.bdg", [], []
    for value, n in runs:
        if value is not None:
            rows.append(f"chr1\t{len(values)}\t{len(values) + n * step}\t{value}\n")
        values += [value] * n * step
    path.write_text("".join(rows) or "chr1\t0\t1\t1\n")
    if not rows:
        values[0] = 1.0
    region = pd.DataFrame({"chrom": ["1"], "start": [-5], "end": [len(values) + 5]})
    seen = bin_means(path, region, 7, chrom_sizes={"chr1": len(values)}, progress=False).evidence
    known = [v for v in values if v is not None]
    stretches = [v for k, v in enumerate(values) if k == 0 or values[k - 1] != v]
    changes = [k for k in range(1, len(values)) if values[k - 1] != values[k]]
    assert seen.bases == {"chr1": len(values)} and seen.covered == {"chr1": len(known)}
    assert seen.zeros == {"chr1": known.count(0.0)} and (seen.low, seen.high) == (min(known), max(known))
    assert seen.whole == all(v % 1 == 0 for v in known) and seen.distinct == tuple(sorted({*known} - {0.0}))
    assert seen.runs == sum(v not in (None, 0.0) for v in stretches)
    assert seen.touching == sum(
        a not in (None, 0.0) and b not in (None, 0.0) for a, b in zip(stretches, stretches[1:], strict=False)
    )
    assert seen.step == (np.gcd.reduce(changes) if changes else 0)


def test_nothing_seen_tells_nothing():
    empty = merged([])
    assert empty == Evidence() and empty.without == 0 and empty.zeros_left_out() is False and empty.unit is None


def test_only_chromosomes_with_data_count_for_the_share_without():
    assert Evidence(bases={"chr1": 100, "chrY": 900}, covered={"chr1": 75, "chrY": 0}).without == 0.25
