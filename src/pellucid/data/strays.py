"""What is told of the cells that are not of the kind of their column.

Their number and the row of the first, not their text: findings and reasons are kept in model files, and those hold no
rare levels.
"""

from __future__ import annotations

import numpy as np

from ..records import Finding

# In a column of numbers or dates, other cells are taken for missing up to this share of the cells that are not empty.
STRAYS_SHARE = 0.01
# Up to this share, a column that is none of numbers or dates may have been meant as one.
DOUBTFUL_SHARE = 0.2


def taken_as_missing(name: str, kind: str, codes: np.ndarray, unread: np.ndarray) -> tuple[str, Finding]:
    """A word for the reason of a number or date column, and WORDS_IN_NUMBERS or WORDS_IN_DATES.

    `unread` (texts,) says which texts are no number or date, `codes` (rows,) which text each row has.
    """
    counted, row = _counted(kind, codes, unread)
    told = f"{counted} and taken as missing, the first in row {row:,}"
    finding = Finding(
        f"WORDS_IN_{kind.upper()}S",
        "warning",
        f"column {name!r}: {told}",
        f"A column with at most 1 % of such cells is taken for {kind}s",
        f"If they are slips, correct them; if the column holds categories, say --as {name}=category (kinds= of read)",
    )
    return told, finding


def kept_as_text(name: str, kind: str, codes: np.ndarray, unread: np.ndarray) -> Finding:
    """MOSTLY_NUMBERS or MOSTLY_DATES: the texts `unread` kept a column from being of that kind."""
    counted, row = _counted(kind, codes, unread)
    return Finding(
        f"MOSTLY_{kind.upper()}S",
        "warning",
        f"column {name!r}: {counted}, the first in row {row:,}, so all are taken as text",
        f"With more than 1 % of such cells a column is no longer taken for {kind}s, and their order is lost",
        f"If it holds {kind}s, say --as {name}={kind} (kinds= of read); if it holds categories, --as {name}=category",
    )


def numbers_with_more(name: str, count: int) -> Finding:
    """NUMBERS_WITH_MORE: `count` cells, nearly all, are a number and something else."""
    return Finding(
        "NUMBERS_WITH_MORE",
        "information",
        f"column {name!r}: {count:,} values are a number with something beside it, so all are taken as text",
        "Units, letters and different currencies keep a column from being numbers, and their order is lost",
        "If it holds numbers, leave these alone in the cells, all in one unit; if it holds codes, nothing need be done",
    )


def ambiguous(name: str, form: str, other: str) -> Finding:
    """AMBIGUOUS_DATES: day and month may have been mixed up."""
    order = "dmy" if other.startswith("d") else "mdy"
    return Finding(
        "AMBIGUOUS_DATES",
        "warning",
        f"column {name!r}: no day above 12; the dates are read as {form}, but {other} would fit as well",
        "Which number is the day cannot be seen from the cells",
        f"If it is {other}, say --as {name}=date:{order} (kinds= of read)",
    )


def ambiguous_mark(name: str, mark: str) -> Finding:
    """AMBIGUOUS_NUMBERS: what was taken for a mark between thousands may be the decimal mark."""
    written, other = ("1,234", "comma") if mark == "," else ("1.234", "point")
    return Finding(
        "AMBIGUOUS_NUMBERS",
        "information",
        f"column {name!r}: numbers like {written} are read as 1234; with a decimal {other} they would be 1.234",
        f"Every {mark!r} stands before three digits, so the cells do not tell which it is",
        f"If it is a decimal {other}, say --as {name}=number:{other} (kinds= of read)",
    )


def _counted(kind: str, codes: np.ndarray, unread: np.ndarray) -> tuple[str, int]:
    """How many cells are none of the kind, in words, and the row of the first, from 1."""
    stray = np.append(unread, False)[codes]
    count, present = int(stray.sum()), int((codes >= 0).sum())
    what = "number" if kind == "number" else "date of the form of the others"
    return f"{count:,} of {present:,} values {'is' if count == 1 else 'are'} no {what}", int(stray.argmax()) + 1
