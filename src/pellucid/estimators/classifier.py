"""`MLPClassifier`: binary, multi-class and multi-label, on arrays and tables."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets

from ..engines.contract import Parameters
from ..errors import InputError, ShapeError, SpecError, nearest
from ..nn.losses import Loss, get_loss
from .answers import decided, probabilities
from .decision import AS_IS, Decision
from .examples import Examples, checked_examples, checked_truth
from .fitting import NetworkEstimator
from .targets import class_labels, label_weights


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
    weight_decay : strength of the L2 penalty on weights; for AdamW the decoupled decay, where 0 leaves the
        optimizer's own, 0.01 by name.
    epochs : passes over the training rows, at most.
    batch_size : rows a step; "auto" is all rows up to 64, else rows/64 as a power of two from 32 to 256; None is all.
    early_stopping : False, True, or `EarlyStopping(patience, min_delta, fraction)`: holds rows out and keeps the best
        epoch.
    class_weight : None, "balanced", or a dict from label to weight; multiplies the sample weights.
    preparation : "auto" (see `pellucid.preprocessing`), None to leave numbers as they are, or a `PreparationSpec`.
    engine : "auto", "compiled", "reference" or "torch" (with a device: "torch:cuda:1").
    random_state : seed of the hold-out, the initial weights, the order of rows and dropout.

    Attributes
    ----------
    classes_, multilabel_, label_weights_ (classes,) or None, parameters_ (named and shaped like PyTorch's Linear),
    history_, preparation_, network_, training_, and, read only, scikit-learn's coefs_, intercepts_, loss_curve_,
    n_iter_, out_activation_. decision_ holds calibration, threshold and unsure band; `climb` sets it,
    and you may.
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

    classes_: np.ndarray
    multilabel_: bool
    label_weights_: np.ndarray | None = None
    decision_: Decision = AS_IS

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
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
        """Train on X (rows, columns) or a table and y: labels (rows,), or 0/1 columns (rows, labels) for multi-label.

        `sample_weight` (rows,) weighs the rows, 0 leaves a row out. `initial` gives the starting parameters.
        `max_seconds` ends the training after that time, with the best epoch so far. Raises
        `InputError` for fewer than two rows or classes and what does not fit together.
        """
        return self._fit(self._examples(X, y, sample_weight), initial, max_seconds)

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """One more epoch on these rows, going on from the parameters and the optimizer's state.

        The first call learns the preparation from its rows and needs `classes` when y lacks some. Schedules and early
        stopping do not apply. Raises `InputError` for a label that was not named then.
        """
        first = not hasattr(self, "parameters_")
        examples = checked_examples(self, X, y, sample_weight, reset=first)
        if first:
            if isinstance(self.class_weight, str):
                raise SpecError('class_weight="balanced" needs all rows at once; give a dict to use partial_fit')
            self._set_labels(examples.truth, classes)
        elif classes is not None and not np.array_equal(np.unique(np.asarray(classes)), np.sort(self.classes_)):
            raise InputError(f"classes must stay what they were at the first partial_fit, {self.classes_.tolist()}")
        return self._fit_one_epoch(examples)

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities (rows, classes), columns as `classes_`; for multi-label (rows, labels), each label's own.

        They are calibrated where `decision_` has a calibration.
        """
        return self._probability(self._scores(X))

    def _probability(self, scores: np.ndarray) -> np.ndarray:
        """Probabilities (rows, classes) from raw outputs (rows, outputs)."""
        return self.decision_.calibrated(probabilities(self.training_.the_loss, scores, self.multilabel_))

    def decision_function(self, X: Any) -> np.ndarray:
        """Logits before any calibration: (rows,) of the second class when there are two, else (rows, classes)."""
        scores = self._scores(X)
        return scores[:, 0] if scores.shape[1] == 1 and not self.multilabel_ else scores

    def predict(self, X: Any) -> np.ndarray:
        """Labels (rows,): the most probable class, or where `decision_` has costs the one that costs least; with two
        classes the second from the threshold on, 0.5 unless `decision_` has another; multi-label 0/1."""
        probability = self.predict_proba(X)
        return decided(self.classes_, probability, self.multilabel_, self.decision_)

    def is_unsure(self, X: Any) -> np.ndarray:
        """Which rows fall into the unsure band of `decision_`, bool (rows,); none where there is no band."""
        return self.decision_.is_unsure(self.predict_proba(X))

    def _examples(self, X: Any, y: Any, sample_weight: Any) -> Examples:
        examples = checked_examples(self, X, y, sample_weight, reset=True)
        self._set_labels(examples.truth)
        return examples

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The share of rows (by weight) whose label is predicted; of several labels at once, all of them.

        Raises `InputError` and `ShapeError` for labels and weights that do not fit.
        """
        predicted = self.predict(X)
        truth, weights = checked_truth(y, sample_weight, len(predicted))
        if truth.shape != predicted.shape:
            raise ShapeError(f"y must be of the shape of the predictions, {predicted.shape}, got {truth.shape}")
        if (truth.dtype.kind in "US") != (predicted.dtype.kind in "US"):
            raise InputError(
                f"y holds labels such as {truth.ravel().tolist()[0]!r}, training had {self.classes_.tolist()[0]!r}"
            )
        hits = (truth == predicted).reshape(len(predicted), -1).all(axis=1)
        return float(np.average(hits, weights=weights))

    def _set_labels(self, truth: np.ndarray, classes: Any = None) -> None:
        with np.errstate(invalid="ignore"):  # whole numbers too large for int64 are told apart from others all the same
            whole = (
                truth.dtype.kind == "f"
                and (np.abs(truth) < np.float64(2**53)).all()
                and (truth == np.floor(truth)).all()
            )
            if truth.ndim != 1 or not (whole or truth.dtype.kind in "biuU"):
                check_classification_targets(truth)
        multilabel = truth.ndim == 2
        labels = class_labels(truth) if classes is None else np.unique(np.asarray(classes))
        if not multilabel and len(labels) < 2:
            raise InputError(
                f"y holds only one class, {labels.tolist()[0]!r}; a classifier needs rows of at least two classes"
            )
        self.classes_, self.multilabel_ = labels, multilabel

    def _learn_target(self, examples: Examples) -> None:
        """What rows of each label weigh; the labels themselves are known from all rows."""
        self.label_weights_ = None
        if self.class_weight is None:
            return
        if self.multilabel_:
            raise SpecError("class_weight is for one label a row; for several labels at once use sample_weight")
        codes = self._codes(examples.truth)
        self.label_weights_ = label_weights(self.class_weight, self.classes_, codes, examples.weights)

    def _several(self) -> bool:
        """More than two classes that exclude each other."""
        return not self.multilabel_ and len(self.classes_) > 2

    def _loss_and_outputs(self) -> tuple[str | Loss, int]:
        """ "auto" by the number of outputs; any other loss must have the link that those outputs need."""
        several = self._several()
        outputs = len(self.classes_) if several or self.multilabel_ else 1
        if isinstance(self.loss, str) and self.loss == "auto":
            return "softmax_cross_entropy" if several else "bce", outputs
        loss = get_loss(self.loss)
        needed = "softmax" if several else "sigmoid"
        if loss.link != needed:
            what = "labels" if self.multilabel_ else "classes"
            raise SpecError(
                f"the loss {loss.name} has the link {loss.link}, but {len(self.classes_)} {what} need {needed}"
            )
        return loss, outputs

    def _codes(self, truth: np.ndarray) -> np.ndarray:
        """The place of each row's label in `classes_` (rows,)."""
        order = np.argsort(self.classes_)  # those of `climb` have no before yes
        places = np.searchsorted(self.classes_, truth, sorter=order)
        codes = order[np.minimum(places, len(order) - 1)]
        unknown = self.classes_[codes] != truth
        if unknown.any():
            label = np.unique(truth[unknown]).tolist()[0]
            raise InputError(f"y holds the unknown label {label!r}{nearest(str(label), self.classes_.tolist())}")
        return codes

    def _encode(self, truth: np.ndarray, dtype: str) -> np.ndarray:
        if self.multilabel_:
            if truth.ndim != 2 or truth.shape[1] != len(self.classes_) or not np.isin(truth, (0, 1)).all():
                raise ShapeError(
                    f"y for several labels at once must be (rows, {len(self.classes_)}) of 0 and 1, got {truth.dtype} "
                    f"of shape {truth.shape}; for several multi-class columns train one model a column"
                )
            return truth.astype(dtype)
        if truth.ndim != 1:
            raise ShapeError(f"y must be one label a row, as at the first fit, got shape {truth.shape}")
        codes = self._codes(truth)
        return codes if self._several() else codes.astype(dtype)[:, None]

    def _strata(self, examples: Examples) -> np.ndarray | None:
        return None if self.multilabel_ else self._codes(examples.truth)

    def _weights(self, examples: Examples) -> np.ndarray | None:
        if self.label_weights_ is None:
            return examples.weights
        by_label = self.label_weights_[self._codes(examples.truth)]
        return by_label if examples.weights is None else by_label * examples.weights
