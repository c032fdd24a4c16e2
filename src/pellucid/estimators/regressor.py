"""`MLPRegressor`: one or several numbers, on arrays and tables."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score

from ..engines.contract import Parameters
from ..errors import ShapeError, SpecError
from ..nn.losses import Loss, get_loss
from ..preprocessing.target import NumberTarget, fit_number_target
from .examples import Examples, checked_examples, checked_truth
from .fitting import NetworkEstimator
from .prediction_intervals import PredictionIntervals, the_intervals


class MLPRegressor(RegressorMixin, NetworkEstimator):
    """A neural network that predicts numbers.

    Parameters as `MLPClassifier`, but for

    loss : "auto" is the mean squared error; or "mae", "huber", or a `Loss` of `pellucid.nn` with the identity link.
    target_transform : "standardize" trains on (y - mean) / standard deviation of the training rows and predicts in
        y's own units; "log1p_standardize" does so with log(1 + y); "none" leaves y as it is.

    Attributes after fit as `MLPClassifier`, with `target_` (the target's transform) instead of classes_, and
    `intervals_`, which `climb` sets, and you may, instead of decision_.
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
    intervals_: PredictionIntervals | None = None

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        initial: Parameters | None = None,
        max_seconds: float | None = None,
    ) -> Self:
        """Train on X (rows, columns) or a table and y (rows,) or (rows, outputs).

        `sample_weight` (rows,) weighs the rows, 0 leaves a row out. `initial` gives the starting parameters.
        `max_seconds` ends the training after that time, with the best epoch so far. Raises
        `InputError` for fewer than two rows and what does not fit together.
        """
        return self._fit(self._examples(X, y, sample_weight), initial, max_seconds)

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """One more epoch on these rows, going on from the parameters and the optimizer's state.

        The first call learns the preparation and the target's transform from its rows. Schedules and early stopping do
        not apply.
        """
        first = not hasattr(self, "parameters_")
        return self._fit_one_epoch(checked_examples(self, X, y, sample_weight, reset=first, numeric=True))

    def predict(self, X: Any) -> np.ndarray:
        """Predictions in y's units: (rows,), or (rows, outputs) when y had several columns."""
        scores = self._scores(X)
        return self.target_.decode(scores)

    def predict_interval(self, X: Any, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """(low, high), each as `predict` gives them: where the share `level` of new rows is expected.

        Raises `InputError` when `intervals_` holds no intervals of that level.
        """
        low, high = the_intervals(self.intervals_).around(self.predict(X), level)
        return low, high

    def _examples(self, X: Any, y: Any, sample_weight: Any) -> Examples:
        return checked_examples(self, X, y, sample_weight, reset=True, numeric=True)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """R², the share of the variance of y that is explained; of several numbers, the mean of theirs.

        Raises `InputError` and `ShapeError` for targets and weights that do not fit.
        """
        predicted = self.predict(X)
        truth, weights = checked_truth(y, sample_weight, len(predicted), numeric=True)
        if truth.shape != predicted.shape:
            raise ShapeError(f"y must be of the shape of the predictions, {predicted.shape}, got {truth.shape}")
        return float(r2_score(truth, predicted, sample_weight=weights))

    def _learn_target(self, examples: Examples) -> None:
        self.target_ = fit_number_target(
            examples.truth, name="y", transform=self.target_transform, weights=examples.weights
        )

    def _encode(self, truth: np.ndarray, dtype: str) -> np.ndarray:
        return self.target_.encode(truth).astype(dtype)

    def _loss_and_outputs(self) -> tuple[str | Loss, int]:
        """ "auto" is mse; any other loss must leave outputs as they are."""
        outputs = len(self.target_.center)
        if isinstance(self.loss, str) and self.loss == "auto":
            return "mse", outputs
        loss = get_loss(self.loss)
        if loss.link != "identity":
            raise SpecError(f"the loss {loss.name} has the link {loss.link}; numbers need one with the identity link")
        return loss, outputs
