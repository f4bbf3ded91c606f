"""Write the drawings that are missing or stale; with `--check`, refuse them."""

import sys

from helpers.drawings.pictures import stale

found = stale()
if "--check" in sys.argv and found:
    sys.exit(f"not as they are drawn: {', '.join(p.name for p in found)}; make format draws them anew")
for path, svg in found.items():
    path.write_text(svg, encoding="utf-8")
