"""Targets: labels to codes, numbers to standardized numbers, and back."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.data.table import Column
from pellucid.errors import ColumnError, ShapeError, SpecError
from pellucid.preprocessing import ClassTarget, NumberTarget, fit_target


def again(target):
    return type(target).from_dict(json.loads(json.dumps(target.to_dict())))


@pytest.mark.parametrize(
    "values",
    [
        np.array([3, 1, 3, 2]),
        np.array([3, 1, 3, 2], dtype=np.int8),
        np.array([2**60 + 1, 2**60, 2**60 + 1, 2**60]),
        np.array([1.5, -1.0, 1.5, 7.0]),
        np.array([True, False, True, False]),
        np.array(["b", "a", "b", "c"]),
        np.array(["b", "a", "b", "c"], dtype=object),
    ],
)
def test_labels_keep_their_type_and_order(values):
    target = fit_target(values, "classification", name="y")
    assert target.classes.tolist() == sorted(set(values.tolist()))
    assert target.classes.dtype == values.dtype
    codes = target.encode(values)
    assert codes.dtype == np.int64
    assert target.decode(codes).tolist() == values.tolist()
    assert target.decode(codes).dtype == values.dtype
    assert again(target) == target
    assert again(target).classes.dtype == values.dtype


def test_labels_of_a_table_are_texts():
    numbers = Column("rank", "number", np.array([10.0, 9.0, 10.0]))
    texts = Column("rank", "category", np.array([0, 2, 0], dtype=np.int32), ("10", "unused", "9"))
    for column in (numbers, texts):
        target = fit_target(column, "classification")
        assert (target.name, target.labels, target.positive) == ("rank", ("9", "10"), "10")
        assert target.encode(numbers).tolist() == target.encode(texts).tolist() == [1, 0, 1]
        assert target.encode(np.array(["9", "10"])).tolist() == target.encode(np.array([9, 10])).tolist() == [0, 1]
    assert fit_target(np.array([9, 10]), "classification").encode(texts).tolist() == [1, 0, 1]


def test_one_hot():
    target = fit_target(np.array(["b", "a", "c"]), "classification")
    assert target.one_hot(np.array(["c", "a"])).tolist() == [[0, 0, 1], [1, 0, 0]]


def test_positive_class_needs_two_classes():
    assert fit_target(np.array([0, 1, 1]), "classification").positive == 1
    with pytest.raises(SpecError, match="3 classes"):
        _ = fit_target(np.array([0, 1, 2]), "classification").positive


def test_unknown_and_missing_labels_name_their_row():
    target = fit_target(np.array(["yes", "no"]), "classification", name="deposit")
    with pytest.raises(
        ColumnError, match=r"row 1: the target 'deposit' has the unknown label 'yess'; did you mean 'yes'"
    ):
        target.encode(np.array(["no", "yess"]))
    gaps = Column("deposit", "category", np.array([0, -1], dtype=np.int32), ("no",))
    with pytest.raises(ColumnError, match=r"row 2: the target 'deposit' has no value"):
        target.encode(gaps)
    with pytest.raises(ColumnError, match=r"row 2: the target 'deposit' has no value"):
        fit_target(gaps, "classification")
    with pytest.raises(ColumnError, match=r"row 2: .* has no value"):
        fit_target(np.array([1.0, 2.0, np.nan]), "classification")
    with pytest.raises(ColumnError, match=r"row 0: .* has no value"):
        fit_target(np.array([None, "a", "b"], dtype=object), "classification")


def test_targets_that_are_no_classes():
    with pytest.raises(ColumnError, match="at least two classes; 'target' has only the class 1"):
        fit_target(np.array([1, 1]), "classification")
    with pytest.raises(ColumnError, match="of one type, got int and str"):
        fit_target(np.array([1, "a"], dtype=object), "classification")
    with pytest.raises(ShapeError, match=r"shape \(2, 2\)"):
        fit_target(np.eye(2), "classification")
    with pytest.raises(SpecError, match="did you mean 'classification'"):
        fit_target(np.array([1, 2]), "classificaton")


def test_standardize_by_hand():
    target = fit_target(np.array([1.0, 3.0, 8.0]), "regression")
    assert (target.center, target.spread) == ((4.0,), (pytest.approx(np.sqrt(26 / 3)),))
    assert target.encode(np.array([4.0])).tolist() == [[0.0]]
    weighted = fit_target(np.array([1.0, 3.0, 8.0]), "regression", weights=np.array([2.0, 0.0, 1.0]))
    assert weighted == fit_target(np.array([1.0, 1.0, 8.0]), "regression")


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e9)), min_size=2, max_size=20),
    st.sampled_from(["standardize", "none"]),
)
def test_decode_inverts_encode(rows, transform):
    both = np.array(rows)
    for values in (both, both[:, 0]):
        target = fit_target(values, "regression", transform=transform)
        encoded = target.encode(values)
        assert encoded.shape == (len(rows), both[:, :1].shape[1] if values.ndim == 1 else 2)
        assert target.decode(encoded).shape == values.shape
        size = np.abs(values).max() + 1e-300
        np.testing.assert_allclose(target.decode(encoded) / size, values / size, rtol=0, atol=1e-12)
        assert again(target) == target


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e9), min_size=2, max_size=20))
def test_decode_inverts_the_logarithm(values):
    target = fit_target(np.array(values), "regression", transform="log1p_standardize")
    np.testing.assert_allclose(target.decode(target.encode(np.array(values))), values, rtol=1e-12, atol=1e-12)


def test_weight_counts_as_repetition():
    values, counts = np.array([[1.0, 5.0], [2.0, 5.0], [9.0, -5.0]]), np.array([3, 1, 2])
    one = fit_target(values, "regression", weights=counts.astype(float))
    other = fit_target(np.repeat(values, counts, axis=0), "regression")
    np.testing.assert_allclose([*one.center, *one.spread], [*other.center, *other.spread], rtol=1e-14)


def test_a_target_that_does_not_vary():
    target = fit_target(Column("y", "number", np.full(3, 7.0)), "regression")
    assert target == NumberTarget("y", (7.0,), (1.0,))
    assert target.decode(np.zeros((2, 1))).tolist() == [7.0, 7.0]


def test_unusable_numbers():
    with pytest.raises(ColumnError, match="row 2: the target 'y' must be a finite number"):
        fit_target(Column("y", "number", np.array([1.0, np.nan])), "regression")
    with pytest.raises(ColumnError, match="must hold numbers"):
        fit_target(np.array(["a", "b"]), "regression")
    with pytest.raises(ColumnError, match=r"row 2: .* above -1"):
        fit_target(np.array([1.0, 2.0, -3.0]), "regression", transform="log1p_standardize")
    with pytest.raises(SpecError, match="did you mean 'standardize'"):
        fit_target(np.array([1.0, 2.0]), "regression", transform="standardise")
    with pytest.raises(ColumnError, match="has 1 outputs, got 2"):
        fit_target(np.array([1.0, 2.0]), "regression").encode(np.eye(2))
    with pytest.raises(ColumnError, match="no rows"):
        fit_target(np.array([]), "regression")


def test_record_prints_itself():
    assert repr(ClassTarget("y", ("no", "yes"))) == "ClassTarget(name='y', labels=('no', 'yes'), dtype='|O')"
