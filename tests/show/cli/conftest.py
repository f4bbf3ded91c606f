"""The server and the source that tests of downloads use."""

from helpers.downloading import no_proxy_and_no_settings, place, server  # noqa: F401 (fixtures)
