"""Annotation and expression -> the gene table: TSS, label, fold."""
