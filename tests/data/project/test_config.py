"""data/project/config: a my.yaml is read safely, and every mistake is named with its line."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from chromolab.data.project.config import EXAMPLE, read_config, write_example
from chromolab.data.project.inputs import find
from chromolab.errors import ChromolabError

GOOD = """annotation: genes.gtf
expression: {file: rpkm.tsv, unit: RPKM}
cell_types:
  E003:
    tracks:
      H3K4me3: a.bw
      CTCF: {file: b.bw, scale: depth}
    contacts: c.tsv
  "007":
    expression: seven
    tracks: {H3K4me3: d.bw, CTCF: e.bw}
"""

LONG = ["9" * 5000, "0x" + "f" * 5000, "0b" + "1" * 20_000, "0" + "7" * 6000, "1" + ":59" * 9000, "0." + "1" * 5000]


@pytest.fixture
def read(tmp_path):
    def reader(text):
        path = tmp_path / "my.yaml"
        path.write_text(text) if isinstance(text, str) else path.write_bytes(text)
        return read_config(path)

    return reader


def test_what_a_file_says(read, tmp_path):
    config = read(GOOD + "folds: human\nresolutions: [1000, 200]\nextra_tracks: {PC1: pc.bw}\n")
    assert list(config.cell_types) == ["E003", "007"]
    assert list(config.tracks("E003")) == ["H3K4me3", "CTCF", "PC1"]
    assert config.tracks("E003")["CTCF"].scale == "depth" and config.tracks("E003")["H3K4me3"].file == "a.bw"
    assert config.folds.chromosomes[4] == ["chr9", "chr13", "chr17", "chr19", "chr22", "chrX"]
    assert config.window == 40_000 and config.resolutions == [1000, 200] and config.n_pcres == 8
    assert config.place("a.bw") == (tmp_path / "a.bw").resolve() and config.place("/x/a.bw").as_posix() == "/x/a.bw"
    assert config.where("cell_types", "E003", "tracks", "CTCF").endswith("my.yaml, line 7")
    assert config.where("cell_types", "E003", "expression").endswith("line 4")  # not given: where it would stand


@pytest.mark.parametrize(
    ("text", "folds"),
    [
        ("4", {"number": 4}),
        ("a.bed", {"regions": "a.bed"}),
        ("{1: [chr1], 2: [chr2]}", {"chromosomes": {1: ["chr1"], 2: ["chr2"]}}),
        ("{regions: a.bed, number: 3}", {"regions": "a.bed", "number": 3}),
    ],
)
def test_folds_in_every_form(read, text, folds):
    assert read(GOOD + f"folds: {text}\n").folds.model_dump(exclude_none=True) == folds


def test_mouse_folds_hold_each_autosome_once(read):
    chromosomes = read(GOOD + "folds: mouse\n").folds.chromosomes
    assert sorted(c for fold in chromosomes.values() for c in fold) == sorted(f"chr{i}" for i in range(1, 20))


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (GOOD + "windw: 4\n", 12, "unknown key 'windw'; did you mean 'window'?"),
        (GOOD.replace("tracks:\n", "trakcs:\n"), 5, "unknown key 'trakcs'; did you mean 'tracks'?"),
        (GOOD.replace("scale: depth", "scael: depth"), 7, "did you mean 'scale'?"),
        (GOOD + "window: '3'\n", 12, "window: '3'; expected a whole number"),
        (GOOD + "window: true\n", 12, "expected a whole number"),
        (GOOD + "window: 3000\n", 12, "expected an even window that each divides"),
        (GOOD + "resolutions: [100, a]\n", 12, "resolutions.1: 'a'; expected a whole number"),
        (GOOD + "folds: {1: [chr1], 2: chr2}\n", 12, "folds.chromosomes.2: 'chr2'"),
        (GOOD + "folds: true\n", 12, "a number of folds"),
        (GOOD + "folds: {number: 0}\n", 12, "folds.number: 0; expected at least 1"),
        (GOOD + "folds: {1: [chr1], 01: [chr2]}\n", 12, "expected different numbers of folds"),
        (GOOD + "folds: {0: [chr1]}\n", 12, "from 1 to 1000"),
        (GOOD + f"folds: {{{'9' * 600}: [chr1]}}\n", 12, "from 1 to 1000"),
        (GOOD + "folds:\n  1: [chr1]\n  2: [chr2, '1']\n", 14, "1 is in fold 1 and in fold 2"),
        (GOOD + "folds: 100000\n", 12, "expected at most 1000"),
        (GOOD + "window: 1000000000000000000000000\n", 12, "expected at most 10000000"),
        (GOOD + "n_pcres: 1000000000000\n", 12, "expected at most 1000"),
        (GOOD + "resolutions: []\n", 12, "resolutions: []; expected at least one"),
        (GOOD + "min_frequency: .inf\n", 12, "expected a finite number"),
        (GOOD + "out: genes.gtf\n", 12, "ends in .clds"),
        (GOOD + "within: ''\n", 12, "expected a path"),
        (GOOD + "within: ~nosuchuser/a.bed\n", 12, "there is no such user"),
        (GOOD + f"within: {'x' * 300}\n", 12, "expected a path, which is shorter"),
        (GOOD + 'within: "a\\0b"\n', 12, "expected text that can be written"),
        (GOOD + 'name: "\\uD800"\n', 12, "expected text that can be written"),
        (GOOD + '"\\uD800": 3\n', 12, "expected text that can be written"),
        (GOOD.replace("genes.gtf", "{file: g.gtf, tss: nope}"), 1, "expected one of outermost, gene, common, longest"),
        (GOOD.replace("genes.gtf", "{file: g.gtf, tss: longest, feature: gene}"), 1, "needs the transcripts"),
        (GOOD.replace("expression: seven", "expression: [1]"), 10, "expected a column's name, or RNA tracks"),
        (GOOD.replace("expression: seven", "expression: {track: a, over: exon}"), 10, "'gene' or a whole number"),
        (GOOD.replace("expression: seven", "expression: {track: a, over: 99999999999}"), 10, "at most 10000000"),
        (
            GOOD.replace("contacts: c.tsv", "contacts: {file: c.tsv, columns: 3}"),
            8,
            "contacts.columns: 3; expected keys and values (key: value) or a list",
        ),
        (GOOD.replace("scale: depth", "scale: deep"), 7, "'fold_change'"),
        (GOOD.replace("a.bw", "{scale: depth}"), 6, "expected either file: (a path) or source:"),
        (GOOD.replace("a.bw", "[a.bw]"), 6, "expected the keys file"),
        (GOOD.replace("a.bw", "3"), 6, "expected the keys file"),
        (GOOD.replace("a.bw", "https://x.org/a.bw"), 6, "expected a path on this machine"),
        (GOOD.replace("unit: RPKM", "unit: rpkm"), 2, "expected 'RPKM', 'FPKM', 'TPM' or 'counts'"),
        (GOOD.replace("expression: seven", "expression: {track: a, forward: b}"), 10, "expected track:"),
        (GOOD.replace("expression: seven", "expression: {track: a, over: 0}"), 10, "over: 0; expected"),
        (GOOD.replace("expression: {file: rpkm.tsv, unit: RPKM}", "name: x"), 10, "names the column 'seven'"),
        (GOOD.replace("contacts: c.tsv", "contacts: {file: c.tsv, format: hic}"), 8, "expected one of table"),
        (GOOD.replace("contacts: c.tsv", "contacts: {file: c.tsv, elements: e.bed}"), 8, "expected one of file:"),
        (GOOD.replace("contacts: c.tsv", "contacts: {min_frequency: 1}"), 8, "and elements: (a list of elements"),
        (GOOD.replace("contacts: c.tsv", "contacts: {elements: e.bed, bin_size: 5}"), 8, "elements: takes no bin_size"),
        (GOOD + "extra_tracks: {CTCF: x.bw}\n", 5, "is also in extra_tracks"),
        (GOOD + "published: {meta: a.csv, arrays: npy}\n", 12, "brings its own genes"),
        ("published: {meta: a.csv}\n", 1, "expected meta: and arrays:, or deepchrome:"),
        ("published: {meta: a.csv, arrays: n, deepchrome: {E003: a.csv}}\n", 1, "expected meta: and arrays:, or"),
        (GOOD + "assembly: hg20\n", 12, "another genome with chrom_sizes"),
        (GOOD + "dtype: int8\n", 12, "'float16'"),
        ("window: 40000\n", 1, "annotation: is missing"),
        ("annotation: a.gtf\n", 1, "cell_types: is missing"),
        ("annotation: a.gtf\ncell_types: {A: {tracks: {}}}\n", 2, "has no tracks"),
        ("a: 1\nb: [1\nc: 2\n", 3, "not readable as YAML"),
        ("window: 1\nout: a\nwindow: 2\n", 3, "'window' is given again (first in line 1)"),
        ("annotation: !!python/object/apply:os.system [ls]\n", 1, "without tags"),
        ("annotation: &a [x]\nexpression: *a\n", 1, "used again through an alias"),
        ("? [1]\n: 2\n", 1, "a list or mapping as a key"),
        *[(GOOD + f"window: {text}\n", 12, "expected a number of at most") for text in LONG],
        (GOOD + f"window: {'9' * 50}\n", 12, "window: 999"),
    ],
)
def test_a_mistake_is_named_with_its_line(read, text, line, word):
    with pytest.raises(ChromolabError) as caught:
        read(text)
    assert f"my.yaml, line {line}: " in str(caught.value) and word in str(caught.value), caught.value
    for internal in ("function-", "literal[", "dict", " valid ", "Input", "after validation"):
        assert internal not in str(caught.value), caught.value


def test_a_path_that_leads_nowhere_is_told(read, tmp_path):
    (tmp_path / "a.bed").symlink_to("b.bed")
    (tmp_path / "b.bed").symlink_to("a.bed")
    with pytest.raises(ChromolabError, match="a.bed"):
        find(read(GOOD + "within: a.bed\n"), fetch=False)
    deep = "/".join(["x" * 200] * 4)  # a path that is too long for any system
    with pytest.raises(ChromolabError, match="line 12"):
        find(read(GOOD + f"within: {deep}\n"), fetch=False)


@pytest.mark.parametrize("text", ["", "- 1\n", "word\n", b"\xff\xfe\x00", "window: 2001-13-40\n", "\0"])
def test_what_is_no_such_file(read, text):
    with pytest.raises(ChromolabError, match="my.yaml"):
        read(text)


def test_mistakes_in_several_parts_are_told_together_and_in_order(read):
    with pytest.raises(ChromolabError) as caught:
        read(GOOD.replace("unit: RPKM", "unit: x").replace("scale: depth", "scael: depth") + "dtype: int8\n")
    lines = [text.split(", line ")[1].split(":")[0] for text in str(caught.value).splitlines()]
    assert lines == ["2", "7", "12"]


def test_the_example_is_read_and_never_overwritten(tmp_path):
    path = write_example(tmp_path / "new.yaml")
    assert path.read_bytes() == EXAMPLE.read_bytes() and list(read_config(path).cell_types) == ["my_cells"]
    with pytest.raises(ChromolabError, match="already exists"):
        write_example(path)
    with pytest.raises(ChromolabError, match="its folder does not exist"):
        write_example(tmp_path / "gone" / "new.yaml")


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 50_000) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
keys = ["annotation", "expression", "cell_types", "folds", "window", "resolutions", "published", "out", "extra_tracks"]


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(st.sampled_from(keys), values, min_size=1, max_size=5))
def test_any_yaml_is_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "my.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(GOOD) | content, allow_unicode=True))
    try:
        read_config(path)
    except ChromolabError as e:
        assert "my.yaml" in str(e)
