"""What both estimators share: from X and encoded targets to a trained network, and back to raw outputs.

`fit` of an estimator is five lines: check X, encode y, prepare, split, `fit_network`. They stand in `fit_prepared`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from ..data.split import Split, random_split, stratified_split
from ..data.table import Table
from ..engines.choose import choose_engine
from ..engines.contract import Parameters, Snapshot
from ..errors import SpecError
from ..nn.losses import Loss
from ..nn.optimizers import Optimizer, get_optimizer
from ..preprocessing.preparation import Preparation, fit_preparation
from ..preprocessing.recipes import NumberRecipe, PreparationSpec
from ..spec import EarlyStopping, NetworkSpec, TrainingSpec
from ..training.fit_network import FittedNetwork, fit_network
from ..training.history import History
from ..training.randomness import stream
from .inputs import as_table

LEARNING_RATES = {"sgd": 0.05, "rmsprop": 0.001, "adam": 0.001, "adamw": 0.001, "lbfgs": 1.0}


class NetworkEstimator(BaseEstimator):
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
    card_: Any

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        tags.non_deterministic = False
        return tags

    @property
    def n_iter_(self) -> int:
        """Epochs that were trained."""
        return self._learned("history_").kept_epoch

    @property
    def loss_curve_(self) -> list[float]:
        """Training loss of every epoch."""
        return self._learned("history_").training_loss.tolist()

    @property
    def loss_(self) -> float:
        """Training loss of the last epoch."""
        return self.loss_curve_[-1]

    @property
    def coefs_(self) -> list[np.ndarray]:
        """Weights per layer as scikit-learn lays them out, (inputs, outputs): the transpose of `parameters_`'."""
        parameters = self._learned("parameters_")
        return [parameters[name].T for name in parameters if name.endswith("weight")]

    @property
    def intercepts_(self) -> list[np.ndarray]:
        """Biases per layer (outputs,)."""
        parameters = self._learned("parameters_")
        return [parameters[name] for name in parameters if name.endswith("bias")]

    @property
    def out_activation_(self) -> str:
        """scikit-learn's name of the link: "identity", "logistic" or "softmax"."""
        link = self._learned("training_").the_loss.link
        return {"sigmoid": "logistic"}.get(link, link)

    def _learned(self, name: str) -> Any:
        if name not in self.__dict__:
            raise AttributeError(f"{type(self).__name__} has no such attribute before fit; call fit first")
        return self.__dict__[name]

    def _seed(self) -> int:
        if isinstance(self.random_state, (int, np.integer)):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))

    def set_snapshot(self, snapshot: Snapshot) -> None:
        """The state from which `partial_fit` goes on."""
        self._snapshot = snapshot

    def _scores(self, X: Any) -> np.ndarray:
        """Raw outputs (rows, outputs) in the training dtype."""
        check_is_fitted(self, "parameters_")
        table, _ = as_table(self, X, reset=False)
        matrix = self.preparation_.transform(table, np.dtype(self.training_.dtype))
        return choose_engine(self.engine, self.network_, self.training_).scores(self.network_, self.parameters_, matrix)

    def _prepare(self, table: Table, is_array: bool, weights: np.ndarray | None) -> Preparation:
        spec = preparation_spec(self.preparation, is_array)
        return fit_preparation(table, spec, weights=weights)

    def _fit_prepared(
        self,
        X: np.ndarray,
        Y: np.ndarray,
        outputs: int,
        loss: str | Loss,
        weights: np.ndarray | None,
        strata: np.ndarray | None,
        initial: Any,
        epochs: int | None = None,
    ) -> FittedNetwork:
        """Train on a design matrix (rows, inputs); `strata` (rows,) are class codes for a stratified hold-out."""
        seed = self._seed()
        stopping = early_stopping_of(self.early_stopping) if epochs is None else None
        training_rows, validation = np.arange(len(X)), None
        if stopping is not None:
            split = hold_out(len(X), strata, stopping.fraction, seed)
            training_rows, held = split.training, split.held_out
            validation = (X[held], Y[held]) if weights is None else (X[held], Y[held], weights[held])
        self.network_ = NetworkSpec(
            inputs=X.shape[1],
            hidden=hidden_sizes(self.hidden_layer_sizes),
            outputs=outputs,
            activation=self.activation,
            dropout=self.dropout,
        )
        optimizer = get_optimizer(self.optimizer)
        decoupled = optimizer.name == "adamw"
        if decoupled and self.weight_decay:
            optimizer = get_optimizer({**optimizer.to_dict(), "weight_decay": self.weight_decay})
        self.training_ = TrainingSpec(
            loss=loss,
            optimizer=optimizer,
            learning_rate=rate_of(self.learning_rate, optimizer),
            epochs=self.epochs if epochs is None else epochs,
            batch_size=None if optimizer.name == "lbfgs" else batch_of(self.batch_size, len(training_rows)),
            l2=0.0 if decoupled else self.weight_decay,
            patience=None if stopping is None else stopping.patience,
            min_delta=0.0 if stopping is None else stopping.min_delta,
            dtype=str(X.dtype),
            seed=seed,
        )
        all_rows = len(training_rows) == len(X)
        fitted = fit_network(
            X if all_rows else X[training_rows],
            Y if all_rows else Y[training_rows],
            self.network_,
            self.training_,
            validation=validation,
            initial=initial,
            sample_weight=None if weights is None else weights[training_rows],
            engine=self.engine,
        )
        self.parameters_ = fitted.parameters
        self.history_ = fitted.history
        self._snapshot = fitted.snapshot
        return fitted


def preparation_spec(preparation: Any, is_array: bool) -> PreparationSpec | None:
    """The recipe behind the estimators' `preparation`.

    "auto": tables get the defaults of `PreparationSpec`; numeric arrays are numbers throughout, so that gaps are filled
    with the median and flagged, and columns standardized, without guessing codes or skew. None: only gaps are filled.
    """
    if isinstance(preparation, PreparationSpec):
        return preparation
    if preparation is None:
        return PreparationSpec(numbers=NumberRecipe(log1p=False, levels=False, scale="none"))
    if preparation != "auto":
        raise SpecError(f'preparation must be "auto", None or a PreparationSpec, got {preparation!r}')
    return PreparationSpec(numbers=NumberRecipe(log1p=False, levels=False)) if is_array else None


def early_stopping_of(value: Any) -> EarlyStopping | None:
    """False or None: no; True: the defaults of `EarlyStopping`; else the object itself."""
    if value is None or value is False:
        return None
    if value is True:
        return EarlyStopping()
    if isinstance(value, EarlyStopping):
        if not 0 < value.fraction < 1:
            raise SpecError(f"EarlyStopping's fraction must lie in (0, 1), got {value.fraction}")
        return value
    raise SpecError(f"early_stopping must be True, False or EarlyStopping(…), got {value!r}")


def hold_out(rows: int, strata: np.ndarray | None, fraction: float, seed: int) -> Split:
    """The rows that early stopping looks at: a stratified share where every class has two rows, else a random one."""
    generator = stream(seed, "early stopping")
    if strata is not None and np.unique(strata, return_counts=True)[1].min() >= 2:
        return stratified_split(strata, fraction, generator)
    return random_split(rows, fraction, generator)


def hidden_sizes(value: Any) -> tuple[int, ...]:
    """A whole number or a sequence of them as a tuple of Python ints; raises `SpecError` otherwise."""
    sizes = value if isinstance(value, (Sequence, np.ndarray)) else (value,)
    if isinstance(sizes, str) or not all(isinstance(s, (int, np.integer)) for s in sizes):
        raise SpecError(f"hidden_layer_sizes must be whole numbers such as (64, 64), got {value!r}")
    return tuple(int(s) for s in sizes)


def rate_of(learning_rate: Any, optimizer: Optimizer) -> float:
    """ "auto": 0.001 for Adam, AdamW and RMSprop, 0.05 for SGD, 1 for L-BFGS (which searches its own step)."""
    if learning_rate == "auto":
        return LEARNING_RATES[optimizer.name]
    if isinstance(learning_rate, str):
        raise SpecError(f'learning_rate must be "auto" or a number, got {learning_rate!r}')
    return float(learning_rate)


def batch_of(batch_size: Any, rows: int) -> int | None:
    """ "auto": all rows up to 64; beyond, a 64th of the rows rounded down to a power of two, from 32 to 256.

    A step then sees enough rows to point somewhere, and an epoch holds enough steps to get there. None: all rows.
    """
    if batch_size is None or (isinstance(batch_size, str) and batch_size == "auto" and rows <= 64):
        return None
    if isinstance(batch_size, str):
        if batch_size != "auto":
            raise SpecError(f'batch_size must be "auto", None or a whole number, got {batch_size!r}')
        return int(np.clip(2 ** int(np.log2(rows / 64)), 32, 256))
    return int(batch_size)
