"""Dense layers and whole networks: shapes, tapes, and gradients against finite differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import nn
from pellucid.errors import ShapeError


@st.composite
def networks(draw: st.DrawFn) -> tuple[tuple[int, ...], list[bool], list[str], str, int]:
    hidden = draw(st.lists(st.integers(1, 5), max_size=3))
    sizes = (draw(st.integers(1, 4)), *hidden, draw(st.integers(1, 3)))
    bias = [draw(st.booleans()) for _ in sizes[1:]]
    activations = [draw(st.sampled_from(sorted(nn.ACTIVATIONS))) for _ in hidden]
    return sizes, bias, activations, draw(st.sampled_from(sorted(nn.LOSSES))), draw(st.integers(0, 2**31))


def targets(loss: nn.Loss, rows: int, outputs: int, rng: np.random.Generator) -> np.ndarray:
    if loss.link == "softmax":
        return rng.integers(0, outputs, rows)
    return rng.normal(size=(rows, outputs)) if loss.link == "identity" else rng.uniform(size=(rows, outputs))


@settings(deadline=None, max_examples=80)
@given(networks(), st.booleans())
def test_gradients_of_any_network_are_the_slopes(plan: tuple, dropout: bool) -> None:
    sizes, bias, names, loss_name, seed = plan
    rng = np.random.default_rng(seed)
    loss, activations = nn.get_loss(loss_name), [nn.get_activation(name) for name in names]
    parameters = nn.initialize(sizes, bias, "torch_uniform", rng)
    X, Y = rng.normal(size=(6, sizes[0])), targets(loss, 6, sizes[-1], rng)
    weights = rng.uniform(0.5, 2, 6)
    masks = [
        nn.dropout_mask(nn.keep(seed, 0, i, np.arange(6)[:, None], np.arange(n)[None], 0.3), 0.3) if dropout else None
        for i, n in enumerate(sizes[1:-1])
    ]

    def value(at: nn.Parameters) -> float:
        penalty = nn.penalty_value(at, 0.1, 0.2)
        return nn.loss_forward(loss, nn.network_forward(X, at, activations, masks)[0], Y, weights)[0] + penalty

    Z, tape = nn.network_forward(X, parameters, activations, masks)
    dZ = nn.loss_backward(nn.loss_forward(loss, Z, Y, weights)[1])
    gradients = nn.penalty_gradients(nn.network_backward(dZ, tape), parameters, 0.1, 0.2)
    assert list(gradients) == list(parameters)
    check = nn.check_gradients(value, parameters, gradients)
    assert check.passed, str(check)


def test_the_tape_shows_everything() -> None:
    rng = np.random.default_rng(0)
    parameters = nn.initialize((3, 4, 2), True, "he_normal", rng)
    X = rng.normal(size=(5, 3))
    mask = nn.dropout_mask(rng.random((5, 4)) > 0.5, 0.5)
    Z, tape = nn.network_forward(X, parameters, [nn.relu], [mask])
    first, last = tape
    np.testing.assert_array_equal(first.X, X)
    np.testing.assert_array_equal(first.A, np.maximum(first.Z, 0))
    np.testing.assert_array_equal(last.X, first.A * mask)
    np.testing.assert_array_equal(last.A, Z)
    assert first.activation is nn.relu
    assert last.mask is None
    assert nn.layer_count(parameters) == 2


def test_float32_all_the_way() -> None:
    rng = np.random.default_rng(0)
    for name, activation in nn.ACTIVATIONS.items():
        parameters = nn.initialize((3, 4, 4, 1), True, "he_uniform", rng, np.float32)
        X, Y = rng.normal(size=(5, 3)).astype(np.float32), np.ones((5, 1))
        masks = [nn.dropout_mask(np.ones((5, 4), dtype=bool), 0.1, np.float32)] * 2
        Z, tape = nn.network_forward(X, parameters, [activation] * 2, masks)
        gradients = nn.network_backward(nn.loss_backward(nn.loss_forward(nn.BCE(), Z, Y)[1]), tape)
        gradients = nn.penalty_gradients(gradients, parameters, np.float64(0.1), np.float64(0.1))
        gradients, _ = nn.clip_by_norm(gradients, 1e-3)
        assert {g.dtype for g in gradients.values()} == {np.dtype(np.float32)}, name
        assert {layer.A.dtype for layer in tape} == {np.dtype(np.float32)}, name


def test_backward_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    parameters = nn.initialize((3, 4, 1), True, "he_uniform", rng)
    before = {name: p.copy() for name, p in parameters.items()}
    X = rng.normal(size=(5, 3))
    Z, tape = nn.network_forward(X, parameters, [nn.tanh])
    first = nn.network_backward(np.ones_like(Z), tape)
    second = nn.network_backward(np.ones_like(Z), tape)
    for name in parameters:
        np.testing.assert_array_equal(parameters[name], before[name])
        np.testing.assert_array_equal(first[name], second[name])


def test_shapes_that_do_not_fit_are_named() -> None:
    with pytest.raises(ShapeError, match=r"X \(rows, inputs\) \(5, 3\) and W \(outputs, inputs\) \(3, 2\)"):
        nn.dense_forward(np.zeros((5, 3)), np.zeros((3, 2)))
    with pytest.raises(ShapeError, match=r"b must be \(outputs,\) = \(2,\).*got \(1, 2\)"):
        nn.dense_forward(np.zeros((5, 3)), np.zeros((2, 3)), np.zeros((1, 2)))
    parameters = nn.initialize((3, 4, 1), True, "zeros", np.random.default_rng(0))
    with pytest.raises(ShapeError, match="1 hidden layers, but 2 activations"):
        nn.network_forward(np.zeros((5, 3)), parameters, [nn.relu, nn.relu])
    with pytest.raises(ShapeError, match="0 masks"):
        nn.network_forward(np.zeros((5, 3)), parameters, [nn.relu], [])


def test_every_public_name_is_there() -> None:
    assert "network_forward" in dir(nn)
    for name in dir(nn):
        assert getattr(nn, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'forwards'"):
        _ = nn.forwards
