"""The formula near one row: what each column adds to the score, and how far that holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import InputError
from ..explain.local_formula import ColumnTerm, LocalFormula
from ..records import figure as number
from .signed_bars import SignedBar, draw_bars
from .theme import LIGHT, Theme, shortened
from .wrong_record import expect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_BARS = 20


def formula_terms(formula: LocalFormula, output: int = 0, *, ax: Axes | None = None, theme: Theme = LIGHT) -> Figure:
    """The intercept and the part of each column, largest first, with its slope and the range in which that holds.

    At most 20 columns. Raises `InputError` for an output that the formula does not have.
    """
    _check(formula, output)
    bars = [SignedBar("intercept", formula.intercept[output], number(formula.intercept[output], sign=True))]
    bars += [SignedBar(_name(term), term.part[output], _told(term, output)) for term in _largest(formula, output)]
    bars.append(SignedBar("score", formula.score[output], number(formula.score[output], sign=True), False))
    kind = (
        "exact until a unit switches" if formula.exact and formula.units else "exact" if formula.exact else "a tangent"
    )
    title = f"The formula near the row: {kind}"
    return draw_bars(bars, title, f"Part of the {shortened(formula.meaning, 40)}", ax=ax, theme=theme)


def formula_terms_in_words(formula: LocalFormula, output: int = 0) -> str:
    """The figure as sentences."""
    _check(formula, output)
    told = "; ".join(f"{_name(term)} {_told(term, output)}" for term in _largest(formula, output))
    return (
        f"The {formula.meaning} {formula.outputs[output]} is {number(formula.score[output])}: the intercept "
        f"{number(formula.intercept[output])}; {told}."
    )


def _check(formula: LocalFormula, output: int) -> None:
    expect(formula, LocalFormula, "pellucid.local_formula")
    if not 0 <= output < len(formula.outputs):
        raise InputError(f"the formula has the outputs {list(formula.outputs)}, numbered from 0; got {output!r}")


def _largest(formula: LocalFormula, output: int) -> list[ColumnTerm]:
    return sorted(formula.columns, key=lambda term: -abs(term.part[output]))[:MOST_BARS]


def _name(term: ColumnTerm) -> str:
    cell = f"{term.cell:.6g}" if isinstance(term.cell, float) else str(term.cell)
    return f"{term.name} = {cell}"


def _told(term: ColumnTerm, output: int) -> str:
    """`+0.3, -0.012 a unit from 3 to 40`."""
    part = number(term.part[output], sign=True)
    if term.slope is None:
        return part
    of = f" of {term.words}" if term.transform else ""
    slope = f"{part}, {number(term.slope[output], sign=True)} a unit{of}"
    ends = f" from {_short(term.low)}" if term.low is not None else ""
    ends += f" to {_short(term.high)}" if term.high is not None else ""
    return f"{slope}{ends}"


def _short(end: float) -> str:
    return f"{end:,.0f}" if 1e4 <= abs(end) < 1e9 else f"{end:.4g}"
