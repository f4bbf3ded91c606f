"""Solutions of the notebooks on data: 01, 02, 16."""
