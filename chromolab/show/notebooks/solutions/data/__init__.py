"""Solutions of the notebooks on data: a primer, 01, 02, 16."""
