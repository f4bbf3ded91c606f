"""Where the files that a `my.yaml` names lie: paths beside it, or files of the data manifest that are fetched."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chromolab.data._text import existing_file
from chromolab.data.config import Config, Located, RnaSignal
from chromolab.data.contact_files import PICKLES
from chromolab.data.downloads import Downloads
from chromolab.data.fetch import fetch_files
from chromolab.data.manifest import RemoteFile, read_manifest
from chromolab.data.outputs import refuse_overwriting
from chromolab.data.scales import OF_MANIFEST
from chromolab.errors import ChromolabError


@dataclass
class Files:
    """Where every file of a `Config` lies; empty where it names none.

    `named` is the place in the yaml of each; `scales` what is known of a track's scale: as the yaml declares it, else
    as the data manifest does, else None.
    """

    annotation: Path | None = None
    compare: Path | None = None
    expression: Path | None = None
    tracks: dict[str, dict[str, Path]] = field(default_factory=dict)
    scales: dict[tuple[str, str], str | None] = field(default_factory=dict)
    rna: dict[str, dict[str, Path]] = field(default_factory=dict)
    contacts: dict[str, Path] = field(default_factory=dict)
    chrom_sizes: Path | None = None
    within: Path | None = None
    folds: Path | None = None
    meta: Path | None = None
    arrays: Path | None = None
    named: dict[Path, str] = field(default_factory=dict)

    def every(self) -> list[Path]:
        """Each file once."""
        return list(self.named)

    def parts(self, cell_type: str, mark: str) -> list[Path]:
        """The files of one track."""
        return [self.tracks[cell_type][mark]]


def find(config: Config, fetch: bool = True) -> Files:
    """Where the files lie; `ChromolabError` naming the line of every one that is not there.

    With `fetch`, what the manifest names is downloaded; without, it must have been. Raises also where `out` would
    overwrite what is not a build's own.
    """
    files, absent = Files(), []
    described = from_manifest(config)
    remote = _downloaded(described, fetch)

    def place(located: Located | str | None, *at: str) -> Path | None:
        if located is None:
            return None
        if isinstance(located, Located) and located.source is not None:
            path = remote[at]
        else:
            path = config.place(located if isinstance(located, str) else located.file)
        try:
            existing_file(path, f"the file of {' '.join(at)}")
        except (ChromolabError, OSError) as e:
            absent.append(f"{config.where(*at)}: {e}")
            return path
        files.named.setdefault(path, " ".join(at))
        return path

    if config.published is not None:
        files.meta = place(config.published.meta, "published", "meta")
        files.arrays = config.place(config.published.arrays)
        if not files.arrays.is_dir():
            absent.append(f"{config.where('published', 'arrays')}: {files.arrays}: no such folder.")
    files.annotation = place(config.annotation, "annotation")
    files.compare = place(config.annotation and config.annotation.compare, "annotation", "compare")
    files.expression = place(config.expression, "expression")
    files.chrom_sizes = place(config.chrom_sizes, "chrom_sizes")
    files.within = place(config.within, "within")
    files.folds = place(config.folds.regions, "folds")
    for cell, given in config.cell_types.items():
        at = ("cell_types", cell)
        files.tracks[cell] = {}
        for mark, track in config.tracks(cell).items():
            there = (*at, "tracks", mark) if mark in given.tracks else ("extra_tracks", mark)
            files.tracks[cell][mark] = place(track, *there)
            known = OF_MANIFEST.get(described[there].source.scale) if there in described else None
            files.scales[cell, mark] = track.scale or known
        if isinstance(given.expression, RnaSignal):
            rna = given.expression.model_dump(include={"track", "forward", "reverse"}, exclude_none=True)
            files.rna[cell] = {strand: place(file, *at, "expression", strand) for strand, file in rna.items()}
        if given.contacts is not None:
            files.contacts[cell] = path = place(given.contacts, *at, "contacts")
            for here, there in (PICKLES, PICKLES[::-1]):
                if here in path.name and (other := path.with_name(path.name.replace(here, there))).is_file():
                    files.named.setdefault(other, " ".join([*at, "contacts"]))
    if absent:
        raise ChromolabError("\n".join(absent))
    refuse_overwriting(config, files.every())
    return files


def from_manifest(config: Config) -> dict[tuple[str, ...], RemoteFile]:
    """{place in the yaml: file of the data manifest} for whatever has a `source`.

    Its `of` names the source's placeholders; `cell` and `mark` are those of the entry, unless `of` says otherwise.
    """
    found, manifest = {}, read_manifest()
    for at, located in _located(config):
        if located.source is None:
            continue
        try:
            source = manifest[located.source]
            known = dict(zip(("cell", "mark"), (name for name in at[1::2] if at[0] == "cell_types"), strict=False))
            asked = {k: v for k, v in known.items() if k in source.placeholders or (k == "cell" and _by_tissue(source))}
            described = source.files(**(asked | located.of))
            if len(described) != 1:
                names = ", ".join(source.placeholders)
                raise ChromolabError(
                    f"{source.name}: {len(described)} files; expected one. Say which under of: {names}"
                )
            if config.assembly and source.assembly and source.assembly != config.assembly:
                raise ChromolabError(f"{source.name} is of {source.assembly}, this dataset of {config.assembly}.")
        except ChromolabError as e:
            raise ChromolabError(f"{config.where(*at)}: {e}") from None
        found[at] = described[0]
    return found


def _by_tissue(source) -> bool:
    return any(placeholder.from_cell for placeholder in source.placeholders.values())


def _located(config: Config) -> Iterator[tuple[tuple[str, ...], Located]]:
    """Whatever may be a file or a source, and its place in the yaml."""
    yield from (((name,), part) for name in ("annotation", "expression") if (part := getattr(config, name)) is not None)
    yield from ((("extra_tracks", mark), track) for mark, track in config.extra_tracks.items())
    for cell, described in config.cell_types.items():
        yield from ((("cell_types", cell, "tracks", mark), track) for mark, track in described.tracks.items())
        if described.contacts is not None:
            yield ("cell_types", cell, "contacts"), described.contacts


def to_fetch(config: Config) -> list[RemoteFile]:
    """What the manifest names and is not on this machine yet."""
    downloads = Downloads.below()
    files = {file.place: file for file in from_manifest(config).values()}
    return [file for place, file in files.items() if not downloads.path(place).is_file()]


def _downloaded(remote: dict[tuple[str, ...], RemoteFile], fetch: bool) -> dict[tuple[str, ...], Path]:
    """Where the files of the manifest are; with `fetch` they are downloaded first, a few at once."""
    if remote and fetch:
        fetch_files(remote.values(), Downloads.below())
    return {at: Downloads.below().path(file.place) for at, file in remote.items()}
