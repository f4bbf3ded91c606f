"""Solutions of the notebooks on the model and its training: 03 to 07."""
