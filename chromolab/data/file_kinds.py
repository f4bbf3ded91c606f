"""What a file is when it is not the text that was expected: recognised by its first bytes, named with a way out."""

import re
import shlex
import zipfile
from collections.abc import Container
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from chromolab.errors import ChromolabError


class Kind(NamedTuple):
    """A format: what it is called, and the sentence that says how to get what we read ({file}, {text} are paths)."""

    name: str
    remedy: str


WORKBOOK = "an Excel workbook"
HDF5 = "an HDF5 file"
GCT = "a GCT file"
SERIES = "a GEO series matrix"
PAIRS = "pairs of a Hi-C experiment"
SAVE_SHEET = (
    "Save the sheet as text (Excel: Save As, 'Text (Tab delimited)'), or: "
    """python -c "import pandas; pandas.read_excel('{file}').to_csv('{text}', sep='\\t', index=False)" """.rstrip()
)
UNPACK = "Unpack it: unzip {file}"
COUNT = "Give it as a track, or count it over genes: featureCounts -a genes.gtf -o {text} {file}"
BINARY = {  # first bytes -> kind
    b"\x89HDF\r\n\x1a\n": Kind(HDF5, "Write its table as text with the program that made it."),
    b"\xd0\xcf\x11\xe0": Kind("an old Excel workbook (.xls)", SAVE_SHEET),
    b"(\xb5/\xfd": Kind("compressed by zstd", "Unpack it: zstd -d {file}"),
    b"7z\xbc\xaf'\x1c": Kind("a 7z archive", "Unpack it: 7z x {file}"),
    b"Rar!": Kind("a RAR archive", "Unpack it: unrar x {file}"),
    b"\x1f\x9d": Kind("compressed by compress (.Z)", "Unpack it: uncompress {file}"),
    b"BAM\x01": Kind("a BAM of aligned reads", COUNT),
    b"CRAM": Kind("a CRAM of aligned reads", COUNT),
    b"\x26\xfc\x8f\x88": Kind("a bigWig", "Give it as a track."),
    b"\x88\x8f\xfc\x26": Kind("a bigWig", "Give it as a track."),
    b"\xeb\xf2\x89\x87": Kind("a bigBed", "Turn it into text: bigBedToBed {file} {text}"),
    b"\x87\x89\xf2\xeb": Kind("a bigBed", "Turn it into text: bigBedToBed {file} {text}"),
    b"HIC\0": Kind("a .hic matrix", "Turn it into a cooler: hictk convert {file} {text}.mcool"),
    b"RDX": Kind("R's data (.RData)", "In R: load('{file}'), then write.table(x, '{text}', sep='\\t')"),
    b"X\n\0\0": Kind("R's data (.rds)", "In R: write.table(readRDS('{file}'), '{text}', sep='\\t')"),
    b"PAR1": Kind(
        "a Parquet table", "python -c \"import pandas; pandas.read_parquet('{file}').to_csv('{text}', sep='\\t')\""
    ),
    b"ARROW1": Kind(
        "a Feather table", "python -c \"import pandas; pandas.read_feather('{file}').to_csv('{text}', sep='\\t')\""
    ),
    b"\x93NUMPY": Kind("a numpy array", "Write it as a table with names of genes and columns."),
    b"\x80\x04\x95": Kind("a Python pickle", "Write its table as text: table.to_csv('{text}', sep='\\t')"),
    b"SQLite format 3\0": Kind("an SQLite database", "Write its table as text with the program that made it."),
    b"%PDF": Kind("a PDF", "Get the table as text or as a workbook from its source."),
    b"\x89PNG": Kind("a picture", "Get the table as text from its source."),
    b"\xff\xfe\0\0": Kind("UTF-32 text", "Save it as UTF-8: iconv -f UTF-32 -t UTF-8 {file} > {text}"),
}
EXPRESSION = "It holds expression: give it as the expression table."
JOIN = "Join it with its genes and cells: scanpy.read_10x_mtx('folder').to_df().T.to_csv('{text}', sep='\\t')"
OF_GEO = "Series|Sample|Platform|Database|SERIES|SAMPLE|PLATFORM|DATABASE|series_matrix"
TEXT = [  # what the first line with content looks like -> kind
    (r"#1\.[23]\s*$", Kind(GCT, EXPRESSION)),
    (rf"[!^]({OF_GEO})", Kind(SERIES, EXPRESSION)),
    (r"(?i)\s*<(!doctype|html|head|body)", Kind("a web page", "Download the file itself (log in there first).")),
    (r"\s*<\?xml", Kind("an XML file", "Get the table as text from its source.")),
    (r"\s*\{", Kind("a JSON file (often a server's error message)", "Get the table from its source.")),
    (r"version https://git-lfs", Kind("a pointer of Git LFS, not the file", "In its repository: git lfs pull")),
    (r"%%MatrixMarket", Kind("a matrix without names (.mtx)", JOIN)),
    (r"##fileformat=VCF", Kind("a VCF of variants", "Give the file that was meant.")),
    (r"@(HD|SQ|RG|PG)\t", Kind("a SAM of aligned reads", COUNT)),
    (r">\S", Kind("a FASTA of sequences", "Give the annotation of this genome (GTF, GFF3 or BED).")),
    (r"## pairs format", Kind(PAIRS, "Give them as contacts.")),
]
IN_ZIP = [("xl/workbook.xml", Kind(WORKBOOK, SAVE_SHEET)), ("content.xml", Kind("an OpenDocument sheet", SAVE_SHEET))]
TAR = Kind("a tar archive", "Unpack it: tar xf {file}")
BY_SUFFIX = {
    ".h5ad": Kind(HDF5 + " (AnnData)", "anndata.read_h5ad('{file}').to_df().T.to_csv('{text}', sep='\\t')"),
    ".loom": Kind(HDF5 + " (loom)", "anndata.read_loom('{file}').to_df().T.to_csv('{text}', sep='\\t')"),
    ".cool": Kind(HDF5 + " (cooler)", "Give it as contacts."),
    ".mcool": Kind(HDF5 + " (cooler)", "Give it as contacts."),
}


def kind_of(path: str | PathLike[str], head: bytes) -> Kind | None:
    """The format of a file that begins, unpacked, with the bytes `head`; None where it may be a table as text."""
    if head.startswith(b"PK\x03\x04"):
        return _in_zip(path)
    for start, kind in BINARY.items():
        if head.startswith(start):
            return BY_SUFFIX.get(Path(path).suffix, kind) if kind.name == HDF5 else kind
    if head[257:262] == b"ustar":
        return TAR
    text = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip("\r\n")
    return next((kind for start, kind in TEXT if re.match(start, text.split("\n")[0].rstrip("\r"))), None)


def _in_zip(path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError, RuntimeError):
        return Kind("a damaged zip archive", "Copy it again.")
    return next((kind for part, kind in IN_ZIP if part in names), Kind("a zip archive", UNPACK))


def described(path: str | PathLike[str], kind: Kind, what: str) -> str:
    """The sentences of an error: what `path` is, what was expected, what to do."""
    file = Path(path)
    stem = file.name.split(".")[0] or "table"
    text = f"{stem}.txt" if file.name != f"{stem}.txt" else f"{stem}.new.txt"
    remedy = kind.remedy.replace("{file}", shlex.quote(file.name)).replace("{text}", shlex.quote(text))
    return f"{path}: {kind.name}; expected {what}. {remedy}"


def refuse_foreign(path: str | PathLike[str], head: bytes, what: str, reads: Container[str] = ()) -> None:
    """Raise `ChromolabError` where `head` shows a format that is not text, or a text that is no table of ours.

    `what` says what was expected; formats whose name is in `reads` pass.
    """
    kind = kind_of(path, head)
    if kind is not None and kind.name not in reads:
        raise ChromolabError(described(path, kind, what))
