"""The causes of the strong world, for tests of contacts."""

from helpers.worlds import strong_causes  # noqa: F401 (fixture)
