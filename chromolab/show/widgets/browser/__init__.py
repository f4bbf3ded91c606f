"""The track browser."""
