"""Notebooks: run, checked, summarised; exercises and their solutions."""
