"""`make site`: the executed series, the lab and the documents as a folder of static pages."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm.auto import tqdm

from chromolab.data.files import make_folder
from chromolab.data.processes import PACKAGE
from chromolab.errors import ChromolabError
from chromolab.show.notebooks.series import notebooks_of
from chromolab.show.site import live
from chromolab.show.site.runs import digest, executed
from chromolab.show.site.source import write_source

MADE = ".buildinfo"  # Sphinx leaves it in every site


def build(root: Path, out: Path, only: Sequence[str] = (), work: Path | None = None) -> Path:
    """Make the site.

    Parameters
    ----------
    root : Path
        The repository.
    out : Path
        The site's folder; an earlier site there is replaced once the new one is whole.
    only : list of str
        Run only the notebooks whose names begin with one of these; the others are shown without results.
    work : Path, optional
        Where executed copies and the lab's page are kept between builds; default: `runs/site` of the repository.

    Raises
    ------
    ChromolabError
        If `out` is another folder than a site, a notebook fails, or Sphinx finds a fault, such as a link that leads
        nowhere.
    """
    out, work = Path(out).resolve(), (work or root / "runs" / "site").resolve()
    if out.exists() and not (out / MADE).is_file():
        raise ChromolabError(f"{out}: is no site that was made here, and was not touched. Give another folder.")
    copies_of, lively = make_folder(work / "executed"), make_folder(work / "live")
    chosen = [p for p in notebooks_of(root / "notebooks") if not only or p.name.startswith(tuple(only))]
    if not chosen:
        raise ChromolabError(f"no notebook of the series begins with {' or '.join(only)}")
    code = digest(PACKAGE)
    copies = {p.name: executed(p, copies_of, code) for p in tqdm(chosen, desc="notebooks", unit="notebook")}
    write_source(root, copies, work / "source")
    live.write_lab(lively, [gene for gene, _ in live.shown(copies.values(), "WhatIf", live.SHIPPED)], code)
    live.write_box(lively, next(iter(live.shown(copies.values(), "GlassBox")), live.BOXED), code)
    made, part = work / "html", out.with_name(f"{out.name}.part")
    for earlier in (made, part):
        shutil.rmtree(earlier, ignore_errors=True)
    _sphinx(work / "source", made, work / "doctrees")  # MyST-NB leaves a folder beside it
    shutil.move(made, part)
    shutil.copytree(lively, part / "live", ignore=shutil.ignore_patterns("*.json"))
    shutil.rmtree(out, ignore_errors=True)
    os.replace(part, out)
    return out


def _sphinx(source: Path, out: Path, doctrees: Path) -> None:
    """In a process of its own, because conf.py names a module `cl`, and extensions change what the process shares."""
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q", "-d", doctrees, source, out]
    if subprocess.run(command).returncode:
        raise ChromolabError(f"the site was not made: Sphinx's warnings above name the pages, as they lie in {source}")


def size(folder: Path) -> float:
    """Of all files below a folder, in MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main() -> int:
    """The command: `python -m chromolab.show.site.build`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="run only these notebooks, such as 00 06; the others have no results")
    parser.add_argument("--out", default="site", help="the site's folder (default: site)")
    options = parser.parse_args()
    try:
        out = build(Path.cwd(), Path(options.out), options.only)
    except ChromolabError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{out / 'index.html'}  {size(out):.1f} MB; open it in a browser, offline too")
    return 0


if __name__ == "__main__":
    sys.exit(main())
