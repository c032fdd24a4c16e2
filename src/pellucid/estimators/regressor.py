"""`MLPRegressor`: one or several numbers, on arrays and tables."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin

from ..engines.contract import Parameters
from ..errors import SpecError
from ..nn.losses import get_loss
from ..preprocessing.target import NumberTarget, fit_number_target
from .fitting import NetworkEstimator
from .inputs import as_table
from .targets import checked_weights, target_array


class MLPRegressor(RegressorMixin, NetworkEstimator):
    """A neural network that predicts numbers.

    Parameters as `MLPClassifier`, but for

    loss : "auto" is the mean squared error; or "mae", "huber", or a `Loss` of `pellucid.nn` with the identity link.
    target_transform : "standardize" trains on (y - mean) / standard deviation of the training rows and predicts in
        y's own units; "log1p_standardize" does so with log(1 + y); "none" leaves y as it is.

    Attributes after fit as `MLPClassifier`, with `target_` (the target's transform) instead of classes_.
    """

    def __init__(
        self,
        hidden_layer_sizes: Any = (64, 64),
        activation: Any = "relu",
        dropout: Any = 0.0,
        loss: Any = "auto",
        optimizer: Any = "adam",
        learning_rate: Any = "auto",
        weight_decay: float = 0.0,
        epochs: int = 100,
        batch_size: Any = "auto",
        early_stopping: Any = False,
        target_transform: str = "standardize",
        preparation: Any = "auto",
        engine: str = "auto",
        random_state: Any = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.dropout = dropout
        self.loss = loss
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.epochs = epochs
        self.batch_size = batch_size
        self.early_stopping = early_stopping
        self.target_transform = target_transform
        self.preparation = preparation
        self.engine = engine
        self.random_state = random_state

    target_: NumberTarget

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, initial: Parameters | None = None) -> MLPRegressor:
        """Train on X (rows, columns) or a table and y (rows,) or (rows, outputs).

        `sample_weight` (rows,) weighs the rows, 0 leaves a row out. `initial` gives the starting parameters.
        """
        table, dtype = as_table(self, X, reset=True)
        truth = target_array(y, len(table), numeric=True)
        table, truth, weights = checked_weights(table, truth, sample_weight)
        self.target_ = self._fit_target(truth, weights)
        self.preparation_ = self._prepare(table, table.source == "array", weights)
        matrix = self.preparation_.transform(table, np.dtype(dtype))
        targets = self._encode(truth, dtype)
        self._fit_prepared(matrix, targets, targets.shape[1], self._loss(), weights, None, initial)
        return self

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> MLPRegressor:
        """One more epoch on these rows. The first call fits the preparation and the target's transform."""
        first = not hasattr(self, "parameters_")
        table, dtype = as_table(self, X, reset=first)
        truth = target_array(y, len(table), numeric=True)
        table, truth, weights = checked_weights(table, truth, sample_weight)
        if first:
            self.target_ = self._fit_target(truth, weights)
            self.preparation_ = self._prepare(table, table.source == "array", weights)
        else:
            dtype = self.training_.dtype
        matrix = self.preparation_.transform(table, np.dtype(dtype))
        targets = self._encode(truth, dtype)
        start = None if first else self._snapshot
        self._fit_prepared(matrix, targets, targets.shape[1], self._loss(), weights, None, start, epochs=1)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Predictions in y's units: (rows,), or (rows, outputs) when y had several columns."""
        return self.target_.decode(self._scores(X))

    def _fit_target(self, truth: np.ndarray, weights: np.ndarray | None) -> NumberTarget:
        return fit_number_target(truth, name="y", transform=self.target_transform, weights=weights)

    def _encode(self, truth: np.ndarray, dtype: str) -> np.ndarray:
        return self.target_.encode(truth).astype(dtype)

    def _loss(self) -> Any:
        """ "auto" is mse; any other loss must leave outputs as they are."""
        if isinstance(self.loss, str) and self.loss == "auto":
            return "mse"
        loss = get_loss(self.loss)
        if loss.link != "identity":
            raise SpecError(f"the loss {loss.name} has the link {loss.link}; numbers need one with the identity link")
        return loss
