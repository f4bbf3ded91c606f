"""show/widgets/whatif/files and script: what the lab writes down can be read, and run, by itself."""

import json
import runpy

import numpy as np
import pytest
from helpers.widgets import act, add, erased, toy_models

import chromolab as cl
from chromolab.show.widgets.whatif.lab import WhatIf


def saved(lab):
    return lab.reply({"kind": "text"})[0]["json"]


def test_edits_come_and_go_as_a_file(whatif):
    add(whatif, erased(whatif), erased(whatif, "B"))
    edits, text = whatif.edits, saved(whatif)
    assert cl.edits.from_json(text) == edits
    act(whatif, {"do": "reset"}, {"do": "load", "text": text})
    assert whatif.edits == edits
    whatif.edits = edits[:1]
    assert whatif.edits == edits[:1]
    act(whatif, {"do": "reset"}, {"do": "load", "text": cl.edits.to_json(edits)})  # as files were until now
    assert whatif.edits == edits


def test_a_file_names_gene_cell_type_models_and_version(whatif):
    add(whatif, erased(whatif))
    row = whatif.gene.genes.iloc[0]
    about = json.loads(saved(whatif))["about"]
    assert {k: about[k] for k in ("gene_id", "gene_name", "cell_type")} == dict(
        row[["gene_id", "gene_name", "cell_type"]]
    )
    assert about["version"] == cl.__version__ and about["models"][0] == "Chromoformer, classification"
    model = cl.pretrained("regression", 2, contacts="strong")
    assert eval(model.made_by, {"cl": cl}).checkpoint == model.checkpoint


def test_a_file_of_another_gene_says_so_by_name_and_opens_that_gene_when_asked(whatif):
    add(whatif, erased(whatif))
    text, edits, own = saved(whatif), whatif.edits, whatif.gene.genes["gene_id"].iloc[0]
    whatif.reply({"kind": "gene", "gene_id": "G2", "cell_type": "toy"})
    said = act(whatif, {"do": "load", "text": text})[0]["error"]
    assert f"edits of name{own[1:]} {own} in toy" in said and "shows name2 G2 in toy" in said and whatif.edits == []
    state, buffers = whatif.reply({"kind": "open", "text": text})
    assert state["gene"]["gene_id"] == own and whatif.edits == edits and len(buffers) == 2
    gone = json.dumps(json.loads(text) | {"about": {"gene_id": "G999", "cell_type": "toy"}})
    with pytest.raises(cl.ChromolabError, match="no gene 'G999'"):
        whatif.reply({"kind": "open", "text": gone})
    assert whatif.edits == edits


def test_edits_of_another_cell_type_are_applied_and_said(whatif):
    text = cl.edits.to_json([cl.erase("A", erased(whatif)["region"])], about={"cell_type": "liver"})
    state = act(whatif, {"do": "load", "text": text})[0]
    assert state["edits"] == 1 and "made in liver; here they are applied to toy" in state["note"]
    assert act(whatif, {"do": "undo"})[0]["note"] is None


@pytest.mark.parametrize("about", ["x", [1], None])
def test_what_a_file_says_of_itself_is_checked(about):
    with pytest.raises(cl.ChromolabError, match="expected"):
        cl.edits.from_json(json.dumps({"format": "chromolab-edits-1", "about": about, "edits": []}))


def test_a_mark_that_the_dataset_lacks_is_the_files(whatif):
    text = cl.edits.to_json([cl.erase("H3K99me9", erased(whatif)["region"])])
    assert "names the mark H3K99me9, which this dataset lacks" in act(whatif, {"do": "load", "text": text})[0]["error"]


def test_a_lab_opens_with_a_gene_and_edits_or_with_a_file(dataset, tmp_path):
    edits = [cl.drop_pcre("{chrom}:{start}-{end}".format(**dataset.gene("G3").pcres().iloc[0]))]
    with pytest.raises(cl.ChromolabError, match="no contact"):
        WhatIf(toy_models(), dataset, gene="G0", edits=edits)
    lab = WhatIf(toy_models(), dataset, gene="G3", edits=edits)
    assert lab.edits == edits
    file = tmp_path / "edits.json"
    file.write_text(saved(lab))
    again = WhatIf(toy_models(), dataset, edits=file)
    assert again.edits == edits and again.gene.genes["gene_id"].iloc[0] == "G3"
    lab.close()
    again.close()


def test_the_script_runs_as_a_whole_and_gives_the_labs_numbers(whatif, tmp_path, monkeypatch, capsys):
    """A dataset and models that only the reader has are read from the files that its comments name."""
    add(whatif, erased(whatif), erased(whatif, "B"))
    monkeypatch.chdir(tmp_path)
    whatif.session.dataset.save("dataset.clds")
    for task, models in whatif.session.models.items():
        for number, model in enumerate(models):
            cl.save_checkpoint(model, f"{task}-{number}.pt")
    (tmp_path / "script.py").write_text(whatif.reply({"kind": "text"})[0]["python"])
    made = runpy.run_path("script.py")
    assert made["edits"] == whatif.edits
    np.testing.assert_array_equal(made["edited"].signal.depth, whatif.edited.signal.depth)
    said = [line.rpartition(" ")[2] for line in capsys.readouterr().out.splitlines()]
    assert said == [f"{after:.3f}" for after in whatif.predictions["after"]]


@pytest.mark.slow
def test_the_script_makes_the_teaching_genome_and_the_models_that_ship(strong_world, tmp_path, capsys):
    lab = WhatIf(world=strong_world, dataset=strong_world.dataset(progress=False))
    act(lab, {"do": "recipe", "name": "silence the promoter"})
    (tmp_path / "script.py").write_text(lab.reply({"kind": "text"})[0]["python"])
    runpy.run_path(str(tmp_path / "script.py"))
    said = [line.rpartition(" ")[2] for line in capsys.readouterr().out.splitlines()]
    assert said == [f"{after:.3f}" for after in lab.predictions["after"]]
    lab.close()
