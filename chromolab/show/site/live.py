"""What runs in the pages: the lab and the glass box, each as one page for all frames, and the quizzes' script."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat

from chromolab.models.checkpoints import pretrained
from chromolab.show.site.runs import made_once
from chromolab.show.widgets.base import script, styles
from chromolab.show.widgets.glassbox.box import GlassBox
from chromolab.show.widgets.quiz.quiz import Quiz
from chromolab.show.widgets.whatif.export import MANY
from chromolab.show.widgets.whatif.lab import WhatIf
from chromolab.world.simulate import simulate

LAB, BOX = "lab.html", "glass-box.html"
GENE = re.compile(r"(?P<widget>WhatIf|GlassBox): \S+ \((?P<gene>\S+)\) in (?P<cell>[^,]+), ")  # as they print
SHIPPED = "models: 4 for classification, 4 for regression"  # as a lab prints that holds the models of the package
BOXED = ("SIMG00934", "simA1")  # where no notebook that ran has a glass box


def shown(copies: Iterable[Path], widget: str, ending: str = "") -> list[tuple[str, str]]:
    """(gene_id, cell_type) of the labs or glass boxes in executed copies, in their order; each once."""
    cells = (cell for copy in copies for cell in nbformat.read(copy, as_version=4).cells)
    texts = (output.get("data", {}).get("text/plain", "") for cell in cells for output in cell.get("outputs", []))
    found = (GENE.match(text) for text in texts if text.endswith(ending))
    return list(dict.fromkeys((match["gene"], match["cell"]) for match in found if match and match["widget"] == widget))


def write_lab(folder: Path, genes: Sequence[str], code: str) -> Path:
    """Write the lab's page: the models that ship, these genes and those with the most contacts.

    Parameters
    ----------
    folder : Path
        An earlier page there is kept if it holds the same.
    genes : list of str
        Their ids.
    code : str
        The digest of the package.
    """

    def make() -> None:
        lab = WhatIf(world=simulate(seed=0))
        dataset, first = lab.session.dataset, str(lab.gene.genes["gene_id"].iloc[0])
        pcres = (dataset.pcre >= 0).sum(1)
        most = dataset.genes.assign(pcres=pcres).groupby("gene_id")["pcres"].mean().sort_values(ascending=False)
        lab.save_page(folder / LAB, list(dict.fromkeys([first, *genes, *most.index]))[:MANY])
        lab.close()

    made_once(folder / LAB, " ".join([code, *genes]), make)
    return folder / LAB


def write_box(folder: Path, gene: tuple[str, str], code: str) -> Path:
    """Write the glass box's page: one gene in a cell type, in the first classifier that ships; else as `write_lab`."""

    def make() -> None:
        box = GlassBox(pretrained("classification"), simulate(seed=0).dataset(gene[1]).gene(gene[0]))
        box.save_page(folder / BOX)
        box.close()

    made_once(folder / BOX, " ".join([code, *gene]), make)
    return folder / BOX


def quiz_script() -> str:
    """The quizzes' module as a classic script, which a page that was opened from a file may load."""
    bundle = script("quiz")
    code, exports = re.subn(r"export \{\s*(\w+) as default,?\s*\};", r"window.chromolabQuiz = \1;", bundle)
    assert exports == 1, "the quiz's bundle has another form than one default export"
    return f"(() => {{\n{code}\n}})();\n"


def quiz_styles() -> str:
    """The quizzes' style sheet."""
    return styles("quiz/quiz.css")


def asked(number: str) -> list[dict]:
    """A notebook's questions as the quiz's script reads them."""
    quiz = Quiz(number)
    questions = quiz._questions
    quiz.close()
    return questions
