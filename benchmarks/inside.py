"""How long it takes to look inside a network: a formula, units, the loss over a plane, predictions over a grid.

    python benchmarks/inside.py [--rounds 9]

One core, one thread. The goals are 0.5 s for 100 × 100 losses of 1,000 rows of a 12-20-1 network, and 50 ms for
predictions over 300 × 300 points, which is done with the default network (64-64) and a smaller one.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np

import pellucid
from timing import one_core, seconds_a_call

GOALS = {"loss": 0.5, "grid": 0.05}


def main() -> None:
    """Measure and print medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    with one_core():
        seconds = seconds_a_call(tasks(), options.rounds)
    for name, spent in seconds.items():
        goal = GOALS.get(name.split()[0])
        print(f"{name:<58} {1000 * spent:8.2f} ms" + ("" if goal is None else f"   goal {1000 * goal:.0f} ms"))


def tasks() -> dict[str, Callable[[], Any]]:
    """What is measured, by name."""
    rng = np.random.default_rng(0)
    made: dict[str, Callable[[], Any]] = {}
    X = rng.normal(size=(1000, 12))
    y = (X[:, 0] * X[:, 1] + X[:, 2] > 0).astype(float)
    for dtype in ("float32", "float64"):
        plan = pellucid.TrainingSpec(loss="bce", epochs=20, batch_size=64, dtype=dtype)
        fitted = pellucid.fit_network(X, y, pellucid.NetworkSpec(12, (20,)), plan, record=True)
        made |= surfaces(fitted, X, y, dtype)
    table = pellucid.read("titanic")
    truth = table["Survived"]
    for hidden in ((20,), (64, 64)):
        model = pellucid.MLPClassifier(hidden, epochs=5, random_state=0).fit(table.drop(["Survived"]), truth)
        made |= of_a_table(model, table, truth, f"titanic {'-'.join(map(str, hidden))}")
    return made


def surfaces(fitted: Any, X: np.ndarray, y: np.ndarray, dtype: str) -> dict[str, Callable[[], Any]]:
    """The loss over two parameters, and over the principal directions with the path."""
    axes = ("layers.0.weight[3, 2]", "layers.1.weight[0, 5]")
    return {
        f"loss surface 100 × 100, 1,000 rows, two weights, {dtype}": lambda: pellucid.loss_surface(fitted, X, y, axes),
        f"loss surface 100 × 100, 1,000 rows, descent, {dtype}": lambda: pellucid.loss_surface(
            fitted, X, y, path=fitted
        ),
    }


def of_a_table(model: Any, table: Any, truth: Any, name: str) -> dict[str, Callable[[], Any]]:
    """A grid, a curve, a formula and all units of a model of Titanic."""
    row = table.row(3)
    return {
        f"grid 300 × 300, {name}": lambda: pellucid.prediction_grid(model, "Age", "Fare", at=row),
        f"curve of 300 points, {name}": lambda: pellucid.prediction_curve(model, "Age", at=row),
        f"formula at a row, {name}": lambda: pellucid.local_formula(model, row),
        f"all units on 891 rows, {name}": lambda: pellucid.hidden_units(model, table, truth),
    }


if __name__ == "__main__":
    main()
