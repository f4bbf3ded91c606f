"""Edits and explanations held against what is true."""
