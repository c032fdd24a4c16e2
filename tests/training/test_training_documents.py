"""Runs of the five teaching documents through `fit_network`: their start, their order, their printed figures."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pellucid import NetworkSpec, Record, TrainingSpec, fit_network, nn
from pellucid.training.fit_network import FittedNetwork, NonFiniteError

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
pytestmark = pytest.mark.skipif(not (SHARED / "goldens").exists(), reason="../shared/goldens is not here")

ELEVEN = ((10, 10), (20, 20), (5, 5, 5), (30,), (), (2,), (50,), (2, 2), (50, 50), (5, 10, 5), (2, 2, 2, 2))


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


def start(sizes: tuple[int, ...], bias: Any = False, how: Any = "uniform", seed: int = 442) -> nn.Parameters:
    return nn.initialize(sizes, bias, how, Stream(seed))  # type: ignore[arg-type]


@cache
def titanic() -> dict[str, list[str]]:
    with open(SHARED / "data" / "titanic_train.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def mode(texts: list[str]) -> str:
    counts = Counter(t for t in texts if t)
    return min((t for t in counts if counts[t] == max(counts.values())), key=float)


@cache
def four_columns() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Document 000: Age, SibSp, Parch, Fare; filled and scaled from the training rows. X, y, X_valid, y_valid."""
    train, valid = (np.array(fixtures()["titanic_split"][k]) for k in ("train_rows", "valid_rows"))
    columns = []
    for name in ("Age", "SibSp", "Parch", "Fare"):
        fill = mode([titanic()[name][i] for i in train])
        values = np.array([float(t or fill) for t in titanic()[name]], dtype=np.float32).astype(np.float64)
        columns.append(values / values[train].max())
    X, y = np.stack(columns, axis=1), np.array(titanic()["Survived"], dtype=np.float64)
    return X[train], y[train], X[valid], y[valid]


@cache
def twelve_columns() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Document 001's matrix, filled and scaled over all rows as it did. X, y, X_valid, y_valid."""
    table = titanic()
    columns = [np.array([float(t or mode(table["Age"])) for t in table["Age"]])]
    columns += [np.array(table[name], dtype=float) for name in ("SibSp", "Parch")]
    columns.append(np.log(np.array(table["Fare"], dtype=float) + 1))
    for name, levels in (("Sex", ("male", "female")), ("Pclass", "123"), ("Embarked", "CQS")):
        texts = [t or "S" for t in table[name]]
        columns += [np.array([float(t == level) for t in texts]) for level in levels]
    X, y = np.stack(columns, axis=1), np.array(table["Survived"], dtype=float)
    X = X / X.max(axis=0)
    train, valid = (np.array(fixtures()["titanic_split"][k]) for k in ("train_rows", "valid_rows"))
    return X[train], y[train], X[valid], y[valid]


def descend(
    data: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    network: NetworkSpec,
    initial: nn.Parameters,
    loss: str,
    rate: float,
    epochs: int,
) -> FittedNetwork:
    X, y, X_valid, y_valid = data
    plan = TrainingSpec(loss, "sgd", rate, epochs)
    return fit_network(X, y, network, plan, initial=initial, validation=(X_valid, y_valid))


def test_000_linear_network_without_bias_on_mean_absolute_error() -> None:
    fitted = descend(four_columns(), NetworkSpec(4, bias=False), start((4, 1), seed=42), "mae", 4.0, 60)
    agree(0, "lin_losses_60", fitted.history.training_loss)
    agree(0, "lin_weights", fitted.parameters["layers.0.weight"][0])
    _, _, X_valid, y_valid = four_columns()
    agree(0, "lin_val_preds", fitted.predict(X_valid)[:, 0])
    agree(0, "lin_accuracy", np.mean((fitted.predict(X_valid)[:, 0] > 0.5) == y_valid))


def test_000_eleven_relu_networks() -> None:
    accuracies, one_class = [], []
    for hidden in ELEVEN:
        network = NetworkSpec(4, hidden, bias=False)
        fitted = descend(four_columns(), network, start((4, *hidden, 1), seed=42), "sigmoid_bce", 4.0, 60)
        accuracies.append(fitted.history.epochs[-1].validation_score)
        one_class.append(any(f.code == "ONE_CLASS" for f in fitted.history.findings))
    agree(0, "sweep_relu_accuracy", accuracies)
    # TRAPS 3: wherever all 178 rows got the same class, the run says so; and nowhere else.
    assert one_class == [0 in counts for counts in goldens()[0, "sweep_relu_true_false"]["expected"]]


@pytest.mark.parametrize("place", range(11))
def test_000_eleven_deep_linear_networks_are_flagged_as_such(place: int) -> None:
    hidden = ELEVEN[place]
    network = NetworkSpec(4, hidden, activation="identity", bias=False)
    initial = start((4, *hidden, 1), seed=42)
    if goldens()[0, "sweep_linear_nan_rows"]["expected"][place]:  # the page took NaN > 0.5 for "died"
        with pytest.raises(NonFiniteError, match=r"epoch \d+, step \d+.*Try learning_rate="):
            descend(four_columns(), network, initial, "mae", 4.0, 60)
        return
    fitted = descend(four_columns(), network, initial, "mae", 4.0, 60)
    assert fitted.history.epochs[-1].validation_score is not None
    _, _, X_valid, y_valid = four_columns()
    accuracy = np.mean((fitted.predict(X_valid)[:, 0] > 0.5) == y_valid)
    assert accuracy == pytest.approx(goldens()[0, "sweep_linear_accuracy"]["expected"][place], abs=5e-8)
    codes = {f.code for f in fitted.history.findings}
    assert ("LINEAR_STACK" in codes) == bool(hidden)
    assert ("ONE_CLASS" in codes) == (0 in goldens()[0, "sweep_linear_true_false"]["expected"][place])


def test_001_linear_and_sigmoid_networks() -> None:
    no_bias, data = NetworkSpec(12, bias=False), twelve_columns()
    fitted = descend(data, no_bias, start((12, 1)), "mae", 0.2, 18)
    agree(1, "lin_losses_18", fitted.history.training_loss)
    agree(1, "lin_coeffs", fitted.parameters["layers.0.weight"][0])
    agree(1, "lin_acc", np.mean((fitted.predict(data[2])[:, 0] > 0.5) == data[3]))
    fitted = descend(data, no_bias, start((12, 1)), "sigmoid_mae", 100.0, 30)
    agree(1, "sig_losses_30", fitted.history.training_loss)
    agree(1, "sig_coeffs", fitted.parameters["layers.0.weight"][0])
    agree(1, "sig_acc", fitted.history.epochs[-1].validation_score)
    agree(1, "sig_val_logits", fitted.scores(data[2])[: len(goldens()[1, "sig_val_logits"]["expected"]), 0])


def test_001_one_hidden_layer_with_a_bias_on_top_only() -> None:
    network, data = NetworkSpec(12, (20,), bias=(False, True)), twelve_columns()
    for rate, figure in ((1.4, "nn_1.4_losses_30"), (20.0, "nn_20_losses_30")):
        initial = start((12, 20, 1), [False, True], ["course_hidden", "course_output"])
        fitted = descend(data, network, initial, "sigmoid_mae", rate, 30)
        agree(1, figure, fitted.history.training_loss)
    agree(1, "nn_20_acc", fitted.history.epochs[-1].validation_score)


@dataclass
class TiedSGD(nn.SGD):
    """The document's layers add one constant to all of their units: its gradient is the sum of theirs."""

    name = "tied_sgd"

    def step(self, parameters: Any, gradients: Any, state: Any, rate: float) -> Any:
        tied = {n: np.full_like(g, g.sum()) if n.endswith("bias") else g for n, g in gradients.items()}
        return super().step(parameters, tied, state, rate)


def test_001_the_deep_network_and_its_plateau() -> None:
    """Half of the thirty epochs stand near the loss of saying "died" for everybody, and the run says so."""
    stream = Stream(442)  # the document draws all weights first and then the constants; we go layer by layer
    weights, constants = stream.random(12 * 10 + 10 * 10 + 10), stream.random(3)
    stream.numbers = np.insert(weights, [120, 220, 230], constants)
    initial = nn.initialize((12, 10, 10, 1), True, "course_deep", stream)  # type: ignore[arg-type]
    X, y, X_valid, y_valid = twelve_columns()
    plan = TrainingSpec("sigmoid_mae", TiedSGD(), 4.0, 30)
    held = (X_valid, y_valid)
    fitted = fit_network(X, y, NetworkSpec(12, (10, 10)), plan, initial=initial, validation=held)
    agree(1, "deep_losses_30", fitted.history.training_loss)
    agree(1, "deep_acc", fitted.history.epochs[-1].validation_score)
    found = {f.code: f.seen for f in fitted.history.findings}
    assert list(found) == ["FIT_ON_HELD_OUT", "NO_PROGRESS"]
    assert "input 0 only 0.925" in found["FIT_ON_HELD_OUT"]  # the largest age is 80, that of the training rows 74
    assert found["NO_PROGRESS"].startswith("For 15 of 30 epochs the loss stays near 0.3787")


def test_002_line_fit_and_its_two_cycle() -> None:
    x = np.arange(0, 1, 0.02, dtype=np.float32)
    y = np.float32(0.7) * x + np.float32(0.3)
    begin = fixtures()["line_fit_initial"]
    initial = {"layers.0.weight": np.array([[begin["weights"]]]), "layers.0.bias": np.array([begin["bias"]])}
    plan = TrainingSpec("mae", "sgd", 0.01, 500, dtype="float32")
    held = (x[40:, None], y[40:])
    fitted = fit_network(x[:40, None], y[:40], NetworkSpec(1), plan, initial=initial, validation=held)
    losses = np.stack([fitted.history.training_loss, fitted.history.validation_loss], axis=1)[::25]
    np.testing.assert_allclose(losses, goldens()[2, "loss_table"]["expected"], rtol=0, atol=2e-7)
    agree(2, "final_wb", [fitted.parameters["layers.0.weight"][0, 0], fitted.parameters["layers.0.bias"][0]])
    agree(2, "final_preds", fitted.predict(held[0])[:, 0])
    found = {f.code: f.seen for f in fitted.history.findings}
    assert list(found) == ["OSCILLATION"]
    assert "0.00431" in found["OSCILLATION"]
    assert "0.007211" in found["OSCILLATION"]


def moons() -> tuple[np.ndarray, ...]:
    raw = fixtures()["moons_raw"]
    X, X_valid = np.array(raw["X_train"]), np.array(raw["X_val"])
    center, spread = X.mean(axis=0), X.std(axis=0)
    y, y_valid = np.array(raw["y_train"]), np.array(raw["y_val"])
    return (X - center) / spread, y, (X_valid - center) / spread, y_valid


@pytest.mark.parametrize(
    ("shuffles", "figure"),
    [("moons_old_shuffles_100x80", "old_w1_w2_b"), ("moons_torch_2_13_shuffles_100x80", "now_w1_w2_b.torch_2_13")],
)
def test_003_moons_in_the_order_of_the_document(shuffles: str, figure: str) -> None:
    X, y, X_valid, y_valid = moons()
    begin = fixtures()["moons_linear_init"]
    initial = {"layers.0.weight": np.array([begin["weight"]]), "layers.0.bias": np.array([begin["bias"]])}
    plan = TrainingSpec("bce", "sgd", 0.1, epochs=100, batch_size=16)
    order = np.array(fixtures()[shuffles])
    fitted = fit_network(X, y, NetworkSpec(2), plan, initial=initial, order=order, validation=(X_valid, y_valid))
    agree(3, figure, [*fitted.parameters["layers.0.weight"][0], fitted.parameters["layers.0.bias"][0]])
    for threshold in (0.3, 0.5, 0.7):
        yes = fitted.predict(X_valid)[:, 0] > threshold
        counts = [[np.sum(~yes & (y_valid == 0)), np.sum(yes & (y_valid == 0))]]
        counts.append([np.sum(~yes & (y_valid == 1)), np.sum(yes & (y_valid == 1))])
        agree(3, f"old_cm_{threshold}", counts)
    assert fitted.history.epochs[-1].validation_score == pytest.approx(17 / 20)
    assert fitted.history.findings == ()


@cache
def spiral() -> tuple[np.ndarray, np.ndarray]:
    table = np.genfromtxt(SHARED / "data" / "spiral.csv", delimiter=",", skip_header=1, dtype=str)
    points, colors = table[:, :2].astype(float), np.array([int(c[1]) - 1 for c in table[:, 2]])
    train = np.array(fixtures()["spiral_split_rows"]["train"])
    X = points[train]
    return (X - X.mean(axis=0)) / X.std(axis=0), colors[train]


def test_004_numpy_network_for_a_thousand_epochs() -> None:
    X, y = spiral()
    begin = fixtures()["spiral_numpy_mlp_init"]
    initial = {"layers.0.weight": np.array(begin["W1"]).T, "layers.0.bias": np.zeros(100)}
    initial |= {"layers.1.weight": np.array(begin["W2"]).T, "layers.1.bias": np.zeros(3)}
    plan = TrainingSpec("softmax_cross_entropy", "sgd", 1.0, 1000)
    network = NetworkSpec(2, (100,), 3)
    fitted = fit_network(X, y, network, plan, initial=initial, record=Record(weights_every=100))
    agree(4, "np_loss.notebook", fitted.history.training_loss[::100])
    assert fitted.recording is not None
    recorded = [fitted.recording.at(epoch) for epoch in range(0, 1000, 100)]
    hits = [(fitted.engine.scores(network, weights, X).argmax(axis=1) == y).mean() for weights in recorded]
    agree(4, "np_accuracy.notebook", hits)


@pytest.mark.parametrize(("activation", "name", "every"), [("identity", "linear", 1), ("relu", "mlp", 10)])
def test_004_the_same_networks_with_adam(activation: str, name: str, every: int) -> None:
    X, y = spiral()
    begin = fixtures()[f"spiral_{name}_init"]
    initial = {f"layers.{k}.{part}": np.array(begin[f"{letter}.{part}"])
               for k, letter in enumerate("ab") for part in ("weight", "bias")}  # fmt: skip
    network = NetworkSpec(2, (100,), 3, activation=activation)
    plan = TrainingSpec("softmax_cross_entropy", "adam", 0.01, 10 * every)
    fitted = fit_network(X, y, network, plan, initial=initial)
    agree(4, f"{name}_loss.notebook", fitted.history.training_loss[::every])
