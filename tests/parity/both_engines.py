"""Random plans and rows, and the same training by the textbook and by an engine that is held against it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from pellucid import NetworkSpec, TrainingSpec, nn
from pellucid.engines.choose import choose_engine
from pellucid.engines.contract import EpochRecord, Snapshot, State, TrainingData
from pellucid.training.fit_network import starting_point

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="needs the extra torch")
engines = pytest.mark.parametrize("engine", ["compiled", pytest.param("torch:cpu", marks=needs_torch)])
ACTIVATIONS = tuple(nn.ACTIVATIONS)
NUMBERS = (
    "epoch",
    "training_loss",
    "validation_loss",
    "validation_score",
    "gradient_norm",
    "update_norm",
    "learning_rate",
)
LOSSES: tuple[nn.Loss, ...] = (
    nn.MSE(),
    nn.MAE(),
    nn.Huber(delta=0.7),
    nn.BCE(),
    nn.BCE(pos_weight=3.0),
    nn.BCE(pos_weight=2.0, divide_by="rows"),
    nn.SigmoidMAE(),
    nn.SigmoidBCE(),
    nn.SoftmaxCrossEntropy(),
    nn.SoftmaxCrossEntropy(label_smoothing=0.2),
    nn.SoftmaxCrossEntropy(class_weights=(1.0, 2.0, 0.5), label_smoothing=0.1),
    nn.SoftmaxCrossEntropy(class_weights=(1.0, 0.0, 0.5), divide_by="rows"),
)
OPTIMIZERS: tuple[nn.Optimizer, ...] = (
    nn.SGD(),
    nn.SGD(momentum=0.9),
    nn.SGD(momentum=0.8, nesterov=True),
    nn.RMSprop(),
    nn.RMSprop(decay=0.9, momentum=0.5),
    nn.Adam(),
    nn.Adam(beta_1=0.8, beta_2=0.99, epsilon=1e-4),
    nn.AdamW(weight_decay=0.1),
)


@dataclass(frozen=True, eq=False)
class Case:
    """What one training needs."""

    network: NetworkSpec
    training: TrainingSpec
    data: TrainingData
    order: np.ndarray
    rates: np.ndarray

    def start(self, engine: str, initial: Snapshot | None = None) -> tuple[Any, State]:
        chosen = choose_engine(engine, self.network, self.training)
        begin = starting_point(self.network, self.training, initial)
        return chosen, chosen.start(self.network, self.training, self.data, begin)

    def run(self, engine: str, initial: Snapshot | None = None) -> tuple[State, list[EpochRecord]]:
        chosen, state = self.start(engine, initial)
        return state, chosen.run(state, self.order, self.rates)


def targets(rng: np.random.Generator, loss: nn.Loss, rows: int, outputs: int, codes: bool, dtype: str) -> np.ndarray:
    """Targets that the loss can take."""
    if loss.link == "softmax":
        return rng.integers(0, outputs, rows) if codes else rng.dirichlet(np.ones(outputs), rows).astype(dtype)
    if loss.link == "sigmoid":
        hard = rng.integers(0, 2, (rows, outputs))
        return np.where(rng.uniform(size=hard.shape) < 0.7, hard, rng.uniform(size=hard.shape)).astype(dtype)
    return rng.normal(size=(rows, outputs)).astype(dtype)


def rows_for(
    rng: np.random.Generator,
    network: NetworkSpec,
    training: TrainingSpec,
    rows: int,
    held: int,
    weighed: bool,
    codes: bool,
) -> TrainingData:
    """Random rows, and `held` of them for validation."""
    dtype = training.dtype

    def part(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        X = rng.normal(size=(count, network.inputs)).astype(dtype)
        Y = targets(rng, training.the_loss, count, network.outputs, codes, dtype)
        return X, Y, rng.uniform(0, 2, count).astype(dtype) if weighed else None

    return TrainingData(*part(rows), *(part(held) if held else ()))


@st.composite
def cases(draw: st.DrawFn, dtype: str, optimizers: tuple[nn.Optimizer, ...] = OPTIMIZERS, epochs: int = 1) -> Case:
    """Any architecture, loss, optimizer, penalty, weights, clipping, dropout and batch size."""
    loss = draw(st.sampled_from(LOSSES))
    hidden = tuple(draw(st.lists(st.integers(1, 23), max_size=3)))
    inputs = draw(st.integers(1, 12))
    network = NetworkSpec(
        inputs,
        hidden,
        3 if loss.link == "softmax" else draw(st.integers(1, 5)),
        activation=tuple(draw(st.sampled_from(ACTIVATIONS)) for _ in hidden),
        bias=tuple(draw(st.booleans()) for _ in range(len(hidden) + 1)),
        dropout=tuple(draw(st.sampled_from((0.0, 0.1, 0.5))) for _ in hidden),
    )
    optimizer = draw(st.sampled_from(optimizers))
    rows = draw(st.integers(1, 90))
    batch = draw(st.none() | st.integers(1, 100))
    training = TrainingSpec(
        loss,
        type(optimizer)(**{**optimizer.get_params(deep=False), "clip_norm": draw(st.sampled_from((None, 0.1)))}),
        0.01,
        epochs,
        batch,
        l1=draw(st.sampled_from((0.0, 0.01))),
        l2=draw(st.sampled_from((0.0, 0.1))),
        patience=draw(st.sampled_from((None, 1))),
        dtype=dtype,
        seed=draw(st.integers(0, 2**63 - 1)),
    )
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    data = rows_for(
        rng, network, training, rows, draw(st.sampled_from((0, 17))), draw(st.booleans()), draw(st.booleans())
    )
    order = np.array([rng.permutation(rows) for _ in range(epochs)])
    steps = -(-rows // (batch or rows))
    return Case(network, training, data, order, np.full((epochs, steps), 0.01))


def flat(parameters: nn.Parameters) -> np.ndarray:
    """All parameters as one vector."""
    return np.concatenate([value.ravel() for value in parameters.values()])
