"""Two hundred steps over sixty stable plans: the engines still agree with the textbook in ten digits."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from both_engines import Case, flat, needs_torch, rows_for

from pellucid import NetworkSpec, TrainingSpec, nn

NETWORKS = (
    NetworkSpec(4, (), 3),
    NetworkSpec(5, (8,), 3, activation="tanh"),
    NetworkSpec(6, (16, 8), 3, activation=("softplus", "sigmoid"), dropout=(0.2, 0.0)),
    NetworkSpec(3, (12, 12), 3, activation=("gelu", "silu")),
    NetworkSpec(7, (10, 6, 5), 3, activation=("elu", "mish", "tanh"), bias=(True, False, True, True)),
)
PLANS = ((nn.SGD(), 0.05), (nn.SGD(momentum=0.9, nesterov=True), 0.01), (nn.Adam(), 0.003), (nn.RMSprop(), 0.001))
LOSSES = (nn.MSE(), nn.BCE(pos_weight=2.0), nn.SoftmaxCrossEntropy(label_smoothing=0.1))
GRID = list(itertools.product(NETWORKS, PLANS, LOSSES))


def check_two_hundred_steps(number: int, engine: str) -> None:
    network, (optimizer, rate), loss = GRID[number]
    plan = TrainingSpec(loss, optimizer, rate, epochs=40, batch_size=16, l2=1e-3, seed=number)
    rng = np.random.default_rng(number)
    data = rows_for(rng, network, plan, 80, 0, number % 2 == 1, True)
    case = Case(network, plan, data, np.array([rng.permutation(80) for _ in range(40)]), np.full((40, 5), rate))
    (ours, _), (textbook, _) = case.run(engine), case.run("reference")
    mine, theirs = flat(ours.snapshot().parameters), flat(textbook.snapshot().parameters)
    assert ours.snapshot().step == 200
    assert np.abs(mine - theirs).max() <= 1e-10 * max(1.0, np.abs(theirs).max())
    start = flat(case.start("reference")[1].snapshot().parameters)
    assert np.abs(theirs - start).max() > 0.01  # it did learn something


@pytest.mark.parametrize("number", range(len(GRID)))
def test_two_hundred_steps(number: int) -> None:
    check_two_hundred_steps(number, "compiled")


@needs_torch
@pytest.mark.parametrize("number", range(0, len(GRID), 7))  # meets every network, plan and loss
def test_two_hundred_steps_of_torch(number: int) -> None:
    check_two_hundred_steps(number, "torch:cpu")
