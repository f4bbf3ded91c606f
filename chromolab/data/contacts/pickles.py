"""The published pair of pickles of contacts: which fragments touch, and how often."""

from pathlib import Path

import pandas as pd

from chromolab.data.contacts.columns import FRAGMENT, is_value, split_places
from chromolab.data.pickles import read_pickle
from chromolab.data.text import existing_file
from chromolab.errors import ChromolabError

PICKLES = ("frag2neighbors", "pair2score")  # in the names of the published pair


def read_published_pair(path) -> tuple[pd.DataFrame, str]:
    """Read the published pair of pickles, and what its frequency measures.

    One holds fragment -> its neighbours, the other (fragment, fragment) -> frequency.

    Parameters
    ----------
    path : either of the two; the other lies beside it, and its name differs only in `PICKLES`.

    Returns
    -------
    (DataFrame of two intervals and `frequency`, a row per pair of fragments; str)

    Raises
    ------
    ChromolabError
        A missing or damaged file, or one that holds something else.
    """
    path = Path(path)
    given = next((name for name in PICKLES if name in path.name), None)
    if given is None:
        raise ChromolabError(
            f"{path}: a pickle whose name has neither frag2neighbors nor pair2score; only the "
            "published pair of pickles can be read."
        )
    both = [existing_file(path.with_name(path.name.replace(given, name)), f"the {name} pickle") for name in PICKLES]
    neighbours, scores = (read_pickle(p) for p in both)
    if not isinstance(neighbours, dict) or not all(isinstance(v, list | tuple) for v in neighbours.values()):
        raise ChromolabError(f"{both[0]}: expected a dict of lists: fragment -> the fragments it touches.")
    if not isinstance(scores, dict):
        raise ChromolabError(f"{both[1]}: expected a dict: (fragment, fragment) -> frequency.")
    if sum(map(len, neighbours.values())) > both[0].stat().st_size:  # a list named a thousand times over
        raise ChromolabError(f"{both[0]}: more neighbours than a file of its size can hold; it is damaged.")
    rows, seen = [], set()
    for fragment, others in neighbours.items():
        for other in others:
            if not isinstance(fragment, str) or not isinstance(other, str):
                # Only the type is shown: printing lists that share lists would fill the memory.
                kind = type(fragment if not isinstance(fragment, str) else other).__name__
                where = "a key" if not isinstance(fragment, str) else f"a neighbour of {fragment[:60]!r}"
                raise ChromolabError(f"{both[0]}: {where} is of type {kind}; expected text such as chr1.1000.2000.")
            value = scores.get((fragment, other), scores.get((other, fragment)))
            if not is_value(value) or not abs(value) < 1e300:
                raise ChromolabError(
                    f"{both[1]}: no number for the pair {fragment[:60]}, {other[:60]}, which {both[0].name} lists. "
                    "Are both of one tissue, and whole?"
                )
            if (other, fragment) not in seen:  # a pair is listed from both sides
                seen.add((fragment, other))
                rows.append((fragment, other, value))
    table = pd.DataFrame(rows, columns=["frag1", "frag2", "frequency"]).astype({"frag1": str, "frag2": str})
    part = split_places(table["frag1"], FRAGMENT, "1")
    part |= split_places(table["frag2"], FRAGMENT, "2")
    df = pd.DataFrame(part | {"frequency": table["frequency"]})
    return df, "normalised frequency of the published study"
