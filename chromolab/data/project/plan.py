"""What a build will read and write, worked out before the first track is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from chromolab.data.dataset.build import DATASET_VERSION
from chromolab.data.dataset.layout import Layout, lay_out
from chromolab.data.intervals import check_genes
from chromolab.data.processes import _cpus
from chromolab.data.project import inputs as located
from chromolab.data.project import tables as sources
from chromolab.data.project.config import Config
from chromolab.data.project.outputs import report_of
from chromolab.data.project.pieces import Fingerprint, Pieces, digest_of, fingerprint
from chromolab.data.report import Report
from chromolab.defaults import MARKS

BP_PER_SECOND = 70_000_000  # of regions in one track, read by one process: tests/bench/RESULTS.md, real-sized tracks


@dataclass
class Plan:
    """What a build will read and write; made before the first track is read.

    Attributes
    ----------
    config : Config
    files : `located.Files`, the paths of its files.
    before : {path: Fingerprint} of every file, taken before it was read.
    layout : Layout, genes and regions; None for genes in the published format, which are read in one step.
    marks : the dataset's marks, in order.
    genes : {cell type: Report} of genes kept and lost.
    contacts : {cell type: Report} of contacts kept and lost.
    keys : {(cell type, mark): key of its piece}
    other_keys : keys of the pieces of expression measured from RNA tracks.
    kept : keys of the pieces that an earlier build left.
    sizes : {chromosome: bp} from the yaml, for tracks without lengths; None where it gives none.
    """

    config: Config
    files: "located.Files"
    before: dict[Path, Fingerprint]
    layout: Layout | None = None
    marks: tuple[str, ...] = ()
    genes: dict[str, Report] = field(default_factory=dict)
    contacts: dict[str, Report] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    other_keys: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    sizes: dict[str, int] | None = None

    @property
    def out(self) -> Path:
        return self.config.place(self.config.out)

    @property
    def report(self) -> Path:
        """Where the report goes: beside the dataset, .html."""
        return report_of(self.out)

    @property
    def key(self) -> str:
        """Identifies this build by its settings and files."""
        return key_of(self.config, self.before)

    @property
    def to_read(self) -> list[tuple[str, str]]:
        return [track for track, key in self.keys.items() if key not in self.kept]

    @property
    def dataset_bytes(self) -> int:
        """The most bytes that the dataset's depth can take on disk."""
        if self.layout is None:
            return 0
        per_value = np.dtype(self.config.dtype).itemsize + (2 if self.config.missing == "mask" else 0)
        return len(self.layout.bases()) * len(self.marks) * per_value

    def seconds(self, processes: int) -> float:
        """Estimated seconds for reading."""
        bp = sum(self.layout.bases(cell).sum() for cell, _ in self.to_read) if self.layout is not None else 0
        return bp / BP_PER_SECOND / processes

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, processes: int | None = None) -> Iterator[str]:
        """Yield the plan line by line; `processes` is how many tracks are read at once (default: one per CPU)."""
        read = sum(file.size for file in self.before.values())
        yield f"{self.config.path} -> {self.out}"
        yield f"  files     {len(self.before)}, {_megabytes(read)}"
        if self.layout is None:
            yield "  genes in the published format, read in one step"
            return
        layout, cells, processes = self.layout, self.layout.cell_types, processes or _cpus()
        kept = len(self.keys) - len(self.to_read)
        yield f"  examples  {len(layout.genes):,} (genes in {len(cells)} cell type(s): {', '.join(cells)})"
        length = layout.bases().sum() / 1e6
        yield f"  regions   {len(layout.regions):,} distinct, {length:,.0f} Mb in bins of {layout.bin_size} bp"
        yield f"  tracks    {len(self.keys)}: {', '.join(self.marks)}; {kept} of them kept from an earlier build"
        yield f"  dataset   at most {_megabytes(self.dataset_bytes)}; twice that while it is built"
        yield f"  reading   about {max(1, round(self.seconds(processes))):,} s with {processes} process(es)"


def key_of(config: Config, before: Mapping[Path, Fingerprint] | None = None) -> str:
    """Identify a build by its settings and files: as they are now, unless `before` gives earlier fingerprints."""
    if before is None:
        before = {path: fingerprint(path) for path in located.find(config, fetch=False).every()}
    files = {str(path): list(mark) for path, mark in before.items()}
    return digest_of("build", DATASET_VERSION, config.model_dump(mode="json"), files)


def make_plan(config: Config, pieces: Pieces | None = None, fetch: bool = True) -> Plan:
    """Find the files, read genes and contacts, and list the regions to read from each track.

    Parameters
    ----------
    config : as `config.read_config` gives it.
    pieces : keeps expression that is measured from RNA tracks.
    fetch : download files of the data manifest that are not on this machine; otherwise they are an error.

    Raises
    ------
    ChromolabError
        A file is missing or does not hold what it should.
    """
    files = located.find(config, fetch)
    plan = Plan(config, files, {path: fingerprint(path) for path in files.every()})
    if config.published is not None:
        plan.marks = tuple(config.published.marks or MARKS)
        return plan
    plan.marks = sources.common_marks(config)
    genes, plan.genes, plan.other_keys = sources.read_genes(config, files, plan.before, pieces)
    pcres, plan.contacts = sources.pcres(config, files, genes)
    notes = [f"genes of {cell}: {report}" for cell, report in plan.genes.items()]
    notes += [f"contacts of {cell}: {report}" for cell, report in plan.contacts.items()]
    plan.layout = lay_out(
        check_genes(genes), pcres, config.window, config.resolutions, config.n_pcres, notes + sources.remarks(config)
    )
    plan.sizes = sources.given_sizes(config, files)
    for cell in plan.layout.cell_types:
        regions = plan.layout.regions_of(cell)
        where = digest_of(regions["chrom"].tolist(), *(regions[c].to_numpy(np.int64) for c in ("start", "end")))
        for mark in plan.marks:
            track = [[path.name, *plan.before[path]] for path in files.parts(cell, mark)]  # the name may give the scale
            plan.keys[cell, mark] = digest_of(
                "track",
                DATASET_VERSION,
                track,
                plan.sizes,
                where,
                plan.layout.bin_size,
                config.missing,
                config.dtype,
            )
    if pieces is not None:
        plan.kept = {key for key in plan.keys.values() if pieces.has(key)}
    return plan


def _megabytes(size: float) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"
