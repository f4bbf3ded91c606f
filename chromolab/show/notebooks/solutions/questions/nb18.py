"""Solution of notebook 18: the work of a query against keys that are built, and against keys that are not."""

from chromolab.show.notebooks.exercises import exercise


@exercise(
    cases=[(400, 7, 128), (20, 7, 128), (1, 3, 4), (80, 8, 16)],
    hints=[
        "On the left, a bin costs marks * width for its token, width * width for its key, and width for the score.",
        "On the right, the query costs width * width and width * marks, once; a bin then costs marks.",
    ],
    mistakes={
        "The left side is that of one bin: every bin has a token and a key of its own.": lambda b, m, w: (
            m * w + w * w + w,
            w * w + w * m + b * m,
        ),
        "On the right the query is carried to the marks once, for all bins.": lambda b, m, w: (
            b * (m * w + w * w + w),
            b * (w * w + w * m + m),
        ),
        "The score itself is missing: a query and a key of n numbers are n multiplications.": lambda b, m, w: (
            b * (m * w + w * w),
            w * w + w * m,
        ),
        "The token is missing on the left: P makes it of the marks before W makes a key.": lambda b, m, w: (
            b * (w * w + w),
            w * w + w * m + b * m,
        ),
        "The two are exchanged: return the left side first.": lambda b, m, w: (
            w * w + w * m + b * m,
            b * (m * w + w * w + w),
        ),
    },
)
def products(bins, marks, width):
    """Multiplications of one query against all bins: with keys that are built, and without."""
    with_keys = bins * (marks * width + width * width + width)
    without = width * width + width * marks + bins * marks
    return with_keys, without
