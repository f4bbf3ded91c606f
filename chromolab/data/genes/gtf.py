"""Rows of a GTF or GFF3, each with its gene (and transcript); attributes are read by the grammar of each format."""

import re
from os import PathLike
from urllib.parse import unquote

import pandas as pd

from chromolab.data.genes.ids import strip_version
from chromolab.data.genes.loci import DUPLICATE, LONGEST_INTRON
from chromolab.data.report import Report
from chromolab.data.text import coordinates, text_lines
from chromolab.errors import ChromolabError

GENES = ("gene", "ncRNA_gene", "pseudogene")  # the kinds of gene row in Ensembl's GFF3
TRANSCRIPTS = ("transcript", "mRNA")
# Parts of a transcript; never read as transcripts, even where their Parent is a gene.
PARTS = ("exon", "CDS", "UTR", "five_prime_UTR", "three_prime_UTR", "start_codon", "stop_codon", "intron")
# GTF: key "value"; where the value may hold ; and escaped quotes. GFF3: key=value;key=value with percent codes.
OF_GTF = re.compile(r'([^\s;"=]+)\s+(?:"((?:[^"\\]|\\.)*)"|([^;"]*))')
OF_GFF3 = re.compile(r'\s*[^\s="]+=')
COLUMNS = {  # column -> attributes that give it; the first that a row has
    "gene_id": ("gene_id",),
    "gene_name": ("gene_name", "gene_symbol", "ref_gene_name", "gene"),
    "gene_type": ("gene_type", "gene_biotype"),
    "transcript": ("transcript_id",),
    "ID": ("ID",),
    "Parent": ("Parent",),
    "Name": ("Name",),
    "biotype": ("biotype",),  # of the row: of a gene in Ensembl's GFF3, or of a transcript
}
NO_STRAND = (".", "?")
GENE = ["gene_id", "gene_name", "gene_type"]


def attributes_of(text: str) -> dict[str, str]:
    """The attributes of a row (its ninth column): of a GTF, quotes and escapes taken off; of a GFF3, decoded.

    Of a key that is given twice the first value counts. Empty values are left out.
    """
    found: dict[str, str] = {}
    if OF_GFF3.match(text):
        for part in text.split(";"):
            key, _, value = part.partition("=")
            value = value.strip().strip('"')
            if value:
                key = key.strip()  # a Parent is a list: its commas separate, those of its codes do not
                found.setdefault(key, unquote(value) if "%" in value and key != "Parent" else value)
    else:
        for key, quoted, bare in OF_GTF.findall(text):
            if value := quoted.strip() or bare.strip():
                found.setdefault(key, re.sub(r"\\(.)", r"\1", value) if "\\" in value else value)
    return found


def gtf_rows(
    path: str | PathLike[str], wanted: tuple[str, ...], transcripts: bool = False
) -> tuple[pd.DataFrame, Report]:
    """Read the rows of the wanted features, with 0-based coordinates, parsed attributes and line numbers.

    In a GFF3, `TRANSCRIPTS` means all children of gene rows, whatever their feature (lnc_RNA, mRNA, ...), and a row's
    gene is found by following its Parents. With `transcripts`, parts such as exons are joined to one row per
    transcript, and genes without a transcript are counted. NCBI's accessions become the names of chromosomes where the
    file's region rows give them.

    Returns
    -------
    rows : DataFrame, a row per feature: `line`, `chrom`, `start`, `end` (0-based, half-open), `strand`, `gene_id`,
        `gene_name`, `gene_type`, `transcript` (None where unknown) and `copy` (UCSC's number of a copy, or "").
    report : `Report` of the rows that cannot be used: without a strand, or of no gene.

    Raises
    ------
    ChromolabError
        A malformed row, named by line; none of the wanted rows can be used.
    """
    genes_only = set(wanted) <= set(GENES)
    df, names = _read(path, lambda name: name in wanted or not (genes_only or name in PARTS))
    report = Report()
    is_gene, chosen = df["feature"].isin(GENES), df["feature"].isin(wanted)
    df["gene_type"] = df["gene_type"].fillna(df["biotype"].where(is_gene))
    if df["Parent"].notna().any() or df["gene_id"].isna().any():  # a GFF3 links rows by Parent
        df["Parent"] = [[unquote(p) for p in ids.split(",")] if isinstance(ids, str) else None for ids in df["Parent"]]
        df["gene_name"] = df["gene_name"].fillna(df["Name"].where(is_gene))
        df = df.assign(is_gene=is_gene, chosen=chosen).explode("Parent", ignore_index=True)
        is_gene, chosen = df.pop("is_gene"), df.pop("chosen")
        if wanted == TRANSCRIPTS:
            of_genes = df["Parent"].isin(df["ID"][is_gene].dropna())
            chosen |= of_genes & ~is_gene & ~df["feature"].isin(PARTS)
        df["gene_id"] = df["gene_id"].fillna(_genes_by_parents(df, is_gene))
        own = df["feature"].isin(PARTS)
        df["transcript"] = df["Parent"].where(own & df["Parent"].notna(), df["transcript"].fillna(df["ID"]))
    genes, rows = df[is_gene & df["gene_id"].notna()], df[chosen].copy()
    rows = _usable(path, rows, report)
    rows["chrom"] = rows["chrom"].map(names).fillna(rows["chrom"]) if names else rows["chrom"]
    renamed = [f"{a} is {b}" for a, b in names.items() if a != b]
    report.known("accession(s) are called by the chromosomes' names, as the region rows say", renamed)
    by_id = genes.drop_duplicates("gene_id").set_index("gene_id")
    for column in ("gene_name", "gene_type") if len(by_id) else ():
        rows[column] = rows[column].fillna(rows["gene_id"].map(by_id[column]))
    rows["copy"] = rows["transcript"].astype("str").str.extract(DUPLICATE, expand=False).fillna("")
    if transcripts and len(rows):
        without = by_id.index[~by_id.index.isin(rows["gene_id"])]
        report.lost("gene(s) left out that have no transcript", without)
        if set(wanted) <= set(PARTS):
            rows = _joined(path, rows)
    rows["gene_id"] = strip_version(rows["gene_id"])
    columns = ["line", "chrom", "start", "end", "strand", *GENE, "transcript", "copy"]
    return rows[columns].reset_index(drop=True), report


def _read(path, keep) -> tuple[pd.DataFrame, dict[str, str]]:
    """Rows whose feature `keep` accepts, coordinates still text, and {accession: chromosome} from the region rows."""
    rows, names = [], {}
    for number, line in text_lines(path, "a GTF file"):
        if not line or line[0] == "#":
            if line.startswith("##FASTA"):
                break
            continue
        fields = line.split("\t")
        if len(fields) != 9:
            raise ChromolabError(
                f"{path}, line {number}: {len(fields)} columns separated by tabs; expected a GTF's 9 or a GFF3's "
                f"({line[:60]!r}), or a BED with 6 columns or more, a genePred or a gene_info table."
            )
        if fields[2] == "region":
            said = attributes_of(fields[8])
            name = {"chromosome": said.get("chromosome"), "mitochondrion": "MT"}.get(said.get("genome", ""))
            if name:
                names[fields[0]] = name
        if keep(fields[2]):
            chrom, _, feature, start, end, _, strand, _, attributes = fields
            if not OF_GFF3.match(attributes) and re.sub(r"\\.", "", attributes).count('"') % 2:
                raise ChromolabError(
                    f"{path}, line {number}: a quote is not closed ({attributes[-60:]!r}). Is the file whole? Copy or "
                    "download it again."
                )
            found = attributes_of(attributes)
            given = [next((found[key] for key in keys if key in found), None) for keys in COLUMNS.values()]
            rows.append((number, feature, chrom, start, end, strand, attributes, *given))
    columns = ["line", "feature", "chrom", "start", "end", "strand", "attributes", *COLUMNS]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(["attributes", *COLUMNS], object)), names


def _genes_by_parents(df: pd.DataFrame, is_gene: pd.Series) -> pd.Series:
    """Each row's gene, found by following Parents, (rows,); None where they do not lead to a gene.

    A transcript's Parent counts as its gene even without a gene row; an exon's does not, since it is a transcript.
    """
    known = df["ID"].notna()
    genes = df[known & is_gene]
    named = genes["gene_id"].fillna(genes["ID"].str.replace(r"^gene[:-]", "", regex=True, case=False))
    gene_of, others = dict(zip(genes["ID"], named, strict=True)), df[known & ~is_gene]
    parent_of = dict(zip(others["ID"], others["Parent"], strict=True))

    def follow(row_id, parent, feature) -> str | None:
        if row_id in gene_of:
            return gene_of[row_id]
        seen, is_part = set(), feature in PARTS
        while parent in parent_of and parent not in seen:
            seen.add(parent)
            parent, is_part = parent_of[parent], False
        if parent in gene_of:
            return gene_of[parent]
        if is_part or parent in seen or not isinstance(parent, str):
            return None
        return re.sub(r"^gene[:-]", "", parent, flags=re.IGNORECASE)

    return pd.Series(map(follow, df["ID"], df["Parent"], df["feature"]), df.index, dtype=object)


def _usable(path, rows: pd.DataFrame, report: Report) -> pd.DataFrame:
    """The rows with a strand and a gene, coordinates as 0-based numbers; malformed rows are an error."""
    places = [coordinates(pair) for pair in zip(rows["start"], rows["end"], strict=True)]
    strands = ("+", "-", *NO_STRAND)
    for i, (place, chrom, strand) in enumerate(zip(places, rows["chrom"], rows["strand"], strict=True)):
        if place is None or not 1 <= place[0] <= place[1] or not chrom or strand not in strands:
            row = rows.iloc[i]
            raise ChromolabError(
                f"{path}, line {row.line}: {row.chrom}:{row.start}-{row.end} strand {row.strand!r}; expected "
                "1 <= start <= end and strand + or -. Correct or remove the row."
            )
    rows["start"] = pd.Series([place[0] - 1 for place in places], rows.index, dtype="int64")
    rows["end"] = pd.Series([place[1] for place in places], rows.index, dtype="int64")
    stranded, of_gene = rows["strand"].isin(["+", "-"]), rows["gene_id"].notna()
    lines = "line " + rows["line"].astype(str)
    report.lost("row(s) left out without a strand: nothing says where they begin", lines[~stranded])
    report.lost("row(s) left out without a gene_id, nor a Parent that leads to a gene", lines[stranded & ~of_gene])
    if len(rows) and not (stranded & of_gene).any():
        bad = rows.iloc[0]
        raise ChromolabError(
            f"{path}, line {bad['line']}: none of {len(rows)} rows can be used; this one has strand {bad['strand']!r} "
            f"and {bad['attributes'][:60]!r}; expected strand + or -, and a gene_id or a Parent that leads to a gene."
        )
    return rows[stranded & of_gene].copy()


def _joined(path, rows: pd.DataFrame) -> pd.DataFrame:
    """Exons (or other parts) as one row per transcript, from the first part's start to the last part's end.

    Parts of one transcript on two chromosomes or strands, or farther apart than an intron, are of two.
    """
    if (unnamed := rows["transcript"].isna()).any():
        bad = rows[unnamed].iloc[0]
        raise ChromolabError(
            f"{path}, line {bad['line']}: no transcript_id in the attributes ({bad['attributes'][:60]!r}), so its "
            "transcript is unknown. Add it, or use tss='outermost', which does not need transcripts."
        )
    by = ["gene_id", "transcript", "chrom", "strand", "copy"]
    order = rows.sort_values([*by, "start"], kind="stable")
    before = order.groupby(by, sort=False)["end"].shift()
    piece = ((order["start"] - before) > LONGEST_INTRON).cumsum()
    return (
        rows.assign(piece=piece)
        .groupby([*by, "piece"], sort=False, as_index=False)
        .agg(
            line=("line", "first"),
            start=("start", "min"),
            end=("end", "max"),
            gene_name=("gene_name", "first"),
            gene_type=("gene_type", "first"),
        )
    )
