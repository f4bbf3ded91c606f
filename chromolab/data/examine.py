"""What is wrong with the files of a `my.yaml`, before hours are spent on them: with numbers and a remedy."""

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

AROUND, BIN = 10_000, 250  # bp on each side of a TSS that are looked at, and per bin
GENES = 800  # looked at per cell type
FEW_GENES = 100  # below which notes are made, since nothing can be learnt from fewer


class Finding(NamedTuple):
    """One thing looked at.

    `state` is "ok", "note" (works, but worth knowing), "broken", or "skipped" (not checked; `seen` says why); `check`
    its name; `seen` and `expected` say with numbers; `remedy` what to do.
    """

    state: str
    check: str
    seen: str
    expected: str = ""
    remedy: str = ""


class Findings(Sequence):
    """Findings in the order in which things were looked at; prints as text, shows as a table in a notebook."""

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
        """What is broken or worth knowing."""
        return Findings(f for f in self if f.state in ("broken", "note"))

    @property
    def skipped(self) -> "Findings":
        """What could not be checked, and why."""
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
    """A check that was not made, and why."""
    return Finding("skipped", check, f"not checked: {why}")


def lines_of(finding: Finding) -> Iterator[str]:
    """A finding as lines of text."""
    yield f"{finding.state:8}{finding.check}: {finding.seen}"
    if finding.expected:
        yield f"{'':8}   expected: {finding.expected}"
    if finding.remedy:
        yield f"{'':8}-> {finding.remedy}"


def doctor(path, fast: bool = False, look: Callable[[Finding], object] = lambda finding: None) -> Findings:
    """Look at the files of a `my.yaml`.

    Parameters
    ----------
    path : the `my.yaml`, or a `Config`.
    fast : only what needs no signal to be read: that is what every build begins with.
    look : called with each finding as it is made.

    Returns
    -------
    Findings
        What could not be examined is a finding, too ("skipped", and why). Nothing broken means that nothing was found,
        not that nothing is wrong.
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
    """The files of a config, each read once and only when a check asks for it."""

    def __init__(self, config: Config, files: located.Files):
        self.config, self.files = config, files
        self.misplaced: set[str] = set()  # cell types whose genes are not where their promoter marks are
        self.unreadable: dict[tuple[str, str], str] = {}  # (cell type, mark): why its signal could not be read

    @property
    def cells(self) -> list[str]:
        return list(self.config.cell_types)

    @cached_property
    def marks(self) -> list[str]:
        return list(dict.fromkeys(mark for cell in self.cells for mark in self.config.tracks(cell)))

    @cached_property
    def sizes(self) -> dict:
        """{track: {chromosome: length}}"""
        return sources.track_sizes(self.config, self.files)

    @cached_property
    def given_sizes(self) -> dict[str, int] | None:
        """{chromosome: length} of the yaml, for tracks that do not say"""
        return sources.given_sizes(self.config, self.files)

    @cached_property
    def annotation(self) -> pd.DataFrame:
        return sources.annotated(self.config, self.files)

    @cached_property
    def on_tracks(self) -> pd.DataFrame:
        """Genes on chromosomes that every track has, inside `within`."""
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
        """The length of a chromosome by the tracks; infinite where they lack it."""
        lengths = next(iter(self.sizes.values()))
        return lengths.get(find_chromosome(chrom, lengths), np.inf)

    def sample(self, cell: str) -> pd.DataFrame:
        """Genes to look at, spread over the annotation: half of them from the most expressed, if that is known."""
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
        """{cell type: {mark: bin means around the TSS of the sampled genes}}, in the chromosome's direction.

        A track that cannot be read is left out, and `unreadable` says why.
        """
        return {cell: self._around(cell) for cell in self.cells}

    def _around(self, cell: str) -> dict[str, BinMeans]:
        place = self.samples[cell]["tss"] - AROUND, 2 * AROUND, BIN
        try:
            return self._read(cell, *place)
        except ChromolabError:  # of which track? each by itself
            found = {}
            for mark in self.files.tracks[cell]:
                try:
                    found |= self._read(cell, *place, [mark])
                except ChromolabError as e:
                    self.unreadable[cell, mark] = str(e)
            return found

    def at_other_end(self, cell: str, marks: Iterable[str]) -> dict[str, np.ndarray]:
        """{mark: mean (genes,) within 1 kb of the gene's other end}"""
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
        """Signal around the TSS, (genes, bins), 5' to 3'."""
        depth = self.around[cell][mark].mean.reshape(len(self.samples[cell]), -1)
        reverse = (self.samples[cell]["strand"] == "-").to_numpy()
        return np.where(reverse[:, None], depth[:, ::-1], depth)

    def high(self, cell: str) -> np.ndarray:
        """(genes,) whether a sampled gene is in the more expressed half; all of them where that is not known."""
        x = self.samples[cell]["x"]
        return np.ones(len(x), bool) if x.isna().all() else (x >= x.median()).to_numpy()


def _spread(genes: pd.DataFrame, n: int) -> pd.DataFrame:
    return (
        genes.iloc[np.unique(np.linspace(0, len(genes) - 1, min(n, len(genes))).astype(int))] if len(genes) else genes
    )
