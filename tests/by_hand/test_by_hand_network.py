"""One training step of a 2-2-1 network, multiplied out on paper.

x = (1, 2), y = 1

layer 0   W = [[1, -1], [0.5, 0.5]], b = (0, -1)      z = (1 - 2, 0.5 + 1 - 1) = (-1, 0.5), relu (0, 0.5)
layer 1   W = [[2, 4]], b = (-1)                      z = 0 + 2 - 1 = 1
"""

import numpy as np
import pytest

from pellucid import nn

X = np.array([[1.0, 2.0]])
Y = np.array([[1.0]])


def parameters() -> nn.Parameters:
    return {
        "layers.0.weight": np.array([[1.0, -1.0], [0.5, 0.5]]),
        "layers.0.bias": np.array([0.0, -1.0]),
        "layers.1.weight": np.array([[2.0, 4.0]]),
        "layers.1.bias": np.array([-1.0]),
    }


def test_forward() -> None:
    Z, tape = nn.network_forward(X, parameters(), [nn.relu])
    np.testing.assert_array_equal(tape[0].Z, [[-1.0, 0.5]])
    np.testing.assert_array_equal(tape[0].A, [[0.0, 0.5]])
    np.testing.assert_array_equal(Z, [[1.0]])


def test_backward_with_squared_error() -> None:
    # y = 0.5 would make the error 0.5; here y = 3: (1 - 3)² = 4, dz = 2 (1 - 3) = -4
    Z, tape = nn.network_forward(X, parameters(), [nn.relu])
    value, cache = nn.loss_forward(nn.MSE(), Z, np.array([[3.0]]))
    assert value == 4
    gradients = nn.network_backward(nn.loss_backward(cache), tape)
    # layer 1: dW = -4 · (0, 0.5), db = -4; dA = -4 · (2, 4) = (-8, -16); relu lets only the second through
    np.testing.assert_array_equal(gradients["layers.1.weight"], [[0.0, -2.0]])
    np.testing.assert_array_equal(gradients["layers.1.bias"], [-4.0])
    # layer 0: dz = (0, -16), dW = dzᵀ x
    np.testing.assert_array_equal(gradients["layers.0.weight"], [[0.0, 0.0], [-16.0, -32.0]])
    np.testing.assert_array_equal(gradients["layers.0.bias"], [0.0, -16.0])


def test_one_whole_step_with_cross_entropy() -> None:
    # p = 1 / (1 + e^-1) = 0.731059, loss = -ln p = 0.313262, dz = p - 1 = -0.268941
    start = parameters()
    Z, tape = nn.network_forward(X, start, [nn.relu])
    value, cache = nn.loss_forward(nn.BCE(), Z, Y)
    assert value == pytest.approx(0.3132616875)
    dZ = nn.loss_backward(cache)
    assert dZ == pytest.approx(np.array([[-0.2689414214]]))
    gradients = nn.network_backward(dZ, tape)
    moved, _ = nn.SGD().step(start, gradients, nn.SGD().start(start), rate=1.0)
    # layer 1, unit 2: 4 + 0.268941 · 0.5; layer 0, unit 2: dz = 4 · -0.268941 = -1.075766
    assert moved["layers.1.weight"] == pytest.approx(np.array([[2.0, 4.1344707107]]))
    assert moved["layers.1.bias"] == pytest.approx([-0.7310585786])
    assert moved["layers.0.weight"] == pytest.approx(np.array([[1, -1], [1.5757656855, 2.6515313710]]))
    assert moved["layers.0.bias"] == pytest.approx([0, 0.0757656855])
    assert nn.loss_forward(nn.BCE(), nn.network_forward(X, moved, [nn.relu])[0], Y)[0] < 1e-4


def test_two_rows_add_their_gradients_and_halve_them() -> None:
    both = np.array([[1.0, 2.0], [3.0, 0.0]])
    Z, cache = nn.dense_forward(both, np.array([[1.0, 1.0]]), np.array([0.0]))
    np.testing.assert_array_equal(Z, [[3.0], [3.0]])
    # errors 3 - 1 = 2 and 3 - 4 = -1: absolute slopes 1 and -1, halved over two rows
    value, loss_cache = nn.loss_forward(nn.MAE(), Z, np.array([[1.0], [4.0]]))
    assert value == 1.5
    dX, gradients = nn.dense_backward(nn.loss_backward(loss_cache), cache)
    np.testing.assert_array_equal(gradients["weight"], [[0.5 * 1 - 0.5 * 3, 0.5 * 2 - 0.5 * 0]])
    np.testing.assert_array_equal(gradients["bias"], [0.0])
    np.testing.assert_array_equal(dX, [[0.5, 0.5], [-0.5, -0.5]])


def test_dropout_of_the_second_unit() -> None:
    # Half of the units dropped: the first counts double, the second not at all, forward and backward.
    start = parameters() | {"layers.0.weight": np.array([[1.0, 1.0], [0.5, 0.5]])}
    Z, tape = nn.network_forward(X, start, [nn.relu], [np.array([[2.0, 0.0]])])
    np.testing.assert_array_equal(Z, [[2 * (2 * 3) - 1]])
    gradients = nn.network_backward(np.ones((1, 1)), tape)
    np.testing.assert_array_equal(gradients["layers.1.weight"], [[6.0, 0.0]])
    np.testing.assert_array_equal(gradients["layers.0.weight"], [[4.0, 8.0], [0.0, 0.0]])
