"""The manifest: which public data exist, where they are, and their checksums. One YAML file per source.

`data_manifest/README.md` explains every field to someone who adds a source; the models below check the same fields. A
source is one file, or many whose addresses differ in placeholders: ``{cell}-{mark}.tagAlign.gz``. No network is used.
"""

import itertools
import math
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationInfo, field_validator

from chromolab.data.public.addresses import WORD, few, file_fault, is_address
from chromolab.data.yaml_files import Part, YamlFile, mistake, read_model, shown
from chromolab.errors import ChromolabError

MOST = 1_000_000  # combinations of placeholders that are looked at
CELL_TYPES = "cell_types.yaml"  # the one file in a manifest folder that is not a source
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
RANGE = re.compile(r"([A-Za-z]*)(\d+)\.\.\1(\d+)")

Measured = Literal["tagAlign", "bigWig", "expression table", "gene_info", "GTF", "contact table"]
Format = Literal[Measured, "pickle", "checkpoint", "published genes", "published depth", "archive", "any"]
Scale = Literal["reads", "depth", "fold change", "-log10 p", "RPKM", "TPM", "counts", "interaction frequency"]
Combination = Mapping[str, str]


def _expand(values):
    """E001..E003 -> E001, E002, E003."""
    if not isinstance(values, list):
        return values
    expanded = []
    for value in values:
        found = RANGE.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            expanded.append(value)
            continue
        letters, first, last = found.groups()
        if not int(first) <= int(last) <= 9999:
            raise mistake(f"{value}: expected an ascending range, up to 9999 at most")
        expanded += [f"{letters}{i:0{len(first)}d}" for i in range(int(first), int(last) + 1)]
    return expanded


Word = Annotated[str, Field(pattern=f"^{WORD.pattern}$")]
Values = Annotated[list[Word], BeforeValidator(_expand), Field(min_length=1)]
Rule = Annotated[dict[str, Values], Field(min_length=1)]


class CellType(Part):
    """A cell type: its name, and the tissue whose contacts are used for it (None if no tissue is known)."""

    name: str
    tissue: Word | None = None


class CellTypes(YamlFile):
    """`cell_types.yaml`: the cell types by their id."""

    cell_types: dict[Word, CellType]


class Checksum(Part):
    """The size (bytes) and sha256 of one file, where known."""

    size: Annotated[int, Field(ge=0)] | None = None
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None


class Placeholder(Part):
    """A part of the address that differs between files. With `values` None, the user may give any word."""

    meaning: str
    values: Values | None
    from_cell: Literal["tissue"] | None = None


@dataclass(frozen=True)
class RemoteFile:
    """One file of a source: its local `name`, its `addresses` in order, and its size and sha256 where known."""

    source: "Source"
    name: str
    addresses: tuple[str, ...]
    combination: Mapping[str, str]
    size: int | None = None
    sha256: str | None = None

    @property
    def place(self) -> str:
        """The path below the folder of downloads: source/name."""
        return f"{self.source.name}/{self.name}"


class Source(YamlFile):
    """One source; data_manifest/README.md explains each field."""

    title: str
    provider: str
    placeholders: dict[Annotated[str, Field(pattern="^[a-z][a-z_]*$")], Placeholder] = {}
    address: str | None
    mirrors: list[str] = []
    file: str | None = Field(None, validate_default=True)
    exists: list[Rule] = []
    absent: list[Rule] = []
    assembly: str | None
    format: Format
    scale: Scale | None
    origin: Annotated[str, Field(min_length=1)] = "measured"
    licence: str
    citation: str
    page: str
    checksums: dict[str, Checksum] | None
    notes: str = ""

    _cell_types: dict[str, CellType] = PrivateAttr(default_factory=dict)

    @field_validator("address", "mirrors", "file")
    @classmethod
    def _patterns_fit(cls, value, info: ValidationInfo):
        placeholders = info.data.get("placeholders")
        for pattern in [value] if isinstance(value, str) else value or []:
            if info.field_name != "file" and not is_address(pattern):
                raise mistake(f"expected an address that begins with https:// or http://, not {shown(pattern)}")
            named = set(PLACEHOLDER.findall(pattern))
            if placeholders is not None and named != set(placeholders):
                wrong = ", ".join(sorted(named ^ set(placeholders)))
                raise mistake(f"expected each placeholder in braces, and no other word: check {wrong}")
        return value

    @field_validator("file")
    @classmethod
    def _file_is_a_name(cls, value, info: ValidationInfo):
        if fault := file_fault(value, info.data.get("address"), PLACEHOLDER):
            raise mistake(fault)
        return value

    @field_validator("exists", "absent")
    @classmethod
    def _rules_fit(cls, rules, info: ValidationInfo):
        placeholders = info.data.get("placeholders", {})
        for name, values in itertools.chain.from_iterable(rule.items() for rule in rules):
            if name not in placeholders:
                raise mistake(f"{name} is not a placeholder of this source")
            if unknown := set(values) - set(placeholders[name].values or values):
                raise mistake(f"{', '.join(sorted(unknown))}: not among the values of {name}")
        return rules

    @property
    def name(self) -> str:
        """The name of the source: its file name without .yaml."""
        return self.path.stem

    @property
    def file_pattern(self) -> str:
        """The name of the local file, with placeholders."""
        return self.file or self.address.rpartition("/")[2]

    def known(self, combination: Combination) -> bool | None:
        """Whether the file with these values of the placeholders exists; None if the manifest does not say."""
        if any(_matches(rule, combination) for rule in self.absent):
            return False
        return True if not self.exists or any(_matches(rule, combination) for rule in self.exists) else None

    def files(self, **given: str | Iterable[str]) -> list[RemoteFile]:
        """The files that the given values of the placeholders select, in the order of the values.

        Parameters
        ----------
        **given : str or list of str
            One value or several per placeholder. An omitted placeholder takes every value that is known to exist with
            the others. If the source has a `tissue` but no `cell`, `cell` selects the tissue of that cell type.

        Raises
        ------
        ChromolabError
            A placeholder or value is unknown or missing, or a combination is known not to exist.
        """
        chosen = self._chosen(given)
        every = {name: chosen.get(name) or placeholder.values for name, placeholder in self.placeholders.items()}
        if open_ := [name for name, values in every.items() if values is None]:
            meanings = "; ".join(f"{name}: {self.placeholders[name].meaning}" for name in open_)
            raise ChromolabError(f"{self.name}: give {' and '.join(open_)} ({meanings}).")
        if (count := math.prod(map(len, every.values()))) > MOST:
            raise ChromolabError(f"{self.name}: {count:,} files; give values for more of {', '.join(every)}.")
        files, some_omitted = [], len(chosen) < len(every)
        for values in itertools.product(*every.values()):
            combination = dict(zip(every, values, strict=True))
            known = self.known(combination)
            if known is False and not some_omitted:
                raise ChromolabError(self.absence(combination))
            if known or (known is None and not some_omitted):
                files.append(self._file(combination))
        if not files:
            what = ", ".join(f"{name} {' '.join(values)}" for name, values in chosen.items())
            raise ChromolabError(f"{self.name}: no file of {self.provider} is known for {what}. {self._see()}")
        return files

    def absence(self, combination: Combination) -> str:
        """A sentence that says that this file does not exist, and which do."""
        other = self._alternatives(combination)
        if not other:
            return f"{self.provider} has no {self._words(combination)}. {self._see()}"
        name, exist, unsure = other
        kept = {n: v for n, v in combination.items() if n != name}
        sentence = f"{self.provider} has no {combination[name]}"
        sentence += f" for {self._words(kept)}" if kept else ""
        sentence += f"; it has {few(exist)}" if exist else ""
        return sentence + (f" (not known: {few(unsure)})" if unsure else "") + f". {self._see()}"

    def _alternatives(self, combination: Combination) -> tuple[str, list[str], list[str]] | None:
        """The last placeholder with other values: its name, those values that exist, those that may or may not."""
        for name in reversed(self.placeholders):
            others = [v for v in self.placeholders[name].values or [] if v != combination[name]]
            known = {v: self.known(combination | {name: v}) for v in others}
            exist, unsure = [v for v in others if known[v]], [v for v in others if known[v] is None]
            if exist or unsure:
                return name, exist, unsure
        return None

    def _words(self, combination: Combination) -> str:
        return ", ".join(combination.values()) or f"file {self.file_pattern}"

    def _see(self) -> str:
        return f"See {self.page}."

    def _chosen(self, given: Mapping[str, object]) -> dict[str, list[str]]:
        """The given values as checked lists; a cell type becomes its tissue if the source is sorted by tissue."""
        given = {
            name: [str(value) for value in ([values] if is_one(values) else values)]
            for name, values in given.items()
            if values is not None
        }
        for name, placeholder in self.placeholders.items():
            if placeholder.from_cell and "cell" in given and "cell" not in self.placeholders:
                given[name] = list(dict.fromkeys([*given.get(name, []), *map(self._tissue, given.pop("cell"))]))
        for name, values in given.items():
            if name not in self.placeholders:
                has = ", ".join(self.placeholders) or "none: it is one file"
                raise ChromolabError(f"{self.name}: no placeholder {name}; it has {has}.")
            if not values:
                raise ChromolabError(f"{self.name}: {name} is an empty list; leave it out to take all.")
            allowed = self.placeholders[name].values
            for value in values:
                if allowed is not None and value not in allowed:
                    raise ChromolabError(
                        f"{self.name}: {self.provider} has no {name} {value}; it has {few(allowed)}. {self._see()}"
                    )
                if not WORD.fullmatch(value):
                    raise ChromolabError(f"{self.name}: {name} {value!r}; expected {self.placeholders[name].meaning}.")
        return given

    def _tissue(self, cell: str) -> str:
        tissue = self._cell_types[cell].tissue if cell in self._cell_types else None
        if tissue is None:
            have = few([c for c, known in self._cell_types.items() if known.tissue])
            raise ChromolabError(
                f"{self.name}: no contact tissue is known for cell type {cell}; known are those of {have}. Give "
                f"tissue= itself, or add the cell type to a {CELL_TYPES} of your own."
            )
        return tissue

    def _file(self, combination: Combination) -> RemoteFile:
        def fill(pattern: str) -> str:
            return PLACEHOLDER.sub(lambda found: combination[found[1]], pattern)

        name = fill(self.file_pattern)
        known = (self.checksums or {}).get(name, Checksum())
        addresses = tuple(fill(a) for a in [self.address, *self.mirrors] if a is not None)
        return RemoteFile(self, name, addresses, combination, known.size, known.sha256)


def is_one(value: object) -> bool:
    """Whether this is one value of a placeholder rather than several."""
    return isinstance(value, str) or not isinstance(value, Iterable)


def _matches(rule: Mapping[str, list[str]], combination: Combination) -> bool:
    return all(combination[name] in values for name, values in rule.items())


@dataclass(frozen=True)
class Manifest:
    """All sources and cell types of the manifest folders."""

    sources: Mapping[str, Source]
    cell_types: Mapping[str, CellType]

    def __getitem__(self, name: str) -> Source:
        if name not in self.sources:
            raise ChromolabError(f"no source {name!r}; there are {', '.join(self.sources)}.")
        return self.sources[name]


def manifest_folders(folder: str | PathLike[str] | None = None) -> list[Path]:
    """The folders that describe sources: `folder`, those in the environment variable CHROMOLAB_MANIFEST, and our own.

    Our own is `data_manifest/`: beside the package in the repository, inside the package when installed.
    Raises `ChromolabError` for a folder that does not exist.
    """
    given = [folder] if folder is not None else []
    given += [name for name in os.environ.get("CHROMOLAB_MANIFEST", "").split(os.pathsep) if name]
    package = Path(str(resources.files("chromolab")))
    own = next((p for p in (package / "data_manifest", package.parent / "data_manifest") if p.is_dir()), None)
    folders = [Path(name).expanduser() for name in given]
    for path in folders:
        if not path.is_dir():
            raise ChromolabError(f"{path}: no such folder; expected one with a YAML file per source.")
    return folders + ([own] if own else [])


def read_source(path: str | PathLike[str]) -> Source:
    """Read one source from its YAML file; raises `ChromolabError` with file and line."""
    path = Path(path)
    source = read_model(path, Source, "the description of a source")
    if not WORD.fullmatch(path.stem):
        raise ChromolabError(f"{path}: the file's name names the source: use letters, digits and _ - only.")
    return source


def read_manifest(folder: str | PathLike[str] | None = None) -> Manifest:
    """Read all sources of `manifest_folders(folder)`; of two with the same name, the one in the earlier folder counts.

    Raises
    ------
    ChromolabError
        A folder does not exist, or a file is not as data_manifest/README.md says (with file and line).
    """
    cell_types, found = {}, {}
    for place in reversed(manifest_folders(folder)):
        for path in sorted(place.glob("[!.]*.yaml")):
            if path.name == CELL_TYPES:
                cell_types |= read_model(path, CellTypes, "cell types by their id").cell_types
            else:
                found[path.stem] = read_source(path)
    for source in found.values():
        source._cell_types = cell_types
    return Manifest(dict(sorted(found.items())), cell_types)
