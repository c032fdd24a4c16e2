"""Networks to modules and back: the same names, the same numbers, and words for what has no counterpart."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
import pytest

from pellucid import MLPRegressor, NetworkSpec, TrainingSpec, fit_network, nn
from pellucid.data import moons
from pellucid.errors import SpecError
from pellucid.pytorch import from_module, to_module

torch = pytest.importorskip("torch", reason="needs the extra torch")
tn = torch.nn

X, y = moons(60, 0.2, 0)
NETWORK = NetworkSpec(
    2, (6, 5, 4), activation=("gelu", "softplus", "identity"), bias=(True, False, True, True), dropout=(0.2, 0.0, 0.5)
)


@pytest.fixture(scope="module")
def fitted() -> Any:
    return fit_network(X, y, NETWORK, TrainingSpec("bce", epochs=2), engine="reference")


@pytest.mark.parametrize("activation", nn.ACTIVATIONS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_module_gives_the_scores_of_its_network(activation: str, dtype: str) -> None:
    plan = TrainingSpec("bce", epochs=1, dtype=dtype)
    fitted = fit_network(X, y, NetworkSpec(2, (5, 4), activation=activation), plan, engine="reference")
    rows = (30 * X).astype(dtype)
    with torch.no_grad():
        theirs = to_module(fitted)(torch.tensor(rows)).numpy()
    np.testing.assert_allclose(theirs, fitted.scores(rows), rtol=1e-5 if dtype == "float32" else 1e-12, atol=1e-6)


def test_the_state_is_exactly_our_parameters(fitted: Any) -> None:
    module = to_module(fitted)
    state = module.state_dict()
    assert list(state) == list(fitted.parameters)
    for name, value in fitted.parameters.items():
        np.testing.assert_array_equal(state[name].numpy(), value)
    assert not module.training
    before = fitted.parameters["layers.0.weight"].copy()
    with torch.no_grad():
        module.layers[0].weight.zero_()
    np.testing.assert_array_equal(fitted.parameters["layers.0.weight"], before)


def test_there_and_back(fitted: Any) -> None:
    back = from_module(to_module(fitted), loss="bce")
    assert back.network.to_dict() | {"initializer": None} == NETWORK.to_dict() | {"initializer": None}
    np.testing.assert_allclose(back.predict(X), fitted.predict(X), rtol=1e-14)
    again = fit_network(X, y, back.network, TrainingSpec("bce", epochs=1), initial=back.snapshot, engine="reference")
    assert again.history.engine == "reference"


def test_an_estimator_becomes_a_module() -> None:
    model = MLPRegressor((4,), epochs=2, preparation=None, target_transform="none", random_state=0).fit(X, y)
    with torch.no_grad():
        theirs = to_module(model)(torch.tensor(X)).numpy()[:, 0]
    np.testing.assert_allclose(theirs, model.predict(X), rtol=1e-9)


@pytest.mark.parametrize(
    ("end", "loss", "shape"),
    [(tn.Sigmoid(), "bce", 1), (tn.Softmax(dim=1), "softmax_cross_entropy", 3), (tn.Identity(), "mse", 2)],
)
def test_the_link_at_the_end_becomes_that_of_the_loss(end: Any, loss: str, shape: int) -> None:
    module = tn.Sequential(tn.Flatten(), tn.Sequential(tn.Linear(2, 4), tn.ReLU()), tn.Linear(4, shape), end)
    ours = from_module(module)
    assert ours.training.the_loss.name == loss
    rows = X.astype(np.float32)
    with torch.no_grad():
        np.testing.assert_allclose(ours.predict(rows), module(torch.tensor(rows)).numpy(), rtol=1e-5, atol=1e-6)


class Own(tn.Module):  # type: ignore[name-defined]
    """Code that nobody can read off its layers."""

    def __init__(self) -> None:
        super().__init__()
        self.first = tn.Linear(2, 3)

    def forward(self, X: Any) -> Any:
        return self.first(X) ** 2


L = tn.Linear


@pytest.mark.parametrize(
    ("module", "words"),
    [
        (Own(), "Own runs code of its own: put its layers into a Sequential"),
        (tn.Sequential(OrderedDict(body=Own())), "Own at 'body' runs code of its own"),
        (tn.Sequential(L(2, 3), tn.BatchNorm1d(3)), "BatchNorm1d at '1' has no counterpart"),
        (tn.Sequential(tn.ReLU(), L(2, 3)), "ReLU at '0' before the first Linear"),
        (tn.Sequential(tn.Dropout(0.1), L(2, 3)), "Dropout at '0' before the first Linear"),
        (tn.Sequential(L(2, 3), tn.Dropout(0.1)), "Dropout after the last Linear"),
        (tn.Sequential(L(2, 3), tn.Tanh()), "the activation 'tanh' after the last Linear"),
        (tn.Sequential(L(2, 3), tn.ReLU(), tn.Tanh(), L(3, 1)), "Tanh at '2' follows another activation"),
        (tn.Sequential(L(2, 3), tn.Dropout(0.1), tn.Tanh(), L(3, 1)), "Tanh at '2' follows Dropout"),
        (tn.Sequential(L(2, 3), tn.LeakyReLU(0.2), L(3, 1)), r"LeakyReLU\(negative_slope=0.2\) has no counterpart"),
        (tn.Sequential(L(2, 3), tn.GELU("tanh"), L(3, 1)), r"GELU\(approximate=tanh\)"),
        (tn.Sequential(L(2, 3), L(4, 1)), "'1' takes 4 inputs, but the layer before gives 3"),
        (tn.Sequential(L(2, 3), L(3, 1)).half(), "must be all float32 or float64"),
        (tn.Sequential(), "found no Linear layer"),
        (tn.Sequential(L(2, 3), tn.Dropout(1.0), L(3, 1)), r"dropout must lie in \[0, 1\)"),
    ],
)
def test_what_has_no_counterpart_is_named(module: Any, words: str) -> None:
    with pytest.raises(SpecError, match=words):
        from_module(module)


def test_a_loss_that_contradicts_the_end_of_the_module() -> None:
    with pytest.raises(SpecError, match="ends in sigmoid, but the loss 'mse'"):
        from_module(tn.Sequential(L(2, 1), tn.Sigmoid()), loss="mse")


def test_what_is_no_trained_network() -> None:
    with pytest.raises(SpecError, match="to_module takes a trained network or a fitted estimator, got NetworkSpec"):
        to_module(NETWORK)
    cube = nn.Activation("cube", "z³", lambda Z: Z**3, lambda Z, A: 3 * Z**2, (-np.inf, np.inf))
    fitted = fit_network(0.1 * X, y, NetworkSpec(2, (3,), activation=cube), TrainingSpec(epochs=1))
    with pytest.raises(SpecError, match="'cube' of your own has no counterpart"):
        to_module(fitted)
