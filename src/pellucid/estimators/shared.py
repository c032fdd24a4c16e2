"""One preparation for many networks: rows are checked and prepared once, then trained from as often as asked."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from ..records import plain
from ..spec import NetworkSpec
from .choices import early_stopping_of
from .classifier import MLPClassifier
from .fitting import OnEpochs, PreparedRows
from .inputs import as_table
from .regressor import MLPRegressor

Estimator = MLPClassifier | MLPRegressor


def shares_with(estimator: Estimator, seed: int) -> tuple[Any, ...]:
    """What two estimators must have in common to be trained from the same prepared rows.

    The seed is part of it where early stopping holds rows out, for then it chooses the rows.
    """
    stopping = early_stopping_of(estimator.early_stopping)
    own = estimator.class_weight if isinstance(estimator, MLPClassifier) else estimator.target_transform
    held_out = None if stopping is None else (stopping.fraction, seed)
    return type(estimator), repr(estimator.preparation), repr(own), held_out


class SharedRows:
    """Training rows, prepared as `estimator` with the seed `seed` would prepare them.

    `train` fits any estimator that shares them (see `shares_with`), `predict` answers for a design matrix that `matrix`
    has made of other rows. Both may be called from several threads.
    """

    def __init__(self, estimator: Estimator, X: Any, y: Any, seed: int) -> None:
        self._lead = copy.copy(estimator)
        examples = self._lead._examples(X, y, None)
        self._rows = self._lead._prepare(examples, seed)
        self._learned = {name: value for name, value in self._lead.__dict__.items() if name.endswith("_")}

    def matrix(self, X: Any) -> np.ndarray:
        """The design matrix (rows, inputs) of other rows, in the training dtype."""
        return self._lead.preparation_.transform(as_table(self._lead, X, reset=False)[0], self._rows.plan.dtype)

    def network(self, estimator: Estimator) -> NetworkSpec:
        """The network that `estimator` would train on these rows."""
        model = copy.copy(estimator)
        model.__dict__.update(self._learned)
        return model._network(self._rows.X.shape[1])

    def train(
        self, estimator: Estimator, seed: int, on_epochs: OnEpochs | None = None, deadline: float | None = None
    ) -> Estimator:
        """A fitted copy of `estimator` with the seed `seed`, ended at `deadline` (`time.perf_counter` seconds).

        Raises `NonFiniteError` when the training diverges.
        """
        model = copy.copy(estimator)
        model.__dict__.update(self._learned)
        model.random_state = seed
        rows = self._rows
        stopping = early_stopping_of(model.early_stopping)
        plan = model._plan(len(rows.X), rows.plan.dtype, seed, plain(model.epochs), stopping)
        model._train(PreparedRows(plan, rows.X, rows.Y, rows.weights, rows.validation), None, on_epochs, deadline)
        return model

    def predict(self, model: Estimator, matrix: np.ndarray) -> np.ndarray:
        """Probabilities (rows, classes), or numbers (rows,) in the target's own units."""
        scores = model._matrix_scores(matrix)
        return model._probability(scores) if isinstance(model, MLPClassifier) else model.target_.decode(scores)
