"""`cl.WhatIf`: paint on a gene's histone tracks, cut its contacts, and see at once what the models predict."""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd
import traitlets

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.text import existing_file
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import Edit
from chromolab.models.base import Model
from chromolab.models.sequence.letters import SequenceModel
from chromolab.show.figures.style import name_of
from chromolab.show.widgets.base import Widget, mark_styles, script, styles
from chromolab.show.widgets.letters import letters_of
from chromolab.show.widgets.whatif import export
from chromolab.show.widgets.whatif.protocol import answer
from chromolab.show.widgets.whatif.session import Session
from chromolab.show.widgets.whatif.told import other_scales, units
from chromolab.world.on_disk import World
from chromolab.world.simulate import simulate


class WhatIf(Widget):
    """The what-if lab, for JupyterLab and Voila.

    Seven tracks (or any number) around a gene and in every element that touches it, to paint on with mouse, pen or
    keyboard; contacts to cut or change; what the models predict before and after, and what carried the change. No
    result needs it: `edits` is the list of edits, and `cl.edit` and `cl.predict` give the same numbers.

    Parameters
    ----------
    model : Chromoformer, list of them, or {task: list}, optional
        Several models of a task (folds, seeds) show how far they agree. Default: the eight lifelike ones that ship.
    dataset : Dataset, optional
        Default: the teaching genome (simulated). A `WholeGene` needs one with whole genes: then the gene stands beside
        its window, from before the TSS to past its end, with its exons and the bins that the model reads, and is
        painted on like the window; a change where both lie changes both.
    gene, cell_type : str, optional
        The gene shown first, by id or name, by default in the first cell type that has it, which `repr` and page say;
        without a gene: an example with the most pCREs.
    edits : list of Edit, or path of a file that the lab saved, optional
        What has been done to the gene when the lab opens; undo takes it back. Without `gene`, a file's own is shown.
    world : World, optional
        The simulated genome that the dataset is from: the lab then shows true values beside the predicted ones.
    annotation : path, optional
        A GTF or GFF3 whose exons are drawn; default: the world's, if there is one, else those that the dataset holds.
    fasta, motifs : optional
        A genome's letters and motifs, as `cl.data.motif_sites` takes them: pointing at a bin then shows the letters and
        the motifs that fit there. Default: the world's, once `world.fasta` has been made. They are there to be read:
        the models of marks do not read them, and `cl.edits.motif` changes letters for a model that does.
    sequence : SequenceModel, optional
        Such a model: pointing at a bin then also shows what each of its letters brings to the model's first track.

    Raises
    ------
    ChromolabError
        When the dataset lacks a model's marks, the gene is not in it, an edit cannot be applied to it, or letters and
        motifs cannot be read.

    Warns
    -----
    UserWarning
        When a model was trained on another scale than the dataset's, as `cl.predict` warns; the page says it, too.
    """

    _esm = script("whatif")
    _css = styles("shared/genebox.css", "whatif/lab.css")
    marks: Any = traitlets.List(help="name, colour and unit of each mark, in the dataset's order").tag(sync=True)
    shown: Any = traitlets.Tuple(help="gene_id, cell_type and the edits of the gene shown, without a stroke under way")

    def __init__(
        self,
        model: Model | Sequence[Model] | Mapping[Any, Any] | None = None,
        dataset: Dataset | None = None,
        *,
        gene: str | None = None,
        cell_type: str | None = None,
        edits: Iterable[Edit] | str | PathLike[str] = (),
        world: World | None = None,
        annotation: str | PathLike[str] | None = None,
        fasta: str | PathLike[str] | None = None,
        motifs: Any = None,
        sequence: SequenceModel | None = None,
    ):
        if dataset is None:
            world = simulate(seed=0) if world is None else world
            dataset = world.dataset()
        letters = letters_of(world, fasta, motifs, sequence)
        self.session: Any = Session(model, dataset, world, annotation, letters)  # None once released
        if gene is not None:
            self.session.choose(gene, cell_type)
        if isinstance(edits, str | PathLike):
            text = existing_file(edits, "a file of edits").read_text(encoding="utf-8", errors="replace")
            self.session.open(text) if gene is None else self.session.act([{"do": "load", "text": text}])
        elif edits := tuple(edits):
            self.session.act([{"do": "set", "edits": edits}])
        for said in other_scales(self.session.all_models, dataset):
            warnings.warn(said, stacklevel=2)
        unit = units(dataset)
        super().__init__(marks=[style | {"unit": unit[style["name"]]} for style in mark_styles(dataset.marks)])
        self._tell()

    def __repr__(self) -> str:
        if self.session is None:
            return "WhatIf (closed)"
        models = ", ".join(f"{len(own)} for {task}" for task, own in self.session.models.items())
        gene = self.session.gene.genes.iloc[0]
        return f"WhatIf: {name_of(gene)} in {gene['cell_type']}, {len(self.edits)} edits; models: {models}"

    def release(self) -> None:
        self.session = None

    # ----- for use from code ------------------------------------------------------------------------------------------

    @property
    def edits(self) -> list[Edit]:
        """The edits of the gene shown; assign a list to replace them (undo brings the others back).

        At most 2,000, because answers slow down with their number.
        """
        return list(self._open().edits)

    @edits.setter
    def edits(self, edits) -> None:
        session = self._open()
        session.act([{"do": "set", "edits": tuple(edits)}])
        self.send({"changed": True})
        self._tell()

    @property
    def gene(self) -> Dataset:
        """The gene shown, without edits."""
        return self._open().gene

    @property
    def edited(self) -> Dataset:
        """The gene shown, with its edits: `cl.edit(lab.gene, lab.edits)`."""
        return self._open().edited

    @property
    def predictions(self) -> pd.DataFrame:
        """task, model (from 0), before, after: probabilities or log2(RPKM + 1), equal to those of `cl.predict`."""
        session = self._open()
        before, after = session.exact.values()
        return pd.concat(
            [
                pd.DataFrame({"task": t, "model": range(len(b)), "before": b, "after": after[t]})
                for t, b in before.items()
            ],
            ignore_index=True,
        )

    def save_page(
        self,
        path: str | PathLike[str],
        genes: Sequence[str] | None = None,
        *,
        cell_types: Sequence[str] | None = None,
        precision: str = "float16",
        limit: float = 10,
        title: str = "What if? The histone marks of a gene",
        progress: bool = True,
    ) -> Path:
        """Write the lab as one HTML file that anybody can open: it needs no Python, no server and no network.

        The page answers as this lab does, but for what only Python can: other genes than those that it holds, and true
        effects of other edits than none, a recipe or a contact cut.

        Parameters
        ----------
        path : path
            Such as "lab.html"; it is written completely or not at all.
        genes : list of str, optional
            By id or name. Default: the gene shown, and those with the most pCREs, 30 in all.
        cell_types : list of str, optional
            Default: all in which the dataset has the genes.
        precision : {"float16", "int8", "float32"}
            Of the models' weights; the page says by how much rounding changes its predictions. The models that ship
            are stored in float16 and lose nothing. Depth is stored without loss.
        limit : float
            MB that the file may have.
        title : str
            Of the page.
        progress : bool
            Show a bar if it takes longer than two seconds.

        Returns
        -------
        Path
            Of the file, which opens with the gene shown and its edits.

        Raises
        ------
        ChromolabError
            For a model that is not a Chromoformer, a gene or cell type that the dataset lacks, or a larger file.
        """
        return export.save_page(self._open(), path, genes, cell_types, precision, limit, title, progress)

    def _open(self) -> Session:
        if self.session is None:
            raise ChromolabError("this lab is closed; make a new one with cl.WhatIf(model, dataset)")
        return self.session

    def reply(self, request: dict) -> tuple[dict, list[bytes]]:
        answered = answer(self._open(), request)
        self._tell()
        return answered

    def _tell(self) -> None:
        """Tell who observes `shown`: a glass box follows it."""
        session = self._open()
        self.shown = (*session.gene.genes.iloc[0][["gene_id", "cell_type"]], session.history.now)
