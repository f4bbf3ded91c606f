"""The what-if lab as a page of its own (`chromolab app`, `make app`): Voila with a token, a limit and shared memory."""
