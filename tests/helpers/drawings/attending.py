"""Drawings of what the transformers do: query, key and value; padding and mask; a set with frequencies; a gate."""

import numpy as np

from helpers.drawings.pen import Sheet
from helpers.drawings.shapes import ELEMENT, EMBEDDING, PAIRWISE, PROMOTER, REGULATION, bracket, token


def softmax(scores: np.ndarray) -> np.ndarray:
    """Shares that sum to 1."""
    shares = np.exp(scores - scores.max())
    return shares / shares.sum()


def vector(sheet: Sheet, x: float, y: float, values: np.ndarray, colour: str, strength: float = 1) -> None:
    """A vector as a column of squares, darker where a number is larger; `strength` makes all of it paler."""
    sheet.box(x - 2, y - 2, 14, 12 * len(values) + 2, line=colour, width=1, round=2)
    for i, value in enumerate(values):
        sheet.box(x, y + 12 * i, 10, 10, fill=colour, round=1.5, tint=round(0.08 + 0.92 * value * strength, 2))


def query_key_value() -> Sheet:
    """One bin asks: its query against every key, softmax, the mean of the values."""
    sheet = Sheet(
        "The query of the TSS bin meets the key of each bin. Their dot products are scores, the softmax makes "
        "them shares that sum to 1, and the answer is the mean of the values with these shares. Two bins whose "
        "keys are like the query take most of it.",
        446,
    )
    rng = np.random.default_rng(5)
    left, step, tss = 232, 57, 4
    query = np.array([0.95, 0.1, 0.8, 0.15])
    keys, values = rng.random((9, 4)) * 0.7, rng.random((9, 4))
    keys[6], keys[2] = [0.9, 0.2, 0.95, 0.1], [0.75, 0.3, 0.7, 0.2]
    scores = keys @ query
    shares = softmax(4 * scores)
    middle = [left + step * i + 15 for i in range(9)]
    for y, name, what in (
        (40, "bins", "as tokens"),
        (110, "keys", "what a bin offers"),
        (204, "scores", "query · key"),
        (284, "shares", "softmax, sum is 1"),
        (348, "values", "what a bin tells"),
    ):
        sheet.text(16, y, name, "head")
        sheet.text(16, y + 19, what, "quiet")
    for i, x in enumerate(middle):
        sheet.cells(x - 13, 30, 26, [EMBEDDING if i == tss else ""])
        vector(sheet, x - 5, 96, keys[i], PAIRWISE)
        vector(sheet, x - 5, 332, values[i], REGULATION, 0.15 + 0.85 * shares[i] / shares.max())
    sheet.text(middle[tss], 76, "TSS", "quiet", "middle")
    vector(sheet, 176, 96, query, EMBEDDING)
    sheet.text(181, 84, "query", "plain", "middle")
    sheet.arrow([(middle[tss], 28), (middle[tss], 16), (181, 16), (181, 68)], EMBEDDING)
    sheet.text(206, 124, "·", "head", "middle")
    for values_, y, colour in ((scores / scores.max(), 226, "quiet"), (shares / shares.max(), 304, EMBEDDING)):
        sheet.bars(left - 13, y, step * 9, 46, values_, colour, gap=30)
        sheet.line([(left - 8, y), (left + step * 9 - 18, y)], "quiet", 1)
    sheet.line([(middle[0] - 8, 384), (middle[0] - 8, 392), (middle[-1] + 8, 392), (middle[-1] + 8, 384)], "quiet", 1.2)
    sheet.arrow([(middle[tss], 392), (middle[tss], 412)])
    answer = shares @ values
    for i, value in enumerate(answer):
        sheet.box(
            middle[tss] - 24 + 12 * i, 418, 10, 10, fill=REGULATION, round=1.5, tint=round(0.08 + 0.92 * value, 2)
        )
    sheet.text(middle[tss] + 36, 428, "answer: their mean, by share", "quiet")
    return sheet


def mask() -> Sheet:
    """A short element in the middle of its row, and attention with and without a mask."""
    sheet = Sheet(
        "A pCRE of 7 bins lies in the middle of a row of 20; both sides are padding, filled with zeros. Without a "
        "mask most attention falls on padding. With the mask padding has no share, and the bins of the pCRE share "
        "all of it.",
        404,
    )
    left, step, bins, first = 146, 30, 20, 7
    data = (np.arange(bins) >= first) & (np.arange(bins) < first + 7)
    rng = np.random.default_rng(2)
    scores = np.where(data, 1.1 * np.exp(-(((np.arange(bins) - 11) / 1.6) ** 2)), 0.25) + 0.2 * rng.random(bins)
    sheet.text(16, 50, "a pCRE", "head")
    sheet.text(16, 69, "in 20 bins", "quiet")
    sheet.cells(left, 34, 26, [ELEMENT if d else "" for d in data], gap=4)
    for i in np.flatnonzero(~data):
        sheet.text(left + step * i + 13, 52, "0", "quiet", "middle")
    for start, stop, text in ((0, 7, "padding"), (7, 14, "7 bins of data"), (14, 20, "padding")):
        bracket(sheet, left + step * start, left + step * stop - 4, 76, text)
    sheet.text(16, 142, "mask", "head")
    for i in range(bins):
        x = left + step * i + 13
        if data[i]:
            sheet.disc(x, 137, 6, fill="ink")
        else:
            sheet.line([(x - 5, 132), (x + 5, 142)], "quiet", 1.8)
            sheet.line([(x - 5, 142), (x + 5, 132)], "quiet", 1.8)
    sheet.text(left, 172, "● is seen, × is hidden: its score is put at the lowest there is, its share is 0", "quiet")
    shown = {"no mask": softmax(scores), "with mask": softmax(np.where(data, scores, -np.inf))}
    top = max(shares.max() for shares in shown.values())
    for i, (name, shares) in enumerate(shown.items()):
        y = 264 + 100 * i
        sheet.text(16, y - 26, name, "head")
        sheet.text(16, y - 7, "attention", "quiet")
        for fill, where in ((ELEMENT, data), ("quiet", ~data)):
            sheet.bars(left - 2, y, step * bins, 64, np.where(where, shares / top, 0), fill, gap=6)
        sheet.line([(left, y), (left + step * bins - 4, y)], "quiet", 1)
    lost = 100 * shown["no mask"][~data].sum()
    sheet.text(left, 286, f"here {lost:.0f} % of the attention falls on padding", "quiet")
    sheet.text(left, 386, "all of it falls on the pCRE", "quiet")
    return sheet


def with_frequencies() -> Sheet:
    """A set: two orders of the same tokens, and the promoter's scores with the contact frequencies."""
    sheet = Sheet(
        "Left: promoter P and pCREs a, b, c in two orders, each with its own frequency; the answer is the same, "
        "for a set has no order. Empty slots are masked. Right: the frequency of a contact, times a learnt "
        "factor, is added to the promoter's score, so that frequent contacts are heard more.",
        322,
    )
    contacts = {"a": 4.2, "b": 2.6, "c": 1.7}
    for y, order in ((64, "Pabc "), (170, "Pca b")):
        sheet.text(20, y + 5, "tokens", "plain")
        sheet.text(20, y + 45, "f", "plain")
        for i, name in enumerate(order):
            x = 110 + 58 * i
            if name == " ":
                sheet.disc(x, y, 17, line="quiet", width=1.5, dash="4 4")
                continue
            token(sheet, x, y, 17, PROMOTER if name == "P" else ELEMENT, name)
            sheet.text(x, y + 45, str(contacts.get(name, 0)), "quiet", "middle")
    sheet.text(20, 262, "two orders of one set: the same answer", "plain")
    sheet.text(20, 284, "a dashed slot is empty, and masked", "quiet")
    p = (570, 66)
    places = {"a": (474, 186), "b": (570, 212), "c": (666, 186)}
    for name, (x, y) in places.items():
        sheet.line([p, (x, y)], REGULATION, 2.2 * contacts[name] - 1.6)
    for name, (x, y) in {"P": p, **places}.items():
        sheet.disc(x, y, 19, fill="ground")
        token(sheet, x, y, 19, PROMOTER if name == "P" else ELEMENT, name)
        if name != "P":
            sheet.text(x, y + 38, f"f = {contacts[name]}", "quiet", "middle")
    sheet.text(570, 284, "score = q · k / √E + γ f", "head", "middle")
    sheet.text(570, 306, "what is said, and how often they meet", "quiet", "middle")
    return sheet


def gate() -> Sheet:
    """What attention brought, times a number between 0 and 1 for each of its numbers."""
    sheet = Sheet(
        "Eight numbers that attention brought, eight gates between 0 and 1, and their products: an open gate lets "
        "a number through, a shut one holds it back.",
        210,
    )
    told = np.array([0.8, -0.5, 0.9, 0.35, -0.75, 0.6, -0.3, 0.85])
    gates = np.array([0.95, 0.9, 0.06, 0.5, 0.04, 0.92, 0.5, 0.1])
    columns = (
        (30, told, REGULATION, "what attention brought", "a mean of values"),
        (290, gates, "quiet", "gate", "a sigmoid, from 0 to 1"),
        (550, told * gates, REGULATION, "what is passed on", "their product"),
    )
    for x, values, colour, name, what in columns:
        sheet.bars(x, 92, 180, 64, values, colour, gap=6)
        sheet.line([(x, 92), (x + 180, 92)], "ink", 1)
        sheet.text(x + 90, 174, name, "head", "middle")
        sheet.text(x + 90, 194, what, "quiet", "middle")
    sheet.line([(290, 28), (470, 28)], "quiet", 1, "4 4")
    sheet.text(480, 32, "1", "quiet")
    sheet.text(250, 98, "×", "head", "middle")
    sheet.text(510, 98, "=", "head", "middle")
    return sheet
