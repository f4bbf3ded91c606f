"""Drawings of what is asked of a model: where it looks, what it uses, what is a cause; and what contacts do."""

import numpy as np

from helpers.drawings.pen import Sheet
from helpers.drawings.shapes import ELEMENT, HEAD, MARK, PROMOTER, REGULATION, hill, rough, token


def three_questions() -> Sheet:
    """Where does the model look, what does it use, what is a cause: two are asked of the model, one of the cell."""
    sheet = Sheet(
        "Three questions about one peak. Attention: does the model look there? An edit of the track: does the "
        "model's answer change? An edit of the cell: does its RNA change? The first two ask a model, only the "
        "third asks a cell.",
        352,
    )
    columns = (
        ("looked at?", "attention", "asks the model"),
        ("used?", "edit the track", "asks the model"),
        ("a cause?", "edit the cell", "asks the cell"),
    )
    at = (np.arange(44) + 0.5) / 44
    peak = (at > 0.62) & (at < 0.88)
    before = rough(hill(at, 0.26, 0.05, 0.9) + hill(at, 0.75, 0.05, 0.8), 2, 0.04)
    for i, (question, what, whom) in enumerate(columns):
        x, edited = 22 + 250 * i, i > 0
        middle = x + 108
        sheet.text(middle, 28, question, "head", "middle")
        sheet.text(middle, 48, what, "quiet", "middle")
        sheet.bars(x, 120, 216, 50, np.where(peak, 0.06, before) if edited else before, MARK["H3K27ac"])
        sheet.line([(x, 120), (x + 216, 120)], "quiet", 1)
        if edited:
            sheet.line(
                [(x + 132, 120), (x + 148, 102), (x + 162, 78), (x + 176, 102), (x + 192, 120)], "ink", 1.5, "2 3"
            )
        if i < 2:
            sheet.box(middle - 58, 182, 116, 50, line=HEAD, fill=HEAD, tint=0.14, width=2)
            sheet.text(middle, 212, "model", "head", "middle")
        else:
            sheet.disc(middle, 207, 32, line="ink", fill="pale", width=2)
            sheet.text(middle, 212, "cell", "head", "middle")
        if i == 0:
            for place, wide in ((20, 0.8), (56, 1.6), (104, 0.8), (162, 5), (200, 1.2)):
                foot = middle + (place - 108) * 0.4
                sheet.path(f"M{foot:g} 182C{foot:g} 152 {x + place} 158 {x + place} 126", line=REGULATION, width=wide)
            sheet.text(middle, 262, "how much of its attention", "quiet", "middle")
            sheet.text(middle, 281, "falls on the peak?", "quiet", "middle")
        else:
            sheet.arrow([(middle, 128), (middle, 174 if i == 2 else 180)])
            sheet.arrow([(middle, 240), (middle, 262)])
            sheet.bars(middle - 33, 312, 26, 42, [0.95], "faint", gap=0)
            sheet.bars(middle + 7, 312, 26, 42, [0.5], "quiet", gap=0)
            sheet.line([(middle - 40, 312), (middle + 40, 312)], "ink", 1)
            sheet.text(middle + 46, 284, "its answer" if i == 1 else "its RNA", "quiet")
            sheet.text(middle + 46, 302, "changes?", "quiet")
        sheet.text(middle, 340, whom, "plain", "middle")
    return sheet


def with_and_without() -> Sheet:
    """A promoter's token with its contacts and alone: both move, and the difference is what the contacts do."""
    sheet = Sheet(
        "Left: the promoter's token P goes through the regulation layers once with its pCREs and once alone. "
        "Right: both ways start at one point and both move. What the contacts do is the difference between their "
        "ends.",
        300,
    )
    for y, name, contacts in ((84, "with contacts", True), (214, "alone", False)):
        sheet.text(22, y - 52, name, "head")
        token(sheet, 46, y, 17, PROMOTER, "P")
        for k, high in enumerate((-26, 0, 26)):
            if contacts:
                sheet.line([(63, y), (101, y + high)], REGULATION, 4 - 1.3 * k)
                sheet.disc(112, y + high, 11, fill="ground")
                token(sheet, 112, y + high, 11, ELEMENT)
            else:
                sheet.disc(112, y + high, 11, line="faint", width=1.5, dash="3 3")
        for layer in (0, 1):
            x = 172 + 92 * layer
            sheet.arrow([(x - 34, y), (x, y)])
            sheet.box(x, y - 22, 58, 44, line=REGULATION, fill=REGULATION, tint=0.14, width=2)
            sheet.text(x + 29, y + 5, f"layer {layer + 1}", "quiet", "middle")
        sheet.arrow([(322, y), (356, y)])
        token(sheet, 378, y, 17, PROMOTER, "P′")
    left, top = 446, 38
    sheet.box(left, top, 292, 222, line="faint", width=1.2)
    start, ends = (left + 66, top + 118), ((left + 182, top + 50), (left + 160, top + 182))
    sheet.line([*ends], "ink", 1.6, "4 4")
    for end, text, anchor, place in (
        (ends[0], "with contacts", "middle", (ends[0][0], ends[0][1] - 20)),
        (ends[1], "alone", "middle", (ends[1][0], ends[1][1] + 26)),
    ):
        sheet.arrow([start, end], PROMOTER, 2.5)
        sheet.disc(*end, 6, fill=PROMOTER)
        sheet.text(*place, text, "plain", anchor)
    sheet.disc(*start, 8, fill="ground")
    sheet.disc(*start, 6, line="ink", fill="ground", width=2)
    sheet.text(start[0], start[1] - 16, "before", "plain", "middle")
    sheet.text(left + 188, top + 112, "what the", "quiet")
    sheet.text(left + 188, top + 131, "contacts do", "quiet")
    sheet.text(left + 146, 282, "the promoter's embedding", "quiet", "middle")
    return sheet
