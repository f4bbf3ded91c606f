"""The glass box: every number on its way through Chromoformer."""
