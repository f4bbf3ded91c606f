"""Compare the key figures of two runs of the series: `python tests/bench/compare_runs.py BEFORE AFTER` (two folders).

Each folder holds executed notebooks, as `chromolab run-series --out FOLDER` leaves them. Every figure that is not equal
to the digit is printed, and every one that only one run has; exit code 1 where there is any.
"""

import math
import sys
from pathlib import Path

import nbformat

FIGURE = "application/vnd.chromolab.figure+json"


def figures(folder: Path) -> dict[tuple[str, str], object]:
    """{(notebook, name of the figure): value} of every executed notebook in a folder."""
    found = {}
    for path in sorted(folder.glob("[!.]*.ipynb")):  # no half-written copy of a killed run
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                if figure := output.get("data", {}).get(FIGURE):
                    found[path.stem, figure["name"]] = figure["value"]
    return found


def same(a, b) -> bool:
    """Equal to the digit; two missing values are equal."""
    return a == b or (isinstance(a, float) and isinstance(b, float) and math.isnan(a) and math.isnan(b))


def main(before: str, after: str) -> int:
    """Print what differs; 1 if anything does."""
    old, new = figures(Path(before)), figures(Path(after))
    differ = [key for key in old | new if key not in old or key not in new or not same(old[key], new[key])]
    for key in differ:
        print(f"{key[0]}: {key[1]}: {old.get(key, 'absent')} before, {new.get(key, 'absent')} after")
    print(f"{len(old)} key figures before, {len(new)} after; {len(differ)} differ")
    return int(bool(differ) or not old)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
