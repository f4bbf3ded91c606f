"""The report of a build: a page that needs no network."""
