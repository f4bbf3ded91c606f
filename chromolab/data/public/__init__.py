"""Public files: the data manifest, downloads, and whether what came is whole."""
