"""Level 2 of pellucid: any network on plain arrays."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..engines.choose import choose_engine
from ..engines.contract import Engine, EpochRecord, Parameters, Snapshot, State, TrainingData
from ..errors import ShapeError, SpecError, TrainingError
from ..nn.activations import Activation
from ..nn.initializers import auto_initializer, initialize
from ..nn.losses import predict_from
from ..nn.optimizers import LBFGS
from ..nn.schedules import get_schedule
from ..records import Finding
from ..spec import NetworkSpec, TrainingSpec, parameter_shapes
from .batches import given, shuffled, steps_per_epoch
from .diagnosis import check_before, diagnose, non_finite_finding
from .history import History
from .loop import train_in_stretches
from .numeric import as_training_data
from .once import OncePerCode
from .randomness import stream
from .recording import Record, Recording, checked_record

logger = logging.getLogger("pellucid")
logger.addFilter(OncePerCode())


@dataclass(frozen=True, eq=False)
class FittedNetwork:
    """A trained network: its parameters, its history, its recording (None unless asked for).

    `snapshot` is the state after the last epoch, from which `fit_network(initial=snapshot)` goes on.
    """

    parameters: Parameters
    history: History
    recording: Recording | None
    network: NetworkSpec
    training: TrainingSpec
    snapshot: Snapshot
    engine: Engine

    def __repr__(self) -> str:
        return f"FittedNetwork({self.network}, {self.history!r})"

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Raw outputs (rows, outputs) of the last layer for X (rows, inputs)."""
        X = np.ascontiguousarray(X, dtype=self.training.dtype)
        if X.ndim != 2 or X.shape[1] != self.network.inputs:
            raise ShapeError(f"X must be (rows, {self.network.inputs}), got {X.shape}")
        return self.engine.scores(self.network, self.parameters, X)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Predictions (rows, outputs): the loss's link (identity, sigmoid or softmax) applied to the scores."""
        return predict_from(self.training.the_loss, self.scores(X))


class NonFiniteError(TrainingError):
    """Training met a number that is not finite. `history` holds the epochs until then, `finding` the diagnosis."""

    def __init__(self, message: str, history: History, finding: Finding) -> None:
        super().__init__(message)
        self.history = history
        self.finding = finding


def fit_network(
    X: Any,
    y: Any,
    network: NetworkSpec,
    training: TrainingSpec,
    *,
    validation: tuple[Any, ...] | None = None,
    initial: Parameters | Snapshot | None = None,
    order: Any = None,
    sample_weight: Any = None,
    record: Record | bool | None = None,
    engine: str = "auto",
    max_seconds: float | None = None,
    on_epochs: Callable[[list[EpochRecord]], None] | None = None,
) -> FittedNetwork:
    """Train `network` on `X` (rows, inputs) and `y` by the plan `training`.

    `y` is (rows, outputs), or (rows,) for one output, or (rows,) class codes 0 … outputs-1 for softmax cross-entropy.
    `validation` is (X, y) or (X, y, weights). `initial` gives the start: a dict of arrays named and shaped like
    PyTorch's Linear (`layers.0.weight` (outputs, inputs), `layers.0.bias` (outputs,)), or a `Snapshot` to go on from.
    `order` (epochs, rows visited) gives the row numbers of every epoch. `sample_weight` (rows,) weighs the rows of the
    loss. `record` keeps past weights, True those of every epoch. `on_epochs` is called with every finished stretch, for
    progress.

    Ctrl-C and `max_seconds` end the training and keep the best parameters so far.

    Raises `ShapeError` and `SpecError` for input that does not fit, `NonFiniteError` when a loss or a parameter
    stops being a finite number.
    """
    check_before(network, training)
    record = checked_record(record)
    data = as_training_data(X, y, network, training, sample_weight, validation)
    start = starting_point(network, training, initial)
    rows = len(data.X)
    source = shuffled(rows, training, start.epoch) if order is None else given(order, rows, training.epochs)
    visited = rows if order is None else np.shape(order)[1]
    steps = steps_per_epoch(visited, training)
    rates = get_schedule(training.the_optimizer.schedule).rates(training.learning_rate, training.epochs, steps)
    chosen = choose_engine(engine, network, training)
    state = chosen.start(network, training, data, start)

    recording = None if record is None else Recording(record)
    if recording is not None:
        recording.add(state.snapshot())
    epochs: list[EpochRecord] = []
    interrupted = False
    stretches = train_in_stretches(
        chosen,
        state,
        training,
        source,
        rates.reshape(training.epochs, steps),
        longest=None if record is None else record.weights_every,
        max_seconds=max_seconds,
    )
    try:
        for finished in stretches:
            epochs += finished
            if recording is not None and (state.epoch - start.epoch) % recording.record.weights_every == 0:
                recording.add(state.snapshot())
            if on_epochs is not None:
                on_epochs(finished)
    except KeyboardInterrupt:
        interrupted = True
    if recording is not None:
        recording.add(state.snapshot())
    return _finish(network, training, data, chosen, state, epochs, recording, start, interrupted)


def _finish(
    network: NetworkSpec,
    training: TrainingSpec,
    data: TrainingData,
    engine: Engine,
    state: State,
    epochs: list[EpochRecord],
    recording: Recording | None,
    start: Snapshot,
    interrupted: bool,
) -> FittedNetwork:
    stopped = "interrupted" if interrupted else state.stopped or "finished"
    early = training.patience is not None or stopped in ("interrupted", "time")
    keep_best = early and state.best_epoch > 0
    kept_epoch = state.best_epoch if keep_best else state.epoch
    last = state.snapshot()
    parameters = state.best() if keep_best else last.parameters
    history = History(tuple(epochs), stopped, state.best_epoch, kept_epoch, engine.name)
    if state.failure is not None:
        finding = non_finite_finding(engine, network, training, data, start, state.failure)
        history = replace(history, findings=(finding,))
        raise NonFiniteError(f"{finding.seen}. {finding.remedy}.", history, finding)
    findings = diagnose(engine, network, training, data, parameters, history, start)
    for finding in findings:
        severity = logging.WARNING if finding.severity == "warning" else logging.INFO
        logger.log(severity, "%s", finding, extra={"finding": finding.code})
    history = replace(history, findings=findings)
    return FittedNetwork(parameters, history, recording, network, training, last, engine)


def starting_point(network: NetworkSpec, training: TrainingSpec, initial: Parameters | Snapshot | None) -> Snapshot:
    """The state to start from: the given parameters, checked and copied in the training dtype, or fresh draws."""
    dtype = np.dtype(training.dtype)
    if initial is None:
        return Snapshot(draw_parameters(network, training.seed, dtype))
    snapshot = initial if isinstance(initial, Snapshot) else Snapshot(dict(initial))
    expected = parameter_shapes(network)
    if set(snapshot.parameters) != set(expected):
        raise SpecError(f"initial must hold {', '.join(expected)}; got {', '.join(snapshot.parameters) or 'nothing'}")
    parameters = {}
    for name, shape in expected.items():
        value = np.array(snapshot.parameters[name], dtype=dtype, order="C")
        if value.shape != shape:
            meaning = "(outputs, inputs)" if len(shape) == 2 else "(outputs,)"
            raise ShapeError(f"initial {name} must be {meaning} = {shape}, got {value.shape}")
        if not np.isfinite(value).all():
            raise SpecError(f"initial {name} holds a number that is not finite")
        parameters[name] = value
    memory = optimizer_state(training, parameters, snapshot.optimizer)
    return replace(snapshot, parameters=parameters, optimizer=memory, given=True)


def optimizer_state(
    training: TrainingSpec, parameters: Parameters, given: dict[str, Any] | None
) -> dict[str, Any] | None:
    """The optimizer state of a snapshot in the training dtype; raises `SpecError` when it is another optimizer's."""
    if given is None:
        return None
    optimizer = training.the_optimizer
    if isinstance(optimizer, LBFGS) and given:
        raise SpecError("L-BFGS keeps its memory inside SciPy and cannot go on from a snapshot; pass its parameters")
    own = optimizer.start(parameters)
    if set(own) != set(given):
        raise SpecError(
            f"the snapshot's optimizer state holds {', '.join(given) or 'nothing'}, but {optimizer.name} keeps "
            f"{', '.join(own) or 'nothing'}; go on with the same optimizer, or pass the snapshot's parameters"
        )
    return {
        part: {name: np.array(given[part][name], dtype=training.dtype) for name in start}
        if isinstance(start, dict)
        else given[part]
        for part, start in own.items()
    }


def draw_parameters(network: NetworkSpec, seed: int, dtype: np.dtype[Any]) -> Parameters:
    """Initial parameters from the seed's "initial weights" stream."""
    follows: list[str | Activation] = [*network.activations, "identity"]
    names = [
        auto_initializer(after) if isinstance(choice, str) and choice == "auto" else choice
        for choice, after in zip(network.initializers, follows)
    ]
    return initialize(network.sizes, network.biases, names, stream(seed, "initial weights"), dtype)
