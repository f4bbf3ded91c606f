"""The answers of a genome in which contacts can be seen to work."""

from helpers.worlds import strong_causes, strong_genes  # noqa: F401 (fixtures)
