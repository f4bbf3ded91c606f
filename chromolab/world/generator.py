"""Generate a world's files from its parameters, in the order in which causes act."""

import json
from dataclasses import asdict
from pathlib import Path

from tqdm.auto import tqdm

from chromolab.world.assays import write_annotation, write_expression
from chromolab.world.child_tracks import write_all
from chromolab.world.folding import contact_table, fold
from chromolab.world.genome import make_genome
from chromolab.world.key import make_key
from chromolab.world.levels import level_maker
from chromolab.world.parameters import Parameters
from chromolab.world.patterns import MARKS, expected_patterns
from chromolab.world.regulation import calibrate, regulate


def generate(p: Parameters, folder: Path, progress: bool = True) -> None:
    """Write all files of a world into a new folder."""
    for name in ("tracks", "contacts"):
        (folder / name).mkdir(parents=True)
    cells = p.cell_type_names
    with tqdm(total=len(cells) * len(MARKS), unit="track", desc="teaching genome", disable=not progress) as bar:
        genome = make_genome(p)
        folding = fold(genome)
        levels = level_maker(p)
        regulation, oracle = calibrate(regulate(genome, folding), folding, levels, p.distal_share)
        seen = levels(regulation)
        patterns = (expected_patterns(genome, regulation, seen, cell) for cell in range(len(cells)))
        write_all(p, patterns, folder / "tracks", bar.update)
    for cell, name in enumerate(cells):
        table = contact_table(genome, folding, cell)
        table.to_csv(folder / "contacts" / f"{name}.tsv", sep="\t", index=False)
    write_annotation(genome, folder / "genes.gtf")
    write_expression(genome, regulation.rpkm(), folder / "expression.tsv")
    make_key(genome, folding, regulation, oracle).write(folder / "key")
    sizes = "".join(f"{chrom}\t{size}\n" for chrom, size in p.chrom_sizes.items())
    (folder / "chrom.sizes").write_text(sizes)
    (folder / "folds.json").write_text(json.dumps(p.folds, indent=1))
    (folder / "parameters.json").write_text(json.dumps(asdict(p), indent=1))
