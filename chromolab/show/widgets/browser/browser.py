"""A track browser: tracks, genes and contacts along a chromosome, panned and zoomed in the notebook."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import traitlets

from chromolab.data.contacts.formats import read_contacts
from chromolab.data.intervals import parse_region
from chromolab.data.tracks.bin_means import bin_means_many, open_track
from chromolab.errors import ChromolabError
from chromolab.show.widgets.base import Widget, floats, mark_styles, script, styles
from chromolab.show.widgets.genes import GeneIndex

SHORTEST, LONGEST = 1_000, 20_000_000  # bp in view: shorter shows no shape, longer takes seconds to read
BINS = 900  # in view: about one per pixel
ARCS = 150  # contacts drawn at once, the most frequent
GENE_COLUMNS = ["chrom", "tss", "strand", "start", "end"]


class TrackBrowser(Widget):
    """Tracks, genes and contacts along a chromosome.

    Drag to pan, `+` and `-` (or the wheel on the axis) to zoom, type a gene or a region to go there.

    Parameters
    ----------
    tracks : {name: track}
        As `cl.build_dataset` takes them for one cell type: bigWigs, reads or bedGraphs of one assembly.
    genes : DataFrame, optional
        Columns chrom, tss, strand, start, end and gene_name or gene_id: `world.genes(...)`,
        `cl.data.read_annotation(...)`.
    contacts : DataFrame or path, optional
        As `cl.data.read_contacts` gives or takes it.
    region : str, optional
        What to show first: "chrom:start-end" or a gene's name; default: the start of the first chromosome.
    unit : str
        Of the tracks.
    origin : str
        Said above the tracks: "simulated", or where the data are from.

    Attributes
    ----------
    region : str
        The region in view, "chrom:start-end" (bp, 0-based, half open): read it to see where you are, set it to move.

    Raises
    ------
    ChromolabError
        Without tracks, or for an unknown gene or chromosome.
    """

    _esm = script("browser")
    _css = styles("shared/genebox.css", "browser/browser.css")
    region = traitlets.Unicode().tag(sync=True)
    _about = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        tracks: Mapping,
        genes: pd.DataFrame | None = None,
        contacts: pd.DataFrame | None = None,
        region: str | None = None,
        unit: str = "reads per base",
        origin: str = "",
    ):
        if not tracks:
            raise ChromolabError("no tracks to browse; pass {name: track}")
        self._tracks: Any = {str(name): track for name, track in tracks.items()}
        self._sizes = dict(open_track(next(iter(self._tracks.values()))).chrom_sizes)
        self._genes: Any = _named(genes)
        self._index: Any = GeneIndex(self._genes.rename(columns={"name": "gene_name"}))
        self._contacts: Any = None if contacts is None else _cis(contacts)
        start = self.find(region) if region else self._inside(next(iter(self._sizes)), 0, 200_000)
        about = {"tracks": mark_styles(list(self._tracks)), "unit": unit, "origin": origin, "sizes": self._sizes}
        super().__init__(region=start, _about=about | {"shortest": SHORTEST, "longest": LONGEST})

    def find(self, text: str) -> str:
        """The region to show for a gene's name or id, or for a region as text.

        Raises
        ------
        ChromolabError
            When the text is neither a gene of the table nor a region of these chromosomes.
        """
        text = str(text).strip()
        match = self._genes["name"].str.casefold() == text.casefold()
        match |= self._genes["gene_id"].str.casefold() == text.casefold()
        if match.any():
            gene = self._genes[match].iloc[0]
            return self._inside(gene["chrom"], gene["tss"] - 50_000, gene["tss"] + 50_000)
        if ":" not in text:
            raise ChromolabError(
                f"no gene {text!r} in the table; expected a name, an id, or a region 'chrom:start-end'"
            )
        return self._inside(*parse_region(text))

    def table(self) -> pd.DataFrame:
        """The tracks in view: chrom, start and end of every bin, and each track's mean depth, NaN without data."""
        chrom, start, end = parse_region(self.region)
        size, means = self._means(chrom, start, end)
        at = start + np.arange(means.shape[1]) * size
        place = {"chrom": chrom, "start": at, "end": np.minimum(at + size, end)}
        return pd.DataFrame(place | dict(zip(self._tracks, means, strict=True)))

    def reply(self, request: dict) -> tuple[dict, list[bytes]]:
        match request:
            case {"kind": "find", "text": str(text)}:
                return {"region": self.find(text)}, []
            case {"kind": "search", "text": str(text)}:
                return {"found": self._index.search(text)}, []
            case {"kind": "view", "chrom": str(chrom), "start": int(start), "end": int(end)}:
                chrom, start, end = parse_region(self._inside(chrom, start, end))
                size, means = self._means(chrom, start, end)
                view = {"chrom": chrom, "start": start, "end": end, "size": size, "bins": means.shape[1]}
                return view | {"genes": self._genes_in(chrom, start, end), "arcs": self._arcs_in(chrom, start, end)}, [
                    floats(means)
                ]
        raise ChromolabError(f"the track browser does not know the request {str(request)[:200]}")

    def release(self) -> None:
        self._tracks = self._contacts = self._genes = self._index = None

    def _inside(self, chrom: str, start: int, end: int) -> str:
        """Fit a region: between SHORTEST and LONGEST bp, about the same middle, within its chromosome."""
        if chrom not in self._sizes:
            raise ChromolabError(f"no chromosome {chrom!r} in these tracks; they have {', '.join(self._sizes)}")
        size = self._sizes[chrom]
        span = min(max(end - start, SHORTEST), LONGEST, size)
        start = int(min(max((start + end - span) // 2, 0), size - span))
        return f"{chrom}:{start}-{start + span}"

    def _means(self, chrom: str, start: int, end: int) -> tuple[int, np.ndarray]:
        """bp per bin, and mean depth (tracks, bins)."""
        size = max(1, -(-(end - start) // BINS))
        region = pd.DataFrame({"chrom": [chrom], "start": [start], "end": [end]})
        binned = bin_means_many(self._tracks, region, size, progress=False)
        return size, np.stack([binned[name].mean for name in self._tracks])

    def _genes_in(self, chrom: str, start: int, end: int) -> list[dict]:
        g = self._genes
        visible = g[(g["chrom"] == chrom) & (g["start"] < end) & (g["end"] > start)]
        return visible[["name", "start", "end", "tss", "strand"]].to_dict("records")

    def _arcs_in(self, chrom: str, start: int, end: int) -> list[list[float]]:
        """[middle, middle, frequency] of contacts with both fragments in view, the most frequent first."""
        if self._contacts is None:
            return []
        c = self._contacts
        visible = c[(c["chrom"] == chrom) & (c["a"] >= start) & (c["b"] < end)]
        return visible.nlargest(ARCS, "frequency")[["a", "b", "frequency"]].to_numpy(float).tolist()


def _named(genes: pd.DataFrame | None) -> pd.DataFrame:
    """The gene table with one row per gene, and its `name`."""
    if genes is None:
        return pd.DataFrame({c: pd.Series(dtype=object) for c in ("gene_id", "name", *GENE_COLUMNS)})
    if missing := [c for c in GENE_COLUMNS if c not in genes]:
        raise ChromolabError(f"the gene table lacks {', '.join(missing)}; see cl.data.read_annotation")
    labels = [c for c in ("gene_name", "gene_id") if c in genes]
    if not labels:
        raise ChromolabError("the gene table has neither gene_name nor gene_id")
    name, key = genes[labels[0]].astype(str), genes[labels[-1]].astype(str)
    table = genes[GENE_COLUMNS].assign(name=name.where(name != "", key), gene_id=key)
    return table.drop_duplicates("gene_id", ignore_index=True)


def _cis(contacts) -> pd.DataFrame:
    """Contacts within a chromosome: chrom, a < b (middles of the fragments, bp), frequency."""
    table = contacts if isinstance(contacts, pd.DataFrame) else read_contacts(contacts)
    table = table[table["chrom1"] == table["chrom2"]]
    middles = np.sort([(table["start1"] + table["end1"]) // 2, (table["start2"] + table["end2"]) // 2], axis=0)
    frequency = table["frequency"].to_numpy(float)
    return pd.DataFrame({"chrom": table["chrom1"].to_numpy(), "a": middles[0], "b": middles[1], "frequency": frequency})
