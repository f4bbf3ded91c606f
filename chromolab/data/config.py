"""`my.yaml`: what a dataset is built from. Its schema, and errors that name the line."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from chromolab.data._lined_yaml import Place, line_of, read_yaml
from chromolab.data.contact_files import FORMATS
from chromolab.data.files import whole
from chromolab.data.intervals import ASSEMBLY_CHR1
from chromolab.defaults import FOLDS_HUMAN, MIN_FREQUENCY, N_PCRES, RESOLUTIONS, WINDOW
from chromolab.errors import ChromolabError

EXAMPLE = Path(__file__).with_name("my.yaml")
MOST_ERRORS = 12  # shown at once
KINDS = {"a valid integer": "a whole number", "a valid string": "text (in quotes, if need be)", "a valid ": "a "}
Scale = Literal["depth", "fold_change", "neg_log10_p", "unknown"]  # scales.SCALES


def _wrong(text: str, *place: str) -> PydanticCustomError:
    """An error in our own words; `place` leads from the part under check to what is wrong in it."""
    return PydanticCustomError("chromolab", "{text}", {"text": text, "place": place})


class Part(BaseModel):
    """A mapping in the file: keys that it does not know are refused, with the one that was probably meant."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, given):
        if not isinstance(given, Mapping):
            raise _wrong(f"{_shown(given)}; expected the keys {', '.join(cls.model_fields)}")
        for key in given:
            if key not in cls.model_fields:
                close = difflib.get_close_matches(str(key), cls.model_fields, 1, 0.6)
                hint = f"did you mean {close[0]!r}?" if close else f"expected one of {', '.join(cls.model_fields)}"
                raise _wrong(f"unknown key {key!r}; {hint}", key)
        return given


class Located(Part):
    """A `file` of one's own (a path relative to the yaml), or a `source` of `data_manifest/` with its `of`."""

    file: str | None = None
    source: str | None = None
    of: dict[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _a_path_alone(cls, given):
        return {"file": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one_of_two(self):
        if (self.file is None) == (self.source is None):
            raise _wrong("expected either file: (a path) or source: (an entry of the data manifest)")
        if self.file is not None and (not self.file.strip() or "://" in self.file):
            raise _wrong(f"file: {self.file!r}; expected a path on this machine. Download it, or name its source:")
        return self


class Annotation(Located):
    """Genes: `feature` and `tss` as in `read_annotation`; `gene_types` keeps only these kinds of gene."""

    feature: str = "auto"
    tss: str = "outermost"
    gene_types: list[str] | None = None
    compare: str | None = None  # a second annotation that the doctor holds this one against


class Expression(Located):
    """A table of expression for all cell types. `match` says what its ids are."""

    unit: Literal["RPKM", "FPKM", "TPM", "counts"] = "RPKM"  # counts are made RPKM, with the annotation's exons
    id_column: str | None = None
    match: Literal["gene_id", "gene_name"] = "gene_id"


class RnaSignal(Part):
    """Expression from RNA tracks: their mean over the gene, or over so many bp from the TSS on."""

    track: str | None = None  # of both strands
    forward: str | None = None  # of genes on the + strand
    reverse: str | None = None
    over: Literal["gene"] | int = "gene"

    @model_validator(mode="after")
    def _one_or_both(self):
        if (self.track is None) == (self.forward is None) or (self.forward is None) != (self.reverse is None):
            raise _wrong("expected track: (a bigWig of both strands), or forward: and reverse:")
        if self.over != "gene" and self.over < 1:
            raise _wrong(f"over: {self.over}; expected gene, or a number of bp from the TSS on")
        return self


class Track(Located):
    """One signal track, and the scale that it is known to have."""

    scale: Scale | None = None


class Contacts(Located):
    """Contacts of any kind; the options are those of `read_contacts`, `read_matrix` (matrices) and `assign_pcres`."""

    format: str | None = None
    columns: dict[str, str] | list[str] | None = None
    frequency: str | int | float | None = None
    where: dict[str, str | int | float] | None = None
    one_based: bool = False
    bin_size: int | None = Field(None, ge=1)
    values: Literal["oe", "balanced", "raw"] | None = None
    chrom: str | None = None
    promoter_flank: int = Field(0, ge=0)
    cis_only: bool = True
    min_frequency: float | None = Field(None, ge=0)  # of this table, where its scale is another than the others'

    @field_validator("format")
    @classmethod
    def _format(cls, name):
        if name is not None and name not in FORMATS:
            raise _wrong(f"{name!r}; expected one of {', '.join(FORMATS)}")
        return name


class CellType(Part):
    """One cell type: its tracks by mark, the column of its expression (default: its name), its contacts."""

    tracks: dict[str, Track]
    expression: str | RnaSignal | None = None
    contacts: Contacts | None = None

    @field_validator("expression", mode="before")
    @classmethod
    def _column_or_signal(cls, given):
        return RnaSignal.model_validate(given) if isinstance(given, Mapping) else given


class Folds(Part):
    """Which genes are tested together: `chromosomes` of each fold, all of them dealt to `number`, or `regions`."""

    chromosomes: dict[int, list[str]] | None = None
    number: int | None = Field(None, ge=1)
    regions: str | None = None  # BED; its regions are dealt in turn to `number` folds (default 4)

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, given):
        if isinstance(given, bool) or given is None:
            raise _wrong(
                f"{_shown(given)}; expected human, mouse, a number of folds, a BED file, or fold: [chromosomes]"
            )
        if isinstance(given, str):
            named = _named_folds(given)
            return {"chromosomes": named} if named else {"regions": given}
        if isinstance(given, int):
            return {"number": given}
        if isinstance(given, Mapping) and given and all(str(key).isdecimal() for key in given):
            return {"chromosomes": {int(key): value for key, value in given.items()}}
        return given

    @model_validator(mode="after")
    def _one_way(self):
        if (self.chromosomes is None) == (self.number is None and self.regions is None):
            raise _wrong("expected chromosomes:, or number:, or regions: (with number:)")
        return self


class Published(Part):
    """Genes in the published study's format, in place of annotation, expression and cell types."""

    meta: str
    arrays: str
    marks: list[str] | None = None


class Config(Part):
    """A whole `my.yaml`; `read_config` reads one. Paths are relative to the file that names them."""

    name: str = ""
    assembly: str | None = None
    chrom_sizes: str | None = None
    annotation: Annotation | None = None
    expression: Expression | None = None
    cell_types: dict[str, CellType] = {}
    extra_tracks: dict[str, Track] = {}  # of all cell types alike
    published: Published | None = None
    folds: Folds = Folds(number=4)
    within: str | None = None  # BED: only genes whose whole window lies inside one of its regions
    window: int = Field(WINDOW, ge=2)
    resolutions: list[int] = Field(list(RESOLUTIONS), min_length=1)
    n_pcres: int = Field(N_PCRES, ge=1)
    min_frequency: float = Field(MIN_FREQUENCY, ge=0)
    missing: Literal["mask", "zero"] = "mask"
    dtype: Literal["float16", "float32", "float64"] = "float32"
    out: str = "dataset.clds"
    _path: Path = PrivateAttr(Path("my.yaml"))
    _lines: dict[Place, int] = PrivateAttr({})

    @model_validator(mode="after")
    def _complete(self):
        if self.assembly is not None and self.assembly not in ASSEMBLY_CHR1 and self.chrom_sizes is None:
            known = ", ".join(ASSEMBLY_CHR1)
            raise _wrong(
                f"assembly: {self.assembly!r}; expected {known}, or with another genome chrom_sizes:", "assembly"
            )
        if Path(self.out).suffix != ".clds":
            raise _wrong(f"out: {self.out!r}; expected a name that ends in .clds, a file of its own", "out")
        if self.window % 2 or any(r < 1 or self.window % r for r in self.resolutions):
            said = f"window: {self.window}, resolutions: {self.resolutions}; expected an even window that each divides"
            raise _wrong(said, "resolutions" if "resolutions" in self.model_fields_set else "window")
        if self.published is not None:
            if self.annotation or self.expression or self.cell_types or self.extra_tracks:
                raise _wrong(
                    "published: brings its own genes, expression and tracks; leave out those of the file", "published"
                )
            return self
        if self.annotation is None:
            raise _wrong("annotation: is missing; expected a GTF or BED of the genes")
        if not self.cell_types:
            raise _wrong("cell_types: is missing; expected at least one, each with its tracks")
        for name, cell in self.cell_types.items():
            if not cell.tracks and not self.extra_tracks:
                raise _wrong(f"{name!r} has no tracks; expected mark: file under tracks:", "cell_types", name)
            if again := set(cell.tracks) & set(self.extra_tracks):
                said = f"{', '.join(sorted(again))} of {name!r} also stands in extra_tracks; keep one of the two"
                raise _wrong(said, "cell_types", name, "tracks")
            if isinstance(cell.expression, str) and self.expression is None:
                said = f"{name!r} names the column {cell.expression!r}, but expression: (the table) is missing"
                raise _wrong(said, "cell_types", name, "expression")
        return self

    @property
    def path(self) -> Path:
        """The file that was read."""
        return self._path

    def place(self, file) -> Path:
        """A path of the file as it is found from here."""
        return (self._path.absolute().parent / Path(file).expanduser()).resolve()

    def where(self, *place) -> str:
        """`my.yaml, line 12`, for messages."""
        return f"{self._path}, line {line_of(place, self._lines)}"

    def tracks(self, cell_type: str) -> dict[str, Track]:
        """A cell type's own tracks and those of all cell types."""
        return {**self.cell_types[cell_type].tracks, **self.extra_tracks}


def read_config(path) -> Config:
    """Read and check a `my.yaml`; `EXAMPLE` is an annotated one.

    Raises
    ------
    ChromolabError
        Naming file and line of the mistakes found: unknown keys (with the one that was probably meant), keys given
        twice, values of another kind, things that do not go together. Those inside a part are told together; what is
        around a mistake is looked at once it is mended.
    """
    found, lines = read_yaml(path, "a description of a dataset (chromolab data init writes one)")
    try:
        config = Config.model_validate(found)
    except ValidationError as e:
        said = [f"{path}, line {line}: {text}" for line, text in sorted(_mistake(error, lines) for error in e.errors())]
        more = [f"... and {len(said) - MOST_ERRORS} more"] if len(said) > MOST_ERRORS else []
        raise ChromolabError("\n".join([*said[:MOST_ERRORS], *more])) from None
    config._path, config._lines = Path(path), lines
    return config


def write_example(path) -> Path:
    """Write the annotated example; `ChromolabError` where a file is already there."""
    path = Path(path)
    if path.exists():
        raise ChromolabError(f"{path}: is already there and was left as it is. Give another name.")
    if not path.absolute().parent.is_dir():
        raise ChromolabError(f"{path}: no such folder; make it first.")
    with whole(path) as beside:
        beside.write_bytes(EXAMPLE.read_bytes())
    return path


def _mistake(error: dict, lines: dict[Place, int]) -> tuple[int, str]:
    """Line and text of one of pydantic's errors, in this package's words."""
    place = tuple(p for p in error["loc"] if p != "[key]")
    if error["type"] == "chromolab":
        text, line = error["msg"], line_of((*place, *error["ctx"]["place"]), lines)
    elif error["type"] == "missing":
        *place, absent = place
        text, line = f"{absent}: is missing", line_of(tuple(place), lines)
    else:
        expected = error["msg"].replace("Input should be", "expected")
        for theirs, ours in KINDS.items():
            expected = expected.replace(theirs, ours)
        text, line = f"{_shown(error['input'])}; {expected}", line_of(place, lines)
    return line, f"{'.'.join(map(str, place))}: {text}" if place else text


def _shown(value) -> str:
    text = repr(value) if value is not None else "nothing"
    return text if len(text) < 60 else f"{text[:57]}..."


def _named_folds(name: str) -> dict[int, list[str]] | None:
    """The published human folds; for mice chr1 to chr19 (the published genome without X and Y), dealt in turn by us."""
    if name == "human":
        return {fold: list(chromosomes) for fold, chromosomes in FOLDS_HUMAN.items()}
    if name == "mouse":
        return {fold: [f"chr{i}" for i in range(fold, 20, 4)] for fold in range(1, 5)}
    return None
