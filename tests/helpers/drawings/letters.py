"""Drawings of letters: CTCF's sites and which way they look."""

from helpers.drawings.pen import Sheet
from helpers.drawings.shapes import ELEMENT, PROMOTER, token

SITE = "#B8860B"


def _site(sheet: Sheet, x: float, y: float, forward: bool) -> None:
    """A CTCF site: an arrowhead that looks the way it is read."""
    d = 13 if forward else -13
    sheet.path(f"M{x - d:g} {y - 11:g}L{x + d:g} {y:g}L{x - d:g} {y + 11:g}z", fill=SITE)


def facing() -> Sheet:
    """Two CTCF sites in four directions, of which one pair makes a loop, and a site between that is a wall."""
    sheet = Sheet(
        "A promoter and an element on a thread, each beside a CTCF site, drawn as an arrowhead. First row: the sites "
        "face each other and an arc joins promoter and element. Second row: one site is flipped, and there is no arc. "
        "Third row: a site between promoter and element is a wall that lowers their contact.",
        318,
    )
    p, e, left, right = 150, 470, 205, 415
    rows = (
        (100, (True, False), "facing each other", "a loop: they touch more often"),
        (186, (False, False), "one site flipped", "the same site turned: no loop"),
        (272, None, "a site between", "a wall: they touch less often"),
    )
    for y, sites, name, effect in rows:
        sheet.line([(100, y), (530, y)], "ink", 3)
        if sites == (True, False):
            sheet.path(f"M{p} {y - 16}C{p} {y - 86} {e} {y - 86} {e} {y - 16}", line=SITE, width=2.5)
        if sites is None:
            mid = (p + e) / 2
            sheet.line([(mid, y - 36), (mid, y + 24)], "quiet", 2, "4 4")
            _site(sheet, mid, y, True)
        else:
            _site(sheet, left, y, sites[0])
            _site(sheet, right, y, sites[1])
        for x, colour, letter in ((p, PROMOTER, "P"), (e, ELEMENT, "E")):
            sheet.disc(x, y, 13, fill="ground")
            token(sheet, x, y, 13, colour, letter)
        sheet.text(550, y - 4, name, "head")
        sheet.text(550, y + 16, effect, "quiet")
    return sheet
