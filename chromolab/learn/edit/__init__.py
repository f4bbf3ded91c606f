"""What-if edits: data in genomic coordinates and depth units, applied to a copy before binning.

An edit changes a track (`scale`, `erase`, `set_depth`, `paint`) or a contact (`drop_pcre`, `add_pcre`,
`set_frequency`). A lab keeps a list of edits: undo removes the last one, and `edits_to_json` and `to_python` write the
list down. Tracks change before binning, so every resolution, both strands and every pCRE that overlaps the place change
together.
"""

from chromolab.learn.edit.apply import edit, edit_again, edit_each
from chromolab.learn.edit.kinds import (
    AddPcre,
    DropPcre,
    Edit,
    Paint,
    Scale,
    SetFrequency,
    add_pcre,
    drop_pcre,
    erase,
    paint,
    scale,
    set_depth,
    set_frequency,
)
from chromolab.learn.edit.recipes import copy_from
from chromolab.learn.edit.text import edits_from_json, edits_to_json, to_python

__all__ = [
    "AddPcre",
    "DropPcre",
    "Edit",
    "Paint",
    "Scale",
    "SetFrequency",
    "add_pcre",
    "copy_from",
    "drop_pcre",
    "edit",
    "edit_again",
    "edit_each",
    "edits_from_json",
    "edits_to_json",
    "erase",
    "paint",
    "scale",
    "set_depth",
    "set_frequency",
    "to_python",
]
