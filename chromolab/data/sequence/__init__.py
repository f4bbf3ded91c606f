"""A genome's letters as data: parts of a FASTA file, one-hot, and where motifs stand in it."""
