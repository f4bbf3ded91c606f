"""Whole genes: the region of a gene from upstream of its TSS to past its end, and bins that grow away from features."""
