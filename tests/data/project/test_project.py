"""data/project/project: a my.yaml with a memory. Its files are found once and each is read once, however many ask."""

import sys
from collections import Counter

import pytest
from helpers.own_data import healthy, write

import chromolab as cl
from chromolab.data.contacts.formats import read_contacts
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.genes.expression import open_expression
from chromolab.data.intervals import read_regions
from chromolab.data.project import build
from chromolab.data.project.config import read_config
from chromolab.data.project.inputs import find
from chromolab.data.project.pieces import fingerprint
from chromolab.data.project.project import Project
from chromolab.data.public.manifest import read_manifest
from chromolab.errors import ChromolabError

# Before plan, build and doctor shared a Project, one build found its files 3 times, read the manifest 3 times (16 YAML
# files each), parsed the annotation twice and took each file's fingerprint twice.
ONCE = (read_config, find, read_annotation, open_expression, read_regions)


@pytest.fixture
def own(tmp_path, tiny_world):
    small = {"window": 8000, "resolutions": [1000, 200], "folds": 3, "within": "regions.bed"}
    (tmp_path / "regions.bed").write_text("".join(f"chr{i}\t0\t1000000\n" for i in (1, 2, 3)))
    return tmp_path, healthy(tmp_path, tiny_world, marks=("H3K4me3",), cells=["simB1"]) | small


@pytest.fixture
def calls(monkeypatch):
    """How often each function of `ONCE`, `read_manifest` and `fingerprint` is called, from wherever in chromolab."""
    counts = Counter()
    for function in (*ONCE, read_manifest, read_contacts, fingerprint):
        _count(monkeypatch, function, counts)
    return counts


def _count(monkeypatch, function, counts):
    def counted(*arguments, **named):
        counts[function.__name__] += 1
        return function(*arguments, **named)

    for name, module in list(sys.modules.items()):
        if name.startswith("chromolab") and vars(module).get(function.__name__) is function:
            monkeypatch.setattr(module, function.__name__, counted)


def test_a_build_finds_its_files_once_and_reads_each_once(own, calls):
    folder, settings = own
    path = write(folder, settings)
    dataset = cl.build(path, 1, progress=False)
    assert {f.__name__: calls[f.__name__] for f in ONCE} == {f.__name__: 1 for f in ONCE}
    assert calls["read_contacts"] == 1 and calls["read_manifest"] == 0  # no part of it has a source
    # six files: once before they are read; the track again after it was read, and all once more at the end
    assert calls["fingerprint"] == 6 + 1 + 6
    calls.clear()
    assert len(cl.build(path, 1, progress=False)) == len(dataset)  # it is there
    assert calls["find"] == 1 and calls["fingerprint"] == 6 and not calls["read_annotation"]


def test_the_doctor_reads_each_file_once(own, calls):
    found = cl.doctor(write(*own))
    assert {"genes", "folds", "content", "contacts"} <= {f.check for f in found if f.state != "skipped"}
    assert all(calls[f.__name__] == 1 for f in ONCE), calls


def test_the_manifest_is_read_once_where_a_part_has_a_source(own, calls, monkeypatch):
    folder, settings = own
    (folder / "manifest").mkdir()
    (folder / "manifest" / "tests.yaml").write_text(
        "title: simulated\nprovider: tests\naddress: null\nfile: H3K4me3.bw\nassembly: null\nformat: bigWig\n"
        "scale: depth\nlicence: none\ncitation: none\npage: https://example.org\nchecksums: null\n"
    )
    monkeypatch.setenv("CHROMOLAB_MANIFEST", str(folder / "manifest"))
    monkeypatch.setenv("CHROMOLAB_CACHE", str(folder / "cache"))
    (folder / "cache" / "downloads" / "tests").mkdir(parents=True)
    (folder / "simB1-H3K4me3.bw").rename(folder / "cache" / "downloads" / "tests" / "H3K4me3.bw")
    settings["cell_types"]["simB1"]["tracks"]["H3K4me3"] = {"source": "tests"}
    cl.build(write(folder, settings), 1, progress=False)
    assert calls["read_manifest"] == 1 and calls["find"] == 1


def test_a_file_that_changes_after_the_doctor_read_it_is_noticed(own, monkeypatch):
    """The fingerprints are older than every reading: what was read before the build began is not trusted blindly."""
    folder, settings = own
    path, make_plan = write(folder, settings), build.make_plan

    def meanwhile(project):
        (folder / "genes.gtf").write_text((folder / "genes.gtf").read_text() + "# more\n")
        return make_plan(project)

    monkeypatch.setattr(build, "make_plan", meanwhile)
    with pytest.raises(ChromolabError, match="genes.gtf: changed while the dataset was being built"):
        cl.build(path, 1, progress=False)
    assert not (folder / "own.clds").exists()


def test_a_project_remembers(own):
    folder, settings = own
    project = Project(write(folder, settings))
    assert project.genes is project.genes and project.annotation is project.annotation
    assert set(project.genes[0]["gene_id"]) <= set(project.annotation["gene_id"])
    assert project.marks == ("H3K4me3",) and project.key == Project(folder / "my.yaml").key


def test_the_expression_table_may_be_any_programs(own):
    """featureCounts' own lengths, a file without a header, decimal commas; another column's text matters to nobody."""
    folder, settings = own
    genes = read_annotation(folder / "genes.gtf")["gene_id"].tolist()
    counts, length = [7 * i % 31 for i in range(len(genes))], [500 + 10 * i for i in range(len(genes))]
    rows = [f"{g}\tchr1\t1\t9\t+\t{n}\t{c}\tNA" for g, n, c in zip(genes, length, counts, strict=True)]
    tables = {
        "counts": ["# Program:featureCounts", "Geneid\tChr\tStart\tEnd\tStrand\tLength\tsimB1\tother", *rows],
        "RPKM": [f"{g};x;{str(c * 0.25).replace('.', ',')}" for g, c in zip(genes, counts, strict=True)],
    }
    right = {
        "counts": [c * 1e9 / n / sum(counts) for c, n in zip(counts, length, strict=True)],
        "RPKM": [c * 0.25 for c in counts],
    }
    for unit, lines in tables.items():
        (folder / "simB1.txt").write_text("\n".join(lines) + "\n")
        (folder / "genes.gtf").write_text(
            "".join(line for line in (folder / "genes.gtf").read_text().splitlines(True) if "\texon\t" not in line)
        )
        project = Project(write(folder, settings | {"expression": {"file": "simB1.txt", "unit": unit}}))
        assert project.expression["simB1"].tolist() == pytest.approx(right[unit]), unit
        table, reports = project.genes
        assert len(table) and (unit == "counts" or "decimal commas" in str(reports["simB1"]))


def test_a_missing_column_is_told_with_the_line_of_its_cell_type(own):
    folder, settings = own
    table = (folder / "rpkm.tsv").read_text().splitlines()
    (folder / "rpkm.tsv").write_text("\n".join([table[0].replace("simB1", "simB2"), *table[1:]]) + "\n")
    with pytest.raises(ChromolabError, match=r"my\.yaml, line \d+: .*rpkm\.tsv has no column 'simB1' for it; it has "):
        _ = Project(write(folder, settings)).expression
