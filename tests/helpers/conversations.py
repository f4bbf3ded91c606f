"""Conversations of a page with the what-if lab: random ones, and what a page without a kernel must answer to them.

    python tests/helpers/conversations.py      # writes tests/show/widgets/whatif/local/conversations.json anew

Python's own lab and the JavaScript one both replay that file: what is exact to the bit, what may differ by rounding.
"""

import base64
import gzip
import hashlib
import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[1] / "show/widgets/whatif/local"
KEPT = FOLDER / "conversations.json"
SHAPES = (  # no width, number of marks or of layers that only one kind of model has
    dict(resolutions=(2000, 500, 100), width=8, embed_heads=2, pairwise_layers=2, regulation_layers=2),
    dict(resolutions=(1000, 200), width=6, embed_heads=1, pairwise_layers=1, regulation_layers=1, pairwise_heads=3),
    dict(resolutions=(500,), width=4, regulation_layers=0),
)
SIZES = dict(
    embed_hidden=5, pairwise_hidden=7, regulation_heads=2, regulation_width=10, regulation_hidden=6, head_hidden=6
)


def small_models(marks):
    """Untrained models of both tasks, of several sizes, one of which reads two of the marks in another order."""
    import chromolab as cl

    read = (tuple(marks), tuple(marks), tuple(marks[1::-1]))
    return [
        cl.Chromoformer(marks=of, task=task, seed=seed, **{**SIZES, **shape})
        for task in ("classification", "regression")
        for seed, (of, shape) in enumerate(zip(read, SHAPES, strict=True))
    ]


def small_labs():
    """Labs of made-up genes: gaps in float64 depth, and histone marks in float16 on which recipes work."""
    import chromolab as cl
    from helpers.toys import toy_dataset

    gaps = toy_dataset(seed=1, genes=6, missing=True)
    marks = toy_dataset(seed=2, genes=5, marks=("H3K4me3", "H3K27me3", "H3K27ac"))
    marks = replace(marks, signal=replace(marks.signal, depth=(marks.signal.depth * 1.37).astype(np.float16)))
    return [cl.WhatIf(small_models(ds.marks), ds) for ds in (gaps, marks)]


# ----- random conversations -------------------------------------------------------------------------------------------


def place(rng, region, size=100):
    """Some bases of a region; half of the places begin and end with a bin."""
    a, b = sorted(rng.sample(range(region["end"] - region["start"] + 1), 2))
    if rng.random() < 0.5:
        a, b = a // size * size, min(-(-b // size) * size, region["end"] - region["start"])
    start, end = max(0, region["start"] + a), region["start"] + b
    return f"{region['chrom']}:{start}-{max(end, start + 1)}"


def an_edit(rng, lab):
    """A random edit of a track or of a contact."""
    region = rng.choice(lab.session.regions())
    where, mark = place(rng, region), rng.choice(lab.session.gene.marks)
    start, end = map(int, where.split(":")[1].split("-"))
    step = rng.choice([100, 100, 50, 37])
    values = [rng.choice([None, 0, round(rng.uniform(0, 20), 2)]) for _ in range(-(-(end - start) // step))]
    whole = f"{region['chrom']}:{max(0, region['start'])}-{region['end']}"
    return rng.choice(
        [
            {"kind": "scale", "mark": mark, "region": where, "factor": rng.choice([0.25, 0.5, 1, 2, 3.3])},
            {"kind": "erase", "mark": mark, "region": where},
            {"kind": "set_depth", "mark": mark, "region": where, "depth": round(rng.uniform(0, 30), 2)},
            {"kind": "paint", "mark": mark, "region": where, "values": values, "step": step},
            {"kind": "set_frequency", "region": whole, "frequency": round(rng.uniform(0, 6), 2)},
            {"kind": "drop_pcre", "region": whole},
            {"kind": "add_pcre", "region": f"{region['chrom']}:{end + 300_000}-{end + 302_050}", "frequency": 2.5},
            {"kind": "scale", "mark": "no such mark", "region": where, "factor": 2},
        ]
    )


def an_action(rng, lab, listed):
    """One thing that a reader can do."""
    session, regions = lab.session, lab.session.regions()
    contact = rng.choice(regions)
    other = session.dataset.genes.sample(1, random_state=rng.randrange(2**31)).iloc[0]
    kind = rng.choices(
        ["add", "put", "draft", "toggle", "remove", "recipe", "copy", "undo", "redo", "reset", "cancel", "wrong"],
        [30, 16, 8, 8, 6, 6, 3, 10, 6, 2, 2, 2],
    )[0]
    if kind in ("add", "put"):
        return {"do": kind, "edits": [an_edit(rng, lab) for _ in range(rng.choice([1, 1, 2]))]}
    if kind == "draft":
        return {"do": rng.choice(["add", "put"]), "draft": True, "edits": [an_edit(rng, lab)]}
    if kind == "toggle":
        return {"do": "toggle", "region": f"{contact['chrom']}:{max(0, contact['start'])}-{contact['end']}"}
    if kind == "remove" and listed:
        index = rng.randrange(len(listed))
        return {"do": "remove", "index": index, "name": {"listed": index}}
    if kind == "recipe":
        from chromolab.learn.edit.recipes import RECIPES

        return {"do": "recipe", "name": rng.choice(list(RECIPES))}
    if kind == "copy":
        return {"do": "copy", "gene_id": str(other["gene_id"]), "cell_type": str(other["cell_type"])}
    if kind == "wrong":
        return {"do": "add", "edits": [{"kind": "scale", "mark": "A", "region": "chr1:9-3", "factor": 1}]}
    return {"do": kind if kind in ("undo", "redo", "reset", "cancel") else "undo"}


def a_request(rng, lab, listed, saved):
    """One request of a page."""
    row = lab.session.dataset.genes.sample(1, random_state=rng.randrange(2**31)).iloc[0]
    gene = {"gene_id": str(row["gene_id"]), "cell_type": str(row["cell_type"])}
    task = {"task": rng.choice(list(lab.session.models))}
    index = rng.randrange(len(listed)) if listed else 0
    edit = {"index": index, "name": {"listed": index}}
    kinds = {
        "act": {"actions": [an_action(rng, lab, listed) for _ in range(rng.choice([1, 1, 1, 2]))]},
        "settle": {},
        "carried": task,
        "attention": task,
        "gene": gene,
        "compare": gene,
        "search": {"text": rng.choice([gene["gene_id"][:3], str(row["gene_name"])[-2:], "no such gene"])},
        "text": {},
        "open": {"text": rng.choice(saved)} if saved else None,
        "hello": {},
        "dose": task | edit,
        "replay": task,
        "others": edit,
    }
    slow = [3 if listed else 0, 2, 3 if listed else 0]
    weights = dict(zip(kinds, [60, 14, 5, 4, 5, 3, 2, 4, 2 if saved else 0, 1, *slow], strict=True))
    kind = rng.choices(list(weights), list(weights.values()))[0]
    return {"kind": kind, **(kinds[kind] or {})}


def conversation(lab, rng, turns):
    """Random requests with what Python answers: [{"request", "reply", "buffers"}]; it begins with hello."""
    listed, saved, said = [], [], []
    for turn in range(turns):
        request = a_request(rng, lab, listed, saved) if turn else {"kind": "hello"}
        reply, buffers = answered(lab, request, listed)
        listed = reply["list"] if request["kind"] == "settle" else listed
        saved += [reply["json"]] if request["kind"] == "text" else []
        said.append({"request": request, "reply": reply, "buffers": [as_text(request, b) for b in buffers]})
    return said


def answered(lab, request, listed):
    """What Python answers, errors in words; ids of listed edits, which differ between runs, are put in."""
    from chromolab.errors import ChromolabError

    named = json.loads(json.dumps(request))
    for action in (named, *named.get("actions", [])):
        if isinstance(action.get("name"), dict):
            action["name"] = listed[action["name"]["listed"]][1]
    try:
        return lab.reply(named)
    except ChromolabError as error:
        return {"error": str(error)}, []


def as_text(request, buffer):
    """A buffer as text: a digest where it must be equal to the bit, else the numbers themselves."""
    if request["kind"] in ("carried", "attention"):
        return base64.b64encode(buffer).decode()
    return hashlib.sha256(buffer).hexdigest()


# ----- the page that must answer --------------------------------------------------------------------------------------


def page_of(lab, precision="float32"):
    """All genes of a lab as a page holds them, as text."""
    from chromolab.show.widgets.whatif import export

    genes = list(dict.fromkeys(lab.session.dataset.genes["gene_id"]))
    about, parts = export.page_data(lab.session, export.chosen(lab.session, genes, None), precision, progress=False)
    packed = {name: base64.b64encode(gzip.compress(part, 9, mtime=0)).decode() for name, part in parts.items()}
    return {"about": about, "parts": packed}


def begin(lab):
    """Show the example with the most pCREs, as a new lab does, without edits."""
    lab.session.histories.clear()
    richest = (lab.session.dataset.pcre >= 0).sum(1).argmax()
    lab.session.choose(*lab.session.dataset.genes.iloc[richest][["gene_id", "cell_type"]])


def recorded(lab, seed, conversations, turns, precision="float32"):
    """A page and conversations with its lab, which begin as if nothing had been shown before."""
    begin(lab)
    rng, page = random.Random(seed), page_of(lab, precision)
    return {"page": page, "conversations": [conversation(lab, rng, turns) for _ in range(conversations)]}


def replay_in_node(path, *options):
    """Let the JavaScript lab answer a file of conversations: {"turns", "wrong": list, "predicted": {task}}."""
    command = ["node", str(FOLDER / "replay.mjs"), str(path), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=3600)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


def main():
    kept = [recorded(lab, seed, conversations=2, turns=40) for seed, lab in enumerate(small_labs())]
    lines = ",\n".join(json.dumps(part, ensure_ascii=False) for part in kept)
    KEPT.write_text(f"[{lines}]\n", encoding="utf-8")
    print(f"{KEPT}: {KEPT.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main()
