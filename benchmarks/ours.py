"""pellucid's own contenders: the public fits, the engine alone, and the textbook that they are held against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pellucid
from pellucid.engines.choose import choose_engine
from pellucid.engines.contract import Parameters, Snapshot, TrainingData
from pellucid.nn.schedules import get_schedule
from timing import Prepare
from workloads import SEED, Workload


@dataclass(frozen=True)
class Contender:
    """One way to train a workload: `prepare` gives the run that is timed, `parameters` reads the weights out of what
    the run returned, named and shaped as ours. `note` is said beside its name."""

    name: str
    prepare: Prepare
    parameters: Callable[[Any], Parameters]
    note: str = ""


def estimator_fit(work: Workload) -> Contender:
    """`MLPClassifier.fit` on a float32 array."""

    def run() -> pellucid.MLPClassifier:
        model = pellucid.MLPClassifier(
            hidden_layer_sizes=work.hidden,
            optimizer=work.optimizer,
            learning_rate=work.learning_rate,
            epochs=work.epochs,
            batch_size=work.batch_size,
            preparation=None,
            random_state=SEED,
        )
        return model.fit(work.X, work.y, initial=work.initial)

    return Contender("fit", lambda: run, lambda model: model.parameters_, "MLPClassifier.fit")


def network_fit(work: Workload) -> Contender:
    """`fit_network` on arrays."""
    network, plan, targets = work.network, work.plan, work.targets

    def run() -> pellucid.FittedNetwork:
        return pellucid.fit_network(work.X, targets, network, plan, initial=work.initial)

    return Contender("fit_network", lambda: run, lambda fitted: fitted.parameters, "arrays, any architecture")


def kernel(work: Workload, engine_name: str = "auto") -> Contender:
    """The engine's `run` alone, on a state that is ready; all epochs in one stretch."""
    network, plan = work.network, work.plan
    engine = choose_engine(engine_name, network, plan)
    data = TrainingData(work.X, work.targets)
    steps = work.steps // work.epochs
    rates = get_schedule(plan.the_optimizer.schedule).rates(plan.learning_rate, plan.epochs, steps)
    rates = rates.reshape(work.epochs, steps)

    def prepare() -> Callable[[], Any]:
        start = {name: value.copy() for name, value in work.initial.items()}
        state = engine.start(network, plan, data, Snapshot(start))

        def run() -> Any:
            engine.run(state, work.order, rates)
            return state

        return run

    return Contender("kernel", prepare, lambda state: state.snapshot().parameters, f"{engine.name} engine alone")


def reference_loss(work: Workload) -> float:
    """The final loss of the textbook from the same start, in the same order."""
    network, plan = work.network, work.plan
    fitted = pellucid.fit_network(work.X, work.targets, network, plan, initial=work.initial, engine="reference")
    return work.final_loss(fitted.parameters)
