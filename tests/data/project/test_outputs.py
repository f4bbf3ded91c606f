"""data/project/outputs: a build writes over nothing but an earlier build's own files."""

import pytest
from helpers.own_data import healthy, write

import chromolab as cl
from chromolab.errors import ChromolabError
from chromolab.show.cli.main import main


@pytest.fixture
def own(tmp_path, world):
    return tmp_path, healthy(tmp_path, world) | {"window": 8000, "resolutions": [1000, 200]}


def contents(folder) -> dict:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def refused(folder, chosen, word, capsys):
    """The build, its plan and the doctor refuse with this word, and nothing is written."""
    path = write(folder, chosen)
    before = contents(folder)
    with pytest.raises(ChromolabError, match=rf"my.yaml, line \d+: .*{word}"):
        cl.build(path, progress=False, again=True)
    assert main(["data", "build", str(path), "--dry-run"]) == 1 and main(["doctor", str(path)]) == 1
    assert word.replace("\\", "") in capsys.readouterr().out
    assert contents(folder) == before


@pytest.mark.parametrize("out", ["genes.gtf", "my.yaml", "simA1-H3K4me3.bw", "own.html", "own"])
def test_out_must_be_a_clds(own, out, capsys):
    folder, chosen = own
    refused(folder, chosen | {"out": out}, r"ends in \.clds", capsys)


@pytest.mark.parametrize("what", ["annotation", "track"])
def test_an_input_called_clds_is_left_alone(own, what, capsys):
    folder, chosen = own
    if what == "annotation":
        (folder / "genes.gtf").rename(folder / "own.clds")
        chosen["annotation"]["file"] = "own.clds"
    else:
        (folder / "simA1-H3K4me3.bw").rename(folder / "own.html")
        chosen["cell_types"]["simA1"]["tracks"]["H3K4me3"] = "own.html"
    refused(folder, chosen, "which the build reads", capsys)


def test_strangers_files_are_left_alone(own, capsys):
    folder, chosen = own
    (folder / "own.html").write_text("<html>my notes</html>")
    refused(folder, chosen, "which no build of chromolab wrote", capsys)
    (folder / "own.html").unlink()
    (folder / "own.clds").write_text("my thesis")
    refused(folder, chosen, "which no build of chromolab wrote", capsys)
    (folder / "own.clds").unlink()
    (folder / "own.clds").mkdir()
    refused(folder, chosen, "which no build of chromolab wrote", capsys)


def test_an_earlier_build_is_replaced_even_where_it_is_damaged(own):
    folder, chosen = own
    path = write(folder, chosen)
    cl.build(path, progress=False)
    first = contents(folder)
    (folder / "own.clds").write_bytes(first["own.clds"][:20_000])
    cl.build(path, progress=False)
    assert contents(folder) == first
