"""The one exception family that chromolab raises on purpose."""


class ChromolabError(Exception):
    """Bad input or a request that cannot be met.

    The message names the file or argument, the place in it, what was expected, and what to do.
    """
