"""The plan of a build: which regions to read from which track, and what is kept from an earlier build."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from chromolab.data.dataset.build import DATASET_VERSION
from chromolab.data.dataset.layout import Layout, lay_out
from chromolab.data.intervals import check_genes
from chromolab.data.processes import cpus
from chromolab.data.project.pieces import digest_of
from chromolab.data.project.project import Project
from chromolab.data.project.ready_made import published_marks
from chromolab.data.project.tables import notes_on_labels
from chromolab.data.report import Report

BP_PER_SECOND = 70_000_000  # of regions in one track, read by one process: tests/bench/RESULTS.md, real-sized tracks


@dataclass
class Plan:
    """What a build will read and write; made before the first track is read.

    Attributes
    ----------
    project : Project
    marks : the dataset's marks, in order.
    layout : Layout, genes and regions; None for genes in the published format, which are read in one step.
    genes : {cell type: Report} of genes kept and lost.
    contacts : {cell type: Report} of contacts kept and lost.
    keys : {(cell type, mark): key of its piece}
    kept : keys of the pieces that an earlier build left.
    """

    project: Project
    marks: tuple[str, ...]
    layout: Layout | None = None
    genes: dict[str, Report] = field(default_factory=dict)
    contacts: dict[str, Report] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)

    @property
    def notes(self) -> list[str]:
        """Lines of the dataset's report on the genes and contacts that were kept and lost."""
        genes = [f"genes of {cell}: {report}" for cell, report in self.genes.items()]
        return genes + [f"contacts of {cell}: {report}" for cell, report in self.contacts.items()]

    @property
    def to_read(self) -> list[tuple[str, str]]:
        """The (cell type, mark) of each track that no piece holds yet."""
        return [track for track, key in self.keys.items() if key not in self.kept]

    @property
    def dataset_bytes(self) -> int:
        """The most bytes that the dataset's depth can take on disk."""
        if self.layout is None:
            return 0
        config = self.project.config
        per_value = np.dtype(config.dtype).itemsize + 2
        return len(self.layout.bases()) * len(self.marks) * per_value

    def seconds(self, processes: int) -> float:
        """Estimated seconds for reading."""
        bp = sum(self.layout.bases(cell).sum() for cell, _ in self.to_read) if self.layout is not None else 0
        return bp / BP_PER_SECOND / processes

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, processes: int | None = None) -> Iterator[str]:
        """Yield the plan line by line; `processes` is how many tracks are read at once (default: one per CPU)."""
        before = self.project.before
        yield f"{self.project.config.path} -> {self.project.out}"
        yield f"  files     {len(before)}, {megabytes(sum(file.size for file in before.values()))}"
        if self.layout is None:
            yield "  genes in the published format, read in one step"
            return
        layout, cells, processes = self.layout, self.layout.cell_types, processes or cpus()
        kept = len(self.keys) - len(self.to_read)
        yield f"  examples  {len(layout.genes):,} (genes in {len(cells)} cell type(s): {', '.join(cells)})"
        length = layout.bases().sum() / 1e6
        yield f"  regions   {len(layout.regions):,} distinct, {length:,.0f} Mb in bins of {layout.bin_size} bp"
        yield f"  tracks    {len(self.keys)}: {', '.join(self.marks)}; {kept} of them kept from an earlier build"
        yield f"  dataset   at most {megabytes(self.dataset_bytes)}; twice that while it is built"
        yield f"  reading   about {max(1, round(self.seconds(processes))):,} s with {processes} process(es)"


def make_plan(project: Project) -> Plan:
    """Read genes and contacts, and list the regions to read from each track.

    Raises
    ------
    ChromolabError
        A file does not hold what it should.
    """
    config = project.config
    if config.published is not None:
        return Plan(project, published_marks(config))
    plan = Plan(project, project.marks)
    (genes, plan.genes), (pcres, plan.contacts) = project.genes, project.pcres
    notes = [*plan.notes, *notes_on_labels(config)]
    plan.layout = lay_out(check_genes(genes), pcres, config.window, config.resolutions, config.n_pcres, notes)
    plan.keys = _keys(project, plan.marks, plan.layout)
    if project.pieces is not None:
        plan.kept = {key for key in plan.keys.values() if project.pieces.has(key)}
    return plan


def _keys(project: Project, marks: tuple[str, ...], layout: Layout) -> dict[tuple[str, str], str]:
    """{(cell type, mark): key of its piece}: the track's file, its regions, and the settings that change its depth."""
    keys, config = {}, project.config
    for cell in layout.cell_types:
        regions = layout.regions_of(cell)
        where = digest_of(regions["chrom"].tolist(), *(regions[c].to_numpy(np.int64) for c in ("start", "end")))
        for mark in marks:
            path = project.files.tracks[cell][mark]
            track = [path.name, *project.before[path]]  # the name may give the scale
            settings = (layout.bin_size, config.missing_of(cell, mark), config.dtype)
            keys[cell, mark] = digest_of(
                "track with its range", DATASET_VERSION, track, project.given_sizes, where, *settings
            )
    return keys


def megabytes(size: float) -> str:
    """1234567 -> 1.2 MB."""
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"
