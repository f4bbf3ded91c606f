"""Rows and files of annotations and tables, for tests."""

ATTRIBUTES = 'gene_id "{}"; transcript_id "{}"; gene_type "protein_coding"; gene_name "{}"; level 2; note "a; b";'


def gtf_row(gene, chrom="chr1", start=101, end=200, strand="+", feature="gene", transcript="T", name=None):
    attributes = ATTRIBUTES.format(gene, transcript, name or gene)
    return f"{chrom}\tHAVANA\t{feature}\t{start}\t{end}\t.\t{strand}\t.\t{attributes}\n"


def write(path, *rows, opener=open):
    with opener(path, "wt") as f:
        f.writelines(rows)
    return path
