"""A teaching genome on disk: its files, the dataset that is built from them, and the answers."""

import hashlib
import inspect
import json
import logging
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, fields, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from chromolab.data.bodies.whole_genes import whole_genes as read_whole
from chromolab.data.dataset import build
from chromolab.data.dataset.dataset import SIMULATED, Dataset, load_dataset
from chromolab.data.files import alone, saying
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.genes.expression import read_expression
from chromolab.data.genes.gene_table import gene_table
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError
from chromolab.world.answers.causes import Causes, make_causes
from chromolab.world.answers.key import Key, read_key
from chromolab.world.folding import count_table
from chromolab.world.parameters import Parameters
from chromolab.world.realism.table import realism
from chromolab.world.sequence import fasta_of, has_fasta, make_sites, motifs_of
from chromolab.world.species import genome_of

log = logging.getLogger("chromolab")
WAITING = "Another notebook or program is building this dataset; waiting for it."


@dataclass(frozen=True)
class World:
    """A teaching genome on disk. A laboratory would have all of it, except the key.

    Attributes
    ----------
    path : Path
        Its folder: `tracks/{cell type}-{mark}.bigwig` (also of CTCF and PC1), `genes.gtf`, `expression.tsv`,
        `contacts/{cell type}.tsv`, `chrom.sizes`, `folds.json`; in species b `orthologues.tsv`; made when asked for,
        `genome.fa` and `motifs.meme`; and, separately, `key/`.
    """

    path: Path

    def __repr__(self) -> str:
        p = self.parameters
        kind = ", its code scrambled" if p.scrambled else ""
        return (
            f"World (simulated{kind}): {p.genes:,} genes on {p.chromosomes} chromosomes of "
            f"{p.chromosome_length / 1e6:g} Mb, cell types {', '.join(p.cell_type_names)}; species {p.species}, "
            f"seed {p.seed}, {p.contacts} contacts; {self.path}"
        )

    @cached_property
    def parameters(self) -> Parameters:
        """The parameters that the world was made with; dials that came later stand at their default."""
        saved = json.loads((self.path / "parameters.json").read_text())
        return Parameters(**{f.name: saved[f.name] for f in fields(Parameters) if f.name in saved})

    @property
    def cell_types(self) -> list[str]:
        """Names of the cell types: simA1, simA2, simB1, simB2 by default."""
        return self.parameters.cell_type_names

    @property
    def marks(self) -> tuple[str, ...]:
        """Names of the marks, in the published order."""
        return tuple(self.tracks[self.cell_types[0]])

    @cached_property
    def tracks(self) -> dict[str, dict[str, Path]]:
        """{cell type: {mark: bigWig}}, marks in the published order."""
        return {c: {m: self.path / "tracks" / f"{c}-{m}.bigwig" for m in MARKS} for c in self.cell_types}

    @property
    def ctcf(self) -> dict[str, Path]:
        """{cell type: bigWig of CTCF ChIP-seq depth}."""
        return {c: self.path / "tracks" / f"{c}-CTCF.bigwig" for c in self.cell_types}

    @property
    def pc1(self) -> dict[str, Path]:
        """{cell type: bigWig of the first principal component of Hi-C}: above 0 in A, below in B."""
        return {c: self.path / "tracks" / f"{c}-PC1.bigwig" for c in self.cell_types}

    @property
    def orthologues(self) -> pd.DataFrame:
        """Genes that both species have: gene_id, and gene_id_a in species a.

        Raises
        ------
        ChromolabError
            In species a, which has no ancestor here.
        """
        if self.parameters.species == "a":
            raise ChromolabError("species a has no table of orthologues; simulate(species='b') has one")
        return pd.read_csv(self.path / "orthologues.tsv", sep="\t")

    @property
    def contacts(self) -> dict[str, Path]:
        """{cell type: table of two intervals and their observed / expected frequency}."""
        return {c: self.path / "contacts" / f"{c}.tsv" for c in self.cell_types}

    @property
    def gtf(self) -> Path:
        """The annotation, a GTF with genes, transcripts and exons."""
        return self.path / "genes.gtf"

    @property
    def expression(self) -> Path:
        """RPKM table, genes x cell types."""
        return self.path / "expression.tsv"

    @property
    def fasta(self) -> Path:
        """The sequence, a FASTA file with its index beside it; made when first asked for, in some seconds."""
        return fasta_of(self.parameters, self.path)

    @property
    def has_fasta(self) -> bool:
        """Whether the sequence has been made."""
        return has_fasta(self.parameters, self.path)

    @property
    def motifs(self) -> Path:
        """The motifs of all factors, a file in MEME's format; made when first asked for."""
        return motifs_of(self.parameters, self.path)

    @cached_property
    def sites(self) -> pd.DataFrame:
        """Where motifs stand in the sequence, drawn again from the seed; like the key, never an input.

        Columns: chrom, start, end (bp), strand (+1 / -1), factor, owner (a gene_id or element_id), match (0.4 to 1),
        and sequence (the letters, as they are read on the + strand).
        """
        return make_sites(genome_of(self.parameters))

    @property
    def chrom_sizes(self) -> Path:
        """Table of the chromosomes' names and lengths (bp)."""
        return self.path / "chrom.sizes"

    @property
    def folds(self) -> dict[int, tuple[str, ...]]:
        """Fold -> chromosomes."""
        saved = json.loads((self.path / "folds.json").read_text())
        return {int(fold): tuple(chromosomes) for fold, chromosomes in saved.items()}

    @property
    def key(self) -> Key:
        """The answer key (`chromolab.world.answers.key.Key`), read on access; it is never part of a dataset."""
        return read_key(self.path / "key")

    def genes(self, cell_types: str | Sequence[str] | None = None) -> pd.DataFrame:
        """The gene table: annotation and expression, read and joined as one's own files would be.

        Parameters
        ----------
        cell_types : str or list of str, optional
            Default all.
        """
        return gene_table(read_annotation(self.gtf), read_expression(self.expression), cell_types, self.folds)[0]

    def dataset(
        self,
        cell_types: str | Sequence[str] | None = None,
        *,
        whole_genes: bool = False,
        cached: bool = True,
        **arguments: Any,
    ) -> Dataset:
        """Build the dataset from the world's files, as one would from one's own.

        Parameters
        ----------
        cell_types : str or list of str, optional
            Default all: an example is a gene in a cell type.
        whole_genes : bool
            Read each gene whole, too, and keep its exons (`cl.data.whole_genes`).
        cached : bool
            Keep the dataset beside the world and load it from there the next time.
        **arguments
            Passed to `chromolab.build_dataset` (window, resolutions, n_pcres, ...), but for `origin`, which is
            "simulated"; `contacts=None` leaves the contacts out.

        Returns
        -------
        chromolab.Dataset
            Its `origin` is "simulated".

        Raises
        ------
        ChromolabError
            If `origin` is given, or for what `chromolab.build_dataset` refuses.
        """
        if "origin" in arguments:
            raise ChromolabError("origin: a teaching genome's dataset is simulated and says so; leave `origin` out")
        place = self._dataset_place(cell_types, arguments, whole_genes) if cached else None
        if place is None:
            return self._built(cell_types, whole_genes, arguments)
        if (dataset := _kept(place)) is None:
            dataset = self._part(cell_types, arguments, whole_genes)
        if dataset is None:
            with ExitStack() as stack:
                with suppress(OSError):  # a cache that others filled and that may only be read
                    place.parent.mkdir(exist_ok=True)
                    wait = saying(WAITING if arguments.get("progress", True) else "")
                    stack.enter_context(alone(place.with_name(f".{place.name}.lock"), wait))
                if (dataset := _kept(place)) is None:
                    dataset = self._built(cell_types, whole_genes, arguments)
                    _keep(dataset, place)
        return dataset

    def _part(self, cell_types: str | Sequence[str] | None, arguments: dict, whole_genes: bool) -> Dataset | None:
        """What `_built` would give, out of the dataset of all cell types where that is kept; None where it is not."""
        cells = [cell_types] if isinstance(cell_types, str) else list(cell_types or ())
        ordered = [cell for cell in self.cell_types if cell in cells]
        everything = self._dataset_place(None, arguments)
        if whole_genes or arguments.keys() - {"progress", "processes"} or not cells or cells != ordered:
            return None
        if everything is None or (whole := _kept(everything)) is None:
            return None
        others = tuple(f"contacts of {cell}: " for cell in set(self.cell_types) - set(cells))
        report = tuple(line for line in whole.report if not line.startswith(others))
        return replace(whole.select(whole.genes["cell_type"].isin(cells)).compact(), report=report)

    def _built(self, cell_types: str | Sequence[str] | None, whole_genes: bool, arguments: dict[str, Any]) -> Dataset:
        """The dataset, built from the files."""
        genes = self.genes(cell_types)
        contacts = {c: self.contacts[c] for c in dict.fromkeys(genes["cell_type"])}
        files: dict[str, Any] = {"tracks": self.tracks, "contacts": contacts, "scales": "depth"}
        dataset = build.build_dataset(genes, **(files | arguments), origin=SIMULATED)
        if whole_genes:
            dataset = read_whole(dataset, self.tracks, self.gtf, progress=arguments.get("progress", True))
        return dataset

    def _dataset_place(self, cell_types, arguments: dict, whole_genes: bool = False) -> Path | None:
        """The file of a request: a digest of its arguments, defaults filled in, and the version of the loaders.

        None if an argument, such as a table, cannot be written as plain text.
        """
        try:
            request = inspect.signature(build.build_dataset).bind_partial(
                **({"contacts": "own", "scales": "depth"} | arguments)
            )
            request.apply_defaults()
            asked = {k: v for k, v in request.arguments.items() if k not in ("progress", "processes")}
            asked |= {"whole_genes": True} if whole_genes else {}
            cells = (
                self.cell_types if cell_types is None else [cell_types] if isinstance(cell_types, str) else cell_types
            )
            text = json.dumps([list(cells), asked], sort_keys=True)
        except TypeError:
            return None
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        return self.path / "datasets" / f"{digest}.v{build.DATASET_VERSION}.clds"

    def capture_counts(self, cell_type: str) -> pd.DataFrame:
        """The raw counts of the capture Hi-C experiment, drawn again from the seed.

        Returns
        -------
        DataFrame
            A row for every promoter fragment (the bait) and every fragment 20 to 800 kb from it, even with count 0:
            chrom1, start1, end1 (the bait), chrom2, start2, end2, `distance` between their centres (bp), `count` (read
            pairs). The contacts table lists those of them that are significant, as observed / expected.

        Raises
        ------
        ChromolabError
            If this world has no such cell type.
        """
        if cell_type not in self.cell_types:
            raise ChromolabError(f"no cell type {cell_type!r} in this world; it has {', '.join(self.cell_types)}")
        return count_table(make_causes(self.parameters).folding, self.cell_types.index(cell_type))

    def causes(self) -> Causes:
        """The causes behind every example, drawn again from the seed; like the key, never an input.

        Returns
        -------
        chromolab.world.answers.causes.Causes
            Answers what genes would do if an element, a contact, an anchor, a motif or a promoter were changed.
        """
        return make_causes(self.parameters)

    def realism(self, real: str | PathLike[str] | None = None, **arguments: Any) -> pd.DataFrame:
        """Statistics of the world beside those of real cells: see `chromolab.world.realism.table.realism`."""
        return realism(self, real, **arguments)


def _kept(place: Path) -> Dataset | None:
    """The dataset that lies there; None where there is none, or a damaged one."""
    with suppress(ChromolabError):
        return load_dataset(place) if place.is_file() else None
    return None


def _keep(dataset: Dataset, place: Path) -> None:
    """Save a dataset for the next time, and remove what earlier loaders made of the same request."""
    try:
        dataset.save(place)
        for older in set(place.parent.glob(f"{place.name.partition('.')[0]}.*clds")) - {place}:
            older.unlink(missing_ok=True)
    except OSError as e:
        log.warning("%s: the dataset is not kept there (%s); it will be built again.", place.parent, e)
