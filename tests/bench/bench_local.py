"""The what-if lab without a kernel: processor time of an edit in page and kernel, and whether both say the same.

    make bench BENCH=bench_local ARGS="[--edits 60] [--strokes 200] [--conversations 200] [--operations 1000]"

On the teaching genome (simulated) with the eight models that ship (`--precision int8` rounds them). Both sides answer
the same drafts of a stroke (all that a page asks for while the pen moves) on one core each: Python in this process, the
page's script in Node, which has Chromium's engine. Then strokes with a pen in the page itself, opened from its file in
Chromium. Then random conversations: depth must be equal to the bit, predictions within 1e-5 (int8: 0.01). Then one long
session: does the memory of the page's script grow?
"""

import argparse
import json
import random
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from helpers import conversations
from helpers import whatif_driver as driver
from helpers.lab import browsing

import chromolab as cl
from bench.bench_whatif import times

SCRIPTS = Path(__file__).parent


def drafts(lab, edits: int) -> list[dict]:
    """Drafts of strokes: over the window, over one pCRE, and of a contact's slider; each after the state at rest."""
    window, pcre = lab.session.regions()[:2]
    place = "{chrom}:{start}-{end}".format
    middle = (window["start"] + window["end"]) // 2
    asked = []
    for i in range(edits):
        factor = 1 + (i + 1) / 1000
        kinds = {
            "window": {"kind": "scale", "region": f"{window['chrom']}:{middle - 1000}-{middle + 1000}"},
            "one pCRE": {"kind": "scale", "region": place(**{k: pcre[k] for k in ("chrom", "start", "end")})},
            "contact": {"kind": "set_frequency", "region": place(**{k: pcre[k] for k in ("chrom", "start", "end")})},
        }
        for label, edit in kinds.items():
            more = {"frequency": 2 * factor} if label == "contact" else {"mark": "H3K27ac", "factor": factor}
            action = {"do": "add", "draft": True, "edits": [edit | more]}
            asked.append({"label": label, "request": {"kind": "act", "actions": [action]}})
    return asked


def kernel_times(lab, asked: list[dict]) -> dict[str, list[float]]:
    """The same of Python: {label: [median, 95th percentile, n]} ms of this process."""
    times: dict[str, list[float]] = {}
    for taken in (False, True):
        for one in asked:
            began = time.process_time()
            lab.reply(one["request"])
            if taken:
                times.setdefault(one["label"], []).append(1000 * (time.process_time() - began))
    return {k: [float(np.median(v)), float(np.quantile(v, 0.95)), len(v)] for k, v in times.items()}


def in_node(script: Path, told, folder: Path, *options: str):
    """What a script of Node says of a file."""
    path = folder / "told.json"
    path.write_text(json.dumps(told))
    done = subprocess.run(["node", *options, str(script), str(path)], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=int, default=60)
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--turns", type=int, default=6)
    parser.add_argument("--operations", type=int, default=1000)
    parser.add_argument("--strokes", type=int, default=200)
    parser.add_argument("--precision", default="float16")
    given = parser.parse_args()
    torch.set_num_threads(1)
    lab = cl.WhatIf()
    genes = lab.session.dataset.in_fold(4).genes["gene_id"].unique()[:4]
    few = lab.session.dataset.genes["gene_id"].isin([*genes, lab.gene.genes["gene_id"].iloc[0]])
    shown = tuple(lab.gene.genes.iloc[0][["gene_id", "cell_type"]])
    lab = cl.WhatIf(None, lab.session.dataset.select(few.to_numpy()).compact(), gene=shown[0], cell_type=shown[1])
    page, contacts = conversations.page_of(lab, given.precision), len(lab.session.regions()) - 1
    asked = drafts(lab, given.edits)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kernel = kernel_times(lab, asked)
        alone = in_node(SCRIPTS / "page_times.mjs", {"page": page, "requests": asked}, folder)
        print(
            f"processor time of a draft, ms, median and 95th percentile; {contacts} pCREs, 8 models, n = {given.edits}"
        )
        for label in kernel:
            told = [
                f"{side} {times[label][0]:.1f} {times[label][1]:.1f}"
                for side, times in (("kernel", kernel), ("page", alone))
            ]
            print(f"  {label}: {', '.join(told)}", flush=True)
        if given.strokes:
            strokes(lab.save_page(folder / "lab.html", precision=given.precision, progress=False), given.strokes)
        if given.conversations:
            replay(lab, page, given, folder)
        if given.operations:
            long_session(lab, page, given.operations, folder)


def strokes(file: Path, count: int) -> None:
    """From the pointer's event to the frame that shows it, and to the one with the prediction, in ms."""
    browser, rng = (
        next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))),
        random.Random(0),
    )
    with browsing(browser) as page:
        page.unroute("**/*")
        page.goto(file.as_uri())
        driver.rest(page)
        for number, of in ((5, None), (count, "strokes in the page")):  # the first few are slow
            for _ in range(number):
                driver.stroke(page, rng)
                page.wait_for_timeout(rng.uniform(100, 500))
            driver.rest(page)
            told = [f"to {what} {times(page, what)}" for what in ("picture", "prediction")]
            if of:
                print(f"{count} {of}, from input {', '.join(told)}", flush=True)


def replay(lab, page, given, folder: Path) -> None:
    """Random conversations, each answered by both."""
    rng = random.Random(0)
    lab.session.histories.clear()
    lab.session.choose(*lab.session.gene.genes.iloc[0][["gene_id", "cell_type"]])
    told = [conversations.conversation(lab, rng, given.turns) for _ in range(given.conversations)]
    (folder / "told.json").write_text(json.dumps([{"page": page, "conversations": told}]))
    within = "--within=0.01" if given.precision == "int8" else "--within=1e-5"
    report = conversations.replay_in_node(folder / "told.json", within)
    predicted = ", ".join(f"{task} {most:.2g}" for task, most in report["predicted"].items())
    print(f"{given.conversations} conversations, {report['turns']} answers: {len(report['wrong'])} differ;", end=" ")
    print(f"largest difference of a prediction: {predicted}")
    for wrong in report["wrong"][:5]:
        print(f"  {wrong['kind']}: {wrong['found']}", flush=True)


def long_session(lab, page, operations: int, folder: Path) -> None:
    """One session of many operations: the heap of the page's script after each quarter, in MB."""
    rng = random.Random(1)
    lab.session.histories.clear()
    lab.session.choose(*lab.session.gene.genes.iloc[0][["gene_id", "cell_type"]])
    gene = {name: str(lab.gene.genes[name].iloc[0]) for name in ("gene_id", "cell_type")}
    asked = [{"label": "", "request": {"kind": "gene", **gene}}]
    for _ in range(operations):
        action = conversations.an_action(rng, lab, [])
        lab.reply({"kind": "act", "actions": [action]})
        asked.append({"label": "", "request": {"kind": "act", "actions": [action]}})
    held = in_node(SCRIPTS / "page_memory.mjs", {"page": page, "requests": asked}, folder, "--expose-gc")
    depth = np.frombuffer(lab.reply({"kind": "hello"})[1][0], "<f4")
    equal = np.array_equal(depth, np.array(held["depth"], "f4"), equal_nan=True)
    print(f"{operations} operations: heap of the page's script {held['heap']} MB; depth equal to the bit: {equal}")


if __name__ == "__main__":
    main()
