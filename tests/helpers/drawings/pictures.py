"""All drawings by name, and the files that they are."""

from functools import partial
from pathlib import Path

from helpers.drawings.architecture import LIT, architecture
from helpers.drawings.asking import three_questions, with_and_without
from helpers.drawings.attending import gate, mask, query_key_value, with_frequencies
from helpers.drawings.chromatin import bins, compartments, loop, nucleosome
from helpers.drawings.experiments import ablation, edit, folds, transfer
from helpers.drawings.letters import facing
from helpers.drawings.making import bins_that_grow, files, grid, window_shapes
from helpers.drawings.primers import axes, chip_seq, strands
from helpers.drawings.reaching import how_far, two_sequences

IMAGES = Path(__file__).resolve().parents[3] / "notebooks" / "images"
DRAWINGS = {name: partial(architecture, parts) for name, parts in LIT.items()} | {
    "nucleosome": nucleosome,
    "bins": bins,
    "loop": loop,
    "compartments": compartments,
    "query-key-value": query_key_value,
    "mask": mask,
    "two-sequences": two_sequences,
    "how-far": how_far,
    "set": with_frequencies,
    "gate": gate,
    "folds": folds,
    "ablation": ablation,
    "edit": edit,
    "transfer": transfer,
    "three-questions": three_questions,
    "with-and-without": with_and_without,
    "growing-bins": bins_that_grow,
    "files": files,
    "grid": grid,
    "facing": facing,
    "chip-seq": chip_seq,
    "axes": axes,
    "window-shapes": window_shapes,
    "strands": strands,
}


def stale() -> dict[Path, str]:
    """The files that are missing or are not what is drawn here: {path: what it should hold}."""
    files = {IMAGES / f"{name}.svg": draw().svg() for name, draw in DRAWINGS.items()}
    return {p: svg for p, svg in files.items() if not p.is_file() or p.read_text(encoding="utf-8") != svg}
