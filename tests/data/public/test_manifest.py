"""data/public/manifest: what the shipped one holds, the errors of a bad one, and that an installed chromolab has it."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chromolab.data.public.manifest import CELL_TYPES, Source, manifest_folders, read_manifest, read_source
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError

ROOT = Path(__file__).parents[3]
PAPER_CELLS = ["E003", "E004", "E005", "E006", "E007", "E016", "E066", "E087", "E114", "E116", "E118"]

GOOD = """\
title: a test
provider: Testers
placeholders:
  cell:
    meaning: a cell type
    values: [E001..E003]
  mark:
    meaning: a mark
    values: [A, B]
address: https://example.org/{cell}/{cell}-{mark}.txt.gz
mirrors: ["http://mirror.example.org/{cell}-{mark}.txt.gz"]
exists:
  - {mark: [A]}
  - {cell: [E001], mark: [B]}
absent:
  - {cell: [E002], mark: [B]}
assembly: hg19
format: bigWig
scale: depth
licence: unknown, see the source
citation: nobody
page: https://example.org
checksums: null
"""


@pytest.fixture(scope="module")
def shipped():
    return read_manifest()


def one(folder: Path, text: str = GOOD) -> Source:
    """The source that this text describes."""
    (folder / "test-source.yaml").write_text(text)
    return read_source(folder / "test-source.yaml")


# ---------------------------------------------------------------- the shipped manifest


def test_every_source_says_where_it_comes_from(shipped):
    assert len(shipped.sources) >= 12
    for source in shipped.sources.values():
        assert source.citation and source.licence and source.page.startswith("https://")
        assert source.address is None or source.address.startswith("https://")


def test_addresses_are_those_of_the_sources(shipped):
    def addresses(source, **given):
        return [a for file in shipped[source].files(**given) for a in file.addresses]

    root = "https://egg2.wustl.edu/roadmap/data"
    cell = {"cell": "E003", "mark": "H3K4me3"}
    assert addresses("roadmap-reads", **cell) == [f"{root}/byFileType/alignments/consolidated/E003-H3K4me3.tagAlign.gz"]
    signal = f"{root}/byFileType/signal/consolidated"
    assert addresses("roadmap-fold-change", **cell) == [
        f"{signal}/macs2signal/foldChange/E003-H3K4me3.fc.signal.bigwig"
    ]
    assert addresses("roadmap-pval", **cell) == [f"{signal}/macs2signal/pval/E003-H3K4me3.pval.signal.bigwig"]
    assert addresses("roadmap-imputed", **cell) == [f"{signal}Imputed/H3K4me3/E003-H3K4me3.imputed.pval.signal.bigwig"]
    assert addresses("roadmap-expression") == [f"{root}/byDataType/rna/expression/57epigenomes.RPKM.pc.gz"]
    assert addresses("chromoformer-contacts", tissue="GM", part="pair2score") == [
        "https://dohlee-bioinfo.sgp1.digitaloceanspaces.com/chromoformer-data/GM_pair2score.pickle"
    ]
    assert addresses("encode", accession="ENCFF001ABC", extension="bigWig") == [
        "https://www.encodeproject.org/files/ENCFF001ABC/@@download/ENCFF001ABC.bigWig"
    ]
    (contacts,) = shipped["jung-2019-contacts"].files(tissue="GM", kind="po")
    assert contacts.place == "jung-2019-contacts/GSE86189_GM.po.all.txt.bz2"


@pytest.mark.parametrize("source", ["roadmap-reads", "roadmap-fold-change", "roadmap-pval", "roadmap-imputed"])
def test_the_paper_cell_types_have_all_seven_marks(shipped, source):
    for cell in PAPER_CELLS:
        assert [file.combination["mark"] for file in shipped[source].files(cell=cell)] == list(MARKS)


def test_what_is_known_to_be_absent_is_said_with_what_there_is(shipped):
    with pytest.raises(ChromolabError, match=r"Roadmap has no H3K9ac for E106; it has H3K4me1, H3K4me3, .*H3K36me3"):
        shipped["roadmap-reads"].files(cell="E106", mark="H3K9ac")
    assert [f.combination["mark"] for f in shipped["roadmap-imputed"].files(cell="E106", mark="H3K9ac")] == ["H3K9ac"]
    with pytest.raises(ChromolabError, match=r"no cell E060; it has E001, E002, .*\(127 in all\)"):
        shipped["roadmap-reads"].files(cell="E060")


def test_cell_types_lead_to_the_tissue_of_their_contacts(shipped):
    tissues = ["H1", "ME", "TB", "MSC", "NPC", "H1", "LI11", "PA", "LG", "GM", "LI11"]
    for cell, tissue in zip(PAPER_CELLS, tissues, strict=True):
        (file,) = shipped["jung-2019-contacts"].files(cell=cell, kind="po")
        assert file.name == f"GSE86189_{tissue}.po.all.txt.bz2"
    both = shipped["jung-2019-contacts"].files(cell=["E003", "E016"], kind="po")
    assert len(both) == 1  # the same tissue is one file
    with pytest.raises(ChromolabError, match="no contact tissue is known for cell type E065; known are those of E003"):
        shipped["jung-2019-contacts"].files(cell="E065")


def test_the_readme_explains_every_field():
    text = (ROOT / "data_manifest" / "README.md").read_text()
    for field in Source.model_fields:
        assert f"`{field}`" in text, f"{field} is not explained"


# ---------------------------------------------------------------- which files


def test_left_out_placeholders_take_what_is_known_to_exist(tmp_path):
    names = [file.name for file in one(tmp_path).files()]
    assert names == ["E001-A.txt.gz", "E001-B.txt.gz", "E002-A.txt.gz", "E003-A.txt.gz"]
    assert [file.name for file in one(tmp_path).files(mark="B")] == ["E001-B.txt.gz"]


def test_asked_for_outright_what_is_not_known_is_tried(tmp_path):
    (file,) = one(tmp_path).files(cell="E003", mark="B")
    assert file.addresses == ("https://example.org/E003/E003-B.txt.gz", "http://mirror.example.org/E003-B.txt.gz")


@given(st.lists(st.sampled_from(["E001", "E002", "E003"]), min_size=1, max_size=3, unique=True), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_files_come_in_the_order_asked_for(tmp_path, cells, lone):
    asked = cells[0] if lone else cells
    files = one(tmp_path).files(cell=asked, mark="A")
    assert [file.combination["cell"] for file in files] == ([asked] if lone else cells)


@pytest.mark.parametrize(
    "given, message",
    [
        ({"cel": "E001"}, "no placeholder cel; it has cell, mark"),
        ({"cell": "E009"}, "Testers has no cell E009; it has E001, E002, E003"),
        ({"cell": []}, "cell is an empty list"),
        ({"cell": "E002", "mark": "B"}, "Testers has no B for E002; it has A"),
        ({"cell": "E003", "mark": ["B", "C"]}, "Testers has no mark C"),
        ({"cell": "../../etc", "mark": "A"}, "no cell ../../etc"),
    ],
)
def test_what_cannot_be_had_is_named(tmp_path, given, message):
    with pytest.raises(ChromolabError, match=re.escape(message)):
        one(tmp_path).files(**given)


@given(st.text(max_size=12))
@example("..")
@example("a/b")
@example("-rf")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_leads_out_of_the_folder(tmp_path, value):
    text = GOOD.replace("[E001..E003]", "null")
    text = text[: text.index("exists:")] + text[text.index("assembly:") :]
    try:
        (file,) = one(tmp_path, text).files(cell=value, mark="A")
    except ChromolabError:
        return
    assert (tmp_path / file.place).resolve().parent == (tmp_path / file.source.name).resolve()


def test_checksums_belong_to_file_names(tmp_path):
    known = f"checksums:\n  E001-A.txt.gz: {{size: 3, sha256: {'0a' * 32}}}\n  E002-A.txt.gz: {{size: 4}}\n"
    files = one(tmp_path, GOOD.replace("checksums: null\n", known)).files(mark="A")
    assert [(file.size, file.sha256) for file in files] == [(3, "0a" * 32), (4, None), (None, None)]


# ---------------------------------------------------------------- a manifest that is not as it should be


@pytest.mark.parametrize(
    "old, new, line, message",
    [
        ("title: a test\n", "", 1, "title: is missing"),
        ("provider:", "provder:", 2, "unknown key 'provder'; did you mean 'provider'?"),
        ("scale: depth", "scale: heights", 19, "scale: 'heights'; expected 'reads', 'depth'"),
        ("https://example.org/{cell}/", "ftp://example.org/{cell}/", 10, "address: expected an address that begins"),
        ("{cell}/{cell}-{mark}", "{cell}/{cell}", 10, "expected each placeholder in braces, and no other word"),
        ('/{cell}-{mark}.txt.gz"', '/{cell}-{marks}.txt.gz"', 11, "check mark, marks"),
        ("[A, B]", "[A, b c]", 9, "placeholders.mark.values.1: 'b c'; expected text that matches"),
        ("[E001..E003]", "[E003..E001]", 6, "E003..E001: expected an ascending range"),
        ("[E001..E003]", "[]", 6, "expected at least one"),
        ("  - {mark: [A]}", "  - {mark: [Z]}", 12, "exists: Z: not among the values of mark"),
        ("  - {cell: [E002], mark: [B]}", "  - {cel: [E002]}", 15, "absent: cel is not a placeholder"),
        ("checksums: null", "checksums: {a: {sha256: 12}}", 25, "checksums.a.sha256: 12; expected text"),
        ("checksums: null", "file: a/b", 24, "checksums: is missing"),
        ("/{cell}-{mark}.txt.gz\nm", "/{cell}-{mark}.txt gz\nm", 10, "expected an address that begins"),
        ("mirrors: [", 'mirrors: ["http://e.org/{cell}-{mark}\\n", ', 11, "expected an address that begins"),
        ("mirrors: [", 'mirrors: ["http://e.org/\\e[31m{cell}-{mark}", ', 11, "expected an address that begins"),
        ("/{cell}-{mark}.txt.gz\nm", "/{cell}-{mark}/..\nm", 1, "file: is needed, because the address ends in '..'"),
        ("/{cell}-{mark}.txt.gz\nm", "/{cell}-{mark}/\nm", 1, "file: is needed, because the address ends in ''"),
        ("title: a test", "title: a test\ntitle: again", 2, "'title' is given again (first in line 1)"),
        ("title: a test", "title: [a test", 2, "not readable as YAML"),
        ("title: a test", 'title: "a\ttest\n', 2, "not readable as YAML"),
        ("title: a test", "title: !!python/object:os.system x", 1, "not readable as YAML"),
    ],
)
def test_errors_name_file_and_line(tmp_path, old, new, line, message):
    assert old in GOOD
    with pytest.raises(ChromolabError) as caught:
        one(tmp_path, GOOD.replace(old, new, 1))
    told = str(caught.value)
    assert message in told
    assert f"{tmp_path / 'test-source.yaml'}, line " in told
    if not message.startswith(("not readable as YAML", "checksums")):
        assert f"line {line}: " in told, told


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "is empty; expected the description of a source"),
        (b"- a\n- b\n", " at the top; expected the description of a source"),
        (b"\xff\xfe\x00", "not text"),
        (b"a: &x 1\nb: *x\n", "line 1: used again through an alias"),
        (b"a: &x [*x]\n", "used again through an alias"),
        (b"title: 2026-13-45\n", "not readable as YAML"),
        (b"title: !!bool maybe\n", "not readable as YAML"),
        (b"title: " + b"[" * 5000 + b"\n", "not readable as YAML (maximum recursion"),
    ],
)
def test_what_is_no_manifest_is_refused(tmp_path, content, message):
    (tmp_path / "bad.yaml").write_bytes(content)
    with pytest.raises(ChromolabError, match=re.escape(message)) as caught:
        read_manifest(tmp_path)
    assert "bad.yaml" in str(caught.value)


@given(st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_manifest_is_read_or_refused(tmp_path, data):
    text = bytearray(GOOD.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    path = tmp_path / "test-source.yaml"
    path.write_bytes(text)
    try:
        read_source(path).files(mark="A")
    except ChromolabError:
        pass


# ---------------------------------------------------------------- where manifests are found


def test_own_folders_come_first_and_add_cell_types(tmp_path, monkeypatch):
    mine = tmp_path / "mine"
    mine.mkdir()
    one(mine)
    (mine / "roadmap-genes.yaml").write_text(GOOD)
    (mine / CELL_TYPES).write_text("cell_types:\n  E065: {name: my aorta, tissue: LG}\n")
    monkeypatch.setenv("CHROMOLAB_MANIFEST", str(mine))
    manifest = read_manifest()
    assert manifest["test-source"].provider == manifest["roadmap-genes"].provider == "Testers"
    assert manifest.cell_types["E065"].name == "my aorta" and manifest.cell_types["E003"].tissue == "H1"
    (file,) = manifest["jung-2019-contacts"].files(cell="E065", kind="pp")
    assert file.combination["tissue"] == "LG"


def test_a_folder_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("CHROMOLAB_MANIFEST", f"{tmp_path}{os.pathsep}{tmp_path / 'gone'}")
    with pytest.raises(ChromolabError, match="gone: no such folder; expected one with a YAML file per source"):
        read_manifest()


def test_an_unknown_source_is_named_with_those_there_are(shipped):
    with pytest.raises(ChromolabError, match="no source 'roadmap'; there are .*roadmap-reads"):
        shipped["roadmap"]


def test_every_package_is_listed_for_installation():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    here = {".".join(p.parent.relative_to(ROOT).parts) for p in (ROOT / "chromolab").rglob("__init__.py")}
    assert set(project["packages"]) == here | {"chromolab.data_manifest", "chromolab.course"}


def files_of(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts}


def of_bundles(name):
    """Whether a file of the package is only what the widgets' bundles are made from."""
    path = Path(name)
    kept = path.suffix in (".py", ".css", ".yaml") or path.name == "bundle.js"
    return name.startswith("show/widgets/") and not kept


@pytest.mark.slow
def test_an_installed_chromolab_has_every_file_and_the_manifest(tmp_path):
    """Built and unpacked as pip does it, from a copy, and used from elsewhere."""
    source, site = tmp_path / "source", tmp_path / "site"
    source.mkdir()
    beside = ("data_manifest", "notebooks", "constraints.txt", "pyproject.toml", "README.md", "LICENSE")
    for name in ("chromolab", *beside):
        subprocess.run(["cp", "-r", ROOT / name, source], check=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", site, source], check=True, capture_output=True)
    every = files_of(site / "chromolab")
    installed = {name for name in every if not name.startswith(("data_manifest/", "course/"))}
    assert installed == {n for n in files_of(ROOT / "chromolab") if not of_bundles(n)}, "package-data of pyproject.toml"
    course = {f"course/notebooks/{p.name}" for p in (ROOT / "notebooks").glob("*.ipynb")}
    assert course | {"course/constraints.txt"} <= every
    code = "from chromolab.data.public.manifest import manifest_folders, read_manifest; "
    code += "print(manifest_folders()[0], len(read_manifest().sources), sep='\\n'); "
    code += "import chromolab as cl; cl.pretrained(), cl.results('compare')"  # a model and a table come along, too
    env = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    folder, count = done.stdout.split()
    assert Path(folder) == site / "chromolab" / "data_manifest"
    assert int(count) == len(list((ROOT / "data_manifest").glob("*.yaml"))) - 1  # cell_types.yaml is no source
    assert manifest_folders() == [ROOT / "data_manifest"]


def test_the_manifest_is_plain_yaml():
    for path in (ROOT / "data_manifest").glob("*.yaml"):
        assert isinstance(yaml.safe_load(path.read_text()), dict)


def test_files_without_end_are_not_counted_out(tmp_path):
    many = GOOD.replace("[E001..E003]", "[E0001..E9999]").replace("[A, B]", "[M0001..M9999]")
    many = re.sub(r"exists:.*?assembly", "assembly", many, flags=re.DOTALL)
    with pytest.raises(ChromolabError, match="test-source: 99,980,001 files; give values for more of cell, mark"):
        one(tmp_path, many).files()
    assert len(one(tmp_path, many).files(cell="E0001", mark=["M0001", "M0002"])) == 2
