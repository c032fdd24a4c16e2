"""What both estimators share: from checked rows to a trained network, and back to raw outputs.

`fit` is five steps: check X and y, hold out rows for early stopping, learn labels or scale of y and the preparation
from the remaining rows, make the plan, `fit_network`.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ..data.table import Table
from ..engines.contract import EpochRecord, Parameters, Snapshot
from ..errors import ColumnError, SpecError
from ..nn import network as net
from ..nn.losses import Loss
from ..nn.optimizers import AdamW, Optimizer, get_optimizer
from ..preprocessing.preparation import Preparation, fit_preparation
from ..records import plain
from ..spec import EarlyStopping, NetworkSpec, TrainingSpec
from ..training.fit_network import fit_network
from ..training.history import History
from .attributes import LearnedAttributes
from .choices import (
    batch_of,
    decay_of,
    early_stopping_of,
    hidden_sizes,
    hold_out,
    preparation_spec,
    seconds_of,
    seed_of,
)
from .examples import Examples
from .inputs import ARRAY, checked_rows, is_plain_matrix, table_of
from .scoring import raw_outputs

LEARNING_RATES = {"sgd": 0.05, "rmsprop": 0.001, "adam": 0.001, "adamw": 0.001, "lbfgs": 1.0}


OnEpochs = Callable[[list[EpochRecord]], None]
Arrays = tuple[np.ndarray, np.ndarray, np.ndarray | None]


@dataclass(frozen=True, eq=False)
class PreparedRows:
    """What a fit hands to the network: the plan, design matrix (rows, inputs), targets, weights (rows,), and the same
    three of the rows held out for early stopping."""

    plan: TrainingSpec
    X: np.ndarray
    Y: np.ndarray
    weights: np.ndarray | None
    validation: Arrays | None


class NetworkEstimator(LearnedAttributes, BaseEstimator):
    """A fully connected network behind scikit-learn's estimator contract; see `MLPClassifier`, `MLPRegressor`."""

    hidden_layer_sizes: Any
    activation: Any
    dropout: Any
    loss: Any
    optimizer: Any
    learning_rate: Any
    weight_decay: Any
    epochs: Any
    batch_size: Any
    early_stopping: Any
    preparation: Any
    engine: Any
    random_state: Any

    preparation_: Preparation
    network_: NetworkSpec
    training_: TrainingSpec
    parameters_: Parameters
    history_: History
    n_features_in_: int
    feature_names_in_: np.ndarray
    by_name_: bool
    card_: Any
    _snapshot: Snapshot | None = None

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags

    def set_params(self, **params: Any) -> Self:
        """As scikit-learn's; knobs such as `optimizer__beta_2` also work while `optimizer` is a name."""
        parts: dict[str, Callable[[Any], Any]] = {"optimizer": get_optimizer, "early_stopping": early_stopping_of}
        for part, make in parts.items():
            value = params.get(part, getattr(self, part))
            if isinstance(value, (str, bool)) and any(name.startswith(f"{part}__") for name in params):
                params = {**params, part: make(value)}
        return super().set_params(**params)

    @abstractmethod
    def _examples(self, X: Any, y: Any, sample_weight: Any) -> Examples:
        """The checked rows of a fit; which labels there are is learned from all of them."""

    @abstractmethod
    def _learn_target(self, examples: Examples) -> None:
        """Learn labels or scale of y."""

    @abstractmethod
    def _encode(self, truth: np.ndarray, dtype: str) -> np.ndarray:
        """Targets as the loss takes them."""

    @abstractmethod
    def _loss_and_outputs(self) -> tuple[str | Loss, int]:
        """The loss that is minimized, and how many numbers leave the network."""

    def _strata(self, examples: Examples) -> np.ndarray | None:
        """What a hold-out keeps in proportion (rows,), or None."""
        return None

    def _weights(self, examples: Examples) -> np.ndarray | None:
        """What the rows weigh in the loss (rows,)."""
        return examples.weights

    def set_snapshot(self, snapshot: Snapshot) -> None:
        """The state from which `partial_fit` goes on."""
        self._snapshot = snapshot

    def _fit(self, examples: Examples, initial: Parameters | None, max_seconds: float | None = None) -> Self:
        """Forget what was learned before, and learn from these rows for at most so many seconds."""
        deadline = None if max_seconds is None else time.perf_counter() + seconds_of(max_seconds)
        # A fit that fails must not leave a mixture of two models.
        for name in ("parameters_", "card_", "decision_", "intervals_"):
            self.__dict__.pop(name, None)
        self._train(self._prepare(examples, seed_of(self.random_state)), initial, deadline=deadline)
        return self

    def _prepare(self, examples: Examples, seed: int) -> PreparedRows:
        """Hold rows out where early stopping asks for it; learn the target and the preparation from the others."""
        stopping = early_stopping_of(self.early_stopping)
        training, held = examples, None
        if stopping is not None:
            split = hold_out(len(examples), self._strata(examples), stopping.fraction, seed)
            training, held = examples.take(split.training), examples.take(split.held_out)
        self._learn(training)
        plan = self._plan(len(training), examples.dtype, seed, plain(self.epochs), stopping)
        return self._prepared(training, held, plan)

    def _fit_one_epoch(self, examples: Examples) -> Self:
        """One more epoch, or the first one: no rows are held out, and the learning rate stays constant."""
        for name in ("card_", "decision_", "intervals_"):  # they speak of rows held out from the model as it was
            self.__dict__.pop(name, None)
        first = not hasattr(self, "parameters_")
        if first:
            self._learn(examples)
        dtype = examples.dtype if first else self.training_.dtype
        seed = seed_of(self.random_state) if first else self.training_.seed
        plan = self._plan(len(examples), dtype, seed, 1, None)
        if plan.the_optimizer.schedule is not None:
            plan = replace(plan, optimizer=replace(plan.the_optimizer, schedule=None))
        prepared = self._prepared(examples, None, plan)
        if first:
            self._train(prepared, None)
            return self
        start, before = self._start_of_next_epoch(plan.the_optimizer), self.history_
        self._train(prepared, start)
        epochs = (*before.epochs[: start.epoch], *self.history_.epochs)
        self.history_ = replace(self.history_, epochs=epochs)
        return self

    def _start_of_next_epoch(self, optimizer: Optimizer) -> Snapshot:
        """The parameters that predict now; with the optimizer's state where it belongs to them and to `optimizer`."""
        last, epoch = self._snapshot, self.history_.kept_epoch
        if last is not None and last.epoch == epoch and self.training_.the_optimizer.name == optimizer.name:
            return last
        return Snapshot(self.parameters_, epoch=epoch)

    def _learn(self, training: Examples) -> None:
        """Labels or scale of y and the preparation of X, from training rows only."""
        self._learn_target(training)
        spec = preparation_spec(self.preparation, training.table.source == ARRAY)
        self.preparation_ = fit_preparation(training.table, spec, weights=training.weights)

    def _plan(self, rows: int, dtype: str, seed: int, epochs: int, stopping: EarlyStopping | None) -> TrainingSpec:
        optimizer = get_optimizer(self.optimizer)
        decay = decay_of(self.weight_decay)
        decoupled = isinstance(optimizer, AdamW)
        if isinstance(optimizer, AdamW) and decay:
            optimizer = replace(optimizer, weight_decay=decay)
        return TrainingSpec(
            loss=self._loss_and_outputs()[0],
            optimizer=optimizer,
            learning_rate=rate_of(self.learning_rate, optimizer),
            epochs=epochs,
            batch_size=None if optimizer.name == "lbfgs" else batch_of(self.batch_size, rows),
            l2=0.0 if decoupled else decay,
            patience=None if stopping is None else stopping.patience,
            min_delta=0.0 if stopping is None else stopping.min_delta,
            dtype=dtype,
            seed=seed,
        )

    def _prepared(self, training: Examples, held: Examples | None, plan: TrainingSpec) -> PreparedRows:
        validation = None if held is None else self._arrays(held, plan.dtype)
        return PreparedRows(plan, *self._arrays(training, plan.dtype), validation)

    def _network(self, inputs: int) -> NetworkSpec:
        return NetworkSpec(
            inputs=inputs,
            hidden=hidden_sizes(self.hidden_layer_sizes),
            outputs=self._loss_and_outputs()[1],
            activation=self.activation,
            dropout=plain(self.dropout),
        )

    def _train(
        self,
        rows: PreparedRows,
        initial: Parameters | Snapshot | None,
        on_epochs: OnEpochs | None = None,
        deadline: float | None = None,
    ) -> None:
        network = self._network(rows.X.shape[1])
        fitted = fit_network(
            rows.X,
            rows.Y,
            network,
            rows.plan,
            validation=rows.validation,
            initial=initial,
            sample_weight=rows.weights,
            engine=self.engine,
            on_epochs=on_epochs,
            max_seconds=None if deadline is None else max(deadline - time.perf_counter(), 0.0),
        )
        self.network_, self.training_ = network, rows.plan
        self.parameters_, self.history_, self._snapshot = fitted.parameters, fitted.history, fitted.snapshot

    def _arrays(self, examples: Examples, dtype: str) -> Arrays:
        """Design matrix (rows, inputs), targets and weights (rows,) of the loss."""
        prepare = self.preparation_
        if examples.matrix is not None and prepare.number_matrix is not None:
            names: Any = getattr(self, "feature_names_in_", None)
            X = prepare.transform_matrix(examples.matrix, np.dtype(dtype), names)
        else:
            X = prepare.transform(examples.table, np.dtype(dtype))
        return X, self._encode(examples.truth, dtype), self._weights(examples)

    def _scores(self, X: Any) -> np.ndarray:
        """Raw outputs (rows, outputs) in the training dtype."""
        if "parameters_" in self.__dict__ and is_plain_matrix(self, X) and self.preparation_.number_matrix is not None:
            try:
                return raw_outputs(self.preparation_, self.network_, self.parameters_, X)
            except ColumnError:  # a number beyond ±1e30, which the checks below refuse in the words of an array
                pass
        check_is_fitted(self, "parameters_")
        rows = checked_rows(self, X, reset=False)
        names: Any = getattr(self, "feature_names_in_", None)
        if not isinstance(rows, Table) and self.preparation_.number_matrix is None:
            rows = table_of(self, rows)
        return raw_outputs(self.preparation_, self.network_, self.parameters_, rows, names)

    def _matrix_scores(self, matrix: np.ndarray) -> np.ndarray:
        """Raw outputs (rows, outputs) of a design matrix (rows, inputs)."""
        return net.scores(matrix, self.parameters_, self.network_.activations)


def rate_of(learning_rate: Any, optimizer: Optimizer) -> float:
    """ "auto": 0.001 for Adam, AdamW and RMSprop, 0.05 for SGD, 1 for L-BFGS (which searches its own step)."""
    if learning_rate == "auto":
        return LEARNING_RATES[optimizer.name]
    if isinstance(learning_rate, str):
        raise SpecError(f'learning_rate must be "auto" or a number, got {learning_rate!r}')
    return float(learning_rate)
