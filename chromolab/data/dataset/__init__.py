"""Genes, tracks and contacts -> a `Dataset`: built, saved, loaded, combined, cut into batches."""
