"""Solutions of the notebooks that ask what a model is worth and has learnt, 08 to 13, and what many runs say and cost: 17 and 18."""
