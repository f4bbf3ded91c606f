"""data/project/inputs: where every file of a my.yaml lies, and the line of each one that is not there."""

import pytest
import yaml

from chromolab.data.project.config import read_config
from chromolab.data.project.inputs import find, from_manifest, to_fetch
from chromolab.data.public.downloads import Downloads
from chromolab.errors import ChromolabError

SOURCE = """title: simulated
provider: a test
placeholders:
  cell: {meaning: a cell type, values: [E003, E116]}
  mark: {meaning: a mark, values: [H3K4me3, H3K27ac]}
address: http://127.0.0.1:9/{cell}-{mark}.bigwig
assembly: hg19
format: bigWig
scale: depth
licence: none
citation: none
page: http://127.0.0.1:9/
checksums: null
"""
SETTINGS = {
    "chrom_sizes": "chrom.sizes",
    "annotation": {"file": "genes.gtf", "compare": "other.gtf"},
    "expression": {"file": "rpkm.tsv", "unit": "RPKM"},
    "cell_types": {
        "E003": {
            "tracks": {"H3K4me3": "a.bw", "H3K27ac": {"file": "b.bw", "scale": "depth"}},
            "contacts": "GM_frag2neighbors.pickle",
        },
        "E116": {"tracks": {"H3K4me3": "c.bw", "H3K27ac": "a.bw"}},
    },
}
NAMED = ["chrom.sizes", "genes.gtf", "other.gtf", "rpkm.tsv", "a.bw", "b.bw", "c.bw", "GM_frag2neighbors.pickle"]


@pytest.fixture
def config(tmp_path):
    """Write settings as a my.yaml, and empty files of these names beside it."""

    def write(settings=SETTINGS, files=NAMED):
        for name in files:
            (tmp_path / name).write_text("")
        (tmp_path / "my.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
        return read_config(tmp_path / "my.yaml")

    return write


def with_source(of=None, **more):
    """The settings with the tracks of E003 from the data manifest."""
    source = {"source": "toy"} | ({} if of is None else {"of": of})
    tracks = {"H3K4me3": source, "H3K27ac": "b.bw"}
    return SETTINGS | more | {"cell_types": {"E003": {"tracks": tracks}}}


@pytest.fixture
def manifest(tmp_path, monkeypatch):
    (tmp_path / "manifest").mkdir()
    (tmp_path / "manifest" / "toy.yaml").write_text(SOURCE)
    monkeypatch.setenv("CHROMOLAB_MANIFEST", str(tmp_path / "manifest"))
    monkeypatch.setenv("CHROMOLAB_CACHE", str(tmp_path / "cache"))


def test_every_file_has_its_place_and_its_name_in_the_yaml(config, tmp_path):
    files = find(config())
    place = {name: (tmp_path / name).resolve() for name in NAMED}
    assert files.tracks == {
        "E003": {"H3K4me3": place["a.bw"], "H3K27ac": place["b.bw"]},
        "E116": {"H3K4me3": place["c.bw"], "H3K27ac": place["a.bw"]},
    }
    assert files.scales["E003", "H3K27ac"] == "depth" and files.scales["E003", "H3K4me3"] is None
    assert (files.annotation, files.compare, files.expression) == (
        place["genes.gtf"],
        place["other.gtf"],
        place["rpkm.tsv"],
    )
    assert files.contacts == {"E003": place["GM_frag2neighbors.pickle"]}
    assert sorted(files.every()) == sorted(place.values())  # a.bw, which two tracks name, once
    assert files.named[place["a.bw"]] == "cell_types E003 tracks H3K4me3"


def test_the_other_pickle_of_a_pair_is_an_input_too(config, tmp_path):
    files = find(config(files=[*NAMED, "GM_pair2score.pickle"]))
    assert files.named[(tmp_path / "GM_pair2score.pickle").resolve()] == "cell_types E003 contacts"


def test_all_missing_files_are_named_with_their_lines(config):
    with pytest.raises(ChromolabError) as error:
        find(config(files=[name for name in NAMED if name not in ("genes.gtf", "c.bw")]))
    lines = str(error.value).splitlines()
    assert [line for line in lines if "genes.gtf" in line and "my.yaml, line 2" in line]
    assert [line for line in lines if "c.bw" in line and "my.yaml, line 18" in line]
    assert "a.bw" not in str(error.value)


def test_a_source_of_the_manifest_takes_the_entrys_cell_type_and_mark(config, manifest):
    described = from_manifest(config(with_source()))
    assert list(described) == [("cell_types", "E003", "tracks", "H3K4me3")]
    assert described["cell_types", "E003", "tracks", "H3K4me3"].place == "toy/E003-H3K4me3.bigwig"
    other = from_manifest(config(with_source(of={"cell": "E116", "mark": "H3K27ac"})))
    assert other["cell_types", "E003", "tracks", "H3K4me3"].place == "toy/E116-H3K27ac.bigwig"


def test_what_is_here_need_not_be_fetched(config, manifest, tmp_path):
    chosen = config(with_source())
    assert [file.place for file in to_fetch(chosen)] == ["toy/E003-H3K4me3.bigwig"]
    path = Downloads.below().path("toy/E003-H3K4me3.bigwig")
    path.parent.mkdir(parents=True)
    path.write_text("")
    assert to_fetch(chosen) == []
    files = find(chosen, fetch=False)
    assert files.tracks["E003"]["H3K4me3"] == path
    assert files.scales["E003", "H3K4me3"] == "depth"  # as the manifest declares it


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (with_source(of={"cell": "E999"}), r"my.yaml, line \d+: .*E999"),
        (with_source(annotation={"source": "toy"}), r"toy: 4 files; expected one. Choose it with of: cell, mark"),
        (with_source(assembly="hg38"), "toy is of hg19, this dataset of hg38"),
    ],
)
def test_a_source_that_gives_no_one_file_is_refused(config, manifest, settings, words):
    with pytest.raises(ChromolabError, match=words):
        find(config(settings), fetch=False)
