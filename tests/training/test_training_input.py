"""The door of `fit_network`: what may come in, and what is said when something else comes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pellucid import NetworkSpec, TrainingSpec, fit_network
from pellucid.data.generate import moons
from pellucid.errors import InputError, ShapeError, SpecError
from pellucid.spec import parameter_shapes
from pellucid.training.fit_network import starting_point
from pellucid.training.numeric import as_training_data

X, y = moons(30, 0.2, 0)
BINARY, SQUARED = TrainingSpec("bce", epochs=1), TrainingSpec("mse", epochs=1)
CLASSES = TrainingSpec("softmax_cross_entropy", epochs=1)
ONE, THREE = NetworkSpec(2), NetworkSpec(2, (), 3)


def with_value(array: np.ndarray, place: Any, value: float) -> np.ndarray:
    changed = np.array(array, dtype=np.float64)
    changed[place] = value
    return changed


@pytest.mark.parametrize(
    ("inputs", "error", "words"),
    [
        (X[:, :1], ShapeError, r"X must be \(rows, inputs\) = \(1 or more, 2\) for a 2-1 network, got \(30, 1\)"),
        (X[:, 0], ShapeError, r"got \(30,\)"),
        (X[None], ShapeError, r"got \(1, 30, 2\)"),
        (X[:0], ShapeError, r"got \(0, 2\)"),
        (3.0, ShapeError, r"got \(\)"),
        (with_value(X, (7, 1), np.nan), InputError, r"X must hold finite numbers, got nan in row 7, column 1 \(as"),
        (with_value(X, (slice(4, 6), 0), -np.inf), InputError, "got -inf in row 4, column 0 and 1 more"),
        ([["a", "b"]], InputError, "X must hold numbers.*could not convert"),
        ([[1.0, 2.0], [3.0]], InputError, "X must hold numbers in rows of equal length"),
    ],
)
def test_inputs(inputs: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        fit_network(inputs, y, ONE, BINARY)
    with pytest.raises(error, match=f"validation .*{words.removeprefix('X ')}"):
        fit_network(X, y, ONE, BINARY, validation=(inputs, y))


@pytest.mark.parametrize(
    ("targets", "network", "training", "error", "words"),
    [
        (y[:-1], ONE, BINARY, ShapeError, r"y must be \(rows, outputs\) = \(30, 1\) .*, got \(29,\)"),
        (y, THREE, SQUARED, ShapeError, r"= \(30, 3\) .*, got \(30,\)"),
        (with_value(y, 3, np.nan), ONE, SQUARED, InputError, "y must hold finite numbers, got nan in row 3, column 0"),
        (with_value(y, 5, 1.5), ONE, BINARY, InputError, r"in \[0, 1\] for the loss bce, got 1.5 in row 5, column 0"),
        (2 * y - 1, ONE, BINARY, InputError, r"got -1 in row \d+, column 0 and 14 more; targets come second"),
        (["no"] * 30, ONE, BINARY, InputError, "y must hold numbers"),
        (y[:-1], THREE, CLASSES, ShapeError, "y has 29 rows, X has 30"),
        (with_value(y, 2, 3), THREE, CLASSES, InputError, "class codes 0 to 2, .* 3 outputs, got 3 in row 2$"),
        (with_value(y, 2, -1), THREE, CLASSES, InputError, "got -1 in row 2"),
        (with_value(y, 2, 0.5), THREE, CLASSES, InputError, r"whole numbers.*got 0\.5 in row 2"),
        (with_value(y, 2, np.nan), THREE, CLASSES, InputError, "got nan in row 2"),
        (["a"] * 30, THREE, CLASSES, InputError, "got 'a' in row 0; number the classes first"),
        ([0] * 29 + [None], THREE, CLASSES, InputError, "got None in row 29"),
        (np.full((30, 3), 0.5), THREE, CLASSES, InputError, r"must sum to 1, got 1\.5 in row 0"),
        (with_value(np.eye(3)[y], (21, 2), 0.5), THREE, CLASSES, InputError, r"sum to 1, got 1\.5 in row 21"),
        (y[:, None], THREE, CLASSES, ShapeError, r"= \(30, 3\) .*, got \(30, 1\)"),
    ],
)
def test_targets(
    targets: Any, network: NetworkSpec, training: TrainingSpec, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        fit_network(X, targets, network, training)
    good = np.zeros((30, 3)) if training is SQUARED and network is THREE else np.zeros(30)
    with pytest.raises(error, match=r"validation y|must sum"):
        fit_network(X, good, network, training, validation=(X, targets))


@pytest.mark.parametrize(
    ("weights", "error", "words"),
    [
        (np.ones(29), ShapeError, r"must be \(rows,\) = \(30,\), got \(29,\)"),
        (np.ones((30, 1)), ShapeError, r"must be .*, got \(30, 1\)"),
        (with_value(np.ones(30), 4, -2), InputError, "must be at least 0, got -2 in row 4"),
        (with_value(np.ones(30), 4, np.nan), InputError, "must hold finite numbers, got nan in row 4"),
        (np.zeros(30), InputError, "must have a positive sum"),
    ],
)
def test_weights(weights: np.ndarray, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=f"sample_weight {words}"):
        fit_network(X, y, ONE, BINARY, sample_weight=weights)
    with pytest.raises(error, match=f"validation weights {words}"):
        fit_network(X, y, ONE, BINARY, validation=(X, y, weights))


def test_validation_in_parts() -> None:
    with pytest.raises(ShapeError, match=r"\(X, y\) or \(X, y, weights\), got 1 parts"):
        fit_network(X, y, ONE, BINARY, validation=(X,))


def test_numbers_beyond_float32_are_refused_by_place_and_type() -> None:
    with pytest.raises(InputError, match=r"got inf in row 2, column 1 \(as float32\)"):
        fit_network(with_value(X, (2, 1), 1e300), y, ONE, TrainingSpec("bce", dtype="float32"))


def test_what_fits_is_not_copied_and_what_does_not_is_converted() -> None:
    data = as_training_data(X, y, ONE, BINARY, None, None)
    assert np.shares_memory(data.X, X)
    assert (data.Y.shape, data.Y.dtype) == ((30, 1), np.float64)
    for same in (X.tolist(), np.asfortranarray(X), X.astype(object), X.astype(">f8")):
        converted = as_training_data(same, y.tolist(), ONE, BINARY, None, None)
        assert converted.X.flags.c_contiguous
        assert converted.X.dtype == np.dtype("float64")
        np.testing.assert_array_equal(converted.X, X)
    single = as_training_data(X, y > 0, ONE, TrainingSpec("bce", dtype="float32"), np.ones(30), (X, y, y + 1))
    arrays = (single.X, single.Y, single.weights, single.X_valid, single.Y_valid, single.weights_valid)
    assert {array.dtype for array in arrays if array is not None} == {np.dtype("float32")}
    assert None not in map(type, arrays)


@pytest.mark.parametrize("codes", [y, y.astype(float), y.astype("uint8"), y.astype(bool), y.tolist(), y.astype(object)])
def test_class_codes_of_many_kinds(codes: Any) -> None:
    data = as_training_data(X, codes, THREE, CLASSES, None, None)
    assert data.Y.dtype == np.int64
    np.testing.assert_array_equal(data.Y, y)


def test_the_callers_arrays_are_left_alone() -> None:
    network = NetworkSpec(2, (4,), dropout=0.5)
    start = starting_point(network, BINARY, None).parameters
    mine = [X.copy(), y.astype(float)[:, None], *(value.copy() for value in start.values())]
    for array in mine:
        array.flags.writeable = False
    initial = dict(zip(start, mine[2:]))
    plan = TrainingSpec("bce", "adam", 0.1, 5, batch_size=7, l1=0.1)
    fitted = fit_network(mine[0], mine[1], network, plan, initial=initial, validation=(mine[0], mine[1]))
    assert not any(np.shares_memory(value, mine[2]) for value in fitted.parameters.values())


# ---- initial parameters --------------------------------------------------------------------------------------------


def test_initial_parameters_by_name_in_any_order() -> None:
    network = NetworkSpec(2, (3,), bias=(True, False))
    start = starting_point(network, BINARY, None).parameters
    assert parameter_shapes(network) == {name: value.shape for name, value in start.items()}
    turned = dict(sorted(start.items()))
    assert list(turned) != list(start)
    one, other = (fit_network(X, y, network, BINARY, initial=initial) for initial in (start, turned))
    assert list(other.parameters) == list(one.parameters) == list(start)
    assert all(np.array_equal(one.parameters[name], other.parameters[name]) for name in start)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        (
            {"layers.0.weight": np.zeros((2, 3))},
            ShapeError,
            r"layers.0.weight must be \(outputs, inputs\) = \(3, 2\), got",
        ),
        ({"layers.0.bias": np.zeros((3, 1))}, ShapeError, r"layers.0.bias must be \(outputs,\) = \(3,\), got \(3, 1\)"),
        ({"layers.1.weight": [[0, np.inf, 0]]}, SpecError, "layers.1.weight holds a number that is not finite"),
        ({"layers.1.bias": np.zeros(1)}, SpecError, "must hold layers.0.weight, layers.0.bias, layers.1.weight; got"),
    ],
)
def test_initial_parameters_that_do_not_fit(changes: dict[str, Any], error: type[Exception], words: str) -> None:
    network = NetworkSpec(2, (3,), bias=(True, False))
    start = starting_point(network, BINARY, None).parameters
    with pytest.raises(error, match=words):
        fit_network(X, y, network, BINARY, initial=start | changes)
    with pytest.raises(SpecError, match="got nothing"):
        fit_network(X, y, network, BINARY, initial={})


# ---- a fitted network --------------------------------------------------------------------------------------------


def test_scores_and_predictions() -> None:
    fitted = fit_network(X, y, THREE, CLASSES)
    assert fitted.scores(X.tolist()).shape == (30, 3)
    np.testing.assert_allclose(fitted.predict(X).sum(axis=1), 1)
    with pytest.raises(ShapeError, match=r"X must be \(rows, 2\), got \(30, 1\)"):
        fitted.scores(X[:, :1])
    assert repr(fitted) == f"FittedNetwork(2-3, {fitted.history!r})"
