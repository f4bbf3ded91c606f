"""What the numbers of one gene say, a sentence or two per step of the model."""

from collections.abc import Sequence

import numpy as np

from chromolab.data.bodies.growing_bins import PARTS
from chromolab.show.widgets.glassbox.sides import Sides

ALIKE = 1.05  # an attention that is nowhere more than 5 % above its even share has no favourite


def story(
    sides: Sides, marks: Sequence[str], resolution: int, layers: dict[str, int], pcre: int, measured: str
) -> dict[str, str]:
    """Sentences about this gene, for each summary box of the map.

    Parameters
    ----------
    sides : Sides
    marks : list of str
        The model's.
    resolution : int
        bp per bin.
    layers : {"pairwise" and "regulation": int}
        The layers shown, from 0.
    pcre : int
        The element shown, counted as in `sides.pcres`.
    measured : str
        What was measured of this gene, in words; "" for nothing.

    Returns
    -------
    {"embedding", "pairwise", "regulation", "gene" (of a model of whole genes), "head": str}
        Shares of attention are means over heads; signal is that of the dataset, before the logarithm.
    """
    teller = _Teller(sides, tuple(marks), resolution, layers, pcre)
    told = {
        "embedding": teller.embedding(),
        "pairwise": teller.pairwise(),
        "regulation": teller.regulation(),
        "head": teller.head(measured),
    }
    return told | {"gene": teller.gene()} if sides.bins else told


class _Teller:
    def __init__(self, sides: Sides, marks: tuple[str, ...], resolution: int, layers: dict[str, int], pcre: int):
        self.sides, self.marks, self.resolution, self.layers, self.pcre = sides, marks, resolution, layers, pcre

    def embedding(self) -> str:
        r = self.resolution
        depth, _, has_data = self.sides.part(f"input.{r}.depth", 0)
        if self.sides.after.dataset.genes["strand"].iloc[0] == "-":  # depth runs along the chromosome
            depth, has_data = depth[::-1], None if has_data is None else has_data[::-1]
        bins, tss = len(depth), len(depth) // 2
        if has_data is not None and not has_data[tss]:
            said = "The bin at the TSS has no data, so the model does not see it."
        else:
            said = f"In the bin at the TSS {self._highest(depth[tss])}."
        share, even, was = self._attention(f"embedding.{r}.weights")
        at = int(share.argmax())
        if not even:
            return f"{said} No bin of this window may be looked at."
        if share[at] <= ALIKE * even:
            return f"{said} It looks at all bins alike: each gets {even:.2f} of its attention."
        kb = (at + 0.5 - bins / 2) * r / 1000
        where = "at the TSS" if at == tss else f"{abs(kb):.3g} kb {'down' if kb > 0 else 'up'}stream of the TSS"
        most = f"The largest share of its attention, {share[at]:.2f}, goes to the bin {where}"
        most += "" if at == tss else f", where {self._highest(depth[at])}"
        return f"{said} {most}; evenly spread, each would get {even:.2f}.{self._before(was, at)}"

    def pairwise(self) -> str:
        if not self.sides.pcres:
            return "This gene has no pCREs: there is nobody to ask."
        number, place, r = self.sides.pcres[self.pcre]["slot"] + 1, self.sides.pcres[self.pcre], self.resolution
        if np.isnan(place["frequency"]):
            return f"pCRE {number} is cut: the promoter no longer asks it."
        depth, _, _ = self.sides.part(f"input.{r}.pcre_depth", self.pcre)
        share, even, was = self._attention(f"pairwise.{r}.{self.layers['pairwise']}.weights")
        if not even:
            return f"pCRE {number} has no data, so it has nothing to say."
        at, first = int(share.argmax()), (len(share) - -(-(place["end"] - place["start"]) // r) + 1) // 2
        if share[at] <= ALIKE * even:
            return f"Of pCRE {number} the promoter looks at all bins alike: each gets {even:.2f} of its attention."
        kb = (at - first) * r / 1000
        where = f"{kb:.3g} kb from its start" if kb else "at its start"
        most = f"Of pCRE {number} the bin {where} gets the most attention, {share[at]:.2f}"
        most += f"; {self._highest(depth[at])} there"
        return f"{most}. Evenly spread, each bin would get {even:.2f}.{self._before(was, at)}"

    def regulation(self) -> str:
        present = [p for p in self.sides.pcres if not np.isnan(p["frequency"])]
        name = f"regulation.{self.resolution}.{self.layers['regulation']}."
        share, _, was = self._attention(name + "weights", row=0)
        if not present:
            return "No element touches this promoter, so it can only look at itself."
        best = max(present, key=lambda p: share[p["slot"] + 1])
        at = best["slot"] + 1
        content, _, seen = self.sides.part(name + "content", 0)
        scores = np.where(seen, content[:, 0].astype(float), -np.inf)  # (heads, tokens) of the promoter's question
        without = np.exp(scores - scores.max(1, keepdims=True))
        alone = (without / without.sum(1, keepdims=True)).mean(0)[at]
        others = f"the most of {len(present)} elements" if len(present) > 1 else "its only element"
        return (
            f"The promoter keeps {share[0]:.2f} of its attention for itself and gives {share[at]:.2f} to "
            f"pCRE {at}, {others}. By what is said alone, without the contact frequency ({best['frequency']:.3g}), "
            f"pCRE {at} would get {alone:.2f}.{self._before(was, at)}"
        )

    def gene(self) -> str:
        share, _, was = self._attention("gene.weights")
        _, _, seen = self.sides.values("gene.weights")
        start, end = np.array(self.sides.bins, float).T
        bases = np.where(seen, end - start, 0)
        if not bases.any():
            return "No bin of this gene may be looked at."
        said = f"{int(seen.sum())} bins cover {bases.sum() / 1000:.3g} kb of this gene."
        relative = np.divide(share * bases.sum(), bases, out=np.zeros_like(share, dtype=float), where=bases > 0)
        at = int(relative.argmax())
        if relative[at] <= ALIKE:
            return f"{said} The TSS looks at all of its bases alike."
        exon = np.nan_to_num(self.sides.values("gene.parts")[0][:, PARTS.index("exon")])
        got, are = (share * exon).sum(), (bases * exon).sum() / bases.sum()
        of_exons = f" Exons get {got:.2f} of it all; they are {are:.2f} of the bases."
        where = "at the TSS" if start[at] <= 0 < end[at] else f"at {start[at] / 1000:+.3g} kb".replace("-", "−")
        depth = self.sides.values("gene.depth")[0][at]
        most = f" By the base, the bin {where} gets the most attention, {relative[at]:.2g} times an even share"
        return f"{said}{most}; {self._highest(depth)} there.{of_exons if exon.any() else ''}{self._before(was, at)}"

    def head(self, measured: str) -> str:
        output, _, _ = self.sides.part("head.output", 0)
        old, _, _ = self.sides.part("head.output", 0, "before")
        if len(output) == 2:
            chance = [float(1 / (1 + np.exp(z[0].astype(float) - z[1].astype(float)))) for z in (old, output)]
            logits = " and ".join(_number(z) for z in output)
            said = f"The logits {logits} make {chance[1]:.1%} that this gene is expressed at or above the median."
            change = f" Before the edits: {chance[0]:.1%}."
        else:
            said = f"The head says {_number(output[0])}, as log2(expression + 1)."
            change = f" Before the edits: {_number(old[0])}."
        return said + (f" Measured: {measured}." if measured else "") + (change if self.sides.edited else "")

    def _attention(self, name: str, row: int | None = None) -> tuple[np.ndarray, float, np.ndarray]:
        """Each place's share of the attention, mean over heads; the even share (0: nothing is seen); shares before."""
        both = []
        for side in ("after", "before"):
            values, _, seen = self.sides.part(name, self.pcre, side)
            values = values if row is None else values[:, row]
            both.append(np.nan_to_num(values.mean(0)))
            if side == "after":
                even = 1 / seen.sum() if seen is not None and seen.any() else 0.0
        return both[0], even, both[1]

    def _before(self, was: np.ndarray, at: int) -> str:
        return f" Before the edits it got {was[at]:.2f}." if self.sides.edited else ""

    def _highest(self, depth: np.ndarray) -> str:
        """The mark with the most signal in a bin, in words; "no mark has signal"."""
        mark = int(np.nan_to_num(depth).argmax())
        return f"{self.marks[mark]} is highest ({_number(depth[mark])})" if depth[mark] > 0 else "no mark has signal"


def _number(value: float) -> str:
    return f"{float(value):.3g}".replace("-", "−")
