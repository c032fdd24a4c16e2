"""Randomness comes from `random_state` alone."""

import random
from typing import Any

import numpy as np
import pytest

from pellucid import EarlyStopping, MLPClassifier, MLPRegressor
from pellucid.errors import SpecError

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 3))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)
KINDS = pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])


def bits(kind: Any, random_state: Any) -> bytes:
    """All parameters after a training that draws everything there is: hold-out, weights, order, dropout."""
    options = {"hidden_layer_sizes": (6,), "dropout": 0.2, "epochs": 3, "early_stopping": EarlyStopping(patience=2)}
    model = kind(**options, random_state=random_state).fit(X, Y)
    return b"".join(value.tobytes() for value in model.parameters_.values())


@KINDS
def test_the_same_seed_gives_the_same_bits(kind: Any) -> None:
    assert bits(kind, 7) == bits(kind, 7) == bits(kind, np.int64(7))


@KINDS
def test_different_seeds_differ(kind: Any) -> None:
    assert len({bits(kind, seed) for seed in range(5)}) == 5


@KINDS
def test_generators_are_read_and_move_on(kind: Any) -> None:
    assert bits(kind, np.random.RandomState(3)) == bits(kind, np.random.RandomState(3))
    assert bits(kind, np.random.default_rng(3)) == bits(kind, np.random.default_rng(3))
    generator = np.random.RandomState(3)
    assert bits(kind, generator) != bits(kind, generator)


@KINDS
@pytest.mark.parametrize("random_state", [0, None])
def test_global_generators_are_neither_read_nor_moved(kind: Any, random_state: int | None) -> None:
    results = []
    for seed in (1, 1):
        np.random.seed(seed)  # noqa: NPY002
        random.seed(seed)
        before = np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002
        results.append(bits(kind, random_state))
        np.testing.assert_array_equal(np.random.get_state()[1], before[0])  # noqa: NPY002
        assert random.getstate() == before[1]
    assert (results[0] == results[1]) is (random_state is not None)


def test_the_seed_of_a_chance_run_is_kept() -> None:
    first = MLPClassifier(hidden_layer_sizes=(4,), epochs=2).fit(X, Y)
    again = MLPClassifier(hidden_layer_sizes=(4,), epochs=2, random_state=first.training_.seed).fit(X, Y)
    np.testing.assert_array_equal(first.coefs_[0], again.coefs_[0])


@pytest.mark.parametrize("wrong", [-1, 1.5, "seed", True])
def test_other_seeds_are_refused(wrong: Any) -> None:
    with pytest.raises(SpecError, match="random_state must be a whole number from 0"):
        MLPClassifier(random_state=wrong).fit(X, Y)
