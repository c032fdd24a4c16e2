"""What would have happened: a past training that goes on from one of its states with another setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..engines.choose import choose_engine
from ..engines.contract import Snapshot
from ..errors import SpecError
from ..nn.optimizers import Optimizer, get_optimizer
from ..spec import TrainingSpec
from .batches import given
from .diagnosis import check_before
from .fit_network import FittedNetwork, recording_of, run, starting_point
from .origin import Origin, rates_of
from .replaying import Reached


@dataclass(frozen=True, eq=False)
class Branch:
    """A training that left another one at `begun`.

    `fitted` is its result with a recording of its own, `changes` name what is different as (before, now), and
    `memory_kept` says whether the optimizer went on with what it knew or began anew, as another kind of optimizer must.
    Begun inside an epoch, the first record of its history speaks of the remaining steps of that epoch only.
    """

    begun: Reached
    changes: dict[str, tuple[Any, Any]]
    memory_kept: bool
    fitted: FittedNetwork

    @property
    def replay_seconds(self) -> float:
        """What it took to train to the state where the branch begins; 0 where it was kept."""
        return self.begun.seconds

    def __repr__(self) -> str:
        what = (
            ", ".join(f"{name} {before} → {now}" for name, (before, now) in self.changes.items()) or "nothing changed"
        )
        anew = "" if self.memory_kept else ", the optimizer's memory begun anew"
        return f"Branch({what}{anew}; from {self.begun!r}; {self.fitted.history!r})"


def branch(
    trained: Any,
    epoch: int,
    step: int = 0,
    *,
    learning_rate: float | None = None,
    optimizer: str | Mapping[str, Any] | Optimizer | None = None,
    epochs: int | None = None,
) -> Branch:
    """Train on from the state after `epoch` epochs and `step` steps of a recorded training, with another learning rate
    or optimizer, on the same rows in the same order.

    `trained` is a `FittedNetwork` with a recording, a `Replay` of an estimator, or a recording. `epochs` more are
    trained, the one that `step` lies in counted; None goes to the end of the plan. Learning rates are those that the
    schedule would have had there all along. Patience counts from the branch on.

    Raises `SpecError` where there is no recording, for places outside the training and settings that make no sense, and
    `NonFiniteError`, with the recording of the branch, where its numbers stop being finite.
    """
    recording = recording_of(trained)
    origin = recording.origin
    changed = _changed(origin.training, learning_rate, optimizer)
    check_before(origin.network, changed)
    begun = recording.reach(epoch, step)
    origin.check_rows()
    rest = _rest(origin, changed, epoch, epochs)
    start, kept = _start(begun.snapshot, rest)
    fitted = run(rest, start, recording.record, inside=step)
    return Branch(begun, _changes(origin.training, changed), kept, fitted)


def _changed(plan: TrainingSpec, learning_rate: float | None, optimizer: Any) -> TrainingSpec:
    return replace(
        plan,
        learning_rate=plan.learning_rate if learning_rate is None else learning_rate,
        optimizer=plan.optimizer if optimizer is None else get_optimizer(optimizer),
    )


def _rest(origin: Origin, changed: TrainingSpec, epoch: int, epochs: int | None) -> Origin:
    """The changed plan from `epoch` on."""
    done = epoch - origin.first
    more = origin.epochs - done if epochs is None else epochs
    if more < 1:
        raise SpecError(
            f"nothing is left to train: the plan ends at epoch {origin.first + origin.epochs}; pass epochs=, how many "
            "more, at least 1"
        )
    passed = origin.passed + done
    planned = max(origin.planned, passed + more)
    plan = replace(changed, epochs=more)
    engine = choose_engine("reference" if origin.engine.name == "reference" else "auto", origin.network, plan)
    lines = None if origin.order is None else origin.order[done:]
    if lines is not None:
        given(lines, len(origin.rows.X), more)
    rates = rates_of(changed, planned, origin.steps)[passed : passed + more]
    return Origin(origin.network, plan, origin.rows, lines, rates, engine, epoch, passed, planned)


def _start(reached: Snapshot, rest: Origin) -> tuple[Snapshot, bool]:
    """Where the branch begins, and whether the optimizer's memory goes along."""
    own = rest.training.the_optimizer.start(reached.parameters)
    keeps = bool(own) and set(own) == set(reached.optimizer or {})
    start = reached if keeps else replace(reached, optimizer=None)
    return starting_point(rest.network, rest.training, start), keeps


def _changes(before: TrainingSpec, now: TrainingSpec) -> dict[str, tuple[Any, Any]]:
    """Every setting that differs, the optimizer's one by one where it stayed of its kind."""
    found: dict[str, tuple[Any, Any]] = {}
    if before.learning_rate != now.learning_rate:
        found["learning_rate"] = (before.learning_rate, now.learning_rate)
    if type(before.the_optimizer) is not type(now.the_optimizer):
        return {**found, "optimizer": (before.the_optimizer.name, now.the_optimizer.name)}
    old, new = before.the_optimizer.to_dict(), now.the_optimizer.to_dict()
    return {**found, **{name: (old[name], new[name]) for name in new if old[name] != new[name]}}
