"""The what-if lab in JupyterLab and Chromium: how long from a stroke to its picture and to the prediction drawn.

    make bench BENCH=bench_whatif ARGS="[--strokes 200] [--operations 1000]"

On the teaching genome (simulated) with the eight models that ship. Times are taken in the page: from the pointer's
event to the frame that shows it. Then random strokes, undo, redo, cuts and gene switches: is it still responsive, does
memory grow, and are depth and predictions those of `cl.edit` and `cl.predict` run afresh, to the last bit?
"""

import argparse
import random
import shutil
import tempfile
from pathlib import Path

import numpy as np
from helpers import toy_notebooks
from helpers import whatif_driver as driver
from helpers.lab import browsing, errors, run_all, serving

CODE = ("import chromolab as cl, psutil\nworld = cl.simulate(seed=0)\nlab = cl.WhatIf(world=world)", "lab")
GENES = [f"SIMG{n:05d}" for n in range(1, 960, 37)]


def times(page, what: str) -> str:
    """Median, 95th percentile and number of the times taken since the last call."""
    take = f"() => document.querySelector('.cl-whatif').lab.timing.{what}.splice(0)"
    found = np.array(page.evaluate(take))
    return f"p50 {np.median(found):.0f} ms, p95 {np.quantile(found, 0.95):.0f} ms, n = {len(found)}"


def memory(page) -> tuple[float, float]:
    """MB in use: the kernel's resident set, and the page's JavaScript heap after a collection."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("HeapProfiler.collectGarbage")
    heap = devtools.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    devtools.detach()
    kernel = driver.python(page, "import gc; gc.collect(); print(psutil.Process().memory_info().rss / 1e6)")
    return float(kernel), heap


def strokes(page, rng: random.Random, count: int) -> None:
    for _ in range(count):
        driver.stroke(page, rng)
        page.wait_for_timeout(rng.uniform(100, 500))
    driver.rest(page)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strokes", type=int, default=200)
    parser.add_argument("--operations", type=int, default=1000)
    given, rng = parser.parse_args(), random.Random(0)
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (address, root), browsing(browser) as page:
        toy_notebooks.write(root / "whatif.ipynb", *CODE)
        assert not errors(run_all(page, address, "whatif.ipynb"))
        page.locator(".cl-whatif").scroll_into_view_if_needed()
        driver.rest(page)
        strokes(page, rng, 5)  # what is slow the first time
        for what in ("picture", "prediction"):
            times(page, what)
        strokes(page, rng, given.strokes)
        print(f"{given.strokes} strokes, from input to picture: {times(page, 'picture')}")
        print(f"{given.strokes} strokes, from input to prediction drawn: {times(page, 'prediction')}", flush=True)
        marks = []
        for done in range(1, given.operations + 1):
            driver.anything(page, rng, GENES)
            if done % max(1, given.operations // 4) == 0:
                driver.rest(page)
                marks.append(memory(page))
                print(f"after {done} operations: kernel {marks[-1][0]:.0f} MB, page {marks[-1][1]:.1f} MB", flush=True)
        held, truth = driver.both(page)
        print(f"edits now {held['edits']}; browser and Python afresh are equal to the bit: {held == truth}")
        strokes(page, rng, 5)
        for what in ("picture", "prediction"):
            times(page, what)
        strokes(page, rng, 20)
        print(f"20 strokes after that, to the prediction drawn: {times(page, 'prediction')}")
        print(f"requests to other machines: {len(page.refused)}")


if __name__ == "__main__":
    main()
