"""The article from end to end: what it takes, its files, its runs, and the report beside its figures."""
