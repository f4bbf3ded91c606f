"""What people touch: figures, widgets, notebook runs, exercises and the command line. Imported by no other layer."""
