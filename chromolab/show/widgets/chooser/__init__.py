"""The gene chooser: type a name, pick a gene."""
