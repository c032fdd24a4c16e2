"""Every gradient of a ledger against finite differences, and its step against what training does next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pellucid
from pellucid import nn

RNG = np.random.default_rng(5)
X = RNG.standard_normal((12, 3))
NUMBERS = RNG.standard_normal((12, 2))
CHANCES = (NUMBERS > 0).astype(float)
CODES = np.arange(12) % 3
LOSSES: list[tuple[nn.Loss, np.ndarray]] = [
    (nn.MSE(), NUMBERS),
    (nn.MAE(), NUMBERS),
    (nn.Huber(0.3), NUMBERS),
    (nn.BCE(), CHANCES),
    (nn.BCE(pos_weight=3.0), CHANCES),
    (nn.BCE(pos_weight=3.0, divide_by="rows"), CHANCES),
    (nn.SigmoidMAE(), CHANCES),
    (nn.SigmoidBCE(), CHANCES),
    (nn.SoftmaxCrossEntropy(), CODES),
    (nn.SoftmaxCrossEntropy((1.0, 2.0, 3.0), label_smoothing=0.1), CODES),
]


def fitted(loss: nn.Loss, Y: np.ndarray, **plan: Any) -> pellucid.FittedNetwork:
    outputs = 3 if loss.link == "softmax" else Y.shape[1]
    network = pellucid.NetworkSpec(3, (4, 3), outputs, activation=("tanh", "softplus"), bias=(True, False, True))
    spec = pellucid.TrainingSpec(**{"loss": loss, "epochs": 2, "learning_rate": 0.01, **plan})
    return pellucid.fit_network(X, Y, network, spec)


@pytest.mark.parametrize(("loss", "Y"), LOSSES, ids=lambda one: repr(one) if isinstance(one, nn.Loss) else "")
def test_every_gradient_is_the_slope_of_the_loss(loss: nn.Loss, Y: np.ndarray) -> None:
    model = fitted(loss, Y)
    found = pellucid.ledger(model, X[4], target=Y[4])
    back = found.backward

    def value(parameters: Any) -> float:
        Z = nn.network_forward(X[4:5], parameters, model.network.activations)[0]
        return nn.loss_forward(loss, Z, Y[4:5])[0]

    assert back.value == pytest.approx(value(model.parameters), rel=1e-12)
    check = nn.check_gradients(value, dict(model.parameters), back.gradients)
    assert check.passed, check
    assert any(layer.dz.any() for layer in back.layers)
    text = found.text()
    assert ("divides out again" in text) == (back.row_weight != 1)


OPTIMIZERS = [
    nn.SGD(),
    nn.SGD(momentum=0.9, nesterov=True),
    nn.RMSprop(momentum=0.5),
    nn.Adam(clip_norm=0.01),
    nn.AdamW(weight_decay=0.1),
]


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda one: one.name)
def test_the_step_of_a_batch_is_the_next_step_of_training(optimizer: nn.Optimizer) -> None:
    model = fitted(nn.SoftmaxCrossEntropy(), CODES, optimizer=optimizer, l2=0.01, l1=0.001)
    weights = np.linspace(1, 2, 12)
    one = pellucid.TrainingSpec(**{**model.training.__dict__, "epochs": 1})
    after = pellucid.fit_network(X, CODES, model.network, one, initial=model.snapshot, sample_weight=weights)
    found = pellucid.ledger(model, X[7], target=CODES[7], batch=(X, CODES, weights))
    step = found.backward.step
    assert step.steps_before == 2
    for name, change in step.change.items():
        assert change == pytest.approx(after.parameters[name] - model.parameters[name], rel=1e-9, abs=1e-14)
    assert found.backward.batch.rows == 12
    assert found.backward.batch.share == pytest.approx(weights[7] / weights.sum())
    text = found.text()
    assert "after 2 steps of training" in text or "no memory" in text
    assert "The batch has 12 rows" in text
    assert ("the limit is 0.01" in text) == (optimizer.clip_norm is not None)
    assert "0.001 · sign(w) + 0.01 · w" in text


def test_the_batch_gradient_is_the_weighted_sum_of_its_rows() -> None:
    model = fitted(nn.MSE(), NUMBERS, optimizer=nn.SGD())
    whole = pellucid.ledger(model, X[0], target=NUMBERS[0], batch=(X, NUMBERS)).backward.step.gradients
    rows = [pellucid.ledger(model, x, target=y).backward.gradients for x, y in zip(X, NUMBERS)]
    for name, gradient in whole.items():
        assert gradient == pytest.approx(sum(row[name] for row in rows) / 12, rel=1e-11, abs=1e-15)


def test_class_weights_count_in_a_batch_and_not_alone() -> None:
    y = CODES == 0
    plan = {"epochs": 1, "random_state": 0, "optimizer": "sgd", "hidden_layer_sizes": (2,)}
    model = pellucid.MLPClassifier(**plan, class_weight={False: 1, True: 5}).fit(X, y)
    found = pellucid.ledger(model, X[0], target=True, batch=(X, y)).backward
    assert found.batch.share == pytest.approx(5 / (5 * y.sum() + (~y).sum()))
    assert found.step.steps_before == 0
    with pytest.raises(pellucid.errors.InputError, match="none of the 6 rows"):
        pellucid.ledger(model, X[0], target=True, batch=(X[6:], y[6:]))
    with pytest.raises(pellucid.errors.ShapeError, match=r"\(X, y\)"):
        pellucid.ledger(model, X[0], target=True, batch=X)
    with pytest.raises(pellucid.errors.InputError, match="give target"):
        pellucid.ledger(model, X[0], batch=(X, y))


def test_lbfgs_has_no_single_step() -> None:
    model = fitted(nn.MSE(), NUMBERS, optimizer="lbfgs")
    found = pellucid.ledger(model, X[0], target=NUMBERS[0])
    assert found.backward.step.change == {}
    assert "no single step" in found.text()


def test_a_network_that_kept_an_earlier_epoch_has_a_fresh_memory() -> None:
    held = (X, RNG.standard_normal((12, 2)) * 9)
    plan = pellucid.TrainingSpec(epochs=30, learning_rate=0.5, patience=30)
    model = pellucid.fit_network(X, NUMBERS, pellucid.NetworkSpec(3, (4,), 2), plan, validation=held)
    assert model.history.kept_epoch < 30
    assert pellucid.ledger(model, X[0], target=NUMBERS[0]).backward.step.steps_before == 0
