"""Calibration: figures by hand, order kept, and only where it helps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pellucid
from pellucid.errors import InputError, ShapeError, SpecError
from pellucid.estimators.decision import Calibration, Decision, logit, sigmoid

METHODS = ("temperature", "platt", "quadratic", "isotonic")


def rows(n=3000, seed=0, change=lambda z: z):
    """Truth drawn from σ(z), and probabilities σ(change(z))."""
    rng = np.random.default_rng(seed)
    z = rng.normal(0, 1.5, n)
    return (rng.random(n) < sigmoid(z)).astype(int), sigmoid(change(z))


def test_honest_probabilities_are_left_alone():
    chosen = [pellucid.calibrate(*rows(2000, seed)).method for seed in range(20)]
    assert chosen.count("none") >= 16


@pytest.mark.parametrize(
    ("method", "change"),
    [
        ("temperature", lambda z: 3 * z),
        ("platt", lambda z: z + 1.5),
        ("quadratic", lambda z: 2 * np.sqrt(2.56 + np.maximum(z, -2.5)) - 3.2),
        ("isotonic", lambda z: 6 * np.tanh(3 * (z - 1)) + z / 10 + 2 * np.tanh(3 * (z + 2))),
    ],
)
def test_each_way_of_being_wrong_gets_its_calibration(method, change):
    truth, probability = rows(20_000 if method == "isotonic" else 9_999, 1, change)
    found = pellucid.calibrate(truth, probability)
    assert found.method == method
    assert found.gain > found.gain_error > 0
    assert found.losses[method] == pytest.approx(found.losses["none"] - found.gain)
    other, p = rows(20_000, 2, change)
    calibrated = found.calibration(np.column_stack([1 - p, p]))

    def loss(q):
        return -np.log(np.where(other == 1, q, 1 - q)).mean()

    assert loss(calibrated[:, 1]) < loss(np.clip(p, 1e-16, 1 - 1e-16)) - found.gain / 2


def test_temperature_and_platt_find_the_figures_that_spoiled_the_probabilities():
    truth, probability = rows(200_000, 3, lambda z: 2 * z)
    assert pellucid.calibrate(truth, probability, method="temperature").calibration.coefficients == pytest.approx(
        [0.5], abs=0.01
    )
    truth, probability = rows(200_000, 3, lambda z: 2 * z + 1)
    assert pellucid.calibrate(truth, probability, method="platt").calibration.coefficients == pytest.approx(
        [-0.5, 0.5], abs=0.02
    )


def test_calibrations_by_hand():
    p = np.array([[0.2, 0.8]])  # logit ln 4
    assert Calibration("temperature", (0.5,))(p)[0, 1] == pytest.approx(2 / 3)
    assert Calibration("platt", (np.log(2), 1.0))(p)[0, 1] == pytest.approx(8 / 9)
    straight = Calibration("quadratic", (0.0, 1.0, 0.5), (0.0, 0.0))
    assert straight(p)[0, 1] == pytest.approx(0.8)  # beyond the knots the tangent of slope 1
    bent = Calibration("quadratic", (0.0, 1.0, 0.5), (0.0, 10.0))
    assert logit(bent(p)[0, 1]) == pytest.approx(np.log(4) + np.log(4) ** 2 / 2)
    assert Calibration("isotonic", (), (0.6, 1.0), (0.5, 0.7))(p)[0, 1] == pytest.approx(0.6)
    three = np.array([[0.5, 0.25, 0.25]])
    assert Calibration("temperature", (2.0,))(three)[0].tolist() == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(METHODS))
def test_no_calibration_turns_the_order_round(seed, method):
    truth, probability = rows(60, seed, lambda z: 5 * np.sin(z))
    try:
        found = pellucid.calibrate(truth, probability, method=method)
    except SpecError:  # the best fit falls
        return
    p = np.linspace(0, 1, 2001)
    after = found.calibration(np.column_stack([1 - p, p]))
    assert np.isfinite(after).all()
    assert (np.diff(after[:, 1]) >= -1e-15).all()
    assert np.allclose(after.sum(axis=1), 1)


def test_several_classes_get_a_temperature():
    rng = np.random.default_rng(0)
    z = rng.normal(size=(5000, 4)) * 2
    soft = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    truth = np.array([rng.choice(4, p=p) for p in soft])
    sharp = soft**3 / (soft**3).sum(axis=1, keepdims=True)
    found = pellucid.calibrate(truth, sharp)
    assert found.method == "temperature"
    assert found.calibration.coefficients == pytest.approx([1 / 3], abs=0.02)
    with pytest.raises(SpecError, match="platt scaling is for two classes, and there are 4"):
        pellucid.calibrate(truth, sharp, method="platt")


def test_rows_told_apart_without_a_mistake_give_finite_figures():
    p = np.r_[np.full(50, 0.3), np.full(50, 0.7)]
    for method in METHODS:
        try:
            found = pellucid.calibrate(np.repeat([0, 1], 50), p, method=method)
        except SpecError:
            continue
        assert np.isfinite(found.calibration(np.array([[0.0, 1.0], [1.0, 0.0]]))).all()


def test_isotonic_waits_for_10_000_rows():
    assert "isotonic" not in pellucid.calibrate(*rows(9_999)).losses
    assert "isotonic" in pellucid.calibrate(*rows(10_000)).losses


@pytest.mark.parametrize(
    ("truth", "probability", "options", "error", "said"),
    [
        ([1, 1], [0.2, 0.3], {}, InputError, "one class only"),
        ([0, 1], [0.2, np.nan], {}, InputError, "row 1 is nan"),
        ([0, 1], [0.2, 1.5], {}, InputError, "give no logits"),
        ([0, 2], [0.2, 0.3], {}, InputError, "row 1 is 2"),
        ([0, 1, 1], [0.2, 0.3], {}, ShapeError, "3 rows"),
        ([0, 1], [[0.2, 0.3], [0.5, 0.5]], {}, InputError, "sum to 1"),
        ([0, 1], [0.2, 0.3], {"method": "plat"}, SpecError, "did you mean 'platt'"),
        ([0, 1], [0.2, 0.3], {"folds": [0, 0]}, InputError, "one fold only"),
        ([0, 1], [0.2, 0.3], {"folds": [0]}, ShapeError, "folds"),
    ],
)
def test_what_cannot_be_calibrated(truth, probability, options, error, said):
    with pytest.raises(error, match=said):
        pellucid.calibrate(truth, probability, **options)


@pytest.mark.parametrize(
    "given",
    [
        ("temperature", (0.0,)),
        ("temperature", (1.0, 2.0)),
        ("platt", (0.0, -1.0)),
        ("platt", (0.0, np.inf)),
        ("quadratic", (0.0, 1.0, 1.0), (-1.0, 1.0)),
        ("quadratic", (0.0, 1.0, 0.1)),
        ("isotonic", (), (0.1, 0.2), (0.9, 0.1)),
        ("isotonic", (), (0.2, 0.1), (0.1, 0.9)),
        ("isotonic", (), (0.2,), ()),
        ("magic", (1.0,)),
    ],
)
def test_functions_that_fall_are_no_calibrations(given):
    with pytest.raises(SpecError, match="keeps the order"):
        Calibration(*given)


def test_a_decision_is_checked():
    for threshold in (-0.1, 1.1, np.nan, "0.5", True):
        with pytest.raises(SpecError, match="from 0 to 1"):
            Decision(threshold)
    with pytest.raises(SpecError, match="lower end first"):
        Decision(0.5, None, (0.6, 0.4))
