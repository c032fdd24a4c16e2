"""Losses: figures by hand, gradients by differences, weights, and the mistakes that are refused."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from pellucid import nn
from pellucid.errors import InputError, ShapeError, SpecError

VARIANTS = [
    nn.MAE(),
    nn.MSE(),
    nn.Huber(),
    nn.Huber(delta=0.3),
    nn.BCE(),
    nn.BCE(pos_weight=3.0),
    nn.BCE(pos_weight=3.0, divide_by="rows"),
    nn.SigmoidMAE(),
    nn.SigmoidBCE(),
    nn.SoftmaxCrossEntropy(),
    nn.SoftmaxCrossEntropy(class_weights=(1.0, 2.0, 0.5)),
    nn.SoftmaxCrossEntropy(class_weights=(1.0, 2.0, 0.5), label_smoothing=0.2),
    nn.SoftmaxCrossEntropy(class_weights=(1.0, 2.0, 0.5), label_smoothing=0.2, divide_by="rows"),
]
ALL = pytest.mark.parametrize("loss", VARIANTS, ids=str)


def value(loss: nn.Loss, Z: object, Y: object, weight: object = None) -> float:
    return nn.loss_forward(loss, Z, Y, weight)[0]


def column(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=np.float64)[:, None]


@ALL
def test_gradient_is_the_slope(loss: nn.Loss) -> None:
    for seed in range(5):
        check = nn.check_loss(loss, seed=seed)
        assert check.passed, str(check)


@ALL
def test_settings_survive_as_plain_values(loss: nn.Loss) -> None:
    again = nn.get_loss(loss.to_dict())
    assert again == loss
    assert hash(again) == hash(loss)


def test_regression_by_hand() -> None:
    Z, Y = column(3, 0, -2), column(1, 0.5, -2)  # errors 2, -0.5, 0
    assert value(nn.MAE(), Z, Y) == pytest.approx((2 + 0.5 + 0) / 3)
    assert value(nn.MSE(), Z, Y) == pytest.approx((4 + 0.25 + 0) / 3)
    # 1 (2 - 1/2) = 1.5 beyond delta; 0.25 / 2 = 0.125 inside
    assert value(nn.Huber(), Z, Y) == pytest.approx((1.5 + 0.125 + 0) / 3)
    assert nn.loss_backward(nn.loss_forward(nn.MAE(), Z, Y)[1]).ravel() == pytest.approx([1 / 3, -1 / 3, 0])
    assert nn.loss_backward(nn.loss_forward(nn.MSE(), Z, Y)[1]).ravel() == pytest.approx([4 / 3, -1 / 3, 0])
    assert nn.loss_backward(nn.loss_forward(nn.Huber(), Z, Y)[1]).ravel() == pytest.approx([1 / 3, -0.5 / 3, 0])


def test_several_outputs_are_averaged_inside_the_row() -> None:
    Z, Y = np.array([[1.0, 3.0], [0.0, 0.0]]), np.zeros((2, 2))
    total, cache = nn.loss_forward(nn.MAE(), Z, Y)
    assert cache.rows == pytest.approx([2.0, 0.0])
    assert total == pytest.approx(1.0)
    assert nn.loss_backward(cache) == pytest.approx(np.array([[0.25, 0.25], [0, 0]]))


def test_bce_by_hand() -> None:
    # Raw outputs ln 9 and ln 1/4 are probabilities 0.9 and 0.2: (-ln 0.9 - ln 0.8) / 2 = 0.164252
    Z, Y = column(np.log(9), np.log(0.25)), column(1, 0)
    for loss in (nn.BCE(), nn.SigmoidBCE()):
        total, cache = nn.loss_forward(loss, Z, Y)
        assert total == pytest.approx(-(np.log(0.9) + np.log(0.8)) / 2)
        assert nn.loss_backward(cache).ravel() == pytest.approx([(0.9 - 1) / 2, 0.2 / 2])
    total, cache = nn.loss_forward(nn.SigmoidMAE(), Z, Y)
    assert total == pytest.approx((0.1 + 0.2) / 2)
    assert nn.loss_backward(cache).ravel() == pytest.approx([-0.09 / 2, 0.16 / 2])


def test_pos_weight_divides_by_weights_unless_told_otherwise() -> None:
    # One positive row at p = 0.9 that counts 3 times, three negative rows at p = 0.2.
    Z, Y = column(np.log(9), *[np.log(0.25)] * 3), column(1, 0, 0, 0)
    total = -3 * np.log(0.9) - 3 * np.log(0.8)
    assert value(nn.BCE(pos_weight=3), Z, Y) == pytest.approx(total / 6)
    assert value(nn.BCE(pos_weight=3, divide_by="rows"), Z, Y) == pytest.approx(total / 4)


def test_pos_weight_is_a_sample_weight_on_positive_rows() -> None:
    rng = np.random.default_rng(0)
    Z, Y = rng.normal(size=(30, 1)), rng.integers(0, 2, (30, 1)).astype(float)
    weighted, plain = nn.loss_forward(nn.BCE(pos_weight=2.5), Z, Y), None
    plain = nn.loss_forward(nn.BCE(), Z, Y, np.where(Y[:, 0] == 1, 2.5, 1.0))
    assert weighted[0] == pytest.approx(plain[0])
    np.testing.assert_allclose(nn.loss_backward(weighted[1]), nn.loss_backward(plain[1]), rtol=1e-12)


def test_softmax_by_hand() -> None:
    # e^z = 1, 2, 1 in the first row: p = 1/4, 1/2, 1/4; even probabilities in the second.
    Z = np.array([[0, np.log(2), 0], [5, 5, 5]])
    codes = np.array([1, 2])
    total, cache = nn.loss_forward(nn.SoftmaxCrossEntropy(), Z, codes)
    assert cache.rows == pytest.approx([np.log(2), np.log(3)])
    assert total == pytest.approx((np.log(2) + np.log(3)) / 2)
    expected = np.array([[1 / 4, -1 / 2, 1 / 4], [1 / 3, 1 / 3, -2 / 3]]) / 2
    np.testing.assert_allclose(nn.loss_backward(cache), expected, rtol=1e-12)
    # Classes 1 and 2 count 3 times and once: (3 ln 2 + ln 3) / 4
    weighted = nn.SoftmaxCrossEntropy(class_weights=(9.0, 3.0, 1.0))
    assert value(weighted, Z, codes) == pytest.approx((3 * np.log(2) + np.log(3)) / 4)
    # Smoothing 0.3 gives the target 0.8 and the others 0.1: 0.8 ln 2 + 0.1 (ln 4 + ln 4) in the first row
    smooth = nn.loss_forward(nn.SoftmaxCrossEntropy(label_smoothing=0.3), Z, codes)[1]
    assert smooth.rows == pytest.approx([0.8 * np.log(2) + 0.2 * np.log(4), np.log(3)])


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.floats(0, 0.9))
def test_codes_and_one_hot_rows_are_the_same_targets(seed: int, smoothing: float) -> None:
    rng = np.random.default_rng(seed)
    Z, codes = 5 * rng.normal(size=(7, 4)), rng.integers(0, 4, 7)
    loss = nn.SoftmaxCrossEntropy(class_weights=(1, 2, 3, 0.5), label_smoothing=smoothing)
    a, b = nn.loss_forward(loss, Z, codes), nn.loss_forward(loss, Z, nn.one_hot(codes, 4))
    assert a[0] == b[0]
    np.testing.assert_array_equal(nn.loss_backward(a[1]), nn.loss_backward(b[1]))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_two_classes_by_softmax_equal_one_sigmoid(seed: int) -> None:
    rng = np.random.default_rng(seed)
    z, codes = 4 * rng.normal(size=9), rng.integers(0, 2, 9)
    two = value(nn.SoftmaxCrossEntropy(), np.stack([np.zeros(9), z], axis=1), codes)
    one = value(nn.BCE(), z[:, None], codes[:, None])
    assert two == pytest.approx(one, rel=1e-12)


@pytest.mark.parametrize("loss", VARIANTS[:9], ids=str)
def test_a_row_of_weight_two_is_the_row_twice(loss: nn.Loss) -> None:
    rng = np.random.default_rng(1)
    Z, Y = rng.normal(size=(4, 2)), rng.integers(0, 2, (4, 2)).astype(float)
    repeats = np.array([1, 2, 0, 3])
    weighted = nn.loss_forward(loss, Z, Y, repeats)
    repeated = nn.loss_forward(loss, np.repeat(Z, repeats, axis=0), np.repeat(Y, repeats, axis=0))
    assert weighted[0] == pytest.approx(repeated[0], rel=1e-12)
    dZ = nn.loss_backward(weighted[1])
    assert not dZ[2].any()
    np.testing.assert_allclose(dZ[1], 2 * nn.loss_backward(repeated[1])[1], rtol=1e-12)


def test_a_batch_without_weight_has_no_say() -> None:
    total, cache = nn.loss_forward(nn.MSE(), column(1, 2), column(0, 0), np.zeros(2))
    assert total == 0
    assert not nn.loss_backward(cache).any()


@ALL
def test_float32_stays_float32_and_finite_far_out(loss: nn.Loss) -> None:
    Z = np.array([[1e4, -1e4, 0], [-1e4, 1e4, 30]], dtype=np.float32)
    Y = np.array([[0, 1, 0], [1, 0, 0]], dtype=np.float64)
    total, cache = nn.loss_forward(loss, Z, Y, np.array([1.0, 2.0]))
    dZ = nn.loss_backward(cache)
    assert np.isfinite(total)
    assert dZ.dtype == cache.rows.dtype == np.float32
    assert np.isfinite(dZ).all()


def test_sigmoid_bce_stops_at_100_where_bce_goes_on() -> None:
    Z, Y = column(1000.0), column(0.0)
    assert value(nn.SigmoidBCE(), Z, Y) == 100
    assert value(nn.BCE(), Z, Y) == 1000
    assert nn.loss_backward(nn.loss_forward(nn.SigmoidBCE(), Z, Y)[1]) == 0
    assert nn.loss_backward(nn.loss_forward(nn.BCE(), Z, Y)[1]) == 1


def test_links() -> None:
    Z = np.array([[1.0, 2.0, 4.0], [1000.0, 0.0, -1000.0]])
    np.testing.assert_allclose(nn.predict_from(nn.SoftmaxCrossEntropy(), Z), special.softmax(Z, axis=1), rtol=1e-12)
    np.testing.assert_allclose(nn.predict_from(nn.BCE(), Z), special.expit(Z), rtol=1e-12)
    np.testing.assert_array_equal(nn.predict_from(nn.MSE(), Z), Z)
    np.testing.assert_allclose(nn.log_softmax(Z), special.log_softmax(Z, axis=1), rtol=1e-12)


@pytest.mark.parametrize("name", sorted(nn.LOSSES))
def test_flat_targets_are_never_broadcast(name: str) -> None:
    with pytest.raises((ShapeError, InputError), match=r"\(5, 1\).*\(5,\)|whole numbers"):
        nn.loss_forward(nn.get_loss(name), np.zeros((5, 1)), np.full(5, 0.5))
    with pytest.raises(ShapeError, match=r"\(5, 2\).*\(5, 1\)"):
        nn.loss_forward(nn.get_loss(name), np.zeros((5, 2)), np.zeros((5, 1)))


@pytest.mark.parametrize("name", ["bce", "sigmoid_bce", "sigmoid_mae"])
def test_swapped_arguments_are_caught(name: str) -> None:
    with pytest.raises(InputError, match=r"\[0, 1\], got 2\.5 in row 1, output 0; raw outputs come first"):
        nn.loss_forward(nn.get_loss(name), column(1, 0), column(0.5, 2.5))
    with pytest.raises(InputError, match="nan in row 0"):
        nn.loss_forward(nn.get_loss(name), column(1), column(np.nan))


def test_bad_class_targets() -> None:
    loss = nn.SoftmaxCrossEntropy()
    with pytest.raises(InputError, match="0 to 2, got 3 in row 1"):
        nn.loss_forward(loss, np.zeros((2, 3)), np.array([0, 3]))
    with pytest.raises(InputError, match="got -1 in row 0"):
        nn.loss_forward(loss, np.zeros((2, 3)), np.array([-1, 2]))
    with pytest.raises(InputError, match="float64"):
        nn.loss_forward(loss, np.zeros((2, 3)), np.array([0.0, 2.0]))
    with pytest.raises(InputError, match=r"sum to 1, got 1\.5 in row 1"):
        nn.loss_forward(loss, np.zeros((2, 2)), np.array([[0, 1], [0.5, 1]]))
    with pytest.raises(ShapeError, match="2 class_weights for 3 outputs"):
        nn.loss_forward(nn.SoftmaxCrossEntropy(class_weights=(1, 2)), np.zeros((2, 3)), np.array([0, 1]))


def test_bad_weights_and_outputs() -> None:
    with pytest.raises(ShapeError, match=r"\(rows,\) = \(2,\), got \(2, 1\)"):
        nn.loss_forward(nn.MSE(), column(1, 2), column(1, 2), column(1, 1))
    with pytest.raises(InputError, match="got -1 in row 1"):
        nn.loss_forward(nn.MSE(), column(1, 2), column(1, 2), [1, -1])
    with pytest.raises(ShapeError, match="at least one row"):
        nn.loss_forward(nn.MSE(), np.zeros((0, 1)), np.zeros((0, 1)))


def test_misspelt_names_and_settings() -> None:
    with pytest.raises(SpecError, match="did you mean 'huber'"):
        nn.get_loss("hubber")
    with pytest.raises(SpecError, match="no setting 'delt'; did you mean 'delta'"):
        nn.get_loss({"name": "huber", "delt": 2.0})
    for make in (
        lambda: nn.Huber(delta=0),
        lambda: nn.BCE(pos_weight=-1),
        lambda: nn.BCE(divide_by="row"),
        lambda: nn.SoftmaxCrossEntropy(label_smoothing=1.5),
        lambda: nn.SoftmaxCrossEntropy(class_weights=(0, 0)),
    ):
        with pytest.raises(SpecError):
            make()


@dataclass(frozen=True)
class Quartic(nn.Loss):
    name: ClassVar[str] = "quartic"
    factor: float = 4.0

    def forward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return ((Z - Y) ** 4).mean(axis=1)

    def backward(self, Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
        return self.factor * (Z - Y) ** 3 / Z.shape[1]


@dataclass(frozen=True)
class Impostor(Quartic):
    name: ClassVar[str] = "mse"


def test_own_loss_is_checked() -> None:
    mine = Quartic()
    assert nn.get_loss(mine) is mine
    with pytest.raises(SpecError, match="gradient of loss 'quartic' is wrong"):
        nn.get_loss(Quartic(factor=2.0))
    with pytest.raises(SpecError, match="not taken"):
        nn.get_loss(Impostor())
