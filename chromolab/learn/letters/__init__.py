"""Models of letters, trained: tracks from sequence, and contacts from sequence."""
