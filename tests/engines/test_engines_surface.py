"""The loss on a plane: the compiled kernel and the textbook agree, for every loss, activation and shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pellucid.engines import surface
from pellucid.engines.contract import Parameters, TrainingData
from pellucid.engines.surface import loss_on_plane
from pellucid.nn import ACTIVATIONS, BCE, LOSSES, SoftmaxCrossEntropy, loss_forward, network_forward
from pellucid.spec import NetworkSpec, TrainingSpec, parameter_shapes

RNG = np.random.default_rng(2)
ROWS = 90
X = RNG.normal(size=(ROWS, 4))
FIRST, SECOND = np.array([-0.7, 0.0, 1.3]), np.array([0.0, 0.4])


def drawn(network: NetworkSpec) -> Parameters:
    return {name: 0.4 * RNG.normal(size=shape) for name, shape in parameter_shapes(network).items()}


def on_plane(network: NetworkSpec, training: TrainingSpec, Y: np.ndarray, weights: np.ndarray | None) -> None:
    """Each point of the plane has the loss that `nn` gives there."""
    plane = (drawn(network), drawn(network), drawn(network))
    data = TrainingData(X.astype(training.dtype), Y, weights)
    found = loss_on_plane(network, training, data, plane, FIRST, SECOND)
    assert found.shape == (2, 3)
    for i, b in enumerate(SECOND):
        for j, a in enumerate(FIRST):
            there = {name: plane[0][name] + a * plane[1][name] + b * plane[2][name] for name in plane[0]}
            Z, _ = network_forward(X, there, network.activations)
            value, _ = loss_forward(training.the_loss, Z, Y, weights)
            np.testing.assert_allclose(found[i, j], value, rtol=1e-10 if training.dtype == "float64" else 1e-4)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", list(LOSSES))
def test_every_loss(name: str, dtype: str) -> None:
    outputs = 3 if name == "softmax_cross_entropy" else 2
    codes = RNG.integers(0, outputs, ROWS)
    Y: np.ndarray = codes if outputs == 3 else RNG.integers(0, 2, (ROWS, outputs)).astype(dtype)
    network = NetworkSpec(4, (5,), outputs)
    on_plane(network, TrainingSpec(loss=name, dtype=dtype), Y, None)


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_every_activation(name: str) -> None:
    network = NetworkSpec(4, (5, 3), activation=name, bias=(True, False, True))
    on_plane(network, TrainingSpec(loss="mse"), RNG.normal(size=(ROWS, 1)), None)


def test_weights_of_rows_and_classes_count() -> None:
    weights = RNG.uniform(0, 2, ROWS)
    plan = TrainingSpec(loss=BCE(pos_weight=3.0), optimizer="lbfgs")
    on_plane(NetworkSpec(4, (6,)), plan, RNG.integers(0, 2, (ROWS, 1)).astype(float), weights)
    plan = TrainingSpec(loss=SoftmaxCrossEntropy(class_weights=(1, 2, 3), label_smoothing=0.1), batch_size=7)
    on_plane(NetworkSpec(4, (6,), 3), plan, RNG.integers(0, 3, ROWS), weights)


def test_many_rows_go_in_several_tiles() -> None:
    rows = RNG.normal(size=(5000, 4))
    network = NetworkSpec(4, (70,))
    plane = (drawn(network), drawn(network), drawn(network))
    Y = RNG.normal(size=(5000, 1))
    found = loss_on_plane(network, TrainingSpec(), TrainingData(rows, Y), plane, FIRST[:1], SECOND[1:])
    there = {name: plane[0][name] - 0.7 * plane[1][name] + 0.4 * plane[2][name] for name in plane[0]}
    value, _ = loss_forward(TrainingSpec().the_loss, network_forward(rows, there, network.activations)[0], Y)
    np.testing.assert_allclose(found, [[value]], rtol=1e-10)


def test_without_numba_the_textbook_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[Any] = []
    monkeypatch.setattr(surface, "available", lambda: used.append(1))
    on_plane(NetworkSpec(4, (5,)), TrainingSpec(loss="bce"), RNG.integers(0, 2, (ROWS, 1)).astype(float), None)
    assert used
