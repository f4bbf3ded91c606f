"""Build the dataset of a `my.yaml`: first the plan, then track by track. Finished pieces are kept until the end."""

import errno
import shutil
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from tqdm.auto import tqdm

from chromolab.data.dataset.dataset import Dataset, load_dataset
from chromolab.data.dataset.layout import Column, assemble, column
from chromolab.data.processes import cpus
from chromolab.data.project.outputs import pieces_of
from chromolab.data.project.pieces import Pieces, refuse_changed
from chromolab.data.project.plan import Plan, make_plan, megabytes
from chromolab.data.project.project import Project
from chromolab.data.tracks.bin_means import bin_means_many
from chromolab.errors import ChromolabError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def build_project(
    project: Project,
    processes: int | None = None,
    progress: bool = True,
    then: Callable[[Plan, Dataset], object] = lambda plan, dataset: None,
) -> Dataset:
    """Build the dataset of a `my.yaml`, or finish a build that was interrupted.

    Parameters
    ----------
    project : Project. What it has read already is used, if its files have not changed since.
    processes : how many tracks are read at once; default one per CPU.
    progress : show what is read and the time left.
    then : called with the plan and the saved dataset before the pieces are removed (it writes the report).

    Returns
    -------
    Dataset, as saved at `project.out`. It has the same bytes, however often the build was interrupted.

    Raises
    ------
    ChromolabError
        A file is missing, is not what it should be or changes meanwhile, the disk or memory is full, or another build
        of this dataset is running. Finished pieces are kept for the next build.
    """
    config, out = project.config, project.out
    if not out.parent.is_dir():
        raise ChromolabError(f"{config.where('out')}: {out.parent} is not a folder; make it, or give another.")
    with _plain_errors(out.parent), Pieces(pieces_of(out), [out, project.report]) as pieces, project.keeping(pieces):
        plan = make_plan(project)
        pieces.keep_only({*plan.keys.values(), *project.rna_keys.values()})
        if plan.layout is None:
            dataset = project.published
        else:
            _refuse_small_disk(plan)
            columns = _read_tracks(plan, pieces, processes or cpus(), progress)
            told = {"origin": config.origin, "transforms": config.transforms()}
            dataset = assemble(plan.layout, plan.marks, columns, config.dtype, **told)
        refuse_changed(project.before)
        dataset.save(out)
        dataset = load_dataset(out)
        then(plan, dataset)
        pieces.remove()
    return dataset


def _read_tracks(plan: Plan, pieces: Pieces, processes: int, progress: bool) -> dict[tuple[str, str], Column]:
    """The column of every track: from its piece where one is kept; the others are read, `processes` at once."""
    project, layout = plan.project, plan.layout
    columns = {track: _column(pieces.read(key)) for track, key in plan.keys.items() if key in plan.kept}
    left = [track for track in plan.keys if columns.get(track) is None]
    with tqdm(
        total=len(plan.keys), initial=len(plan.keys) - len(left), unit="track", disable=not progress, delay=2
    ) as bar:
        while left:
            cell = left[0][0]  # one cell type at a time: its tracks share their regions
            group = [track for track in left if track[0] == cell][:processes]
            paths = {mark: project.files.tracks[cell][mark] for _, mark in group}
            bar.set_postfix_str(f"{cell} {', '.join(paths)}")
            regions = layout.regions_of(cell)
            binned = bin_means_many(
                paths,
                regions,
                layout.bin_size,
                processes,
                progress,
                missing_chromosomes="nan",
                scratch=pieces.folder,
                chrom_sizes=project.given_sizes,
            )
            refuse_changed({path: project.before[path] for path in paths.values()})
            for mark, path in paths.items():
                missing = project.config.missing_of(cell, mark)
                made = column(binned[mark], path, layout, cell, missing, project.config.dtype)
                pieces.write(plan.keys[cell, mark], **made._asdict())
                columns[cell, mark] = made
            left = [track for track in left if track not in group]
            bar.update(len(group))
    return {track: made._replace(scale=project.files.scales[track] or made.scale) for track, made in columns.items()}


def _column(arrays: dict[str, np.ndarray] | None) -> Column | None:
    if arrays is None:
        return None
    scale, zeros, said = str(arrays["scale"]), int(arrays["zeros"]), str(arrays["said"])
    low, high = float(arrays["low"]), float(arrays["high"])
    return Column(arrays["depth"], arrays["covered"], scale, zeros, said, low, high)


def _refuse_small_disk(plan: Plan) -> None:
    needed = plan.dataset_bytes + plan.dataset_bytes * len(plan.to_read) // max(1, len(plan.keys))
    folder = plan.project.out.parent
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ChromolabError(
            f"{folder}: {megabytes(free)} are free; building needs {megabytes(needed)}. Free some space, "
            "or give another out:, or dtype: float16."
        )


@contextmanager
def _plain_errors(folder: Path):
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
