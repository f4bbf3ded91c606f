"""Solutions of the notebooks that ask what a model is worth and has learnt, 08 to 13, and what many runs say of it: 17."""
