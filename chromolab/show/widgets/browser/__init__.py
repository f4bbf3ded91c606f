"""The track browser: pan and zoom along a chromosome."""
