"""data/file_kinds: files of other formats are called what they are, with a way out that is right for them."""

import gzip
import io
import zipfile

import pytest

import chromolab as cl
from chromolab.data.file_kinds import kind_of
from chromolab.data.text import text_blocks, text_lines
from chromolab.errors import ChromolabError

UTF8 = "gene_id\tcell µ\nENSG00000000001\t5\n"


def zipped(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "gene_id\tA\nG1\t5\n")
    return buffer.getvalue()


FOREIGN = {  # file -> (its bytes, what it is called, what is advised)
    "a.zip": (zipped("a.tsv"), "a zip archive", "unzip a.zip"),
    "a.ods": (zipped("mimetype", "content.xml"), "an OpenDocument sheet", "Save the sheet as text"),
    "a.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Excel workbook", "Save the sheet as text"),
    "a.h5": (b"\x89HDF\r\n\x1a\n" + bytes(99), "an HDF5 file", "as text"),
    "a.loom": (b"\x89HDF\r\n\x1a\n" + bytes(99), "loom", r"read_loom\('a.loom'\)"),
    "a.rds": (gzip.compress(b"X\n\x00\x00\x00\x03\x00"), "R's data", "readRDS"),
    "a.RData": (gzip.compress(b"RDX3\nX\n\x00"), "R's data", "load"),
    "a.parquet": (b"PAR1\x15\x04", "a Parquet table", r"read_parquet\('a.parquet'\)"),
    "a.feather": (b"ARROW1\x00\x00", "a Feather table", "read_feather"),
    "a.tsv.zst": (b"(\xb5/\xfd\x04\x00", "compressed by zstd", "zstd -d a.tsv.zst"),
    "a.tsv.Z": (b"\x1f\x9d\x90\x00", "compressed by compress", "uncompress"),
    "a.7z": (b"7z\xbc\xaf'\x1c\x00", "a 7z archive", "7z x a.7z"),
    "a.tar.gz": (gzip.compress(b"a.tsv".ljust(257, b"\0") + b"ustar\0" + bytes(300)), "a tar archive", "tar xf"),
    "a.bam": (gzip.compress(b"BAM\x01" + bytes(50)), "a BAM of aligned reads", "featureCounts"),
    "a.sam": (b"@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:100\n", "a SAM of aligned reads", "featureCounts"),
    "a.bw": ((0x888FFC26).to_bytes(4, "little") + bytes(60), "a bigWig", "as a track"),
    "a.bb": ((0x8789F2EB).to_bytes(4, "big") + bytes(60), "a bigBed", "bigBedToBed a.bb a.txt"),
    "a.hic": (b"HIC\x00" + bytes(60), "a .hic matrix", "hictk convert"),
    "a.npy": (b"\x93NUMPY\x01\x00", "a numpy array", "table"),
    "a.pkl": (b"\x80\x04\x95\x00\x00", "a Python pickle", "to_csv"),
    "a.pdf": (b"%PDF-1.4\n", "a PDF", "source"),
    "a.html": (b"\n<!DOCTYPE html>\n<html>log in</html>\n", "a web page", "log in there"),
    "a.json": (b'{"error": "not found"}\n', "a JSON file", "source"),
    "a.xml": (b'<?xml version="1.0"?>\n', "an XML file", "source"),
    "lfs.tsv": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a pointer of Git LFS", "git lfs pull"),
    "a.mtx": (b"%%MatrixMarket matrix coordinate integer general\n3 3 1\n1 1 1\n", "matrix without names", "read_10x"),
    "a.vcf": (b"##fileformat=VCFv4.2\n", "a VCF", "was meant"),
    "a.fa": (b">chr1\nACGT\n", "a FASTA", "annotation"),
    "utf16.txt": (UTF8.encode("utf-16-le"), "UTF-16LE text", "iconv -f UTF-16LE -t UTF-8 utf16.txt > utf16.utf8.txt"),
    "utf32.txt": (UTF8.encode("utf-32"), "UTF-32 text", "iconv -f UTF-32"),
    "a b.tsv": (
        UTF8.encode("cp1252"),
        "line 1: not UTF-8: byte 0xb5, which is 'µ'",
        "iconv -f WINDOWS-1252 .* 'a b.tsv'",
    ),
    "a.tsv.gz": (gzip.compress(UTF8.encode("cp1252")), "line 1: not UTF-8", r"zcat a\.tsv\.gz \| iconv"),
    "noise": (bytes(range(1, 256)), "not text", "right file"),
    "zeros": (b"gene_id\tA\nG1\x00\t5\n", "line 2: a zero byte", "not text"),
}


@pytest.mark.parametrize("read", [cl.data.read_expression, cl.data.read_annotation])
@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_of_another_format_is_called_by_its_name(tmp_path, name, read):
    content, called, advised = FOREIGN[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ChromolabError, match=f"(?s){called}.*{advised}") as error:
        read(tmp_path / name)
    assert str(tmp_path / name) in str(error.value) and "ownload it again" not in str(error.value)


def test_expression_files_are_not_annotations(tmp_path):
    for text in ("#1.2\n1\t1\nName\tDescription\tS\nG\tx\t1\n", '!Series_title\t"x"\n"ID_REF"\t"S"\n"G"\t1\n'):
        (tmp_path / "a.txt").write_text(text)
        assert cl.data.read_expression(tmp_path / "a.txt")["S"].tolist() == [1]
        with pytest.raises(ChromolabError, match="holds expression: give it as the expression table"):
            cl.data.read_annotation(tmp_path / "a.txt")


@pytest.mark.parametrize("text", ["gene_id\tA\n", "chr1\t5\t9\n", "#gene\tA\n", "track name=x\n", "ENSG1,5\n"])
def test_text_is_of_no_other_kind(tmp_path, text):
    for mark in (b"", b"\xef\xbb\xbf"):
        assert kind_of(tmp_path / "a", mark + text.encode()) is None


# ---------------------------------------------------------------- encodings and line ends


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_lines_are_the_same_in_every_encoding(tmp_path, encoding, newline, pack):
    marked = encoding in ("utf-8", "utf-8-sig", "utf-16") or "\ufeff"
    text = (marked if isinstance(marked, str) else "") + UTF8.replace("\n", newline)
    (tmp_path / "a.tsv").write_bytes(pack(text.encode(encoding)))
    assert [line for _, line in text_lines(tmp_path / "a.tsv", "a table")] == UTF8.splitlines()


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", [b"\n", b"\r"])
def test_blocks_of_a_marked_file_begin_with_the_first_word(tmp_path, start, newline):
    """A mark before chr1 would make another chromosome of it."""
    (tmp_path / "a.bed").write_bytes(start + newline.join([b"chr1\t1\t2", b"chr1\t3\t4", b""]))
    blocks = list(text_blocks(tmp_path / "a.bed", "a BED"))
    assert [(number, block) for number, block, _ in blocks] == [(1, b"chr1\t1\t2\nchr1\t3\t4\n")]


def test_endless_comments_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("chromolab.data.text.MOST_COMMENTS", 50)
    for line in ("#\n", "\n", "# a\n"):
        (tmp_path / "good.tsv").write_text(line * 50 + "gene_id\tA\nG1\t5\n")
        assert cl.data.read_expression(tmp_path / "good.tsv")["A"].tolist() == [5]
        (tmp_path / "a.tsv").write_text(line * 60)
        for read in (cl.data.read_expression, cl.data.read_annotation):
            with pytest.raises(ChromolabError, match=r"a\.tsv, line 51: 51 comments in a row"):
                read(tmp_path / "a.tsv")
