"""Build the dataset of a `my.yaml`: first the plan, then track by track. Finished pieces are kept until the end."""

import errno
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tqdm.auto import tqdm

from chromolab.data import located, sources
from chromolab.data.build import DATASET_VERSION, read_published
from chromolab.data.config import Config
from chromolab.data.dataset import Dataset, load_dataset
from chromolab.data.intervals import check_genes
from chromolab.data.layout import Column, Layout, assemble, column, lay_out
from chromolab.data.outputs import pieces_of, report_of
from chromolab.data.pieces import Fingerprint, Pieces, digest_of, fingerprint, refuse_changed
from chromolab.data.report import Report
from chromolab.data.tracks import _cpus, bin_means_many
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
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


def build(
    config: Config,
    processes: int | None = None,
    progress: bool = True,
    then: Callable[[Plan, Dataset], object] = lambda plan, dataset: None,
) -> Dataset:
    """Build the dataset of a `my.yaml`, or finish a build that was interrupted.

    Parameters
    ----------
    config : as `config.read_config` gives it.
    processes : how many tracks are read at once; default one per CPU.
    progress : show what is read and the time left.
    then : called with the plan and the saved dataset before the pieces are removed (it writes the report).

    Returns
    -------
    Dataset, as saved at `config.out`. It has the same bytes, however often the build was interrupted.

    Raises
    ------
    ChromolabError
        A file is missing, is not what it should be or changes meanwhile, the disk or memory is full, or another build
        of this dataset is running. Finished pieces are kept for the next build.
    """
    out = config.place(config.out)
    if not out.parent.is_dir():
        raise ChromolabError(f"{config.where('out')}: {out.parent} is not a folder; make it, or give another.")
    leftovers = [out, report_of(out)]
    with _room(out.parent), Pieces(pieces_of(out), leftovers) as pieces:
        plan = make_plan(config, pieces)
        pieces.keep_only({*plan.keys.values(), *plan.other_keys})
        if plan.layout is None:
            dataset = _published(config, plan, progress)
        else:
            _refuse_small_disk(plan)
            columns = _read_tracks(plan, pieces, processes or _cpus(), progress)
            dataset = assemble(plan.layout, plan.marks, columns, config.missing, config.dtype)
        refuse_changed(plan.before)
        dataset.save(out)
        dataset = load_dataset(out)
        then(plan, dataset)
        pieces.remove()
    return dataset


def _published(config: Config, plan: Plan, progress: bool) -> Dataset:
    return read_published(
        plan.files.meta,
        plan.files.arrays,
        marks=plan.marks,
        resolutions=config.resolutions,
        window=config.window,
        n_pcres=config.n_pcres,
        dtype=config.dtype,
        progress=progress,
    )


def _read_tracks(plan: Plan, pieces: Pieces, processes: int, progress: bool) -> dict[tuple[str, str], Column]:
    """The column of every track: from its piece where one is kept; the others are read, `processes` at once."""
    columns = {track: _column(pieces.read(key)) for track, key in plan.keys.items() if key in plan.kept}
    left = [track for track in plan.keys if columns.get(track) is None]
    with tqdm(
        total=len(plan.keys), initial=len(plan.keys) - len(left), unit="track", disable=not progress, delay=2
    ) as bar:
        while left:
            cell = left[0][0]  # one cell type at a time: its tracks share their regions
            group = [track for track in left if track[0] == cell][:processes]
            paths = {mark: plan.files.tracks[cell][mark] for _, mark in group}
            bar.set_postfix_str(f"{cell} {', '.join(paths)}")
            regions, bases = plan.layout.regions_of(cell), plan.layout.bases(cell)
            binned = bin_means_many(
                paths,
                regions,
                plan.layout.bin_size,
                processes,
                progress,
                missing_chromosomes="nan",
                scratch=pieces.folder,
                chrom_sizes=plan.sizes,
            )
            refuse_changed({p: plan.before[p] for mark in paths for p in plan.files.parts(cell, mark)})
            for mark, path in paths.items():
                made = column(binned[mark], path, bases, plan.config.missing, plan.config.dtype)
                pieces.write(plan.keys[cell, mark], **made._asdict())
                columns[cell, mark] = made
            left = [track for track in left if track not in group]
            bar.update(len(group))
    return {track: made._replace(scale=plan.files.scales[track] or made.scale) for track, made in columns.items()}


def _column(arrays: dict[str, np.ndarray] | None) -> Column | None:
    return arrays and Column(arrays["depth"], arrays["covered"], str(arrays["scale"]))


def _refuse_small_disk(plan: Plan) -> None:
    needed = plan.dataset_bytes + plan.dataset_bytes * len(plan.to_read) // max(1, len(plan.keys))
    free = shutil.disk_usage(plan.out.parent).free
    if free < needed:
        raise ChromolabError(
            f"{plan.out.parent}: {_megabytes(free)} are free; building needs {_megabytes(needed)}. Free some space, "
            "or give another out:, or dtype: float16."
        )


@contextmanager
def _room(folder: Path):
    """Turn "disk full" and "out of memory" into plain errors."""
    try:
        yield
    except MemoryError as e:
        raise ChromolabError(
            f"{folder}: not enough memory. Give a smaller window:, coarser resolutions:, or fewer genes; finished "
            "pieces are kept."
        ) from e
    except OSError as e:
        if e.errno not in FULL:
            raise
        raise ChromolabError(
            f"{folder}: no space left to write ({e.strerror}). Free some space and run the build again: finished "
            "pieces are kept."
        ) from e


def _megabytes(size: float) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"
