"""The schema of a `my.yaml`, which says what a dataset is built from. Errors name the line."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from chromolab.data.chromosomes import ASSEMBLY_CHR1, assembly_of, plain_name
from chromolab.data.contacts.formats import FORMATS
from chromolab.data.files import atomic_write
from chromolab.data.genes.annotation import CHOICES, OF_TRANSCRIPTS
from chromolab.data.tracks.scales import Scale, Transform
from chromolab.data.yaml_files import Part, YamlFile, mistake, read_model, shown
from chromolab.defaults import FOLDS_HUMAN, MIN_FREQUENCY, N_PCRES, RESOLUTIONS, WINDOW
from chromolab.errors import ChromolabError

EXAMPLE = Path(__file__).with_name("my.yaml")
LONGEST = 10_000_000  # bp; a longer window, bin or distance is a typing error


Number = Annotated[int, Field(ge=-(2**53), le=2**53)] | float
Bp = Annotated[int, Field(ge=1, le=LONGEST)]


def _a_path(text: str) -> str:
    """The text, if it can be a path on this machine."""
    if not text.strip() or "://" in text:
        raise mistake(f"{shown(text)}; expected a path on this machine. Download the file, or name its source:")
    if len(text) > 1000 or any(len(part.encode()) > 255 for part in text.split("/")):
        raise mistake(f"{shown(text)}; expected a path, which is shorter than {len(text):,} characters")
    try:
        Path(text).expanduser()
    except RuntimeError:
        raise mistake(f"{shown(text)}; expected a path, but there is no such user") from None
    return text


File = Annotated[str, AfterValidator(_a_path)]


class Located(Part):
    """A `file` of one's own (a path relative to the yaml), or a `source` in `data_manifest/` with its placeholders."""

    file: File | None = None
    source: str | None = None
    of: dict[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _path_alone(cls, given):
        return {"file": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one_of_two(self):
        if (self.file is None) == (self.source is None):
            raise mistake("expected either file: (a path) or source: (an entry of the data manifest)")
        return self


class Annotation(Located):
    """The genes: `feature` and `tss` as in `read_annotation`; with `gene_types`, only genes of these types are kept."""

    feature: str = "auto"
    tss: str = "outermost"
    gene_types: list[str] | None = None
    compare: File | None = None  # a second annotation, which the doctor compares with this one

    @model_validator(mode="after")
    def _known_tss(self):
        if self.tss not in CHOICES:
            raise mistake(f"tss: {shown(self.tss)}; expected one of {', '.join(CHOICES)}", "tss")
        if self.tss in OF_TRANSCRIPTS and self.feature == "gene":
            raise mistake(f"tss: {self.tss} needs the transcripts; leave out feature: gene", "tss")
        return self


class Expression(Located):
    """The expression table of all cell types. `match` says which gene identifiers its rows carry.

    `id_column`, `header` and `decimal` as in `read_expression`.
    """

    unit: Literal["RPKM", "FPKM", "TPM", "counts"] = "RPKM"  # counts become RPKM, with the table's or exons' lengths
    id_column: str | None = None
    header: bool | list[str] | None = None
    decimal: Literal[".", ","] | None = None
    match: Literal["gene_id", "gene_name"] = "gene_id"


class RnaSignal(Part):
    """Expression from RNA tracks: mean signal over the gene's exons (the whole gene where the annotation has none).

    `over` may also be "gene", with its introns, or a number: the first bp downstream of the TSS.
    """

    track: File | None = None  # both strands in one
    forward: File | None = None  # RNA of genes on the + strand
    reverse: File | None = None  # RNA of genes on the - strand
    over: Literal["exons", "gene"] | Bp = "exons"

    @model_validator(mode="after")
    def _one_or_both(self):
        if (self.track is None) == (self.forward is None) or (self.forward is None) != (self.reverse is None):
            raise mistake("expected track: (a bigWig of both strands), or forward: and reverse:")
        return self


class Track(Located):
    """One signal track; `transform` and `missing` as in `cl.build_dataset`."""

    scale: Scale | None = None
    transform: Transform | None = None
    missing: Literal["auto", "mask", "zero"] | None = None  # default: the file's


class Contacts(Located):
    """Contacts of any format. The options are those of `read_contacts`, `read_matrix` and `assign_pcres`.

    With `elements` (BED, or bedGraph of calls), contacts without an assay: as often as distance says
    (`contacts_by_distance`). Their `min_frequency` is 0 unless it is given: every element up to 500 kb away counts.
    """

    elements: File | None = None
    format: str | None = None
    columns: dict[str, str] | list[str] | None = None
    frequency: str | Number | None = None
    where: dict[str, str | Number] | None = None
    one_based: bool | None = None  # default: as the format counts
    bin_size: Bp | None = None
    values: Literal["oe", "balanced", "raw"] | None = None
    chrom: str | None = None
    unit: Literal["bp", "bins"] | None = None  # what triples count: places or bins of one chromosome
    bins: File | None = None  # of HiC-Pro's triples: the table of bins (_abs.bed); by default the one beside them
    promoter_flank: int = Field(0, ge=0, le=LONGEST)
    cis_only: bool = True
    min_frequency: float | None = Field(None, ge=0)  # for this table, where its scale differs from the others'

    @field_validator("format")
    @classmethod
    def _format(cls, name):
        if name is not None and name not in FORMATS:
            raise mistake(f"{name!r}; expected one of {', '.join(FORMATS)}")
        return name

    @model_validator(mode="after")
    def _one_of_two(self):
        if [self.file, self.source, self.elements].count(None) != 2:
            raise mistake(
                "expected one of file: (a table of contacts), source: (an entry of the data manifest) and elements: (a "
                "list of elements, which touch as often as their distance says)"
            )
        if self.elements is not None and (more := self.model_fields_set - {"elements", "min_frequency", "of"}):
            raise mistake(f"elements: takes no {', '.join(sorted(more))}; with it goes min_frequency: alone")
        return self


class CellType(Part):
    """One cell type: its tracks by mark, the column of its expression (default: the cell type's name), its contacts."""

    tracks: dict[str, Track]
    expression: str | RnaSignal | None = None
    contacts: Contacts | None = None

    @field_validator("expression", mode="before")
    @classmethod
    def _column_or_signal(cls, given):
        if given is not None and not isinstance(given, str | Mapping):
            raise mistake(f"{shown(given)}; expected a column's name, or RNA tracks: track:, or forward: and reverse:")
        return RnaSignal.model_validate(given) if isinstance(given, Mapping) else given


class Folds(Part):
    """Which genes are held out together: the `chromosomes` of each fold, a `number` of folds, or `regions`."""

    chromosomes: dict[int, list[str]] | None = None
    number: int | None = Field(None, ge=1, le=1000)
    regions: File | None = None  # BED; its regions are dealt in turn to `number` folds (default 4)

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, given):
        if isinstance(given, bool) or given is None:
            raise mistake(
                f"{shown(given)}; expected human, mouse, a number of folds, a BED file, or fold: [chromosomes]"
            )
        if isinstance(given, str):
            named = _named_folds(given)
            return {"chromosomes": named} if named else {"regions": given}
        if isinstance(given, int):
            return {"number": given}
        if isinstance(given, Mapping) and given and all(str(key).isdecimal() for key in given):
            numbers = {key: int(str(key)[-10:]) for key in given}  # a valid number is shorter, and int() stays quick
            if len(set(numbers.values())) < len(numbers) or not all(0 < n <= 1000 for n in numbers.values()):
                raise mistake(f"{', '.join(map(shown, numbers))}; expected different numbers of folds, from 1 to 1000")
            return {"chromosomes": {numbers[key]: value for key, value in given.items()}}
        return given

    @model_validator(mode="after")
    def _one_way(self):
        if (self.chromosomes is None) == (self.number is None and self.regions is None):
            raise mistake("expected chromosomes:, or number:, or regions: (with number:)")
        fold_of: dict[str, int] = {}  # by plain names: chr1 and 1 are one chromosome
        for fold, chromosomes in (self.chromosomes or {}).items():
            for chrom in chromosomes:
                if (plain := plain_name(chrom)) in fold_of:
                    raise mistake(f"{chrom} is in fold {fold_of[plain]} and in fold {fold}; keep one", str(fold))
                fold_of[plain] = fold
        return self


class Published(Part):
    """Genes in a published study's format, which replace annotation, expression and cell types.

    `meta` and `arrays` as in `read_published`; or `deepchrome`, counts by gene and bin, and their `annotation`, as in
    `read_deepchrome`.
    """

    meta: File | None = None
    arrays: File | None = None
    deepchrome: dict[str, File | list[File]] | None = None
    annotation: File | None = None
    marks: list[str] | None = None

    @model_validator(mode="after")
    def _one_format(self):
        if (self.meta is None or self.arrays is None) == (not self.deepchrome):
            raise mistake("expected meta: and arrays:, or deepchrome: (cell type: [train.csv, valid.csv, test.csv])")
        return self


class Config(YamlFile):
    """A whole `my.yaml`; `read_config` reads one. Paths are relative to the file that names them."""

    name: str = ""
    assembly: str | None = None
    chrom_sizes: File | None = None
    annotation: Annotation | None = None
    expression: Expression | None = None
    cell_types: dict[str, CellType] = {}
    extra_tracks: dict[str, Track] = {}  # shared by all cell types
    published: Published | None = None
    folds: Folds = Folds(number=4)
    within: File | None = None  # BED: only genes whose whole window lies inside one of its regions
    window: int = Field(WINDOW, ge=2, le=LONGEST)
    resolutions: list[Bp] = Field(list(RESOLUTIONS), min_length=1)
    n_pcres: int = Field(N_PCRES, ge=1, le=1000)
    min_frequency: float = Field(MIN_FREQUENCY, ge=0)
    missing: Literal["auto", "mask", "zero"] = "auto"
    dtype: Literal["float16", "float32", "float64"] = "float32"
    origin: str = ""  # every figure shows it
    out: File = "dataset.clds"

    @model_validator(mode="after")
    def _complete(self):
        if self.assembly is not None and self.chrom_sizes is None and assembly_of(self.assembly) is None:
            known = ", ".join(ASSEMBLY_CHR1)
            problem = f"assembly: {self.assembly!r}; expected one that is known ({known}, dm6, GRCh38, GRCm39, ...), "
            raise mistake(problem + "or another genome with chrom_sizes:", "assembly")
        if Path(self.out).suffix != ".clds" or len(Path(self.out).name.encode()) > 200:
            raise mistake(f"out: {shown(self.out)}; expected a short file name that ends in .clds", "out")
        if self.window % 2 or any(self.window % r for r in self.resolutions):
            given = f"window: {self.window}, resolutions: {self.resolutions}"
            problem = f"{given}; expected an even window that each divides"
            raise mistake(problem, "resolutions" if "resolutions" in self.model_fields_set else "window")
        if self.published is not None:
            if self.annotation or self.expression or self.cell_types or self.extra_tracks:
                raise mistake(
                    "published: brings its own genes, expression and tracks; leave out the others", "published"
                )
            return self
        if self.annotation is None:
            raise mistake("annotation: is missing; expected a GTF or BED of the genes")
        if not self.cell_types:
            raise mistake("cell_types: is missing; expected at least one cell type with its tracks")
        for name, cell in self.cell_types.items():
            if not cell.tracks and not self.extra_tracks:
                raise mistake(f"{name!r} has no tracks; expected mark: file under tracks:", "cell_types", name)
            if again := set(cell.tracks) & set(self.extra_tracks):
                problem = f"{', '.join(sorted(again))} of {name!r} is also in extra_tracks; keep one of the two"
                raise mistake(problem, "cell_types", name, "tracks")
            if isinstance(cell.expression, str) and self.expression is None:
                problem = f"{name!r} names the column {cell.expression!r}, but expression: (the table) is missing"
                raise mistake(problem, "cell_types", name, "expression")
        return self

    def place(self, file: str | PathLike[str]) -> Path:
        """Resolve a path that is relative to the yaml; `ChromolabError` where it cannot be followed."""
        try:
            return (self._path.absolute().parent / Path(file).expanduser()).resolve()
        except (OSError, RuntimeError) as e:
            raise ChromolabError(f"{self.path}: {file}: this path cannot be followed ({e}). Correct it.") from None

    def transforms(self) -> dict[str, str]:
        """{mark: transform} as the tracks say it; `ChromolabError` where two cell types say different things."""
        said: dict[str, str] = {}
        for cell in self.cell_types:
            for mark, track in self.tracks(cell).items():
                if track.transform is None:
                    continue
                if said.setdefault(mark, track.transform) != track.transform:
                    raise ChromolabError(
                        f"{self.where('cell_types', cell, 'tracks', mark)}: transform: {track.transform}, elsewhere "
                        f"{said[mark]}; a model reads a mark in one way. Say the same everywhere."
                    )
        return said

    def missing_of(self, cell_type: str, mark: str) -> str:
        """What a base without a value means in one track: as the track says, else as the file does."""
        return self.tracks(cell_type)[mark].missing or self.missing

    def tracks(self, cell_type: str) -> dict[str, Track]:
        """A cell type's own tracks and those of all cell types."""
        return {**self.cell_types[cell_type].tracks, **self.extra_tracks}


def read_config(path: str | PathLike[str]) -> Config:
    """Read and check a `my.yaml`; `EXAMPLE` is an annotated one.

    Raises
    ------
    ChromolabError
        With file and line of each mistake: an unknown key (and the one that was probably meant), a key given twice, a
        value of the wrong kind, settings that contradict each other. Mistakes inside the parts are listed together;
        contradictions between parts are checked once the parts are correct.
    """
    return read_model(path, Config, "a description of a dataset (chromolab data init writes one)")


def write_example(path: str | PathLike[str]) -> Path:
    """Write the annotated example to `path`; `ChromolabError` if that file exists or its folder does not."""
    path = Path(path)
    if path.exists():
        raise ChromolabError(f"{path}: already exists and was not changed. Give another name.")
    if not path.absolute().parent.is_dir():
        raise ChromolabError(f"{path}: its folder does not exist; make it first.")
    with atomic_write(path) as beside:
        beside.write_bytes(EXAMPLE.read_bytes())
    return path


def _named_folds(name: str) -> dict[int, list[str]] | None:
    """Published folds for human. For mouse, our own: chr1 to chr19 in turn (the study leaves out X and Y)."""
    if name == "human":
        return {fold: list(chromosomes) for fold, chromosomes in FOLDS_HUMAN.items()}
    if name == "mouse":
        return {fold: [f"chr{i}" for i in range(fold, 20, 4)] for fold in range(1, 5)}
    return None
