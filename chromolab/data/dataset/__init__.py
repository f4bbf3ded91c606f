"""Genes, tracks and contacts become a `Dataset`: built, saved, combined, cut into batches."""
