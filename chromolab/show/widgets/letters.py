"""The letters of a place and the motifs that fit there, for a widget's hover."""

from collections.abc import Iterable
from importlib.util import find_spec
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd

from chromolab.data.sequence.fasta import encode, opened, sequences
from chromolab.data.sequence.motifs import Motif, motif_list
from chromolab.data.sequence.sites import motif_sites
from chromolab.errors import ChromolabError
from chromolab.learn.explain.in_silico import importance, mutagenesis
from chromolab.models.sequence.letters import SequenceModel
from chromolab.world.on_disk import World

FITS = 1e-5  # the largest p of a site: at each place and strand so many random letters score as high
SHOWN = 3  # sites of a place, the best ones
REGIONS = 64  # whose sites are kept


class Letters:
    """A genome's letters and the sites of some motifs; regions are scanned when first asked for, and kept.

    Parameters
    ----------
    fasta, motifs
        As `cl.data.motif_sites` takes them.
    sequence : SequenceModel, optional
        A model of letters: what each letter of a place brings to its first track is told, too.

    Raises
    ------
    ChromolabError
        If the FASTA or the motifs cannot be read, or what reads them is not installed.
    """

    def __init__(
        self,
        fasta: str | PathLike[str],
        motifs: str | PathLike[str] | Iterable[Motif] | dict[str, Motif],
        sequence: SequenceModel | None = None,
    ):
        self.fasta, self.motifs, self.sequence = fasta, {motif.name: motif for motif in motif_list(motifs)}, sequence
        with opened(fasta) as file:
            chrom = next(iter(file.keys()))
        one = next(iter(self.motifs.values()))  # whether what scans is installed; all motifs would take a lab longer
        motif_sites(fasta, one, pd.DataFrame({"chrom": [chrom], "start": [0], "end": [1]}))
        self._sites: dict[tuple[str, int, int], pd.DataFrame] = {}

    def at(self, region: tuple[str, int, int], start: int, end: int) -> dict[str, Any]:
        """What stands at a place of a region.

        Parameters
        ----------
        region : (chrom, start, end)
            It is scanned as a whole.
        start, end : int
            The place, bp.

        Returns
        -------
        dict
            start (of the letters), letters (of the + strand, with as many before and after the place as the widest
            motif has), more (how many sites are not told), sites: of those that fit the place best, each with motif
            (its name), start, end, strand, score (bits), p, and heights: for each of its letters on the + strand bits
            of A, C, G and T; and with a model of letters `brings`: track (its name) and values, of each letter of the
            place minus the mean effect of the three other letters on ln(1 + depth) (`cl.explain.mutagenesis`).
        """
        wide = max(map(len, self.motifs.values()))
        place = pd.DataFrame({"chrom": [region[0]], "start": [start - wide], "end": [end + wide]})
        sites = self._of(region)
        here = sites[(sites["start"] < end) & (sites["end"] > start)].sort_values(["p", "start"], kind="stable")
        told = [
            {k: row[k] for k in ("motif", "start", "end", "strand", "score", "p")}
            | {"heights": self._heights(row["motif"], row["strand"])}
            for row in here.head(SHOWN).to_dict("records")
        ]
        text = sequences(self.fasta, place)[0]
        about = {"start": start - wide, "letters": text, "sites": told, "more": max(0, len(here) - SHOWN)}
        return about if self.sequence is None else about | {"brings": self._brings(text, wide)}

    def _brings(self, text: str, wide: int) -> dict[str, Any]:
        """What each letter brings to a model of letters, but for `wide` letters at either end, which it reads, too."""
        assert self.sequence is not None
        letters = encode([text])
        values = importance(mutagenesis(self.sequence, letters), letters).sum(0)[wide:-wide]
        return {"track": self.sequence.tracks[0], "values": values.round(4).tolist()}

    def _of(self, region: tuple[str, int, int]) -> pd.DataFrame:
        if region not in self._sites:
            while len(self._sites) >= REGIONS:
                del self._sites[next(iter(self._sites))]
            place = pd.DataFrame([region], columns=["chrom", "start", "end"])
            self._sites[region] = motif_sites(self.fasta, self.motifs, place, FITS)
        return self._sites[region]

    def _heights(self, name: str, strand: str) -> list[list[float]]:
        """Bits of A, C, G and T at each place of a motif, as it stands on the + strand."""
        motif = self.motifs[name]
        bits = motif.probabilities * motif.information[:, None]
        return np.round(bits[::-1, ::-1] if strand == "-" else bits, 3).tolist()


def letters_of(world: World | None, fasta: Any, motifs: Any, sequence: SequenceModel | None = None) -> Letters | None:
    """The letters that a widget shows: those given, else those of a world whose FASTA has been made, else None.

    With a model of letters a world's FASTA is made.
    """
    if fasta is not None or motifs is not None:
        if fasta is None or motifs is None:
            raise ChromolabError("letters are shown where both are given: fasta= and motifs=")
        return Letters(fasta, motifs, sequence)
    if sequence is not None and world is None:
        raise ChromolabError("sequence: a model of letters, and no letters; give fasta= and motifs=, or world=")
    readable = all(find_spec(package) for package in ("pyfaidx", "lightmotif"))
    shown = world is not None and (world.has_fasta or sequence is not None) and readable
    return Letters(world.fasta, world.motifs, sequence) if world is not None and shown else None
