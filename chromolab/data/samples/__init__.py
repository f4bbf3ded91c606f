"""Small real sets that one line brings: read where they lie on this machine, or fetched."""
