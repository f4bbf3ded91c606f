"""Models compared on equal terms, and controls that are no networks."""
