"""The gene chooser."""
