"""Distal elements without a contact assay: candidates around each promoter, and a dataset whose pCREs they are."""
