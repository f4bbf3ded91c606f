"""Annotation and expression become the gene table: TSS, label, fold."""
