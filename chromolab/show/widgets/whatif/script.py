"""What the lab copies as Python: a script that runs as a whole."""

from dataclasses import fields
from importlib.metadata import version
from weakref import WeakKeyDictionary

from chromolab.learn.edit.text import shown, to_python
from chromolab.show.figures.style import name_of
from chromolab.show.widgets.whatif.session import Session
from chromolab.world.parameters import Parameters

OWN_DATASET = "dataset.clds"  # where a script looks for a dataset that only the reader has
PREDICTED = """\
edited = cl.edit(gene, edits)
for task, of_task in models.items():
    for number, model in enumerate(of_task):
        before, after = (cl.metrics.probability_or_expression(cl.predict(model, d))[0] for d in (gene, edited))
        print(f"{task}, model {number}: {before:.3f} -> {after:.3f}")
"""

_known: WeakKeyDictionary[Session, bool] = WeakKeyDictionary()


def script(session: Session) -> str:
    """A script that predicts the gene before and after the edits: it gives the lab's numbers.

    What only the reader has, a dataset or models of their own, it reads from files, and says how to write them.

    Parameters
    ----------
    session : Session
    """
    gene, cell = session.gene.genes.iloc[0], session.gene.genes["cell_type"].iloc[0]
    edits = to_python(session.edits).partition("\n\n")[2]
    count = f"{len(session.edits)} edit{'s' * (len(session.edits) != 1)}"
    parts = [
        f"# {count} of {_line(name_of(gene))} in {_line(cell)}, made in the what-if lab of "
        f"chromolab {version('chromolab')}",
        "import chromolab as cl\n",
        *_dataset(session),
        *_models(session),
        f"gene = dataset.gene({shown(str(gene['gene_id']))}, {shown(str(cell))})\n",
        edits,
        PREDICTED,
    ]
    return "\n".join(parts)


def _dataset(session: Session) -> list[str]:
    if not _of_world(session):
        return [f'dataset = cl.load_dataset("{OWN_DATASET}")  # dataset.save("{OWN_DATASET}") writes this file']
    made = session.world.parameters
    own = {f.name: getattr(made, f.name) for f in fields(Parameters)}
    given = {name: value for name, value in own.items() if name == "seed" or value != getattr(Parameters(), name)}
    arguments = ", ".join(f"{name}={shown(value)}" for name, value in given.items())
    whole = "whole_genes=True" if session.whole else ""
    return [f"dataset = cl.simulate({arguments}).dataset({whole})"]


def _of_world(session: Session) -> bool:
    """Whether the dataset is what `world.dataset()` gives, so that a script can make it again; read once a session."""
    if session.world is None:
        return False
    if session not in _known:
        made, own = session.world.dataset(), session.dataset
        alike = (made.marks, made.window, made.bin_size) == (own.marks, own.window, own.bin_size)
        _known[session] = alike and made.genes[["gene_id", "cell_type"]].equals(own.genes[["gene_id", "cell_type"]])
    return _known[session]


def _models(session: Session) -> list[str]:
    lines = ["models = {"]
    for task, of_task in session.models.items():
        lines.append(f'    "{task}": [')
        for number, model in enumerate(of_task):
            file = f"{task}-{number}.pt"
            unknown = f'cl.load_checkpoint("{file}"),  # cl.save_checkpoint(model, "{file}") writes this file'
            lines.append(f"        {model.made_by}," if model.made_by else f"        {unknown}")
        lines.append("    ],")
    return [*lines, "}"]


def _line(text: object) -> str:
    """A name from data, on one line of a comment."""
    return " ".join(str(text).split())
