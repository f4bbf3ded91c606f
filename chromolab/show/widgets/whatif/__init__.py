"""The what-if lab."""
