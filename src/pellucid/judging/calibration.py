"""Whether calibrating the probabilities helps, and which way: judged on rows that the calibration has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from ..errors import SpecError, nearest
from ..estimators.decision import Calibration, CalibrationMethod
from ..records import Record, figure
from .calibration_fit import fit_calibration, row_losses
from .out_of_fold import OutOfFold
from .plain_arrays import checked_probabilities, cross_fitted_rows

# With fewer rows a curve that bends wherever it likes follows chance (Niculescu-Mizil and Caruana, 2005, see it fall
# behind Platt's up to some thousands).
ISOTONIC_FROM = 10_000
AUTO, NONE = "auto", "none"
METHODS: tuple[CalibrationMethod, ...] = get_args(CalibrationMethod)  # the simplest first
CHOICES = (AUTO, NONE, *METHODS)


@dataclass(frozen=True)
class CalibrationChoice(Record):
    """Which calibration was chosen and why.

    `losses` maps every method that was tried, "none" among them, to its mean log loss over rows that it was not fitted
    on. `gain` is by how much the chosen one is better than none, `gain_error` its standard error over paired rows.
    `calibration`, fitted on all rows, is None where none is the choice. `left_out` are methods whose best fit would
    turn the order of rows round.
    """

    method: str
    calibration: Calibration | None
    rows: int
    losses: dict[str, float]
    gain: float
    gain_error: float
    left_out: tuple[str, ...] = ()

    def _by_method(self) -> list[tuple[str, float]]:
        """The losses from the simplest method on; a file has them by name."""
        return [(name, self.losses[name]) for name in CHOICES if name in self.losses]

    def in_words(self) -> str:
        """One sentence."""
        tried = ", ".join(f"{name} {figure(loss)}" for name, loss in self._by_method())
        out = f"out-of-fold log loss: {tried}"
        out += f"; {' and '.join(self.left_out)} would turn the order of rows round" if self.left_out else ""
        if self.calibration is None:
            return f"probabilities are left as they are: no calibration helps by more than chance ({out})"
        kept = "it keeps the order of rows" + (", with ties" if self.method == "isotonic" else "")
        return f"probabilities are calibrated by {self.method} scaling; {kept} ({out})"


def calibrate(
    truth: Any, probability: Any, *, method: str = AUTO, folds: Any = None, seed: int = 0
) -> CalibrationChoice:
    """Choose and fit a calibration for predictions of rows that the model was not trained on.

    `truth` (rows,) holds class codes 0 …, `probability` is (rows, classes), or (rows,) of the second of two classes.
    Each method is fitted on all folds but one and scored on that one (`folds` (rows,); five by chance with `seed`), and
    the choice is the simplest, in the order none, temperature, platt, quadratic, isotonic, whose log loss is within one
    standard error, over paired rows, of the best. Platt's and quadratic scaling are for two classes, isotonic
    regression for two classes from 10,000 rows on. `method` may name one to be taken whatever it is worth.

    Raises `InputError`, `ShapeError` and `SpecError` for what cannot be used.
    """
    codes, both = checked_probabilities(truth, probability)
    return choose_calibration(codes, cross_fitted_rows(both, folds, seed), method)


def choose_calibration(truth: np.ndarray, rows: OutOfFold, method: str = AUTO) -> CalibrationChoice:
    """The same for codes (entries,) and out-of-fold rows."""
    check_method(method, rows.predicted.shape[1])
    tried = _tried(method, rows)
    losses = {NONE: rows.by_row(row_losses(truth, rows.predicted))}
    fitted = {name: fit_calibration(name, truth, rows.predicted, rows.weights) for name in tried}
    for name in tried:
        values = _cross_fitted(name, truth, rows) if fitted[name] is not None else None
        if values is not None:
            losses[name] = rows.by_row(values)
    chosen = _simplest(losses) if method == AUTO else method
    if chosen not in losses:
        raise SpecError(f"{chosen} scaling would turn the order of rows round here; choose another calibration")
    gains = losses[NONE] - losses[chosen]
    return CalibrationChoice(
        chosen,
        None if chosen == NONE else fitted[chosen],  # type: ignore[index]
        rows.row_count,
        {name: float(each.mean()) for name, each in losses.items()},
        float(gains.mean()),
        _error(gains),
        tuple(name for name in tried if name not in losses),
    )


def check_method(method: str, classes: int) -> None:
    """Raise `SpecError` for a name that is no calibration, or none for so many classes."""
    if method not in CHOICES:
        raise SpecError(f"unknown calibration {method!r}{nearest(str(method), CHOICES)}")
    if classes > 2 and method not in (AUTO, NONE, "temperature"):
        raise SpecError(f"{method} scaling is for two classes, and there are {classes}; use temperature")


def _tried(method: str, rows: OutOfFold) -> tuple[CalibrationMethod, ...]:
    """The methods that may be chosen."""
    if method != AUTO:
        return tuple(name for name in METHODS if name == method)
    if rows.predicted.shape[1] > 2:
        return ("temperature",)
    return METHODS if rows.row_count >= ISOTONIC_FROM else METHODS[:-1]


def _cross_fitted(method: CalibrationMethod, truth: np.ndarray, rows: OutOfFold) -> np.ndarray | None:
    """The loss (entries,) of every row under the calibration that the other folds give; None where one has none."""
    losses = np.empty(len(truth))
    for fold in np.unique(rows.folds):
        own = rows.folds == fold
        fitted = fit_calibration(method, truth[~own], rows.predicted[~own], rows.weights[~own])
        if fitted is None:
            return None
        losses[own] = row_losses(truth[own], fitted(rows.predicted[own]))
    return losses


def _simplest(losses: dict[str, np.ndarray]) -> str:
    """The first whose loss (rows,) is within one standard error of the best one's."""
    best = min(losses.values(), key=lambda each: float(each.mean()))
    return next(name for name, each in losses.items() if (each - best).mean() <= _error(each - best))


def _error(differences: np.ndarray) -> float:
    return float(differences.std(ddof=1) / np.sqrt(len(differences))) if len(differences) > 1 else 0.0
