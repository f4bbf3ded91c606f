"""Damage to files, and sound files of every kind that the package reads: what `campaign_mutations` is made of."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# ruff: noqa: E501 (files written out, a line of theirs to a line)

HERE = Path(__file__).resolve()
ODD = [
    b"",
    b"nan",
    b"NA",
    b"inf",
    b"-1",
    b"0",
    b"1e999",
    b"9" * 25,
    b"1.5",
    b'"',
    b"\t",
    b"\n",
    b"\r",
    b",",
    b";",
    b"#",
    b"\x00",
    b"\xff\xfe",
    b"-",
    b"chr1",
    b"True",
    b"0x10",
    b"1_000",
    "é".encode(),
    b"{",
    b"[",
    b"&a",
    b"*a",
    b"!!python/x",
]


# ---------------------------------------------------------------- damaging


def mutate(data: bytes, rng: np.random.Generator) -> tuple[bytes, str]:
    """One to three kinds of damage; the name of the first tells whether the file was only cut short."""
    names = []
    for _ in range(rng.choice([1, 1, 2, 3])):
        name, act = DAMAGES[rng.integers(len(DAMAGES))]
        data = act(data, rng)
        names.append(name)
    return data, "+".join(names)


def _place(data: bytes, rng, most: int = 64) -> tuple[int, int]:
    a = int(rng.integers(0, len(data) + 1))
    return a, min(len(data), a + int(rng.integers(1, most)))


def _cut(data, rng):
    return data[: int(rng.integers(0, max(1, len(data))))]


def _flip(data, rng):
    out = bytearray(data)
    for _ in range(int(rng.integers(1, 9)) if out else 0):
        out[int(rng.integers(len(out)))] = int(rng.integers(256))
    return bytes(out)


def _flip_head(data, rng):
    return _flip(data[:512], rng) + data[512:]


def _insert(data, rng):
    a, _ = _place(data, rng)
    return data[:a] + rng.bytes(int(rng.integers(1, 20))) + data[a:]


def _delete(data, rng):
    a, b = _place(data, rng)
    return data[:a] + data[b:]


def _repeat(data, rng):
    a, b = _place(data, rng, 400)
    return data[:b] + data[a:b] + data[b:]


def _fill(data, rng):
    a, b = _place(data, rng)
    return data[:a] + bytes([int(rng.choice([0, 255]))]) * (b - a) + data[b:]


def _replace_word(data, rng):
    """One word of a text by an odd one."""
    starts = [i + 1 for i, c in enumerate(data) if c in b"\t ,\n;:="] or [0]
    a = starts[int(rng.integers(len(starts)))]
    b = next((i for i in range(a, len(data)) if data[i] in b"\t ,\n;:="), len(data))
    return data[:a] + ODD[int(rng.integers(len(ODD)))] + data[b:]


def _swap_lines(data, rng):
    lines = data.split(b"\n")
    i, j = rng.integers(len(lines), size=2)
    lines[i], lines[j] = lines[j], lines[i]
    return b"\n".join(lines)


DAMAGES = [
    ("cut", _cut),
    ("flip", _flip),
    ("head", _flip_head),
    ("insert", _insert),
    ("delete", _delete),
    ("repeat", _repeat),
    ("fill", _fill),
    ("word", _replace_word),
    ("word", _replace_word),
    ("lines", _swap_lines),
]


# ---------------------------------------------------------------- kinds


@dataclass(frozen=True)
class Kind:
    """`write(folder)` makes a sound file and returns its path, `read(path)` reads it and asserts that the answer is sane.

    `text`: it may also be compressed. `rows`: each line after the header is
    a row of the answer, see `rows_hold`. `tells`: the format itself can tell that a file was cut short; `ends`: its
    reader can, unless the cut was between two lines. `weight`: of the
    inputs; a reader that starts a process gets fewer.
    """

    write: Callable[[Path], Path]
    read: Callable[[Path], object]
    text: bool = True
    rows: bool = False
    ends: bool = False
    tells: bool = False
    weight: float = 1.0


def written(name: str, text: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_text(text)
        return folder / name

    return write


PLACES = [("chr1", 1000 * i, 1000 * i + 800, "chr1", 50_000 + 900 * i, 51_000 + 900 * i, 1.5 + i) for i in range(30)]
GENES = [(f"ENSG{i:011d}", "chr1" if i % 2 else "chr2", 1000 + 700 * i, 1500 + 800 * i, "+-"[i % 2]) for i in range(12)]
GTF = "".join(
    f'{c}\tx\tgene\t{a}\t{b}\t.\t{s}\t.\tgene_id "{g}.2"; gene_name "n{g[-2:]}"; gene_type "protein_coding";\n'
    f'{c}\tx\ttranscript\t{a + 5}\t{b}\t.\t{s}\t.\tgene_id "{g}.2"; transcript_id "t";\n'
    for g, c, a, b, s in GENES
)
GFF3 = "##gff-version 3\n" + "".join(
    f"{c}\tx\tgene\t{a}\t{b}\t.\t{s}\t.\tID=gene:{g};gene_id={g};Name=n{g[-2:]}\n" for g, c, a, b, s in GENES
)
BED12 = "".join(f"{c}\t{a}\t{b}\t{g}\t0\t{s}\t{a}\t{b}\t0\t1\t{b - a},\t0,\n" for g, c, a, b, s in GENES)
INFO = "".join(
    f"{g}\t{c[3:]}\t{a}\t{b}\t{'-1' if s == '-' else '1'}\tprotein_coding\tn\tsome gene\n" for g, c, a, b, s in GENES
)
EXPRESSION = "gene_id\tE003\tE116\n" + "".join(f"{g[0]}\t{i * 1.5}\t{20 - i}\t\n" for i, g in enumerate(GENES))
SIZES = "chr1\t60000\nchr2\t30000\nchrM\t16571\n"
JUNG = "frag1\tfrag2\tfrequency\tp\n" + "".join(f"{c}.{a}.{b}\t{d}.{e}.{f}\t{v}\t9\n" for c, a, b, d, e, f, v in PLACES)
IBED = "bait_chr\tbait_start\tbait_end\tbait_name\totherEnd_chr\totherEnd_start\totherEnd_end\totherEnd_name\tN_reads\tscore\n"
IBED += "".join(f"{c}\t{a + 1}\t{b}\tA,B\t{d}\t{e + 1}\t{f}\t.\t{int(v)}\t{v}\n" for c, a, b, d, e, f, v in PLACES)
PEAKS = "baitChr\tbaitStart\tbaitEnd\tbaitID\tbaitName\toeChr\toeStart\toeEnd\toeID\toeName\tdist\tcellA\tcellB\n"
PEAKS += "".join(f"{c}\t{a + 1}\t{b}\t1\tA\t{d}\t{e + 1}\t{f}\t2\t.\t5\t{v}\tNA\n" for c, a, b, d, e, f, v in PLACES)
PAIRS = "".join(f"{c},{a},{b}\t{d},{e},{f}\t{v}\n" for c, a, b, d, e, f, v in PLACES)
TRACK = "".join(f"{c}\t{a}\t{b}\t{d}:{e}-{f},{v}\t{i}\t.\n" for i, (c, a, b, d, e, f, v) in enumerate(PLACES))
BEDPE = "".join("\t".join(map(str, p[:6])) + f"\tname\t{p[6]}\t.\t.\n" for p in PLACES)
HICCUPS = "#chr1\tx1\tx2\tchr2\ty1\ty2\tcolor\tobserved\texpectedDonut\n"
HICCUPS += "".join("\t".join(map(str, p[:6])) + f"\t0,0,0\t{p[6]}\t1.5\n" for p in PLACES)
TABLE = "chrom1,start1,end1,chrom2,start2,end2,score\n" + "".join(",".join(map(str, p)) + "\n" for p in PLACES)
COUNTS = np.add.outer(np.arange(12), np.arange(12)) % 7 + 1
DENSE = (
    "\n".join(f"chr1\t{i * 40000}\t{i * 40000 + 40000}\t" + "\t".join(map(str, r)) for i, r in enumerate(COUNTS)) + "\n"
)
TRIPLES = "".join(f"{i * 40000}\t{j * 40000}\t{COUNTS[i, j]}\n" for i in range(12) for j in range(i, 12))
READS = "".join(f"chr{1 + i % 2}\t{i * 70}\t{i * 70 + 36}\tN\t1000\t{'+-'[i % 2]}\n" for i in range(300))
BEDGRAPH = "".join(f"chr{1 + i // 150}\t{i % 150 * 100}\t{i % 150 * 100 + 100}\t{i * 0.37:.2f}\n" for i in range(300))


def annotation(path):
    import chromolab as cl

    df = cl.read_annotation(path)
    assert len(df) and df["gene_id"].is_unique and df["strand"].isin(["+", "-"]).all()
    assert (df["start"] >= 0).all() and (df["end"] > df["start"]).all() and (df["tss"] >= 0).all()
    assert df["tss"].dtype.kind == "i" and df["start"].dtype.kind == "i"
    return df


def expression(path):
    import chromolab as cl

    df = cl.read_expression(path)
    assert df.index.is_unique and df.shape[1] and np.isfinite(df.to_numpy()).all() and (df.to_numpy() >= 0).all()
    return df


def sizes(path):
    from chromolab.data.chromosomes import read_chrom_sizes

    found = read_chrom_sizes(path)
    assert found and all(isinstance(n, int) and n > 0 for n in found.values())
    return found


def regions(path):
    from chromolab.data.intervals import read_regions

    df = read_regions(path)
    assert len(df) and (df["end"] > df["start"]).all() and (df["start"] >= 0).all()
    return df


def contacts(**options):
    def read(path):
        import chromolab as cl
        from chromolab.data.intervals import check_contacts

        df = cl.read_contacts(path, progress=False, **options)
        assert df.attrs["measure"] and (len(df) or options.get("bin_size") or path.suffix == ".cool")
        check_contacts(df)
        assert df["start1"].dtype.kind == "i" and len(df.columns) == 7
        return df

    return read


def rows_hold(sound, answer, whole: bytes, data: bytes, how: str) -> None:
    """Damage in one place leaves all other rows as they are.

    A cut leaves the first rows, of which only the last may differ (a number that lost digits), and only where its line
    does not end. A changed word or two exchanged lines leave the rows of every other line, where there are as many.
    """
    a, b = sound.to_numpy(), answer.to_numpy()
    if how == "cut":
        n = len(b) - (not data.endswith(b"\n"))
        assert len(b) <= len(a) and (b[:n] == a[:n]).all(), "the rows before a cut differ"
    before, after = ([line for line in text.split(b"\n") if line] for text in (whole, data))
    header = len(before) - len(a)
    if how in ("word", "lines") and (len(after), len(b)) == (len(before), len(a)) and before[:header] == after[:header]:
        same = [i for i in range(len(a)) if before[header + i] == after[header + i]]
        assert (b[same] == a[same]).all(), "rows of lines that were not touched differ"


def write_cool(folder):
    import cooler
    import pandas as pd

    n = 40
    bins = pd.DataFrame(
        {"chrom": ["chr1"] * 30 + ["chr2"] * 10, "start": [*range(0, 30_000, 1000), *range(0, 10_000, 1000)]}
    )
    i, j = np.triu_indices(n)
    pixels = pd.DataFrame({"bin1_id": i, "bin2_id": j, "count": (i + j) % 9 + 1})
    cooler.create_cooler(str(folder / "a.cool"), bins.assign(end=bins["start"] + 1000), pixels)
    return folder / "a.cool"


def write_pickles(which):
    def write(folder):
        names = [(f"{a}.{b}.{c}", f"{d}.{e}.{f}", v) for a, b, c, d, e, f, v in PLACES]
        parts = {
            "frag2neighbors": {a: [b] for a, b, _ in names},
            "pair2score": {(a, b): np.float64(v) for a, b, v in names},
        }
        for name, content in parts.items():
            (folder / f"GM_{name}.pickle").write_bytes(pickle.dumps(content, 4))
        return folder / f"GM_{which}.pickle"

    return write


def write_bigwig(folder):
    import pyBigWig

    with pyBigWig.open(str(folder / "a.bw"), "w") as file:
        file.addHeader([("chr1", 60_000), ("chr2", 30_000)])
        for chrom, n in (("chr1", 600), ("chr2", 300)):
            starts = np.arange(n) * 100
            file.addEntries([chrom] * n, starts, ends=starts + 100, values=(starts % 7).astype(float))
    return folder / "a.bw"


def write_bam(folder):
    from test_reads import some_reads
    from test_reads import write_bam as write

    return write(folder / "a.bam", some_reads(n=200), {"chr1": 3_000, "chr2": 1_500, "chr10": 700})


def signal(track=lambda path: path):
    def read(path):
        import pandas as pd

        import chromolab as cl

        where = pd.DataFrame({"chrom": ["chr1", "chr1", "chr2"], "start": [0, 500, 100], "end": [1000, 1250, 900]})
        mean, covered, offsets = cl.bin_means(track(path), where, 100, progress=False)
        assert offsets.tolist() == [0, 10, 18, 26] and ((covered >= 0) & (covered <= 100)).all()
        assert (np.isnan(mean) == (covered == 0)).all() and np.isfinite(mean[covered > 0]).all()
        return mean

    return read


def reads(path):
    import chromolab as cl

    return cl.Reads(path, chrom_sizes={"chr1": 60_000, "chr2": 30_000})


def write_published(which):
    def write(folder):
        rows = ["gene_id,expression,eid,label,chrom,start,end,strand,split,neighbors,scores"]
        rows += [
            f"G{i},{i * 2.5},E003,{i % 2},chr1,{5000 + 3000 * i},9000,+,{1 + i},chr1:200-700,2.5" for i in range(3)
        ]
        (folder / "meta.csv").write_text("\n".join(rows) + "\n")
        for a, b in [(4000 + 3000 * i, 6000 + 3000 * i) for i in range(3)] + [(200, 700)]:
            np.save(folder / f"chr1:{a}-{b}.npy", np.arange(2 * (b - a)).reshape(2, -1).astype(np.float16) % 9)
        return folder / ("meta.csv" if which == "meta" else "chr1:4000-6000.npy")

    return write


def published(path):
    import chromolab as cl

    ds = cl.read_published(
        path.parent / "meta.csv", path.parent, marks=("A", "B"), window=2000, resolutions=(500, 100), progress=False
    )
    assert len(ds) and np.isfinite(ds.log2_expression).all()
    return sane(ds)


def sane(ds):
    signal = ds.signal
    assert (
        len(ds.promoter) == len(ds.pcre) == len(ds.frequency) == len(ds)
        and len(signal.offsets) == len(signal.regions) + 1
    )
    assert ds.promoter_depth().shape == (len(ds), ds.window // ds.bin_size, len(ds.marks))
    assert len(ds.pcres(0)) <= ds.n_pcres
    return ds


def write_dataset(folder):
    from helpers.toys import toy_dataset

    return toy_dataset(missing=True).save(folder / "a.clds")


def dataset(path):
    import chromolab as cl

    return sane(cl.load_dataset(path))


def write_checkpoint(folder):
    from helpers.toys import SMALL

    import chromolab as cl

    return cl.save_checkpoint(
        cl.Chromoformer(marks=("A", "B"), resolutions=(200, 100), **SMALL), folder / "a.pt", epoch=3
    )


def checkpoint(path):
    import chromolab as cl

    return cl.load_checkpoint(path).marks


def write_config(folder):
    from chromolab.data.project.config import write_example

    return write_example(folder / "my.yaml")


def config(path):
    from chromolab.data.project.config import read_config

    return read_config(path).out


def write_source(folder):
    source = HERE.parents[2] / "data_manifest/roadmap-reads.yaml"
    (folder / source.name).write_bytes(source.read_bytes())
    return folder / source.name


def source(path):
    from chromolab.data.public.manifest import read_source

    return read_source(path)


KINDS = {
    "GTF": Kind(written("a.gtf", GTF), annotation),
    "GFF3": Kind(written("a.gff3", GFF3), annotation),
    "BED12 genes": Kind(written("a.bed", BED12), annotation),
    "gene_info": Kind(written("a.gene_info", INFO), annotation),
    "expression": Kind(written("a.tsv", EXPRESSION), expression),
    "chrom.sizes": Kind(written("a.sizes", SIZES), sizes),
    "BED regions": Kind(written("a.bed", BED12), regions),
    "promoter capture": Kind(written("a.txt", JUNG), contacts(), rows=True),
    "ibed": Kind(written("a.ibed", IBED), contacts(), rows=True),
    "peak matrix": Kind(written("a.txt", PEAKS), contacts(frequency="cellA"), rows=True),
    "longrange, pairs": Kind(written("a.txt", PAIRS), contacts(), rows=True),
    "longrange": Kind(written("a.lr", TRACK), contacts(), rows=True),
    "bedpe": Kind(written("a.bedpe", BEDPE), contacts(), rows=True),
    "HiCCUPS": Kind(written("a.bedpe", HICCUPS), contacts(), rows=True),
    "contacts table": Kind(written("a.csv", TABLE), contacts(), rows=True),
    "dense matrix": Kind(written("a.txt", DENSE), contacts(bin_size=40_000)),
    "triples": Kind(written("a.txt", TRIPLES), contacts(bin_size=40_000, chrom="chr1")),
    "cool": Kind(write_cool, contacts(), text=False, tells=True, weight=0.3),
    "frag2neighbors": Kind(write_pickles("frag2neighbors"), contacts(), text=False, tells=True),
    "pair2score": Kind(write_pickles("pair2score"), contacts(), text=False, tells=True),
    "bigWig": Kind(write_bigwig, signal(), text=False, tells=True, weight=0.8),
    "tagAlign": Kind(written("a.tagAlign", READS), signal(reads), ends=True, weight=0.5),
    "bedGraph": Kind(written("a.bedGraph", BEDGRAPH), signal(), ends=True, weight=0.5),
    "BAM": Kind(write_bam, signal(), text=False, tells=True, weight=0.5),
    "published table": Kind(write_published("meta"), published, text=False),
    "published array": Kind(write_published("npy"), published, text=False, tells=True),
    "dataset": Kind(write_dataset, dataset, text=False, tells=True),
    "checkpoint": Kind(write_checkpoint, checkpoint, text=False, tells=True),
    "my.yaml": Kind(write_config, config, text=False),
    "manifest": Kind(write_source, source, text=False),
}
