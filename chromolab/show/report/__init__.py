"""The report of a build: a page without a network."""
