"""The glass box."""
