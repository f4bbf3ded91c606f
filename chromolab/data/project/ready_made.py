"""The genes of `published:` in a `my.yaml`, which bring their own depth."""

from chromolab.data.dataset.dataset import Dataset
from chromolab.data.dataset.published import read_published
from chromolab.data.project.config import Config
from chromolab.data.project.deepchrome import MARKS as OF_DEEPCHROME
from chromolab.data.project.deepchrome import read_deepchrome
from chromolab.data.project.inputs import Files
from chromolab.defaults import MARKS


def published_marks(config: Config) -> tuple[str, ...]:
    """The marks of `published:`, as it names them or as the study has them."""
    given = config.published
    return tuple(given.marks or (MARKS if given.deepchrome is None else OF_DEEPCHROME))


def published_dataset(config: Config, files: Files, progress: bool = False) -> Dataset:
    """The dataset of `published:`; counts by gene and bin keep their own window and bins."""
    marks, told = config.published.marks, {"dtype": config.dtype, "origin": config.origin}
    if config.published.deepchrome is not None:
        return read_deepchrome(files.deepchrome, marks=marks, annotation=files.annotation, **told)
    return read_published(
        files.meta,
        files.arrays,
        marks=published_marks(config),
        resolutions=config.resolutions,
        window=config.window,
        n_pcres=config.n_pcres,
        progress=progress,
        **told,
    )
