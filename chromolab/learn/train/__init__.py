"""Training: one model, many at once, over folds."""
