"""Notebooks are run, checked and summarised here; exercises and their solutions."""
