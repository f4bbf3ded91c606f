"""Find the files that a `my.yaml` names: paths relative to it, or files of the data manifest, which are fetched."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chromolab.data.chromosomes import assembly_of
from chromolab.data.contacts.pickles import PICKLES
from chromolab.data.contacts.text_matrices import beside
from chromolab.data.project.config import Config, Located, RnaSignal
from chromolab.data.project.outputs import refuse_overwriting
from chromolab.data.public.downloads import Downloads
from chromolab.data.public.fetch import fetch_files
from chromolab.data.public.manifest import RemoteFile, read_manifest
from chromolab.data.text import existing_file
from chromolab.data.tracks.scales import OF_MANIFEST
from chromolab.errors import ChromolabError


@dataclass
class Files:
    """The path of every file that a `Config` names; None or empty where it names none.

    `named` gives each file's place in the yaml. `scales` gives each track's scale as the yaml declares it, else as the
    data manifest does, else None.
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
    deepchrome: dict[str, list[Path]] = field(default_factory=dict)
    named: dict[Path, str] = field(default_factory=dict)

    def every(self) -> list[Path]:
        """Each file once."""
        return list(self.named)


def find(config: Config, fetch: bool = True) -> Files:
    """Find the files of a `Config`.

    With `fetch`, files of the data manifest are downloaded; without, they must be on this machine already.

    Raises
    ------
    ChromolabError
        A file is missing (every missing file is named, with its line), or `out` would overwrite a file that no build
        wrote.
    """
    files, missing = Files(), []
    described = from_manifest(config)
    remote = _downloaded(described, fetch)

    def place(located: Located | str | None, *at: str) -> Path | None:
        if located is None:
            return None
        if isinstance(located, Located) and located.source is not None:
            path = remote[at]
        else:
            path = config.place(located if isinstance(located, str) else located.file)
        file = Path(str(path).partition("::")[0])  # of a cooler's address, cells.scool::/cells/A
        try:
            existing_file(file, f"the file of {' '.join(at)}")
        except (ChromolabError, OSError) as e:
            missing.append(f"{config.where(*at)}: {e}")
            return path
        files.named.setdefault(file, " ".join(at))
        return path

    if config.published is not None and config.published.deepchrome:
        for cell, given in config.published.deepchrome.items():
            parts = [given] if isinstance(given, str) else given
            files.deepchrome[cell] = [place(part, "published", "deepchrome", cell) for part in parts]
        files.annotation = place(config.published.annotation, "published", "annotation")
    elif config.published is not None:
        files.meta = place(config.published.meta, "published", "meta")
        files.arrays = config.place(config.published.arrays)
        if not files.arrays.is_dir():
            missing.append(f"{config.where('published', 'arrays')}: {files.arrays}: no such folder.")
    files.annotation = place(config.annotation, "annotation") or files.annotation
    files.compare = place(config.annotation and config.annotation.compare, "annotation", "compare")
    files.expression = place(config.expression, "expression")
    files.chrom_sizes = place(config.chrom_sizes, "chrom_sizes")
    files.within = place(config.within, "within")
    files.folds = place(config.folds.regions, "folds")
    for cell, given in config.cell_types.items():
        at = ("cell_types", cell)
        files.tracks[cell] = {}
        for mark, track in config.tracks(cell).items():
            key = (*at, "tracks", mark) if mark in given.tracks else ("extra_tracks", mark)
            files.tracks[cell][mark] = place(track, *key)
            in_manifest = OF_MANIFEST.get(described[key].source.scale) if key in described else None
            files.scales[cell, mark] = track.scale or in_manifest
        if isinstance(given.expression, RnaSignal):
            rna = given.expression.model_dump(include={"track", "forward", "reverse"}, exclude_none=True)
            files.rna[cell] = {strand: place(file, *at, "expression", strand) for strand, file in rna.items()}
        if given.contacts is not None and given.contacts.elements is not None:
            files.contacts[cell] = place(given.contacts.elements, *at, "contacts", "elements")
        elif given.contacts is not None:
            files.contacts[cell] = path = place(given.contacts, *at, "contacts")
            place(given.contacts.bins, *at, "contacts", "bins")
            if given.contacts.format in (None, "triples") and (bins := beside(path)) is not None:
                files.named.setdefault(bins, " ".join([*at, "contacts", "bins"]))
            for one, partner in (PICKLES, PICKLES[::-1]):  # the published contacts are two files
                if one in path.name and (other := path.with_name(path.name.replace(one, partner))).is_file():
                    files.named.setdefault(other, " ".join([*at, "contacts"]))
    if missing:
        raise ChromolabError("\n".join(missing))
    refuse_overwriting(config, files.every())
    return files


def from_manifest(config: Config) -> dict[tuple[str, ...], RemoteFile]:
    """{place in the yaml: file of the data manifest} for every entry that has a `source`.

    `of` gives the source's placeholders; `cell` and `mark` default to those of the entry. Raises `ChromolabError`,
    with the line, where the source is unknown, names several files, or is of another assembly.
    """
    found, manifest = {}, None
    for at, located in _located(config):
        if located.source is None:
            continue
        manifest = manifest or read_manifest()
        try:
            source = manifest[located.source]
            entry = dict(zip(("cell", "mark"), (name for name in at[1::2] if at[0] == "cell_types"), strict=False))
            defaults = {
                k: v for k, v in entry.items() if k in source.placeholders or (k == "cell" and _by_tissue(source))
            }
            described = source.files(**(defaults | located.of))
            if len(described) != 1:
                names = ", ".join(source.placeholders)
                raise ChromolabError(f"{source.name}: {len(described)} files; expected one. Choose it with of: {names}")
            wanted = config.assembly and (assembly_of(config.assembly) or config.assembly)
            if wanted and source.assembly and source.assembly != wanted:
                raise ChromolabError(f"{source.name} is of {source.assembly}, this dataset of {config.assembly}.")
        except ChromolabError as e:
            raise ChromolabError(f"{config.where(*at)}: {e}") from None
        found[at] = described[0]
    return found


def _by_tissue(source) -> bool:
    return any(placeholder.from_cell for placeholder in source.placeholders.values())


def _located(config: Config) -> Iterator[tuple[tuple[str, ...], Located]]:
    """Every part that gives a file or a source, and its place in the yaml."""
    yield from (((name,), part) for name in ("annotation", "expression") if (part := getattr(config, name)) is not None)
    yield from ((("extra_tracks", mark), track) for mark, track in config.extra_tracks.items())
    for cell, described in config.cell_types.items():
        yield from ((("cell_types", cell, "tracks", mark), track) for mark, track in described.tracks.items())
        if described.contacts is not None:
            yield ("cell_types", cell, "contacts"), described.contacts


def to_fetch(config: Config) -> list[RemoteFile]:
    """The files of the data manifest that are not on this machine yet."""
    downloads = Downloads.below()
    files = {file.place: file for file in from_manifest(config).values()}
    return [file for place, file in files.items() if not downloads.path(place).is_file()]


def _downloaded(remote: dict[tuple[str, ...], RemoteFile], fetch: bool) -> dict[tuple[str, ...], Path]:
    """The paths of the manifest's files; with `fetch` they are downloaded first, a few at once."""
    if remote and fetch:
        fetch_files(remote.values(), Downloads.below())
    return {at: Downloads.below().path(file.place) for at, file in remote.items()}
