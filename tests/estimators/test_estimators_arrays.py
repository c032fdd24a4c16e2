"""Arrays of every sort at the estimators' door: what can be used gives what it should, the rest is answered clearly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.exceptions import NotFittedError

import pellucid
from pellucid.errors import InputError, PellucidError, ShapeError

ROWS = 60
rng = np.random.default_rng(0)
X = rng.normal(size=(ROWS, 4))
LABELS = (X[:, 0] > 0).astype(int)
NUMBERS = X[:, 0] * 2 + 1
KINDS = ("classifier", "regressor")
CALLS = ("fit", "partial_fit", "predict", "predict_proba", "score")


def make(kind: str) -> Any:
    estimator = pellucid.MLPClassifier if kind == "classifier" else pellucid.MLPRegressor
    return estimator(hidden_layer_sizes=(4,), epochs=2, random_state=0)


def target(kind: str) -> np.ndarray:
    return LABELS if kind == "classifier" else NUMBERS


def called(kind: str, call: str, inputs: Any, y: Any = None) -> Any:
    """The call with these inputs, on a fitted model where that is needed."""
    y = target(kind) if y is None else y
    model = make(kind)
    if call in ("fit", "partial_fit"):
        return getattr(model, call)(inputs, y).parameters_
    model.fit(X, target(kind))
    return model.score(inputs, y) if call == "score" else getattr(model, call)(inputs)


def calls(kind: str) -> tuple[str, ...]:
    return CALLS if kind == "classifier" else tuple(call for call in CALLS if call != "predict_proba")


EVERY = [(kind, call) for kind in KINDS for call in calls(kind)]


def changed(row: int, column: int, value: Any, dtype: Any = np.float64) -> np.ndarray:
    result = X.astype(dtype)
    result[row, column] = value
    return result


def read_only(array: np.ndarray) -> np.ndarray:
    array = array.copy()
    array.flags.writeable = False
    return array


def same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return all(np.array_equal(one[name], other[name]) for name in one)
    return np.array_equal(one, other)


LIKE_X: dict[str, Any] = {
    "object": X.astype(object),
    "read-only": read_only(X),
    "by columns": np.asfortranarray(X),
    "strided": np.repeat(X, 2, axis=1)[:, ::2],
    "backwards twice": X[::-1].copy()[::-1],
    "list": X.tolist(),
    "masked, nothing under the mask": np.ma.masked_array(X, mask=np.zeros(X.shape, bool)),
    "big-endian": X.astype(">f8"),
}


@pytest.mark.parametrize("name", LIKE_X)
@pytest.mark.parametrize(("kind", "call"), EVERY)
def test_the_same_numbers_in_another_form_give_the_same(kind: str, call: str, name: str) -> None:
    assert same(called(kind, call, LIKE_X[name]), called(kind, call, X))


@pytest.mark.parametrize("dtype", ["float16", "float32", "int64", "int8", "uint16", "bool", "longdouble"])
@pytest.mark.parametrize(("kind", "call"), EVERY)
def test_other_types_of_numbers_are_taken(kind: str, call: str, dtype: str) -> None:
    inputs = (np.abs(X * 20) if dtype != "bool" else X > 0).astype(dtype)
    plain = inputs.astype(np.float32 if dtype == "float32" else np.float64)
    assert same(called(kind, call, inputs), called(kind, call, plain))


@pytest.mark.parametrize(("kind", "call"), EVERY)
def test_gaps_are_taken_and_masked_cells_are_gaps(kind: str, call: str) -> None:
    mask = np.zeros(X.shape, bool)
    mask[5, 2] = True
    expected = called(kind, call, changed(5, 2, np.nan))
    assert same(called(kind, call, np.ma.masked_array(changed(5, 2, 7e29), mask=mask)), expected)
    assert same(called(kind, call, changed(5, 2, None, object)), expected)


REFUSED: dict[str, tuple[Any, type[Exception], str]] = {
    "inf": (changed(5, 2, np.inf), InputError, "infinity in row 5, column 2"),
    "-inf": (changed(7, 0, -np.inf), InputError, "infinity in row 7, column 0"),
    "inf in float16": (changed(3, 1, np.inf, np.float16), InputError, "infinity in row 3, column 1"),
    "inf in float32": (changed(3, 1, np.inf, np.float32), InputError, "infinity in row 3, column 1"),
    "inf in object": (changed(3, 1, np.inf, object), InputError, "infinity in row 3, column 1"),
    "huge": (changed(5, 2, 1e300), InputError, r"the number 1e\+300 in row 5, column 2"),
    "sparse": (sparse.csr_matrix(X), TypeError, "toarray"),
    "sparse array": (sparse.coo_array(X), TypeError, "toarray"),
    "complex": (X.astype(complex), ValueError, "Complex data not supported"),
    "one dimension": (X[:, 0], ValueError, "Expected 2D array, got 1D"),
    "three dimensions": (X[:, :, None], ValueError, "dim 3"),
    "no rows": (X[:0], ValueError, "0 sample"),
    "no columns": (X[:, :0], ValueError, "0 feature"),
    "a text": ("data.csv", InputError, r"got the text 'data.csv'; read a file with pellucid.read"),
    "nothing": (None, InputError, "got None"),
    "rows of different lengths": ([[1.0, 2.0], [3.0]], ShapeError, "row 0 has 2 values, row 1 1"),
    "structured": (np.rec.fromarrays(X.T), InputError, "X is a structured array"),
    "bytes": (np.full((ROWS, 4), b"a"), InputError, "expected numbers, texts, dates"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize(("kind", "call"), EVERY)
def test_what_cannot_be_used_is_answered(kind: str, call: str, name: str) -> None:
    inputs, error, words = REFUSED[name]
    with pytest.raises(error, match=words):
        called(kind, call, inputs)


@pytest.mark.parametrize(("kind", "call"), [(k, c) for k, c in EVERY if c not in ("fit", "partial_fit")])
def test_another_number_of_columns(kind: str, call: str) -> None:
    with pytest.raises(ValueError, match=r"3 features, but .* is expecting 4"):
        called(kind, call, X[:, :3])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", ["predict", "predict_proba", "score", "decision_function"])
def test_unfitted(kind: str, call: str) -> None:
    model = make(kind)
    if hasattr(type(model), call):
        with pytest.raises(NotFittedError, match="not fitted yet"):
            getattr(model, call)(*((X, target(kind)) if call == "score" else (X,)))


def at(row: int, value: Any, dtype: Any = np.float64) -> np.ndarray:
    result = NUMBERS.astype(dtype)
    result[row] = value
    return result


@pytest.mark.parametrize("dtype", ["float16", "float32", "bool", "uint8"])
def test_labels_of_other_types_are_taken(dtype: str) -> None:
    model = make("classifier").fit(X, LABELS.astype(dtype))
    assert model.classes_.tolist() == [0, 1]


BAD_TARGETS: dict[str, tuple[Any, type[Exception], str]] = {
    "NaN": (at(4, np.nan), InputError, "NaN, first in row 4"),
    "None": (at(4, None, object), InputError, "NaN or None, first in row 4"),
    "inf": (at(4, np.inf), InputError, "Input y contains infinity in row 4"),
    "huge": (at(4, 1e200), InputError, r"Input y contains the number 1e\+200 in row 4"),
    "short": (LABELS[:-1], ShapeError, "X has 60 rows, y has 59"),
    "sparse": (sparse.csr_matrix(LABELS[:, None]), InputError, "sparse"),
    "three dimensions": (LABELS[:, None, None], ValueError, "dim 3|1d array"),
    "texts and numbers": (np.array(["a", 1] * 30, object), InputError, "texts and other values"),
    "complex": (LABELS.astype(complex), ValueError, "Complex data not supported"),
}


@pytest.mark.parametrize("name", BAD_TARGETS)
@pytest.mark.parametrize("call", ["fit", "partial_fit", "score"])
@pytest.mark.parametrize("kind", KINDS)
def test_targets_that_cannot_be_used(kind: str, call: str, name: str) -> None:
    y, error, words = BAD_TARGETS[name]
    with pytest.raises(error, match=words):
        called(kind, call, X, y)


@pytest.mark.parametrize("call", ["fit", "partial_fit", "score"])
def test_no_target_and_targets_of_another_sort(call: str) -> None:
    model = make("classifier").fit(X, LABELS)
    with pytest.raises(InputError, match="y is None"):
        getattr(model, call)(X, None)
    with pytest.raises(InputError, match="dates"):
        called("regressor", call, X, np.full(ROWS, np.datetime64("2024-01-01")))


def test_a_score_needs_labels_of_the_same_sort_and_shape() -> None:
    model = make("classifier").fit(X, LABELS)
    with pytest.raises(InputError, match="y holds labels such as 'b', training had 0"):
        model.score(X, np.array(["b", "c"] * 30))
    with pytest.raises(ShapeError, match="shape of the predictions"):
        model.score(X, np.stack([LABELS, LABELS], axis=1))
    with pytest.raises(ShapeError, match="shape of the predictions"):
        make("regressor").fit(X, NUMBERS).score(X, np.stack([NUMBERS, NUMBERS], axis=1))


def test_scores_are_scikit_learns() -> None:
    from sklearn.metrics import accuracy_score, r2_score

    weights = rng.uniform(0, 2, ROWS)
    several = np.stack([LABELS, 1 - LABELS, X[:, 1] > 0], axis=1).astype(int)
    for y in (LABELS, np.where(LABELS, "yes", "no"), several):
        model = make("classifier").fit(X, y)
        for w in (None, weights):
            assert model.score(X, y, w) == pytest.approx(accuracy_score(y, model.predict(X), sample_weight=w))
    for y in (NUMBERS, np.stack([NUMBERS, X[:, 1]], axis=1)):
        model = make("regressor").fit(X, y)
        for w in (None, weights):
            assert model.score(X, y, w) == pytest.approx(r2_score(y, model.predict(X), sample_weight=w))


ones = np.ones(ROWS)
BAD_WEIGHTS: dict[str, tuple[Any, type[PellucidError], str]] = {
    "all zero": (0 * ones, InputError, "every sample_weight is zero"),
    "negative": (np.r_[ones[1:], -1], InputError, "got -1.0 in row 59"),
    "NaN": (np.r_[np.nan, ones[1:]], InputError, "got nan in row 0"),
    "inf": (np.r_[np.inf, ones[1:]], InputError, "got inf in row 0"),
    "short": (ones[1:], ShapeError, r"must be \(rows,\) = \(60,\), got \(59,\)"),
    "a column": (ones[:, None], ShapeError, r"got \(60, 1\)"),
    "texts": (np.full(ROWS, "a"), InputError, "a number for each row"),
    "a word": ("balanced", InputError, "a number for each row, got 'balanced'"),
    "a dict": ({0: 1, 1: 2}, InputError, "a number for each row"),
}


@pytest.mark.parametrize("name", BAD_WEIGHTS)
@pytest.mark.parametrize("call", ["fit", "partial_fit", "score"])
@pytest.mark.parametrize("kind", KINDS)
def test_weights_that_cannot_be_used(kind: str, call: str, name: str) -> None:
    weights, error, words = BAD_WEIGHTS[name]
    model = make(kind).fit(X, target(kind))
    with pytest.raises(error, match=words):
        getattr(model, call)(X, target(kind), sample_weight=weights)


GOOD_WEIGHTS: dict[str, Any] = {
    "list": [1] * ROWS,
    "one number": 1,
    "bool": ones.astype(bool),
    "float16": ones.astype(np.float16),
    "read-only": read_only(ones),
}


@pytest.mark.parametrize("name", GOOD_WEIGHTS)
@pytest.mark.parametrize("kind", KINDS)
def test_weights_in_another_form(kind: str, name: str) -> None:
    y, weights = target(kind), GOOD_WEIGHTS[name]
    expected = make(kind).fit(X, y, ones)
    assert same(make(kind).fit(X, y, weights).parameters_, expected.parameters_)
    assert expected.score(X, y, weights) == expected.score(X, y)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_weight_zero_count_for_nothing(kind: str) -> None:
    weights = np.r_[np.ones(40), np.zeros(20)]
    y = target(kind)
    assert same(make(kind).fit(X, y, weights).parameters_, make(kind).fit(X[:40], y[:40], np.ones(40)).parameters_)
    model = make(kind).fit(X, y)
    assert model.score(X, y, weights) == pytest.approx(model.score(X[:40], y[:40]))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_was_passed_is_changed(kind: str) -> None:
    inputs, y, weights = X.copy(), target(kind).copy(), np.ones(ROWS)
    model = make(kind).fit(inputs, y, weights)
    model.predict(inputs)
    model.score(inputs, y, weights)
    assert np.array_equal(inputs, X)
    assert np.array_equal(y, target(kind))
    assert np.array_equal(weights, np.ones(ROWS))


@pytest.mark.parametrize("kind", KINDS)
def test_the_time_ends_a_fit(kind: str) -> None:
    model = make(kind).set_params(epochs=100_000)
    model.fit(X, target(kind), max_seconds=0.05)
    assert model.history_.stopped == "time"
    assert 1 <= len(model.history_) < 100_000
    for wrong in (-1, "soon", float("nan"), True):
        with pytest.raises(InputError, match="max_seconds must be a number of at least 0"):
            model.fit(X, target(kind), max_seconds=wrong)


def test_labels_beyond_64_bits_are_told_to_be_no_labels() -> None:
    with pytest.raises(ValueError, match="Unknown label type: continuous"):  # and no warning about a cast
        make("classifier").fit(X, LABELS * 1e20)


@pytest.mark.parametrize("kind", KINDS)
def test_masked_answers_are_refused_with_their_row(kind):
    answers = target(kind)
    with pytest.raises(InputError, match="y has masked values, the first in row 3"):
        make(kind).fit(X, np.ma.masked_array(answers, mask=np.arange(ROWS) == 3))
    plain = make(kind).fit(X, answers).predict(X)
    assert (make(kind).fit(X, np.ma.masked_array(answers, mask=False)).predict(X) == plain).all()
