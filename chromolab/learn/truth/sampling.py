"""Draw edits at random whose true effect is known, equally many of each kind. All of it is simulated."""

import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd

from chromolab.data.dataset.dataset import Dataset
from chromolab.errors import ChromolabError
from chromolab.learn.edit.kinds import STEP, Edit, drop_pcre, erase, paint, scale, set_frequency
from chromolab.learn.truth.meaning import true_effects
from chromolab.world.answers.causes import Causes
from chromolab.world.answers.key import HALF_WINDOW
from chromolab.world.assays import depth_of
from chromolab.world.on_disk import World
from chromolab.world.parameters import BIN
from chromolab.world.patterns import SHOWN_BY, Shapes, limited

PROMOTER_MARKS = ("H3K4me3", "H3K9ac", "H3K27ac", "H3K27me3")
# What a rule by kind expects of the expression when an element, or a mark at a gene, is silenced or erased.
RULE = {"enhancer": -1, "silencer": 1, "H3K27me3": 1} | dict.fromkeys(("H3K4me3", "H3K9ac", "H3K27ac", "H3K36me3"), -1)
KINDS = {
    "enhancer erased": "the marks of an enhancer that drives the gene are erased, over its pCRE or in the window",
    "enhancer partly erased": "the same marks are multiplied by 0.3 to 0.7",
    "enhancer painted up": "an enhancer with little activity gets the marks of a fully active one",
    "silencer erased": "the marks of a silencer that holds the gene down are erased",
    "decoy erased": "the marks of an enhancer or silencer that touches the gene but hardly affects it are erased",
    "contact cut": "a pCRE is dropped, whatever it holds",
    "frequency changed": "the contact with an enhancer or silencer becomes 0.25 to 4 times as frequent",
    "CTCF site lost": "a bound CTCF anchor is lost: the gene's pCREs get the frequencies that they have without it",
    "promoter mark erased": "one of four marks is erased within 2 kb of the TSS",
    "promoter mark partly erased": "one of four marks is multiplied by 0.3 to 0.7 within 2 kb of the TSS",
    "H3K36me3 erased": "H3K36me3 is erased over the gene's body: a consequence of transcription, true effect 0",
}
PARTLY, TIMES = (0.3, 0.7), (0.25, 4.0)
SLEEPY = 0.5  # activity up to which an enhancer is painted up
AROUND = 1_500  # bp to each side of an element that hold nearly all of its marks
FELT = 0.05  # share by which losing an anchor must change the frequency of one of the gene's pCREs
TRIES = 8  # anchors looked at for each that is wanted


def sample_edits(world: World, dataset: Dataset, n: int = 500, seed: int = 0) -> pd.DataFrame:
    """Sample edits at random: equally many of each kind in `KINDS`, uniformly from all that the dataset's genes offer.

    Parameters
    ----------
    world : World
        The teaching genome; its key and its causes give the truth.
    dataset : Dataset
        Of that world: usually held-out genes, `world.dataset().in_fold(4)`.
    n : int
        Number of edits. Of a kind with too few candidates all are taken, and a `UserWarning` says so.
    seed : int

    Returns
    -------
    DataFrame
        kind, gene_id, cell_type, what (the place, mark or anchor), edits (list of Edit), effect (true change of log2
        transcription), true (true change of log2(RPKM + 1)), rule (the direction that a rule by kind expects: of an
        enhancer or an active mark that is lost -1, of a silencer or H3K27me3 1, the opposite where one gains, 0 for a
        contact with neither); in order of the kinds.

    Raises
    ------
    ChromolabError
        If a kind has no candidate at all, or the world is scrambled.
    """
    if world.parameters.scrambled:
        raise ChromolabError("in a scrambled world no mark means what its name says; sample edits of another world")
    sampler = Sampler(world, dataset, np.random.default_rng(seed))
    rows, short = [], []
    for i, kind in enumerate(KINDS):
        wanted = n // len(KINDS) + (i < n % len(KINDS))
        drawn = list(sampler.lost_sites(wanted) if kind == "CTCF site lost" else sampler.draw(kind, wanted))
        if wanted and not drawn:
            raise ChromolabError(f"no candidate for {kind!r}; give more genes, or another world")
        if len(drawn) < wanted:
            short.append(f"{len(drawn)} of {wanted} for {kind!r}")
        rows += drawn
    if short:
        warnings.warn(f"fewer candidates than asked for: {', '.join(short)}; all of them are taken", stacklevel=2)
    columns = ["kind", "gene_id", "cell_type", "what", "edits", "effect", "true", "rule"]
    return pd.DataFrame(rows, columns=columns)


class Sampler:
    """Candidates for edits, and the draw of some of them. `table` has a row per candidate."""

    def __init__(self, world: World, dataset: Dataset, rng: np.random.Generator):
        self.dataset, self.rng, self.causes = dataset, rng, world.causes()
        self.shapes = Shapes(self.causes.genome)
        self.table = _candidates(world, dataset)
        self._of_gene: dict[str, Causes] = {}

    def draw(self, kind: str, wanted: int) -> Iterator[tuple]:
        """Rows of the table that `sample_edits` returns."""
        available = self.table[self.table["kind"] == kind]
        chosen = self.rng.choice(len(available), min(wanted, len(available)), replace=False)
        for row in available.iloc[chosen].itertuples():
            gene_id, cell_type = str(row.gene_id), str(row.cell_type)
            rule = RULE.get(str(row.holds), 0)
            edits, gains = self._made(row)
            truth = true_effects(self.of_gene(gene_id), self.dataset.gene(gene_id, cell_type), edits)
            yield (kind, gene_id, cell_type, row.what, edits, truth.effect, truth.change, -rule * gains)

    def of_gene(self, gene_id: str) -> Causes:
        """The causes of one gene, kept for its other edits."""
        if gene_id not in self._of_gene:
            self._of_gene[gene_id] = self.causes.of_gene(gene_id)
        return self._of_gene[gene_id]

    def _made(self, row) -> tuple[list[Edit], int]:
        """The edits of a candidate, and 1 if something gains by them, -1 if something is lost."""
        partly = round(float(self.rng.uniform(*PARTLY)), 2)
        match row.kind:
            case "contact cut":
                return [drop_pcre(row.what)], -1
            case "frequency changed":
                times = float(np.exp(self.rng.uniform(*np.log(TIMES))))
                return [set_frequency(row.what, round(row.frequency * times, 4))], 1 if times > 1 else -1
            case "promoter mark erased" | "promoter mark partly erased":
                factor = partly if "partly" in row.kind else 0.0
                return [scale(row.what, f"{row.chrom}:{max(0, row.tss - 2_000)}-{row.tss + 2_000}", factor)], -1
            case "H3K36me3 erased":
                return [erase(row.what, f"{row.chrom}:{row.body_start}-{row.body_end}")], -1
            case "enhancer painted up":
                return self._painted_up(row), 1
        factor = partly if "partly" in row.kind else 0.0
        return [scale(mark, row.what, factor) for mark in SHOWN_BY[row.holds]], -1

    def _painted_up(self, row) -> list[Edit]:
        """The expected depth of a fully active enhancer, over the part of its place that the dataset holds."""
        element = self._element(row.element_id)
        p, middle = self.causes.genome.parameters, int(self.causes.genome.elements["position"].iloc[element]) // BIN
        cell = p.cell_type_names.index(row.cell_type)
        first, last = max(middle - AROUND // BIN, -(-row.start // BIN)), min(middle + AROUND // BIN + 1, row.end // BIN)
        shape = self.shapes.of_elements("enhancer", np.array([element]), np.arange(first, last) - middle)[0]
        region = f"{row.chrom}:{first * BIN}-{last * BIN}"
        return [
            paint(mark, region, depth_of(p, mark, cell, limited(share * shape)).round(3), STEP)
            for mark, share in SHOWN_BY["enhancer"].items()
            if mark in self.dataset.marks
        ]

    def _element(self, element_id: str) -> int:
        return int(pd.Index(self.causes.genome.elements["element_id"]).get_loc(element_id))

    def lost_sites(self, wanted: int) -> Iterator[tuple]:
        """As `draw`, of CTCF anchors between a gene and a pCRE, or close to either, that matter to its frequencies."""
        found = 0
        genes = self.table.loc[self.table["kind"] == "contact cut", ["gene_id", "cell_type"]].drop_duplicates()
        for at in self.rng.permutation(len(genes))[: TRIES * wanted]:
            if found < wanted and (row := self._lost_site(*genes.iloc[at])) is not None:
                found += 1
                yield row

    def _lost_site(self, gene_id: str, cell_type: str) -> tuple | None:
        gene, one = self.dataset.gene(gene_id, cell_type), self.of_gene(gene_id)
        pcres, tss = gene.pcres(0), int(gene.genes["tss"].iloc[0])
        elements, cell = one.genome.elements, one.genome.parameters.cell_type_names.index(cell_type)
        pcre = pcres.iloc[self.rng.integers(len(pcres))]
        low, high = min(tss, pcre["start"]) - AROUND, max(tss, pcre["end"]) + AROUND
        here = (elements["chrom"] == pcre["chrom"]) & elements["position"].between(low, high)
        sites = np.flatnonzero(here & (one.bound[:, cell] > 0.5))
        if not len(sites):
            return None
        name = elements["element_id"].iloc[self.rng.choice(sites)]
        lost = one.unbound(name)
        pairs = one.folding.pairs_with(0, pcres)
        ratio = (lost.folding.rate_with(pairs) / one.folding.rate_with(pairs))[:, cell]
        changed = np.flatnonzero(np.abs(ratio - 1) >= FELT)
        if not len(changed):
            return None
        places = pcres["chrom"] + ":" + pcres["start"].astype(str) + "-" + pcres["end"].astype(str)
        after = pcres["frequency"].to_numpy() * ratio
        edits = [set_frequency(places.iloc[i], round(float(after[i]), 4)) for i in changed]
        effect, change = (float(values[0, cell]) for values in one.changes(lost))
        gain = np.sign((after - pcres["frequency"].to_numpy())[changed].sum())
        return ("CTCF site lost", gene_id, cell_type, name, edits, effect, change, int(gain))


def _candidates(world: World, dataset: Dataset) -> pd.DataFrame:
    """Possible edits: kind, gene_id, cell_type, chrom, start, end, tss, body_start, body_end, what, holds, ..."""
    genes = dataset.genes[["gene_id", "cell_type", "chrom", "tss", "start", "end"]]
    genes = genes.rename(columns={"start": "body_start", "end": "body_end"})
    key, pair = world.key, ["gene_id", "cell_type"]
    pcres = key.pcres.drop(columns="chrom").merge(genes, on=pair).rename(columns={"kind": "holds"})
    inside = _in_window(key.effects, dataset, genes)
    inside = inside[~pd.MultiIndex.from_frame(inside[[*pair, "element_id"]]).isin(_names(pcres))]
    drive = pd.concat([pcres[~pcres["decoy"]], inside], ignore_index=True)
    activity = key.elements[["element_id", "cell_type", "activity"]]
    sleepy = pcres[pcres["holds"] == "enhancer"].merge(activity, on=["element_id", "cell_type"])
    marks = key.marks.merge(genes, on=pair).assign(element_id="")
    marks["holds"] = marks["mark"]
    at_promoter = marks[marks["mark"].isin(PROMOTER_MARKS)]
    element = pcres["holds"].isin(list(SHOWN_BY))
    of_kind = {
        "enhancer erased": drive[drive["holds"] == "enhancer"],
        "enhancer partly erased": drive[drive["holds"] == "enhancer"],
        "enhancer painted up": sleepy[sleepy["activity"] <= SLEEPY],
        "silencer erased": drive[drive["holds"] == "silencer"],
        "decoy erased": pcres[pcres["decoy"] & element],
        "contact cut": pcres,
        "frequency changed": pcres[element],
        "promoter mark erased": at_promoter,
        "promoter mark partly erased": at_promoter,
        "H3K36me3 erased": marks[marks["mark"] == "H3K36me3"],
    }
    table = pd.concat([rows.assign(kind=kind) for kind, rows in of_kind.items()], ignore_index=True)
    whole = {name: table[name].fillna(0).astype(int) for name in ("start", "end")}
    place = table["chrom"] + ":" + whole["start"].astype(str) + "-" + whole["end"].astype(str)
    return table.assign(**whole, what=table["mark"].where(table["mark"].notna(), place))


def _names(table: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(table[["gene_id", "cell_type", "element_id"]])


def _in_window(effects: pd.DataFrame, dataset: Dataset, genes: pd.DataFrame) -> pd.DataFrame:
    """The causes that lie inside the promoter windows, each with the place of its marks, cut off at the window."""
    near = effects[effects["distance"] <= HALF_WINDOW].drop(columns="chrom")
    near = near.merge(genes, on=["gene_id", "cell_type"]).rename(columns={"kind": "holds"})
    half = dataset.window // 2
    near = near[(near["start"] >= near["tss"] - half) & (near["end"] <= near["tss"] + half)]
    more = AROUND - (near["end"] - near["start"]) // 2
    return near.assign(
        start=np.maximum.reduce([near["start"] - more, near["tss"] - half, 0 * near["tss"]]),
        end=np.minimum(near["end"] + more, near["tss"] + half),
    )
