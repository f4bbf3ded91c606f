"""The command `chromolab`: check the environment or one's own data, run and check notebooks, fetch and build data."""

import argparse
import ast
import io
import os
import sys
from pathlib import Path

from chromolab.errors import ChromolabError
from chromolab.show.cli import data, paper


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 where the command failed, 130 where it was interrupted.

    A wrong command line exits with 2 (`SystemExit`).
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # letters that the terminal cannot show
    options, options.rest = (parser := _parser()).parse_known_args(arguments)
    if options.rest and options.command not in (_app, _start):  # Voila and JupyterLab have options of their own
        parser.error(f"unrecognized arguments: {' '.join(options.rest)}")
    try:
        code = options.command(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # `| head` stopped reading; Python must not complain at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ChromolabError as error:
        print(f"chromolab: {error}", file=sys.stderr)
        return 1
    except OSError as error:  # of a place that no reader or writer has put into words
        print(f"chromolab: {_place_in_words(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("chromolab: interrupted; finished work is kept", file=sys.stderr)
        return 130


def _place_in_words(error: OSError) -> str:
    if error.filename is None and not _folder_is_there():
        return "the folder in which this command runs was removed; go to another one (cd) and run it again"
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)


def _folder_is_there() -> bool:
    try:
        return os.path.isdir(os.getcwd())
    except OSError:
        return False


def _doctor(options) -> int:
    from chromolab.show.cli import environment

    if options.yaml is not None:
        return data.check_files(options.yaml)
    return environment.report(environment.check_environment())


def _run(options) -> int:
    from chromolab.show.notebooks.run import run_notebook

    done = run_notebook(options.notebook, options.out, dict(options.p), options.timeout, options.replace)
    print(f"{done.out}  {done.seconds:.1f} s  {done.summary}")
    return 0


def _run_series(options) -> int:
    from chromolab.show.notebooks.series import run_series

    table = run_series(options.folder, options.out, options.solved, options.only, options.timeout)
    failed = int((table["error"] != "").sum())
    print(f"{len(table) - failed} of {len(table)} notebooks ran; open {options.out}/index.html")
    return int(failed > 0)


def _sweep(options) -> int:
    from chromolab.show.experiments import sweep
    from chromolab.show.experiments.engines import Queue, engine

    if options.plan:
        table, told = sweep.plan(options.notebook, options.grid, options.out)
        print(table.drop(columns=["seconds", "run"]).to_string(max_rows=60), told, sep="\n")
        if isinstance(place := engine(options.on), Queue):
            print(place.job_script())
        return 0
    given = dict(on=options.on, timeout=options.timeout, retries=options.retries)
    table = sweep.sweep(options.notebook, options.grid, options.out, **given)
    failed = int((table["error"] != "").sum())
    page = f"{options.out}/{os.path.basename(options.notebook).removesuffix('.ipynb')}.html"
    print(f"{len(table) - failed} of {len(table)} runs are there; open {page}")
    return int(failed > 0)


def _start(options) -> int:
    from chromolab.show.cli.start import start

    start(options.folder, options.copy_only, options.rest)
    return 0


def _app(options) -> int:
    from chromolab.show.cli.start import own_app
    from chromolab.show.page.app import serve

    serve(str(options.notebook or own_app()), options.rest)
    return 0


def _page(options) -> int:
    from chromolab.data.dataset.dataset import load_dataset
    from chromolab.models.checkpoints import load_checkpoint
    from chromolab.show.widgets.glassbox.box import GlassBox
    from chromolab.show.widgets.whatif.lab import WhatIf

    dataset = None if options.dataset is None else load_dataset(options.dataset)
    models = [load_checkpoint(path) for path in options.checkpoint] or None
    lab = WhatIf(models, dataset)
    chosen: dict = dict(genes=options.genes, cell_types=options.cell_types, limit=options.limit)
    if options.glass_box and options.precision:
        raise ChromolabError("--precision is of a lab's weights; a glass box keeps Python's own numbers: leave it out")
    if options.glass_box:
        row = lab.gene.genes.iloc[0]
        box = GlassBox(lab.session.all_models[0], lab.session.dataset, gene=row["gene_id"], cell_type=row["cell_type"])
        page = box.save_page(options.out, **chosen)
    else:
        page = lab.save_page(options.out, **chosen, precision=options.precision or "float16")
    print(f"{page}  {data.in_bytes(page.stat().st_size)}; open it in a browser")
    return 0


def _check_notebooks(options) -> int:
    from chromolab.show.notebooks import hygiene
    from chromolab.show.notebooks.made import cards, claims

    paths = options.notebooks or list(hygiene.check_folder())
    if options.count:
        print(_counted(paths))
        return 0
    for path in paths if options.strip else ():
        if hygiene.strip_notebook(path):
            print(f"stripped {path}")
    problems = [(path, problem) for path in paths for problem in hygiene.check_notebook(path)]
    if not options.notebooks and options.strip:
        for path in [*claims.write_claims(), *cards.write_cards()]:
            print(f"wrote {path}")
    elif not options.notebooks:
        problems += [(path, "does not agree with its notebook: run `make format`") for path in cards.stale()]
        problems += [(path, "does not agree with claims.yaml: run `make format`") for path in claims.stale()]
    for path, problem in problems:
        print(f"{path}: {problem}")
    print(f"{len(paths)} notebooks checked, {len(problems)} problem(s)")
    return int(bool(problems))


def _counted(paths) -> str:
    """A line for each numbered notebook, as `count_notebook` counts, and the sums."""
    import pandas as pd

    from chromolab.show.notebooks import hygiene
    from chromolab.show.notebooks.series import NUMBERED

    numbered = [path for path in map(Path, paths) if NUMBERED.fullmatch(path.name)]
    counts = pd.DataFrame({path.stem: hygiene.count_notebook(path) for path in numbered})
    return counts.assign(all=counts.sum(axis=1)).T.to_string() if numbered else "no numbered notebook"


def _parameter(text: str) -> tuple[str, object]:
    """Parse `name=value`; the value is a Python literal, or else a word."""
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"expected name=value, not {text!r}")
    try:
        return name, ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return name, value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chromolab", description="Learn the histone code by running it.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {sys.modules['chromolab'].__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, command, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        return sub

    start = add("start", _start, "Copy the notebooks into a folder of your own, and open JupyterLab there.")
    start.add_argument("folder", nargs="?", default="chromolab-course", help="default: chromolab-course")
    start.add_argument("--copy-only", action="store_true", help="open nothing; other options go to JupyterLab")

    text = "Check the environment or your own data, and say what is wrong and what to do about it."
    look = add("doctor", _doctor, text)
    look.add_argument(
        "yaml", nargs="?", metavar="my.yaml", help="check the files that it names (default: check the environment)"
    )

    run = add("run", _run, "Run one notebook without a browser and keep the executed copy.")
    run.add_argument("notebook")
    run.add_argument("out", help="the executed copy, for instance runs/pilot.ipynb")
    run.add_argument("-p", metavar="name=value", type=_parameter, action="append", default=[], help="set a parameter")

    run.add_argument("--replace", action="store_true", help="write over whatever file is there")

    series = add("run-series", _run_series, "Run the numbered notebooks without a browser; exit code 1 if any fails.")
    series.add_argument("only", nargs="*", help="how the names begin, such as 01 (default: all)")
    series.add_argument("--folder", default="notebooks")
    series.add_argument("--out", default="runs/series")
    series.add_argument("--solved", action="store_true", help="with the solutions of the exercises")

    sweep = add("sweep", _sweep, "Run a notebook once for each setting of a grid; exit code 1 if any run fails.")
    sweep.add_argument("notebook")
    sweep.add_argument(
        "grid", metavar="GRID.yaml", help="lists of values of parameters: grid, zip, list, seeds, exclude"
    )
    sweep.add_argument(
        "--out", default="runs/sweeps", help="a folder, continued if it holds runs (default: runs/sweeps)"
    )
    sweep.add_argument("--on", metavar="PLACE", help="local[:N], pool[:N], dask:ADDRESS, slurm:FILE, pbs:FILE, ...")
    sweep.add_argument("--retries", type=int, default=2, help="of a run whose worker died (default: 2)")
    sweep.add_argument("--plan", action="store_true", help="only say what there is to run; of a queue also its script")
    for command in (run, series, sweep):
        command.add_argument("--timeout", type=float, default=600, metavar="SECONDS", help="limit for one cell")

    app = add("app", _app, "Open the what-if lab alone, as a page in the browser (Voila), on this machine only.")
    app.add_argument("notebook", nargs="?", help="default: notebooks/app.ipynb, or the one that ships")

    page = add(
        "page", _page, "Write the what-if lab, or a glass box, as one HTML file that needs no Python and no network."
    )
    page.add_argument("out", help="the file, for instance lab.html")
    page.add_argument("--glass-box", action="store_true", help="the glass box of the first model, in the lab's place")
    page.add_argument("--genes", nargs="+", metavar="GENE", help="ids or names (default: 30 with the most pCREs; 1)")
    page.add_argument("--cell-types", nargs="+", metavar="CELL", help="default: all")
    page.add_argument("--checkpoint", nargs="+", metavar="FILE", default=[], help="models (default: those that ship)")
    page.add_argument("--dataset", metavar="FILE", help="a saved dataset (default: the teaching genome)")
    page.add_argument("--precision", help="of the lab's weights: float16 (default), int8 or float32")
    page.add_argument("--limit", type=float, default=10, metavar="MB", help="how large the file may be (default: 10)")

    check = add("check-notebooks", _check_notebooks, "Refuse notebooks with outputs, or not built like the series.")
    check.add_argument("notebooks", nargs="*", help="files (default: all below notebooks/)")
    check.add_argument("--strip", action="store_true", help="first remove outputs and execution metadata")
    check.add_argument("--count", action="store_true", help="instead count code in sight, drawings and exercises")

    data.add_to(commands)
    paper.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
