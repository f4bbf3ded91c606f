"""The command line: `chromolab ...`."""
