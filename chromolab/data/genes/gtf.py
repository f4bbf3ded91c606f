"""Rows of a GTF or GFF3, each with its gene (and transcript)."""

import logging
from os import PathLike

import pandas as pd

from chromolab.data.text import coordinates, strip_version, text_lines
from chromolab.errors import ChromolabError

log = logging.getLogger("chromolab")

GENES = ("gene", "ncRNA_gene", "pseudogene")  # the kinds of gene row in Ensembl's GFF3
TRANSCRIPTS = ("transcript", "mRNA")
# Parts of a transcript; never read as transcripts, even where their Parent is a gene.
PARTS = ("exon", "CDS", "UTR", "five_prime_UTR", "three_prime_UTR", "start_codon", "stop_codon", "intron")
ATTRIBUTES = {"gene_id": "gene_id", "gene_name": "gene_name", "gene_type": "gene_(?:bio)?type"}


def gtf_rows(path: str | PathLike[str], wanted: tuple[str, ...], transcripts: bool = False) -> pd.DataFrame:
    """Read the rows of the wanted features, with 0-based coordinates, parsed attributes and line numbers.

    In a GFF3, `TRANSCRIPTS` means all children of gene rows, whatever their feature (lnc_RNA, mRNA, ...), and a row's
    gene is found by following its Parents. With `transcripts`, parts such as exons are joined to one row per
    transcript, and genes without a transcript are logged.

    Returns
    -------
    DataFrame, a row per feature: `line`, `chrom`, `start`, `end` (0-based, half-open), `strand`, and `ATTRIBUTES`.

    Raises
    ------
    ChromolabError
        A malformed row, or one that belongs to no gene (or, with `transcripts`, to no transcript); named by line.
    """
    genes_only = set(wanted) <= set(GENES)
    df, gff = _read(path, lambda name: name in wanted or not (genes_only or name in PARTS))
    for column, key in ATTRIBUTES.items():
        df[column] = _attribute(df, key)
    is_gene, chosen = df["feature"].isin(GENES), df["feature"].isin(wanted)
    if gff or df["gene_id"].isna().any():  # a GFF3 links rows by Parent
        df["ID"], df["Parent"] = _attribute(df, "ID"), _attribute(df, "Parent").str.split(",")
        df["gene_name"] = df["gene_name"].fillna(_attribute(df, "Name").where(is_gene))
        df = df.assign(is_gene=is_gene, chosen=chosen).explode("Parent", ignore_index=True)
        is_gene, chosen = df.pop("is_gene"), df.pop("chosen")
        if wanted == TRANSCRIPTS:
            of_genes = df["Parent"].isin(df["ID"][is_gene].dropna())
            chosen |= of_genes & ~is_gene & ~df["feature"].isin(PARTS)
        df["gene_id"] = df["gene_id"].fillna(_genes_by_parents(df, is_gene))
    genes, rows = df[is_gene & df["gene_id"].notna()], df[chosen].copy()
    if len(rows):
        _check_rows(path, rows)
    rows["start"], rows["end"] = rows["start"].astype("int64") - 1, rows["end"].astype("int64")
    by_id = genes.drop_duplicates("gene_id").set_index("gene_id")
    for column in ("gene_name", "gene_type") if len(by_id) else ():
        rows[column] = rows[column].fillna(rows["gene_id"].map(by_id[column]))
    if transcripts and len(rows):
        if (without := ~by_id.index.isin(rows["gene_id"])).any():
            log.warning(
                "%s: %d gene(s) left out that have no transcript (%s rows), such as %s.",
                path,
                without.sum(),
                " or ".join(wanted),
                by_id.index[without][0],
            )
        if set(wanted) <= set(PARTS):
            rows = _join_parts(path, rows)
    rows["gene_id"] = strip_version(rows["gene_id"])
    columns = ["line", "chrom", "start", "end", "strand", *ATTRIBUTES]
    return rows[columns].reset_index(drop=True)


def _read(path, keep) -> tuple[pd.DataFrame, bool]:
    """Rows whose feature `keep` accepts, coordinates still text, and whether the file declares itself a GFF3."""
    rows, gff = [], False
    for number, line in text_lines(path, "a GTF file"):
        if not line or line[0] == "#":
            gff = gff or line.startswith("##gff-version 3")
            if line.startswith("##FASTA"):
                break
            continue
        fields = line.split("\t")
        if len(fields) != 9:
            raise ChromolabError(
                f"{path}, line {number}: {len(fields)} columns separated by tabs; expected a GTF's 9 ({line[:60]!r})."
            )
        if keep(fields[2]):
            chrom, _, feature, start, end, _, strand, _, attributes = fields
            if not gff and attributes.count('"') % 2:
                raise ChromolabError(
                    f"{path}, line {number}: a quote is not closed ({attributes[-60:]!r}). Is the file whole? Copy or "
                    "download it again."
                )
            rows.append((number, feature, chrom, start, end, strand, attributes))
    df = pd.DataFrame(rows, columns=["line", "feature", "chrom", "start", "end", "strand", "attributes"])
    return df.astype({"attributes": str}), gff


def _attribute(df: pd.DataFrame, key: str) -> pd.Series:
    return df["attributes"].str.extract(rf'(?:^|;)\s*{key}[ =]"?([^";]+)', expand=False)


def _genes_by_parents(df: pd.DataFrame, is_gene: pd.Series) -> pd.Series:
    """Each row's gene, found by following Parents, (rows,); None where they do not lead to a gene.

    A transcript's Parent counts as its gene even without a gene row; an exon's does not, since it is a transcript.
    """
    known = df["ID"].notna()
    genes = df[known & is_gene]
    named = genes["gene_id"].fillna(genes["ID"].str.replace(r"^gene[:-]", "", regex=True))
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
        return parent.removeprefix("gene:").removeprefix("gene-")

    return pd.Series(map(follow, df["ID"], df["Parent"], df["feature"]), df.index, dtype=object)


def _check_rows(path, rows: pd.DataFrame) -> None:
    for row in rows.itertuples():
        place = coordinates([row.start, row.end])
        if place is None or not 1 <= place[0] <= place[1] or row.strand not in ("+", "-") or not row.chrom:
            raise ChromolabError(
                f"{path}, line {row.line}: {row.chrom}:{row.start}-{row.end} strand {row.strand!r}; expected "
                "1 <= start <= end and strand + or -. Correct or remove the row."
            )
    if rows["gene_id"].isna().any():
        bad = rows[rows["gene_id"].isna()].iloc[0]
        raise ChromolabError(
            f"{path}, line {bad['line']}: no gene_id in the attributes, nor a Parent that leads to a gene "
            f"({bad['attributes'][:60]!r}). Add the rows of its transcript and gene, or remove the row."
        )


def _join_parts(path, rows: pd.DataFrame) -> pd.DataFrame:
    """Join exons (or other parts) to one row per transcript, from the first part's start to the last part's end."""
    transcript = _attribute(rows, "transcript_id")
    if "Parent" in rows:
        transcript = rows["Parent"].fillna(transcript)
    if transcript.isna().any():
        bad = rows[transcript.isna()].iloc[0]
        raise ChromolabError(
            f"{path}, line {bad['line']}: no transcript_id in the attributes ({bad['attributes'][:60]!r}), so its "
            "transcript is unknown. Add it, or use tss='outermost', which does not need transcripts."
        )
    by = ["gene_id", transcript.rename("transcript"), "chrom", "strand"]  # some tables place a transcript twice
    return rows.groupby(by, sort=False, as_index=False).agg(
        line=("line", "first"),
        start=("start", "min"),
        end=("end", "max"),
        gene_name=("gene_name", "first"),
        gene_type=("gene_type", "first"),
    )
