"""Check the files of a `my.yaml` before hours are spent on them, and say with numbers what is wrong and what to do."""

import html
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from chromolab.data import located, sources
from chromolab.data.config import Config, read_config
from chromolab.data.folds import region_of
from chromolab.data.genes import expression_key
from chromolab.data.intervals import find_chromosome
from chromolab.data.pieces import fingerprint
from chromolab.data.tracks import BinMeans, bin_means_many
from chromolab.errors import ChromolabError

AROUND, BIN = 10_000, 250  # bp read on each side of a TSS, and bp per bin
GENES = 800  # genes sampled per cell type
FEW_GENES = 100  # a model cannot learn from fewer genes; the doctor notes it


class Finding(NamedTuple):
    """The result of one check.

    `state` is "ok", "note" (works, but worth knowing), "broken", or "skipped" (not checked; `seen` says why). `check`
    is the check's name. `seen` and `expected` give numbers; `remedy` says what to do.
    """

    state: str
    check: str
    seen: str
    expected: str = ""
    remedy: str = ""


class Findings(Sequence):
    """Findings in the order of the checks; prints as text and shows as a table in a notebook."""

    def __init__(self, findings: Iterable[Finding] = ()):
        self._all = list(dict.fromkeys(findings))

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, i):
        return self._all[i]

    @property
    def broken(self) -> "Findings":
        return Findings(f for f in self if f.state == "broken")

    @property
    def notes(self) -> "Findings":
        return Findings(f for f in self if f.state == "note")

    @property
    def problems(self) -> "Findings":
        """Findings that are broken or worth knowing."""
        return Findings(f for f in self if f.state in ("broken", "note"))

    @property
    def skipped(self) -> "Findings":
        """Checks that could not be made, and why."""
        return Findings(f for f in self if f.state == "skipped")

    @property
    def table(self) -> pd.DataFrame:
        return pd.DataFrame(self._all, columns=Finding._fields)

    def __str__(self) -> str:
        return "\n".join(line for f in self for line in lines_of(f))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in Finding._fields)
        rows = ("".join(f'<td style="text-align:left">{html.escape(x)}</td>' for x in f) for f in self)
        return f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def skipped(check: str, why: str) -> Finding:
    """A check that was not made; `why` says why."""
    return Finding("skipped", check, f"not checked: {why}")


def lines_of(finding: Finding) -> Iterator[str]:
    """Yield a finding line by line."""
    yield f"{finding.state:8}{finding.check}: {finding.seen}"
    if finding.expected:
        yield f"{'':8}   expected: {finding.expected}"
    if finding.remedy:
        yield f"{'':8}-> {finding.remedy}"


def doctor(path, fast: bool = False, look: Callable[[Finding], object] = lambda finding: None) -> Findings:
    """Check the files of a `my.yaml`.

    Parameters
    ----------
    path : the `my.yaml`, or a `Config`.
    fast : make only the checks that read no signal. Every build begins with them.
    look : called with each finding when it is made.

    Returns
    -------
    Findings
        A check that could not be made is a finding, too ("skipped", and why). If nothing is broken, no check found a
        fault; that does not prove that there is none. Errors in the files are findings; none is raised.
    """
    from chromolab.data import examine_contacts, examine_signal, examine_tables

    found: list[Finding] = []

    def add(finding: Finding) -> None:
        if finding not in found:
            found.append(finding)
            look(finding)

    try:
        config = path if isinstance(path, Config) else read_config(path)
        files = located.find(config, fetch=False)
    except ChromolabError as e:
        add(Finding("broken", "files", str(e), "a my.yaml and files that are there", "Correct the lines named."))
        return Findings(found)
    patient, first = Patient(config, files), examine_tables.FAST
    if config.published is not None:
        checks = examine_tables.PUBLISHED
    else:
        slow = [*examine_tables.SLOW, *examine_signal.CHECKS, *examine_contacts.CHECKS]
        checks = examine_tables.FAST if fast else [*examine_tables.FAST, *slow]
    for check in checks:
        name = check.__name__.replace("_", " ")
        if any(f.state == "broken" and f.check in ("files", "assembly", "names") for f in found) and check not in first:
            add(skipped(name, "what is broken above has to be mended first"))
            continue  # it would say the same in other words
        try:
            for finding in check(patient):
                add(finding)
        except ChromolabError as e:
            if not any(f.state == "broken" for f in found):
                add(Finding("broken", name, str(e), "files that go together", "See the sentence itself."))
            elif not any(f.state == "broken" and str(e) in f.seen for f in found):
                add(skipped(name, str(e)))
    return Findings(found)


class Patient:
    """The files of a config. Each is read once, when a check first needs it."""

    def __init__(self, config: Config, files: located.Files):
        self.config, self.files = config, files
        self.misplaced: set[str] = set()  # cell types whose promoter marks do not lie at the genes' TSSs
        self.unreadable: dict[tuple[str, str], str] = {}  # (cell type, mark): why its signal could not be read

    @property
    def cells(self) -> list[str]:
        return list(self.config.cell_types)

    @cached_property
    def marks(self) -> list[str]:
        return list(dict.fromkeys(mark for cell in self.cells for mark in self.config.tracks(cell)))

    @cached_property
    def sizes(self) -> dict:
        """{track: {chromosome: length in bp}}"""
        return sources.track_sizes(self.config, self.files)

    @cached_property
    def given_sizes(self) -> dict[str, int] | None:
        """{chromosome: length in bp} from the yaml, for tracks without lengths; None where it gives none"""
        return sources.given_sizes(self.config, self.files)

    @cached_property
    def annotation(self) -> pd.DataFrame:
        return sources.annotated(self.config, self.files)

    @cached_property
    def on_tracks(self) -> pd.DataFrame:
        """Genes on chromosomes that every track has, and inside `within`."""
        genes = sources.on_tracks(self.annotation, self.sizes)[0]
        if (within := sources.regions_within(self.config, self.files)) is None:
            return genes
        return genes[region_of(genes, within, self.config.window) >= 0].reset_index(drop=True)

    @cached_property
    def expression(self) -> dict:
        """{cell type: Series by gene, or None}"""
        before = {path: fingerprint(path) for path in self.files.every()}
        return sources.measured(self.config, self.files, self.on_tracks, before, None)[0]

    @cached_property
    def contacts(self) -> dict[str, pd.DataFrame]:
        return sources.read_contact_tables(self.config, self.files, self.on_tracks)

    def length_of(self, chrom: str) -> float:
        """The length (bp) of a chromosome in the first track; infinite where it lacks the chromosome."""
        lengths = next(iter(self.sizes.values()))
        return lengths.get(find_chromosome(chrom, lengths), np.inf)

    def sample(self, cell: str) -> pd.DataFrame:
        """Sample genes evenly over the annotation: half from the more expressed half, where expression is known.

        The column `x` holds their expression (NaN where it is not known).
        """
        genes = self.on_tracks
        try:
            values = self.expression[cell]
        except ChromolabError:
            values = None
        if values is not None:
            on = self.config.expression.match if self.config.expression and cell not in self.files.rna else "gene_id"
            x = expression_key(genes, on).map(values[~values.index.duplicated()])
            known = genes.assign(x=x)[x.notna()]
            if len(known):
                high = known[known["x"] >= known["x"].median()]
                return pd.concat([_spread(high, GENES // 2), _spread(known.drop(high.index), GENES // 2)])
        return _spread(genes.assign(x=np.nan), GENES)

    @cached_property
    def samples(self) -> dict[str, pd.DataFrame]:
        return {cell: self.sample(cell).reset_index(drop=True) for cell in self.cells}

    @cached_property
    def around(self) -> dict[str, dict[str, BinMeans]]:
        """{cell type: {mark: bin means around the TSSs of the sampled genes}}, in the direction of the chromosome.

        A track that cannot be read is left out; `unreadable` says why.
        """
        return {cell: self._around(cell) for cell in self.cells}

    def _around(self, cell: str) -> dict[str, BinMeans]:
        place = self.samples[cell]["tss"] - AROUND, 2 * AROUND, BIN
        try:
            return self._read(cell, *place)
        except ChromolabError:  # read the tracks one by one to see which of them fails
            found = {}
            for mark in self.files.tracks[cell]:
                try:
                    found |= self._read(cell, *place, [mark])
                except ChromolabError as e:
                    self.unreadable[cell, mark] = str(e)
            return found

    def at_other_end(self, cell: str, marks: Iterable[str]) -> dict[str, np.ndarray]:
        """{mark: mean signal (genes,) within 1 kb of the gene's other end}"""
        genes = self.samples[cell]
        other = genes["start"] + genes["end"] - 1 - genes["tss"]
        found = self._read(cell, other - 1000, 2000, 2000, marks)
        return {mark: means.mean for mark, means in found.items()}

    def _read(self, cell: str, start: pd.Series, length: int, bin_size: int, marks=None) -> dict[str, BinMeans]:
        regions = pd.DataFrame({"chrom": self.samples[cell]["chrom"], "start": start, "end": start + length})
        tracks = {m: p for m, p in self.files.tracks[cell].items() if marks is None or m in marks}
        options = {"progress": False, "missing_chromosomes": "nan", "chrom_sizes": self.given_sizes}
        return bin_means_many(tracks, regions, bin_size, **options)

    def matrix(self, cell: str, mark: str) -> np.ndarray:
        """Mean signal per bin around the TSS, (genes, bins), 5' to 3'."""
        depth = self.around[cell][mark].mean.reshape(len(self.samples[cell]), -1)
        reverse = (self.samples[cell]["strand"] == "-").to_numpy()
        return np.where(reverse[:, None], depth[:, ::-1], depth)

    def high(self, cell: str) -> np.ndarray:
        """Which sampled genes are in the more expressed half, (genes,) of bool; all where expression is not known."""
        x = self.samples[cell]["x"]
        return np.ones(len(x), bool) if x.isna().all() else (x >= x.median()).to_numpy()


def _spread(genes: pd.DataFrame, n: int) -> pd.DataFrame:
    return (
        genes.iloc[np.unique(np.linspace(0, len(genes) - 1, min(n, len(genes))).astype(int))] if len(genes) else genes
    )
