"""What an epoch says about the validation rows, by hand; and the choice of an engine."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid import NetworkSpec, TrainingSpec, nn
from pellucid.engines.choose import choose_engine
from pellucid.engines.quality import validation_numbers
from pellucid.errors import SpecError


def test_accuracy_of_a_sigmoid_is_taken_at_one_half() -> None:
    Z, Y = np.array([[2.0], [-1.0], [0.5], [-3.0]]), np.array([[1.0], [1], [0], [0]])
    loss, score = validation_numbers(nn.BCE(), Z, Y, None)
    assert score == 0.5
    assert loss == pytest.approx(np.mean(np.log1p(np.exp([-2, 1, 0.5, -3]))))
    assert validation_numbers(nn.BCE(), Z, Y, np.array([3.0, 1, 0, 0]))[1] == 0.75


def test_several_outputs_are_averaged() -> None:
    Z, Y = np.array([[1.0, 1], [-1, 1]]), np.array([[1.0, 0], [0, 1]])
    assert validation_numbers(nn.SigmoidBCE(), Z, Y, None)[1] == 0.75


def test_accuracy_of_a_softmax_with_codes_and_with_probabilities() -> None:
    Z = np.array([[1.0, 2, 0], [3, 0, 0], [0, 0, 1]])
    for Y in (np.array([1, 0, 1]), np.eye(3)[[1, 0, 1]]):
        assert validation_numbers(nn.SoftmaxCrossEntropy(), Z, Y, None)[1] == pytest.approx(2 / 3)
        assert validation_numbers(nn.SoftmaxCrossEntropy(), Z, Y, np.array([0.0, 1, 3]))[1] == 0.25


def test_r_squared_by_hand() -> None:
    Y, Z = np.array([[1.0], [2], [3]]), np.array([[1.0], [2], [5]])
    loss, score = validation_numbers(nn.MAE(), Z, Y, None)
    assert loss == pytest.approx(2 / 3)
    assert score == pytest.approx(1 - 4 / 2)
    # weights 1, 1, 2: mean 2.25, spread (1.5625 + 0.0625 + 2 · 0.5625) / 4, residual 2 · 4 / 4
    assert validation_numbers(nn.MSE(), Z, Y, np.array([1.0, 1, 2]))[1] == pytest.approx(1 - 2 / 0.6875)


def test_r_squared_of_a_constant_target_is_zero() -> None:
    Y, Z = np.array([[1.0, 2.0], [3.0, 2.0]]), np.array([[1.0, 7.0], [3.0, 2.0]])
    assert validation_numbers(nn.MSE(), Z, Y, None)[1] == 0.5  # 1 of the first output, 0 of the second


def test_engines_by_name() -> None:
    network, training = NetworkSpec(2), TrainingSpec()
    assert choose_engine("reference", network, training).name == "reference"
    assert choose_engine("auto", network, training).name
    with pytest.raises(SpecError, match=r"no engine 'refrence'; did you mean 'reference'\?"):
        choose_engine("refrence", network, training)
