"""`simulate` makes a teaching genome or takes it from the cache; `World` has its files, dataset and answer key."""

import hashlib
import inspect
import json
import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from chromolab.data.dataset import build
from chromolab.data.dataset.dataset import SIMULATED, Dataset, load_dataset
from chromolab.data.files import NoLocks, cache_folder, locked, scratch_folder
from chromolab.data.genes.annotation import read_annotation
from chromolab.data.genes.expression import read_expression
from chromolab.data.genes.gene_table import gene_table
from chromolab.data.whole import is_whole, seal
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError
from chromolab.world.assays import write_annotation, write_expression, write_tracks
from chromolab.world.causes import Causes, make_causes
from chromolab.world.folding import contact_table, count_table, fold
from chromolab.world.genome import make_genome
from chromolab.world.key import Key, make_key, read_key
from chromolab.world.levels import level_maker
from chromolab.world.parameters import Parameters
from chromolab.world.patterns import expected_patterns
from chromolab.world.realism import realism
from chromolab.world.regulation import calibrate, regulate

log = logging.getLogger("chromolab")


def simulate(
    seed: int = 0,
    distal_share: float = 0.15,
    scrambled: bool = False,
    *,
    chromosomes: int = 8,
    chromosome_length: int = 7_500_000,
    genes: int = 1_200,
    enhancers: int | None = None,
    silencers: int | None = None,
    anchors: int | None = None,
    cell_types: int = 4,
    lineages: int = 2,
    cache: str | PathLike[str] | None = None,
    progress: bool = True,
) -> "World":
    """Make a small simulated genome with an answer key, as real files: bigWigs, GTF, expression and contact tables.

    Parameters
    ----------
    seed : int
        The same seed and parameters give the same files, byte for byte, with the same versions of numpy and pyBigWig.
    distal_share : float
        Share of the variance of log2(RPKM + 1) that contacts explain beyond the promoter window: 0 (contacts do
        nothing) to 0.20.
    scrambled : bool
        Make a control world: every track shows the pattern of another mark (`chromolab.world.patterns.SCRAMBLED`), so
        that a model trained here learns a code that real cells do not use.
    chromosomes, chromosome_length, genes, cell_types, lineages : int
        Size of the genome. Defaults: 8 x 7.5 Mb, 1,200 genes, four cell types in two lineages.
    enhancers, silencers, anchors : int, optional
        Numbers of elements; default 2, 1/3 and 1/2 per gene.
    cache : path, optional
        Folder for worlds; default the environment variable CHROMOLAB_CACHE, or the user's cache folder.
    progress : bool
        Show a progress bar while the world is made.

    Returns
    -------
    World

    Raises
    ------
    ChromolabError
        If the parameters are impossible, or the cache folder cannot be written.

    Notes
    -----
    Everything in it is simulated; shapes and heights are modelled on real H1 data (`World.realism`).
    """
    parameters = Parameters(
        seed=seed,
        distal_share=distal_share,
        scrambled=bool(scrambled),
        chromosomes=chromosomes,
        chromosome_length=chromosome_length,
        genes=genes,
        enhancers=2 * genes if enhancers is None else enhancers,
        silencers=genes // 3 if silencers is None else silencers,
        anchors=genes // 2 if anchors is None else anchors,
        cell_types=cell_types,
        lineages=lineages,
    )
    place = cache_folder(cache) / parameters.name
    if not is_whole(place, may_lack="key/"):
        _make(parameters, place, progress)
    return World(place)


def _make(parameters: Parameters, place: Path, progress: bool) -> None:
    """Write a world beside its place and rename it there; one process at a time, those that waited take what it made.

    A world of which a file was lost or changed is made again. What killed runs left is removed.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _alone(place.with_name(f".{place.name}.lock")):
            if is_whole(place, may_lack="key/"):
                return
            shutil.rmtree(place, ignore_errors=True)
            with scratch_folder(place.parent, ".making-") as new:
                generate(parameters, new, progress)
                seal(new)
                new.rename(place)
    except OSError as e:
        raise ChromolabError(
            f"{place}: the teaching genome could not be written ({e.strerror or e}); expected a folder with 300 MB of "
            "free space. Choose another: simulate(cache=...), or set CHROMOLAB_CACHE"
        ) from e


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Keep other processes out; where the file system has no locks, two may make the same files, and one is kept."""
    try:
        with locked(lock):
            try:
                yield
            finally:
                lock.unlink(missing_ok=True)
    except NoLocks:
        yield


def generate(p: Parameters, folder: Path, progress: bool = True) -> None:
    """Write all files of a world into `folder`, in the order in which causes act."""
    for name in ("tracks", "contacts"):
        (folder / name).mkdir(parents=True)
    cells = p.cell_type_names
    with tqdm(total=len(cells) * len(MARKS), unit="track", desc="teaching genome", disable=not progress) as bar:
        genome = make_genome(p)
        folding = fold(genome)
        levels = level_maker(p)
        regulation, oracle = calibrate(regulate(genome, folding), folding, levels, p.distal_share)
        seen = levels(regulation)
        patterns = (expected_patterns(genome, regulation, seen, cell) for cell in range(len(cells)))
        write_tracks(p, patterns, folder / "tracks", bar.update)
    for cell, name in enumerate(cells):
        table = contact_table(genome, folding, cell)
        table.to_csv(folder / "contacts" / f"{name}.tsv", sep="\t", index=False)
    write_annotation(genome, folder / "genes.gtf")
    write_expression(genome, regulation.rpkm(), folder / "expression.tsv")
    make_key(genome, folding, regulation, oracle).write(folder / "key")
    sizes = "".join(f"{chrom}\t{size}\n" for chrom, size in p.chrom_sizes.items())
    (folder / "chrom.sizes").write_text(sizes)
    (folder / "folds.json").write_text(json.dumps(p.folds, indent=1))
    (folder / "parameters.json").write_text(json.dumps(asdict(p), indent=1))


@dataclass(frozen=True)
class World:
    """A teaching genome on disk. A laboratory would have all of it, except the key.

    Attributes
    ----------
    path : Path
        Its folder: `tracks/{cell type}-{mark}.bigwig`, `genes.gtf`, `expression.tsv`, `contacts/{cell type}.tsv`,
        `chrom.sizes`, `folds.json`; and, separately, `key/`.
    """

    path: Path

    def __repr__(self) -> str:
        p = self.parameters
        kind = ", its code scrambled" if p.scrambled else ""
        return (
            f"World (simulated{kind}): {p.genes:,} genes on {p.chromosomes} chromosomes of "
            f"{p.chromosome_length / 1e6:g} Mb, cell types {', '.join(p.cell_type_names)}; seed {p.seed}, "
            f"distal_share {p.distal_share:g}; {self.path}"
        )

    @cached_property
    def parameters(self) -> Parameters:
        """The parameters that the world was made with."""
        saved = json.loads((self.path / "parameters.json").read_text())
        return Parameters(**{f.name: saved[f.name] for f in fields(Parameters)})

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
        """The answer key (`chromolab.world.key.Key`), read on access; it is never part of a dataset."""
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
        self, cell_types: str | Sequence[str] | None = None, *, cached: bool = True, **arguments: Any
    ) -> Dataset:
        """Build the dataset from the world's files, as one would from one's own.

        Parameters
        ----------
        cell_types : str or list of str, optional
            Default all: an example is a gene in a cell type.
        cached : bool
            Keep the dataset beside the world and load it from there the next time.
        **arguments
            Passed to `chromolab.build_dataset` (window, resolutions, n_pcres, ...), but for `origin`, which is
            "simulated"; `contacts=None` leaves the contacts out.

        Returns
        -------
        chromolab.Dataset
            Its `origin` is "simulated".
        """
        if "origin" in arguments:
            raise ChromolabError("origin: a teaching genome's dataset is simulated and says so; leave `origin` out")
        place = self._dataset_place(cell_types, arguments) if cached else None
        if place is not None and place.is_file():
            with suppress(ChromolabError):  # damaged: it is built again
                return load_dataset(place)
        genes = self.genes(cell_types)
        contacts = {c: self.contacts[c] for c in dict.fromkeys(genes["cell_type"])}
        files: dict[str, Any] = {"tracks": self.tracks, "contacts": contacts, "scales": "depth"}
        dataset = build.build_dataset(genes, **(files | arguments), origin=SIMULATED)
        if place is not None:
            try:
                place.parent.mkdir(exist_ok=True)
                dataset.save(place)
                for older in set(place.parent.glob(f"{place.name.partition('.')[0]}.*clds")) - {place}:
                    older.unlink(missing_ok=True)
            except OSError as e:  # a cache that others filled and that may only be read
                log.warning("%s: the dataset is not kept there (%s); it will be built again.", place.parent, e)
        return dataset

    def _dataset_place(self, cell_types, arguments: dict) -> Path | None:
        """The file of a request: a digest of its arguments, defaults filled in, and the version of the loaders.

        None if an argument, such as a table, cannot be written as plain text.
        """
        try:
            request = inspect.signature(build.build_dataset).bind_partial(
                **({"contacts": "own", "scales": "depth"} | arguments)
            )
            request.apply_defaults()
            asked = {k: v for k, v in request.arguments.items() if k not in ("progress", "processes")}
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
            A row for every promoter fragment (the bait) and every fragment 20 to 500 kb from it, even with count 0:
            chrom1, start1, end1 (the bait), chrom2, start2, end2, `distance` between their centres (bp), `count` (read
            pairs). The contacts table lists the same pairs as observed / expected, if that is above 1.

        Raises
        ------
        ChromolabError
            If this world has no such cell type.
        """
        if cell_type not in self.cell_types:
            raise ChromolabError(f"no cell type {cell_type!r} in this world; it has {', '.join(self.cell_types)}")
        genome = make_genome(self.parameters)
        return count_table(genome, fold(genome), self.cell_types.index(cell_type))

    def causes(self) -> Causes:
        """The causes behind every example, drawn again from the seed; like the key, never an input.

        Returns
        -------
        chromolab.world.causes.Causes
            Computes what a gene would do with another sum over its contacts.
        """
        return make_causes(self.parameters)

    def realism(self, real: Dataset | str | PathLike[str] | None = None) -> pd.DataFrame:
        """Statistics of the world beside those of real H1 genes: see `chromolab.world.realism.realism`."""
        return realism(self, real)
