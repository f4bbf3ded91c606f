"""The experiment on letters: what it is run on, and its parts, each of which yields a row per fold."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.denovo.candidates import candidates, rankings
from chromolab.data.denovo.region_motifs import with_motifs
from chromolab.data.intervals import require_columns
from chromolab.data.sequence.fasta import one_hot
from chromolab.data.sequence.motifs import Motif, read_motifs
from chromolab.data.sequence.pairs import ENDS, expected_at, fall_with_distance
from chromolab.errors import ChromolabError
from chromolab.learn.compare.pcres import WAYS, compare_pcres, foretold_contacts, pcre_datasets
from chromolab.learn.compare.sequence import places_of
from chromolab.learn.edit.effect import effect
from chromolab.learn.letters.chain import contact_edits
from chromolab.learn.letters.contacts import SequenceContacts, fit_contacts
from chromolab.learn.letters.tracks import fit_sequence, predict_tracks, track_r, track_regions
from chromolab.learn.metrics import t_interval
from chromolab.learn.truth.letters import motif_effects
from chromolab.learn.truth.motif_edits import sample_motif_edits, score_motif_edits
from chromolab.learn.truth.recall import recall_of_causes
from chromolab.models.checkpoints import SEEDS, pretrained
from chromolab.models.sequence.letters import SequenceModel
from chromolab.show.experiments.inputs import TEACHING
from chromolab.show.notebooks.results import add_results, read_results
from chromolab.world.answers.contacts import contact_rates
from chromolab.world.on_disk import World
from chromolab.world.simulate import simulate

PARTS = ("tracks", "contacts", "edits", "expression", "recall", "pcres")
KNOWN, LEARNT, ORDER = "known motifs", "learnt motifs", "letters in another order"
ROW = ("data", "part", "track", "model", "fold", "seed")  # say which row of the table is which
TOKENS = ", and motifs"  # what is added to a way's name where tokens carry motifs, too


@dataclass(frozen=True)
class Letters:
    """What the experiment is run on.

    Attributes
    ----------
    world : World or None
        None: one's own files, of which no answers are known: the part "contacts" alone.
    counts : DataFrame
        As `fit_contacts` takes it; of a world the mean over cell types.
    fasta : str
    motif : Motif
        CTCF.
    folds : {fold: chromosomes}
    known : {name: array (rows of counts,)}
        True rates, of a world.
    """

    world: World | None
    counts: pd.DataFrame
    fasta: str
    motif: Motif
    folds: dict[int, tuple[str, ...]]
    known: dict[str, np.ndarray] = field(default_factory=dict)


def letters_of(data: str, fasta: str = "", motifs: str = "", counts: str = "", motif: str = "CTCF") -> Letters:
    """What `data` names, or one's own files.

    Parameters
    ----------
    data : str
        "teaching" or its kin (simulated); anything else is a label for the files that follow.
    fasta, motifs : str
        Paths of a FASTA, and of motifs in MEME's or JASPAR's format.
    counts : str
        Path of a table, tab separated: chrom1, start1, end1, chrom2, start2, end2, count, and distance (bp) or none.
    motif : str
        The name of CTCF's motif in the file, or what the file says it is about; one motif needs no name.

    Raises
    ------
    ChromolabError
        If a file is missing or damaged, lacks a column, or has no such motif.
    """
    if data in TEACHING:
        world = simulate(seed=0, **TEACHING[data])
        tables = [world.capture_counts(c) for c in world.cell_types]
        mean = tables[0].assign(count=np.mean([t["count"] for t in tables], 0))
        rates = contact_rates(world.causes())
        known = {name: rates[name].to_numpy() for name in rates}
        return Letters(world, mean, str(world.fasta), read_motifs(world.motifs)["CTCF"], world.folds, known)
    if not (fasta and motifs and counts):
        raise ChromolabError(
            f"data is {data!r}; expected one of {', '.join(TEACHING)}, or your own files: fasta=, motifs= and counts="
        )
    found = read_motifs(motifs)
    named = [m for m in found.values() if motif in (m.name, m.about) or len(found) == 1]
    if not named:
        raise ChromolabError(f"{motifs}: no motif {motif!r}; it has {', '.join(list(found)[:8])}")
    try:
        table = pd.read_csv(counts, sep="\t", comment="#")
    except (OSError, ValueError) as e:
        raise ChromolabError(f"{counts}: cannot be read as a table of counts ({e})") from e
    require_columns(table, (*ENDS, "count"), counts)
    if "distance" not in table:
        middle = [(table[f"start{i}"] + table[f"end{i}"]) // 2 for i in (1, 2)]
        table["distance"] = (middle[0] - middle[1]).abs()
    size = table.groupby("chrom1").size().sort_values(ascending=False)
    folds = {k + 1: tuple(str(c) for c in size.index[k::4]) for k in range(min(4, len(size)))}
    if len(folds) < 2:
        raise ChromolabError(f"{counts}: one chromosome; expected two or more, of which one can be held out")
    return Letters(None, table, fasta, named[0], folds)


def _training(letters: Letters, fold: int) -> list[str]:
    return [c for other, chromosomes in letters.folds.items() if other != fold for c in chromosomes]


def _model(letters: Letters, fold: int, seed: int) -> SequenceContacts:
    return fit_contacts(letters.counts, letters.fasta, letters.motif, _training(letters, fold), seed=seed)


def track_rows(world: World, folds: Sequence[int], seed: int = 0, epochs: int = 8) -> Iterator[dict]:
    """How well letters tell tracks: with known motifs, with filters that learn, and with letters in another order.

    Yields model, fold, seed, track ("CTCF" or "H3K27ac") and r: the mean over cell types of Pearson's r among regions
    of held-out chromosomes.
    """
    motifs = list(read_motifs(world.motifs).values())
    for track in ("CTCF", "H3K27ac"):
        files = {f"{track} {c}": world.ctcf[c] if track == "CTCF" else world.tracks[c][track] for c in world.cell_types}
        regions = track_regions(files, world.parameters.chrom_sizes, share=0.01, seed=seed)
        letters, values = one_hot(world.fasta, regions), regions[list(files)].to_numpy(np.float32)
        mixed = letters[:, :, np.random.default_rng(seed).permutation(letters.shape[2])]
        for fold in folds:
            held = regions["chrom"].isin(list(world.folds[fold])).to_numpy()
            for name in (KNOWN, LEARNT, ORDER):
                x = mixed if name == ORDER else letters
                model = SequenceModel(list(files), None if name == LEARNT else motifs, filters=32, seed=seed)
                fit_sequence(model, x[~held], values[~held], epochs=epochs, seed=seed)
                r = track_r(predict_tracks(model, x[held]), values[held])
                yield {"model": name, "fold": fold, "seed": seed, "track": track, "r": float(np.mean(r))}


def edit_rows(letters: Letters, folds: Sequence[int], edits: int = 50, seed: int = 0) -> Iterator[dict]:
    """Contacts foretold after edits of CTCF sites on held-out chromosomes, against the key.

    Yields model (the kind of edit, or "all kinds"), fold, seed and the scores of `score_motif_edits`; `edits` per fold.
    """
    assert letters.world is not None
    causes = letters.world.causes()
    for fold in folds:
        model = _model(letters, fold, seed)
        drawn = sample_motif_edits(letters.world, model, edits, list(letters.folds[fold]), seed)
        found = score_motif_edits(letters.world, model, drawn, causes, draws=200).scores
        for row in found.rename(columns={"kind": "model"}).to_dict("records"):
            yield {"model": row.pop("model"), "fold": fold, "seed": seed, **row}


def expression_rows(
    letters: Letters, contacts: str, folds: Sequence[int], edits: int = 50, seed: int = 0, least: float = 0.05
) -> Iterator[dict]:
    """Expression foretold after edits of letters: they move contacts, and shipped Chromoformers read the new ones.

    Yields model, fold, seed, examples (genes in cell types whose log2(RPKM + 1) truly changes by `least` or more and
    that have a pCRE whose contact is foretold to change), pearson_r, spearman_r and sign.
    """
    world = letters.world
    assert world is not None
    causes, dataset = world.causes(), world.dataset()
    networks = [pretrained("regression", s, contacts) for s in SEEDS]
    for fold in folds:
        model, rows = _model(letters, fold, seed), []
        for edit in sample_motif_edits(world, model, edits, list(letters.folds[fold]), seed):
            true = motif_effects(world, [edit], causes).genes
            for row in true[true["change"].abs() >= least].itertuples():
                gene = dataset.gene(str(row.gene_id), str(row.cell_type))
                if moved := contact_edits(model, gene, [edit]):
                    rows.append((row.change, effect(networks, gene, moved, progress=False).table["change"].iloc[0]))
        changes = pd.DataFrame(rows, columns=["true", "foretold"])
        told = {
            "pearson_r": changes.corr().iloc[0, 1],
            "spearman_r": changes.corr("spearman").iloc[0, 1],
            "sign": float((np.sign(changes["true"]) == np.sign(changes["foretold"])).mean()) if rows else np.nan,
        }
        yield {"model": "letters, contacts, Chromoformer", "fold": fold, "seed": seed, "examples": len(rows), **told}


def candidates_of(letters: Letters, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Every fragment about each gene as a candidate, with its measured contact; and contact foretold from letters.

    What is foretold comes from heads that did not see the gene's chromosome, (rows,) of observed / expected.
    """
    world = letters.world
    assert world is not None
    genes, places = world.genes(), places_of(letters.counts)
    measured = {}
    for cell in world.cell_types:
        counts = world.capture_counts(cell)
        expected = expected_at(counts["distance"], fall_with_distance(counts["distance"], counts["count"]))
        measured[cell] = counts.assign(frequency=counts["count"] / expected)
    table = candidates(genes, places, world.tracks, contacts=measured, progress=False)
    about = table, genes, letters.counts, letters.fasta, letters.motif, letters.folds
    return table, foretold_contacts(*about, seed=seed)


def recall_rows(letters: Letters, table: pd.DataFrame, foretold: np.ndarray, folds: Sequence[int]) -> Iterator[dict]:
    """The share of the key's distal causes among the first eight candidates of each ranking.

    Yields model (the ranking), fold, seed (0: there is no chance in it), recall and genes.
    """
    assert letters.world is not None
    ranked, effects = rankings(table, foretold), letters.world.key.effects
    for fold in folds:
        own = table["chrom"].isin(list(letters.folds[fold])).to_numpy()
        scores = {name: score[own] for name, score in ranked.items()}
        for row in recall_of_causes(table[own], scores, effects).to_dict("records"):
            yield {"model": row["ranking"], "fold": fold, "seed": 0, "recall": row["recall"], "genes": row["genes"]}


def pcre_rows(
    letters: Letters,
    table: pd.DataFrame,
    foretold: np.ndarray,
    ways: Sequence[str] = WAYS,
    cell_types: Sequence[str] = (),
    **arguments: Any,
) -> Iterator[dict]:
    """What each way to find pCREs gives to expression: rows of `compare_pcres`.

    A way whose name ends in ", and motifs" has tokens that carry the motifs of their place beside its marks.
    `arguments` go to `compare_pcres`.
    """
    world = letters.world
    assert world is not None
    dataset = world.dataset(list(cell_types) or None)
    own = table["cell_type"].isin(dataset.genes["cell_type"].unique()).to_numpy()
    plain = list(dict.fromkeys(way.removesuffix(TOKENS) for way in ways))
    made = pcre_datasets(dataset, table[own], world.tracks, foretold[own], ways=plain, progress=False)
    asked: Mapping = {
        way: with_motifs(made[way.removesuffix(TOKENS)], world.fasta, world.motifs)
        if way.endswith(TOKENS)
        else made[way]
        for way in ways
    }
    yield from compare_pcres(asked, **arguments)


class Kept:
    """Rows of the parts, written to a CSV as they come, beside those of other data that are in it already.

    Parameters
    ----------
    out : str
        The CSV; "" writes nothing.
    data : str
        The label of these data: the column `data`.
    made_by : str
        The command, for the head of the file.

    Raises
    ------
    ChromolabError
        If `out` is there and is no table of results.
    """

    def __init__(self, out: str, data: str, made_by: str):
        self.out, self.data, self.made_by = out, data, made_by
        before = pd.DataFrame(columns=["data", "part", "model", "fold", "seed"])
        if out and Path(out).is_file():
            before = read_results(out)
        self.table = before[before["data"] == data].copy()

    def of(self, part: str) -> pd.DataFrame:
        """The rows of a part."""
        return self.table[self.table["part"] == part]

    def missing(self, part: str, folds: Sequence[int]) -> list[int]:
        """The folds of which a part has no row."""
        return [fold for fold in folds if fold not in set(self.of(part)["fold"])]

    def add(self, part: str, rows: Iterable[dict]) -> None:
        """Add rows of a part one by one; each is written at once."""
        for row in rows:
            new = pd.DataFrame([{"data": self.data, "part": part} | row])
            self.table = pd.concat([self.table, new], ignore_index=True)
            if self.out:
                add_results(new, self.out, self.made_by, replaces=ROW)


def over_folds(table: pd.DataFrame, part: str, score: str, by: str | Sequence[str] = "model") -> pd.DataFrame:
    """Mean and 95 % t interval over folds of a score of one part, seeds of a fold averaged before.

    Returns name (of `by`, joined by commas), value, low and high: `cl.plot.compare` draws it. What has no such score is
    left out.
    """
    names, rows, mine = [by] if isinstance(by, str) else list(by), [], table[table["part"] == part]
    for name, own in [] if mine.empty else mine.groupby(names, sort=False):
        mean, low, high, _ = t_interval(own.groupby("fold")[score].mean())
        rows.append({"name": ", ".join(map(str, name)), "value": mean, "low": low, "high": high})
    found = pd.DataFrame(rows, columns=["name", "value", "low", "high"])
    return found.dropna(subset=["value"], ignore_index=True)
