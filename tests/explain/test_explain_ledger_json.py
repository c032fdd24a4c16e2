"""The JSON of a ledger is enough: its arithmetic done again, forwards and backwards, with Python's `math` alone."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

import pellucid
from pellucid import nn

RNG = np.random.default_rng(11)
ROWS = 80
TABLE = {
    "age": [None if k % 9 == 0 else float(20 + k % 50) for k in range(ROWS)],
    "income": [float(x) for x in np.exp(RNG.normal(8, 2, ROWS))],
    "city": [["Rome", "Oslo", "Lima"][k % 3] for k in range(ROWS)],
}
Reading = dict[str, Any]


def normal_below(z: float) -> float:
    return (1 + math.erf(z / math.sqrt(2))) / 2


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


BENDS = {
    "identity": lambda z: z,
    "sigmoid": sigmoid,
    "tanh": math.tanh,
    "relu": lambda z: max(z, 0.0),
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else math.exp(z) - 1,
    "gelu": lambda z: z * normal_below(z),
    "silu": lambda z: z * sigmoid(z),
    "softplus": lambda z: math.log1p(math.exp(z)),
    "mish": lambda z: z * math.tanh(math.log1p(math.exp(z))),
}


def close(a: float, b: float, size: float = 1.0) -> bool:
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12 * max(size, 1e-3))


def redo_inputs(record: Reading) -> list[float]:
    """The inputs of the network; those that are scaled numbers computed again."""
    values = []
    for cell in record["cells"]:
        for one in cell["inputs"]:
            how = one["scaled"]
            if how is not None:
                x = how["start"]
                x = math.copysign(math.log1p(abs(x)), x) if how["log1p"] else x
                value = (x - how["center"]) / how["divisor"]
                value = value if how["clip"] is None else min(max(value, -how["clip"]), how["clip"])
                assert close(value, one["value"])
            values.append(one["value"])
    return values


def redo_forward(record: Reading) -> list[float]:
    """The raw outputs, every product, sum and activation checked on the way."""
    x = redo_inputs(record)
    for layer in record["layers"]:
        assert layer["x"] == x
        x = []
        for unit, weights in enumerate(layer["weight"]):
            products = [w * v for w, v in zip(weights, layer["x"])]
            assert all(close(a, b) for a, b in zip(products, layer["products"][unit]))
            bias = 0.0 if layer["bias"] is None else layer["bias"][unit]
            size = sum(map(abs, products)) + abs(bias)
            assert close(math.fsum([*products, bias]), layer["z"][unit], size)
            a = BENDS[layer["activation"]](layer["z"][unit])
            assert close(a, layer["a"][unit])
            x.append(layer["a"][unit])
    return record["layers"][-1]["z"]


def redo_answer(record: Reading) -> None:
    answer, z = record["answer"], record["layers"][-1]["z"]
    if "numbers" in answer:
        for score, spread, center, number in zip(z, answer["spread"], answer["center"], answer["numbers"]):
            y = score * spread + center
            assert close(math.expm1(y) if answer["transform"] == "log1p_standardize" else y, number, abs(number))
        return
    if answer["link"] == "softmax":
        exps = [math.exp(logit - max(z)) for logit in z]
        assert answer["shift"] == max(z)
        assert all(close(a, b) for a, b in zip(exps, answer["odds"]))
        found = [e / sum(exps) for e in exps]
    else:
        odds = [math.exp(logit) for logit in z]
        found = [o / (1 + o) for o in odds]
        found = [1 - found[0], found[0]] if len(answer["classes"]) == 2 and len(z) == 1 else found
        assert all(close(a, b) for a, b in zip(odds, answer["odds"]))
    assert all(close(a, b) for a, b in zip(found, answer["probabilities"]))


def redo_loss(record: Reading) -> tuple[float, list[float]]:
    """The loss, and dL/dz of every output."""
    back, z = record["backward"], record["layers"][-1]["z"]
    y, name = back["target"], back["loss"]["name"]
    if name == "softmax_cross_entropy":
        p = record["answer"]["probabilities"]
        return -sum(t * math.log(q) for t, q in zip(y, p)), [q - t for q, t in zip(p, y)]
    if name == "bce":
        p = [sigmoid(one) for one in z]
        losses = [-(t * math.log(q) + (1 - t) * math.log(1 - q)) for t, q in zip(y, p)]
        return sum(losses) / len(z), [(q - t) / len(z) for q, t in zip(p, y)]
    assert name == "mse"
    return sum((a - b) ** 2 for a, b in zip(z, y)) / len(z), [2 * (a - b) / len(z) for a, b in zip(z, y)]


def redo_backward(record: Reading) -> dict[str, Any]:
    """Every gradient by the chain rule, checked against those of the record."""
    loss, dz = redo_loss(record)
    back = record["backward"]
    assert close(loss, back["value"])
    gradients: dict[str, Any] = {}
    for layer, found in reversed(list(zip(record["layers"], back["layers"]))):
        number = layer["layer"]
        assert np.allclose(dz, found["dz"], rtol=1e-12, atol=1e-15)
        gradients[f"layers.{number}.weight"] = [[d * x for x in layer["x"]] for d in dz]
        assert np.allclose(gradients[f"layers.{number}.weight"], found["dw"], rtol=1e-12, atol=1e-15)
        assert (found["db"] is None) == (layer["bias"] is None)
        if found["db"] is not None:
            gradients[f"layers.{number}.bias"] = list(dz)
            assert np.allclose(dz, found["db"], rtol=1e-12, atol=1e-15)
        if number:
            below = record["layers"][number - 1]
            da = [sum(d * row[k] for d, row in zip(dz, layer["weight"])) for k in range(len(layer["x"]))]
            assert np.allclose(da, back["layers"][number - 1]["da"], rtol=1e-12, atol=1e-15)
            dz = [d * s for d, s in zip(da, below["slope"])]
    return gradients


def redo_step(record: Reading, gradients: dict[str, Any]) -> None:
    """The change of every weight by SGD or by Adam from a fresh memory."""
    step = record["backward"]["step"]
    knobs, rate = step["optimizer"], step["rate"]
    layers = {f"layers.{one['layer']}.weight": one["weight"] for one in record["layers"]}
    layers |= {f"layers.{one['layer']}.bias": one["bias"] for one in record["layers"] if one["bias"] is not None}
    assert set(step["change"]) == set(gradients)
    for name, change in step["change"].items():
        g = np.array(gradients[name])
        g = g + step["l2"] * np.array(layers[name]) if name.endswith("weight") else g
        assert np.allclose(g, step["gradients"][name], rtol=1e-12, atol=1e-15)
        if knobs["name"] == "sgd":
            expected = -rate * g
        else:
            m, v = (1 - knobs["beta_1"]) * g, (1 - knobs["beta_2"]) * g * g
            expected = -rate * (m / (1 - knobs["beta_1"])) / (np.sqrt(v / (1 - knobs["beta_2"])) + knobs["epsilon"])
        assert np.allclose(change, expected, rtol=1e-6, atol=1e-12)


def checked(found: Any) -> Reading:
    record = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    redo_forward(record)
    redo_answer(record)
    redo_step(record, redo_backward(record))
    return record


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("row", [0, 4])
def test_classes_of_a_table(classes: int, row: int) -> None:
    y = np.array(["no", "yes", "perhaps"])[np.arange(ROWS) % classes]
    model = pellucid.MLPClassifier((5, 4), epochs=3, random_state=1, weight_decay=0.1).fit(TABLE, y)
    cells = {name: values[row] for name, values in TABLE.items()}
    record = checked(pellucid.ledger(model, cells, target=y[row]))
    one = {name: [values[row]] for name, values in TABLE.items()}
    assert record["answer"]["calibrated"] == pytest.approx(model.predict_proba(TABLE)[row], abs=1e-6)
    assert record["answer"]["decision"] == model.predict(TABLE)[row]
    assert checked(pellucid.ledger(model, one, target=y[row])) == record


@pytest.mark.parametrize("transform", ["standardize", "log1p_standardize", "none"])
def test_numbers_of_a_table(transform: str) -> None:
    y = np.arange(ROWS) * 3.0 + 7
    model = pellucid.MLPRegressor(
        (4,), epochs=2, random_state=1, target_transform=transform, optimizer="sgd", learning_rate=0.001
    ).fit(TABLE, y)
    record = checked(pellucid.ledger(model, {name: values[9] for name, values in TABLE.items()}, target=y[9]))
    assert record["answer"]["numbers"] == pytest.approx(model.predict(TABLE)[9:10], rel=1e-5)


@pytest.mark.parametrize("activation", list(BENDS))
def test_every_activation_in_float64(activation: str) -> None:
    X = RNG.standard_normal((40, 3))
    y = np.arange(40) % 2
    model = pellucid.MLPClassifier((3, 2), activation=activation, epochs=2, random_state=0, dropout=0.2).fit(X, y)
    found = pellucid.ledger(model, X[5], target=1)
    checked(found)
    assert found.answer.calibrated == pytest.approx(model.predict_proba(X[5:6])[0], abs=1e-12)
    assert "Dropout is off" in found.text()


def test_labels_and_numbers_of_plain_networks_without_biases() -> None:
    X = RNG.standard_normal((30, 3))
    for loss, Y in (("bce", (X > 0).astype(float)), ("mse", X[:, :2] * 4)):
        network = pellucid.NetworkSpec(3, (4, 3), Y.shape[1], activation=("tanh", "relu"), bias=(False, True, False))
        plan = pellucid.TrainingSpec(loss=loss, epochs=0, optimizer=nn.SGD())
        fitted = pellucid.fit_network(X, Y, network, plan)
        found = pellucid.ledger(fitted, X[2], target=Y[2])
        record = checked(found)
        assert [layer["bias"] is None for layer in record["layers"]] == [True, False, True]
        said = found.answer.probabilities if loss == "bce" else found.answer.numbers
        assert said == pytest.approx(fitted.predict(X[2:3])[0], abs=1e-12)
