"""Edits and explanations compared with what is true in the teaching genome."""
