"""Figures of letters: what a motif is, and which letters of a sequence count."""
