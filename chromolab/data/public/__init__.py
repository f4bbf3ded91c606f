"""Public files: the data manifest, downloads, and whether they arrived complete."""
