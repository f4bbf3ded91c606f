"""Processes of our own: how many at once."""

import os


def _cpus() -> int:
    """The number of CPUs that this process may use; on a cluster fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
