"""What a run should tell its owner: the findings of training, each with its statistic and threshold.

Every check is one function that looks at the finished run and returns a `Finding` or None. Healthy runs return none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..engines.contract import Engine, NonFinite, Parameters, Snapshot, TrainingData
from ..errors import SpecError
from ..nn.losses import Loss, loss_forward, predict_from
from ..nn.optimizers import LBFGS
from ..records import Finding, counted
from ..spec import NetworkSpec, TrainingSpec
from .base_rate import base_loss
from .held_out import scaled_with_validation_rows
from .history import History

SCALE_RATIO = 100.0
DEAD_SHARE = 0.25
DEAD_EPOCHS = 3
DIVERGED_RATIO = 10.0
HUGE_OUTPUT = 1e6
ONE_CLASS_SKILL = 0.05
OSCILLATION_WINDOW = 20
OSCILLATION_SHARE = 0.8
PLATEAU = 0.01
MOST_RATES_TRIED = 20
JUDGED_ROWS = 10_000  # outputs of more rows than this are looked at only where a finding hangs on them


@dataclass(frozen=True, eq=False)
class Run:
    """A finished training, as the checks see it.

    `outputs` are raw scores of the judged rows, `truth` their targets: up to 10,000 rows, evenly spaced, or all of them
    where these are all given one class.
    """

    network: NetworkSpec
    training: TrainingSpec
    data: TrainingData
    parameters: Parameters
    history: History
    start: Snapshot
    outputs: np.ndarray
    truth: np.ndarray

    @property
    def loss(self) -> Loss:
        """The loss that was minimized."""
        return self.training.the_loss


def check_before(network: NetworkSpec, training: TrainingSpec) -> None:
    """Raise `SpecError` for plans that no engine can follow."""
    if isinstance(training.the_optimizer, LBFGS):
        if any(network.dropouts):
            raise SpecError("L-BFGS needs the same loss at every look, so dropout must be 0; use Adam with dropout")
        if training.l1:
            raise SpecError("L-BFGS needs a smooth loss, so l1 must be 0; use l2, or Adam with l1")
        if training.batch_size is not None:
            raise SpecError(
                f"L-BFGS takes all rows in every step, so batch_size must be None, got {training.batch_size}"
            )


def diagnose(
    engine: Engine,
    network: NetworkSpec,
    training: TrainingSpec,
    data: TrainingData,
    parameters: Parameters,
    history: History,
    start: Snapshot,
) -> tuple[Finding, ...]:
    """All findings of a run that ended with finite numbers."""
    if not history.epochs:
        return ()
    held_out = data.X_valid is not None and data.Y_valid is not None
    X, truth = (data.X_valid, data.Y_valid) if held_out else (data.X, data.Y)
    assert X is not None
    assert truth is not None
    every = -(-len(X) // JUDGED_ROWS)
    outputs = engine.scores(network, parameters, np.ascontiguousarray(X[::every]))
    run = Run(network, training, data, parameters, history, start, outputs, truth[::every])
    if every > 1 and _one_class(run) is not None:
        run = replace(run, outputs=engine.scores(network, parameters, X), truth=truth)
    found = [scaled_with_validation_rows(data), *(check(run) for check in CHECKS)]
    diverged = _diverged(run)
    if diverged is not None:
        found.append(replace(diverged, remedy=tried_rate(engine, network, training, data, start)))
    return tuple(finding for finding in found if finding is not None)


def non_finite_finding(
    engine: Engine,
    network: NetworkSpec,
    training: TrainingSpec,
    data: TrainingData,
    start: Snapshot,
    failure: NonFinite,
) -> Finding:
    """NON_FINITE: the first loss or parameter that is not finite, and a learning rate that has been tried."""
    layer = "in the loss" if failure.layer < 0 else f"in layer {failure.layer} ({_layer_name(network, failure.layer)})"
    return Finding(
        "NON_FINITE",
        "error",
        f"Training stopped at epoch {failure.epoch}, step {failure.step}: a number {layer} is no longer finite "
        f"(learning rate {training.learning_rate:g})",
        "NaN compares as false, so scores of such a network look like those of the majority class",
        tried_rate(engine, network, training, data, start),
    )


def tried_rate(
    engine: Engine,
    network: NetworkSpec,
    training: TrainingSpec,
    data: TrainingData,
    start: Snapshot,
    epochs: int = 5,
) -> str:
    """Advice that has been tested: the first of rate/4, rate/16, … whose loss is finite and falls in a few epochs."""
    if isinstance(training.the_optimizer, LBFGS):
        return "L-BFGS has no learning rate to lower; look at the scale of X and y, and at the initial parameters"
    rows = len(data.X)
    steps = -(-rows // (training.batch_size or rows))
    order = np.broadcast_to(np.arange(rows), (epochs, rows))
    rate = training.learning_rate
    for _ in range(MOST_RATES_TRIED):
        rate /= 4
        state = engine.start(network, training, data, start)
        records = engine.run(state, order, np.full((epochs, steps), rate))
        losses = [record.training_loss for record in records]
        if state.failure is None and len(losses) > 1 and losses[-1] < losses[0]:
            return (
                f"Try learning_rate={rate:.3g}: tried for {len(losses)} epochs, "
                f"it took the loss from {losses[0]:.4g} to {losses[-1]:.4g}"
            )
    return f"Smaller learning rates down to {rate:.1g} were tried and did not help; look at the scale of X and y"


def _diverged(run: Run) -> Finding | None:
    """DIVERGED: loss above 10 times its start, or outputs above 1e6 times the scale of the targets.

    A run that was handed parameters near the minimum may end at 10 times almost nothing; that is no divergence as long
    as it beats the best constant prediction.
    """
    losses = run.history.training_loss
    largest = float(np.abs(run.outputs).max())
    limit = HUGE_OUTPUT * max(1.0, float(np.abs(run.truth).max()))
    grown = losses[-1] > DIVERGED_RATIO * losses[0] and losses[-1] > _base(run)
    if not grown and largest <= limit:
        return None
    return Finding(
        "DIVERGED",
        "warning",
        f"The training loss went from {losses[0]:.4g} to {losses[-1]:.4g}, and outputs reach {largest:.3g}",
        "The steps overshoot: every step lands higher on the loss surface than it began",
        "",
    )


def _one_class(run: Run) -> Finding | None:
    """ONE_CLASS: every judged row is given the same class although the truth holds several.

    Information only where the loss of these rows is 5 % or more below that of their best constant prediction: then the
    outputs do tell rows apart, and it is the threshold that makes one class of them. The same where the rows are too
    few to tell that they do not.
    """
    return one_class(run.loss, run.outputs, run.truth)


def one_class(loss: Loss, outputs: np.ndarray, truth: np.ndarray) -> Finding | None:
    """ONE_CLASS of raw outputs (rows, outputs) and their targets."""
    prediction = predict_from(loss, outputs)
    if loss.link == "softmax":
        classes, real = prediction.argmax(axis=1), truth if truth.ndim == 1 else truth.argmax(axis=1)
    elif truth.ndim == 2 and truth.shape[1] == 1 and np.isin(truth, (0, 1)).all():
        classes, real = prediction[:, 0] > 0.5, truth[:, 0] > 0.5
    else:
        return None
    if len(np.unique(real)) < 2 or (classes != classes[0]).any():
        return None
    share = float((real == classes[0]).mean())
    value, base = loss_forward(loss, outputs, truth)[0], base_loss(loss, truth, outputs.shape[1], None)
    known = value < (1 - ONE_CLASS_SKILL) * base
    unclear = not known and _may_tell_rows_apart(prediction, real.astype(np.int64))
    return Finding(
        "ONE_CLASS",
        "information" if known or unclear else "warning",
        f"The network predicts only class {int(classes[0])} for all {len(classes)} rows; its accuracy of {share:.4f} "
        "is that class's share" + "; whether its outputs know more, these rows are too few to tell" * unclear,
        "It is no better than naming one class for every row",
        "Train longer, change the learning rate, scale the inputs, or weigh the classes",
    )


def _may_tell_rows_apart(prediction: np.ndarray, real: np.ndarray) -> bool:
    """Whether the log loss may be 5 % below that of the network's own mean prediction: by the upper end of a one-sided
    95 % interval over rows. `prediction` (rows, outputs) are probabilities, `real` (rows,) codes."""
    both = prediction if prediction.shape[1] > 1 else np.column_stack([1 - prediction[:, 0], prediction[:, 0]])
    rows, smallest = np.arange(len(real)), np.finfo(np.float64).tiny
    own, mean = both[rows, real], both.mean(axis=0)[real]
    lead = np.log(np.maximum(own, smallest)) - np.log(np.maximum(mean, smallest))
    shares = np.bincount(real)[real] / len(real)
    error = lead.std(ddof=1) / np.sqrt(len(lead))
    return bool(error > 0 and lead.mean() + 1.645 * error >= -ONE_CLASS_SKILL * np.log(shares).mean())


def _linear_stack(run: Run) -> Finding | None:
    """LINEAR_STACK: two or more layers without an activation between them."""
    names = [activation.name for activation in run.network.activations]
    if "identity" not in names:
        return None
    first = names.index("identity")
    weights = collapse(run.parameters, first)
    shown = ", ".join(f"{w:.4g}" for w in weights.ravel()[:6]) + (", …" if weights.size > 6 else "")
    return Finding(
        "LINEAR_STACK",
        "warning",
        f"Layers {first} and {first + 1} have no activation between them, so they equal one layer of shape "
        f"{weights.shape[0]} × {weights.shape[1]} with the weights {shown}",
        "A product of matrices is one matrix: such depth adds parameters but no new functions",
        'Give the hidden layer an activation such as "relu", or leave it out',
    )


def collapse(parameters: Parameters, layer: int) -> np.ndarray:
    """The one matrix (outputs, inputs) that equals layers `layer` and `layer + 1` without activation between them."""
    product: np.ndarray = parameters[f"layers.{layer + 1}.weight"] @ parameters[f"layers.{layer}.weight"]
    return product


def _dead_units(run: Run) -> Finding | None:
    """DEAD_UNITS: more than a quarter of a relu layer switched on by no training row in each of the last 3 epochs.

    Information only where one unit fewer would not be more than a quarter: small layers lose as many by the luck of
    their first weights, and learn all the same.
    """
    return dead_units(run.history, run.network.hidden)


def dead_units(history: History, layers: Sequence[int]) -> Finding | None:
    """DEAD_UNITS of layers with so many units each."""
    last = history.epochs[-DEAD_EPOCHS:]
    if len(last) < DEAD_EPOCHS or not layers:
        return None
    shares = np.min([record.dead_units for record in last], axis=0)
    worst = int(shares.argmax())
    if shares[worst] <= DEAD_SHARE:
        return None
    units = layers[worst]
    dead = round(shares[worst] * units)
    return Finding(
        "DEAD_UNITS",
        "warning" if dead - 1 > DEAD_SHARE * units else "information",
        f"{dead} of {units} relu units of layer {worst} are 0 on every training row",
        "A relu that is always 0 has gradient 0 and cannot come back",
        "Lower the learning rate, use another initializer, or leaky_relu",
    )


def _exploding_scale(run: Run) -> Finding | None:
    """EXPLODING_SCALE: the largest absolute values of two input columns differ by more than a factor of 100."""
    sizes = np.maximum(run.data.X.max(axis=0), -run.data.X.min(axis=0))
    used = np.flatnonzero(sizes > 0)
    if len(used) < 2:
        return None
    large, small = used[sizes[used].argmax()], used[sizes[used].argmin()]
    if sizes[large] <= SCALE_RATIO * sizes[small]:
        return None
    return Finding(
        "EXPLODING_SCALE",
        "warning",
        f"Input column {large} reaches {sizes[large]:.4g}, column {small} only {sizes[small]:.4g}",
        "The large column dominates every sum and every gradient, whatever it means",
        "Scale the columns first; MLPClassifier and MLPRegressor do, unless told preparation=None",
    )


def _oscillation(run: Run) -> Finding | None:
    """OSCILLATION: the sign of the loss's change alternates in ≥ 80 % of the last 20 epochs without gain.

    With mini-batches the loss is noisy anyway (the signs of pure noise alternate in two thirds of the epochs, and in
    80 % of twenty quite often), so there all signs must alternate, in swings of more than a tenth of the loss.
    """
    batch = run.training.batch_size
    return oscillation(run.history, batch is not None and batch < len(run.data.X))


def oscillation(history: History, noisy: bool) -> Finding | None:
    """OSCILLATION of a run whose losses are `noisy`, since an epoch has several batches."""
    losses = history.training_loss[-OSCILLATION_WINDOW:]
    if len(losses) < OSCILLATION_WINDOW:
        return None
    change = np.diff(losses)
    alternates = float((change[1:] * change[:-1] < 0).mean())
    half = len(losses) // 2
    gained = losses[half:].min() < losses[:half].min() * (1 - 1e-3)
    swing = float(np.abs(change).mean() / max(abs(losses.mean()), 1e-300))
    if alternates < (1 if noisy else OSCILLATION_SHARE) or gained or swing < (0.1 if noisy else 1e-3):
        return None
    return Finding(
        "OSCILLATION",
        "warning",
        f"The training loss swings between {losses.min():.4g} and {losses.max():.4g} without getting better",
        "A constant step jumps back and forth across the minimum; the last epoch is not the best one",
        "Lower the learning rate or let it decay with a schedule",
    )


def _no_progress(run: Run) -> Finding | None:
    """NO_PROGRESS: for at least half of the epochs (10 or more), one after the other, the loss stays within 1 % of the
    best constant prediction's and gains no more than 1 % of it."""
    return no_progress(run.history, lambda: _base(run))


def no_progress(history: History, base_of: Callable[[], float]) -> Finding | None:
    """NO_PROGRESS; `base_of()` gives the loss of the best constant prediction, and is asked only where it matters."""
    losses = history.training_loss
    if len(losses) < 10:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(losses, -(-len(losses) // 2))
    spread, highest = np.ptp(windows, axis=1), windows.max(axis=1)
    if not (spread <= 2.1 * PLATEAU * highest).any():  # the loss moved all the time: no need to know the base
        return None
    base = base_of()
    near = np.abs(losses - base) <= PLATEAU * base
    start, length = _longest_run(near)
    if length < len(losses) / 2 or losses[start] - losses[start : start + length].min() > PLATEAU * base:
        return None
    return Finding(
        "NO_PROGRESS",
        "warning",
        f"For {length} of {len(losses)} epochs the loss stays near {base:.4g}, that of the best constant prediction",
        "The network says the same for every row and finds no way down",
        "Try another learning rate or initializer, check the scale of the inputs, or ask whether the columns know "
        "the target",
    )


def _no_effect(run: Run) -> Finding | None:
    """NO_EFFECT: a setting that was given but changes nothing."""
    said = []
    weights = run.loss.to_dict().get("class_weights")
    if weights is not None and len(set(weights)) == 1:
        said.append(f"all class weights are {weights[0]:g}")
    if run.training.patience is not None and run.data.X_valid is None:
        said.append("patience was given without validation rows, so nothing could stop early")
    if run.data.weights is not None and (run.data.weights == run.data.weights[0]).all():
        said.append(f"all rows weigh {run.data.weights[0]:g} (sample and class weights together)")
    chosen = any(not isinstance(i, str) or i != "auto" for i in run.network.initializers)
    if chosen and run.start.given and run.start.epoch == 0:
        said.append("initial parameters were given, so the initializer was not used")
    if not said:
        return None
    return Finding(
        "NO_EFFECT",
        "information",
        "; ".join(said).capitalize(),
        "The setting changes nothing in this run",
        "Leave it out, or check that it says what was meant",
    )


def same_start(starts: Sequence[Parameters]) -> Finding | None:
    """SAME_START: two restarts of a comparison that begin at identical parameters."""
    seen: dict[bytes, int] = {}
    for number, parameters in enumerate(starts):
        key = b"".join(name.encode() + value.tobytes() for name, value in parameters.items())
        if key in seen:
            return Finding(
                "SAME_START",
                "warning",
                f"Runs {seen[key]} and {number} start from identical parameters",
                "They are one run shown twice, so their agreement says nothing about chance",
                "Give every run its own seed",
            )
        seen[key] = number
    return None


def _base(run: Run) -> float:
    return base_loss(run.loss, run.data.Y, run.network.outputs, run.data.weights)


def _longest_run(flags: np.ndarray) -> tuple[int, int]:
    best = (0, 0)
    start = 0
    for k in range(len(flags) + 1):
        if k == len(flags) or not flags[k]:
            best = max(best, (start, k - start), key=lambda run: run[1])
            start = k + 1
    return best


def _layer_name(network: NetworkSpec, layer: int) -> str:
    if layer == len(network.hidden):
        return "the output layer"
    return f"hidden layer of {counted(network.hidden[layer], 'unit')}"


CHECKS = (_one_class, _linear_stack, _dead_units, _exploding_scale, _oscillation, _no_progress, _no_effect)
