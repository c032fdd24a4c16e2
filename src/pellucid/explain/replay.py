"""`replay`: a trained estimator, or one from a file, trained again to the same bits, this time with a recording.

A training of ours is deterministic: its rows, its plan and its seed say every number of it. So an estimator need not
carry its past around; whoever has the rows can have it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.read import read
from ..data.table import Table
from ..engines.contract import Parameters
from ..errors import InputError, SpecError
from ..estimators.choices import early_stopping_of, hold_out
from ..estimators.classifier import MLPClassifier
from ..estimators.examples import Examples, checked_examples, checked_weights
from ..estimators.regressor import MLPRegressor
from ..judging.card import sealed_mask
from ..judging.truth import truth_of
from ..judging.unseen_rows import card_of, labels_of
from ..records import counted
from ..training.fit_network import FittedNetwork, fit_network
from ..training.recording import Record, Recording


@dataclass(frozen=True, eq=False)
class Replay:
    """A trained estimator with its past.

    `fitted` is its network with the recording, in terms of the inputs `names` (inputs,), the design columns. `rows`
    are the numbers, counted from 0, of its training rows in what `replay` was given, in the order in which the network
    knows them. `largest_difference` is that of a parameter to the model's, 0 where the training came out to the bit.
    """

    model: MLPClassifier | MLPRegressor
    fitted: FittedNetwork
    names: tuple[str, ...]
    rows: np.ndarray
    largest_difference: float

    def __repr__(self) -> str:
        how = "to the bit" if self.largest_difference == 0 else f"to {self.largest_difference:.1e}"
        return f"Replay({type(self.model).__name__} {how}, {self.recording!r})"

    @property
    def recording(self) -> Recording:
        """The states of the training."""
        assert self.fitted.recording is not None
        return self.fitted.recording

    def at(self, epoch: int, step: int = 0) -> MLPClassifier | MLPRegressor:
        """The estimator as it was after `epoch` epochs and `step` steps of the next one: it predicts and explains
        itself as any other. Raises what `Recording.reach` raises."""
        then = copy.copy(self.model)
        then.parameters_ = self.fitted.at(epoch, step).parameters
        return then


def replay(
    model: MLPClassifier | MLPRegressor,
    X: Any,
    y: Any = None,
    *,
    sample_weight: Any = None,
    initial: Parameters | None = None,
    record: Record | bool = True,
    tolerance: float = 0.0,
) -> Replay:
    """Train a fitted estimator again, with a recording, on what its `fit` was given: `X`, `y`, and `sample_weight` and
    `initial` where it had them.

    A model that `climb` or `pellucid train` has made knows its table: `X` is the whole table, or its path, with the
    target and without `y`, and its sealed rows are left out. `tolerance` is by how much a parameter may differ from the
    model's, relative to the largest one: 0, the bits, unless it was trained on another machine or with other versions.

    Raises `InputError` where the parameters do not come out, which means other rows, and for a model that `partial_fit`
    has trained on, which has no one plan.
    """
    if not isinstance(model, (MLPClassifier, MLPRegressor)) or not hasattr(model, "parameters_"):
        raise InputError(
            f"replay takes a fitted MLPClassifier or MLPRegressor, got {type(model).__name__}; "
            "a model file is opened with pellucid.load(path), and fit_network(…, record=True) records itself"
        )
    if record is False:
        raise SpecError("replay is there to record; leave record at True, or give Record(weights_every=…)")
    if len(model.history_) > model.training_.epochs:
        raise InputError(
            f"this model was trained on by partial_fit, {counted(len(model.history_), 'epoch')} where its plan has "
            f"{model.training_.epochs}, so that no one training gives it again"
        )
    examples, numbers = _training_examples(model, X, y, sample_weight)
    training, held = _split(model, len(examples), examples)
    dtype = model.training_.dtype
    rows, targets, weights = model._arrays(examples.take(training), dtype)
    fitted = fit_network(
        rows,
        targets,
        model.network_,
        model.training_,
        validation=None if held is None else model._arrays(examples.take(held), dtype),
        initial=initial,
        sample_weight=weights,
        record=record,
        engine=model.history_.engine,
    )
    difference = _difference(model, fitted, tolerance)
    return Replay(model, fitted, model.preparation_.names, numbers[training], difference)


def _training_examples(
    model: MLPClassifier | MLPRegressor, X: Any, y: Any, sample_weight: Any
) -> tuple[Examples, np.ndarray]:
    """(examples, their row numbers in X)."""
    rows: Any = None
    if y is None:
        X, y, rows = _own_table(model, X)
    examples = checked_examples(model, X, y, sample_weight, reset=False, numeric=isinstance(model, MLPRegressor))
    numbers = np.arange(len(examples)) if rows is None else rows
    if sample_weight is not None:
        numbers = np.flatnonzero(checked_weights(sample_weight, len(np.asarray(y))))
    return examples, numbers


def _own_table(model: Any, source: Any) -> tuple[Table, Any, np.ndarray]:
    """(inputs, answers, row numbers) of the rows of its table that a model of `climb` was trained on."""
    card = card_of(model)
    if card is None:
        raise InputError("this model knows no table; pass y, the answers that its fit was given")
    table = read(source, kinds=card.kinds)
    if table.fingerprint() != card.fingerprint:
        raise InputError(
            f"this is not the table that the model was trained on, {card.source} with {card.rows:,} rows; its numbers "
            "can come out from those rows only"
        )
    truth, known = truth_of(table[card.target], labels_of(model))
    learned = np.flatnonzero(known & ~sealed_mask(card))
    return table.take(learned).drop([card.target]), truth.own_targets[~sealed_mask(card)[known]], learned


def _split(model: MLPClassifier | MLPRegressor, count: int, examples: Examples) -> tuple[np.ndarray, np.ndarray | None]:
    """(rows trained on, rows held out for early stopping or None), as `fit` splits them."""
    stopping = early_stopping_of(model.early_stopping)
    if model.training_.patience is None or stopping is None:
        return np.arange(count), None
    split = hold_out(count, model._strata(examples), stopping.fraction, model.training_.seed)
    return split.training, split.held_out


def _difference(model: MLPClassifier | MLPRegressor, fitted: FittedNetwork, tolerance: float) -> float:
    assert fitted.recording is not None
    kept = model.history_.kept_epoch
    reached = fitted.recording.reach(min(kept, fitted.recording.last)).parameters
    largest = max(float(np.abs(value).max(initial=0)) for value in model.parameters_.values())
    off = max(float(np.abs(reached[name] - value).max(initial=0)) for name, value in model.parameters_.items())
    if not off <= tolerance * largest:
        raise InputError(
            f"the training did not come out: a parameter differs by {off / largest:.1e} of the largest one. These are "
            "other rows, another order of them, other weights or another start than the fit had; or it ran on another "
            "machine or with other versions, then tolerance=1e-3 lets small differences pass"
        )
    return off
