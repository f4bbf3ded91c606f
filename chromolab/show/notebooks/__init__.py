"""Notebooks are run, checked and summarised here; exercises and their solutions."""

import chromolab.show.quick_schema  # noqa: F401  # before nbformat
