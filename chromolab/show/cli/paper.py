"""`chromolab paper ...`: the article from end to end, in five steps that each continue."""

import argparse
from typing import Any

LISTS = ("cells", "marks", "folds", "seeds", "tasks", "without")
ONES = ("scale", "model", "epochs", "frequency")
ABOUT = """\
Reproduce the Chromoformer article (Lee, Yang and Kim 2022): eleven cell types, seven marks, four folds, classifier and
regressor, with the published recipe. The five steps work in one folder, and each goes on where it was stopped:

  chromolab paper plan     what will be downloaded, kept and computed, and how long that takes here
  chromolab paper fetch    download the files; one that cannot be had stops no other
  chromolab paper build    a dataset per cell type
  chromolab paper train    a model per cell type, task, fold and seed
  chromolab paper report   index.html and tables of what is there by now, beside the article

The first step keeps the settings in OUT/paper.yaml; a later one that names cell types, folds, seeds or tasks does that
part only, so machines can share the work.
"""


def add_to(commands: Any) -> None:
    """Add `paper` and its steps to the parser's `commands`."""
    text = "Reproduce the article from end to end: plan, fetch, build, train, report."
    paper = commands.add_parser(
        "paper", help=text, description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    steps = paper.add_subparsers(required=True, metavar="step")

    def add(name: str, command, text: str) -> argparse.ArgumentParser:
        sub = steps.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        sub.add_argument("--out", default="runs/paper", metavar="DIR", help="the folder (default: runs/paper)")
        some = {"nargs": "+", "default": argparse.SUPPRESS}
        sub.add_argument("--cell", dest="cells", metavar="E003", help="cell types (default: the article's)", **some)
        sub.add_argument("--mark", dest="marks", metavar="H3K4me3", help="marks (default: the seven)", **some)
        sub.add_argument("--fold", dest="folds", type=int, metavar="K", help="test folds (default: 1 2 3 4)", **some)
        sub.add_argument("--seeds", type=int, metavar="N", help="of initial weights and order (default: 0)", **some)
        sub.add_argument(
            "--task", dest="tasks", metavar="TASK", help="classification, regression (default: both)", **some
        )
        sub.add_argument(
            "--without", metavar="WHAT", help="ablations: further models without contacts, or without a mark", **some
        )
        one = {"default": argparse.SUPPRESS}
        sub.add_argument("--scale", metavar="SCALE", help="of the tracks: reads (default), fold-change, pval", **one)
        sub.add_argument("--model", metavar="SIZE", help="published (default), or small: minutes, not hours", **one)
        sub.add_argument("--epochs", type=int, metavar="N", help="default: the recipe's", **one)
        sub.add_argument("--frequency", metavar="COLUMN", help="of the contact tables, where it cannot be told", **one)
        return sub

    plan = add("plan", _plan, "Say what is to be downloaded, kept and computed; measures this machine for a minute.")
    plan.add_argument("--genes", type=int, metavar="N", help="of a cell type (default: the article's 18,955)")
    plan.add_argument("--again", action="store_true", help="measure this machine anew")
    add("fetch", _fetch, "Download what is not here yet; exit code 1 while files are missing.")
    build = add("build", _build, "Build a dataset per cell type; exit code 1 while some are missing.")
    build.add_argument("--processes", type=int, metavar="N", help="tracks to read at once (default: one per CPU)")
    train = add("train", _train, "Train what is not trained yet; exit code 1 while models are missing.")
    train.add_argument("--on", metavar="PLACE", help="local[:N], pool[:N], dask:ADDRESS, slurm:FILE, pbs:FILE, ...")
    train.add_argument("--retries", type=int, default=2, help="of a model whose worker died (default: 2)")
    add("report", _report, "Write the page and tables of what is there by now.")


def _opened(options):
    from chromolab.show.paper.settings import open_paper

    given = {name: getattr(options, name) for name in (*LISTS, *ONES) if hasattr(options, name)}
    return open_paper(options.out, given)


def _plan(options) -> int:
    from chromolab.show.paper import plan
    from chromolab.show.paper.article import GENES

    print(plan.plan(_opened(options), options.genes or GENES, options.again))
    return 0


def _fetch(options) -> int:
    from chromolab.data.public.downloads import Downloads
    from chromolab.show.paper import steps

    paper = _opened(options)
    told = steps.fetch(paper, say=lambda one: print(f"not here: {one.said}"))
    places = Downloads.below()
    lacking = [file for file in paper.weights().values() if not places.path(file.place).is_file()]
    if lacking:
        print(
            f"{len(lacking)} files of published weights are not here; they are for the comparison alone: take them "
            f"from {lacking[0].source.page}, and put them into {places.path(lacking[0].place).parent}"
        )
    here = sum(one.done for one in told)
    print(f"{here} of {len(told)} files are here" + ("" if here < len(told) else "; next: chromolab paper build"))
    return int(here < len(told))


def _build(options) -> int:
    from chromolab.show.paper import steps

    told = steps.build(_opened(options), options.processes, say=lambda one: print(f"{one.what}: {one.said}"))
    built = sum(one.done for one in told)
    print(f"{built} of {len(told)} datasets are built" + ("" if built < len(told) else "; next: chromolab paper train"))
    return int(built < len(told))


def _train(options) -> int:
    from chromolab.show.paper import steps

    table = steps.train(_opened(options), options.on, options.retries)
    left = table[~table["done"]]
    for error, rows in left.groupby("error", sort=False):
        print(f"{len(rows)} models: {error}")
    done = len(table) - len(left)
    print(f"{done} of {len(table)} models are trained; next: chromolab paper report")
    return int(done < len(table))


def _report(options) -> int:
    from chromolab.show.paper import report

    print(f"{report.report(_opened(options))}: open it in a browser")
    return 0
