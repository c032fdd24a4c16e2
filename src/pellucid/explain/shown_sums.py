"""Numbers as they are shown, and sums that add up in the digits that are shown.

Every shown number is rounded on its own, so shown terms may differ from the shown sum in the last digit; then a term
called "rounding" makes up the difference.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

SIGNIFICANT = 5
# Powers of ten between which a number is written without one.
SMALLEST_PLAIN, LARGEST_PLAIN = -5, 8


@dataclass(frozen=True)
class Digits:
    """How a group of numbers is written: `decimals` behind the point, in units of 10^`power`."""

    decimals: int
    power: int = 0

    def text(self, value: float) -> str:
        """`-0.8123`."""
        if not math.isfinite(value):
            return "-∞" if value < 0 else "∞" if value > 0 else "not a number"
        scaled = Decimal(float(value)).scaleb(-self.power)
        text = f"{scaled:.{self.decimals}f}"
        return text.removeprefix("-") if not text.strip("-0.") else text

    def text_but_0(self, value: float) -> str:
        """The same, but with digits of its own for what is not 0 and would be written as 0; not for parts of a sum."""
        text = self.text(value)
        return f"{value / 10.0**self.power:.2g}" if value and not text.strip("-0.") else text

    def finer(self, more: int = 2) -> Digits:
        """The same with more decimals."""
        return Digits(self.decimals + more, self.power)

    @property
    def unit(self) -> str:
        """` × 10^-9` where the numbers are written in such a unit, else nothing."""
        return f" × 10^{self.power}" if self.power else ""


def digits_for(values: Iterable[float]) -> Digits:
    """Five significant digits of the largest of these numbers; very small and large ones in units of a power of ten."""
    sizes = [abs(value) for value in values if math.isfinite(value)]
    largest = max(sizes, default=0.0)
    if largest == 0:
        return Digits(4)
    magnitude = math.floor(math.log10(largest))
    if magnitude >= -1 and magnitude <= LARGEST_PLAIN:
        return Digits(max(SIGNIFICANT - 1 - max(magnitude, 0), 0))
    if SMALLEST_PLAIN <= magnitude < 0:
        return Digits(SIGNIFICANT - 2 - magnitude)
    return Digits(SIGNIFICANT - 1, magnitude)


def short(value: float) -> str:
    """A number on its own: six significant digits, whole and large numbers without a point."""
    if not math.isfinite(value):
        return Digits(0).text(value)
    whole = value == round(value) or abs(value) >= 1e6
    return f"{value + 0.0:.0f}" if whole and abs(value) < 1e15 else f"{value:.6g}"


def largest_of(shown: int, number: int, what: str = "") -> str:
    """`The 8 largest of 65 changes`, `The largest of 65`."""
    return f"The {f'{shown:,} ' if shown > 1 else ''}largest of {f'{number:,} {what}s' if what else f'{number:,}'}"


@dataclass(frozen=True)
class ShownSum:
    """A sum in shown digits: `places` of the terms that are shown, largest first, and their texts; the rest together.

    `folded` terms are the rest, `zeros` says that all of them are 0.

    terms + rest + bias + rounding = total, exactly, as written; what is None has no part in it.
    """

    digits: Digits
    places: tuple[int, ...]
    terms: tuple[str, ...]
    folded: int
    zeros: bool
    rest: str | None
    bias: str | None
    rounding: str | None
    total: str


def shown_sum(terms: np.ndarray, total: float, *, bias: float | None = None, most: int = 8) -> ShownSum:
    """Σ `terms` (n,) + `bias` = `total`, folded to the `most` largest terms."""
    order = np.argsort(-np.abs(terms), kind="stable")
    count = int(np.count_nonzero(terms))
    count = count if count <= most + 1 else most
    digits = digits_for([*terms[order[:1]].tolist(), total, bias or 0.0])
    places, rest = order[:count], order[count:]
    shown = [digits.text(terms[k]) for k in places]
    folded = digits.text(float(terms[rest].sum())) if len(rest) else None
    zeros = not terms[rest].any()
    of_bias = None if bias is None else digits.text(bias)
    end = digits.text(total)
    texts = [text for text in (*shown, folded, of_bias) if text is not None]
    return ShownSum(
        digits,
        tuple(places.tolist()),
        tuple(shown),
        len(rest),
        zeros,
        folded,
        of_bias,
        rounding_of(texts, end, digits),
        end,
    )


def sum_rows(found: ShownSum, blanks: int) -> list[tuple[str, ...]]:
    """The rows below the terms: the rest, the bias, the rounding; `blanks` empty cells between name and number."""
    terms = "term" if found.folded == 1 else "terms"
    rest = f"{found.folded} {terms} of 0" if found.zeros else f"{found.folded} smaller {terms}"
    rows = ((rest, found.rest), ("bias", found.bias), ("rounding", found.rounding))
    return [(name, *[""] * blanks, text) for name, text in rows if text is not None]


def rounding_of(texts: Sequence[str], total: str, digits: Digits) -> str | None:
    """What makes up the difference of the shown numbers to the shown sum, in their digits; None where there is none."""
    try:
        gap = Decimal(total) - sum((Decimal(text) for text in texts), Decimal(0))
    except ArithmeticError:  # a sum that is not finite
        return None
    return f"{gap:.{digits.decimals}f}" if gap else None
