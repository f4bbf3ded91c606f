"""What truly drives each gene: the answer key, the causes behind it, and what an ideal model could know."""
