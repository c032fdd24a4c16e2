"""Specs: checked once, plain values, JSON there and back."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import FrozenInstanceError, replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import EarlyStopping, NetworkSpec, TrainingSpec, nn
from pellucid.errors import SpecError

activations = st.sampled_from(sorted(nn.ACTIVATIONS))
rates = st.floats(0, 0.99)
initializers = st.sampled_from([*sorted(nn.INITIALIZERS), "auto", {"name": "uniform", "low": -1.0, "high": 0.5}])


@st.composite
def networks(draw: st.DrawFn) -> NetworkSpec:
    hidden = tuple(draw(st.lists(st.integers(1, 300), max_size=4)))

    def one_or_each(values: st.SearchStrategy[Any], layers: int) -> Any:
        return draw(values | st.lists(values, min_size=layers, max_size=layers))

    return NetworkSpec(
        draw(st.integers(1, 1000)),
        hidden,
        draw(st.integers(1, 50)),
        one_or_each(activations, len(hidden)),
        one_or_each(st.booleans(), len(hidden) + 1),
        one_or_each(rates, len(hidden)),
        one_or_each(initializers, len(hidden) + 1),
    )


schedules = st.one_of(
    st.none(),
    st.sampled_from(sorted(nn.SCHEDULES)),
    st.builds(nn.StepDecay, every=st.integers(1, 50), factor=st.floats(0, 2)),
    st.builds(nn.OneCycle, warm_fraction=rates),
    st.builds(nn.WarmUp, epochs=st.integers(0, 9)),
)
common = {"schedule": schedules, "clip_norm": st.none() | st.floats(1e-6, 100)}
optimizers = st.one_of(
    st.sampled_from(sorted(nn.OPTIMIZERS)),
    st.builds(nn.SGD, momentum=rates, nesterov=st.booleans(), **common),
    st.builds(nn.RMSprop, decay=rates, **common),
    st.builds(nn.AdamW, beta_1=rates, weight_decay=st.floats(0, 1), **common),
    st.builds(nn.LBFGS, memory=st.integers(1, 30)),
)
losses = st.one_of(
    st.sampled_from(sorted(nn.LOSSES)),
    st.builds(nn.Huber, delta=st.floats(1e-3, 10)),
    st.builds(nn.BCE, pos_weight=st.floats(0.1, 10), divide_by=st.sampled_from(["weights", "rows"])),
    st.builds(nn.SoftmaxCrossEntropy, class_weights=st.tuples(st.floats(0.1, 9), st.floats(0.1, 9))),
)
amounts = st.floats(0, 10) | st.integers(0, 3)
trainings = st.builds(
    TrainingSpec,
    losses,
    optimizers,
    amounts,
    st.integers(0, 10**6),
    st.none() | st.integers(1, 10**6),
    st.booleans(),
    amounts,
    amounts,
    st.none() | st.integers(1, 100),
    amounts,
    st.sampled_from(["float32", "float64"]),
    st.integers(0, 2**63 - 1),
)


@settings(deadline=None, max_examples=80)
@given(networks())
def test_a_network_goes_through_json(network: NetworkSpec) -> None:
    back = NetworkSpec.from_dict(json.loads(json.dumps(network.to_dict(), allow_nan=False)))
    assert back == network
    assert back.to_dict() == network.to_dict()
    assert back.activations == network.activations
    assert pickle.loads(pickle.dumps(network)) == network
    layers = len(network.hidden)
    assert len(network.activations) == len(network.dropouts) == layers
    assert len(network.biases) == len(network.initializers) == layers + 1


@settings(deadline=None, max_examples=80)
@given(trainings)
def test_a_plan_goes_through_json(training: TrainingSpec) -> None:
    back = TrainingSpec.from_dict(json.loads(json.dumps(training.to_dict(), allow_nan=False)))
    assert back == training
    assert back.to_dict() == training.to_dict()
    assert pickle.loads(pickle.dumps(training)) == training


def test_a_schedule_in_a_schedule_goes_through_json() -> None:
    plan = TrainingSpec(optimizer=nn.SGD(schedule=nn.WarmUp(3, then=nn.Cosine(0.1))))
    back = TrainingSpec.from_dict(json.loads(json.dumps(plan.to_dict())))
    assert back.to_dict() == plan.to_dict()
    here, there = (p.the_optimizer.schedule.rates(0.1, 9, 2) for p in (plan, back))  # type: ignore[union-attr]
    np.testing.assert_array_equal(here, there)


def test_a_network_says_itself() -> None:
    network = NetworkSpec(12, (20, 5), 3, bias=(True, False, True))
    assert str(network) == "12-20-5-3"
    assert network.sizes == (12, 20, 5, 3)
    assert network.parameter_count == 12 * 20 + 20 + 20 * 5 + 5 * 3 + 3
    assert network.to_dict() == {
        "inputs": 12,
        "hidden": [20, 5],
        "outputs": 3,
        "activation": ["relu", "relu"],
        "bias": [True, False, True],
        "dropout": [0.0, 0.0],
        "initializer": ["auto", "auto", "auto"],
    }


def test_numbers_of_numpy_are_numbers() -> None:
    network = NetworkSpec(np.int64(3), [np.int32(4)], np.uint8(2), dropout=np.float32(0.5))  # type: ignore[arg-type]
    assert (type(network.inputs), network.hidden, network.dropouts) == (int, (4,), (0.5,))
    plan = TrainingSpec(learning_rate=np.float32(0.5), epochs=np.int64(3), seed=np.int32(7), l2=1)  # type: ignore[arg-type]
    assert (type(plan.learning_rate), type(plan.epochs), type(plan.seed), type(plan.l2)) == (float, int, int, float)
    json.dumps([network.to_dict(), plan.to_dict()])
    assert NetworkSpec(3, 4) == NetworkSpec(3, (4,)) == NetworkSpec(3, np.array([4]))  # type: ignore[arg-type]


def test_own_parts_are_written_by_name() -> None:
    sine = nn.Activation("sine", "sin z", np.sin, lambda Z, A: np.cos(Z), (-1.0, 1.0))
    halves = partial(nn.get_initializer("uniform"), low=0.5)
    network = NetworkSpec(2, (3,), activation=sine, initializer=[halves, nn.get_initializer("zeros")])
    assert network.activations == (sine,)
    text = json.dumps(network.to_dict())
    assert '"sine"' in text
    assert '"partial"' in text
    with pytest.raises(SpecError, match="no activation 'sine'"):
        NetworkSpec.from_dict(network.to_dict() | {"initializer": "auto"})


def test_specs_are_frozen_and_do_not_share_their_optimizer() -> None:
    mine = nn.Adam()
    plan = TrainingSpec(optimizer=mine)
    mine.beta_1 = 0.5
    assert plan.the_optimizer == nn.Adam()
    assert TrainingSpec().optimizer is not TrainingSpec().optimizer
    with pytest.raises(FrozenInstanceError):
        plan.epochs = 3  # type: ignore[misc]
    assert copy.deepcopy(plan) == plan
    assert replace(plan, epochs=3).the_optimizer == plan.the_optimizer


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"inputs": 0}, "inputs must be a whole number of at least 1, got 0"),
        ({"inputs": 2.0}, r"inputs must be a whole number of at least 1, got 2\.0"),
        ({"inputs": True}, "got True"),
        ({"outputs": -1}, "outputs must be a whole number of at least 1, got -1"),
        ({"hidden": (3, 0)}, "units of hidden layer 1 must be a whole number of at least 1, got 0"),
        ({"hidden": "64"}, r"hidden must list the units of each hidden layer, such as \(64, 32\), got '64'"),
        ({"hidden": None}, "hidden must list the units"),
        ({"hidden": 6.5}, "hidden must list the units"),
        ({"activation": "rellu"}, r"no activation 'rellu'; did you mean 'relu'\?"),
        ({"activation": "rellu", "hidden": ()}, "did you mean 'relu'"),
        ({"activation": ["relu", "tanh", "relu"]}, "activation lists 3 values, but the network has 2 such layers"),
        ({"activation": 3}, "activation must be one value or one a layer, got 3"),
        ({"bias": (True, False)}, "bias lists 2 values, but the network has 3 such layers"),
        ({"bias": 1}, "bias must be one value or one a layer, got 1"),
        ({"dropout": 1.0}, r"dropout must lie in \[0, 1\), got 1\.0; 0 turns it off"),
        ({"dropout": (0.1, -0.1)}, r"dropout must lie in \[0, 1\), got -0\.1"),
        ({"dropout": float("nan")}, "got nan"),
        ({"dropout": 2.0, "hidden": ()}, r"got 2\.0"),
        ({"dropout": "0.5"}, "dropout must be one value or one a layer, got '0.5'"),
        ({"initializer": "he_unifrom"}, "did you mean 'he_uniform'"),
        ({"initializer": {"name": "uniform", "hihg": 2}}, "has no setting 'hihg'; did you mean 'high'"),
        ({"initializer": ["zeros"]}, "initializer lists 1 values, but the network has 3 such layers"),
    ],
)
def test_networks_that_make_no_sense(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(SpecError, match=words):
        NetworkSpec(**({"inputs": 2, "hidden": (3, 4)} | changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"loss": "bse"}, "no loss 'bse'; did you mean"),
        ({"loss": {"name": "huber", "detla": 1.0}}, "did you mean 'delta'"),
        ({"optimizer": "adamm"}, "did you mean 'adam'"),
        ({"optimizer": {"name": "adam", "beta2": 0.9}}, "has no setting 'beta2'; did you mean 'beta_2'"),
        ({"optimizer": nn.Adam(beta_1=1.5)}, r"beta_1 of Adam must lie in \[0, 1\)"),
        ({"optimizer": nn.Adam(schedule="cosin")}, "no schedule 'cosin'; did you mean 'cosine'"),
        ({"learning_rate": -0.1}, r"learning_rate must be a finite number of at least 0, got -0\.1"),
        ({"learning_rate": float("nan")}, "got nan"),
        ({"learning_rate": "fast"}, "got 'fast'"),
        ({"l1": float("inf")}, "l1 must be a finite number"),
        ({"l2": True}, "l2 must be a finite number of at least 0, got True"),
        ({"min_delta": -1}, "min_delta must be"),
        ({"epochs": -1}, "epochs must be a whole number of at least 0, got -1"),
        ({"epochs": None}, "got None"),
        ({"batch_size": 0}, "batch_size must be a whole number of at least 1, got 0"),
        ({"batch_size": 2.5}, r"got 2\.5"),
        ({"patience": 0}, "patience must be a whole number of at least 1, got 0"),
        ({"seed": -1}, "seed must be a whole number of at least 0, got -1"),
        ({"seed": None}, "seed must be a whole number"),
        ({"seed": 2**63}, "seed must be below 2⁶³"),
        ({"shuffle": "yes"}, "shuffle must be True or False, got 'yes'"),
        ({"dtype": "float16"}, "dtype must be one of float64, float32, got 'float16'"),
    ],
)
def test_plans_that_make_no_sense(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(SpecError, match=words):
        TrainingSpec(**changes)


@pytest.mark.parametrize(
    ("make", "wrong", "right"),
    [
        (NetworkSpec.from_dict, "activations", "activation"),
        (NetworkSpec.from_dict, "Hidden", "hidden"),
        (TrainingSpec.from_dict, "batchsize", "batch_size"),
        (TrainingSpec.from_dict, "learning_rat", "learning_rate"),
        (TrainingSpec.from_dict, "optimiser", "optimizer"),
    ],
)
def test_wrong_fields_get_the_nearest_right_one(make: Any, wrong: str, right: str) -> None:
    with pytest.raises(SpecError, match=f"has no field '{wrong}'; did you mean '{right}'"):
        make({wrong: 1})


def test_early_stopping_is_a_part_with_knobs() -> None:
    stopping = EarlyStopping(patience=3)
    assert stopping.get_params() == {"patience": 3, "min_delta": 0.0, "fraction": 0.15}
    assert stopping.set_params(fraction=0.3) is stopping
    assert stopping.to_dict() == {"patience": 3, "min_delta": 0.0, "fraction": 0.3}
    with pytest.raises(SpecError, match="did you mean 'patience'"):
        stopping.set_params(patiance=3)
