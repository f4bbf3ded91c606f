"""The site: the executed series, the lab and the documents as pages that need no installation (docs/site.md)."""
