"""Memory of the what-if lab's page (`make app`) as visitors open it one after another, and whether the next is served.

    make bench BENCH=bench_page ARGS="[--visitors 50] [--limit N] [--leave]"

Each visitor gets the whole page and connects to its kernel, as a browser does, and stays; with `--leave` it goes
without a word, as a picture's address in a foreign page would, so that its kernel has to be found and ended. Memory is
the sum over server, template and kernels of what each has alone plus its share of what they have in common (PSS), once
every ten visitors. The last visitor is one more: it must be served, and its kernel must answer.
"""

import argparse
import tempfile
import time
from pathlib import Path

import psutil
from helpers.page import Served, Visitor, serving

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "app.ipynb"


def memory(page: Served) -> float:
    """MB of the server and all that it started."""
    total = 0
    for process in (page.process, *page.process.children(recursive=True)):
        try:
            total += process.memory_full_info().pss
        except psutil.NoSuchProcess:  # it ended meanwhile
            continue
    return total / 2**20


def main() -> None:
    """Open the page again and again, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--limit", type=int, help="--Page.visitors (default: what the page itself takes)")
    parser.add_argument("--leave", action="store_true")
    options = parser.parse_args()
    limit = [] if options.limit is None else [f"--Page.visitors={options.limit}"]
    with tempfile.TemporaryDirectory() as folder, serving(NOTEBOOK, Path(folder), *limit) as page:
        print("visitors  kernels  MB in all  MB a visitor  s a page", flush=True)
        began, first, refused = time.monotonic(), 0.0, 0
        for number in range(1, options.visitors + 1):
            visitor = Visitor(page, stays=not options.leave)
            refused += visitor.answer.status_code != 200
            kernels = len(page.kernels())
            if number == 1:
                first = memory(page)
            if number == 1 or number % 10 == 0:
                now, each = memory(page), (time.monotonic() - began) / number
                own = (now - first) / max(1, kernels - 1)
                print(f"{number:8}  {kernels:7}  {now:9.0f}  {own:12.0f}  {each:8.1f}", flush=True)
        last = Visitor(page, stays=True)
        last.ask("comm_info_request", {})
        answered = last.answer.status_code == 200 and "comm_info_reply" in last.heard("comm_info_reply")
        print(
            f"visitor {options.visitors + 1}: {'served' if answered else 'not served'}; {refused} were refused before"
        )


if __name__ == "__main__":
    main()
