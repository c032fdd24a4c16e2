"""Truth, probabilities and folds as users pass them to `calibrate` and `choose_threshold`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import InputError, ShapeError
from ..metrics.checks import class_codes, numbers
from ..records import counted
from .out_of_fold import OutOfFold, of_arrays

FOLDS = 5


def checked_probabilities(truth: Any, probability: Any) -> tuple[np.ndarray, np.ndarray]:
    """(codes int (rows,), probabilities float64 (rows, classes)); (rows,) are those of the second of two classes.

    Raises `InputError` for NaN, numbers outside [0, 1], rows that do not sum to 1, unknown classes, and a truth of one
    class; `ShapeError` for unequal lengths.
    """
    given = numbers("probability", probability).astype(np.float64)
    if given.min() < 0 or given.max() > 1:
        raise InputError(
            f"probabilities lie from 0 to 1, these from {given.min():g} to {given.max():g}; give no logits"
        )
    both = np.column_stack([1 - given, given]) if given.ndim == 1 else given
    if both.shape[1] < 2 or np.abs(both.sum(axis=1) - 1).max() > 1e-5:
        raise InputError(
            "probability should be (rows,), of the second class, or (rows, classes) with rows that sum to 1"
        )
    codes = class_codes("truth", truth, both.shape[1]).astype(np.int64)
    if len(codes) != len(both):
        raise ShapeError(
            f"truth has {counted(len(codes), 'row')} and probability {len(both):,}; they must be of the same rows"
        )
    if (codes == codes[0]).all():
        raise InputError(f"truth holds one class only, {codes[0]}; rows of at least two are needed")
    return codes, both


def cross_fitted_rows(predicted: np.ndarray, folds: Any, seed: int) -> OutOfFold:
    """The rows with their `folds` (rows,), five made by chance where None is given."""
    if folds is None:
        shuffled = np.random.default_rng(seed).permutation(len(predicted))
        return of_arrays(predicted, shuffled % FOLDS)
    array = np.asarray(folds)
    if array.shape != (len(predicted),):
        raise ShapeError(f"folds should name the fold of each of the {len(predicted):,} rows, and has {array.shape}")
    if len(np.unique(array)) < 2:
        raise InputError("folds names one fold only; at least two are needed to choose on some and judge on others")
    return of_arrays(predicted, np.unique(array, return_inverse=True)[1])
