"""What-if edits: data in genomic coordinates and depth units, applied to a copy before binning.

An edit changes a track (`scale`, `erase`, `set_depth`, `paint`), a contact (`drop_pcre`, `add_pcre`, `set_frequency`),
or letters of the genome (`cl.edits.motif`), which only models of sequence read. A lab keeps a list of edits: undo
removes the last one, and `to_json` and `to_python` write the list down. Tracks change before binning, so every
resolution, both strands and every pCRE that overlaps the place change together.
"""

from chromolab.lazy import names

__getattr__, __dir__, __all__ = names(__name__, __file__)
