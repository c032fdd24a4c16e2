"""Level 2 of pellucid: any network on plain arrays."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..engines.choose import choose_engine
from ..engines.contract import Engine, EpochRecord, Parameters, Snapshot, State
from ..errors import InputError, ShapeError, SpecError, TrainingError
from ..nn.activations import Activation
from ..nn.initializers import auto_initializer, initialize
from ..nn.losses import predict_from
from ..nn.optimizers import LBFGS
from ..records import Finding
from ..spec import NetworkSpec, TrainingSpec, parameter_shapes
from .diagnosis import check_before, diagnose, non_finite_finding
from .history import History
from .loop import train_in_stretches
from .numeric import as_training_data
from .once import OncePerCode
from .origin import Origin, origin_of
from .randomness import stream
from .recording import Record, Recording, begin_recording, checked_record, path_of

OnEpochs = Callable[[list[EpochRecord]], None]

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

    def at(self, epoch: int, step: int = 0) -> FittedNetwork:
        """The network as it was after `epoch` epochs and `step` steps of the next one, kept or trained again.

        Raises `SpecError` where there is no recording, naming the way to one, and what `Recording.reach` raises.
        """
        recording = recording_of(self)
        kept = step == 0 and epoch in recording.epochs
        parameters = recording.at(epoch) if kept else recording.reach(epoch, step).parameters
        return replace(self, parameters=parameters)

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Predictions (rows, outputs): the loss's link (identity, sigmoid or softmax) applied to the scores."""
        return predict_from(self.training.the_loss, self.scores(X))


def recording_of(trained: Any) -> Recording:
    """The recording of what has one, a `FittedNetwork` or a `pellucid.replay`, or the recording itself.

    Raises `SpecError` with the way to a recording where there is none, `InputError` for anything else.
    """
    recording = getattr(trained, "recording", trained)
    if isinstance(recording, Recording):
        return recording
    if isinstance(trained, FittedNetwork):
        raise SpecError(
            "this network was trained without a recording, so only its end is known; train it again with "
            "fit_network(…, record=True): the same seed and rows give the same bits"
        )
    kind = type(trained).__name__
    if hasattr(trained, "parameters_"):
        raise SpecError(
            f"this {kind} keeps no past; pellucid.replay(model, X, y), with the rows of its fit, trains it again to "
            "the same bits, with a recording"
        )
    raise InputError(f"expected what fit_network(…, record=True) or pellucid.replay returns, got {kind}")


class NonFiniteError(TrainingError):
    """Training met a number that is not finite. `history` holds the epochs until then, `finding` the diagnosis,
    `recording` the states where they were asked for."""

    def __init__(self, message: str, history: History, finding: Finding, recording: Recording | None = None) -> None:
        super().__init__(message)
        self.history = history
        self.finding = finding
        self.recording = recording


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
    on_epochs: OnEpochs | None = None,
) -> FittedNetwork:
    """Train `network` on `X` (rows, inputs) and `y` by the plan `training`.

    `y` is (rows, outputs), or (rows,) for one output, or (rows,) class codes 0 … outputs-1 for softmax cross-entropy.
    `validation` is (X, y) or (X, y, weights). `initial` gives the start: a dict of arrays named and shaped like
    PyTorch's Linear (`layers.0.weight` (outputs, inputs), `layers.0.bias` (outputs,)), or a `Snapshot` to go on from.
    `order` (epochs, rows visited) gives the row numbers of every epoch. `sample_weight` (rows,) weighs the rows of the
    loss. `record` keeps the past as a `Recording`, True the weights of every epoch. `engine` is "auto", "compiled",
    "reference" or "torch", which needs the extra torch and takes a GPU where there is one ("torch:cpu", "torch:cuda:1"
    name it). `on_epochs` is called with every finished stretch, for progress.

    Ctrl-C and `max_seconds` end the training and keep the best parameters so far.

    Raises `ShapeError` and `SpecError` for input that does not fit, `NonFiniteError` when a loss or a parameter
    stops being a finite number, `MissingExtraError` for engine "torch" without PyTorch.
    """
    check_before(network, training)
    record = checked_record(record)
    data = as_training_data(X, y, network, training, sample_weight, validation)
    start = starting_point(network, training, initial)
    chosen = choose_engine(engine, network, training)
    origin = origin_of(network, training, data, order, chosen, start.epoch)
    return run(origin, start, record, max_seconds=max_seconds, on_epochs=on_epochs)


def run(
    origin: Origin,
    start: Snapshot,
    record: Record | None,
    *,
    inside: int = 0,
    max_seconds: float | None = None,
    on_epochs: OnEpochs | None = None,
) -> FittedNetwork:
    """Train what `origin` describes from `start`, after which `inside` steps of the next epoch are done already; the
    recording begins where that epoch ends. Raises as `fit_network` does."""
    training = origin.training
    state = origin.engine.start(origin.network, training, origin.rows, start)
    epochs: list[EpochRecord] = []
    rest = origin
    if inside:
        epochs += origin.run_steps(state, inside, origin.steps)
        rest = origin.after(1)
    recording = path = None
    if record is not None:
        recording = begin_recording(record, rest, state.snapshot())
        path = path_of(recording)
    stretches = train_in_stretches(
        origin.engine,
        state,
        rest.training,
        rest.source(rest.first),
        rest.rates,
        longest=None if path is None else len(path),
        max_seconds=max_seconds,
        path=path,
    )
    interrupted, done = False, state.epoch
    try:
        for finished in stretches:
            epochs += finished
            if recording is not None:
                recording.keep(state, path, state.epoch - done)
            done = state.epoch
            if on_epochs is not None:
                on_epochs(finished)
    except KeyboardInterrupt:
        interrupted = True
    return _finish(origin, state, epochs, recording, start, interrupted)


def _finish(
    origin: Origin,
    state: State,
    epochs: list[EpochRecord],
    recording: Recording | None,
    start: Snapshot,
    interrupted: bool,
) -> FittedNetwork:
    network, training, data, engine = origin.network, origin.training, origin.rows, origin.engine
    stopped = "interrupted" if interrupted else state.stopped or "finished"
    early = training.patience is not None or stopped in ("interrupted", "time")
    keep_best = early and state.best_epoch > 0
    kept_epoch = state.best_epoch if keep_best else state.epoch
    last = state.snapshot()
    parameters = state.best() if keep_best else last.parameters
    history = History(tuple(epochs), stopped, state.best_epoch, kept_epoch, engine.name)
    if recording is not None:
        recording.keep_end(state, kept_epoch, parameters)
    if state.failure is not None:
        finding = non_finite_finding(engine, network, training, data, start, state.failure)
        history = replace(history, findings=(finding,))
        raise NonFiniteError(f"{finding.seen}. {finding.remedy}.", history, finding, recording)
    findings = diagnose(engine, network, training, data, parameters, history, start)
    thinned = None if recording is None else recording.finding()
    findings = findings if thinned is None else (*findings, thinned)
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
