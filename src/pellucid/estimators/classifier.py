"""`MLPClassifier`: binary, multi-class and multi-label, on arrays and tables."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets

from ..engines.contract import Parameters
from ..errors import InputError, ShapeError, SpecError
from ..nn.losses import get_loss, predict_from
from .fitting import NetworkEstimator
from .inputs import as_table
from .targets import checked_weights, class_labels, target_array


class MLPClassifier(ClassifierMixin, NetworkEstimator):
    """A neural network that tells classes apart.

    Parameters
    ----------
    hidden_layer_sizes : units of the hidden layers, input side first; () is logistic regression.
    activation : of the hidden layers, a name in `pellucid.nn.ACTIVATIONS`, or one for each layer.
    dropout : share of hidden units left out in each training step, one number or one a layer.
    loss : "auto" is binary cross-entropy on logits for two classes and for several labels at once, softmax
        cross-entropy for more classes; or a name or `Loss` of `pellucid.nn`.
    optimizer : "sgd", "rmsprop", "adam", "adamw", "lbfgs", or an object such as `Adam(beta_2=0.95, clip_norm=1.0)`.
    learning_rate : "auto" is 0.001 for the Adam family and RMSprop, 0.05 for SGD.
    weight_decay : strength of the L2 penalty on weights (decoupled for AdamW, as in PyTorch).
    epochs : passes over the training rows, at most.
    batch_size : rows a step; "auto" is all rows up to 64, else rows/64 as a power of two from 32 to 256; None is all.
    early_stopping : False, True, or `EarlyStopping(patience, min_delta, fraction)`: holds rows out and keeps the best
        epoch.
    class_weight : None, "balanced", or a dict from label to weight; multiplies the sample weights.
    preparation : "auto" (see `pellucid.preprocessing`), None to leave numbers as they are, or a `PreparationSpec`.
    engine : "auto" or the name of an engine.
    random_state : seed of the hold-out, the initial weights, the order of rows and dropout.

    Attributes after fit
    --------------------
    classes_, multilabel_, parameters_ (named and shaped like PyTorch's Linear), history_, preparation_, network_,
    training_, and, read only, scikit-learn's coefs_, intercepts_, loss_curve_, n_iter_, out_activation_.
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
        class_weight: Any = None,
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
        self.class_weight = class_weight
        self.preparation = preparation
        self.engine = engine
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, initial: Parameters | None = None) -> MLPClassifier:
        """Train on X (rows, columns) or a table and y: labels (rows,), or 0/1 columns (rows, labels) for multi-label.

        `sample_weight` (rows,) weighs the rows, 0 leaves a row out. `initial` gives the starting parameters.
        """
        table, dtype = as_table(self, X, reset=True)
        truth = target_array(y, len(table))
        check_classification_targets(truth)
        table, truth, weights = checked_weights(table, truth, sample_weight)
        self._set_labels(class_labels(truth), truth.ndim == 2)
        if self.class_weight is not None:
            by_class = compute_sample_weight(self.class_weight, truth)
            weights = by_class if weights is None else weights * by_class
        self.preparation_ = self._prepare(table, table.source == "array", weights)
        matrix = self.preparation_.transform(table, np.dtype(dtype))
        targets, strata = self._encode(truth, dtype)
        self._fit_prepared(matrix, targets, self._outputs(), self._loss(), weights, strata, initial)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> MLPClassifier:
        """One more epoch on these rows. The first call fits the preparation and needs `classes` when y lacks some."""
        first = not hasattr(self, "parameters_")
        table, dtype = as_table(self, X, reset=first)
        truth = target_array(y, len(table))
        table, truth, weights = checked_weights(table, truth, sample_weight)
        if first:
            known = class_labels(truth) if classes is None else np.unique(np.asarray(classes))
            self._set_labels(known, truth.ndim == 2)
            self.preparation_ = self._prepare(table, table.source == "array", weights)
        else:
            dtype = self.training_.dtype
        unknown = np.setdiff1d(truth, self.classes_) if truth.ndim == 1 else np.array([])
        if len(unknown):
            raise InputError(f"y holds the label {unknown[0]!r}, which classes did not name at the first partial_fit")
        matrix = self.preparation_.transform(table, np.dtype(dtype))
        targets, _ = self._encode(truth, dtype)
        start = None if first else self._snapshot
        self._fit_prepared(matrix, targets, self._outputs(), self._loss(), weights, None, start, epochs=1)
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities (rows, classes), columns as `classes_`; for multi-label (rows, labels), each label's own."""
        probability = predict_from(self.training_.the_loss, self._scores(X).astype(np.float64))
        if self.multilabel_ or probability.shape[1] > 1:
            return probability
        return np.hstack([1 - probability, probability])

    def decision_function(self, X: Any) -> np.ndarray:
        """Logits: (rows,) of the second class when there are two, else (rows, classes)."""
        scores = self._scores(X)
        return scores[:, 0] if scores.shape[1] == 1 and not self.multilabel_ else scores

    def predict(self, X: Any) -> np.ndarray:
        """Labels (rows,): the most probable class, with two classes the second from P ≥ 0.5 on; multi-label 0/1."""
        return self.labels_of(self.predict_proba(X))

    def labels_of(self, probability: np.ndarray) -> np.ndarray:
        """The labels (rows,) that `predict` gives for what `predict_proba` gave."""
        if self.multilabel_:
            return (probability >= 0.5).astype(int)
        if len(self.classes_) == 2:
            return self.classes_[(probability[:, 1] >= 0.5).astype(int)]
        return self.classes_[probability.argmax(axis=1)]

    def _set_labels(self, labels: np.ndarray, multilabel: bool) -> None:
        if not multilabel and len(labels) < 2:
            raise InputError(f"y holds only one class, {labels[0]!r}; a classifier needs rows of at least two classes")
        self.classes_ = labels
        self.multilabel_ = multilabel

    def _outputs(self) -> int:
        return len(self.classes_) if self.multilabel_ or len(self.classes_) > 2 else 1

    def _loss(self) -> Any:
        """ "auto" by the number of outputs; any other loss must have the link that those outputs need."""
        several = not self.multilabel_ and len(self.classes_) > 2
        if isinstance(self.loss, str) and self.loss == "auto":
            return "softmax_cross_entropy" if several else "bce"
        loss = get_loss(self.loss)
        if loss.link != ("softmax" if several else "sigmoid"):
            raise SpecError(
                f"the loss {loss.name} has the link {loss.link}, but {len(self.classes_)} classes need "
                f"{'softmax' if several else 'sigmoid'}"
            )
        return loss

    def _encode(self, truth: np.ndarray, dtype: str) -> tuple[np.ndarray, np.ndarray | None]:
        """(targets for the loss, class codes for stratifying)."""
        if self.multilabel_:
            if truth.ndim != 2 or truth.shape[1] != len(self.classes_):
                raise ShapeError(f"y must be (rows, {len(self.classes_)}) of 0 and 1, got {truth.shape}")
            return truth.astype(dtype), None
        codes = np.searchsorted(self.classes_, truth)
        if len(self.classes_) > 2:
            return codes, codes
        return codes.astype(dtype)[:, None], codes
