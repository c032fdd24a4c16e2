"""Printed figures of five teaching documents, from plain arrays and the textbook functions alone."""

import csv
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pellucid import nn
from pellucid.errors import InputError, ShapeError

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
pytestmark = pytest.mark.skipif(not (SHARED / "goldens").exists(), reason="../shared/goldens is not here")


@cache
def goldens() -> dict[tuple[int, str], dict[str, Any]]:
    document = json.loads((SHARED / "goldens" / "goldens.json").read_text())
    return {(int(d["seed"]), f["name"]): f for d in document["seeds"] for f in d["figures"]}


@cache
def fixtures() -> dict[str, Any]:
    result: dict[str, Any] = json.loads((SHARED / "goldens" / "fixtures.json").read_text())
    return result


def agree(document: int, name: str, got: object) -> None:
    figure = goldens()[document, name]
    np.testing.assert_allclose(got, figure["expected"], rtol=0, atol=figure["abs_tol"], err_msg=name)


class Stream:
    """Stands in for a NumPy generator: hands out the numbers that a document drew, in order."""

    def __init__(self, seed: int) -> None:
        self.numbers = np.array(fixtures()[f"torch_rand_stream_seed_{seed}"])

    def random(self, size: Any = None) -> Any:
        count = int(np.prod(size)) if size is not None else 1
        taken, self.numbers = self.numbers[:count], self.numbers[count:]
        return taken.reshape(size) if size is not None else taken[0]


def titanic() -> dict[str, list[str]]:
    with open(SHARED / "data" / "titanic_train.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def mode(texts: list[str]) -> str:
    counts = Counter(t for t in texts if t)
    return min((t for t in counts if counts[t] == max(counts.values())), key=float)


def split() -> tuple[np.ndarray, np.ndarray]:
    rows = fixtures()["titanic_split"]
    return np.array(rows["train_rows"]), np.array(rows["valid_rows"])


@cache
def four_columns() -> tuple[np.ndarray, np.ndarray]:
    """Age, SibSp, Parch, Fare: gaps filled by the mode and columns divided by the maximum of the training rows."""
    table, (train, _) = titanic(), split()
    columns = []
    for name in ("Age", "SibSp", "Parch", "Fare"):
        fill = mode([table[name][i] for i in train])
        values = np.array([float(t or fill) for t in table[name]], dtype=np.float32).astype(np.float64)
        columns.append(values / values[train].max())
    return np.stack(columns, axis=1), np.array(table["Survived"], dtype=np.float64)[:, None]


@cache
def twelve_columns() -> tuple[np.ndarray, np.ndarray]:
    """The second document's matrix, filled and scaled over all rows as it did."""
    table = titanic()
    age = np.array([float(t or mode(table["Age"])) for t in table["Age"]])
    columns = [age, *(np.array(table[name], dtype=float) for name in ("SibSp", "Parch"))]
    columns.append(np.log(np.array(table["Fare"], dtype=float) + 1))
    for name, levels in (("Sex", ("male", "female")), ("Pclass", "123"), ("Embarked", "CQS")):
        texts = [t or "S" for t in table[name]]
        columns += [np.array([float(t == level) for t in texts]) for level in levels]
    X = np.stack(columns, axis=1)
    return X / X.max(axis=0), np.array(table["Survived"], dtype=float)[:, None]


def descend(
    X: np.ndarray,
    Y: np.ndarray,
    parameters: nn.Parameters,
    loss: nn.Loss,
    rate: float,
    epochs: int,
    one_bias: bool = False,
) -> tuple[list[float], nn.Parameters]:
    """Full-batch gradient descent; the loss before every step. `one_bias`: all units of a layer share their bias."""
    optimizer, losses = nn.SGD(), []
    state, activations = optimizer.start(parameters), [nn.relu] * (nn.layer_count(parameters) - 1)
    for _ in range(epochs):
        Z, tape = nn.network_forward(X, parameters, activations)
        value, cache = nn.loss_forward(loss, Z, Y)
        losses.append(value)
        gradients = nn.network_backward(nn.loss_backward(cache), tape)
        if one_bias:
            gradients = {n: np.full_like(g, g.sum()) if n.endswith("bias") else g for n, g in gradients.items()}
        parameters, state = optimizer.step(parameters, gradients, state, rate)
    return losses, parameters


def outputs(X: np.ndarray, parameters: nn.Parameters) -> np.ndarray:
    return nn.network_forward(X, parameters, [nn.relu] * (nn.layer_count(parameters) - 1))[0]


def test_000_absolute_error_of_four_points() -> None:
    value, seen = nn.loss_forward(
        nn.MAE(), np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([[1.1], [2.1], [2.8], [4.2]])
    )
    agree(0, "mae_demo", value)
    agree(0, "mae_demo_terms", seen.rows)


def test_000_cross_entropy_of_single_points_and_a_small_batch() -> None:
    def rows(p: list[float], y: list[int]) -> nn.LossCache:
        p_column = np.array(p)[:, None]
        return nn.loss_forward(nn.BCE(), np.log(p_column / (1 - p_column)), np.array(y)[:, None])[1]

    agree(0, "bce_examples", rows([0.95, 0.55, 0.10, 0.10], [1, 1, 1, 0]).rows)
    batch = rows([0.95, 0.70, 0.40, 0.10, 0.30, 0.85], [1, 1, 1, 0, 0, 0])
    agree(0, "bce_batch_rows", batch.rows)
    agree(0, "bce_batch_mean", batch.rows.mean())


def test_000_linear_titanic() -> None:
    X, Y = four_columns()
    train, valid = split()
    parameters = nn.initialize((4, 1), False, "uniform", Stream(42))
    agree(0, "lin_init", parameters["layers.0.weight"][0])
    Z, tape = nn.network_forward(X[train], parameters, [])
    value, seen = nn.loss_forward(nn.MAE(), Z, Y[train])
    agree(0, "lin_loss0", value)
    agree(0, "lin_grad0", nn.network_backward(nn.loss_backward(seen), tape)["layers.0.weight"][0])
    losses, parameters = descend(X[train], Y[train], parameters, nn.MAE(), 4.0, 60)
    agree(0, "lin_losses_60", losses)
    agree(0, "lin_weights", parameters["layers.0.weight"][0])
    agree(0, "lin_val_preds", outputs(X[valid], parameters)[:, 0])


def test_000_eleven_relu_networks() -> None:
    X, Y = four_columns()
    train, valid = split()
    counts, accuracies = [], []
    for hidden in ((10, 10), (20, 20), (5, 5, 5), (30,), (), (2,), (50,), (2, 2), (50, 50), (5, 10, 5), (2, 2, 2, 2)):
        parameters = nn.initialize((4, *hidden, 1), False, "uniform", Stream(42))
        _, parameters = descend(X[train], Y[train], parameters, nn.SigmoidBCE(), 4.0, 60)
        yes = nn.predict_from(nn.SigmoidBCE(), outputs(X[valid], parameters)) > 0.5
        counts.append([yes.sum(), (~yes).sum()])
        accuracies.append((yes == (Y[valid] == 1)).mean())
    agree(0, "sweep_relu_true_false", counts)
    agree(0, "sweep_relu_accuracy", accuracies)


def test_001_linear_titanic() -> None:
    X, Y = twelve_columns()
    train, _ = split()
    parameters = nn.initialize((12, 1), False, "uniform", Stream(442))
    agree(1, "init", parameters["layers.0.weight"][0])
    Z, tape = nn.network_forward(X, parameters, [])
    agree(1, "preds10", Z[:10, 0])
    value, seen = nn.loss_forward(nn.MAE(), Z, Y)
    agree(1, "loss0", value)
    gradient = nn.network_backward(nn.loss_backward(seen), tape)["layers.0.weight"]
    agree(1, "grad0", gradient[0])
    W = parameters["layers.0.weight"]
    agree(1, "loss_after_true_step", nn.loss_forward(nn.MAE(), X @ (W - 0.1 * gradient).T, Y)[0])
    # What the page printed used a gradient that three backward passes had added up. Ours never adds up by itself.
    agree(1, "grad_doubled", (gradient + nn.network_backward(nn.loss_backward(seen), tape)["layers.0.weight"])[0])
    agree(1, "loss_after_page_step", nn.loss_forward(nn.MAE(), X @ (W - 0.1 * 3 * gradient).T, Y)[0])
    losses, trained = descend(X[train], Y[train], parameters, nn.MAE(), 0.2, 18)
    agree(1, "lin_losses_18", losses)
    agree(1, "lin_coeffs", trained["layers.0.weight"][0])


def test_001_sigmoid() -> None:
    X, Y = twelve_columns()
    train, valid = split()
    parameters = nn.initialize((12, 1), False, "uniform", Stream(442))
    losses, parameters = descend(X[train], Y[train], parameters, nn.SigmoidMAE(), 100.0, 30)
    agree(1, "sig_losses_30", losses)
    agree(1, "sig_coeffs", parameters["layers.0.weight"][0])
    agree(1, "sig_acc", ((outputs(X[valid], parameters) > 0) == (Y[valid] == 1)).mean())
    small = nn.initialize((12, 1), False, {"name": "uniform", "low": 0.0, "high": 0.1}, Stream(442))
    losses, parameters = descend(X[train], Y[train], small, nn.SigmoidMAE(), 100.0, 30)
    agree(1, "mat_losses_30", losses)
    agree(1, "mat_acc", ((outputs(X[valid], parameters) > 0) == (Y[valid] == 1)).mean())


@pytest.mark.parametrize(("rate", "figure"), [(1.4, "nn_1.4_losses_30"), (20.0, "nn_20_losses_30")])
def test_001_one_hidden_layer(rate: float, figure: str) -> None:
    X, Y = twelve_columns()
    train, _ = split()
    parameters = nn.initialize((12, 20, 1), [False, True], ["course_hidden", "course_output"], Stream(442))
    agree(1, figure, descend(X[train], Y[train], parameters, nn.SigmoidMAE(), rate, 30)[0])


def test_001_two_hidden_layers() -> None:
    X, Y = twelve_columns()
    train, valid = split()
    stream = Stream(442)  # the document draws all weights first and then the constants; we go layer by layer
    weights, constants = stream.random(12 * 10 + 10 * 10 + 10), stream.random(3)
    stream.numbers = np.insert(weights, [120, 220, 230], constants)
    parameters = nn.initialize((12, 10, 10, 1), True, "course_deep", stream)
    losses, parameters = descend(X[train], Y[train], parameters, nn.SigmoidMAE(), 4.0, 30, one_bias=True)
    agree(1, "deep_losses_30", losses)
    agree(1, "deep_acc", ((outputs(X[valid], parameters) > 0) == (Y[valid] == 1)).mean())


def test_001_flat_targets_are_refused_where_the_document_was_silently_wrong() -> None:
    X, Y = twelve_columns()
    train, _ = split()
    parameters = nn.initialize((12, 1), False, {"name": "uniform", "low": 0.0, "high": 0.1}, Stream(442))
    Z, flat = nn.network_forward(X[train], parameters, [])[0], Y[train][:, 0]
    with pytest.raises(ShapeError, match=r"\(713, 1\), got \(713,\)"):
        nn.loss_forward(nn.SigmoidMAE(), Z, flat)
    W, losses = parameters["layers.0.weight"], []
    for _ in range(3):  # the mistake itself: (713, 1) - (713,) is (713, 713)
        P = nn.sigmoid(X[train] @ W.T)
        losses.append(np.abs(P - flat).mean())
        dP = np.sign(P - flat).mean(axis=1, keepdims=True) / 713
        W = W - 100 * (dP * P * (1 - P)).T @ X[train]
    agree(1, "trap_broadcast_losses_3", losses)


def test_003_cross_entropy_and_imbalance() -> None:
    Z = np.log([[0.9 / 0.1], [0.2 / 0.8]])
    agree(3, "dummy_logits", Z[:, 0])
    agree(3, "sigmoid_log_odds", nn.sigmoid(np.array(goldens()[3, "log_odds"]["expected"])))
    Y = np.array([[1.0], [0.0]])
    agree(3, "bce_dummy", nn.loss_forward(nn.SigmoidBCE(), Z, Y)[0])
    agree(3, "bce_logits", nn.loss_forward(nn.BCE(), Z, Y)[0])
    four, labels = Z[[0, 1, 1, 1]], np.array([[1.0], [0], [0], [0]])
    agree(3, "bce_imb_mean", nn.loss_forward(nn.BCE(pos_weight=3.0, divide_by="rows"), four, labels)[0])
    agree(3, "bce_imb_weighted_average", nn.loss_forward(nn.BCE(pos_weight=3.0), four, labels)[0])
    # Targets and predictions swapped: 15.0 on the page, from logarithms of 0 held at -100.
    with pytest.raises(InputError, match="raw outputs come first, targets second"):
        nn.loss_forward(nn.BCE(), Y, Z)
    swapped = -np.mean([0.9 * 0 + 0.1 * -100, 0.2 * -100 + 0.8 * 0])
    agree(3, "bce_swapped_arguments", swapped)


def test_003_moons() -> None:
    raw, start = fixtures()["moons_raw"], fixtures()["moons_linear_init"]
    X, Y = np.array(raw["X_train"]), np.array(raw["y_train"], dtype=float)[:, None]
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    parameters = {"layers.0.weight": np.array([start["weight"]]), "layers.0.bias": np.array([start["bias"]])}
    optimizer = nn.SGD()
    for order in np.array(fixtures()["moons_old_shuffles_100x80"]):
        for rows in order.reshape(5, 16):
            Z, tape = nn.network_forward(X[rows], parameters, [])
            dZ = nn.loss_backward(nn.loss_forward(nn.BCE(), Z, Y[rows])[1])
            gradients = nn.network_backward(dZ, tape)
            parameters, _ = optimizer.step(parameters, gradients, optimizer.start(parameters), 0.1)
    assert parameters["layers.0.weight"][0] == pytest.approx([1.1822, -1.8684], abs=6e-5)
    assert parameters["layers.0.bias"][0] == pytest.approx(-0.0587, abs=6e-5)
    agree(3, "old_logits_train4", nn.network_forward(X[:4], parameters, [])[0][:, 0])


def test_004_numpy_network_on_the_spiral() -> None:
    table = np.genfromtxt(SHARED / "data" / "spiral.csv", delimiter=",", skip_header=1, dtype=str)
    points, colors = table[:, :2].astype(float), np.array([int(c[1]) - 1 for c in table[:, 2]])
    train = np.array(fixtures()["spiral_split_rows"]["train"])
    X, Y = points[train], colors[train]
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    start = fixtures()["spiral_numpy_mlp_init"]
    parameters = {
        "layers.0.weight": np.array(start["W1"]).T,
        "layers.0.bias": np.zeros(100),
        "layers.1.weight": np.array(start["W2"]).T,
        "layers.1.bias": np.zeros(3),
    }
    loss, log, hits = nn.SoftmaxCrossEntropy(), [], []
    for _ in range(10):
        Z = outputs(X, parameters)
        log.append(nn.loss_forward(loss, Z, Y)[0])
        hits.append((Z.argmax(axis=1) == Y).mean())
        _, parameters = descend(X, Y, parameters, loss, 1.0, 100)
    agree(4, "np_loss.notebook", log)
    agree(4, "np_accuracy.notebook", hits)
    page = np.array([goldens()[4, "np_sample_logits"]["expected"]])
    agree(4, "page_yhat_from_page_logits", nn.softmax(page)[0])
