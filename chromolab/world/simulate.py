"""`simulate` makes a teaching genome, or takes it from the cache where it is whole."""

import json
import shutil
from dataclasses import asdict
from os import PathLike
from pathlib import Path

from tqdm.auto import tqdm

from chromolab.data.files import alone, cache_folder, saying, scratch_folder
from chromolab.data.whole import is_whole, seal
from chromolab.defaults import MARKS
from chromolab.errors import ChromolabError
from chromolab.world.answers.causes import Causes
from chromolab.world.answers.key import make_key
from chromolab.world.answers.oracle import calibrate
from chromolab.world.assays import first_component, write_annotation, write_expression, write_tracks
from chromolab.world.folding import contact_table
from chromolab.world.levels import level_maker
from chromolab.world.on_disk import World
from chromolab.world.parameters import Parameters
from chromolab.world.patterns import Shapes, expected_patterns
from chromolab.world.regulation import regulate
from chromolab.world.species import ancestor_of, genome_of, orthologues

WAITING = "Another notebook or program is making this teaching genome, once for all; waiting for it, up to a minute."


def simulate(
    seed: int = 0,
    distal_share: float | None = None,
    scrambled: bool = False,
    *,
    contacts: str = "lifelike",
    species: str = "a",
    readout: float = 1.0,
    depth: float = 1.0,
    ctcf: float = 0.0,
    lineage_spread: float = 0.0,
    code_drift: float = 0.0,
    chromosomes: int = 8,
    chromosome_length: int = 12_500_000,
    genes: int = 960,
    enhancers: int | None = None,
    silencers: int | None = None,
    anchors: int | None = None,
    cell_types: int = 4,
    lineages: int = 2,
    cache: str | PathLike[str] | None = None,
    progress: bool = True,
) -> World:
    """Make a small simulated genome with an answer key, as real files: bigWigs, GTF, expression and contact tables.

    Parameters
    ----------
    seed : int
        The same seed and parameters give the same files, byte for byte, with the same versions of numpy and pyBigWig.
    distal_share : float, optional
        Share of the variance of log2(RPKM + 1) that the contacts table explains beyond the promoter window: 0 (no
        enhancer does anything) to 0.25. Default: what follows from `contacts`. At the default size and read-out, strong
        contacts reach 0.02 to 0.04 and lifelike ones less than 0.01; what is out of reach is refused, with the most
        that is in reach.
    scrambled : bool
        Make a control world: every track shows the pattern of another mark (`chromolab.world.patterns.SCRAMBLED`), so
        that a model trained here learns a code that real cells do not use.
    contacts : {"lifelike", "strong"}
        "lifelike": contacts matter as little as they do in the real data at hand. "strong": the same genome, in which
        enhancers act only through contacts well above what distance gives, and then strongly, so that a small model can
        see contacts at work.
    species : {"a", "b"}
        "b" is the species that parted from a: the same code, other places (`World.orthologues`).
    readout : float
        Strength of the read-out of transcription by H3K36me3: 0 (the mark says nothing) to 3; 1 is lifelike.
    depth : float
        Reads of every track, as a multiple of the usual number; 0.05 to 10.
    ctcf : float
        Make CTCF at promoters matter: where it binds a promoter, contacts bring this share more, 0 to 5 (1: twice as
        much), so that its track tells what no mark and no contact does. 0, the default: CTCF makes contacts and nothing
        else, and a model that has the contacts learns nothing from its track. After Kubo et al. 2021, who lost
        contacts and transcription with CTCF at promoters (https://doi.org/10.1038/s41594-020-00539-5).
    lineage_spread, code_drift : float
        How far lineages differ in the scale of each mark's tracks, and in how much each mark tells of a promoter and
        its transcription: 0 (not at all) to 2. With both at 0 a model transfers to a like cell type as well as to any.
    chromosomes, chromosome_length, genes, cell_types, lineages : int
        Size of the genome. Defaults: 8 x 12.5 Mb, 960 genes, four cell types in two lineages.
    enhancers, silencers, anchors : int, optional
        Numbers of elements; default 2.7, 0.5 and 0.8 per gene.
    cache : path, optional
        Folder for worlds; default the environment variable CHROMOLAB_CACHE, or the user's cache folder.
    progress : bool
        Show a progress bar while the world is made, or say so where another process makes it and this one waits.

    Returns
    -------
    World

    Raises
    ------
    ChromolabError
        If the parameters are impossible, a share of variance is out of reach, or the cache folder cannot be written.

    Notes
    -----
    Everything in it is simulated; `World.realism` holds it beside real data.
    """
    parameters = Parameters(
        seed=seed,
        species=species,
        contacts=contacts,
        distal_share=distal_share,
        readout=readout,
        depth=depth,
        ctcf=ctcf,
        lineage_spread=lineage_spread,
        code_drift=code_drift,
        scrambled=bool(scrambled),
        chromosomes=chromosomes,
        chromosome_length=chromosome_length,
        genes=genes,
        enhancers=27 * genes // 10 if enhancers is None else enhancers,
        silencers=genes // 2 if silencers is None else silencers,
        anchors=8 * genes // 10 if anchors is None else anchors,
        cell_types=cell_types,
        lineages=lineages,
    )
    place = cache_folder(cache) / parameters.name
    if not is_whole(place, may_lack="key/"):
        _make(parameters, place, progress)
    return World(place)


def _make(parameters: Parameters, place: Path, progress: bool) -> None:
    """Write a world beside its place and rename it there; one process at a time, those that waited take what it made.

    A world of which a file was lost or changed is made again. What killed runs left is removed.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with alone(place.with_name(f".{place.name}.lock"), saying(WAITING if progress else "")):
            if is_whole(place, may_lack="key/"):
                return
            shutil.rmtree(place, ignore_errors=True)
            with scratch_folder(place.parent, ".making-") as new:
                generate(parameters, new, progress)
                seal(new)
                new.rename(place)
    except OSError as e:
        raise ChromolabError(
            f"{place}: the teaching genome could not be written ({e.strerror or e}); expected a folder with 400 MB of "
            "free space. Choose another: simulate(cache=...), or set CHROMOLAB_CACHE"
        ) from e


def generate(p: Parameters, folder: Path, progress: bool = True) -> None:
    """Write all files of a world into `folder`, in the order in which causes act."""
    for name in ("tracks", "contacts"):
        (folder / name).mkdir(parents=True)
    cells = p.cell_type_names
    with tqdm(total=len(cells) * (len(MARKS) + 2) + 4, unit="step", disable=not progress) as bar:

        def begin(what: str) -> None:
            bar.set_description(f"teaching genome: {what}")

        begin("genes, elements and contacts")
        folding, regulation = regulate(genome_of(p))
        genome = folding.genome
        bar.update()
        begin("what contacts bring")
        levels = level_maker(p)
        regulation, oracle = calibrate(regulation, folding, levels, p.distal_share)
        seen, shapes = levels(regulation), Shapes(genome)
        bar.update()
        begin("tracks")
        patterns = (
            expected_patterns(regulation, seen, folding.bound, cell, shapes) | {"PC1": first_component(genome, cell)}
            for cell in range(len(cells))
        )
        write_tracks(p, patterns, folder / "tracks", bar.update)
        begin("annotation, expression and contacts")
        for cell, name in enumerate(cells):
            contact_table(folding, cell).to_csv(folder / "contacts" / f"{name}.tsv", sep="\t", index=False)
        write_annotation(genome, folder / "genes.gtf")
        write_expression(genome, regulation.rpkm(), folder / "expression.tsv")
        if p.species != "a":
            table = orthologues(genome, ancestor_of(p))
            table.to_csv(folder / "orthologues.tsv", sep="\t", index=False)
        sizes = "".join(f"{chrom}\t{size}\n" for chrom, size in p.chrom_sizes.items())
        (folder / "chrom.sizes").write_text(sizes)
        (folder / "folds.json").write_text(json.dumps(p.folds, indent=1))
        (folder / "parameters.json").write_text(json.dumps(asdict(p), indent=1))
        bar.update()
        begin("answer key")
        make_key(Causes(genome, folding, regulation), oracle).write(folder / "key")
        bar.update()
